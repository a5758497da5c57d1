"""A catalogue becomes vectors in parts, so that memory does not grow with it; what is known is reused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from making import WordEncoder, make_activity
from spmatch import building
from spmatch.building import build_snapshot, for_reuse
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Vectors

TOWN = Catalogue([make_activity(f"a{n}", title=f"Kor {n}", description="Sang.") for n in range(9)])


class CountingEncoder(WordEncoder):
    """Says how many texts it was given at once."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[int] = []

    def encode(self, texts: Sequence[str], **how: Any) -> Vectors:
        self.calls.append(len(texts))
        if how.get("progress"):
            how["progress"]("encode", len(texts), len(texts))
        how.pop("progress", None)
        return super().encode(texts, **how)


def test_parts_give_the_vectors_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build_snapshot(TOWN, WordEncoder(), Config.default())
    monkeypatch.setattr(building, "TEXTS_AT_ONCE", 4)
    parts = build_snapshot(TOWN, WordEncoder(), Config.default())
    assert np.array_equal(whole.vectors, parts.vectors)
    assert np.array_equal(whole.sentence_vectors, parts.sentence_vectors)


def test_no_part_is_larger_than_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "TEXTS_AT_ONCE", 4)
    encoder, seen = CountingEncoder(), []
    build_snapshot(
        TOWN,
        encoder,
        Config.default(),
        progress=lambda what, done, total: seen.append((done, total)),
    )
    # Nine texts, nine titles, and one sentence that all of them share.
    assert encoder.calls[:5] == [4, 4, 4, 4, 3]
    assert seen == [(4, 19), (8, 19), (12, 19), (16, 19), (19, 19)]


def test_what_is_left_of_a_snapshot_is_enough_to_reuse_it() -> None:
    encoder = CountingEncoder()
    before = for_reuse(build_snapshot(TOWN, encoder, Config.default()))
    (first, *calibrating), encoder.calls = encoder.calls, []
    again = build_snapshot(TOWN, encoder, Config.default(), reuse=before)
    assert (first, encoder.calls) == (19, calibrating)
    assert np.array_equal(again.vectors, before.vectors)
