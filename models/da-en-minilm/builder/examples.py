"""What the Danish rows learn from: Danish texts with the English that each should mean.

An example's target is the teacher's vector of its English, or a mixture of several such vectors
(the translations of a word, and the gloss of the sense that they share).
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .frames import FRAMES
from .function_words import FUNCTION_WORDS
from .lexicon import Lexicon, simplified
from .sources import EVALUATION_ONLY, read_lines, read_pairs

__all__ = ["Example", "build_examples", "load_examples", "save_examples"]

DEV_SENTENCES = 1000
DEV_DOMAIN_SHARE = 0.12
JOINED = 9000
MIXED = 10000
DOMAIN_JOINED = 1500
LISTS = 18000
GLOSS_SHARE = 0.35
_WORD = re.compile(r"[a-zA-Z]+|[^a-zA-Z]+")


@dataclass(frozen=True)
class Example:
    """A Danish text, the mixture of English texts that it means, and how often it is shown.

    ``shown`` is the expected number of times an epoch; 0.5 means every other epoch.
    """

    danish: str
    english: tuple[tuple[str, float], ...]
    source: str
    shown: float


def plain(text: str) -> str:
    """A text as it is compared for doubles: lower case, letters and digits only."""
    return " ".join(re.findall(r"\w+", text.lower()))


def build_examples(
    parallel: Path, domain: Path, lexicon: Lexicon, seed: int
) -> tuple[list[Example], dict[str, list[tuple[str, str]]]]:
    """Training examples and the held-out development pairs (``sentences``, ``domain``).

    A training sentence that shares its Danish or its English with a development or evaluation
    sentence is left out.
    """
    chance = random.Random(seed)
    sentences = read_pairs(parallel / "pairs_tatoeba.tsv")
    chance.shuffle(sentences)
    dev: dict[str, list[tuple[str, str]]] = {"sentences": [], "domain": []}
    held: set[str] = set()
    for danish, english in sentences:
        if len(dev["sentences"]) == DEV_SENTENCES:
            break
        if len(danish.split()) >= 5 and not {plain(danish), plain(english)} & held:
            dev["sentences"].append((danish, english))
            held |= {plain(danish), plain(english)}
    domain_file = domain / "domain_pairs.tsv"
    pairs = read_pairs(domain_file) if domain_file.exists() else []
    # Drawn by text: a pair's side stays the same when pairs are added.
    drawn = [random.Random(danish).random() < DEV_DOMAIN_SHARE for danish, _ in pairs]
    dev["domain"] = [pair for pair, out in zip(pairs, drawn, strict=True) if out]
    held |= {plain(text) for pair in dev["domain"] for text in pair}
    for source in EVALUATION_ONLY:
        if (parallel / source.file).exists():
            for danish, english in read_pairs(parallel / source.file):
                held |= {plain(danish), plain(english)}

    def kept(some: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [p for p in some if not {plain(p[0]), plain(p[1])} & held]

    tatoeba = kept(sentences)
    gnome = kept(read_pairs(parallel / "pairs_gnome_help.tsv"))
    dev["domain joined"] = [
        (" ".join(d for d, _ in some), " ".join(e for _, e in some))
        for some in (
            chance.sample(dev["domain"], 3) for _ in dev["domain"] if len(dev["domain"]) > 3
        )
    ]
    dense = domain / "dense_pairs.tsv"
    texts = kept(pairs) + (kept(read_pairs(dense)) if dense.exists() else [])
    examples = [Example(d, ((e, 1.0),), "tatoeba", 1.0) for d, e in tatoeba]
    examples += [Example(d, ((e, 1.0),), "gnome", 0.4) for d, e in gnome if len(d) < 600]
    for name, shown in (("pairs_osm_id.tsv", 0.7), ("pairs_cldr.tsv", 0.5)):
        pairs_of = kept(read_pairs(parallel / name))
        examples += [Example(d, ((e, 1.0),), name, shown) for d, e in pairs_of]
    examples += [Example(d, ((e, 1.0),), "domain", 3.0) for d, e in texts]
    examples += _joined(tatoeba, texts, chance)
    examples += _lists(lexicon, chance)
    glosses = _glosses(parallel)
    examples += _words(lexicon, glosses)
    examples += _mixed(lexicon, glosses, texts, tatoeba, chance)
    return examples, dev


def _joined(
    sentences: list[tuple[str, str]], texts: list[tuple[str, str]], chance: random.Random
) -> list[Example]:
    """Two to six sentences in a row: real texts are several sentences long, Tatoeba's are one."""
    examples = []
    for number in range(JOINED):
        some = [chance.choice(sentences) for _ in range(chance.choice((2, 3, 4, 5, 6)))]
        if texts and number % 4 == 0:
            some.insert(chance.randrange(len(some)), chance.choice(texts))
            some = some[:4]
        danish, english = (" ".join(part) for part in zip(*some, strict=True))
        examples.append(Example(danish, ((english, 1.0),), "joined", 1.0))
    for _ in range(DOMAIN_JOINED if len(texts) > 4 else 0):
        some = chance.sample(texts, chance.choice((2, 2, 3, 4)))
        danish, english = (" ".join(part) for part in zip(*some, strict=True))
        examples.append(Example(danish, ((english, 1.0),), "domain joined", 1.0))
    return examples


