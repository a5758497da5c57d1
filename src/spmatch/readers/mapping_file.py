"""From a TOML file to a mapping that can be used, or to all the mistakes in it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.material import material
from spmatch.readers.mapping import (
    MAIN,
    ConcessionColumn,
    Head,
    JoinedTable,
    SessionColumns,
    TableMapping,
    Way,
    Ways,
)
from spmatch.readers.mapping_fields import CHOICES, EVERY, TARGETS, constant_of, near, put
from spmatch.validation import problems_of
from spmatch.words import Record

_LARGEST = 1_000_000
_PARTS = ("fields", "tables", "sessions", "concessions")
_OF_TYPES = re.compile(r"^ways(?:\.\d+)?\.?|\.constrained-str|\.(?:str|int|bool|float)$")
"""What stands in the place of a fault but names no key of the file."""
_REASONS = (
    ("instance of Way", "this is neither a column nor a table with one."),
    ("valid dictionary", "this is not a table of keys and values."),
    ("valid tuple", "this is not a list of texts."),
    ("valid string", "this is not text."),
)
Part = TypeVar("Part", bound=Record)


def ready_mappings() -> list[Path]:
    """The mappings that come with spmatch, by name."""
    return sorted(material("catalogue", "mappings").glob("*.toml"))


def load_mapping(file: Path) -> TableMapping:
    """The mapping in a TOML file. Raises ``CatalogueError`` with every mistake in it."""
    mistakes: list[Problem] = []
    document = _document(file, mistakes)
    mapping = None if mistakes else _mapping(document, file.name, mistakes)
    if mapping is None or mistakes:
        raise CatalogueError("The mapping has mistakes:", mistakes)
    return mapping


def _document(file: Path, mistakes: list[Problem], *, extending: bool = False) -> dict[str, Any]:
    try:
        with file.open("rb") as data:
            text = data.read(_LARGEST + 1)
        document = tomllib.loads(text[:_LARGEST].decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError:
        mistakes.append(Problem(file.name, "", "the file cannot be opened.", "Check its path."))
        return {}
    except (ValueError, RecursionError) as error:
        told = (
            str(error).rstrip(".") if isinstance(error, tomllib.TOMLDecodeError) else "UTF-8 text"
        )
        reason = f"this is not {'TOML: ' if told != 'UTF-8 text' else ''}{told}."
        mistakes.append(Problem(file.name, "", reason, "Check quotes, brackets and the encoding."))
        return {}
    base = document.get("extends")
    if base is None:
        return document
    ready = {path.stem: path for path in ready_mappings()}
    if not isinstance(base, str) or base not in ready or extending:
        mistakes.append(
            Problem(
                file.name,
                "extends",
                "there is no ready mapping of this name to extend.",
                f"There are: {', '.join(ready)}.",
            )
        )
        return {}
    return _merged(_document(ready[base], mistakes, extending=True), document)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The base with its own put over it: tables are merged by key, all else is replaced."""
    merged = {key: value for key, value in base.items() if key != "recognise"}
    for key, value in own.items():
        inner = merged.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            value = {**inner, **value}
        merged[key] = value
    return merged


class _Field(Record):
    ways: Ways = Field(min_length=1)


def _mapping(document: dict[str, Any], where: str, mistakes: list[Problem]) -> TableMapping:
    parts = {key: document.pop(key, None) for key in _PARTS}
    head = _checked(Head, document, where, "", mistakes)
    mapping = TableMapping(where, head or Head(name="?", style="en"))
    mistakes.extend(_wrong_constants(document.get("constants"), where))
    for target, value in _entries(parts, "fields", dict, where, mistakes):
        checked = _checked(_Field, {"ways": value}, where, f"fields.{target}", mistakes)
        if checked:
            mapping.fields[target] = checked.ways
    for name, value in _entries(parts, "tables", dict, where, mistakes):
        table = _checked(JoinedTable, value, where, f"tables.{name}", mistakes)
        if table:
            mapping.tables[name] = table
    for number, value in _entries(parts, "sessions", list, where, mistakes):
        session = _checked(SessionColumns, value, where, f"sessions.{number}", mistakes)
        if session:
            mapping.sessions.append(session)
    for number, value in _entries(parts, "concessions", list, where, mistakes):
        concession = _checked(ConcessionColumn, value, where, f"concessions.{number}", mistakes)
        if concession:
            mapping.concessions.append(concession)
    mistakes.extend(_nonsense(mapping))
    return mapping


def _entries(
    parts: dict[str, Any], name: str, kind: type, where: str, mistakes: list[Problem]
) -> Iterator[tuple[str, Any]]:
    value: Any = parts[name]
    if isinstance(value, kind):
        if isinstance(value, list):
            value = dict(enumerate(value, start=1))
        yield from ((str(key), part) for key, part in value.items())
    elif value is not None:
        form = f"[[{name}]]" if kind is list else f"[{name}]"
        mistakes.append(Problem(where, name, "it is not written so.", f"Write it under {form}."))


