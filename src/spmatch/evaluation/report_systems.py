"""Every system by every measure, and what the measures mean."""

from __future__ import annotations

from spmatch.evaluation.charts import interval_chart
from spmatch.evaluation.markup import Child, Html, table
from spmatch.evaluation.report_parts import chart_row, code, level, measured, number, section
from spmatch.evaluation.results import MeasureInfo, Results
from spmatch.evaluation.shown_numbers import UNDEFINED, headline_measures, primary_measure, shown

_DIRECTION = {True: "higher is better", False: "lower is better", None: "describes, does not judge"}


def systems(results: Results) -> Html:
    """All systems: short table, plot of the first measure, every measure, and what they mean."""
    parts: list[Child] = []
    primary = primary_measure(results)
    short = headline_measures(results)
    heads = ["System", *(info.name for info in short)]
    rows = []
    for one in results.systems:
        values = [measured(results, one.measures.get(info.name), info) for info in short]
        rows.append([one.title, *values])
    parts.append(
        table(
            f"Systems by headline measure: mean ({level(results)} interval) over profiles",
            heads,
            rows,
        )
    )
    if primary is not None:
        parts.append(_systems_chart(results, primary))
    heads = ["Measure", "Better", *(one.title for one in results.systems)]
    rows = [
        [
            info.name,
            {True: "higher", False: "lower", None: UNDEFINED}[info.higher_is_better],
            *(measured(results, one.measures.get(info.name), info) for one in results.systems),
        ]
        for info in results.measures
    ]
    caption = f"Every measure of every system: mean ({level(results)} interval)"
    parts.append(table(caption, heads, rows))
    parts.append(
        table(
            "Share of the catalogue that stands in some profile's first five",
            ["System", "Catalogue coverage"],
            [
                [one.title, number(one.catalogue_coverage, shown(one.catalogue_coverage))]
                for one in results.systems
            ],
        )
    )
    parts.append(
        table(
            "The systems",
            ["System", "Name", "Kind", "What it is", "Encoder", "Settings"],
            [
                [
                    one.title,
                    one.name,
                    one.kind,
                    one.description,
                    one.encoder or UNDEFINED,
                    code(one.config_hash),
                ]
                for one in results.systems
            ],
        )
    )
    return section("systems", "Systems and measures", *parts)


def _systems_chart(results: Results, primary: MeasureInfo) -> Html:
    rows = []
    for one in results.systems:
        value = one.measures.get(primary.name)
        if value is not None:
            rows.append(chart_row(one.title, value, one.name == results.first.name))
    return interval_chart(
        rows,
        key="chart-systems",
        title=f"{primary.title} by system",
        description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
        + ". The same numbers, with their intervals, stand in the table of every measure.",
        axis=f"{primary.name}, mean and {level(results)} interval",
    )


def measures(results: Results) -> Html:
    """What each measure is, and where its definition comes from."""
    rows = [
        [
            info.name,
            info.title,
            info.formula,
            _DIRECTION[info.higher_is_better],
            info.source,
        ]
        for info in results.measures
    ]
    heads = ["Measure", "Title", "Definition", "Reading", "Source"]
    return section("measures", "Definitions of the measures", table("Measures", heads, rows))
