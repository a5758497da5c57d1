"""How well and how fast duplicates are folded: the written pairs, and records made from examples.

    python benchmarks/duplicates.py [--records 100000] [--overlap 0.05]

The records are made by moving the activities of the example catalogue about the country, each to a
provider of its own place, in four sources; a share of them stands in a second source too, with the
differences that feeds show (a sentence fewer, no time, another spelling of the provider).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from pathlib import Path

from spmatch.activity import Activity, Place, Provider, Source
from spmatch.catalogue import Catalogue
from spmatch.duplicates import fold, unfold
from spmatch.material import material

PAIRS = Path(__file__).parents[1] / "tests" / "fixtures" / "duplicates"
SOURCES = ("north", "south", "east", "west")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--overlap", type=float, default=0.05)
    options = parser.parse_args()
    judge_pairs()
    records, twice = made(options.records, options.overlap)
    begun = time.perf_counter()
    folding = fold(records)
    seconds = time.perf_counter() - begun
    found = {frozenset((group.kept, *group.folded)) for group in folding.groups}
    right = len(found & twice)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(records)} records folded in {seconds:.1f} s; peak of the process {peak} MiB")
    print(f"{len(twice)} stand twice; {len(found)} groups found, {right} of them right")
    begun = time.perf_counter()
    restored = unfold(folding.activities)
    print(f"unfolded in {time.perf_counter() - begun:.1f} s, {len(restored)} records")


def judge_pairs() -> None:
    right = wrong = missed = 0
    for file in sorted(PAIRS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            both = [Activity.model_validate(pair[name]) for name in ("one", "other")]
            folded = bool(fold(both).groups)
            right += folded and pair["same"]
            wrong += folded and not pair["same"]
            missed += pair["same"] and not folded
    print(
        f"written pairs: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}"
    )


def made(number: int, overlap: float) -> tuple[list[Activity], set[frozenset[str]]]:
    chance = random.Random(7)
    examples = list(Catalogue.read(material("catalogue", "denmark")))
    records: list[Activity] = []
    twice: set[frozenset[str]] = set()
    at = 0
    while len(records) < number:
        example, turn = examples[at % len(examples)], at // len(examples)
        at += 1
        place = example.place or Place()
        if place.lat is not None and place.lon is not None:
            # About a kilometre a step: another street of another town.
            lat = place.lat + 0.01 * (turn % 40)
            place = place.model_copy(update={"lat": lat, "lon": place.lon + 0.01 * (turn // 40)})
        place = place.model_copy(update={"postcode": f"{turn:04}"})
        provider = example.provider or Provider()
        source = chance.choice(SOURCES)
        record = example.model_copy(
            update={
                "id": f"{source}-{at}",
                "place": place if example.place else None,
                "provider": provider.model_copy(
                    update={
                        "name": f"{provider.name} {turn}",
                        "phone": f"{turn:03}{(provider.phone or '')[-5:].replace(' ', '')}0",
                        "email": f"{turn}.{provider.email}" if provider.email else None,
                        "url": f"https://{turn}.{(provider.url or 'none.example')[8:]}",
                    }
                ),
                "source": Source(name=source),
            }
        )
        records.append(record)
        is_placed = record.coordinates is not None or record.delivery in ("online", "phone")
        if is_placed and chance.random() < overlap:
            records.append(told_again(record, chance))
            twice.add(frozenset((record.id, records[-1].id)))
    return records, twice


def told_again(record: Activity, chance: random.Random) -> Activity:
    """The record as another source might state it."""
    source = chance.choice([name for name in SOURCES if not record.id.startswith(name)])
    changes: dict[str, object] = {
        "id": f"{source}-again-{record.id}",
        "source": Source(name=source),
    }
    if chance.random() < 0.5:
        changes["sessions"] = ()
    if chance.random() < 0.5:
        changes["description"] = record.description.rsplit(". ", 1)[0]
    if chance.random() < 0.5 and record.provider:
        name = (record.provider.name or "").upper() + " A/S"
        changes["provider"] = record.provider.model_copy(update={"name": name})
    if chance.random() < 0.5:
        changes["cost"] = None
    return record.model_copy(update=changes)


if __name__ == "__main__":
    main()
