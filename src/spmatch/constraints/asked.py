"""The limits that a person sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spmatch.columns import (
    ACCESS_KEYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    INTENSITIES,
    NOT_STATED,
    PERIODS,
    REFERRALS,
    Columns,
    Flags,
    Floats,
    Integers,
    mask_of,
)
from spmatch.config import LimitSettings
from spmatch.constraints.free_time import FreeTime
from spmatch.constraints.judgement import (
    NOT_MET,
    Judgement,
    Kind,
    Person,
    codes_of,
    one,
)
from spmatch.constraints.price import session_price
from spmatch.messages import Message, Money, Terms
from spmatch.profile import CostLimit, Limits
from spmatch.sessions import still_meets
from spmatch.weeks import build_weeks
from spmatch.words import AccessKey, Delivery, FirstVisitKey, Intensity, Referral

AT_HOME: tuple[Delivery, ...] = ("online", "phone")
"""Deliveries that no distance limit touches."""


def judge(
    columns: Columns, person: Person, limits: Limits, kind: Kind, settings: LimitSettings
) -> list[Judgement]:
    """One judgement for each limit that is set, in a fixed order."""
    found: list[Judgement] = []
    if limits.distance_km is not None and person.distances_km is not None:
        nowhere = np.zeros(len(columns))
        found.append(
            judge_distance(
                person.distances_km,
                limits.distance_km,
                kind,
                at_home=np.isin(columns.delivery, [DELIVERIES.index(way) for way in AT_HOME]),
                home_visit=np.asarray(columns.delivery == DELIVERIES.index("home_visit")),
                margins_km=nowhere if person.margins_km is None else person.margins_km,
                vague=nowhere != 0 if person.vague is None else person.vague,
            )
        )
    for limit in LIMITS:
        if one := judge_one(limit, columns, person, limits, kind, settings):
            found.append(one)
    return found


LIMITS = (
    "cost",
    "access",
    "available",
    "first_visit",
    "intensity_max",
    "delivery",
    "referral",
)
"""The limits of a person in the order that they are told in, after the distance."""


def judge_one(
    limit: str,
    columns: Columns,
    person: Person,
    limits: Limits,
    kind: Kind,
    settings: LimitSettings,
) -> Judgement | None:
    """The judgement of one of ``LIMITS``; ``None`` when it is not set."""
    if not getattr(limits, limit):
        return None
    if limits.cost is not None and limit == "cost":
        return _cost(columns, person, limits.cost, kind, settings)
    if limit == "access":
        return _access(columns, limits.access, kind)
    if limit == "available":
        weeks = build_weeks(columns.sessions)
        running = still_meets(weeks.each, person.today)
        return FreeTime.of(weeks, running, limits.available, kind, settings).judged()
    if limit == "first_visit":
        return _first_visit(columns, limits.first_visit, kind)
    if limits.intensity_max is not None and limit == "intensity_max":
        return _intensity(columns, limits.intensity_max, kind)
    if limit == "delivery":
        return _delivery(columns, limits.delivery, kind)
    return _referral(columns, limits.referral, kind)


def judge_distance(
    distances_km: Floats,
    limit_km: float,
    kind: Kind,
    *,
    at_home: Flags,
    home_visit: Flags,
    margins_km: Floats,
    vague: Flags,
) -> Judgement:
    """A limit of distance for any rows, all arrays by row.

    An address placed by its postcode decides only where the whole of its margin does.
    """
    inside = distances_km + margins_km <= limit_km
    outside = distances_km - margins_km > limit_km
    codes = codes_of(inside | at_home, ~at_home & (vague | ~(inside | outside)))

    def explain(row: int) -> Message:
        if at_home[row]:
            return Message("distance.at_home", {"limit": limit_km})
        if np.isnan(distances_km[row]):
            return Message("distance.unknown", {"limit": limit_km})
        if margins_km[row] > 0:
            values = {
                "km": float(np.round(distances_km[row], 1)),
                "margin": float(np.ceil(margins_km[row])),
                "limit": limit_km,
            }
            return Message("distance.placed", values)
        shown = np.round(distances_km[row], 1)
        # Rounding must not carry a value over the limit, or down to it.
        if (shown > limit_km) != (codes[row] == NOT_MET):
            away = np.floor if shown > limit_km else np.ceil
            shown = away(distances_km[row] * 10) / 10
        return Message("distance.compared", {"km": float(shown), "limit": limit_km})

    def ask(row: int) -> tuple[Message, ...]:
        if home_visit[row]:
            return one(Message("ask.home_visit"))
        return one(Message("ask.place" if np.isnan(distances_km[row]) else "ask.exact_place"))

    return Judgement("distance", kind, codes, explain, ask)


def _cost(
    columns: Columns, person: Person, limit: CostLimit, kind: Kind, settings: LimitSettings
) -> Judgement:
    stated, per_session, reduced = session_price(columns, person, settings)
    in_limit_period = per_session * settings.sessions_per(limit.per)
    free = stated == 0
    if limit.currency is None:
        comparable = np.ones(len(columns), dtype=np.bool_)
    elif limit.currency in columns.currencies:
        comparable = columns.currency == columns.currencies.index(limit.currency)
    else:
        comparable = np.zeros(len(columns), dtype=np.bool_)
    unknown = np.isnan(in_limit_period) | ~(comparable | free)
    # A price of 100 a month is 25 a session, however the division rounds.
    codes = codes_of(in_limit_period <= limit.amount + 1e-9, unknown)
    converted = (columns.price_per != PERIODS.index(limit.per)) & ~free & ~unknown
    wanted = Money(limit.amount, limit.currency, limit.per)

    def explain(row: int) -> Message:
        if np.isnan(stated[row]):
            return Message("cost.unknown", {"limit": wanted})
        if free[row]:
            return Message("cost.free", {"limit": wanted})
        asked = Money(*columns.money(row, float(stated[row])))
        if unknown[row]:
            return Message("cost.incomparable", {"price": asked, "limit": wanted})
        values = {
            "price": asked,
            "limit": wanted,
            "converted": Money(float(in_limit_period[row]), asked.currency, limit.per),
        }
        name = "converted" if converted[row] else "compared"
        return Message(f"cost.{name}{'_reduced' if reduced[row] else ''}", values)

    return Judgement(
        "cost", kind, codes, explain, lambda row: one(Message("ask.cost")), estimates=converted
    )


def _yes_no(
    limit: str, kind: Kind, keys: Sequence[str], among: Sequence[str], yes: Integers, no: Integers
) -> Judgement:
    asked = mask_of(keys, among)
    ordered = tuple(key for key in among if key in keys)
    broken = (no & asked) != 0
    codes = codes_of((yes & asked) == asked, ~broken & ((yes & asked) != asked))

    def named(row: int) -> dict[str, Terms]:
        bits = {key: 1 << among.index(key) for key in ordered}
        return {
            "yes": Terms(limit, tuple(key for key in ordered if yes[row] & bits[key])),
            "no": Terms(limit, tuple(key for key in ordered if no[row] & bits[key])),
            "open": Terms(
                limit, tuple(key for key in ordered if not (yes[row] | no[row]) & bits[key])
            ),
        }

    def explain(row: int) -> Message:
        values = {name: terms for name, terms in named(row).items() if terms.keys}
        return Message("facts." + "_".join(values), values)

    def ask(row: int) -> tuple[Message, ...]:
        return one(Message("ask.facts", {"facts": named(row)["open"]}))

    return Judgement(limit, kind, codes, explain, ask)


def _access(columns: Columns, keys: Sequence[AccessKey], kind: Kind) -> Judgement:
    return _yes_no("access", kind, keys, ACCESS_KEYS, columns.access_yes, columns.access_no)


def _first_visit(columns: Columns, keys: Sequence[FirstVisitKey], kind: Kind) -> Judgement:
    return _yes_no(
        "first_visit", kind, keys, FIRST_VISIT_KEYS, columns.first_visit_yes, columns.first_visit_no
    )


def _intensity(columns: Columns, most: Intensity, kind: Kind) -> Judgement:
    unknown = columns.intensity == NOT_STATED
    codes = codes_of(columns.intensity <= INTENSITIES.index(most), unknown)

    def explain(row: int) -> Message:
        values = {"limit": Terms("intensity", (most,))}
        if unknown[row]:
            return Message("intensity.unknown", values)
        stated = Terms("intensity", (INTENSITIES[columns.intensity[row]],))
        return Message("intensity.compared", {**values, "stated": stated})

    return Judgement(
        "intensity_max", kind, codes, explain, lambda row: one(Message("ask.intensity"))
    )


def _one_of(
    limit: str,
    kind: Kind,
    wanted: Sequence[str],
    accepted: Sequence[str],
    stated: Integers,
    among: Sequence[str],
) -> Judgement:
    unknown = stated == NOT_STATED
    codes = codes_of(np.isin(stated, [among.index(value) for value in accepted]), unknown)

    def explain(row: int) -> Message:
        values = {"limit": Terms(limit, tuple(wanted))}
        if unknown[row]:
            return Message("one_of.unknown", values)
        return Message("one_of.compared", {**values, "stated": Terms(limit, (among[stated[row]],))})

    return Judgement(limit, kind, codes, explain, lambda row: one(Message(f"ask.{limit}")))


def _delivery(columns: Columns, wanted: Sequence[Delivery], kind: Kind) -> Judgement:
    # A hybrid offer can be joined either way.
    hybrid_will_do = "in_person" in wanted or "online" in wanted
    accepted = [*wanted, "hybrid"] if hybrid_will_do else list(wanted)
    return _one_of("delivery", kind, wanted, accepted, columns.delivery, DELIVERIES)


def _referral(columns: Columns, wanted: Sequence[Referral], kind: Kind) -> Judgement:
    return _one_of("referral", kind, wanted, wanted, columns.referral, REFERRALS)
