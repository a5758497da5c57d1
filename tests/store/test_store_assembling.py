"""What changed is put into what was there: the same as if all of it had been made anew."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import strategies as st
from stores import Make
from test_store_changing import assert_same

from making import make_activity
from spmatch import Activity
from spmatch.errors import StoreError
from spmatch.meaning import EncodedCatalogue
from spmatch.snapshot import Snapshot
from spmatch.store.assembling import Changes, merge
from spmatch.store.collecting import collector_paused
from spmatch.store.packing import Packed, pack, unpack_arrays, unpack_vectors
from test_properties import holds

TITLES = ("Kor", "Bog. Vi taler om den.", "Gåtur. Vi går langsomt. Der er kaffe bagefter.")


def made(titles: dict[int, int]) -> list[Activity]:
    """By number of the activity, that of its text."""
    return [
        make_activity(f"a{i}", title=TITLES[text].split(".")[0], description=TITLES[text])
        for i, text in titles.items()
    ]


def fresh_of(snapshot: Snapshot) -> EncodedCatalogue:
    return EncodedCatalogue(
        snapshot.catalogue.activities,
        snapshot.sentences,
        snapshot.vectors,
        snapshot.sentence_vectors,
    )


SOME = st.dictionaries(st.integers(0, 12), st.integers(0, 2), max_size=10)


def test_any_change_gives_what_a_new_snapshot_holds(snapshot_of: Make) -> None:
    @holds(SOME, SOME, st.sets(st.integers(0, 12)), examples=100)
    def holds_for(before: dict[int, int], fresh: dict[int, int], gone: set[int]) -> None:
        gone -= fresh.keys()
        changes = Changes(
            fresh_of(snapshot_of(made(fresh))), frozenset(f"a{i}" for i in gone), "town"
        )
        after = {i: text for i, text in (before | fresh).items() if i not in gone}
        assert_same(merge(snapshot_of(made(before)), changes), snapshot_of(made(after)))

    holds_for()


# Vectors as they come


def an_array(vectors: Sequence[np.ndarray]) -> bytes:
    """As PostgreSQL sends an array of them."""
    if not len(vectors):
        return b"\0" * 12
    head = b"".join(number.to_bytes(4, "big") for number in (1, 0, 1, len(vectors), 1))
    sent = [pack(one) for one in vectors]
    return head + b"".join(len(one).to_bytes(4, "big") + one for one in sent)


def test_vectors_come_back_bit_by_bit() -> None:
    vectors = np.array([[0.1, -0.0, 3e38], [1e-45, 2.0, 1 / 3]], dtype=np.float32)
    found = unpack_vectors([pack(one) for one in vectors], 3)
    assert found.tobytes() == vectors.tobytes()


@pytest.mark.parametrize("lengths", [[], [0], [2], [1, 0, 3], [0, 0, 1]])
def test_arrays_of_vectors_come_back_one_after_the_other(lengths: list[int]) -> None:
    vectors = np.arange(3 * sum(lengths), dtype=np.float32).reshape(-1, 3)
    parts = np.split(vectors, np.cumsum(lengths)[:-1]) if lengths else []
    assert np.array_equal(unpack_arrays([an_array(part) for part in parts], 3), vectors)


def test_a_vector_of_other_dimensions_is_noticed() -> None:
    with pytest.raises(StoreError, match="other dimensions"):
        unpack_vectors([Packed(pack(np.zeros(3, dtype=np.float32)))], 4)


# The pause of the collector


def test_the_collector_is_paused_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_pause_lasts_as_long_as_the_last_that_asked_for_it() -> None:
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with collector_paused():
            entered.set()
            leave.wait(60)

    thread = threading.Thread(target=other)
    with collector_paused():
        thread.start()
        entered.wait(60)
    assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_error_ends_the_pause() -> None:
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()
