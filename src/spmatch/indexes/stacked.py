"""An index of stacked rows: that of the base as it was made, and its tail scored beside it, exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from spmatch.contracts import Index, Rows, Similarities, Vectors
from spmatch.indexes.exact import best_first, exact_similarities
from spmatch.stacked import Stacked


class StackedIndex:
    """Gives what one index of all rows gives: a row's similarity does not depend on where it lies."""

    def __init__(self, base: Index, rows: Stacked) -> None:
        """``base`` is an index of the base of these rows."""
        self.base = base
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def similarities(self, queries: Vectors, rows: Rows | None = None) -> Similarities:
        places = (self._rows.place if rows is None else self._rows.place[rows]).astype(np.intp)
        in_tail = places >= len(self.base)
        if not in_tail.any():
            return self.base.similarities(queries, places)
        found = np.empty((len(queries), len(places)))
        if not in_tail.all():
            found[:, ~in_tail] = self.base.similarities(queries, places[~in_tail])
        beside = places[in_tail] - len(self.base)
        found[:, in_tail] = exact_similarities(self._rows.tail, queries, beside)
        return found

    def search(
        self, query: npt.NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> tuple[Rows, Similarities]:
        among: Rows = np.arange(len(self)) if rows is None else rows
        places = self._rows.place[among].astype(np.intp)
        in_tail = places >= len(self.base)
        # Rows that stay keep their order: their places ascend as they do, and ties fall alike.
        in_base = places[~in_tail]
        near, of_near = self.base.search(query, k, in_base)
        near = among[~in_tail][np.searchsorted(in_base, near)]
        beside = places[in_tail] - len(self.base)
        of_beside = exact_similarities(self._rows.tail, query[None], beside)[0]
        return best_first(
            np.concatenate([of_near, of_beside]), np.concatenate([near, among[in_tail]]), k
        )
