"""Which language a text is in, by the shipped table."""

from __future__ import annotations

import json

import pytest

from spmatch.languages import LanguageDetector
from spmatch.material import material


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    path = material("models", "da-en-minilm", "language.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    return LanguageDetector(**{field: table[field] for field in LanguageDetector.__slots__})


@pytest.mark.parametrize(
    "text",
    [
        "Han sidder alene hver aften.",
        "Hun passer sin mand og er træt.",
        "ensomhed",
        "sorggruppe",
        "gåtur",
        "Har ondt i ryggen",
        "paaroerende til en dement",
        "strik og kaffe",
    ],
)
def test_danish_is_read_as_danish(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) == "da"


@pytest.mark.parametrize(
    "text",
    [
        "He sits alone every evening.",
        "She looks after her husband and is worn out.",
        "loneliness",
        "walking group",
        "Back pain",
        "knitting and coffee",
    ],
)
def test_english_is_read_as_english(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) == "en"


def test_a_stated_language_is_taken_as_it_is(detector: LanguageDetector) -> None:
    assert detector.detect("Han sidder alene hver aften.", "en") == "en"


def test_swedish_is_read_with_the_danish_words(detector: LanguageDetector) -> None:
    assert detector.detect("the walk", "sv") == "da"


def test_another_stated_language_goes_by_the_words(detector: LanguageDetector) -> None:
    assert detector.detect("He sits alone every evening.", "ar") == "en"


def test_a_text_without_words_is_undecided(detector: LanguageDetector) -> None:
    assert detector.detect("12 34 !") == detector.undecided


def test_a_word_spelled_alike_in_both_is_not_sure(detector: LanguageDetector) -> None:
    assert not detector.is_sure("bowling")


def test_a_plain_sentence_is_sure(detector: LanguageDetector) -> None:
    assert detector.is_sure("Hun savner nogen at drikke kaffe med.")


def test_more_of_one_language_moves_the_score_that_way(detector: LanguageDetector) -> None:
    assert detector.score("hun savner sin mor") > detector.score("hun savner")
