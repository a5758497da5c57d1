"""Rows by their keys, from whatever order they are given in."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spmatch.numbering import sort_nearly_sorted


@given(st.lists(st.integers(0, 5)), st.randoms(use_true_random=False))
def test_rows_are_sorted_by_key_and_then_by_row(keys: list[int], random: Random) -> None:
    rows = list(range(len(keys)))
    random.shuffle(rows)
    given_rows = np.array(rows, dtype=np.intp)
    order = sort_nearly_sorted(np.array(keys, dtype=np.float64)[given_rows], given_rows)
    assert given_rows[order].tolist() == sorted(rows, key=lambda row: (keys[row], row))
