"""Common slips of the keyboard in the words that rules look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from spmatch.safety.patterns import fold
from spmatch.safety.texts import Sentence

SWAP_FROM = 6
"""Letters a word must have for two swapped neighbours to be put right."""
DROP_FROM = 7
"""Letters a word must have for a vowel, or one of two like letters, that was left out."""
VOWELS_FROM = 8
"""Letters a word must have to be known by its consonants alone."""

_VOWELS = "aeiouy"
_NO_VOWELS = str.maketrans("", "", _VOWELS)


class Spelling:
    """Puts a word right when it is a slip of a word that rules look for, and no such word itself."""

    def __init__(self, words: Iterable[str], slips: Mapping[str, str]) -> None:
        """``words`` are folded; ``slips`` from a misspelt word to the right one, a single word each.

        Raises ``ValueError`` for a slip that stands for more than one word.
        """
        for slip, word in slips.items():
            if len(slip.split()) != 1 or len(word.split()) != 1:
                raise ValueError(f"the slip {slip!r} is not one word for another")
        self._known = frozenset(words)
        self._slips = {fold(slip): fold(word) for slip, word in slips.items()}
        self._by_consonants: dict[str, str] = {}
        for word in sorted(self._known):
            for slip in _slips_of(word):
                self._slips.setdefault(slip, word)
            if len(word) >= VOWELS_FROM:
                self._by_consonants.setdefault(_consonants(word), word)

    def mend(self, sentence: Sentence) -> Sentence:
        words = sentence.text.split()
        mended = [self._mend(word) for word in words]
        return sentence if mended == words else Sentence.of(mended, list(sentence.clauses))

    def _mend(self, word: str) -> str:
        if word in self._known:
            return word
        if (right := self._slips.get(word)) is not None:
            return right
        if len(word) < VOWELS_FROM:
            return word
        right = self._by_consonants.get(_consonants(word), word)
        return right if abs(len(right) - len(word)) <= 1 else word


def _slips_of(word: str) -> Iterator[str]:
    if len(word) >= SWAP_FROM:
        for i in range(len(word) - 1):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if len(word) >= DROP_FROM:
        for i in range(1, len(word) - 1):
            if word[i] in _VOWELS or word[i] == word[i - 1]:
                yield word[:i] + word[i + 1 :]


def _consonants(word: str) -> str:
    """The first letter and the consonants after it, double letters once."""
    bare = word[0] + word[1:].translate(_NO_VOWELS)
    return "".join(one for i, one in enumerate(bare) if i == 0 or one != bare[i - 1])
