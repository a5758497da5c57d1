"""How much a text and an activity mean the same: whole against whole, sentence against sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.contracts import Encoder, Index, Progress, Rows, Similarities, Vectors
from spmatch.records import Texts
from spmatch.sentences import split_sentences
from spmatch.stacked import AnyVectors

TEXTS_AT_ONCE = 16_384
"""What an encoder works with (tokens, for one) is held for so many texts; more save no time."""


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

    texts: tuple[str, ...] | Texts
    offsets: npt.NDArray[np.int64]


def activity_text(activity: Activity) -> str:
    """What an encoder reads of an activity: title, description, and the labels of its themes."""
    labels = ", ".join(theme.label for theme in activity.themes if theme.label)
    return "\n".join(filter(None, [activity.title, activity.description, labels]))


def activity_sentences(activities: Sequence[Activity], characters_min: int) -> Sentences:
    """The title of each activity, then the sentences of its description."""
    return gather_sentences(
        [
            [activity.title, *split_sentences(activity.description, characters_min)]
            for activity in activities
        ]
    )


def gather_sentences(by_text: Sequence[Sequence[str]]) -> Sentences:
    """The sentences of several texts, each with at least one, in one list."""
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in by_text], dtype=np.int64)])
    return Sentences(tuple(sentence for some in by_text for sentence in some), offsets)


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


class TextIndex:
    """Vectors of texts: one for each whole text, one for each of its sentences."""

    def __init__(
        self,
        whole: Index,
        sentences: Index,
        offsets: npt.NDArray[np.int64],
        sentence_share: float,
    ) -> None:
        self._whole = whole
        self._sentences = sentences
        self._offsets = offsets
        self._sentence_share = sentence_share

    def __len__(self) -> int:
        return len(self._whole)

    def similarities(self, texts: Sequence[WrittenText], rows: Rows) -> list[Similarities]:
        """For each text, of each row: the whole-text cosine mixed with the sentence-level one.

        The sentence-level one takes, for each sentence of the text, the row's best sentence, and
        averages over the sentences of the text. Texts that are asked about together are looked up
        together.
        """
        if not texts:
            return []
        wholes = self._whole.similarities(np.concatenate([one.whole for one in texts]), rows)
        if not self._sentence_share or not len(rows):
            return list(wholes)
        sentence_rows, starts = self._sentence_rows(rows)
        pieces = np.concatenate([one.sentences for one in texts])
        each = self._sentences.similarities(pieces, sentence_rows)
        best = np.maximum.reduceat(each, starts, axis=1)
        until = np.cumsum([len(one.sentences) for one in texts])
        share = self._sentence_share
        return [
            np.round((1 - share) * whole + share * some.mean(axis=0), 9)
            for whole, some in zip(wholes, np.split(best, until[:-1]), strict=True)
        ]

    def likeness(self, vector: Vectors, rows: Rows) -> Similarities:
        """Cosine of one whole text (1, d) with those of ``rows``."""
        cosines: Similarities = self._whole.similarities(vector, rows)[0]
        return cosines

    def best_sentences(self, text: WrittenText, rows: Rows) -> Rows:
        """The number of the sentence of each row that is nearest to any sentence of the text."""
        sentence_rows, starts = self._sentence_rows(rows)
        queries = np.concatenate([text.whole, text.sentences])
        nearest = self._sentences.similarities(queries, sentence_rows).max(axis=0)
        ends = [*starts[1:].tolist(), len(nearest)]
        return np.array(
            [
                sentence_rows[begin + int(np.argmax(nearest[begin:end]))]
                for begin, end in zip(starts.tolist(), ends, strict=True)
            ],
            dtype=np.intp,
        )

    def _sentence_rows(self, rows: Rows) -> tuple[Rows, npt.NDArray[np.int64]]:
        counts = self._offsets[rows + 1] - self._offsets[rows]
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        within = np.arange(counts.sum()) - np.repeat(starts, counts)
        return np.repeat(self._offsets[rows], counts) + within, starts


@dataclass(frozen=True, slots=True)
class EncodedCatalogue:
    """Activities with the vectors of their whole texts (n, d) and of their sentences (s, d)."""

    activities: Sequence[Activity]
    sentences: Sentences
    vectors: AnyVectors
    sentence_vectors: AnyVectors

    def by_text(self) -> VectorOf:
        """Every vector by its text and stated language."""
        texts = map(stated_text, self.activities)
        return vectors_by_text(texts, self.sentences, self.vectors, self.sentence_vectors)


Stated = tuple[str, str | None]
"""A text and the language stated for it."""

VectorOf = dict[Stated, npt.NDArray[np.float32]]


def stated_text(activity: Activity) -> Stated:
    """What an encoder reads of an activity, and in which language."""
    return activity_text(activity), activity.text_language


def vectors_by_text(
    texts: Iterable[Stated], sentences: Sentences, vectors: AnyVectors, sentence_vectors: AnyVectors
) -> VectorOf:
    """The vectors of whole texts and of their sentences, each by what it is of."""
    every = _with_sentences(texts, sentences)
    return dict(zip(every, chain(vectors, sentence_vectors), strict=True))


def encode_catalogue(
    encoder: Encoder,
    activities: Sequence[Activity],
    sentences: Sentences,
    *,
    known: VectorOf | None = None,
    progress: Progress | None = None,
) -> EncodedCatalogue:
    """Encode activities, each different text once.

    A text that is ``known`` in the same stated language keeps its vector, which must come
    from the same encoder. Besides the vectors no more than a part of them is held.
    """
    count, dimensions = len(activities), encoder.identity.dimensions
    whole = np.empty((count, dimensions), dtype=np.float32)
    pieces = np.empty((int(sentences.offsets[-1]), dimensions), dtype=np.float32)
    vector_of = known or {}
    numbers: dict[Stated, int] = {}
    number_at = np.full(count + len(pieces), -1, dtype=np.int64)
    for place, text in enumerate(_with_sentences(map(stated_text, activities), sentences)):
        if (vector := vector_of.get(text)) is None:
            number_at[place] = numbers.setdefault(text, len(numbers))
        elif place < count:
            whole[place] = vector
        else:
            pieces[place - count] = vector
    # The places of each text that is new stand together, in the order of the texts.
    places = np.argsort(number_at, kind="stable")
    number_at = number_at[places]
    for first, vectors in _encode_parts(encoder, list(numbers), progress):
        part = slice(*np.searchsorted(number_at, [first, first + len(vectors)]))
        at, number = places[part], number_at[part] - first
        is_whole = at < count
        whole[at[is_whole]] = vectors[number[is_whole]]
        pieces[at[~is_whole] - count] = vectors[number[~is_whole]]
    return EncodedCatalogue(activities, sentences, whole, pieces)


def _encode_parts(
    encoder: Encoder, texts: Sequence[Stated], progress: Progress | None
) -> Iterator[tuple[int, Vectors]]:
    """The vectors of so many texts at once, with the number of the first."""
    for begin in range(0, len(texts), TEXTS_AT_ONCE):
        part = texts[begin : begin + TEXTS_AT_ONCE]
        yield (
            begin,
            encoder.encode(
                [text for text, _ in part],
                role="activity",
                languages=[language for _, language in part],
                progress=_of_part(progress, begin, len(part), len(texts)) if progress else None,
            ),
        )


def _of_part(progress: Progress, begin: int, count: int, texts: int) -> Progress:
    """What an encoder tells of its part, told of all texts."""

    def told(what: str, done: int, total: int | None) -> None:
        share = done / total if total else 1.0
        progress(what, begin + round(share * count), texts)

    return told


def _with_sentences(texts: Iterable[Stated], sentences: Sentences) -> Iterator[Stated]:
    """Whole texts, then their sentences, each with the language that is stated for it."""
    languages = []
    for text in texts:
        languages.append(text[1])
        yield text
    counts = np.diff(sentences.offsets).tolist()
    of_sentence = (
        code for code, count in zip(languages, counts, strict=True) for _ in range(count)
    )
    yield from zip(sentences.texts, of_sentence, strict=True)
