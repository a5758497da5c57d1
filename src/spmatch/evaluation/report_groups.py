"""The numbers by group: slices of profiles, confidence that was shown, kinds of activity."""

from __future__ import annotations

from collections.abc import Sequence

from spmatch.evaluation.charts import Row, SeriesRow, interval_chart, series_chart
from spmatch.evaluation.markup import Child, Html, element, table
from spmatch.evaluation.report_parts import cell, chart_row, level, number, section
from spmatch.evaluation.results import MeasureInfo, Results, Slice, Value
from spmatch.evaluation.shown_numbers import (
    UNDEFINED,
    decimals,
    info_of,
    primary_measure,
    shown,
    slice_label,
)

_EXPOSURE = {
    "provider_size": "size of the provider",
    "description_length": "length of the description",
}


def slices(results: Results) -> Html | None:
    """Who is served how well: the first system, plotted and tabled, then every system."""
    if not results.slices and not results.withheld:
        return None
    minimum = results.provenance.slice_min
    parts: list[Child] = [
        element(
            "p",
            f"A slice is shown from {minimum} profiles on. The many slices are not corrected for "
            "their number: an interval that lies apart from the rest is a reason to look, not a "
            "finding.",
        )
    ]
    primary = primary_measure(results)
    first = results.first
    if primary is not None:
        own = [
            one
            for one in results.slices
            if one.system == first.name and one.measure == primary.name
        ]
        if own:
            parts.append(_slices_chart(results, primary, own))
    for measure in dict.fromkeys(one.measure for one in results.slices):
        parts.append(_slices_table(results, measure))
    if results.withheld:
        parts.append(
            table(
                f"Slices of fewer than {minimum} profiles: no numbers are shown",
                ["Slice", "Profiles"],
                [
                    [slice_label(one.dimension, one.group), str(one.profiles)]
                    for one in results.withheld
                ],
            )
        )
    return section("slices", "Slices: for whom it works", *parts)


def _slices_chart(results: Results, primary: MeasureInfo, own: Sequence[Slice]) -> Html:
    worst = next(
        (
            one.worst
            for one in results.headline
            if one.measure == primary.name and one.system == results.first.name
        ),
        None,
    )
    rows = [
        Row(
            f"{slice_label(one.dimension, one.group)} ({one.profiles})",
            one.mean,
            one.interval.low,
            one.interval.high,
            worst is not None and (one.dimension, one.group) == (worst.dimension, worst.group),
        )
        for one in own
    ]
    whole = results.first.measures.get(primary.name)
    mean = None if whole is None else whole.mean
    return interval_chart(
        rows,
        key="chart-slices",
        title=f"{primary.title} of {results.first.title} by slice",
        description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
        + f". The mean over all profiles is {shown(mean)}; the tables below hold the intervals.",
        axis=f"{primary.name}; dashed: mean over all profiles; strong: worst slice",
        reference=mean,
    )


def _slices_table(results: Results, measure: str) -> Html:
    info = info_of(results, measure)
    places = decimals(info)
    found = {
        (one.dimension, one.group, one.system): one
        for one in results.slices
        if one.measure == measure
    }
    shown_systems = [
        one for one in results.systems if any(one.name == system for _, _, system in found)
    ]
    rows = []
    for dimension, group in dict.fromkeys((key[0], key[1]) for key in found):
        of_first = next(one for key, one in found.items() if key[:2] == (dimension, group))
        row: list[Child] = [slice_label(dimension, group), str(of_first.profiles)]
        for system in shown_systems:
            one = found.get((dimension, group, system.name))
            if one is None:
                row.append(UNDEFINED)
            else:
                value = Value(mean=one.mean, interval=one.interval, profiles=one.profiles)
                row.append(cell(value, places))
        first = found.get((dimension, group, results.first.name))
        rest = None if first is None else first.rest
        row.append(number(rest, shown(rest, places)))
        rows.append(row)
    heads = ["Slice", "Profiles", *(one.title for one in shown_systems)]
    heads.append(f"{results.first.title}, all others")
    caption = f"{info.title} ({measure}) by slice: mean ({level(results)} interval)"
    return table(caption, heads, rows)


def calibration(results: Results) -> Html | None:
    """What came true of the confidence that was shown."""
    shown_by = [one for one in results.systems if one.calibration]
    if not shown_by:
        return None
    parts: list[Child] = [
        element(
            "p",
            "A confidence is honest when more comes true of “good” than of “weak”, and when "
            "“none” is shown where nothing suitable exists.",
        )
    ]
    for number_of, system in enumerate(shown_by):
        rows = [
            chart_row(f"{one.confidence} ({one.profiles} profiles)", one.suitable_in_top_five)
            for one in system.calibration
        ]
        if number_of == 0:
            parts.append(
                interval_chart(
                    rows,
                    key="chart-calibration",
                    title=f"Suitable among the first five of {system.title}, by confidence shown",
                    description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
                    + ". The same numbers stand in the table below.",
                    axis=f"share that is suitable, {level(results)} interval",
                    mark="bar",
                    bounds=(0.0, 1.0),
                )
            )
        parts.append(
            table(
                f"Calibration of the confidence that {system.title} shows",
                [
                    "Confidence",
                    "Profiles",
                    "Suitable of the first five",
                    "Three or more suitable",
                    "Something suitable exists",
                ],
                [
                    [
                        one.confidence,
                        str(one.profiles),
                        cell(one.suitable_in_top_five, 3),
                        cell(one.three_suitable, 3),
                        cell(one.any_suitable_exists, 3),
                    ]
                    for one in system.calibration
                ],
            )
        )
    return section("calibration", "Calibration of the confidence", *parts)


def exposure(results: Results) -> Html | None:
    """Which activities are shown, against which merit it."""
    shown_by = [one for one in results.systems if one.exposure]
    if not shown_by:
        return None
    names = ("of feasible", "of suitable", "of exposure given")
    parts: list[Child] = [
        element(
            "p",
            "A place at rank r gives the exposure 1 / log2(1 + r). A ratio below 1 means that the "
            "group is shown less than its suitable activities merit.",
        )
    ]
    for number_of, system in enumerate(shown_by):
        if number_of == 0:
            rows = [
                SeriesRow(
                    f"{_EXPOSURE[one.dimension]}: {one.group}",
                    (one.feasible_share, one.suitable_share, one.exposure_share),
                )
                for one in system.exposure
            ]
            parts.append(
                series_chart(
                    rows,
                    [f"share {name}" for name in names],
                    key="chart-exposure",
                    title=f"Exposure that {system.title} gives, against merit",
                    description="; ".join(
                        f"{row.label}: "
                        + ", ".join(
                            f"{shown(value)} {name}"
                            for name, value in zip(names, row.values, strict=True)
                        )
                        for row in rows
                    )
                    + ". The same numbers stand in the table below.",
                    axis="share",
                )
            )
        heads = ["Group", "Activities", *(f"Share {name}" for name in names), "Ratio"]
        parts.append(
            table(
                f"Exposure that {system.title} gives",
                heads,
                [
                    [
                        f"{_EXPOSURE[one.dimension]}: {one.group}",
                        str(one.activities),
                        *(
                            number(value, shown(value))
                            for value in (
                                one.feasible_share,
                                one.suitable_share,
                                one.exposure_share,
                                one.ratio,
                            )
                        ),
                    ]
                    for one in system.exposure
                ],
            )
        )
    return section("exposure", "Exposure of providers", *parts)
