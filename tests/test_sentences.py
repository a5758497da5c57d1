"""Texts into sentences, as providers write them in Danish and English."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmatch.sentences import split_sentences


def test_a_sentence_ends_at_a_full_stop_before_a_capital_letter() -> None:
    text = "Vi synger hver mandag. Kaffen er på kanden."
    assert split_sentences(text, 12) == ["Vi synger hver mandag.", "Kaffen er på kanden."]


@pytest.mark.parametrize("mark", ["!", "?", "…", "?!"])
def test_other_marks_end_a_sentence_too(mark: str) -> None:
    text = f"Kan du lide at synge{mark} Så kom med os."
    assert split_sentences(text, 12) == [f"Kan du lide at synge{mark}", "Så kom med os."]


def test_a_full_stop_before_a_small_letter_ends_nothing() -> None:
    text = "Vi mødes kl. 10 i haven bag kirken."
    assert split_sentences(text, 12) == [text]


@pytest.mark.parametrize("short", ["bl.a.", "f.eks.", "Dr.", "inkl.", "e.g.", "Skt.", "tlf."])
def test_a_capital_after_an_abbreviation_begins_no_sentence(short: str) -> None:
    text = f"Holdet ledes af {short} Andersen hver uge."
    assert split_sentences(text, 12) == [text]


def test_a_name_that_begins_with_a_danish_letter_begins_a_sentence() -> None:
    text = "Vi mødes i haven. Åben for alle i byen. Ældre er velkomne."
    assert split_sentences(text, 12) == [
        "Vi mødes i haven.",
        "Åben for alle i byen.",
        "Ældre er velkomne.",
    ]


def test_closing_quotation_marks_stay_with_their_sentence() -> None:
    text = "Hun siger: »Kom som du er.« Kaffen er på kanden."
    assert split_sentences(text, 12) == ["Hun siger: »Kom som du er.«", "Kaffen er på kanden."]


def test_a_line_break_ends_a_sentence() -> None:
    text = "Torsdage i parken\nvi går en time"
    assert split_sentences(text, 12) == ["Torsdage i parken", "vi går en time"]


@pytest.mark.parametrize("bullet", ["-", "•", "*", "·", "–"])
def test_a_bullet_belongs_to_no_sentence(bullet: str) -> None:
    text = f"Det kan du her:\n{bullet} male med olie\n{bullet} dreje en krukke"
    assert split_sentences(text, 12) == ["Det kan du her:", "male med olie", "dreje en krukke"]


def test_a_bullet_inside_a_line_belongs_to_no_sentence() -> None:
    text = "male med olie • dreje en krukke"
    assert split_sentences(text, 12) == ["male med olie", "dreje en krukke"]


def test_a_short_piece_joins_the_one_before() -> None:
    text = "Vi synger hver mandag. Kom! Kaffen er på kanden."
    assert split_sentences(text, 12) == ["Vi synger hver mandag. Kom!", "Kaffen er på kanden."]


def test_a_short_first_piece_joins_the_next() -> None:
    text = "Kom! Vi synger hver mandag."
    assert split_sentences(text, 12) == ["Kom! Vi synger hver mandag."]


def test_a_piece_of_just_the_least_length_stands_alone() -> None:
    assert split_sentences("Alle kommer. Kaffe gives.", 12) == ["Alle kommer.", "Kaffe gives."]


def test_a_piece_one_short_of_the_least_length_is_joined() -> None:
    assert split_sentences("Alle kommer. Kaffe gives.", 13) == ["Alle kommer. Kaffe gives."]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t "])
def test_a_text_without_content_has_no_sentence(text: str) -> None:
    assert split_sentences(text, 12) == []


def test_a_text_of_one_sentence_is_given_back_stripped() -> None:
    assert split_sentences("  Vi synger hver mandag.  ", 12) == ["Vi synger hver mandag."]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["Vi", "går", "Åben", "kl.", ".", "!", "\n", "ved", "søen"])))
def test_no_word_is_lost_or_moved(words: list[str]) -> None:
    text = " ".join(words)
    assert " ".join(split_sentences(text, 12)).split() == text.split()
