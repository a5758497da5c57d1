"""What the store holds: the newest revision, a whole snapshot, or what changed since a revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from spmatch.activity import Activity
from spmatch.calibration import Calibration
from spmatch.catalogue import Catalogue
from spmatch.contracts import Encoder, EncoderIdentity, Vectors
from spmatch.encoders import load_encoder
from spmatch.errors import StoreError
from spmatch.meaning import gather_sentences
from spmatch.snapshot import Snapshot
from spmatch.store.connecting import Store, reading
from spmatch.store.migrating import check_version
from spmatch.store.packing import Vector
from spmatch.words import Record

if TYPE_CHECKING:
    import psycopg

_FIELDS = (
    "number, made_at, edition, catalogue_id, catalogue_hash, activities, checksum, "
    "added, changed, withdrawn"
)
EMPTY = "There is no catalogue in the database yet. Put one there with: spmatch store publish"


class Revision(Record):
    """One change of the catalogue. ``number`` grows by one with each, in the order of committing."""

    number: int
    made_at: datetime
    edition: int
    catalogue_id: str
    catalogue_hash: str | None
    """That of ``Catalogue``; ``None`` where only a part was in hand when it was made."""
    activities: int
    checksum: int
    """The sum of the marks of all activities: nothing is lost and nothing doubled where it agrees."""
    added: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Edition:
    """What the vectors of a revision were made with."""

    number: int
    encoder: Encoder
    calibration: Calibration
    build_hash: str
    places: str
    """A digest of the gazetteer that placed addresses."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An activity as it was read."""

    activity: Activity
    mark: int
    vector: Vector
    sentences: tuple[str, ...]
    sentence_vectors: Vectors


def read_latest(store: Store) -> Revision | None:
    """The newest revision; ``None`` before the first. Raises ``StoreError``."""
    with store.connect() as connection:
        check_version(store, connection)
        return latest_revision(connection)


def read_snapshot(
    store: Store, *, encoder: Encoder | None = None, threads: int | None = None
) -> Snapshot:
    """The whole catalogue of the newest revision.

    ``encoder`` is used in place of the one that the store names, and must be the same. Raises
    ``StoreError``.
    """
    with store.connect() as connection:
        check_version(store, connection)
        with reading(connection):
            revision = latest_revision(connection)
            if revision is None:
                raise StoreError(EMPTY)
            edition = read_edition(connection, revision.edition, encoder=encoder, threads=threads)
            rows = {one.activity.id: one for one in read_rows(connection, "TRUE")}
    check_sum(revision, [one.mark for one in rows.values()])
    return assemble(None, rows, frozenset(), edition, revision.catalogue_id)


