"""Which activities no limit excludes, and which only one: found without judging a whole catalogue.

A limit is judged by kinds, so how many activities it excludes is known before any is looked at, and the
one that excludes most is asked first. Then come the limits that each activity must be looked at for, and
distance last: the runs that a radius covers bound the work, and few are left to measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spmatch.bands import Spans
from spmatch.columns import Flags
from spmatch.constraints import Ruling
from spmatch.contracts import Rows
from spmatch.facts import Facts
from spmatch.ground import DistanceLimit
from spmatch.ruled import KindLimit, RowLimit, excluding
from spmatch.sifting import Sifting

Scan = Literal["runs", "all"]


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
        by_kind: list[KindLimit] = []
        by_row: list[RowLimit] = []
        distance = None
        for one in rulings:
            if one.kind != "must":
                continue
            if isinstance(one, KindLimit):
                by_kind.append(one)
            elif isinstance(one, RowLimit):
                by_row.append(one)
            elif isinstance(one, DistanceLimit):
                distance = one
        return cls(facts, tuple(by_kind), tuple(by_row), distance, exclude_unknown)

    @property
    def judged(self) -> tuple[KindLimit | RowLimit, ...]:
        """All but the distance."""
        return (*self.by_kind, *self.by_row)

    @property
    def scan(self) -> Scan:
        """Which way the rows are found: by the runs that a radius covers, or over the whole catalogue."""
        return "all" if self.distance is None else "runs"

    def candidates(self) -> int:
        """How many activities are looked at for them: known before any is."""
        return len(self._spans())

    def rows(self) -> Rows:
        """Those that no limit excludes, ascending."""
        return self._sifting(self.distance).through(self._spans())

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
        rows = self._sifting(None).through(spans)
        return rows[self.excludes(distance, rows)]

    def _sifting(self, distance: DistanceLimit | None) -> Sifting:
        return Sifting(self.facts, self.by_kind, self.by_row, distance, self.exclude_unknown)

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
                anywhere = one.kept_runs(anywhere, self.exclude_unknown)
        return ground.near(self.distance.reach.origin, self.distance.km, anywhere)
