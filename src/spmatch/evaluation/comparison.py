"""One system against others: paired intervals, corrected p-values, and the profiles that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.evaluation.baselines import query_text
from spmatch.evaluation.collection import Collection
from spmatch.evaluation.measures import TOP
from spmatch.evaluation.results import Change, Comparison, Placed
from spmatch.evaluation.runs import Run
from spmatch.evaluation.statistics import EQUAL, bootstrap_interval, holm, randomisation_p
from spmatch.evaluation.systems import Task

COMPARED = ("nDCG@10", "nDCG@5", "P@5", "R@50", "RR", "suitable3@5")
CHANGES_EACH_WAY = 3
"""How many profiles that gained, and that lost, are shown of each pair of systems."""

Scores = Mapping[str, Mapping[str, float | None]]
"""Measure → profile id → value."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How intervals and p-values are drawn."""

    level: float
    resamples: int
    seed: int


def compare(
    name: str, scores: Scores, others: Mapping[str, Scores], sampling: Sampling
) -> tuple[Comparison, ...]:
    """``name`` minus each other system on each of ``COMPARED``, over profiles where both are defined.

    The p-values are corrected by Holm over all comparisons that come out.
    """
    found: list[Comparison] = []
    for against, other in others.items():
        for measure in COMPARED:
            differences = paired(scores[measure], other[measure])
            if not differences:
                continue
            found.append(
                Comparison(
                    system=name,
                    against=against,
                    measure=measure,
                    profiles=len(differences),
                    difference=round(float(np.mean(differences)), 12),
                    interval=bootstrap_interval(
                        differences,
                        level=sampling.level,
                        resamples=sampling.resamples,
                        seed=sampling.seed,
                    ),
                    p=randomisation_p(
                        differences, resamples=sampling.resamples, seed=sampling.seed
                    ),
                    p_holm=1.0,
                    wins=sum(one > EQUAL for one in differences),
                    ties=sum(abs(one) <= EQUAL for one in differences),
                    losses=sum(one < -EQUAL for one in differences),
                )
            )
    corrected = holm([one.p for one in found])
    return tuple(
        one.model_copy(update={"p_holm": p}) for one, p in zip(found, corrected, strict=True)
    )


def paired(values: Mapping[str, float | None], against: Mapping[str, float | None]) -> list[float]:
    """Differences by profile, in the order of ``values``, where both are defined."""
    return [
        value - other
        for i, value in values.items()
        if value is not None and (other := against.get(i)) is not None
    ]


def most_changed(
    run: Run,
    scores: Scores,
    other: Run,
    other_scores: Scores,
    collection: Collection,
    task: Task,
    measure: str = "nDCG@10",
    each_way: int = CHANGES_EACH_WAY,
) -> tuple[Change, ...]:
    """The profiles that gained most over another system, then those that lost most, with both lists."""
    apart = [
        (value - against, i, value, against)
        for i, value in scores[measure].items()
        if value is not None and (against := other_scores[measure].get(i)) is not None
    ]
    gained = sorted((one for one in apart if one[0] > EQUAL), key=lambda one: (-one[0], one[1]))
    lost = sorted((one for one in apart if one[0] < -EQUAL), key=lambda one: (one[0], one[1]))
    return tuple(
        Change(
            profile_id=i,
            profile_text=query_text(collection.profiles[i]),
            system=run.name,
            against=other.name,
            measure=measure,
            value=value,
            against_value=against,
            suggestions=first_five(run, i, collection, task),
            against_suggestions=first_five(other, i, collection, task),
        )
        for _, i, value, against in [*gained[:each_way], *lost[:each_way]]
    )


def first_five(run: Run, profile_id: str, collection: Collection, task: Task) -> tuple[Placed, ...]:
    """What a system shows first, with the grade of meaning and the limits broken or not stated."""
    limits = task.limits[profile_id]
    graded = collection.qrels.get(profile_id, {})
    placed = []
    for activity in run[profile_id].ids[:TOP]:
        row = task.catalogue.row(activity)
        placed.append(
            Placed(
                activity_id=activity,
                title=task.catalogue.activities[row].title,
                grade=graded.get(activity),
                broken_limits=limits.broken(row),
                unknown_limits=limits.not_stated(row),
            )
        )
    return tuple(placed)


def others_than(first: str, systems: Sequence[str]) -> list[str]:
    """The names of ``systems`` without ``first``, in their order."""
    return [name for name in systems if name != first]
