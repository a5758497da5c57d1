"""Numbers as a reader sees them: rounded the same way in every table, plot and summary."""

from __future__ import annotations

from spmatch.evaluation.results import Interval, MeasureInfo, Results, Slice, Value

UNDEFINED = "–"
"""Shown where a number is undefined: nothing to average over. It is not zero."""

DIMENSIONS = {
    "language": "language of the profile",
    "text_language": "language of the activity",
    "language_pair": "language pair",
    "age_band": "age band",
    "gender": "gender",
    "rural": "rural or urban",
    "access_need": "access need",
    "budget": "budget",
    "tightness": "tightness of limits",
    "style": "style of the profile",
}


def decimals(info: MeasureInfo) -> int:
    """Three for shares, two for counts."""
    return 2 if info.in_units == "count" else 3


def shown(value: float | None, places: int = 3) -> str:
    """A number with so many decimals; a minus sign, not a hyphen; never minus zero."""
    if value is None:
        return UNDEFINED
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def shown_signed(value: float | None, places: int = 3) -> str:
    """A difference, with its sign; a difference that rounds to zero has none."""
    text = shown(value, places)
    return text if value is None or value < 0 or not float(text) else f"+{text}"


def shown_interval(interval: Interval | None, places: int = 3, *, signed: bool = False) -> str:
    """``0.412 to 0.530``, or the sign of what is undefined."""
    if interval is None:
        return UNDEFINED
    each = shown_signed if signed else shown
    return f"{each(interval.low, places)} to {each(interval.high, places)}"


def shown_p(p: float) -> str:
    """A p-value with three decimals; what rounds to zero is below 0.001, not zero."""
    return "< 0.001" if p < 0.0005 else f"{p:.3f}"


def info_of(results: Results, measure: str) -> MeasureInfo:
    """The description of a measure; a bare one for a measure that the results do not describe."""
    for info in results.measures:
        if info.name == measure:
            return info
    return MeasureInfo(name=measure, title=measure, formula="", source="", higher_is_better=None)


def title_of(results: Results, system: str) -> str:
    """The title of a system; its name when the results hold no such system."""
    return next((one.title for one in results.systems if one.name == system), system)


def headline_measures(results: Results) -> list[MeasureInfo]:
    """The measures of short tables; all of them when none is marked."""
    return [info for info in results.measures if info.headline] or list(results.measures)


def primary_measure(results: Results) -> MeasureInfo | None:
    """The measure that plots show: that of the first headline, else the first of short tables."""
    if results.headline:
        return info_of(results, results.headline[0].measure)
    return next(iter(headline_measures(results)), None)


def slice_label(dimension: str, group: str) -> str:
    """``age band: 75+``."""
    return f"{DIMENSIONS.get(dimension, dimension)}: {group}"


def value_sentence(value: Value, places: int) -> str:
    """``0.612 (0.571 to 0.650; 60 profiles)``."""
    return (
        f"{shown(value.mean, places)} ({shown_interval(value.interval, places)}; "
        f"{value.profiles} profiles)"
    )


def worst_sentence(worst: Slice | None, places: int) -> str:
    """``worst slice age band: 75+, 0.480 (0.391 to 0.560; 12 profiles)``."""
    if worst is None:
        return "no slice is large enough to be shown"
    value = Value(mean=worst.mean, interval=worst.interval, profiles=worst.profiles)
    label = slice_label(worst.dimension, worst.group)
    return f"worst slice {label}, {value_sentence(value, places)}"
