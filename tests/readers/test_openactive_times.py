"""OpenActive times: schedules that repeat, single dates, zones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.activity import Session
from spmatch.readers.openactive_clocks import Clocks
from spmatch.readers.openactive_times import meeting_of, sessions_of
from spmatch.readers.stated import Findings

MONDAY = date(2027, 1, 4)


class Timing:
    """The sessions of an event with these fields, and what was told of them."""

    def __init__(self) -> None:
        self.findings = Findings("record")
        self.assumed = 0

    def __call__(self, *dates: dict[str, Any], country: str | None = None, **event: Any) -> Any:
        clocks = Clocks(event, country, self.findings)
        meetings = [meeting_of(one, "date") for one in dates]
        sessions = sessions_of(event, meetings, clocks, self.findings)
        self.assumed = clocks.assumed
        return [told(session) for session in sessions]

    def of_schedule(self, **schedule: Any) -> Any:
        return self(eventSchedule=[{"@type": "Schedule", **schedule}])

    @property
    def fields(self) -> list[str]:
        return [problem.field for problem in self.findings.problems]


def told(session: Session) -> dict[str, Any]:
    """What a session states, without its rhythm where that is every week."""
    facts = session.model_dump(exclude_defaults=True, by_alias=True)
    return {key: value for key, value in facts.items() if value is not None}


@pytest.fixture
def timing() -> Timing:
    return Timing()


# Schedules


def test_every_week_on_each_of_the_days(timing: Timing) -> None:
    days = ["https://schema.org/Monday", "schema:Thursday"]
    assert timing.of_schedule(
        repeatFrequency="P1W", byDay=days, startTime="09:30", endTime="11:00:00"
    ) == [
        {"day": "mon", "start": "09:30", "end": "11:00"},
        {"day": "thu", "start": "09:30", "end": "11:00"},
    ]


@pytest.mark.parametrize(("stated", "every"), [("P2W", "two_weeks"), ("P1M", "month")])
def test_other_rhythms(timing: Timing, stated: str, every: str) -> None:
    (session,) = timing.of_schedule(repeatFrequency=stated, byDay="Monday", startTime="10:00")
    assert session["every"] == every


def test_a_rhythm_that_cannot_be_kept_is_told(timing: Timing) -> None:
    assert timing.of_schedule(repeatFrequency="P3D", startTime="10:00") == []
    assert timing.fields == ["eventSchedule.repeatFrequency"]


def test_every_day_is_each_day_of_the_week(timing: Timing) -> None:
    assert len(timing.of_schedule(repeatFrequency="P1D", startTime="10:00")) == 7


def test_every_day_of_a_camp_is_only_its_days(timing: Timing) -> None:
    sessions = timing.of_schedule(
        repeatFrequency="P1D", startTime="09:00", startDate="2027-01-06", endDate="2027-01-08"
    )
    assert [session["day"] for session in sessions] == ["wed", "thu", "fri"]


def test_a_weekly_schedule_without_days_is_on_that_of_its_first_date(timing: Timing) -> None:
    (session,) = timing.of_schedule(
        repeatFrequency="P1W", startTime="10:00", startDate="2027-01-05"
    )
    assert session["day"] == "tue"


def test_the_duration_gives_the_end(timing: Timing) -> None:
    (session,) = timing.of_schedule(byDay=["Monday"], startTime="10:00", duration="PT1H30M")
    assert session["end"] == "11:30"


def test_dates_alone_are_no_session(timing: Timing) -> None:
    assert timing.of_schedule(startDate="2027-01-05", endDate="2027-06-05") == []


@pytest.mark.parametrize("key", ["byMonth", "byMonthDay", "exceptDate", "repeatCount"])
def test_what_narrows_the_dates_is_told(timing: Timing, key: str) -> None:
    timing.of_schedule(byDay=["Monday"], startTime="10:00", **{key: [3]})
    assert timing.fields == [f"eventSchedule.{key}"]


@pytest.mark.parametrize("stated", ["25:00", "nine", "9", 930, ["09:00"]])
def test_a_time_that_is_none_is_told(timing: Timing, stated: object) -> None:
    assert timing.of_schedule(byDay=["Monday"], startTime=stated) == [{"day": "mon"}]
    assert timing.fields == ["eventSchedule.startTime"]


def test_midnight_at_the_end_is_that_of_the_same_day(timing: Timing) -> None:
    (session,) = timing.of_schedule(byDay=["Friday"], startTime="20:00", endTime="00:00")
    assert session["end"] == "24:00"


def test_a_night_keeps_its_start(timing: Timing) -> None:
    (session,) = timing.of_schedule(byDay=["Friday"], startTime="22:00", endTime="02:00")
    assert session == {"day": "fri", "start": "22:00"}


# Dates


def day(start: str, end: str | None = None) -> dict[str, Any]:
    return {"@type": "ScheduledSession", "startDate": start, "endDate": end}


def test_a_date_is_a_session_of_that_day(timing: Timing) -> None:
    assert timing(startDate="2027-01-04T10:00:00", endDate="2027-01-04T11:00:00") == [
        {"day": "mon", "start": "10:00", "end": "11:00", "from": MONDAY, "until": MONDAY}
    ]


def test_weekly_dates_are_one_session(timing: Timing) -> None:
    dates = [day(f"2027-01-{number:02}T10:00:00") for number in (4, 11, 18)]
    assert timing(*dates) == [
        {"day": "mon", "start": "10:00", "from": MONDAY, "until": date(2027, 1, 18)}
    ]


def test_a_date_that_a_schedule_covers_is_told_once(timing: Timing) -> None:
    schedule = {"byDay": ["Monday"], "startTime": "10:00", "startDate": "2027-01-01"}
    assert len(timing(day("2027-01-04T10:00:00"), eventSchedule=schedule)) == 1


def test_a_date_that_no_schedule_covers_is_added(timing: Timing) -> None:
    schedule = {"byDay": ["Monday"], "startTime": "10:00", "endDate": "2027-01-01"}
    assert len(timing(day("2027-01-04T10:00:00"), eventSchedule=schedule)) == 2


def test_what_lasts_several_days_meets_on_an_unknown_one(timing: Timing) -> None:
    assert timing(startDate="2027-01-04T10:00:00", endDate="2027-03-01T12:00:00") == [
        {"from": MONDAY, "until": date(2027, 3, 1)}
    ]


def test_what_goes_on_past_midnight_is_of_the_first_day(timing: Timing) -> None:
    (session,) = timing(startDate="2027-01-04T22:00:00", endDate="2027-01-05T01:00:00")
    assert session == {"day": "mon", "start": "22:00", "from": MONDAY, "until": MONDAY}


def test_cancelled_dates_are_no_sessions(timing: Timing) -> None:
    off = {**day("2027-01-04T10:00:00"), "eventStatus": "https://schema.org/EventPostponed"}
    assert timing(off) == []


@given(weeks=st.sets(st.integers(0, 60), min_size=1, max_size=20))
def test_sessions_of_dates_are_on_these_dates_and_no_others(weeks: set[int]) -> None:
    wanted = {MONDAY + timedelta(weeks=week) for week in weeks}
    sessions = Timing()(*(day(f"{one.isoformat()}T10:00:00") for one in wanted))
    found = [
        one["from"] + timedelta(days=step)
        for one in sessions
        for step in range(
            0,
            (one["until"] - one["from"]).days + 1,
            14 if one.get("every") == "two_weeks" else 7,
        )
    ]
    assert (sorted(found), len(found)) == (sorted(wanted), len(wanted))


# Zones


@pytest.mark.parametrize(
    ("stated", "start"),
    [
        ("2027-07-05T09:00:00Z", "10:00"),
        ("2027-01-04T09:00:00Z", "09:00"),
        ("2027-07-05T09:00:00+01:00", "09:00"),
        ("2027-07-05T09:00:00", "09:00"),
    ],
)
def test_without_a_zone_utc_is_read_in_london_and_offsets_as_written(
    timing: Timing, stated: str, start: str
) -> None:
    assert timing(day(stated))[0]["start"] == start


def test_a_stated_zone_is_that_of_all_times(timing: Timing) -> None:
    schedule = {"byDay": ["Monday"], "scheduleTimezone": "Europe/Copenhagen"}
    sessions = timing(day("2027-07-06T09:00:00+01:00"), eventSchedule=schedule)
    assert sessions[-1]["start"] == "10:00"


def test_a_time_in_utc_elsewhere_is_left_out(timing: Timing) -> None:
    assert timing(day("2027-07-05T09:00:00Z"), country="DK") == []
    assert timing.fields == ["subEvent.startDate"]


def test_times_read_in_a_zone_that_nobody_stated_are_counted(timing: Timing) -> None:
    timing(day("2027-07-05T09:00:00Z", "2027-07-05T10:00:00Z"))
    assert timing.assumed == 2


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", 7])
def test_a_zone_that_is_none_is_told(timing: Timing, zone: object) -> None:
    timing.of_schedule(byDay=["Monday"], startTime="10:00", scheduleTimezone=zone)
    assert timing.fields == ["eventSchedule.scheduleTimezone"]


@pytest.mark.parametrize("stated", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00", "x"])
def test_a_moment_out_of_all_calendars_is_told(timing: Timing, stated: str) -> None:
    schedule = {"byDay": ["Monday"], "scheduleTimezone": "Europe/London"}
    timing(day(stated), eventSchedule=schedule)
    assert timing.fields == ["subEvent.startDate"]
