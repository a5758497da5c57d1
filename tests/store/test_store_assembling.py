"""Vectors as the store sends them, and the pause of the collector while rows are read."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence

import numpy as np
import pytest

from spmatch.errors import StoreError
from spmatch.store.collecting import collector_paused
from spmatch.store.packing import Packed, pack, unpack_arrays, unpack_vectors

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
