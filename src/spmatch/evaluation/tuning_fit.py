"""Weights fitted to grades: a pairwise loss for a start, and a search on the measure itself.

The score of an activity is what the matcher makes of it: the values of the factors that apply to the
profile, weighted by their shares, plus the penalties at the values that the settings give them. Only
the shares are fitted, and a temperature that is thrown away: it says how far apart two scores must
stand to count as certain, so that the penalties need not grow or shrink for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from spmatch.columns import Floats
from spmatch.evaluation.tuning_features import Example, Shares, discount
from spmatch.ranking import DECIMALS

PairWeighting = Literal["grades", "measure"]
ROUNDS = 4
"""How often pairs are weighed anew by the order that the last fit gave."""
TEMPERATURES = (1.0, 300.0)
STEPS = (0.16, 0.08, 0.04, 0.02, 0.01)
"""Of the search, in shares, one after the other."""
GAIN_MIN = 1e-4
"""What a step of the search must gain in the measure."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stack:
    """Examples one below the other. ``profile`` numbers the example of each row."""

    values: Floats
    applies: Floats
    taken_off: Floats
    grades: Floats
    profile: Places
    starts: Places
    ideal: Floats

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Stack:
        sizes = np.array([len(one.grades) for one in examples], dtype=np.int64)
        return cls(
            np.concatenate([one.values for one in examples]),
            np.array([one.applies for one in examples], dtype=np.float64),
            np.concatenate([one.taken_off for one in examples]),
            np.concatenate([one.grades for one in examples]).astype(np.float64),
            np.repeat(np.arange(len(examples)), sizes),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]),
            np.array([one.ideal for one in examples]),
        )

    def scores(self, shares: Shares) -> Floats:
        """The score of each row, variety excepted."""
        applied = np.maximum(self.applies @ shares, 1e-12)
        weighed: Floats = self.values @ shares / applied[self.profile] + self.taken_off
        return weighed

    def places(self, scores: Floats) -> Places:
        """The place of each row in the list of its profile, from 0; ties by row."""
        order = np.lexsort((-np.round(scores, DECIMALS), self.profile))
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order)) - self.starts[self.profile]
        return places

    def ndcg(self, shares: Shares) -> Floats:
        """(examples,): nDCG@10 of each."""
        gains = self.grades * discount(self.places(self.scores(shares)))
        return np.bincount(self.profile, gains, len(self.ideal)) / self.ideal


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every two rows of one profile with different grades."""

    better: Places
    worse: Places
    profile: Places
    gap: Floats
    """By how many grades the one is better."""

    @classmethod
    def of(cls, stack: Stack) -> Pairs:
        better, worse = [], []
        ends = [*stack.starts[1:], len(stack.grades)]
        for start, end in zip(stack.starts, ends, strict=True):
            grades = stack.grades[start:end]
            one, other = np.nonzero(grades[:, None] > grades[None, :])
            better.append(one + start)
            worse.append(other + start)
        one, other = np.concatenate(better), np.concatenate(worse)
        return cls(one, other, stack.profile[one], stack.grades[one] - stack.grades[other])

    def of_weight(self, weights: Floats, profiles: Floats) -> tuple[Pairs, Floats]:
        """Those with a weight, and their weights: each profile's add up to what ``profiles`` say."""
        summed = np.bincount(self.profile, weights, len(profiles))
        each = weights * (profiles / np.where(summed > 0, summed, 1.0))[self.profile]
        kept = each > 0
        return (
            Pairs(self.better[kept], self.worse[kept], self.profile[kept], self.gap[kept]),
            each[kept],
        )


def bounded(shares: Shares, least: float) -> Shares:
    """Shares that add up to 1 with none below ``least``: what stands above it keeps its proportions."""
    return _shares(_above(shares / shares.sum(), least), least)


def fit(
    stack: Stack,
    start: Shares,
    *,
    pairs: PairWeighting,
    strength: float,
    least: float,
    profiles: Floats | None = None,
) -> Shares:
    """Shares under which the better graded of two activities stands above the other.

    Minimises the mean over profiles of the weighted logistic loss of their pairs (RankNet, Burges et
    al., ICML 2005) plus ``strength`` / 2 × the squared distance to ``start``. Pairs weigh by the
    difference of their grades, or by what their places would change in nDCG@10 if they were
    exchanged (LambdaRank; Burges, MSR-TR-2010-82), weighed anew ``ROUNDS`` times. ``profiles`` says
    how much each counts (the same when not given). No share is below ``least``.
    """
    counts = np.ones(len(stack.ideal)) if profiles is None else profiles
    counts = counts / counts.sum()
    every = Pairs.of(stack)
    shares = bounded(start, least)
    heat = float(np.log(20.0))
    for _ in range(ROUNDS if pairs == "measure" else 1):
        weights = every.gap
        if pairs == "measure":
            worth = discount(stack.places(stack.scores(shares)))
            moved = np.abs(worth[every.better] - worth[every.worse])
            weights = every.gap * moved / stack.ideal[every.profile]
        used, weighed = every.of_weight(weights, counts)
        if not len(weighed):
            break
        loss = _Loss(stack, used, weighed, start / start.sum(), strength, least)
        found = minimize(
            loss,
            np.append(_above(shares, least), heat),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, None)] * len(shares) + [tuple(np.log(TEMPERATURES))],
            options={"maxiter": 200, "ftol": 1e-9},
        )
        shares, heat = _shares(found.x[:-1], least), float(found.x[-1])
    return shares


def search(stack: Stack, start: Shares, *, least: float, profiles: Floats | None = None) -> Shares:
    """Shares with a higher mean nDCG@10, one moved at a time from ``start``, in ever smaller steps.

    The measure has no slope, so it is tried and not derived (coordinate ascent; Metzler and Croft,
    Information Retrieval 10, 2007).
    """
    counts = np.ones(len(stack.ideal)) if profiles is None else profiles
    counts = counts / counts.sum()
    at = _above(bounded(start, least), least)
    best = float(counts @ stack.ndcg(_shares(at, least)))
    for step in STEPS:
        moved = True
        while moved:
            moved = False
            for number in range(len(at)):
                for change in (step, -step):
                    tried = at.copy()
                    tried[number] = max(tried[number] + change, 0.0)
                    if not tried.any() or tried[number] == at[number]:
                        continue
                    tried /= tried.sum()
                    found = float(counts @ stack.ndcg(_shares(tried, least)))
                    if found > best + GAIN_MIN:
                        at, best, moved = tried, found, True
    return _shares(at, least)


class _Loss:
    """The loss and its slope, over what stands above ``least`` (at any scale) and the temperature."""

    def __init__(
        self,
        stack: Stack,
        pairs: Pairs,
        weights: Floats,
        start: Shares,
        strength: float,
        least: float,
    ) -> None:
        self._stack, self._pairs, self._weights = stack, pairs, weights
        self._start, self._strength, self._least = start, strength, least

    def __call__(self, point: Floats) -> tuple[float, Floats]:
        stack, pairs = self._stack, self._pairs
        above, heat = point[:-1], np.exp(point[-1])
        whole = max(float(above.sum()), 1e-12)
        shares = _shares(above, self._least)
        applied = np.maximum(stack.applies @ shares, 1e-12)
        weighed = stack.values @ shares / applied[stack.profile]
        scores = weighed + stack.taken_off
        apart = scores[pairs.better] - scores[pairs.worse]
        from_start = shares - self._start
        loss = float(self._weights @ np.logaddexp(0.0, -heat * apart))
        loss += 0.5 * self._strength * float(from_start @ from_start)
        # The scale of the point means nothing; it is kept near 1, where the steps are well sized.
        loss += 0.5 * (whole - 1.0) ** 2

        slope = -self._weights * expit(-heat * apart)
        n = len(scores)
        of_score = heat * (np.bincount(pairs.better, slope, n) - np.bincount(pairs.worse, slope, n))
        of_shares = (of_score / applied[stack.profile]) @ stack.values
        by_profile = np.bincount(stack.profile, of_score * weighed, len(applied))
        of_shares -= (by_profile / applied) @ stack.applies
        of_shares += self._strength * from_start
        room = 1 - self._least * len(above)
        of_above = room / whole * (of_shares - of_shares @ above / whole) + (whole - 1.0)
        return loss, np.append(of_above, heat * float(slope @ apart))


def _above(shares: Shares, least: float) -> Floats:
    """What each share has above ``least``, as parts of all that stands above it."""
    above: Floats = np.maximum(shares - least, 0.0)
    if not above.any():
        above = np.ones(len(shares))
    parts: Floats = above / above.sum()
    return parts


def _shares(above: Floats, least: float) -> Shares:
    whole = above.sum()
    parts = above / whole if whole > 0 else np.full(len(above), 1 / len(above))
    shares: Shares = least + (1 - least * len(above)) * parts
    return shares
