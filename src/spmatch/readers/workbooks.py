"""Excel workbooks: the visible sheets as rows of cells, with the values that formulas last gave.

Read by openpyxl, which is an extra and is loaded only when a workbook is read.
"""

from __future__ import annotations

import importlib
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from spmatch.errors import MissingExtraError, Problem
from spmatch.readers.cells import Cell
from spmatch.sources.settings import MEBIBYTE, FetchSettings

Page = tuple[str, list[tuple[int, list[Cell]]]]
"""A sheet: its title and its rows that are not empty, each with its number."""

_UNPACKED_AT_MOST = 100_000_000
_ROWS_AT_MOST = 200_000
_COLUMNS_AT_MOST = 200
_CELLS_AT_MOST = 5_000_000
_ELEMENTS_AT_MOST = 2 * _CELLS_AT_MOST
_DEPTH_AT_MOST = 100_000
_BOOK = "xl/workbook.xml"
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_UNCALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</(?:\w+:)?c>"
)
_PIECE = 1_000_000


def is_workbook(file: Path) -> bool:
    """Whether a file is an Excel workbook of the present kind (``.xlsx``), by its content."""
    try:
        with file.open("rb") as data:
            if data.read(4) != b"PK\x03\x04":
                return False
            data.seek(0)
            with zipfile.ZipFile(data) as archive:
                return _BOOK in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_workbook(file: Path, problems: list[Problem]) -> list[Page]:
    """The visible sheets of a workbook; what could not be read goes to ``problems``.

    At most 100 MB unpacked, 200,000 rows and 200 columns a sheet, 5 million cells. Raises
    ``MissingExtraError`` without openpyxl.
    """
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ImportError:
        raise MissingExtraError("Excel sheets", "xlsx") from None
    try:
        with zipfile.ZipFile(file) as archive:
            if reason := _too_large(archive, file):
                remedy = "Save the sheet with the activities as CSV."
                problems.append(Problem(file.name, "", reason, remedy))
                return []
        with warnings.catch_warnings(), file.open("rb") as data:
            # Of what it does not know, such as drop-down lists, the package warns; no cell is lost.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(data, read_only=True, data_only=True, keep_links=False)
            pages: list[Page] = []
            for sheet in book.worksheets:
                where = f"{file.name}, sheet {sheet.title}"
                if sheet.sheet_state == "visible":
                    pages.append((sheet.title, _rows(sheet, where, file, problems)))
                else:
                    problems.append(
                        Problem(
                            where, "", "the sheet is hidden and was not read.", "Show it.", "note"
                        )
                    )
            return pages
    except Exception:
        # A damaged workbook can raise nearly anything from inside the package.
        problems.append(
            Problem(
                file.name,
                "",
                "this workbook cannot be read: it is damaged, or locked with a password.",
                "Open it, save it anew as .xlsx or CSV.",
            )
        )
        return []


def _too_large(archive: zipfile.ZipFile, file: Path) -> str | None:
    """Why a workbook cannot be held, by what is in it: the package builds a tree of much of its XML."""
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _UNPACKED_AT_MOST:
        return f"it holds more than {_UNPACKED_AT_MOST // 1_000_000} MB when unpacked."
    settings = FetchSettings()
    if unpacked > max(MEBIBYTE, file.stat().st_size * settings.ratio_max):
        return "unpacked it is far larger than packed, as no real sheet is."
    for part in archive.infolist():
        opened = closed = 0
        with archive.open(part) as data:
            while piece := data.read(_PIECE):
                ends = piece.count(b"</")
                opened += piece.count(b"<") - ends
                closed += piece.count(b"/>") + ends
                if opened > _ELEMENTS_AT_MOST or opened - closed > _DEPTH_AT_MOST:
                    return "it holds more than any sheet, or is nested more deeply."
    return None


