"""faiss for many rows and few limits: a fast flat scan, its best rows scored again exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.contracts import Rows, Similarities, Vectors
from spmatch.errors import MissingExtraError
from spmatch.indexes.exact import best_first, error_of, exact_similarities


class FaissIndex:
    """A flat faiss index that gives the order of the exact one.

    faiss scans in single precision; every row within twice its error of the last place is scored
    again in double precision before the order is decided. Raises ``MissingExtraError`` without faiss.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._faiss = _import_faiss()
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._index = self._faiss.IndexFlatIP(self._vectors.shape[1])
        self._index.add(self._vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def similarities(self, queries: Vectors, rows: Rows | None = None) -> Similarities:
        return exact_similarities(self._vectors, queries, rows)

    def search(
        self, query: npt.NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> tuple[Rows, Similarities]:
        among = np.arange(len(self)) if rows is None else rows
        wanted = min(k, len(among))
        if wanted == 0:
            return among[:0], np.empty(0)
        parameters = None
        if rows is not None:
            selector = self._faiss.IDSelectorBatch(np.ascontiguousarray(rows, dtype=np.int64))
            parameters = self._faiss.SearchParameters(sel=selector)
        asked = wanted
        while True:
            asked = min(2 * asked, len(among))
            found, near = self._index.search(
                query[None].astype(np.float32), asked, params=parameters
            )
            if asked == len(among) or found[0, -1] < found[0, wanted - 1] - 2 * error_of(
                len(query)
            ):
                break
        candidates = np.sort(near[0][near[0] >= 0]).astype(np.intp)
        exact = exact_similarities(self._vectors, query[None], candidates)[0]
        return best_first(exact, candidates, k)


def _import_faiss() -> Any:
    try:
        import faiss
    except ImportError:
        raise MissingExtraError("The faiss index", "faiss") from None
    return faiss
