"""Facts of activities as columns: what is stated, what is not, and in which row."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from making import make_activity
from spmatch.columns import (
    ACCESS_KEYS,
    DELIVERIES,
    FAR_FUTURE,
    FAR_PAST,
    FIRST_VISIT_KEYS,
    GENDERS,
    INTENSITIES,
    NOT_STATED,
    PERIODS,
    REFERRALS,
    FindPlace,
    build_columns,
    mask_of,
    place_again,
)
from spmatch.geography import Placed, Point

SILENT = build_columns([make_activity("a")])
"""The columns of one activity that states nothing."""


@pytest.mark.parametrize("name", ["lat", "lon", "price", "age_min", "age_max"])
def test_a_number_that_is_not_stated_is_nan(name: str) -> None:
    assert np.isnan(getattr(SILENT, name)).tolist() == [True]


@pytest.mark.parametrize(
    "name",
    [
        "delivery",
        "price_per",
        "currency",
        "gender",
        "referral",
        "places_left",
        "waiting_list",
        "intensity",
        "verified_day",
        "provider",
    ],
)
def test_a_code_that_is_not_stated_is_its_own_value(name: str) -> None:
    assert getattr(SILENT, name).tolist() == [NOT_STATED]


@pytest.mark.parametrize("name", ["access_yes", "access_no", "first_visit_yes", "first_visit_no"])
def test_a_yes_or_no_that_is_not_stated_is_in_neither_mask(name: str) -> None:
    assert getattr(SILENT, name).tolist() == [0]


def test_a_fact_stands_in_the_row_of_its_activity() -> None:
    columns = build_columns(
        [make_activity("a"), make_activity("b", cost={"amount": 5}), make_activity("c")]
    )
    np.testing.assert_array_equal(columns.price, [np.nan, 5.0, np.nan])


def test_columns_are_as_long_as_the_catalogue() -> None:
    assert len(build_columns([make_activity("a"), make_activity("b")])) == 2


def test_no_activities_make_columns_without_rows() -> None:
    columns = build_columns([])
    assert (len(columns), columns.sessions.offsets.tolist()) == (0, [0])


def test_a_price_of_zero_is_stated() -> None:
    assert build_columns([make_activity(cost={"amount": 0})]).price.tolist() == [0.0]


def test_coordinates_are_degrees() -> None:
    columns = build_columns([make_activity(place={"lat": 57.05, "lon": -9.92})])
    assert (columns.lat.tolist(), columns.lon.tolist()) == ([57.05], [-9.92])


@pytest.mark.parametrize(
    ("facts", "column", "among"),
    [
        ({"delivery": "hybrid"}, "delivery", DELIVERIES),
        ({"cost": {"per": "year"}}, "price_per", PERIODS),
        ({"gender": "women"}, "gender", GENDERS),
        ({"referral": "gp"}, "referral", REFERRALS),
        ({"intensity": "high"}, "intensity", INTENSITIES),
    ],
)
def test_a_code_is_the_place_of_the_word_in_its_vocabulary(
    facts: dict[str, object], column: str, among: tuple[str, ...]
) -> None:
    code = getattr(build_columns([make_activity(**facts)]), column)[0]
    assert among[code] in str(facts)


def test_intensities_are_in_order_of_effort() -> None:
    assert INTENSITIES == ("none", "low", "moderate", "high")


def test_currencies_are_those_of_the_catalogue_in_order() -> None:
    columns = build_columns(
        [
            make_activity("a", cost={"amount": 1, "currency": "SEK"}),
            make_activity("b", cost={"amount": 1, "currency": "DKK"}),
            make_activity("c", cost={"amount": 1}),
        ]
    )
    assert (columns.currencies, columns.currency.tolist()) == (("DKK", "SEK"), [1, 0, NOT_STATED])


def test_true_and_false_stand_in_a_mask_each() -> None:
    columns = build_columns([make_activity(access={"step_free": True, "lift": False})])
    assert (columns.access_yes.tolist(), columns.access_no.tolist()) == (
        [1 << ACCESS_KEYS.index("step_free")],
        [1 << ACCESS_KEYS.index("lift")],
    )


def test_a_mask_has_a_bit_for_each_key_whatever_their_order() -> None:
    assert mask_of(["taster", "bring_someone", "taster"], FIRST_VISIT_KEYS) == 0b101


def test_languages_spoken_stand_by_row_and_language() -> None:
    columns = build_columns(
        [make_activity("a", languages=["en", "da"]), make_activity("b", languages=["so"])]
    )
    assert columns.languages == ("da", "en", "so")
    assert columns.speaks.tolist() == [[True, True, False], [False, False, True]]


def test_providers_are_the_same_whatever_their_capital_letters() -> None:
    columns = build_columns(
        [
            make_activity("a", provider={"name": "Ørnehuset"}),
            make_activity("b", provider={"name": "ØRNEHUSET"}),
            make_activity("c", provider={"name": "Uglen"}),
            make_activity("d", provider={"kind": "church"}),
        ]
    )
    assert columns.provider.tolist() == [1, 1, 0, NOT_STATED]


def test_themes_are_the_same_when_scheme_and_code_are() -> None:
    one, other = {"scheme": "own", "code": "song"}, {"scheme": "else", "code": "song"}
    columns = build_columns(
        [
            make_activity("a", themes=[one]),
            make_activity("b", themes=[{**one, "label": "Sang"}]),
            make_activity("c", themes=[other]),
        ]
    )
    assert (columns.has_theme @ columns.has_theme.T).tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
    ]


def test_concessions_are_found_by_whom_they_are_for() -> None:
    columns = build_columns(
        [
            make_activity(
                "a", cost={"amount": 50, "concessions": [{"for": "Student", "amount": 20}]}
            ),
            make_activity("b"),
            make_activity(
                "c", cost={"amount": 90, "concessions": [{"for": "student", "amount": 40}]}
            ),
        ]
    )
    rows, amounts = columns.concessions["student"]
    assert (list(columns.concessions), rows.tolist(), amounts.tolist()) == (
        ["student"],
        [0, 2],
        [20.0, 40.0],
    )


def test_sessions_of_an_activity_stand_between_its_offsets() -> None:
    columns = build_columns(
        [
            make_activity("a", sessions=[{"day": "mon"}, {"day": "wed"}]),
            make_activity("b"),
            make_activity("c", sessions=[{"day": "sun"}]),
        ]
    )
    sessions = columns.sessions
    assert sessions.offsets.tolist() == [0, 2, 2, 3]
    assert sessions.activity.tolist() == [0, 0, 2]
    assert sessions.day.tolist() == [0, 2, 6]


def test_session_times_are_minutes_since_midnight() -> None:
    columns = build_columns([make_activity(sessions=[{"start": "09:30", "end": "24:00"}])])
    assert (columns.sessions.start_minute[0], columns.sessions.end_minute[0]) == (570, 1440)


def test_a_session_that_states_nothing_has_no_day_no_times_and_no_ends() -> None:
    sessions = build_columns([make_activity(sessions=[{}])]).sessions
    stated = (
        sessions.day,
        sessions.start_minute,
        sessions.end_minute,
        sessions.first_day,
        sessions.last_day,
    )
    assert [int(column[0]) for column in stated] == [
        NOT_STATED,
        NOT_STATED,
        NOT_STATED,
        FAR_PAST,
        FAR_FUTURE,
    ]


def test_dates_are_ordinals() -> None:
    columns = build_columns(
        [
            make_activity(
                verified_on="2026-10-01", sessions=[{"from": "2026-11-02", "until": "2026-12-07"}]
            )
        ]
    )
    found = (columns.verified_day, columns.sessions.first_day, columns.sessions.last_day)
    assert [date.fromordinal(int(column[0])).isoformat() for column in found] == [
        "2026-10-01",
        "2026-11-02",
        "2026-12-07",
    ]


def test_money_of_a_row_has_the_currency_and_period_that_it_states() -> None:
    columns = build_columns(
        [
            make_activity("a", cost={"amount": 5, "currency": "DKK", "per": "week"}),
            make_activity("b"),
        ]
    )
    assert [columns.money(row, 7.0) for row in (0, 1)] == [(7.0, "DKK", "week"), (7.0, None, None)]


# Texts


def test_the_language_of_a_text_is_its_place_among_those_of_the_catalogue() -> None:
    languages = ("en", "da", None, "en")
    columns = build_columns(
        [make_activity(str(i), text_language=c) for i, c in enumerate(languages)]
    )
    assert columns.text_languages == ("da", "en")
    assert columns.text_language.tolist() == [1, 0, NOT_STATED, 1]


# Placed again

TOWN = [
    make_activity("a", place={"lat": 57.0, "lon": 9.9}),
    make_activity("b", place={"postcode": "9000"}),
    make_activity("c"),
    make_activity("d", place={"lat": 55.0, "lon": 12.0, "postcode": "9000"}),
]


def at(lat: float, radius_km: float = 0.0, *, certain: bool = True) -> FindPlace:
    """Finds every address in one place."""
    return lambda place: Placed(Point(lat, 1.0, radius_km), certain)


def test_it_is_known_whose_coordinates_are_stated() -> None:
    assert build_columns(TOWN, at(1.0)).located.tolist() == [True, False, False, True]


@pytest.mark.parametrize("find_place", [None, at(2.0, 4.0), at(2.0, certain=False)])
def test_placed_again_is_as_placed_at_once(find_place: FindPlace | None) -> None:
    again, fresh = (
        place_again(build_columns(TOWN, at(1.0, 3.0)), TOWN, find_place),
        build_columns(TOWN, find_place),
    )
    for name in ("lat", "lon", "margin_km", "vague"):
        assert np.array_equal(getattr(again, name), getattr(fresh, name), equal_nan=name != "vague")


def test_what_is_placed_again_leaves_the_columns_before_as_they_are() -> None:
    before = build_columns(TOWN, at(1.0))
    place_again(before, TOWN, at(2.0))
    assert before.lat[1] == 1.0


def test_of_stated_coordinates_no_record_is_read() -> None:
    columns = build_columns([TOWN[0], TOWN[3]])
    assert place_again(columns, (), at(2.0)).lat.tolist() == [57.0, 55.0]
