"""Measures what is avoided and what is refused, on the lines of this folder.

python evaluation/avoid/measure.py [development] [test] ...
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from spmatch.aversions import aversion_shares, read_aversions
from spmatch.refusals import split_refusals

FOLDER = Path(__file__).parent
HALVES = ("development", "test", "second_development", "second_test")
FOUND_FROM = 0.6
"""Share of the words of a refusal."""


def read_lines(half: str, name: str) -> list[list[str]]:
    text = (FOLDER / half / f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def measure_avoid(half: str, language: str) -> dict[str, float]:
    """Share of the activities to be pushed down that are, and of those to be kept that are."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for code, avoid, wanted, title, description in read_lines(half, "avoid"):
        if code == language:
            share = aversion_shares(
                read_aversions(avoid, code), [f"{title}\n{description}"], [code]
            )
            asked[wanted] += 1
            right[wanted] += ("push" if share[0] else "keep") == wanted
    return {wanted: right[wanted] / asked[wanted] for wanted in ("push", "keep")}


def measure_refusals(half: str, language: str) -> dict[str, float]:
    """Precision and recall of refusals, and texts wrongly read as refusing.

    A refusal is found where three in five of its words are taken out, and what is taken out is right
    where it shares a word with the refusal: where a clause begins and ends is a matter of taste.
    """
    found = right = met = wanted = false = 0
    for code, text, refused in read_lines(half, "negation"):
        if code == language:
            said = split_refusals(text, code).refused
            words = set(refused.casefold().split())
            taken = {word for clause in said for word in clause.casefold().split()}
            found += len(said)
            right += sum(bool(words & set(clause.casefold().split())) for clause in said)
            wanted += bool(refused)
            met += bool(refused) and len(words & taken) >= FOUND_FROM * len(words)
            false += bool(said) and not refused
    precision = right / found if found else 1.0
    return {"precision": precision, "recall": met / wanted, "false_texts": float(false)}


def measure(half: str, language: str) -> dict[str, float]:
    return measure_avoid(half, language) | measure_refusals(half, language)


def main() -> None:
    for half in sys.argv[1:] or HALVES:
        for language in ("da", "en"):
            figures = measure(half, language)
            shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
            print(f"{half:18} {language}  {shown}")


if __name__ == "__main__":
    main()
