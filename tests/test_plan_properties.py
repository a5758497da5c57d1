"""What holds of every weekly plan, against a search that tries everything.

The plain rules in this file are written from the published formats, one activity at a time, and share
no code with the search that they check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from making import make_activity
from planning import plan_of
from spmatch.messages import Money
from spmatch.plan import Candidate, Facet
from spmatch.plan_record import Plan
from spmatch.profile import Budget, Slot

DAYS = ("mon", "tue")
CLOCKS = (8 * 60, 9 * 60, 10 * 60 + 15, 11 * 60 + 30, 13 * 60, 15 * 60)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def a_session(random: Random) -> dict[str, Any]:
    start = random.choice(CLOCKS)
    return {
        "day": random.choice(DAYS),
        "start": clock(start),
        "end": clock(start + random.choice([60, 60, 90])),
        "every": random.choice(["week", "week", "two_weeks", "month"]),
    }


def a_candidate(random: Random, row: int, facets: int) -> Candidate:
    amount, per = random.choice([(0, "session"), (20, "session"), (40, "session"), (160, "month")])
    currency = random.choice(["DKK", "DKK", "DKK", "SEK", None])
    sessions = [a_session(random) for _ in range(random.choice([0, 1, 1, 1, 2]))]
    return Candidate(
        activity=make_activity(str(row), sessions=sessions),
        row=row,
        score=random.choice([0.1, 0.3, 0.3, 0.8]),
        covers=np.array([random.choice([0, 0, 0, 0, 0.1, 0.25, 0.6, 0.9]) for _ in range(facets)]),
        price=Money(amount, currency, per) if random.random() < 0.8 else None,
    )


def a_slot(random: Random) -> Slot:
    start = random.choice([8 * 60, 9 * 60, 12 * 60])
    end = start + 60 * random.randint(2, 6)
    return Slot(day=random.choice(DAYS), start=clock(start), end=clock(end))


@dataclass(frozen=True)
class Asked:
    candidates: list[Candidate]
    facets: list[Facet]
    free: list[Slot]
    budget: Budget | None
    settings: dict[str, Any]

    def plan(self) -> Plan:
        return plan_of(
            *self.candidates,
            facets=self.facets,
            free=self.free,
            budget=self.budget,
            **self.settings,
        )


def a_request(seed: int) -> Asked:
    random = Random(seed)
    count = random.randint(3, 5)
    budget = Budget(
        amount=random.choice([0, 20, 40, 45, 60, 160, 200]),
        currency=random.choice(["DKK", "DKK", None]),
        per=random.choice(["week", "month"]),
    )
    return Asked(
        [a_candidate(random, row, count) for row in range(random.randint(2, 9))],
        [Facet(f"facet {i}", random.choice([0.3, 1.0])) for i in range(count)],
        [a_slot(random) for _ in range(random.choice([0, 0, 0, 4]))],
        budget if random.random() < 0.5 else None,
        {
            "activities": random.choice([1, 2, 3, 3, 4]),
            "candidates": 40,
            "same_day": random.choice([0.0, 0.05, 0.2, 1.0]),
            "travel_minutes": random.choice([0, 30]),
            "not_stated": random.choice([0.0, 0.06, 0.3]),
        },
    )


requests = st.integers(0, 2**32).map(a_request)


# -- plain rules -------------------------------------------------------------------------------


def span(one: dict[str, Any]) -> tuple[int, int]:
    start, end = one["start"], one["end"]
    return (int(start[:2]) * 60 + int(start[3:]), int(end[:2]) * 60 + int(end[3:]))


def is_free(one: dict[str, Any], slots: list[Slot]) -> bool:
    """Whether 45 minutes on end fall into free time; minutes of all slots of the day count."""
    if not slots:
        return True
    start, end = span(one)
    run = longest = 0
    for minute in range(start, end):
        inside = any(
            slot.day == one["day"]
            and span({"start": slot.start, "end": slot.end})[0] <= minute
            and minute < span({"start": slot.start, "end": slot.end})[1]
            for slot in slots
        )
        run = run + 1 if inside else 0
        longest = max(longest, run)
    return longest >= 45


def clash(one: dict[str, Any] | None, other: dict[str, Any] | None, travel: int) -> bool:
    if one is None or other is None or one["day"] != other["day"]:
        return False
    (first, second) = sorted([span(one), span(other)])
    return second[0] - first[1] < travel


def cost(candidate: Candidate, taken: dict[str, Any] | None) -> float | None:
    price = candidate.price
    if price is None:
        return None
    if price.per == "month":
        return price.amount / 4
    rhythm = taken["every"] if taken else "week"
    return price.amount * {"week": 1.0, "two_weeks": 0.5, "month": 0.25}[rhythm]


def keeps(budget: Budget | None, costs: list[tuple[str | None, float | None]]) -> bool:
    if budget is None:
        return True
    most = budget.amount / (4 if budget.per == "month" else 1)
    sums: Counter[str | None] = Counter()
    for currency, amount in costs:
        if amount is not None and budget.currency in (None, currency):
            sums[currency] += amount  # type: ignore[assignment]
    return all(spent <= most + 0.001 for spent in sums.values())


def value(asked: Asked, members: tuple[Candidate, ...]) -> float:
    """The share of all that is asked for that activities answer."""
    whole = sum(facet.weight for facet in asked.facets)
    return sum(
        facet.weight
        / whole
        * max((float(m.covers[i]) if m.covers[i] >= 0.25 else 0.0 for m in members), default=0.0)
        for i, facet in enumerate(asked.facets)
    )


def best_by_hand(asked: Asked) -> tuple[float, float, list[int]] | None:
    """Objective, scores and rows of the best plan; ``None`` when there is none."""
    found = None
    for size in range(1, asked.settings["activities"] + 1):
        for members in combinations(asked.candidates, size):
            rest = [tuple(m for m in members if m is not out) for out in members]
            if any(value(asked, members) - value(asked, some) < 0.05 - 1e-9 for some in rest):
                continue
            scores = sum(member.score for member in members)
            for sessions in product(*(ways(member, asked.free) for member in members)):
                if any(
                    clash(a, b, asked.settings["travel_minutes"])
                    for a, b in combinations(sessions, 2)
                ):
                    continue
                costs = [
                    (m.price.currency if m.price else None, cost(m, taken))
                    for m, taken in zip(members, sessions, strict=True)
                ]
                if not keeps(asked.budget, costs):
                    continue
                worth = value(asked, members) + 0.05 * scores
                worth -= asked.settings["same_day"] * again(sessions)
                worth -= asked.settings["not_stated"] * left_open(members)
                key = (-round(worth, 8), -round(scores, 8), [m.row for m in members])
                if worth > 1e-9 and (found is None or key < found):
                    found = key
    return found


def ways(member: Candidate, free: list[Slot]) -> list[dict[str, Any] | None]:
    stated = [one.model_dump() for one in member.activity.sessions]
    return [one for one in stated if is_free(one, free)] if stated else [None]


def again(sessions: Sequence[dict[str, Any] | None]) -> int:
    """How many sessions fall on a day that another has already."""
    days = [taken["day"] for taken in sessions if taken]
    return len(days) - len(set(days))


def left_open(members: Sequence[Candidate]) -> int:
    """How many times and prices are not stated."""
    return sum((not one.activity.sessions) + (one.price is None) for one in members)


def taken_of(plan: Plan) -> list[dict[str, Any] | None]:
    return [item.session.model_dump() if item.session else None for item in plan.items]


# -- properties --------------------------------------------------------------------------------


@given(requests)
@settings(max_examples=300, deadline=None)
def test_no_plan_is_better(asked: Asked) -> None:
    best = best_by_hand(asked)
    plan = asked.plan()
    members = tuple(asked.candidates[i] for i in sorted(int(item.id) for item in plan.items))
    assert [member.row for member in members] == (best[2] if best else [])
    # With as few on one day as can be.
    worth = value(asked, members) + 0.05 * sum(member.score for member in members)
    worth -= asked.settings["same_day"] * again(taken_of(plan))
    worth -= asked.settings["not_stated"] * left_open(members)
    assert round(worth, 8) == (-best[0] if best else 0)


@given(requests)
@settings(max_examples=100, deadline=None)
def test_sessions_do_not_clash(asked: Asked) -> None:
    pairs = combinations(taken_of(asked.plan()), 2)
    assert not any(clash(a, b, asked.settings["travel_minutes"]) for a, b in pairs)


@given(requests)
@settings(max_examples=100, deadline=None)
def test_sessions_are_stated_ones_in_free_time(asked: Asked) -> None:
    plan = asked.plan()
    for item, taken in zip(plan.items, taken_of(plan), strict=True):
        drawn = {key: value for key, value in taken.items() if key != "from"} if taken else None
        offered = [
            {key: one[key] for key in ("day", "start", "end", "every")} if one else None
            for one in ways(asked.candidates[int(item.id)], asked.free)
        ]
        assert drawn in offered


@given(requests)
@settings(max_examples=100, deadline=None)
def test_the_budget_is_kept(asked: Asked) -> None:
    plan = asked.plan()
    costs = [
        (item.price.currency, item.price.amount) if item.price else (None, None)
        for item in plan.items
    ]
    assert keeps(asked.budget, costs)


@given(requests)
@settings(max_examples=100, deadline=None)
def test_the_total_is_the_sum_of_what_it_says(asked: Asked) -> None:
    plan = asked.plan()
    in_it = [
        item.price.amount
        for item in plan.items
        if item.price and item.price.currency == plan.total.currency
    ]
    left_out = [
        item
        for item in plan.items
        if item.price is None or (item.price.amount and item.price.currency != plan.total.currency)
    ]
    assert plan.total.amount == round(sum(in_it), 2)
    assert plan.total.at_least == bool(left_out)


@given(requests)
@settings(max_examples=100, deadline=None)
def test_what_is_covered_and_what_is_not_are_all_that_is_asked_for(asked: Asked) -> None:
    plan = asked.plan()
    covered = {name for item in plan.items for name in item.covers}
    assert covered.isdisjoint(plan.uncovered)
    assert covered | set(plan.uncovered) == {facet.name for facet in asked.facets}


@given(requests, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_candidates_changes_nothing(asked: Asked, random: Any) -> None:
    shuffled = list(asked.candidates)
    random.shuffle(shuffled)
    other = Asked(shuffled, asked.facets, asked.free, asked.budget, asked.settings)
    assert other.plan() == asked.plan()
