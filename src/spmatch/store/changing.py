"""Changing the store: each change is one transaction, numbered, checked, and notified of when it holds.

A server or a client that is killed at any moment leaves the revision before. Whoever was changing it
does so again: what is there already is found by its digest, and not sent a second time.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.contracts import Encoder, Progress
from spmatch.encoders import save_encoder
from spmatch.errors import StoreError, UnknownActivityError
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.meaning import VectorOf, activity_sentences, encode_catalogue
from spmatch.snapshot import Snapshot
from spmatch.store.assembling import encoded
from spmatch.store.connecting import Store
from spmatch.store.migrating import check_version
from spmatch.store.packing import pack
from spmatch.store.reading import (
    EMPTY,
    Revision,
    Stored,
    latest_revision,
    read_edition,
    read_rows,
)
from spmatch.store.rows import COLUMNS, Row, rows_of, text_digest

if TYPE_CHECKING:
    import psycopg

_TOLD_EVERY = 500
"""Rows between two calls of ``progress``."""


def publish(
    store: Store,
    snapshot: Snapshot,
    config: Config | None = None,
    *,
    gazetteer: Gazetteer | None = None,
    progress: Progress | None = None,
) -> Revision:
    """Make the store hold just this catalogue; only what differs is sent.

    What the catalogue does not hold is withdrawn. Returns the newest revision, which is the one before
    when nothing differs. Raises ``StoreError``; the store is then as it was.
    """
    config = config or Config.default()
    places = gazetteer or shipped_gazetteer()
    catalogue = snapshot.catalogue
    with store.connect() as connection:
        check_version(store, connection)
        with connection.transaction():
            latest = _alone(connection)
            edition = _edition(connection, snapshot, config, places)
            known = dict(connection.execute("SELECT id, digest FROM activity", binary=True))
            anew = latest is None or latest.edition != edition
            rows = rows_of(
                catalogue.activities,
                snapshot.sentences,
                snapshot.vectors,
                snapshot.sentence_vectors,
            )
            # Another gazetteer may place what is otherwise the same: then all are written again.
            other = [row for row in rows if anew or known.get(row.id) != row.digest]
            gone = sorted(known.keys() - {activity.id for activity in catalogue})
            identity = (catalogue.id, catalogue.hash)
            if (
                latest is not None
                and not (anew or other or gone)
                and identity == (latest.catalogue_id, latest.catalogue_hash)
            ):
                return latest
            return _write(
                store,
                connection,
                latest,
                edition,
                identity,
                other,
                known.keys() & {row.id for row in other},
                gone,
                places,
                progress,
            )


def amend(
    store: Store,
    activities: Iterable[Activity],
    withdrawn: Iterable[str] = (),
    *,
    config: Config | None = None,
    gazetteer: Gazetteer | None = None,
    encoder: Encoder | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Revision:
    """Add or replace some activities, and withdraw others, without having the rest in hand.

    Only texts that the store does not hold for them are encoded, by the encoder of the store. An id to
    withdraw that is not there is passed over. Raises ``StoreError``; the store is then as it was.
    """
    config = config or Config.default()
    places = gazetteer or shipped_gazetteer()
    given = {one.id: one for one in activities}
    wanted = sorted(given.values(), key=lambda one: one.id)
    leaving = sorted(set(withdrawn))
    if both := given.keys() & set(leaving):
        raise StoreError(
            f"Activities to change and to withdraw at once: {', '.join(sorted(both))}."
        )
    with store.connect() as connection:
        check_version(store, connection)
        with connection.transaction():
            latest = _alone(connection)
            if latest is None:
                raise StoreError(EMPTY)
            edition = read_edition(connection, latest.edition, encoder=encoder, threads=threads)
            if (edition.build_hash, edition.places) != (config.build_hash, places.digest):
                raise StoreError(
                    "The catalogue in the database was made with other build settings or places. "
                    "Publish it anew to change them."
                )
            known = dict(
                connection.execute(
                    "SELECT id, digest FROM activity WHERE id = ANY(%s)",
                    [[*given, *leaving]],
                    binary=True,
                )
            )
            sentences = activity_sentences(wanted, config.text.sentence_characters_min)
            made = encode_catalogue(
                edition.encoder,
                wanted,
                sentences,
                known=_known_before(connection, wanted, edition.encoder),
                progress=progress,
            )
            rows = rows_of(wanted, sentences, made.vectors, made.sentence_vectors)
            other = [row for row in rows if known.get(row.id) != row.digest]
            gone = [one for one in leaving if one in known]
            if not other and not gone:
                return latest
            return _write(
                store,
                connection,
                latest,
                edition.number,
                # The hash of a catalogue is that of all its records, which are not in hand.
                (latest.catalogue_id, None),
                other,
                known.keys() & {row.id for row in other},
                gone,
                places,
                progress,
            )


def withdraw(store: Store, ids: Sequence[str]) -> Revision:
    """Take activities out. Raises ``UnknownActivityError`` when one is not there, and changes nothing."""
    with store.connect() as connection:
        check_version(store, connection)
        with connection.transaction():
            latest = _alone(connection)
            if latest is None:
                raise StoreError(EMPTY)
            found = connection.execute("SELECT id FROM activity WHERE id = ANY(%s)", [list(ids)])
            if missing := sorted(set(ids) - {one for (one,) in found}):
                raise UnknownActivityError(f"Not in the database: {', '.join(missing)}.")
            if not ids:
                return latest
            return _write(
                store,
                connection,
                latest,
                latest.edition,
                (latest.catalogue_id, None),
                [],
                set(),
                sorted(set(ids)),
                shipped_gazetteer(),
                None,
            )


def _alone(connection: psycopg.Connection[tuple[Any, ...]]) -> Revision | None:
    """Wait for whoever else is changing the store; the newest revision then.

    Numbers are given while this lock is held: they are committed in their order, and a follower that
    has seen one has seen all before it.
    """
    connection.execute("LOCK TABLE revision IN EXCLUSIVE MODE")
    return latest_revision(connection)


def _write(
    store: Store,
    connection: psycopg.Connection[tuple[Any, ...]],
    latest: Revision | None,
    edition: int,
    identity: tuple[str, str | None],
    rows: Sequence[Row],
    replaced: set[str],
    gone: Sequence[str],
    gazetteer: Gazetteer,
    progress: Progress | None,
) -> Revision:
    """A new revision: rows, tombstones, check sum and number, all in the transaction that is begun."""
    if unfit := [row.id for row in rows if row.holds_nul]:
        raise StoreError(
            f"PostgreSQL holds no NUL character, and these activities do: {', '.join(unfit[:10])}. "
            "Take it out of their texts."
        )
    number = latest.number + 1 if latest else 1
    connection.execute("DELETE FROM activity WHERE id = ANY(%s)", [[*replaced, *gone]])
    connection.execute("DELETE FROM withdrawn WHERE id = ANY(%s)", [[row.id for row in rows]])
    connection.execute(
        "INSERT INTO withdrawn (id, revision) SELECT unnest(%s::text[]), %s "
        "ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision",
        [list(gone), number],
    )
    statement = f"COPY activity ({', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(COLUMNS.values()))
        for done, row in enumerate(rows, start=1):
            copy.write_row(row.values(number, gazetteer))
            if progress and (done % _TOLD_EVERY == 0 or done == len(rows)):
                progress("load", done, len(rows))
    # The sum is over what the database holds now, not over what was meant to be in it.
    connection.execute(
        "INSERT INTO revision (number, edition, catalogue_id, catalogue_hash, activities, checksum, "
        "added, changed, withdrawn) SELECT %s, %s, %s, %s, count(*), coalesce(sum(mark), 0), "
        "%s, %s, %s FROM activity",
        [
            *(number, edition, *identity),
            *(len(rows) - len(replaced), len(replaced), len(gone)),
        ],
    )
    connection.execute("SELECT pg_notify(%s, %s)", [store.channel, str(number)])
    written = latest_revision(connection)
    if written is None or written.number != number:
        raise StoreError("The database did not keep what it was given.")
    return written


def _edition(
    connection: psycopg.Connection[tuple[Any, ...]],
    snapshot: Snapshot,
    config: Config,
    gazetteer: Gazetteer,
) -> int:
    """The number of the edition that a snapshot is of; a new one where there is none like it."""
    files = _encoder_files(snapshot.encoder)
    identity, calibration = snapshot.encoder.identity, snapshot.calibration
    places = gazetteer.digest
    digest = hashlib.sha256()
    for part in (
        identity.model_dump_json().encode(),
        config.build_hash.encode(),
        places.encode(),
        struct.pack(">dd", calibration.related, calibration.spread),
        np.ascontiguousarray(calibration.whole).tobytes(),
        np.ascontiguousarray(calibration.sentences).tobytes(),
        *(part for name, content in files for part in (name.encode(), content)),
    ):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    found = connection.execute(
        "SELECT number FROM edition WHERE digest = %s", [digest.digest()]
    ).fetchone()
    if found is not None:
        return int(found[0])
    made = connection.execute(
        "INSERT INTO edition (digest, encoder_name, encoder_version, encoder_sha256, dimensions, "
        "build_hash, places, related, spread, reference_vectors, reference_sentence_vectors) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %b::vector[], %b::vector[]) RETURNING number",
        [
            *(digest.digest(), identity.name, identity.version, identity.sha256),
            *(identity.dimensions, config.build_hash, places),
            *(calibration.related, calibration.spread),
            [pack(vector) for vector in calibration.whole],
            [pack(vector) for vector in calibration.sentences],
        ],
    ).fetchone()
    if made is None:
        raise StoreError("The database did not keep what it was given.")
    for name, content in files:
        connection.execute(
            "INSERT INTO encoder_file (edition, path, content) VALUES (%s, %s, %s)",
            [made[0], name, content],
        )
    return int(made[0])


def _encoder_files(encoder: Encoder) -> list[tuple[str, bytes]]:
    """What a service needs to make the encoder again: a name, or what was fitted on the catalogue."""
    with TemporaryDirectory(prefix="spmatch-encoder-") as work:
        folder = Path(work)
        save_encoder(encoder, folder)
        return [
            (file.relative_to(folder).as_posix(), file.read_bytes())
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        ]


def _known_before(
    connection: psycopg.Connection[tuple[Any, ...]],
    activities: Sequence[Activity],
    encoder: Encoder,
) -> VectorOf | None:
    """The vectors that the store holds for texts of these activities that stay as they are."""
    found: list[Stored] = list(
        read_rows(
            connection,
            "id = ANY(%s) AND text_digest = ANY(%s)",
            [[one.id for one in activities], [text_digest(one) for one in activities]],
        )
    )
    return encoded(found, encoder.identity.dimensions).by_text() if found else None
