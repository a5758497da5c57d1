"""The factors of distance, valued where they are asked for: never for a whole catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spmatch.columns import Flags, Floats
from spmatch.config import Config
from spmatch.contracts import Rows
from spmatch.factors import (
    Factor,
    LateFactor,
    Nearness,
    farness,
    half_of_way,
    limit_of_way,
    nearness,
)
from spmatch.ground import Reach
from spmatch.profile import Limits


@dataclass(frozen=True, slots=True)
class Way:
    """From a person's origin to the activities of a catalogue."""

    reach: Reach
    comes_home: Flags
    config: Config

    def nearness(self, must: Limits, prefer: Limits) -> LateFactor:
        limit_km = limit_of_way(must, prefer)
        settings = self.config.nearness
        return self._term(
            "nearness",
            lambda km, at_home: nearness(km, at_home, limit_km, self.config),
            Nearness(half_of_way(limit_km, self.config), settings.not_stated, settings.home),
        )

    def farness(self) -> LateFactor:
        return self._term("far", lambda km, at_home: farness(km, at_home, self.config))

    def _term(
        self,
        name: str,
        value: Callable[[Floats, Flags], Factor],
        by: Nearness | None = None,
    ) -> LateFactor:
        def valued(rows: Rows) -> Factor:
            return value(self.reach.farthest_km(rows), self.comes_home[rows])

        return LateFactor(name, valued, by)
