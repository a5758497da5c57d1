"""Mean time against the number of activities, both on logarithmic axes, as an SVG that stands by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from benchmarks.search.run import Size

from spmatch.evaluation.markup import Html, element, join

WIDTH, HEIGHT = 860.0, 520.0
LEFT, RIGHT, TOP, BOTTOM = 80.0, 210.0, 30.0, 60.0
LABEL_APART = 15.0
COLOURS = ("#0b6e4f", "#1f3a93", "#8e44ad", "#b03a2e", "#b9770e", "#34495e", "#117a8b", "#7d6608")
LIMIT = "gather limit"


def draw_times(sizes: Sequence[Size]) -> str:
    """One line an engine, dashed where it misses true answers; the gather limit in grey."""
    lines: dict[str, list[tuple[int, float]]] = {}
    missing: set[str] = set()
    for size in sizes:
        lines.setdefault(LIMIT, []).append((size.activities, size.limit.gather_ms))
        for one in size.engines:
            lines.setdefault(one.engine, []).append((size.activities, one.mean_ms))
            if one.recall_at_10 < 1:
                missing.add(one.engine)
    spread_x = _span([size.activities for size in sizes])
    spread_y = _span([value for points in lines.values() for _, value in points])

    def x(activities: float) -> float:
        return LEFT + _share(activities, spread_x) * (WIDTH - LEFT - RIGHT)

    def y(milliseconds: float) -> float:
        return HEIGHT - BOTTOM - _share(milliseconds, spread_y) * (HEIGHT - TOP - BOTTOM)

    parts = _axes(spread_x, spread_y, x, y)
    labels = []
    for number, (name, points) in enumerate(lines.items()):
        colour = "#999" if name == LIMIT else COLOURS[(number - 1) % len(COLOURS)]
        at = " ".join(f"{x(rows):.1f},{y(value):.1f}" for rows, value in points)
        dashed = "5 4" if name in missing else None
        parts.append(
            element(
                "polyline",
                points=at,
                fill="none",
                stroke=colour,
                stroke_width="2",
                stroke_dasharray=dashed,
            )
        )
        for rows, value in points:
            circle = element(
                "circle", cx=f"{x(rows):.1f}", cy=f"{y(value):.1f}", r="3.5", fill=colour
            )
            parts.append(circle)
        rows, value = points[-1]
        labels.append((y(value), x(rows), name, value, colour))
    parts += _labels(labels)
    title = "Mean time of a search by the number of activities"
    drawing = element(
        "svg",
        element("title", title),
        element("desc", _in_words(sizes)),
        element("rect", width="100%", height="100%", fill="#fff"),
        join(parts, "\n"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        font_family="sans-serif",
        font_size="12",
        role="img",
    )
    return drawing.text + "\n"


def _axes(
    spread_x: tuple[int, int],
    spread_y: tuple[int, int],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> list[Html]:
    parts = []
    for power in range(spread_y[0], spread_y[1] + 1):
        at = f"{y(10.0**power):.1f}"
        parts.append(
            element("line", x1=f"{LEFT}", x2=f"{WIDTH - RIGHT}", y1=at, y2=at, stroke="#ddd")
        )
        parts.append(_text(f"{10.0**power:g} ms", LEFT - 8, y(10.0**power) + 4, "end", "#444"))
    for power in range(spread_x[0], spread_x[1] + 1):
        at = f"{x(10.0**power):.1f}"
        parts.append(
            element("line", x1=at, x2=at, y1=f"{TOP}", y2=f"{HEIGHT - BOTTOM}", stroke="#ddd")
        )
        parts.append(
            _text(f"{10**power:,}", x(10.0**power), HEIGHT - BOTTOM + 18, "middle", "#444")
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text("activities", middle, HEIGHT - BOTTOM + 40, "middle", "#222"))
    return parts


def _labels(labels: list[tuple[float, float, str, float, str]]) -> list[Html]:
    """At the end of each line, moved down where they would cover each other."""
    parts = []
    free: dict[float, float] = {}
    for at, x, name, value, colour in sorted(labels):
        free[x] = max(at, free.get(x, 0.0) + LABEL_APART)
        parts.append(_text(f"{name} {value:.3g} ms", x + 10, free[x] + 4, "start", colour))
    return parts


def _text(text: str, x: float, y: float, anchor: str, colour: str) -> Html:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill=colour)


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten that hold the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _share(value: float, span: tuple[int, int]) -> float:
    return (math.log10(value) - span[0]) / (span[1] - span[0])


def _in_words(sizes: Sequence[Size]) -> str:
    return " ".join(
        f"{size.activities:,} activities: "
        + ", ".join(f"{one.engine} {one.mean_ms:.3g} ms" for one in size.engines)
        + "."
        for size in sizes
    )
