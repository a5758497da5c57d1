"""The parts of a score as bars: what speaks for it to the right, what speaks against it to the left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spmatch.suggestion import Contribution
from spmatch.wording import Wording

DIGITS = 3
HALF = 100
"""Length of the longest bar, in the units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part: its name, what it came from, its value as text, and its bar from ``x`` of ``width``."""

    name: str
    detail: str
    value: str
    x: float
    width: float
    against: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """The parts and their sum. The values as shown add up to the sum as shown."""

    bars: tuple[Bar, ...]
    sum: str
    axis: float
    length: float


def longest(groups: Iterable[Sequence[Contribution]]) -> float:
    """The largest part, for or against: bars of several activities drawn to it can be compared."""
    return max((abs(one.value) for group in groups for one in group), default=0.0)


def bars_of(parts: Sequence[Contribution], score: float, scale: float, words: Wording) -> Bars:
    """Bars of the parts that count, where ``scale`` is as long as a bar gets."""
    counted = [one for one in parts if round(one.value, 6) != 0]
    scale = max(scale, 1e-9)
    least = min((one.value for one in counted), default=0.0)
    axis = round(HALF * min(1.0, max(0.0, -least) / scale), 2)
    bars = tuple(
        Bar(
            name=words.term("contribution", part.name),
            detail=part.detail,
            value=signed(value, words),
            x=round(axis - (width if part.value < 0 else 0), 2),
            width=width,
            against=part.value < 0,
        )
        for part, value in zip(
            counted, rounded_together([one.value for one in counted], score), strict=True
        )
        for width in [max(0.75, round(HALF * min(1.0, abs(part.value) / scale), 2))]
    )
    total = signed(round(score, DIGITS), words).removeprefix("+")
    return Bars(bars, total, axis, axis + HALF)


def rounded_together(values: Sequence[float], total: float) -> list[float]:
    """Values rounded so that they still add up to the rounded total.

    Each is rounded down first; those that lost most are rounded up instead (the method of largest
    remainders), so that no value is off by a whole unit of the last digit.
    """
    unit = 10**DIGITS
    exact = [value * unit for value in values]
    floors = [int(value // 1) for value in exact]
    # Half of the last digit is rounded one way only: as the sum is that is shown.
    missing = round(round(total, DIGITS) * unit) - sum(floors)
    order = sorted(range(len(values)), key=lambda i: floors[i] - exact[i])
    for i in order[: max(0, missing)]:
        floors[i] += 1
    return [value / unit for value in floors]


def signed(value: float, words: Wording) -> str:
    """With a sign and three decimals, as the language writes decimals."""
    text = f"{value:+.{DIGITS}f}".replace("-", "\N{MINUS SIGN}")
    return text.replace(".", words.number(0.5)[1])
