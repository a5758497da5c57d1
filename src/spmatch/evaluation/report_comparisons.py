"""Two systems beside each other: paired differences, and the profiles that changed most."""

from __future__ import annotations

from spmatch.evaluation.charts import Row, interval_chart
from spmatch.evaluation.markup import Child, Html, element, join, table
from spmatch.evaluation.report_parts import level, number, section
from spmatch.evaluation.results import Change, Placed, Results
from spmatch.evaluation.shown_numbers import (
    decimals,
    info_of,
    primary_measure,
    shown,
    shown_interval,
    shown_p,
    shown_signed,
    title_of,
)


def comparisons(results: Results) -> Html | None:
    """Paired differences, with the share of profiles won, tied and lost."""
    if not results.comparisons:
        return None
    parts: list[Child] = [
        element(
            "p",
            "Differences are paired by profile. p is two-sided, from a randomisation that swaps "
            "the two systems within profiles; Holm's correction is over all "
            f"{len(results.comparisons)} comparisons of this report.",
        )
    ]
    primary = primary_measure(results)
    drawn = [one for one in results.comparisons if primary and one.measure == primary.name]
    if primary is not None and drawn:
        rows = [
            Row(
                f"{one.system} − {one.against}",
                one.difference,
                one.interval.low,
                one.interval.high,
            )
            for one in drawn
        ]
        parts.append(
            interval_chart(
                rows,
                key="chart-comparisons",
                title=f"Differences in {primary.title}",
                description="; ".join(f"{row.label} {shown_signed(row.value)}" for row in rows)
                + ". The same numbers stand in the table of comparisons.",
                axis=f"difference in {primary.name}, {level(results)} interval",
                reference=0.0,
                signed=True,
            )
        )
    heads = ["Measure", "System", "Against", "Difference", "Interval", "p", "p (Holm)"]
    heads += ["Wins", "Ties", "Losses", "Profiles"]
    rows_of_table = []
    for one in results.comparisons:
        places = decimals(info_of(results, one.measure))
        rows_of_table.append(
            [
                one.measure,
                title_of(results, one.system),
                title_of(results, one.against),
                number(one.difference, shown_signed(one.difference, places)),
                shown_interval(one.interval, places, signed=True),
                number(one.p, shown_p(one.p)),
                number(one.p_holm, shown_p(one.p_holm)),
                str(one.wins),
                str(one.ties),
                str(one.losses),
                str(one.profiles),
            ]
        )
    caption = f"Comparisons: system minus the other, mean with {level(results)} interval"
    parts.append(table(caption, heads, rows_of_table, row_heads=3))
    return section("comparisons", "Comparisons", *parts)


def changes(results: Results) -> Html | None:
    """The profiles that differ most between two systems, with both lists."""
    if not results.changes:
        return None
    intro = element(
        "p",
        "Grade is the judged relevance of meaning, 0 to 3; “not judged” counts as not relevant. "
        "The profiles are synthetic.",
    )
    return section(
        "changes",
        "Profiles that changed most",
        intro,
        *(_change(results, one) for one in results.changes),
    )


def _change(results: Results, change: Change) -> Html:
    places = decimals(info_of(results, change.measure))
    sides = (
        (change.system, change.value, change.suggestions),
        (change.against, change.against_value, change.against_suggestions),
    )
    tables = [
        table(
            join(
                [
                    f"{title_of(results, name)}, {change.profile_id}: {change.measure} ",
                    number(value, shown(value, places)),
                ]
            ),
            ["Rank", "Activity", "Grade", "Limits broken", "Limits unknown"],
            [_placed(rank, one) for rank, one in enumerate(placed, start=1)],
        )
        for name, value, placed in sides
    ]
    return element(
        "article",
        element("h3", f"Profile {change.profile_id}"),
        element("blockquote", change.profile_text),
        element("div", *tables, class_="pair"),
    )


def _placed(rank: int, one: Placed) -> list[Child]:
    return [
        str(rank),
        join([element("bdi", one.title), " ", element("small", one.activity_id)]),
        "not judged" if one.grade is None else str(one.grade),
        ", ".join(one.broken_limits) or "none",
        ", ".join(one.unknown_limits) or "none",
    ]
