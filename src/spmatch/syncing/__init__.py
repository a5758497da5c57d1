"""Keeps a snapshot in step with its sources: fetch what changed, encode what changed, say what changed.

A source that cannot be read, or that lost more than can be believed, stays as it was the last time; the
others go on. The order of writing keeps what stands true at every moment: what is kept of the sources,
then the snapshot, then ``sync.json``, which names what is kept; what it does not name is removed last. A
run that is killed leaves the old snapshot answering, and the next one begins from the old ``sync.json``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmatch.activity import Activity
from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Progress
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.errors import CatalogueError, Problem, SnapshotError
from spmatch.gathering import ReadSource, gather, read_local
from spmatch.snapshot import alone, save_snapshot
from spmatch.sources import FetchSettings, is_address, local_copy, name_of
from spmatch.syncing.answering import Answering
from spmatch.syncing.shelf import KnownSource, Shelf, SyncState, bytes_in, key_of
from spmatch.words import Record

__all__ = ["SHRINK_MAX", "SyncReport", "SyncedSource", "sync"]

SHRINK_MAX = 0.2
"""The share of its records that a source may lose from one time to the next without being asked about."""


class SyncedSource(Record):
    """What came of a source: its records now; why they are those of the last time, when they are."""

    name: str
    records: int
    refused: tuple[Problem, ...] = ()


class SyncReport(Record):
    """What a run found: the ids that are new, other than before, or gone; and what came of each source."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    activities: int
    sources: tuple[SyncedSource, ...]
    problems: tuple[Problem, ...]
    rebuilt: bool

    @property
    def refused(self) -> tuple[Problem, ...]:
        return tuple(problem for source in self.sources for problem in source.refused)


@dataclass(frozen=True, slots=True)
class _How:
    """How sources are fetched, read and believed."""

    believe: Collection[str]
    reading: Mapping[str, Any]
    settings: FetchSettings | None
    progress: Progress | None


def sync(
    sources: Sequence[str],
    directory: Path,
    *,
    encoder: str = DEFAULT_ENCODER,
    config: Config | None = None,
    threads: int | None = None,
    believe: Collection[str] = (),
    reading: Mapping[str, Any] | None = None,
    settings: FetchSettings | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the snapshot in ``directory`` in step with ``sources``; one run at a time, another waits.

    A source that cannot be read, or has lost more than ``SHRINK_MAX`` of its records since the last time
    and is not among those to ``believe``, is refused: what it held the last time stays, and the report
    says why. ``reading`` are arguments of ``gathering.read_local``. Raises ``CatalogueError`` when every
    source is refused, or one that was never read before, and ``SnapshotError`` when nothing can be
    written: the snapshot is then left as it was.
    """
    config = config or Config.default()
    how = _How(believe, reading or {}, settings, progress)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with alone(directory / "sync.lock"):
            return _in_step(sources, directory, encoder, config, threads, how)
    except OSError as error:
        raise SnapshotError(
            f"The snapshot in {directory} cannot be kept in step ({error.strerror}). "
            "Check the path, the rights and the room on the disk."
        ) from None


def _in_step(
    sources: Sequence[str],
    directory: Path,
    encoder: str,
    config: Config,
    threads: int | None,
    how: _How,
) -> SyncReport:
    shelf = Shelf(directory)
    before = Answering.of(directory, config, threads)
    known: dict[str, KnownSource] = {}
    read: list[ReadSource] = []
    told: list[SyncedSource] = []
    for key, source in {key_of(source): source for source in sources}.items():
        one, known[key], refused = _read_or_keep(source, shelf, how)
        read.append(one)
        records = len(one.activities)
        told.append(SyncedSource(name=name_of(source), records=records, refused=refused))
    if all(one.refused for one in told):
        raise CatalogueError(
            "No source can be believed; the snapshot stays as it was:",
            [problem for one in told for problem in one.refused],
        )
    gathered = gather(read, before.digests)
    catalogue = Catalogue(
        gathered.activities,
        id="+".join(Path(one.name).stem for one in told),
        problems=gathered.problems,
    )
    rebuilt = before.hash != catalogue.hash or shelf.state.encoder not in (None, encoder)
    if rebuilt:
        snapshot = build_snapshot(
            catalogue,
            encoder,
            config,
            gazetteer=how.reading.get("gazetteer"),
            threads=threads,
            reuse=before.encoded,
            progress=how.progress,
        )
        save_snapshot(snapshot, directory, config)
    shelf.close(SyncState(encoder=encoder, sources=known))
    changes = before.changes(catalogue)
    return SyncReport(
        added=changes.added,
        changed=changes.changed,
        withdrawn=changes.withdrawn,
        activities=len(catalogue),
        sources=tuple(told),
        problems=catalogue.problems,
        rebuilt=rebuilt,
    )


def _read_or_keep(
    source: str, shelf: Shelf, how: _How
) -> tuple[ReadSource, KnownSource, tuple[Problem, ...]]:
    """The records of a source, what to know of it the next time, and why they are those of the last."""
    before = shelf.state.sources.get(key_of(source))
    try:
        return *_read(source, before, shelf, how), ()
    except CatalogueError as error:
        kept = shelf.records_of(before) if before else None
        if before is None or kept is None:
            # Nothing can stand in for it, and without it others would seem to be withdrawn.
            raise
        return ReadSource(name_of(source), kept, error.problems), before, error.problems


def _read(
    source: str, before: KnownSource | None, shelf: Shelf, how: _How
) -> tuple[ReadSource, KnownSource]:
    """The records of a source as it is now. Raises ``CatalogueError`` when it cannot be believed."""
    state = shelf.state_of(before)
    local = local_copy(
        source, shelf.work, settings=how.settings, state=state, progress=how.progress
    )
    goes_on = local.unchanged or bool(local.partial and state and state.next)
    path, pages, whole = local.path, None, 0
    if is_address(source):
        pages = shelf.keep_pages(local, before.pages if before and goes_on else None)
        whole = before.whole_bytes if before and goes_on else bytes_in(pages)
        files = list(pages.iterdir())
        path = files[0] if len(files) == 1 else pages
    one = read_local(path, local.name, local.problems, **how.reading, progress=how.progress)
    if local.partial and not goes_on and before:
        one = _with_others(one, shelf.records_of(before) or ())
    count = len(one.activities)
    if before and source not in how.believe and count < before.records * (1 - SHRINK_MAX):
        reason = f"it held {before.records} records and now holds {count}."
        remedy = "Look at it. If that is right, accept it with --accept-shrink."
        problem = Problem(name_of(source), "", reason, remedy)
        raise CatalogueError("A source has lost too much to be believed:", [problem])
    return one, KnownSource(
        records=count,
        kept=shelf.keep_records(one.activities),
        pages=pages.name if pages else None,
        whole_bytes=whole,
        state=local.state,
    )


def _with_others(read: ReadSource, kept: Sequence[Activity]) -> ReadSource:
    """A source that broke off by itself: what did not come may still be there."""
    came = {one.id for one in read.activities}
    others = tuple(one for one in kept if one.id not in came)
    return ReadSource(read.name, (*read.activities, *others), read.problems)
