"""The parts that every section of the report is made of: headings, numbers, intervals.

A number stands in ``<data value="…">`` with all its digits; the rounded one is what is read.
"""

from __future__ import annotations

from spmatch.evaluation.charts import Row
from spmatch.evaluation.markup import Child, Html, element, join
from spmatch.evaluation.results import Interval, MeasureInfo, Results, Value
from spmatch.evaluation.shown_numbers import (
    UNDEFINED,
    decimals,
    shown,
    shown_interval,
    shown_signed,
)


def section(key: str, heading: str, *parts: Child) -> Html:
    """One section under its heading, which the table of contents links to."""
    return element(
        "section", element("h2", heading, id=key), join(parts, "\n"), aria_labelledby=key
    )


def number(value: float | None, text: str) -> Child:
    """A number as it is shown, with its full digits beside it for machines."""
    return text if value is None else element("data", text, value=repr(float(value)))


def cell(value: Value, places: int, *, signed: bool = False) -> Html:
    """Mean and interval."""
    each = shown_signed if signed else shown
    return join(
        [
            number(value.mean, each(value.mean, places)),
            _interval(value.interval, places, signed=signed),
        ],
        " ",
    )


def _interval(interval: Interval | None, places: int, *, signed: bool = False) -> Child:
    if interval is None:
        return ""
    return element("small", f"({shown_interval(interval, places, signed=signed)})")


def level(results: Results) -> str:
    """The level of every interval of the report, as a percentage."""
    return f"{results.provenance.level:.0%}"


def measured(results: Results, value: Value | None, info: MeasureInfo) -> Child:
    """Mean and interval, and the number of profiles where it is not that of all."""
    if value is None:
        return UNDEFINED
    whole = cell(value, decimals(info))
    if value.profiles == results.collection.profiles:
        return whole
    return join([whole, element("small", f"n {value.profiles}")], " ")


def code(hash: str | None) -> Child:
    """A hash or a command as it is typed; undefined where there is none."""
    return UNDEFINED if hash is None else element("code", hash)


def chart_row(label: str, value: Value, emphasis: bool = False) -> Row:
    """A mean as a row of a chart, with its interval where it has one."""
    if value.interval is None:
        return Row(label, value.mean, emphasis=emphasis)
    return Row(label, value.mean, value.interval.low, value.interval.high, emphasis)
