"""Which activities no limit excludes, and which only one: found without judging a whole catalogue.

A limit is judged by kinds, so how many activities it excludes is known before any is looked at, and the
one that excludes most is asked first. Distance comes last: the runs that a radius covers bound the work,
and few are left to measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.columns import Flags
from spmatch.constraints import NOT_MET, UNKNOWN, Judgement, Ruling
from spmatch.contracts import Rows
from spmatch.facts import Facts
from spmatch.ground import DistanceLimit, Spans
from spmatch.judging import SUBJECTS


@dataclass(frozen=True, slots=True)
class Sieve:
    """The ``must`` limits of one request, ready to be laid over a catalogue."""

    facts: Facts
    judged: tuple[Judgement, ...]
    """Those judged by kinds, the one that leaves least first."""
    distance: DistanceLimit | None
    exclude_unknown: bool

    @classmethod
    def of(cls, facts: Facts, rulings: Sequence[Ruling], *, exclude_unknown: bool) -> Sieve:
        """``exclude_unknown``: what does not state what a limit of the person asks is excluded too."""
        musts = [one for one in rulings if one.kind == "must"]
        judged = [one for one in musts if isinstance(one, Judgement)]
        distance = next((one for one in musts if isinstance(one, DistanceLimit)), None)
        sieve = cls(facts, (), distance, exclude_unknown)
        judged.sort(key=lambda one: -sieve._excluded_by(one))
        return cls(facts, tuple(judged), distance, exclude_unknown)

    def rows(self) -> Rows:
        """Those that no limit excludes, ascending."""
        return np.sort(self._through(self._spans(), self.judged, self.distance))

    def excluded(self) -> dict[str, int]:
        """How many activities of the whole catalogue fall to each limit."""
        found = {one.limit: self._excluded_by(one) for one in self.judged}
        if self.distance is not None:
            found["distance"] = self._too_far(self.distance)
        return {limit: count for limit, count in found.items() if count}

    def excludes(self, ruling: Ruling, rows: Rows) -> Flags:
        """Which of ``rows`` fall to a limit."""
        codes = ruling.at(rows)
        broken: Flags = codes == NOT_MET
        if self.exclude_unknown and ruling.set_by_person:
            broken |= codes == UNKNOWN
        return broken

    def falls_to(self, row: int) -> frozenset[str]:
        """The limits that exclude one activity."""
        rulings: list[Ruling] = [*self.judged, *([self.distance] if self.distance else [])]
        return frozenset(one.limit for one in rulings if self.excludes(one, np.array([row]))[0])

    def near_misses(self) -> dict[str, Rows]:
        """By limit, distance excepted: those that fall to it and to no other, ascending."""
        positions = self._spans().positions()
        falls = np.full(len(positions), -1)
        for number, one in enumerate(self.judged):
            kinds = self.facts.kinds_in_order[SUBJECTS[one.limit]]
            broken = ~self._keeps(one)[kinds[positions]]
            alone = ~(broken & (falls >= 0))
            falls = np.where(broken, number, falls)[alone]
            positions = positions[alone]
        some = falls >= 0
        rows, falls = self.facts.ground.order[positions[some]], falls[some]
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
        rows = self._through(spans, self.judged, None)
        return np.sort(rows[self.excludes(distance, rows)])

    def _through(
        self, spans: Spans, judged: Sequence[Judgement], distance: DistanceLimit | None
    ) -> Rows:
        """Rows at these positions that fall to none of the limits, in the order of the ground."""
        positions: Rows | None = None
        for one in judged:
            keeps = self._keeps(one)
            if keeps.all():
                continue
            kinds = self.facts.kinds_in_order[SUBJECTS[one.limit]]
            # The first limit is asked run by run: neighbours are read in one go.
            positions = (
                spans.where(keeps, kinds)
                if positions is None
                else positions[keeps[kinds[positions]]]
            )
        rows = self.facts.ground.order[spans.positions() if positions is None else positions]
        return rows if distance is None else rows[~self.excludes(distance, rows)]

    def _spans(self) -> Spans:
        if self.distance is None:
            return self.facts.ground.everywhere()
        return self.facts.ground.within(self.distance.reach.origin, self.distance.km)

    def _keeps(self, one: Judgement) -> Flags:
        """Which kinds a limit leaves."""
        keeps: Flags = one.codes != NOT_MET
        if self.exclude_unknown and one.set_by_person:
            keeps &= one.codes != UNKNOWN
        return keeps

    def _excluded_by(self, one: Judgement) -> int:
        counts = self.facts.kinds[SUBJECTS[one.limit]].counts
        return int(counts[~self._keeps(one)].sum())

    def _too_far(self, distance: DistanceLimit) -> int:
        counted = self.facts.ground.count(distance.reach.origin, distance.km)
        return counted[NOT_MET] + (counted[UNKNOWN] if self.exclude_unknown else 0)
