"""The rows of HSDS tables: CSV files, and lists of rows in JSON."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from spmatch.errors import Problem
from spmatch.readers.stated import Row
from spmatch.readers.text_files import encoding_problem, read_lines

Rows = Callable[[], Iterator[Row | Problem]]
"""The rows of a table from its first one on, each with the line that it stands in."""


def read_header(file: Path) -> list[str]:
    """The column names of a table, in lower case; none when the file cannot be read."""
    try:
        first = next(read_lines(file, []), "")
        return _names(next(csv.reader([first], delimiter=_delimiter(first)), []))
    except (OSError, csv.Error):
        return []


def read_rows(file: Path) -> Iterator[Row | Problem]:
    """Each row of a table, or the problem that kept it out, with the line on which it begins.

    Empty cells are left out, so that they are not stated; empty lines are skipped.
    """
    spoiled: list[int] = []
    lines = read_lines(file, spoiled)
    try:
        first = next(lines, "")
    except OSError:
        yield Problem(file.name, "", "the file cannot be opened.", "Check its permissions.")
        return
    header = _names(next(csv.reader([first], delimiter=_delimiter(first)), []))
    cells = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    while True:
        where = f"{file.name}, line {cells.line_num + 2}"
        try:
            values = next(cells)
        except StopIteration:
            break
        except csv.Error as error:
            long = "larger than field limit" in str(error)
            yield Problem(
                where,
                "",
                "this row is not CSV: "
                + ("a value is too long." if long else "its quotes do not match."),
                "Correct the quotes.",
            )
            continue
        if not any(value.strip() for value in values):
            continue
        if any(value.strip() for value in values[len(header) :]):
            yield Problem(
                where,
                "",
                f"this row has {len(values)} values for {len(header)} columns.",
                "Put values that hold a comma in quotes.",
            )
            continue
        filled = {
            name: value.strip()
            for name, value in zip(header, values, strict=False)
            if value.strip()
        }
        yield Row(filled, where)
    if spoiled:
        yield encoding_problem(file.name, spoiled)


def _names(header: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in header]


def _delimiter(header: str) -> str:
    """What stands between column names: spreadsheets of many countries write semicolons."""
    return max(",;\t", key=header.count)


def rows_in_json(items: object, name: str) -> Iterator[Row | Problem]:
    """The rows of a table that stands in JSON as a list of objects; all values become text."""
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        where = f"{name}, row {number}"
        if not isinstance(item, Mapping):
            yield Problem(where, "", "this is not an object.", "Write each row in braces.")
            continue
        filled: dict[str, str] = {}
        for key, value in item.items():
            text = _cell(value)
            if text is None:
                yield Problem(
                    where,
                    key,
                    "this is not text and was left out.",
                    "Write it as text.",
                    "mended",
                )
            elif text.strip():
                filled[key.strip().casefold()] = text.strip()
        yield Row(filled, where)


def _cell(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None
