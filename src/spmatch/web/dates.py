"""On which dates sessions meet, and which of these dates are certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from spmatch.activity import Session
from spmatch.words import Day

DAYS: tuple[str, ...] = get_args(Day)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A session from its next date on.

    ``certain`` is false where only the weekday is known: one that meets every second week or every
    month, and does not say from when it counts. ``week`` is which such weekday of a month it is: 1 to
    4, or -1 for the last.
    """

    session: Session
    first: date
    certain: bool
    week: int

    @property
    def moment(self) -> str:
        """Its next date, with the time where that is stated: ``YYYY-MM-DDTHH:MM``."""
        start = self.session.start
        return self.first.isoformat() + (f"T{start}" if start else "")


def occurrence_of(session: Session, on: date) -> Occurrence | None:
    """The next date of a session, ``on`` included; ``None`` when it has ended or states no day.

    Every month means the same weekday of the month as the first date has (its second Tuesday), as
    clubs meet. As months are sometimes counted by weeks instead, only the first date is certain.
    """
    if session.day is None:
        return None
    start = session.from_date
    begin = _on_or_after(max(start, on) if start else on, session.day)
    anchor = _on_or_after(start, session.day) if start else begin
    week = _week_of_month(anchor)
    certain = session.every == "week" or start is not None
    if session.every == "two_weeks":
        begin += WEEK * ((begin - anchor).days // 7 % 2)
    elif session.every == "month":
        certain = certain and anchor >= on
        while _week_of_month(begin) != week and not (week == -1 and _is_last(begin)):
            begin += WEEK
    if session.until is not None and begin > session.until:
        return None
    return Occurrence(session, begin, certain, week)


def occurrences_of(sessions: Sequence[Session], on: date) -> tuple[Occurrence, ...]:
    """The next date of every session that still meets and states its day, soonest first."""
    found = filter(None, (occurrence_of(session, on) for session in sessions))
    return tuple(sorted(found, key=lambda one: (one.first, one.session.start or "")))


def _week_of_month(day: date) -> int:
    """Which such weekday of its month a date is: 1 to 4, the fifth counts as the last (-1)."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else -1


def _is_last(day: date) -> bool:
    return (day + WEEK).month != day.month


def _on_or_after(day: date, weekday: str) -> date:
    return day + timedelta(days=(DAYS.index(weekday) - day.weekday()) % 7)
