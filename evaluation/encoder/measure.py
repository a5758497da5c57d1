"""Measure an encoder on the held-out sets: nDCG@10, both languages, within and across.

    python evaluation/encoder/measure.py [--encoder NAME|PATH ...] [--stated]

Needs ``spmatch[evaluation]``. Languages are detected unless ``--stated``. Report the two sets apart;
tune nothing on either.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import ir_measures
import numpy as np

from spmatch.contracts import Encoder
from spmatch.encoders import DEFAULT_ENCODER, build_encoder

HERE = Path(__file__).parent
SETS = {"implicit": ("needs.jsonl", "qrels.tsv"), "plain": ("needs_plain.jsonl", "qrels_plain.tsv")}
DIRECTIONS = (("en", "en"), ("da", "da"), ("da", "en"), ("en", "da"))
MEASURE = ir_measures.nDCG @ 10


def read_records(name: str) -> list[dict[str, str]]:
    """The records of a JSON Lines file of this folder."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def read_grades(name: str) -> dict[str, dict[str, int]]:
    """Need id → activity id → grade."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        need, _, activity, grade = line.split()
        grades[need][activity] = int(grade)
    return grades


def measure(encoder: Encoder, needs_file: str, grades_file: str, stated: bool) -> list[float]:
    """Mean nDCG@10 in each of ``DIRECTIONS``, need to activity; ties by the activity's place."""
    activities, needs = read_records("activities.jsonl"), read_records(needs_file)
    grades = read_grades(grades_file)
    ids = [one["id"] for one in activities]
    means = []
    for asked, offered in DIRECTIONS:
        queries = encoder.encode(
            [need[asked] for need in needs],
            role="need",
            languages=[asked if stated else None] * len(needs),
        )
        offers = encoder.encode(
            [one[offered] for one in activities],
            role="activity",
            languages=[offered if stated else None] * len(activities),
        )
        orders = np.argsort(-(queries @ offers.T), axis=1, kind="stable")
        # Places, not cosines, are handed over: no tie is broken elsewhere.
        run = {
            need["id"]: {ids[i]: float(-place) for place, i in enumerate(order)}
            for need, order in zip(needs, orders, strict=True)
        }
        means.append(float(ir_measures.calc_aggregate([MEASURE], grades, run)[MEASURE]))
    return means


def main() -> None:
    parser = argparse.ArgumentParser(description="nDCG@10 on the held-out sets")
    parser.add_argument("--encoder", nargs="+", default=[DEFAULT_ENCODER], metavar="NAME|PATH")
    parser.add_argument("--stated", action="store_true", help="give the language of each text")
    options = parser.parse_args()
    for name in options.encoder:
        encoder = build_encoder(name, ())
        print(encoder.identity.name)
        for title, (needs_file, grades_file) in SETS.items():
            means = measure(encoder, needs_file, grades_file, options.stated)
            columns = ", ".join(
                f"{a}→{b} {mean:.3f}" for (a, b), mean in zip(DIRECTIONS, means, strict=True)
            )
            print(f"  {title}: {columns}")


if __name__ == "__main__":
    main()
