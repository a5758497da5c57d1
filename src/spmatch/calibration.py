"""From a cosine to a fit: 0 for an unrelated text, 1 for a closely related one.

What a cosine says depends on the encoder, on the text and on the two languages: an English-only
model finds any two Danish texts alike, and every encoder prefers texts of one language to those of
two. So the cosine of a text with what is unrelated to it is measured, on written reference
activities in each language, and taken off; how far related texts stand above that is measured once
for the encoder, on the same written pairs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spmatch.columns import Columns
from spmatch.contracts import Encoder, Rows, Similarities, Vectors
from spmatch.indexes.exact import ExactIndex
from spmatch.meaning import Sentences, TextIndex, WrittenText, gather_sentences, write_texts
from spmatch.sentences import split_sentences

LANGUAGES = ("da", "en")
"""Those of the reference texts. Activities of another language, or none, take the mean level."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The reference activities as one encoder sees them, and how far related texts stand above."""

    whole: Vectors
    """(references, d): those in Danish, then the same in English."""
    sentences: Vectors
    related: float
    """How far related texts stand above unrelated ones: mean ..."""
    spread: float
    """... and standard deviation."""


class Fit:
    """Turns cosines with the rows of a catalogue into fits."""

    def __init__(
        self,
        calibration: Calibration,
        columns: Columns,
        sentence_share: float,
        characters_min: int,
    ) -> None:
        self._references = _reference_index(
            calibration.whole, calibration.sentences, sentence_share, characters_min
        )
        # Two deviations above: few texts reach it, so that the best still differ.
        self._close = max(calibration.related + 2 * calibration.spread, 1e-6)
        codes = {code: number for number, code in enumerate(LANGUAGES)}
        levels = [codes.get(code, len(LANGUAGES)) for code in columns.text_languages]
        # The last is for those that state none: ``NOT_STATED`` is -1.
        self._language = np.array([*levels, len(LANGUAGES)], np.uint8)[columns.text_language]

    def __call__(
        self, texts: Sequence[WrittenText], similarities: Sequence[Similarities], rows: Rows
    ) -> list[Similarities]:
        """For each text the fit of each of ``rows``, 0 to 1, from its cosine with the text."""
        if not texts:
            return []
        levels = unrelated_levels(self._references, texts)[:, self._language[rows]]
        return list(np.clip((np.array(similarities) - levels) / self._close, 0.0, 1.0))


def unrelated_levels(
    references: TextIndex, texts: Sequence[WrittenText]
) -> npt.NDArray[np.float64]:
    """For each text its cosine with unrelated activities of each language, then the mean of those.

    The median over the reference activities: the few that the text may truly be about do not move it.
    """
    cosines = np.array(references.similarities(texts, np.arange(len(references))))
    levels = np.median(cosines.reshape(len(texts), len(LANGUAGES), -1), axis=2)
    return np.column_stack([levels, levels.mean(axis=1)])


def calibrate(encoder: Encoder, sentence_share: float, characters_min: int) -> Calibration:
    """Measure an encoder on the written pairs: needs against their own activities, by language."""
    offers = [text for language in LANGUAGES for text in _written(f"activity_{language}")]
    sentences = _sentences(offers, characters_min)
    each = len(offers) // len(LANGUAGES)
    of_text = [code for code in LANGUAGES for _ in range(each)]
    of_sentence = [
        code
        for code, count in zip(of_text, np.diff(sentences.offsets), strict=True)
        for _ in range(count)
    ]
    whole = encoder.encode(offers, role="activity", languages=of_text)
    pieces = encoder.encode(sentences.texts, role="activity", languages=of_sentence)
    references = _reference_index(whole, pieces, sentence_share, characters_min)
    above = []
    for number, language in enumerate(LANGUAGES):
        needs = _written(f"need_{language}")
        texts = write_texts(encoder, needs, [language] * each, characters_min)
        for i, text in enumerate(texts):
            own = references.similarities([text], np.array([number * each + i]))[0][0]
            above.append(float(own) - float(unrelated_levels(references, [text])[0, number]))
    return Calibration(
        whole, pieces, round(float(np.mean(above)), 6), round(float(np.std(above)), 6)
    )


def _reference_index(
    whole: Vectors, sentences: Vectors, sentence_share: float, characters_min: int
) -> TextIndex:
    offers = [text for language in LANGUAGES for text in _written(f"activity_{language}")]
    offsets = _sentences(offers, characters_min).offsets
    return TextIndex(ExactIndex(whole), ExactIndex(sentences), offsets, sentence_share)


def _sentences(offers: Sequence[str], characters_min: int) -> Sentences:
    return gather_sentences([split_sentences(text, characters_min) for text in offers])


@cache
def _written(field: str) -> tuple[str, ...]:
    text = Path(__file__).with_name("calibration.toml").read_text(encoding="utf-8")
    return tuple(pair[field] for pair in tomllib.loads(text)["pair"])
