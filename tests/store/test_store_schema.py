"""The tables: made once, brought up, refused when they are of another version."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from stores import psycopg  # noqa: F401  (without it none of these can run)

import spmatch.store
from spmatch.errors import MissingExtraError
from spmatch.store import Store, StoreError, migrating, read_latest, schema_sql, upgrade
from spmatch.store.migrating import HEAD
from spmatch.store.rows import COLUMNS


def test_the_newest_migration_is_the_version_that_is_read() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = Path(spmatch.store.__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert read_latest(store) is None


def test_a_row_fills_every_column(store: Store) -> None:
    with store.connect() as connection:
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'activity' AND table_schema = %s ORDER BY ordinal_position",
            [store.schema],
        ).fetchall()
    assert [name for (name,) in found] == list(COLUMNS)


def test_the_statements_can_be_read_before_they_are_run() -> None:
    statements = schema_sql(Store("postgresql://nowhere", "county"))
    assert 'SET search_path TO "county", public;' in statements
    assert "CREATE TABLE activity" in statements
    assert f"VALUES ('{HEAD}')" in statements


def test_tables_of_another_version_are_refused(store: Store) -> None:
    with store.connect() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(StoreError, match="of version 9999, this release of spmatch reads 0001"):
            read_latest(store)
    finally:
        with store.connect() as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])


def test_without_tables_it_is_said_how_to_make_them(store: Store) -> None:
    with pytest.raises(StoreError, match="spmatch store upgrade"):
        read_latest(Store(store.url, "nothing_here"))


@pytest.mark.parametrize(
    ("least", "value", "said"),
    [
        ("LEAST_SERVER", 99, "99 or newer is needed"),
        ("LEAST_PGVECTOR", (99, 1), "99.1 or newer is needed.* ALTER EXTENSION vector UPDATE"),
    ],
)
def test_what_is_too_old_is_refused_before_anything_is_made(
    store: Store, least: str, value: object, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, least, value)
    with pytest.raises(StoreError, match=said):
        upgrade(Store(store.url, "too_old"))
    with store.connect() as connection:
        assert connection.execute("SELECT to_regnamespace('too_old')").fetchone() == (None,)


def test_an_address_is_never_shown() -> None:
    assert "secret" not in repr(Store("postgresql://me:secret@host/db"))


def test_a_database_that_is_not_there_is_told_without_the_password() -> None:
    away = Store("postgresql://me:secret@127.0.0.1:1/db")
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        read_latest(away)
    assert "secret" not in str(caught.value)


def test_an_address_that_is_none_is_told_without_it() -> None:
    with pytest.raises(StoreError, match="is the address right") as caught:
        read_latest(Store("secret secret"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "Town", "a b", 'a"; DROP TABLE activity; --', "x" * 60])
def test_a_schema_has_a_plain_name(name: str) -> None:
    with pytest.raises(StoreError, match="small letters"):
        Store("postgresql://", name)


@pytest.mark.parametrize("package", ["psycopg", "alembic"])
def test_a_missing_package_is_told_with_the_line_that_installs_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"spmatch\[postgres\]"):
        upgrade(Store("postgresql://"))
