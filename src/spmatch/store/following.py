"""Keeps a matcher in memory in step with the store: told of each revision, and asking besides.

A notification says only that there is something to read. What is read is everything after the revision
in hand, so that one that was lost, or many that came while the server was away, make no difference.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from spmatch.config import Config
from spmatch.contracts import Encoder
from spmatch.errors import SpmatchError, StoreError
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher
from spmatch.store.assembling import Changes, assemble, changed, encoded
from spmatch.store.collecting import collector_paused
from spmatch.store.connecting import Store, reading
from spmatch.store.faults import import_psycopg, told
from spmatch.store.migrating import check_version
from spmatch.store.reading import (
    EMPTY,
    Edition,
    Revision,
    Stored,
    check_sum,
    latest_revision,
    read_edition,
    read_rows,
)
from spmatch.words import Record

if TYPE_CHECKING:
    import psycopg

_LISTEN_SECONDS = 0.25
"""How long a wait for notifications may hold up a stop."""
_WAIT_FIRST_SECONDS, _WAIT_MOST_SECONDS = 0.1, 2.0
"""Between two attempts to reach a server that is away."""


Says = Callable[..., None]
"""Takes an event by its fixed name, ``error=`` and facts that hold no text of a person: ``log_event``."""


class Freshness(Record):
    """How old the data is that answers."""

    revision: int
    made_at: datetime
    """When the revision in hand was made."""
    checked_seconds_ago: float
    """Since the store last said that there is no newer one."""
    in_step: bool


class Follower:
    """Holds the matcher of the newest revision that could be read.

    Reads the whole catalogue to begin with, and raises ``StoreError`` when that fails. ``watch`` keeps
    it in step until ``close``; meanwhile ``problem`` says why it is not, if so, and the last matcher goes
    on answering. ``prepare`` is called with each matcher before it takes over, ``says`` with events,
    ``seen`` whenever the store confirms what is in hand.
    """

    def __init__(
        self,
        store: Store,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        encoder: Encoder | None = None,
        threads: int | None = None,
        poll_seconds: float = 0.5,
        prepare: Callable[[Matcher], None] | None = None,
        says: Says | None = None,
        seen: Callable[[Freshness], object] | None = None,
    ) -> None:
        self._store = store
        self._config = config or Config.default()
        self._gazetteer = gazetteer
        self._encoder = encoder
        self._threads = threads
        self._poll_seconds = poll_seconds
        self._prepare = prepare
        self._says = says
        self._seen = seen
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._edition: Edition | None = None
        self._marks: dict[str, int] = {}
        self._held: Matcher | None = None
        self._revision: Revision | None = None
        self._refused: Revision | None = None
        self._checked = 0.0
        self.problem: str | None = None
        with store.connect() as connection:
            check_version(store, connection)
            self._catch_up(connection)

    @property
    def matcher(self) -> Matcher:
        """The one that answers now. A request takes it once, and keeps it to its end."""
        assert self._held is not None
        return self._held

    @property
    def freshness(self) -> Freshness:
        """How old the data is that answers now."""
        assert self._revision is not None
        return Freshness(
            revision=self._revision.number,
            made_at=self._revision.made_at,
            checked_seconds_ago=round(time.monotonic() - self._checked, 3),
            in_step=self.problem is None,
        )

    def refresh(self) -> bool:
        """Take what is newer, by a connection of its own; whether the matcher changed."""
        try:
            with self._store.connect() as connection:
                check_version(self._store, connection)
                return self._catch_up(connection)
        except Exception as error:
            self._lost(error)
            return False

    def watch(self) -> None:
        """Keep in step from now on, in a thread of its own."""
        self._stop.clear()
        self._watcher = threading.Thread(target=self._follow, name="store", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()

    def _follow(self) -> None:
        wait_seconds = _WAIT_FIRST_SECONDS
        while not self._stop.is_set():
            try:
                with self._store.connect() as connection:
                    check_version(self._store, connection)
                    # Listening comes first: what is committed after the look is told of. A server that
                    # copies another one lets nobody listen: it is asked alone.
                    if connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                        connection.execute(f"LISTEN {self._store.channel}")
                    wait_seconds = _WAIT_FIRST_SECONDS
                    while not self._stop.is_set():
                        self._try(connection)
                        self._wait(connection)
            except Exception as error:
                self._lost(error)
                self._stop.wait(wait_seconds)
                wait_seconds = min(2 * wait_seconds, _WAIT_MOST_SECONDS)

    def _wait(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Until something is notified of, or it is time to ask."""
        until = time.monotonic() + self._poll_seconds
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            for _ in connection.notifies(timeout=min(left, _LISTEN_SECONDS), stop_after=1):
                return

    def _try(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Catch up; a revision that cannot be taken is no reason to let go of the connection."""
        try:
            with told():
                self._catch_up(connection)
        except SpmatchError as error:
            if connection.closed:
                raise
            self._lost(error)

    def _catch_up(self, connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
        latest = latest_revision(connection)
        if latest is None:
            raise StoreError(EMPTY)
        if latest == self._revision:
            self._in_step()
            return False
        if latest == self._refused:
            # Tried once, not every second: it will not read better.
            return False
        try:
            self._take(connection)
        except import_psycopg().Error:
            raise
        except Exception:
            self._refused = latest
            raise
        self._in_step()
        return True

    def _take(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Read what is newer, and let a matcher of it take over."""
        with collector_paused():
            with reading(connection):
                revision = latest_revision(connection)
                if revision is None:
                    raise StoreError(EMPTY)
                edition = self._edition_of(connection, revision)
                held, since = self._held, self._revision
                if since is None or edition is not self._edition or revision.number <= since.number:
                    held, since = None, None
                rows, gone, marks = self._read(connection, since)
                if held is not None and not _agrees(revision, marks):
                    # Not the store that was followed so far: it was restored, or made anew.
                    held = None
                    rows, gone, marks = self._read(connection, None)
            check_sum(revision, marks.values())
            if held is None:
                snapshot = assemble(rows, edition, revision.catalogue_id)
                held = Matcher(snapshot, self._config, gazetteer=self._gazetteer)
            else:
                fresh = encoded(rows, edition.encoder.identity.dimensions)
                held = changed(held, Changes(fresh, gone, revision.catalogue_id))
        if self._prepare is not None:
            self._prepare(held)
        self._edition, self._held, self._marks = edition, held, marks
        self._revision, self._refused = revision, None
        if self._says is not None:
            self._says("store.taken", revision=revision.number, activities=revision.activities)

    def _edition_of(
        self, connection: psycopg.Connection[tuple[Any, ...]], revision: Revision
    ) -> Edition:
        if self._edition is not None and self._edition.number == revision.edition:
            return self._edition
        edition = read_edition(
            connection, revision.edition, encoder=self._encoder, threads=self._threads
        )
        if edition.build_hash != self._config.build_hash:
            raise StoreError(
                f"The catalogue in the database was built with other build settings "
                f"({edition.build_hash}, here are {self._config.build_hash})."
            )
        return edition

    def _read(
        self, connection: psycopg.Connection[tuple[Any, ...]], since: Revision | None
    ) -> tuple[list[Stored], frozenset[str], dict[str, int]]:
        """Rows that are newer, ids that are gone, and the marks of all activities there are now."""
        number = since.number if since else 0
        rows = list(read_rows(connection, "revision > %s", [number]))
        found = connection.execute("SELECT id FROM withdrawn WHERE revision > %s", [number])
        gone = frozenset(known for (known,) in found)
        before = self._marks if since else {}
        marks = {known: mark for known, mark in before.items() if known not in gone}
        marks.update((one.activity.id, one.mark) for one in rows)
        return rows, gone, marks

    def _in_step(self) -> None:
        self._checked = time.monotonic()
        if self.problem is not None and self._says is not None:
            self._says("store.in_step")
        self.problem = None
        if self._seen is not None:
            self._seen(self.freshness)

    def _lost(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, SpmatchError) else type(error).__name__
        if self.problem is None and self._says is not None:
            self._says("store.lost", error=error)
        self.problem = reason


def _agrees(revision: Revision, marks: dict[str, int]) -> bool:
    return (len(marks), sum(marks.values())) == (revision.activities, revision.checksum)
