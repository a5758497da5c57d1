"""How much a text and an activity mean the same: whole against whole, sentence against sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.contracts import Encoder, Index, Progress, Role, Rows, Similarities, Vectors
from spmatch.sentences import split_sentences
from spmatch.words import Record


class Calibration(Record):
    """What unrelated and related texts look like to one encoder: mean cosine and its spread."""

    unrelated: float
    related: float
    related_spread: float

    def fit(self, similarities: Similarities) -> Similarities:
        """0 for a cosine of unrelated texts, 1 for closely related ones, straight between."""
        close = self.related + self.related_spread
        scaled: Similarities = np.clip(
            (similarities - self.unrelated) / max(close - self.unrelated, 1e-6), 0.0, 1.0
        )
        return scaled


@dataclass(frozen=True, slots=True)
class WrittenText:
    """One free text of a profile as vectors. Holds no text."""

    whole: Vectors
    """(1, d)."""
    sentences: Vectors
    """(sentences, d); at least one."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of a list of texts; those of text ``i`` are ``offsets[i]:offsets[i+1]``."""

    texts: tuple[str, ...]
    offsets: npt.NDArray[np.int64]


def activity_text(activity: Activity) -> str:
    """What an encoder reads of an activity: title, description, and the labels of its themes."""
    labels = ", ".join(theme.label for theme in activity.themes if theme.label)
    return "\n".join(filter(None, [activity.title, activity.description, labels]))


def activity_sentences(activities: Sequence[Activity], characters_min: int) -> Sentences:
    """The sentences of each description; the title where there is no description."""
    found = [
        split_sentences(activity.description, characters_min) or [activity.title]
        for activity in activities
    ]
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in found], dtype=np.int64)])
    return Sentences(tuple(sentence for some in found for sentence in some), offsets)


def write_texts(
    encoder: Encoder, texts: Sequence[str], languages: Sequence[str | None], characters_min: int
) -> list[WrittenText]:
    """The free texts of a profile as vectors, encoded in one call."""
    pieces: list[str] = []
    spans: list[tuple[int, int, int]] = []
    for text in texts:
        sentences = split_sentences(text, characters_min)
        whole = [text] if len(sentences) != 1 else []
        spans.append(
            (len(pieces), len(pieces) + len(whole), len(pieces) + len(whole) + len(sentences))
        )
        pieces += whole + sentences
    repeated = [
        code for code, (a, _, c) in zip(languages, spans, strict=True) for _ in range(c - a)
    ]
    vectors = encoder.encode(pieces, role="need", languages=repeated)
    return [
        WrittenText(
            whole=vectors[a : a + 1], sentences=vectors[b:c] if c > b else vectors[a : a + 1]
        )
        for a, b, c in spans
    ]


