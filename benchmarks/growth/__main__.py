"""How the cost of a search grows, on one thread: with activities, with the radius, with the batch.

    python -m benchmarks.growth [--quick] [--out DIR] [--only activities,radius,batch]

To be started in the folder of the clone. Writes JSON, Markdown tables and a plot. Within each curve
everything takes turns in one run, so that times may be set against each other.
"""

from __future__ import annotations

from benchmarks.search.threads import limit_threads

limit_threads()

import argparse  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from benchmarks.growth.report import write_report  # noqa: E402
from benchmarks.growth.searching import RADII_KM, along_activities, along_radius  # noqa: E402
from benchmarks.growth.seats import SeatError  # noqa: E402
from benchmarks.growth.together import along_batch  # noqa: E402
from benchmarks.search.engines import ENGINES  # noqa: E402

RESULTS = Path(__file__).resolve().parents[1] / "results"
CURVES = ("activities", "radius", "batch")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", type=_numbers, default="1000,10000,100000,1000000")
    parser.add_argument("--batches", type=_numbers, default="1,10,100,1000,10000")
    parser.add_argument(
        "--batches-of-texts", type=_numbers, default="1,10,100,1000,10000", metavar="BATCHES"
    )
    parser.add_argument("--activities", type=int, default=100_000, help="for radius and batch")
    parser.add_argument("--engines", default="ours,numpy", help=f"some of {', '.join(ENGINES)}")
    parser.add_argument("--searches", type=int, default=200, help="people who search")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is repeated")
    parser.add_argument("--memory", type=float, default=6.0, help="GB that all may hold together")
    parser.add_argument("--only", default=",".join(CURVES), help="some of the three curves")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--quick", action="store_true", help="small sizes, in two minutes")
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.activities, options.rounds = [1_000, 10_000, 50_000], 10_000, 3
        # Without texts: building the example catalogue alone takes half a minute.
        options.batches, options.batches_of_texts = [1, 10, 100, 1_000], []
    engines, only = options.engines.split(","), options.only.split(",")
    if unknown := [*(set(engines) - set(ENGINES)), *(set(only) - set(CURVES))]:
        parser.error(f"not known: {', '.join(unknown)}")
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {line}", flush=True)

    curves = []
    try:
        for key in CURVES:
            if key not in only:
                continue
            with tempfile.TemporaryDirectory(prefix="spmatch-benchmark-") as stored:
                folder, rounds = Path(stored), options.rounds
                if key == "batch":
                    curve = along_batch(
                        options.batches,
                        folder,
                        activities=options.activities,
                        sizes_of_texts=options.batches_of_texts,
                        rounds=min(rounds, 3),
                        say=say,
                    )
                elif key == "radius":
                    curve = along_radius(
                        RADII_KM,
                        engines,
                        folder,
                        activities=options.activities,
                        searches=options.searches,
                        rounds=rounds,
                        memory_gb=options.memory,
                        say=say,
                    )
                else:
                    curve = along_activities(
                        options.sizes,
                        engines,
                        folder,
                        searches=options.searches,
                        rounds=rounds,
                        memory_gb=options.memory,
                        say=say,
                    )
                curves.append(curve)
    except SeatError as error:
        raise SystemExit(str(error)) from None
    for path in write_report(curves, options.out, "growth-quick" if options.quick else "growth"):
        say(f"wrote {path}")


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


if __name__ == "__main__":
    main()
