"""Plots as inline SVG: values on one line each, with intervals. Every plot has a text alternative.

Positions are rounded to a tenth of a pixel, so that the same numbers give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from spmatch.evaluation.markup import Html, element, join

WIDTH_PX = 720.0
LABEL_PX = 300.0
VALUE_PX = 70.0
ROW_PX = 22.0
AXIS_PX = 34.0
LABEL_CHARACTERS = 46

_MARKS = ("circle", "square", "diamond")
"""Series differ by shape, not by colour alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a plot: a value (``None``: undefined, nothing is drawn) and its interval."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One line of a plot of several series: one value a series, in the order of their names."""

    label: str
    values: tuple[float | None, ...]


def interval_chart(
    rows: Sequence[Row],
    *,
    key: str,
    title: str,
    description: str,
    axis: str,
    mark: Literal["dot", "bar"] = "dot",
    reference: float | None = None,
    signed: bool = False,
    bounds: tuple[float, float] | None = None,
) -> Html:
    """Values with intervals, one a row. ``reference`` draws a dashed line that values compare with;
    bars start from it, or from 0. ``key`` makes the ids of this plot unique in the page."""
    base = reference if reference is not None else 0.0
    shown = [one for row in rows for one in (row.value, row.low, row.high) if one is not None]
    scale = _Scale(bounds or _bounds([*shown, base] if mark == "bar" or signed else shown))
    parts: list[Html] = [_axis(scale, len(rows), axis, signed)]
    if reference is not None:
        parts.append(_vertical(scale.x(reference), len(rows), "reference"))
    for number, row in enumerate(rows):
        y = _middle(number)
        parts.append(_label(row.label, y, row.emphasis))
        if row.value is None:
            parts.append(_text("undefined", LABEL_PX + 6, y, "quiet"))
            continue
        x = scale.x(row.value)
        if mark == "bar":
            parts.append(_bar(scale.x(base), x, y, row.emphasis))
        if row.low is not None and row.high is not None:
            parts.append(_whisker(scale.x(row.low), scale.x(row.high), y))
        if mark == "dot":
            parts.append(_mark("circle", x, y, "first" if row.emphasis else "other"))
        shown_value = f"{row.value:+.3f}".replace("-", "−") if signed else f"{row.value:.3f}"
        parts.append(_text(shown_value, WIDTH_PX - 4, y, "value"))
    return _figure(parts, len(rows), key, title, description)


def series_chart(
    rows: Sequence[SeriesRow],
    series: Sequence[str],
    *,
    key: str,
    title: str,
    description: str,
    axis: str,
) -> Html:
    """Up to three series, one mark a value, all of a row on one line; a legend names the marks."""
    shown = [one for row in rows for one in row.values if one is not None]
    scale = _Scale(_bounds([0.0, *shown]))
    parts: list[Html] = [_axis(scale, len(rows), axis, False)]
    for number, row in enumerate(rows):
        y = _middle(number)
        parts.append(_label(row.label, y, False))
        at = [scale.x(one) for one in row.values if one is not None]
        if at:
            parts.append(_whisker(min(at), max(at), y, ends=False))
        for index, value in enumerate(row.values):
            if value is not None:
                parts.append(_mark(_MARKS[index], scale.x(value), y, f"series-{index}"))
    legend_y = len(rows) * ROW_PX + AXIS_PX + 14
    x = LABEL_PX
    for index, name in enumerate(series):
        parts.append(_mark(_MARKS[index], x + 6, legend_y, f"series-{index}"))
        parts.append(_text(name, x + 16, legend_y, "legend"))
        x += 28 + 6.6 * len(name)
    return _figure(parts, len(rows), key, title, description, legend=True)


@dataclass(frozen=True, slots=True)
class _Scale:
    bounds: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.bounds
        share = (min(max(value, low), high) - low) / (high - low)
        return LABEL_PX + 8 + share * (WIDTH_PX - LABEL_PX - VALUE_PX - 16)

    def ticks(self) -> list[float]:
        low, high = self.bounds
        step = _step(high - low)
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        return [round(number * step, 10) for number in range(first, last + 1)]


def _bounds(values: Iterable[float]) -> tuple[float, float]:
    """Round limits that hold all values."""
    stated = list(values) or [0.0, 1.0]
    low, high = min(stated), max(stated)
    if high - low < 1e-9:
        low, high = low - 0.05, high + 0.05
    step = _step(high - low)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _step(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that makes four to nine parts."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    return max(
        (factor * power for factor in (1, 2, 5) if factor * power <= span / 4), default=power
    )


def _middle(row: int) -> float:
    return row * ROW_PX + ROW_PX / 2


def _px(value: float) -> str:
    return f"{value + 0.0:.1f}"


def _text(text: str, x: float, y: float, kind: str) -> Html:
    return element("text", text, x=_px(x), y=_px(y + 4), class_=kind)


def _label(label: str, y: float, emphasis: bool) -> Html:
    short = label if len(label) <= LABEL_CHARACTERS else label[: LABEL_CHARACTERS - 1] + "…"
    return _text(short, LABEL_PX, y, "label strong" if emphasis else "label")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    return element("line", x1=_px(x1), y1=_px(y1), x2=_px(x2), y2=_px(y2), class_=kind)


def _vertical(x: float, rows: int, kind: str) -> Html:
    return _line(x, 0, x, rows * ROW_PX, kind)


def _whisker(x1: float, x2: float, y: float, *, ends: bool = True) -> Html:
    parts = [_line(x1, y, x2, y, "whisker")]
    if ends:
        parts += [_line(x, y - 4, x, y + 4, "whisker") for x in (x1, x2)]
    return join(parts)


def _bar(x1: float, x2: float, y: float, emphasis: bool) -> Html:
    return element(
        "rect",
        x=_px(min(x1, x2)),
        y=_px(y - 7),
        width=_px(abs(x2 - x1)),
        height="14",
        class_="bar strong" if emphasis else "bar",
    )


def _mark(shape: str, x: float, y: float, kind: str) -> Html:
    if shape == "circle":
        return element("circle", cx=_px(x), cy=_px(y), r="5", class_=kind)
    if shape == "square":
        return element("rect", x=_px(x - 4.5), y=_px(y - 4.5), width="9", height="9", class_=kind)
    corners = ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y))
    points = " ".join(f"{_px(a)},{_px(b)}" for a, b in corners)
    return element("polygon", points=points, class_=kind)


def _axis(scale: _Scale, rows: int, title: str, signed: bool) -> Html:
    bottom = rows * ROW_PX
    ticks = scale.ticks()
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0.1
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    parts = []
    for tick in ticks:
        x = scale.x(tick)
        parts.append(_vertical(x, rows, "grid"))
        text = f"{tick:+.{decimals}f}" if signed and tick else f"{tick:.{decimals}f}"
        parts.append(_text(text.replace("-", "−"), x, bottom + 10, "tick"))
    middle = (LABEL_PX + WIDTH_PX - VALUE_PX) / 2
    parts.append(_text(title, middle, bottom + 26, "axis"))
    return join(parts)


def _figure(
    parts: Sequence[Html],
    rows: int,
    key: str,
    title: str,
    description: str,
    *,
    legend: bool = False,
) -> Html:
    height = rows * ROW_PX + AXIS_PX + (28 if legend else 4)
    drawing = element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-desc"),
        join(parts, "\n"),
        viewBox=f"0 0 {WIDTH_PX:.0f} {height:.0f}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )
    return element("figure", element("figcaption", title), drawing)
