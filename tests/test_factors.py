"""The soft terms of a score: values from 0 to 1, and what each came from.

Today is Monday 23 November 2026. Distances are from Aalborg. The settings are those below, so that
every value can be worked out by hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from making import HOME, TODAY, make_activity, north
from spmatch.columns import Columns, build_columns
from spmatch.config import Config
from spmatch.constraints import Person
from spmatch.factors import SoftTerm
from spmatch.facts import build_facts
from spmatch.geography import Point
from spmatch.ground import Reach
from spmatch.judging import Judge
from spmatch.profile import Limits
from spmatch.way import Way
from spmatch.wording import wording

CONFIG = Config.of(
    {
        "nearness": {
            "half_km": 5.0,
            "half_of_limit": 0.5,
            "home": 0.6,
            "not_stated": 0.3,
            "far_from_km": 25.0,
            "far_at_km": 100.0,
        },
        "affordability": {"not_stated": 0.4, "half_price": {"DKK": 50.0}},
        "access": {"not_stated": 0.4},
        "timing": {"half_days": 14.0, "not_stated": 0.4},
        "language": {"second": 0.8, "not_stated": 0.6},
        "freshness": {"half_days": 540.0, "not_stated": 0.3},
        "first_visit": {"not_stated": 0.3},
    }
)


def factors(
    facts: dict[str, Any],
    *,
    must: dict[str, Any] | None = None,
    prefer: dict[str, Any] | None = None,
    origin: bool = True,
    **person: Any,
) -> dict[str, SoftTerm]:
    """The factors of one activity, by name."""
    columns = build_columns([make_activity(**facts)])
    return {one.name: one for one in factors_of(columns, must, prefer, origin=origin, **person)}


def factors_of(
    columns: Columns,
    must: dict[str, Any] | None = None,
    prefer: dict[str, Any] | None = None,
    *,
    origin: bool = False,
    **person: Any,
) -> list[SoftTerm]:
    facts = build_facts(columns)
    limits = [Limits.model_validate(given or {}) for given in (must, prefer)]
    found = Judge(facts, CONFIG).factors(Person(today=TODAY, **person), *limits)
    if origin:
        way = Way(Reach(facts.ground, Point(**HOME)), facts.comes_home, CONFIG)
        found = [way.nearness(*limits), *found, way.farness()]
    return found


def value(name: str, facts: dict[str, Any], **request: Any) -> float:
    return float(factors(facts, **request)[name].at(np.array([0]))[0])


def said(name: str, facts: dict[str, Any], **request: Any) -> str:
    return wording("en").say(factors(facts, **request)[name].explain(0))


def test_only_factors_that_apply_to_the_person_are_made() -> None:
    assert set(factors({}, origin=False)) == {
        "affordability",
        "timing",
        "freshness",
        "first_visit",
    }


def test_all_factors_apply_to_a_person_who_says_everything() -> None:
    assert set(factors({}, must={"access": ["lift"]}, languages=("da",))) == {
        "nearness",
        "affordability",
        "access",
        "timing",
        "language",
        "freshness",
        "first_visit",
        "far",
    }


# -- nearness ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("km", "expected"), [(0, 1.0), (5, 0.5), (10, 0.25), (15, 0.125)])
def test_nearness_halves_with_every_five_kilometres(km: float, expected: float) -> None:
    assert value("nearness", {"place": north(km)}) == pytest.approx(expected)


@pytest.mark.parametrize(("km", "expected"), [(4, 0.5), (8, 0.25)])
def test_nearness_halves_with_every_half_of_the_distance_limit(km: float, expected: float) -> None:
    found = value("nearness", {"place": north(km)}, must={"distance_km": 8})
    assert found == pytest.approx(expected)


def test_nearness_goes_by_the_distance_wished_for_where_there_is_no_limit() -> None:
    found = value("nearness", {"place": north(2)}, prefer={"distance_km": 4})
    assert found == pytest.approx(0.5)


def test_nearness_goes_by_the_limit_where_there_is_a_wish_too() -> None:
    found = value(
        "nearness", {"place": north(4)}, must={"distance_km": 8}, prefer={"distance_km": 2}
    )
    assert found == pytest.approx(0.5)


@pytest.mark.parametrize("limit_km", [0, 0.1, 1])
def test_nearness_halves_with_half_a_kilometre_at_the_least(limit_km: float) -> None:
    found = value("nearness", {"place": north(0.5)}, must={"distance_km": limit_km})
    assert found == pytest.approx(0.5)


def test_nearness_has_no_cliff_at_the_limit() -> None:
    within, beyond = (
        value("nearness", {"place": north(km)}, prefer={"distance_km": 6}) for km in (5.99, 6.01)
    )
    assert within - beyond < 0.01


def test_nearness_of_a_place_that_is_not_stated_is_its_own_value() -> None:
    assert value("nearness", {"place": {"town": "Aalborg"}}) == 0.3


@pytest.mark.parametrize("delivery", ["online", "phone", "home_visit"])
@pytest.mark.parametrize("place", [None, north(0), north(300)])
def test_nearness_of_what_comes_home_is_one_value_wherever_it_is(delivery: str, place: Any) -> None:
    assert value("nearness", {"delivery": delivery, "place": place}) == 0.6


@pytest.mark.parametrize("delivery", ["hybrid", "in_person"])
def test_nearness_of_what_is_held_in_a_place_goes_by_the_place(delivery: str) -> None:
    found = value("nearness", {"delivery": delivery, "place": north(5)})
    assert found == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        ({"place": north(5.04)}, "5 km away"),
        ({}, "not stated"),
        ({"delivery": "online"}, "it comes to the person"),
    ],
)
def test_nearness_says_what_it_came_from(facts: dict[str, Any], detail: str) -> None:
    assert said("nearness", facts) == detail


# -- a long way -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("km", "expected"), [(0, 0.0), (24.9, 0.0), (50, 0.5), (100.1, 1.0), (400, 1.0)]
)
def test_a_way_counts_against_from_far_on_with_its_logarithm(km: float, expected: float) -> None:
    assert value("far", {"place": north(km)}) == pytest.approx(expected)


@pytest.mark.parametrize("facts", [{}, {"delivery": "online", "place": north(400)}])
def test_a_way_that_is_not_stated_or_not_travelled_is_not_far(facts: dict[str, Any]) -> None:
    assert value("far", facts) == 0.0


# -- affordability ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ({"amount": 0}, 1.0),
        ({"amount": 50, "currency": "DKK", "per": "session"}, 0.5),
        ({"amount": 150, "currency": "DKK", "per": "session"}, 0.25),
        ({"amount": 200, "currency": "DKK", "per": "month"}, 0.5),
        ({"amount": 500, "currency": "DKK", "per": "once"}, 0.5),
    ],
)
def test_affordability_is_one_half_at_fifty_kroner_a_session(cost: Any, expected: float) -> None:
    assert value("affordability", {"cost": cost}) == pytest.approx(expected)


@pytest.mark.parametrize(
    "cost",
    [
        None,
        {"note": "efter aftale"},
        {"amount": 50, "currency": "DKK"},
        {"amount": 50, "per": "session"},
        {"amount": 50, "currency": "CHF", "per": "session"},
    ],
)
def test_affordability_of_a_price_that_cannot_be_judged_is_its_own_value(cost: Any) -> None:
    assert value("affordability", {"cost": cost}) == 0.4


def test_affordability_counts_the_price_that_the_person_certainly_pays() -> None:
    cost = {
        "amount": 150,
        "currency": "DKK",
        "per": "session",
        "concessions": [{"for": "student", "amount": 50}],
    }
    found = value("affordability", {"cost": cost}, concessions=("student",))
    assert found == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("cost", "detail"),
    [
        ({"amount": 0}, "free"),
        (None, "not stated"),
        ({"amount": 200, "currency": "DKK", "per": "month"}, "about 50 DKK a session"),
    ],
)
def test_affordability_says_what_it_came_from(cost: Any, detail: str) -> None:
    assert said("affordability", {"cost": cost}) == detail


# -- access -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lift", "step_free", "expected"),
    [
        (True, True, 1.0),
        (True, None, 0.7),
        (True, False, 0.5),
        (None, None, 0.4),
        (None, False, 0.2),
        (False, False, 0.0),
    ],
)
def test_access_is_the_share_of_what_is_asked_for(
    lift: bool | None, step_free: bool | None, expected: float
) -> None:
    facts = {"access": {"lift": lift, "step_free": step_free, "hearing_loop": True}}
    found = value("access", facts, prefer={"access": ["lift", "step_free"]})
    assert found == pytest.approx(expected)


def test_access_that_is_both_asked_and_wished_for_counts_once() -> None:
    facts = {"access": {"lift": True, "step_free": False}}
    found = value(
        "access", facts, must={"access": ["lift"]}, prefer={"access": ["lift", "step_free"]}
    )
    assert found == pytest.approx(0.5)


def test_access_names_what_is_stated() -> None:
    facts = {"access": {"lift": True, "step_free": True, "hearing_loop": True}}
    assert said("access", facts, must={"access": ["step_free", "lift"]}) == (
        "step-free access and a lift"
    )


# -- timing -----------------------------------------------------------------------------------


def test_timing_is_full_on_the_day() -> None:
    assert value("timing", {"sessions": [{"day": "mon"}]}) == 1.0


def test_timing_is_one_half_two_weeks_ahead() -> None:
    found = value("timing", {"sessions": [{"day": "mon", "from": "2026-12-07"}]})
    assert found == pytest.approx(0.5)


def test_timing_goes_by_the_soonest_session() -> None:
    sessions = [{"day": "mon", "from": "2026-12-07"}, {"day": "mon", "from": "2026-11-30"}]
    assert value("timing", {"sessions": sessions}) == pytest.approx(0.5**0.5)


@pytest.mark.parametrize("sessions", [[], [{"start": "10:00"}]])
def test_timing_of_a_day_that_is_not_stated_is_its_own_value(sessions: list[Any]) -> None:
    assert value("timing", {"sessions": sessions}) == 0.4


def test_timing_is_nothing_once_all_sessions_have_ended() -> None:
    assert value("timing", {"sessions": [{"day": "mon", "until": "2026-11-01"}]}) == 0.0


def test_timing_goes_by_the_sessions_in_the_free_time() -> None:
    sessions = [
        {"day": "mon", "start": "10:00", "end": "12:00"},
        {"day": "mon", "start": "18:00", "end": "20:00", "from": "2026-12-07"},
    ]
    free = [{"day": "mon", "start": "17:00", "end": "21:00"}]
    found = value("timing", {"sessions": sessions}, prefer={"available": free})
    assert found == pytest.approx(0.5)


def test_timing_takes_a_session_that_may_be_in_the_free_time() -> None:
    found = value("timing", {"sessions": [{"day": "mon"}]}, must={"available": [{"day": "mon"}]})
    assert found == 1.0


def test_timing_is_nothing_when_no_session_is_in_the_free_time() -> None:
    found = value("timing", {"sessions": [{"day": "mon"}]}, prefer={"available": [{"day": "tue"}]})
    assert found == 0.0


@pytest.mark.parametrize(
    ("sessions", "detail"),
    [
        ([{"day": "fri"}], "days to the next session: 4"),
        ([], "not stated"),
        ([{"day": "mon", "until": "2026-11-01"}], "no coming session"),
    ],
)
def test_timing_says_what_it_came_from(sessions: list[Any], detail: str) -> None:
    assert said("timing", {"sessions": sessions}) == detail


# -- language ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "expected"),
    [(["so"], 1.0), (["da"], 0.8), (["da", "so"], 1.0), (["de"], 0.0), ([], 0.6)],
)
def test_language_is_best_in_the_first_that_the_person_speaks(
    there: list[str], expected: float
) -> None:
    assert value("language", {"languages": there}, languages=("so", "da", "en")) == expected


@pytest.mark.parametrize(
    ("there", "detail"),
    [(["da", "de", "so"], "Somali and Danish"), (["de"], "none in common"), ([], "not stated")],
)
def test_language_says_those_in_common(there: list[str], detail: str) -> None:
    assert said("language", {"languages": there}, languages=("so", "da")) == detail


# -- freshness --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verified_on", "expected"),
    [
        ("2026-11-23", 1.0),
        ("2025-06-01", 0.5),  # 540 days ago
        ("2023-12-09", 0.25),  # 1080 days ago
        ("2027-01-01", 1.0),
        (None, 0.3),
    ],
)
def test_freshness_halves_with_every_540_days(verified_on: str | None, expected: float) -> None:
    assert value("freshness", {"verified_on": verified_on}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("verified_on", "detail"), [("2025-06-01", "checked 540 days ago"), (None, "not stated")]
)
def test_freshness_says_when_it_was_checked(verified_on: str | None, detail: str) -> None:
    assert said("freshness", {"verified_on": verified_on}) == detail


# -- first visit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_visit", "expected"),
    [
        (None, 0.3),
        ({}, 0.3),
        ({"buddy": False}, 0.0),
        ({"buddy": True}, 0.5),
        ({"buddy": True, "taster": False}, 0.5),
        ({"buddy": True, "taster": True}, 0.75),
        ({"buddy": True, "taster": True, "no_sign_up": True}, 0.875),
    ],
)
def test_each_kind_of_support_for_the_first_visit_halves_what_is_missing(
    first_visit: Any, expected: float
) -> None:
    assert value("first_visit", {"first_visit": first_visit}) == expected


@pytest.mark.parametrize(
    ("first_visit", "expected"),
    [
        ({"buddy": True, "taster": True}, 1.0),
        ({"buddy": True}, 0.65),
        ({"buddy": True, "taster": False}, 0.5),
        ({"small_group": True}, 0.3),
    ],
)
def test_support_for_the_first_visit_is_the_share_of_what_is_asked_for(
    first_visit: Any, expected: float
) -> None:
    found = value(
        "first_visit", {"first_visit": first_visit}, prefer={"first_visit": ["buddy", "taster"]}
    )
    assert found == pytest.approx(expected)


def test_support_for_the_first_visit_is_named() -> None:
    facts = {"first_visit": {"buddy": True, "small_group": False, "no_sign_up": True}}
    assert said("first_visit", facts) == "somebody to meet you the first time and no sign-up"


def test_every_factor_of_a_silent_activity_is_stated_to_be_unknown() -> None:
    found = factors({}, must={"access": ["lift"], "first_visit": ["buddy"]}, languages=("da",))
    del found["far"]
    assert {name: wording("en").say(one.explain(0)) for name, one in found.items()} == (
        dict.fromkeys(found, "not stated")
    )


def test_a_fact_stands_in_the_row_of_its_activity() -> None:
    columns = build_columns([make_activity("a"), make_activity("b", verified_on="2025-06-01")])
    freshness = next(one for one in factors_of(columns) if one.name == "freshness")
    np.testing.assert_allclose(freshness.at(np.arange(2)), [0.3, 0.5])
