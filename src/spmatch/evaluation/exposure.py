"""Who is shown: how the places of the first fives are shared between groups of activities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from spmatch.columns import NOT_STATED
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.measures import TOP
from spmatch.evaluation.results import ExposureGroup
from spmatch.evaluation.runs import Run
from spmatch.evaluation.systems import Task

Dimension = Literal["provider_size", "description_length"]

SIZES = ("1 activity", "2 to 4 activities", "5 activities or more")
LENGTHS = ("shortest third", "middle third", "longest third")


def exposure(run: Run, truth: Truth, task: Task) -> tuple[ExposureGroup, ...]:
    """Shares of exposure by provider size and by description length.

    A place gives 1/log2(1 + rank) (Singh and Joachims, Fairness of Exposure in Rankings, KDD 2018).
    Beside it stand the group's shares of the feasible and of the suitable activities of each profile,
    averaged over the profiles that have any.
    """
    row_of = {activity: row for row, activity in enumerate(task.ids)}
    given = np.zeros(len(task.ids))
    for i in truth.grades:
        for rank, activity in enumerate(run[i].ids[:TOP], start=1):
            given[row_of[activity]] += 1 / np.log2(1 + rank)
    feasible = [np.flatnonzero(task.limits[i].feasible) for i in truth.grades]
    suitable = [
        np.array(sorted(row_of[one] for one in truth.suitable[i]), dtype=np.intp)
        for i in truth.grades
    ]
    found = []
    groups: Mapping[Dimension, tuple[Sequence[str], np.ndarray[tuple[int], np.dtype[np.intp]]]] = {
        "provider_size": (SIZES, provider_sizes(task)),
        "description_length": (LENGTHS, description_lengths(task)),
    }
    for dimension, (names, group_of) in groups.items():
        for number, name in enumerate(names):
            inside = group_of == number
            merited = _mean_share(inside, suitable)
            share = float(given[inside].sum() / given.sum()) if given.any() else None
            found.append(
                ExposureGroup(
                    dimension=dimension,
                    group=name,
                    activities=int(inside.sum()),
                    feasible_share=_mean_share(inside, feasible),
                    suitable_share=merited,
                    exposure_share=share,
                    ratio=share / merited if share is not None and merited else None,
                )
            )
    return tuple(found)


def provider_sizes(task: Task) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """By row, which of ``SIZES`` its provider is. One without a name is taken to be small."""
    offers = Counter(int(number) for number in task.columns.provider)
    sizes = [1 if number == NOT_STATED else offers[int(number)] for number in task.columns.provider]
    return np.array([0 if size == 1 else 1 if size < 5 else 2 for size in sizes], dtype=np.intp)


def description_lengths(task: Task) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """By row, which third of the catalogue its description falls in, by number of characters."""
    lengths = np.array([len(activity.description or "") for activity in task.catalogue])
    if not len(lengths):
        return np.zeros(0, dtype=np.intp)
    bounds = np.quantile(lengths, [1 / 3, 2 / 3])
    return np.searchsorted(bounds, lengths, side="left").astype(np.intp)


def _mean_share(
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    of: Sequence[np.ndarray[tuple[int], np.dtype[np.intp]]],
) -> float | None:
    shares = [float(inside[rows].mean()) for rows in of if len(rows)]
    return float(np.mean(shares)) if shares else None
