"""The contributions of some rows: every factor valued, every limit looked at, weighted and rounded.

In numpy each is asked by itself, which for the ten of a list takes longer than to find them; a compiled
loop asks all of them of one row after the other. Both give the same numbers: where a rounding could turn
a last decimal, numpy decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch import fast
from spmatch.columns import Flags, Floats
from spmatch.config import Penalties, Weights
from spmatch.constraints import Codes, Ruling
from spmatch.contracts import Rows
from spmatch.factors import Factor, Nearness, SoftTerm, Timing
from spmatch.facts import Facts
from spmatch.ground import DistanceLimit, Reach
from spmatch.judging import SUBJECTS
from spmatch.ranking import DECIMALS, contribute, costs_of, penalise
from spmatch.ruled import KindLimit, RowLimit
from spmatch.weeks import UNCLEAR

_NO_TABLE: Floats = np.zeros(0)
_NO_CODES: Codes = np.zeros(0, dtype=np.int8)
_NO_FLAGS: Flags = np.zeros(0, dtype=np.bool_)


def weigh(
    facts: Facts,
    reach: Reach | None,
    given: Mapping[str, Floats],
    factors: Sequence[SoftTerm],
    rulings: Sequence[Ruling],
    rows: Rows,
    weights: Weights,
    penalties: Penalties,
) -> dict[str, Floats]:
    """What each factor adds to the score of each row, and what is not kept or not stated takes off.

    ``given`` are the values of the factors that are known already: they come first.
    """
    compiled = fast.compiled()
    terms = None if compiled is None else _Terms.of(facts, reach, given, factors, rulings)
    if compiled is not None and terms is not None:
        names = [*given, *(one.name for one in factors)]
        applied = [float(getattr(weights, name)) for name in names]
        whole = sum(applied) or 1.0
        found, sure = compiled.weigh(
            np.ascontiguousarray(rows, dtype=np.int64),
            np.array(list(given.values())).reshape(len(given), len(rows)),
            np.array([weight / whole for weight in applied]),
            *terms.arguments(costs_of(penalties)),
            DECIMALS,
        )
        if sure:
            parts = dict(zip(names, found, strict=False))
            for name, part in (("not_stated", found[-2]), ("preferences", found[-1])):
                if part.any():
                    parts[name] = part
            return parts
    values = {**given, **{one.name: one.at(rows) for one in factors}}
    return {**contribute(values, weights), **penalise(rulings, rows, penalties)}


class _Terms:
    """Factors and limits as a compiled loop takes them."""

    def __init__(self, facts: Facts, reach: Reach | None) -> None:
        self._facts, self._reach = facts, reach
        self.factors: list[tuple[int, int, int, int]] = []
        self.tables: list[Floats] = []
        self.limits: list[tuple[int, int, int, int]] = []
        self.codes: list[Codes] = []
        self.meetings: list[Codes] = []
        self.meeting_costs: list[int] = []
        self.distances: list[float] = []
        self.distance_costs: list[int] = []
        self.nearness: tuple[int, Nearness] | None = None
        self.timing: tuple[int, Timing] | None = None

    @classmethod
    def of(
        cls,
        facts: Facts,
        reach: Reach | None,
        given: Mapping[str, Floats],
        factors: Sequence[SoftTerm],
        rulings: Sequence[Ruling],
    ) -> _Terms | None:
        """``None`` where one is of a sort that the loop does not know."""
        terms = cls(facts, reach)
        known = all(
            terms._takes_factor(number, one) for number, one in enumerate(factors, len(given))
        ) and all(terms._takes_limit(one) for one in rulings)
        room = (
            max(len(terms.tables), len(terms.codes)) <= fast.TERMS
            and len(terms.meetings) <= fast.FEW
        )
        return terms if known and room else None

    def _takes_factor(self, number: int, one: SoftTerm) -> bool:
        if isinstance(one, Factor):
            if one.kind_of_row is None:
                return False
            where = self._facts.marks.where[SUBJECTS.get(one.name, one.name)]
            self.factors.append((*where, number))
            self.tables.append(one.values)
            return True
        by = getattr(one, "by", None)
        if isinstance(by, Timing):
            self.timing = (number, by)
        elif isinstance(by, Nearness):
            self.nearness = (number, by)
        return by is not None

    def _takes_limit(self, one: Ruling) -> bool:
        cost = 2 if one.kind == "prefer" else int(one.from_activity)
        if isinstance(one, DistanceLimit):
            self.distances.append(one.km)
            self.distance_costs.append(cost)
            return one.reach is self._reach
        if not isinstance(one, KindLimit | RowLimit):
            return False
        if cost < 2 and not one.may_be_unknown:
            return True
        if isinstance(one, KindLimit):
            self.limits.append((*self._facts.marks.where[one.subject], cost))
            self.codes.append(one.codes)
        else:
            self.meetings.append(one.ready)
            self.meeting_costs.append(cost)
        return True

    def arguments(self, costs: Floats) -> tuple[Any, ...]:
        """In the order of ``kernels.weigh``, from the words on."""
        facts, reach = self._facts, self._reach
        marks, ground, weeks, pairs = facts.marks, facts.ground, facts.weeks, facts.pairs_in_order
        timing_at, timing = self.timing or (-1, None)
        nearness_at, near = self.nearness or (-1, None)
        return (
            *(marks.words, marks.wide, ground.place),
            _numbers(self.factors),
            (*self.tables, *[_NO_TABLE] * (fast.TERMS - len(self.tables))),
            _numbers(self.limits),
            (*self.codes, *[_NO_CODES] * (fast.TERMS - len(self.codes))),
            costs,
            *(pairs.first, pairs.second, _NO_FLAGS if pairs.more is None else pairs.more),
            *(weeks.offsets, weeks.number),
            (*self.meetings, *[_NO_CODES] * (fast.FEW - len(self.meetings))),
            np.array(self.meeting_costs, dtype=np.int64),
            _NO_TABLE if timing is None else timing.waits,
            _NO_TABLE
            if timing is None
            else np.array([timing.half_days, timing.not_stated, UNCLEAR]),
            timing_at,
            *(ground.lat, ground.lon, ground.margin_km, ground.vague, ground.at_home),
            facts.comes_home,
            _NO_TABLE if reach is None else np.array([reach.origin.lat, reach.origin.lon]),
            np.array(self.distances, dtype=np.float64),
            np.array(self.distance_costs, dtype=np.int64),
            _NO_TABLE if near is None else np.array([near.half_km, near.not_stated, near.home]),
            nearness_at,
        )


def _numbers(found: list[tuple[int, int, int, int]]) -> npt.NDArray[np.int64]:
    # All bits of a full word are more than a signed number holds: as bits they are the same.
    return np.array(found, dtype=np.uint64).view(np.int64).reshape(len(found), 4)
