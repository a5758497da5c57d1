"""A weekly plan for a whole request: from what was scored to the week."""

from __future__ import annotations

from typing import Any

import numpy as np

from making import make_activity, make_profile
from planning import LIMITS, at, ids, make_settings
from spmatch.aversions import Aversions
from spmatch.plan_record import Plan
from spmatch.planner import plan_week
from spmatch.profile import Budget
from spmatch.query import Query
from spmatch.scoring import Scored
from spmatch.wording import wording
from standing import standing

ACTIVITIES = [
    make_activity(
        "a", sessions=[at("mon")], cost={"amount": 30, "currency": "DKK", "per": "session"}
    ),
    make_activity(
        "b", sessions=[at("tue")], cost={"amount": 20, "currency": "DKK", "per": "session"}
    ),
    make_activity("c", sessions=[at("wed")], cost={"amount": 0}),
]


def week(fits: dict[str, list[float]], *, budget: Budget | None = None, **facts: Any) -> Plan:
    """A week for texts that fit the three activities so well, with an encoder without themes."""
    asked = standing(ACTIVITIES, origin=None)
    count = np.zeros(len(ACTIVITIES))
    query = Query(
        profile=make_profile(**facts),
        person=asked.person,
        reach=None,
        prices=asked.judge.prices(asked.person),
        meetings=asked.judge.meetings(asked.person, ()),
        answers={},
        aversions=Aversions(frozenset(), ""),
        avoid=None,
        risks=frozenset(),
        wants=None,
        judgements=(),
        factors=(),
        far=None,
    )
    scored = Scored(
        rows=np.arange(3),
        fits={name: np.array(fit) for name, fit in fits.items()},
        affinity=None,
        best_fit=count,
        avoid_share=count,
        parts={"meaning": np.array([0.5, 0.4, 0.3])},
    )
    return plan_week(
        query,
        scored,
        ACTIVITIES,
        None,
        budget=budget,
        settings=make_settings(),
        limits=LIMITS,
        needs_share=0.6,
        words=wording("en"),
    )


BOTH = {"needs": [0.9, 0.0, 0.0], "interests": [0.0, 0.8, 0.0]}


def test_needs_and_interests_are_answered_together() -> None:
    plan = week(BOTH)
    assert ids(plan) == ["a", "b"]
    assert [item.covers for item in plan.items] == [
        ("the situation",),
        ("what matters to the person",),
    ]


def test_the_free_time_of_the_person_is_kept() -> None:
    assert ids(week(BOTH, must={"available": [{"day": "tue"}]})) == ["b"]


def test_preferred_times_are_kept_where_no_others_are_given() -> None:
    assert ids(week(BOTH, prefer={"available": [{"day": "tue"}]})) == ["b"]


def test_the_budget_of_the_person_is_kept() -> None:
    assert ids(week(BOTH, budget=None)) == ["a", "b"]
    assert ids(week(BOTH, must={"cost": {"amount": 40, "per": "week"}})) == ["a"]


def test_a_budget_that_is_given_takes_the_place_of_the_persons() -> None:
    cost = {"cost": {"amount": 40, "per": "week"}}
    assert ids(week(BOTH, must=cost, budget=Budget(amount=50))) == ["a", "b"]


def test_without_any_text_the_plan_is_empty() -> None:
    assert week({}).items == ()
