"""Whether the confidence that is shown comes true: what each level of it was followed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.measures import ENOUGH, TOP
from spmatch.evaluation.results import ConfidenceLevel, Value
from spmatch.evaluation.runs import Run
from spmatch.suggestion import Confidence

Summarise = Callable[[list[float | None]], Value]


def calibrate_confidence(
    run: Run, truth: Truth, summarise: Summarise
) -> tuple[ConfidenceLevel, ...]:
    """For each level: of its profiles, what share of the suggestions was suitable, and so on.

    A reliability table (Murphy and Winkler, Applied Statistics 26, 1977) over levels that are words
    and not numbers: it is in order when "good" is followed by more suitable suggestions than "weak",
    and "none" by profiles for which nothing suitable exists. Empty where no confidence is shown.
    """
    shown = {i: run[i].confidence for i in truth.grades if run[i].confidence is not None}
    if not shown:
        return ()
    levels = []
    for level in get_args(Confidence):
        among = [i for i, one in shown.items() if one == level]
        counts = {i: sum(one in truth.suitable[i] for one in run[i].ids[:TOP]) for i in among}
        levels.append(
            ConfidenceLevel(
                confidence=level,
                profiles=len(among),
                suitable_in_top_five=summarise(
                    [counts[i] / len(run[i].ids[:TOP]) if run[i].ids else None for i in among]
                ),
                three_suitable=summarise([float(counts[i] >= ENOUGH) for i in among]),
                any_suitable_exists=summarise([float(bool(truth.suitable[i])) for i in among]),
            )
        )
    return tuple(levels)
