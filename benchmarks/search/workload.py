"""A made-up but realistic Danish catalogue and the people who search it, as numpy arrays, from a seed.

Venues lie around the 99 largest towns in proportion to how many live there, denser in the middle, every
fifth of them in the country; each holds four activities. What is stated of them follows fixed shares
(``facts.py``), what people ask for as well (``people.py``). Facts are drawn independently of each other and
of the vectors: nothing here is tuned to any engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.search.facts import make_columns
from benchmarks.search.people import make_profiles
from benchmarks.search.places import read_towns

from spmatch.columns import Columns
from spmatch.profile import Profile

SEED = 2026
TODAY = date(2026, 3, 2)
"""A Monday. Every session of the workload still meets."""

DIMENSIONS = 384
TOPICS = 300
BROAD_TOPICS = 25
CHUNK_ROWS = 50_000

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Workload:
    """A catalogue of ``len(columns)`` activities and the searches over it."""

    columns: Columns
    vectors: Vectors
    """(rows, ``DIMENSIONS``), unit length, C-contiguous."""
    profiles: tuple[Profile, ...]
    queries: Vectors
    """(profiles, ``DIMENSIONS``), unit length: what each person asks for."""


def make_workload(
    activities: int,
    profiles: int = 200,
    *,
    people: str = "narrow",
    seed: int = SEED,
    vectors_at: Path | None = None,
) -> Workload:
    """The workload of a seed; the same numbers for the same seed, sizes and numpy.

    ``people`` is one of the kinds of ``people.py``: ``narrow`` limits leave a fifth of a percent of the
    activities, ``wide`` ones nearly two. ``vectors_at`` names a ``.npy`` file that the vectors are written
    to and mapped from, read only, so that a million of them need not stay in memory.
    """
    towns = read_towns()
    where, what, who, asked = np.random.SeedSequence(seed).spawn(4)
    topics = make_topics(seed)
    columns = make_columns(activities, towns, TODAY, np.random.default_rng(where))
    return Workload(
        columns=columns,
        vectors=_make_vectors(activities, topics, what, vectors_at),
        profiles=make_profiles(profiles, towns, people, np.random.default_rng(who)),
        queries=_near_topics(profiles, topics, np.random.default_rng(asked)),
    )


def make_topics(seed: int = SEED) -> Vectors:
    """(``TOPICS``, ``DIMENSIONS``) unit centres, which themselves gather around a few broad themes."""
    random = np.random.default_rng([seed, DIMENSIONS])
    broad = _unit(random.standard_normal((BROAD_TOPICS, DIMENSIONS), dtype=np.float32))
    own = _unit(random.standard_normal((TOPICS, DIMENSIONS), dtype=np.float32))
    # What all texts of one kind share: encoders never use the whole sphere.
    common = _unit(random.standard_normal((1, DIMENSIONS), dtype=np.float32))
    return _unit(0.4 * common + 0.7 * broad[random.integers(BROAD_TOPICS, size=TOPICS)] + own)


def _make_vectors(
    rows: int, topics: Vectors, seed: np.random.SeedSequence, at: Path | None
) -> Vectors:
    if at is None:
        vectors: Vectors = np.empty((rows, DIMENSIONS), dtype=np.float32)
    else:
        vectors = np.lib.format.open_memmap(
            at, mode="w+", dtype=np.float32, shape=(rows, DIMENSIONS)
        )
    starts = range(0, rows, CHUNK_ROWS)
    for start, chunk in zip(starts, seed.spawn(len(starts)), strict=True):
        stop = min(start + CHUNK_ROWS, rows)
        vectors[start:stop] = _near_topics(stop - start, topics, np.random.default_rng(chunk))
    if at is None:
        return vectors
    vectors.flush()  # type: ignore[attr-defined]
    del vectors
    mapped: Vectors = np.load(at, mmap_mode="r")
    return mapped


def _near_topics(rows: int, topics: Vectors, random: np.random.Generator) -> Vectors:
    """Unit vectors with a cosine of about 0.75 to the centre of their topic; some topics are common."""
    popularity = 1 / (np.arange(len(topics)) + 20)
    chosen = random.choice(len(topics), size=rows, p=popularity / popularity.sum())
    noise = random.standard_normal((rows, topics.shape[1]), dtype=np.float32)
    noise *= np.float32(0.88 / np.sqrt(topics.shape[1]))
    noise += topics[chosen]
    return _unit(noise)


def _unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / lengths, dtype=np.float32)
