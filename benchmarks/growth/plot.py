"""The curves side by side, time on a logarithmic axis, as an SVG that stands by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.growth.curve import Curve, Point

from spmatch.evaluation.markup import Html, element, join

PANEL, HEIGHT = 400.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 66.0, 36.0, 62.0, 58.0
LINE_APART = 15.0
COLOURS = ("#0b6e4f", "#b03a2e", "#1f3a93", "#8e44ad", "#b9770e")
DASHES = (None, "6 4", "2 3")
"""Lines differ by their strokes, not by colour alone."""


def draw_curves(curves: Sequence[Curve]) -> str:
    """One panel a curve, one line a way."""
    panels = [
        element("g", *_panel(curve), transform=f"translate({number * PANEL:.0f} 0)")
        for number, curve in enumerate(curves)
    ]
    drawing = element(
        "svg",
        element("title", "How the cost of a search grows"),
        element("desc", " ".join(_in_words(curve) for curve in curves)),
        element("rect", width="100%", height="100%", fill="#fff"),
        join(panels, "\n"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {PANEL * len(curves):.0f} {HEIGHT:.0f}",
        font_family="sans-serif",
        font_size="12",
        role="img",
    )
    return drawing.text + "\n"


def _panel(curve: Curve) -> list[Html]:
    low, high = _decades([point.mean_ms for point in curve.points])
    places = curve.places
    apart = (PANEL - LEFT - RIGHT) / max(len(places) - 1, 1)

    def x(at: str) -> float:
        return LEFT + places.index(at) * apart

    def y(milliseconds: float) -> float:
        share = (math.log10(milliseconds) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = []
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(_line(LEFT, at, PANEL - RIGHT, at, "#ddd"))
        parts.append(_text(f"{10.0**power:g} ms", LEFT - 6, at + 4, "end", "#444"))
    for place in places:
        parts.append(_text(place, x(place), HEIGHT - BOTTOM + 18, "middle", "#444"))
    middle = (LEFT + PANEL - RIGHT) / 2
    parts.append(_text(curve.axis, middle, HEIGHT - BOTTOM + 40, "middle", "#222"))
    for number, way in enumerate(curve.ways):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        points = [point for point in curve.points if point.way == way]
        parts += _way(points, [(x(one.at), y(one.mean_ms)) for one in points], colour, dash)
        at = 18 + number * LINE_APART
        parts.append(_line(LEFT, at - 4, LEFT + 26, at - 4, colour, dash))
        parts.append(_text(way, LEFT + 32, at, "start", colour))
    return parts


def _way(
    points: Sequence[Point], places: Sequence[tuple[float, float]], colour: str, dash: str | None
) -> list[Html]:
    drawn = [
        element(
            "polyline",
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
            fill="none",
            stroke=colour,
            stroke_width="2",
            stroke_dasharray=dash,
        )
    ]
    for point, (x, y) in zip(points, places, strict=True):
        told = element("title", f"{point.way}, {point.at}: {point.mean_ms:.3g} ms")
        drawn.append(element("circle", told, cx=f"{x:.1f}", cy=f"{y:.1f}", r="3.5", fill=colour))
    return drawn


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dash: str | None = None) -> Html:
    return element(
        "line",
        x1=f"{x1:.1f}",
        y1=f"{y1:.1f}",
        x2=f"{x2:.1f}",
        y2=f"{y2:.1f}",
        stroke=colour,
        stroke_width="2" if dash or colour in COLOURS else "1",
        stroke_dasharray=dash,
    )


def _text(text: str, x: float, y: float, anchor: str, colour: str) -> Html:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill=colour)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten that hold the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _in_words(curve: Curve) -> str:
    told = "; ".join(f"{one.way} at {one.at}: {one.mean_ms:.3g} ms" for one in curve.points)
    return f"{curve.title}: {told}."