def _rows(
    sheet: Any, where: str, file: Path, problems: list[Problem]
) -> list[tuple[int, list[Cell]]]:
    # The size that a sheet states of itself may be wrong, and then hides cells.
    sheet.reset_dimensions()
    rows: list[tuple[int, list[Cell]]] = []
    cells_left = _CELLS_AT_MOST
    too_wide = 0
    for number, values in enumerate(_until_broken(sheet, where, problems), start=1):
        too_wide += len(values) > _COLUMNS_AT_MOST and values[_COLUMNS_AT_MOST] is not None
        cells = _cells(values[:_COLUMNS_AT_MOST], f"{where}, row {number}", problems)
        cells_left -= len(cells)
        if number > _ROWS_AT_MOST or cells_left < 0:
            problems.append(
                Problem(
                    where,
                    "",
                    f"the sheet is too large; what follows row {number - 1} was not read.",
                    "Save it as CSV, which may have any size.",
                )
            )
            break
        if cells:
            rows.append((number, cells))
    if too_wide:
        problems.append(
            Problem(
                where,
                "",
                f"the columns after the first {_COLUMNS_AT_MOST} were not read; {too_wide} rows use them.",
                "Move what belongs to the activities to the left.",
                "mended",
            )
        )
    merged, uncalculated = _looked_through(file, getattr(sheet, "_worksheet_path", ""))
    _fill_merged(rows, merged)
    if uncalculated:
        problems.append(
            Problem(
                where,
                "",
                f"{uncalculated} formulas have no value and count as empty.",
                "Open the workbook in a spreadsheet program and save it.",
                "mended",
            )
        )
    return rows


def _until_broken(sheet: Any, where: str, problems: list[Problem]) -> Iterator[Sequence[Any]]:
    """The values of each row; of a sheet that is damaged, of those before the damage."""
    number = 0
    try:
        for values in sheet.iter_rows(values_only=True, max_col=_COLUMNS_AT_MOST + 1):
            number += 1
            yield values
    except Exception:  # As above: what a damaged sheet raises, nobody can list.
        problems.append(
            Problem(
                where,
                "",
                f"the sheet is damaged after row {number}; what follows was not read.",
                "Open the workbook, and save it anew as .xlsx or CSV.",
            )
        )


def _cells(values: Sequence[Any], where: str, problems: list[Problem]) -> list[Cell]:
    """The cells of a row, without the empty ones at its end."""
    cells: list[Cell] = []
    for place, value in enumerate(values):
        if isinstance(value, str) and _ERROR.fullmatch(value):
            problems.append(
                Problem(
                    where,
                    f"column {_letters(place)}",
                    "the cell holds an error of the spreadsheet and counts as empty.",
                    "Correct its formula.",
                    "mended",
                )
            )
            value = ""
        elif isinstance(value, timedelta):
            # A time of day that is formatted as a duration.
            minutes = int(value.total_seconds()) // 60
            value = time(*divmod(minutes, 60)) if 0 <= minutes < 1440 else str(value)
        elif not isinstance(value, str | int | float | date | time):
            value = "" if value is None else str(value)
        cells.append(value)
    while cells and cells[-1] == "" and isinstance(cells[-1], str):
        cells.pop()
    return cells


def _looked_through(file: Path, part: str) -> tuple[list[tuple[int, int, int]], int]:
    """The merged cells of a sheet that span rows (column from 0, first and last row), and how many
    formulas have no value. The package tells neither where it reads row by row."""
    merged: list[tuple[int, int, int]] = []
    uncalculated = 0
    for piece in _pieces(file, part):
        for found in _MERGED.finditer(piece):
            column, top, bottom = _column(found[1]), int(found[2]), int(found[4])
            if top < bottom and column < _COLUMNS_AT_MOST:
                merged.append((column, top, min(bottom, _ROWS_AT_MOST)))
        uncalculated += len(_UNCALCULATED.findall(piece))
    return merged, uncalculated


def _pieces(file: Path, part: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces, none of which ends within a cell or a tag."""
    with zipfile.ZipFile(file) as archive:
        name = part.lstrip("/")
        if name not in archive.namelist():
            return
        rest = b""
        with archive.open(name) as data:
            while more := data.read(_PIECE):
                rest += more
                cut = max(rest.rfind(b"</c>") + len(b"</c>"), rest.rfind(b"<mergeCell "))
                if cut >= len(b"</c>"):
                    yield rest[:cut]
                    rest = rest[cut:]
                rest = rest[-_PIECE:]
        yield rest


def _fill_merged(rows: list[tuple[int, list[Cell]]], merged: list[tuple[int, int, int]]) -> None:
    """Each row of a merged cell gets its value: that is what the sheet shows."""
    at = dict(rows)
    left = _CELLS_AT_MOST
    for column, top, bottom in merged:
        first = at.get(top, [])
        value = first[column] if column < len(first) else ""
        left -= bottom - top
        if value == "" or left < 0:
            continue
        for number in range(top + 1, bottom + 1):
            cells = at.get(number)
            # A row that has nothing else is no row: it only lies within the merged cell.
            if cells is None:
                continue
            cells.extend([""] * (column + 1 - len(cells)))
            if cells[column] == "":
                cells[column] = value


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)
