"""Profiles a second: one by one, over processes, and over Ray, beside what the encoder alone can do.

    python benchmarks/batch.py [--snapshot DIR] [--profiles 400] [--processes 2] [--ray] [--out FILE]

All in one run, on the same profiles, which are those of the judged collection over and over, each with
a number of its own in its text. Each way runs once before it is measured, but for the start of workers,
which is told apart: from the call to the first answer.
"""

from __future__ import annotations

import argparse
import glob
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spmatch.batch import match_all
from spmatch.matcher import Matcher

ROOT = Path(__file__).parents[1]


def written(count: int) -> list[dict[str, Any]]:
    """Profiles of the judged collection, in turn; each has a text of its own."""
    known = []
    for path in sorted(glob.glob(str(ROOT / "evaluation/collection/profiles_*.jsonl"))):
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            known.append(record.get("profile", record))
    return [
        {**one, "id": str(number), "needs": f"{one.get('needs') or ''} ({number})"}
        for number, one in ((n, known[n % len(known)]) for n in range(count))
    ]


def rate_of(answers: Iterator[Any]) -> tuple[float, float, int]:
    """Seconds to the first answer, answers a second after it, and how many there were."""
    begun = time.perf_counter()
    next(answers)
    first = time.perf_counter()
    count = sum(1 for _ in answers)
    return first - begun, count / (time.perf_counter() - first), count + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshot", type=Path, help="of the example catalogue when not given")
    parser.add_argument("--profiles", type=int, default=400)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--out", type=Path, help="JSON")
    options = parser.parse_args()
    people = written(options.profiles)
    with tempfile.TemporaryDirectory() as folder:
        directory = options.snapshot or Path(folder) / "snapshot"
        if not options.snapshot:
            from spmatch.catalogue import Catalogue

            Matcher.build(Catalogue.read(ROOT / "catalogue/denmark"), threads=1).save(directory)
        matcher = Matcher.load(directory, threads=1)
        responses = [matcher.match(one) for one in people[:50]]
        encoding = sum((one.timing_ms or {})["encode"] for one in responses)
        whole = sum(sum((one.timing_ms or {}).values()) for one in responses)
        ways: dict[str, dict[str, Any]] = {
            "one process": {"processes": 1, "threads": 1},
            f"{options.processes} processes": {"processes": options.processes},
        }
        if options.ray:
            ways[f"Ray, {options.processes} workers"] = {
                "engine": "ray",
                "processes": options.processes,
            }
        rows = []
        for name, how in ways.items():
            first, rate, count = rate_of(iter(match_all(directory, people, **how)))
            rows.append({"way": name, "to_first_s": first, "a_second": rate, "answers": count})
    print(f"{len(people)} profiles, {len(matcher.catalogue)} activities; resolving and encoding is")
    print(f"{encoding / whole:.0%} of a match.\n")
    print("| way | to the first answer, s | answers a second | times one process |")
    print("|---|---|---|---|")
    for row in rows:
        times = row["a_second"] / rows[0]["a_second"]
        print(f"| {row['way']} | {row['to_first_s']:.1f} | {row['a_second']:.1f} | {times:.2f} |")
    if options.out:
        record = {"profiles": len(people), "encode_share": encoding / whole, "ways": rows}
        options.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
