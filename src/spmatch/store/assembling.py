"""From rows of the store to a snapshot, and from what changed to the next matcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Encoder, Vectors
from spmatch.errors import StoreError
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher
from spmatch.meaning import EncodedCatalogue, gather_sentences
from spmatch.snapshot import Snapshot
from spmatch.store.collecting import collector_paused
from spmatch.store.connecting import Store, reading
from spmatch.store.migrating import check_version
from spmatch.store.packing import unpack_arrays, unpack_vectors
from spmatch.store.reading import (
    EMPTY,
    Edition,
    Stored,
    check_sum,
    latest_revision,
    read_edition,
    read_rows,
)

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a revision brings beside an earlier one."""

    fresh: EncodedCatalogue
    """Activities that are new, or other than before, in the order of their ids."""
    gone: frozenset[str]
    catalogue_id: str
    """The name of the catalogue from now on."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a follower answers from: a matcher, and the snapshot that it was made of."""

    matcher: Matcher
    snapshot: Snapshot

    @classmethod
    def of(cls, snapshot: Snapshot, config: Config, gazetteer: Gazetteer | None) -> Held:
        return cls(Matcher(snapshot, config, gazetteer=gazetteer), snapshot)

    def changed(self, changes: Changes) -> Held:
        """The one place where changes reach a matcher; the one before goes on answering meanwhile."""
        return Held.of(merge(self.snapshot, changes), self.matcher.config, self.matcher.gazetteer)


def encoded(stored: Sequence[Stored], dimensions: int) -> EncodedCatalogue:
    """Rows of the store, in the order of their ids, with their vectors as arrays.

    Raises ``StoreError`` when a vector has other dimensions.
    """
    return EncodedCatalogue(
        [one.activity for one in stored],
        gather_sentences([one.sentences for one in stored]),
        unpack_vectors([one.vector for one in stored], dimensions),
        unpack_arrays([one.sentence_vectors for one in stored], dimensions),
    )


def assemble(stored: Sequence[Stored], edition: Edition, catalogue_id: str) -> Snapshot:
    """A snapshot of rows that are in the order of their ids. Raises ``StoreError``."""
    found = encoded(stored, edition.encoder.identity.dimensions)
    return Snapshot.of(
        Catalogue(found.activities, id=catalogue_id),
        found.sentences,
        found.vectors,
        found.sentence_vectors,
        edition.encoder,
        edition.calibration,
    )


def read_snapshot(
    store: Store, *, encoder: Encoder | None = None, threads: int | None = None
) -> Snapshot:
    """The whole catalogue of the newest revision.

    ``encoder`` is used in place of the one that the store names, and must be the same. Raises
    ``StoreError``.
    """
    with collector_paused(), store.connect() as connection:
        check_version(store, connection)
        with reading(connection):
            revision = latest_revision(connection)
            if revision is None:
                raise StoreError(EMPTY)
            edition = read_edition(connection, revision.edition, encoder=encoder, threads=threads)
            rows = list(read_rows(connection, "TRUE"))
    check_sum(revision, [one.mark for one in rows])
    return assemble(rows, edition, revision.catalogue_id)


def merge(before: Snapshot, changes: Changes) -> Snapshot:
    """A snapshot of what ``before`` holds, but for what is fresh or gone."""
    fresh = changes.fresh
    other = {one.id for one in fresh.activities} | changes.gone
    stay = np.array(
        [row for row, one in enumerate(before.catalogue) if one.id not in other], dtype=np.int64
    )
    activities = [*(before.catalogue.activities[row] for row in stay), *fresh.activities]
    # Two runs that are each in order: sorting them takes one walk.
    order = np.array(
        sorted(range(len(activities)), key=lambda place: activities[place].id), dtype=np.int64
    )
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    of_stay, of_fresh = place_of[: len(stay)], place_of[len(stay) :]

    everything = np.arange(len(fresh.activities))
    vectors = np.empty((len(order), fresh.vectors.shape[1]), dtype=np.float32)
    _copy(before.vectors, np.arange(len(before.vectors) + 1), stay, vectors, of_stay)
    vectors[of_fresh] = fresh.vectors

    texts = [*_pieces(before, stay), *_pieces(fresh, everything)]
    sentences = gather_sentences([texts[place] for place in order])
    pieces = np.empty((len(sentences.texts), fresh.vectors.shape[1]), dtype=np.float32)
    begins = sentences.offsets[:-1]
    _copy(before.sentence_vectors, before.sentences.offsets, stay, pieces, begins[of_stay])
    _copy(fresh.sentence_vectors, fresh.sentences.offsets, everything, pieces, begins[of_fresh])
    return Snapshot.of(
        Catalogue([activities[place] for place in order], id=changes.catalogue_id),
        sentences,
        vectors,
        pieces,
        before.encoder,
        before.calibration,
    )


def _pieces(of: Snapshot | EncodedCatalogue, rows: Places) -> list[tuple[str, ...]]:
    """The sentences of each row."""
    texts, offsets = of.sentences.texts, of.sentences.offsets.tolist()
    return [texts[offsets[row] : offsets[row + 1]] for row in rows.tolist()]


def _copy(given: Vectors, offsets: Places, rows: Places, to: Vectors, begins: Places) -> None:
    """Copy what each of ``rows`` has to where it begins there; neighbours that stay so in one piece."""
    if not len(rows):
        return
    lengths, sources = np.diff(offsets)[rows], offsets[:-1][rows]
    ends = sources + lengths
    parted = (sources[1:] != ends[:-1]) | (begins[1:] != begins[:-1] + lengths[:-1])
    first = np.concatenate([[0], np.flatnonzero(parted) + 1])
    last = np.concatenate([first[1:], [len(rows)]]) - 1
    for source, end, begin in zip(sources[first], ends[last], begins[first], strict=True):
        to[begin : begin + end - source] = given[source:end]
