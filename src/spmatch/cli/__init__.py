"""The command line. Commands translate words into calls and answers into text; they decide nothing.

Exit codes: 0 answered (also when nothing suits), 2 bad usage, 3 bad input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from spmatch import __version__
from spmatch.cli.keys import add_keys_options
from spmatch.cli.many import add_many_options
from spmatch.cli.parsing import add_command
from spmatch.cli.plan_options import add_plan_options
from spmatch.cli.serve import add_serve_options
from spmatch.cli.sources import SOURCE_HELP, add_source_options, add_sync_options
from spmatch.cli.store import add_database_choice, add_schema_option, add_store_options
from spmatch.cli.validate import add_validate_options

ANSWERED, BAD_USAGE, BAD_INPUT = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Usage errors exit with 2 by argparse."""
    try:
        try:
            return _run(argv)
        finally:
            # What is left in the buffer meets a closed pipe here, not when the interpreter ends.
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (as "| head" does): that is no fault. Standard output is
        # pointed away, so that the interpreter does not complain when it closes it.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except KeyboardInterrupt:
        print("spmatch: stopped.", file=sys.stderr)
        return 130


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    _check_usage(parser, arguments)
    # Imported only now: help answers at once, without the packages that a match needs.
    from spmatch.cli.commands import run
    from spmatch.errors import SpmatchError

    try:
        return run(arguments)
    except SpmatchError as error:
        print(f"spmatch: {error}", file=sys.stderr)
        return BAD_INPUT