class MeaningIndex:
    """The vectors of a catalogue: one for each activity, one for each of its sentences."""

    def __init__(
        self,
        whole: Index,
        sentences: Index,
        offsets: npt.NDArray[np.int64],
        calibration: Calibration,
        sentence_share: float,
    ) -> None:
        self._whole = whole
        self._sentences = sentences
        self._offsets = offsets
        self._sentence_share = sentence_share
        self.calibration = calibration

    def similarities(self, text: WrittenText, rows: Rows) -> Similarities:
        """For each row: the whole-text cosine mixed with the sentence-level one.

        The sentence-level one takes, for each sentence of the text, the activity's best sentence,
        and averages over the sentences of the text.
        """
        whole: Similarities = self._whole.similarities(text.whole, rows)[0]
        if not self._sentence_share or not len(rows):
            return whole
        sentence_rows, starts = self._sentence_rows(rows)
        each = self._sentences.similarities(text.sentences, sentence_rows)
        best = np.maximum.reduceat(each, starts, axis=1).mean(axis=0)
        mixed: Similarities = np.round(
            (1 - self._sentence_share) * whole + self._sentence_share * best, 9
        )
        return mixed

    def fit(self, text: WrittenText, rows: Rows) -> Similarities:
        """``similarities`` from 0 (unrelated) to 1 (closely related)."""
        return self.calibration.fit(self.similarities(text, rows))

    def likeness(self, row: int, rows: Rows, vectors: Vectors) -> Similarities:
        """Cosine of one activity's text with those of ``rows``."""
        cosines: Similarities = self._whole.similarities(vectors[row : row + 1], rows)[0]
        return cosines

    def best_sentence(self, text: WrittenText, row: int) -> tuple[int, float]:
        """The sentence of an activity nearest to any sentence of the text: its number, its cosine."""
        begin, end = int(self._offsets[row]), int(self._offsets[row + 1])
        queries = np.concatenate([text.whole, text.sentences])
        best = self._sentences.similarities(queries, np.arange(begin, end)).max(axis=0)
        place = int(np.argmax(best))
        return begin + place, float(best[place])

    def _sentence_rows(self, rows: Rows) -> tuple[Rows, npt.NDArray[np.int64]]:
        counts = self._offsets[rows + 1] - self._offsets[rows]
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        within = np.arange(counts.sum()) - np.repeat(starts, counts)
        return np.repeat(self._offsets[rows], counts) + within, starts


def calibrate(encoder: Encoder, sentence_share: float, characters_min: int) -> Calibration:
    """Measure what related and unrelated texts look like to an encoder, on shipped written pairs.

    Within one language: needs against their own activities, and against those of the other pairs.
    """
    from spmatch.indexes.exact import ExactIndex

    related, unrelated = [], []
    for language in ("da", "en"):
        needs, offers = _written_pairs(language)
        activities = [Activity(id=str(i), title="-", description=t) for i, t in enumerate(offers)]
        sentences = activity_sentences(activities, characters_min)
        index = MeaningIndex(
            ExactIndex(_encode(encoder, offers, "activity", language)),
            ExactIndex(_encode(encoder, sentences.texts, "activity", language)),
            sentences.offsets,
            Calibration(unrelated=0, related=1, related_spread=0),
            sentence_share,
        )
        texts = write_texts(encoder, needs, [language] * len(needs), characters_min)
        rows = np.arange(len(offers))
        cosines = np.array([index.similarities(text, rows) for text in texts])
        own = np.eye(len(needs), dtype=np.bool_)
        related.append(cosines[own])
        unrelated.append(cosines[~own])
    near, far = np.concatenate(related), np.concatenate(unrelated)
    return Calibration(
        unrelated=round(float(far.mean()), 6),
        related=round(float(near.mean()), 6),
        related_spread=round(float(near.std()), 6),
    )


def _encode(encoder: Encoder, texts: Sequence[str], role: Role, language: str) -> Vectors:
    return encoder.encode(texts, role=role, languages=[language] * len(texts))


@lru_cache(maxsize=2)
def _written_pairs(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = Path(__file__).with_name("calibration.toml").read_text(encoding="utf-8")
    pairs = tomllib.loads(text)["pair"]
    return (
        tuple(pair[f"need_{language}"] for pair in pairs),
        tuple(pair[f"activity_{language}"] for pair in pairs),
    )


def encode_catalogue(
    encoder: Encoder,
    activities: Sequence[Activity],
    sentences: Sentences,
    progress: Progress | None,
) -> tuple[Vectors, Vectors]:
    """The vectors of whole activities (n, d) and of their sentences (s, d), in one call."""
    texts = [activity_text(activity) for activity in activities]
    languages = [activity.text_language for activity in activities]
    counts = np.diff(sentences.offsets)
    repeated = [code for code, count in zip(languages, counts, strict=True) for _ in range(count)]
    vectors = encoder.encode(
        [*texts, *sentences.texts],
        role="activity",
        languages=[*languages, *repeated],
        progress=progress,
    )
    return vectors[: len(texts)], vectors[len(texts) :]
