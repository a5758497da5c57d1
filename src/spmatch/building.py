"""From a catalogue to a snapshot: every text encoded and read once, and the encoder calibrated."""

from __future__ import annotations

from spmatch.calibration import calibrate
from spmatch.catalogue import Catalogue
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.contracts import Encoder, Progress
from spmatch.encoders import build_encoder
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.meaning import (
    EncodedCatalogue,
    VectorOf,
    activity_sentences,
    activity_text,
    encode_catalogue,
)
from spmatch.remarks import read_remarks
from spmatch.snapshot import Snapshot
from spmatch.themes import load_theme_model


def build_snapshot(
    catalogue: Catalogue,
    encoder: str | Encoder,
    config: Config,
    *,
    gazetteer: Gazetteer | None = None,
    threads: int | None = None,
    reuse: Snapshot | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Encode a catalogue with an encoder, or one of this name, and work out its facts.

    Texts that ``reuse`` holds are not read again, nor encoded again when the same encoder made it.
    ``gazetteer`` (by default the one that comes with spmatch) places addresses. Raises
    ``EncoderError`` or ``MissingExtraError`` when the encoder cannot be made.
    """
    activities = catalogue.activities
    characters_min = config.text.sentence_characters_min
    if isinstance(encoder, str):
        texts = [activity_text(activity) for activity in activities]
        encoder = build_encoder(encoder, texts, threads=threads)
    sentences = activity_sentences(activities, characters_min)
    encoded = encode_catalogue(
        encoder, activities, sentences, known=_known(reuse, encoder), progress=progress
    )
    known_remarks = (reuse.catalogue.activities, reuse.remarks) if reuse is not None else None
    remarks = read_remarks(activities, known=known_remarks, progress=progress)
    places = gazetteer or shipped_gazetteer()
    model = load_theme_model(encoder.identity)
    return Snapshot(
        catalogue,
        sentences,
        encoded.vectors,
        encoded.sentence_vectors,
        encoder,
        calibrate(encoder, config.meaning.sentence_share, characters_min),
        build_columns(activities, places.place),
        places.digest,
        remarks,
        model.themes_of_activities(encoded.vectors) if model else None,
        model.reads if model else "",
    )


def _known(reuse: Snapshot | None, encoder: Encoder) -> VectorOf | None:
    """The vectors that need not be made again."""
    if reuse is None or reuse.encoder.identity != encoder.identity:
        return None
    return EncodedCatalogue(
        reuse.catalogue.activities, reuse.sentences, reuse.vectors, reuse.sentence_vectors
    ).by_text()
