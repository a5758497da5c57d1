"""Training of the Danish rows: everything else is frozen.

Loss: 1 - cosine between the pooled output for a Danish text and the teacher's vector of its
English. Only rows that occur in a batch are touched, each with its own Adam step count.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from .teacher import encode_ids, padded, pooled, token_batches

__all__ = ["Development", "Plan", "train_rows"]

Floats = npt.NDArray[np.float32]
Rows = Sequence[npt.NDArray[np.int32]]


@dataclass(frozen=True)
class Plan:
    """How long and how fast: epochs, the first learning rate, tokens a batch, seed."""

    epochs: int
    rate: float = 2e-3
    tokens: int = 1536
    most: int = 192
    warm_up: int = 100
    seed: int = 7
    checkpoint_seconds: float = 120.0


@dataclass(frozen=True)
class Development:
    """Held-out pairs: token rows of the Danish side and the teacher's vectors of the English."""

    name: str
    danish: Rows
    english: Floats


class RowAdam:
    """Adam over single rows; a row's averages move only when the row is in the batch."""

    def __init__(self, rows: Floats) -> None:
        self.rows = torch.from_numpy(rows.copy())
        self.first = torch.zeros_like(self.rows)
        self.second = torch.zeros_like(self.rows)
        self.steps = torch.zeros(len(rows), dtype=torch.float32)

    def update(self, index: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        """``gradient`` (n, 384) belongs to the distinct rows ``index`` (n,)."""
        self.steps[index] += 1
        steps = self.steps[index].unsqueeze(1)
        first = self.first[index].mul_(0.9).add_(gradient, alpha=0.1)
        second = self.second[index].mul_(0.98).addcmul_(gradient, gradient, value=0.02)
        self.first[index], self.second[index] = first, second
        mean = first / (1 - 0.9**steps)
        spread = (second / (1 - 0.98**steps)).sqrt_().add_(1e-8)
        self.rows[index] -= rate * mean / spread


def train_rows(
    body: Any,
    english: torch.Tensor,
    start: Floats,
    danish: Rows,
    targets: Floats,
    shown: Floats,
    development: Sequence[Development],
    plan: Plan,
    folder: Path,
) -> Floats:
    """Danish rows after training; resumes from ``folder/checkpoint.npz`` if there is one.

    english: the frozen English matrix (30522, 384); ids from its length on are Danish rows.
    danish:  for each example its row ids, targets (examples, 384) its unit targets, and
    shown (examples,) how often it is expected in an epoch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    offset = len(english)
    adam = RowAdam(start)
    done_epoch, done_batch = 0, 0
    checkpoint = folder / "checkpoint.npz"
    if checkpoint.exists():
        with np.load(checkpoint) as kept:
            for name in ("rows", "first", "second", "steps"):
                setattr(adam, name, torch.from_numpy(kept[name]))
            done_epoch, done_batch = int(kept["epoch"]), int(kept["batch"])
    lengths = np.array([len(row) for row in danish], dtype=np.int64)
    goal = torch.from_numpy(targets)
    saved = time.monotonic()
    if not done_epoch and not done_batch:
        report(body, english, adam.rows, development, folder, "start")
    for epoch in range(done_epoch, plan.epochs):
        random = np.random.default_rng([plan.seed, epoch])
        times = np.floor(shown + random.random(len(shown))).astype(np.int64)
        chosen = np.repeat(np.arange(len(shown)), times)
        batches = token_batches(lengths[chosen], plan.tokens, plan.most, random)
        losses: list[float] = []
        with tqdm(total=len(batches), initial=done_batch, desc=f"epoch {epoch + 1}") as bar:
            for number in range(done_batch, len(batches)):
                batch = chosen[batches[number]]
                passed = (epoch + number / len(batches)) / plan.epochs
                step = epoch * len(batches) + number
                rate = plan.rate * min(1.0, (step + 1) / plan.warm_up) * (1 - passed)
                losses.append(_step(body, english, adam, danish, goal, batch, offset, rate))
                bar.update()
                if number % 20 == 0:
                    bar.set_postfix(loss=f"{np.mean(losses[-200:]):.4f}", refresh=False)
                if time.monotonic() - saved > plan.checkpoint_seconds:
                    _save(checkpoint, adam, epoch, number + 1)
                    saved = time.monotonic()
        done_batch = 0
        _save(checkpoint, adam, epoch + 1, 0)
        report(body, english, adam.rows, development, folder, f"epoch {epoch + 1}", losses)
    return np.asarray(adam.rows.numpy(), dtype=np.float32)


def _step(
    body: Any,
    english: torch.Tensor,
    adam: RowAdam,
    danish: Rows,
    goal: torch.Tensor,
    batch: npt.NDArray[np.int64],
    offset: int,
    rate: float,
) -> float:
    ids, mask = padded([danish[i] for i in batch])
    inputs = torch.nn.functional.embedding(ids.clamp(max=offset - 1), english)
    own = ids >= offset
    index, inverse = torch.unique(ids[own] - offset, return_inverse=True)
    part = adam.rows[index].requires_grad_(True)
    inputs = inputs.masked_scatter(own.unsqueeze(-1), part[inverse])
    hidden = body(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
    loss = 1 - (pooled(hidden, mask) * goal[batch]).sum(1).mean()
    torch.autograd.backward(loss)
    if part.grad is not None:
        adam.update(index, part.grad, rate)
    return float(loss.item())


def _save(path: Path, adam: RowAdam, epoch: int, batch: int) -> None:
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        np.savez(
            file,
            rows=adam.rows.numpy(),
            first=adam.first.numpy(),
            second=adam.second.numpy(),
            steps=adam.steps.numpy(),
            epoch=epoch,
            batch=batch,
        )
    os.replace(draft, path)


def report(
    body: Any,
    english: torch.Tensor,
    rows: torch.Tensor,
    development: Sequence[Development],
    folder: Path,
    label: str,
    losses: Sequence[float] = (),
) -> None:
    """Append one line of development measures to ``folder/log.jsonl`` and print it."""
    matrix = torch.cat([english, rows])
    line: dict[str, object] = {"at": label}
    if losses:
        line["train_loss"] = round(float(np.mean(losses)), 4)
    for held in development:
        if not len(held.danish):
            continue
        vectors = encode_ids(body, matrix, held.danish)
        similarity = vectors @ held.english.T
        right = similarity.argmax(axis=1) == np.arange(len(vectors))
        line[f"{held.name} cosine"] = round(float(np.diag(similarity).mean()), 4)
        line[f"{held.name} da-en P@1"] = round(float(right.mean()), 4)
    print(json.dumps(line), flush=True)
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