def latest_revision(connection: psycopg.Connection[tuple[Any, ...]]) -> Revision | None:
    found = connection.execute(
        f"SELECT {_FIELDS} FROM revision ORDER BY number DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    if found is None:
        return None
    return Revision.model_validate(dict(zip(_FIELDS.split(", "), found, strict=True)))


def read_edition(
    connection: psycopg.Connection[tuple[Any, ...]],
    number: int,
    *,
    encoder: Encoder | None = None,
    threads: int | None = None,
) -> Edition:
    """What the vectors of an edition were made with. Raises ``StoreError`` for another encoder."""
    found = connection.execute(
        "SELECT encoder_name, encoder_version, encoder_sha256, dimensions, related, spread, "
        "reference_vectors, reference_sentence_vectors, build_hash, places "
        "FROM edition WHERE number = %s",
        [number],
        binary=True,
    ).fetchone()
    if found is None:
        raise StoreError("The store names an edition that it does not hold: restore it.")
    name, version, sha256, dimensions, related, spread, whole, pieces, build_hash, places = found
    identity = EncoderIdentity(name=name, version=version, sha256=sha256, dimensions=dimensions)
    encoder = encoder or _load_encoder(connection, number, threads)
    if encoder.identity != identity:
        raise StoreError(
            f"The catalogue in the database was encoded by {name} {version} ({sha256[:12]}), "
            f"here is {encoder.identity.name} {encoder.identity.version} "
            f"({encoder.identity.sha256[:12]}). Install the same release of spmatch, or publish again."
        )
    calibration = Calibration(
        _stack(whole, dimensions), _stack(pieces, dimensions), related, spread
    )
    return Edition(number, encoder, calibration, build_hash, places)


def read_rows(
    connection: psycopg.Connection[tuple[Any, ...]], where: str, given: Any = ()
) -> Iterator[Stored]:
    """The activities for which a condition holds, by id, as they come in.

    The connection can be asked nothing else until the last one was taken.
    """
    with connection.cursor() as cursor:
        for record, mark, vector, sentences, sentence_vectors in cursor.stream(
            "SELECT record::text, mark, vector, sentences, sentence_vectors "  # noqa: S608
            f"FROM activity WHERE {where} ORDER BY id",
            given,
            binary=True,
        ):
            yield Stored(
                Activity.model_validate_json(record),
                mark,
                vector,
                tuple(sentences),
                _stack(sentence_vectors, len(vector)),
            )


def check_sum(revision: Revision, marks: Iterable[int]) -> None:
    """Raises ``StoreError`` unless these are the marks of all activities of a revision."""
    marks = list(marks)
    if (len(marks), sum(marks)) != (revision.activities, revision.checksum):
        raise StoreError(
            f"The database holds other activities than revision {revision.number} says. "
            "Publish the catalogue again."
        )


def assemble(
    before: Snapshot | None,
    fresh: dict[str, Stored],
    gone: frozenset[str],
    edition: Edition,
    catalogue_id: str,
) -> Snapshot:
    """A snapshot of what ``before`` holds, but for what is ``fresh`` or ``gone``."""
    kept: list[tuple[str, int]] = []
    if before is not None:
        kept = [
            (one.id, row)
            for row, one in enumerate(before.catalogue)
            if one.id not in fresh and one.id not in gone
        ]
    dimensions = edition.encoder.identity.dimensions
    order = sorted([*kept, *((known, -1) for known in fresh)])
    activities: list[Activity] = []
    sentences: list[tuple[str, ...]] = []
    vectors = np.empty((len(order), dimensions), dtype=np.float32)
    pieces: list[Vectors] = []
    run: tuple[int, int] | None = None

    def flush() -> None:
        """Copy a run of neighbours that stay, in one piece."""
        nonlocal run
        if run is not None and before is not None:
            begin, end = run
            offsets = before.sentences.offsets
            there = len(activities)
            vectors[there - (end - begin) : there] = before.vectors[begin:end]
            pieces.append(before.sentence_vectors[offsets[begin] : offsets[end]])
        run = None

    for place, (known, row) in enumerate(order):
        if row < 0 or before is None:
            flush()
            one = fresh[known]
            activities.append(one.activity)
            sentences.append(one.sentences)
            vectors[place] = one.vector
            pieces.append(one.sentence_vectors)
            continue
        if run is not None and run[1] != row:
            flush()
        run = (run[0] if run else row, row + 1)
        begin, end = before.sentences.offsets[row : row + 2]
        activities.append(before.catalogue.activities[row])
        sentences.append(before.sentences.texts[begin:end])
    flush()
    empty = np.empty((0, dimensions), dtype=np.float32)
    return Snapshot(
        Catalogue(activities, id=catalogue_id),
        gather_sentences(sentences),
        vectors,
        np.concatenate([empty, *pieces]),
        edition.encoder,
        edition.calibration,
    )


def _load_encoder(
    connection: psycopg.Connection[tuple[Any, ...]], edition: int, threads: int | None
) -> Encoder:
    with TemporaryDirectory(prefix="spmatch-encoder-") as work:
        folder = Path(work).resolve()
        for path, content in connection.execute(
            "SELECT path, content FROM encoder_file WHERE edition = %s", [edition], binary=True
        ):
            file = (folder / path).resolve()
            if not file.is_relative_to(folder):
                raise StoreError("The database names a file of the encoder outside its folder.")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return load_encoder(folder, threads=threads)


def _stack(vectors: list[Vector], dimensions: int) -> Vectors:
    if not vectors:
        return np.empty((0, dimensions), dtype=np.float32)
    return np.concatenate(vectors).reshape(len(vectors), -1)
