"""``spmatch validate``: what is wrong in sources, how well they let limits be decided, what to ask."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spmatch.cli.sources import SOURCE_HELP

if TYPE_CHECKING:
    # Help answers at once: what a run needs is imported when it runs.
    from spmatch.catalogue import Catalogue
    from spmatch.errors import Problem
    from spmatch.gathering import ReadSource
    from spmatch.quality import QualityReport


def add_validate_options(command: argparse.ArgumentParser, day: Callable[[str], object]) -> None:
    """The options of the command; ``day`` reads a date."""
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    command.add_argument(
        "--strict", action="store_true", help="exit 3 when a record cannot be kept"
    )
    command.add_argument("--html", metavar="FILE", help="also write a page with plots")
    command.add_argument(
        "--json",
        metavar="FILE|-",
        help="also write everything as JSON; - prints it, and nothing else",
    )
    command.add_argument(
        "--on", type=day, metavar="YYYY-MM-DD", help="the day that dates are compared with (today)"
    )
    command.add_argument(
        "--weights",
        choices=["profiles", "equal"],
        default="profiles",
        help="limits count by their use in the example persons, or all the same (profiles)",
    )


def run_validate(arguments: argparse.Namespace) -> int:
    """Read, report, write; returns the exit code. Raises ``InputError`` for a file it cannot write."""
    from datetime import date

    from spmatch.catalogue import Catalogue
    from spmatch.cli import ANSWERED, BAD_INPUT
    from spmatch.cli.quality_table import print_quality
    from spmatch.cli.sources import places_of, write_file
    from spmatch.cli.tables import print_catalogue
    from spmatch.config import Config
    from spmatch.gathering import gather
    from spmatch.quality import SourceResult, build_report, example_persons, to_html, usage_of

    read = _read(arguments)
    gathered = gather(read)
    problems = gathered.problems
    catalogue = Catalogue(gathered.activities, problems=problems)
    sources = [
        SourceResult(name, one.activities, one.problems)
        for name, one in zip(_shown(arguments.sources), read, strict=True)
    ]
    config = Config.default()
    usage = usage_of(example_persons(), config.penalties, arguments.weights)
    report = build_report(
        sources,
        arguments.on or date.today(),
        catalogue=gathered.activities,
        gazetteer=places_of(arguments),
        config=config,
        usage=usage,
    )

    document = _document(catalogue, report)
    if arguments.html:
        write_file(Path(arguments.html), to_html(report))
    if arguments.json == "-":
        print(document, end="")
    else:
        if arguments.json:
            write_file(Path(arguments.json), document)
        print_catalogue(catalogue)
        print_quality(report)
    rejected = any(problem.effect == "rejected" for problem in problems)
    return BAD_INPUT if arguments.strict and rejected else ANSWERED


def _read(arguments: argparse.Namespace) -> list[ReadSource]:
    from spmatch.cli.progress import progress_bar
    from spmatch.cli.sources import reading
    from spmatch.gathering import read_one

    options = reading(arguments)
    with progress_bar() as progress:
        return [read_one(source, **options, progress=progress) for source in arguments.sources]


def _shown(sources: Sequence[str]) -> list[str]:
    """The shortest name of each source that tells it from the others, without what is secret in it."""
    from spmatch.sources import name_of

    names = [name_of(source) for source in sources]
    short = [Path(name).name or name for name in names]
    return [
        one if short.count(one) == 1 else whole for one, whole in zip(short, names, strict=True)
    ]


def _document(catalogue: Catalogue, report: QualityReport) -> str:
    """Every problem by itself, and the report."""
    return (
        json.dumps(
            {
                "activities": len(catalogue),
                "hash": catalogue.hash,
                "problems": [_problem_json(problem) for problem in catalogue.problems],
                "quality": report.model_dump(mode="json"),
            },
            ensure_ascii=False,
            indent=2,
            allow_nan=False,
        )
        + "\n"
    )


def _problem_json(problem: Problem) -> dict[str, str]:
    return {
        "where": problem.where,
        "field": problem.field,
        "reason": problem.reason,
        "remedy": problem.remedy,
        "effect": problem.effect,
    }
