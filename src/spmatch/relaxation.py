"""When little fits: which single limit, loosened how far, would bring how many more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmatch.columns import INTENSITIES
from spmatch.config import LimitSettings
from spmatch.constraints import LIMITS, NOT_MET, Person, Ruling
from spmatch.contracts import Rows
from spmatch.ground import DistanceLimit
from spmatch.judging import Judge, Prices
from spmatch.messages import Message, Money, Terms
from spmatch.profile import CostLimit, Limits, Slot
from spmatch.selecting import Sieve
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


def loosen(
    sieve: Sieve,
    person: Person,
    must: Limits,
    judge: Judge,
    prices: Prices,
    settings: LimitSettings,
    *,
    wanted: int,
    suits: Callable[[Rows], Rows],
) -> list[Loosening]:
    """The loosenings that bring at least one more activity, most first.

    ``wanted`` is how many more would fill the list; ``suits`` keeps those of some rows whose text
    fits. Each candidate is judged again with the looser limit, so that applying it brings just
    what is promised.
    """
    asked = _Asked(sieve, person, must, judge, prices, settings, wanted)
    found: list[Loosening | None] = []
    if sieve.distance is not None:
        found.append(_best_distance(asked, sieve.distance, suits))
    misses = sieve.near_misses()
    for one in sieve.judged:
        if one.limit in misses and not one.from_activity:
            found.append(_best(asked, one, suits(misses[one.limit])))
    if sieve.exclude_unknown:
        found.append(_keep_unknown(asked, suits))
    gaining = [one for one in found if one is not None]
    return sorted(gaining, key=lambda one: (-len(one.rows), _told(one.limit)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request whose limits are loosened."""

    sieve: Sieve
    person: Person
    must: Limits
    judge: Judge
    prices: Prices
    settings: LimitSettings
    wanted: int

    def again(self, limit: str, limits: Limits) -> Ruling | None:
        """The same limit with another value; ``None`` when it no longer limits."""
        if limit != "distance":
            return self.judge.judgement(limit, self.person, limits, "must")
        if self.sieve.distance is None or limits.distance_km is None:
            return None
        return self.sieve.distance.reach.limit(limits.distance_km, "must")


def _best_distance(
    asked: _Asked, distance: DistanceLimit, suits: Callable[[Rows], Rows]
) -> Loosening | None:
    """What lies a little beyond is looked at first: a whole country only where nothing does."""
    ring_km = _round_up(distance.km * LIFT_AT_MOST)
    near = suits(asked.sieve.too_far(ring_km))
    outside = near[distance.at(near) == NOT_MET]
    if not (distance.reach.farthest_km(outside) <= ring_km).any():
        near = suits(asked.sieve.too_far())
    return _best(asked, distance, near)


def _best(asked: _Asked, ruling: Ruling, near: Rows) -> Loosening | None:
    """The loosening of one limit that brings most of the rows that fall to it alone."""
    # What is not stated has no value to loosen up to.
    beyond = near[ruling.at(near) == NOT_MET]
    best: Loosening | None = None
    step = 0
    for option in _options(asked, ruling, beyond) if len(near) else ():
        if best is not None and option.step > step:
            break
        step = option.step
        again = asked.again(ruling.limit, option.limits)
        rows = near if again is None else near[~asked.sieve.excludes(again, near)]
        if len(rows) and (best is None or len(rows) > len(best.rows)):
            best = Loosening(
                option.limit,
                option.limits,
                option.from_value,
                option.to_value,
                option.message,
                rows,
            )
    return best


def _keep_unknown(asked: _Asked, suits: Callable[[Rows], Rows]) -> Loosening | None:
    """What would come back if activities that leave a limit unanswered were kept."""
    strict = asked.sieve.rows()
    kept = replace(asked.sieve, exclude_unknown=False).rows()
    rows = suits(np.setdiff1d(kept, strict, assume_unique=True))
    if not len(rows):
        return None
    return Loosening(
        "unknown",
        asked.must,
        "exclude",
        "keep",
        lambda gains: Message("relax.unknown", {"gains": gains}),
        rows,
    )


def _told(limit: str) -> int:
    """Where a limit stands among loosenings that bring as many."""
    order = ("distance", *LIMITS, "unknown")
    return order.index(limit)


@dataclass(frozen=True, slots=True)
class _Option:
    limit: str
    limits: Limits
    from_value: Any
    to_value: Any
    message: Callable[[int], Message]
    step: int = 0
    """Options of a later step are looser: tried only when none of an earlier step helps."""


def _options(asked: _Asked, ruling: Ruling, near: Rows) -> Iterator[_Option]:
    limit, must = ruling.limit, asked.must
    if limit == "distance" and isinstance(ruling, DistanceLimit):
        yield from _farther(ruling, must, near, asked.wanted)
    elif limit == "cost":
        yield from _dearer(asked, near)
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


def _farther(distance: DistanceLimit, must: Limits, near: Rows, wanted: int) -> Iterator[_Option]:
    limit = distance.km
    needed = [float(km) for km in distance.reach.farthest_km(near) if not math.isnan(km)]
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


def _dearer(asked: _Asked, near: Rows) -> Iterator[_Option]:
    must, settings, wanted = asked.must, asked.settings, asked.wanted
    limit = must.cost
    if limit is None:
        return
    prices = asked.prices.per_session_of(near) * settings.sessions_per(limit.per)
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
