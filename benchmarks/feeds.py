"""Reading of large feeds, and keeping a snapshot in step with one: how long, and how much memory at most.

    python benchmarks/feeds.py [--records 100000] [--keep FOLDER]
    python benchmarks/feeds.py --sync [--records 10000] [--encoder da-en-minilm] [--changed 0.01]

Writes seeded HSDS 3.0 services, all made up, as JSON Lines, as one JSON list, as one page, as pages in a
folder and as CSV tables, and reads each in a process of its own. The memory is that of reading alone: every
activity is dropped once it was counted. "base" is the same process before the first record.

``--sync`` makes a snapshot of the JSON Lines, and then brings it in step with the same services of which a
share has other words, each in a process of its own. The encoder ``hash`` takes next to no time, so that
everything else shows. Seconds are those of the clock and, of this process alone, of the processor.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from spmatch import building, snapshot
from spmatch.activity import Activity
from spmatch.contracts import EncoderIdentity, Vectors
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.readers import find_reader
from spmatch.syncing import sync

SEED = 20_260_101
PAGE = 1_000
KINDS = (
    "Choir",
    "Walk",
    "Chess",
    "Garden",
    "Yoga",
    "Café",
    "Knitting",
    "Football",
    "Art",
    "Cooking",
)
WORDS = (
    "together people everyone town weekly easy new friends tea outside music quiet lively join open"
).split()
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TOWNS = (
    ("2100", "København Ø", 55.707, 12.577),
    ("4000", "Roskilde", 55.642, 12.080),
    ("5000", "Odense C", 55.398, 10.388),
    ("6000", "Kolding", 55.490, 9.472),
    ("7400", "Herning", 56.136, 8.977),
    ("8000", "Aarhus C", 56.154, 10.205),
    ("9000", "Aalborg", 57.048, 9.919),
)


def services(count: int, changed: float = 0.0) -> Iterator[dict[str, Any]]:
    """Made-up services, the same ones for the same numbers; a share ``changed`` has other words."""
    draw = random.Random(SEED)
    redraw = random.Random(SEED + 1)
    for number in range(count):
        kind = draw.choice(KINDS)
        words = " ".join(draw.choices(WORDS, k=60))
        if redraw.random() < changed:
            words += " changed since"
        hour = draw.randrange(8, 20)
        postcode, town, lat, lon = draw.choice(TOWNS)
        yield {
            "id": f"service-{number:07d}",
            "name": f"{kind} no. {number}",
            "description": f"<p>{kind}: {words}.</p>",
            "status": "active",
            "minimum_age": draw.choice((None, 18, 60)),
            "assured_date": f"2026-{draw.randrange(1, 12):02d}-01",
            "fees_description": draw.choice(("", "Pay what you can")),
            "organization": {"id": f"o-{number % 997}", "name": f"Association {number % 997}"},
            "cost_options": [
                {
                    "amount": draw.randrange(0, 90),
                    "currency": "dkk",
                    "amount_description": "per session",
                }
            ],
            "schedules": [
                {
                    "freq": "WEEKLY",
                    "byday": draw.choice(DAYS),
                    "opens_at": f"{hour:02d}:00",
                    "closes_at": f"{hour + 2:02d}:00",
                }
            ],
            "languages": [{"code": "da"}],
            "service_at_locations": [
                {
                    "id": f"l-{number}",
                    "location": {
                        "id": f"p-{number % 4_999}",
                        "location_type": "physical",
                        "name": f"Hall {number % 4_999}",
                        "latitude": round(lat + draw.uniform(-0.02, 0.02), 5),
                        "longitude": round(lon + draw.uniform(-0.03, 0.03), 5),
                        "addresses": [
                            {
                                "address_1": f"Street {draw.randrange(300)}",
                                "postal_code": postcode,
                                "city": town,
                                "address_type": "physical",
                            }
                        ],
                        "accessibility": [{"description": draw.choice(("There is a lift.", ""))}],
                    },
                }
            ],
        }


def write(layout: str, folder: Path, count: int, changed: float = 0.0) -> Path:
    """Write the services in a layout; gives the source."""
    records = services(count, changed)
    if layout == "lines":
        path = folder / "lines.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    elif layout in ("list", "page"):
        path = folder / f"{layout}.json"
        with path.open("w", encoding="utf-8") as file:
            file.write("[" if layout == "list" else f'{{"total_items": {count}, "contents": [')
            for number, record in enumerate(records):
                file.write(",\n" * bool(number) + json.dumps(record, ensure_ascii=False))
            file.write("]" if layout == "list" else "]}")
    elif layout == "pages":
        path = folder / "pages"
        path.mkdir()
        total = -(-count // PAGE)
        for number in range(1, total + 1):
            page = {"total_pages": total, "page_number": number, "last_page": number == total}
            page["contents"] = list(islice(records, PAGE))
            (path / f"page-{number:05d}.json").write_text(json.dumps(page), encoding="utf-8")
    else:
        path = folder / "tables"
        path.mkdir()
        write_tables(path, records)
    return path


def write_tables(folder: Path, records: Iterator[dict[str, Any]]) -> None:
    """Write the services, their schedules and their prices as CSV tables."""
    names = ("services", "schedules", "cost_options")
    files = {
        name: (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") for name in names
    }
    writers: dict[str, csv.DictWriter[str]] = {}
    for record in records:
        rows = {
            "services": {k: v for k, v in record.items() if not isinstance(v, list | dict)}
            | {"organization_id": record["organization"]["id"]},
            "schedules": {"service_id": record["id"], **record["schedules"][0]},
            "cost_options": {"service_id": record["id"], **record["cost_options"][0]},
        }
        for name, row in rows.items():
            if name not in writers:
                writers[name] = csv.DictWriter(files[name], list(row))
                writers[name].writeheader()
            writers[name].writerow(row)
    for file in files.values():
        file.close()


def read(path: Path) -> None:
    """Count what is read, and print it with the time and memory that it took."""
    base = peak_mib()
    start = time.perf_counter()
    reader = find_reader(path)
    activities = problems = 0
    for item in reader.read(path):
        activities += isinstance(item, Activity)
        problems += not isinstance(item, Activity)
    seconds = time.perf_counter() - start
    print(
        f"{activities:>8} activities {problems:>3} problems {seconds:6.1f} s "
        f"{activities / seconds:>7.0f} a second  peak {peak_mib():.0f} MiB (base {base:.0f} MiB)"
    )


class HashEncoder:
    """Vectors as long as those of the default encoder, out of nothing but a digest of each text."""

    identity = EncoderIdentity(name="hash", version="1", sha256="0" * 64, dimensions=384)

    def encode(self, texts: Sequence[str], **_: object) -> Vectors:
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            digest = hashlib.shake_128(text.encode()).digest(self.identity.dimensions)
            vectors[row] = np.frombuffer(digest, dtype=np.int8)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def save(self, directory: Path) -> None:
        directory.mkdir()


def sync_once(source: Path, out: Path, encoder: str) -> None:
    """Bring a snapshot in step, and print what was found with the time and memory that it took."""
    if encoder == "hash":
        building.build_encoder = lambda *_, **__: HashEncoder()  # type: ignore[assignment]
        snapshot.load_encoder = lambda *_, **__: HashEncoder()  # type: ignore[assignment]
    start, busy = time.perf_counter(), time.process_time()
    report = sync([str(source)], out, encoder=encoder)
    print(
        f"{report.activities} activities, {len(report.added)} added, {len(report.changed)} changed: "
        f"{time.perf_counter() - start:.1f} s ({time.process_time() - busy:.1f} s of the processor)  "
        f"peak {peak_mib():.0f} MiB"
    )


def sync_twice(folder: Path, options: argparse.Namespace) -> None:
    for changed in (0.0, options.changed):
        source = write("lines", folder, options.records, changed)
        line = [
            "--out",
            str(folder / "snapshot"),
            "--encoder",
            options.encoder,
            "--read",
            str(source),
        ]
        subprocess.run([sys.executable, __file__, *line], check=True)


def peak_mib() -> float:
    """The most memory that this process ever had, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Here the memory of the process that started this one does not count.
        lines = status.read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="write the feeds here and leave them")
    parser.add_argument("--sync", action="store_true", help="make a snapshot, and bring it in step")
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, help="of the snapshot, or: hash")
    parser.add_argument("--changed", type=float, default=0.01, help="the share with other words")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read and options.out:
        sync_once(options.read, options.out, options.encoder)
        return
    if options.read:
        read(options.read)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if options.sync:
            sync_twice(folder, options)
            return
        for layout in ("lines", "list", "page", "pages", "tables"):
            path = write(layout, folder, options.records)
            files = path.glob("*") if path.is_dir() else [path]
            size = sum(file.stat().st_size for file in files) / 2**20
            print(f"{layout:7} {size:6.0f} MiB", end=" ", flush=True)
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
