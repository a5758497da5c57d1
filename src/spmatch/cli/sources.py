"""The options by which sources are read, and from them to a catalogue."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spmatch.geography import Gazetteer


def add_source_options(command: argparse.ArgumentParser) -> None:
    """``--mapping``, ``--places`` and ``--facts-from-prose``."""
    command.add_argument(
        "--mapping", metavar="FILE", help="what the columns of tables mean (docs/mappings.md)"
    )
    command.add_argument(
        "--places",
        nargs="+",
        metavar="FILE",
        help="gazetteers in place of the Danish one; see: spmatch places",
    )
    command.add_argument(
        "--facts-from-prose",
        action="store_true",
        help="also read what records leave open out of their texts (not yet precise enough to be usual)",
    )


def reading(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``Catalogue.read`` that the options stand for."""
    from spmatch.readers.tables import TablesReader

    mapping = getattr(arguments, "mapping", None)
    return {
        "reader": TablesReader(Path(mapping)) if mapping else None,
        "gazetteer": places_of(arguments),
        "facts_from_prose": getattr(arguments, "facts_from_prose", False),
    }


def places_of(arguments: argparse.Namespace) -> Gazetteer | None:
    """The gazetteers that were named; ``None`` for those that come with spmatch."""
    from spmatch.errors import PlaceError
    from spmatch.geography import Gazetteer

    given = getattr(arguments, "places", None)
    if not given:
        return None
    try:
        return Gazetteer(*map(Path, given))
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError):
        raise PlaceError(
            f"{', '.join(given)}: this is no gazetteer. Make one with: spmatch places FILE --out FILE"
        ) from None


def run_places(arguments: argparse.Namespace) -> int:
    """Make a gazetteer; returns the exit code. Raises ``PlaceError``."""
    import sys

    from spmatch.postcodes import gazetteer_of, read_geonames, write_gazetteer

    lines, problems = read_geonames(Path(arguments.file), arguments.country)
    places = gazetteer_of(lines)
    write_gazetteer(places, Path(arguments.out))
    for problem in problems[:20]:
        print(f"spmatch: {problem}", file=sys.stderr)
    postcodes = sum(one.kind == "postcode" for one in places)
    print(f"{postcodes} postcodes and {len(places) - postcodes} towns in {arguments.out}.")
    return 0


def add_sync_options(command: argparse.ArgumentParser) -> None:
    """Those of ``sync``, besides how sources are read."""
    command.add_argument(
        "sources", nargs="+", metavar="SOURCE", help="file, folder, zip or http(s) address"
    )
    command.add_argument("--out", required=True, metavar="DIR", help="the snapshot")
    command.add_argument(
        "--accept-shrink", action="store_true", help="believe a source that lost many records"
    )
    command.add_argument("--format", choices=["table", "json"], default="table")


def run_sync(arguments: argparse.Namespace) -> int:
    """Bring a snapshot in step; returns the exit code. Raises ``CatalogueError``."""
    import sys

    from spmatch.cli.progress import progress_bar
    from spmatch.config import Config
    from spmatch.syncing import SHRINK_MAX, sync

    with progress_bar() as progress:
        report = sync(
            arguments.sources,
            Path(arguments.out),
            encoder=arguments.encoder,
            config=Config.load(arguments.config) if arguments.config else None,
            threads=arguments.threads,
            shrink_max=1.0 if arguments.accept_shrink else SHRINK_MAX,
            reading=reading(arguments),
            progress=progress,
        )
    if arguments.format == "json":
        print(report.model_dump_json(indent=2))
        return 0
    for what, ids in (
        ("added", report.added),
        ("changed", report.changed),
        ("withdrawn", report.withdrawn),
    ):
        shown = ", ".join(ids[:10]) + (" …" if len(ids) > 10 else "")
        print(f"{len(ids)} {what}{': ' if ids else ''}{shown}")
    print(f"{report.activities} activities in {arguments.out}.")
    if report.problems:
        print(
            f"spmatch: {len(report.problems)} problems in the sources; see: spmatch validate",
            file=sys.stderr,
        )
    return 0
