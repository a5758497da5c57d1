"""Write the artefact: graph, tokenizers, language table, configuration and hashes."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from .examples import Example, load_examples
from .graph import build_graph
from .language import build_language_table
from .sources import read_lines
from .teacher import MAX_TOKENS, encode_ids, english_tokenizer, load_body
from .vocabulary import load_vocabulary

__all__ = ["ARTEFACT_FILES", "export_artefact", "load_tuned"]

VERSION = "2.0.0"
ARTEFACT_FILES = (
    "model.onnx",
    "tokenizer_en.json",
    "tokenizer_da.json",
    "language.json",
    "config.json",
)
CALIBRATION_TEXTS = 1000
LONG_TEXTS = 60
JOINED_IN_A_LONG_TEXT = 12
Floats = npt.NDArray[np.float32]


def export_artefact(options: argparse.Namespace) -> None:
    """Everything that the encoder reads at run time, into ``options.out``."""
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    vocabulary = load_vocabulary(options.work / "vocabulary.json")
    examples, _ = load_examples(options.work / "examples.json")
    body, rows = load_tuned(options)
    weights = {name: value.numpy() for name, value in body.state_dict().items()}
    english = english_tokenizer(options.teacher)
    danish = Tokenizer.from_file(str(options.work / "tokenizer_da.json"))
    joint = np.concatenate([weights["embeddings.word_embeddings.weight"], rows])
    row_of_id = vocabulary.row_of_id()
    ranges = _ranges(body, joint, row_of_id, english, danish, examples)
    model = build_graph(weights, joint, row_of_id, MAX_TOKENS, ranges)
    (out / "model.onnx").write_bytes(model.SerializeToString())
    english.save(str(out / "tokenizer_en.json"), pretty=False)
    danish.save(str(out / "tokenizer_da.json"), pretty=False)
    _write_json(out / "language.json", _language(examples, options.parallel))
    config = {
        "name": "da-en-minilm",
        "version": VERSION,
        "dimension": int(joint.shape[1]),
        "max_tokens": MAX_TOKENS,
        "pooling": "mean over the attention mask, then unit length, inside the graph",
        "inputs": ["input_ids", "attention_mask"],
        "output": "sentence_embedding",
        "padding_id": 0,
        "unknown_id": 100,
        "english_tokens": vocabulary.offset,
        "danish_tokens": len(vocabulary.tokens),
        "danish_rows": len(vocabulary.names),
        "tokenizers": {"en": "tokenizer_en.json", "da": "tokenizer_da.json"},
        "language": "language.json",
        "licence": "CC-BY-SA-4.0",
    }
    _write_json(out / "config.json", config)
    hashes = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in ARTEFACT_FILES
    }
    _write_json(out / "hashes.json", hashes)
    for name in (*ARTEFACT_FILES, "hashes.json"):
        print(f"{name}: {(out / name).stat().st_size / 1e6:.2f} MB")


def load_tuned(options: argparse.Namespace) -> tuple[Any, Floats]:
    """Body and Danish rows as the tuning left them."""
    body = load_body(options.teacher)
    tuned = torch.load(options.work / f"{options.tuned}.pt", weights_only=True)
    body.load_state_dict(tuned["body"])
    rows: Floats = tuned["rows"].numpy()
    return body, rows


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) < 5000:
        text = json.dumps(value, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _ranges(
    body: Any,
    joint: Floats,
    row_of_id: npt.NDArray[np.int32],
    english: Tokenizer,
    danish: Tokenizer,
    examples: Sequence[Example],
) -> dict[str, Floats]:
    """The least and the largest input of every channel of every product, over training texts.

    Returns arrays of shape (2, channels) under the names that the graph uses.
    """
    random = np.random.default_rng(11)
    sources = {"tatoeba", "joined", "domain", "domain words", "mixed", "gnome", "words"}
    fitting = [e for e in examples if e.source in sources]
    chosen = random.choice(len(fitting), CALIBRATION_TEXTS, replace=False)
    texts = [fitting[i] for i in chosen]
    sides = ([e.english[0][0] for e in texts], [e.danish for e in texts])
    ids: list[npt.NDArray[np.int32]] = []
    for tokenizer, side in zip((english, danish), sides, strict=True):
        long = [
            " ".join(side[start : start + JOINED_IN_A_LONG_TEXT])
            for start in range(0, LONG_TEXTS * JOINED_IN_A_LONG_TEXT, JOINED_IN_A_LONG_TEXT)
        ]
        ids += [row_of_id[e.ids] for e in tokenizer.encode_batch([*side, *long])]
    ranges: dict[str, Floats] = {}

    def watching(name: str) -> Any:
        def watch(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
            flat = inputs[0].reshape(-1, inputs[0].shape[-1])
            seen = np.stack([flat.amin(0).numpy(), flat.amax(0).numpy()])
            if name in ranges:
                seen[0] = np.minimum(seen[0], ranges[name][0])
                seen[1] = np.maximum(seen[1], ranges[name][1])
            ranges[name] = seen

        return watch

    hooks = []
    for number, layer in enumerate(body.encoder.layer):
        watched = {
            "qkv": layer.attention.self.query,
            "attention": layer.attention.output.dense,
            "inner": layer.intermediate.dense,
            "outer": layer.output.dense,
        }
        for name, module in watched.items():
            hooks.append(module.register_forward_pre_hook(watching(f"layer.{number}.{name}")))
    # One text at a time: padding would be measured too. So little work is slower on two threads.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    encode_ids(body, torch.from_numpy(joint), ids, "calibration", budget=1)
    torch.set_num_threads(threads)
    for hook in hooks:
        hook.remove()
    return ranges


def _language(examples: Sequence[Example], parallel: Path) -> dict[str, Any]:
    danish: list[tuple[str, float]] = []
    english: list[tuple[str, float]] = []
    weights = {"tatoeba": 1.0, "gnome": 0.3, "domain": 3.0, "domain words": 1.0, "words": 0.7}
    for example in examples:
        weight = weights.get(example.source)
        if weight is None:
            continue
        danish.append((example.danish, weight))
        english += [(text, weight) for text, _ in example.english[:2]]
    glosses = read_lines(parallel / "en_wordnet_glosses.tsv")
    english += [(fields[1], 0.15) for fields in glosses if len(fields) > 1]
    return build_language_table(danish, english)
