"""What is kept between two runs, beside the versions of a snapshot.

Layout::

    DIR/sync.json      what is known of each source: how much it held, where to go on, what is kept of it
    DIR/sync.lock      held by the run that is writing
    DIR/kept/NAME      the records of a source as they were last believed; the pages that were fetched
    DIR/unfinished/    what a run is fetching

A name in ``kept`` is never written twice. What ``sync.json`` does not name was left by a run that was
killed, and is swept away by the next one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from spmatch.activity import Activity
from spmatch.sources import STANDARD_INPUT, FetchState, LocalSource, is_address
from spmatch.sources.paging import page_file
from spmatch.words import Record

_SPARE_BYTES = 1024 * 1024


class KnownSource(Record):
    """A source as it was last believed. ``kept`` and ``pages`` name what is kept of it.

    ``whole_bytes`` is what its pages took when all of it was last fetched; ``state`` where to go on.
    """

    records: int
    kept: str
    pages: str | None = None
    whole_bytes: int = 0
    state: FetchState | None = None


class SyncState(Record):
    """What is known between two runs: the encoder that was asked for, and sources by ``key_of``."""

    format: int = 2
    encoder: str | None = None
    sources: dict[str, KnownSource] = Field(default_factory=dict)


def key_of(source: str) -> str:
    """Names a source by a digest of its address or path: an address may hold a key."""
    is_path = source != STANDARD_INPUT and not is_address(source)
    text = str(Path(source).resolve()) if is_path else source
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Shelf:
    """The files of a directory that is kept in step, for one run that holds its lock."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "sync.json"
        self._kept = directory / "kept"
        self.work = directory / "unfinished"
        self.state = _read(self._file)
        self._sweep()
        self._kept.mkdir(exist_ok=True)
        self.work.mkdir()

    def close(self, state: SyncState) -> None:
        """From now on this is what is known; what it does not name is removed."""
        unfinished = self._file.with_suffix(".json.unfinished")
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(state.model_dump_json(indent=2))
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self._file)
        self.state = state
        self._sweep()

    def state_of(self, known: KnownSource | None) -> FetchState | None:
        """Where fetching goes on; ``None`` when all of a source is to be fetched.

        So it is when changes, which are kept as they came, have piled up to more than the whole.
        """
        if known is None or known.state is None or known.pages is None:
            return None
        pages = self._kept / known.pages
        if not pages.is_dir():
            return None
        has_piled_up = bytes_in(pages) > 2 * known.whole_bytes + _SPARE_BYTES
        return None if known.state.next and has_piled_up else known.state

    def keep_pages(self, local: LocalSource, before: str | None) -> Path:
        """Keep the pages that were fetched; after those of ``before``, where fetching went on."""
        earlier = sorted((self._kept / before).iterdir()) if before else []
        if before and local.path is None:
            return self._kept / before
        folder = self._new()
        folder.mkdir()
        for page in earlier:
            _link(page, folder / page.name)
        if local.path is None:
            return folder
        if local.path.is_file():
            local.path.rename(folder / local.path.name)
            return folder
        for number, page in enumerate(sorted(local.path.iterdir()), start=len(earlier) + 1):
            page.rename(page_file(folder, number) if earlier else folder / page.name)
        return folder

    def keep_records(self, activities: Iterable[Activity]) -> str:
        """Keep the records of a source; the name of them."""
        file = self._new()
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line_of(one)}\n" for one in activities)
        return file.name

    def records_of(self, known: KnownSource) -> tuple[Activity, ...] | None:
        """The records of a source as they were last believed; ``None`` when they cannot be read."""
        try:
            with (self._kept / known.kept).open("rb") as lines:
                records = tuple(map(Activity.model_validate_json, lines))
        except (OSError, ValidationError):
            return None
        return records if len(records) == known.records else None

    def _new(self) -> Path:
        return self._kept / uuid.uuid4().hex[:12]

    def _sweep(self) -> None:
        known = self.state.sources.values()
        named = {name for one in known for name in (one.kept, one.pages)}
        shutil.rmtree(self.work, ignore_errors=True)
        for path in self._kept.glob("*"):
            if path.name not in named:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def line_of(activity: Activity) -> str:
    """A record as it stands in a snapshot, and is kept."""
    return activity.model_dump_json(exclude_defaults=True)


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _link(file: Path, to: Path) -> None:
    """The same file under another name; a copy where the file system knows no second names."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)


def _read(file: Path) -> SyncState:
    """What the last run knew; nothing where there was none, or where it cannot be read: then all is new."""
    try:
        return SyncState.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return SyncState()
