"""Which single limit, loosened how far, would bring how many more: worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from making import make_activity, north
from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.contracts import Rows
from spmatch.relaxation import Loosening, loosen
from spmatch.wording import wording
from standing import standing

SETTINGS = Config.default().limits


def loosened(
    activities: Sequence[Activity],
    must: dict[str, Any],
    *,
    wanted: int = 5,
    exclude_unknown: bool = False,
    suiting: Sequence[int] | None = None,
    **person: Any,
) -> list[Loosening]:
    asked = standing(activities, must, **person)

    def suits(rows: Rows) -> Rows:
        return rows if suiting is None else rows[np.isin(rows, suiting)]

    return loosen(
        asked.sieve(exclude_unknown=exclude_unknown),
        asked.person,
        asked.must,
        asked.judge,
        asked.judge.prices(asked.person),
        SETTINGS,
        wanted=wanted,
        suits=suits,
    )


def only(found: list[Loosening]) -> Loosening:
    assert len(found) == 1
    return found[0]


def activities(*facts: dict[str, Any]) -> list[Activity]:
    return [make_activity(str(i), **one) for i, one in enumerate(facts)]


def at_distances(*km: float, limit: float = 5, **options: Any) -> list[Loosening]:
    somewhere = activities(*[{} if np.isnan(one) else {"place": north(one)} for one in km])
    return loosened(somewhere, {"distance_km": limit}, **options)


# Distance


def test_a_distance_grows_to_the_one_that_brings_what_is_wanted() -> None:
    found = only(at_distances(4.0, 6.4, 7.7, 9.2, wanted=2))
    assert (found.limit, found.from_value, found.to_value) == ("distance", 5, 8)
    assert found.rows.tolist() == [1, 2]


def test_a_distance_grows_no_further_than_is_wanted() -> None:
    found = only(at_distances(6.4, 7.7, 9.2, wanted=1))
    assert (found.to_value, found.rows.tolist()) == (7, [0])


def test_what_the_rounded_distance_brings_besides_is_counted() -> None:
    found = only(at_distances(6.2, 6.9, wanted=1))
    assert (found.to_value, found.rows.tolist()) == (7, [0, 1])


def test_a_distance_does_not_grow_beyond_three_times_the_limit() -> None:
    found = only(at_distances(6.4, 14.6, 15.1, wanted=5))
    assert (found.to_value, found.rows.tolist()) == (15, [0, 1])


def test_a_distance_grows_beyond_it_when_nothing_nearer_helps() -> None:
    found = only(at_distances(41.0, 44.0, 80.0, wanted=5))
    assert (found.to_value, found.rows.tolist()) == (45, [0, 1])


@pytest.mark.parametrize(
    ("nearest", "to"),
    [(0.2, 0.5), (2.6, 3.0), (3.1, 4.0), (19.5, 20.0), (21.0, 25.0), (104.0, 110.0)],
)
def test_a_distance_is_rounded_up_as_people_say_it(nearest: float, to: float) -> None:
    assert only(at_distances(nearest, limit=0.1)).to_value == to


def test_a_distance_a_hair_beyond_a_round_one_is_still_brought() -> None:
    found = only(at_distances(2.0000000002, limit=0.5))
    assert (found.to_value, found.rows.tolist()) == (2.5, [0])


def test_a_distance_of_nothing_can_be_loosened() -> None:
    assert only(at_distances(0.7, limit=0)).to_value == 1.0


def test_an_activity_that_states_no_place_is_not_brought_by_distance() -> None:
    assert at_distances(np.nan, limit=5, exclude_unknown=True)[0].limit == "unknown"


# Cost


def priced(*amounts: float, **cost: Any) -> list[Activity]:
    stated = {"currency": "DKK", "per": "session", **cost}
    return activities(*[{"cost": {"amount": amount, **stated}} for amount in amounts])


def test_a_price_grows_to_the_one_that_brings_what_is_wanted() -> None:
    limit = {"cost": {"amount": 40, "currency": "DKK"}}
    found = only(loosened(priced(30, 44, 58, 90), limit, wanted=2))
    assert found.from_value == {"amount": 40, "currency": "DKK", "per": "session"}
    assert found.to_value == {"amount": 60, "currency": "DKK", "per": "session"}
    assert found.rows.tolist() == [1, 2]


def test_a_price_is_loosened_in_the_period_of_the_limit() -> None:
    # 240 a month is 60 a session, and 60 a session is 2400 a year of 40.
    limit = {"cost": {"amount": 2000, "currency": "DKK", "per": "year"}}
    found = only(loosened(priced(240, per="month"), limit))
    assert found.to_value == {"amount": 2400, "currency": "DKK", "per": "year"}


def test_a_price_that_converts_to_a_round_one_is_not_rounded_further() -> None:
    limit = {"cost": {"amount": 100, "currency": "DKK", "per": "year"}}
    assert only(loosened(priced(3.5), limit)).to_value["amount"] == 140


def test_a_price_does_not_grow_beyond_three_times_the_limit() -> None:
    found = only(loosened(priced(25, 30, 31), {"cost": {"amount": 10, "currency": "DKK"}}))
    assert (found.to_value["amount"], found.rows.tolist()) == (30, [0, 1])


def test_a_price_in_another_currency_does_not_hold_back_one_that_can_be_compared() -> None:
    mixed = [*priced(5, currency="EUR"), *priced(80)]
    some = [one.model_copy(update={"id": str(i)}) for i, one in enumerate(mixed)]
    found = loosened(
        some, {"cost": {"amount": 50, "currency": "DKK"}}, wanted=1, exclude_unknown=True
    )
    assert [(one.limit, one.rows.tolist()) for one in found] == [("cost", [1]), ("unknown", [0])]


def test_a_price_that_is_not_stated_needs_no_loosening() -> None:
    assert loosened(activities({}), {"cost": {"amount": 40}}) == []


# Access and first visit


def test_one_access_key_less_is_the_one_that_brings_most() -> None:
    some = activities(
        {"access": {"lift": False, "hearing_loop": True}},
        {"access": {"lift": False, "hearing_loop": True}},
        {"access": {"lift": True, "hearing_loop": False}},
    )
    found = only(loosened(some, {"access": ["lift", "hearing_loop"]}))
    assert (found.from_value, found.to_value) == (["lift", "hearing_loop"], ["hearing_loop"])
    assert found.rows.tolist() == [0, 1]


def test_of_two_keys_that_bring_as_many_the_first_is_dropped() -> None:
    some = activities({"access": {"lift": False}}, {"access": {"hearing_loop": False}})
    found = only(loosened(some, {"access": ["lift", "hearing_loop"]}))
    assert found.to_value == ["hearing_loop"]


def test_all_keys_are_dropped_only_when_no_single_one_helps() -> None:
    some = activities({"access": {"lift": False, "hearing_loop": False}})
    found = only(loosened(some, {"access": ["lift", "hearing_loop"]}))
    assert (found.to_value, found.rows.tolist()) == (None, [0])


def test_the_only_key_that_is_dropped_lifts_the_limit() -> None:
    found = only(loosened(activities({"access": {"lift": False}}), {"access": ["lift"]}))
    assert found.to_value is None


def test_a_first_visit_key_is_dropped_likewise() -> None:
    some = activities({"first_visit": {"buddy": False, "taster": True}})
    found = only(loosened(some, {"first_visit": ["buddy", "taster"]}))
    assert (found.limit, found.to_value) == ("first_visit", ["taster"])


# Availability

MONDAY_MORNING = {"day": "mon", "start": "09:00", "end": "11:00"}


def meeting(day: str, start: str, end: str) -> dict[str, Any]:
    return {"sessions": [{"day": day, "start": start, "end": end}]}


def test_the_same_days_at_any_time_come_first() -> None:
    some = activities(meeting("mon", "18:00", "20:00"), meeting("tue", "09:00", "11:00"))
    found = only(loosened(some, {"available": [MONDAY_MORNING]}))
    assert found.to_value == [{"day": "mon", "start": "00:00", "end": "24:00"}]
    assert found.rows.tolist() == [0]


def test_any_time_comes_when_the_same_days_bring_nothing() -> None:
    some = activities(meeting("tue", "09:00", "11:00"))
    found = only(loosened(some, {"available": [MONDAY_MORNING]}))
    assert (found.to_value, found.rows.tolist()) == (None, [0])


def test_days_that_are_whole_already_are_not_offered_again() -> None:
    some = activities(meeting("sat", "09:00", "11:00"))
    found = only(loosened(some, {"available": [{"day": "tue"}, {"day": "mon"}]}))
    assert found.to_value is None


def test_a_session_too_short_to_overlap_enough_comes_with_any_time() -> None:
    some = activities(meeting("mon", "09:00", "09:30"))
    assert only(loosened(some, {"available": [MONDAY_MORNING]})).to_value is None


# Effort, delivery, referral


def test_effort_rises_one_level_where_that_helps() -> None:
    some = activities({"intensity": "moderate"}, {"intensity": "high"})
    found = only(loosened(some, {"intensity_max": "low"}))
    assert (found.from_value, found.to_value, found.rows.tolist()) == ("low", "moderate", [0])


def test_effort_rises_as_far_as_it_must() -> None:
    found = only(loosened(activities({"intensity": "high"}), {"intensity_max": "none"}))
    assert found.to_value == "high"


def test_the_delivery_that_brings_most_is_added() -> None:
    some = activities({"delivery": "online"}, {"delivery": "phone"}, {"delivery": "phone"})
    found = only(loosened(some, {"delivery": ["in_person"]}))
    assert (found.to_value, found.rows.tolist()) == (["in_person", "phone"], [1, 2])


def test_the_referral_that_brings_most_is_added() -> None:
    some = activities({"referral": "gp"}, {"referral": "gp"}, {"referral": "professional"})
    found = only(loosened(some, {"referral": ["open", "self"]}))
    assert (found.to_value, found.rows.tolist()) == (["open", "self", "gp"], [0, 1])


# What cannot be loosened, and what is in the way


@pytest.mark.parametrize(
    ("facts", "person"),
    [
        ({"ages": {"min": 60}}, {"age": 40}),
        ({"gender": "women"}, {"gender": "man"}),
        ({"languages": ["ar"]}, {"languages": ("da",)}),
        ({"capacity": {"places_left": 0, "waiting_list": False}}, {}),
        ({"sessions": [{"day": "mon", "until": "2020-01-01"}]}, {}),
    ],
    ids=["age", "gender", "language", "capacity", "period"],
)
def test_a_limit_of_the_activity_is_never_loosened(
    facts: dict[str, Any], person: dict[str, Any]
) -> None:
    assert loosened(activities(facts), {"access": ["lift"]}, **person) == []


def test_what_two_limits_exclude_is_brought_by_neither() -> None:
    some = activities({"access": {"lift": False}, "intensity": "high"})
    assert loosened(some, {"access": ["lift"], "intensity_max": "low"}) == []


def test_what_does_not_suit_the_text_is_not_counted() -> None:
    some = activities({"access": {"lift": False}}, {"access": {"lift": False}})
    found = only(loosened(some, {"access": ["lift"]}, suiting=[1]))
    assert found.rows.tolist() == [1]


def test_nothing_is_loosened_when_nothing_suits_the_text() -> None:
    assert loosened(activities({"access": {"lift": False}}), {"access": ["lift"]}, suiting=[]) == []


def test_nothing_is_loosened_when_nothing_is_excluded() -> None:
    assert loosened(activities({"access": {"lift": True}}), {"access": ["lift"]}) == []


def test_an_empty_catalogue_has_nothing_to_loosen() -> None:
    assert loosened([], {"access": ["lift"], "cost": {"amount": 5}}) == []


def test_the_loosening_that_brings_most_is_first() -> None:
    some = activities(
        {"access": {"lift": False}, "intensity": "low"},
        {"access": {"lift": True}, "intensity": "high"},
        {"access": {"lift": True}, "intensity": "high"},
    )
    found = loosened(some, {"access": ["lift"], "intensity_max": "low"})
    assert [(one.limit, len(one.rows)) for one in found] == [("intensity_max", 2), ("access", 1)]


# What is not stated


def test_what_is_not_stated_can_be_kept_again() -> None:
    some = activities({"access": {"lift": True}}, {}, {})
    found = loosened(some, {"access": ["lift", "hearing_loop"]}, exclude_unknown=True)
    unknown = next(one for one in found if one.limit == "unknown")
    assert (unknown.from_value, unknown.to_value, unknown.rows.tolist()) == (
        "exclude",
        "keep",
        [0, 1, 2],
    )


def test_what_breaks_a_limit_besides_is_not_kept_again() -> None:
    some = activities({"intensity": "high"})
    found = loosened(some, {"access": ["lift"], "intensity_max": "low"}, exclude_unknown=True)
    assert found == []


def test_the_unknown_kept_is_no_loosening() -> None:
    assert loosened(activities({}), {"access": ["lift"]}) == []


def test_a_dropped_key_brings_what_leaves_it_open_when_that_is_excluded() -> None:
    some = activities({"access": {"hearing_loop": True}})
    found = loosened(some, {"access": ["lift", "hearing_loop"]}, exclude_unknown=True)
    assert [(one.limit, one.to_value) for one in found] == [
        ("access", ["hearing_loop"]),
        ("unknown", "keep"),
    ]


# In words


def test_a_loosening_says_what_changes_and_what_it_brings() -> None:
    found = only(at_distances(6.4, 7.7, wanted=2))
    assert wording("en").say(found.message(2)) == "Up to 8 km instead of 5 km: 2 more."


def test_a_dropped_key_is_named_in_the_readers_language() -> None:
    found = only(loosened(activities({"access": {"lift": False}}), {"access": ["lift"]}))
    assert wording("da").say(found.message(1)) == "Uden krav om elevator: 1 til."


def test_each_option_is_said_with_its_own_value() -> None:
    some = activities({"delivery": "phone"})
    found = only(loosened(some, {"delivery": ["in_person"]}))
    assert wording("en").say(found.message(1)) == "Also by phone: 1 more."
