"""A catalogue becomes vectors in parts, so that memory does not grow with it; what is known is reused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from making import WordEncoder, make_activity
from spmatch import meaning, remarks
from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Vectors
from spmatch.encoders.baseline import BaselineEncoder
from spmatch.geography import Gazetteer
from spmatch.snapshot import Snapshot, load_snapshot, save_snapshot

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
    monkeypatch.setattr(meaning, "TEXTS_AT_ONCE", 4)
    parts = build_snapshot(TOWN, WordEncoder(), Config.default())
    assert np.array_equal(whole.vectors, parts.vectors)
    assert np.array_equal(whole.sentence_vectors, parts.sentence_vectors)


def test_no_part_is_larger_than_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "TEXTS_AT_ONCE", 4)
    encoder, seen = CountingEncoder(), []
    build_snapshot(
        TOWN,
        encoder,
        Config.default(),
        progress=lambda what, done, total: seen.append((what, done, total)),
    )
    # Nine texts, nine titles, and one sentence that all of them share.
    assert encoder.calls[:5] == [4, 4, 4, 4, 3]
    assert seen[:5] == [("encode", done, 19) for done in (4, 8, 12, 16, 19)]
    assert seen[5:] == [("note", 9, 9)]


@pytest.fixture
def kept(tmp_path: Path) -> Snapshot:
    """A snapshot that stays on disk."""
    encoder = BaselineEncoder.fit([one.title for one in TOWN])
    save_snapshot(build_snapshot(TOWN, encoder, Config.default()), tmp_path, Config.default())
    return load_snapshot(tmp_path, Config.default())


def test_a_snapshot_on_disk_can_be_reused(kept: Snapshot) -> None:
    again = build_snapshot(TOWN, kept.encoder, Config.default(), reuse=kept)
    assert np.array_equal(again.vectors, kept.vectors)
    assert np.array_equal(again.sentence_vectors, kept.sentence_vectors)


def test_what_was_encoded_is_not_encoded_again() -> None:
    encoder = CountingEncoder()
    before = build_snapshot(TOWN, encoder, Config.default())
    (first, *calibrating), encoder.calls = encoder.calls, []
    build_snapshot(TOWN, encoder, Config.default(), reuse=before)
    assert (first, encoder.calls) == (19, calibrating)


def test_what_was_read_is_not_read_again(kept: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(remarks, "_read", lambda one, mask: read.append(one.id) or mask)
    changed = [one if one.id != "a3" else make_activity("a3", title="Dans") for one in TOWN]
    build_snapshot(Catalogue(changed), kept.encoder, Config.default(), reuse=kept)
    assert read == ["a3"]


def test_facts_are_placed_by_the_gazetteer_that_is_given(tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text("kind,code,name,lat,lon,radius_km\npostcode,9000,X,10,20,3\n")
    town = Catalogue([make_activity("a", place={"postcode": "9000"})])
    gazetteer = Gazetteer(places)
    made = build_snapshot(town, WordEncoder(), Config.default(), gazetteer=gazetteer)
    assert (made.columns.lat[0], made.places) == (10.0, gazetteer.digest)
