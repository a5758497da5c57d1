"""Search beside its peers, on one thread, in one run.

    python -m benchmarks.search [--sizes 10000,100000,1000000] [--engines ours,numpy,…] [--quick]

To be started in the folder of the clone. Writes JSON, a Markdown table and a plot. Peers that are not
installed are left out and named; ``pip install --group benchmarks`` brings them all.
"""

from __future__ import annotations

from benchmarks.search.threads import limit_threads

limit_threads()

import argparse  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from benchmarks.search.engines import ENGINES, QUICK  # noqa: E402
from benchmarks.search.people import KINDS  # noqa: E402
from benchmarks.search.report import write_report  # noqa: E402
from benchmarks.search.run import measure  # noqa: E402

RESULTS = Path(__file__).resolve().parents[1] / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", default="10000,100000", help="activities, separated by commas")
    parser.add_argument(
        "--engines", default=",".join(ENGINES), help=f"some of {', '.join(ENGINES)}"
    )
    parser.add_argument("--people", choices=KINDS, default="narrow", help="how much they ask for")
    parser.add_argument("--rounds", type=int, default=7, help="how often each search is repeated")
    parser.add_argument(
        "--memory", type=float, default=4.0, help="GB that engines may hold together"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument(
        "--quick", action="store_true", help="10,000 activities and a few engines, in two minutes"
    )
    options = parser.parse_args()
    names = list(QUICK) if options.quick else options.engines.split(",")
    unknown = [name for name in names if name not in ENGINES]
    if unknown:
        parser.error(f"no such engine: {', '.join(unknown)}. There are {', '.join(ENGINES)}.")
    try:
        numbers = [10_000] if options.quick else [int(size) for size in options.sizes.split(",")]
    except ValueError:
        parser.error("--sizes takes whole numbers separated by commas, for example 10000,100000")
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {line}", flush=True)

    sizes = [
        measure(
            number,
            names,
            people=options.people,
            rounds=3 if options.quick else options.rounds,
            memory_gb=options.memory,
            say=say,
        )
        for number in sorted(numbers)
    ]
    stem = "search-quick" if options.quick else f"search-{options.people}"
    for path in write_report(sizes, options.out, stem):
        say(f"wrote {path}")


if __name__ == "__main__":
    main()
