"""The same weights as sentence-transformers folders, one a language.

    python export_sentence_transformers.py OUT [--artefact DIR]

writes ``OUT/en`` and ``OUT/da``. Nothing is stored twice: the float weights are computed from the
int8 ones in ``model.onnx``. The two folders differ in the tokenizer alone (the English one leaves
out the Danish rows); vectors agree with the ONNX model up to the rounding of its activations.
Needs torch, transformers and onnx.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["float_weights", "write_sentence_transformers"]

HERE = Path(__file__).resolve().parent
LAYERS = 6
Floats = npt.NDArray[np.float32]


def float_weights(artefact: Path) -> dict[str, Floats]:
    """BERT's float32 weights by their usual names, from the int8 ones of ``model.onnx``.

    The word embeddings have one row for every token id, English ones first: shape
    (English + Danish tokens, 384).
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(artefact / "model.onnx"))
    stored = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
    rows = stored["embeddings.word"].astype(np.float32) * stored["embeddings.scale"]
    position = stored["embeddings.position"]
    weights: dict[str, Floats] = {
        "embeddings.word_embeddings.weight": rows[stored["row_of_id"]],
        "embeddings.position_embeddings.weight": position,
        # The graph adds the type row to the positions; a second zero row keeps BERT's shape.
        "embeddings.token_type_embeddings.weight": np.zeros((2, position.shape[1]), np.float32),
        "embeddings.LayerNorm.weight": stored["embeddings.norm.weight"],
        "embeddings.LayerNorm.bias": stored["embeddings.norm.bias"],
    }

    def product(name: str) -> tuple[Floats, Floats]:
        weight = stored[f"{name}.weight"].astype(np.float32) * stored[f"{name}.scale"]
        bias = stored[f"{name}.bias"]
        if f"{name}.shift" in stored:  # the graph subtracts it from what it multiplies
            bias = bias - stored[f"{name}.shift"] @ weight
        if f"{name}.balance" in stored:
            weight = weight * stored[f"{name}.balance"][:, None]
        return weight, bias

    for number in range(LAYERS):
        layer, target = f"layer.{number}", f"encoder.layer.{number}"
        weight, bias = product(f"{layer}.qkv")
        width = weight.shape[0]
        for third, part in enumerate(("query", "key", "value")):
            cut = slice(third * width, (third + 1) * width)
            weights[f"{target}.attention.self.{part}.weight"] = weight[:, cut].T
            weights[f"{target}.attention.self.{part}.bias"] = bias[cut]
        for name, place in (
            ("attention", "attention.output.dense"),
            ("inner", "intermediate.dense"),
            ("outer", "output.dense"),
        ):
            weight, bias = product(f"{layer}.{name}")
            weights[f"{target}.{place}.weight"] = weight.T
            weights[f"{target}.{place}.bias"] = bias
        for name, place in (
            ("attention.norm", "attention.output.LayerNorm"),
            ("norm", "output.LayerNorm"),
        ):
            weights[f"{target}.{place}.weight"] = stored[f"{layer}.{name}.weight"]
            weights[f"{target}.{place}.bias"] = stored[f"{layer}.{name}.bias"]
    return weights


def write_sentence_transformers(artefact: Path, out: Path) -> None:
    """Write ``out/en`` and ``out/da``, each loadable with ``SentenceTransformer(folder)``."""
    weights = float_weights(artefact)
    config = json.loads((artefact / "config.json").read_text(encoding="utf-8"))
    for language in ("en", "da"):
        own = dict(weights)
        if language == "en":
            words = "embeddings.word_embeddings.weight"
            own[words] = own[words][: config["english_tokens"]]
        _write_folder(own, artefact / config["tokenizers"][language], config, out / language)


def _write_folder(
    weights: dict[str, Floats], tokenizer_file: Path, config: dict[str, Any], out: Path
) -> None:
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words, width = weights["embeddings.word_embeddings.weight"].shape
    body = BertModel(
        BertConfig(
            vocab_size=words,
            hidden_size=width,
            num_hidden_layers=LAYERS,
            num_attention_heads=12,
            intermediate_size=1536,
            max_position_embeddings=config["max_tokens"],
        ),
        add_pooling_layer=False,
    )
    body.load_state_dict(
        {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
    )
    out.mkdir(parents=True, exist_ok=True)
    body.save_pretrained(str(out))
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(tokenizer_file),
        model_max_length=config["max_tokens"],
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )
    tokenizer.save_pretrained(str(out))
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {
            "idx": 1,
            "name": "1",
            "path": "1_Pooling",
            "type": "sentence_transformers.models.Pooling",
        },
        {
            "idx": 2,
            "name": "2",
            "path": "2_Normalize",
            "type": "sentence_transformers.models.Normalize",
        },
    ]
    pooling = {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True}
    (out / "1_Pooling").mkdir(exist_ok=True)
    (out / "2_Normalize").mkdir(exist_ok=True)
    for name, value in (
        ("modules.json", modules),
        ("sentence_bert_config.json", {"max_seq_length": config["max_tokens"]}),
        ("1_Pooling/config.json", pooling),
    ):
        (out / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--artefact", type=Path, default=HERE)
    options = parser.parse_args()
    write_sentence_transformers(options.artefact, options.out)


if __name__ == "__main__":
    main()
