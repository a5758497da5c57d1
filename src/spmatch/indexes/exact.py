"""Exact similarities by numpy: every row asked for is scored, none is approximated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from spmatch.contracts import Rows, Similarities, Vectors

CHUNK_ROWS = 4096
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
        found = self.similarities(query[None], rows)[0]
        return best_first(found, np.arange(len(self)) if rows is None else rows, k)
