"""A connection that is kept open between requests, and made again once it turns out to be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from spmatch.store.connecting import Store
from spmatch.store.faults import import_psycopg, told
from spmatch.store.migrating import check_version

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")


class Line:
    """One request at a time: the caller sees to that."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def ask(self, question: Callable[[psycopg.Connection[tuple[Any, ...]]], T]) -> T:
        """The answer to a question that changes nothing. Raises ``StoreError``."""
        package = import_psycopg()
        with told():
            fresh = self._connection is None or self._connection.closed
            try:
                return question(self._open())
            except package.OperationalError:
                # Only one that is lost is worth another try: a question that took too long is not.
                if fresh or not (self._connection is None or self._connection.closed):
                    raise
                self.close()
                return question(self._open())

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = self._store.open()
            check_version(self._store, self._connection)
        return self._connection
