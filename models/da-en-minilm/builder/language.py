"""Which language a text is in: log odds of words, and of letter trigrams for unknown words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["build_language_table", "danish_score"]

WORD = re.compile(r"[^\W\d_]+")
SMOOTHING = 0.3
WORD_LIMIT = 60
TRIGRAM_LIMIT = 40
DANISH_LETTERS = 30
LEAST_COUNT = 3.0


def words_in(text: str) -> list[str]:
    """Lower-case runs of letters, composed (NFC)."""
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def trigrams_of(word: str) -> list[str]:
    """Letter trigrams with the word's borders: ``hus`` → ``^hu``, ``hus``, ``us$``."""
    framed = f"^{word}$"
    return [framed[i : i + 3] for i in range(len(framed) - 2)]


def build_language_table(
    danish: Iterable[tuple[str, float]], english: Iterable[tuple[str, float]]
) -> dict[str, Any]:
    """The table that ``language.json`` holds, from weighted texts of both languages.

    Scores are tenths of a nat, positive for Danish. A text's score is the sum over its words; a
    word outside the table counts the sum over its trigrams, damped and limited.
    """
    counts = [_counted(danish), _counted(english)]
    totals = [sum(c.values()) for c in counts]
    words = {}
    for word in sorted(set(counts[0]) | set(counts[1])):
        here, there = counts[0].get(word, 0.0), counts[1].get(word, 0.0)
        if here + there < LEAST_COUNT:
            continue
        score = _log_odds(here, there, totals)
        words[word] = max(-WORD_LIMIT, min(WORD_LIMIT, round(10 * score)))
    parts = [_trigrams(c) for c in counts]
    totals = [sum(c.values()) for c in parts]
    trigrams = {}
    for part in sorted(set(parts[0]) | set(parts[1])):
        here, there = parts[0].get(part, 0.0), parts[1].get(part, 0.0)
        score = round(10 * _log_odds(here, there, totals))
        if here + there >= 4 * LEAST_COUNT and abs(score) >= 3:
            trigrams[part] = max(-TRIGRAM_LIMIT, min(TRIGRAM_LIMIT, score))
    return {
        "unit": "tenths of a nat, positive for Danish",
        "words": words,
        "trigrams": trigrams,
        "trigram_share": 0.5,
        "unknown_word_limit": TRIGRAM_LIMIT,
        "danish_letters": DANISH_LETTERS,
        "sure": 20,
        "undecided": "da",
    }


def danish_score(text: str, table: Mapping[str, Any]) -> float:
    """Tenths of a nat for Danish against English; 0.0 when nothing speaks for either."""
    words, trigrams = table["words"], table["trigrams"]
    limit = table["unknown_word_limit"]
    score = 0.0
    for word in words_in(text):
        known = words.get(word)
        if known is None:
            own = table["trigram_share"] * sum(trigrams.get(part, 0) for part in trigrams_of(word))
            known = max(-limit, min(limit, own))
            if any(letter in "æøå" for letter in word):
                known = max(known, table["danish_letters"])
        score += known
    return score


def _counted(texts: Iterable[tuple[str, float]]) -> dict[str, float]:
    counted: dict[str, float] = defaultdict(float)
    for text, weight in texts:
        for word in words_in(text):
            counted[word] += weight
    return counted


def _trigrams(words: Mapping[str, float]) -> dict[str, float]:
    """A frequent word's trigrams count by the logarithm: unknown words resemble the rare ones."""
    counted: dict[str, float] = defaultdict(float)
    for word, count in words.items():
        for part in trigrams_of(word):
            counted[part] += math.log1p(count)
    return counted


def _log_odds(here: float, there: float, totals: Sequence[float]) -> float:
    return math.log((here + SMOOTHING) / totals[0]) - math.log((there + SMOOTHING) / totals[1])
