"""What a row, or the rows joined to it, say of days and times, to sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from spmatch.readers.cell_times import clock_of_text, times_of_columns
from spmatch.readers.cells import date_of_cell, plain
from spmatch.readers.joined import Joined, Stated
from spmatch.readers.mapping import MAIN, SessionColumns
from spmatch.readers.mapping_fields import EVERY, Every
from spmatch.readers.tables_facts import Facts
from spmatch.words import Day, minutes_of

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def sessions_of(facts: Facts) -> list[dict[str, Any]]:
    """The sessions of an activity, each once. Words that say more, or are not clear, are kept."""
    sessions: list[dict[str, Any]] = []
    for columns in facts.mapping.sessions:
        if columns.table is None:
            found = list(_Times(facts, facts.joined, columns).sessions())
        else:
            found = [
                session
                for row in facts.joined.rows.get(columns.table, [])
                for session in _Times(
                    facts, facts.joined.within(columns.table, row), columns
                ).sessions()
            ]
        sessions += [session for session in found if session not in sessions]
    return sessions


class _Times:
    """The times of one row, as one group of columns states them."""

    def __init__(self, facts: Facts, joined: Joined, columns: SessionColumns) -> None:
        self._facts = facts
        self._stated: dict[str, Stated] = {}
        for key, ways in columns.ways():
            stated = joined.find(ways, columns.table or MAIN)
            if stated and stated.text:
                self._stated[key] = stated

    def sessions(self) -> Iterator[dict[str, Any]]:
        begins, ends = self._dates()
        every = self._every()
        if every is None:
            self._keep(list(self._stated.values()), mended=True)
            return
        if "date" not in self._stated and self._names_a_date("day"):
            self._stated["date"] = self._stated.pop("day")
        on = self._date("date")
        if on:
            begins, ends = on, on
        start, end = self._clocks()
        text, day, time = (self._text(key) for key in ("text", "day", "time"))
        words = [stated for key in ("text", "day", "time") if (stated := self._stated.get(key))]
        if not words and not (start or on):
            return
        if not words:
            yield self._session(
                _DAYS[on.weekday()] if on else None, start, end, every, begins, ends
            )
            return
        times = times_of_columns(text or day, None if text else time, self._facts.style)
        if times is None or (text and (day or time)):
            self._keep(words, mended=True)
            return
        if not times.in_full:
            self._keep(words, mended=False)
        for on_day, span in times.slots():
            first, last = span or (start, end)
            if on and on_day is None:
                on_day = _DAYS[on.weekday()]
            rhythm = times.every if times.every != "week" else every
            yield self._session(on_day, first, last, rhythm, begins, ends)

    @staticmethod
    def _session(
        day: Day | None,
        start: str | None,
        end: str | None,
        every: Every,
        begins: date | None,
        ends: date | None,
    ) -> dict[str, Any]:
        return {
            "day": day, "start": start, "end": end, "every": every, "from": begins, "until": ends
        }  # fmt: skip

    def _text(self, key: str) -> str | None:
        stated = self._stated.get(key)
        return stated.text if stated else None

    def _keep(self, words: list[Stated], *, mended: bool) -> None:
        """Keep all words about the times together: each alone may say less than both."""
        for stated in words:
            self._facts.kept.append((stated.column, stated.text))
        remedy = "Write days and times alone, for example: mandag og torsdag kl. 10-12."
        if mended:
            reason = "the days and times are not clear; their words are kept in the description."
            self._facts.mend(words[-1], reason, remedy)
        else:
            reason = (
                "not all of this can be said in sessions; its words are kept in the description."
            )
            self._facts.note(words[-1], reason, remedy)

    def _clocks(self) -> tuple[str | None, str | None]:
        clocks: list[str | None] = []
        for key in ("start", "end"):
            stated = self._stated.get(key)
            clock = clock_of_text(stated.text, self._facts.style) if stated else None
            if stated and clock is None:
                self._facts.keep(stated, "this is not a clear time of day", "Write it as HH:MM.")
            clocks.append(clock)
        start, end = clocks
        if end == "00:00" and start and start != "00:00":
            end = "24:00"
        if start and end and minutes_of(end) <= minutes_of(start):
            self._facts.mend(
                self._stated["end"],
                "it ends before it begins, or at once; both times were left out.",
                "Correct the times, in 24 hours: 16:00, not 4:00.",
            )
            return None, None
        return start, end

    def _dates(self) -> tuple[date | None, date | None]:
        begins, ends = self._date("from"), self._date("until")
        if begins and ends and ends < begins:
            self._facts.mend(
                self._stated["until"],
                "it ends before it begins; both dates were left out.",
                "Correct the dates.",
            )
            return None, None
        return begins, ends

    def _date(self, key: str) -> date | None:
        stated = self._stated.get(key)
        found = date_of_cell(stated.cell, self._facts.style) if stated else None
        if stated and found is None:
            self._facts.keep(stated, "this is not a whole date", "Write it as YYYY-MM-DD.")
        return found

    def _names_a_date(self, key: str) -> bool:
        stated = self._stated.get(key)
        return stated is not None and date_of_cell(stated.cell, self._facts.style) is not None

    def _every(self) -> Every | None:
        """How often; ``None`` where words say so that nothing here understands."""
        stated = self._stated.get("every")
        if stated is None:
            return "week"
        return next((every for every in EVERY if every == plain(stated.text)), None)
