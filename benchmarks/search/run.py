"""All engines over the same searches in the same order, in turns: one round each, as often as asked for.

Engines live in processes of their own. As many as fit into the memory that may be used take turns, so that
what else the machine does hits all alike; an engine that waits its turn does nothing.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
from benchmarks.search.bandwidth import Limit, measure_limit
from benchmarks.search.engines import find_engine, missing_for, versions_of
from benchmarks.search.truth import Truth, find_truth
from benchmarks.search.worker import Built, Failed, Round, run_engine, store_workload
from benchmarks.search.workload import make_workload

Say = Callable[[str], None]

BUILD_SECONDS_MOST = 1800


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one engine at one size. The time of a search is the middle one of its rounds."""

    engine: str
    how: str
    promises_exact: bool
    versions: dict[str, str]
    build_s: float
    memory_mb: float | None
    disk_mb: float
    p50_ms: float
    p95_ms: float
    mean_ms: float
    per_second: float
    recall_at_10: float
    searches_all_right: int
    """Those that found exactly the true ten, in the true order."""
    rows_against_limits: int


@dataclass(frozen=True, slots=True)
class Size:
    """Everything measured at one size."""

    activities: int
    people: str
    searches: int
    rounds: int
    survivors_mean: float
    survivors_share: float
    survivors_quartiles: tuple[float, ...]
    limit: Limit
    engines: list[Figures]
    left_out: dict[str, str]
    """Name → why."""


def measure(
    activities: int,
    names: Sequence[str],
    *,
    people: str,
    rounds: int,
    memory_gb: float,
    say: Say,
) -> Size:
    """Make the workload of a size and measure the engines named on it."""
    with tempfile.TemporaryDirectory(prefix="spmatch-benchmark-") as folder:
        stored = Path(folder)
        say(f"{activities:,} activities: making the workload")
        workload = make_workload(activities, people=people, vectors_at=stored / "vectors.npy")
        store_workload(workload, stored)
        truth = find_truth(workload)
        limit = measure_limit(workload, truth)
        counts = np.array([len(rows) for rows in truth.eligible])
        searches, vectors_gb = len(workload.profiles), workload.vectors.nbytes / 1e9
        del workload
        found: list[Figures] = []
        left_out: dict[str, str] = {}
        chosen = list(_able(names, activities, left_out))
        for group in _groups(chosen, vectors_gb, memory_gb, left_out):
            found.extend(_measure_together(group, stored, truth, rounds, left_out, say))
    for name, why in left_out.items():
        say(f"  {name}: left out, {why}")
    return Size(
        activities=activities,
        people=people,
        searches=searches,
        rounds=rounds,
        survivors_mean=float(counts.mean()),
        survivors_share=float(counts.mean() / activities),
        survivors_quartiles=tuple(float(one) for one in np.percentile(counts, [25, 50, 75])),
        limit=limit,
        engines=sorted(found, key=lambda one: names.index(one.engine)),
        left_out=left_out,
    )


def _able(names: Sequence[str], activities: int, left_out: dict[str, str]) -> Iterator[str]:
    for name in names:
        try:
            engine = find_engine(name)
        except ImportError as error:
            left_out[name] = f"not there: {error}"
            continue
        missing = missing_for(engine)
        if missing:
            left_out[name] = f"not installed: {', '.join(missing)}"
        elif activities > engine.rows_max:
            left_out[name] = f"takes too long to build beyond {engine.rows_max:,} activities"
        else:
            yield name


def _groups(
    names: Sequence[str], vectors_gb: float, memory_gb: float, left_out: dict[str, str]
) -> Iterator[list[str]]:
    """In order, as many together as fit; one that does not fit by itself is left out."""
    group: list[str] = []
    used = 0.0
    for name in names:
        share = find_engine(name).memory_share * vectors_gb + 0.15
        if share > memory_gb:
            left_out[name] = f"needs about {share:.1f} GB of memory, {memory_gb:g} may be used"
            continue
        if group and used + share > memory_gb:
            yield group
            group, used = [], 0.0
        group.append(name)
        used += share
    if group:
        yield group


