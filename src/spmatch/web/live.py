"""The matcher that answers now, and how a newer one takes its place without a request noticing.

A request takes the matcher once and keeps it to its end; a newer one is read and warmed beside it and
then named as the one that answers. A snapshot that cannot be read, or a database that is away, changes
nothing but ``problem``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from spmatch.config import Config
from spmatch.errors import SpmatchError, StoreError
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.snapshot import current_version
from spmatch.store import EMPTY, Follower, Freshness, Store, read_latest
from spmatch.web.log import Fact, log_event
from spmatch.web.settings import ServiceSettings

# Rules of both languages, and what tells them apart, are read when a text first needs them (two
# seconds): not in a person's minute.
_WARMING = (
    Profile(needs="Would like some company."),
    Profile(needs="Vil gerne ud at gå med nogen.", avoid="Larm.", text_language="da"),
    Profile(needs="Would like to walk with somebody.", avoid="Noise.", text_language="en"),
)


class HoldsMatcher(Protocol):
    """Where a request takes the matcher from."""

    @property
    def matcher(self) -> Matcher: ...

    @property
    def problem(self) -> str | None:
        """Why the newest state was not taken, if so; ``None`` when that is what answers."""
        ...

    @property
    def freshness(self) -> Freshness | None:
        """How old the data is that answers, where it comes from a database."""
        ...


class WatchedMatcher(HoldsMatcher, Protocol):
    """One that keeps in step from ``watch`` to ``close``."""

    def watch(self) -> None: ...

    def close(self) -> None: ...


class FixedMatcher:
    """One matcher for good."""

    problem: str | None = None
    freshness: None = None

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher


class LiveMatcher:
    """The matcher of the newest snapshot in ``directory`` that could be read.

    Raises ``SnapshotError`` when there is none to begin with. ``watch`` looks for a newer one every
    ``look_seconds`` until ``close``.
    """

    freshness: None = None

    def __init__(
        self,
        directory: Path,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        threads: int | None = None,
        look_seconds: float = 1.0,
        load: Callable[..., Matcher] = Matcher.load,
    ) -> None:
        self._directory = directory
        self._config = config
        self._gazetteer = gazetteer
        self._threads = threads
        self._look_seconds = look_seconds
        self._load = load
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self.problem: str | None = None
        self._version = current_version(directory)
        self.matcher = self._read()

    def refresh(self) -> bool:
        """Take a newer snapshot if there is one; whether the matcher changed."""
        try:
            version = current_version(self._directory)
            if version == self._version:
                return False
            # Said before it is read: a version that cannot be read is tried once, not every second.
            self._version = version
            self.matcher = self._read()
        except Exception as error:
            # Whatever is wrong with the newer one, the older one goes on answering.
            reason = str(error) if isinstance(error, SpmatchError) else type(error).__name__
            log_event("snapshot.refused", level=logging.ERROR, error=error)
            self.problem = reason
            return False
        self.problem = None
        log_event("snapshot.taken", catalogue=self.matcher.catalogue.hash)
        return True

    def watch(self) -> None:
        """Look for a newer snapshot from now on, in a thread of its own."""
        self._stop.clear()
        self._watcher = threading.Thread(target=self._look, name="snapshot", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()

    def _look(self) -> None:
        while not self._stop.wait(self._look_seconds):
            self.refresh()

    def _read(self) -> Matcher:
        matcher = self._load(
            self._directory,
            config=self._config,
            gazetteer=self._gazetteer,
            threads=self._threads,
        )
        warm(matcher)
        return matcher


def watched_matcher(
    settings: ServiceSettings, seen: Callable[[Freshness], object]
) -> WatchedMatcher:
    """What the settings name, read. ``seen`` is told whenever a database confirms what is in hand.

    Raises ``SnapshotError``, ``StoreError``, ``ConfigError`` or ``PlaceError``.
    """
    config = Config.load(settings.config) if settings.config else None
    gazetteer = Gazetteer(*settings.places) if settings.places else None
    if settings.snapshot is not None:
        return LiveMatcher(
            settings.snapshot,
            config=config,
            gazetteer=gazetteer,
            threads=settings.threads,
            look_seconds=settings.look_seconds,
        )
    return Follower(
        store_of(settings),
        config=config,
        gazetteer=gazetteer,
        threads=settings.threads,
        prepare=warm,
        says=_say,
        seen=seen,
    )


def check_source(settings: ServiceSettings) -> None:
    """Raises ``SnapshotError`` or ``StoreError`` where there is nothing that could be served."""
    if settings.snapshot is not None:
        current_version(settings.snapshot)
    elif read_latest(store_of(settings)) is None:
        raise StoreError(EMPTY)


def store_of(settings: ServiceSettings) -> Store:
    """The store that is followed. Raises ``StoreError`` when its schema cannot be one's name."""
    return Store(settings.database or "", settings.database_schema)


def _say(event: str, *, error: BaseException | None = None, **facts: Fact) -> None:
    log_event(event, level=logging.ERROR if error else logging.INFO, error=error, **facts)


def warm(matcher: Matcher) -> None:
    """Read everything that a first request would otherwise wait for."""
    for profile in _WARMING:
        matcher.match(profile, k=1)
