"""A mapping: which columns of which tables hold the facts of an activity.

How one is written is told in ``docs/mappings.md``; it is read by ``mapping_file``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from spmatch.readers.cells import Style, heading, plain
from spmatch.words import Record

_IN_BRACES = re.compile(r"\{([^{}]+)\}")

Constant = StrictBool | StrictInt | StrictFloat | StrictStr


def _several(value: object) -> object:
    return [value] if isinstance(value, str | Mapping) else value


def _ways(value: object) -> object:
    several = value if isinstance(value, list | tuple) else [value]
    return [{"column": one} if isinstance(one, str) else one for one in several]


Names = Annotated[tuple[StrictStr, ...], BeforeValidator(_several)]
"""One text or a list of them."""


class Way(Record):
    """One way to find a value: a column, or several joined. Columns in braces stand within a text."""

    column: str | None = None
    columns: tuple[str, ...] = ()
    join: str | None = None
    pattern: str | None = None
    split: Names = ()
    values: dict[str, Constant] = Field(default_factory=dict)
    default: Constant | None = None
    prefix: str = ""
    scheme: str | None = None
    label: str | None = None

    def parts(self) -> tuple[str, ...]:
        return (self.column,) if self.column is not None else self.columns

    @cached_property
    def single(self) -> str | None:
        """The column, where it is one column and no more."""
        alone = self.column is not None and names_in(self.column) == [self.column]
        return self.column if alone else None

    def names(self) -> list[str]:
        """Every column that is named here."""
        parts = (*self.parts(), *([self.label] if self.label else []))
        return [name for part in parts for name in names_in(part)]

    def value_of(self, text: str) -> Constant | None:
        """What the value map makes of a text; ``None`` where it says nothing of it."""
        return next((to for was, to in self.values.items() if plain(was) == plain(text)), None)


Ways = Annotated[tuple[Way, ...], BeforeValidator(_ways)]
"""Ways to find one value: the first that finds one counts. A text alone is a column."""


def names_in(part: str) -> list[str]:
    """The columns of a part: those in braces, or the part itself."""
    return _IN_BRACES.findall(part) or [part]


def filled(part: str, values: Mapping[str, str]) -> str:
    """The part with each column in braces replaced by its value."""
    if not _IN_BRACES.search(part):
        return values[part]
    return _IN_BRACES.sub(lambda found: values[found[1]], part)


class JoinedTable(Record):
    """A table whose rows belong to those of another: where its ``key`` is what ``is`` says there."""

    files: Names = ()
    key: str
    is_: str = Field(alias="is")
    split: Names = ()
    only: dict[str, Names] = Field(default_factory=dict)
    optional: bool = False


class SessionColumns(Record):
    """Where the times of an activity stand; each row of ``table``, where named, is read for itself."""

    table: str | None = None
    text: Ways = ()
    day: Ways = ()
    time: Ways = ()
    start: Ways = ()
    end: Ways = ()
    every: Ways = ()
    date: Ways = ()
    from_: Ways = Field((), alias="from")
    until: Ways = ()

    def ways(self) -> Iterator[tuple[str, tuple[Way, ...]]]:
        """Each key that is given, with its ways."""
        for name, info in type(self).model_fields.items():
            if name != "table" and getattr(self, name):
                yield info.alias or name, getattr(self, name)


class ConcessionColumn(Record):
    """A reduced price, and for whom."""

    for_whom: str = Field(alias="for")
    amount: Ways


class Head(Record):
    """All of a mapping but its fields, tables, sessions and concessions."""

    name: str = Field(min_length=1)
    extends: str | None = None
    style: Style
    rows: Names = ()
    header_row: int | None = Field(None, ge=1)
    columns_may_be_missing: bool = False
    fill_down: tuple[str, ...] = ()
    ignore: dict[str, tuple[str, ...]] | tuple[str, ...] = ()
    not_stated: tuple[str, ...] = ("-", "?")
    only: dict[str, Names] = Field(default_factory=dict)
    leave_out: dict[str, Names] = Field(default_factory=dict)
    recognise: dict[str, tuple[Names, ...]] = Field(default_factory=dict)
    constants: dict[str, Constant] = Field(default_factory=dict)


MAIN = "activities"
"""The name, within a mapping, of the table that has one activity a row."""


@dataclass
class TableMapping:
    """A mapping as it can be used. ``where`` names its file in problems."""

    where: str
    head: Head
    fields: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    tables: dict[str, JoinedTable] = field(default_factory=dict)
    sessions: list[SessionColumns] = field(default_factory=list)
    concessions: list[ConcessionColumn] = field(default_factory=list)
    _places: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict, repr=False)

    def locate(self, name: str, table: str = MAIN) -> tuple[str, str]:
        """The table and the column that a name means.

        ``Postnr.`` has a point but is no column of a table ``Postnr``, unless there is one.
        """
        before, point, after = name.partition(".")
        return (before, after) if point and after and before in self.tables else (table, name)

    def place(self, name: str, table: str) -> tuple[str, str]:
        """The same with the column as it is compared, looked up once."""
        found = self._places.get((name, table))
        if found is None:
            of_table, column = self.locate(name, table)
            found = self._places[name, table] = (of_table, heading(column))
        return found

    def uses(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Where columns are named: the place in the mapping, the table, names of which one is enough."""
        for target, ways in self.fields.items():
            yield from self._uses(f"fields.{target}", ways, MAIN)
        for number, session in enumerate(self.sessions, start=1):
            for key, ways in session.ways():
                yield from self._uses(f"sessions.{number}.{key}", ways, session.table or MAIN)
        for number, concession in enumerate(self.concessions, start=1):
            yield from self._uses(f"concessions.{number}.amount", concession.amount, MAIN)
        for column in self.head.fill_down:
            yield "fill_down", MAIN, (column,)
        for name, table in self.tables.items():
            yield f"tables.{name}.key", name, (table.key,)
            of_table, column = self.locate(table.is_)
            yield f"tables.{name}.is", of_table, (column,)
            for column in table.only:
                yield f"tables.{name}.only", name, (column,)

    def _uses(
        self, where: str, ways: tuple[Way, ...], table: str
    ) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        named = [[self.locate(name, table) for name in way.names()] for way in ways]
        # Several single columns are other spellings of one; of joined columns each has to be there.
        single = {names[0][0] for names in named if len(names) == 1}
        for of_table in sorted(single):
            names = [n[0][1] for n in named if len(n) == 1 and n[0][0] == of_table]
            yield where, of_table, tuple(names)
        for several in named:
            for of_table, column in several if len(several) > 1 else ():
                yield where, of_table, (column,)

    def columns_of(self, table: str) -> set[str]:
        """Every column that is named of a table, for comparing with headers."""
        named = {heading(name) for _, of, names in self.uses() if of == table for name in names}
        if table == MAIN:
            named |= {heading(name) for name in (*self.head.only, *self.head.leave_out)}
        return named

    def ignored(self, table: str) -> set[str]:
        """The columns of a table that are left out on purpose."""
        ignore = self.head.ignore
        names = ignore.get(table, ()) if isinstance(ignore, dict) else ignore
        return {heading(name) for name in names}
