"""What an update costs beside a rebuild, by the size of the catalogue and the number of changes.

    python -m benchmarks.updates [--sizes 10000,100000] [--changes 10,1000] [--dimensions 384] [--rebuild]

To be started in the folder of the clone. The catalogue is that of ``catalogue/denmark`` again and again,
each time elsewhere in the country, on disk as a snapshot is. Texts are encoded by hashing, which costs
nothing: what an encoder takes comes on top, and is the same for both. Times are those of the processor, on
one thread. Writes a Markdown table.
"""

from __future__ import annotations

from benchmarks.search.threads import limit_threads

limit_threads()

import argparse  # noqa: E402
import gc  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import zlib  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from random import Random  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from benchmarks.search.memory import held_bytes  # noqa: E402

from spmatch.activity import Activity  # noqa: E402
from spmatch.building import build_snapshot  # noqa: E402
from spmatch.catalogue import Catalogue  # noqa: E402
from spmatch.config import Config  # noqa: E402
from spmatch.contracts import EncoderIdentity, Vectors  # noqa: E402
from spmatch.matcher import Matcher  # noqa: E402
from spmatch.meaning import Sentences, activity_sentences, encode_catalogue  # noqa: E402
from spmatch.records import Lines, Records, Texts, write_lines  # noqa: E402
from spmatch.remarks import Remarks  # noqa: E402
from spmatch.snapshot import Snapshot  # noqa: E402

TOWN = Path(__file__).resolve().parents[1] / "catalogue" / "denmark"
PROFILE = {
    "origin": {"lat": 57.0488, "lon": 9.9217},
    "must": {"distance_km": 10, "cost": {"amount": 100, "currency": "DKK", "per": "month"}},
    "needs": "Vil gerne synge sammen med andre.",
    "text_language": "da",
}
TIMES = 5
REBUILT_AT_MOST = 100_000
"""A rebuild holds every record in memory."""


class HashEncoder:
    """Vectors at random, by the text."""

    def __init__(self, dimensions: int) -> None:
        self.identity = EncoderIdentity(
            name="hash", version="1", sha256="0" * 64, dimensions=dimensions
        )
        rows = np.random.default_rng(0).standard_normal((4096, dimensions), dtype=np.float32)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str], **how: Any) -> Vectors:
        found: Vectors = self._rows[[zlib.crc32(text.encode()) % 4096 for text in texts]]
        return found

    def save(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)


