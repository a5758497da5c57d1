"""One evaluation from end to end: runs, measures, comparisons, slices, and the record of it all."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from spmatch import __version__
from spmatch.evaluation.collection import Collection, Split
from spmatch.evaluation.comparison import Sampling, compare, most_changed, others_than
from spmatch.evaluation.exposure import exposure
from spmatch.evaluation.judgement import Truth, agreement
from spmatch.evaluation.measures import MEASURES, catalogue_coverage, measure
from spmatch.evaluation.results import (
    Ablation,
    CollectionSummary,
    Headline,
    Provenance,
    Results,
    Slice,
    SystemResult,
    Value,
    WithheldSlice,
)
from spmatch.evaluation.runs import Run
from spmatch.evaluation.shown_confidence import calibrate_confidence
from spmatch.evaluation.slices import (
    SLICE_MIN,
    parts_of,
    slice_scores,
    slice_texts,
    too_small,
    worst_of,
)
from spmatch.evaluation.statistics import LEVEL, RESAMPLES, SEED, summarise
from spmatch.evaluation.systems import Task

_PACKAGES = ("numpy", "scipy", "scikit-learn", "ir-measures", "pytrec-eval-terrier")


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with its scores by measure and profile, and what made it."""

    run: Run
    scores: Mapping[str, Mapping[str, float | None]]
    config_hash: str | None = None
    encoder: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What the numbers come from, as far as the runs do not say it."""

    config_hash: str
    encoder: str
    split: Split
    computed: date
    command: str = ""
    notes: tuple[str, ...] = ()


DEFAULT_SAMPLING = Sampling(level=LEVEL, resamples=RESAMPLES, seed=SEED)


def measure_run(
    run: Run,
    truth: Truth,
    task: Task,
    *,
    config_hash: str | None = None,
    encoder: str | None = None,
) -> Measured:
    """Score one run."""
    return Measured(run, measure(run, truth, task), config_hash, encoder)


def evaluate(
    measured: Sequence[Measured],
    collection: Collection,
    truth: Truth,
    task: Task,
    origin: Origin,
    *,
    ablations: tuple[Ablation, ...] = (),
    sampling: Sampling = DEFAULT_SAMPLING,
    slice_min: int = SLICE_MIN,
) -> Results:
    """The record of an evaluation. The first of ``measured`` is compared with all others."""
    first = measured[0]
    by_name = {one.run.name: one for one in measured}
    others = {name: by_name[name] for name in others_than(first.run.name, list(by_name))}
    slices, withheld = _slices(measured, collection, truth, task, sampling, slice_min)
    systems = tuple(_system(one, truth, task, sampling) for one in measured)
    headline = tuple(
        Headline(
            system=first.run.name,
            measure=info.name,
            value=systems[0].measures[info.name],
            worst=worst_of(slices, first.run.name, info),
        )
        for info in MEASURES
        if info.headline
    )
    return Results(
        provenance=Provenance(
            catalogue_id=task.catalogue.id,
            catalogue_hash=task.catalogue.hash,
            activities=len(task.catalogue),
            config_hash=origin.config_hash,
            encoder=origin.encoder,
            on=task.on.isoformat(),
            computed=origin.computed.isoformat(),
            seed=sampling.seed,
            resamples=sampling.resamples,
            level=sampling.level,
            slice_min=slice_min,
            versions=_versions(),
            command=origin.command,
        ),
        collection=_summary(collection, truth, origin.split),
        measures=MEASURES,
        systems=systems,
        headline=headline,
        comparisons=compare(
            first.run.name,
            first.scores,
            {name: one.scores for name, one in others.items()},
            sampling,
        ),
        changes=tuple(
            change
            for one in others.values()
            for change in most_changed(
                first.run, first.scores, one.run, one.scores, collection, task
            )
        ),
        slices=slices,
        withheld=withheld,
        ablations=ablations,
        notes=origin.notes,
    )


def _system(one: Measured, truth: Truth, task: Task, sampling: Sampling) -> SystemResult:
    def summary(values: Sequence[float | None]) -> Value:
        return summarise(
            values, level=sampling.level, resamples=sampling.resamples, seed=sampling.seed
        )

    run = one.run.of_profiles(truth.grades)
    return SystemResult(
        name=run.name,
        title=run.title,
        description=run.description,
        kind=run.kind,
        config_hash=one.config_hash,
        encoder=one.encoder,
        measures={name: summary(list(values.values())) for name, values in one.scores.items()},
        by_profile={name: dict(values) for name, values in one.scores.items()},
        catalogue_coverage=catalogue_coverage(run, task),
        exposure=exposure(run, truth, task),
        calibration=calibrate_confidence(run, truth, summary),
    )


def _slices(
    measured: Sequence[Measured],
    collection: Collection,
    truth: Truth,
    task: Task,
    sampling: Sampling,
    slice_min: int,
) -> tuple[tuple[Slice, ...], tuple[WithheldSlice, ...]]:
    parts = parts_of(collection)
    shown: list[Slice] = []
    withheld = too_small(parts, slice_min)
    for one in measured:
        shown += slice_scores(one.run.name, one.scores, parts, sampling, slice_min)
        texts, small = slice_texts(one.run, truth, collection, task, sampling, slice_min)
        shown += texts
        if one is measured[0]:
            withheld += small
    return tuple(shown), tuple(withheld)


def _summary(collection: Collection, truth: Truth, split: Split) -> CollectionSummary:
    grades = Counter(str(g) for graded in collection.qrels.values() for g in graded.values())
    judged = sum(grades.values())
    kappa, pairs = agreement(collection)
    return CollectionSummary(
        name=collection.name,
        hash=collection.hash,
        split=split,
        profiles=len(collection.profiles),
        answerable=sum(bool(found) for found in truth.suitable.values()),
        judgements=judged,
        judgements_by_grade={grade: grades[grade] for grade in sorted(grades)},
        judgements_per_profile=judged / len(collection.profiles) if collection.profiles else 0.0,
        kappa=kappa,
        kappa_pairs=pairs,
    )


def _versions() -> dict[str, str]:
    found = {"spmatch": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
