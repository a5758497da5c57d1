"""Suggestions and handouts for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from making import HOME, TODAY, make_activity
from spmatch.activity import Activity
from spmatch.geography import Point
from spmatch.suggestion import Suggestion
from spmatch.web.handout import Handout, Offer, handout_of
from spmatch.wording import ReaderLanguage
from spmatch.words import AccessKey

AT_HOME = Point(HOME["lat"], HOME["lon"])


def make_suggestion(activity: Activity, **facts: Any) -> Suggestion:
    """A suggestion that says only what is given."""
    given = {"rank": 1, "score": 0.5, "contributions": (), **facts}
    return Suggestion(activity=activity, **given)


def make_handout(
    *activities: Activity,
    language: ReaderLanguage = "en",
    on: date = TODAY,
    asked: tuple[AccessKey, ...] = (),
    origin: Point | None = AT_HOME,
    missing: int = 0,
) -> Handout:
    suggestions = [make_suggestion(one) for one in activities]
    return handout_of(suggestions, origin, on, language, asked=asked, missing=missing)


def make_offer(
    language: ReaderLanguage = "en", asked: tuple[AccessKey, ...] = (), **facts: Any
) -> Offer:
    """The one offer of a handout for an activity that states only what is given."""
    (offer,) = make_handout(make_activity(**facts), language=language, asked=asked).offers
    return offer
