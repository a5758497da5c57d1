"""Limits, judged for every activity at once: met, not met, or unknown.

A stated fact that breaks a limit is ``NOT_MET``; a fact that is not stated is ``UNKNOWN``, never
"no" and never "yes". Each judgement can say for one activity which two values it compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from spmatch.columns import (
    ACCESS_KEYS,
    DAYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    GENDERS,
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
from spmatch.messages import Message, Money, Terms
from spmatch.profile import CostLimit, Limits, Slot
from spmatch.words import AccessKey, Delivery, FirstVisitKey, Intensity, Referral, minutes_of

Codes = npt.NDArray[np.int8]

NOT_MET, UNKNOWN, MET, NOT_ASKED = 0, 1, 2, 3
"""Codes of a verdict. ``NOT_ASKED``: neither the person nor the activity limits anything here."""

Kind = Literal["must", "prefer"]

AT_HOME: tuple[Delivery, ...] = ("online", "phone")
"""Deliveries that no distance limit touches."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the limits need to know of the person; ``None`` and empty are not stated."""

    today: date
    distances_km: Floats | None = None
    """To every activity, NaN where it states no coordinates; ``None`` without an origin."""
    radius_km: float = 0.0
    """How far the true origin may be from the point that distances are measured from."""
    age: int | None = None
    gender: str | None = None
    languages: tuple[str, ...] = ()
    concessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one limit came out, for all rows.

    ``explain(row)`` gives the two values compared; ``ask(row)`` what to ask where it is unknown.
    ``set_by_person`` is false for limits that only the activity sets (room, dates).
    ``from_activity`` marks limits that come with the activity: always ``must``, never loosened.
    """

    limit: str
    kind: Kind
    codes: Codes
    explain: Callable[[int], Message]
    ask: Callable[[int], tuple[Message, ...]]
    from_activity: bool = False
    set_by_person: bool = True
    estimates: Flags | None = field(default=None)


def judge(
    columns: Columns, person: Person, limits: Limits, kind: Kind, settings: LimitSettings
) -> list[Judgement]:
    """One judgement for each limit that is set, in a fixed order."""
    found: list[Judgement] = []
    if limits.distance_km is not None and person.distances_km is not None:
        found.append(_distance(columns, person.distances_km, limits.distance_km, kind))
    if limits.cost is not None:
        found.append(_cost(columns, person, limits.cost, kind, settings))
    if limits.access:
        found.append(_access(columns, limits.access, kind))
    if limits.available:
        found.append(_available(columns, person, limits.available, kind, settings))
    if limits.first_visit:
        found.append(_first_visit(columns, limits.first_visit, kind))
    if limits.intensity_max is not None:
        found.append(_intensity(columns, limits.intensity_max, kind))
    if limits.delivery:
        found.append(_delivery(columns, limits.delivery, kind))
    if limits.referral:
        found.append(_referral(columns, limits.referral, kind))
    return found


def judge_from_activity(columns: Columns, person: Person) -> list[Judgement]:
    """The limits that activities set themselves: age, gender, language, room and dates."""
    found = [_age(columns, person.age), _gender(columns, person.gender)]
    if person.languages:
        found.append(_language(columns, person.languages))
    return [*found, _capacity(columns), _period(columns, person.today)]


def session_price(
    columns: Columns, person: Person, settings: LimitSettings
) -> tuple[Floats, Floats, Flags]:
    """What the person certainly pays: as stated, per session, and whether reduced.

    Price per session is NaN when the amount or its period is not stated; free is 0 whatever the
    period. A reduced price counts only where the person certainly has the reduction.
    """
    price = columns.price.copy()
    for for_whom, (rows, amounts) in columns.concessions.items():
        if _certainly(for_whom, person):
            price[rows] = np.fmin(price[rows], amounts)
    reduced = price < columns.price
    spread = np.array([settings.sessions_per(per) for per in PERIODS] + [np.nan])[columns.price_per]
    return price, np.where(price == 0, 0.0, price / spread), reduced


_UNDER = re.compile(r"(?:under|below|u\.?)\s*(\d{1,3})(?:\s*(?:år|years?))?")
_FROM = re.compile(
    r"(?:fra\s+|from\s+)?(\d{1,3})\s*(?:år\s*)?\+|(?:fra|from)\s+(\d{1,3})(?:\s*(?:år|years?))?"
)
_OVER = re.compile(r"(?:over|above)\s*(\d{1,3})(?:\s*(?:år|years?))?")


def _certainly(for_whom: str, person: Person) -> bool:
    if for_whom in {held.casefold() for held in person.concessions}:
        return True
    if person.age is None:
        return False
    if under := _UNDER.fullmatch(for_whom):
        return person.age < int(under[1])
    if at_least := _FROM.fullmatch(for_whom):
        return person.age >= int(at_least[1] or at_least[2])
    if over := _OVER.fullmatch(for_whom):
        return person.age > int(over[1])
    return False


def _codes(met: Flags, unknown: Flags) -> Codes:
    return np.where(unknown, UNKNOWN, np.where(met, MET, NOT_MET)).astype(np.int8)


def _one(message: Message) -> tuple[Message, ...]:
    return (message,)


def _distance(columns: Columns, distances_km: Floats, limit_km: float, kind: Kind) -> Judgement:
    at_home = np.isin(columns.delivery, [DELIVERIES.index(way) for way in AT_HOME])
    codes = _codes((distances_km <= limit_km) | at_home, np.isnan(distances_km) & ~at_home)

    def explain(row: int) -> Message:
        if at_home[row]:
            return Message("distance.at_home", {"limit": limit_km})
        if np.isnan(distances_km[row]):
            return Message("distance.unknown", {"limit": limit_km})
        # A value just over the limit must not read as equal to it.
        broken = codes[row] == NOT_MET
        shown = np.ceil(distances_km[row] * 10) / 10 if broken else np.round(distances_km[row], 1)
        return Message("distance.compared", {"km": float(shown), "limit": limit_km})

    return Judgement("distance", kind, codes, explain, lambda row: _one(Message("ask.place")))


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
    codes = _codes(in_limit_period <= limit.amount + 1e-9, unknown)
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
        "cost", kind, codes, explain, lambda row: _one(Message("ask.cost")), estimates=converted
    )


def _yes_no(
    limit: str, kind: Kind, keys: Sequence[str], among: Sequence[str], yes: Integers, no: Integers
) -> Judgement:
    asked = mask_of(keys, among)
    ordered = tuple(key for key in among if key in keys)
    broken = (no & asked) != 0
    codes = _codes((yes & asked) == asked, ~broken & ((yes & asked) != asked))

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
        missing = named(row)["open"].keys
        return tuple(Message("ask.fact", {"fact": Terms(limit, (key,))}) for key in missing)

    return Judgement(limit, kind, codes, explain, ask)


def _access(columns: Columns, keys: Sequence[AccessKey], kind: Kind) -> Judgement:
    return _yes_no("access", kind, keys, ACCESS_KEYS, columns.access_yes, columns.access_no)


def _first_visit(columns: Columns, keys: Sequence[FirstVisitKey], kind: Kind) -> Judgement:
    return _yes_no(
        "first_visit", kind, keys, FIRST_VISIT_KEYS, columns.first_visit_yes, columns.first_visit_no
    )


def _available(
    columns: Columns, person: Person, slots: Sequence[Slot], kind: Kind, settings: LimitSettings
) -> Judgement:
    meets, may_meet = session_fits(columns, person.today, slots, settings)
    sessions = columns.sessions
    met = np.zeros(len(columns), dtype=np.bool_)
    possible = np.zeros(len(columns), dtype=np.bool_)
    np.logical_or.at(met, sessions.activity, meets)
    np.logical_or.at(possible, sessions.activity, may_meet)
    none_stated = np.diff(sessions.offsets) == 0
    codes = _codes(met, ~met & (possible | none_stated))

    def explain(row: int) -> Message:
        return Message(f"available.{('not_met', 'unknown', 'met')[codes[row]]}")

    return Judgement("available", kind, codes, explain, lambda row: _one(Message("ask.available")))


def session_fits(
    columns: Columns, today: date, slots: Sequence[Slot], settings: LimitSettings
) -> tuple[Flags, Flags]:
    """For each session: whether it fits a slot, and whether it may (its day or times not stated).

    A session fits when at least ``overlap_minutes`` of it fall inside one slot, and its last date
    has not passed.
    """
    sessions = columns.sessions
    running = sessions.last_day >= today.toordinal()
    no_day = sessions.day == NOT_STATED
    no_start, no_end = sessions.start_minute == NOT_STATED, sessions.end_minute == NOT_STATED
    meets = np.zeros(len(sessions.activity), dtype=np.bool_)
    may_meet = np.zeros(len(sessions.activity), dtype=np.bool_)
    need = settings.overlap_minutes
    for slot in slots:
        opens, closes = minutes_of(slot.start), minutes_of(slot.end)
        # What is not stated is taken at its widest: what does not fit even then cannot fit.
        start = np.where(no_start, 0, sessions.start_minute)
        end = np.where(no_end, 1440, sessions.end_minute)
        overlap = np.minimum(end, closes) - np.maximum(start, opens)
        on_day = sessions.day == _day_number(slot)
        open_question = no_day | no_start | no_end
        meets |= running & on_day & ~open_question & (overlap >= need)
        may_meet |= running & (on_day | no_day) & open_question & (overlap >= need)
    return meets, may_meet


def _day_number(slot: Slot) -> int:
    return DAYS.index(slot.day)


def _intensity(columns: Columns, most: Intensity, kind: Kind) -> Judgement:
    unknown = columns.intensity == NOT_STATED
    codes = _codes(columns.intensity <= INTENSITIES.index(most), unknown)

    def explain(row: int) -> Message:
        values = {"limit": Terms("intensity", (most,))}
        if unknown[row]:
            return Message("intensity.unknown", values)
        stated = Terms("intensity", (INTENSITIES[columns.intensity[row]],))
        return Message("intensity.compared", {**values, "stated": stated})

    return Judgement(
        "intensity_max", kind, codes, explain, lambda row: _one(Message("ask.intensity"))
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
    codes = _codes(np.isin(stated, [among.index(value) for value in accepted]), unknown)

    def explain(row: int) -> Message:
        values = {"limit": Terms(limit, tuple(wanted))}
        if unknown[row]:
            return Message("one_of.unknown", values)
        return Message("one_of.compared", {**values, "stated": Terms(limit, (among[stated[row]],))})

    return Judgement(limit, kind, codes, explain, lambda row: _one(Message(f"ask.{limit}")))


def _delivery(columns: Columns, wanted: Sequence[Delivery], kind: Kind) -> Judgement:
    # A hybrid offer can be joined either way.
    hybrid_will_do = "in_person" in wanted or "online" in wanted
    accepted = [*wanted, "hybrid"] if hybrid_will_do else list(wanted)
    return _one_of("delivery", kind, wanted, accepted, columns.delivery, DELIVERIES)


def _referral(columns: Columns, wanted: Sequence[Referral], kind: Kind) -> Judgement:
    return _one_of("referral", kind, wanted, wanted, columns.referral, REFERRALS)


def _age(columns: Columns, age: int | None) -> Judgement:
    limited = ~(np.isnan(columns.age_min) & np.isnan(columns.age_max))
    if age is None:
        codes = np.where(limited, UNKNOWN, NOT_ASKED).astype(np.int8)
    else:
        welcome = ~(columns.age_min > age) & ~(columns.age_max < age)
        codes = _codes(welcome, ~limited)

    def explain(row: int) -> Message:
        values: dict[str, int] = {} if age is None else {"age": age}
        if not limited[row]:
            return Message("age.unknown", values)
        low, high = columns.age_min[row], columns.age_max[row]
        bounds = {name: int(v) for name, v in (("low", low), ("high", high)) if not np.isnan(v)}
        of_whom = "person_unknown" if age is None else "compared"
        return Message(f"age.{of_whom}_{'_'.join(bounds)}", {**values, **bounds})

    def ask(row: int) -> tuple[Message, ...]:
        return _one(Message("ask.age")) if not limited[row] else _one(explain(row))

    return Judgement(
        "age", "must", codes, explain, ask, from_activity=True, set_by_person=age is not None
    )


def _gender(columns: Columns, gender: str | None) -> Judgement:
    """Women-only and men-only offers. Where the person is neither, the provider decides: ask."""
    any_one = columns.gender == GENDERS.index("any")
    for_one = columns.gender > GENDERS.index("any")
    if gender is None:
        codes = np.where(for_one, UNKNOWN, NOT_ASKED).astype(np.int8)
    else:
        own = {"woman": GENDERS.index("women"), "man": GENDERS.index("men")}.get(gender)
        unknown: Flags = columns.gender == NOT_STATED
        if own is None:
            unknown = unknown | for_one
        codes = _codes(any_one | np.isin(columns.gender, [own or NOT_STATED]), unknown)

    def explain(row: int) -> Message:
        if columns.gender[row] == NOT_STATED:
            return Message("gender.unknown")
        return Message("gender.stated", {"whom": Terms("gender", (GENDERS[columns.gender[row]],))})

    def ask(row: int) -> tuple[Message, ...]:
        return _one(Message("ask.gender")) if for_one[row] else ()

    return Judgement(
        "gender", "must", codes, explain, ask, from_activity=True, set_by_person=gender is not None
    )


def _language(columns: Columns, spoken: Sequence[str]) -> Judgement:
    common = np.zeros(len(columns), dtype=np.bool_)
    for code in spoken:
        if code in columns.languages:
            common |= columns.speaks[:, columns.languages.index(code)]
    codes = _codes(common, ~columns.speaks.any(axis=1))

    def explain(row: int) -> Message:
        values = {"spoken": Terms("language", tuple(spoken))}
        if not columns.speaks[row].any():
            return Message("language.unknown", values)
        there = tuple(
            code for code, on in zip(columns.languages, columns.speaks[row], strict=True) if on
        )
        return Message("language.compared", {**values, "there": Terms("language", there)})

    return Judgement(
        "language",
        "must",
        codes,
        explain,
        lambda row: _one(Message("ask.language", {"spoken": Terms("language", tuple(spoken))})),
        from_activity=True,
    )


def _capacity(columns: Columns) -> Judgement:
    """Full without a waiting list is not met; full with nothing said of a list is a question."""
    left, waiting = columns.places_left, columns.waiting_list
    full = left == 0
    codes = _codes(
        (left > 0) | (full & (waiting == 1)),
        (left == NOT_STATED) | (full & (waiting == NOT_STATED)),
    )

    def explain(row: int) -> Message:
        if left[row] == NOT_STATED:
            return Message("capacity.unknown")
        if left[row] > 0:
            return Message("capacity.room", {"places": int(left[row])})
        return Message(f"capacity.full_{('no_list', 'list', 'list_unknown')[waiting[row]]}")

    return Judgement(
        "capacity",
        "must",
        codes,
        explain,
        lambda row: _one(Message("ask.capacity")),
        from_activity=True,
        set_by_person=False,
    )


def _period(columns: Columns, today: date) -> Judgement:
    """Not met once the last date of every stated session has passed; no verdict otherwise."""
    sessions = columns.sessions
    running = np.zeros(len(columns), dtype=np.bool_)
    np.logical_or.at(running, sessions.activity, sessions.last_day >= today.toordinal())
    ended = ~running & (np.diff(sessions.offsets) > 0)
    codes = np.where(ended, NOT_MET, NOT_ASKED).astype(np.int8)
    return Judgement(
        "period",
        "must",
        codes,
        lambda row: Message("period.ended"),
        lambda row: (),
        from_activity=True,
        set_by_person=False,
    )
