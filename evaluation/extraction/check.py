"""Check the hand-labelled sentences and count them.

Reads the JSON Lines beside this script. Every label is read by the records of `spmatch.activity`
and must come back unchanged, so that a text for a number or a misspelt key is found. Prints the
counts by kind and language. Exits 1 and names every fault: a label that is no fact, a missing note
under an empty label, a concession whose words are not in the sentence, a sentence (almost) twice.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from spmatch.activity import Access, Ages, Cost, FirstVisit, Session
from spmatch.words import Delivery

Line = dict[str, Any]

FOLDER = Path(__file__).resolve().parent
SPLITS = ("development", "test-da", "test-en")
LANGUAGES = ("da", "en")
KEYS = {"id", "language", "text", "facts", "note"}
SHAPES: dict[str, TypeAdapter[Any]] = {
    "cost": TypeAdapter(Cost),
    "ages": TypeAdapter(Ages),
    "sessions": TypeAdapter(list[Session]),
    "access": TypeAdapter(Access),
    "first_visit": TypeAdapter(FirstVisit),
    "delivery": TypeAdapter(Delivery),
}
LABELLED = {
    "cost": {"amount", "currency", "per", "concessions"},
    "sessions": {"day", "start", "end", "every"},
}
"""The fields that the labels use, where they are fewer than those of the record."""
NOT_LABELLED = "in_person"
"""A delivery that nobody states in so many words."""
ALMOST_THE_SAME = 0.75
"""Smallest share of words in common at which two sentences of one language are called the same."""


def main() -> int:
    """Check every file, print what they hold, and give the exit code."""
    lines: list[Line] = []
    faults: list[str] = []
    for split in SPLITS:
        rows, broken = _rows(split)
        faults += broken
        faults += [f"{row['id']}: {fault}" for row in rows for fault in _faults_of(row)]
        print(_table(split, rows))
        lines += rows
    faults += _repeated(lines)
    print("\n".join(faults) if faults else "No faults.")
    return 1 if faults else 0


def _rows(split: str) -> tuple[list[Line], list[str]]:
    rows: list[Line] = []
    faults: list[str] = []
    text = (FOLDER / f"{split}.jsonl").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            faults.append(f"{split}.jsonl, line {number}: {error}")
            continue
        if not isinstance(row, dict) or set(row) != KEYS:
            faults.append(f"{split}.jsonl, line {number}: the keys are not {sorted(KEYS)}")
        elif not isinstance(row["facts"], dict):
            faults.append(f"{split}.jsonl, line {number}: facts is no object")
        elif not all(isinstance(row[key], str) for key in KEYS - {"facts"}):
            faults.append(f"{split}.jsonl, line {number}: id, language, text and note are text")
        else:
            rows.append(row)
    return rows, faults


def _faults_of(row: Line) -> Iterator[str]:
    if row["language"] not in LANGUAGES or f"-{row['language']}-" not in row["id"]:
        yield "the id and the language do not agree"
    if not row["text"].strip():
        yield "there is no text"
    if not row["facts"] and not row["note"]:
        yield "a sentence without facts needs a note that says why"
    for kind, value in row["facts"].items():
        if kind not in SHAPES:
            yield f"{kind} is no kind of fact"
            continue
        yield from _faults_of_fact(kind, value, row["text"])


def _faults_of_fact(kind: str, value: Any, text: str) -> Iterator[str]:
    if value in (None, {}, [], "", NOT_LABELLED):
        yield f"{kind}: a label that states nothing is left out"
        return
    shape = SHAPES[kind]
    try:
        read = shape.dump_python(
            shape.validate_python(value), mode="json", by_alias=True, exclude_unset=True
        )
    except ValidationError as error:
        yield f"{kind}: {error.errors()[0]['msg']}"
        return
    if read != value:
        yield f"{kind}: reads as {read}"
    for part in value if isinstance(value, list) else [value]:
        if kind in LABELLED and not set(part) <= LABELLED[kind]:
            yield f"{kind}: only {sorted(LABELLED[kind])} are labelled"
    if kind == "cost":
        yield from _faults_of_cost(value, text)
    elif kind == "sessions":
        if not all("day" in session for session in value):
            yield "sessions: a time without a day is not labelled"
        if any(session.get("every") == "week" for session in value):
            yield "sessions: every week is left out"
    elif kind in ("access", "first_visit") and None in value.values():
        yield f"{kind}: what is not stated is left out"


def _faults_of_cost(cost: Line, text: str) -> Iterator[str]:
    if "amount" not in cost:
        yield "cost: there is no amount"
    elif (cost["amount"] != 0) != ("currency" in cost):
        yield "cost: a price has a currency, free has none"
    for concession in cost.get("concessions", ()):
        if concession["for"] not in text:
            yield f"cost: {concession['for']} is not in the sentence"


def _table(split: str, rows: list[Line]) -> str:
    counts = Counter(
        (kind, row["language"])
        for row in rows
        for kind in ("sentences", "no fact" if not row["facts"] else "with facts", *row["facts"])
    )
    kinds = ("sentences", "with facts", "no fact", *SHAPES)
    body = [
        f"{kind:<12}" + "".join(f"{counts[kind, language]:>6}" for language in LANGUAGES)
        for kind in kinds
    ]
    return "\n".join([f"{split:<12}" + "".join(f"{one:>6}" for one in LANGUAGES), *body, ""])


def _repeated(lines: list[Line]) -> Iterator[str]:
    ids = Counter(line["id"] for line in lines)
    yield from (f"{one}: the id is used {count} times" for one, count in ids.items() if count > 1)
    words = {id(line): set(re.findall(r"\w+", line["text"].casefold())) for line in lines}
    for one, other in combinations(lines, 2):
        if one["language"] != other["language"]:
            continue
        first, second = words[id(one)], words[id(other)]
        if len(first & second) >= ALMOST_THE_SAME * len(first | second):
            yield f"{one['id']} and {other['id']}: almost the same sentence"


if __name__ == "__main__":
    sys.exit(main())
