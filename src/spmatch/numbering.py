"""Rows of columns that state the same get the same number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.unsignedinteger[Any]]
"""From 0 on, in the smallest type that holds them."""

_WIDE = 4
"""A range of so many times the rows is numbered by a table of it; a wider one by sorting."""


def number_alike(*columns: npt.NDArray[Any]) -> tuple[Numbers, npt.NDArray[np.intp]]:
    """The number of each row, and one row of each number. NaN is one value like any other."""
    number, count = _numbered(columns[0])
    for column in columns[1:]:
        # Each column by itself, then together: the product of a few wide ones would not fit.
        of_column, distinct = _numbered(column)
        number, count = _numbered(number * distinct + of_column)
    first = np.zeros(count, dtype=np.intp)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number.astype(np.min_scalar_type(max(count - 1, 0))), first


def sort_nearly_sorted(keys: npt.NDArray[Any], rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The places of ``rows`` by their keys, and where these are equal by row.

    A sort of runs that are in order already only merges them: give rows in an order that is nearly right.
    """
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    equal = keys[1:] == keys[:-1]
    wrong = np.flatnonzero(equal & (rows[1:] < rows[:-1]))
    if len(wrong):
        # All that are equal to one that stands wrong are put in order anew.
        group = np.concatenate([[0], np.cumsum(~equal)])
        again = np.flatnonzero(np.isin(group, group[wrong], kind="table"))
        order[again] = order[again][np.lexsort((rows[again], group[again]))]
    return order


def _numbered(column: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], int]:
    """The place of each value among those that there are, ascending; and how many there are."""
    if len(column) and np.issubdtype(column.dtype, np.integer):
        low = int(column.min())
        width = int(column.max()) - low + 1
        if width <= _WIDE * len(column):
            place = column.astype(np.int64) - low
            present = np.zeros(width, dtype=np.bool_)
            present[place] = True
            rank = np.cumsum(present)
            return rank[place] - 1, int(rank[-1])
    values, number = np.unique(column, return_inverse=True, equal_nan=True)
    return number.astype(np.int64), len(values)
