"""Soft terms of a score: for every activity a value from 0 to 1, higher is better.

A fact that is not stated takes the value that the settings give it, between the best and the worst,
so that a thin record is neither rewarded nor buried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from spmatch.columns import (
    ACCESS_KEYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    NOT_STATED,
    Columns,
    Flags,
    Floats,
    Integers,
    mask_of,
)
from spmatch.config import Config
from spmatch.constraints import Person, session_price
from spmatch.contracts import Rows
from spmatch.messages import Message, Money, Terms
from spmatch.profile import Limits

_COMES_HOME = [DELIVERIES.index(way) for way in ("online", "phone", "home_visit")]


@dataclass(frozen=True, slots=True)
class Factor:
    """One soft term for all rows; ``explain(row)`` says what the value came from."""

    name: str
    values: Floats
    """By row; of a factor over kinds, by kind."""
    explain: Callable[[int], Message]
    kind_of_row: npt.NDArray[Any] | None = None

    def over(self, kind_of_row: npt.NDArray[Any]) -> Factor:
        """This factor of kinds, for the rows of a catalogue, each of the kind given."""
        explain = self.explain
        return replace(
            self, kind_of_row=kind_of_row, explain=lambda row: explain(int(kind_of_row[row]))
        )

    def at(self, rows: Rows) -> Floats:
        """The values of these rows."""
        return self.values[rows if self.kind_of_row is None else self.kind_of_row[rows]]

    def among(self, rows: Rows) -> Factor:
        """This factor of these rows alone, which are its own first, second and so on."""
        each: list[int] = rows.tolist()
        return Factor(self.name, self.at(rows), lambda i: self.explain(each[i]))


class SoftTerm(Protocol):
    """A factor as a match asks it: of any rows, valued beforehand or where it is asked."""

    @property
    def name(self) -> str: ...

    @property
    def explain(self) -> Callable[[int], Message]: ...

    def at(self, rows: Rows) -> Floats: ...

    def among(self, rows: Rows) -> Factor: ...


@dataclass(frozen=True, slots=True)
class Nearness:
    """One half at ``half_km``."""

    half_km: float
    not_stated: float
    home: float


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """One half after ``half_days``."""

    half_days: float
    not_stated: float
    waits: Floats
    """Days to each different session, as they are looked up (``weeks.waits``)."""


@dataclass(frozen=True, slots=True)
class LateFactor:
    """A factor that is valued where it is asked for: never for a whole catalogue."""

    name: str
    valued: Callable[[Rows], Factor]
    """The factor of some rows, which are its own first, second and so on."""
    by: Nearness | Timing | None = None
    """What it is valued by, so that a compiled loop can do the same."""

    def at(self, rows: Rows) -> Floats:
        return self.valued(rows).values

    def among(self, rows: Rows) -> Factor:
        return self.valued(rows)

    def explain(self, row: int) -> Message:
        return self.valued(np.array([row])).explain(0)


FACTORS = ("affordability", "access", "timing", "language", "freshness", "first_visit")
"""In the order that they are told in, after nearness."""


def build_factor(
    name: str,
    columns: Columns,
    person: Person,
    must: Limits,
    prefer: Limits,
    config: Config,
) -> Factor | None:
    """One of ``FACTORS`` but timing; ``None`` when it does not apply to the person."""
    if name == "affordability":
        return _affordability(columns, person, config)
    if name == "access":
        asked = sorted({*must.access, *prefer.access})
        return _access(columns, asked, config) if asked else None
    if name == "language":
        return _language(columns, person.languages, config) if person.languages else None
    if name == "freshness":
        return _freshness(columns, person.today.toordinal(), config)
    return _first_visit(columns, sorted({*must.first_visit, *prefer.first_visit}), config)


def comes_home(columns: Columns) -> Flags:
    """Offers for which the person does not leave home."""
    return np.isin(columns.delivery, _COMES_HOME)


def limit_of_way(must: Limits, prefer: Limits) -> float | None:
    """The distance that the person asked for."""
    return must.distance_km if must.distance_km is not None else prefer.distance_km


def half_of_way(limit_km: float | None, config: Config) -> float:
    """The distance that counts one half."""
    settings = config.nearness
    return settings.half_km if limit_km is None else max(limit_km * settings.half_of_limit, 0.5)


def _halving(amount: Floats, half: float) -> Floats:
    """1 at zero, one half at ``half``, and so on: smooth, so that no limit is a cliff."""
    decayed: Floats = np.exp2(-amount / half)
    return decayed


def nearness(
    distances_km: Floats, comes_home: Flags, limit_km: float | None, config: Config
) -> Factor:
    """How near each activity is, from the most that its distance can be; all arrays by row."""
    settings = config.nearness
    half = half_of_way(limit_km, config)
    values = np.where(np.isnan(distances_km), settings.not_stated, _halving(distances_km, half))
    values[comes_home] = settings.home

    def explain(row: int) -> Message:
        if comes_home[row]:
            return Message("factor.home")
        if np.isnan(distances_km[row]):
            return Message("factor.not_stated")
        return Message("factor.km", {"km": float(np.round(distances_km[row], 1))})

    return Factor("nearness", values, explain)


def farness(distances_km: Floats, comes_home: Flags, config: Config) -> Factor:
    """How much the way speaks against an offer: 0 up to ``far_from_km``, 1 from ``far_at_km`` on.

    It grows with the logarithm of the distance, and is 0 where that is not stated or not travelled.
    """
    settings = config.nearness
    beyond = np.log(np.fmax(distances_km, settings.far_from_km) / settings.far_from_km)
    values = np.clip(beyond / np.log(settings.far_at_km / settings.far_from_km), 0, 1)
    values[comes_home] = 0.0

    def explain(row: int) -> Message:
        return Message("factor.km", {"km": float(np.round(distances_km[row], 1))})

    return Factor("far", values, explain)


def _affordability(columns: Columns, person: Person, config: Config) -> Factor:
    settings = config.affordability
    _, price, _ = session_price(columns, person, config.limits)
    halves = [settings.half_price.get(code, np.nan) for code in columns.currencies]
    half: Floats = np.array([*halves, np.nan])[columns.currency]
    values = np.where(price == 0, 1.0, half / (half + price))
    values = np.where(np.isnan(values), settings.not_stated, values)

    def explain(row: int) -> Message:
        if price[row] == 0:
            return Message("factor.free")
        if np.isnan(price[row]) or columns.currency[row] == NOT_STATED:
            return Message("factor.not_stated")
        if np.isnan(half[row]):
            return Message("factor.currency")
        currency = columns.currencies[columns.currency[row]]
        return Message("factor.price", {"price": Money(float(price[row]), currency, "session")})

    return Factor("affordability", values, explain)


def _share(
    keys: Sequence[str], among: Sequence[str], yes: Integers, no: Integers, not_stated: float
) -> Floats:
    """Share of the keys that are stated true, those not stated counting ``not_stated`` each."""
    asked = mask_of(keys, among)
    met = np.bitwise_count(yes & asked).astype(np.float64)
    unknown = len(set(keys)) - met - np.bitwise_count(no & asked)
    share: Floats = (met + not_stated * unknown) / len(set(keys))
    return share


def _access(columns: Columns, asked: Sequence[str], config: Config) -> Factor:
    values = _share(
        asked, ACCESS_KEYS, columns.access_yes, columns.access_no, config.access.not_stated
    )
    stated = columns.access_yes & mask_of(asked, ACCESS_KEYS)

    def explain(row: int) -> Message:
        return _keys_stated("access", ACCESS_KEYS, int(stated[row]))

    return Factor("access", values, explain)


def _keys_stated(vocabulary: str, among: Sequence[str], mask: int) -> Message:
    keys = tuple(key for bit, key in enumerate(among) if mask & (1 << bit))
    return (
        Message("factor.facts", {"facts": Terms(vocabulary, keys)})
        if keys
        else Message("factor.not_stated")
    )


def timing(soonest: Floats, config: Config) -> Factor:
    """How soon each activity meets next (``soonest``, days by row), in free time where that is given."""
    settings = config.timing
    values = np.where(np.isnan(soonest), settings.not_stated, _halving(soonest, settings.half_days))

    def explain(row: int) -> Message:
        if np.isnan(soonest[row]):
            return Message("factor.not_stated")
        if np.isinf(soonest[row]):
            return Message("factor.no_session")
        return Message("factor.days", {"days": int(soonest[row])})

    return Factor("timing", values, explain)


def _language(columns: Columns, spoken: Sequence[str], config: Config) -> Factor:
    settings = config.language
    values = np.where(columns.speaks.any(axis=1), 0.0, settings.not_stated)
    for position, code in reversed(list(enumerate(spoken))):
        if code in columns.languages:
            there = columns.speaks[:, columns.languages.index(code)]
            values[there] = 1.0 if position == 0 else settings.second

    def explain(row: int) -> Message:
        there = [
            code
            for code in spoken
            if code in columns.languages and columns.speaks[row, columns.languages.index(code)]
        ]
        if not there:
            return Message("factor.not_stated" if not columns.speaks[row].any() else "factor.none")
        return Message("factor.facts", {"facts": Terms("language", tuple(there))})

    return Factor("language", values, explain)


def _freshness(columns: Columns, today: int, config: Config) -> Factor:
    settings = config.freshness
    known = columns.verified_day != NOT_STATED
    age_days = np.maximum(today - columns.verified_day, 0).astype(np.float64)
    values = np.where(known, _halving(age_days, settings.half_days), settings.not_stated)

    def explain(row: int) -> Message:
        if not known[row]:
            return Message("factor.not_stated")
        return Message("factor.checked", {"days": int(age_days[row])})

    return Factor("freshness", values, explain)


def _first_visit(columns: Columns, asked: Sequence[str], config: Config) -> Factor:
    """What was asked for; else each kind of support offered halves what is missing to 1."""
    not_stated = config.first_visit.not_stated
    yes, no = columns.first_visit_yes, columns.first_visit_no
    if asked:
        values = _share(asked, FIRST_VISIT_KEYS, yes, no, not_stated)
    else:
        offered = np.bitwise_count(yes).astype(np.float64)
        values = np.where((yes | no) == 0, not_stated, 1 - np.exp2(-offered))

    def explain(row: int) -> Message:
        return _keys_stated("first_visit", FIRST_VISIT_KEYS, int(yes[row]))

    return Factor("first_visit", values, explain)