def _check_usage(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """What options may not be together, where argparse cannot say it. Exits with 2."""
    stored = arguments.command == "match" and arguments.database is not None
    if getattr(arguments, "encoder", None):
        if getattr(arguments, "snapshot", None):
            parser.error("--encoder goes with --catalogue: a snapshot holds its own encoder")
        if stored:
            parser.error("--encoder goes with --catalogue: a database holds its own encoder")
    if getattr(arguments, "address", None) and arguments.engine != "ray":
        parser.error("--address goes with --engine ray")
    spread = (
        getattr(arguments, "processes", None) or getattr(arguments, "engine", "local") != "local"
    )
    if spread and not (
        getattr(arguments, "profiles", None) or getattr(arguments, "ablations", None)
    ):
        parser.error("--processes and --engine are for many profiles (--profiles, --ablations)")
    if stored and (arguments.processes or arguments.engine != "local"):
        parser.error("--processes and --engine go with --snapshot: a database is asked by one")
    named = getattr(arguments, "reader", None)
    if getattr(arguments, "mapping", None) and named and named.name != "tables":
        parser.error("--mapping is for tables: name the format csv or xlsx, or none")
    if arguments.command == "encode" and arguments.encoder == "baseline":
        parser.error("the baseline is fitted on a catalogue: it cannot encode lines alone")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; each one's help shows an example."""
    parser = argparse.ArgumentParser(
        prog="spmatch",
        description="Finds community activities that suit a person, and says why.",
        epilog="example:\n  spmatch demo\n\nexit codes: 0 answered (also when nothing suits), "
        "2 bad usage, 3 bad input",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"spmatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = add_command(
        commands,
        "demo",
        "suggestions for an example person from the example catalogue",
        "spmatch demo --person cannot-pay-the-rent --language en",
    )
    demo.add_argument("--person", metavar="NAME", help="which example person (see --list)")
    demo.add_argument("--list", action="store_true", help="list the example persons")
    _answer_options(demo)
    add_plan_options(demo)
    _encoder_option(demo)

    validate = add_command(
        commands,
        "validate",
        "what is wrong in sources, how well they let limits be decided, and what to ask",
        "spmatch validate catalogue/denmark --html quality.html",
    )
    add_validate_options(validate, _day)
    add_source_options(validate)

    build = add_command(
        commands,
        "build",
        "read and encode sources into a snapshot",
        "spmatch build catalogue/denmark --out snapshot",
    )
    build.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    build.add_argument("--out", required=True, metavar="DIR", help="where the snapshot goes")
    build.add_argument("--strict", action="store_true", help="exit 3 when a record cannot be kept")
    add_source_options(build)
    _encoder_option(build)
    _config_option(build)

    sync = add_command(
        commands,
        "sync",
        "bring a snapshot in step with its sources; only what changed is fetched and encoded",
        "spmatch sync catalogue/denmark --out snapshot",
    )
    add_sync_options(sync)
    add_source_options(sync)
    _encoder_option(sync)
    _config_option(sync)

    places = add_command(
        commands,
        "places",
        "a gazetteer of any country from a GeoNames postcode file",
        "spmatch places GB.zip --out places-gb.csv",
    )
    places.add_argument("file", metavar="FILE", help="as GeoNames publishes it: GB.zip or GB.txt")
    places.add_argument("--country", metavar="XX", help="of a file of several (ISO 3166)")
    places.add_argument("--out", required=True, metavar="FILE", help="where the gazetteer goes")

    match = add_command(
        commands,
        "match",
        "suggestions for a person, or for many",
        "spmatch match --snapshot snapshot --profile catalogue/profiles/cannot-pay-the-rent.json",
    )
    add_database_choice(_catalogue_options(match), "answered inside PostgreSQL")
    add_schema_option(match)
    who = match.add_mutually_exclusive_group(required=True)
    who.add_argument("--profile", metavar="FILE|-", help="one profile (JSON); - is standard input")
    who.add_argument(
        "--profiles",
        metavar="FILE|-",
        help="one profile a line; one JSON response a line comes out",
    )
    _answer_options(match)
    add_plan_options(match)
    add_many_options(match, _at_least_one)
    _encoder_option(match)
    _config_option(match)

    why = add_command(
        commands,
        "why",
        "every limit that one activity fails for a person",
        "spmatch why aal-keramik-weekend --profile catalogue/profiles/hustru-med-demens.json "
        "--snapshot snapshot",
    )
    why.add_argument("activity", metavar="ACTIVITY_ID")
    why.add_argument("--profile", required=True, metavar="FILE|-", help="JSON; - is standard input")
    _catalogue_options(why)
    why.add_argument("--format", choices=["table", "json"], default="table")
    _language_options(why)
    _encoder_option(why)
    _config_option(why)

    encode = add_command(
        commands,
        "encode",
        "lines of text to vectors, one row a line",
        "spmatch encode --language da < lines.txt > vectors.npy",
    )
    encode.add_argument("--language", choices=["da", "en", "auto"], default="auto")
    encode.add_argument("--role", choices=["need", "activity"], default="need")
    _encoder_option(encode)

    _evaluate_command(commands)
    _tune_command(commands)

    add_serve_options(
        add_command(
            commands,
            "serve",
            "the page for link workers and the HTTP interface, on this machine",
            "spmatch serve --snapshot snapshot --port 8000",
        )
    )

    add_store_options(
        add_command(
            commands,
            "store",
            "a catalogue in PostgreSQL, which many services follow",
            "spmatch store publish --snapshot snapshot --database postgresql:///spmatch",
        )
    )

    add_keys_options(
        add_command(
            commands,
            "keys",
            "make, list and revoke the keys of those who may ask a service",
            "spmatch keys add journal-system --keys keys.json",
        )
    )

    schema = add_command(
        commands, "schema", "the JSON Schema of a record", "spmatch schema profile"
    )
    schema.add_argument("record", choices=["activity", "profile", "response"])
    return parser


def _evaluate_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = add_command(
        commands,
        "evaluate",
        "how well systems match a judged collection, and for whom; or what a log of use says",
        "spmatch evaluate --collection evaluation/collection --split test --out report",
    )
    what = evaluate.add_mutually_exclusive_group(required=True)
    what.add_argument("--collection", metavar="DIR", help="profiles, groups and grades")
    what.add_argument("--log", metavar="FILE", help="logged suggestions and what came of them")
    given = evaluate.add_mutually_exclusive_group()
    given.add_argument("--run", nargs="+", metavar="FILE", help="TREC runs to measure as well")
    given.add_argument("--config", nargs="+", metavar="FILE", help="settings to measure as well")
    source = evaluate.add_mutually_exclusive_group()
    source.add_argument("--snapshot", metavar="DIR", help="a snapshot made by spmatch build")
    source.add_argument(
        "--catalogue", nargs="+", metavar="SOURCE", help="sources (the example catalogue)"
    )
    evaluate.add_argument(
        "--split",
        choices=["development", "test", "all"],
        default="development",
        help="which profiles (development); test is for reporting alone",
    )
    evaluate.add_argument(
        "--ablations", action="store_true", help="also every part off, every weight ±50 %%"
    )
    evaluate.add_argument(
        "--beside", nargs="+", metavar="FILE", help="TREC runs that the default is compared with"
    )
    evaluate.add_argument(
        "--swap", nargs="+", metavar="NAME|PATH", help="encoders that --ablations swaps in"
    )
    evaluate.add_argument(
        "--baselines",
        metavar="DIR",
        help="where runs of the baselines are kept: read when they fit, else made again",
    )
    evaluate.add_argument("--minilm", metavar="DIR", help="folder of all-MiniLM-L6-v2")
    add_many_options(evaluate, _at_least_one, "of --ablations")
    evaluate.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="the day to match for")
    evaluate.add_argument("--out", required=True, metavar="DIR", help="where the report goes")
    _encoder_option(evaluate)


