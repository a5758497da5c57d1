"""Precision and recall of the facts read out of prose, by kind and language.

A fact counts as right when its whole value is as labelled: amount, currency, period and reductions of
a price, both bounds of an age, every part of a session. A session, and a key of accessibility or of first
visits, is one fact each; a fact that the labels do not hold is wrong. Intervals are Wilson's, 95 %.

python evaluation/extraction/measure.py [--split development|test] [--out FILE] [--faults]
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spmatch.prose import read_facts

HERE = Path(__file__).resolve().parent
KINDS = ("cost", "ages", "sessions", "access", "first_visit", "delivery")
LANGUAGES = ("da", "en")
CERTAINTY = 1.959964
"""Standard errors of a 95 % interval."""

Item = tuple[str, str]
"""Field, and the value as JSON with its keys in order."""


def wilson(right: int, of: int) -> tuple[float, float]:
    """Ends of the 95 % interval of a share; 0 and 1 of nothing."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, CERTAINTY**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = (
        CERTAINTY * math.sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    )
    return max(0.0, middle - reach), min(1.0, middle + reach)


def labelled(facts: dict[str, Any]) -> set[Item]:
    """The facts of a label, one item each."""
    return {
        (field, _written(value))
        for kind, said in facts.items()
        for field, value in _split(kind, said)
    }


def found_in(text: str, language: str) -> set[Item]:
    """The facts that the rules read, in the same form."""
    items = set()
    for fact in read_facts(text, language):
        value: Any = fact.value
        if isinstance(value, tuple):
            items |= {(fact.field, _written(_plain(one))) for one in value}
        else:
            items.add((fact.field, _written(_plain(value))))
    return items


def _split(kind: str, said: Any) -> Iterator[tuple[str, Any]]:
    if said is None:
        return
    if kind in ("access", "first_visit"):
        yield from ((f"{kind}.{key}", value) for key, value in said.items() if value is not None)
    elif kind == "sessions":
        yield from ((kind, one) for one in said)
    else:
        yield kind, said


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _written(value: Any) -> str:
    """One form for each value: nothing that is not stated, weekly as the rule, numbers as numbers."""
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if part not in (None, [], ())}
        if value.get("every") == "week":
            del value["every"]
        value = {key: float(part) if key == "amount" else part for key, part in value.items()}
        for one in value.get("concessions", ()):
            one["for"], one["amount"] = (
                " ".join(one["for"].casefold().rstrip(".").split()),
                float(one["amount"]),
            )
        if value.get("amount") == 0:
            # Free is free in any currency, however often.
            value.pop("currency", None)
            value.pop("per", None)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def measure(rows: list[dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Figures by ``kind language`` (``all`` for both), and the faults in words."""
    counts: Counter[tuple[str, str, str]] = Counter()
    faults = []
    for row in rows:
        truth, found = labelled(row["facts"]), found_in(row["text"], row["language"])
        for name, items in (
            ("right", truth & found),
            ("wrong", found - truth),
            ("missed", truth - found),
        ):
            for field, value in sorted(items):
                kind = field.partition(".")[0]
                for key in (kind, "all"):
                    for language in (row["language"], "all"):
                        counts[key, language, name] += 1
                if name != "right":
                    faults.append(f"{name:6} {row['id']} {field} {value}\n       {row['text']}")
    table = {}
    for kind in (*KINDS, "all"):
        for language in (*LANGUAGES, "all"):
            right, wrong, missed = (
                counts[kind, language, name] for name in ("right", "wrong", "missed")
            )
            table[f"{kind} {language}"] = {
                "right": right,
                "wrong": wrong,
                "missed": missed,
                "precision": right / (right + wrong) if right + wrong else None,
                "precision_interval": wilson(right, right + wrong),
                "recall": right / (right + missed) if right + missed else None,
                "recall_interval": wilson(right, right + missed),
            }
    return table, faults


def _shown(share: float | None, interval: tuple[float, float]) -> str:
    return (
        "      –            "
        if share is None
        else f"{share:.3f} [{interval[0]:.2f}, {interval[1]:.2f}]"
    )


def rows_of(split: str) -> list[dict[str, Any]]:
    """The labelled sentences of a split; those of the test lie in one file for each language."""
    names = [split] if split == "development" else [f"{split}-{language}" for language in LANGUAGES]
    lines = [
        line for name in names for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--split", choices=("development", "test"), default="development")
    parser.add_argument(
        "--out", type=Path, help="where the figures go (default: <split>.json here)"
    )
    parser.add_argument(
        "--faults", action="store_true", help="list every fact that is wrong or missed"
    )
    asked = parser.parse_args()
    rows = rows_of(asked.split)
    table, faults = measure(rows)
    if asked.faults:
        print("\n".join(faults))
    silent = [row for row in rows if not row["facts"]]
    kept = sum(not found_in(row["text"], row["language"]) for row in silent)
    print(
        f"{asked.split}: {len(rows)} texts, {len(silent)} of them without a fact ({kept} left so)"
    )
    print(
        f"{'kind':12} {'':4} {'right':>5} {'wrong':>5} {'missed':>6}  precision            recall"
    )
    for name, one in table.items():
        kind, language = name.split()
        print(
            f"{kind:12} {language:4} {one['right']:5} {one['wrong']:5} {one['missed']:6}  "
            f"{_shown(one['precision'], one['precision_interval'])}   "
            f"{_shown(one['recall'], one['recall_interval'])}"
        )
    out = asked.out or HERE / f"{asked.split}.json"
    held = {
        "split": asked.split,
        "texts": len(rows),
        "without": len(silent),
        "left_silent": kept,
        "kinds": table,
    }
    out.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
