"""What every index must do: the order and the values of plain double-precision cosines."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmatch import fast
from spmatch.contracts import Index, Rows, Similarities, Vectors
from spmatch.errors import MissingExtraError
from spmatch.indexes import IndexKind, build_index

KINDS: tuple[IndexKind, ...] = ("exact", "faiss")


@pytest.fixture(params=[*KINDS, "compiled"])
def kind(request: pytest.FixtureRequest) -> Iterator[IndexKind]:
    """Every kind, and the exact one by compiled loops."""
    name: str = request.param
    if name == "faiss":
        pytest.importorskip("faiss", reason="the extra faiss is not installed")
    if name == "compiled":
        pytest.importorskip("numba", reason="the extra fast is not installed")
        fast.prepare()
    yield "faiss" if name == "faiss" else "exact"
    fast.leave()


def unit_vectors(count: int, dimensions: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, dimensions))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def referee(vectors: Vectors, query: Vectors, rows: Rows, k: int) -> tuple[Rows, Similarities]:
    """One row after the other, in double precision, sorted by similarity and then by row."""
    found = [(float(np.dot(vectors[row].astype(float), query.astype(float))), row) for row in rows]
    best = sorted(found, key=lambda one: (-round(one[0], 9), one[1]))[:k]
    return np.array([row for _, row in best]), np.array([value for value, _ in best])


def assert_as_the_referee(
    index: Index, vectors: Vectors, query: Vectors, rows: Rows, k: int
) -> None:
    found, values = index.search(query, k, rows)
    expected, exact = referee(vectors, query, rows, k)
    assert found.tolist() == expected.tolist()
    assert values == pytest.approx(exact, abs=1e-9)


# Random vectors


@pytest.mark.parametrize("k", [1, 10, 300])
def test_the_best_of_random_vectors_are_the_referees(kind: IndexKind, k: int) -> None:
    vectors = unit_vectors(300, 48, seed=1)
    query = unit_vectors(1, 48, seed=2)[0]
    assert_as_the_referee(build_index(vectors, kind), vectors, query, np.arange(300), k)


def test_without_rows_all_are_searched(kind: IndexKind) -> None:
    vectors = unit_vectors(300, 48, seed=1)
    query = unit_vectors(1, 48, seed=2)[0]
    index = build_index(vectors, kind)
    everywhere, among_all = index.search(query, 10), index.search(query, 10, np.arange(300))
    assert everywhere[0].tolist() == among_all[0].tolist()
    assert everywhere[1].tolist() == among_all[1].tolist()


def test_only_the_rows_asked_for_are_found(kind: IndexKind) -> None:
    vectors = unit_vectors(300, 48, seed=1)
    query = unit_vectors(1, 48, seed=2)[0]
    rows = np.flatnonzero(np.random.default_rng(3).random(300) < 0.1)
    assert_as_the_referee(build_index(vectors, kind), vectors, query, rows, 10)


def test_one_row_asked_for_is_the_one_found(kind: IndexKind) -> None:
    vectors = unit_vectors(300, 48, seed=1)
    query = unit_vectors(1, 48, seed=2)[0]
    found, _ = build_index(vectors, kind).search(query, 5, np.array([217]))
    assert found.tolist() == [217]


def test_more_rows_than_one_chunk_are_scored_alike(kind: IndexKind) -> None:
    vectors = unit_vectors(5000, 8, seed=4)
    query = unit_vectors(1, 8, seed=5)[0]
    assert_as_the_referee(build_index(vectors, kind), vectors, query, np.arange(5000), 20)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 40), step=st.integers(1, 4))
def test_every_kind_gives_one_order(seed: int, k: int, step: int) -> None:
    pytest.importorskip("faiss", reason="the extra faiss is not installed")
    vectors = unit_vectors(40, 6, seed)
    # Coarse values, so that many rows tie or nearly do.
    vectors = np.round(vectors * 4) / np.float32(4)
    query = unit_vectors(1, 6, seed + 1)[0]
    rows = np.arange(0, 40, step)
    exact, faiss = (build_index(vectors, kind).search(query, k, rows) for kind in KINDS)
    assert exact[0].tolist() == faiss[0].tolist()
    assert exact[1].tolist() == faiss[1].tolist()


# Ties


def test_rows_that_tie_are_in_the_order_of_their_numbers(kind: IndexKind) -> None:
    vectors = np.repeat(unit_vectors(1, 16, seed=6), 50, axis=0)
    found, values = build_index(vectors, kind).search(unit_vectors(1, 16, seed=7)[0], 7)
    assert found.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert len(set(values.tolist())) == 1


def test_rows_that_tie_across_the_last_place_are_taken_by_number(kind: IndexKind) -> None:
    best, tied = unit_vectors(2, 16, seed=8)
    vectors = np.stack([*[tied] * 30, best, *[tied] * 30])
    found, _ = build_index(vectors, kind).search(best, 4)
    assert found.tolist() == [30, 0, 1, 2]


def test_tied_rows_among_those_asked_for_are_taken_by_number(kind: IndexKind) -> None:
    vectors = np.repeat(unit_vectors(1, 16, seed=6), 50, axis=0)
    rows = np.array([4, 9, 20, 33, 41])
    found, _ = build_index(vectors, kind).search(unit_vectors(1, 16, seed=7)[0], 3, rows)
    assert found.tolist() == [4, 9, 20]


def test_rows_that_differ_by_less_than_single_precision_sees_are_still_in_order(
    kind: IndexKind,
) -> None:
    # Along the second axis by parts of 1e-8: their cosines differ in the eighth decimal.
    vectors = np.zeros((40, 3), dtype=np.float32)
    vectors[:, 0] = 1.0
    vectors[:, 1] = (np.arange(40) * 7 % 40) * np.float32(1e-7)
    query = np.array([0.8, 0.6, 0.0], dtype=np.float32)
    assert_as_the_referee(build_index(vectors, kind), vectors, query, np.arange(40), 10)


def test_a_rows_value_does_not_depend_on_the_rows_scored_with_it(kind: IndexKind) -> None:
    vectors = unit_vectors(300, 48, seed=1)
    query = unit_vectors(1, 48, seed=2)
    index = build_index(vectors, kind)
    together = index.similarities(query)[0]
    alone = [float(index.similarities(query, np.array([row]))[0, 0]) for row in range(300)]
    assert together.tolist() == alone


# Edges


def test_more_asked_for_than_there_are_gives_all(kind: IndexKind) -> None:
    vectors = unit_vectors(5, 16, seed=9)
    query = unit_vectors(1, 16, seed=10)[0]
    assert_as_the_referee(build_index(vectors, kind), vectors, query, np.arange(5), 50)


def test_no_rows_asked_for_give_none(kind: IndexKind) -> None:
    index = build_index(unit_vectors(5, 16, seed=9), kind)
    found, values = index.search(unit_vectors(1, 16, seed=10)[0], 3, np.array([], dtype=np.intp))
    assert found.tolist() == []
    assert values.tolist() == []


def test_an_index_of_nothing_finds_nothing(kind: IndexKind) -> None:
    index = build_index(np.zeros((0, 16), dtype=np.float32), kind)
    found, values = index.search(unit_vectors(1, 16, seed=10)[0], 3)
    assert (len(index), found.tolist(), values.tolist()) == (0, [], [])


def test_a_text_without_a_direction_is_like_nothing(kind: IndexKind) -> None:
    vectors = unit_vectors(4, 16, seed=11)
    vectors[2] = 0
    values = build_index(vectors, kind).similarities(unit_vectors(1, 16, seed=12))[0]
    assert values[2] == 0.0


def test_opposite_texts_are_at_minus_one(kind: IndexKind) -> None:
    vectors = np.array([[1, 0], [-1, 0]], dtype=np.float32)
    values = build_index(vectors, kind).similarities(np.array([[1, 0]], dtype=np.float32))[0]
    assert values.tolist() == [1.0, -1.0]


# Similarities


def test_similarities_are_by_query_and_by_row_as_asked(kind: IndexKind) -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    queries = np.array([[1, 0], [0, 1]], dtype=np.float32)
    values = build_index(vectors, kind).similarities(queries, np.array([2, 0]))
    assert values == pytest.approx(np.array([[0.6, 1.0], [0.8, 0.0]]), abs=1e-7)


def test_an_index_has_as_many_rows_as_vectors(kind: IndexKind) -> None:
    assert len(build_index(unit_vectors(7, 16, seed=13), kind)) == 7


def test_what_is_done_to_an_answer_does_not_reach_the_index(kind: IndexKind) -> None:
    vectors = unit_vectors(5, 16, seed=9)
    query = unit_vectors(1, 16, seed=10)
    index = build_index(vectors, kind)
    before = index.similarities(query).tolist()
    again = index.similarities(query)
    again[:] = 0
    assert index.similarities(query).tolist() == before


def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'spmatch\[faiss\]'"):
        build_index(unit_vectors(3, 4, seed=1), "faiss")
