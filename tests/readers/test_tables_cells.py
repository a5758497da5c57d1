"""Cells to values, in Danish and English ways of writing. What is not clear gives nothing."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.readers.cell_prices import Price, price_of_cell
from spmatch.readers.cell_times import clock_of_text, times_of, times_of_columns
from spmatch.readers.cells import (
    Cell,
    Style,
    ages_of_cell,
    date_of_cell,
    degrees_of_cell,
    heading,
    number_of_cell,
    text_of_cell,
    yes_or_no,
)

# Numbers


@pytest.mark.parametrize(
    ("cell", "style", "number"),
    [
        ("1.234,50", "da", 1234.5),
        ("1.234", "da", 1234.0),
        ("12.5", "da", 12.5),
        ("35,5", "da", 35.5),
        ("−5", "da", -5.0),
        ("1,234.50", "da", None),
        ("1,234.50", "en", 1234.5),
        ("1.234", "en", 1.234),
        ("1.234,50", "en", None),
        ("1 234", "da", None),
        ("35 kr", "da", None),
        ("٣", "da", None),
        (1.234, "da", 1.234),
        (float("inf"), "da", None),
        (True, "da", None),
    ],
)
def test_numbers(cell: Cell, style: Style, number: float | None) -> None:
    assert number_of_cell(cell, style) == number


@pytest.mark.parametrize(
    ("cell", "degrees"), [("57,048", 57.048), ("57.048", 57.048), (9.9, 9.9), ("57° 2'", None)]
)
def test_degrees_have_one_decimal_sign_whatever_the_style(
    cell: Cell, degrees: float | None
) -> None:
    assert degrees_of_cell(cell) == degrees


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (9000.0, "9000"),
        (True, "true"),
        (datetime(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 10, 30), "2026-11-24 10:30"),
        (time(9, 5), "09:05"),
        ("  a ", "a"),
    ],
)
def test_cells_as_text(cell: Cell, text: str) -> None:
    assert text_of_cell(cell) == text


@pytest.mark.parametrize("name", ["Postnr.", " POSTNR: ", "postnr*", "Postnr"])
def test_headings_are_compared_without_case_and_signs(name: str) -> None:
    assert heading(name) == "postnr"


# Dates


@pytest.mark.parametrize(
    ("cell", "style", "expected"),
    [
        ("24-11-2026", "da", date(2026, 11, 24)),
        ("24.11.2026", "da", date(2026, 11, 24)),
        ("24/11/2026", "en", date(2026, 11, 24)),
        ("11/24/2026", "us", date(2026, 11, 24)),
        ("11/24/2026", "en", None),
        ("2026-11-24", "us", date(2026, 11, 24)),
        ("2026-11-24 10:00", "da", date(2026, 11, 24)),
        ("d. 3. maj 2026", "da", date(2026, 5, 3)),
        ("3rd May 2026", "en", date(2026, 5, 3)),
        ("May 3, 2026", "us", date(2026, 5, 3)),
        ("24-11-26", "da", None),
        ("november 2026", "da", None),
        ("31-02-2026", "da", None),
        ("24-11.2026", "da", None),
        (datetime(2026, 11, 24, 9), "da", date(2026, 11, 24)),
    ],
)
def test_dates(cell: Cell, style: Style, expected: date | None) -> None:
    assert date_of_cell(cell, style) == expected


# Yes and no


@pytest.mark.parametrize("cell", ["ja", "Ja.", "YES", "x", "✓", "true", True, 1])
def test_yes(cell: Cell) -> None:
    assert yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["nej", "No", "false", False, 0])
def test_no(cell: Cell) -> None:
    assert yes_or_no(cell) is False


@pytest.mark.parametrize("cell", ["delvist", "partly", "ja, men kun stuen", "", 2])
def test_neither_yes_nor_no(cell: Cell) -> None:
    assert yes_or_no(cell) is None


# Ages


@pytest.mark.parametrize(
    ("cell", "bounds"),
    [
        ("60+", (60, None)),
        ("60 år +", (60, None)),
        ("fra 16 år", (16, None)),
        ("65 år og opefter", (65, None)),
        ("aged 55 and over", (55, None)),
        ("18-65 år", (18, 65)),
        ("18 til 65", (18, 65)),
        ("up to 25", (None, 25)),
        ("op til 25 år", (None, 25)),
        ("Alle", (None, None)),
        ("over 60", None),
        ("Mænd over 50", None),
        ("Seniorer", None),
        ("65-18", None),
        ("200+", None),
        ("60", None),
    ],
)
def test_ages(cell: Cell, bounds: tuple[int | None, int | None] | None) -> None:
    assert ages_of_cell(cell) == bounds


# Prices


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("gratis", Price(0, "DKK")),
        ("Free of charge", Price(0, "DKK")),
        ("0 kr.", Price(0, "DKK")),
        ("35,00 kr.", Price(35, "DKK")),
        ("kr. 50,-", Price(50, "DKK")),
        ("1.234,50", Price(1234.5, "DKK")),
        ("50 kr. pr. gang", Price(50, "DKK", "session")),
        ("25 kr/gang", Price(25, "DKK", "session")),
        ("300 kr. om måneden", Price(300, "DKK", "month")),
        ("150 kr. årligt", Price(150, "DKK", "year")),
        ("75 kr. pr. person pr. gang", Price(75, "DKK", "session")),
        ("£3 per session", Price(3, "GBP", "session")),
        ("€ 5 a week", Price(5, "EUR", "week")),
        (40, Price(40, "DKK")),
    ],
)
def test_prices(cell: Cell, price: Price) -> None:
    assert price_of_cell(cell, "da", "DKK") == price


@pytest.mark.parametrize(
    "cell",
    [
        "fra 50 kr.",
        "50-100 kr.",
        "50 kr. + materialer",
        "gratis for medlemmer",
        "voksne 60 kr., børn 30 kr.",
        "1.200 kr. pr. sæson",
        "ca. 50",
        "£3, concessions £1.50",
        "None.",
        -5,
    ],
)
def test_words_that_are_no_price_for_everyone(cell: Cell) -> None:
    assert price_of_cell(cell, "da", "DKK") is None


@pytest.mark.parametrize(("sign", "of_table"), [("kr. 5", "GBP"), ("$5", "DKK")])
def test_a_sign_of_another_currency_than_the_table_states_none(sign: str, of_table: str) -> None:
    price = price_of_cell(sign, "da", of_table)
    assert price is not None
    assert price.currency is None


def test_kroner_are_those_of_the_table() -> None:
    assert price_of_cell("5 kr.", "da", "NOK") == Price(5, "NOK")


# Days and times

Groups = list[tuple[list[str], list[tuple[str, str | None]]]]


@pytest.mark.parametrize(
    ("text", "style", "groups"),
    [
        ("Mandag og torsdag kl. 10-12", "da", [(["mon", "thu"], [("10:00", "12:00")])]),
        ("tirs- og torsdag 14-16", "da", [(["tue", "thu"], [("14:00", "16:00")])]),
        ("man-ons 9.30 - 11", "da", [(["mon", "tue", "wed"], [("09:30", "11:00")])]),
        ("10-12 mandag og onsdag", "da", [(["mon", "wed"], [("10:00", "12:00")])]),
        ("tirsdage kl. 19.00 til 21.30", "da", [(["tue"], [("19:00", "21:30")])]),
        ("Torsdag kl. 10", "da", [(["thu"], [("10:00", None)])]),
        ("weekender 10-12", "da", [(["sat", "sun"], [("10:00", "12:00")])]),
        ("mandag 10-12, 14-16", "da", [(["mon"], [("10:00", "12:00"), ("14:00", "16:00")])]),
        ("Mon & Thu 10am-11am", "en", [(["mon", "thu"], [("10:00", "11:00")])]),
        ("Tuesdays, 2-4pm", "en", [(["tue"], [("14:00", "16:00")])]),
        ("Every Wednesday from 10 to 2 pm", "en", [(["wed"], [("10:00", "14:00")])]),
        ("Fridays 12pm-1.30pm", "en", [(["fri"], [("12:00", "13:30")])]),
        ("onsdag kl. 10-12", "en", [(["wed"], [("10:00", "12:00")])]),
        (
            "mandag 10-12 og torsdag 13-15",
            "da",
            [(["mon"], [("10:00", "12:00")]), (["thu"], [("13:00", "15:00")])],
        ),
    ],
)
def test_days_and_times(text: str, style: Style, groups: Groups) -> None:
    times = times_of(text, style)
    assert times is not None
    assert (times.groups, times.every, times.in_full) == (groups, "week", True)


def test_all_weekdays() -> None:
    times = times_of("hverdage 10-12", "da")
    assert times is not None
    assert times.groups[0][0] == ["mon", "tue", "wed", "thu", "fri"]


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("mandag 10-12 (lige uger)", "two_weeks"),
        ("hver anden mandag 10-12", "two_weeks"),
        ("every other Monday 10am-12pm", "two_weeks"),
        ("1. mandag i måneden kl. 10-12", "month"),
        ("first Monday of the month 10am-12pm", "month"),
        ("mandag 10-12 (ikke i juli)", "week"),
    ],
)
def test_rhythms_that_sessions_cannot_say_in_full(text: str, every: str) -> None:
    times = times_of(text, "da")
    assert times is not None
    assert (times.groups, times.every, times.in_full) == (
        [(["mon"], [("10:00", "12:00")])],
        every,
        False,
    )


def test_two_days_and_two_times_leave_the_times_open() -> None:
    times = times_of("mandag og torsdag 10-12 og 13-15", "da")
    assert times is not None
    assert (times.groups, times.in_full) == ([(["mon", "thu"], [])], False)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("efter aftale", "da"),
        ("mandag lukket", "da"),
        ("ikke mandag", "da"),
        ("mandag 10-12 (aflyst)", "da"),
        ("mandag 9", "da"),
        ("mandag 2-4", "da"),
        ("Monday 10-12", "en"),
        ("mandag 22-02", "da"),
        ("mandag 25-26", "da"),
        ("2. og 4. torsdag i måneden", "da"),
        ("10-12 mandag, tirsdag 13-15", "da"),
        ("fredag - mandag", "da"),
        ("", "da"),
        ("kl. ", "da"),
        ("mandag " * 500, "da"),
    ],
)
def test_what_is_not_clear_gives_no_times(text: str, style: Style) -> None:
    assert times_of(text, style) is None


@pytest.mark.parametrize(
    ("day", "hours", "groups"),
    [
        ("mandag og torsdag", "10-12", [(["mon", "thu"], [("10:00", "12:00")])]),
        ("mandag", "mandag 10-12", [(["mon"], [("10:00", "12:00")])]),
        ("mandag", "efter aftale", [(["mon"], [])]),
        ("mandag kl. 10-12", None, [(["mon"], [("10:00", "12:00")])]),
        (None, "10-12", [([], [("10:00", "12:00")])]),
    ],
)
def test_days_and_times_in_two_cells(day: str | None, hours: str | None, groups: Groups) -> None:
    times = times_of_columns(day, hours, "da")
    assert times is not None
    assert times.groups == groups


@pytest.mark.parametrize(
    ("day", "hours"),
    [("mandag", "tirsdag 10-12"), ("mandag", "aflyst"), ("efter aftale", "10-12"), (None, None)],
)
def test_two_cells_that_do_not_agree(day: str | None, hours: str | None) -> None:
    assert times_of_columns(day, hours, "da") is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [("9am", "09:00"), ("4:00 PM", "16:00"), ("10:00:00", "10:00"), ("12am", "00:00"), ("9", None)],
)
def test_a_time_of_day_alone(text: str, clock: str | None) -> None:
    assert clock_of_text(text, "us") == clock


# Any text at all

WORDS = st.lists(
    st.sampled_from(
        "mandag mon tirs- 10-12 2-4pm kl. 10 og - , ( ) (lige uger) hver anden 1. i måneden fra til kr. 50,- £3 pr. gang 60+ år 24:00 99 /".split(  # noqa: E501
            " "
        )
    ),
    max_size=12,
).map(" ".join)


@given(st.one_of(st.text(max_size=60), WORDS), st.sampled_from(["da", "en", "us"]))
def test_no_text_breaks_the_reading_of_cells(text: str, style: Style) -> None:
    times = times_of(text, style)
    spans = [span for _, span in times.slots() if span] if times else []
    assert all(end is None or start < end for start, end in spans)
    price = price_of_cell(text, style, "DKK")
    assert price is None or price.amount >= 0
    bounds = ages_of_cell(text)
    assert bounds is None or None in bounds or bounds[0] <= bounds[1]  # type: ignore[operator]
    date_of_cell(text, style)
    degrees_of_cell(text)
    number_of_cell(text, style)
