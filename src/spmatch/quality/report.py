"""A quality report made of sources: counted once for each, and once for all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.constraints import MET, NOT_MET, UNKNOWN, Judgement
from spmatch.errors import Problem
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.quality.asking import best_calls, best_questions, open_questions
from spmatch.quality.duplication import duplicates_in, groups_of
from spmatch.quality.filling import fill_of, from_prose_of, placing_of, staleness_of
from spmatch.quality.problem_groups import group_problems
from spmatch.quality.providers import providers_of
from spmatch.quality.records import (
    Decided,
    Duplicates,
    LimitShare,
    Part,
    QualityReport,
    SourceQuality,
    SourceResult,
    Usage,
)
from spmatch.quality.references import Reference, judge_references, setting_of
from spmatch.quality.usage import example_persons, usage_of

ALL = "All sources"


def build_report(
    sources: Sequence[SourceResult],
    on: date,
    *,
    catalogue: Sequence[Activity] | None = None,
    gazetteer: Gazetteer | None = None,
    config: Config | None = None,
    usage: Usage | None = None,
) -> QualityReport:
    """Count what ``sources`` state, what it decides, and what to ask for.

    ``on`` is the day that dates are compared with. ``catalogue`` holds the activities of all sources
    after duplicates were folded; without it each id counts once, as ``merged`` gives them, and
    duplicates count as not looked for. ``usage`` weighs the limits (by the example persons when not
    given); ``gazetteer`` and ``config`` are those of the matcher (the shipped ones when not given).
    """
    config = config or Config.default()
    gazetteer = gazetteer or shipped_gazetteer()
    usage = usage or usage_of(example_persons(), config.penalties)
    activities, clashes = merged(sources)
    whole = activities if catalogue is None else tuple(catalogue)
    groups = groups_of(whole)
    looked_for = catalogue is not None or bool(groups)

    def quality(name: str, held: Sequence[Activity], problems: Sequence[Problem]) -> SourceQuality:
        found = duplicates_in(held, groups, looked_for)
        return _quality(name, held, problems, found, on, gazetteer, config, usage)

    of_all = [problem for source in sources for problem in source.problems]
    return QualityReport(
        on=on,
        config_hash=config.hash,
        usage=usage,
        whole=quality(ALL, whole, [*of_all, *clashes]),
        sources=tuple(quality(one.name, one.activities, one.problems) for one in sources),
    )


def merged(sources: Sequence[SourceResult]) -> tuple[tuple[Activity, ...], list[Problem]]:
    """The activities of all sources, each id once (the first is kept), and a problem a repetition."""
    kept: dict[str, Activity] = {}
    problems = []
    for source in sources:
        for one in source.activities:
            if one.id in kept:
                reason = f"{one.id} is used more than once."
                problems.append(Problem(source.name, "id", reason, "Give each its own id."))
            else:
                kept[one.id] = one
    return tuple(kept.values()), problems


def _quality(
    name: str,
    activities: Sequence[Activity],
    problems: Sequence[Problem],
    duplicates: Duplicates,
    on: date,
    gazetteer: Gazetteer,
    config: Config,
    usage: Usage,
) -> SourceQuality:
    # Whatever order they came in, sums and first mentions come out the same.
    activities = sorted(activities, key=lambda one: one.id)
    columns = build_columns(activities, gazetteer.place)
    setting = setting_of(activities, columns)
    judged = judge_references(columns, setting, on, config.limits)
    weights = _weights([reference for reference, _ in judged], usage)
    limits = tuple(
        _share(reference, judgement, weights[reference.key]) for reference, judgement in judged
    )
    providers = providers_of(activities)
    found = open_questions(judged, weights, len(activities))
    return SourceQuality(
        name=name,
        activities=len(activities),
        currency=setting.currency,
        language=setting.language,
        placing=placing_of(activities, columns),
        fields=fill_of(activities),
        decided=_decided(limits),
        limits=limits,
        staleness=staleness_of(columns, on),
        duplicates=duplicates,
        from_prose=from_prose_of(activities),
        problems=group_problems(problems),
        questions=best_questions(found, providers),
        calls=best_calls(found, providers),
    )


def _weights(all_references: Sequence[Reference], usage: Usage) -> dict[str, float]:
    """By key of the reference. A limit that is asked in several ways shares its weight among them."""
    ways = Counter(one.field for one in all_references)
    return {one.key: usage.weight(one.field) / ways[one.field] for one in all_references}


def _share(reference: Reference, judgement: Judgement, weight: float) -> LimitShare:
    counts = np.bincount(judgement.codes, minlength=MET + 1)
    met, not_met = int(counts[MET]), int(counts[NOT_MET])
    return LimitShare(
        key=reference.key,
        limit=reference.limit,
        title=reference.title,
        decided=Part.make(met + not_met, len(judgement.codes)),
        met=met,
        not_met=not_met,
        unknown=int(counts[UNKNOWN]),
        weight=weight,
    )


def _decided(limits: Sequence[LimitShare]) -> Decided:
    of = sum(one.weight * one.decided.of for one in limits)
    return Decided(
        pairs=Part.make(
            sum(one.decided.count for one in limits), sum(one.decided.of for one in limits)
        ),
        weighted_share=sum(one.weight * one.decided.count for one in limits) / of if of else None,
    )
