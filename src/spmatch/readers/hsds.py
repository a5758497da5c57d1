"""HSDS 3.0 and 3.1: nested JSON, API pages, JSON Lines, and tables in a folder of CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds1 import is_hsds1
from spmatch.readers.hsds_activity import Usage
from spmatch.readers.hsds_files import hsds_files, look_at
from spmatch.readers.hsds_json import read_json
from spmatch.readers.hsds_kinds import Marks
from spmatch.readers.hsds_table_rows import read_header
from spmatch.readers.hsds_tables import (
    HSDS_TABLES,
    Dialect,
    files_of_tables,
    folder_tables,
    package_of,
    read_tables,
    table_files,
)

_TABLE_COLUMNS = frozenset(("id", "name", "organization_id"))


class HsdsReader:
    """Reads HSDS 3.0 and 3.1 in each of their layouts."""

    name = "HSDS 3.0"

    def recognises(self, path: Path) -> bool:
        """A folder of HSDS tables, or JSON that holds HSDS services, organizations or pages."""
        marks = marks_of(path)
        return marks is not None and marks.dialect == "HSDS"

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        yield from read_hsds(path, HSDS_TABLES, Usage())

    def files(self, path: Path) -> list[Path]:
        return files_of_hsds(path)


def read_hsds(path: Path, dialect: Dialect, usage: Usage) -> Iterator[Activity | Problem]:
    """The activities of a source of HSDS 3, or of a profile of it."""
    if files_of_hsds(path) == table_files(path):
        yield from read_tables(folder_tables(path, dialect), usage)
    else:
        yield from read_json(path, usage)


def files_of_hsds(path: Path) -> list[Path]:
    """The files that are read of a source: its tables, else those of JSON."""
    if _has_tables(path):
        return table_files(path)
    return hsds_files(path) or table_files(path)


def marks_of(path: Path) -> Marks | None:
    """What a source says about its dialect; ``None`` when it is no HSDS."""
    if not _has_tables(path):
        return look_at(path)
    marks = Marks()
    marks.see_name(package_of(path))
    for table, files in files_of_tables(path, HSDS_TABLES).items():
        # A dialect reads one of two files of a table; where they differ, the narrower one tells.
        columns = set.intersection(*(set(read_header(file)) for file in files))
        marks.see_table(table, columns)
    return marks


def _has_tables(path: Path) -> bool:
    if not path.is_dir() or is_hsds1(path):
        return False
    services = files_of_tables(path, HSDS_TABLES).get("services")
    return services is not None and set(read_header(services[0])) >= _TABLE_COLUMNS
