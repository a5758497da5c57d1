"""Which engine answers, and what it needs: the front of this room."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

from spmatch.batch.answering import Answerer
from spmatch.batch.local import InProcessCrew, ProcessCrew
from spmatch.batch.part import Answer, Asked, Crew, Manner, Matches, Source
from spmatch.batch.streaming import PART, WINDOW, stream
from spmatch.config import Config
from spmatch.contracts import Progress
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Budget, Profile
from spmatch.wording import ReaderLanguage

Engine = Literal["local", "ray"]

FEW = 64
"""Fewer profiles than these are answered before other processes would have begun."""


def match_all(
    source: Matches | Path | str,
    profiles: Iterable[Profile | Mapping[str, Any] | str | bytes],
    *,
    k: int = 5,
    language: ReaderLanguage | None = None,
    unknown: UnknownRule = "keep",
    on: date | None = None,
    plan: bool = False,
    budget: Budget | None = None,
    config: Config | None = None,
    gazetteer: Gazetteer | None = None,
    engine: Engine = "local",
    processes: int | None = None,
    threads: int | None = None,
    address: str | None = None,
    progress: Progress | None = None,
) -> Generator[Answer, None, None]:
    """One answer for each profile, in order, each what ``Matcher.match`` answers.

    ``source`` is the folder of a snapshot, with which ``config`` and ``gazetteer`` go, or a matcher;
    one that leaves its catalogue in a database answers in this process alone. A profile that cannot
    be read or placed has its error as its answer, and the others are answered. ``profiles`` may be
    endless: a few thousand are held at a time. ``processes`` is the number of workers (a core each;
    for few profiles this process alone), ``threads`` those of the encoder in each (1). With the
    engine ``ray`` the workers are on the cluster at ``address`` (``auto`` finds it; without one, a
    cluster on this machine is made for the while).

    Raises ``SnapshotError``, ``BatchError``, and ``MissingExtraError`` for Ray.
    """
    if not isinstance(source, Path | str):
        config = source.config
    if isinstance(source, Matcher):
        gazetteer = source.gazetteer
    manner = Manner(
        config=config or Config.default(),
        on=on or date.today(),
        k=k,
        language=language,
        unknown=unknown,
        plan=plan,
        budget=budget,
    )
    return answers(
        source,
        number_profiles(profiles),
        [manner],
        gazetteer=gazetteer,
        engine=engine,
        processes=processes,
        threads=threads,
        address=address,
        progress=progress,
        total=len(profiles) if isinstance(profiles, Sequence) else None,
    )


def answers(
    source: Matches | Path | str,
    asked: Iterable[Asked],
    manners: Sequence[Manner],
    *,
    gazetteer: Gazetteer | None = None,
    engine: Engine = "local",
    processes: int | None = None,
    threads: int | None = None,
    address: str | None = None,
    part: int = PART,
    window: int = WINDOW,
    progress: Progress | None = None,
    total: int | None = None,
) -> Generator[Answer, None, None]:
    """``match_all`` for profiles that have names, each in one of several manners.

    Workers are started when the first answer is asked for, and ended when the iterator is closed.
    """
    if any(manner.k < 1 for manner in manners):
        raise ValueError("k is at least 1")
    if processes is not None and processes < 1:
        raise ValueError("processes is at least 1")
    if not isinstance(source, Matcher | Path | str):
        if engine != "local" or processes not in (None, 1):
            raise ValueError("a matcher that is in no snapshot answers in this process alone")
        processes = 1
    if engine == "ray":
        from spmatch.batch.cluster import require_ray

        require_ray()

    def run() -> Generator[Answer, None, None]:
        some = iter(asked)
        workers = processes
        if workers is None and engine == "local":
            first = list(islice(some, FEW))
            workers = 1 if len(first) < FEW else usable_cores()
            some = chain(first, some)
        with _crew(source, manners, gazetteer, engine, workers, threads, address) as crew:
            yield from stream(crew, some, part=part, window=window, progress=progress, total=total)

    return run()


def number_profiles(
    profiles: Iterable[Profile | Mapping[str, Any] | str | bytes],
) -> Iterator[Asked]:
    """Profiles as they are asked, called by their place from 1."""
    for number, one in enumerate(profiles):
        yield Asked(number, f"profile {number + 1}", _json_of(one))


def usable_cores() -> int:
    """Cores that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _json_of(profile: Profile | Mapping[str, Any] | str | bytes) -> str | bytes:
    if isinstance(profile, str | bytes):
        return profile
    if isinstance(profile, Profile):
        return profile.model_dump_json(exclude_defaults=True)
    # Not read yet: what is wrong with it is its own answer, and not the end of all.
    return json.dumps(profile, default=dict)


@contextmanager
def _crew(
    source: Matches | Path | str,
    manners: Sequence[Manner],
    gazetteer: Gazetteer | None,
    engine: Engine,
    processes: int | None,
    threads: int | None,
    address: str | None,
) -> Iterator[Crew]:
    """Those who answer; ended with the block."""
    here = engine == "local" and processes == 1
    if here and not isinstance(source, Path | str) and _as_it_is(source, manners):
        yield InProcessCrew(Answerer(Source("", gazetteer), manners, source))
        return
    with _on_disk(source) as directory:
        # One process may use as many threads as it likes.
        each = Source(directory, gazetteer, threads if here else threads or 1)
        crew: Crew
        if here:
            crew = InProcessCrew(Answerer(each, manners))
        elif engine == "ray":
            from spmatch.batch.cluster import RayCrew

            crew = RayCrew(each, manners, processes, address=address)
        else:
            crew = ProcessCrew(each, manners, processes or 1)
        try:
            yield crew
        finally:
            crew.close()


def _as_it_is(matcher: Matches, manners: Sequence[Manner]) -> bool:
    return {manner.config.hash for manner in manners} == {matcher.config.hash}


@contextmanager
def _on_disk(source: Matches | Path | str) -> Iterator[str]:
    """The folder of a snapshot, whole path; of a matcher, one that is written for the while."""
    if isinstance(source, Path | str):
        yield str(Path(source).absolute())
        return
    if not isinstance(source, Matcher):
        raise ValueError("a matcher that is in no snapshot has no other settings than its own")
    with tempfile.TemporaryDirectory(prefix="spmatch-") as folder:
        source.save(folder)
        yield folder
