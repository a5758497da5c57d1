"""Sheets: a CSV file, or a sheet of a workbook, as numbered rows of cells; and where its header is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spmatch.errors import Problem
from spmatch.readers.cells import Cell, heading, plain, text_of_cell
from spmatch.readers.listing import files_with
from spmatch.readers.text_files import encoding_problem, read_lines
from spmatch.readers.workbooks import is_workbook, read_workbook

Numbered = tuple[int, list[Cell]]
"""A row: the line (or row of a sheet) on which it begins, and its cells; empty cells are ``""``."""

_HEAD_ROWS = 30
_HEAD_CHARACTERS = 200_000
_DELIMITERS = ";,\t|"
_LARGEST_CELL = 131_072
_RESTARTS = 50
_FILES_AT_MOST = 200
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Sheet:
    """A table before its header is known. ``names`` are those under which a mapping may ask for it."""

    names: tuple[str, ...]
    label: str
    unit: str
    heads: Callable[[], list[list[Numbered]]]
    """The first rows, once for each way in which the columns may be divided."""
    rows: Callable[[int], Iterator[Numbered | Problem]]
    """All rows, divided in the way of that number."""

    def where(self, number: int) -> str:
        return f"{self.label}, {self.unit} {number}"


@dataclass(frozen=True)
class Header:
    """Where the names of the columns stand, and how the columns are divided."""

    number: int
    names: list[str]
    way: int
    found: int
    """How many of the columns that were looked for are in it."""

    @property
    def headings(self) -> set[str]:
        return {heading(name) for name in self.names}


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A row under its header: the cells that state something, by the heading of their column."""

    where: str
    cells: dict[str, Cell]
    columns: dict[str, str]
    """The columns as they are written in the header, by heading."""


def sheets_of(path: Path, problems: list[Problem]) -> list[Sheet]:
    """Every sheet of a file or of the files of a folder. Raises ``MissingExtraError`` for a workbook
    without the package that reads it."""
    files = table_files(path)
    if len(files) > _FILES_AT_MOST:
        problems.append(
            Problem(
                files[_FILES_AT_MOST].name,
                "",
                f"only the first {_FILES_AT_MOST} tables of a folder are read; this one is the next.",
                "Give the other files in folders of their own.",
            )
        )
    return [sheet for file in files[:_FILES_AT_MOST] for sheet in _sheets(file, problems)]


def table_files(path: Path) -> list[Path]:
    """The files of a source that may hold tables: itself, or those of a folder."""
    files = files_with(path, _SUFFIXES, deep=1)
    if files == [path]:
        return files if is_workbook(path) or _is_text(path) else []
    # Office programs leave such a file behind while a workbook is open.
    return [file for file in files if not file.name.startswith("~$")]


