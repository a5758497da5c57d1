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
        wanted = min(k, len(self) if rows is None else len(rows))
        if wanted == 0:
            return np.zeros(0, dtype=np.intp), np.empty(0)
        candidates = self._of_all(query, wanted) if rows is None else self._of(rows, query, wanted)
        exact = exact_similarities(self._vectors, query[None], candidates)[0]
        return best_first(exact, candidates, k)

    def _of_all(self, query: npt.NDArray[np.float32], wanted: int) -> Rows:
        """Those that can be among the best."""
        asked = wanted
        while True:
            asked = min(2 * asked, len(self))
            found, near = self._index.search(query[None].astype(np.float32), asked)
            last = found[0, wanted - 1] - 2 * error_of(len(query))
            if asked == len(self) or found[0, -1] < last:
                return np.sort(near[0][near[0] >= 0]).astype(np.intp)

    def _of(self, rows: Rows, query: npt.NDArray[np.float32], wanted: int) -> Rows:
        """Those of some rows that can be among the best. Their vectors are read where they lie."""
        chosen = np.ascontiguousarray(rows, dtype=np.int64)
        single = np.ascontiguousarray(query, dtype=np.float32)
        rough = np.empty(len(rows), dtype=np.float32)
        of = self._faiss.swig_ptr
        self._faiss.fvec_inner_products_by_idx(
            of(rough), of(single), of(self._vectors), of(chosen), len(single), 1, len(rows)
        )
        last = np.partition(rough, len(rows) - wanted)[len(rows) - wanted]
        best: Rows = chosen[rough >= last - 2 * error_of(len(query))].astype(np.intp)
        return best


def _import_faiss() -> Any:
    try:
        import faiss
    except ImportError:
        raise MissingExtraError("The faiss index", "faiss") from None
    return faiss
