"""BM25 over the texts of a catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from spmatch.columns import Floats
from spmatch.contracts import Rows

K1 = 1.2
B = 0.75
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order; no stemming, and no word is left out."""
    return _WORD.findall(text.casefold())


class BM25:
    """Okapi BM25 with an idf that is never below zero, as Lucene has it.

    score(d, q) = Σ_t qtf · ln(1 + (N − n_t + ½)/(n_t + ½)) · f (k1 + 1) / (f + k1 (1 − b + b |d|/avg))
    over the words t of the query, f being how often d has t (Robertson and Zaragoza, The
    Probabilistic Relevance Framework, 2009; the idf of Lucene's BM25Similarity).
    """

    def __init__(self, texts: Sequence[str], *, k1: float = K1, b: float = B) -> None:
        counts = [Counter(words_of(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        mean_length = float(lengths.mean()) if lengths.any() else 1.0
        self._count = len(texts)
        long = k1 * (1 - b + b * lengths / mean_length)
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, count in enumerate(counts):
            for word, often in count.items():
                postings.setdefault(word, []).append((row, often))
        self._postings: dict[str, tuple[Rows, Floats]] = {}
        for word, found in postings.items():
            rows = np.array([row for row, _ in found], dtype=np.intp)
            times = np.array([number for _, number in found], dtype=np.float64)
            idf = np.log1p((len(texts) - len(found) + 0.5) / (len(found) + 0.5))
            self._postings[word] = (rows, idf * times * (k1 + 1) / (times + long[rows]))

    def scores(self, text: str) -> Floats:
        """One score a text of the catalogue; 0 where no word is shared."""
        found = np.zeros(self._count)
        for word, times in Counter(words_of(text)).items():
            if word in self._postings:
                at, weights = self._postings[word]
                found[at] += times * weights
        return found
