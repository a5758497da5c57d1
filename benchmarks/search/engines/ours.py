"""spmatch itself: the matcher's own sieve, factors and contributions, given a vector in place of a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from benchmarks.search.protocol import Engine, K
from benchmarks.search.workload import TODAY, Vectors, Workload

from spmatch.config import Config
from spmatch.constraints import Person, Ruling
from spmatch.factors import SoftTerm
from spmatch.facts import build_facts
from spmatch.geography import Point
from spmatch.ground import Reach
from spmatch.indexes.exact import ExactIndex
from spmatch.judging import Judge
from spmatch.profile import Profile
from spmatch.selecting import Sieve
from spmatch.way import Way
from spmatch.weighing import Weigher


class Ours(Engine):
    needs: ClassVar[tuple[str, ...]] = ("spmatch",)
    memory_share: ClassVar[float] = 1.3
    how: ClassVar[str] = "exact, rows in order of place"

    def build(self, workload: Workload, directory: Path) -> None:
        self._config = Config.default()
        self._facts = build_facts(workload.columns)
        self._judge = Judge(self._facts, self._config)
        self._weigher = Weigher(self._facts, self._config)
        self._index = ExactIndex(np.array(workload.vectors))

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        facts, judge, config = self._facts, self._judge, self._config
        origin = profile.origin
        assert origin is not None
        assert origin.lat is not None
        assert origin.lon is not None
        reach = Reach(facts.ground, Point(origin.lat, origin.lon))
        person = Person(
            today=TODAY,
            age=profile.age,
            gender=profile.gender,
            languages=profile.languages,
            concessions=judge.concessions(profile.concessions),
        )
        must, prefer = profile.must, profile.prefer
        rulings: list[Ruling] = [
            *judge.judgements(person, must, "must"),
            *judge.admissions(person),
        ]
        if must.distance_km is not None:
            rulings.insert(0, reach.limit(must.distance_km, "must"))
        way = Way(reach, facts.comes_home, config)
        factors: list[SoftTerm] = [way.nearness(must, prefer), *judge.factors(person, must, prefer)]
        sieve = Sieve.of(facts, rulings, exclude_unknown=False)
        best, meaning = self._index.search(query, K, sieve.rows())
        self.contributions = self._weigher.weigh(
            {"meaning": meaning}, factors, rulings, best, reach
        )
        return best.tolist()
