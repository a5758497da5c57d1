"""One engine in a process of its own: it builds, and answers rounds of searches when told to."""

from __future__ import annotations

import gc
import pickle
import tempfile
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.search.engines import find_engine
from benchmarks.search.memory import disk_bytes, held_bytes
from benchmarks.search.threads import hold_to_one_core
from benchmarks.search.workload import Workload

WARM_UP = 50
"""Searches before the first round, not counted."""


@dataclass(frozen=True, slots=True)
class Built:
    seconds: float
    memory_bytes: int | None
    disk_bytes: int
    one_core: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One entry a profile."""

    nanoseconds: list[int]
    rows: list[list[int]]


@dataclass(frozen=True, slots=True)
class Failed:
    reason: str


def store_workload(workload: Workload, directory: Path) -> None:
    """Everything but the vectors, which are stored already."""
    facts = (workload.columns, workload.profiles, workload.queries)
    (directory / "facts.pickle").write_bytes(pickle.dumps(facts, protocol=5))


def load_workload(directory: Path) -> Workload:
    columns, profiles, queries = pickle.loads((directory / "facts.pickle").read_bytes())
    vectors = np.load(directory / "vectors.npy", mmap_mode="r")
    return Workload(columns, vectors, profiles, queries)


def run_engine(name: str, stored: Path, pipe: Connection) -> None:
    """Build, send ``Built``, then one ``Round`` for every ``True`` that comes; ends with anything else."""
    try:
        with tempfile.TemporaryDirectory(prefix="spmatch-benchmark-") as directory:
            _serve(name, stored, Path(directory), pipe)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(last.filename).name}:{last.lineno}"
        pipe.send(Failed(f"{type(error).__name__} at {at}: {str(error)[:300]}"))


def _serve(name: str, stored: Path, directory: Path, pipe: Connection) -> None:
    one_core = hold_to_one_core()
    engine = find_engine(name)()
    before = held_bytes()
    workload = load_workload(stored)
    began = time.perf_counter()
    engine.build(workload, directory)
    seconds = time.perf_counter() - began
    searches = list(zip(workload.profiles, workload.queries, strict=True))
    # Only what the engine itself keeps of the catalogue counts as its memory.
    del workload
    try:
        for profile, query in searches[:WARM_UP]:
            engine.search(profile, query)
        after = held_bytes(engine.servers())
        held = None if before is None or after is None else after - before
        pipe.send(Built(seconds, held, disk_bytes(directory), one_core))
        while pipe.recv() is True:
            pipe.send(_round(engine, searches))
    finally:
        engine.close()


def _round(engine: Any, searches: list[Any]) -> Round:
    nanoseconds, rows = [], []
    gc.collect()
    gc.disable()
    for profile, query in searches:
        began = time.perf_counter_ns()
        found = engine.search(profile, query)
        nanoseconds.append(time.perf_counter_ns() - began)
        rows.append([int(row) for row in found])
    gc.enable()
    return Round(nanoseconds, rows)
