"""What is right for each profile: grades of meaning joined with limits judged from stated facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spmatch.evaluation.collection import SUITABLE_FROM, Collection, Qrels
from spmatch.evaluation.statistics import weighted_kappa
from spmatch.evaluation.systems import Task


@dataclass(frozen=True, slots=True)
class Truth:
    """For each profile, grades that count: those of meaning, 0 where a limit is broken."""

    grades: Qrels
    suitable: Mapping[str, frozenset[str]]
    """Grade 2 or more and no limit broken. What is not judged is never suitable."""


def join_limits(collection: Collection, task: Task) -> Truth:
    """The grades that count. An activity that breaks a limit is right for nobody who set it.

    So the best list that a system can reach is one it may give: nDCG and recall are 1 for it.
    """
    row_of = {activity: row for row, activity in enumerate(task.ids)}
    grades: dict[str, dict[str, int]] = {}
    suitable: dict[str, frozenset[str]] = {}
    for i in collection.profiles:
        feasible = task.limits[i].feasible
        grades[i] = {
            activity: grade if activity in row_of and feasible[row_of[activity]] else 0
            for activity, grade in collection.qrels.get(i, {}).items()
        }
        suitable[i] = frozenset(
            activity for activity, grade in grades[i].items() if grade >= SUITABLE_FROM
        )
    return Truth(grades, suitable)


def agreement(collection: Collection) -> tuple[float | None, int]:
    """Quadratically weighted κ of the two passes, and over how many pairs both judged."""
    first = collection.first or collection.qrels
    pairs = [
        (first[i][activity], grade)
        for i, graded in collection.second.items()
        for activity, grade in graded.items()
        if activity in first.get(i, {})
    ]
    kappa = weighted_kappa([a for a, _ in pairs], [b for _, b in pairs])
    return kappa, len(pairs)
