"""A small catalogue of which every number can be counted by hand, and its report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from making import HOME, make_activity, north
from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.errors import Problem
from spmatch.quality import QualityReport, SourceResult, Usage, build_report, usage_of
from spmatch.quality.records import LimitShare, Question, SourceQuality

ON = date(2026, 11, 23)

HALL = {"name": "The Hall", "phone": "+45 00 11 22 33"}

CHOIR = make_activity(
    "choir",
    text_language="da",
    provider=HALL,
    place=HOME,
    delivery="in_person",
    cost={"amount": 40, "currency": "DKK", "per": "session"},
    sessions=[{"day": "tue", "start": "10:00", "end": "12:00"}],
    access={"lift": True, "wheelchair": False},
    ages={"min": 60},
    verified_on="2026-10-01",
)
YOGA = make_activity(
    "yoga",
    text_language="da",
    provider=HALL,
    place=north(9.0),
    cost={"amount": 90, "currency": "DKK", "per": "session"},
    sessions=[{"day": "tue", "start": "18:00"}],
    access={"lift": False},
    verified_on="2024-01-01",
)
GARDEN = make_activity(
    "garden", text_language="en", provider={"name": "Green"}, place={"town": "Aalborg"}
)
PHONE = make_activity("phone", delivery="phone", cost={"note": "Ask us"})
TOWN = (CHOIR, YOGA, GARDEN, PHONE)
"""One of each: placed here, placed far off, placed by a town alone, and in need of no place."""

EQUAL = usage_of((), Config.default().penalties, "equal")


def report_of(
    *activities: Activity,
    problems: Sequence[Problem] = (),
    usage: Usage | None = EQUAL,
    **options: Any,
) -> QualityReport:
    """The report of one source."""
    return build_report([SourceResult("town", activities, problems)], ON, usage=usage, **options)


def quality_of(*activities: Activity, **options: Any) -> SourceQuality:
    """What is counted for one source."""
    return report_of(*activities, **options).sources[0]


def limit(one: SourceQuality, key: str) -> LimitShare:
    return next(share for share in one.limits if share.key == key)


def verdicts(one: SourceQuality, key: str) -> tuple[int, int, int]:
    """Met, not met, unknown."""
    found = limit(one, key)
    return found.met, found.not_met, found.unknown


def question(one: SourceQuality, key: str) -> Question:
    return next(asked for asked in one.questions if asked.key == key)
