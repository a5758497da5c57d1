"""Tuning on the written corpus: needs and the activities that answer them are drawn together.

Body and Danish rows move together; English rows stay. Each batch holds needs, for each an activity
that answers it, and activities of neighbouring themes that answer none of them. The loss is
contrastive (InfoNCE, van den Oord et al. 2018) both ways; several activities may answer one need, and
pairs that the labels neither join nor part stand outside the sum.
"""

from __future__ import annotations

import json
import re
import time
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from tqdm import tqdm

from .teacher import padded, pooled
from .training import RowAdam

__all__ = ["Corpus", "TuningPlan", "held_out", "read_corpus", "tune"]

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class TuningPlan:
    """Steps of ``needs`` needs each, learning rates (falling to 0), temperature, seed."""

    steps: int = 520
    needs: int = 24
    neighbours: int = 24
    body_rate: float = 2e-5
    row_rate: float = 2e-4
    temperature: float = 0.05
    dropout: float = 0.05
    warm_up: int = 30
    tokens: int = 110
    share: float = 1.0
    seed: int = 1
    checkpoint_seconds: float = 120.0


@dataclass(frozen=True)
class Corpus:
    """Needs and activities with what the labels say of each pair, both (needs, activities)."""

    needs: Sequence[Mapping[str, Any]]
    activities: Sequence[Mapping[str, Any]]
    answers: Flags
    """The activity is just right for the need."""
    related: Flags
    """The labels touch: neither a pair to draw together nor one to part."""
    neighbours: Flags
    """Of the same group of themes, and not related: easily mistaken."""


def held_out(text: str) -> bool:
    """Whether a text is kept from the tuning (a tenth is), to calibrate the themes on."""
    return zlib.crc32(text.encode()) % 1000 < 100


def read_corpus(folder: Path, vocabulary: Path, share: float = 1.0) -> Corpus:
    """The corpus without what is held out. ``share`` below 1 takes that part of it."""
    themes = tomllib.loads(vocabulary.read_text(encoding="utf-8"))["theme"]
    place = {theme["code"]: number for number, theme in enumerate(themes)}
    offered = {theme["code"] for theme in themes if theme["kind"] == "activity"}
    groups = sorted({theme["group"] for theme in themes})
    group_of = np.zeros((len(themes), len(groups)), dtype=np.float32)
    for number, theme in enumerate(themes):
        group_of[number, groups.index(theme["group"])] = 1

    def chosen(name: str) -> list[dict[str, Any]]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        kept = [one for one in found if not held_out(one["text"])]
        part = [
            one for one in kept if zlib.crc32(f"part {one['text']}".encode()) % 1000 < share * 1000
        ]
        return part if share < 1 else kept

    def grades(records: list[dict[str, Any]], field: str) -> Floats:
        table = np.zeros((len(records), len(themes)), dtype=np.float32)
        for number, one in enumerate(records):
            for code, grade in one[field].items():
                table[number, place[code]] = grade
        return table

    needs, activities = chosen("needs.jsonl"), chosen("activities.jsonl")
    is_offered = np.array([theme["code"] in offered for theme in themes])
    about = grades(needs, "themes")
    # A wish for an activity asks for it as much as a link worker's suggestion does.
    wanted = np.maximum(grades(needs, "answers"), about * is_offered)
    situation = about * ~is_offered
    offer, suits = grades(activities, "themes"), grades(activities, "suits")
    fit, suit = _best_product(wanted, offer) / 4, _best_product(situation, suits) / 4
    answers = (fit >= 1) | ((fit >= 0.5) & (suit >= 0.5))
    related = (fit > 0) | (suit >= 0.5)
    near = ((wanted > 0) @ group_of > 0).astype(np.float32)
    near = near @ ((offer > 0) @ group_of > 0).astype(np.float32).T > 0
    return Corpus(needs, activities, answers, related, near & ~related)


def _best_product(left: Floats, right: Floats) -> Floats:
    """For each pair of rows the largest product of their entries."""
    best = np.zeros((len(left), len(right)), dtype=np.float32)
    for theme in range(left.shape[1]):
        rows, columns = np.flatnonzero(left[:, theme]), np.flatnonzero(right[:, theme])
        if len(rows) and len(columns):
            product = left[rows, theme][:, None] * right[columns, theme][None]
            block = np.ix_(rows, columns)
            best[block] = np.maximum(best[block], product)
    return best


