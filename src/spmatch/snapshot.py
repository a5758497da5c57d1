"""A built catalogue on disk: a manifest, arrays and records; no pickle.

Layout::

    DIR/current             the name of the version that answers (one line)
    DIR/versions/NAME/      manifest.json, activities.jsonl, sentences.jsonl, the arrays, encoder/
    DIR/lock                held by the build that is writing

A new version is written beside the old one and takes over by one atomic rename of ``current``; a
build that is killed at any moment leaves the old version answering.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from spmatch.activity import Activity
from spmatch.calibration import Calibration
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity, Vectors
from spmatch.encoders import load_encoder, save_encoder
from spmatch.errors import EncoderError, MissingExtraError, SnapshotError
from spmatch.meaning import Sentences, gather_sentences
from spmatch.words import Record

FORMAT = 1
_ARRAYS = (
    "vectors.npy",
    "sentence_vectors.npy",
    "reference_vectors.npy",
    "reference_sentence_vectors.npy",
)
_UNFINISHED = ".unfinished"


class Manifest(Record):
    """What a version holds, and what it was made with."""

    format: int
    catalogue_id: str
    catalogue_hash: str
    activities: int
    encoder: EncoderIdentity
    related: float
    spread: float
    build_hash: str
    files: dict[str, str]
    """Name → sha256."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A catalogue with its vectors and the encoder that made them."""

    catalogue: Catalogue
    sentences: Sentences
    """Those that ``sentence_vectors`` are of: kept, not split again, so that they stay together."""
    vectors: Vectors
    sentence_vectors: Vectors
    encoder: Encoder
    calibration: Calibration


