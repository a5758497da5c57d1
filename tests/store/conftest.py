"""Stores on the server of the tests, and on any that the environment names."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from making import WordEncoder
from spmatch import Activity, Catalogue
from spmatch.building import build_snapshot
from spmatch.config import Config
from spmatch.snapshot import Snapshot
from spmatch.store import Store, upgrade

if TYPE_CHECKING:
    from stores import OwnServer

# What needs the extra is imported where it is used: here it would stop the tests of everything else.


@pytest.fixture(scope="session")
def own_server() -> Iterator[OwnServer]:
    from stores import OwnServer

    server = OwnServer()
    yield server
    server.stop()


def _schema(url: str) -> Iterator[Store]:
    store = Store(url, f"test_{uuid.uuid4().hex[:8]}")
    upgrade(store)
    yield store
    from stores import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {store.schema} CASCADE")


@pytest.fixture(scope="session")
def own_schema(own_server: OwnServer) -> Iterator[Store]:
    yield from _schema(own_server.url)


@pytest.fixture(
    scope="session",
    params=["own", *(["named"] if os.environ.get("SPMATCH_TEST_DATABASE") else [])],
)
def any_schema(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Tables on the server of the tests, then on the one that the environment names."""
    if request.param == "own":
        yield request.getfixturevalue("own_schema")
    else:
        yield from _schema(os.environ["SPMATCH_TEST_DATABASE"])


@pytest.fixture
def store(any_schema: Store) -> Store:
    """An empty store."""
    from stores import emptied

    return emptied(any_schema)


@pytest.fixture
def own_store(own_schema: Store) -> Store:
    """An empty store on a server that may be killed."""
    from stores import emptied

    return emptied(own_schema)


@pytest.fixture(scope="session")
def snapshot_of() -> Callable[..., Snapshot]:
    """Activities as a snapshot, encoded by words."""

    def of(activities: list[Activity], id: str = "town") -> Snapshot:
        return build_snapshot(Catalogue(activities, id=id), WordEncoder(), Config.default())

    return of
