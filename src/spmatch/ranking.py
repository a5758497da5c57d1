"""Weighted factors to scores, ties by row, and variety among the first suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from spmatch.columns import NOT_STATED, Flags, Floats, Integers
from spmatch.config import Penalties, VarietySettings, Weights
from spmatch.constraints import Ruling
from spmatch.contracts import Rows
from spmatch.ruled import KindLimit, RowLimit

Likeness = Callable[[int, Rows], npt.NDArray[np.float64]]
"""How like one row others are, each 0 to 1 (or a cosine)."""


class Kin(Protocol):
    """What makes activities alike besides their texts, by row."""

    @property
    def provider(self) -> Integers: ...

    @property
    def has_theme(self) -> Flags: ...


def nothing_alike(_: int, others: Rows) -> npt.NDArray[np.float64]:
    """A likeness that finds none."""
    return np.zeros(len(others))


DECIMALS = 6
"""Contributions are rounded here, before they are added, so that what is shown adds up exactly."""


PENALTIES = ("not_stated", "preferences")
"""What ``penalise`` takes off, by the name it is told under."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in the order: a row of the catalogue and its final contributions."""

    row: int
    contributions: Mapping[str, float]
    score: float


def as_they_stand(rows: Rows, contributions: Mapping[str, Floats]) -> list[Ranked]:
    """Rows in the order given, each with its own contributions: nothing is taken off for variety."""
    return [
        _ranked(int(row), {name: float(part[i]) for name, part in contributions.items()}, 0.0)
        for i, row in enumerate(rows)
    ]


def contribute(values: Mapping[str, Floats], weights: Weights) -> dict[str, Floats]:
    """Weight × value of each factor. Weights are shares of those that apply, so scores stay 0 to 1."""
    if not values:
        return {}
    # All at once: for the ten of a list, to call is what takes the time.
    shares = np.array(shares_of(tuple(values), weights))[:, None]
    weighted: Floats = np.round(shares * list(values.values()), DECIMALS)
    return dict(zip(values, weighted, strict=True))


def shares_of(names: Sequence[str], weights: Weights) -> list[float]:
    """The weight of each of these factors as a share of all of theirs."""
    applied = [float(getattr(weights, name)) for name in names]
    total = sum(applied) or 1.0
    return [weight / total for weight in applied]


def costs_of(penalties: Penalties) -> Floats:
    """Of a limit of the person, of one of the activity, of a preference; by code of the verdict."""
    return np.array(
        [
            # Not met, unknown, met, not asked.
            [0.0, penalties.must_not_stated, 0.0, 0.0],
            [0.0, penalties.implied_not_stated, 0.0, 0.0],
            [penalties.prefer_broken, penalties.prefer_not_stated, 0.0, 0.0],
        ]
    )


def penalise(judgements: Sequence[Ruling], rows: Rows, penalties: Penalties) -> dict[str, Floats]:
    """What unknown ``must`` limits and unkept preferences take off, as contributions below zero."""
    not_stated = np.zeros(len(rows))
    preferences = np.zeros(len(rows))
    costs = costs_of(penalties)
    for judgement in judgements:
        if judgement.kind == "prefer":
            preferences -= costs[2][judgement.at(rows)]
        elif not isinstance(judgement, KindLimit | RowLimit) or judgement.may_be_unknown:
            not_stated -= costs[int(judgement.from_activity)][judgement.at(rows)]
    parts = dict(zip(PENALTIES, (not_stated, preferences), strict=True))
    # Adding 0.0 turns -0.0 into 0.0.
    return {name: np.round(value, DECIMALS) + 0.0 for name, value in parts.items() if value.any()}


def total(contributions: Mapping[str, Floats]) -> Floats:
    """The score of each row: the sum of its contributions."""
    added: Floats = np.round(np.sum(list(contributions.values()), axis=0), DECIMALS)
    return added


