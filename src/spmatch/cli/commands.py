"""What each command does, in the order of its help."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spmatch.catalogue import Catalogue
from spmatch.cli import ANSWERED
from spmatch.cli.progress import progress_bar
from spmatch.cli.sources import places_of, reading
from spmatch.config import Config
from spmatch.encoders import DEFAULT_ENCODER, build_encoder
from spmatch.errors import (
    InputError,
    Problem,
    ProfileError,
    SnapshotError,
)
from spmatch.matcher import Matcher
from spmatch.material import material
from spmatch.profile import Profile
from spmatch.wording import Wording, wording

if TYPE_CHECKING:
    from spmatch.batch import Matches
    from spmatch.store import DatabaseMatcher

DEFAULT_PERSON = "enkemand-to-tallerkener"


def run(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; returns the exit code."""
    commands = {
        "demo": _demo,
        "validate": _validate,
        "sync": _sync,
        "places": _places,
        "build": _build,
        "match": _match,
        "why": _why,
        "encode": _encode,
        "schema": _schema,
        "evaluate": _evaluate,
        "tune": _tune,
        "serve": _serve,
        "store": _store,
        "keys": _keys,
    }
    return commands[arguments.command](arguments)


def _demo(arguments: argparse.Namespace) -> int:
    people = {path.stem: path for path in sorted(material("catalogue", "profiles").glob("*.json"))}
    if arguments.list:
        from spmatch.cli.tables import print_people

        print_people((name, _read_profile(str(path)).needs or "") for name, path in people.items())
        return ANSWERED
    name = arguments.person or (DEFAULT_PERSON if DEFAULT_PERSON in people else next(iter(people)))
    if name not in people:
        known = ", ".join(people)
        raise InputError(f"There is no example person {name!r}. There are: {known}.")
    profile = _read_profile(str(people[name]))
    if arguments.format == "table":
        from spmatch.cli.tables import print_person

        print_person(profile)
    with progress_bar() as progress:
        catalogue = Catalogue.read(material("catalogue", "denmark"), progress=progress)
        matcher = Matcher.build(
            catalogue,
            encoder=arguments.encoder or DEFAULT_ENCODER,
            threads=arguments.threads,
            progress=progress,
        )
    return _answer(matcher, profile, arguments)


def _validate(arguments: argparse.Namespace) -> int:
    from spmatch.cli.validate import run_validate

    return run_validate(arguments)


def _sync(arguments: argparse.Namespace) -> int:
    from spmatch.cli.sources import run_sync

    return run_sync(arguments)


def _places(arguments: argparse.Namespace) -> int:
    from spmatch.cli.sources import run_places

    return run_places(arguments)


def _build(arguments: argparse.Namespace) -> int:
    config = _config(arguments)
    matcher = _read_and_encode(
        arguments.sources,
        arguments,
        config,
        strict=arguments.strict,
        reuse=_built_before(arguments, config),
    )
    matcher.save(arguments.out)
    print(f"{len(matcher.catalogue)} activities in {arguments.out}.", file=sys.stderr)
    return ANSWERED


def _match(arguments: argparse.Namespace) -> int:
    if arguments.profiles:
        return _match_many(arguments)
    profile = _read_profile(arguments.profile)
    if arguments.database is None:
        return _answer(_matcher(arguments), profile, arguments)
    from spmatch.cli.store import database_matcher

    with closing(database_matcher(arguments, _config(arguments))) as matcher:
        return _answer(matcher, profile, arguments)


def _why(arguments: argparse.Namespace) -> int:
    profile = _read_profile(arguments.profile)
    matcher = _matcher(arguments)
    answer = matcher.why(
        arguments.activity,
        profile,
        language=arguments.language,
        unknown=arguments.unknown,
        on=arguments.on,
    )
    if arguments.format == "json":
        print(answer.model_dump_json(indent=2))
    else:
        from spmatch.cli.tables import print_why

        print_why(answer, _words(arguments, profile, matcher))
    return ANSWERED


def _encode(arguments: argparse.Namespace) -> int:
    """One row a line: a float32 array (lines, dimensions) as a .npy file on standard output."""
    name = arguments.encoder or DEFAULT_ENCODER
    if sys.stdout.isatty():
        raise InputError("The vectors are binary: send them to a file with > vectors.npy")
    lines = _lines(_read_text("-", "standard input"))
    stated = None if arguments.language == "auto" else arguments.language
    with progress_bar() as progress:
        encoder = build_encoder(name, (), threads=arguments.threads)
        vectors = encoder.encode(
            lines, role=arguments.role, languages=[stated] * len(lines), progress=progress
        )
    np.save(sys.stdout.buffer, vectors)
    return ANSWERED


