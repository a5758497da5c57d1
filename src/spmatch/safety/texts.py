"""A written text as rules read it: folded words by sentence, each with its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORDS_AT_MOST = 60
"""Longer sentences are read in pieces that overlap, so that no text is slow to read."""
OVERLAP = 20

MASKED = "_"
"""Stands for a word that is not to be read."""

_SENTENCE_END = re.compile(r"[.!?…]+[\"'»«”“)\]]*(?=\s|$)|[;\n\r•·]+")
_PIECE = re.compile(r"\w+|[,:()–—]|(?<=\s)-(?=\s)")


@dataclass(frozen=True, slots=True, repr=False)
class Sentence:
    """Folded words, each followed by one blank, and for each word the number of its clause."""

    text: str
    clauses: tuple[int, ...]

    @classmethod
    def of(cls, words: list[str], clauses: list[int]) -> Sentence:
        return cls("".join(f"{word} " for word in words), tuple(clauses))

    def clause_of(self, start: int) -> int:
        return self.clauses[self.text.count(" ", 0, start)]

    def before(self, start: int, clause: int) -> str:
        """The words of a clause that stand before a place in the text."""
        place = self.text.count(" ", 0, start)
        words = self.text[:start].split()
        return "".join(
            f"{word} "
            for word, own in zip(words, self.clauses[:place], strict=True)
            if own == clause
        )


def read_sentences(folded: str, breaks: frozenset[str]) -> Iterator[Sentence]:
    """The sentences of a folded text; ``breaks`` are words that begin a new clause."""
    for raw in _SENTENCE_END.split(folded):
        words: list[str] = []
        clauses: list[int] = []
        clause = 0
        for piece in _PIECE.findall(raw):
            if not (piece[0].isalnum() or piece[0] == "_"):
                clause += 1
                continue
            clause += piece in breaks
            words.append(piece)
            clauses.append(clause)
        step = WORDS_AT_MOST - OVERLAP
        for begin in range(0, max(1, len(words) - OVERLAP), step):
            end = begin + WORDS_AT_MOST
            if words[begin:end]:
                yield Sentence.of(words[begin:end], clauses[begin:end])
