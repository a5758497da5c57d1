"""The pool that people judge: what several unlike systems put forward, and some by chance.

A pool of one system's answers would favour that system for ever. So each pair of a profile and an
activity is in it that stands in the first ten of any of these, with limits and without, or that was
drawn at random (Sparck Jones and van Rijsbergen 1975; depth-k pooling as TREC has it):

``default``, ``minilm``, ``bm25``, ``tfidf``, ``factors``. Without limits ``default`` orders by meaning
alone. ``python -m spmatch.cli.pool --collection DIR --catalogue SOURCE`` writes ``pools.txt``: profile
id, activity id, and the systems that put the pair in, ``free:`` before those without limits.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from spmatch.config import Config
from spmatch.contracts import Encoder, Progress
from spmatch.evaluation.baselines import (
    SEED,
    bm25_scorer,
    change_config,
    dense_scorer,
    tfidf_scorer,
    without_meaning,
)
from spmatch.evaluation.systems import MatcherSystem, ScoringSystem, System, Task
from spmatch.matcher import Matcher
from spmatch.profile import Limits, Profile
from spmatch.snapshot import Snapshot

DEPTH = 10
AT_RANDOM = 5

Pool = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Profile id → activity id → the systems that put it in."""


def make_pool(
    task: Task,
    snapshot: Snapshot,
    config: Config,
    minilm: Encoder,
    *,
    depth: int = DEPTH,
    at_random: int = AT_RANDOM,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Pool:
    """Pool the profiles of a task. The same inputs give the same pool."""
    scorers = {
        "minilm": dense_scorer(task, minilm),
        "bm25": bm25_scorer(task),
        "tfidf": tfidf_scorer(task),
    }
    on = task.on
    kept: list[System] = [
        MatcherSystem("default", "", "", "default", Matcher(snapshot, config), on),
        MatcherSystem(
            "factors", "", "", "baseline", Matcher(snapshot, without_meaning(config)), on
        ),
    ]
    meaning = Matcher(snapshot, _meaning_alone(config))
    free: list[System] = [
        MatcherSystem("default", "", "", "default", meaning, on),
        MatcherSystem(
            "factors", "", "", "baseline", Matcher(snapshot, without_meaning(config)), on
        ),
    ]
    for name, scorer in scorers.items():
        kept.append(ScoringSystem(name, "", "", "baseline", task, scorer))
        free.append(ScoringSystem(name, "", "", "baseline", task, scorer, keep_limits=False))
    pool: dict[str, dict[str, tuple[str, ...]]] = {}
    for done, (profile_id, profile) in enumerate(task.profiles.items(), start=1):
        found: dict[str, list[str]] = {}
        for system in kept:
            for activity in system(profile, depth).ids:
                found.setdefault(activity, []).append(system.name)
        for system in free:
            unlimited = _text_alone(profile) if system.name == "default" else _unlimited(profile)
            asked = profile if isinstance(system, ScoringSystem) else unlimited
            for activity in system(asked, depth).ids:
                found.setdefault(activity, []).append(f"free:{system.name}")
        rng = np.random.default_rng([seed, zlib.crc32(profile_id.encode())])
        drawn = rng.choice(len(task.ids), size=min(at_random, len(task.ids)), replace=False)
        for row in sorted(int(row) for row in drawn):
            found.setdefault(task.ids[row], []).append("random")
        pool[profile_id] = {activity: tuple(found[activity]) for activity in sorted(found)}
        if progress:
            progress("pool", done, len(task.profiles))
    return pool


def write_pool(pool: Pool, path: Path) -> None:
    """One line a pair: profile id, activity id, systems joined by commas; separated by tabs."""
    lines = [
        f"{profile}\t{activity}\t{','.join(systems)}\n"
        for profile, found in pool.items()
        for activity, systems in found.items()
    ]
    path.write_text("".join(lines), encoding="utf-8")


def _meaning_alone(config: Config) -> Config:
    weights = {name: 0.0 for name in type(config.weights).model_fields if name != "meaning"}
    return change_config(
        config,
        {
            "weights": weights,
            "meaning": {"avoid_weight": 0.0},
            "penalties": dict.fromkeys(type(config.penalties).model_fields, 0.0),
            "nearness": {"far_weight": 0.0},
            "variety": {"same_provider": 0.0, "same_theme": 0.0, "same_text": 0.0},
            "confidence": {"floor": 0.0},
        },
    )


def _text_alone(profile: Profile) -> Profile:
    return Profile(
        id=profile.id,
        needs=profile.needs,
        interests=profile.interests,
        text_language=profile.text_language,
    )


def _unlimited(profile: Profile) -> Profile:
    return profile.model_copy(
        update={"must": Limits(), "age": None, "gender": None, "languages": ()}
    )