def tune(
    body: Any,
    english: torch.Tensor,
    start: Floats,
    row_of_id: npt.NDArray[np.int32],
    tokenizers: Mapping[str, Tokenizer],
    corpus: Corpus,
    plan: TuningPlan,
    checkpoint: Path,
) -> Floats:
    """Tune ``body`` in place and return the Danish rows; resumes from ``checkpoint`` if it is there.

    english: the frozen English matrix; row_of_id: ids to rows of the joint matrix.
    """
    random = np.random.default_rng(plan.seed)
    torch.manual_seed(plan.seed)
    offset = len(english)
    adam = RowAdam(start)
    parameters = _open(body, plan.dropout)
    optimiser = torch.optim.AdamW(parameters, lr=plan.body_rate, weight_decay=0.01)
    waiting: list[int] = []
    done = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=False)
        body.load_state_dict(kept["body"])
        optimiser.load_state_dict(kept["optimiser"])
        for name in ("rows", "first", "second", "steps"):
            setattr(adam, name, kept[name])
        random.bit_generator.state = kept["random"]
        waiting, done = kept["waiting"], kept["done"]
    for tokenizer in tokenizers.values():
        tokenizer.enable_truncation(plan.tokens)
    saved, losses = time.monotonic(), list[float]()
    with tqdm(total=plan.steps, initial=done, desc="tuning") as bar:
        for step in range(done, plan.steps):
            slope = min(1.0, (step + 1) / plan.warm_up) * (1 - step / plan.steps)
            needs, activities = _batch(corpus, plan, random, waiting)
            texts = [(_part_of_need(corpus.needs[i], random), corpus.needs[i]) for i in needs]
            texts += [
                (_part_of_activity(corpus.activities[i], random), corpus.activities[i])
                for i in activities
            ]
            ids = [
                row_of_id[tokenizers[one["language"]].encode(text).ids].astype(np.int64)
                for text, one in texts
            ]
            used = np.unique(np.concatenate(ids))
            matrix = torch.cat([english, adam.rows])[torch.from_numpy(used)].requires_grad_(True)
            vectors = _encode(body, matrix, [np.searchsorted(used, row) for row in ids])
            cosines = vectors[: len(needs)] @ vectors[len(needs) :].T / plan.temperature
            pairs = np.ix_(needs, activities)
            answers = torch.from_numpy(corpus.answers[pairs])
            related = torch.from_numpy(corpus.related[pairs])
            loss = contrast(cosines, answers, related)
            loss = loss + 0.5 * contrast(cosines.T, answers.T, related.T)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            for group in optimiser.param_groups:
                group["lr"] = plan.body_rate * slope
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            danish = used >= offset
            adam.update(
                torch.from_numpy(used[danish] - offset),
                matrix.grad[torch.from_numpy(danish)],
                plan.row_rate * slope,
            )
            losses.append(float(loss.detach()))
            bar.update()
            bar.set_postfix(loss=round(float(np.mean(losses[-20:])), 3))
            if time.monotonic() - saved > plan.checkpoint_seconds:
                state = {
                    "body": body.state_dict(), "optimiser": optimiser.state_dict(),
                    "rows": adam.rows, "first": adam.first, "second": adam.second,
                    "steps": adam.steps, "random": random.bit_generator.state,
                    "waiting": waiting, "done": step + 1,
                }  # fmt: skip
                draft = checkpoint.with_suffix(".part")
                torch.save(state, draft)
                draft.rename(checkpoint)
                saved = time.monotonic()
    body.eval()
    for parameter in body.parameters():
        parameter.requires_grad_(False)
    rows: Floats = adam.rows.numpy()
    return rows


def contrast(cosines: torch.Tensor, answers: torch.Tensor, related: torch.Tensor) -> torch.Tensor:
    """InfoNCE with several right columns a row, each against the columns that are not related."""
    apart = torch.where(answers | related, torch.tensor(-1e9), cosines).logsumexp(1, keepdim=True)
    each = torch.logaddexp(cosines, apart.expand_as(cosines)) - cosines
    mean = (each * answers).sum(1) / answers.sum(1).clamp(min=1)
    return mean[answers.any(1)].mean()


def _open(body: Any, dropout: float) -> list[torch.nn.Parameter]:
    """Everything of the body may move but its embeddings of English words and of places."""
    body.train()
    for module in body.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
    for name, parameter in body.named_parameters():
        parameter.requires_grad_(not name.startswith(("embeddings.word", "embeddings.position")))
    return [parameter for parameter in body.parameters() if parameter.requires_grad]


def _batch(
    corpus: Corpus, plan: TuningPlan, random: np.random.Generator, waiting: list[int]
) -> tuple[list[int], list[int]]:
    needs: list[int] = []
    while len(needs) < plan.needs:
        if not waiting:
            answered = np.flatnonzero(corpus.answers.any(axis=1))
            waiting += random.permutation(answered).tolist()
        needs.append(waiting.pop())
    activities = [int(random.choice(np.flatnonzero(corpus.answers[i]))) for i in needs]
    for i in needs[: plan.neighbours]:
        mistaken = np.flatnonzero(corpus.neighbours[i])
        if len(mistaken):
            activities.append(int(random.choice(mistaken)))
    return needs, list(dict.fromkeys(activities))


def _part_of_need(need: Mapping[str, Any], random: np.random.Generator) -> str:
    """Mostly the whole text; else some of its sentences, since a match reads sentences too."""
    text: str = need["text"]
    sentences = _SENTENCE_END.split(text)
    if len(sentences) > 1 and random.random() < 0.3:
        begin = random.integers(len(sentences))
        return " ".join(sentences[begin : random.integers(begin, len(sentences)) + 1])
    return text


def _part_of_activity(activity: Mapping[str, Any], random: np.random.Generator) -> str:
    title, text = activity["title"], activity["text"]
    drawn = random.random()
    if drawn < 0.1:
        return str(title)
    if drawn < 0.3:
        sentences = _SENTENCE_END.split(text)
        begin = random.integers(len(sentences))
        text = " ".join(sentences[begin : begin + random.integers(1, 3)])
        return text if drawn < 0.2 else f"{title}\n{text}"
    return f"{title}\n{text}"


def _encode(body: Any, matrix: torch.Tensor, rows: list[npt.NDArray[np.int64]]) -> torch.Tensor:
    """Unit vectors in order; three lengths of batch, so that little is padding."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    size = -(-len(rows) // 3)
    parts = []
    for start in range(0, len(order), size):
        ids, mask = padded([rows[i].astype(np.int32) for i in order[start : start + size]])
        inputs = torch.nn.functional.embedding(ids, matrix)
        parts.append(
            pooled(body(inputs_embeds=inputs, attention_mask=mask).last_hidden_state, mask)
        )
    return torch.cat(parts)[torch.from_numpy(np.argsort(order))]
