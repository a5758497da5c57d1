"""The best set of activities, one session each: an exact search.

A set that is not possible stays so when an activity is added, so sets grow from possible ones only.
What is left is tried best first, until no other can be better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spmatch.columns import DAYS, Flags, Floats
from spmatch.plan.times import NO_DAY, Option
from spmatch.plan_settings import PlanSettings

DECIMALS = 9
"""Values are rounded here, so that a tie is a tie."""
NOT_COUNTED = -1
COST_TOLERANCE = 0.005 + 1e-9
"""Costs are rounded to hundredths, a budget by the week may lie between two."""

_Sets = npt.NDArray[np.int64]
"""(sets, size): places of candidates, ascending in each set."""


@dataclass(frozen=True, slots=True)
class Task:
    """Candidates in the order of their rows, and what bounds a plan."""

    covers: Floats
    """(candidates, facets): share of all that is asked for that each answers; a row adds to 1."""
    scores: Floats
    not_stated: Floats
    """How much each leaves open of time and price: 0, 1 or 2."""
    options: Sequence[Sequence[Option]]
    purses: Sequence[int]
    """Costs of one number are added, and kept to ``budget``; ``NOT_COUNTED`` are not."""
    budget: float | None
    """A week, for each purse."""
    settings: PlanSettings


class _Set(NamedTuple):
    """A set of candidates, before sessions are chosen for it."""

    at_most: float
    """What it can be worth at best, with its sessions."""
    worth: float
    """The same if no two were on one day."""
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Best:
    objective: float
    scores: float
    places: tuple[int, ...]
    options: tuple[Option, ...]

    def key(self) -> tuple[float, float, tuple[int, ...]]:
        return (-self.objective, -self.scores, self.places)


def best_week(task: Task) -> list[tuple[int, Option]]:
    """The places of the candidates to take, each with its session; empty when none is worth it.

    Maximises what is covered, plus ``score_share`` × the sum of scores, less ``same_day`` for each
    further activity on one day and ``not_stated`` for each time or price that is not stated. Each
    activity of it adds at least ``gain_min`` to the others. Ties go by score, then by row.
    """
    best: _Best | None = None
    sets = [one for level in _levels(task) for one in _worths(task, level)]
    sets.sort(key=lambda one: (-one.at_most, one.places))
    for one in sets:
        if best is not None and one.at_most < best.objective:
            break
        places = one.places
        taken = _sessions(task, places)
        if taken is None:
            continue
        further, options = taken
        found = _Best(
            objective=round(one.worth - task.settings.same_day * further, DECIMALS),
            scores=round(float(task.scores[list(places)].sum()), DECIMALS),
            places=places,
            options=options,
        )
        if found.objective > 0 and (best is None or found.key() < best.key()):
            best = found
    return list(zip(best.places, best.options, strict=True)) if best else []


def _levels(task: Task) -> list[_Sets]:
    """Sets of one, of two … that may be possible: each pair can be attended, the least cost is kept."""
    together = _pairs(task.options)
    alone = np.array([bool(options) for options in task.options], dtype=np.bool_)
    level: _Sets = np.flatnonzero(alone)[:, None]
    level = level[_possible(task, level)]
    levels = [level]
    while len(level) and level.shape[1] < task.settings.activities:
        grown, added = np.nonzero(together[level].all(axis=1))
        later = added > level[grown, -1]
        level = np.concatenate([level[grown[later]], added[later, None]], axis=1)
        level = level[_possible(task, level)]
        levels.append(level)
    return levels


def _pairs(options: Sequence[Sequence[Option]]) -> Flags:
    """(candidates, candidates): whether some sessions of two do not clash."""
    count = len(options)
    together = np.zeros((count, count), dtype=np.bool_)
    for i in range(count):
        for j in range(i):
            together[i, j] = together[j, i] = any(
                not one.clashes(other) for one in options[i] for other in options[j]
            )
    return together


def _possible(task: Task, sets: _Sets) -> Flags:
    """Whether each member adds enough to the others, and the least cost is within the budget."""
    covers = task.covers[sets]
    whole = covers.max(axis=1).sum(axis=1)
    possible = np.ones(len(sets), dtype=np.bool_)
    for member in range(sets.shape[1]):
        others = np.delete(covers, member, axis=1)
        without = others.max(axis=1, initial=0.0).sum(axis=1)
        possible &= np.round(whole - without, DECIMALS) >= task.settings.gain_min
    if task.budget is not None:
        purses = np.array(task.purses)
        least = np.array(
            [min((one.cost or 0.0 for one in options), default=0.0) for options in task.options]
        )
        for purse in set(task.purses) - {NOT_COUNTED}:
            spent = np.where(purses == purse, least, 0.0)[sets].sum(axis=1)
            possible &= spent <= task.budget + COST_TOLERANCE
    return np.asarray(possible, dtype=np.bool_)


def _worths(task: Task, sets: _Sets) -> list[_Set]:
    covered = task.covers[sets].max(axis=1, initial=0.0).sum(axis=1)
    scores = task.scores[sets].sum(axis=1)
    unsure = task.settings.not_stated * task.not_stated[sets].sum(axis=1)
    worths = np.round(covered + task.settings.score_share * scores - unsure, DECIMALS)
    # Three sessions on two days share a day, whichever are chosen.
    days = np.array(
        [[any(one.day == day for one in some) for day in range(len(DAYS))] for some in task.options]
    ).reshape(-1, len(DAYS))
    timed = np.array([all(one.day != NO_DAY for one in some) for some in task.options])
    further = timed[sets].sum(axis=1) - days[sets].any(axis=1).sum(axis=1)
    at_most = np.round(worths - task.settings.same_day * np.maximum(further, 0), DECIMALS)
    return [
        _Set(*one)
        for one in zip(at_most.tolist(), worths.tolist(), map(tuple, sets.tolist()), strict=True)
    ]


def _sessions(task: Task, places: tuple[int, ...]) -> tuple[int, tuple[Option, ...]] | None:
    """One session of each that do not clash and keep the budget; ``None`` when there are none.

    With them how many fall on a day that another has already: as few as can be, then the oftenest,
    then the earliest in the week.
    """
    offered = [task.options[place] for place in places]
    # The least that the sessions still to be chosen can add to the rhythms.
    rarest = [min(one.rhythm for one in options) for options in offered]
    best: tuple[int, int, tuple[Option, ...]] | None = None

    def choose(taken: tuple[Option, ...], further: int, rhythm: int) -> None:
        nonlocal best
        at = len(taken)
        if best is not None and (further, rhythm + sum(rarest[at:])) >= best[:2]:
            return
        if at == len(offered):
            best = (further, rhythm, taken)
            return
        for option in offered[at]:
            if any(option.clashes(one) for one in taken):
                continue
            if not _within(task, places, (*taken, option)):
                continue
            again = option.day != NO_DAY and any(one.day == option.day for one in taken)
            choose((*taken, option), further + again, rhythm + option.rhythm)

    choose((), 0, 0)
    return None if best is None else (best[0], best[2])


def _within(task: Task, places: tuple[int, ...], taken: tuple[Option, ...]) -> bool:
    if task.budget is None:
        return True
    spent: dict[int, float] = {}
    for place, option in zip(places, taken, strict=False):
        purse = task.purses[place]
        spent[purse] = spent.get(purse, 0.0) + (option.cost or 0.0)
    spent.pop(NOT_COUNTED, None)
    return all(amount <= task.budget + COST_TOLERANCE for amount in spent.values())
