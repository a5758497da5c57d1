"""Which activities at some runs of positions fall to no limit: looked up in numpy, or by a compiled loop.

What is known by kind is asked first, then when an activity meets, and the distance last: few are left to
measure. Both ways give the same rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch import fast
from spmatch.bands import Spans
from spmatch.columns import Flags
from spmatch.contracts import Rows
from spmatch.facts import Facts
from spmatch.geography import Point
from spmatch.ground import DistanceLimit
from spmatch.ruled import KindLimit, RowLimit

_NO_FLAGS: Flags = np.zeros(0, dtype=np.bool_)
_NOWHERE = Point(math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Sifting:
    """The limits that are laid over a catalogue."""

    facts: Facts
    by_kind: Sequence[KindLimit]
    by_row: Sequence[RowLimit]
    distance: DistanceLimit | None
    exclude_unknown: bool

    def through(self, spans: Spans) -> Rows:
        """The rows at these positions that fall to none of the limits, ascending."""
        compiled = fast.compiled()
        rows = self._looked_up(spans) if compiled is None else self._looped(compiled, spans)
        rows.sort()
        return rows

    def _meeting(self) -> RowLimit | None:
        """The limit of when activities meet that has still to be asked."""
        strict, found = self.exclude_unknown, None
        for one in self.by_row:
            # A session that fits free time still meets: who keeps that limit keeps the dates.
            if one.excludes_some[strict] and (found is None or one.limit == "available"):
                found = one
        return found

    def _masks(self) -> tuple[list[int], list[int], list[KindLimit]]:
        """By word of the marks: the bits that fall, and how many activities do; and what has no bits."""
        strict, marks = self.exclude_unknown, self.facts.marks
        bits, falls, others = [0] * len(marks.words), [0] * len(marks.words), []
        for one in self.by_kind:
            if not one.falls[strict]:
                continue
            if held := marks.place.get(one.subject):
                number, shift = held
                bits[number] |= one.bits[strict] << shift
                falls[number] += one.falls[strict]
            else:
                others.append(one)
        return bits, falls, others

    # -- by a compiled loop

    def _looped(self, compiled: fast.Compiled, spans: Spans) -> Rows:
        strict, facts, distance = self.exclude_unknown, self.facts, self.distance
        marks, ground, pairs, weeks = facts.marks, facts.ground, facts.pairs_in_order, facts.weeks
        bits, falls, others = self._masks()
        # What excludes most is asked of every position, the others of what that leaves.
        asked = [number for number, mask in enumerate(bits) if mask]
        asked.sort(key=lambda number: -falls[number])
        meeting = self._meeting()
        keeps_from, keeps, begin = [-1] * len(marks.wide), [], 0
        for one in others:
            keeps.append(one.keeps[strict])
            keeps_from[marks.wide_place[one.subject]] = begin
            begin += len(keeps[-1])
        origin = _NOWHERE if distance is None else distance.reach.origin
        rows: Rows
        rows, unsure = compiled.sift(
            spans.starts,
            spans.ends,
            marks.words,
            np.array(asked, dtype=np.int64),
            np.array([bits[number] for number in asked], dtype=np.uint64),
            marks.wide,
            np.concatenate(keeps) if len(keeps) > 1 else keeps[0] if keeps else _NO_FLAGS,
            np.array(keeps_from, dtype=np.int64),
            pairs.numbers,
            _NO_FLAGS if pairs.more is None else pairs.more,
            weeks.offsets,
            weeks.number,
            ground.order,
            _NO_FLAGS if meeting is None else meeting.keeps[strict],
            ground.unit,
            origin.lat,
            origin.lon,
            math.nan if distance is None else distance.km,
            ground.about_from,
            ground.anywhere_from,
            strict,
        )
        if distance is not None and len(unsure):
            measured = ground.order[unsure]
            rows = np.concatenate([rows, measured[~distance.falls_at(measured, strict)]])
        return rows

    # -- in numpy

    def _looked_up(self, spans: Spans) -> Rows:
        positions: Rows | None = None
        for values, step in self._steps():
            positions = (
                spans.at(np.flatnonzero(step(spans.take(values))))
                if positions is None
                else positions[step(values[positions])]
            )
        if positions is None:
            positions = spans.positions()
        if (meeting := self._meeting()) is not None:
            positions = positions[self._meets(meeting, positions)]
        rows: Rows = self.facts.ground.order[positions]
        if self.distance is None:
            return rows
        return rows[~self.distance.excludes(positions, rows, self.exclude_unknown)]

    def _steps(self) -> list[tuple[npt.NDArray[Any], _Step]]:
        """What to look up by position, and which of it passes: what leaves least first."""
        strict, marks = self.exclude_unknown, self.facts.marks
        bits, falls, others = self._masks()
        steps: list[tuple[int, npt.NDArray[Any], _Step]] = [
            (falls[number], marks.words[number], _Without(mask))
            for number, mask in enumerate(bits)
            if mask
        ]
        steps += [(one.falls[strict], one.in_order, _OfKind(one.keeps[strict])) for one in others]
        steps.sort(key=lambda step: -step[0])
        return [(values, step) for _, values, step in steps]

    def _meets(self, limit: RowLimit, positions: Rows) -> Flags:
        """Which of these positions have a session that keeps a limit, or state none where that does."""
        keeps, pairs = limit.keeps[self.exclude_unknown], self.facts.pairs_in_order
        found: Flags = pairs.over(np.logical_or, keeps, positions)
        if pairs.more is not None and len(some := np.flatnonzero(pairs.more[positions])):
            rows = self.facts.ground.order[positions[some]]
            found[some] = ~limit.falls_at(rows, self.exclude_unknown)
        return found


class _OfKind:
    """Of the kinds of some positions, those that are kept."""

    def __init__(self, keeps: Flags) -> None:
        self._keeps = keeps

    def __call__(self, kinds: npt.NDArray[Any]) -> Flags:
        kept: Flags = self._keeps[kinds]
        return kept


class _Without:
    """Of the words of some positions, those that have none of these bits."""

    def __init__(self, bits: int) -> None:
        self._bits = np.uint64(bits)

    def __call__(self, words: npt.NDArray[Any]) -> Flags:
        passing: Flags = (words & self._bits) == np.uint64(0)
        return passing


_Step = _OfKind | _Without
