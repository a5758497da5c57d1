"""Activities that state the same of one subject are of one kind, and are judged once, together.

A catalogue of a million activities knows some hundred prices and some dozen ages. A limit is
judged, and a factor valued, for each kind; what an activity gets is looked up by the number of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.columns import Columns
from spmatch.numbering import Numbers, number_alike
from spmatch.splicing import Splice


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """What a catalogue states of one subject."""

    columns: Columns
    """One activity of each kind; only its facts of the subject say something."""
    of_row: Numbers
    """(rows,): the kind of each."""
    counts: npt.NDArray[np.int64]
    """(kinds,): how many activities are of each."""

    def __len__(self) -> int:
        return len(self.counts)


def build_kinds(columns: Columns) -> Mapping[str, Kinds]:
    """The kinds of each subject that a limit or a factor looks at, by the subject's name."""
    return {subject: _kinds(columns, keys) for subject, keys in _subjects(columns).items()}


def splice_kinds(
    before: Mapping[str, Kinds], columns: Columns, splice: Splice
) -> Mapping[str, Kinds]:
    """The kinds of ``columns``, from those before some activities went and others were added.

    Only what was added is compared, with one activity of each kind that is left.
    """
    rows_now = np.delete(np.arange(len(splice)), splice.added_at)
    rows_before = splice.origin[rows_now]
    left = {subject: _left(one, rows_before, rows_now) for subject, one in before.items()}
    looked_at = np.unique(np.concatenate([splice.added_at, *(rows for _, rows in left.values())]))
    some = columns.take(looked_at)
    found = {}
    for subject, keys in _subjects(some).items():
        (numbers, rows), one = left[subject], before[subject]
        chosen = np.searchsorted(looked_at, np.concatenate([rows, splice.added_at]))
        number, first = number_alike(*(key[chosen] for key in keys))
        renumbered = np.zeros(len(one), dtype=number.dtype)
        renumbered[numbers] = number[: len(rows)]
        of_row = splice.rows(renumbered[one.of_row], number[len(rows) :])
        counts = np.bincount(of_row, minlength=len(first))
        found[subject] = Kinds(some.take(chosen[first]), of_row, counts)
    return found


def _left(
    kinds: Kinds, rows_before: npt.NDArray[np.intp], rows_now: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The kinds that somebody who stays is of, and the row that one of these has now."""
    row_of = np.full(len(kinds), -1, dtype=np.intp)
    row_of[kinds.of_row[rows_before]] = rows_now
    numbers = np.flatnonzero(row_of >= 0)
    return numbers, row_of[numbers]


def _subjects(columns: Columns) -> dict[str, list[npt.NDArray[Any]]]:
    """What is compared of each subject."""
    return {
        "access": [columns.access_yes, columns.access_no],
        "ages": [columns.age_min, columns.age_max],
        "capacity": [columns.places_left, columns.waiting_list],
        "cost": [
            columns.price,
            columns.price_per,
            columns.currency,
            _concession_sets(columns),
        ],
        "delivery": [columns.delivery],
        "first_visit": [columns.first_visit_yes, columns.first_visit_no],
        "gender": [columns.gender],
        "intensity": [columns.intensity],
        "languages": [np.zeros(len(columns), np.uint8), *np.packbits(columns.speaks, axis=1).T],
        "referral": [columns.referral],
        "verified": [columns.verified_day],
    }


def _kinds(columns: Columns, facts: Sequence[npt.NDArray[Any]]) -> Kinds:
    number, first = number_alike(*facts)
    return Kinds(columns.take(first), number, np.bincount(number, minlength=len(first)))


def _concession_sets(columns: Columns) -> npt.NDArray[np.int64]:
    """A number for each set of reduced prices; 0 is none."""
    stated: dict[int, list[tuple[str, float]]] = {}
    for for_whom, (rows, amounts) in columns.concessions.items():
        for row, amount in zip(rows.tolist(), amounts.tolist(), strict=True):
            stated.setdefault(row, []).append((for_whom, amount))
    return _numbered(((row, tuple(found)) for row, found in stated.items()), len(columns))


def _numbered(found: Iterator[tuple[int, Any]], count: int) -> npt.NDArray[np.int64]:
    numbers: dict[Any, int] = {}
    by_row = np.zeros(count, dtype=np.int64)
    for row, value in found:
        by_row[row] = numbers.setdefault(value, len(numbers) + 1)
    return by_row
