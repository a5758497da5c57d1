"""Danish words, what they mean in English, and which word each inflected form belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from .sources import read_lines, read_pairs

__all__ = ["Lexicon", "read_lexicon", "simplified"]

MOST_TRANSLATIONS = 4
DOMAIN_VOTES = 6.0
_PARENTHESIS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_LEADING = re.compile(r"^(?:to|a|an|the|be|one's|some|of)\s+")
_ENDINGS = (
    "ernes", "erne", "enes", "ene", "ende", "ede", "ers", "ens", "ets", "ere", "est",
    "en", "et", "er", "ne", "es", "te", "e", "s", "t", "r", "n",
)  # fmt: skip


@dataclass
class Lexicon:
    """What is known of each Danish word or phrase.

    ``meanings`` maps an entry (lower case) to its English translations with their votes, the
    strongest first. ``lemma`` maps an inflected form to the entry that it belongs to.
    """

    meanings: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    lemma: dict[str, str] = field(default_factory=dict)
    domain: set[str] = field(default_factory=set)

    def lemma_of(self, word: str) -> str | None:
        """The entry of ``word``: itself, its listed lemma, or what is left without an ending."""
        if word in self.meanings:
            return self.lemma.get(word, word)
        if word in self.lemma:
            return self.lemma[word]
        return _without_ending(word, self.meanings)


def simplified(english: str) -> str:
    """A translation without brackets and leading particles: ``to walk (slowly)`` → ``walk``."""
    text = _PARENTHESIS.sub(" ", english.lower()).strip(" .,:;")
    text = " ".join(text.split())
    for _ in range(3):
        text = _LEADING.sub("", text)
    return text


def read_lexicon(parallel: Path, domain: Path) -> Lexicon:
    """Both dictionaries, the inflected forms and the domain lexicon, joined by votes.

    The first sense of an entry counts most; a translation that both dictionaries give wins.
    """
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    whole: dict[str, list[str]] = defaultdict(list)
    for danish, english in read_pairs(parallel / "pairs_wiktionary_en_da.tsv"):
        votes[danish.lower()][simplified(english)] += 1.0
    for danish, english in read_pairs(parallel / "pairs_wiktionary_da_en.tsv"):
        word = danish.lower()
        whole[english].append(word)
        _vote(votes[word], english)
    lexicon = Lexicon()
    domain_file = domain / "domain_lexicon.tsv"
    if domain_file.exists():
        for danish, english in read_pairs(domain_file):
            word = danish.lower()
            votes[word][english.strip()] += DOMAIN_VOTES
            lexicon.domain.add(word)
    for word, counted in votes.items():
        best = _strongest(counted)
        if best:
            lexicon.meanings[word] = best
    _link_forms(lexicon, parallel / "pairs_wiktionary_da_en_forms.tsv", whole)
    _link_entries(lexicon)
    return lexicon


def _strongest(counted: dict[str, float]) -> list[tuple[str, float]]:
    """The translations with most votes; of equal ones the earlier."""
    ordered = sorted(counted.items(), key=lambda item: -item[1])[:MOST_TRANSLATIONS]
    return [(text, vote) for text, vote in ordered if text]


def _vote(counted: dict[str, float], english: str) -> None:
    for sense_rank, sense in enumerate(_PARENTHESIS.sub(" ", english).split(";")):
        for rank, part in enumerate(sense.split(",")):
            text = simplified(part)
            if text and len(text.split()) <= 5:
                counted[text] += 2.0 / (1 + sense_rank) / (1 + rank)


def _link_forms(lexicon: Lexicon, path: Path, whole: dict[str, list[str]]) -> None:
    for fields in read_lines(path):
        if len(fields) < 2:
            continue
        form, meaning = fields[0].lower(), fields[1]
        if form in lexicon.meanings or " " in form:
            continue
        candidates = [w for w in whole.get(meaning, ()) if _shared(w, form) >= min(3, len(w))]
        if candidates:
            lexicon.lemma[form] = max(candidates, key=lambda w: (_shared(w, form), -len(w), w))
            continue
        base = _without_ending(form, lexicon.meanings)
        if base is not None:
            lexicon.lemma[form] = base
            continue
        counted: dict[str, float] = defaultdict(float)
        _vote(counted, meaning)
        if counted:
            lexicon.meanings[form] = _strongest(counted)


def _link_entries(lexicon: Lexicon) -> None:
    """An entry that is only another entry's inflection (``gruppen``: the group) joins it."""
    for word in list(lexicon.meanings):
        if " " in word or len(word) < 4:
            continue
        base = _without_ending(word, lexicon.meanings)
        if base is None or base == word:
            continue
        mine = {_english_stem(text) for text, _ in lexicon.meanings[word]}
        theirs = {_english_stem(text) for text, _ in lexicon.meanings[base]}
        if mine & theirs:
            lexicon.lemma[word] = base
    for word in list(lexicon.lemma):
        seen = {word}
        base = lexicon.lemma[word]
        while base in lexicon.lemma and base not in seen:
            seen.add(base)
            base = lexicon.lemma[base]
        if base == word:
            del lexicon.lemma[word]
        else:
            lexicon.lemma[word] = base


def _english_stem(text: str) -> str:
    words = [re.sub(r"(?:'s?|ies|es|s|ing|ed|y|e)$", "", word) for word in simplified(text).split()]
    return " ".join(words)


def _without_ending(word: str, known: dict[str, list[tuple[str, float]]]) -> str | None:
    for ending in _ENDINGS:
        if not word.endswith(ending) or len(word) - len(ending) < 3:
            continue
        stem = word[: -len(ending)]
        tries = [stem, stem + "e"]
        if len(stem) > 3 and stem[-1] == stem[-2]:
            tries.append(stem[:-1])
        if len(stem) > 3 and stem[-1] in "lrn":  # himmel → himlen, cykel → cykler
            tries.append(stem[:-1] + "e" + stem[-1])
        for base in tries:
            if base in known and base != word and len(base) >= 3:
                return base
    return None


def _shared(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
