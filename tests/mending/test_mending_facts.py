"""Facts of a record that cannot be: contacts, postcodes, prices, ages, sessions, dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from making import TODAY, make_activity
from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.geography import shipped_gazetteer
from spmatch.mending import mend


def mended(**facts: Any) -> tuple[Activity, list[Problem]]:
    after, found = mend([make_activity(**facts)], shipped_gazetteer(), today=TODAY)
    return after[0], found


def effects(found: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.field, problem.effect) for problem in found]


# Contacts


def contact(field: str, value: str) -> tuple[str | None, list[tuple[str, str]]]:
    after, found = mended(provider={field: value})
    assert after.provider is not None
    return getattr(after.provider, field), effects(found)


@pytest.mark.parametrize(
    ("phone", "after"),
    [("45123456.0", "45123456"), ("+4545123456.0", "+4545123456"), ("4.5123456E7", "45123456")],
)
def test_a_phone_number_written_as_a_number_is_put_right(phone: str, after: str) -> None:
    assert contact("phone", phone) == (after, [("provider.phone", "mended")])


def test_a_phone_number_that_lost_digits_is_left_out() -> None:
    assert contact("phone", "4.51E+07") == (None, [("provider.phone", "mended")])


@pytest.mark.parametrize("phone", ["98 12 34 56", "+45 98123456", "112", "98.12.34.56", "lok. 12"])
def test_other_phone_numbers_stay(phone: str) -> None:
    assert contact("phone", phone) == (phone, [])


@pytest.mark.parametrize(
    "email", ["kor @ kor.example", "kor@ kor .example", "mailto:kor@kor.example?subject=Hej"]
)
def test_an_email_address_with_spaces_is_put_right(email: str) -> None:
    assert contact("email", email) == ("kor@kor.example", [("provider.email", "mended")])


@pytest.mark.parametrize("email", ["anna kor@kor.example", "a@kor.example, b@kor.example", "kor"])
def test_what_is_not_one_email_address_stays_and_is_told(email: str) -> None:
    assert contact("email", email) == (email, [("provider.email", "note")])


def test_a_web_address_without_scheme_stays_and_is_told() -> None:
    assert contact("url", "www.kor.example") == ("www.kor.example", [("provider.url", "note")])


def test_a_web_address_of_underscores_stays() -> None:
    url = "https://kor.example/__kor__/_a_?x=1*2*3"
    assert contact("url", url) == (url, [])


def test_an_escaped_web_address_is_put_right() -> None:
    assert contact("url", "https://kor.example/?a=1&amp;b=2") == (
        "https://kor.example/?a=1&b=2",
        [("provider.url", "mended")],
    )


# Postcodes


def postcode(code: str, town: str | None = None) -> tuple[str | None, list[tuple[str, str]]]:
    after, found = mended(place={"postcode": code, "town": town})
    assert after.place is not None
    return after.place.postcode, effects(found)


MENDED = [("place.postcode", "mended")]


@pytest.mark.parametrize(
    ("code", "town", "after"),
    [
        ("800", "Høje Taastrup", "0800"),
        ("2.100", "København Ø", "2100"),
        ("9 000", "Aalborg", "9000"),
        ("9.000", None, "9000"),
        ("9000.0", "Aalborg", "9000"),
        ("800.0", "Høje Taastrup", "0800"),
        ("DK-9000", "Aalborg", "9000"),
        ("dk 9000", None, "9000"),
    ],
)
def test_a_postcode_is_put_right(code: str, town: str | None, after: str) -> None:
    assert postcode(code, town) == (after, MENDED)


@pytest.mark.parametrize(
    ("code", "town"),
    [
        ("800", None),
        ("800", "Aalborg"),
        ("2.100", "Aalborg"),
        ("DK-9000", "Odense"),
        ("02139", None),
    ],
)
def test_a_postcode_that_is_not_certain_stays(code: str, town: str | None) -> None:
    assert postcode(code, town) == (code, [])


def test_without_a_gazetteer_no_zero_is_put_back() -> None:
    activity = make_activity(place={"postcode": "800", "town": "Høje Taastrup"})
    assert mend([activity]) == ([activity], [])


# Prices, ages


def test_a_price_that_no_activity_has_is_left_out() -> None:
    after, found = mended(cost={"amount": 350_000, "currency": "DKK", "note": "hele sæsonen"})
    assert after.cost is not None
    assert (after.cost.amount, after.cost.note) == (None, "hele sæsonen")
    assert effects(found) == [("cost.amount", "mended")]


def test_a_price_that_was_all_that_was_stated_leaves_no_cost() -> None:
    assert mended(cost={"amount": 350_000, "currency": "DKK"})[0].cost is None


def test_the_limit_itself_is_a_price() -> None:
    after, found = mended(cost={"amount": 100_000})
    assert after.cost is not None
    assert (after.cost.amount, found) == (100_000, [])


def test_a_high_price_in_small_units_stays() -> None:
    assert mended(cost={"amount": 150_000, "currency": "IDR"})[1] == []


def test_a_concession_that_no_activity_has_is_left_out() -> None:
    after, found = mended(
        cost={
            "amount": 50,
            "concessions": [{"for": "student", "amount": 200_000}, {"for": "child", "amount": 0}],
        }
    )
    assert after.cost is not None
    assert [c.for_whom for c in after.cost.concessions] == ["child"]
    assert effects(found) == [("cost.concessions", "mended")]


def test_ages_that_welcome_nobody_are_told_and_stay() -> None:
    after, found = mended(ages={"min": 0, "max": 0})
    assert (after.ages is not None, effects(found)) == (True, [("ages.max", "note")])


# Dates and sessions


@pytest.mark.parametrize("day", ["2027-01-01", "1900-01-01", "1970-01-01"])
def test_a_check_on_a_day_that_cannot_be_is_left_out(day: str) -> None:
    after, found = mended(verified_on=day)
    assert (after.verified_on, effects(found)) == (None, [("verified_on", "mended")])


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-24", "2005-01-01"])
def test_a_check_today_tomorrow_or_long_ago_stays(day: str) -> None:
    after, found = mended(verified_on=day)
    assert (after.verified_on, found) == (date.fromisoformat(day), [])


def sessions(*those: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    after, found = mended(sessions=list(those))
    kept = [s.model_dump(mode="json", exclude_none=True, exclude={"every"}) for s in after.sessions]
    return kept, effects(found)


def test_a_season_without_end_has_no_last_day() -> None:
    assert sessions({"day": "mon", "until": "9999-12-31"}) == (
        [{"day": "mon"}],
        [("sessions.0.until", "mended")],
    )


def test_a_season_since_always_has_no_first_day() -> None:
    assert sessions({"day": "mon", "from": "1900-01-01"}) == (
        [{"day": "mon"}],
        [("sessions.0.from", "mended")],
    )


def test_a_season_that_is_over_stays() -> None:
    assert sessions({"day": "mon", "until": "2020-01-01"}) == (
        [{"day": "mon", "until": "2020-01-01"}],
        [],
    )


def test_a_session_that_is_stated_twice_is_kept_once() -> None:
    monday = {"day": "mon", "start": "10:00"}
    assert sessions(monday, {"day": "tue"}, monday) == (
        [monday, {"day": "tue"}],
        [("sessions.2", "mended")],
    )


def test_a_session_without_any_time_is_left_out() -> None:
    assert sessions({"every": "month"}) == ([], [("sessions.0", "mended")])


def test_a_session_from_night_to_afternoon_is_told_and_stays() -> None:
    night = {"day": "mon", "start": "01:30", "end": "15:00"}
    assert sessions(night) == ([night], [("sessions.0", "note")])


@pytest.mark.parametrize(
    ("start", "end"), [("00:00", "24:00"), ("09:00", "17:00"), ("05:30", "13:00")]
)
def test_long_opening_hours_are_no_slip(start: str, end: str) -> None:
    assert sessions({"day": "mon", "start": start, "end": end})[1] == []


def test_a_problem_stands_where_the_caller_says() -> None:
    _, (problem,) = mend(
        [make_activity("a", verified_on="1900-01-01")],
        None,
        lambda record: f"list.csv, {record.id}",
    )
    assert problem.where == "list.csv, a"
