"""Rows with others beside them read as one array, and what was read before never changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spmatch.splicing import Splice
from spmatch.stacked import Stacked, merge, save_rows


def rows(*values: float) -> np.ndarray:
    return np.array([[value, -value] for value in values], dtype=np.float32)


def amended(stacked: Stacked, splice: Splice, *values: float) -> Stacked:
    more, places = stacked.with_added(rows(*values))
    return more.spliced(splice, places)


@pytest.fixture
def base() -> np.ndarray:
    return rows(1, 3, 5)


@pytest.fixture
def stacked(base: np.ndarray) -> Stacked:
    """1, 2, 5, 6: 3 is gone."""
    return amended(Stacked.of(base), Splice.of(3, [1], [1, 3]), 2, 6)


def test_rows_are_those_of_one_array(stacked: Stacked) -> None:
    assert np.asarray(stacked).tolist() == rows(1, 2, 5, 6).tolist()


@pytest.mark.parametrize("at", [0, 3, slice(1, 3), slice(0, 0), np.array([3, 0, 1]), np.array([2])])
def test_rows_are_read_as_those_of_an_array(stacked: Stacked, at: object) -> None:
    assert stacked[at].tolist() == rows(1, 2, 5, 6)[at].tolist()  # type: ignore[call-overload]


def test_the_base_is_not_copied(stacked: Stacked, base: np.ndarray) -> None:
    assert stacked.base is base


def test_what_is_added_later_stands_behind_in_the_same_memory(stacked: Stacked) -> None:
    once = amended(stacked, Splice.of(4, [], [4]), 7)
    twice = amended(once, Splice.of(5, [], [5]), 8)
    assert np.shares_memory(once.tail, twice.tail)
    assert np.asarray(twice).tolist() == rows(1, 2, 5, 6, 7, 8).tolist()


def test_two_that_go_on_from_one_do_not_write_over_each_other(stacked: Stacked) -> None:
    one = amended(stacked, Splice.of(4, [], [4]), 7)
    other = amended(stacked, Splice.of(4, [], [4]), 9)
    assert np.asarray(one).tolist() == rows(1, 2, 5, 6, 7).tolist()
    assert np.asarray(other).tolist() == rows(1, 2, 5, 6, 9).tolist()


def test_the_part_beside_the_base_is_told(stacked: Stacked) -> None:
    # Of five rows in memory two are in the tail, and one is nobody's.
    assert stacked.beside == pytest.approx(3 / 5)


def test_merged_rows_are_one_array(stacked: Stacked) -> None:
    assert isinstance(merge(stacked), np.ndarray)
    assert merge(stacked).tolist() == rows(1, 2, 5, 6).tolist()


def test_rows_of_an_array_are_merged_as_they_are(base: np.ndarray) -> None:
    assert merge(base) is base


def test_saved_rows_are_those_that_numpy_saves(stacked: Stacked, tmp_path: Path) -> None:
    save_rows(tmp_path / "one.npy", stacked)
    save_rows(tmp_path / "other.npy", rows(1, 2, 5, 6))
    assert (tmp_path / "one.npy").read_bytes() == (tmp_path / "other.npy").read_bytes()
