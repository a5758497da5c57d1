"""Rebuild the bilingual encoder from the teacher and the parallel texts.

    python build.py all --teacher DIR --parallel DIR --work DIR --out DIR

Stages, each resumed from what it left in the work folder: ``prepare`` (texts, lexicon),
``vocabulary`` (tokens and rows), ``targets`` (the teacher's vectors), ``start`` (dictionary
start), ``train``, ``tune`` (on the written corpus), ``export`` (the artefact), ``measure`` (the
table). ``all`` runs them in order; delete a stage's output to run it again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
STAGES = ("prepare", "vocabulary", "targets", "start", "train", "tune", "export", "measure")
SEED = 7
IN_DOMAIN = frozenset({"domain", "domain joined"})


def prepare(options: argparse.Namespace) -> None:
    """Texts, lexicon and mixtures → ``examples.json``."""
    from builder.examples import build_examples, save_examples
    from builder.lexicon import read_lexicon

    lexicon = read_lexicon(options.parallel, options.domain)
    examples, dev = build_examples(options.parallel, options.domain, lexicon, SEED)
    save_examples(examples, dev, options.work / "examples.json")
    counted = Counter(example.source for example in examples)
    print(f"{len(examples)} examples: {dict(counted)}")
    print(f"held out: { {name: len(pairs) for name, pairs in dev.items()} }")


def vocabulary(options: argparse.Namespace) -> None:
    """Which Danish words are tokens and which of them share a row → ``vocabulary.json``."""
    from builder.examples import load_examples
    from builder.lexicon import read_lexicon
    from builder.vocabulary import (
        build_vocabulary,
        danish_tokenizer,
        normalizer,
        save_vocabulary,
        words_of,
    )

    lexicon = read_lexicon(options.parallel, options.domain)
    examples, _ = load_examples(options.work / "examples.json")
    normal = normalizer()
    counts: dict[str, float] = defaultdict(float)
    identical: set[str] = set()
    weights = {"tatoeba": 1.0, "gnome": 0.5, "pairs_osm_id.tsv": 1.0, "pairs_cldr.tsv": 0.7}
    for example in examples:
        weight = weights.get(example.source, 3.0 if example.source == "domain" else 0.0)
        if not weight:
            continue
        beside = set(words_of(example.english[0][0], normal))
        for word in words_of(example.danish, normal):
            counts[word] += weight
            if word in beside and word not in lexicon.meanings:
                identical.add(word)
    english = [fields[0] if fields else "" for fields in read_lines_raw(options.teacher)]
    chosen = build_vocabulary(counts, lexicon, english, identical, options.rows)
    save_vocabulary(chosen, options.work / "vocabulary.json")
    danish_tokenizer(chosen, english, 256).save(
        str(options.work / "tokenizer_da.json"), pretty=False
    )
    print(f"{len(chosen.tokens)} Danish tokens on {len(chosen.names)} rows")


def read_lines_raw(teacher: Path) -> list[tuple[str, ...]]:
    """The teacher's word pieces in the order of their ids."""
    from builder.teacher import english_tokenizer

    tokens = english_tokenizer(teacher).get_vocab()
    return [(token,) for token, _ in sorted(tokens.items(), key=lambda item: item[1])]


def targets(options: argparse.Namespace) -> None:
    """The teacher's vector of every example's English → ``targets.npz``."""
    from builder.examples import load_examples
    from builder.teacher import check_teacher, teacher_vectors
    from tokenizers import Tokenizer

    check_teacher(options.teacher)
    examples, dev = load_examples(options.work / "examples.json")
    texts = list(dict.fromkeys(text for example in examples for text, _ in example.english))
    place = {text: number for number, text in enumerate(texts)}
    vectors = teacher_vectors(options.teacher, texts, options.work, "teacher")
    goal = np.zeros((len(examples), vectors.shape[1]), dtype=np.float32)
    for number, example in enumerate(examples):
        for text, share in example.english:
            goal[number] += share * vectors[place[text]]
    goal /= np.linalg.norm(goal, axis=1, keepdims=True)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer_da.json"))
    ids = [e.ids for e in tokenizer.encode_batch([example.danish for example in examples])]
    arrays: dict[str, np.ndarray] = {
        "goal": goal,
        "ids": np.concatenate([np.array(row, dtype=np.int32) for row in ids]),
        "lengths": np.array([len(row) for row in ids], dtype=np.int32),
        "shown": np.array([example.shown for example in examples], dtype=np.float32),
    }
    for name, pairs in dev.items():
        if pairs:
            english = [english for _, english in pairs]
            arrays[f"dev_{name}"] = teacher_vectors(options.teacher, english, options.work, name)
    draft = options.work / "targets.part"
    with draft.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    draft.rename(options.work / "targets.npz")
    print(f"{len(goal)} targets, {int(arrays['lengths'] @ arrays['shown'])} Danish tokens an epoch")


def start(options: argparse.Namespace) -> None:
    """Rows from the dictionary → ``start.npy``."""
    from builder.examples import load_examples
    from builder.lexicon import read_lexicon
    from builder.start import dictionary_start
    from builder.teacher import english_tokenizer, load_body
    from builder.vocabulary import load_vocabulary

    matrix = load_body(options.teacher).embeddings.word_embeddings.weight.numpy()
    examples, _ = load_examples(options.work / "examples.json")
    rows, origin = dictionary_start(
        load_vocabulary(options.work / "vocabulary.json"),
        read_lexicon(options.parallel, options.domain),
        examples,
        english_tokenizer(options.teacher),
        matrix,
    )
    np.save(options.work / "start.npy", rows)
    print(f"{len(rows)} rows start from: {origin}")


