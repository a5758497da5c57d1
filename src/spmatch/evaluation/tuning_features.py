"""What the weights of the score are learned from: each judged profile as numbers, without its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from spmatch.columns import Flags, Floats
from spmatch.config import Config, Weights
from spmatch.contracts import Progress
from spmatch.evaluation.baselines import change_config
from spmatch.evaluation.collection import Collection
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.snapshots import remembering
from spmatch.matcher import Matcher
from spmatch.snapshot import Snapshot

FACTORS = tuple(Weights.model_fields)
"""The factors of the score, in the order of the settings. A new one is tuned like the others."""
DEPTH = 10
"""Of the lists that count: nDCG@10."""

Shares = Floats
"""(factors,): weights that add up to 1."""


@dataclass(frozen=True, slots=True)
class Example:
    """One profile and the activities that it may be shown, in the order of the catalogue."""

    id: str
    language: str
    values: Floats
    """(activities, factors): 0 to 1; 0 where the factor does not apply."""
    applies: Flags
    """(factors,): those that apply to the profile."""
    taken_off: Floats
    """(activities,): all penalties but variety, at or below 0."""
    grades: npt.NDArray[np.int64]
    """(activities,): 0 where nobody judged."""
    ideal: float
    """DCG@10 of the best list there is, with what the profile is not shown."""


def discount(places: npt.NDArray[np.int64]) -> Floats:
    """What each place (from 0) counts in DCG@10: 1 / log2(2 + place), nothing after the tenth."""
    counted: Floats = np.where(places < DEPTH, 1 / np.log2(2.0 + places), 0.0)
    return counted


def ideal_dcg(grades: Sequence[int]) -> float:
    """DCG@10 of these grades in the best order."""
    best = np.sort(np.asarray(grades, dtype=np.float64))[::-1]
    return float(best @ discount(np.arange(len(best))))


def ndcg_of_list(ids: Sequence[str], grades: Mapping[str, int]) -> float | None:
    """nDCG@10 of a list, as trec_eval computes it; ``None`` where no activity has a grade above 0."""
    ideal = ideal_dcg(list(grades.values()))
    if not ideal:
        return None
    gains = np.array([grades.get(one, 0) for one in ids], dtype=np.float64)
    return float(gains @ discount(np.arange(len(gains)))) / ideal


def read_examples(
    snapshot: Snapshot,
    collection: Collection,
    truth: Truth,
    on: date,
    config: Config,
    progress: Progress | None = None,
) -> tuple[Example, ...]:
    """The profiles for which some activity is right, as the matcher scores them.

    The values are read off the contributions that the matcher states under equal weights, so that
    they are those of the product, whatever factors it has.
    """
    even = change_config(config, {"weights": dict.fromkeys(FACTORS, 1.0)})
    matcher = Matcher(remembering(snapshot), even)
    place = {name: number for number, name in enumerate(FACTORS)}
    found = []
    for done, (i, profile) in enumerate(collection.profiles.items(), start=1):
        graded = truth.grades[i]
        if any(graded.values()):
            response = matcher.match(profile, k=len(matcher.catalogue), on=on, language="en")
            shown = sorted(
                response.suggestions, key=lambda one: matcher.catalogue.row(one.activity.id)
            )
            values = np.zeros((len(shown), len(FACTORS)))
            taken_off = np.zeros(len(shown))
            applies = np.zeros(len(FACTORS), dtype=np.bool_)
            for row, one in enumerate(shown):
                for part in one.contributions:
                    if part.name in place:
                        values[row, place[part.name]] = part.value
                        applies[place[part.name]] = True
                    elif part.name != "variety":
                        taken_off[row] += part.value
            found.append(
                Example(
                    id=i,
                    language=collection.groups[i].language,
                    # Equal weights: each contribution is the value over the number that apply.
                    values=values * applies.sum(),
                    applies=applies,
                    taken_off=taken_off,
                    grades=np.array([graded.get(one.activity.id, 0) for one in shown], np.int64),
                    ideal=ideal_dcg(list(graded.values())),
                )
            )
        if progress:
            progress("score", done, len(collection.profiles))
    return tuple(found)


def with_weights(config: Config, weights: Mapping[str, float]) -> Config:
    """The settings with other weights of the factors."""
    return change_config(config, {"weights": dict(weights)})


AsMatched = Callable[[Mapping[str, float], Sequence[str]], Mapping[str, float]]
"""Weights and profile ids → nDCG@10 of each."""


def as_matched(
    snapshot: Snapshot, collection: Collection, truth: Truth, on: date, config: Config
) -> AsMatched:
    """Measures weights by what the matcher answers with them, variety and all."""
    shared = remembering(snapshot)

    def measured(weights: Mapping[str, float], ids: Sequence[str]) -> Mapping[str, float]:
        matcher = Matcher(shared, with_weights(config, weights))
        found = {}
        for i in ids:
            answer = matcher.match(collection.profiles[i], k=DEPTH, on=on, language="en")
            listed = [one.activity.id for one in answer.suggestions]
            found[i] = ndcg_of_list(listed, truth.grades[i]) or 0.0
        return found

    return measured
