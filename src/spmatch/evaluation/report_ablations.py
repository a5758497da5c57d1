"""The first system with one thing changed: what each thing is worth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from spmatch.evaluation.charts import interval_chart
from spmatch.evaluation.markup import Child, Html, element, table
from spmatch.evaluation.report_parts import cell, chart_row, level, measured, section
from spmatch.evaluation.results import Ablation, Results
from spmatch.evaluation.shown_numbers import UNDEFINED, decimals, primary_measure, shown_signed

_KINDS = {
    "factor_off": "One factor left out",
    "weight": "One weight changed",
    "unknown": "What is not stated",
    "encoder": "Another encoder",
}


def ablations(results: Results) -> Html | None:
    """What one change does to the first system."""
    if not results.ablations:
        return None
    parts: list[Child] = [
        element(
            "p",
            f"{results.first.title} with one thing changed. A difference below 0 in a measure "
            "where higher is better means that the thing earned its place.",
        )
    ]
    primary = primary_measure(results)
    if primary is not None:
        rows = [
            chart_row(one.name, one.differences[primary.name])
            for one in results.ablations
            if primary.name in one.differences
        ]
        if rows:
            parts.append(
                interval_chart(
                    rows,
                    key="chart-ablations",
                    title=f"Change of {primary.title} when one thing is changed",
                    description="; ".join(f"{row.label} {shown_signed(row.value)}" for row in rows)
                    + ". The same numbers stand in the tables of ablations.",
                    axis=f"difference in {primary.name}, {level(results)} interval",
                    mark="bar",
                    reference=0.0,
                    signed=True,
                )
            )
    for kind, group in groupby(results.ablations, key=lambda one: one.kind):
        parts.append(_ablations_table(results, _KINDS[kind], list(group)))
    return section("ablations", "Ablations and sensitivity", *parts)


def _ablations_table(results: Results, title: str, group: Sequence[Ablation]) -> Html:
    named = {name for one in group for name in one.measures}
    infos = [info for info in results.measures if info.name in named]
    heads = ["Change", *(head for info in infos for head in (info.name, "Difference"))]
    rows = []
    for one in group:
        row: list[Child] = [one.name]
        for info in infos:
            value, moved = one.measures.get(info.name), one.differences.get(info.name)
            row.append(measured(results, value, info))
            row.append(UNDEFINED if moved is None else cell(moved, decimals(info), signed=True))
        rows.append(row)
    return table(f"{title}: measures and their difference from the first system", heads, rows)
