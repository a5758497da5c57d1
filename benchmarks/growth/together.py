"""The time of one profile, along how many are matched together.

Two ways. ``vectors``: the engine over the made-up catalogue, each profile with a vector that is given.
``texts``: ``spmatch.batch.match_all`` over the example catalogue, from the text to the explained answer,
with vectors of texts looked up: what the encoder takes is the same for every profile, in a batch or alone,
and left out.
"""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from benchmarks.growth.curve import Curve, Point
from benchmarks.growth.seats import SeatError, seats
from benchmarks.search.engines import find_engine
from benchmarks.search.protocol import Engine
from benchmarks.search.threads import hold_to_one_core
from benchmarks.search.worker import Failed, load_workload, store_workload
from benchmarks.search.workload import TODAY, Vectors, make_workload

from spmatch.batch import match_all
from spmatch.catalogue import Catalogue
from spmatch.contracts import Encoder, EncoderIdentity, Progress, Role
from spmatch.encoders import DEFAULT_ENCODER, build_encoder
from spmatch.matcher import Matcher
from spmatch.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
PROFILES_A_TURN = 100
"""A small batch is repeated until so many profiles were matched, each time with others."""
COMPARED = 20
"""Of each size the answers of the first so many are compared with those that they get alone."""

Say = Callable[[str], None]
Together = Callable[[int, int], list[Any]]
"""Matches the profiles from the first number up to the second together; an answer for each."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A process is ready; ``how`` it matches profiles together."""

    how: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Of one round, one entry a size."""

    nanoseconds: list[float]
    """A profile."""
    same: list[bool]
    """Whether the answers are those that each profile gets alone."""


def along_batch(
    sizes: Sequence[int],
    folder: Path,
    *,
    activities: int,
    sizes_of_texts: Sequence[int],
    rounds: int,
    say: Say,
) -> Curve:
    """So many profiles at once, with vectors given and from texts; the two take turns."""
    say(f"{activities:,} activities: making the workload for batches")
    directory = folder / "batch"
    directory.mkdir()
    people = stretches(sizes)[-1].stop
    workload = make_workload(activities, people, vectors_at=directory / "vectors.npy")
    store_workload(workload, directory)
    del workload
    asked: dict[str, Sequence[int]] = {"vectors": sizes}
    if sizes_of_texts:
        asked["texts"] = sizes_of_texts
    works = [(way, serve_together, (way, directory, tuple(asked[way]))) for way in asked]
    points: list[Point] = []
    with seats(works) as taken:
        turns: dict[str, list[Turn]] = {seat.name: [] for seat in taken}
        for number in range(rounds):
            for seat in taken:
                answer = seat.turn()
                if not isinstance(answer, Turn):
                    raise SeatError(f"{seat.name}: it answered out of turn")
                turns[seat.name].append(answer)
            say(f"  round {number + 1} of {rounds}")
        for seat in taken:
            points += _points(f"{seat.name}, {seat.ready.how}", asked[seat.name], turns[seat.name])
    return Curve(
        key="batch",
        title="Time of one profile by how many are matched together",
        axis="profiles together",
        about=(
            f"vectors: given, {activities:,} activities, ten best; texts: the example catalogue, five "
            "explained suggestions, without the time of the encoder"
        ),
        rounds=rounds,
        points=tuple(points),
    )


def vectors_together(engine: Engine, profiles: Sequence[Profile], queries: Vectors) -> list[Any]:
    """Searches of many profiles at once: the one place that knows how the engine is asked for that."""
    search_many = getattr(engine, "search_many", None)
    if search_many is not None:
        return [list(rows) for rows in search_many(profiles, queries)]
    return [
        list(engine.search(profile, query))
        for profile, query in zip(profiles, queries, strict=True)
    ]


def how_together(engine: Engine) -> str:
    return "at once" if hasattr(engine, "search_many") else "one after the other"


def _points(way: str, sizes: Sequence[int], turns: Sequence[Turn]) -> list[Point]:
    times = np.median([turn.nanoseconds for turn in turns], axis=0) / 1e6
    return [
        Point(
            way=way,
            at=f"{size:,}",
            mean_ms=float(times[number]),
            p95_ms=None,
            searches=_repeats(size) * size,
            all_right=all(turn.same[number] for turn in turns),
        )
        for number, size in enumerate(sizes)
    ]


def serve_together(
    way: Literal["vectors", "texts"], stored: Path, sizes: Sequence[int], pipe: Connection
) -> None:
    """The life of a process: ``Ready``, then a ``Turn`` for every ``True``; ends with anything else."""
    try:
        hold_to_one_core()
        with tempfile.TemporaryDirectory(prefix="spmatch-benchmark-") as directory:
            make = {"vectors": _by_vectors, "texts": _by_texts}[way]
            together, how = make(stored, Path(directory), stretches(sizes)[-1].stop)
            alone = [
                [together(number, number + 1)[0] for number in stretch[:COMPARED]]
                for stretch in stretches(sizes)
            ]
            pipe.send(Ready(how))
            while pipe.recv() is True:
                pipe.send(_turn(together, sizes, alone))
    except Exception as error:
        pipe.send(Failed(f"{type(error).__name__}: {str(error)[:300]}"))


def _turn(together: Together, sizes: Sequence[int], alone: Sequence[Sequence[Any]]) -> Turn:
    nanoseconds: list[float] = []
    same = []
    for size, stretch, known in zip(sizes, stretches(sizes), alone, strict=True):
        gc.collect()
        began = time.perf_counter_ns()
        found = [together(begin, begin + size) for begin in stretch[::size]]
        nanoseconds.append((time.perf_counter_ns() - began) / len(stretch))
        answers = [one for batch in found for one in batch][: len(known)]
        same.append(answers == known)
    return Turn(nanoseconds, same)


def stretches(sizes: Sequence[int]) -> list[range]:
    """The numbers of the profiles that each size is measured with: nobody is asked for twice in a turn.

    Otherwise a size would find what the engine has kept from the one before.
    """
    found = []
    begin = 0
    for size in sizes:
        found.append(range(begin, begin + _repeats(size) * size))
        begin = found[-1].stop
    return found


def _repeats(size: int) -> int:
    return max(1, PROFILES_A_TURN // size)


def _by_vectors(stored: Path, directory: Path, people: int) -> tuple[Together, str]:
    engine = find_engine("ours")()
    workload = load_workload(stored)
    engine.build(workload, directory)
    profiles, queries = workload.profiles, np.array(workload.queries)

    def together(begin: int, end: int) -> list[Any]:
        return vectors_together(engine, profiles[begin:end], queries[begin:end])

    return together, how_together(engine)


def _by_texts(stored: Path, directory: Path, people: int) -> tuple[Together, str]:
    encoder = Remembering(build_encoder(DEFAULT_ENCODER, [], threads=1))
    matcher = Matcher.build(Catalogue.read(ROOT / "catalogue" / "denmark"), encoder=encoder)
    known = judged_people()
    for one in known:
        matcher.match(one, on=TODAY)
    profiles = [{**known[number % len(known)], "id": str(number)} for number in range(people)]

    def together(begin: int, end: int) -> list[Any]:
        answers = match_all(matcher, profiles[begin:end], on=TODAY, processes=1)
        # What is compared is kept of a few alone: answers are some ten kilobytes each.
        kept = [_untimed(one.line) for one in islice(answers, COMPARED)]
        return [*kept, *(None for _ in answers)]

    return together, "match_all"


def judged_people() -> list[dict[str, Any]]:
    """The profiles of the judged collection."""
    known = []
    for path in sorted((ROOT / "evaluation" / "collection").glob("profiles_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            known.append(record.get("profile", record))
    return known


def _untimed(line: str) -> str:
    """The answer as it came, up to where its times are told."""
    return line.partition('"timing_ms"')[0]


class Remembering:
    """An encoder that encodes each text once and looks it up ever after."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, Role, str | None], npt.NDArray[np.float32]] = {}

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def language(self, text: str, stated: str | None = None) -> Literal["da", "en"]:
        found: Literal["da", "en"] = self._encoder.language(text, stated)  # type: ignore[attr-defined]
        return found

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        keys = [
            (text, role, code)
            for text, code in zip(texts, languages or [None] * len(texts), strict=True)
        ]
        if any(key not in self._known for key in keys):
            vectors = self._encoder.encode(texts, role=role, languages=languages, progress=progress)
            self._known.update(zip(keys, vectors, strict=True))
        found = np.empty((len(keys), self.identity.dimensions), dtype=np.float32)
        for row, key in enumerate(keys):
            found[row] = self._known[key]
        return found

    def save(self, directory: Path) -> None:
        self._encoder.save(directory)