def _is_text(file: Path) -> bool:
    """Whether a file may be CSV: text, and none of the formats that begin with a bracket."""
    try:
        with file.open("rb") as data:
            begin = data.read(4096)
    except OSError:
        return False
    if begin[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(text) and b"\0" not in text and text[:1] not in (b"{", b"[", b"<")


def _sheets(file: Path, problems: list[Problem]) -> Iterator[Sheet]:
    if not is_workbook(file):
        yield Sheet((plain(file.stem),), file.name, "line", *_csv(file))
        return
    pages = read_workbook(file, problems)
    for title, rows in pages:
        names = (plain(title), plain(file.stem)) if len(pages) == 1 else (plain(title),)
        yield Sheet(
            names,
            f"{file.name}, sheet {title}",
            "row",
            lambda rows=rows: [rows[:_HEAD_ROWS]],  # type: ignore[misc]
            lambda _, rows=rows: iter(rows),  # type: ignore[misc]
        )


def find_header(sheet: Sheet, wanted: Collection[str], row: int | None = None) -> Header | None:
    """The row with most of the wanted headings, among the first ones, or the one that is named.

    ``None`` when none has any. Of several ways to divide the columns the one counts that finds most.
    """
    best: Header | None = None
    for way, rows in enumerate(sheet.heads()):
        for number, cells in rows:
            names = [text_of_cell(cell) for cell in cells]
            found = len({heading(name) for name in names} & set(wanted))
            if found and row in (None, number) and (best is None or found > best.found):
                best = Header(number, names, way, found)
    return best


def read_rows(
    sheet: Sheet, header: Header, not_stated: Collection[str], fill_down: Collection[str] = ()
) -> Iterator[TableRow | Problem]:
    """The rows below the header, or what kept one out. Empty rows and repeated headers are skipped.

    ``not_stated`` are the texts (as ``plain`` gives them) that mean an empty cell. In the columns
    ``fill_down`` an empty cell takes what stands above it.
    """
    columns: dict[str, str] = {}
    places: list[str] = []
    for name in header.names:
        key = heading(name)
        places.append("" if key in columns else key)
        if key:
            columns.setdefault(key, " ".join(name.split()))
    above: dict[str, Cell] = {}
    for item in sheet.rows(header.way):
        if isinstance(item, Problem):
            yield item
            continue
        number, values = item
        if number <= header.number or [heading(text_of_cell(v)) for v in values] == [
            heading(name) for name in header.names
        ]:
            continue
        cells: dict[str, Cell] = {}
        for key, value in zip(places, values, strict=False):
            if key and (not isinstance(value, str) or plain(value) not in not_stated):
                cells[key] = value.strip() if isinstance(value, str) else value
        if not cells and not any(text_of_cell(value) for value in values[len(places) :]):
            continue
        where = sheet.where(number)
        if any(text_of_cell(value) for value in values[len(places) :]):
            beyond = Problem(
                where,
                "",
                f"this row has {len(values)} cells for {len(places)} columns.",
                "Put a cell that holds a separator in quotes, or name the column.",
            )
            # In a sheet a remark beside the table moves nothing; in CSV the cells may be shifted.
            if sheet.unit == "line":
                yield beyond
                continue
            yield Problem(
                where, "", beyond.reason + " The rest was left out.", beyond.remedy, "mended"
            )
        for key in fill_down:
            if key in cells:
                above[key] = cells[key]
            elif key in above:
                cells[key] = above[key]
        yield TableRow(where, cells, columns)


def _csv(
    file: Path,
) -> tuple[Callable[[], list[list[Numbered]]], Callable[[int], Iterator[Numbered | Problem]]]:
    def heads() -> list[list[Numbered]]:
        lines: list[str] = []
        left = _HEAD_CHARACTERS
        try:
            for line in islice(read_lines(file, []), _HEAD_ROWS * 4):
                lines.append(line[:left])
                left -= len(line)
                if left <= 0:
                    break
        except OSError:
            return []
        return [_head(lines, delimiter) for delimiter in _DELIMITERS]

    return heads, lambda way: _csv_rows(file, _DELIMITERS[way])


def _head(lines: Sequence[str], delimiter: str) -> list[Numbered]:
    rows: list[Numbered] = []
    reader = csv.reader(lines, delimiter=delimiter)
    while len(rows) < _HEAD_ROWS:
        number = reader.line_num + 1
        try:
            rows.append((number, list(next(reader))))
        except StopIteration:
            break
        except csv.Error:
            continue
    return rows


class _Lines:
    """The lines of a file, of which those since the last good row can be given once more."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All lines taken but the first come again."""
        back = self.taken[1:]
        self.number -= len(back)
        self._again.extend(reversed(back))
        self.taken.clear()


def _csv_rows(file: Path, delimiter: str) -> Iterator[Numbered | Problem]:
    """Every row of a CSV file. A row whose quotes do not match is told, and the next ones are kept."""
    spoiled: list[int] = []
    lines = _Lines(read_lines(file, spoiled))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    restarts = 0
    while True:
        lines.taken.clear()
        number = lines.number + 1
        try:
            yield number, list(next(reader))
        except StopIteration:
            break
        except OSError:
            yield Problem(file.name, "", "the file cannot be read.", "Check its permissions.")
            return
        except csv.Error:
            yield Problem(
                f"{file.name}, line {number}",
                "",
                "this row is not CSV: its quotes do not match, or a cell is too long.",
                f"Correct the quotes; a cell holds at most {_LARGEST_CELL} characters.",
            )
            # An open quote swallows what follows. Giving that back costs time, so not endlessly.
            if restarts < _RESTARTS:
                restarts += 1
                lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
    if spoiled:
        yield encoding_problem(file.name, spoiled)
