"""What the machine allows: how fast one thread reads vectors in a stream, and those of chosen rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.search.truth import Truth
from benchmarks.search.workload import Workload

ROUNDS = 5
STREAM_BYTES_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one thread."""

    stream_gb_s: float
    """Dot products of one query with all vectors, from the first to the last."""
    stream_all_ms: float
    """The time that all vectors of the catalogue take at that speed."""
    gather_gb_s: float
    """Dot products with the rows that keep the limits of each search, which somebody else has found."""
    gather_ms: float
    """The time of that, the mean of the searches: no search that reads its survivors is faster."""
    gather_by: str


def measure_limit(workload: Workload, truth: Truth) -> Limit:
    vectors = np.array(workload.vectors[: STREAM_BYTES_MOST // workload.vectors[0].nbytes])
    query = workload.queries[0]
    stream_s = _best(lambda: vectors @ query)
    stream = vectors.nbytes / stream_s
    del vectors
    vectors = np.array(workload.vectors)
    ways = {"numpy": _by_numpy(vectors)}
    by_faiss = _by_faiss(vectors)
    if by_faiss is not None:
        ways["faiss"] = by_faiss
    pairs = list(zip(truth.eligible, workload.queries, strict=True))
    times = {}
    for name, score in ways.items():
        found = np.median(
            [[_seconds(score, rows, asked) for rows, asked in pairs] for _ in range(ROUNDS)], axis=0
        )
        times[name] = float(found.mean())
    fastest = min(times, key=lambda name: times[name])
    mean_bytes = float(np.mean([len(rows) for rows in truth.eligible])) * vectors[0].nbytes
    return Limit(
        stream_gb_s=stream / 1e9,
        stream_all_ms=workload.vectors.nbytes / stream * 1e3,
        gather_gb_s=mean_bytes / times[fastest] / 1e9,
        gather_ms=times[fastest] * 1e3,
        gather_by=fastest,
    )


Score = Callable[[npt.NDArray[np.int64], npt.NDArray[np.float32]], Any]


def _by_numpy(vectors: npt.NDArray[np.float32]) -> Score:
    return lambda rows, query: vectors[rows] @ query


def _by_faiss(vectors: npt.NDArray[np.float32]) -> Score | None:
    """Without copying the rows."""
    try:
        import faiss
    except ImportError:
        return None
    faiss.omp_set_num_threads(1)
    size = vectors.shape[1]

    def score(rows: npt.NDArray[np.int64], query: npt.NDArray[np.float32]) -> Any:
        likeness = np.empty(len(rows), dtype=np.float32)
        faiss.fvec_inner_products_by_idx(
            faiss.swig_ptr(likeness),
            faiss.swig_ptr(query),
            faiss.swig_ptr(vectors),
            faiss.swig_ptr(rows),
            size,
            1,
            len(rows),
        )
        return likeness

    return score


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _seconds(score: Score, rows: npt.NDArray[np.int64], query: npt.NDArray[np.float32]) -> float:
    began = time.perf_counter()
    score(rows, query)
    return time.perf_counter() - began
