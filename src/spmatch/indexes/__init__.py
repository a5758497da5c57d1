"""Indexes: similarity of a query to stored vectors, exactly, one kind a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spmatch.contracts import Index, Vectors

IndexKind = Literal["exact", "faiss"]


def build_index(vectors: Vectors, kind: IndexKind = "exact") -> Index:
    """An index of unit vectors (n, d). ``faiss`` needs the extra of that name."""
    if kind == "faiss":
        from spmatch.indexes.flat_faiss import FaissIndex

        return FaissIndex(vectors)
    from spmatch.indexes.exact import ExactIndex

    return ExactIndex(vectors)
