"""From a catalogue to a snapshot: every text encoded once, and the encoder calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from spmatch.activity import Activity
from spmatch.calibration import calibrate
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity, Progress, Role, Vectors
from spmatch.encoders import build_encoder
from spmatch.meaning import (
    EncodedCatalogue,
    activity_sentences,
    activity_text,
    encode_catalogue,
)
from spmatch.snapshot import Snapshot

TEXTS_AT_ONCE = 16_384
"""What an encoder works with (tokens, for one) is held for so many texts; more save no time."""


def build_snapshot(
    catalogue: Catalogue,
    encoder: str | Encoder,
    config: Config,
    *,
    threads: int | None = None,
    reuse: Snapshot | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Encode a catalogue with an encoder, or one of this name.

    Texts that ``reuse`` holds are not encoded again when the same encoder made it. Raises
    ``EncoderError`` or ``MissingExtraError`` when the encoder cannot be made.
    """
    activities = catalogue.activities
    characters_min = config.text.sentence_characters_min
    if isinstance(encoder, str):
        texts = [activity_text(activity) for activity in activities]
        encoder = build_encoder(encoder, texts, threads=threads)
    known = None
    if reuse is not None and reuse.encoder.identity == encoder.identity:
        known = EncodedCatalogue(
            reuse.catalogue.activities,
            reuse.sentences,
            reuse.vectors,
            reuse.sentence_vectors,
        )
    sentences = activity_sentences(activities, characters_min)
    encoded = encode_catalogue(
        _InParts(encoder), activities, sentences, known=known, progress=progress
    )
    calibration = calibrate(encoder, config.meaning.sentence_share, characters_min)
    return Snapshot(
        catalogue, sentences, encoded.vectors, encoded.sentence_vectors, encoder, calibration
    )


def for_reuse(snapshot: Snapshot) -> Snapshot:
    """What ``build_snapshot`` needs of a snapshot to reuse it: of an activity only what was encoded.

    The rest takes most of the memory, where two catalogues of 100,000 are held at once.
    """
    encoded = [
        Activity.model_construct(
            id=one.id,
            title=one.title,
            description=one.description,
            text_language=one.text_language,
            themes=one.themes,
        )
        for one in snapshot.catalogue
    ]
    return replace(snapshot, catalogue=Catalogue(encoded, id=snapshot.catalogue.id))


class _InParts:
    """An encoder that is given so many texts at once, so that its memory does not grow with a catalogue."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        for begin in range(0, len(texts), TEXTS_AT_ONCE):
            part = slice(begin, min(begin + TEXTS_AT_ONCE, len(texts)))
            vectors[part] = self._encoder.encode(
                texts[part],
                role=role,
                languages=languages[part] if languages else None,
                progress=_of_part(progress, part, len(texts)) if progress else None,
            )
        return vectors

    def save(self, directory: Path) -> None:
        self._encoder.save(directory)


def _of_part(progress: Progress, part: slice, texts: int) -> Progress:
    """What an encoder tells of its part, told of all texts."""

    def told(what: str, done: int, total: int | None) -> None:
        share = done / total if total else 1.0
        progress(what, part.start + round(share * (part.stop - part.start)), texts)

    return told
