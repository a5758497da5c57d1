"""Readers: one source format a file. The format of a source is recognised by its content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spmatch.activity import Activity
from spmatch.contracts import Reader
from spmatch.errors import CatalogueError, Problem
from spmatch.readers.accounting import AccountingReader, FileReader
from spmatch.readers.fhir import FhirReader
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.hsds1 import Hsds1Reader
from spmatch.readers.native import NativeReader
from spmatch.readers.openactive import OpenActiveReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader
from spmatch.readers.tables import TablesReader, why_no_mapping_fits

_TABLES, _HSDS = TablesReader(), HsdsReader()

FORMATS: dict[str, FileReader] = {
    "native": NativeReader(),
    "csv": _TABLES,
    "xlsx": _TABLES,
    "hsds-1.1": Hsds1Reader(),
    "oruk-1.0": Oruk1Reader(),
    "oruk-3.0": OrukReader(),
    "hsds-3.0": _HSDS,
    "hsds-3.1": _HSDS,
    "openactive": OpenActiveReader(),
    "fhir": FhirReader(),
}
"""The readers by the names under which they are asked for; a new dialect is one more file and entry.

Tried in this order where none is asked for. A dialect that narrows another goes before it. Tables go
early: a mapping beside them is somebody's explicit word.
"""

READERS: tuple[FileReader, ...] = tuple(dict.fromkeys(FORMATS.values()))


def reader_called(name: str) -> Reader:
    """The reader of a format that is named. Raises ``CatalogueError`` that lists the names."""
    reader = FORMATS.get(name.strip().casefold())
    if reader is None:
        raise CatalogueError(
            "The source cannot be read:",
            [
                Problem(
                    "format",
                    "",
                    f"there is no format {name[:40]!r}.",
                    f"There are: {', '.join(FORMATS)}.",
                )
            ],
        )
    return AccountingReader(reader)


def find_reader(path: Path) -> Reader:
    """The reader of a source. Raises ``CatalogueError`` when it is missing or not recognised."""
    if not path.exists():
        reason, remedy = "there is no such file or folder.", "Check the path."
        raise CatalogueError("The source cannot be read:", [Problem(str(path), "", reason, remedy)])
    for reader in READERS:
        if reader.recognises(path):
            return AccountingReader(reader)
    known = ", ".join(reader.name for reader in READERS)
    problem = Problem(
        str(path), "", "its format is not recognised.", f"Formats that are read: {known}."
    )
    raise CatalogueError("The source cannot be read:", [problem, *why_no_mapping_fits(path)])


def read_source(path: Path) -> Iterator[Activity | Problem]:
    """Every record of a source, in its order, as an activity or as the problem that kept it out."""
    return find_reader(path).read(path)
