"""A snapshot on another machine: found on a disk that both see, or sent there once.

What is sent lies in a folder of its own on that machine, named after its content, where later batches
find it again. It holds a catalogue and its vectors: nothing of any person.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spmatch.errors import BatchError, SnapshotError
from spmatch.snapshot import alone, current_version

CHUNK_BYTES = 32 * 2**20
UNUSED_DAYS = 7
"""A copy that no batch has used for so long is removed when another is written."""

_SMALL_BYTES = 2**20
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Cargo:
    """A snapshot: where it lies at home, and by what it is known anywhere."""

    directory: str
    fingerprint: str

    @classmethod
    def of(cls, directory: str) -> Cargo:
        """Raises ``SnapshotError`` when there is none, or ``BatchError`` when it cannot be read."""
        return cls(directory, fingerprint(Path(directory)))


def fingerprint(directory: Path) -> str:
    """A hash over the names, sizes and small files of a snapshot, among them its manifest.

    The manifest holds a hash of every file, and whoever loads the snapshot compares them: large files
    need not be read here as well. Raises ``SnapshotError`` when there is none, and ``BatchError``
    when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        names = files_of(directory)
        for name in names:
            file = directory / name
            size = file.stat().st_size
            digest.update(f"{name}\0{size}\0".encode())
            if size <= _SMALL_BYTES:
                digest.update(file.read_bytes())
    except OSError as error:
        raise BatchError(
            f"The snapshot in {directory} cannot be read ({error.strerror}), or it was built again "
            "just now."
        ) from None
    return digest.hexdigest()


def files_of(directory: Path) -> list[str]:
    """Names, below the folder, of the files that make up the version that answers, in order.

    A folder that is kept in step with its sources also holds what was fetched of them: that stays.
    Raises ``SnapshotError`` when there is no snapshot.
    """
    version = directory / "versions" / current_version(directory)
    files = [path for path in version.rglob("*") if path.is_file()]
    return sorted(
        path.relative_to(directory).as_posix() for path in [*files, directory / "current"]
    )


def find(cargo: Cargo) -> str | None:
    """A folder on this machine that holds the same snapshot; ``None`` when it must be sent."""
    home = Path(cargo.directory)
    return str(home) if _holds(home, cargo) else find_copy(cargo)


def find_copy(cargo: Cargo) -> str | None:
    """The one that was sent before, if it is still there."""
    copy = _shelf() / cargo.fingerprint
    if not _holds(copy, cargo):
        return None
    os.utime(copy)
    return str(copy)


def _holds(folder: Path, cargo: Cargo) -> bool:
    try:
        return folder.is_dir() and fingerprint(folder) == cargo.fingerprint
    except (BatchError, SnapshotError):
        return False


def pack(cargo: Cargo) -> Iterator[tuple[str, bytes]]:
    """The files, a chunk at a time: (name, bytes), the chunks of a file one after the other.

    Raises ``BatchError`` when the snapshot is no longer the one that the cargo was made of.
    """
    home = Path(cargo.directory)
    try:
        for name in files_of(home):
            with (home / name).open("rb") as file:
                chunk = file.read(CHUNK_BYTES)
                while True:
                    yield name, chunk
                    chunk = file.read(CHUNK_BYTES)
                    if not chunk:
                        break
        same = fingerprint(home) == cargo.fingerprint
    except FileNotFoundError:
        # A build lets go of the version before.
        same = False
    if not same:
        raise BatchError("The snapshot was built again while it was being sent. Start again.")


def unpack(cargo: Cargo, chunks: Iterable[tuple[str, bytes]]) -> str:
    """Write what was packed; the folder. Another worker of this machine may write it: then it is waited for.

    Raises ``BatchError`` when there is no room or what came is not what was sent.
    """
    shelf = _shelf()
    try:
        with alone(shelf / "lock"):
            if found := find_copy(cargo):
                return found
            _remove_unused(shelf)
            unfinished = shelf / f"{uuid.uuid4().hex[:12]}{_UNFINISHED}"
            try:
                for name, chunk in chunks:
                    file = unfinished / name
                    file.parent.mkdir(parents=True, exist_ok=True)
                    with file.open("ab") as content:
                        content.write(chunk)
                if fingerprint(unfinished) != cargo.fingerprint:
                    raise BatchError("The snapshot did not arrive whole on a node. Start again.")
                copy = shelf / cargo.fingerprint
                shutil.rmtree(copy, ignore_errors=True)
                unfinished.rename(copy)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
            return str(copy)
    except OSError as error:
        raise BatchError(
            f"The snapshot cannot be written to {shelf} on a node ({error.strerror}). Is there room?"
        ) from None


def _shelf() -> Path:
    """The folder of all copies on this machine; no other user may have made or may read it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    shelf = Path(tempfile.gettempdir()) / f"spmatch-snapshots-{user}"
    try:
        shelf.mkdir(mode=0o700, exist_ok=True)
        owner = shelf.lstat()
    except OSError as error:
        raise BatchError(f"{shelf} cannot be made on a node ({error.strerror}).") from None
    if hasattr(os, "getuid") and (owner.st_uid != user or owner.st_mode & 0o077):
        raise BatchError(f"{shelf} on a node is open to others. Remove it and start again.")
    return shelf


def _remove_unused(shelf: Path) -> None:
    """Copies that no batch used for long, and what was left by those that were killed."""
    for copy in shelf.iterdir():
        old = time.time() - copy.stat().st_mtime > UNUSED_DAYS * 86_400
        if copy.is_dir() and (old or copy.name.endswith(_UNFINISHED)):
            shutil.rmtree(copy, ignore_errors=True)
