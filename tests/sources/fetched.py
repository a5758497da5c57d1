"""Short names for the tests of sources: quick settings, and what a local copy holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spmatch.errors import CatalogueError
from spmatch.sources import FetchSettings, FetchState, LocalSource, files_of, local_copy

QUICK = FetchSettings(
    connect_seconds=2, read_seconds=5, total_seconds=20, attempts=3, backoff_seconds=0.001
)


def fetched(
    address: str,
    work: Path,
    settings: FetchSettings = QUICK,
    state: FetchState | None = None,
) -> LocalSource:
    return local_copy(address, work, settings=settings, state=state)


def refusal(address: str, work: Path, settings: FetchSettings = QUICK) -> str:
    """What is said of an address that cannot be fetched, and of nothing else; nothing is left of it."""
    with pytest.raises(CatalogueError) as caught:
        fetched(address, work, settings)
    assert [path for path in work.rglob("*") if path.is_file()] == []
    (problem,) = caught.value.problems
    return str(problem)


def names_in(local: LocalSource) -> list[str]:
    assert local.path is not None
    return [file.relative_to(local.path).as_posix() for file in files_of(local.path)]


def ids_in(local: LocalSource) -> list[str]:
    """The ids of all records of a local copy, page by page, as often as they are there."""
    assert local.path is not None
    found: list[str] = []
    for file in files_of(local.path):
        page = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(page, dict):
            page = next(page[name] for name in ("contents", "content", "items") if name in page)
        found += [record["id"] for record in page]
    return found
