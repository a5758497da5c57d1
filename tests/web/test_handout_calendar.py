"""The calendar file: right dates, at the stated time of the clock, for every calendar to read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from handouts import make_handout
from making import make_activity
from spmatch.activity import Session
from spmatch.web.dates import DAYS, occurrence_of
from spmatch.web.handout import calendar_of
from spmatch.web.handout.calendar import has_times

ON = date(2026, 11, 23)


def events(*sessions: dict[str, object], on: date = ON, **facts: object) -> list[Component]:
    activity = make_activity(sessions=list(sessions), **facts)
    return Calendar.from_ical(calendar_of(make_handout(activity, on=on))).walk("VEVENT")


def rule(event: Component) -> str:
    return str(event["RRULE"].to_ical().decode())


TUESDAY = {"day": "tue", "start": "10:00", "end": "12:30"}


def test_a_weekly_session_begins_on_its_next_date() -> None:
    (event,) = events(TUESDAY)
    assert event["DTSTART"].dt == datetime(2026, 11, 24, 10, 0)
    assert event["DTEND"].dt == datetime(2026, 11, 24, 12, 30)
    assert rule(event) == "FREQ=WEEKLY;BYDAY=TU"


def test_a_session_of_today_is_in_it() -> None:
    (event,) = events({"day": "mon", "start": "10:00"})
    assert event["DTSTART"].dt.date() == ON


def test_times_are_those_of_the_clock_at_the_place() -> None:
    (event,) = events(TUESDAY)
    assert event["DTSTART"].dt.tzinfo is None


@pytest.mark.parametrize("on", [date(2026, 3, 23), date(2026, 10, 19)])
def test_a_change_to_or_from_summer_time_does_not_move_the_clock(on: date) -> None:
    (event,) = events({"day": "mon", "start": "10:00", "end": "11:00"}, on=on)
    assert event["DTSTART"].dt == datetime(on.year, on.month, on.day, 10)
    assert "Z" not in event["DTSTART"].to_ical().decode()


def test_the_next_date_may_lie_in_the_next_year() -> None:
    (event,) = events({"day": "fri", "start": "09:00"}, on=date(2026, 12, 28))
    assert event["DTSTART"].dt == datetime(2027, 1, 1, 9, 0)


def test_every_second_week_is_counted_from_the_first_date_over_the_year() -> None:
    session = {**TUESDAY, "every": "two_weeks", "from": "2026-12-15"}
    (event,) = events(session, on=date(2026, 12, 20))
    assert event["DTSTART"].dt.date() == date(2026, 12, 29)
    assert rule(event) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert event["STATUS"] == "CONFIRMED"


def test_every_month_keeps_the_weekday_of_the_month() -> None:
    session = {"day": "mon", "start": "16:30", "every": "month", "from": "2026-09-07"}
    (event,) = events(session)
    assert event["DTSTART"].dt.date() == date(2026, 12, 7)
    assert rule(event) == "FREQ=MONTHLY;BYDAY=1MO"
    assert event["STATUS"] == "TENTATIVE"


def test_a_fifth_weekday_is_the_last_of_every_month() -> None:
    session = {"day": "mon", "start": "16:30", "every": "month", "from": "2026-11-30"}
    (event,) = events(session)
    assert rule(event) == "FREQ=MONTHLY;BYDAY=-1MO"


def test_the_last_weekday_may_be_the_fourth_of_another_month() -> None:
    session = {"day": "mon", "start": "16:30", "every": "month", "from": "2026-11-30"}
    (event,) = events(session, on=date(2026, 12, 1))
    assert event["DTSTART"].dt.date() == date(2026, 12, 28)
    assert rule(event) == "FREQ=MONTHLY;BYDAY=-1MO"


def test_an_unknown_week_is_tentative_and_says_to_call_first() -> None:
    (event,) = events({**TUESDAY, "every": "two_weeks"})
    assert event["STATUS"] == "TENTATIVE"
    assert event["SUMMARY"] == "Activity a (call first)"
    assert event["DESCRIPTION"].startswith("We do not know which week it is.")


def test_the_last_date_is_in_the_series() -> None:
    (event,) = events({**TUESDAY, "until": "2026-12-08"})
    assert rule(event) == "FREQ=WEEKLY;UNTIL=20261208T235900;BYDAY=TU"


def test_a_session_without_a_time_takes_the_day() -> None:
    (event,) = events({"day": "tue", "until": "2026-12-08"})
    assert event["DTSTART"].dt == date(2026, 11, 24)
    assert "UNTIL=20261208;" in rule(event)


def test_a_session_that_ends_at_midnight_ends_on_the_next_day() -> None:
    (event,) = events({"day": "tue", "start": "20:00", "end": "24:00"})
    assert event["DTEND"].dt == datetime(2026, 11, 25, 0, 0)


def test_a_course_begins_on_its_first_date() -> None:
    (event,) = events({**TUESDAY, "from": "2027-01-06"})
    assert event["DTSTART"].dt.date() == date(2027, 1, 12)


def test_what_is_over_or_has_no_day_is_not_in_it() -> None:
    assert events({**TUESDAY, "until": "2026-11-01"}, {"start": "10:00"}) == []
    assert not has_times(make_handout(make_activity(sessions=[{"start": "10:00"}])))


def test_the_same_session_has_the_same_name_in_every_file() -> None:
    (one,), (other,) = events(TUESDAY), events(TUESDAY, on=date(2027, 2, 1))
    assert one["UID"] == other["UID"]


def test_two_sessions_have_two_names() -> None:
    one, other = events(TUESDAY, {**TUESDAY, "day": "thu"})
    assert one["UID"] != other["UID"]


def test_where_and_whom_to_ring_are_in_it() -> None:
    (event,) = events(
        TUESDAY,
        place={"name": "Huset; bag kirken", "address": "Gaden 1", "town": "Nibe"},
        provider={
            "name": "Klub, Øst",
            "phone": "+45 00 11 22 33",
            "url": "https://klub.example/a?b=1",
        },
    )
    assert event["LOCATION"] == "Huset; bag kirken, Gaden 1, Nibe"
    assert "+45 00 11 22 33" in event["DESCRIPTION"]
    assert event["URL"] == "https://klub.example/a?b=1"


@given(st.text(min_size=1, max_size=200).filter(lambda text: text.strip()))
def test_any_title_comes_through(title: str) -> None:
    activity = make_activity(title=title, sessions=[TUESDAY])
    content = calendar_of(make_handout(activity))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    wanted = " ".join(activity.title.split())
    assert event["SUMMARY"].replace(" ", "") == _sayable(wanted).replace(" ", "").replace(
        "\u00a0", ""
    )


def _sayable(text: str) -> str:
    return "".join(sign for sign in text if ord(sign) >= 32 and not 127 <= ord(sign) < 160)


@given(st.text(alphabet="aæ→😀 ,;\\", min_size=1, max_size=300).filter(lambda text: text.strip()))
def test_no_line_is_longer_than_75_octets(title: str) -> None:
    content = calendar_of(make_handout(make_activity(title=title, sessions=[TUESDAY])))
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()


@given(
    st.sampled_from(DAYS),
    st.sampled_from(["week", "two_weeks", "month"]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_a_next_date_is_such_a_day_and_not_past(
    day: str, every: str, begin: date, on: date
) -> None:
    session = Session.model_validate({"day": day, "every": every, "from": begin})
    found = occurrence_of(session, on)
    assert found is not None
    assert DAYS[found.first.weekday()] == day
    assert found.first >= max(begin, on)
    if every == "two_weeks":
        anchor = begin + timedelta(days=(DAYS.index(day) - begin.weekday()) % 7)
        assert (found.first - anchor).days % 14 == 0
