"""What is put into the store comes back, and only what differs is sent."""

from __future__ import annotations

import numpy as np
import pytest
from stores import Make, town

from making import WordEncoder, make_activity
from spmatch import Catalogue, SpmatchError, UnknownActivityError
from spmatch.building import build_snapshot
from spmatch.config import Config
from spmatch.contracts import EncoderIdentity
from spmatch.geography import Gazetteer
from spmatch.snapshot import Snapshot
from spmatch.store import (
    Store,
    StoreError,
    amend,
    publish,
    read_latest,
    read_snapshot,
    withdraw,
)
from test_properties import activities_of

WORDS = WordEncoder()


class CountingEncoder(WordEncoder):
    """Remembers what it encoded."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts, **options):  # type: ignore[no-untyped-def]
        self.texts += texts
        return super().encode(texts, **options)


class OtherEncoder(WordEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.identity = EncoderIdentity(
            name="others", version="1", sha256="1" * 64, dimensions=self.dimensions
        )


def read(store: Store) -> Snapshot:
    return read_snapshot(store, encoder=WORDS)


def revisions_of(store: Store) -> dict[str, int]:
    """By activity, the revision in which it was last written."""
    with store.connect() as connection:
        return dict(connection.execute("SELECT id, revision FROM activity"))


def assert_same(one: Snapshot, other: Snapshot) -> None:
    assert one.catalogue.activities == other.catalogue.activities
    assert one.catalogue.hash == other.catalogue.hash
    assert one.sentences.texts == other.sentences.texts
    assert np.array_equal(one.sentences.offsets, other.sentences.offsets)
    assert np.array_equal(one.vectors, other.vectors)
    assert np.array_equal(one.sentence_vectors, other.sentence_vectors)
    assert np.array_equal(one.calibration.whole, other.calibration.whole)
    assert np.array_equal(one.calibration.sentences, other.calibration.sentences)
    assert (one.calibration.related, one.calibration.spread) == (
        other.calibration.related,
        other.calibration.spread,
    )


@pytest.mark.parametrize("catalogue", [3, 40, 99])
def test_a_catalogue_comes_back_bit_by_bit(store: Store, snapshot_of: Make, catalogue: int) -> None:
    snapshot = snapshot_of(activities_of(catalogue), id="drawn")
    publish(store, snapshot)
    assert_same(read(store), snapshot)
    assert read(store).catalogue.id == "drawn"


def test_an_empty_catalogue_comes_back(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of([]))
    assert len(read(store).catalogue) == 0


def test_a_revision_says_what_it_changed(store: Store, snapshot_of: Make) -> None:
    first = publish(store, snapshot_of(town()))
    second = publish(store, snapshot_of([*town()[1:], make_activity("b2"), make_activity("d")]))
    assert (first.number, first.added, first.changed, first.withdrawn) == (1, 3, 0, 0)
    assert (second.number, second.added, second.changed, second.withdrawn) == (2, 2, 0, 1)
    assert second.activities == 4
    assert read_latest(store) == second


def test_a_catalogue_that_is_there_makes_no_revision(store: Store, snapshot_of: Make) -> None:
    first = publish(store, snapshot_of(town()))
    assert publish(store, snapshot_of(town())) == first


def test_only_what_differs_is_written(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    publish(store, snapshot_of([town()[0], make_activity("b", title="Bøger"), town()[2]]))
    assert revisions_of(store) == {"a": 1, "b": 2, "c": 1}


def test_what_was_withdrawn_may_come_back(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    publish(store, snapshot_of(town()[:2]))
    publish(store, snapshot_of(town()))
    assert_same(read(store), snapshot_of(town()))
    with store.connect() as connection:
        assert connection.execute("SELECT count(*) FROM withdrawn").fetchone() == (0,)


def test_another_encoder_writes_everything_again(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    other = build_snapshot(Catalogue(town(), id="town"), OtherEncoder(), Config.default())
    revision = publish(store, other)
    assert (revision.number, revision.edition, revision.changed) == (2, 2, 3)
    with pytest.raises(StoreError, match="encoded by others 1"):
        read(store)


def test_other_places_write_everything_again(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    revision = publish(store, snapshot_of(town()), gazetteer=Gazetteer())
    assert (revision.number, revision.changed) == (2, 3)


def test_a_part_can_be_changed_without_the_rest(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    new = [make_activity("b", title="Bøger"), make_activity("d", title="Dans")]
    revision = amend(store, new, ["c", "not there"], encoder=WORDS)
    assert (revision.added, revision.changed, revision.withdrawn) == (1, 1, 1)
    assert_same(read(store), snapshot_of([town()[0], *new]))


def test_texts_that_stay_are_not_encoded_again(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    counting = CountingEncoder()
    free = town()[0].model_copy(update={"gender": "any"})
    amend(store, [free, make_activity("d", title="Dans")], encoder=counting)
    assert counting.texts == ["Dans"]


def test_a_part_that_is_there_makes_no_revision(store: Store, snapshot_of: Make) -> None:
    first = publish(store, snapshot_of(town()))
    assert amend(store, town()[:2], encoder=WORDS) == first


def test_an_activity_is_not_changed_and_withdrawn_at_once(store: Store) -> None:
    with pytest.raises(StoreError, match="at once: a"):
        amend(store, town(), ["a"], encoder=WORDS)


def test_nothing_can_be_added_to_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match="spmatch store publish"):
        amend(store, town(), encoder=WORDS)


def test_an_activity_is_withdrawn(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    withdraw(store, ["b"])
    assert [one.id for one in read(store).catalogue] == ["a", "c"]


def test_an_unknown_activity_is_not_withdrawn_nor_the_others(
    store: Store, snapshot_of: Make
) -> None:
    publish(store, snapshot_of(town()))
    with pytest.raises(UnknownActivityError, match="x"):
        withdraw(store, ["a", "x"])
    assert len(read(store).catalogue) == 3


def test_what_postgresql_cannot_hold_is_named_and_nothing_is_changed(
    store: Store, snapshot_of: Make
) -> None:
    first = publish(store, snapshot_of(town()))
    with pytest.raises(StoreError, match="NUL character, and these activities do: z"):
        publish(store, snapshot_of([*town()[1:], make_activity("z", description="a\x00b")]))
    assert read_latest(store) == first
    assert_same(read(store), snapshot_of(town()))


def test_a_backslash_before_zeros_is_no_nul(store: Store, snapshot_of: Make) -> None:
    odd = make_activity("z", description="C:\\u0000 and 'quotes' \"here\"; -- \u2028 %s %(x)s")
    publish(store, snapshot_of([odd]))
    assert read(store).catalogue.activities == (odd,)


def test_a_row_that_is_lost_is_noticed(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    with store.connect() as connection:
        connection.execute("DELETE FROM activity WHERE id = 'b'")
    with pytest.raises(StoreError, match="other activities than revision 1 says"):
        read(store)


def test_two_who_publish_at_once_take_turns(store: Store, snapshot_of: Make) -> None:
    from concurrent.futures import ThreadPoolExecutor

    publish(store, snapshot_of(town()))
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(
            lambda number: amend(store, [make_activity(f"n{number}")], encoder=WORDS).number,
            range(8),
        )
        numbers = sorted(made)
    assert numbers == list(range(2, 10))
    assert len(read(store).catalogue) == 11


def test_every_error_is_one_of_spmatch() -> None:
    assert issubclass(StoreError, SpmatchError)