def save_snapshot(snapshot: Snapshot, directory: Path, config: Config) -> None:
    """Write a snapshot and let it take over. The version that answered before is removed last.

    One build at a time writes to a directory; another one waits. Raises ``SnapshotError`` when
    nothing can be written there.
    """
    versions = directory / "versions"
    try:
        versions.mkdir(parents=True, exist_ok=True)
        with alone(directory / "lock"):
            name = _write_version(snapshot, versions, config)
            pointer = directory / f"current{_UNFINISHED}"
            pointer.write_text(name + "\n", encoding="utf-8")
            _to_disk(pointer)
            os.replace(pointer, directory / "current")
            _to_disk(directory)
            # Also what builds that were killed have left.
            for old in versions.iterdir():
                if old.name != name:
                    shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise SnapshotError(
            f"The snapshot cannot be written to {directory} ({error.strerror}). "
            "Check the path, the rights and the room on the disk."
        ) from None


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait for any other holder of this lock. The system lets go of that of a process that is killed.

    Where the system has no such locks (Windows), it is for the caller to run one build at a time.
    """
    with file.open("w") as lock:
        if os.name != "nt":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_version(snapshot: Snapshot, versions: Path, config: Config) -> str:
    """Write a whole version, safe on disk; returns its name."""
    name = uuid.uuid4().hex[:12]
    unfinished = versions / f"{name}{_UNFINISHED}"
    unfinished.mkdir()
    with (unfinished / "activities.jsonl").open("w", encoding="utf-8") as lines:
        for activity in snapshot.catalogue:
            lines.write(activity.model_dump_json(exclude_defaults=True) + "\n")
    sentences = snapshot.sentences
    with (unfinished / "sentences.jsonl").open("w", encoding="utf-8") as lines:
        for begin, end in pairwise(sentences.offsets):
            lines.write(json.dumps(sentences.texts[begin:end], ensure_ascii=False) + "\n")
    calibration = snapshot.calibration
    arrays = (
        snapshot.vectors,
        snapshot.sentence_vectors,
        calibration.whole,
        calibration.sentences,
    )
    for file, array in zip(_ARRAYS, arrays, strict=True):
        np.save(unfinished / file, array)
    save_encoder(snapshot.encoder, unfinished / "encoder")
    manifest = Manifest(
        format=FORMAT,
        catalogue_id=snapshot.catalogue.id,
        catalogue_hash=snapshot.catalogue.hash,
        activities=len(snapshot.catalogue),
        encoder=snapshot.encoder.identity,
        related=calibration.related,
        spread=calibration.spread,
        build_hash=config.build_hash,
        files={
            file.relative_to(unfinished).as_posix(): _digest(file)
            for file in sorted(unfinished.rglob("*"))
            if file.is_file()
        },
    )
    (unfinished / "manifest.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    _to_disk(*unfinished.rglob("*"), unfinished)
    unfinished.rename(versions / name)
    # The folder must hold the new name before anything points to it.
    _to_disk(versions)
    return name


def load_snapshot(directory: Path, config: Config, *, threads: int | None = None) -> Snapshot:
    """Read the version that answers now.

    Raises ``SnapshotError`` when there is none, when a file is damaged, or when it was made for
    another format, other build settings, or an encoder that cannot be made again.
    """
    while True:
        name = current_version(directory)
        try:
            return _load_version(directory / "versions" / name, config, threads)
        except SnapshotError:
            # A build may have taken over, and removed this version, while it was being read.
            if current_version(directory) == name:
                raise


def current_version(directory: Path) -> str:
    """The name of the version that answers now. Raises ``SnapshotError`` when there is none."""
    try:
        return (directory / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SnapshotError(
            f"There is no snapshot in {directory}. Make one with: spmatch build SOURCE --out {directory}"
        ) from None


def _load_version(version: Path, config: Config, threads: int | None) -> Snapshot:
    again = "Build it again with: spmatch build"
    try:
        raw = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
        stated = raw.get("format")
        if stated != FORMAT:
            raise SnapshotError(
                f"The snapshot has format {stated}, this version reads {FORMAT}. {again}"
            )
        manifest = Manifest.model_validate(raw)
    except (OSError, ValueError, AttributeError):
        raise SnapshotError(f"The manifest in {version} cannot be read. {again}") from None
    if manifest.build_hash != config.build_hash:
        raise SnapshotError(
            f"The snapshot was built with other build settings ({manifest.build_hash}, "
            f"asked for {config.build_hash}). {again}"
        )
    for file, digest in manifest.files.items():
        try:
            same = _digest(version / file) == digest
        except OSError:
            raise SnapshotError(f"{file} is missing from the snapshot. {again}") from None
        if not same:
            raise SnapshotError(f"{file} in the snapshot is damaged. {again}")
    try:
        encoder = load_encoder(version / "encoder", threads=threads)
    except (EncoderError, MissingExtraError) as error:
        raise SnapshotError(f"The encoder of the snapshot cannot be made again: {error}") from None
    if encoder.identity != manifest.encoder:
        raise SnapshotError(
            f"The snapshot was made with encoder {_named(manifest.encoder)}, "
            f"but {_named(encoder.identity)} is here. {again}"
        )
    try:
        catalogue = Catalogue(
            map(Activity.model_validate_json, _lines(version / "activities.jsonl")),
            id=manifest.catalogue_id,
        )
        sentences = gather_sentences(list(map(json.loads, _lines(version / "sentences.jsonl"))))
        vectors, sentence_vectors, references, reference_sentences = (
            # Mapped, not read: processes that answer from one snapshot hold its arrays once together.
            np.asarray(np.load(version / file, mmap_mode="r", allow_pickle=False))
            for file in _ARRAYS
        )
    except (ValidationError, ValueError, OSError):
        raise SnapshotError(f"The records in the snapshot cannot be read. {again}") from None
    calibration = Calibration(references, reference_sentences, manifest.related, manifest.spread)
    return Snapshot(catalogue, sentences, vectors, sentence_vectors, encoder, calibration)


def _lines(file: Path) -> list[str]:
    """The lines of a file that ends with a line break; other marks that end a line are text."""
    return file.read_text(encoding="utf-8").split("\n")[:-1]


def _named(identity: EncoderIdentity) -> str:
    return f"{identity.name} {identity.version} ({identity.sha256[:12]})"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _to_disk(*paths: Path) -> None:
    """Force files and folders out of the system's buffers; of a folder the names in it alone."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
