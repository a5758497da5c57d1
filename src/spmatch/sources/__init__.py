"""Sources: anything that a directory may come as, made a local file or folder for the readers.

A source is a file, a folder, a zip archive, ``-`` (standard input) or an http(s) address, the pages
of which are followed to the end.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from spmatch.contracts import Progress
from spmatch.errors import CatalogueError, Problem
from spmatch.sources.addresses import Address, is_address
from spmatch.sources.archives import is_office, is_zip, unpack
from spmatch.sources.files import files_of, left_out_of
from spmatch.sources.settings import FetchSettings, FetchState, PageState
from spmatch.sources.streams import save

__all__ = [
    "FetchSettings",
    "FetchState",
    "LocalSource",
    "PageState",
    "files_of",
    "is_address",
    "local_copy",
    "name_of",
]

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A source on disk, for a reader.

    ``path`` is a file or folder; ``None`` when ``unchanged``: then what was read last time still
    stands. ``name`` is a name for people, free of credentials. ``problems`` are those of getting it.
    ``partial``: what is not in it may still be there, so nothing is withdrawn for being absent: only
    changes were asked for, or the feed broke off by itself (then ``problems`` say so). ``state`` is
    what to give to ``local_copy`` the next time; ``None`` for what is not fetched.
    """

    path: Path | None
    name: str
    problems: tuple[Problem, ...] = ()
    unchanged: bool = False
    partial: bool = False
    state: FetchState | None = None


def local_copy(
    source: str | Path,
    work: Path,
    *,
    settings: FetchSettings | None = None,
    state: FetchState | None = None,
    progress: Progress | None = None,
) -> LocalSource:
    """Make a source a local file or folder. What has to be written is written under ``work``.

    A file or folder stays where it is. An archive is unpacked; what comes from standard input or
    through a pipe is saved; an address is fetched with all its pages. With the ``state`` of the last
    time, an address is only asked for what changed. Several sources may share one ``work``: it is
    an existing folder, which the caller removes.

    Raises ``CatalogueError`` when the source is missing, cannot be fetched whole, or is larger than
    ``settings`` allow; nothing that could be taken for a whole source is left then. Neither errors
    nor problems hold the name, password or keys that an address may hold.
    """
    settings = settings or FetchSettings()
    room = _Room(work)
    if isinstance(source, str) and is_address(source):
        return _fetched(Address.of(source), room, settings, state, progress)
    if source == STANDARD_INPUT:
        name = "standard input"
        return _opened(save(sys.stdin.buffer, room.new(), name, settings), name, room, settings)
    path = Path(source)
    try:
        return _at(path, room, settings)
    except OSError as error:
        reason = "there is no such file or folder."
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            reason = "it cannot be opened."
        raise _unread(str(path), reason, "Check the path.") from None
    except ValueError:
        raise _unread("path", "this is not a path.", "Check the path.") from None


def name_of(source: str | Path) -> str:
    """A name of a source for people: an address without what is secret in it, a path as it is."""
    if isinstance(source, str) and is_address(source):
        return Address.of(source).name
    return "standard input" if source == STANDARD_INPUT else str(source)


class _Room:
    """Where one source is written; made only when there is something to write."""

    def __init__(self, work: Path) -> None:
        self.work = work

    def new(self) -> Path:
        """The path of a folder that is not there yet."""
        return Path(tempfile.mkdtemp(dir=self.work, prefix="source-")) / "source"


def _at(path: Path, room: _Room, settings: FetchSettings) -> LocalSource:
    path.stat()
    name = path.name or str(path.resolve().name)
    if path.is_dir():
        return LocalSource(path, name, tuple(left_out_of(path, settings=settings)))
    if path.is_file():
        return _opened(path, name, room, settings)
    # A pipe that the shell made, for example.
    with path.open("rb") as stream:
        return _opened(save(stream, room.new(), name, settings), name, room, settings)


def _opened(file: Path, name: str, room: _Room, settings: FetchSettings) -> LocalSource:
    """A file as it is, or what is in it when it is an archive."""
    if not is_zip(file) or is_office(file, settings):
        return LocalSource(file, name)
    path, problems = unpack(file, room.new(), name, settings)
    return LocalSource(path, name, tuple(problems))


def _fetched(
    address: Address,
    room: _Room,
    settings: FetchSettings,
    state: FetchState | None,
    progress: Progress | None,
) -> LocalSource:
    # Only who fetches waits for the packages of fetching.
    from spmatch.sources.feeds import fetch

    def told(done: int, total: int | None) -> None:
        if progress:
            progress("fetched", done, total)

    folder = room.new()
    try:
        fetched = fetch(address, folder, settings, state, told)
        local = LocalSource(None, address.name)
        if fetched.path is not None:
            local = LocalSource(fetched.path, address.name)
            if fetched.path.is_file():
                local = _opened(fetched.path, address.name, room, settings)
    except BaseException as error:
        # Half a source must not lie where it could be taken for a whole one.
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unread(address.name, "it cannot be saved here.", "Check the disk.") from None
        raise
    return LocalSource(
        local.path,
        address.name,
        (*fetched.problems, *local.problems),
        fetched.unchanged,
        fetched.partial,
        fetched.state,
    )


def _unread(where: str, reason: str, remedy: str) -> CatalogueError:
    return CatalogueError("The source cannot be read:", [Problem(where, "", reason, remedy)])
