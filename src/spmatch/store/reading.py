"""What the store holds: the newest revision, a whole snapshot, or what changed since a revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from spmatch.activity import Activity
from spmatch.calibration import Calibration
from spmatch.contracts import Encoder, EncoderIdentity
from spmatch.encoders import load_encoder
from spmatch.errors import StoreError
from spmatch.store.connecting import Store
from spmatch.store.faults import import_psycopg
from spmatch.store.migrating import check_version
from spmatch.store.packing import unpack_arrays
from spmatch.words import Record

if TYPE_CHECKING:
    import psycopg

_FIELDS = (
    "number, made_at, edition, catalogue_id, catalogue_hash, activities, checksum, "
    "added, changed, withdrawn"
)
_AT_ONCE = 100
"""Rows that are taken from the connection together."""

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
    """An activity as it was read, its vectors packed as they came."""

    activity: Activity
    mark: int
    vector: bytes
    sentences: tuple[str, ...]
    sentence_vectors: bytes


def read_latest(store: Store) -> Revision | None:
    """The newest revision; ``None`` before the first. Raises ``StoreError``."""
    with store.connect() as connection:
        check_version(store, connection)
        return latest_revision(connection)


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
        unpack_arrays([whole], dimensions), unpack_arrays([pieces], dimensions), related, spread
    )
    return Edition(number, encoder, calibration, build_hash, places)


def read_rows(
    connection: psycopg.Connection[tuple[Any, ...]], where: str, given: Any = ()
) -> Iterator[Stored]:
    """The activities for which a condition holds, by id, as they come in.

    The connection can be asked nothing else until the last one was taken.
    """
    chunks = import_psycopg().capabilities.has_stream_chunked()
    with connection.cursor() as cursor:
        for record, mark, vector, sentences, sentence_vectors in cursor.stream(
            "SELECT record::text, mark, vector, sentences, sentence_vectors "  # noqa: S608
            f"FROM activity WHERE {where} ORDER BY id",
            given,
            binary=True,
            size=_AT_ONCE if chunks else 1,
        ):
            yield Stored(
                Activity.model_validate_json(record),
                mark,
                vector,
                tuple(sentences),
                sentence_vectors,
            )


def check_sum(revision: Revision, marks: Iterable[int]) -> None:
    """Raises ``StoreError`` unless these are the marks of all activities of a revision."""
    marks = list(marks)
    if (len(marks), sum(marks)) != (revision.activities, revision.checksum):
        raise StoreError(
            f"The database holds other activities than revision {revision.number} says. "
            "Publish the catalogue again."
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
