"""Many clients at once on a real service: how long each waits, and what happens when things change meanwhile.

    python benchmarks/service_load.py [--clients 64] [--seconds 60] [--workers 2]

Starts `spmatch serve` on loopback, lets every client ask one match after the other (example persons, encoding
included), swaps the snapshot after a third of the time and kills a worker after two thirds. Every answer is
compared with that of the library for the catalogue that answered. Clients share the machine's cores with the
service: with as many cores as workers these are not the latencies of a machine of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from served import served

from spmatch.catalogue import Catalogue
from spmatch.matcher import Matcher
from spmatch.material import material

K = 5


@dataclass
class Seen:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[float] = field(default_factory=list)
    wrong: int = 0
    by_catalogue: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options, Path(folder) / "snapshot")


def measure(options: argparse.Namespace, snapshot: Path) -> None:
    people = [
        path.read_bytes() for path in sorted(material("catalogue", "profiles").glob("*.json"))
    ]
    whole = Matcher.build(Catalogue.read(material("catalogue", "denmark")))
    fewer = Matcher.build(Catalogue(list(whole.catalogue)[::2], id="half"), reuse=whole)
    right = {
        matcher.catalogue.hash: [answered(matcher, json.loads(one)) for one in people]
        for matcher in (whole, fewer)
    }
    whole.save(snapshot)
    with served(snapshot, "--workers", str(options.workers)) as (port, parent):
        # One worker answers; the others are to be ready as well.
        time.sleep(8)
        asyncio.run(scene(options, port, parent, people, right, lambda: fewer.save(snapshot)))


async def scene(options, port, parent, people, right, swap) -> None:  # type: ignore[no-untyped-def]
    seen = Seen()
    begun = time.perf_counter()
    end = begun + options.seconds
    clients = [
        asyncio.create_task(keep_asking(number, port, people, right, end, seen))
        for number in range(options.clients)
    ]
    memory = {"begin": megabytes(parent)}
    await asyncio.sleep(options.seconds / 3)
    memory["before the swap"] = megabytes(parent)
    await asyncio.to_thread(swap)
    await asyncio.sleep(options.seconds / 3)
    memory["after the swap"] = megabytes(parent)
    killed_at = time.perf_counter() - begun
    os.kill(workers_of(parent)[0], signal.SIGKILL)
    await asyncio.gather(*clients)
    memory["end"] = megabytes(parent)
    took = time.perf_counter() - begun
    ordered = sorted(seen.seconds)
    cuts = statistics.quantiles(ordered, n=100)
    print(
        f"{options.clients} clients, {options.workers} workers, {os.cpu_count()} cores, {took:.0f} s"
    )
    print(
        f"answers {len(ordered)} ({len(ordered) / took:.1f} a second), statuses {dict(seen.statuses)}"
    )
    print(
        f"latency s: median {cuts[49]:.2f}, 90 % {cuts[89]:.2f}, 95 % {cuts[94]:.2f}, "
        f"99 % {cuts[98]:.2f}, most {ordered[-1]:.2f}"
    )
    print(f"wrong answers {seen.wrong}; by catalogue {sorted(seen.by_catalogue.values())}")
    late = [round(one - begun - killed_at, 2) for one in seen.broken]
    print(
        f"connections broken {len(late)}, seconds after the kill at {killed_at:.0f} s: {late[:3]} …"
    )
    print("memory of the workers, MB:", memory)


async def keep_asking(number, port, people, right, end, seen) -> None:  # type: ignore[no-untyped-def]
    turn = number
    while time.perf_counter() < end:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while time.perf_counter() < end:
                who = turn % len(people)
                turn += 1
                begun = time.perf_counter()
                status, answer = await ask(reader, writer, people[who])
                seen.seconds.append(time.perf_counter() - begun)
                seen.statuses[status] += 1
                if status == 200:
                    catalogue = answer["catalogue"]["hash"]
                    seen.by_catalogue[catalogue] += 1
                    seen.wrong += told(answer) != right[catalogue][who]
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            seen.broken.append(time.perf_counter())


async def ask(reader, writer, body) -> tuple[int, dict]:  # type: ignore[no-untyped-def, type-arg]
    head = (
        f"POST /v1/match?k={K} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    top = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(
        int(line.split(":")[1])
        for line in top.splitlines()
        if line.lower().startswith("content-length")
    )
    return int(top.split()[1]), json.loads(await reader.readexactly(length))


def answered(matcher: Matcher, person: dict[str, object]) -> list[tuple[str, float]]:
    return told(json.loads(matcher.match(person, k=K).to_json()))


def told(answer) -> list[tuple[str, float]]:  # type: ignore[no-untyped-def]
    return [(one["activity"]["id"], one["score"]) for one in answer["suggestions"]]


def workers_of(parent: int) -> list[int]:
    """The worker processes: the children that have loaded much, not the helper that counts resources."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True
    ).stdout
    return [pid for pid in map(int, children.split()) if _resident_mb(pid) > 60]


def megabytes(parent: int) -> list[int]:
    return [_resident_mb(pid) for pid in workers_of(parent)]


def _resident_mb(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    main()
