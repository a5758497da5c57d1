"""The limit ``available``: whether a session falls into the free time of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmatch.columns import DAYS, NOT_STATED, Flags, Floats, SessionColumns
from spmatch.config import LimitSettings
from spmatch.constraints.judgement import (
    MET,
    NOT_MET,
    UNKNOWN,
    Codes,
    Judgement,
    Kind,
    codes_of,
    one,
)
from spmatch.contracts import Rows
from spmatch.messages import Message, Times
from spmatch.profile import Slot
from spmatch.sessions import still_meets
from spmatch.weeks import Weeks
from spmatch.words import clock_of, minutes_of


@dataclass(frozen=True, slots=True, eq=False)
class FreeTime:
    """Free time laid over the weeks of a catalogue, judged where it is asked for."""

    kind: Kind
    weeks: Weeks
    codes: Codes
    """By different session (``weeks.each``): whether that one fits, may fit, or does not."""
    running: Flags
    """Likewise: whether it still meets."""
    free: Times
    limit: str = "available"
    from_activity: bool = False
    set_by_person: bool = True

    @classmethod
    def of(
        cls,
        weeks: Weeks,
        running: Flags,
        slots: Sequence[Slot],
        kind: Kind,
        settings: LimitSettings,
    ) -> FreeTime:
        codes = judge_hours(weeks.hours, slots, settings)[weeks.hours_of]
        # What no longer meets is not met, and that is the code 0.
        codes *= running
        free = Times(tuple((slot.day, slot.start, slot.end) for slot in slots))
        return cls(kind, weeks, codes, running, free)

    def at(self, rows: Rows) -> Codes:
        """The best that a session of each activity does; unknown where none is stated."""
        return self.weeks.most(self.codes, rows, without=UNKNOWN)

    def among(self, rows: Rows) -> Judgement:
        """The same of these rows alone, which are its own first, second and so on."""
        codes, each = self.at(rows), rows.tolist()
        return Judgement(
            self.limit, self.kind, codes, lambda i: self._told(each[i], int(codes[i])), self.ask
        )

    def code(self, row: int) -> int:
        return int(self.at(np.array([row]))[0])

    def estimated(self, row: int) -> bool:
        return False

    def explain(self, row: int) -> Message:
        """The sessions that decided it: those that fit, may fit, or all that still meet."""
        return self._told(row, self.code(row))

    def _told(self, row: int, code: int) -> Message:
        deciding = self.running if code == NOT_MET else self.codes == code
        found = [_span(self.weeks.each, i) for i in self.weeks.of(row) if deciding[i]]
        free = {"free": self.free}
        if not found and code == NOT_MET:
            return Message("available.ended", free)
        stated = tuple(dict.fromkeys(span for span in found if any(span)))
        if not stated:
            return Message("available.unknown", free)
        name = "available.open" if code == UNKNOWN else "available.compared"
        return Message(name, {"times": Times(stated), **free})

    def ask(self, row: int) -> tuple[Message, ...]:
        return one(Message("ask.available"))

    def judged(self) -> Judgement:
        """The same for all activities at once."""
        return self.among(np.arange(len(self.weeks)))


def session_fits(
    sessions: SessionColumns, today: date, slots: Sequence[Slot], settings: LimitSettings
) -> tuple[Flags, Flags]:
    """For each session: whether it fits a slot, and whether it may (its day or times not stated).

    A session fits when at least ``overlap_minutes`` of it fall inside one slot, and it still meets.
    """
    codes = judge_hours(sessions, slots, settings) * still_meets(sessions, today)
    return codes == MET, codes == UNKNOWN


def fitting_days(
    weeks: Weeks, slots: Sequence[Slot], days: Floats, settings: LimitSettings
) -> Floats:
    """``days`` until each different session, inf for those that cannot fit a slot; all without slots."""
    if not slots:
        return days
    may_fit = judge_hours(weeks.hours, slots, settings) != NOT_MET
    fitting: Floats = np.where(may_fit[weeks.hours_of], days, np.inf)
    return fitting


def judge_hours(sessions: SessionColumns, slots: Sequence[Slot], settings: LimitSettings) -> Codes:
    """For each session: whether its day and hours fit a slot, whether it still meets or not."""
    no_day = sessions.day == NOT_STATED
    no_start, no_end = sessions.start_minute == NOT_STATED, sessions.end_minute == NOT_STATED
    # What is not stated is taken at its widest: what does not fit even then cannot fit.
    start = np.where(no_start, 0, sessions.start_minute)
    end = np.where(no_end, 1440, sessions.end_minute)
    overlaps = np.zeros(len(start), dtype=np.bool_)
    for day, opens, closes in _joined(slots):
        overlap = np.minimum(end, closes) - np.maximum(start, opens)
        overlaps |= ((sessions.day == day) | no_day) & (overlap >= settings.overlap_minutes)
    return codes_of(overlaps, overlaps & (no_day | no_start | no_end))


def _joined(slots: Sequence[Slot]) -> list[tuple[int, int, int]]:
    """Free time as (day, from, to) in minutes, slots that touch or overlap made one."""
    joined: list[tuple[int, int, int]] = []
    for day, opens, closes in sorted(
        (DAYS.index(slot.day), minutes_of(slot.start), minutes_of(slot.end)) for slot in slots
    ):
        if joined and joined[-1][0] == day and opens <= joined[-1][2]:
            joined[-1] = (day, joined[-1][1], max(closes, joined[-1][2]))
        else:
            joined.append((day, opens, closes))
    return joined


def _span(sessions: SessionColumns, i: int) -> tuple[str | None, str | None, str | None]:
    day, start, end = sessions.day[i], sessions.start_minute[i], sessions.end_minute[i]
    return (
        None if day == NOT_STATED else DAYS[day],
        None if start == NOT_STATED else clock_of(int(start)),
        None if end == NOT_STATED else clock_of(int(end)),
    )
