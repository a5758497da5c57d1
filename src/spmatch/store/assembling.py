"""From rows of the store to a snapshot, and from what changed to the next matcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spmatch.catalogue import Catalogue
from spmatch.contracts import Encoder
from spmatch.errors import StoreError
from spmatch.matcher import Matcher
from spmatch.meaning import EncodedCatalogue, gather_sentences
from spmatch.snapshot import Snapshot
from spmatch.stacked import merge
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

MERGED_BEYOND = 0.2
"""Where a larger part of the vectors came by updates, they are put into one array again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a revision brings beside an earlier one."""

    fresh: EncodedCatalogue
    """Activities that are new, or other than before, in the order of their ids."""
    gone: frozenset[str]
    catalogue_id: str
    """The name of the catalogue from now on."""


def changed(matcher: Matcher, changes: Changes) -> Matcher:
    """The matcher after a change; the one before goes on answering meanwhile."""
    after = matcher.updated(changes.fresh, changes.gone, catalogue_id=changes.catalogue_id)
    return after.merged(beyond=MERGED_BEYOND)


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
        merge(found.vectors),
        merge(found.sentence_vectors),
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
