"""Which activities no limit excludes, and which only one: found without judging a whole catalogue.

A limit is judged by kinds, so how many activities it excludes is known before any is looked at, and the
one that excludes most is asked first. Then come the limits that each activity must be looked at for, and
distance last: the runs that a radius covers bound the work, and few are left to measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.columns import Flags
from spmatch.constraints import Ruling
from spmatch.contracts import Rows
from spmatch.facts import Facts
from spmatch.ground import DistanceLimit, Spans
from spmatch.ruled import KindLimit, RowLimit, excluding


@dataclass(frozen=True, slots=True)
class Sieve:
    """The ``must`` limits of one request, ready to be laid over a catalogue."""

    facts: Facts
    by_kind: tuple[KindLimit, ...]
    by_row: tuple[RowLimit, ...]
    distance: DistanceLimit | None
    exclude_unknown: bool

    @classmethod
    def of(cls, facts: Facts, rulings: Sequence[Ruling], *, exclude_unknown: bool) -> Sieve:
        """``exclude_unknown``: what does not state what a limit of the person asks is excluded too."""
        musts = [one for one in rulings if one.kind == "must"]
        by_kind = [one for one in musts if isinstance(one, KindLimit)]
        by_row = [one for one in musts if isinstance(one, RowLimit)]
        return cls(
            facts,
            tuple(by_kind),
            tuple(by_row),
            next((one for one in musts if isinstance(one, DistanceLimit)), None),
            exclude_unknown,
        )

    @property
    def judged(self) -> tuple[KindLimit | RowLimit, ...]:
        """All but the distance."""
        return (*self.by_kind, *self.by_row)

    def rows(self) -> Rows:
        """Those that no limit excludes, ascending."""
        return np.sort(self._through(self._spans(), self.distance))

    def excluded(self) -> dict[str, int]:
        """How many activities of the whole catalogue fall to each limit."""
        found = {one.limit: one.falls[self.exclude_unknown] for one in self.judged}
        if self.distance is not None:
            found["distance"] = self.distance.falls(self.exclude_unknown)
        return {limit: count for limit, count in found.items() if count}

    def excludes(self, ruling: Ruling, rows: Rows) -> Flags:
        """Which of ``rows`` fall to a limit."""
        return excluding(ruling.at(rows), ruling, self.exclude_unknown)

    def falls_to(self, row: int) -> frozenset[str]:
        """The limits that exclude one activity."""
        rulings: Iterable[Ruling] = [*self.judged, *([self.distance] if self.distance else [])]
        return frozenset(one.limit for one in rulings if self.excludes(one, np.array([row]))[0])

    def near_misses(self) -> dict[str, Rows]:
        """By limit, distance excepted: those that fall to it and to no other, ascending."""
        order = self.facts.ground.order
        positions = self._everything().positions()
        falls = np.full(len(positions), -1)
        for number, one in enumerate(self.judged):
            if isinstance(one, KindLimit):
                broken = ~one.keeps[self.exclude_unknown][one.in_order[positions]]
            else:
                broken = self.excludes(one, order[positions])
            alone = ~(broken & (falls >= 0))
            falls = np.where(broken, number, falls)[alone]
            positions = positions[alone]
        some = falls >= 0
        rows, falls = order[positions[some]], falls[some]
        if self.distance is not None:
            near = ~self.excludes(self.distance, rows)
            rows, falls = rows[near], falls[near]
        return {
            one.limit: np.sort(rows[falls == number])
            for number, one in enumerate(self.judged)
            if (falls == number).any()
        }

    def too_far(self, within_km: float | None = None) -> Rows:
        """Those that fall to the limit of distance and to no other, ascending.

        Of them, those that may be within ``within_km``; ``None`` is anywhere.
        """
        distance, ground = self.distance, self.facts.ground
        if distance is None:
            return np.zeros(0, dtype=np.intp)
        spans = ground.everywhere()
        if within_km is not None:
            spans = ground.within(distance.reach.origin, within_km)
        rows = self._through(spans, None)
        return np.sort(rows[self.excludes(distance, rows)])

    def _through(self, spans: Spans, distance: DistanceLimit | None) -> Rows:
        """Rows at these positions that fall to none of the limits, in the order of the ground."""
        positions: Rows | None = None
        for values, passes in self._steps():
            positions = (
                spans.at(np.flatnonzero(passes(spans.take(values))))
                if positions is None
                else positions[passes(values[positions])]
            )
        if positions is None:
            positions = spans.positions()
        for one in self._meeting():
            positions = positions[self._meets(one, positions)]
        rows = self.facts.ground.order[positions]
        if distance is None:
            return rows
        return rows[~distance.excludes(positions, rows, self.exclude_unknown)]

    def _meeting(self) -> list[RowLimit]:
        """The limits of when activities meet, those left out that can exclude nothing more."""
        asked = [one for one in self.by_row if one.excludes_some[self.exclude_unknown]]
        # A session that fits still meets: who keeps free time keeps the dates.
        free = [one for one in asked if one.limit == "available"]
        return free or asked

    def _meets(self, limit: RowLimit, positions: Rows) -> Flags:
        """Which of these positions have a session that keeps a limit, or state none where that does."""
        keeps, pairs = limit.keeps[self.exclude_unknown], self.facts.pairs_in_order
        found: Flags = keeps[pairs.first[positions]] | keeps[pairs.second[positions]]
        if pairs.more is not None and len(some := np.flatnonzero(pairs.more[positions])):
            found[some] = ~self.excludes(limit, self.facts.ground.order[positions[some]])
        return found

    def _steps(self) -> list[tuple[npt.NDArray[Any], Callable[[npt.NDArray[Any]], Flags]]]:
        """What to look up by position, and which of it passes: what leaves least first."""
        strict, marks = self.exclude_unknown, self.facts.marks
        asked = [one for one in self.by_kind if one.falls[strict]]
        bits, falls = [0] * len(marks.words), [0] * len(marks.words)
        steps = []
        for one in asked:
            if held := marks.place.get(one.subject):
                number, shift = held
                bits[number] |= one.bits[strict] << shift
                falls[number] += one.falls[strict]
            else:
                steps.append((one.falls[strict], one.in_order, _of_kind(one.keeps[strict])))
        for number, mask in enumerate(bits):
            if mask:
                steps.append((falls[number], marks.words[number], _without(mask)))
        steps.sort(key=lambda step: -step[0])
        return [(values, passes) for _, values, passes in steps]

    def _everything(self) -> Spans:
        """All that may be within the distance."""
        if self.distance is None:
            return self.facts.ground.everywhere()
        return self.facts.ground.within(self.distance.reach.origin, self.distance.km)

    def _spans(self) -> Spans:
        """The same, less what no way of delivery brings."""
        ground = self.facts.ground
        if self.distance is None:
            return ground.everywhere()
        anywhere = ground.anywhere
        for one in self.by_kind:
            if one.limit == "delivery":
                # Each of these runs is of one way of delivery: it is kept, or falls, as a whole.
                anywhere = anywhere.only(
                    one.keeps[self.exclude_unknown][one.in_order[anywhere.starts]]
                )
        return ground.near(self.distance.reach.origin, self.distance.km) + anywhere


def _of_kind(keeps: Flags) -> Callable[[npt.NDArray[Any]], Flags]:
    def passes(kinds: npt.NDArray[Any]) -> Flags:
        kept: Flags = keeps[kinds]
        return kept

    return passes


def _without(bits: int) -> Callable[[npt.NDArray[Any]], Flags]:
    mask, none = np.uint64(bits), np.uint64(0)

    def passes(words: npt.NDArray[Any]) -> Flags:
        passing: Flags = (words & mask) == none
        return passing

    return passes
