"""What a change does to whatever is kept by row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from spmatch.splicing import Splice
from test_properties import holds


def spliced(before: str, gone: str, added: str) -> tuple[Splice, str]:
    """Letters in order, some gone and others added; what is then there."""
    rows = [sum(one < new for one in before) for new in sorted(added)]
    splice = Splice.of(len(before), [before.index(one) for one in sorted(gone)], rows)
    return splice, "".join(sorted({*before} - {*gone})) if not added else "".join(
        sorted(({*before} - {*gone}) | {*added})
    )


def letters(splice: Splice, before: str, added: str) -> str:
    sides = (np.array(list(side), dtype="U1") for side in (before, sorted(added)))
    return "".join(splice.rows(*sides).tolist())


@pytest.mark.parametrize(
    ("before", "gone", "added", "now"),
    [
        ("bdf", "", "", "bdf"),
        ("bdf", "d", "", "bf"),
        ("bdf", "", "ag", "abdfg"),
        ("bdf", "d", "d", "bdf"),
        ("bdf", "bdf", "", ""),
        ("bdf", "bdf", "c", "c"),
        ("", "", "ca", "ac"),
        ("", "", "", ""),
        ("bdf", "b", "ce", "cdef"),
    ],
)
def test_rows_that_stay_and_rows_that_are_added_are_in_order(
    before: str, gone: str, added: str, now: str
) -> None:
    splice, _ = spliced(before, gone, added)
    assert letters(splice, before, added) == now


ALPHABET = "abcdefghij"


@holds(st.tuples(*[st.sets(st.sampled_from(ALPHABET)) for _ in range(3)]))
def test_any_change_gives_what_is_then_there(sides: tuple[set[str], set[str], set[str]]) -> None:
    held, leaving, added = sides
    before = "".join(sorted(held))
    # What is added in the place of another one replaces it.
    gone = "".join(sorted(held & (leaving | added)))
    splice, now = spliced(before, gone, "".join(added))
    assert letters(splice, before, "".join(added)) == now
    assert "".join(splice.items(before, sorted(added))) == now
    assert [bool(one) for one in splice.stays()] == [one not in gone for one in before]
    places = splice.now_at().tolist()
    assert [now[at] if at >= 0 else None for at in places] == [
        None if one in gone else one for one in before
    ]


def test_pieces_stay_with_their_row() -> None:
    # Of b two pieces, of d none, of f three; c comes with two, and d goes.
    splice = Splice.of(3, [1], [1])
    offsets, pieces = splice.pieces(np.array([0, 2, 2, 5]), np.array([0, 2]))
    before, added = np.array([10, 11, 30, 31, 32]), np.array([20, 21])
    assert offsets.tolist() == [0, 2, 4, 7]
    assert pieces.rows(before, added).tolist() == [10, 11, 20, 21, 30, 31, 32]


def test_the_type_holds_what_stays_and_what_is_added() -> None:
    splice = Splice.of(1, [], [1])
    found = splice.rows(np.array([7], dtype=np.uint8), np.array([700], dtype=np.uint16))
    assert (found.tolist(), found.dtype) == ([7, 700], np.uint16)
