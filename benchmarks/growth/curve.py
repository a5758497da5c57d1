"""What was measured: times along something that grows, a line for each way of searching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One way of searching at one place of the axis."""

    way: str
    at: str
    """The place as it is written on the axis."""
    mean_ms: float
    """Of one search; of one profile, where several are matched together."""
    p95_ms: float | None
    """``None`` where only the mean of many is known."""
    searches: int
    all_right: bool
    """Whether every search found exactly the true ten; of a batch, what each finds alone."""
    near_mean: float | None = None
    """Activities that the distance does not exclude."""
    survivors_mean: float | None = None
    """Activities that no limit excludes: their vectors are read."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One axis with everything that was measured along it, in one run."""

    key: str
    title: str
    axis: str
    about: str
    """What was held still."""
    rounds: int
    points: tuple[Point, ...]

    @property
    def ways(self) -> list[str]:
        return _once(point.way for point in self.points)

    @property
    def places(self) -> list[str]:
        return _once(point.at for point in self.points)

    def point(self, way: str, at: str) -> Point | None:
        """``None`` where this way was not measured there."""
        return next((one for one in self.points if (one.way, one.at) == (way, at)), None)


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
