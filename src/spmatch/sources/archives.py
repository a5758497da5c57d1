"""Zip archives, unpacked without trust: nothing lands outside, nothing grows without bound."""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spmatch.errors import CatalogueError, Problem
from spmatch.sources.settings import MEBIBYTE, FetchSettings

_CHUNK_BYTES = 65_536
_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
# A spreadsheet is a zip archive too: these members say that the archive is a document.
_OFFICE_MEMBERS = frozenset(("[Content_Types].xml", "mimetype"))
# What programs leave in archives, and no provider means to give.
_JUNK = frozenset(("__macosx", ".ds_store", "thumbs.db", "desktop.ini"))
# Other methods may need gigabytes of memory to unpack a few bytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RATIO_FROM_BYTES = MEBIBYTE
"""Below this size a file may be as repetitive as it likes."""
_DIRECTORY_BYTES_PER_FILE = 1024
_NAME_BYTES_MAX = 255
_DEPTH_MAX = 16


def is_zip(file: Path) -> bool:
    """Whether a file begins as a zip archive. Raises ``OSError``."""
    with file.open("rb") as data:
        return data.read(4) in _MARKS


def is_office(file: Path, settings: FetchSettings) -> bool:
    """Whether a zip archive is a document of an office program. Raises ``OSError``."""
    try:
        with _opened(file, file.name, settings) as archive:
            return bool(_OFFICE_MEMBERS & set(archive.namelist()))
    except CatalogueError:
        return False


def safe_name(name: str) -> tuple[str, ...] | None:
    """The folders and the file of a name in an archive, or ``None`` when it must not be written.

    A name is kept as it is or not at all: one that was mended could fall on another file.
    """
    # Checked on every system alike: an archive is as hostile where a backslash is a plain letter.
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or not parts or len(parts) > _DEPTH_MAX:
        return None
    for part in parts:
        if part == ".." or any(sign in part for sign in '\\:*?"<>|') or not part.isprintable():
            return None
        if len(part.encode()) > _NAME_BYTES_MAX or part != part.strip() or part.endswith("."):
            return None
    return parts


def unpack(
    archive: Path, folder: Path, name: str, settings: FetchSettings
) -> tuple[Path, list[Problem]]:
    """Unpack an archive into a new folder; what was unpacked, and what was left out of it.

    An archive that holds one thing only is that thing. Raises ``CatalogueError`` when the archive
    is damaged, locked or larger than it may be; then nothing of it is used.
    """
    folder.mkdir()
    unpacking = _Unpacking(name, settings)
    try:
        unpacking.into(archive, folder, name, deep=1)
    except CatalogueError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise _refused(name, "it cannot be unpacked here.", "Check the space on disk.") from None
    while len(held := list(folder.iterdir())) == 1:
        folder = held[0]
        if folder.is_file():
            break
    if not held:
        raise _refused(name, "there is nothing in it that can be read.", "Check the archive.")
    return folder, unpacking.problems


