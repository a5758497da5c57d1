"""The Danish vocabulary: which words are tokens, which tokens share a row, and the tokenizers.

The token ids of the English word pieces stay as they are; Danish tokens follow behind them. A
token is a whole word or a part that compounds are made of, without a mark for its place in the
word, so that ``sorggruppe`` reads as ``sorg`` + ``gruppe``. Rare inflected forms and other
spellings (``paaroerende``) are tokens that share the row of their word: an id is not a row.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from .lexicon import Lexicon

__all__ = ["Vocabulary", "build_vocabulary", "load_vocabulary", "normalizer", "save_vocabulary"]

ENDINGS = ("en", "et", "er", "ne", "erne", "ens", "ets", "ers", "ede", "ende", "te")
LETTER_ENDINGS = ("s", "n", "r", "t", "e")
JOINED_S = ("ing", "hed", "tion", "sion", "dom", "skab", "tet", "ling", "sel", "ion", "ør", "øg")
OWN_ROW_COUNT = 3.0
SPELLINGS = (
    {"æ": "ae", "ø": "oe", "å": "aa"},
    {"æ": "a", "ø": "o", "å": "a"},
)
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Vocabulary:
    """Danish tokens behind ``offset`` English ones.

    tokens:  the Danish tokens; the id of ``tokens[i]`` is ``offset + i``.
    costs:   what a token costs when a word is split (the cheapest split wins).
    row:     for each Danish token the Danish row that it reads, 0-based.
    names:   for each row the token that it is named after.
    """

    offset: int
    tokens: list[str]
    costs: list[float]
    row: npt.NDArray[np.int32]
    names: list[str]

    def row_of_id(self) -> npt.NDArray[np.int32]:
        """For every token id, English ones first, its row in the joint matrix."""
        english = np.arange(self.offset, dtype=np.int32)
        return np.concatenate([english, self.row + np.int32(self.offset)])


def normalizer() -> Any:
    """Lower case, no control characters, Swedish and German letters and accents folded.

    ``å`` survives the removal of accents behind a placeholder; ``æ`` and ``ø`` have none.
    """
    return normalizers.Sequence(
        [
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True
            ),
            normalizers.NFKC(),
            normalizers.Replace("ö", "ø"),
            normalizers.Replace("ä", "æ"),
            normalizers.Replace("å", "\ue000"),
            normalizers.NFD(),
            normalizers.StripAccents(),
            normalizers.Replace("\ue000", "å"),
        ]
    )


def words_of(text: str, normal: Any) -> list[str]:
    """The words of a text as the Danish tokenizer sees them before it splits any."""
    return WORD.findall(normal.normalize_str(text))


def build_vocabulary(
    counts: Mapping[str, float],
    lexicon: Lexicon,
    english_tokens: list[str],
    identical: set[str],
    rows: int,
) -> Vocabulary:
    """Choose tokens and rows.

    counts:     weighted occurrences of each Danish word in the training texts
    identical:  words that stand unchanged in the English of their texts (names): no Danish row
    rows:       the most Danish rows there may be
    """
    normal = normalizer()

    def seen(word: str) -> float:
        return counts.get(word, 0.0)

    def entry(word: str) -> str:
        return str(normal.normalize_str(word))

    lemma_of: dict[str, str] = {}
    entries: set[str] = set()
    domain: set[str] = set()
    for phrase in lexicon.meanings:
        for word in words_of(phrase, normal):
            if phrase in lexicon.domain:
                domain.add(word)
        if WORD.fullmatch(entry(phrase)):
            entries.add(entry(phrase))
    for form, base in lexicon.lemma.items():
        if WORD.fullmatch(entry(form)) and WORD.fullmatch(entry(base)):
            lemma_of[entry(form)] = entry(base)
    english_words = {t for t in english_tokens if WORD.fullmatch(t)}

    # Words of the texts: their lemma is looked up, or found by taking an ending off.
    for word in sorted(set(counts) | domain):
        if word in entries or word in lemma_of:
            continue
        found = lexicon.lemma_of(word)
        if found is not None and entry(found) in entries and entry(found) != word:
            lemma_of[word] = entry(found)
    for word in list(lemma_of):
        base = lemma_of[word]
        lemma_of[word] = lemma_of.get(base, base)
        if lemma_of[word] == word:
            del lemma_of[word]

    def is_name(word: str) -> bool:
        return word in identical and word in english_words and word not in domain

    need: dict[str, float] = {}
    for word in entries:
        if word in lemma_of or (len(word) < 2 and word not in counts):
            continue
        if is_name(word) and seen(word) < OWN_ROW_COUNT:
            continue
        need[word] = 1.0 + seen(word) + (20.0 if word in domain else 0.0)
    for word, count in counts.items():
        if word in lemma_of:
            if count >= OWN_ROW_COUNT:
                need[word] = count
        elif word not in need and not is_name(word):
            need[word] = count - 0.5
    for word in domain:
        if word not in lemma_of:
            need[word] = need.get(word, 0.0) + 20.0
    for ending in (*ENDINGS, *LETTER_ENDINGS):
        need[ending] = need.get(ending, 0.0) + 1000.0
    for word in lemma_of.values():  # a lemma whose forms are used is used
        if word in need:
            need[word] += 0.2
    for form, base in lemma_of.items():
        if base in need:
            need[base] += 0.5 * counts.get(form, 0.0)

    known = {w for w in need if len(w) >= 3} | set(lemma_of)
    for word in list(need):  # a rare compound of known words needs no row of its own
        if len(word) >= 8 and word not in domain and need[word] < 3.0 and _splits(word, known):
            need[word] *= 0.25
    names = sorted(need, key=lambda w: (-need[w], w))[:rows]
    row_of = {word: row for row, word in enumerate(names)}

    tokens: dict[str, int] = dict(row_of)
    for form, base in lemma_of.items():
        if form not in tokens and base in row_of:
            tokens[form] = row_of[base]
    for word in names:
        if word.endswith(JOINED_S) and len(word) > 5 and word + "s" not in tokens:
            tokens[word + "s"] = row_of[word]
    for spelling in SPELLINGS:
        for word in list(tokens):
            other = "".join(spelling.get(letter, letter) for letter in word)
            frequent = seen(word) >= 2 or word in domain or spelling["å"] == "aa"
            if other == word or other in tokens or not frequent:
                continue
            if other in english_words and len(other) <= 3:
                continue
            tokens[other] = tokens[word]
    ordered = sorted(tokens, key=lambda t: (tokens[t], t != names[tokens[t]], t))
    costs = [_cost(token, seen(token)) for token in ordered]
    row = np.array([tokens[token] for token in ordered], dtype=np.int32)
    return Vocabulary(len(english_tokens), ordered, costs, row, names)


def _splits(word: str, known: set[str]) -> bool:
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        if tail in known and (head in known or (head[-1] in "se" and head[:-1] in known)):
            return True
    return False


def _cost(token: str, count: float) -> float:
    """Fewest pieces first; short pieces are dear, so that words split at word borders."""
    frequency = 0.06 * min(math.log1p(count), 8.0)
    if token in ENDINGS:
        return 9.0 - frequency
    if token in LETTER_ENDINGS:
        return 9.5 - frequency
    base = {1: 22.0, 2: 17.0, 3: 12.5}.get(len(token), 10.0)
    return base - frequency - 0.01 * min(len(token), 12)


def _english_cost(token: str) -> float:
    if not token[0].isalpha():
        return 10.0
    return {1: 24.0, 2: 22.0, 3: 17.0}.get(len(token), 13.0)


def danish_tokenizer(
    vocabulary: Vocabulary, english_tokens: Iterable[str], max_tokens: int
) -> Tokenizer:
    """A Unigram tokenizer whose first ids are the English ones.

    English tokens that are spelled like a Danish one are put in brackets, which the
    pre-tokenizer always cuts off: they keep their id and are never reached. The others (names,
    digits, signs, English words) read the English row.
    """
    danish = set(vocabulary.tokens)
    pieces: list[tuple[str, float]] = []
    seen: set[str] = set()
    for token in english_tokens:
        unreachable = token in danish or token.startswith("##")
        piece = f"[{token}" if unreachable or token in seen else token
        seen.add(piece)
        pieces.append((piece, -_english_cost(token)))
    pieces += [(t, -round(c, 2)) for t, c in zip(vocabulary.tokens, vocabulary.costs, strict=True)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=100, byte_fallback=False))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.BertPreTokenizer(),
            pre_tokenizers.Split(Regex(r"\d+"), "isolated"),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", 101), ("[SEP]", 102)],
    )
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return tokenizer


def save_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """Write it as JSON."""
    path.write_text(
        json.dumps(
            {
                "offset": vocabulary.offset,
                "tokens": vocabulary.tokens,
                "costs": vocabulary.costs,
                "row": vocabulary.row.tolist(),
                "names": vocabulary.names,
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )


def load_vocabulary(path: Path) -> Vocabulary:
    """Read what :func:`save_vocabulary` wrote."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Vocabulary(
        stored["offset"],
        stored["tokens"],
        stored["costs"],
        np.array(stored["row"], dtype=np.int32),
        stored["names"],
    )
