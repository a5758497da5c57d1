"""A made catalogue as one made person stands to it: judged as a match judges, without any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from making import HOME, TODAY
from spmatch.activity import Activity
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.constraints import Person, Ruling
from spmatch.facts import Facts, build_facts
from spmatch.geography import Point
from spmatch.ground import Reach
from spmatch.judging import Judge, Prices
from spmatch.profile import Limits
from spmatch.selecting import Sieve


@dataclass(frozen=True)
class Standing:
    facts: Facts
    judge: Judge
    person: Person
    reach: Reach | None
    must: Limits
    prefer: Limits

    def rulings(self) -> list[Ruling]:
        return [
            *self._asked(self.must, "must"),
            *self.judge.admissions(self.person),
            *self._asked(self.prefer, "prefer"),
        ]

    def prices(self) -> Prices:
        return self.judge.prices(self.person)

    def sieve(self, *, exclude_unknown: bool = False) -> Sieve:
        return Sieve.of(self.facts, self.rulings(), exclude_unknown=exclude_unknown)

    def _asked(self, limits: Limits, kind: Any) -> list[Ruling]:
        judged = self.judge.judgements(self.person, limits, kind)
        if self.reach is None or limits.distance_km is None:
            return [*judged]
        return [self.reach.limit(limits.distance_km, kind), *judged]


def standing(
    activities: Sequence[Activity],
    must: dict[str, Any] | Limits | None = None,
    prefer: dict[str, Any] | Limits | None = None,
    *,
    origin: Point | None = Point(**HOME),  # noqa: B008
    on: date = TODAY,
    config: Config | None = None,
    **person: Any,
) -> Standing:
    facts = build_facts(build_columns(activities))
    return Standing(
        facts,
        Judge(facts, config or Config.default()),
        Person(today=on, radius_km=origin.radius_km if origin else 0.0, **person),
        Reach(facts.ground, origin) if origin else None,
        must if isinstance(must, Limits) else Limits.model_validate(must or {}),
        prefer if isinstance(prefer, Limits) else Limits.model_validate(prefer or {}),
    )