class _Unpacking:
    """One archive with those inside it: they share what may be unpacked."""

    def __init__(self, name: str, settings: FetchSettings) -> None:
        self.name = name
        self.settings = settings
        self.bytes_left = settings.bytes_max
        self.files_left = settings.files_max
        self.problems: list[Problem] = []

    def into(self, file: Path, folder: Path, name: str, *, deep: int) -> None:
        if deep > self.settings.archives_deep_max:
            raise _refused(
                self.name, "archives lie too deep in each other.", "Give the inner ones unpacked."
            )
        with _opened(file, name, self.settings) as archive:
            self._bound(archive, file)
            for member in archive.infolist():
                if not member.is_dir() and not _is_junk(member.filename):
                    self._member(archive, member, folder, name, deep)

    def _bound(self, archive: zipfile.ZipFile, file: Path) -> None:
        """Refuse a bomb by what it says of itself; one that lies is stopped while it unpacks."""
        unpacked = sum(member.file_size for member in archive.infolist())
        self.files_left -= len(archive.infolist())
        if self.files_left < 0:
            raise self._too_large(f"it holds more than {self.settings.files_max} files.")
        if unpacked > self.bytes_left:
            raise self._too_large("unpacked it is larger than a source may be.")
        if unpacked > max(_RATIO_FROM_BYTES, file.stat().st_size * self.settings.ratio_max):
            raise self._too_large("unpacked it is far larger than packed, as no real data is.")

    def _member(
        self,
        archive: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        folder: Path,
        name: str,
        deep: int,
    ) -> None:
        parts = safe_name(member.orig_filename)
        if parts is None:
            self._left_out(name, "the name of a file in it is not safe.", "Rename the file.")
            return
        where = f"{name}/{'/'.join(parts)}"
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            self._left_out(where, "this is a link or no file.", "Pack the file itself.")
            return
        if member.flag_bits & 0x1:
            self._left_out(where, "the file is locked with a password.", "Pack it without one.")
            return
        if member.compress_type not in _METHODS:
            self._left_out(where, "the file is packed in a way that is not read.", "Use deflate.")
            return
        to = folder.joinpath(*parts)
        if not _is_free(to, folder):
            self._left_out(where, "another file has this name.", "Give each its own name.")
            return
        to.parent.mkdir(parents=True, exist_ok=True)
        self._write(archive, member, to)
        if is_zip(to) and not is_office(to, self.settings):
            inner = to.with_name(f"{to.name}.packed")
            if inner.exists():
                self._left_out(where, "another file has this name.", "Give each its own name.")
                return
            to.rename(inner)
            to.mkdir()
            self.into(inner, to, where, deep=deep + 1)
            inner.unlink()

    def _write(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path) -> None:
        # The sizes that an archive states are claims; what comes out of it is counted.
        most = max(_RATIO_FROM_BYTES, int(member.compress_size * self.settings.ratio_max))
        written = 0
        try:
            with archive.open(member) as packed, to.open("xb") as file:
                while chunk := packed.read(_CHUNK_BYTES):
                    written += len(chunk)
                    self.bytes_left -= len(chunk)
                    if self.bytes_left < 0:
                        raise self._too_large("unpacked it is larger than a source may be.")
                    if written > most:
                        raise self._too_large(
                            "unpacked it is far larger than packed, as no real data is."
                        )
                    file.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError):
            raise _damaged(self.name) from None

    def _left_out(self, where: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(where, "", f"{reason} It was left out.", remedy))

    def _too_large(self, reason: str) -> CatalogueError:
        return _refused(self.name, reason, "Give the files unpacked, if they are meant.")


def _is_junk(name: str) -> bool:
    return any(part.lower() in _JUNK for part in name.split("/"))


def _is_free(to: Path, folder: Path) -> bool:
    """Whether a file can be written there: no file has the name, nor that of a folder above it."""
    above = to.parent
    while above != folder:
        if above.is_file() or above.is_symlink():
            return False
        above = above.parent
    return not to.exists()


@contextmanager
def _opened(file: Path, name: str, settings: FetchSettings) -> Iterator[zipfile.ZipFile]:
    """An archive whose list of files is small enough to be held."""
    if _directory_bytes(file) > settings.files_max * _DIRECTORY_BYTES_PER_FILE:
        raise _refused(
            name,
            f"it holds more than {settings.files_max} files.",
            "Give the files unpacked, if they are meant.",
        )
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise _damaged(name) from None
    with archive:
        yield archive


def _directory_bytes(file: Path) -> int:
    """How large an archive says that its list of files is; ``zipfile`` reads all of it at once."""
    with file.open("rb") as data:
        size = data.seek(0, 2)
        data.seek(max(0, size - 65_557 - 76))
        tail = data.read()
    at = len(tail) - 22
    if tail[at : at + 4] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    stated = int(struct.unpack_from("<L", tail, at + 12)[0])
    wide = at - 76
    if wide >= 0 and tail[wide : wide + 4] == b"PK\x06\x06":
        # Large archives state it in a wider record before this one.
        return max(stated % 0xFFFFFFFF, int(struct.unpack_from("<Q", tail, wide + 40)[0]))
    return stated


def _damaged(name: str) -> CatalogueError:
    return _refused(name, "the archive is damaged or cut off.", "Get or pack it again.")


def _refused(name: str, reason: str, remedy: str) -> CatalogueError:
    return CatalogueError("The source cannot be unpacked:", [Problem(name, "", reason, remedy)])
