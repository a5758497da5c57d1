"""The sessions of a catalogue, those that state the same looked at once.

A million activities meet at some thousand different times. Whether one of these falls into the free time
of a person, and when it is next, is worked out once; what an activity gets is read off its own sessions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.columns import NOT_STATED, Flags, Floats, Integers, SessionColumns
from spmatch.columns_joining import both_sessions
from spmatch.contracts import Rows
from spmatch.numbering import Numbers, number_alike
from spmatch.splicing import Splice
from spmatch.words import clock_of

UNCLEAR = 1e9
"""Days to a session whose date is unclear: later than any date, sooner than never."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The first two sessions of each activity: nearly all that there are, without a search for them.

    What is looked up for each different session ends with two values more: one for an activity that
    states none, and one that changes nothing, for an activity that states no second.
    """

    numbers: npt.NDArray[np.uint32]
    """(activities, 2)."""
    more: Flags | None
    """Which activities state more than two; ``None`` where none does."""

    def take(self, rows: Rows) -> Pairs:
        """Those of these activities, in this order."""
        more = None if self.more is None else self.more[rows]
        return Pairs(self.numbers[rows], more)

    def over(self, better: np.ufunc, values: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
        """The better of the two values of each of these activities."""
        both = values[self.numbers[rows]]
        found: npt.NDArray[Any] = better(both[:, 0], both[:, 1])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Those of activity ``i`` are ``number[offsets[i]:offsets[i+1]]``."""

    offsets: npt.NDArray[np.int64]
    number: npt.NDArray[np.uint32]
    """(sessions,): which of ``each`` it is."""
    each: SessionColumns
    """Every different session, as if it were the only one of an activity."""
    hours: SessionColumns
    """Every different day and time of day; the rest says nothing."""
    hours_of: Numbers
    """(each,): which of ``hours`` it has."""
    pairs: Pairs
    """By activity."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def stated(self, rows: Rows) -> Flags:
        """Which activities state any session."""
        states: Flags = self.offsets[rows + 1] > self.offsets[rows]
        return states

    def of(self, row: int) -> list[int]:
        """The sessions of one activity, as numbers of ``each``."""
        found: list[int] = self.number[self.offsets[row] : self.offsets[row + 1]].tolist()
        return found

    def most(self, values: npt.NDArray[np.int8], rows: Rows, without: int) -> npt.NDArray[np.int8]:
        """The greatest value of a session of each activity; ``without`` where none is stated."""
        least = np.int8(-128)
        ready = np.append(values, [np.int8(without), least])
        return self._over(np.maximum, ready, rows)

    def soonest(self, days: Floats, rows: Rows) -> Floats:
        """The fewest days to a session of each activity: NaN when none is clear, inf when all ended."""
        return self.soonest_of(waits(days), rows)

    def soonest_of(self, waits: Floats, rows: Rows) -> Floats:
        """The same from what ``waits`` makes of the days."""
        found: Floats = self._over(np.minimum, waits, rows)
        found[found == UNCLEAR] = np.nan
        return found

    def _over(self, better: np.ufunc, values: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
        """The best value of a session of each activity; of ``values`` see ``Pairs``."""
        pairs = self.pairs
        found = pairs.over(better, values, rows)
        if pairs.more is not None and len(some := np.flatnonzero(pairs.more[rows])):
            held, begins = self._held(values, rows[some])
            found[some] = better.reduceat(held, begins)
        return found

    def _held(
        self, values: npt.NDArray[Any], rows: Rows
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        """The values of all sessions of activities that state any, and where those of each begin."""
        first = self.offsets[rows]
        counts = self.offsets[rows + 1] - first
        until = np.cumsum(counts)
        begins = until - counts
        places = np.arange(until[-1]) + np.repeat(first - begins, counts)
        return values[self.number[places]], begins


def build_weeks(sessions: SessionColumns) -> Weeks:
    hours_of, hour = number_alike(sessions.day, sessions.start_minute, sessions.end_minute)
    runs_of, _ = number_alike(sessions.rhythm, sessions.first_day, sessions.last_day)
    numbers, first = number_alike(hours_of, runs_of)
    number = numbers.astype(np.uint32)
    return Weeks(
        offsets=sessions.offsets,
        number=number,
        each=_alone(sessions, first),
        hours=_alone(sessions, hour),
        hours_of=hours_of[first],
        pairs=_pairs(sessions.offsets, number, len(first)),
    )


def splice_weeks(
    before: Weeks, sessions: SessionColumns, added: SessionColumns, splice: Splice
) -> Weeks:
    """The weeks of ``sessions``, from those before some activities went and others were added.

    ``splice`` is of sessions. Only what was added is compared, with the different ones that are left.
    """
    is_left = np.zeros(len(before.each.offsets) - 1, dtype=np.bool_)
    is_left[before.number[splice.stays()]] = True
    left = np.flatnonzero(is_left)
    some = build_weeks(both_sessions(before.each.take(left), added))
    renumbered = np.zeros(len(is_left), dtype=np.uint32)
    renumbered[left] = some.number[: len(left)]
    number = splice.rows(renumbered[before.number], some.number[len(left) :])
    return Weeks(
        offsets=sessions.offsets,
        number=number,
        each=some.each,
        hours=some.hours,
        hours_of=some.hours_of,
        pairs=_pairs(sessions.offsets, number, len(some.each.day)),
    )


def waits(days: Floats) -> Floats:
    """Days to each different session, ready to be looked up by ``Pairs``."""
    return np.append(np.where(np.isnan(days), UNCLEAR, days), [UNCLEAR, np.inf])


def _pairs(offsets: npt.NDArray[np.int64], number: npt.NDArray[np.uint32], different: int) -> Pairs:
    begins, counts = offsets[:-1], np.diff(offsets)
    numbers = np.empty((len(counts), 2), dtype=np.uint32)
    for place in range(2):
        some = counts > place
        numbers[:, place] = different + place
        numbers[some, place] = number[begins[some] + place]
    more = counts > 2
    return Pairs(numbers, more if more.any() else None)


def next_session(weeks: Weeks, row: int, days: Floats, today: date) -> str | None:
    """When an activity meets next (``YYYY-MM-DDTHH:MM``, or the date alone), by days to each session."""
    dated = [
        (wait, weeks.each.start_minute.item(i))
        for i in weeks.of(row)
        if math.isfinite(wait := days.item(i))
    ]
    if not dated:
        return None
    wait, minute = min(dated)
    day = today + timedelta(days=int(wait))
    clock = "" if minute == NOT_STATED else f"T{clock_of(minute)}"
    return f"{day.isoformat()}{clock}"


def _alone(sessions: SessionColumns, chosen: npt.NDArray[np.intp]) -> SessionColumns:
    count = len(chosen)

    def of(column: Integers) -> Integers:
        return column[chosen]

    return SessionColumns(
        offsets=np.arange(count + 1),
        activity=np.arange(count, dtype=np.int32),
        day=of(sessions.day),
        start_minute=of(sessions.start_minute),
        end_minute=of(sessions.end_minute),
        rhythm=of(sessions.rhythm),
        first_day=of(sessions.first_day),
        last_day=of(sessions.last_day),
    )