def _evaluate(arguments: argparse.Namespace) -> int:
    from spmatch.cli.evaluate import run_evaluation

    return run_evaluation(arguments)


def _tune(arguments: argparse.Namespace) -> int:
    from spmatch.cli.tune import run_tuning

    return run_tuning(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    from spmatch.cli.serve import run_serve

    return run_serve(arguments)


def _store(arguments: argparse.Namespace) -> int:
    from spmatch.cli.store import run_store

    return run_store(arguments)


def _keys(arguments: argparse.Namespace) -> int:
    from spmatch.cli.keys import run_keys

    return run_keys(arguments)


def _schema(arguments: argparse.Namespace) -> int:
    from spmatch.schemas import schema_of

    print(json.dumps(schema_of(arguments.record), indent=2, ensure_ascii=False))
    return ANSWERED


def _answer(
    matcher: Matcher | DatabaseMatcher, profile: Profile, arguments: argparse.Namespace
) -> int:
    response = matcher.match(
        profile,
        k=arguments.k,
        language=arguments.language,
        unknown=arguments.unknown,
        on=arguments.on,
        plan=arguments.plan,
        budget=arguments.budget,
    )
    if arguments.format == "json":
        print(response.to_json(indent=2))
    else:
        from spmatch.cli.tables import print_response

        words = _words(arguments, profile, matcher)
        print_response(response, words, matcher.catalogue)
        if response.plan is not None:
            from spmatch.cli.plan_table import print_plan

            print_plan(response.plan, words)
    return ANSWERED


def _match_many(arguments: argparse.Namespace) -> int:
    from spmatch.cli.many import run_many

    config = _config(arguments)

    def source() -> Matches | str:
        if arguments.snapshot:
            return str(arguments.snapshot)
        if arguments.database is not None:
            from spmatch.cli.store import database_matcher

            return held.enter_context(closing(database_matcher(arguments, config)))
        return _read_and_encode(arguments.catalogue, arguments, config)

    with ExitStack() as held:
        return run_many(arguments, config, source)


def _matcher(arguments: argparse.Namespace) -> Matcher:
    config = _config(arguments)
    if arguments.snapshot:
        return Matcher.load(
            arguments.snapshot,
            config=config,
            gazetteer=places_of(arguments),
            threads=arguments.threads,
        )
    return _read_and_encode(arguments.catalogue, arguments, config)


def _read_and_encode(
    sources: list[str],
    arguments: argparse.Namespace,
    config: Config,
    *,
    strict: bool = False,
    reuse: Matcher | None = None,
) -> Matcher:
    with progress_bar() as progress:
        catalogue = Catalogue.read(*sources, strict=strict, progress=progress, **reading(arguments))
        matcher = Matcher.build(
            catalogue,
            encoder=arguments.encoder or DEFAULT_ENCODER,
            config=config,
            gazetteer=places_of(arguments),
            threads=arguments.threads,
            reuse=reuse,
            progress=progress,
        )
    if catalogue.problems:
        count = len(catalogue.problems)
        print(f"spmatch: {count} problems in the sources; see: spmatch validate", file=sys.stderr)
    return matcher


def _built_before(arguments: argparse.Namespace, config: Config) -> Matcher | None:
    """The snapshot that a build replaces, so that only what changed is encoded; if it can be read."""
    try:
        return Matcher.load(arguments.out, config=config, threads=arguments.threads)
    except SnapshotError:
        return None


def _config(arguments: argparse.Namespace) -> Config:
    return Config.load(arguments.config) if arguments.config else Config.default()


def _words(
    arguments: argparse.Namespace, profile: Profile, matcher: Matcher | DatabaseMatcher
) -> Wording:
    return wording(arguments.language or matcher.reader_language(profile))


def _read_profile(source: str) -> Profile:
    name = "standard input" if source == "-" else Path(source).name
    return Profile.read(_read_text(source, name), where=name)


def _lines(text: str) -> list[str]:
    """The lines of a text. Other marks at which some break a line may stand inside a profile."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


def _read_text(source: str, name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        problem = Problem(name, "", f"it cannot be read ({error.strerror}).", "Check the path.")
    except UnicodeDecodeError:
        problem = Problem(name, "", "it is not UTF-8 text.", "Save it as UTF-8.")
    raise ProfileError("The profile cannot be read:", [problem])
