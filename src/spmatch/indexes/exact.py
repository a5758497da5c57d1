"""Exact similarities by numpy: every row asked for is scored, none is approximated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from spmatch import fast
from spmatch.contracts import Rows, Similarities, Vectors

CHUNK_ROWS = 1024
CHUNK_ROWS_COPIED = 256
FEW = 64
"""As many places are held in order while rows are scanned by a compiled loop."""
DECIMALS = 9


def exact_similarities(
    vectors: Vectors, queries: Vectors, rows: Rows | None = None
) -> Similarities:
    """Cosines of ``queries`` (q, d) with ``rows`` of ``vectors`` (n, d): (q, rows).

    Added up in double precision and rounded to 1e-9: a row's value then does not depend on which
    other rows are scored with it, so that ties are ties.
    """
    wide = queries.astype(np.float64)
    count = len(vectors) if rows is None else len(rows)
    found = np.empty((len(queries), count))
    for begin in range(0, count, CHUNK_ROWS):
        end = min(begin + CHUNK_ROWS, count)
        chunk = vectors[begin:end] if rows is None else vectors[rows[begin:end]]
        found[:, begin:end] = wide @ chunk.astype(np.float64).T
    return np.round(found, DECIMALS)


def may_be_best(
    vectors: Vectors, query: npt.NDArray[np.float32], rows: Rows | None, k: int
) -> Rows:
    """Of ``rows`` (all when ``None``) those that can be among the ``k`` most similar to ``query`` (d,).

    Scanned in single precision; whatever is within twice its error of the last place is kept.
    """
    among: Rows = np.arange(len(vectors)) if rows is None else rows
    if len(among) <= k:
        return among
    slack = 2 * error_of(len(query))
    rough = np.empty(len(among), dtype=np.float32)
    if rows is None:
        np.matmul(vectors, query, out=rough)
    else:
        # What is copied at a time stays in the processor's cache.
        for begin in range(0, len(rows), CHUNK_ROWS_COPIED):
            end = begin + CHUNK_ROWS_COPIED
            np.matmul(vectors[rows[begin:end]], query, out=rough[begin:end])
    last = np.partition(rough, len(rough) - k)[len(rough) - k]
    best: Rows = among[rough >= last - slack]
    return best


def error_of(dimensions: int) -> float:
    """The most that a dot product of unit vectors can be off in single precision.

    Each of ``d`` products and sums is rounded once: d times the unit roundoff bounds it (Higham, Accuracy
    and Stability of Numerical Algorithms, 2002, section 3.1); the machine epsilon is twice that.
    """
    return float(dimensions * np.finfo(np.float32).eps)


def best_first(
    similarities: npt.NDArray[np.float64], rows: Rows, k: int
) -> tuple[Rows, Similarities]:
    """The ``k`` highest, best first, ties by row number."""
    order = np.lexsort((rows, -similarities))[:k]
    return rows[order], similarities[order]


class ExactIndex:
    """Scores just the rows that are asked for. The default, and the referee of the others."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._vectors)

    def similarities(self, queries: Vectors, rows: Rows | None = None) -> Similarities:
        return exact_similarities(self._vectors, queries, rows)

    def search(
        self, query: npt.NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> tuple[Rows, Similarities]:
        compiled = fast.compiled()
        if compiled is not None and rows is not None and k <= FEW:
            found, similarities, sure = compiled.nearest(
                self._vectors,
                np.ascontiguousarray(query, dtype=np.float32),
                np.ascontiguousarray(rows, dtype=np.int64),
                k,
                2 * error_of(len(query)),
                DECIMALS,
            )
            if sure:
                return found, similarities
        among = may_be_best(self._vectors, query, rows, k)
        return best_first(self.similarities(query[None], among)[0], among, k)
