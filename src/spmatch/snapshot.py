"""A built catalogue on disk: a manifest, arrays and records; no pickle.

Layout::

    DIR/current             the name of the version that answers (one line)
    DIR/versions/NAME/      a version, written once and never changed:
      manifest.json           what it holds and was made with, and the checksum of every file
      activities.jsonl        the records, in the order of their ids; activity_places.npy: where each begins;
                              activity_digests.npy: what each states, as a digest
      sentences.jsonl         the sentences of each; sentence_places.npy, sentence_offsets.npy
      vectors.npy, sentence_vectors.npy, reference_vectors.npy, reference_sentence_vectors.npy
      columns/                the facts of all activities, an array each (``columns_files``)
      offers.npy              the themes of all activities, where a theme model knows the encoder
      remarks.npy             what their texts say of traits and risks, as bits; remarks.json: of which
      encoder/                what makes the encoder again
    DIR/lock                held by the build that is writing

Loading reads every file once, to see that it is whole, and only maps them: facts are looked up in the
arrays, and a record or a sentence is read when an answer shows it. The large files, which are most of the
reading, are read while facts are made ready.

A new version is written beside the old one and takes over by one atomic rename of ``current``; a
build that is killed at any moment leaves the old version answering.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy.typing as npt

from spmatch.calibration import Calibration
from spmatch.catalogue import Catalogue
from spmatch.checksums import checksum, find_fault
from spmatch.columns import Columns, build_columns, place_again
from spmatch.columns_files import load_array, load_columns, save_columns
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity, Vectors
from spmatch.encoders import load_encoder, save_encoder
from spmatch.errors import EncoderError, MissingExtraError, SnapshotError
from spmatch.geography import Gazetteer
from spmatch.meaning import Sentences
from spmatch.records import Lines, Records, Texts, write_lines
from spmatch.remarks import Remarks, remark_names, rules_digest
from spmatch.stacked import AnyVectors, Stacked, save_rows
from spmatch.themes import Offers, ThemeModel
from spmatch.words import Record

FORMAT = 3
_UNFINISHED = ".unfinished"
_SAID = {"missing": "is missing from the snapshot", "damaged": "in the snapshot is damaged"}
_AGAIN = "Build it again with: spmatch build"
_LARGE = frozenset(
    {"activities.jsonl", "sentences.jsonl", "vectors.npy", "sentence_vectors.npy", "offers.npy"}
)
"""Nothing is made of these when they are loaded: they may be looked through meanwhile."""

_Made = TypeVar("_Made")


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
    places: str
    """The digest of the gazetteer that addresses were placed by; empty for none."""
    themes: str
    """How ``offers.npy`` was read (``ThemeModel.reads``); empty where there is none."""
    rules: str
    """The digest of the rules that activities were read by for traits and risks."""
    files: dict[str, str]
    """Name → ``checksums.checksum``."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A catalogue with its vectors and the encoder that made them, and its facts."""

    catalogue: Catalogue
    sentences: Sentences
    """Those that ``sentence_vectors`` are of: kept, not split again, so that they stay together."""
    vectors: AnyVectors
    sentence_vectors: AnyVectors
    encoder: Encoder
    calibration: Calibration
    columns: Columns
    places: str
    """The digest of the gazetteer that ``columns`` were placed by; empty for none."""
    remarks: Remarks
    offers: Offers | Stacked | None = None
    """The themes of all activities; ``None``: read of those that are asked about."""
    themes: str = ""
    """How they were read (``ThemeModel.reads``)."""

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        sentences: Sentences,
        vectors: Vectors,
        sentence_vectors: Vectors,
        encoder: Encoder,
        calibration: Calibration,
    ) -> Snapshot:
        """One that is made for a while: its texts are read for traits and risks only when asked."""
        activities = catalogue.activities
        return cls(
            catalogue,
            sentences,
            vectors,
            sentence_vectors,
            encoder,
            calibration,
            build_columns(activities),
            "",
            Remarks(activities),
        )

    def offers_by(self, model: ThemeModel) -> Offers | Stacked | None:
        """The themes of all activities, if they were read as this model reads them."""
        return self.offers if self.themes == model.reads else None

    def placed_by(self, gazetteer: Gazetteer) -> Snapshot:
        """The same, addresses placed by this gazetteer: anew, from the records, if by another."""
        if self.places == gazetteer.digest:
            return self
        columns = place_again(self.columns, self.catalogue.activities, gazetteer.place)
        return replace(self, columns=columns, places=gazetteer.digest)


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
    catalogue, sentences = snapshot.catalogue, snapshot.sentences
    calibration = snapshot.calibration
    arrays: dict[str, npt.NDArray[Any] | Stacked] = {
        "vectors.npy": snapshot.vectors,
        "sentence_vectors.npy": snapshot.sentence_vectors,
        "reference_vectors.npy": calibration.whole,
        "reference_sentence_vectors.npy": calibration.sentences,
        "sentence_offsets.npy": sentences.offsets,
        "remarks.npy": snapshot.remarks.all(),
        "activity_digests.npy": catalogue.digests,
    }
    if snapshot.offers is not None:
        arrays["offers.npy"] = snapshot.offers
    arrays["activity_places.npy"] = write_lines(
        unfinished / "activities.jsonl", _record_lines(catalogue)
    )
    arrays["sentence_places.npy"] = write_lines(
        unfinished / "sentences.jsonl", _sentence_lines(sentences)
    )
    for file, array in arrays.items():
        save_rows(unfinished / file, array)
    (unfinished / "remarks.json").write_text(json.dumps(remark_names()), encoding="utf-8")
    save_columns(snapshot.columns, unfinished / "columns")
    save_encoder(snapshot.encoder, unfinished / "encoder")
    manifest = Manifest(
        format=FORMAT,
        catalogue_id=catalogue.id,
        catalogue_hash=catalogue.hash,
        activities=len(catalogue),
        encoder=snapshot.encoder.identity,
        related=calibration.related,
        spread=calibration.spread,
        build_hash=config.build_hash,
        places=snapshot.places,
        themes=snapshot.themes,
        rules=rules_digest(),
        files={
            file.relative_to(unfinished).as_posix(): checksum(file)
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


def _record_lines(catalogue: Catalogue) -> Iterator[str]:
    if isinstance(catalogue.activities, Records):
        yield from catalogue.activities.lines()
    else:
        for activity in catalogue:
            yield activity.model_dump_json(exclude_defaults=True)


def _sentence_lines(sentences: Sentences) -> Iterator[str]:
    if isinstance(sentences.texts, Texts):
        yield from sentences.texts.lines()
    else:
        for begin, end in pairwise(sentences.offsets):
            yield json.dumps(sentences.texts[begin:end], ensure_ascii=False)


def load_snapshot(directory: Path, config: Config, *, threads: int | None = None) -> Snapshot:
    """Read the version that answers now.

    Raises ``SnapshotError`` when there is none, when a file is damaged, or when it was made for
    another format, other build settings, or an encoder that cannot be made again.
    """
    return load_made(directory, config, lambda snapshot: snapshot, threads)


def load_made(
    directory: Path, config: Config, make: Callable[[Snapshot], _Made], threads: int | None = None
) -> _Made:
    """The same, and what is made of it while the large files are still looked through."""
    while True:
        name = current_version(directory)
        try:
            return _load_version(directory / "versions" / name, config, make, threads)
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


def _load_version(
    version: Path, config: Config, make: Callable[[Snapshot], _Made], threads: int | None
) -> _Made:
    try:
        raw = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
        stated = raw.get("format")
        if stated != FORMAT:
            raise SnapshotError(
                f"The snapshot has format {stated}, this version reads {FORMAT}. {_AGAIN}"
            )
        manifest = Manifest.model_validate(raw)
    except (OSError, ValueError, AttributeError):
        raise SnapshotError(f"The manifest in {version} cannot be read. {_AGAIN}") from None
    if manifest.build_hash != config.build_hash:
        raise SnapshotError(
            f"The snapshot was built with other build settings ({manifest.build_hash}, "
            f"asked for {config.build_hash}). {_AGAIN}"
        )
    _refuse_faults(version, manifest, manifest.files.keys() - _LARGE, threads)
    with ThreadPoolExecutor(1) as aside:
        large = manifest.files.keys() & _LARGE
        looked_through = aside.submit(_refuse_faults, version, manifest, large, threads)
        try:
            return make(_mapped(version, manifest, _encoder_of(version, manifest, threads)))
        finally:
            # Where one of these is damaged, that is what is wrong.
            looked_through.result()


def _refuse_faults(version: Path, manifest: Manifest, names: Set[str], threads: int | None) -> None:
    files = {name: manifest.files[name] for name in names}
    if found := find_fault(version, files, threads=threads):
        name, fault = found
        raise SnapshotError(f"{name} {_SAID[fault]}. {_AGAIN}")


def _encoder_of(version: Path, manifest: Manifest, threads: int | None) -> Encoder:
    try:
        encoder = load_encoder(version / "encoder", threads=threads)
    except (EncoderError, MissingExtraError) as error:
        raise SnapshotError(f"The encoder of the snapshot cannot be made again: {error}") from None
    if encoder.identity != manifest.encoder:
        raise SnapshotError(
            f"The snapshot was made with encoder {_named(manifest.encoder)}, "
            f"but {_named(encoder.identity)} is here. {_AGAIN}"
        )
    return encoder


def _mapped(version: Path, manifest: Manifest, encoder: Encoder) -> Snapshot:
    try:
        return _parts_mapped(version, manifest, encoder)
    except (ValueError, KeyError, TypeError, OSError):
        raise SnapshotError(f"The records in the snapshot cannot be read. {_AGAIN}") from None


def _parts_mapped(version: Path, manifest: Manifest, encoder: Encoder) -> Snapshot:
    """Raises ``OSError``, ``ValueError``, ``KeyError`` or ``TypeError``."""
    offsets = load_array(version / "sentence_offsets.npy")
    records, texts = (
        Lines(version / f"{name}.jsonl", load_array(version / f"{places}_places.npy"))
        for name, places in (("activities", "activity"), ("sentences", "sentence"))
    )
    catalogue = Catalogue.kept(
        Records(records),
        id=manifest.catalogue_id,
        hash=manifest.catalogue_hash,
        digests=load_array(version / "activity_digests.npy"),
    )
    names = ("vectors", "sentence_vectors", "reference_vectors", "reference_sentence_vectors")
    vectors, sentence_vectors, whole, pieces = (load_array(version / f"{one}.npy") for one in names)
    columns = load_columns(version / "columns")
    counts = {len(records), len(texts), len(vectors), len(columns), manifest.activities}
    counts.add(len(catalogue.digests))
    if len(counts) > 1 or len(sentence_vectors) != int(offsets[-1]):
        raise ValueError("the parts are of different catalogues")
    # Other rules may find other things: then the texts are read again, when they are asked about.
    read_for = json.loads((version / "remarks.json").read_text(encoding="utf-8"))
    same_rules = manifest.rules == rules_digest() and read_for == list(remark_names())
    return Snapshot(
        catalogue,
        Sentences(Texts(texts, offsets), offsets),
        vectors,
        sentence_vectors,
        encoder,
        Calibration(whole, pieces, manifest.related, manifest.spread),
        columns,
        manifest.places,
        Remarks(catalogue.activities, load_array(version / "remarks.npy") if same_rules else None),
        load_array(version / "offers.npy") if manifest.themes else None,
        manifest.themes,
    )


def _named(identity: EncoderIdentity) -> str:
    return f"{identity.name} {identity.version} ({identity.sha256[:12]})"


def _to_disk(*paths: Path) -> None:
    """Force files and folders out of the system's buffers; of a folder the names in it alone."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
