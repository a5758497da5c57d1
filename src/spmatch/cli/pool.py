"""``python -m spmatch.cli.pool``: the pairs of a collection that people are to judge."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.cli import ANSWERED, BAD_INPUT
from spmatch.cli.progress import progress_bar
from spmatch.config import Config
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.errors import SpmatchError
from spmatch.evaluation.baselines import minilm_encoder
from spmatch.evaluation.collection import load_collection
from spmatch.evaluation.pooling import DEPTH, make_pool, write_pool
from spmatch.evaluation.snapshots import remembering
from spmatch.evaluation.systems import Task
from spmatch.geography import shipped_gazetteer


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pool of a collection; 0 when done, 3 when something given cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m spmatch.cli.pool", description="Make the pool to be judged."
    )
    parser.add_argument("--collection", required=True, metavar="DIR")
    parser.add_argument("--catalogue", required=True, nargs="+", metavar="SOURCE")
    parser.add_argument("--depth", type=int, default=DEPTH, metavar="N", help="of each list (10)")
    parser.add_argument("--out", metavar="FILE", help="(pools.txt in the collection)")
    parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
    parser.add_argument("--minilm", type=Path, metavar="DIR", help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, metavar="NAME|PATH")
    arguments = parser.parse_args(argv)
    try:
        with progress_bar() as progress:
            catalogue = Catalogue.read(*arguments.catalogue, progress=progress)
            collection = load_collection(
                arguments.collection, gazetteer=shipped_gazetteer(), judged=False
            )
            config = Config.default()
            on = arguments.on or collection.on or date.today()
            task = Task(catalogue, collection.profiles, on, config=config)
            snapshot = remembering(
                build_snapshot(catalogue, arguments.encoder, config, progress=progress)
            )
            pool = make_pool(
                task,
                snapshot,
                config,
                minilm_encoder(arguments.minilm),
                depth=arguments.depth,
                progress=progress,
            )
    except SpmatchError as error:
        print(f"spmatch: {error}", file=sys.stderr)
        return BAD_INPUT
    out = Path(arguments.out) if arguments.out else Path(arguments.collection) / "pools.txt"
    write_pool(pool, out)
    sizes = [len(found) for found in pool.values()]
    print(
        f"{sum(sizes)} pairs of {len(pool)} profiles in {out} "
        f"({min(sizes, default=0)} to {max(sizes, default=0)} a profile).",
        file=sys.stderr,
    )
    return ANSWERED


if __name__ == "__main__":
    raise SystemExit(main())