def _tune_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    tune = add_command(
        commands,
        "tune",
        "weights of the score learned from a judged collection, kept unless that clearly helps",
        "spmatch tune evaluation/collection --snapshot snapshot --out weights.toml",
    )
    tune.add_argument("collection", metavar="COLLECTION", help="profiles, groups and grades")
    source = tune.add_mutually_exclusive_group()
    source.add_argument("--snapshot", metavar="DIR", help="a snapshot made by spmatch build")
    source.add_argument(
        "--catalogue", nargs="+", metavar="SOURCE", help="sources (the example catalogue)"
    )
    tune.add_argument(
        "--split",
        choices=["development", "all"],
        default="development",
        help="which profiles (development); all leaves none to report on",
    )
    tune.add_argument("--seed", type=_at_least_one, default=20261122, metavar="N")
    tune.add_argument(
        "--least",
        type=float,
        default=0.02,
        metavar="SHARE",
        help="that each weight keeps: grades judge meaning alone (0.02)",
    )
    tune.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="the day to match for")
    tune.add_argument("--out", metavar="FILE", help="settings (TOML) that --config reads")
    tune.add_argument("--report", metavar="FILE", help="every number (JSON)")
    _config_option(tune)
    _encoder_option(tune)


def _catalogue_options(
    command: argparse.ArgumentParser,
) -> argparse._MutuallyExclusiveGroup:
    """Where the catalogue is; other places may be added to the group."""
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--snapshot", metavar="DIR", help="a snapshot made by spmatch build")
    source.add_argument(
        "--catalogue", nargs="+", metavar="SOURCE", help="sources to read and encode now"
    )
    # Their --format is that of the answer.
    add_source_options(command, "--source-format")
    return source


def _answer_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("-k", type=_at_least_one, default=5, metavar="N", help="how many (5)")
    command.add_argument("--format", choices=["table", "json"], default="table")
    _language_options(command)


def _language_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=["da", "en"], help="of the explanations")
    command.add_argument(
        "--unknown",
        choices=["keep", "exclude"],
        default="keep",
        help="activities that do not state what a limit asks (keep)",
    )
    command.add_argument(
        "--on", type=_day, metavar="YYYY-MM-DD", help="the day to match for (today)"
    )


def _encoder_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--encoder",
        metavar="NAME|PATH",
        help="da-en-minilm (the default), baseline, or a sentence-transformers model: a folder or "
        "a hub name",
    )
    command.add_argument(
        "--threads", type=_at_least_one, metavar="N", help="of the encoder (the cores, at most 4)"
    )


def _config_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", metavar="FILE", help="settings (TOML) over the defaults")


def _at_least_one(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1")
    return number


def _day(text: str) -> object:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("give a date as YYYY-MM-DD") from None
