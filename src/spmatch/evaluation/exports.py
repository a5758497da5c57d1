"""Every number as JSON and as CSV, with all its digits.

``results.json`` is the whole record; ``Results.model_validate_json`` reads it back. The CSV files hold
the same numbers as flat tables. An empty cell is an undefined value. They hold ids and no text of
profiles or activities.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spmatch.evaluation.results import Results, Value
from spmatch.words import Record

Cell = str | int | float | bool | None
Rows = Iterable[Sequence[Cell]]

_VALUE = ("mean", "low", "high", "profiles")


def write_tables(results: Results, folder: Path) -> None:
    """Write ``results.json`` and one CSV file a table to ``folder``, which is made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(
        results.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False
    )
    (folder / "results.json").write_text(whole + "\n", encoding="utf-8", newline="\n")
    for name, (heads, rows) in _tables(results).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows(rows)


_COMPARISON = (
    "system against measure difference low high p p_holm wins ties losses profiles".split()
)
_SLICE = "system dimension group measure mean low high profiles rest".split()
_WITHHELD = "dimension group profiles".split()
_EXPOSURE = "dimension group activities feasible_share suitable_share exposure_share ratio".split()
_CHANGE = "profile_id measure system value against against_value".split()
_MEASURE = "name title formula source higher_is_better in_units".split()
_WORST = ("dimension", "group", *_VALUE)


def _tables(results: Results) -> dict[str, tuple[Sequence[str], Rows]]:
    """File name → heads and rows."""
    coverage = ((one.name, one.catalogue_coverage) for one in results.systems)
    exposure = (
        (system.name, *_fields(one, _EXPOSURE))
        for system in results.systems
        for one in system.exposure
    )
    differences = [f"difference_{field}" for field in _VALUE]
    worst = [f"worst_{field}" for field in _WORST]
    return {
        "systems": (("system", "measure", *_VALUE), _systems(results)),
        "coverage": (("system", "catalogue_coverage"), coverage),
        "profiles": (("system", "measure", "profile", "value"), _profiles(results)),
        "headline": (("system", "measure", *_VALUE, *worst), _headline(results)),
        "comparisons": (_COMPARISON, (_fields(one, _COMPARISON) for one in results.comparisons)),
        "slices": (_SLICE, (_fields(one, _SLICE) for one in results.slices)),
        "withheld": (_WITHHELD, (_fields(one, _WITHHELD) for one in results.withheld)),
        "ablations": (("name", "kind", "measure", *_VALUE, *differences), _ablations(results)),
        "calibration": (("system", "confidence", "measure", *_VALUE), _calibration(results)),
        "exposure": (("system", *_EXPOSURE), exposure),
        "changes": (_CHANGE, (_fields(one, _CHANGE) for one in results.changes)),
        "measures": (_MEASURE, (_fields(one, _MEASURE) for one in results.measures)),
        "provenance": (("what", "value"), _provenance(results)),
    }


def _fields(record: Record, names: Iterable[str]) -> tuple[Cell, ...]:
    """Fields by name, with the ends of its interval under ``low`` and ``high``."""
    return tuple(
        getattr(record.interval, name)  # type: ignore[attr-defined]
        if name in ("low", "high")
        else getattr(record, name)
        for name in names
    )


def _value(value: Value | None) -> tuple[Cell, ...]:
    if value is None:
        return (None,) * len(_VALUE)
    if value.interval is None:
        return (value.mean, None, None, value.profiles)
    return (value.mean, value.interval.low, value.interval.high, value.profiles)


def _systems(results: Results) -> Iterator[tuple[Cell, ...]]:
    for system in results.systems:
        for measure, value in system.measures.items():
            yield (system.name, measure, *_value(value))


def _profiles(results: Results) -> Iterator[tuple[Cell, ...]]:
    for system in results.systems:
        for measure, values in system.by_profile.items():
            for profile, value in values.items():
                yield (system.name, measure, profile, value)


def _headline(results: Results) -> Iterator[tuple[Cell, ...]]:
    for one in results.headline:
        worst = (None,) * len(_WORST) if one.worst is None else _fields(one.worst, _WORST)
        yield (one.system, one.measure, *_value(one.value), *worst)


def _ablations(results: Results) -> Iterator[tuple[Cell, ...]]:
    for one in results.ablations:
        for measure, value in one.measures.items():
            yield (
                one.name,
                one.kind,
                measure,
                *_value(value),
                *_value(one.differences.get(measure)),
            )


def _calibration(results: Results) -> Iterator[tuple[Cell, ...]]:
    for system in results.systems:
        for one in system.calibration:
            for field in ("suitable_in_top_five", "three_suitable", "any_suitable_exists"):
                yield (system.name, one.confidence, field, *_value(getattr(one, field)))


def _provenance(results: Results) -> Iterator[tuple[str, Cell]]:
    for part, record in (("provenance", results.provenance), ("collection", results.collection)):
        for name, value in record.model_dump(mode="json").items():
            if isinstance(value, dict):
                for key, inner in value.items():
                    yield f"{part}.{name}.{key}", inner
            else:
                yield f"{part}.{name}", value