@dataclass(slots=True)
class _Running:
    name: str
    process: BaseProcess
    pipe: Connection
    built: Built
    rounds: list[Round]


def _measure_together(
    names: Sequence[str],
    stored: Path,
    truth: Truth,
    rounds: int,
    left_out: dict[str, str],
    say: Say,
) -> Iterator[Figures]:
    running: list[_Running] = []
    try:
        for name in names:
            started = _start(name, stored, left_out, say)
            if started:
                running.append(started)
        for number in range(rounds):
            for one in list(running):
                one.pipe.send(True)
                answer = _receive(one.pipe)
                if isinstance(answer, Round):
                    one.rounds.append(answer)
                else:
                    left_out[one.name] = f"failed in round {number + 1}: {_reason(answer)}"
                    running.remove(one)
                    _stop(one.process, one.pipe)
        for one in running:
            figures = _figures(one, truth)
            say(
                f"  {one.name}: mean {figures.mean_ms:.3f} ms, p95 {figures.p95_ms:.3f} ms,"
                f" recall@10 {figures.recall_at_10:.4f}"
            )
            yield figures
    finally:
        for one in running:
            _stop(one.process, one.pipe)


def _start(name: str, stored: Path, left_out: dict[str, str], say: Say) -> _Running | None:
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    process = context.Process(target=run_engine, args=(name, stored, other))
    process.start()
    other.close()
    answer = _receive(pipe)
    if isinstance(answer, Built):
        held = "" if answer.memory_bytes is None else f", {answer.memory_bytes / 1e6:.0f} MB"
        say(f"  {name}: built in {answer.seconds:.1f} s{held}")
        return _Running(name, process, pipe, answer, [])
    left_out[name] = f"failed to build: {_reason(answer)}"
    _stop(process, pipe)
    return None


def _receive(pipe: Connection) -> Built | Round | Failed:
    if not pipe.poll(BUILD_SECONDS_MOST):
        return Failed(f"no answer in {BUILD_SECONDS_MOST} s")
    try:
        answer: Built | Round | Failed = pipe.recv()
    except EOFError:
        return Failed("its process ended")
    return answer if isinstance(answer, Built | Round | Failed) else Failed("no answer")


def _reason(answer: Built | Round | Failed) -> str:
    return answer.reason if isinstance(answer, Failed) else "it answered out of turn"


def _stop(process: BaseProcess, pipe: Connection) -> None:
    with suppress(OSError):
        pipe.send(False)
    process.join(30)
    if process.is_alive():
        process.kill()
        process.join()
    pipe.close()


def _figures(one: _Running, truth: Truth) -> Figures:
    engine = find_engine(one.name)
    milliseconds = np.median([turn.nanoseconds for turn in one.rounds], axis=0) / 1e6
    rows = one.rounds[-1].rows
    recalls = [_recall(found, best.tolist()) for found, best in zip(rows, truth.rows, strict=True)]
    right = sum(found == best.tolist() for found, best in zip(rows, truth.rows, strict=True))
    against = sum(
        len(set(found) - set(eligible.tolist()))
        for found, eligible in zip(rows, truth.eligible, strict=True)
    )
    mean = float(milliseconds.mean())
    return Figures(
        engine=one.name,
        how=engine.how,
        promises_exact=engine.exact,
        versions=versions_of(engine),
        build_s=one.built.seconds,
        memory_mb=None if one.built.memory_bytes is None else one.built.memory_bytes / 1e6,
        disk_mb=one.built.disk_bytes / 1e6,
        p50_ms=float(np.median(milliseconds)),
        p95_ms=float(np.percentile(milliseconds, 95)),
        mean_ms=mean,
        per_second=1000 / mean,
        recall_at_10=float(np.mean(recalls)),
        searches_all_right=right,
        rows_against_limits=against,
    )


def _recall(found: Sequence[int], best: Sequence[int]) -> float:
    """Of the true ten, or as many as there are; where there are none, finding none is right."""
    if not best:
        return float(not found)
    return len(set(found) & set(best)) / len(best)
