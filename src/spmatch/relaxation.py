"""When little fits: which single limit, loosened how far, would bring how many more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.columns import INTENSITIES, Columns
from spmatch.config import LimitSettings
from spmatch.constraints import (
    MET,
    NOT_ASKED,
    NOT_MET,
    UNKNOWN,
    Codes,
    Judgement,
    Person,
    judge,
    session_price,
)
from spmatch.contracts import Rows
from spmatch.messages import Message, Money, Terms
from spmatch.profile import CostLimit, Limits, Slot
from spmatch.words import Delivery, Referral

LIFT_AT_MOST = 3.0
"""A distance or price is not loosened beyond this multiple, unless nothing nearer helps."""

PRICE_SLACK = 1e-9
"""A converted price may be off by this, as where the limit is judged."""

_DELIVERIES: tuple[Delivery, ...] = ("in_person", "online", "phone", "home_visit", "hybrid")
_REFERRALS: tuple[Referral, ...] = ("open", "self", "professional", "gp")


@dataclass(frozen=True, slots=True)
class Loosening:
    """One limit set looser: the limits to ask with instead, and the rows that this brings."""

    limit: str
    limits: Limits
    from_value: Any
    to_value: Any
    message: Callable[[int], Message]
    """Says it, given the number gained."""
    rows: Rows
    """Gained, ascending."""


def fails(
    judgements: Sequence[Judgement], *, exclude_unknown: bool
) -> list[tuple[Judgement, Codes]]:
    """For each ``must`` judgement, 1 where it excludes an activity.

    With ``exclude_unknown`` also where it is unknown, for limits that the person sets.
    """
    found = []
    for judgement in judgements:
        if judgement.kind == "must":
            broken = judgement.codes == NOT_MET
            if exclude_unknown and judgement.set_by_person:
                broken |= judgement.codes == UNKNOWN
            found.append((judgement, broken.astype(np.int8)))
    return found


def loosen(
    columns: Columns,
    person: Person,
    must: Limits,
    judgements: Sequence[Judgement],
    settings: LimitSettings,
    *,
    wanted: int,
    exclude_unknown: bool,
    suits: Callable[[Rows], Rows],
) -> list[Loosening]:
    """The loosenings that bring at least one more activity, most first.

    ``wanted`` is how many more would fill the list; ``suits`` keeps those of some rows whose text
    fits. Each candidate is judged again with the looser limit, so that applying it brings just
    what is promised.
    """
    failing = fails(judgements, exclude_unknown=exclude_unknown)
    if not failing:
        return []
    count = np.sum([broken for _, broken in failing], axis=0)
    found: list[Loosening] = []
    for judgement, broken in failing:
        if judgement.from_activity:
            continue
        near = suits(np.flatnonzero((broken == 1) & (count == 1)))
        if not len(near):
            continue

        def gained(limits: Limits, near: Rows = near, limit: str = judgement.limit) -> Rows:
            again = [
                j for j in judge(columns, person, limits, "must", settings) if j.limit == limit
            ]
            keep = np.ones(len(near), dtype=np.bool_)
            for one in again:
                codes = one.codes[near]
                keep &= (codes == MET) | (codes == NOT_ASKED)
                if not exclude_unknown:
                    keep |= codes == UNKNOWN
            return near[keep]

        # What is not stated has no value to loosen up to.
        beyond = near[judgement.codes[near] == NOT_MET]
        options = _options(judgement.limit, columns, person, must, settings, beyond, wanted)
        best: Loosening | None = None
        step = 0
        for option in options:
            if best is not None and option.step > step:
                break
            step = option.step
            rows = gained(option.limits)
            if len(rows) and (best is None or len(rows) > len(best.rows)):
                best = Loosening(
                    option.limit,
                    option.limits,
                    option.from_value,
                    option.to_value,
                    option.message,
                    rows,
                )
        if best is not None:
            found.append(best)
    if exclude_unknown:
        found += _keep_unknown(must, judgements, count, suits)
    return sorted(found, key=lambda option: -len(option.rows))


def _keep_unknown(
    must: Limits,
    judgements: Sequence[Judgement],
    count: npt.NDArray[np.int64],
    suits: Callable[[Rows], Rows],
) -> list[Loosening]:
    """What would come back if activities that leave a limit unanswered were kept."""
    broken = np.sum([one.codes == NOT_MET for one in judgements if one.kind == "must"], axis=0)
    rows = suits(np.flatnonzero((broken == 0) & (count > 0)))
    if not len(rows):
        return []
    return [
        Loosening(
            "unknown",
            must,
            "exclude",
            "keep",
            lambda gains: Message("relax.unknown", {"gains": gains}),
            rows,
        )
    ]


@dataclass(frozen=True, slots=True)
class _Option:
    limit: str
    limits: Limits
    from_value: Any
    to_value: Any
    message: Callable[[int], Message]
    step: int = 0
    """Options of a later step are looser: tried only when none of an earlier step helps."""


def _options(
    limit: str,
    columns: Columns,
    person: Person,
    must: Limits,
    settings: LimitSettings,
    near: Rows,
    wanted: int,
) -> Iterator[_Option]:
    if limit == "distance":
        yield from _farther(person, must, near, wanted)
    elif limit == "cost":
        yield from _dearer(columns, person, must, settings, near, wanted)
    elif limit in ("access", "first_visit"):
        yield from _fewer_keys(limit, must)
    elif limit == "available":
        yield from _more_time(must)
    elif limit == "intensity_max":
        yield from _harder(must)
    elif limit == "delivery":
        yield from _also("delivery", must, _DELIVERIES)
    elif limit == "referral":
        yield from _also("referral", must, _REFERRALS)


def _enough(needed: Sequence[float], limit: float, wanted: int) -> float:
    """The least value that brings what is wanted without going far beyond the limit."""
    ordered = sorted(needed)
    within = [value for value in ordered if value <= limit * LIFT_AT_MOST] or ordered[:1]
    return within[min(wanted, len(within)) - 1]


def _round_up(value: float, slack: float = 0.0) -> float:
    """To the next half below 3, whole below 20, five below 100, ten above: as people say it.

    What is given back is at least ``value - slack``: a limit of that brings what needs the value.
    """
    for below, step in ((3.0, 0.5), (20.0, 1.0), (100.0, 5.0), (math.inf, 10.0)):
        if value <= below:
            return math.ceil((value - slack) / step) * step
    raise AssertionError("unreachable")


def _farther(person: Person, must: Limits, near: Rows, wanted: int) -> Iterator[_Option]:
    limit = must.distance_km
    farthest_km = person.farthest_km()
    if limit is None or farthest_km is None:
        return
    needed = [float(km) for km in farthest_km[near] if not math.isnan(km)]
    if not needed:
        return
    to = _round_up(_enough(needed, limit, wanted))
    yield _Option(
        "distance",
        must.model_copy(update={"distance_km": to}),
        limit,
        to,
        lambda gains: Message("relax.distance", {"from": limit, "to": to, "gains": gains}),
    )


def _dearer(
    columns: Columns,
    person: Person,
    must: Limits,
    settings: LimitSettings,
    near: Rows,
    wanted: int,
) -> Iterator[_Option]:
    limit = must.cost
    if limit is None:
        return
    _, per_session, _ = session_price(columns, person, settings)
    prices = per_session[near] * settings.sessions_per(limit.per)
    needed = [float(price) for price in prices if not math.isnan(price)]
    if not needed:
        return
    to = CostLimit(
        amount=_round_up(_enough(needed, limit.amount, wanted), PRICE_SLACK),
        currency=limit.currency,
        per=limit.per,
    )
    values = {
        "from": Money(limit.amount, limit.currency, limit.per),
        "to": Money(to.amount, to.currency, to.per),
    }
    yield _Option(
        "cost",
        must.model_copy(update={"cost": to}),
        limit.model_dump(exclude_none=True),
        to.model_dump(exclude_none=True),
        lambda gains: Message("relax.cost", {**values, "gains": gains}),
    )


def _fewer_keys(limit: str, must: Limits) -> Iterator[_Option]:
    """One key less; when no single one helps, none of them."""
    keys: tuple[str, ...] = getattr(must, limit)
    drops: list[tuple[str, ...]] = [(key,) for key in keys]
    if len(keys) > 1:
        drops.append(keys)
    for dropped in drops:
        kept = tuple(key for key in keys if key not in dropped)
        yield _Option(
            limit,
            must.model_copy(update={limit: kept}),
            list(keys),
            list(kept) or None,
            lambda gains, dropped=dropped: Message(  # type: ignore[misc]
                f"relax.{limit}", {"dropped": Terms(limit, dropped), "gains": gains}
            ),
            step=int(len(dropped) > 1),
        )


def _more_time(must: Limits) -> Iterator[_Option]:
    stated = [slot.model_dump() for slot in must.available]
    days = sorted({slot.day for slot in must.available})
    whole_days = tuple(Slot(day=day) for day in days)
    if whole_days != tuple(must.available):
        yield _Option(
            "available",
            must.model_copy(update={"available": whole_days}),
            stated,
            [slot.model_dump() for slot in whole_days],
            lambda gains: Message("relax.available_days", {"gains": gains}),
        )
    yield _Option(
        "available",
        must.model_copy(update={"available": ()}),
        stated,
        None,
        lambda gains: Message("relax.available", {"gains": gains}),
        step=1,
    )


def _harder(must: Limits) -> Iterator[_Option]:
    limit = must.intensity_max
    if limit is None:
        return
    for level in INTENSITIES[INTENSITIES.index(limit) + 1 :]:
        yield _Option(
            "intensity_max",
            must.model_copy(update={"intensity_max": level}),
            limit,
            level,
            lambda gains, level=level: Message(  # type: ignore[misc]
                "relax.intensity_max", {"to": Terms("intensity", (level,)), "gains": gains}
            ),
            step=INTENSITIES.index(level),
        )


def _also(limit: str, must: Limits, among: Sequence[str]) -> Iterator[_Option]:
    wanted: tuple[str, ...] = getattr(must, limit)
    for added in among:
        if added not in wanted:
            widened = (*wanted, added)
            yield _Option(
                limit,
                must.model_copy(update={limit: widened}),
                list(wanted),
                list(widened),
                lambda gains, added=added: Message(  # type: ignore[misc]
                    f"relax.{limit}", {"added": Terms(limit, (added,)), "gains": gains}
                ),
            )
