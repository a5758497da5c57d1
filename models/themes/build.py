"""Learn the theme model and the table of answers from the written corpus.

    python models/themes/build.py [--encoder NAME|PATH] [--out DIR] [--answers FILE]

Needs spmatch alone; two minutes. Writes ``need.npy``, ``activity.npy``, ``answer.npy`` and
``manifest.json`` beside this file, and ``catalogue/vocabularies/answers.toml``. Prints how well it reads
the texts that were kept from it and from the tuning of the encoder. For another encoder than the
default one, give a folder of your own: spmatch takes the model whose encoder it runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from spmatch.encoders import DEFAULT_ENCODER, build_encoder
from spmatch.vocabulary import load_themes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT / "models" / "corpus"
STRENGTH = 10.0
"""scikit-learn's C: how far the weights may go to meet the labels."""
ROUNDS = 60
LISTED_FROM = 0.03
"""Answers below this are left out of the table, and count as 0."""
Floats = npt.NDArray[np.float64]


def held_out(text: str) -> bool:
    """Whether a text was kept from the tuning of the encoder; the same rule as there."""
    return zlib.crc32(text.encode()) % 1000 < 100


def records(name: str) -> list[dict[str, Any]]:
    """The corpus file of that name."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def shares(found: Sequence[dict[str, Any]], fields: Sequence[str], codes: Sequence[str]) -> Floats:
    """(texts, themes): 1 central, a half touched, 0 not named; the highest of the fields."""
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(found), len(codes)))
    for row, one in enumerate(found):
        for field in fields:
            for code, grade in one[field].items():
                if code in place:
                    table[row, place[code]] = max(table[row, place[code]], grade / 2)
    return table


def fit_theme(vectors: npt.NDArray[np.float32], share: Floats) -> npt.NDArray[np.float32]:
    """Weights and intercept of one theme; a text that is half about it counts half each way."""
    half = np.flatnonzero((share > 0) & (share < 1))
    x = np.concatenate([vectors, vectors[half]])
    y = np.concatenate([share > 0, np.zeros(len(half), dtype=bool)])
    weight = np.concatenate([np.where(share > 0, share, 1.0), 1 - share[half]])
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(x, y, sample_weight=weight)
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)


def fit_themes(vectors: npt.NDArray[np.float32], share: Floats) -> npt.NDArray[np.float32]:
    """(d + 1, themes): one logistic regression a theme."""
    columns = Parallel(n_jobs=-1)(
        delayed(fit_theme)(vectors, share[:, theme]) for theme in range(share.shape[1])
    )
    return np.stack(columns, axis=1)


def calibrate(
    weights: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32], share: Floats
) -> npt.NDArray[np.float32]:
    """The weights after Platt scaling (1999) on texts that neither model nor encoder has seen.

    One slope and one shift for all themes: the encoder was tuned on the texts that the weights were
    fitted on, so that both are too sure of themselves, and alike for every theme.
    """
    logits = (vectors @ weights[:-1] + weights[-1]).reshape(-1, 1)
    flat = share.ravel()
    x = np.concatenate([logits, logits])
    y = np.concatenate([np.ones(len(flat)), np.zeros(len(flat))])
    weight = np.concatenate([flat, 1 - flat])
    model = LogisticRegression(C=1e6).fit(x, y, sample_weight=weight)
    scaled = weights * model.coef_[0, 0]
    scaled[-1] += model.intercept_[0]
    return scaled.astype(np.float32)


def probabilities(weights: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32]) -> Floats:
    """(texts, themes)."""
    logits = (vectors @ weights[:-1] + weights[-1]).astype(np.float64)
    found: Floats = 1 / (1 + np.exp(-logits))
    return found


def learn_answers(about: Floats, suggested: Floats) -> Floats:
    """(themes, activity themes): the chance that a theme alone makes a link worker suggest it.

    A noisy-or: an activity is suggested unless every theme of the text stays silent. Fitted by
    expectation maximisation; with little evidence an answer falls to how common the activity is.
    """
    common = suggested.mean(axis=0)
    seen = about.sum(axis=0)[:, None]
    table = (about.T @ suggested + 0.5 * common) / (seen + 0.5)
    for _ in range(ROUNDS):
        table = np.clip(table, 1e-4, 0.95)
        spoken = -np.expm1(about @ np.log1p(-table))
        share = about.T @ (suggested / np.maximum(spoken, 1e-6))
        table = (share * table + 0.05 * common) / (seen + 1.0)
    learned: Floats = np.clip(table, 0.0, 0.95)
    return learned


def write_answers(table: Floats, codes: Sequence[str], offered: Sequence[str], path: Path) -> None:
    """The table as a file to read and edit: strongest answers first."""
    lines = [
        "# Which activities answer which need: for each theme the themes of activities that a link worker",
        "# would suggest, 0 (never) to 1 (always), strongest first. Learned from models/corpus by",
        "# models/themes/build.py; may be edited, and single answers may be replaced by [themes.answers]",
        "# of a settings file. What is not listed counts as 0. CC BY 4.0.",
    ]
    for row, code in enumerate(codes):
        order = np.argsort(-table[row], kind="stable")
        listed = [(offered[i], table[row, i]) for i in order if table[row, i] >= LISTED_FROM]
        lines += ["", f"[{code}]", *(f"{name} = {grade:.2f}" for name, grade in listed)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def expected_error(found: Floats, share: Floats, bins: int = 10) -> float:
    """Expected calibration error over all pairs above one in a hundred (Naeini et al. 2015)."""
    kept = found > 0.01
    value, truth = found[kept], share[kept]
    place = np.minimum((value * bins).astype(int), bins - 1)
    gaps = [
        abs(value[place == b].mean() - truth[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(np.sum(gaps))


def report(
    name: str,
    weights: npt.NDArray[np.float32],
    vectors: npt.NDArray[np.float32],
    share: Floats,
    languages: Sequence[str],
) -> dict[str, float]:
    """How well the texts that were kept are read, printed and returned."""
    found = probabilities(weights, vectors)
    named = share.max(axis=0) == 1
    precision = average_precision_score(share[:, named] == 1, found[:, named], average="macro")
    first = share[np.arange(len(found)), found.argmax(axis=1)] > 0
    tongue = np.array(languages)
    measured = {
        "texts": len(found),
        "average precision": round(float(precision), 3),
        "first theme right": round(float(first.mean()), 3),
        "first theme right, da": round(float(first[tongue == "da"].mean()), 3),
        "first theme right, en": round(float(first[tongue == "en"].mean()), 3),
        "calibration error": round(expected_error(found, share), 3),
    }
    print(name, measured)
    return measured


def main() -> None:
    """Learn, write and report."""
    parser = argparse.ArgumentParser(description="the theme model from the corpus")
    parser.add_argument("--encoder", default=DEFAULT_ENCODER)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument(
        "--answers", type=Path, default=ROOT / "catalogue" / "vocabularies" / "answers.toml"
    )
    options = parser.parse_args()
    encoder = build_encoder(options.encoder, ())
    themes = load_themes()
    codes = [theme.code for theme in themes]
    offered = [theme.code for theme in themes if theme.kind == "activity"]
    needs, activities = records("needs"), records("activities")
    read = {
        "need": encoder.encode(
            [one["text"] for one in needs],
            role="need",
            languages=[one["language"] for one in needs],
        ),
        "activity": encoder.encode(
            [f"{one['title']}\n{one['text']}" for one in activities],
            role="activity",
            languages=[one["language"] for one in activities],
        ),
    }
    # A wish for an activity is answered by it as much as a need by what a link worker suggests.
    layers = {
        "need": (needs, "need", shares(needs, ["themes"], codes)),
        "activity": (activities, "activity", shares(activities, ["themes", "suits"], codes)),
        "answer": (needs, "need", shares(needs, ["themes", "answers"], offered)),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    measured, files = {}, {}
    for name, (found, side, share) in layers.items():
        kept = np.array([held_out(one["text"]) for one in found])
        vectors = read[side]
        weights = fit_themes(vectors[~kept], share[~kept])
        # Half of what was kept calibrates, the other half measures.
        half = np.array([zlib.crc32(one["id"].encode()) % 2 == 0 for one in found])
        weights = calibrate(weights, vectors[kept & half], share[kept & half])
        aside = kept & ~half
        languages = [
            one["language"] for one, is_aside in zip(found, aside, strict=True) if is_aside
        ]
        measured[name] = report(name, weights, vectors[aside], share[aside], languages)
        path = options.out / f"{name}.npy"
        np.save(path, weights)
        files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = {
        "encoder": encoder.identity.sha256,
        "encoder_name": encoder.identity.name,
        "themes": codes,
        "files": files,
        "measured": measured,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (options.out / "manifest.json").write_text(text + "\n", encoding="utf-8")
    table = learn_answers(layers["need"][2], layers["answer"][2])
    write_answers(table, codes, offered, options.answers)
    print(f"answers: {(table >= LISTED_FROM).sum()} in {options.answers.name}")


if __name__ == "__main__":
    main()
