"""Measures of one run, per profile first.

A profile that got nothing counts 0 in every measure of relevance. A measure is undefined (``None``)
only where no list could be right or wrong: nDCG where no activity is relevant, recall and the like
where none is suitable, and shares of shown suggestions where nothing was shown. *Suitable* means a
grade of 2 or 3 and no limit broken; what is not judged counts as not relevant, and ``Judged@10``
says how much that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmatch.errors import MissingExtraError
from spmatch.evaluation.collection import SUITABLE_FROM
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.results import MeasureInfo
from spmatch.evaluation.runs import Run
from spmatch.evaluation.systems import Task

TOP = 5
"""How many suggestions a person is shown."""
ENOUGH = 3
"""How many suitable ones give a link worker and a person something to choose from."""

ByProfile = Mapping[str, float | None]

MEASURES = (
    MeasureInfo(
        name="nDCG@10",
        title="Ranking quality, first ten",
        formula="DCG@10 / ideal DCG@10; DCG = Σ grade / log2(1 + rank)",
        source="Järvelin and Kekäläinen, ACM TOIS 20, 2002; as trec_eval computes it",
        higher_is_better=True,
        headline=True,
    ),
    MeasureInfo(
        name="nDCG@5",
        title="Ranking quality, first five",
        formula="DCG@5 / ideal DCG@5; DCG = Σ grade / log2(1 + rank)",
        source="Järvelin and Kekäläinen, ACM TOIS 20, 2002; as trec_eval computes it",
        higher_is_better=True,
    ),
    MeasureInfo(
        name="P@5",
        title="Suitable among the first five",
        formula="suitable in the first five / 5",
        source="trec_eval P, relevant from grade 2",
        higher_is_better=True,
        headline=True,
    ),
    MeasureInfo(
        name="R@50",
        title="Suitable ones found among 50 candidates",
        formula="suitable in the first 50 / all suitable",
        source="trec_eval recall, relevant from grade 2",
        higher_is_better=True,
    ),
    MeasureInfo(
        name="RR",
        title="Reciprocal rank of the first suitable one",
        formula="1 / rank of the first suitable; 0 without one",
        source="Kantor and Voorhees, Information Retrieval 2, 2000; relevant from grade 2",
        higher_is_better=True,
    ),
    MeasureInfo(
        name="suitable3@5",
        title="Profiles with at least three suitable suggestions",
        formula="1 if three or more of the first five are suitable, else 0",
        source="spmatch: enough for the person to choose between",
        higher_is_better=True,
        headline=True,
    ),
    MeasureInfo(
        name="violation@5",
        title="Suggestions that break a limit",
        formula="of the first five, the share of which a stated fact breaks a limit",
        source="spmatch: limits judged anew from the records; must be 0",
        higher_is_better=False,
        headline=True,
    ),
    MeasureInfo(
        name="unknown@5",
        title="Suggestions with something to ask",
        formula="of the first five, the share that do not state what a limit of the person asks",
        source="spmatch: verdicts of three values",
        higher_is_better=False,
    ),
    MeasureInfo(
        name="providers@5",
        title="Different providers in the first five",
        formula="number of different providers; one that is not named counts as its own",
        source="spmatch; intra-list variety after Carbonell and Goldstein, SIGIR 1998",
        higher_is_better=None,
        in_units="count",
    ),
    MeasureInfo(
        name="abstention precision",
        title="Empty answers that were right",
        formula="of the profiles that got nothing, the share for which nothing is suitable",
        source="selective prediction: El-Yaniv and Wiener, JMLR 11, 2010",
        higher_is_better=True,
    ),
    MeasureInfo(
        name="abstention recall",
        title="Hopeless profiles that were told so",
        formula="of the profiles for which nothing is suitable, the share that got nothing",
        source="selective prediction: El-Yaniv and Wiener, JMLR 11, 2010",
        higher_is_better=True,
    ),
    MeasureInfo(
        name="Judged@10",
        title="First ten that somebody judged",
        formula="of the first ten, the share with a grade",
        source="ir-measures Judged; after Sakai, SIGIR 2007 (condensed lists)",
        higher_is_better=None,
    ),
)


def measure(run: Run, truth: Truth, task: Task) -> dict[str, dict[str, float | None]]:
    """Every measure of ``MEASURES`` for every profile of ``truth``.

    Raises ``MissingExtraError`` without ir-measures.
    """
    found: dict[str, dict[str, float | None]] = {
        **ranking_measures(run, truth),
        **top_measures(run, truth, task),
    }
    return {info.name: found[info.name] for info in MEASURES}


def ranking_measures(run: Run, truth: Truth) -> dict[str, dict[str, float | None]]:
    """The measures of ranked retrieval, computed by ir-measures.

    The order of the list is handed over as falling scores, so that no tie is broken elsewhere.
    """
    ir = _ir_measures()
    definitions = {
        "nDCG@10": ir.nDCG @ 10,
        "nDCG@5": ir.nDCG @ 5,
        "P@5": ir.P(rel=SUITABLE_FROM) @ 5,
        "R@50": ir.R(rel=SUITABLE_FROM) @ 50,
        "RR": ir.RR(rel=SUITABLE_FROM),
        "Judged@10": ir.Judged @ 10,
    }
    qrels = {i: dict(graded) for i, graded in truth.grades.items() if graded}
    ranked = {
        i: {activity: float(-rank) for rank, activity in enumerate(run[i].ids)}
        for i in qrels
        if run[i].ids
    }
    found: dict[str, dict[str, float | None]] = {
        name: {
            i: (None if name == "Judged@10" and not run[i].ids else 0.0)
            if _is_defined(name, i, truth)
            else None
            for i in truth.grades
        }
        for name in definitions
    }
    if not ranked:
        return found
    name_of = {str(definition): name for name, definition in definitions.items()}
    for one in ir.iter_calc(list(definitions.values()), qrels, ranked):
        name = name_of[str(one.measure)]
        if found[name].get(one.query_id) is not None:
            found[name][one.query_id] = float(one.value)
    return found


def top_measures(run: Run, truth: Truth, task: Task) -> dict[str, dict[str, float | None]]:
    """Our own measures of the first five."""
    row_of = {activity: row for row, activity in enumerate(task.ids)}
    names = ("suitable3@5", "violation@5", "unknown@5", "providers@5")
    found: dict[str, dict[str, float | None]] = {
        name: {} for name in (*names, "abstention precision", "abstention recall")
    }
    for i in truth.grades:
        first = run[i].ids[:TOP]
        rows = [row_of[activity] for activity in first]
        limits, suitable = task.limits[i], truth.suitable[i]
        found["suitable3@5"][i] = float(sum(one in suitable for one in first) >= ENOUGH)
        shown = len(first)
        for name, counted in (
            ("violation@5", sum(not limits.feasible[row] for row in rows)),
            ("unknown@5", sum(bool(limits.unknown[row]) for row in rows)),
        ):
            found[name][i] = counted / shown if shown else None
        found["providers@5"][i] = float(providers_in(rows, task)) if shown else None
        found["abstention precision"][i] = None if shown else float(not suitable)
        found["abstention recall"][i] = None if suitable else float(not shown)
    return found


def providers_in(rows: list[int], task: Task) -> int:
    """How many providers offer these rows; one without a name counts as its own."""
    numbers = [int(task.columns.provider[row]) for row in rows]
    named = {number for number in numbers if number >= 0}
    return len(named) + sum(number < 0 for number in numbers)


def catalogue_coverage(run: Run, task: Task) -> float:
    """Share of the catalogue that stands in the first five of some profile.

    Ge, Delgado-Battenfeld and Jannach, Beyond Accuracy, RecSys 2010.
    """
    shown = {activity for one in run.lists.values() for activity in one.ids[:TOP]}
    return len(shown) / len(task.ids) if task.ids else 0.0


def _is_defined(name: str, profile_id: str, truth: Truth) -> bool:
    grades = truth.grades[profile_id]
    if name == "Judged@10":
        return bool(grades)
    if name.startswith("nDCG"):
        return any(grade > 0 for grade in grades.values())
    return bool(truth.suitable[profile_id])


def _ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError:
        raise MissingExtraError("Evaluation", "evaluation") from None
    return ir_measures