def train(options: argparse.Namespace) -> None:
    """Train the Danish rows → ``rows.npy``."""
    from builder.examples import load_examples
    from builder.teacher import load_body
    from builder.training import Development, Plan, train_rows
    from builder.vocabulary import load_vocabulary
    from tokenizers import Tokenizer

    body = load_body(options.teacher)
    chosen = load_vocabulary(options.work / "vocabulary.json")
    row_of_id = chosen.row_of_id()
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer_da.json"))
    examples, dev = load_examples(options.work / "examples.json")
    with np.load(options.work / "targets.npz") as stored:
        goal, shown = stored["goal"], stored["shown"]
        ids = row_of_id[stored["ids"]]
        danish = np.split(ids, np.cumsum(stored["lengths"])[:-1])
        held = [
            Development(
                name,
                [row_of_id[e.ids] for e in tokenizer.encode_batch([d for d, _ in pairs])],
                stored[f"dev_{name}"],
            )
            for name, pairs in dev.items()
            if pairs
        ]
    rows = np.load(options.work / "start.npy")
    in_domain = np.array([example.source in IN_DOMAIN for example in examples])
    rounds = zip(options.epochs, options.rates, options.shares, strict=True)
    for number, (epochs, rate, share) in enumerate(rounds):
        folder = options.work / f"{options.run}{number + 1}"
        if (folder / "rows.npy").exists():
            rows = np.load(folder / "rows.npy")
            continue
        rows = train_rows(
            body,
            body.embeddings.word_embeddings.weight,
            rows,
            danish,
            goal,
            np.where(in_domain, shown, share * shown).astype(np.float32),
            held,
            Plan(epochs=epochs, rate=rate, seed=SEED + number),
            folder,
        )
        np.save(folder / "rows.npy", rows)
    np.save(options.work / "rows.npy", rows)


def tune(options: argparse.Namespace) -> None:
    """Draw needs and the activities that answer them together → ``tuned.pt``."""
    import torch
    from builder.teacher import english_tokenizer, load_body
    from builder.tuning import TuningPlan, read_corpus
    from builder.tuning import tune as tune_on
    from builder.vocabulary import load_vocabulary
    from tokenizers import Tokenizer

    body = load_body(options.teacher)
    chosen = load_vocabulary(options.work / "vocabulary.json")
    plan = TuningPlan(steps=options.steps, share=options.share)
    corpus = read_corpus(options.corpus, options.themes, plan.share)
    print(f"{len(corpus.needs)} needs, {len(corpus.activities)} activities")
    rows = tune_on(
        body,
        body.embeddings.word_embeddings.weight.detach().clone(),
        np.load(options.work / "rows.npy"),
        chosen.row_of_id(),
        {
            "en": english_tokenizer(options.teacher),
            "da": Tokenizer.from_file(str(options.work / "tokenizer_da.json")),
        },
        corpus,
        plan,
        options.work / f"{options.tuned}.checkpoint.pt",
    )
    torch.save(
        {"body": body.state_dict(), "rows": torch.from_numpy(rows)},
        options.work / f"{options.tuned}.pt",
    )


def export(options: argparse.Namespace) -> None:
    """Write the artefact: graph, tokenizers, language table, configuration, hashes."""
    from builder.export import export_artefact

    export_artefact(options)


def measure(options: argparse.Namespace) -> None:
    """Measure the artefact and print the table."""
    from builder.measures import measure_all

    measure_all(options)


OUTPUTS = {
    "prepare": "examples.json",
    "vocabulary": "vocabulary.json",
    "targets": "targets.npz",
    "start": "start.npy",
    "train": "rows.npy",
    "tune": "tuned.pt",
}


def main() -> None:
    """Run one stage, or all of them from the first that has no output yet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("stage", choices=("all", *STAGES))
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--parallel", type=Path, required=True, help="folder of the pairs_*.tsv")
    parser.add_argument("--domain", type=Path, default=HERE / "sources")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept between")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of the artefact")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=int, default=31000, help="most Danish rows")
    parser.add_argument("--epochs", type=int, nargs="+", default=[2, 2, 1], help="epochs a round")
    parser.add_argument(
        "--rates",
        type=float,
        nargs="+",
        default=[2e-3, 1.5e-3, 1.2e-3],
        help="first learning rate a round",
    )
    parser.add_argument(
        "--shares",
        type=float,
        nargs="+",
        default=[1.0, 1.0, 0.4],
        help="how much of the texts outside the domain is shown, a round",
    )
    parser.add_argument("--corpus", type=Path, default=HERE.parent / "corpus")
    parser.add_argument(
        "--themes",
        type=Path,
        default=HERE.parents[1] / "catalogue" / "vocabularies" / "themes.toml",
    )
    parser.add_argument("--steps", type=int, default=520, help="steps of tuning")
    parser.add_argument("--share", type=float, default=1.0, help="part of the corpus to tune on")
    parser.add_argument("--tuned", default="tuned", help="name of what tune leaves")
    parser.add_argument("--held-out", type=Path, help="folder of the ranking test, for measure")
    parser.add_argument("--run", default="round", help="name of the rounds' folders")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    import torch

    torch.set_num_threads(options.threads)
    functions = {
        "prepare": prepare, "vocabulary": vocabulary, "targets": targets, "start": start,
        "train": train, "tune": tune, "export": export, "measure": measure,
    }  # fmt: skip
    for stage in STAGES if options.stage == "all" else (options.stage,):
        output = OUTPUTS.get(stage)
        if options.stage == "all" and output and (options.work / output).exists():
            print(f"{stage}: kept")
            continue
        print(f"{stage}:")
        functions[stage](options)
    (options.work / "options.json").write_text(
        json.dumps({k: str(v) for k, v in vars(options).items()}), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
