"""Rows of several tables that belong together, and the values that a mapping finds in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spmatch.errors import Problem
from spmatch.readers.cells import Cell, heading, plain, text_of_cell
from spmatch.readers.mapping import MAIN, JoinedTable, TableMapping, Way, filled, names_in
from spmatch.readers.sheets import TableRow


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row states: the cell, where it stands, and under which column."""

    cell: Cell
    where: str
    column: str
    way: Way = field(repr=False)

    @property
    def text(self) -> str:
        return text_of_cell(self.cell)

    def parts(self) -> list[str]:
        """The cell divided by the separators of the mapping, the value map put upon each part."""
        parts = [self.text]
        for separator in self.way.split:
            parts = [part for text in parts for part in text.split(separator)]
        parts = [part.strip() for part in parts if part.strip()]
        mapped = [self.way.value_of(part) for part in parts]
        return [
            p if to is None else str(to) for p, to in zip(parts, mapped, strict=True) if to != ""
        ]


class Joined:
    """A row of the activities with the rows that are joined to it."""

    def __init__(self, mapping: TableMapping, main: TableRow) -> None:
        self._mapping = mapping
        self.main = main
        self.rows: dict[str, list[TableRow]] = {MAIN: [main]}

    def within(self, table: str, row: TableRow) -> Joined:
        """The same, where one row of a joined table stands for all of that table."""
        inside = Joined(self._mapping, self.main)
        inside.rows = {**self.rows, table: [row]}
        return inside

    def find(self, ways: Sequence[Way], table: str = MAIN) -> Stated | None:
        """What the first of several ways finds; of several rows of a table the first counts."""
        for way in ways:
            stated = self._stated(way, table)
            if stated is not None:
                return stated
        return None

    def cell(self, name: str, table: str = MAIN) -> tuple[Cell, str, str] | None:
        """The cell, its place and its column; ``None`` where it is empty or not there."""
        of_table, key = self._mapping.place(name, table)
        rows = self.rows.get(of_table)
        if not rows or key not in rows[0].cells:
            return None
        return rows[0].cells[key], rows[0].where, rows[0].columns[key]

    def _stated(self, way: Way, table: str) -> Stated | None:
        found = self._joined(way, table)
        if found is None:
            if way.default is None:
                return None
            return Stated(way.default, self.main.where, "", way)
        cell, where, column = found
        if way.pattern is not None:
            match = re.search(way.pattern, text_of_cell(cell))
            cell = (match[1] if match.re.groups else match[0]) or "" if match else ""
            if not cell.strip():
                return None
        if way.values and not way.split:
            value = way.value_of(text_of_cell(cell))
            cell = cell if value is None else value
        return Stated(cell, where, column, way)

    def _joined(self, way: Way, table: str) -> tuple[Cell, str, str] | None:
        if way.single is not None:
            return self.cell(way.single, table)
        texts: list[str] = []
        place: tuple[str, str] | None = None
        for part in way.parts():
            cells = {name: self.cell(name, table) for name in names_in(part)}
            values = {name: text_of_cell(cell[0]) for name, cell in cells.items() if cell}
            if len(values) < len(cells):
                continue  # A text with a gap in it would say something else.
            first = next(cell for cell in cells.values() if cell)
            place = place or (first[1], first[2])
            text = filled(part, values)
            if text not in texts:
                texts.append(text)
        if place is None:
            return None
        return ((way.join if way.join is not None else ", ").join(texts), *place)


class JoinedRows:
    """The rows of the joined tables, by key. ``problems`` holds what was found wrong in them."""

    def __init__(self, mapping: TableMapping, rows: dict[str, list[TableRow]]) -> None:
        self._mapping = mapping
        self._rows = rows
        self._used: set[int] = set()
        self._by_key: dict[str, dict[str, list[TableRow]]] = {}
        self._dropped: set[int] = set()
        for name, table in mapping.tables.items():
            grouped = self._by_key[name] = defaultdict(list)
            key = heading(table.key)
            for row in rows.get(name, []):
                if not let_through(row, table.only):
                    self._dropped.add(id(row))
                elif key in row.cells:
                    grouped[text_of_cell(row.cells[key])].append(row)

    def join(self, main: TableRow, problems: list[Problem]) -> Joined:
        """The row with all that belongs to it; a key that leads nowhere is told."""
        joined = Joined(self._mapping, main)
        for name, table in self._mapping.tables.items():
            found: list[TableRow] = []
            stated = joined.cell(table.is_)
            for key in _keys(stated[0], table) if stated else []:
                rows = self._by_key[name].get(key, [])
                found += rows
                if not rows and stated and self._rows.get(name) and self._leads(table):
                    problems.append(
                        Problem(
                            stated[1],
                            stated[2],
                            f"there is no row of {name} for this key.",
                            f"Correct it, or add the row to {name}.",
                            "mended",
                        )
                    )
            self._used.update(map(id, found))
            joined.rows[name] = found
        return joined

    def unused(self) -> Iterator[Problem]:
        """For each table how many of its rows belong to no activity."""
        # One file may be joined in several ways: it counts which rows none of them used.
        files: dict[int, tuple[str, list[TableRow]]] = {}
        for name, rows in self._rows.items():
            files.setdefault(id(rows), (name, rows))
        for name, rows in files.values():
            left = [r for r in rows if id(r) not in self._used and id(r) not in self._dropped]
            if left:
                yield Problem(
                    left[0].where,
                    "",
                    f"of {name}, {len(left)} of {len(rows)} rows belong to no activity; this is the first.",
                    "Nothing to mend if they are about something else.",
                    "note",
                )

    def _leads(self, table: JoinedTable) -> bool:
        """Whether a key has to lead somewhere: not where rows point at the activities by their id."""
        return not table.optional and heading(table.is_) not in {
            heading(name) for way in self._mapping.fields["id"] for name in way.names()
        }


def let_through(row: TableRow, only: dict[str, tuple[str, ...]]) -> bool:
    """Whether a row has one of the values asked for in each column; ``""`` means not stated."""
    return all(
        plain(text_of_cell(row.cells.get(heading(column), ""))) in {plain(v) for v in values}
        for column, values in only.items()
    )


def is_left_out(row: TableRow, leave_out: dict[str, tuple[str, ...]]) -> bool:
    """Whether a row has one of the values that keep it out, in any column."""
    return any(let_through(row, {column: values}) for column, values in leave_out.items())


def _keys(cell: Cell, table: JoinedTable) -> list[str]:
    parts = [text_of_cell(cell)]
    for separator in table.split:
        parts = [part for text in parts for part in text.split(separator)]
    return [part.strip() for part in parts if part.strip()]
