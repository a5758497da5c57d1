"""What every engine of the comparison is to the one that measures it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile

K = 10


class Engine(ABC):
    """One way to search: built once, then asked one person at a time, in one thread.

    An engine keeps of the workload only what it copies: what stays in memory once the workload is let go
    is counted as its own.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    """Distributions that must be installed."""
    exact: ClassVar[bool] = True
    """Whether it promises the right ten. What it finds is compared with the truth either way."""
    rows_max: ClassVar[int] = 1_000_000
    """Larger catalogues take it too long to build."""
    memory_share: ClassVar[float] = 1.3
    """About how much memory it takes while it searches, as a multiple of the vectors."""
    how: ClassVar[str] = ""
    """How it goes about it, in a few words for the table."""

    @abstractmethod
    def build(self, workload: Workload, directory: Path) -> None:
        """Take the workload in. ``directory`` is empty and its own, for those that live on disk."""

    @abstractmethod
    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        """The rows of the ten activities most like ``query`` that keep every limit, best first."""

    def servers(self) -> list[int]:
        """Process ids of servers that are not children of this process: their memory counts as well."""
        return []

    def close(self) -> None:  # noqa: B027 (most have nothing to let go of)
        """Let go of servers and files."""
