"""The version of the tables: bringing them up, and refusing those of another version."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmatch.errors import MissingExtraError, StoreError
from spmatch.store.connecting import Store
from spmatch.store.faults import import_psycopg, told

if TYPE_CHECKING:
    import psycopg

HEAD = "0001"
"""The version that this release reads and writes."""

LEAST_SERVER = 15
LEAST_PGVECTOR = (0, 7)

_TURN = 5_776_104_151_927_015_011
"""An advisory lock: one upgrade at a time. The server lets go of it when its holder is gone."""


def upgrade(store: Store) -> None:
    """Make the tables, or bring them to this release's version: all of it or nothing.

    Raises ``StoreError`` when pgvector is not in the database and may not be put there by this role, or
    when it or the server is too old.
    """
    psycopg = import_psycopg()
    sqlalchemy = _import_sqlalchemy()
    with told():
        with store.open_plain() as first:
            _check_server(first)
            # Not "IF NOT EXISTS", which asks for the right to make one even where it is there.
            if first.execute("SELECT to_regnamespace(%s)", [store.schema]).fetchone() == (None,):
                first.execute(
                    psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(store.schema))
                )
        engine = sqlalchemy.create_engine(
            "postgresql+psycopg://", creator=store.open, poolclass=sqlalchemy.pool.NullPool
        )
        try:
            with engine.connect() as connection, connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
                _run(store, connection=connection)
        except sqlalchemy.exc.DBAPIError as error:
            raise (error.orig or error) from None


def _check_server(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Raises ``StoreError`` unless the server and pgvector are there and new enough."""
    psycopg = import_psycopg()
    if (server := connection.info.server_version // 10_000) < LEAST_SERVER:
        raise StoreError(f"This is PostgreSQL {server}; {LEAST_SERVER} or newer is needed.")
    version = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    found = connection.execute(version).fetchone()
    if found is None:
        try:
            connection.execute("CREATE EXTENSION vector")
        except psycopg.OperationalError:
            raise
        except psycopg.Error:
            raise StoreError(
                "pgvector is not in this database. Let an administrator install it for the "
                "server and run there once: CREATE EXTENSION vector"
            ) from None
        found = connection.execute(version).fetchone()
    stated = found[0] if found else "0"
    if tuple(map(int, re.findall(r"\d+", stated)))[:2] < LEAST_PGVECTOR:
        least = ".".join(map(str, LEAST_PGVECTOR))
        raise StoreError(
            f"This is pgvector {stated}; {least} or newer is needed. Let an administrator install it and "
            "run: ALTER EXTENSION vector UPDATE"
        )


def schema_sql(store: Store) -> str:
    """What ``upgrade`` would run on a new schema, for those who run such things themselves."""
    _import_sqlalchemy()
    output = io.StringIO()
    _run(store, output=output)
    return f'SET search_path TO "{store.schema}", public;\n\n{output.getvalue()}'


def check_version(store: Store, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Raises ``StoreError`` unless the tables are of this release's version."""
    from psycopg import sql

    # By its full name: another application's table of this name may be on the search path.
    table = sql.Identifier(store.schema, "alembic_version")
    row = connection.execute(sql.SQL("SELECT version_num FROM {}").format(table)).fetchone()
    if row is None or row[0] != HEAD:
        raise StoreError(
            f"The tables in the database are of version {row[0] if row else 'none'}, this release of "
            f"spmatch reads {HEAD}. Where they are older: spmatch store upgrade --database URL. "
            "Where they are newer: install the newer release."
        )


def _run(store: Store, **given: Any) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes.update(schema=store.schema, **given)
    command.upgrade(config, "head", sql="output" in given)


def _import_sqlalchemy() -> Any:
    try:
        import alembic  # noqa: F401
        import sqlalchemy
    except ImportError:
        raise MissingExtraError("The database", "postgres") from None
    return sqlalchemy
