"""What is stated: fields, places, dates and facts out of prose, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest
from reported import TOWN, quality_of

from making import make_activity
from spmatch.quality.filling import months_before
from spmatch.quality.records import FieldFill, Part

ONE = quality_of(*TOWN)


def fill(field: str) -> FieldFill:
    return next(one for one in ONE.fields if one.field == field)


@pytest.mark.parametrize(
    ("field", "count"),
    [
        ("cost", 2),
        ("cost.note", 1),
        ("sessions", 2),
        ("sessions.complete", 1),
        ("delivery", 2),
        ("referral", 0),
        ("intensity", 0),
        ("ages", 1),
        ("gender", 0),
        ("languages", 0),
        ("capacity", 0),
        ("verified_on", 2),
        ("provider.phone", 2),
        ("provider.email", 0),
        ("provider.url", 0),
        ("provider.contact", 2),
        ("access.lift", 2),
        ("access.wheelchair", 1),
        ("access.easy_read", 0),
        ("first_visit.taster", 0),
    ],
)
def test_how_many_state_a_field(field: str, count: int) -> None:
    assert (fill(field).stated.count, fill(field).stated.of) == (count, 4)


def test_a_fact_of_access_is_counted_as_yes_and_as_no() -> None:
    assert (fill("access.lift").yes, fill("access.lift").no) == (1, 1)


def test_a_share_of_none_is_zero() -> None:
    assert fill("referral").stated == Part(count=0, of=4, share=0.0)


def test_ages_without_a_bound_are_not_stated() -> None:
    assert quality_of(make_activity("a", ages={})).stated("ages").count == 0


def test_a_full_activity_states_its_room() -> None:
    assert quality_of(make_activity("a", capacity={"places_left": 0})).stated("capacity").count == 1


def test_a_waiting_list_alone_does_not_state_room() -> None:
    one = quality_of(make_activity("a", capacity={"waiting_list": True}))
    assert one.stated("capacity").count == 0


# Places


def test_what_places_activities() -> None:
    placing = ONE.placing
    counts = (placing.coordinates, placing.postcode, placing.town, placing.at_home)
    assert [part.count for part in (*counts, placing.not_placed)] == [2, 0, 1, 1, 0]


def test_a_known_postcode_places_an_activity() -> None:
    one = quality_of(make_activity("a", place={"postcode": "9000", "town": "Aalborg"}))
    assert (one.placing.postcode.count, one.placing.placed.count) == (1, 1)


def test_an_unknown_postcode_places_nothing() -> None:
    one = quality_of(make_activity("a", place={"postcode": "0001"}))
    assert one.placing.not_placed.count == 1


def test_an_online_activity_with_a_place_counts_as_placed() -> None:
    one = quality_of(make_activity("a", delivery="online", place={"lat": 57.0, "lon": 9.9}))
    assert (one.placing.coordinates.count, one.placing.at_home.count) == (1, 0)


# Dates


@pytest.mark.parametrize(
    ("checked", "bin"),
    [
        ("2026-11-23", "within_3_months"),
        ("2026-08-23", "within_3_months"),
        ("2026-08-22", "within_6_months"),
        ("2026-05-23", "within_6_months"),
        ("2026-05-22", "within_12_months"),
        ("2025-11-23", "within_12_months"),
        ("2025-11-22", "within_24_months"),
        ("2024-11-23", "within_24_months"),
        ("2024-11-22", "older"),
        (None, "never"),
        ("2026-11-24", "ahead"),
    ],
)
def test_when_a_record_was_checked(checked: str | None, bin: str) -> None:
    found = quality_of(make_activity("a", verified_on=checked)).staleness
    parts = {name: part["count"] for name, part in found.model_dump().items() if part["count"]}
    assert parts == {bin: 1}


def test_within_a_year_is_three_bins() -> None:
    days = ("2026-11-01", "2026-06-01", "2026-01-01", "2025-01-01", None)
    one = quality_of(*(make_activity(f"a{n}", verified_on=day) for n, day in enumerate(days)))
    assert one.staleness.within_a_year == Part.make(3, 5)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(1, 1, 1), 3, date(1, 1, 1)),
    ],
)
def test_months_before_a_day(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


def test_an_activity_of_which_every_session_is_over_has_ended() -> None:
    over = make_activity("a", sessions=[{"day": "mon", "until": "2026-11-01"}])
    running = make_activity("b", sessions=[{"day": "mon"}])
    found = quality_of(over, running, make_activity("c")).staleness.ended
    assert (found.count, found.of) == (1, 2)


# Facts out of prose


def test_facts_out_of_prose_are_counted_by_field() -> None:
    cost = {"field": "cost", "quote": "35 kr."}
    lift = {"field": "access.lift", "quote": "elevator"}
    found = quality_of(
        make_activity("a", evidence=[cost, cost, lift]),
        make_activity("b", evidence=[cost]),
        make_activity("c"),
    ).from_prose
    assert found.activities == Part.make(2, 3)
    assert [(one.field, one.activities.count, one.passages) for one in found.fields] == [
        ("cost", 2, 3),
        ("access.lift", 1, 1),
    ]
