"""The teacher: all-MiniLM-L6-v2, unchanged, and a store of the vectors that it gave."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from tqdm import tqdm
from transformers import BertModel

__all__ = [
    "MAX_TOKENS",
    "TEACHER_SHA256",
    "check_teacher",
    "encode_ids",
    "english_tokenizer",
    "load_body",
    "teacher_vectors",
    "token_batches",
]

TEACHER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
Floats = npt.NDArray[np.float32]


def check_teacher(folder: Path) -> None:
    """Raise ``SystemExit`` unless the folder holds exactly the weights that are expected."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != TEACHER_SHA256:
        raise SystemExit(f"teacher: model.safetensors has sha256 {digest}, not {TEACHER_SHA256}")


def english_tokenizer(folder: Path) -> Tokenizer:
    """The teacher's own tokenizer, cut at :data:`MAX_TOKENS`, without padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def load_body(folder: Path) -> Any:
    """The frozen BERT body in evaluation mode."""
    body: Any = BertModel.from_pretrained(str(folder), add_pooling_layer=False)
    body.eval()
    for parameter in body.parameters():
        parameter.requires_grad_(False)
    return body


def token_batches(
    lengths: npt.NDArray[np.int64], budget: int, most: int, random: np.random.Generator | None
) -> list[npt.NDArray[np.int64]]:
    """Rows of like length together: at most ``budget`` tokens with padding, ``most`` rows.

    With ``random`` the rows of a length are shuffled and so are the batches.
    """
    tie = random.random(len(lengths)) if random is not None else np.arange(len(lengths))
    order = np.lexsort((tie, lengths))
    batches: list[npt.NDArray[np.int64]] = []
    start = 0
    while start < len(order):
        stop = start + 1
        while (
            stop < len(order)
            and stop - start < most
            and int(lengths[order[stop]]) * (stop - start + 1) <= budget
        ):
            stop += 1
        batches.append(order[start:stop])
        start = stop
    if random is not None:
        random.shuffle(batches)
    return batches


def padded(rows: Sequence[npt.NDArray[np.int32]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, mask), both of shape (rows, longest)."""
    longest = max(len(row) for row in rows)
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Unit-length mean over the tokens that are not padding."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean, dim=1)


def encode_ids(
    body: Any,
    matrix: torch.Tensor,
    rows: Sequence[npt.NDArray[np.int32]],
    label: str = "",
    budget: int = 4096,
) -> Floats:
    """Unit vectors of token rows read from ``matrix`` (rows of embeddings), in their order."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    out = np.zeros((len(rows), matrix.shape[1]), dtype=np.float32)
    with torch.inference_mode(), tqdm(total=len(rows), desc=label, disable=not label) as bar:
        for batch in token_batches(lengths, budget, 256, None):
            ids, mask = padded([rows[i] for i in batch])
            inputs = torch.nn.functional.embedding(ids, matrix)
            hidden = body(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
            out[batch] = pooled(hidden, mask).numpy()
            bar.update(len(batch))
    return out


def teacher_vectors(folder: Path, texts: Sequence[str], work: Path, label: str) -> Floats:
    """The teacher's vectors of English texts, kept on disk by text so that nothing is done twice.

    An interruption loses at most one block of 8,192 texts.
    """
    keys = [hashlib.sha1(text.encode()).hexdigest() for text in texts]
    store = work / "teacher"
    store.mkdir(parents=True, exist_ok=True)
    known: dict[str, Floats] = {}
    for block in sorted(store.glob("*.npz")):
        with np.load(block) as stored:
            wanted = set(keys)
            for key, vector in zip(stored["keys"], stored["vectors"], strict=True):
                if key in wanted:
                    known[str(key)] = vector
    missing = list({k: t for k, t in zip(keys, texts, strict=True) if k not in known}.items())
    if missing:
        tokenizer, body = english_tokenizer(folder), load_body(folder)
        matrix = body.embeddings.word_embeddings.weight
        ids = [
            np.array(e.ids, dtype=np.int32) for e in tokenizer.encode_batch([t for _, t in missing])
        ]
        order = sorted(range(len(missing)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), 8192):
            part = order[start : start + 8192]
            name = f"{label} {start // 8192 + 1} of {-(-len(order) // 8192)}"
            vectors = encode_ids(body, matrix, [ids[i] for i in part], name)
            names = np.array([missing[i][0] for i in part])
            target = store / f"{time.time_ns()}.npz"
            draft = target.with_suffix(".part")
            with draft.open("wb") as file:
                np.savez(file, keys=names, vectors=vectors.astype(np.float16))
            draft.rename(target)
            known.update(zip(names.tolist(), vectors, strict=True))
    found = np.stack([known[key] for key in keys]).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)
