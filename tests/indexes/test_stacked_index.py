"""An index of stacked rows gives what one of all rows gives, to the bit, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmatch.contracts import Vectors
from spmatch.indexes import IndexKind, build_index, index_again
from spmatch.indexes.stacked import StackedIndex
from spmatch.splicing import Splice
from spmatch.stacked import Stacked

KINDS: tuple[IndexKind, ...] = ("exact", "faiss")


def stacked_of(seed: int) -> Stacked:
    """Forty rows at random of which some are alike, after three changes."""
    random = np.random.default_rng(seed)

    def some(count: int) -> Vectors:
        drawn = random.integers(-1, 2, (count, 6)).astype(np.float32)
        drawn[~drawn.any(axis=1)] = 1
        found: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return found

    stacked = Stacked.of(some(40))
    for _ in range(3):
        gone = np.sort(random.choice(len(stacked), 5, replace=False)).tolist()
        at = np.sort(random.integers(0, len(stacked) + 1, 5)).tolist()
        more, places = stacked.with_added(some(5))
        stacked = more.spliced(Splice.of(len(stacked), gone, at), places)
    return stacked


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 999))
@settings(max_examples=20, derandomize=True, database=None)
def test_stacked_rows_are_found_as_those_of_one_array(kind: IndexKind, seed: int) -> None:
    if kind == "faiss":
        pytest.importorskip("faiss", reason="the extra faiss is not installed")
    rows = stacked_of(seed)
    one, other = build_index(rows, kind), build_index(np.asarray(rows))
    random = np.random.default_rng(seed)
    query = random.standard_normal((2, 6)).astype(np.float32)
    query /= np.linalg.norm(query, axis=1, keepdims=True)
    among = np.sort(random.choice(len(rows), 15, replace=False))
    assert len(one) == len(other)
    for chosen in (None, among, among[:0]):
        assert np.array_equal(one.similarities(query, chosen), other.similarities(query, chosen))
        for k in (1, 7, 99):
            for left, right in zip(
                one.search(query[0], k, chosen), other.search(query[0], k, chosen), strict=True
            ):
                assert np.array_equal(left, right)


def test_the_index_of_the_base_is_kept() -> None:
    rows = stacked_of(1)
    base = build_index(rows.base)
    once = index_again(base, rows)
    again = index_again(once, rows)
    assert isinstance(again, StackedIndex)
    assert again.base is base
