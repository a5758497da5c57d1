"""The files of a source on disk: plain files only, in one order, and not more than can be meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from spmatch.errors import CatalogueError, Problem
from spmatch.sources.archives import is_zip
from spmatch.sources.settings import FetchSettings

_DEPTH_MAX = 16
_TOLD_MAX = 20


def files_of(
    path: Path, *, settings: FetchSettings | None = None, deep: int = _DEPTH_MAX
) -> list[Path]:
    """The files of a source: the file itself, or those in a folder and in the folders inside it.

    Sorted by their path. Links, pipes and devices in a folder are left out, and so is what is
    hidden (``.git``). ``deep`` is how many folders deep it goes; 1 is the folder itself. Raises
    ``CatalogueError`` where there are more than ``files_max``; an empty list where there is no such
    file or folder, or it cannot be listed.
    """
    if not path.is_dir():
        return [path] if path.is_file() else []
    settings = settings or FetchSettings()
    found = []
    for entry, is_file in _entries(path, deep):
        if is_file:
            found.append(Path(entry.path))
            if len(found) > settings.files_max:
                raise CatalogueError(
                    "The source cannot be read:",
                    [
                        Problem(
                            path.name,
                            "",
                            f"the folder holds more than {settings.files_max} files.",
                            "Give the folder of the feed alone.",
                        )
                    ],
                )
    return sorted(found)


def left_out_of(path: Path, *, settings: FetchSettings) -> list[Problem]:
    """What of a folder is not read: links and other things that are no files, and archives."""
    problems = []
    told = 0
    for number, (entry, is_file) in enumerate(_entries(path, _DEPTH_MAX)):
        where = Path(entry.path).relative_to(path).as_posix()
        if not is_file:
            reason, remedy = "this is a link or no file.", "Put the file itself there."
        elif entry.name.lower().endswith(".zip") and _holds_zip(Path(entry.path)):
            reason, remedy = (
                "an archive in a folder is not read.",
                "Give it as a source, or unpack it.",
            )
        elif number > settings.files_max:
            break
        else:
            continue
        told += 1
        if told > _TOLD_MAX:
            break
        problems.append(Problem(where, "", f"{reason} It was left out.", remedy))
    return problems


def _entries(folder: Path, deep: int) -> Iterator[tuple[os.DirEntry[str], bool]]:
    """What is in a folder and below, and of each whether it is a plain file."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        if entry.is_dir(follow_symlinks=False):
            if deep > 1:
                yield from _entries(Path(entry.path), deep - 1)
        else:
            yield entry, entry.is_file(follow_symlinks=False)


def _holds_zip(file: Path) -> bool:
    try:
        return is_zip(file)
    except OSError:
        return False
