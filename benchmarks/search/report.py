"""The figures as JSON, as a Markdown table and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.search.plot import draw_times
from benchmarks.search.run import Figures, Size
from benchmarks.search.workload import DIMENSIONS
from benchmarks.search.writing import describe_machine, write_figures


def write_report(sizes: Sequence[Size], directory: Path, stem: str) -> list[Path]:
    """The files of ``writing``."""
    figures = {"sizes": [asdict(size) for size in sizes]}
    page = as_markdown(sizes, describe_machine())
    return write_figures(figures, page, draw_times(sizes), directory, stem)


def as_markdown(sizes: Sequence[Size], machine: dict[str, Any]) -> str:
    described = ", ".join(f"{name} {value}" for name, value in machine.items())
    parts = [
        "# Search beside its peers",
        f"One thread, one core an engine, {DIMENSIONS} dimensions; {described}.",
    ]
    for size in sizes:
        parts += [_headline(size), _table(size), _limit(size)]
        if size.left_out:
            parts.append(
                "Left out: " + "; ".join(f"{name} ({why})" for name, why in size.left_out.items())
            )
    return "\n\n".join(parts) + "\n"


def _headline(size: Size) -> str:
    low, middle, high = size.survivors_quartiles
    return (
        f"## {size.activities:,} activities\n\n"
        f"{size.searches} people with {size.people} limits, {size.rounds} rounds. Their limits leave"
        f" {size.survivors_mean:,.0f} activities on average, {size.survivors_share:.2%}"
        f" (quartiles {low:,.0f}, {middle:,.0f}, {high:,.0f})."
    )


def _table(size: Size) -> str:
    heads = (
        "engine",
        "how",
        "mean ms",
        "p50 ms",
        "p95 ms",
        "a second",
        "recall@10",
        "times the first",
        "build s",
        "memory MB",
        "disk MB",
    )
    lines = [heads, tuple("---" if head in ("engine", "how") else "---:" for head in heads)]
    lines += [_cells(one, size.engines[0]) for one in size.engines]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(one: Figures, first: Figures) -> tuple[str, ...]:
    return (
        one.engine,
        one.how,
        f"{one.mean_ms:.3f}",
        f"{one.p50_ms:.3f}",
        f"{one.p95_ms:.3f}",
        f"{one.per_second:,.0f}",
        f"{one.recall_at_10:.4f}" + ("" if one.recall_at_10 == 1 or one.promises_exact else " ≈"),
        f"{one.mean_ms / first.mean_ms:.2f}",
        f"{one.build_s:.1f}",
        "" if one.memory_mb is None else f"{one.memory_mb:,.0f}",
        f"{one.disk_mb:,.0f}" if one.disk_mb else "",
    )


def _limit(size: Size) -> str:
    limit = size.limit
    return (
        f"What the machine allows: one thread streams vectors at {limit.stream_gb_s:.1f} GB/s"
        f" ({limit.stream_all_ms:.2f} ms for all of them) and gathers those of the survivors at"
        f" {limit.gather_gb_s:.1f} GB/s: {limit.gather_ms:.3f} ms a search, once somebody knows which."
    )
