"""The curves as JSON, as Markdown tables and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.growth.curve import Curve
from benchmarks.growth.plot import draw_curves
from benchmarks.search.workload import DIMENSIONS
from benchmarks.search.writing import describe_machine, write_figures


def write_report(curves: Sequence[Curve], directory: Path, stem: str) -> list[Path]:
    """The files of ``benchmarks.search.writing``."""
    figures = {"curves": [asdict(curve) for curve in curves]}
    page = as_markdown(curves, describe_machine())
    return write_figures(figures, page, draw_curves(curves), directory, stem)


def as_markdown(curves: Sequence[Curve], machine: dict[str, Any]) -> str:
    described = ", ".join(f"{name} {value}" for name, value in machine.items())
    parts = [
        "# How the cost of a search grows",
        f"One thread, one core a process, {DIMENSIONS} dimensions; {described}.",
    ]
    for curve in curves:
        parts += [
            f"## {curve.title}",
            f"{_sentence(curve.about)} {curve.rounds} rounds; everything in this table took turns.",
            _table(curve),
        ]
        wrong = [f"{one.way} at {one.at}" for one in curve.points if not one.all_right]
        parts.append(
            f"Not all answers were right: {', '.join(wrong)}."
            if wrong
            else "All answers were right."
        )
    return "\n\n".join(parts) + "\n"


def _table(curve: Curve) -> str:
    has_counts = any(one.survivors_mean is not None for one in curve.points)
    heads = [curve.axis, *(["within the distance", "left by all limits"] if has_counts else [])]
    for way in curve.ways:
        heads += [f"{way}, ms", "times the first"]
    lines = [heads, ["---:"] * len(heads)]
    for at in curve.places:
        line = [at]
        if has_counts:
            some = next(one for one in curve.points if one.at == at)
            line += [_count(some.near_mean), _count(some.survivors_mean)]
        for way in curve.ways:
            line += _cells(curve, way, at)
        lines.append(line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(curve: Curve, way: str, at: str) -> list[str]:
    point = curve.point(way, at)
    if point is None:
        return ["", ""]
    first = next(one for one in curve.points if one.way == way)
    return [f"{point.mean_ms:.3f}", f"{point.mean_ms / first.mean_ms:.2f}"]


def _count(mean: float | None) -> str:
    return "" if mean is None else f"{mean:,.0f}" if mean >= 10 else f"{mean:.1f}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
