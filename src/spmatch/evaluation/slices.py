"""How well a system serves each group of people, and each language of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.evaluation.collection import Collection, Group
from spmatch.evaluation.comparison import Sampling, Scores
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.measures import ranking_measures
from spmatch.evaluation.results import MeasureInfo, Slice, WithheldSlice
from spmatch.evaluation.runs import Run
from spmatch.evaluation.statistics import bootstrap_interval
from spmatch.evaluation.systems import RankedList, Task

SLICE_MIN = 8
"""Fewer profiles than this are not shown: so few say nothing of a group, and much of a person."""
SLICED = ("nDCG@10", "P@5", "suitable3@5", "violation@5")
OF_TEXT = ("text_language", "language_pair")
"""Dimensions that divide the activities, and not only the profiles."""

_TEXT_MEASURE = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Part:
    """One group of profiles."""

    dimension: str
    group: str
    profile_ids: tuple[str, ...]


def parts_of(collection: Collection) -> list[Part]:
    """Every group of every dimension that holds a profile, in the order of dimension and group.

    A profile with several access needs is in the group of each, and in "any". What a group line
    leaves out puts a profile in no group of that dimension.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for i, group in collection.groups.items():
        for dimension, names in _groups_of(group).items():
            for name in names:
                found.setdefault((dimension, name), []).append(i)
    order = list(_groups_of(next(iter(collection.groups.values())))) if found else []
    return [
        Part(dimension, name, tuple(found[dimension, name]))
        for dimension, name in sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    ]


def slice_scores(
    name: str, scores: Scores, parts: Sequence[Part], sampling: Sampling, minimum: int = SLICE_MIN
) -> list[Slice]:
    """Means and intervals of one system in every part with at least ``minimum`` defined values."""
    found = []
    for part in parts:
        inside = set(part.profile_ids)
        for measure in SLICED:
            values = [v for i, v in scores[measure].items() if v is not None and i in inside]
            outside = [v for i, v in scores[measure].items() if v is not None and i not in inside]
            if len(values) >= minimum:
                rest = round(float(np.mean(outside)), 12) if outside else None
                found.append(
                    _slice(name, part.dimension, part.group, measure, values, rest, sampling)
                )
    return found


def slice_texts(
    run: Run,
    truth: Truth,
    collection: Collection,
    task: Task,
    sampling: Sampling,
    minimum: int = SLICE_MIN,
) -> tuple[list[Slice], list[WithheldSlice]]:
    """nDCG@10 among the activities of one text language, for all profiles and for those of one.

    List and grades are both held to the activities of that language, over the profiles for which
    one of them is relevant: whether the right Danish text is found for an English profile does not
    then hang on how many English texts there are. Returns the slices, and the parts that are too
    small to be shown.
    """
    language_of = {activity.id: activity.text_language for activity in task.catalogue}
    languages = sorted({code for code in language_of.values() if code})
    profile_languages = sorted({group.language for group in collection.groups.values()})
    shown: list[Slice] = []
    withheld: list[WithheldSlice] = []
    for language in languages:
        scores = _ndcg_within(run, truth, {i for i, c in language_of.items() if c == language})
        selections = [("text_language", language, list(scores.values()))]
        for spoken in profile_languages:
            of_pair = [v for i, v in scores.items() if collection.groups[i].language == spoken]
            selections.append(("language_pair", f"{spoken} profile, {language} text", of_pair))
        for dimension, group, values in selections:
            if len(values) >= minimum:
                shown.append(
                    _slice(run.name, dimension, group, _TEXT_MEASURE, values, None, sampling)
                )
            elif values:
                withheld.append(
                    WithheldSlice(dimension=dimension, group=group, profiles=len(values))
                )
    return shown, withheld


def too_small(parts: Sequence[Part], minimum: int = SLICE_MIN) -> list[WithheldSlice]:
    """The parts that are not shown, by name and size."""
    return [
        WithheldSlice(dimension=part.dimension, group=part.group, profiles=len(part.profile_ids))
        for part in parts
        if len(part.profile_ids) < minimum
    ]


def worst_of(slices: Sequence[Slice], system: str, info: MeasureInfo) -> Slice | None:
    """The slice that one system serves worst; the larger one where two are equal."""
    own = [one for one in slices if one.system == system and one.measure == info.name]
    sign = -1 if info.higher_is_better is False else 1
    return min(own, key=lambda one: (sign * one.mean, -one.profiles), default=None)


def _groups_of(group: Group) -> Mapping[str, tuple[str, ...]]:
    def stated(value: str | None) -> tuple[str, ...]:
        return (value,) if value else ()

    where = {True: "rural", False: "urban", None: None}[group.rural]
    return {
        "language": (group.language,),
        "age_band": stated(group.age_band),
        "gender": stated(group.gender),
        "rural": stated(where),
        "access_need": ("any", *group.access_need) if group.access_need else ("none",),
        "budget": stated(group.budget),
        "tightness": stated(group.tightness),
        "style": stated(group.style),
    }


def _ndcg_within(run: Run, truth: Truth, allowed: set[str]) -> dict[str, float]:
    """By profile, for those with a relevant activity among the allowed ones."""
    lists = {}
    for i, one in run.lists.items():
        kept = [pair for pair in zip(one.ids, one.scores, strict=True) if pair[0] in allowed]
        lists[i] = RankedList(tuple(a for a, _ in kept), tuple(score for _, score in kept))
    within = Run(run.name, run.title, run.description, run.kind, lists)
    grades = {
        i: {activity: grade for activity, grade in graded.items() if activity in allowed}
        for i, graded in truth.grades.items()
    }
    suitable = {i: truth.suitable[i] & allowed for i in truth.grades}
    scores = ranking_measures(within, Truth(grades, suitable))[_TEXT_MEASURE]
    return {i: value for i, value in scores.items() if value is not None}


def _slice(
    system: str,
    dimension: str,
    group: str,
    measure: str,
    values: Sequence[float],
    rest: float | None,
    sampling: Sampling,
) -> Slice:
    return Slice(
        system=system,
        dimension=dimension,
        group=group,
        measure=measure,
        profiles=len(values),
        mean=round(float(np.mean(values)), 12),
        interval=bootstrap_interval(
            values, level=sampling.level, resamples=sampling.resamples, seed=sampling.seed
        ),
        rest=rest,
    )
