"""``spmatch store``, and ``--database`` of ``spmatch match``: a catalogue in PostgreSQL."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spmatch.config import Config
    from spmatch.store import DatabaseMatcher, Revision, Store

ADDRESS = "SPMATCH_DATABASE"
"""The environment variable that names the database: arguments can be seen by every user of a machine."""
SCHEMA = "spmatch"


def add_database_options(command: argparse.ArgumentParser) -> None:
    """``--database`` and ``--schema``, where a database is the only source."""
    command.add_argument("--database", metavar="URL", help=f"postgresql://… (what {ADDRESS} holds)")
    add_schema_option(command)


def add_database_choice(sources: argparse._MutuallyExclusiveGroup, what: str) -> None:
    """``--database``, among other sources; alone, without an address, it means what ``ADDRESS`` holds."""
    sources.add_argument(
        "--database", nargs="?", const="", metavar="URL", help=f"{what} (what {ADDRESS} holds)"
    )


def add_schema_option(command: argparse.ArgumentParser, *, default: str | None = SCHEMA) -> None:
    command.add_argument(
        "--schema",
        dest="database_schema",
        metavar="NAME",
        default=default,
        help=f"of the database ({SCHEMA})",
    )


def add_store_options(command: argparse.ArgumentParser) -> None:
    """What can be done with a store."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    up = actions.add_parser("upgrade", help="make the tables, or bring them to this release")
    up.add_argument(
        "--sql", action="store_true", help="only show what a new schema needs, and run nothing"
    )
    publish = actions.add_parser("publish", help="make the store hold just what a snapshot holds")
    publish.add_argument("--snapshot", required=True, metavar="DIR", help="made by spmatch build")
    publish.add_argument("--config", metavar="FILE", help="settings it was built with (TOML)")
    publish.add_argument(
        "--places", nargs="+", metavar="FILE", help="gazetteers in place of the Danish one"
    )
    withdraw = actions.add_parser("withdraw", help="take activities out")
    withdraw.add_argument("ids", nargs="+", metavar="ACTIVITY_ID")
    status = actions.add_parser("status", help="what the store holds, and since when")
    for action in (up, publish, withdraw, status):
        add_database_options(action)


def run_store(arguments: argparse.Namespace) -> int:
    """Run an action; returns the exit code. Raises ``StoreError`` or ``MissingExtraError``."""
    actions = {
        "upgrade": _upgrade,
        "publish": _publish,
        "withdraw": _withdraw,
        "status": _status,
    }
    return actions[arguments.action](arguments)


def store_of(arguments: argparse.Namespace) -> Store:
    """The store that the options name. Raises ``StoreError`` when they name none."""
    from spmatch.store import Store

    # Statements that are only shown are sent nowhere.
    shown = getattr(arguments, "sql", False)
    return Store(
        "postgresql://" if shown else address_of(arguments.database), arguments.database_schema
    )


def address_of(given: str | None) -> str:
    """The address that was given, else that of the environment. Raises ``StoreError`` without either."""
    from spmatch.errors import StoreError

    url = given or os.environ.get(ADDRESS)
    if not url:
        raise StoreError(f"Which database? Give --database URL, or set {ADDRESS}.")
    return url


def database_matcher(arguments: argparse.Namespace, config: Config) -> DatabaseMatcher:
    """What ``match --database`` answers with."""
    from spmatch.cli.sources import places_of
    from spmatch.store import DatabaseMatcher

    return DatabaseMatcher(
        store_of(arguments),
        config=config,
        gazetteer=places_of(arguments),
        threads=arguments.threads,
    )


def _upgrade(arguments: argparse.Namespace) -> int:
    from spmatch.store import schema_sql, upgrade
    from spmatch.store.migrating import HEAD

    store = store_of(arguments)
    if arguments.sql:
        print(schema_sql(store))
        return 0
    upgrade(store)
    print(f"The tables in schema {store.schema} are of version {HEAD}.")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    from spmatch.cli.progress import progress_bar
    from spmatch.cli.sources import places_of
    from spmatch.config import Config
    from spmatch.snapshot import load_snapshot
    from spmatch.store import publish, read_latest

    store = store_of(arguments)
    config = Config.load(arguments.config) if arguments.config else Config.default()
    before = read_latest(store)
    with progress_bar() as progress:
        snapshot = load_snapshot(Path(arguments.snapshot), config)
        revision = publish(
            store, snapshot, config, gazetteer=places_of(arguments), progress=progress
        )
    if before is not None and before.number == revision.number:
        print("Nothing has changed.", file=sys.stderr)
    _say(revision)
    return 0


def _withdraw(arguments: argparse.Namespace) -> int:
    from spmatch.store import withdraw

    _say(withdraw(store_of(arguments), arguments.ids))
    return 0


def _status(arguments: argparse.Namespace) -> int:
    from spmatch.store import read_latest

    revision = read_latest(store_of(arguments))
    if revision is None:
        print("The store is empty. Put a catalogue there with: spmatch store publish")
    else:
        _say(revision)
    return 0


def _say(revision: Revision) -> None:
    print(
        f"Revision {revision.number} of {revision.made_at:%Y-%m-%d %H:%M:%S} UTC: "
        f"{revision.activities} activities of {revision.catalogue_id} ({revision.added} added, "
        f"{revision.changed} changed, {revision.withdrawn} withdrawn)."
    )