def make_snapshot(size: int, town: Snapshot, folder: Path) -> Snapshot:
    """A town again and again, its records and sentences in files, each time moved by some kilometres."""
    rows = np.arange(size) % len(town.catalogue)
    random = np.random.default_rng(1)
    columns = town.columns.take(rows)
    columns = replace(
        columns,
        lat=columns.lat + random.uniform(-1.5, 1.0, size),
        lon=columns.lon + random.uniform(-1.0, 2.5, size),
        providers=tuple(
            f"{time:05} {name}"
            for time in range(-(-size // len(town.catalogue)))
            for name in town.columns.providers
        ),
        provider=np.where(
            columns.provider < 0,
            -1,
            columns.provider + np.arange(size) // len(town.catalogue) * len(town.columns.providers),
        ).astype(np.int32),
    )
    digests = bytearray()

    def lines() -> Iterator[str]:
        written = [one.model_dump_json(exclude_defaults=True) for one in town.catalogue]
        rest = [line[line.index('",') :] for line in written]
        for number in range(size):
            line = f'{{"id":"{number:08}{rest[number % len(rest)]}'
            digests.extend(hashlib.sha256(line.encode()).digest())
            yield line

    places = write_lines(folder / "activities.jsonl", lines())
    groups = [
        list(town.sentences.texts[begin:end])
        for begin, end in zip(town.sentences.offsets, town.sentences.offsets[1:], strict=False)
    ]
    each = [json.dumps(group, ensure_ascii=False) for group in groups]
    sentence_places = write_lines(
        folder / "sentences.jsonl", (each[number % len(each)] for number in range(size))
    )
    counts = np.diff(town.sentences.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    dimensions = town.encoder.identity.dimensions
    records = Records(Lines(folder / "activities.jsonl", places))
    texts = Texts(Lines(folder / "sentences.jsonl", sentence_places), offsets)
    hashes = np.frombuffer(bytes(digests), dtype=np.uint8).reshape(size, -1)
    catalogue = Catalogue.kept(records, id="country", hash="made up", digests=hashes)

    def vectors(name: str, count: int) -> Vectors:
        file = folder / f"{name}.npy"
        array = np.lib.format.open_memmap(file, "w+", np.float32, (count, dimensions))
        for begin in range(0, count, 65_536):
            part = random.standard_normal(array[begin : begin + 65_536].shape, dtype=np.float32)
            array[begin : begin + 65_536] = part / np.linalg.norm(part, axis=1, keepdims=True)
        array.flush()  # type: ignore[attr-defined]
        del array
        return np.asarray(np.load(file, mmap_mode="r"))

    return replace(
        town,
        catalogue=catalogue,
        sentences=Sentences(texts, offsets),
        vectors=vectors("vectors", size),
        sentence_vectors=vectors("sentence_vectors", int(offsets[-1])),
        columns=columns,
        remarks=Remarks(records, np.ascontiguousarray(town.remarks.all()[rows])),
    )


def make_changes(matcher: Matcher, count: int, random: Random) -> tuple[list[Activity], list[str]]:
    """Facts of four in ten, texts of three, two that are new, and one that goes."""
    size = len(matcher.catalogue)
    changed, withdrawn = [], []
    for number, row in enumerate(random.sample(range(size), count)):
        one = matcher.catalogue.activities[row]
        match number % 10:
            case 0 | 1 | 2 | 3:
                languages = ("da", random.choice(["en", "so", "ar", "uk", "pl"]))
                other = {"languages": languages, "verified_on": "2026-11-02"}
            case 4 | 5 | 6:
                other = {"description": f"{one.description} Nyt hold nummer {random.random()}."}
            case 7 | 8:
                other = {"id": f"{one.id}-{random.random()}", "title": f"Ny {one.title}"}
            case _:
                withdrawn.append(one.id)
                continue
        changed.append(Activity.model_validate({**one.model_dump(by_alias=True), **other}))
    return changed, withdrawn


def seconds(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """The middle one of some times, of the processor alone, and what came of it."""
    taken, found = [], None
    for _ in range(times):
        found = None
        gc.collect()
        began = time.process_time()
        found = work()
        taken.append(time.process_time() - began)
    return sorted(taken)[len(taken) // 2], found


def told(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 2 else f"{value:,.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.updates", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    numbers = lambda text: [int(one) for one in text.split(",")]  # noqa: E731
    parser.add_argument("--sizes", type=numbers, default="10000,100000")
    parser.add_argument("--changes", type=numbers, default="10,1000,10000")
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--rebuild", action="store_true", help="also build anew, up to 100,000")
    options = parser.parse_args()
    encoder = HashEncoder(options.dimensions)
    town = build_snapshot(Catalogue.read(TOWN), encoder, Config.default())
    print("| activities | changes | time | a search, before and after | memory more | work |")
    print("|---|---|---|---|---|---|")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="spmatch-updates-") as folder:
            measure(make_snapshot(size, town, Path(folder)), options.changes, options.rebuild)


def measure(snapshot: Snapshot, counts: Sequence[int], rebuild: bool) -> None:
    size = len(snapshot.catalogue)
    anew, matcher = seconds(lambda: Matcher(snapshot))
    search = lambda one: seconds(lambda: one.match(PROFILE), 7)[0]  # noqa: E731
    search(matcher)
    random = Random(3)
    after = matcher
    for count in counts:
        if count > size // 2:
            continue
        changed, withdrawn = make_changes(matcher, count, random)
        characters_min = Config.default().text.sentence_characters_min
        sentences = activity_sentences(changed, characters_min)
        encoded = encode_catalogue(snapshot.encoder, changed, sentences)
        for given, how in ((changed, "update"), (encoded, "update, vectors given")):
            after = matcher  # the one of the last count is let go of
            held = held_bytes() or 0
            taken, after = seconds(lambda: matcher.updated(given, withdrawn), TIMES)  # noqa: B023
            more = ((held_bytes() or 0) - held) / 1e6
            print(
                f"| {size:,} | {count:,} | {told(taken)} | {told(search(matcher))}, "
                f"{told(search(after))} | {more:,.0f} MB | {how} |",
                flush=True,
            )
    held = held_bytes() or 0
    taken, merged = seconds(after.merged)
    more = ((held_bytes() or 0) - held) / 1e6
    print(f"| {size:,} | | {told(taken)} | {told(search(merged))} | {more:,.0f} MB | merge |")
    print(f"| {size:,} | | {told(anew)} | | | facts alone anew |", flush=True)
    if rebuild and size <= REBUILT_AT_MOST:
        activities = list(after.catalogue)
        taken, _ = seconds(lambda: Matcher.build(activities, encoder=snapshot.encoder, reuse=after))
        print(f"| {size:,} | | {told(taken)} | | | rebuild |", flush=True)


if __name__ == "__main__":
    main()
