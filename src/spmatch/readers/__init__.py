"""Readers: one source format a file. The format of a source is recognised by its content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spmatch.activity import Activity
from spmatch.contracts import Reader
from spmatch.errors import CatalogueError, Problem
from spmatch.readers.fhir import FhirReader
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.hsds1 import Hsds1Reader
from spmatch.readers.native import NativeReader
from spmatch.readers.openactive import OpenActiveReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader
from spmatch.readers.tables import TablesReader

READERS: tuple[Reader, ...] = (
    NativeReader(),
    TablesReader(),
    Hsds1Reader(),
    Oruk1Reader(),
    OrukReader(),
    HsdsReader(),
    OpenActiveReader(),
    FhirReader(),
)
"""Tried in this order; a new dialect is one more file and one more entry.

A dialect that narrows another goes before it. Tables go early: a mapping beside them is somebody's
explicit word.
"""


def find_reader(path: Path) -> Reader:
    """The reader of a source. Raises ``CatalogueError`` when it is missing or not recognised."""
    if not path.exists():
        raise CatalogueError(
            "The source cannot be read:",
            [Problem(str(path), "", "there is no such file or folder.", "Check the path.")],
        )
    for reader in READERS:
        if reader.recognises(path):
            return reader
    known = ", ".join(reader.name for reader in READERS)
    raise CatalogueError(
        "The source cannot be read:",
        [
            Problem(
                str(path), "", "its format is not recognised.", f"Formats that are read: {known}."
            )
        ],
    )


def read_source(path: Path) -> Iterator[Activity | Problem]:
    """Every record of a source, in its order, as an activity or as the problem that kept it out."""
    return find_reader(path).read(path)
