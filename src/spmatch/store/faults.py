"""The errors of a database, told without what was sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from spmatch.errors import MissingExtraError, StoreError

_RIGHTS = "42501"
_NO_SUCH = ("42P01", "3F000", "42704", "42883", "42703")
"""Table, schema, type, function, column."""
_AWAY = ("08", "57P")
_NO_ROOM = "53"
"""The beginnings of codes: no connection, a server that stops or starts; memory, disk, connections."""


def import_psycopg() -> Any:
    """The package ``psycopg``. Raises ``MissingExtraError`` without it."""
    try:
        import psycopg
    except ImportError:
        raise MissingExtraError("The database", "postgres") from None
    return psycopg


@contextmanager
def told() -> Iterator[None]:
    """Turns an error of the database into a ``StoreError``.

    The message of a statement that fails may quote its values, and these may be a person's: only its
    five-letter code is kept. That of a failed connection holds where, never a password.
    """
    psycopg = import_psycopg()
    try:
        yield
    except psycopg.Error as error:
        raise StoreError(_said(psycopg, error)) from None


def _said(psycopg: Any, error: Any) -> str:
    code = error.sqlstate
    if code == _RIGHTS:
        return "The role that connects has not the rights for this. See docs/database.md, roles."
    if code in _NO_SUCH:
        return (
            "The database lacks what spmatch keeps in it, or the role may not see it. "
            "Set it up with: spmatch store upgrade --database URL"
        )
    if code is not None and code.startswith(_AWAY):
        return f"The database cannot be reached: it is stopping or starting (SQLSTATE {code})."
    if code is not None and code.startswith(_NO_ROOM):
        return f"The database has no room, memory or connection left (SQLSTATE {code})."
    if code is not None:
        return f"The database refused a statement (SQLSTATE {code})."
    if isinstance(error, psycopg.OperationalError):
        lines = str(error).strip().splitlines()
        return (
            f"The database cannot be reached: {lines[0] if lines else 'the connection was lost'}."
        )
    return f"The database cannot be used ({type(error).__name__}): is the address right?"
