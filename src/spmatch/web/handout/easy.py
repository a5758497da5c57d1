"""The easiest of a provider's own sentences, by LIX. Nothing is reworded.

LIX (C. H. Björnsson, Läsbarhet, 1968) = words a sentence + 100 · words of more than six letters / words.
It was made for Scandinavian languages and orders English texts well too; below 35 a text is easy.
"""

from __future__ import annotations

import re

from spmatch.sentences import split_sentences

LONG_WORD_LETTERS = 7
CHARACTERS_MIN = 12
"""A shorter piece of a text is read with the sentence before it."""

READ_CHARACTERS = 5_000
"""What stands further on is not what an activity is about."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FACT = re.compile(
    r"\d\s*(?:kr|DKK|pm|am|euro)\b|\bkl\.\s*\d|[£€]\s*\d|\S@\S|\d{2} \d{2} \d{2}"
    r"|\bgratis\b|\bfree(?: of charge)?[.!]|\btilmeld|\bsign(?:ing)? up\b|\bhenvisning|\breferral",
    re.I,
)
"""A price, a clock, a number to ring, how to sign up: what stands elsewhere on the page."""
_TIED = re.compile(r"\b(kl\.|\d+\.?) (?=[^\W\d_]|\d+:)")
_LEANS = re.compile(
    r"(?:den|det|de|dem|her|herefter|derefter|så|men|også|derfor|dog|desuden|begge|han|hun|heraf|eller"
    r"|it|they|them|this|that|these|those|but|then|so|also|both|afterwards|he|she|or)\b",
    re.I,
)
"""A sentence that opens so leans on the one before it."""


def lix(text: str, sentences: int = 1) -> float:
    """How hard a text of so many sentences is to read; 0 without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    long = sum(len(word) >= LONG_WORD_LETTERS for word in words)
    return len(words) / max(1, sentences) + 100 * long / len(words)


def easy_words(text: str, characters: int) -> str:
    """How a text begins, then the easiest of its sentences that fit in so many characters, in its order.

    The first sentence says what it is; one that is too long is cut at a word, and an ellipsis says so. A
    sentence that leans on the one before it comes only with that one. Sentences of price, time and signing
    up are left out of the rest: the page says these apart.
    """
    sentences = split_sentences(" ".join(text[:READ_CHARACTERS].split()), CHARACTERS_MIN)
    if not sentences:
        return ""
    if len(sentences[0]) > characters:
        return cut(sentences[0], characters)
    telling = [place for place, one in enumerate(sentences) if place and not _FACT.search(one)]
    chosen = {0}
    for place in sorted(telling, key=lambda place: (lix(sentences[place]), place)):
        wanted = chosen | {place}
        while place and _LEANS.match(sentences[place].lstrip("»\"“'‘(")):
            place -= 1
            wanted.add(place)
        if len(_joined(sentences, wanted)) <= characters:
            chosen = wanted
    return _joined(sentences, chosen)


def cut(text: str, characters: int) -> str:
    """A text of at most so many characters, cut at a word and marked with an ellipsis."""
    if len(text) <= characters:
        return text
    kept = text[: max(0, characters - 1)]
    if " " in kept[characters // 2 :]:
        kept = kept.rsplit(" ", 1)[0]
    return kept.rstrip(" ,;:.–-") + "…"


def tied(text: str) -> str:
    """A text with hard blanks where a line is not to break: "kl. 10:00", "12. januar", "70 kr."."""
    return _TIED.sub("\\1\u00a0", text)


def untied(text: str) -> str:
    """A text with plain blanks: a hard one makes a text message twice as long to send."""
    return text.replace("\u00a0", " ")


def _joined(sentences: list[str], places: set[int]) -> str:
    return " ".join(sentences[place] for place in sorted(places))
