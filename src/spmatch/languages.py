"""Which language a text is in, Danish or English, by its words and its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TextLanguage = Literal["da", "en"]

_WORD = re.compile(r"[^\W\d_]+")
# Written languages near enough to Danish that its words serve them better than English ones.
_LIKE_DANISH = frozenset({"da", "no", "nb", "nn", "sv", "fo"})


@dataclass(frozen=True, slots=True)
class LanguageDetector:
    """Log odds of Danish against English, in tenths of a nat, summed over the words of a text.

    A word outside ``words`` counts the sum over its letter ``trigrams``, damped by
    ``trigram_share`` and held within ``unknown_word_limit``; a word with æ, ø or å counts at least
    ``danish_letters``. A text whose score stays below ``sure`` either way is not sure.
    """

    words: Mapping[str, float]
    trigrams: Mapping[str, float]
    trigram_share: float
    unknown_word_limit: float
    danish_letters: float
    sure: float
    undecided: TextLanguage

    def score(self, text: str) -> float:
        """Above zero for Danish, below for English, zero when nothing speaks for either."""
        found = 0.0
        for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
            known = self.words.get(word)
            found += self._score_by_letters(word) if known is None else known
        return found

    def detect(self, text: str, stated: str | None = None) -> TextLanguage:
        """The language to read a text in.

        A stated Danish or English is taken as it is, and so is Norwegian, Swedish or Faroese as
        Danish; any other language, or none stated, goes by the words; ``undecided`` when nothing
        speaks for either.
        """
        if stated == "en":
            return "en"
        if stated in _LIKE_DANISH:
            return "da"
        score = self.score(text)
        if score == 0:
            return self.undecided
        return "da" if score > 0 else "en"

    def is_sure(self, text: str) -> bool:
        """Whether the words speak clearly for one of the two."""
        return abs(self.score(text)) >= self.sure

    def _score_by_letters(self, word: str) -> float:
        framed = f"^{word}$"
        parts = (framed[i : i + 3] for i in range(len(framed) - 2))
        own = self.trigram_share * sum(self.trigrams.get(part, 0.0) for part in parts)
        score = max(-self.unknown_word_limit, min(self.unknown_word_limit, own))
        if any(letter in "æøå" for letter in word):
            score = max(score, self.danish_letters)
        return score
