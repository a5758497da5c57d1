"""How a text and an activity are compared, on vectors that can be worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from making import WordEncoder, make_activity
from spmatch.activity import Activity
from spmatch.contracts import Vectors
from spmatch.indexes import build_index
from spmatch.meaning import (
    EncodedCatalogue,
    TextIndex,
    VectorOf,
    WrittenText,
    activity_sentences,
    activity_text,
    encode_catalogue,
    write_texts,
)


def vectors(*rows: tuple[float, float]) -> Vectors:
    return np.array(rows, dtype=np.float32)


# Activity 0 has the sentences (1, 0) and (0, 1); activity 1 has (0.6, 0.8) alone.
WHOLE = vectors((1, 0), (0.6, 0.8))
SENTENCES = vectors((1, 0), (0, 1), (0.6, 0.8))
OFFSETS = np.array([0, 2, 3])

NEED = WrittenText(whole=vectors((0, 1)), sentences=vectors((0, 1), (1, 0)))


def index_with(sentence_share: float) -> TextIndex:
    return TextIndex(build_index(WHOLE), build_index(SENTENCES), OFFSETS, sentence_share)


def similarities(sentence_share: float, *rows: int) -> list[float]:
    return (
        index_with(sentence_share).similarities([NEED], np.array(rows, dtype=np.intp))[0].tolist()
    )


# Whole and sentences


def test_without_a_sentence_share_the_whole_texts_are_compared() -> None:
    assert similarities(0.0, 0, 1) == pytest.approx([0.0, 0.8], abs=1e-6)


def test_the_sentence_level_takes_the_best_of_the_activity_for_each_of_the_text() -> None:
    # Activity 0: best for (0, 1) is 1, for (1, 0) is 1. Activity 1: 0.8 and 0.6.
    assert similarities(1.0, 0, 1) == pytest.approx([1.0, 0.7], abs=1e-6)


def test_half_and_half_is_the_mean_of_both_levels() -> None:
    assert similarities(0.5, 0, 1) == pytest.approx([0.5, 0.75], abs=1e-6)


def test_a_quarter_of_sentences_leaves_three_quarters_to_the_whole() -> None:
    assert similarities(0.25, 0, 1) == pytest.approx([0.25, 0.775], abs=1e-6)


def test_a_rows_value_does_not_depend_on_the_rows_beside_it() -> None:
    assert similarities(0.5, 1) == [similarities(0.5, 0, 1)[1]]


def test_rows_are_answered_in_the_order_asked() -> None:
    assert similarities(0.5, 1, 0) == similarities(0.5, 0, 1)[::-1]


def test_no_rows_give_no_values() -> None:
    assert similarities(0.5) == []


def test_an_index_has_as_many_rows_as_whole_texts() -> None:
    assert len(index_with(0.5)) == 2


def test_likeness_is_the_cosine_of_the_whole_texts() -> None:
    found = index_with(0.5).likeness(vectors((0, 1)), np.array([0, 1]))
    assert found.tolist() == pytest.approx([0.0, 0.8], abs=1e-6)


# The best sentence


def best_sentences(text: WrittenText, *rows: int) -> list[int]:
    return index_with(0.5).best_sentences(text, np.array(rows)).tolist()


def test_the_best_sentence_is_the_nearest_to_any_sentence_of_the_text() -> None:
    text = WrittenText(whole=vectors((0.8, 0.6)), sentences=vectors((0, 1)))
    assert best_sentences(text, 0) == [1]


def test_the_best_sentence_may_be_the_nearest_to_the_whole_text() -> None:
    text = WrittenText(whole=vectors((1, 0)), sentences=vectors((0.6, 0.8)))
    assert best_sentences(text, 0) == [0]


def test_sentences_are_numbered_through_the_catalogue() -> None:
    assert best_sentences(NEED, 1) == [2]


def test_each_row_has_its_own_best_sentence_in_the_order_asked() -> None:
    assert best_sentences(NEED, 1, 0) == [2, 0]


def test_of_two_that_are_as_near_the_first_is_the_best_sentence() -> None:
    assert best_sentences(NEED, 0) == [0]


# Activities as texts


def test_an_encoder_reads_title_description_and_the_labels_of_themes() -> None:
    activity = make_activity(
        title="Kor",
        description="Vi synger.",
        themes=[{"scheme": "x", "code": "1", "label": "music"}, {"scheme": "x", "code": "2"}],
    )
    assert activity_text(activity) == "Kor\nVi synger.\nmusic"


def test_an_encoder_reads_the_title_alone_where_nothing_else_is_stated() -> None:
    assert activity_text(make_activity(title="Kor")) == "Kor"


def test_the_sentences_of_each_activity_are_counted() -> None:
    some = [
        make_activity("a", title="Kor", description="Vi synger hver mandag. Kaffen er på kanden."),
        make_activity("b", title="Havehold"),
    ]
    sentences = activity_sentences(some, 12)
    own = [
        sentences.texts[a:b] for a, b in zip(sentences.offsets, sentences.offsets[1:], strict=False)
    ]
    assert own[0][-2:] == ("Vi synger hver mandag.", "Kaffen er på kanden.")
    assert own[1] == ("Havehold",)


def test_a_catalogue_without_activities_has_no_sentences() -> None:
    sentences = activity_sentences([], 12)
    assert (sentences.texts, sentences.offsets.tolist()) == ((), [0])


def encoded(some: Sequence[Activity], known: VectorOf | None = None) -> EncodedCatalogue:
    return encode_catalogue(WordEncoder(), some, activity_sentences(some, 12), known=known)


def known_of(some: Sequence[Activity]) -> VectorOf:
    return encoded(some).by_text()


SINGING = make_activity(
    "a", description="Vi synger hver mandag. Kom som du er.", text_language="da"
)
GARDEN = make_activity("b", description="Vi sår og lugter sammen.")


def test_the_vectors_of_a_catalogue_are_those_of_its_texts_and_its_sentences() -> None:
    found = encoded([SINGING, GARDEN])
    texts = [activity_text(one) for one in (SINGING, GARDEN)]
    encoder = WordEncoder()
    assert found.vectors.tolist() == encoder.encode(texts, role="activity").tolist()
    of_sentences = encoder.encode(found.sentences.texts, role="activity")
    assert found.sentence_vectors.tolist() == of_sentences.tolist()


def test_a_catalogue_without_activities_has_no_vectors() -> None:
    assert encoded([]).vectors.shape == (0, WordEncoder.dimensions)


class CountingEncoder(WordEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str | None]] = []

    def encode(
        self, texts: Sequence[str], *, role: Any, languages: Any = None, **options: Any
    ) -> Any:
        self.asked += zip(texts, languages, strict=True)
        return super().encode(texts, role=role, languages=languages, **options)


def asked_of(some: Sequence[Activity], known: VectorOf) -> list[tuple[str, str | None]]:
    encoder = CountingEncoder()
    encode_catalogue(encoder, some, activity_sentences(some, 12), known=known)
    return encoder.asked


def test_a_text_that_is_known_is_not_encoded_again() -> None:
    added = make_activity("c", title="Havehold", description="")
    assert asked_of([SINGING, GARDEN, added], known_of([SINGING, GARDEN])) == [("Havehold", None)]


def test_a_known_text_in_another_stated_language_is_encoded_again() -> None:
    english = SINGING.model_copy(update={"text_language": "en"})
    assert {code for _, code in asked_of([english], known_of([SINGING]))} == {"en"}


def test_known_vectors_make_no_difference() -> None:
    changed = GARDEN.model_copy(update={"description": "Vi høster og syr. Kom som du er."})
    fresh, reused = (
        encoded([changed, SINGING]),
        encoded([changed, SINGING], known_of([SINGING, GARDEN])),
    )
    assert reused.vectors.tolist() == fresh.vectors.tolist()
    assert reused.sentence_vectors.tolist() == fresh.sentence_vectors.tolist()


# Profiles as texts


def test_a_text_of_two_sentences_is_encoded_whole_and_by_sentence() -> None:
    text = "Hun er meget alene. Hun elsker at synge."
    (written,) = write_texts(WordEncoder(), [text], ["da"], 12)
    pieces = [text, "Hun er meget alene.", "Hun elsker at synge."]
    expected = WordEncoder().encode(pieces, role="need")
    assert written.whole.tolist() == expected[:1].tolist()
    assert written.sentences.tolist() == expected[1:].tolist()


def test_a_text_of_one_sentence_is_its_own_whole() -> None:
    (written,) = write_texts(WordEncoder(), ["Hun er alene."], ["da"], 12)
    expected = WordEncoder().encode(["Hun er alene."], role="need").tolist()
    assert written.whole.tolist() == expected
    assert written.sentences.tolist() == expected


def test_several_texts_are_kept_apart() -> None:
    texts = ["Hun er meget alene. Hun sover dårligt.", "At synge.", "Store forsamlinger i haller."]
    together = write_texts(WordEncoder(), texts, ["da"] * 3, 12)
    alone = [write_texts(WordEncoder(), [text], ["da"], 12)[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.whole.tolist() == other.whole.tolist()
        assert one.sentences.tolist() == other.sentences.tolist()


def test_no_texts_are_no_written_texts() -> None:
    assert write_texts(WordEncoder(), [], [], 12) == []


def test_a_written_text_holds_no_text() -> None:
    (written,) = write_texts(WordEncoder(), ["Hun er alene."], ["da"], 12)
    assert "alene" not in repr(written)
