"""faiss with the rows that keep the limits handed over as a bitmap, and its graph filtered afterwards.

faiss knows no limits: numpy finds the rows (the same code as ``numpy_scan``), and the time for it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from benchmarks.search.engines.numpy_scan import Filter, Rows, best
from benchmarks.search.protocol import Engine, K
from benchmarks.search.table import flatten
from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile

LINKS = 32
BUILD_BREADTH = 100
SEARCH_BREADTH = 128
FETCHED = 1000


class FaissFlat(Engine):
    needs: ClassVar[tuple[str, ...]] = ("faiss-cpu",)
    memory_share: ClassVar[float] = 1.1
    how: ClassVar[str] = "flat index, rows found by numpy as IDSelectorBitmap"

    def build(self, workload: Workload, directory: Path) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss: Any = faiss
        self.filter = Filter(flatten(workload.columns))
        self.rows = len(workload.columns)
        self.index: Any = self.make_index(workload.vectors.shape[1])
        for start in range(0, self.rows, 50_000):
            self.index.add(np.array(workload.vectors[start : start + 50_000]))

    def make_index(self, dimensions: int) -> Any:
        return self.faiss.IndexFlatIP(dimensions)

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[self.filter.find(profile)] = True
        selector = self.faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        _, found = self.index.search(query[None], K, params=self.parameters(selector))
        return [row for row in found[0].tolist() if row >= 0]

    def parameters(self, selector: Any) -> Any:
        return self.faiss.SearchParameters(sel=selector)


class FaissHnsw(FaissFlat):
    exact: ClassVar[bool] = False
    rows_max: ClassVar[int] = 200_000
    memory_share: ClassVar[float] = 1.4
    how: ClassVar[str] = f"HNSW, M {LINKS}, efSearch {SEARCH_BREADTH}, rows as IDSelectorBitmap"

    def make_index(self, dimensions: int) -> Any:
        index = self.faiss.IndexHNSWFlat(dimensions, LINKS, self.faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = BUILD_BREADTH
        return index

    def parameters(self, selector: Any) -> Any:
        return self.faiss.SearchParametersHNSW(sel=selector, efSearch=SEARCH_BREADTH)


class FaissHnswThenFilter(FaissHnsw):
    how: ClassVar[str] = f"HNSW, the nearest {FETCHED} without limits, then the limits"

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        parameters = self.faiss.SearchParametersHNSW(efSearch=FETCHED)
        likeness, found = self.index.search(query[None], FETCHED, params=parameters)
        rows: Rows = found[0]
        kept = self.filter.among(rows, profile)
        return best(rows[kept], likeness[0][kept]).tolist()
