"""The contributions of some rows: every factor valued, every limit looked at, weighted and rounded.

In numpy each is asked by itself, which for the ten of a list takes longer than to find them; a compiled
loop asks all of them of one row after the other. Both give the same numbers: where a rounding could turn
a last decimal, numpy decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spmatch import fast
from spmatch.columns import Flags, Floats
from spmatch.config import Config
from spmatch.constraints import Codes, Ruling
from spmatch.contracts import Rows
from spmatch.factors import Factor, LateFactor, Nearness, SoftTerm, Timing
from spmatch.facts import Facts
from spmatch.geography import Point
from spmatch.ground import DistanceLimit, Reach
from spmatch.judging import SUBJECTS
from spmatch.kernels import BY_KIND, DISTANCE, LIMIT, MEETING, NEARNESS, TIMING
from spmatch.ranking import DECIMALS, contribute, costs_of, penalise, shares_of
from spmatch.ruled import KindLimit, RowLimit
from spmatch.weeks import UNCLEAR

_NOWHERE = Point(np.nan, np.nan)
_NO_TABLE: Floats = np.zeros(0)
_NO_CODES: Codes = np.zeros(0, dtype=np.int8)
_NO_FLAGS: Flags = np.zeros(0, dtype=np.bool_)


class Weigher:
    """Weighs the activities of one catalogue. Safe to call from many threads."""

    def __init__(self, facts: Facts, config: Config) -> None:
        self._weights, self._penalties = config.weights, config.penalties
        self._shares: dict[tuple[str, ...], list[float]] = {}
        self._numbers = facts.marks.number
        marks, ground, weeks, pairs = facts.marks, facts.ground, facts.weeks, facts.pairs_in_order
        more = _NO_FLAGS if pairs.more is None else pairs.more
        self._at_positions = (
            *(costs_of(config.penalties), marks.where, marks.words, marks.wide, ground.place),
            *(pairs.numbers, more, weeks.offsets, weeks.number),
        )
        self._at_rows = (
            *(ground.lat, ground.lon, ground.margin_km, ground.vague, ground.at_home),
            *(facts.comes_home, DECIMALS),
        )

    def weigh(
        self,
        given: Mapping[str, Floats],
        factors: Sequence[SoftTerm],
        rulings: Sequence[Ruling],
        rows: Rows,
        reach: Reach | None,
    ) -> dict[str, Floats]:
        """What each factor adds to the score of each row, and what is unkept or not stated takes off.

        ``given`` are the values of the factors that are known already: they come first.
        """
        compiled = fast.compiled()
        found = compiled and self._looped(compiled, given, factors, rulings, rows, reach)
        if found:
            return found
        values = {**given, **{one.name: one.at(rows) for one in factors}}
        return {
            **contribute(values, self._weights),
            **penalise(rulings, rows, self._penalties),
        }

    def _looped(
        self,
        compiled: fast.Compiled,
        given: Mapping[str, Floats],
        factors: Sequence[SoftTerm],
        rulings: Sequence[Ruling],
        rows: Rows,
        reach: Reach | None,
    ) -> dict[str, Floats] | None:
        """``None`` where one is of a sort that the loop does not know, or a decimal is not sure."""
        names = (*given, *[one.name for one in factors])
        shares = self._shares.get(names)
        if shares is None:
            shares = self._shares[names] = shares_of(names, self._weights)
        origin = _NOWHERE if reach is None else reach.origin
        settings = [*shares, origin.lat, origin.lon]
        terms: list[int] = []
        tables: list[Floats] = []
        waits = _NO_TABLE
        for target, one in enumerate(factors, len(given)):
            if isinstance(one, LateFactor):
                by, begin = one.by, len(settings)
                if isinstance(by, Nearness):
                    terms += (NEARNESS, 0, target, begin)
                    settings += (by.half_km, by.not_stated, by.home)
                elif isinstance(by, Timing):
                    terms += (TIMING, 0, target, begin)
                    settings += (by.half_days, by.not_stated)
                    waits = by.waits
                else:
                    return None
            elif isinstance(one, Factor) and one.kind_of_row is not None:
                subject = self._numbers[SUBJECTS.get(one.name, one.name)]
                terms += (BY_KIND, subject, target, len(tables))
                tables.append(one.values)
            else:
                return None
        codes: list[Codes] = []
        begin = 0
        for ruling in rulings:
            cost = 2 if ruling.kind == "prefer" else int(ruling.from_activity)
            if isinstance(ruling, DistanceLimit):
                terms += (DISTANCE, 0, cost, len(settings))
                settings.append(ruling.km)
            elif isinstance(ruling, (KindLimit, RowLimit)):
                if cost < 2 and not ruling.may_be_unknown:
                    continue
                if isinstance(ruling, KindLimit):
                    terms += (LIMIT, self._numbers[ruling.subject], cost, begin)
                    codes.append(ruling.codes)
                else:
                    terms += (MEETING, 0, cost, begin)
                    codes.append(ruling.ready)
                begin += len(codes[-1])
            else:
                return None
        if len(tables) > fast.TABLES:
            return None
        tables += [_NO_TABLE] * (fast.TABLES - len(tables))
        parts, unstated, unkept, sure = compiled.weigh(
            np.ascontiguousarray(rows, dtype=np.int64),
            np.array(list(given.values()), dtype=np.float64).reshape(len(given), len(rows)),
            np.array(terms, dtype=np.int64),
            np.array(settings),
            tuple(tables),
            np.concatenate(codes) if codes else _NO_CODES,
            *self._at_positions,
            waits,
            UNCLEAR,
            *self._at_rows,
        )
        if not sure:
            return None
        found = dict(zip(names, parts, strict=False))
        if unstated:
            found["not_stated"] = parts[-2]
        if unkept:
            found["preferences"] = parts[-1]
        return found