def _checked(
    kind: type[Part], value: Any, where: str, name: str, mistakes: list[Problem]
) -> Part | None:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        for problem in problems_of(error, where):
            inside = _OF_TYPES.sub("", problem.field)
            place = ".".join(filter(None, (name, inside)))
            reason = next((ours for theirs, ours in _REASONS if theirs in problem.reason), None)
            # What fails in one way often fails in the next one as well: once is enough.
            if place not in {mistake.field for mistake in mistakes}:
                mistakes.append(Problem(where, place, reason or problem.reason, problem.remedy))
        return None


def _nonsense(mapping: TableMapping) -> Iterator[Problem]:
    """What is written well but cannot be meant."""
    where = mapping.where
    targets = list(TARGETS)
    for target, ways in mapping.fields.items():
        if target not in TARGETS:
            yield Problem(
                where, f"fields.{target}", "an activity has no such field.", near(target, targets)
            )
            continue
        for way in ways:
            yield from _nonsense_of(way, where, f"fields.{target}", CHOICES.get(target))
    for target in ("id", "title"):
        if target not in mapping.fields:
            yield Problem(
                where,
                f"fields.{target}",
                "it is not there, and no activity is without.",
                "Name its column."
                if target == "title"
                else "Name its column, or columns that together tell one activity from all others.",
            )
    for number, session in enumerate(mapping.sessions, start=1):
        for key, ways in session.ways():
            for way in ways:
                place = f"sessions.{number}.{key}"
                yield from _nonsense_of(way, where, place, EVERY if key == "every" else None)
        if session.table and session.table not in mapping.tables:
            yield _no_table(mapping, f"sessions.{number}.table", session.table)
    for number, concession in enumerate(mapping.concessions, start=1):
        for way in concession.amount:
            yield from _nonsense_of(way, where, f"concessions.{number}.amount", None)
    for name in mapping.head.recognise:
        if name != MAIN and name not in mapping.tables:
            yield _no_table(mapping, "recognise", name)
    yield from _circles(mapping)


def _wrong_constants(constants: object, where: str) -> Iterator[Problem]:
    """The constants that no activity can have."""
    for target, value in constants.items() if isinstance(constants, dict) else ():
        place = f"constants.{target}"
        if target not in TARGETS:
            yield Problem(
                where, place, "an activity has no such field.", near(target, list(TARGETS))
            )
            continue
        if target in ("id", "title", "description"):
            yield Problem(where, place, "it cannot be the same for all.", "Name its column.")
            continue
        record: dict[str, Any] = {"id": "x", "title": "x"}
        put(record, target, constant_of(target, value))
        try:
            Activity.model_validate(record)
        except ValidationError as error:
            (problem, *_) = problems_of(error, where)
            yield Problem(where, place, problem.reason, problem.remedy)


def _nonsense_of(
    way: Way, where: str, place: str, choices: tuple[str, ...] | None
) -> Iterator[Problem]:
    if (way.column is None) == (not way.columns) and way.default is None:
        yield Problem(where, place, "it names no column, or both column and columns.", "Name one.")
    if way.pattern is not None:
        try:
            if re.compile(way.pattern).groups > 1:
                yield Problem(where, place, "the pattern has several groups.", "Use one, or none.")
        except (re.error, OverflowError, RecursionError):
            yield Problem(where, place, "the pattern is no regular expression.", "Correct it.")
    for value in (*way.values.values(), *([way.default] if way.default is not None else [])):
        if choices and value != "" and value not in choices:
            yield Problem(
                where,
                place,
                f"{str(value)[:60]!r} is not a value of this field.",
                f"Its values: {', '.join(choices)}; or empty text for not stated.",
            )


def _no_table(mapping: TableMapping, place: str, name: str) -> Problem:
    return Problem(
        mapping.where, place, f"there is no table {name!r}.", near(name, list(mapping.tables))
    )


def _circles(mapping: TableMapping) -> Iterator[Problem]:
    """A table is joined to the activities, or to one that is joined before it."""
    known = {MAIN}
    for name, table in mapping.tables.items():
        of_table, _ = mapping.locate(table.is_)
        if of_table not in known:
            yield Problem(
                mapping.where,
                f"tables.{name}.is",
                f"the table {of_table!r} is joined later.",
                f"Write [tables.{of_table}] before [tables.{name}].",
            )
        known.add(name)
    if MAIN in mapping.tables:
        yield Problem(
            mapping.where, f"tables.{MAIN}", "this name is taken.", "Choose another name."
        )
