"""``spmatch keys``: make, list and revoke the keys of those who may ask a service."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from spmatch.cli.parsing import add_command

if TYPE_CHECKING:
    from spmatch.web.keys import Key

# As in spmatch.web.keys, which help must not load.
SCOPES = ("match", "read", "admin")
DEFAULT_SCOPES = ("match", "read")


def add_keys_options(parser: argparse.ArgumentParser) -> None:
    """The three actions of ``spmatch keys``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    add = add_command(
        actions,
        "add",
        "make a key; its secret is printed this once and kept nowhere",
        "spmatch keys add journal-system --keys keys.json --scope match --rate 120",
    )
    add.add_argument("name", metavar="NAME", help="who has it: a system or a team, not a person")
    add.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="match: all that takes a profile, also the page; read: the catalogue; admin: the "
        "counters; may be given again (match and read)",
    )
    add.add_argument(
        "--rate", type=int, metavar="N", help="requests a minute (as the service is set)"
    )
    _file_option(add)

    show = add_command(
        actions,
        "list",
        "the keys of a file, revoked ones too; never a secret",
        "spmatch keys list --keys keys.json",
    )
    _file_option(show)
    show.add_argument("--format", choices=["table", "json"], default="table")

    revoke = add_command(
        actions,
        "revoke",
        "stop a key; a service that runs refuses it from its next request",
        "spmatch keys revoke 3f9a2c1b --keys keys.json",
    )
    revoke.add_argument("id", metavar="ID", help="of the key (see list)")
    _file_option(revoke)


def run_keys(arguments: argparse.Namespace) -> int:
    """Do what the action says; returns the exit code. Raises ``ConfigError`` on a bad file or value."""
    from spmatch.web.keys import KeyRing

    ring = KeyRing(arguments.keys, create=arguments.action == "add")
    if arguments.action == "add":
        key, secret = ring.add(arguments.name, arguments.scope or DEFAULT_SCOPES, arguments.rate)
        # Alone on standard output, so that it can go straight to where secrets are kept.
        print(secret)
        print(
            f"Key {key.id} ({key.name}) may {', '.join(key.scopes)}. "
            "Keep the secret now: it is not shown again.",
            file=sys.stderr,
        )
    elif arguments.action == "revoke":
        key = ring.revoke(arguments.id)
        print(f"Key {key.id} ({key.name}) is revoked.", file=sys.stderr)
    elif arguments.format == "json":
        print(json.dumps([_shown(key) for key in ring.list()], ensure_ascii=False, indent=2))
    else:
        _print_table(ring.list())
    return 0


def _shown(key: Key) -> dict[str, object]:
    return key.model_dump(mode="json", exclude={"sha256"})


def _print_table(keys: tuple[Key, ...]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from spmatch.cli.tables import open_console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("id", "name", "scopes", "a minute", "made", "revoked"):
        table.add_column(heading, overflow="fold")
    for key in keys:
        table.add_row(
            key.id,
            Text(key.name),  # not read as markup
            ", ".join(key.scopes),
            str(key.rate_per_minute or ""),
            f"{key.created:%Y-%m-%d}",
            f"{key.revoked:%Y-%m-%d}" if key.revoked else "",
        )
    open_console().print(table)


def _file_option(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--keys", required=True, metavar="FILE", help="the file of keys; serve --keys reads it"
    )
