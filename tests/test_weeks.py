"""Sessions that state the same are one; what an activity gets is read off its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import make_activity
from spmatch.columns import build_columns
from spmatch.weeks import Weeks, build_weeks

MONDAY = {"day": "mon", "start": "10:00", "end": "12:00"}
TUESDAY = {"day": "tue", "start": "10:00", "end": "12:00"}
MONTHLY = {**MONDAY, "every": "month"}
DATED = {**MONDAY, "from": "2026-01-05"}
OPEN = {"day": "mon"}

sessions = st.lists(st.sampled_from([MONDAY, TUESDAY, MONTHLY, DATED, OPEN]), max_size=4)


def weeks_of(*activities: list[dict[str, Any]]) -> Weeks:
    made = [make_activity(f"{i:03}", sessions=some) for i, some in enumerate(activities)]
    return build_weeks(build_columns(made).sessions)


@pytest.mark.parametrize("other", [TUESDAY, MONTHLY, DATED, OPEN])
def test_what_differs_has_two_numbers(other: dict[str, Any]) -> None:
    weeks = weeks_of([MONDAY], [other], [MONDAY])
    assert (weeks.number[0] == weeks.number[2], weeks.number[0] != weeks.number[1]) == (True, True)


def test_the_same_hours_are_one_whatever_the_rhythm_and_the_dates() -> None:
    weeks = weeks_of([MONDAY, MONTHLY, DATED])
    assert len(weeks.hours.day) == 1


@given(st.lists(sessions, min_size=1, max_size=6))
def test_each_session_is_read_back(activities: list[list[dict[str, Any]]]) -> None:
    made = [make_activity(f"{i:03}", sessions=some) for i, some in enumerate(activities)]
    stated = build_columns(made).sessions
    weeks = build_weeks(stated)
    for name in ("day", "start_minute", "end_minute", "rhythm", "first_day", "last_day"):
        assert getattr(weeks.each, name)[weeks.number].tolist() == getattr(stated, name).tolist()


@given(st.lists(sessions, min_size=1, max_size=6))
def test_the_hours_of_a_session_are_its_own(activities: list[list[dict[str, Any]]]) -> None:
    weeks = weeks_of(*activities)
    for name in ("day", "start_minute", "end_minute"):
        of_hours = getattr(weeks.hours, name)[weeks.hours_of]
        assert of_hours.tolist() == getattr(weeks.each, name).tolist()


@given(st.lists(sessions, min_size=1, max_size=6), st.data())
def test_the_greatest_value_is_that_of_the_sessions_of_an_activity(
    activities: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    weeks = weeks_of(*activities)
    count = len(weeks.each.day)
    values = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)), np.int8
    )
    rows = np.array(data.draw(st.lists(st.integers(0, len(weeks) - 1))), dtype=np.intp)
    expected = [max((int(values[i]) for i in weeks.of(row)), default=7) for row in rows.tolist()]
    assert weeks.most(values, rows, without=7).tolist() == expected


@given(st.lists(sessions, min_size=1, max_size=6), st.data())
def test_the_soonest_is_clear_before_unclear_before_never(
    activities: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    weeks = weeks_of(*activities)
    count = len(weeks.each.day)
    drawn = st.sampled_from([0.0, 3.0, 20.0, np.nan, np.inf])
    days = np.array(data.draw(st.lists(drawn, min_size=count, max_size=count)))
    found = weeks.soonest(days, np.arange(len(weeks)))
    for row in range(len(weeks)):
        own = [float(days[i]) for i in weeks.of(row)]
        clear = [wait for wait in own if np.isfinite(wait)]
        never = bool(own) and all(np.isinf(wait) for wait in own)
        expected = min(clear) if clear else np.inf if never else np.nan
        np.testing.assert_equal(float(found[row]), expected)


def test_who_states_sessions_is_known() -> None:
    weeks = weeks_of([], [MONDAY], [])
    assert weeks.stated(np.array([0, 1, 2])).tolist() == [False, True, False]
