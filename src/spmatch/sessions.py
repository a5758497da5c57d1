"""When sessions meet: which still run, and on which date next."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from spmatch.columns import (
    FAR_PAST,
    NOT_STATED,
    RHYTHMS,
    Flags,
    Floats,
    Integers,
    SessionColumns,
)

Ordinals = npt.NDArray[np.int64]
"""Dates as ``date.toordinal()`` counts them."""

NO_SESSION = np.inf
_STEP_DAYS = {"week": 7, "two_weeks": 14, "month": 28}


def days_until(sessions: SessionColumns, today: date) -> Floats:
    """Days from ``today`` to the next date of each session; inf when it has ended, NaN when unclear.

    A session without a stated day is unclear. One that meets every second week or every month is
    counted from its ``from`` date; without that date the next such weekday is the earliest it can be.
    A month is taken as four weeks from the first date; where that leads past the last date although
    such a weekday is left before it, the next date is unclear.
    """
    turn, _ = _next_dates(sessions, today)
    days: Floats = (turn - today.toordinal()).astype(np.float64)
    days[(sessions.day == NOT_STATED) | (turn > sessions.last_day)] = np.nan
    days[~still_meets(sessions, today)] = NO_SESSION
    return days


def still_meets(sessions: SessionColumns, today: date) -> Flags:
    """Whether a date of each session can be left, ``today`` included. One without an end goes on."""
    _, earliest = _next_dates(sessions, today)
    meets: Flags = earliest <= sessions.last_day
    return meets


def _next_dates(sessions: SessionColumns, today: date) -> tuple[Ordinals, Ordinals]:
    """For each session: its next date as counted, and the earliest that it can be."""
    begin = np.maximum(sessions.first_day.astype(np.int64), today.toordinal())
    weekday = begin + _days_to(sessions.day, begin)
    anchored = sessions.first_day > FAR_PAST
    steps = np.array([_STEP_DAYS[rhythm] for rhythm in RHYTHMS])[sessions.rhythm]
    anchor = sessions.first_day + _days_to(sessions.day, sessions.first_day.astype(np.int64))
    turn = weekday + np.where(anchored, (anchor - weekday) % steps, 0)
    # Four weeks are only about a month, and any day can be the one that is not stated.
    earliest = np.where(sessions.rhythm == RHYTHMS.index("month"), weekday, turn)
    earliest = np.where(sessions.day == NOT_STATED, begin, earliest)
    return turn, earliest


def _days_to(weekday: Integers, ordinal: Ordinals) -> Ordinals:
    """Days from a date to the next such weekday, 0 to 6."""
    # date.toordinal() 1 is a Monday, so that ordinal - 1 modulo 7 counts from Monday.
    days: Ordinals = (weekday - (ordinal - 1)) % 7
    return days
