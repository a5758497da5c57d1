"""The dictionary start: every Danish row begins as what its word's translations look like."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from .examples import Example
from .function_words import FUNCTION_WORDS
from .lexicon import Lexicon, simplified
from .vocabulary import Vocabulary, normalizer, words_of

__all__ = ["dictionary_start"]

Floats = npt.NDArray[np.float32]
_SKIP = frozenset("a an the to of for in on at by with and or be is that which from as".split())


def dictionary_start(
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    examples: Sequence[Example],
    english: Tokenizer,
    matrix: Floats,
) -> tuple[Floats, dict[str, int]]:
    """Danish rows (rows, 384) and how many of them came from where.

    A row is the mean of the teacher's word-piece embeddings over the word's translations. A word
    without an entry starts from the English words that stand beside it unusually often in the
    sentences, and failing that from the mean of all rows that have a start.
    """
    normal = normalizer()
    small = {str(normal.normalize_str(d)): e for d, e in reversed(FUNCTION_WORDS)}
    meanings = {str(normal.normalize_str(w)): m for w, m in lexicon.meanings.items()}
    beside = _beside(examples, normal)
    rows = np.zeros((len(vocabulary.names), matrix.shape[1]), dtype=np.float32)
    origin: Counter[str] = Counter()
    for number, word in enumerate(vocabulary.names):
        if word in small:
            choices, kind = [(small[word], 1.0)], "function word"
        elif word in meanings:
            choices, kind = meanings[word], "dictionary"
        elif word in beside:
            choices, kind = beside[word], "sentences"
        else:
            base = lexicon.lemma_of(word)
            choices, kind = meanings.get(base or "", []), "lemma"
        vector = _mean(choices, english, matrix)
        if vector is None:
            origin["none"] += 1
        else:
            rows[number] = vector
            origin[kind] += 1
    empty = ~rows.any(axis=1)
    rows[empty] = rows[~empty].mean(axis=0)
    return rows, dict(origin)


def _mean(
    choices: Sequence[tuple[str, float]], english: Tokenizer, matrix: Floats
) -> Floats | None:
    total = np.zeros(matrix.shape[1], dtype=np.float64)
    weight = 0.0
    for text, vote in choices:
        words = [w for w in simplified(text).split() if w not in _SKIP] or [text]
        ids = english.encode(" ".join(words), add_special_tokens=False).ids
        if ids:
            total += vote * matrix[ids].mean(axis=0)
            weight += vote
    return np.asarray(total / weight, dtype=np.float32) if weight else None


def _beside(examples: Sequence[Example], normal: object) -> dict[str, list[tuple[str, float]]]:
    """For each Danish word the English words that it shares sentences with most (Dice)."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    danish_count: Counter[str] = Counter()
    english_count: Counter[str] = Counter()
    for example in examples:
        if example.source not in {"tatoeba", "gnome", "pairs_osm_id.tsv", "domain"}:
            continue
        danish = set(words_of(example.danish, normal))
        english = set(words_of(example.english[0][0], normal)) - _SKIP
        danish_count.update(danish)
        english_count.update(english)
        for word in danish:
            together[word].update(english)
    best: dict[str, list[tuple[str, float]]] = {}
    for word, counted in together.items():
        scored = [
            (other, 2 * both / (danish_count[word] + english_count[other]))
            for other, both in counted.items()
        ]
        scored.sort(key=lambda pair: (-pair[1], pair[0]))
        if scored:
            best[word] = scored[:2]
    return best
