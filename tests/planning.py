"""Candidates, settings and plans for tests of the weekly plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from making import TODAY, make_activity
from spmatch.config import Config
from spmatch.messages import Money
from spmatch.plan import Candidate, Facet, propose_plan
from spmatch.plan_record import Plan
from spmatch.plan_settings import PlanSettings
from spmatch.profile import Budget, Slot
from spmatch.wording import ReaderLanguage, wording

LIMITS = Config.default().limits
DKK = "DKK"


def make_settings(**changed: Any) -> PlanSettings:
    given = {
        "activities": 3,
        "candidates": 24,
        "covers_from": 0.25,
        "gain_min": 0.05,
        "score_share": 0.05,
        "same_day": 0.05,
        "not_stated": 0.0,
        "travel_minutes": 30,
        "assumed_minutes": 120,
    }
    return PlanSettings.model_validate({**given, **changed})


def at(
    day: str, start: str | None = "10:00", end: str | None = "12:00", **more: Any
) -> dict[str, Any]:
    """A session."""
    return {"day": day, "start": start, "end": end, **more}


def candidate(
    id: str,
    covers: Sequence[float],
    *sessions: dict[str, Any],
    row: int | None = None,
    score: float = 0.5,
    price: float | None = 0.0,
    currency: str | None = DKK,
    per: str | None = "session",
    **facts: Any,
) -> Candidate:
    """A candidate; its row is the place of its one-letter id in the alphabet when not given."""
    return Candidate(
        activity=make_activity(id, sessions=sessions, **facts),
        row=ord(id[0]) - ord("a") if row is None else row,
        score=score,
        covers=np.array(covers, dtype=np.float64),
        price=None if price is None else Money(price, currency, per),
    )


def plan_of(
    *candidates: Candidate,
    facets: Sequence[Facet] | None = None,
    free: Sequence[Slot] = (),
    budget: Budget | None = None,
    language: ReaderLanguage = "en",
    **changed: Any,
) -> Plan:
    """The plan of candidates; the facets are called one, two … and count alike when not given."""
    if facets is None:
        count = len(candidates[0].covers) if candidates else 0
        facets = [Facet(name) for name in ("one", "two", "three", "four")[:count]]
    return propose_plan(
        candidates,
        facets,
        free=free,
        budget=budget,
        today=TODAY,
        settings=make_settings(**changed),
        limits=LIMITS,
        words=wording(language),
    )


def ids(plan: Plan) -> list[str]:
    return [item.id for item in plan.items]
