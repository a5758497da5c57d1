"""When sessions meet: which still run, and on which date next."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from spmatch.columns import FAR_PAST, NOT_STATED, RHYTHMS, Columns, Floats, SessionColumns

NO_SESSION = np.inf
_STEP_DAYS = {"week": 7, "two_weeks": 14, "month": 28}


def days_until(sessions: SessionColumns, today: date) -> Floats:
    """Days from ``today`` to the next date of each session; inf when it has ended, NaN when unclear.

    A session without a stated day is unclear. One that meets every second week or every month is
    counted from its ``from`` date; without that date the next such weekday is the earliest it can be.
    A month is taken as four weeks from the first date.
    """
    now = today.toordinal()
    earliest = np.maximum(sessions.first_day.astype(np.int64), now)
    # date.toordinal() 1 is a Monday, so that ordinal - 1 modulo 7 counts from Monday.
    first = earliest + (sessions.day - (earliest - 1)) % 7
    anchored = sessions.first_day > FAR_PAST
    steps = np.array([_STEP_DAYS[rhythm] for rhythm in RHYTHMS])[sessions.rhythm]
    anchor = sessions.first_day + (sessions.day - (sessions.first_day.astype(np.int64) - 1)) % 7
    waits = np.where(anchored, (anchor - first) % steps, 0)
    following = first + waits
    days: Floats = (following - now).astype(np.float64)
    days[sessions.day == NOT_STATED] = np.nan
    days[(following > sessions.last_day) | (sessions.last_day < now)] = NO_SESSION
    return days


def soonest_by_activity(columns: Columns, days: Floats) -> Floats:
    """The fewest days to a session of each activity: NaN when none is clear, inf when all ended."""
    soonest = np.full(len(columns), np.nan)
    sessions = columns.sessions
    np.fmin.at(soonest, sessions.activity, days)
    return soonest


def next_session(columns: Columns, row: int, days: Floats, today: date) -> str | None:
    """The next session of one activity, ``YYYY-MM-DDTHH:MM`` (or the date alone), if it is clear."""
    begin, end = columns.sessions.offsets[row : row + 2]
    dated = [
        (float(days[i]), int(columns.sessions.start_minute[i]))
        for i in range(begin, end)
        if np.isfinite(days[i])
    ]
    if not dated:
        return None
    wait, minute = min(dated)
    day = today + timedelta(days=int(wait))
    clock = "" if minute == NOT_STATED else f"T{minute // 60:02d}:{minute % 60:02d}"
    return f"{day.isoformat()}{clock}"
