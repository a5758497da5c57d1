"""What answers before a run: which records it holds, and which texts were encoded for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.errors import SnapshotError
from spmatch.snapshot import Snapshot, current_version, load_snapshot
from spmatch.syncing.shelf import line_of


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids that are new, other than before, or gone; each in order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """A snapshot as a run needs it; its records stay on disk.

    ``hash`` is that of its catalogue, ``encoded`` what is encoded already; both are ``None`` where
    there is no snapshot, or none that this version and these settings can use.
    """

    digests: dict[str, bytes]
    """Of each record by its id; also of a snapshot that can be used no more."""
    hash: str | None = None
    encoded: Snapshot | None = None

    @classmethod
    def of(cls, directory: Path, config: Config, threads: int | None) -> Answering:
        """What answers now in a directory."""
        digests = _digests(directory)
        try:
            snapshot = load_snapshot(directory, config, threads=threads)
        except SnapshotError:
            return cls(digests)
        return cls(digests, snapshot.catalogue.hash, snapshot)

    def changes(self, activities: Iterable[Activity]) -> Changes:
        """What is other in these."""
        now = {one.id: _digest(line_of(one).encode()) for one in activities}
        before = self.digests
        return Changes(
            tuple(sorted(now.keys() - before.keys())),
            tuple(sorted(i for i in now.keys() & before.keys() if now[i] != before[i])),
            tuple(sorted(before.keys() - now.keys())),
        )


def _digests(directory: Path) -> dict[str, bytes]:
    try:
        version = directory / "versions" / current_version(directory)
        with (version / "activities.jsonl").open("rb") as lines:
            return {json.loads(line)["id"]: _digest(line.rstrip(b"\n")) for line in lines}
    except (SnapshotError, OSError, ValueError, KeyError, TypeError):
        return {}


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=16).digest()
