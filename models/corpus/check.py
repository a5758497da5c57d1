"""Check the corpus: labels, duplicates, language, length, balance, and that nothing of it evaluates.

    python models/corpus/check.py

Prints the counts and every fault; the exit status is 1 where there is one. Needs spmatch alone.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from spmatch.encoders.bilingual import BilingualEncoder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NEAR_COPY = 0.45
"""Jaccard likeness of character 5-grams from which two texts are copies of each other."""
WORDS_MAX = 120
THEME_MIN = 12
"""Fewest texts that a theme is central to."""
BUCKETS = 1 << 20


def records(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def full_text(record: dict[str, Any]) -> str:
    """What a record says, title and text."""
    return " ".join(filter(None, [record.get("title"), record["text"]]))


def evaluated_texts() -> Iterator[str]:
    """Every text that something is measured on, or shown as an example."""
    for path in (ROOT / "catalogue" / "denmark").glob("*.jsonl"):
        for one in records(path):
            yield f"{one['title']} {one['description']}"
    for path in (ROOT / "evaluation" / "collection").glob("profiles*.jsonl"):
        for one in records(path):
            yield from filter(None, (one.get(name) for name in ("needs", "interests")))
    for path in (ROOT / "catalogue" / "profiles").glob("*.json"):
        one = json.loads(path.read_text(encoding="utf-8"))
        yield from filter(None, (one.get(name) for name in ("needs", "interests")))
    for path in (ROOT / "evaluation" / "encoder").glob("*.jsonl"):
        for one in records(path):
            yield from (one["da"], one["en"])
    pairs = tomllib.loads((ROOT / "src/spmatch/calibration.toml").read_text(encoding="utf-8"))
    for pair in pairs["pair"]:
        yield from pair.values()


def grams(texts: Sequence[str]) -> csr_matrix:
    """(texts, buckets): which hashed character 5-grams each text holds."""
    rows, columns = [], []
    for row, text in enumerate(texts):
        plain = re.sub(r"\W+", " ", text.casefold())
        held = {hash(plain[i : i + 5]) % BUCKETS for i in range(len(plain) - 4)}
        rows += [row] * len(held)
        columns += held
    ones = np.ones(len(rows), dtype=np.float32)
    return csr_matrix((ones, (rows, columns)), shape=(len(texts), BUCKETS))


def near_copies(
    texts: Sequence[str], others: Sequence[str] | None = None
) -> Iterator[tuple[int, int, float]]:
    """Pairs (row, other row, likeness) of texts that are nearly the same; each pair once."""
    own = grams(texts)
    against = own if others is None else grams(others)
    sizes = np.asarray(against.sum(axis=1)).ravel()
    for start in range(0, own.shape[0], 500):
        block = own[start : start + 500]
        common = (block @ against.T).tocoo()
        mine = np.asarray(block.sum(axis=1)).ravel()
        likeness = common.data / (mine[common.row] + sizes[common.col] - common.data)
        for row, other, like in zip(common.row, common.col, likeness, strict=True):
            if like > NEAR_COPY and (others is not None or start + row < other):
                yield start + int(row), int(other), float(like)


def faults_of(kind: str, found: list[dict[str, Any]], kinds: dict[str, str]) -> Iterator[str]:
    """What is wrong with single records."""
    labels = {
        "needs": {"themes": "", "answers": "activity"},
        "activities": {"themes": "activity", "suits": "need"},
    }
    detector = BilingualEncoder(threads=1)
    seen: set[str] = set()
    for one in found:
        if one["id"] in seen:
            yield f"{one['id']}: used twice"
        seen.add(one["id"])
        for field, wanted in labels[kind].items():
            for code, grade in one[field].items():
                if code not in kinds:
                    yield f"{one['id']}: {field} names {code}, which is no theme"
                elif wanted and kinds[code] != wanted:
                    yield f"{one['id']}: {code} in {field} is a theme of kind {kinds[code]}"
                if grade not in (1, 2):
                    yield f"{one['id']}: grade {grade} of {code}"
        words = len(one["text"].split())
        if not 1 <= words <= WORDS_MAX:
            yield f"{one['id']}: {words} words"
        text = full_text(one)
        if len(text.split()) > 6 and detector.language(text) != one["language"]:
            yield f"{one['id']}: does not read as {one['language']}"


def main() -> int:
    """Print counts and faults; 1 if there are faults."""
    themes = tomllib.loads(
        (ROOT / "catalogue/vocabularies/themes.toml").read_text(encoding="utf-8")
    )
    kinds = {theme["code"]: theme["kind"] for theme in themes["theme"]}
    central: Counter[str] = Counter()
    faults: list[str] = []
    every: list[dict[str, Any]] = []
    for kind in ("needs", "activities"):
        found = records(HERE / f"{kind}.jsonl")
        every += found
        faults += faults_of(kind, found, kinds)
        fields = ("themes", "answers") if kind == "needs" else ("themes", "suits")
        for one in found:
            central.update({c for name in fields for c, grade in one[name].items() if grade == 2})
        lengths = sorted(len(one["text"].split()) for one in found)
        languages = Counter(one["language"] for one in found)
        forms = Counter(one.get("form") for one in found)
        several = sum(len(one["themes"]) > 1 for one in found)
        print(f"{kind}: {len(found)}; {dict(languages)}; {dict(forms)}; several themes: {several}")
        tenth = len(lengths) // 10
        print(
            f"  words: {lengths[tenth]} / {lengths[len(lengths) // 2]} / {lengths[-tenth]} (deciles 1, 5, 9)"
        )
    for code in kinds:
        if central[code] < THEME_MIN:
            faults.append(f"theme {code} is central to {central[code]} texts only")
    counts = sorted(central[code] for code in kinds)
    middle = counts[len(counts) // 2]
    print(
        f"themes: {len(kinds)}; texts a theme: {counts[0]} least, {middle} median, {counts[-1]} most"
    )
    texts = [full_text(one) for one in every]
    for row, other, like in near_copies(texts):
        faults.append(f"{every[row]['id']} and {every[other]['id']} are near copies ({like:.2f})")
    outside = list(evaluated_texts())
    for row, _, like in near_copies(texts, outside):
        faults.append(f"{every[row]['id']} is near a text that evaluates or is shown ({like:.2f})")
    print(f"compared with {len(outside)} texts that evaluate or are shown")
    print("\n".join(faults) or "no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
