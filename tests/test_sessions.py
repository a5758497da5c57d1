"""When sessions meet next. Today is Monday 23 November 2026 unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from making import TODAY, make_activity
from spmatch.columns import build_columns
from spmatch.sessions import days_until
from spmatch.weeks import Weeks, build_weeks, next_session

ENDED = np.inf


def days(session: dict[str, Any], today: date = TODAY) -> float:
    """Days until the next date of one session."""
    columns = build_columns([make_activity(sessions=[session])])
    return float(days_until(columns.sessions, today)[0])


def weeks_of(*activities: Sequence[dict[str, Any]]) -> Weeks:
    """The weeks of activities with these sessions."""
    made = [make_activity(str(i), sessions=sessions) for i, sessions in enumerate(activities)]
    return build_weeks(build_columns(made).sessions)


def following(*sessions: dict[str, Any], today: date = TODAY) -> str | None:
    """The next session of an activity with these."""
    weeks = weeks_of(sessions)
    return next_session(weeks, 0, days_until(weeks.each, today), today)


def soonest(*sessions: dict[str, Any]) -> float:
    weeks = weeks_of(sessions)
    return float(weeks.soonest(days_until(weeks.each, TODAY), np.array([0]))[0])


# -- every week -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)],
)
def test_a_weekly_session_is_on_the_next_such_day_today_included(day: str, expected: int) -> None:
    assert days({"day": day}) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 11, 24), 6), (date(2026, 11, 28), 2), (date(2026, 11, 29), 1)],
)
def test_a_weekly_session_past_its_day_is_next_week(today: date, expected: int) -> None:
    assert days({"day": "mon"}, today) == expected


def test_a_session_that_begins_in_the_future_waits_for_its_first_such_day() -> None:
    # 9 December is a Wednesday; the first Tuesday from there is the 15th, 22 days ahead.
    assert days({"day": "tue", "from": "2026-12-09"}) == 22


def test_a_session_that_begins_on_such_a_day_begins_that_day() -> None:
    assert days({"day": "tue", "from": "2026-12-01"}) == 8


def test_a_session_that_began_long_ago_is_on_the_next_such_day() -> None:
    assert days({"day": "thu", "from": "2019-01-03"}) == 3


# -- the last date ----------------------------------------------------------------------------


def test_a_session_whose_last_date_has_passed_has_ended() -> None:
    assert days({"day": "mon", "until": "2026-11-22"}) == ENDED


def test_a_session_may_be_on_its_last_date() -> None:
    assert days({"day": "mon", "until": "2026-11-23"}) == 0


def test_a_session_with_no_such_day_left_before_its_last_date_has_ended() -> None:
    # The next Monday is the 30th.
    assert days({"day": "mon", "until": "2026-11-29"}, date(2026, 11, 24)) == ENDED


def test_a_session_that_begins_and_ends_in_the_future_is_still_to_come() -> None:
    assert days({"day": "wed", "from": "2026-12-01", "until": "2026-12-31"}) == 9


# -- every second week, every month -----------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-11-23", 0),  # today
        ("2026-11-16", 7),  # a week ago
        ("2026-11-09", 0),  # two weeks ago
        ("2026-01-05", 0),  # 322 days ago, 23 times two weeks
        ("2026-01-12", 7),  # 315 days ago, 22 times two weeks and a week
    ],
)
def test_every_second_week_counts_from_the_first_date(first: str, expected: int) -> None:
    assert days({"day": "mon", "every": "two_weeks", "from": first}) == expected


def test_every_second_week_counts_from_the_first_such_day_after_from() -> None:
    # From Wednesday 11 November: the first Monday is the 16th, the next one after two weeks the 30th.
    assert days({"day": "mon", "every": "two_weeks", "from": "2026-11-11"}) == 7


def test_every_second_week_keeps_its_rhythm_whatever_the_day_asked_on() -> None:
    session = {"day": "thu", "every": "two_weeks", "from": "2026-11-19"}
    asked = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 3)]
    assert [days(session, day) for day in asked] == [0, 13, 7, 0]


def test_every_second_week_without_a_first_date_may_be_on_the_next_such_day() -> None:
    assert days({"day": "wed", "every": "two_weeks"}) == 2


def test_every_second_week_ends_when_its_last_turn_has_passed() -> None:
    # The turns are 16 and 30 November; the Monday between them is not one.
    session = {"day": "mon", "every": "two_weeks", "from": "2026-11-16", "until": "2026-11-29"}
    assert days(session) == ENDED


def test_every_month_is_four_weeks_from_the_first_date() -> None:
    # 2 November and four weeks is the 30th.
    assert days({"day": "mon", "every": "month", "from": "2026-11-02"}) == 7


def test_every_month_without_a_first_date_may_be_on_the_next_such_day() -> None:
    assert days({"day": "fri", "every": "month"}) == 4


def test_a_monthly_session_whose_next_date_is_a_guess_is_not_said_to_have_ended() -> None:
    # Counted in fours of weeks the next is 7 December, after the end; yet a Monday is left, the 30th.
    session = {"day": "mon", "every": "month", "from": "2026-01-05", "until": "2026-11-30"}
    assert np.isnan(days(session))


# -- what is not stated -----------------------------------------------------------------------


def test_a_session_without_a_day_is_unclear() -> None:
    assert np.isnan(days({"start": "10:00", "end": "12:00"}))


@pytest.mark.parametrize("until", ["2026-11-23", "2026-11-24", "2026-11-27", "2026-12-31"])
def test_a_session_without_a_day_is_unclear_until_its_last_date(until: str) -> None:
    assert np.isnan(days({"until": until}))


def test_a_session_without_a_day_ends_with_its_last_date() -> None:
    assert days({"until": "2026-11-22"}) == ENDED


# -- the next session of an activity ----------------------------------------------------------


def test_the_next_session_is_a_local_date_and_time() -> None:
    assert following({"day": "wed", "start": "09:05"}) == "2026-11-25T09:05"


def test_the_next_session_without_a_time_is_a_date() -> None:
    assert following({"day": "wed"}) == "2026-11-25"


def test_the_next_session_is_the_first_of_all() -> None:
    assert (
        following(
            {"day": "fri", "start": "08:00"},
            {"day": "tue", "start": "18:00"},
            {"day": "tue", "start": "10:00"},
        )
        == "2026-11-24T10:00"
    )


def test_the_next_session_passes_over_those_that_have_ended() -> None:
    assert following({"day": "tue", "until": "2026-11-01"}, {"day": "fri"}) == "2026-11-27"


def test_the_next_session_passes_over_those_that_are_unclear() -> None:
    assert following({"start": "09:00"}, {"day": "fri"}) == "2026-11-27"


def test_there_is_no_next_session_when_all_have_ended() -> None:
    assert following({"day": "tue", "until": "2026-11-01"}) is None


def test_there_is_no_next_session_when_none_is_clear() -> None:
    assert following({"start": "09:00"}) is None


def test_there_is_no_next_session_when_none_is_stated() -> None:
    assert following() is None


def test_the_next_session_is_of_the_activity_asked_for() -> None:
    weeks = weeks_of([{"day": "tue"}], [{"day": "sat"}, {"day": "fri"}])
    assert next_session(weeks, 1, days_until(weeks.each, TODAY), TODAY) == "2026-11-27"


def test_a_last_date_at_the_end_of_time_is_no_trouble() -> None:
    assert following({"day": "mon", "from": "9999-12-30"}) is None


# -- the soonest of an activity ---------------------------------------------------------------


def test_the_soonest_is_the_fewest_days() -> None:
    assert soonest({"day": "sun"}, {"day": "wed"}) == 2


def test_the_soonest_of_clear_and_unclear_sessions_is_the_clear_one() -> None:
    assert soonest({"start": "09:00"}, {"day": "wed"}) == 2


def test_the_soonest_is_unclear_when_no_session_is_stated() -> None:
    assert np.isnan(soonest())


def test_the_soonest_is_never_when_all_have_ended() -> None:
    assert soonest({"day": "mon", "until": "2026-11-01"}) == ENDED


def test_the_soonest_is_unclear_when_one_has_ended_and_another_is_unclear() -> None:
    assert np.isnan(soonest({"day": "mon", "until": "2026-11-01"}, {"start": "09:00"}))
