"""spmatch itself: the index that the matcher searches, given vectors in place of texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.search.protocol import Engine, K
from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile


class Ours(Engine):
    needs: ClassVar[tuple[str, ...]] = ("spmatch",)
    memory_share: ClassVar[float] = 1.3
    how: ClassVar[str] = "exact, rows in order of place"

    def build(self, workload: Workload, directory: Path) -> None:
        raise NotImplementedError("fill in: build(workload.columns, workload.vectors)")

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        raise NotImplementedError(f"fill in: search(profile, query, {K})")
