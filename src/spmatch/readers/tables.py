"""Tables with columns of their own: CSV files and workbooks, read with a mapping of their columns.

The mapping is the one that is given, or ``mapping.toml`` beside the tables, or the one among those
that come with spmatch which the columns fit. How to write one is told in ``docs/mappings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, MissingExtraError, Problem
from spmatch.readers.cells import heading, plain, text_of_cell
from spmatch.readers.joined import JoinedRows, is_left_out, let_through
from spmatch.readers.mapping import MAIN, TableMapping
from spmatch.readers.mapping_fields import near
from spmatch.readers.mapping_file import load_mapping, ready_mappings
from spmatch.readers.sheets import (
    Header,
    Sheet,
    TableRow,
    find_header,
    read_rows,
    sheets_of,
    table_files,
)
from spmatch.readers.tables_activity import activity_of

_OWN_MAPPING = "mapping.toml"
_HEADING_FROM_COLUMNS = 4
_TOLD_AT_MOST = 20
_WRITE_ONE = (
    "Write a mapping of them, as docs/mappings.md tells: give it with --mapping, or put it beside the "
    "tables as mapping.toml."
)


class TablesReader:
    """Reads CSV files and workbooks with a mapping; ``mapping`` is its file, where one is given."""

    name = "tables"

    def __init__(self, mapping: Path | None = None) -> None:
        self._mapping = mapping

    def recognises(self, path: Path) -> bool:
        """Tables with a mapping beside them, or with columns that a ready mapping fits."""
        if not table_files(path):
            return False
        if self._mapping is not None or _own_mapping(path) is not None:
            return True
        try:
            return _fitting(sheets_of(path, [])) is not None
        except MissingExtraError:
            return True  # Nothing else reads a workbook: reading it says what to install.

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        """Every row of the tables. Raises ``CatalogueError`` when no mapping fits or the one that was
        given has mistakes, and ``MissingExtraError`` for a workbook without the package for it."""
        problems: list[Problem] = []
        sheets = sheets_of(path, problems)
        file = self._mapping or _own_mapping(path)
        mapping = load_mapping(file) if file else _fitting(sheets)
        if mapping is None:
            found = [*problems, *_unfit(sheets)]
            if not found:
                reason, remedy = "there is no table in it.", "Give CSV files or a workbook."
                found = [Problem(path.name, "", reason, remedy)]
            raise CatalogueError("The tables cannot be read:", found)
        yield from problems
        yield from _Tables(mapping, sheets).activities()

    def files(self, path: Path) -> list[Path]:
        return table_files(path)


def _own_mapping(path: Path) -> Path | None:
    file = (path if path.is_dir() else path.parent) / _OWN_MAPPING
    return file if file.is_file() and not file.is_symlink() else None


@cache
def _ready() -> tuple[TableMapping, ...]:
    return tuple(load_mapping(file) for file in ready_mappings())


def _fitting(sheets: Sequence[Sheet]) -> TableMapping | None:
    """The ready mapping that recognises the tables; of several the one that asks for most columns."""
    fits = [mapping for mapping in _ready() if _recognises(mapping, sheets)]
    return max(
        fits, key=lambda mapping: sum(map(len, mapping.head.recognise.values())), default=None
    )


def _recognises(mapping: TableMapping, sheets: Sequence[Sheet]) -> bool:
    return bool(mapping.head.recognise) and not any(_missing(mapping, sheets))


def _is_named(mapping: TableMapping, sheet: Sheet, table: str) -> bool:
    """Whether a sheet has a name under which the mapping asks for a table."""
    names = _names_of(mapping, table)
    return not names or any(plain(name) in sheet.names for name in names)


def _names_of(mapping: TableMapping, table: str) -> Sequence[str]:
    """The names under which a mapping asks for a table; none where any table will do."""
    return mapping.head.rows if table == MAIN else mapping.tables[table].files or (table,)


def why_no_mapping_fits(path: Path) -> list[Problem]:
    """Which columns tables have and what each ready mapping misses; nothing where there are no tables."""
    sheets = sheets_of(path, [])
    return list(_unfit(sheets)) if any(map(_likely_header, sheets)) else []


def _unfit(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    for sheet in sheets[:_TOLD_AT_MOST]:
        names = _likely_header(sheet)
        seem = f", which seem to be: {', '.join(names)}" if names else ""
        yield Problem(sheet.label, "", f"no mapping fits its columns{seem}.", _WRITE_ONE)
    if sheets:
        for mapping in _ready():
            misses = ", ".join(_missing(mapping, sheets))
            remedy = (
                f'Where they have other names, begin with extends = "{Path(mapping.where).stem}".'
            )
            yield Problem(mapping.where, "recognise", f"it was tried, and misses {misses}.", remedy)


def _missing(mapping: TableMapping, sheets: Sequence[Sheet]) -> Iterator[str]:
    """What a mapping asks for and no sheet has: tables, and columns under any of their names."""
    for table, wanted in mapping.head.recognise.items():
        named = [sheet for sheet in sheets if _is_named(mapping, sheet, table)]
        if named:
            yield from min((_columns_missing(wanted, sheet) for sheet in named), key=len)
        else:
            yield f"a table {' or '.join(_names_of(mapping, table))}"


def _columns_missing(wanted: Sequence[Sequence[str]], sheet: Sheet) -> list[str]:
    header = find_header(sheet, {heading(name) for names in wanted for name in names})
    there = header.headings if header else set()
    return [
        f"a column {' or '.join(names)}"
        for names in wanted
        if not any(heading(name) in there for name in names)
    ]


def _likely_header(sheet: Sheet) -> list[str]:
    """The columns that a sheet seems to have; none where the row may be about somebody."""
    likely: list[str] = []
    for rows in sheet.heads():
        for _, cells in rows:
            names = [" ".join(text_of_cell(cell).split()) for cell in cells]
            names = [name[:40] for name in names if name]
            if len(names) > 1:
                # "address_1" is a column; "Main Street 1" is where somebody lives.
                if not any(re.search(r"@|(?<!_)\d", name) for name in names):
                    likely = max(likely, names, key=len)
                break
    return likely[:40]


@dataclass(frozen=True, eq=False)
class _Located:
    """A sheet with its header, and the tables of the mapping that it is."""

    sheet: Sheet
    header: Header
    tables: tuple[str, ...]


class _Tables:
    """The tables of one source, each found among its sheets."""

    def __init__(self, mapping: TableMapping, sheets: Sequence[Sheet]) -> None:
        self._mapping = mapping
        self._notes: list[Problem] = []
        self._mistakes: list[Problem] = []
        self._not_stated = {"", *map(plain, mapping.head.not_stated)}
        self._joined: dict[str, _Located] = {}
        self._main: list[_Located] = []
        self._locate(sheets)
        if not self._main and not self._mistakes:
            self._mistakes.append(self._no_activities(sheets))
        if not mapping.head.columns_may_be_missing:
            self._check_columns()
        if self._mistakes:
            raise CatalogueError("The mapping does not fit the tables:", self._mistakes)

    def activities(self) -> Iterator[Activity | Problem]:
        yield from self._notes
        for located in (*self._main, *dict.fromkeys(self._joined.values())):
            yield from self._unread_columns(located)
        joined, problems = self._read_joined()
        yield from problems
        rows = JoinedRows(self._mapping, joined)
        used: dict[str, str] = {}
        told: set[Problem] = set()
        for located in self._main:
            fill_down = [heading(name) for name in self._mapping.head.fill_down]
            for item in read_rows(located.sheet, located.header, self._not_stated, fill_down):
                if isinstance(item, Problem):
                    yield item
                    continue
                for found in self._of_row(item, rows, used, len(located.header.headings)):
                    if not isinstance(found, Problem):
                        yield found
                    elif found not in told:
                        # A fault in a row that many activities share is told once.
                        told.add(found)
                        yield found
        yield from rows.unused()

    def _of_row(
        self, row: TableRow, rows: JoinedRows, used: dict[str, str], columns: int
    ) -> Iterator[Activity | Problem]:
        head = self._mapping.head
        own = set(row.cells) - {heading(name) for name in head.fill_down}
        if len(own) <= 1 and columns >= _HEADING_FROM_COLUMNS:
            yield Problem(
                row.where,
                "",
                "only one cell is filled: it was read as a heading, and gives no activity.",
                "Fill in more cells if it is one.",
                "note",
            )
        elif not let_through(row, head.only) or is_left_out(row, head.leave_out):
            yield Problem(
                row.where,
                ", ".join((*head.only, *head.leave_out)),
                "the mapping leaves this row out, and it gives no activity.",
                "Nothing to mend.",
                "note",
            )
        else:
            problems: list[Problem] = []
            joined = rows.join(row, problems)
            yield from problems
            yield from activity_of(joined, self._mapping, used)

    def _locate(self, sheets: Sequence[Sheet]) -> None:
        mapping = self._mapping
        left = list(sheets)
        for sheet in sheets:
            names = tuple(
                name
                for name in mapping.tables
                if name not in self._joined and _is_named(mapping, sheet, name)
            )
            if not names:
                continue
            left.remove(sheet)
            wanted = set().union(*(mapping.columns_of(name) for name in names))
            header = find_header(sheet, wanted)
            if header:
                self._joined.update(dict.fromkeys(names, _Located(sheet, header, names)))
            else:
                self._not_read(sheet, "it has none of the columns that the mapping names")
        for sheet in left:
            if not _is_named(mapping, sheet, MAIN):
                self._not_read(sheet, "the mapping does not name it")
                continue
            header = find_header(sheet, mapping.columns_of(MAIN), mapping.head.header_row)
            titles = {
                heading(name) for way in mapping.fields["title"] for name in way.names()
                if mapping.locate(name)[0] == MAIN
            }  # fmt: skip
            if header and (not titles or titles & header.headings):
                self._main.append(_Located(sheet, header, (MAIN,)))
            else:
                self._not_read(sheet, "it has no header with the column of the title")
        for name, table in mapping.tables.items():
            if name not in self._joined and not table.optional:
                asked = " or ".join(table.files or (name,))
                problem = Problem(
                    mapping.where, f"tables.{name}", f"there is no table {asked}.",
                    "Add it, correct files, or write optional = true.",
                )  # fmt: skip
                if mapping.head.columns_may_be_missing:
                    self._notes.append(
                        Problem(asked, "", "this table is not there; nothing was read of it.",
                                "Add it if there is one.", "note")
                    )  # fmt: skip
                else:
                    self._mistakes.append(problem)

    def _not_read(self, sheet: Sheet, reason: str) -> None:
        self._notes.append(
            Problem(
                sheet.label,
                "",
                f"{reason}; it was not read.",
                "Nothing to mend if so meant.",
                "note",
            )
        )

    def _no_activities(self, sheets: Sequence[Sheet]) -> Problem:
        asked = " or ".join(self._mapping.head.rows) or "any table"
        columns = " or ".join(name for way in self._mapping.fields["title"] for name in way.names())
        there = ", ".join(sheet.label for sheet in sheets[:20]) or "none"
        return Problem(
            self._mapping.where,
            "fields.title",
            f"no header with the column {columns} was found in {asked}.",
            f"Correct rows, header_row or the name of the column. Tables: {there}.",
        )

    def _check_columns(self) -> None:
        headers: dict[str, list[str]] = {MAIN: [n for m in self._main for n in m.header.names]}
        headers |= {name: located.header.names for name, located in self._joined.items()}
        for where, table, names in self._mapping.uses():
            there = headers.get(table)
            if there is None or (table == MAIN and not self._main):
                continue
            if not {heading(name) for name in names} & {heading(name) for name in there}:
                label = " or ".join(names)
                known = list(
                    dict.fromkeys(" ".join(name.split()) for name in there if name.strip())
                )
                self._mistakes.append(
                    Problem(
                        self._mapping.where,
                        where,
                        f"there is no column {label}.",
                        near(names[0], known),
                    )
                )

    def _read_joined(self) -> tuple[dict[str, list[TableRow]], list[Problem]]:
        rows: dict[str, list[TableRow]] = {}
        problems: list[Problem] = []
        for located in dict.fromkeys(self._joined.values()):
            read: list[TableRow] = []
            for item in read_rows(located.sheet, located.header, self._not_stated):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    read.append(item)
            rows.update(dict.fromkeys(located.tables, read))
        return rows, problems

    def _unread_columns(self, located: _Located) -> Iterator[Problem]:
        known: set[str] = set()
        for table in located.tables:
            known |= self._mapping.columns_of(table) | self._mapping.ignored(table)
        where = located.sheet.where(located.header.number)
        names = [" ".join(name.split()) for name in located.header.names]
        left = list(dict.fromkeys(name for name in names if name and heading(name) not in known))
        if left:
            yield Problem(
                where,
                ", ".join(left[:40]),
                "these columns are not read: the mapping does not name them.",
                "Name them in the mapping, or under ignore.",
                "note",
            )
        twice = sorted(
            {n for n in names if n and [heading(m) for m in names].count(heading(n)) > 1}
        )
        if twice:
            yield Problem(
                where,
                ", ".join(twice[:40]),
                "these columns are there twice; the first of each was read.",
                "Give each its own name.",
                "mended",
            )
