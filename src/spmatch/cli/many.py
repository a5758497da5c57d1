"""``spmatch match --profiles``: a profile a line in, an answer a line out, in order, as they are ready."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from spmatch.batch import Asked, Matches
    from spmatch.config import Config
    from spmatch.errors import SpmatchError

_ANSWERED, _BAD_INPUT = 0, 3


def add_many_options(
    command: argparse.ArgumentParser,
    at_least_one: Callable[[str], int],
    what: str = "many profiles (--profiles)",
) -> None:
    """``--processes``, ``--engine`` and ``--address``, under a heading that says for what."""
    many = command.add_argument_group(what)
    many.add_argument(
        "--processes", type=at_least_one, metavar="N", help="workers (a core each; one for a few)"
    )
    many.add_argument(
        "--engine",
        choices=["local", "ray"],
        default="local",
        help="this machine, or a Ray cluster (local)",
    )
    many.add_argument(
        "--address",
        metavar="HOST:PORT|auto",
        help="of the Ray cluster; without it, one on this machine for the while",
    )


def run_many(
    arguments: argparse.Namespace, config: Config, source: Callable[[], Matches | str]
) -> int:
    """One response a line, in order. A line that cannot be answered gives its problems instead.

    ``source`` gives what matches, or the folder of the snapshot, once the profiles are found.
    """
    from spmatch.batch import Manner
    from spmatch.batch.engines import answers
    from spmatch.cli.progress import progress_bar
    from spmatch.cli.sources import places_of

    code = _ANSWERED
    with ExitStack() as held:
        name = "standard input" if arguments.profiles == "-" else Path(arguments.profiles).name
        file = _opened(arguments.profiles, name, held)
        matcher = source()
        # On a terminal the answers themselves say how far it is.
        progress = None if sys.stdout.isatty() else held.enter_context(progress_bar())
        manner = Manner(
            config=config,
            on=arguments.on or date.today(),
            k=arguments.k,
            language=arguments.language,
            unknown=arguments.unknown,
            plan=arguments.plan,
            budget=arguments.budget,
        )
        found = answers(
            matcher,
            _asked(file, name),
            [manner],
            gazetteer=places_of(arguments),
            engine=arguments.engine,
            processes=arguments.processes,
            threads=arguments.threads,
            address=arguments.address,
            progress=progress,
            total=_lines_in(file) if progress and file.seekable() else None,
        )
        for one in held.enter_context(closing(found)):
            if one.error is None:
                print(one.line, flush=True)
                continue
            code = _BAD_INPUT
            print(f"spmatch: {one.where}: {one.error}", file=sys.stderr)
            said = {"error": _error_json(one.error, one.where)}
            print(json.dumps(said, ensure_ascii=False), flush=True)
    return code


def _opened(path: str, name: str, held: ExitStack) -> BinaryIO:
    """Raises ``ProfileError`` when it cannot be read."""
    from spmatch.errors import Problem, ProfileError

    if path == "-":
        return sys.stdin.buffer
    try:
        return held.enter_context(Path(path).open("rb"))
    except OSError as error:
        problem = Problem(name, "", f"it cannot be read ({error.strerror}).", "Check the path.")
        raise ProfileError("The profile cannot be read:", [problem]) from None


def _asked(file: BinaryIO, name: str) -> Iterator[Asked]:
    """The lines that are not empty; other marks at which some break a line may stand inside one."""
    from spmatch.batch import Asked

    number = 0
    for at, line in enumerate(file, start=1):
        if line.strip().removeprefix(b"\xef\xbb\xbf"):
            yield Asked(number, f"{name}, line {at}", line.strip())
            number += 1


def _lines_in(file: BinaryIO) -> int:
    begin = file.tell()
    count = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    file.seek(begin)
    return count


def _error_json(error: SpmatchError, where: str) -> dict[str, object]:
    from spmatch.errors import InputError

    if not isinstance(error, InputError):
        return {"where": where, "problems": [{"where": where, "reason": str(error)}]}
    problems = [
        {
            "where": problem.where,
            "field": problem.field,
            "reason": problem.reason,
            "remedy": problem.remedy,
            "effect": problem.effect,
        }
        for problem in error.problems
    ]
    return {"where": where, "problems": problems}
