"""The language that safety rules are written in."""

from __future__ import annotations

import pytest

from spmatch.safety.patterns import PatternError, PatternReader, fold

READER = PatternReader({"him": "him, her, his wife"}, frozenset({"not", "never"}))


def matches(pattern: str, text: str) -> bool:
    words = "".join(f"{word} " for word in text.split())
    return READER.read(pattern).first.search(words) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("knife", "a knife there", True),
        ("knife", "a penknife there", False),
        ("knif*", "two knifes", True),
        ("*knife", "a penknife", True),
        ("hit|hits her", "he hits her", True),
        ("(take his | end his) life", "to end his life", True),
        ("take [his own] life", "take life", True),
        ("hits <him>", "he hits his wife", True),
        ("hits <him>", "he hits the ball", False),
        ("hits .. her", "he hits out at her", True),
        ("hits .. her", "he hits one two three four her", False),
        ("hits .. her", "he hits but not her", False),
        ("kill !time", "kill time", False),
        ("kill !(a little)", "kill the hours", True),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(open", "<nobody>", "a?b", "[only | optional]", ")"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        READER.read(pattern)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kærlighed", "kaerlighed"),
        ("ØRE", "oere"),
        ("på", "paa"),
        ("can’t", "cant"),
        ("can't", "cant"),
        ("café", "cafe"),
    ],
)
def test_case_accents_and_apostrophes_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded
