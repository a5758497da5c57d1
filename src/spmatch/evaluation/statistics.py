"""Intervals and tests over profiles, all seeded: the same values give the same numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from spmatch.evaluation.results import Interval, Value

SEED = 20261122
RESAMPLES = 10_000
LEVEL = 0.95
EXACT_UP_TO = 13
"""So many differences, and no more, have all their sign patterns tried (2¹³ = 8,192)."""
EQUAL = 1e-9
"""Values no further apart are the same."""

_Matrix = npt.NDArray[np.float64]


def bootstrap_interval(
    values: Sequence[float],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Interval of a mean by resampling profiles: the expanded percentile bootstrap.

    The percentile interval (Efron and Tibshirani, An Introduction to the Bootstrap, 1993) is too
    narrow for few values; its percentiles are moved out to Φ(−t √(n/(n−1))), t the Student quantile
    with n − 1 degrees of freedom (Hesterberg, The American Statistician 69, 2015). A paired interval
    is that of the differences. One value alone gives an interval of no width. Raises ``ValueError``
    without any.
    """
    sample = np.asarray(values, dtype=np.float64)
    if not len(sample):
        raise ValueError("An interval needs at least one value.")
    if len(sample) == 1 or np.ptp(sample) == 0:
        return Interval(low=float(sample[0]), high=float(sample[0]))
    n = len(sample)
    means = _counts(n, resamples, seed) @ sample / n
    quantile = float(stdtrit(n - 1, (1 - level) / 2))
    tail = float(ndtr(quantile * math.sqrt(n / (n - 1))))
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(low=_plain(low), high=_plain(high))


def summarise(
    values: Sequence[float | None],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Value:
    """Mean and interval of the values that are defined; ``None`` when none is."""
    defined = [value for value in values if value is not None]
    if not defined:
        return Value(mean=None, interval=None, profiles=0)
    interval = bootstrap_interval(defined, level=level, resamples=resamples, seed=seed)
    return Value(mean=_plain(np.mean(defined)), interval=interval, profiles=len(defined))


def randomisation_p(
    differences: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> float:
    """Two-sided p of a mean of paired differences, by flipping their signs (Fisher 1935).

    Recommended for retrieval by Smucker, Allan and Carterette (CIKM 2007). Up to ``EXACT_UP_TO``
    differences that are not zero, every pattern of signs is tried; above, ``resamples`` random ones,
    and the observed one is counted with them, so that p is never 0.
    """
    unequal = np.array([d for d in differences if abs(d) > EQUAL], dtype=np.float64)
    if not len(unequal):
        return 1.0
    observed = abs(float(unequal.sum())) - EQUAL
    n = len(unequal)
    if n <= EXACT_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=n)))
        return float(np.mean(np.abs(signs @ unequal) >= observed))
    flipped = np.abs(_signs(n, resamples, seed) @ unequal) >= observed
    return float((1 + flipped.sum()) / (1 + resamples))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    count = len(p_values)
    order = sorted(range(count), key=lambda i: p_values[i])
    adjusted = [0.0] * count
    highest = 0.0
    for place, i in enumerate(order):
        highest = max(highest, min(1.0, (count - place) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def weighted_kappa(first: Sequence[int], second: Sequence[int], grades: int = 4) -> float | None:
    """Cohen's κ with quadratic weights (Psychological Bulletin 70, 1968) of grades 0 to ``grades``−1.

    ``None`` when there are no pairs, or when chance alone would agree always.
    """
    if not first:
        return None
    seen = np.zeros((grades, grades))
    np.add.at(seen, (np.asarray(first), np.asarray(second)), 1)
    apart = (np.arange(grades)[:, None] - np.arange(grades)[None, :]) ** 2
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    expected = float((apart * by_chance).sum())
    return None if expected == 0 else _plain(1 - float((apart * seen).sum()) / expected)


@lru_cache(maxsize=64)
def _counts(n: int, resamples: int, seed: int) -> npt.NDArray[np.float32]:
    """(resamples, n): how often each value is drawn in each resample."""
    rng = np.random.default_rng([seed, n, 1])
    return rng.multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float32)


@lru_cache(maxsize=8)
def _signs(n: int, resamples: int, seed: int) -> _Matrix:
    rng = np.random.default_rng([seed, n, 2])
    return rng.integers(0, 2, size=(resamples, n)).astype(np.float64) * 2 - 1


def _plain(value: float | np.floating[npt.NBitBase]) -> float:
    """Rounded to 1e-12, so that the order of additions on a machine does not show."""
    return round(float(value), 12)
