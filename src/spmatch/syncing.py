"""Keeps a snapshot in step with its sources: fetch what changed, encode what changed, say what changed.

Layout, beside that of a snapshot::

    DIR/sync.json           what is known of each source: how much it held, where to go on
    DIR/fetched/NAME/       the pages of a source that is fetched, as they came

The order of writing keeps what stands true at every moment: pages, then the snapshot, then ``sync.json``,
which names the pages that it belongs to; what it does not name is removed last. A run that is killed
leaves the old snapshot answering, and the next one begins from the old ``sync.json``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import Field, ValidationError

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Progress
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.errors import CatalogueError, Problem, SnapshotError
from spmatch.gathering import ReadSource, gather, read_local
from spmatch.matcher import Matcher
from spmatch.snapshot import alone
from spmatch.sources import FetchSettings, FetchState, LocalSource, is_address, local_copy, name_of
from spmatch.words import Record

SHRINK_MAX = 0.2
"""The share of its records that a source may lose from one time to the next without being asked about."""


class KnownSource(Record):
    """What is kept of a source. ``fetched`` names the folder of its pages; ``state`` where to go on."""

    name: str
    records: int
    fetched: str | None = None
    state: FetchState | None = None


class SyncState(Record):
    """What is kept between two runs, by a digest of each source's address or path."""

    format: int = 1
    sources: dict[str, KnownSource] = Field(default_factory=dict)


class SyncReport(Record):
    """What a run found: the ids that are new, other than before, or gone; and each source's records."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    activities: int
    sources: dict[str, int]
    problems: tuple[Problem, ...]
    rebuilt: bool


def sync(
    sources: Sequence[str],
    directory: Path,
    *,
    encoder: str | None = None,
    config: Config | None = None,
    threads: int | None = None,
    shrink_max: float = SHRINK_MAX,
    reading: Mapping[str, Any] | None = None,
    settings: FetchSettings | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the snapshot in ``directory`` in step with ``sources``; one run at a time, another waits.

    ``reading`` are arguments of ``gathering.read_local``. Raises ``CatalogueError`` when a source cannot
    be read, or has lost more than ``shrink_max`` of its records since the last time: a feed that is
    delivered by half must not empty a directory. The snapshot is then left as it was.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with alone(directory / "sync.lock"), TemporaryDirectory(prefix="spmatch-sync-") as work:
        known = _known(directory)
        fresh: dict[str, KnownSource] = {}
        read: list[ReadSource] = []
        for source in sources:
            before = known.sources.get(_key(source))
            one, kept = _read(source, before, directory, Path(work), reading, settings, progress)
            read.append(one)
            fresh[_key(source)] = kept
        _refuse_shrinking(known, fresh, shrink_max)
        gathered = gather(read)
        catalogue = Catalogue(
            gathered.activities,
            id="+".join(Path(name_of(source)).stem for source in sources),
            problems=gathered.problems,
        )
        old = _answering(directory, config, threads)
        rebuilt = old is None or old.catalogue.hash != catalogue.hash
        if rebuilt:
            Matcher.build(
                catalogue,
                encoder=encoder or DEFAULT_ENCODER,
                config=config,
                threads=threads,
                reuse=old,
                progress=progress,
            ).save(directory)
        _keep(SyncState(sources=fresh), directory)
    return _report(old.catalogue if old else None, catalogue, read, rebuilt)


def _read(
    source: str,
    before: KnownSource | None,
    directory: Path,
    work: Path,
    reading: Mapping[str, Any] | None,
    settings: FetchSettings | None,
    progress: Progress | None,
) -> tuple[ReadSource, KnownSource]:
    """The records of a source, and what to know of it the next time."""
    held = directory / "fetched" / before.fetched if before and before.fetched else None
    state = before.state if before and held and held.is_dir() else None
    local = local_copy(source, work, settings=settings, state=state, progress=progress)
    path, fetched = local.path, None
    if is_address(source):
        folder = _stored(local, held if state else None, directory)
        fetched = folder.name
        pages = sorted(folder.iterdir())
        path = pages[0] if len(pages) == 1 else folder
    one = read_local(path, local.name, local.problems, **(reading or {}), progress=progress)
    kept = KnownSource(
        name=local.name, records=len(one.activities), fetched=fetched, state=local.state
    )
    return one, kept


def _stored(local: LocalSource, held: Path | None, directory: Path) -> Path:
    """The folder that holds all that is known of a fetched source: what came, besides what was there."""
    if local.path is None and held is not None:
        return held
    folder = directory / "fetched" / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True)
    if local.partial and held is not None:
        shutil.copytree(held, folder, dirs_exist_ok=True)
    if local.path is None:
        return folder
    if local.path.is_file():
        shutil.copy2(local.path, folder / local.path.name)
        return folder
    # Pages of a later time have the names of earlier ones; the feed itself says which state is newer.
    later = f"later-{uuid.uuid4().hex[:12]}-" if any(folder.iterdir()) else ""
    for entry in sorted(local.path.iterdir()):
        copy = shutil.copytree if entry.is_dir() else shutil.copy2
        copy(entry, folder / f"{later}{entry.name}")
    return folder


def _refuse_shrinking(
    known: SyncState, fresh: Mapping[str, KnownSource], shrink_max: float
) -> None:
    lost = [
        Problem(
            one.name,
            "",
            f"it held {before.records} records and now holds {one.records}.",
            "Look at the source. If that is right, accept it with --accept-shrink.",
        )
        for key, one in fresh.items()
        if (before := known.sources.get(key)) and one.records < before.records * (1 - shrink_max)
    ]
    if lost:
        raise CatalogueError(
            "A source has lost too much to be believed; the snapshot stays as it was:", lost
        )


def _answering(directory: Path, config: Config | None, threads: int | None) -> Matcher | None:
    try:
        return Matcher.load(directory, config=config, threads=threads)
    except SnapshotError:
        return None


def _known(directory: Path) -> SyncState:
    """What the last run kept; nothing where there was none, or where it cannot be read: then all is new."""
    try:
        return SyncState.model_validate_json((directory / "sync.json").read_bytes())
    except (OSError, ValidationError):
        return SyncState()


def _keep(state: SyncState, directory: Path) -> None:
    unfinished = directory / "sync.json.unfinished"
    unfinished.write_text(state.model_dump_json(indent=2), encoding="utf-8")
    os.replace(unfinished, directory / "sync.json")
    named = {one.fetched for one in state.sources.values()}
    for folder in (directory / "fetched").glob("*"):
        if folder.name not in named:
            shutil.rmtree(folder, ignore_errors=True)


def _report(
    before: Catalogue | None, now: Catalogue, read: Sequence[ReadSource], rebuilt: bool
) -> SyncReport:
    old: dict[str, Activity] = {one.id: one for one in before} if before else {}
    new = {one.id: one for one in now}
    return SyncReport(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(i for i in new.keys() & old.keys() if new[i] != old[i])),
        withdrawn=tuple(sorted(old.keys() - new.keys())),
        activities=len(now),
        sources={one.name: len(one.activities) for one in read},
        problems=now.problems,
        rebuilt=rebuilt,
    )


def _key(source: str) -> str:
    text = source if is_address(source) else str(Path(source).resolve())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