def rank(
    rows: Rows,
    contributions: Mapping[str, Floats],
    k: int,
    kin: Kin,
    settings: VarietySettings,
    likeness: Likeness,
    repeats: Likeness = nothing_alike,
) -> list[Ranked]:
    """The best ``k`` of ``rows``, best first, ties by row.

    The first ``among`` are chosen one at a time: each choice takes a little off every activity of
    the same provider, of a shared theme, of a like text (``likeness(row, rows)`` is the cosine), or
    that answers again what the choice has answered while other needs of the person are open
    (``repeats(row, rows)``, 0 to 1), so that the second and third of a kind stand back for something
    else (the greedy rule of maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998). What
    was taken off is the contribution
    ``variety``. Scores never rise down the list, and a longer list begins with the shorter one.
    """
    base = total(contributions)
    order = np.lexsort((rows, -base))
    pool_size = max(64, 4 * settings.among)
    while True:
        # Only penalties are added from here on: who stands below the last one chosen, even without
        # any penalty, could not have been chosen. So a pool of the best is enough, once it is proven.
        pool = order[:pool_size]
        pool = pool[np.argsort(rows[pool])]
        chosen, variety = _choose(
            rows[pool], base[pool], min(k, settings.among), kin, settings, likeness, repeats
        )
        if len(pool) == len(order):
            break
        # Rounded as scores are, or a tie would pass for a difference.
        last = round(float(base[pool[chosen[-1]]] + variety[chosen[-1]]), DECIMALS)
        if base[order[len(pool)]] < last:
            break
        pool_size *= 4
    picked = [(int(pool[i]), float(variety[i])) for i in chosen]
    if k > len(picked):
        picked = _fill(picked, rows, base, k, kin, settings, likeness, repeats)
    return [
        _ranked(int(rows[i]), {name: float(part[i]) for name, part in contributions.items()}, taken)
        for i, taken in picked
    ]


def _choose(
    rows: Rows,
    base: Floats,
    k: int,
    kin: Kin,
    settings: VarietySettings,
    likeness: Likeness,
    repeats: Likeness,
) -> tuple[list[int], Floats]:
    """The places of the chosen among ``rows``, which ascend, and what variety takes off each of them."""
    kinship = _kinship(rows, kin, settings, likeness, repeats)
    variety = np.zeros(len(rows))
    taken = np.zeros(len(rows))
    chosen: list[int] = []
    for _ in range(min(k, len(rows))):
        if chosen:
            variety -= kinship(chosen[-1])
        standing = np.round(base + variety, DECIMALS)
        standing[chosen] = -np.inf
        # Of those that stand alike the first, which is the lowest row.
        best = int(standing.argmax())
        chosen.append(best)
        taken[best] = variety[best]
    return chosen, taken


def _fill(
    picked: list[tuple[int, float]],
    rows: Rows,
    base: Floats,
    k: int,
    kin: Kin,
    settings: VarietySettings,
    likeness: Likeness,
    repeats: Likeness,
) -> list[tuple[int, float]]:
    """The places after the varied first ones: each stands back for kin among those, no more."""
    kinship = _kinship(rows, kin, settings, likeness, repeats)
    variety = np.zeros(len(rows))
    for i, _ in picked:
        variety -= kinship(i)
    variety = np.round(variety, DECIMALS)
    taken = {i for i, _ in picked}
    order = np.lexsort((rows, -np.round(base + variety, DECIMALS)))
    rest = [(int(i), float(variety[i])) for i in order if int(i) not in taken]
    return [*picked, *rest[: k - len(picked)]]


def _kinship(
    rows: Rows, kin: Kin, settings: VarietySettings, likeness: Likeness, repeats: Likeness
) -> Callable[[int], Floats]:
    """What the one at a place among ``rows``, once chosen, takes off each of them."""
    provider, has_theme = kin.provider[rows], kin.has_theme[rows]
    has_provider = provider != NOT_STATED

    def to(place: int) -> Floats:
        row = int(rows[place])
        same_provider = (provider == provider[place]) & has_provider
        same_theme = (has_theme & has_theme[place]).any(axis=1)
        near = (likeness(row, rows) - settings.same_text_from) / (1 - settings.same_text_from)
        taken = (
            settings.same_provider * same_provider
            + settings.same_theme * same_theme
            + settings.same_text * np.clip(near, 0, 1)
            + settings.same_need * repeats(row, rows)
        )
        kinship: Floats = np.round(taken, DECIMALS)
        return kinship

    return to


def _ranked(row: int, parts: dict[str, float], variety: float) -> Ranked:
    variety = round(variety, DECIMALS)
    if variety:
        parts["variety"] = variety
    return Ranked(row, parts, round(sum(parts.values()), DECIMALS))
