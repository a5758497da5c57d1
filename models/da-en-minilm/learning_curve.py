"""Draw ``learning_curve.svg`` from ``learning_curve.json``.

    python learning_curve.py

The figures come from ``build.py tune --share S --steps N --tuned NAME`` for a quarter, half and all of the
corpus (130, 260 and 520 steps), each measured in float32 on the held-out test of
``evaluation/encoder`` and, as the encoder of spmatch, on the development part of
``evaluation/collection``. Needs matplotlib.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

HERE = Path(__file__).resolve().parent
LINES = {
    "development": ("spmatch on its development part, with themes", "#0b3954", "o-"),
    "development without themes": ("the same without themes", "#0b3954", "o--"),
    "plain": ("held-out test, plain wording", "#bf5700", "s-"),
    "implicit": ("held-out test, implicit wording", "#bf5700", "s--"),
}


def main() -> None:
    """Draw the curve."""
    points = json.loads((HERE / "learning_curve.json").read_text(encoding="utf-8"))
    plt.rcParams["svg.hashsalt"] = "spmatch"
    plt.rcParams["svg.fonttype"] = "none"
    figure, axes = plt.subplots(figsize=(7, 4.2))
    for name, (label, colour, style) in LINES.items():
        found = [(one["texts"], one[name]) for one in points if one.get(name) is not None]
        axes.plot(*zip(*found, strict=True), style, color=colour, label=label)
    axes.set_xlabel("texts of the corpus that were learned from")
    axes.set_ylabel("nDCG@10")
    axes.set_ylim(0.2, 0.75)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(HERE / "learning_curve.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
