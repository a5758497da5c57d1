"""What comes through a pipe, saved as a file under the suffix that its content tells."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from spmatch.errors import CatalogueError, Problem
from spmatch.sources.content import suffix_of
from spmatch.sources.outline import outline_of
from spmatch.sources.settings import MEBIBYTE, FetchSettings

_CHUNK_BYTES = 65_536


def save(stream: BinaryIO, folder: Path, name: str, settings: FetchSettings) -> Path:
    """Save all that a stream gives, in a new folder. ``name`` is what errors call it.

    Raises ``CatalogueError`` when it gives nothing, or more than a source may hold.
    """
    folder.mkdir()
    file = folder / "received"
    left = settings.bytes_max
    try:
        with file.open("xb") as saved:
            while chunk := stream.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    most = settings.bytes_max / MEBIBYTE
                    raise _refused(name, f"it is larger than a source may be ({most:.0f} MB).")
                saved.write(chunk)
    except CatalogueError:
        file.unlink()
        raise
    except OSError:
        file.unlink(missing_ok=True)
        raise _refused(name, "it cannot be read, or not be saved here.") from None
    if left == settings.bytes_max:
        raise _refused(name, "nothing came.")
    return file.rename(file.with_suffix(suffix_of(file, outline_of(file), settings)))


def _refused(name: str, reason: str) -> CatalogueError:
    return CatalogueError(
        "The source cannot be read:", [Problem(name, "", reason, "Check what is sent.")]
    )
