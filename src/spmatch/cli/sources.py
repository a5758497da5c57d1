"""The options by which sources are read, and from them to a catalogue."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spmatch.contracts import Reader
    from spmatch.geography import Gazetteer


SOURCE_HELP = "file, folder, zip, - (standard input) or http(s) address"


def add_source_options(command: argparse.ArgumentParser, format_option: str = "--format") -> None:
    """How sources are read; ``format_option`` names the option for their format."""
    command.add_argument(
        format_option,
        dest="reader",
        type=_reader,
        metavar="NAME",
        help="format of the sources, else recognised by content: native, csv, xlsx, hsds-3.0, oruk-3.0 …",
    )
    command.add_argument(
        "--mapping", metavar="FILE", help="what the columns of tables mean (docs/mappings.md)"
    )
    command.add_argument(
        "--places",
        action="append",
        metavar="FILE",
        help="gazetteer in place of the Danish one, see: spmatch places (may be repeated)",
    )
    command.add_argument(
        "--facts-from-prose",
        action="store_true",
        help="also read what records leave open out of their texts, with the words as evidence",
    )


def reading(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``Catalogue.read`` that the options stand for."""
    from spmatch.readers.accounting import AccountingReader
    from spmatch.readers.tables import TablesReader

    mapping = getattr(arguments, "mapping", None)
    named = getattr(arguments, "reader", None)
    return {
        "reader": AccountingReader(TablesReader(Path(mapping))) if mapping else named,
        "gazetteer": places_of(arguments),
        "facts_from_prose": getattr(arguments, "facts_from_prose", False),
    }


def _reader(name: str) -> Reader:
    from spmatch.errors import CatalogueError
    from spmatch.readers import reader_called

    try:
        return reader_called(name)
    except CatalogueError as error:
        raise argparse.ArgumentTypeError(str(error.problems[0])) from None


def places_of(arguments: argparse.Namespace) -> Gazetteer | None:
    """The gazetteers that were named; ``None`` for those that come with spmatch."""
    from spmatch.geography import Gazetteer

    given = getattr(arguments, "places", None)
    return Gazetteer(*map(Path, given)) if given else None


def write_file(path: Path, text: str) -> None:
    """Raises ``InputError`` when it cannot be written."""
    from spmatch.errors import InputError

    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


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
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    command.add_argument("--out", required=True, metavar="DIR", help="the snapshot")
    command.add_argument(
        "--accept-shrink",
        nargs="?",
        action="append",
        metavar="SOURCE",
        help="believe that a source lost many records: this one (may be repeated), or any of them",
    )
    command.add_argument("--json", metavar="FILE|-", help="write what was found; - prints it alone")


def run_sync(arguments: argparse.Namespace) -> int:
    """Bring a snapshot in step; returns the exit code. Raises ``InputError``."""
    import sys

    from spmatch.cli.progress import progress_bar
    from spmatch.config import Config
    from spmatch.encoders import DEFAULT_ENCODER
    from spmatch.syncing import sync

    with progress_bar() as progress:
        report = sync(
            arguments.sources,
            Path(arguments.out),
            encoder=arguments.encoder or DEFAULT_ENCODER,
            config=Config.load(arguments.config) if arguments.config else None,
            threads=arguments.threads,
            believe=_believed(arguments.sources, arguments.accept_shrink or []),
            reading=reading(arguments),
            progress=progress,
        )
    refused = [f"spmatch: refused, it stays as it was: {problem}" for problem in report.refused]
    print(*refused, sep="\n", end="\n" * bool(refused), file=sys.stderr)
    exit_code = 3 if refused else 0
    if arguments.json == "-":
        print(report.model_dump_json(indent=2))
        return exit_code
    if arguments.json:
        write_file(Path(arguments.json), report.model_dump_json(indent=2) + "\n")
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
    return exit_code


def _believed(sources: list[str], accepted: list[str | None]) -> list[str]:
    """The sources whose losses are accepted: by their address or path, or by the name they are told by."""
    from spmatch.errors import InputError
    from spmatch.sources import name_of

    if None in accepted:
        return sources
    for name in accepted:
        if not any(name in (source, name_of(source)) for source in sources):
            raise InputError(f"--accept-shrink {name}: there is no such source in this run.")
    return [source for source in sources if {source, name_of(source)} & set(accepted)]
