"""Weights learned from judged profiles: fitted, cross-validated, and kept as they are unless that helps.

The score stays the sum that explains itself; only the weights of its factors move, and none below
``least``: the grades judge meaning alone, and what they cannot see (nearer, cheaper, sooner, easier
to enter) must still break ties. Penalties keep their values: weights count as shares of their sum, so
that a penalty takes off the same whatever the weights add up to.

Everything is chosen inside the folds, the way of fitting too (nested cross-validation; Varma and Simon,
BMC Bioinformatics 7:91, 2006), so that the figure reported is of profiles that nothing was chosen on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import get_args

import numpy as np
import numpy.typing as npt

from spmatch.columns import Floats
from spmatch.config import Weights
from spmatch.contracts import Progress
from spmatch.errors import InputError
from spmatch.evaluation.results import Interval, Value
from spmatch.evaluation.statistics import LEVEL, SEED, summarise
from spmatch.evaluation.tuning_features import FACTORS, AsMatched, Example, Shares
from spmatch.evaluation.tuning_fit import PairWeighting, Stack, fit, search
from spmatch.evaluation.tuning_report import FactorWeight, HeldOut, Recipe, Tried

PROFILES_MIN = 20
DECIMALS = 3
"""Of a weight: more would claim what no collection can tell."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How weights are sought. The same plan and examples give the same answer."""

    seed: int = SEED
    folds: int = 5
    repeats: int = 4
    """Of the outer folds, each dealt anew."""
    inner_repeats: int = 2
    """Of the folds that choose the recipe."""
    resamples: int = 200
    """Of the profiles, for the intervals of the weights."""
    least: float = 0.02
    strengths: tuple[float, ...] = (100.0, 10.0, 1.0, 0.1)

    def recipes(self) -> tuple[Recipe, ...]:
        """All that are tried, those that change least first."""
        kinds: tuple[PairWeighting, ...] = get_args(PairWeighting)
        return tuple(
            Recipe(pairs=kind, strength=strength)
            for strength, kind in product(self.strengths, kinds)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The best recipe, whether it beats the weights in use, and what was tried."""

    recipe: Recipe
    better: bool
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a tuning, before it is written down with where it comes from."""

    choice: Choice
    searched: bool
    search_gain: Value
    adopted: bool
    weights: Mapping[str, float]
    """Those to use from now on: fitted, or as they were."""
    fitted: tuple[FactorWeight, ...]
    held_out: HeldOut
    by_language: Mapping[str, HeldOut]
    kept: int
    by_profile: Mapping[str, tuple[float, float]]


def tune(
    examples: Sequence[Example],
    in_use: Weights,
    plan: Plan | None = None,
    *,
    measured: AsMatched | None = None,
    progress: Progress | None = None,
) -> Found:
    """Seek better weights than those in use.

    Raises ``InputError`` below ``PROFILES_MIN`` profiles, or where not all weights can keep ``least``.

    ``measured`` measures held-out profiles (by the plain sum, without variety, when not given). The
    fitted weights are adopted only if cross-validation prefers them, and if held-out profiles are
    better off with what was chosen without them, by more than the standard error of the difference;
    the search on the measure itself follows the fit on the same condition.
    """
    plan = plan or Plan()
    if len(examples) < PROFILES_MIN:
        raise InputError(
            f"{len(examples)} profiles have an activity that is right for them; weights need at "
            f"least {PROFILES_MIN}. Judge more profiles, or keep the weights in use."
        )
    if not 0 <= plan.least * len(FACTORS) < 1:
        raise InputError(
            f"{len(FACTORS)} weights cannot each keep a share of {plan.least:g}. "
            f"Give a least share from 0 to below {1 / len(FACTORS):.2f}."
        )
    start = np.array([getattr(in_use, name) for name in FACTORS], dtype=np.float64)
    if not start.any():
        raise InputError("All weights in use are 0. Give at least one of them a value.")
    measured = measured or _plain_sum(examples)
    old = dict(zip(FACTORS, start.tolist(), strict=True))
    before = measured(old, [one.id for one in examples])
    after, after_search, kept = _cross_validated(examples, start, plan, measured, progress)
    gains = [after_search[i] - after[i] for i in after]
    searching = _clearly(gains)
    by_profile = {i: (before[i], (after_search if searching else after)[i]) for i in after}
    held_out = _held_out(list(by_profile.values()))

    choice = choose(examples, start, plan, [plan.seed, plan.repeats])

    def learned(stack: Stack, counts: Floats | None = None) -> Shares:
        if not searching:
            return _fit(choice.recipe, stack, start, plan, counts)
        begun = _fit(choice.recipe, stack, start, plan, counts) if choice.better else start
        return search(stack, begun, least=plan.least, profiles=counts)

    stack = Stack.of(examples)
    fitted = _named(learned(stack))
    adopted = (choice.better or searching) and _clearly([b - a for a, b in by_profile.values()])
    intervals = _intervals(learned, stack, plan)
    shares = start / start.sum()
    return Found(
        choice=choice,
        searched=searching,
        search_gain=summarise(gains),
        adopted=adopted,
        weights=fitted if adopted else old,
        fitted=tuple(
            FactorWeight(
                name=name,
                in_use=round(float(shares[number]), DECIMALS),
                fitted=fitted[name],
                interval=intervals[number],
            )
            for number, name in enumerate(FACTORS)
        ),
        held_out=held_out,
        by_language={
            language: _held_out(
                [by_profile[one.id] for one in examples if one.language == language]
            )
            for language in sorted({one.language for one in examples})
        },
        kept=kept,
        by_profile=by_profile,
    )


def choose(examples: Sequence[Example], start: Shares, plan: Plan, seed: Sequence[int]) -> Choice:
    """The best recipe by repeated cross-validation; of equals, the one that changes least."""
    recipes = plan.recipes()
    values = np.mean(
        [
            _left_out(examples, recipes, start, plan, folds_of(examples, plan.folds, [*seed, one]))
            for one in range(plan.inner_repeats)
        ],
        axis=0,
    )
    in_use = float(Stack.of(examples).ndcg(start).mean())
    means = np.round(values.mean(axis=0), 6)
    chosen = int(np.argmax(means))
    return Choice(
        recipe=recipes[chosen],
        better=bool(means[chosen] > round(in_use, 6)),
        tried=(
            Tried(recipe=None, ndcg=round(in_use, 6)),
            *(
                Tried(recipe=recipe, ndcg=float(mean))
                for recipe, mean in zip(recipes, means, strict=True)
            ),
        ),
    )


def folds_of(examples: Sequence[Example], count: int, seed: Sequence[int]) -> npt.NDArray[np.int64]:
    """(examples,): the number of the fold of each, dealt out by language so that all are alike."""
    rng = np.random.default_rng([*seed, len(examples)])
    folds = np.zeros(len(examples), dtype=np.int64)
    dealt = 0
    for language in sorted({one.language for one in examples}):
        numbers = [number for number, one in enumerate(examples) if one.language == language]
        for number in rng.permutation(numbers):
            folds[number] = dealt % count
            dealt += 1
    return folds


def _cross_validated(
    examples: Sequence[Example],
    start: Shares,
    plan: Plan,
    measured: AsMatched,
    progress: Progress | None,
) -> tuple[dict[str, float], dict[str, float], int]:
    """nDCG@10 of each profile by weights learned without it: fitted, and searched from there.

    Means over repeats; and in how many folds the weights in use were kept instead of a fit.
    """
    fitted: dict[str, list[float]] = {one.id: [] for one in examples}
    searched: dict[str, list[float]] = {one.id: [] for one in examples}
    kept = 0
    for repeat, fold in product(range(plan.repeats), range(plan.folds)):
        held = folds_of(examples, plan.folds, [plan.seed, repeat])
        rest = [one for one, number in zip(examples, held, strict=True) if number != fold]
        out = [one.id for one, number in zip(examples, held, strict=True) if number == fold]
        stack = Stack.of(rest)
        choice = choose(rest, start, plan, [plan.seed, repeat, fold])
        kept += not choice.better
        shares = _fit(choice.recipe, stack, start, plan) if choice.better else start
        further = search(stack, shares, least=plan.least)
        # Weights that are kept are measured as they are, not rounded.
        as_is = dict(zip(FACTORS, start.tolist(), strict=True))
        weights = _named(shares) if choice.better else as_is
        for values, learned in ((fitted, weights), (searched, _named(further))):
            for i, value in measured(learned, out).items():
                values[i].append(value)
        if progress:
            progress("tune", repeat * plan.folds + fold + 1, plan.folds * plan.repeats)
    return (
        {i: float(np.mean(values)) for i, values in fitted.items()},
        {i: float(np.mean(values)) for i, values in searched.items()},
        kept,
    )


def _left_out(
    examples: Sequence[Example],
    recipes: Sequence[Recipe],
    start: Shares,
    plan: Plan,
    held: npt.NDArray[np.int64],
) -> Floats:
    """(examples, recipes): nDCG@10 of each by weights that were fitted without its fold."""
    values = np.zeros((len(examples), len(recipes)))
    for fold in range(plan.folds):
        rest = Stack.of([one for one, number in zip(examples, held, strict=True) if number != fold])
        out = Stack.of([one for one, number in zip(examples, held, strict=True) if number == fold])
        for column, recipe in enumerate(recipes):
            shares = _fit(recipe, rest, start, plan)
            values[held == fold, column] = out.ndcg(shares)
    return values


def _clearly(differences: Sequence[float]) -> bool:
    """Whether a mean of paired differences is more than its standard error above 0."""
    error = float(np.std(differences, ddof=1)) / len(differences) ** 0.5
    return bool(np.mean(differences) > max(error, 1e-9))


def _fit(
    recipe: Recipe, stack: Stack, start: Shares, plan: Plan, profiles: Floats | None = None
) -> Shares:
    return fit(
        stack,
        start,
        pairs=recipe.pairs,
        strength=recipe.strength,
        least=plan.least,
        profiles=profiles,
    )


def _named(shares: Shares) -> dict[str, float]:
    """Weights by factor, rounded; the largest takes what rounding leaves, so that they add up to 1."""
    rounded = [round(float(share), DECIMALS) for share in shares / shares.sum()]
    largest = int(np.argmax(rounded))
    others = sum(share for number, share in enumerate(rounded) if number != largest)
    rounded[largest] = round(1.0 - others, DECIMALS)
    return dict(zip(FACTORS, rounded, strict=True))


def _plain_sum(examples: Sequence[Example]) -> AsMatched:
    by_id = {one.id: one for one in examples}

    def measured(weights: Mapping[str, float], ids: Sequence[str]) -> Mapping[str, float]:
        shares = np.array([weights[name] for name in FACTORS])
        found = Stack.of([by_id[i] for i in ids]).ndcg(shares)
        return dict(zip(ids, found.tolist(), strict=True))

    return measured


def _held_out(pairs: Sequence[tuple[float, float]]) -> HeldOut:
    before, after = [one for one, _ in pairs], [one for _, one in pairs]
    return HeldOut(
        in_use=summarise(before),
        tuned=summarise(after),
        difference=summarise([new - old for old, new in pairs]),
    )


def _intervals(
    learned: Callable[[Stack, Floats], Shares], stack: Stack, plan: Plan
) -> list[Interval | None]:
    """Of each weight that is learned: percentiles over profiles drawn anew."""
    if not plan.resamples:
        return [None] * len(FACTORS)
    rng = np.random.default_rng([plan.seed, 3])
    n = len(stack.ideal)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=plan.resamples).astype(np.float64)
    found = np.array([learned(stack, counts) for counts in drawn])
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return [
        Interval(low=round(float(one), DECIMALS), high=round(float(other), DECIMALS))
        for one, other in zip(low, high, strict=True)
    ]
