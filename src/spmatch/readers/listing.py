"""Which files of a source a reader reads: plain files alone, never what a link or a pipe leads to."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from spmatch.sources import FetchSettings, files_of

ANY_DEPTH = 16
# As many as a feed may have pages.
_SETTINGS = FetchSettings(files_max=FetchSettings().pages_max)


def files_with(path: Path, suffixes: Collection[str], *, deep: int = ANY_DEPTH) -> list[Path]:
    """The file that a source is, whatever it is called; of a folder those with one of the suffixes.

    In order of their paths; ``deep`` is how many folders deep, 1 the folder itself. Raises
    ``CatalogueError`` where a folder holds more files than a feed may have pages.
    """
    files = files_of(path, settings=_SETTINGS, deep=deep)
    return files if files == [path] else [f for f in files if f.suffix.lower() in suffixes]


def named(file: Path, path: Path) -> str:
    """How a file of a source is called in problems."""
    return file.name if file == path else file.relative_to(path).as_posix()
