"""A built catalogue on disk: a manifest, arrays and records; no pickle.

Layout::

    DIR/current             the name of the version that answers (one line)
    DIR/versions/NAME/      manifest.json, activities.jsonl, the arrays, encoder/

A new version is written beside the old one and takes over by one atomic rename of ``current``; a
build that is killed at any moment leaves the old version answering.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from spmatch.activity import Activity
from spmatch.calibration import Calibration
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity, Vectors
from spmatch.encoders import load_encoder, save_encoder
from spmatch.errors import EncoderError, SnapshotError
from spmatch.words import Record

FORMAT = 1
_FILES = (
    "activities.jsonl",
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
    vectors: Vectors
    sentence_vectors: Vectors
    encoder: Encoder
    calibration: Calibration


def save_snapshot(snapshot: Snapshot, directory: Path, config: Config) -> None:
    """Write a snapshot and let it take over. The version that answered before is removed last."""
    versions = directory / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex[:12]
    unfinished = versions / f"{name}{_UNFINISHED}"
    unfinished.mkdir()
    with (unfinished / "activities.jsonl").open("w", encoding="utf-8") as lines:
        for activity in snapshot.catalogue:
            lines.write(activity.model_dump_json(exclude_defaults=True) + "\n")
    np.save(unfinished / "vectors.npy", snapshot.vectors)
    np.save(unfinished / "sentence_vectors.npy", snapshot.sentence_vectors)
    calibration = snapshot.calibration
    np.save(unfinished / "reference_vectors.npy", calibration.whole)
    np.save(unfinished / "reference_sentence_vectors.npy", calibration.sentences)
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
        files={file: _digest(unfinished / file) for file in _FILES},
    )
    (unfinished / "manifest.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    _to_disk(unfinished)
    unfinished.rename(versions / name)
    pointer = directory / f"current{_UNFINISHED}"
    pointer.write_text(name + "\n", encoding="utf-8")
    _to_disk(pointer)
    os.replace(pointer, directory / "current")
    _to_disk(directory)
    for old in versions.iterdir():
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def load_snapshot(directory: Path, config: Config, *, threads: int | None = None) -> Snapshot:
    """Read the version that answers now.

    Raises ``SnapshotError`` when there is none, when a file is damaged, or when it was made for
    another format, other build settings, or an encoder that cannot be made again.
    """
    for _ in range(3):
        name = _current(directory)
        try:
            return _load_version(directory / "versions" / name, config, threads)
        except SnapshotError:
            # A build may have taken over, and removed this version, while it was being read.
            if _current(directory) == name:
                raise
    raise SnapshotError(
        f"The snapshot in {directory} is being replaced too fast to be read. Try again."
    )


def _current(directory: Path) -> str:
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
            f"The snapshot was built with other text settings ({manifest.build_hash}, "
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
    except EncoderError as error:
        raise SnapshotError(f"The encoder of the snapshot cannot be made again: {error}") from None
    if encoder.identity != manifest.encoder:
        raise SnapshotError(
            f"The snapshot was made with encoder {_named(manifest.encoder)}, "
            f"but {_named(encoder.identity)} is here. {again}"
        )
    try:
        lines = (version / "activities.jsonl").read_text(encoding="utf-8").splitlines()
        catalogue = Catalogue(
            (Activity.model_validate_json(line) for line in lines), id=manifest.catalogue_id
        )
        arrays = [
            np.load(version / file, allow_pickle=False) for file in _FILES if file.endswith(".npy")
        ]
    except (ValidationError, ValueError, OSError):
        raise SnapshotError(f"The records in the snapshot cannot be read. {again}") from None
    vectors, sentence_vectors, references, reference_sentences = arrays
    calibration = Calibration(references, reference_sentences, manifest.related, manifest.spread)
    return Snapshot(catalogue, vectors, sentence_vectors, encoder, calibration)


def _named(identity: EncoderIdentity) -> str:
    return f"{identity.name} {identity.version} ({identity.sha256[:12]})"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    """Force a file, or a folder and all in it, out of the system's buffers."""
    for one in [*path.rglob("*"), path] if path.is_dir() else [path]:
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