def _lists(lexicon: Lexicon, chance: random.Random) -> list[Example]:
    """Entries in a row, bare or in a frame: words that no sentence has, beside other words.

    Half of them are domain entries, each used about equally often.
    """
    domain = sorted(lexicon.domain)
    general = [
        word
        for word, meanings in sorted(lexicon.meanings.items())
        if word not in lexicon.domain and meanings[0][1] >= 0.5 * sum(v for _, v in meanings)
    ]
    pools: list[list[str]] = [[], []]

    def drawn() -> str:
        use = 0 if domain and chance.random() < 0.5 else 1
        if not pools[use]:
            pools[use] = list(domain if use == 0 else general)
            chance.shuffle(pools[use])
        return pools[use].pop()

    examples = []
    for number in range(LISTS):
        words = [drawn() for _ in range(chance.choice((1, 2, 3, 3, 4, 5)))]
        meant = [lexicon.meanings[word][0][0] for word in words]
        danish, english = enumerated(words, "og"), enumerated(meant, "and")
        if number % 2 or len(words) == 1:
            frame, same = FRAMES[chance.randrange(len(FRAMES))]
            danish, english = frame.format(danish), same.format(english)
        examples.append(Example(danish, ((english, 1.0),), "lists", 0.6))
    return examples


def enumerated(words: list[str], conjunction: str) -> str:
    """``a, b og c``."""
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _glosses(parallel: Path) -> list[tuple[tuple[str, ...], str]]:
    glosses = []
    for fields in read_lines(parallel / "en_wordnet_glosses.tsv"):
        if len(fields) >= 2:
            lemmas = tuple(lemma.strip().lower() for lemma in fields[0].split(","))
            glosses.append((lemmas, fields[1]))
    return glosses


def _words(lexicon: Lexicon, glosses: list[tuple[tuple[str, ...], str]]) -> list[Example]:
    """Every entry with its translations; the gloss of the sense that they agree on is mixed in.

    A gloss is used where the translation has one sense, or where two translations share it.
    """
    senses: dict[str, list[int]] = defaultdict(list)
    for number, (lemmas, _) in enumerate(glosses):
        for lemma in lemmas:
            senses[lemma].append(number)
    examples = []
    for danish, meanings in lexicon.meanings.items():
        total = sum(vote for _, vote in meanings)
        strong = [(text, vote / total) for text, vote in meanings if vote >= 0.2 * meanings[0][1]]
        target = list(strong)
        agree: Counter[int] = Counter()
        for text, _ in strong:
            agree.update(set(senses.get(simplified(text), ())))
        first = simplified(strong[0][0])
        best = agree.most_common(1)
        if best and danish not in lexicon.domain:
            number, shared = best[0]
            lemmas, gloss = glosses[number]
            if first in lemmas and (shared >= 2 or len(senses[first]) == 1):
                target = [(text, share * (1 - GLOSS_SHARE)) for text, share in strong]
                target.append((f"{first}: {gloss}", GLOSS_SHARE))
        in_domain = danish in lexicon.domain
        source = "domain words" if in_domain else "words"
        examples.append(Example(danish, tuple(target), source, 2.0 if in_domain else 0.7))
    examples += [Example(d, ((e, 1.0),), "function words", 1.0) for d, e in FUNCTION_WORDS]
    return examples


