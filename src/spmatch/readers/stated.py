"""Values of a loosely typed record: what it states, or a problem and ``None``.

Feeds hold numbers as text, objects where lists belong, and lists where text belongs. Nothing here
raises: a value that cannot be used is reported to the record's findings and read as not stated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from spmatch.errors import Problem

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

Record = Mapping[str, Any]
"""An object of a feed, as parsed: keys are text, values may be anything that JSON knows."""


class Row(dict[str, Any]):
    """A row of a table, which knows where it stands (``locations.csv, line 12``)."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        super().__init__(values)
        self.where = where


class Findings:
    """The problems of one record, in the order in which they were found."""

    def __init__(self, where: str, prefix: str = "", problems: list[Problem] | None = None) -> None:
        self.where = where
        self.prefix = prefix
        self.problems: list[Problem] = [] if problems is None else problems

    def within(self, part: Record, name: str) -> Findings:
        """The same findings, for a part of the record; a row of another table has its own line."""
        where = part.where if isinstance(part, Row) else self.where
        return Findings(where, f"{name}.", self.problems)

    def rejected(self, field: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(self.where, self.prefix + field, reason, remedy, "rejected"))

    def mended(self, field: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(self.where, self.prefix + field, reason, remedy, "mended"))

    def note(self, field: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(self.where, self.prefix + field, reason, remedy, "note"))


def text_of(record: Record, key: str, findings: Findings) -> str | None:
    """Text without white space around it; numbers are written out; empty text is not stated."""
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value) if value.is_integer() else value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    # JSON can escape half of a character pair, which is no text in any encoding.
    if isinstance(value, str) and not _HALF_CHARACTER.search(value):
        return value.strip() or None
    findings.mended(key, "this is not text and was left out.", "Write it as text.")
    return None


def number_of(record: Record, key: str, findings: Findings) -> float | None:
    """A finite number, also when written as text with a decimal point."""
    value = record.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isfinite(number):
        return number
    findings.mended(
        key, "this is not a number and was left out.", "Write digits, with a point before decimals."
    )
    return None


def date_of(record: Record, key: str, findings: Findings) -> date | None:
    """A date written YYYY-MM-DD; a time of day after it is left out."""
    text = text_of(record, key, findings)
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?", text, re.DOTALL):
            return date.fromisoformat(text[:10])
    except ValueError:
        pass
    findings.mended(key, "this is not a date and was left out.", "Write it as YYYY-MM-DD.")
    return None


def record_of(record: Record, key: str, findings: Findings) -> Record | None:
    """An object inside a record."""
    value = record.get(key)
    if value is None or isinstance(value, Mapping):
        return value
    findings.mended(key, "this is not an object and was left out.", "Write it in braces.")
    return None


def records_of(record: Record, key: str, findings: Findings) -> list[Record]:
    """A list of objects inside a record; a single object counts as a list of one."""
    value = record.get(key)
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, list):
        findings.mended(key, "this is not a list and was left out.", "Write it in square brackets.")
        return []
    if not all(isinstance(part, Mapping) for part in value):
        findings.mended(key, "a part of this list is not an object and was left out.", "Remove it.")
    return [part for part in value if isinstance(part, Mapping)]


def coordinates_of(
    record: Record, key: str, findings: Findings
) -> tuple[float | None, float | None]:
    """``latitude`` and ``longitude`` of the record under ``key``; neither where one makes no sense."""
    point = record_of(record, key, findings) or {}
    inside = findings.within(point, key)
    lat, lon = number_of(point, "latitude", inside), number_of(point, "longitude", inside)
    if lat is None and lon is None:
        return None, None
    if lat is None or lon is None:
        inside.mended(
            "latitude" if lat is None else "longitude",
            "only one of latitude and longitude is stated; both were left out.",
            "State both.",
        )
        return None, None
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        inside.mended(
            "latitude",
            "this is no place on earth that is meant; latitude and longitude were left out.",
            "Correct them, in decimal degrees, WGS 84.",
        )
        return None, None
    return lat, lon
