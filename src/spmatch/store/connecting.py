"""Where the catalogue is kept, and connections to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spmatch.errors import StoreError
from spmatch.store.faults import import_psycopg, told
from spmatch.store.packing import register_types

if TYPE_CHECKING:
    import psycopg

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,50}")

_UNLESS_STATED = {
    "application_name": "spmatch",
    # A server whose machine is gone says nothing: it is given up after some ten seconds.
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


@dataclass(frozen=True, slots=True)
class Store:
    """One catalogue in one schema of a PostgreSQL database.

    ``url`` is a connection string of libpq (a URL or ``key=value``), and never shown: it may hold a
    password. Several catalogues may share a database, each in a schema of its own. Raises ``StoreError``
    when the name of the schema is none.
    """

    url: str = field(repr=False)
    schema: str = "spmatch"

    def __post_init__(self) -> None:
        if not _SCHEMA.fullmatch(self.schema):
            raise StoreError(
                "The name of a schema has small letters, digits and _, and begins with a letter."
            )

    @property
    def channel(self) -> str:
        """Where each revision is notified of."""
        return f"spmatch_{self.schema}"

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection for the time of the block. Raises ``StoreError``, also for errors inside it."""
        with told():
            connection = self.open()
            try:
                yield connection
            finally:
                connection.close()

    def open(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that the caller closes; errors are those of psycopg.

        Every statement commits by itself unless a transaction is begun; times are UTC.
        """
        connection = self.open_plain()
        try:
            # The type of vectors may have been installed in any schema. A change whose maker is gone
            # holds up others no longer than the server takes to notice: not its usual two hours.
            connection.execute(
                """SELECT set_config('timezone', 'UTC', false),
                set_config('tcp_keepalives_idle', '15', false),
                set_config('tcp_keepalives_interval', '5', false),
                set_config('tcp_keepalives_count', '3', false),
                set_config('search_path', concat_ws(
                    ', ', %s::text,
                    (SELECT quote_ident(nspname) FROM pg_extension
                     JOIN pg_namespace ON pg_namespace.oid = extnamespace
                     WHERE extname = 'vector')
                ), false)""",
                [self.schema],
            )
            register_types(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def open_plain(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as ``open`` makes it, to a database that may hold nothing of ours yet."""
        package = import_psycopg()
        given = package.conninfo.conninfo_to_dict(self.url)
        connection: psycopg.Connection[tuple[Any, ...]] = package.connect(
            **{**_UNLESS_STATED, **given}, autocommit=True
        )
        return connection


@contextmanager
def reading(connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[None]:
    """A transaction that sees one state of the database and changes nothing."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