def _mixed(
    lexicon: Lexicon,
    glosses: list[tuple[tuple[str, ...], str]],
    texts: list[tuple[str, str]],
    sentences: list[tuple[str, str]],
    chance: random.Random,
) -> list[Example]:
    """English glosses with their words put into Danish, word by word.

    They show rare words in a sentence. Of several Danish words the more usual one is likelier.
    Glosses that share most words with the domain texts come first; one with several words that
    the dictionary lacks is left out.
    """
    common = Counter(word for danish, _ in sentences for word in plain(danish).split())
    danish_of: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for danish, meanings in lexicon.meanings.items():
        if lexicon.lemma.get(danish, danish) != danish:
            continue
        total = sum(vote for _, vote in meanings)
        for text, vote in meanings:
            share = vote / total * (0.2 + common[danish]) * (5 if danish in lexicon.domain else 1)
            danish_of[simplified(text)].append((danish, share))
    small = {english.lower(): danish for danish, english in reversed(FUNCTION_WORDS)}
    small |= {"the": "den", "a": "en", "an": "en", "is": "er", "are": "er", "by": "af", "it": "det"}

    def into_danish(word: str) -> str | None:
        if word in small:
            return small[word]
        for base in _english_bases(word):
            choices = danish_of.get(base)
            if choices:
                words, votes = zip(*choices, strict=True)
                return str(chance.choices(words, weights=votes)[0])
        return None

    domain_words = Counter(
        w for _, english in texts for w in re.findall(r"[a-z]+", english.lower())
    )
    for phrase in lexicon.domain:
        for text, _ in lexicon.meanings[phrase]:
            domain_words.update(re.findall(r"[a-z]+", text.lower()))
    scored = []
    for lemmas, gloss in glosses:
        words = re.findall(r"[a-z]+", gloss.lower())
        if not 4 <= len(words) <= 28:
            continue
        score = sum(word in domain_words for word in words if word not in small) / len(words)
        scored.append((score + 0.3 * chance.random(), lemmas[0], gloss))
    scored.sort(reverse=True)
    examples: list[Example] = []
    for _, lemma, gloss in scored:
        if len(examples) == MIXED:
            break
        out, missing = [], 0
        english = f"{lemma}: {gloss}"
        for part in _WORD.findall(english.lower()):
            translated = into_danish(part) if part.isalpha() else part
            missing += translated is None
            out.append(translated or part)
        if missing <= len(out) // 12:
            examples.append(Example("".join(out), ((english, 1.0),), "mixed", 0.3))
    return examples


def _english_bases(word: str) -> list[str]:
    bases = [word]
    if word.endswith("ies"):
        bases.append(word[:-3] + "y")
    if word.endswith("es"):
        bases.append(word[:-2])
    if word.endswith("s"):
        bases.append(word[:-1])
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            bases += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                bases.append(stem[:-1])
    if word.endswith("ly"):
        bases.append(word[:-2])
    return bases


def save_examples(
    examples: list[Example], dev: dict[str, list[tuple[str, str]]], path: Path
) -> None:
    """Write both as one JSON file."""
    rows = [[e.danish, e.english, e.source, e.shown] for e in examples]
    path.write_text(json.dumps({"train": rows, "dev": dev}, ensure_ascii=False), encoding="utf-8")


def load_examples(path: Path) -> tuple[list[Example], dict[str, list[tuple[str, str]]]]:
    """Read what :func:`save_examples` wrote."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    examples = [
        Example(d, tuple((str(t), float(w)) for t, w in e), s, float(n))
        for d, e, s, n in stored["train"]
    ]
    dev = {k: [(str(d), str(e)) for d, e in v] for k, v in stored["dev"].items()}
    return examples, dev
