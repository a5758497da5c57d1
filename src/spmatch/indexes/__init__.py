"""Indexes: similarity of a query to stored vectors, exactly, one kind a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spmatch.contracts import Index, Vectors
    from spmatch.stacked import Stacked

IndexKind = Literal["exact", "faiss"]


def build_index(vectors: Vectors | Stacked, kind: IndexKind = "exact") -> Index:
    """An index of unit vectors (n, d). ``faiss`` needs the extra of that name."""
    from spmatch.stacked import Stacked

    if isinstance(vectors, Stacked):
        from spmatch.indexes.stacked import StackedIndex

        return StackedIndex(build_index(vectors.base, kind), vectors)
    if kind == "faiss":
        from spmatch.indexes.flat_faiss import FaissIndex

        return FaissIndex(vectors)
    from spmatch.indexes.exact import ExactIndex

    return ExactIndex(vectors)


def index_again(index: Index, vectors: Stacked) -> Index:
    """The index of stacked rows, from one of the same base: that is not made anew."""
    from spmatch.indexes.stacked import StackedIndex

    return StackedIndex(index.base if isinstance(index, StackedIndex) else index, vectors)
