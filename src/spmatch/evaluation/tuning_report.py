"""What a tuning found, as one record and as a settings file. Holds ids and numbers, and no text."""

from __future__ import annotations

import json
from typing import Any, Literal

from spmatch.config import Config
from spmatch.evaluation.results import Interval, Value
from spmatch.words import Record


class Recipe(Record):
    """One way to learn weights. More ``strength`` stays nearer to the weights in use."""

    pairs: Literal["grades", "measure"]
    """What a pair of activities weighs: the difference of grades, or of nDCG@10 if exchanged."""
    strength: float


class Tried(Record):
    """What cross-validation over all profiles says of one recipe."""

    recipe: Recipe | None
    """``None``: the weights in use."""
    ndcg: float
    """Mean nDCG@10 of profiles that were left out of the fit, without variety."""


class FactorWeight(Record):
    """One weight, as a share of all, before and after; the interval is of the fitted one."""

    name: str
    in_use: float
    fitted: float
    interval: Interval | None


class HeldOut(Record):
    """nDCG@10 of profiles that took no part in the fit, nor in the choice of the recipe.

    Whether a search follows the fit was decided on them, which flatters a tuning that has one a little.
    """

    in_use: Value
    tuned: Value
    difference: Value
    """``tuned`` minus ``in_use``, paired by profile."""


class Tuning(Record):
    """One tuning, whole. ``adopted`` says whether the fitted weights are worth the change."""

    collection: str
    split: str
    profiles: int
    """That take part: those for which some activity is right."""
    catalogue_hash: str
    encoder: str
    on: str
    seed: int
    folds: int
    repeats: int
    resamples: int
    level: float
    least: float
    adopted: bool
    recipe: Recipe
    """The best there is, whether adopted or not."""
    searched: bool
    """Whether a search on nDCG@10 itself follows the fit: only if that helps held-out profiles."""
    search_gain: Value
    """nDCG@10 of held-out profiles with that search minus without, paired by profile."""
    weights: tuple[FactorWeight, ...]
    tried: tuple[Tried, ...]
    held_out: HeldOut
    by_language: dict[str, HeldOut]
    kept: int
    """In how many of the folds × repeats the weights in use were kept."""
    by_profile: dict[str, tuple[float, float]]
    """Profile id → nDCG@10 in use and tuned, held out, mean over repeats."""
    config_hash: str
    """Of the settings in use."""
    tuned_hash: str
    """Of the settings with the adopted weights; the same where nothing was adopted."""


def settings_file(config: Config, head: str) -> str:
    """TOML that ``Config.load`` reads: what differs from the defaults, below a comment."""
    lines = [f"# {line}" for line in head.splitlines()]
    changed = _difference(config.model_dump(mode="json"), Config.default().model_dump(mode="json"))
    return "\n".join([*lines, *_tables(changed, ())]) + "\n"


def _difference(given: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        before = base.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            if below := _difference(value, before):
                found[name] = below
        elif value != before:
            found[name] = value
    return found


def _tables(values: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {name: value for name, value in values.items() if not isinstance(value, dict)}
    lines = []
    if plain and path:
        lines += ["", f"[{'.'.join(path)}]"]
    # Numbers, truth values, texts and lists of them are written in TOML as they are in JSON.
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in plain.items()]
    for name, value in values.items():
        if isinstance(value, dict):
            lines += _tables(value, (*path, name))
    return lines
