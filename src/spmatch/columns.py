"""The facts of a catalogue as numpy columns, one row an activity, so that limits are judged at once.

A fact that is not stated is NaN in a float column, ``NOT_STATED`` in an integer column, and in
neither bit mask of a yes/no column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from spmatch.activity import Access, Activity, FirstVisit, Place
from spmatch.geography import Placed, Point
from spmatch.words import (
    AccessKey,
    Day,
    Delivery,
    FirstVisitKey,
    Intensity,
    Per,
    Referral,
    minutes_of,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

FindPlace = Callable[[Place], Placed | None]

NOT_STATED = -1

DAYS: tuple[Day, ...] = get_args(Day)
DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)
INTENSITIES: tuple[Intensity, ...] = get_args(Intensity)
REFERRALS: tuple[Referral, ...] = get_args(Referral)
PERIODS: tuple[Per, ...] = get_args(Per)
ACCESS_KEYS: tuple[AccessKey, ...] = get_args(AccessKey)
FIRST_VISIT_KEYS: tuple[FirstVisitKey, ...] = get_args(FirstVisitKey)
GENDERS = ("any", "women", "men")
RHYTHMS = ("week", "two_weeks", "month")

FAR_PAST = date(1, 1, 1).toordinal()
FAR_FUTURE = date(9999, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class SessionColumns:
    """All sessions of all activities; those of activity ``i`` are rows ``offsets[i]:offsets[i+1]``."""

    offsets: npt.NDArray[np.int64]
    activity: Integers
    day: Integers
    start_minute: Integers
    end_minute: Integers
    rhythm: Integers
    first_day: Integers
    """Ordinal of the first date; ``FAR_PAST`` when not stated."""
    last_day: Integers
    """Ordinal of the last date; ``FAR_FUTURE`` when not stated."""

    def take(self, rows: npt.NDArray[np.intp]) -> SessionColumns:
        """The sessions of these activities, in this order."""
        counts = np.diff(self.offsets)[rows]
        offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
        chosen = np.repeat(self.offsets[rows], counts) + within
        return SessionColumns(
            offsets=offsets,
            activity=np.repeat(np.arange(len(rows), dtype=np.int32), counts),
            day=self.day[chosen],
            start_minute=self.start_minute[chosen],
            end_minute=self.end_minute[chosen],
            rhythm=self.rhythm[chosen],
            first_day=self.first_day[chosen],
            last_day=self.last_day[chosen],
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Facts by row, in the order of the catalogue."""

    lat: Floats
    """Of the stated coordinates, else of the postcode or town; NaN when none is stated."""
    lon: Floats
    margin_km: Floats
    """How far the true place may be from there: 0 for stated coordinates, else by the postcode."""
    vague: Flags
    """Whether only a town says where it is: near enough to score by, too little to decide by."""
    located: Flags
    """Whether coordinates are stated."""
    delivery: Integers
    price: Floats
    price_per: Integers
    currency: Integers
    currencies: tuple[str, ...]
    age_min: Floats
    age_max: Floats
    gender: Integers
    access_yes: Integers
    access_no: Integers
    first_visit_yes: Integers
    first_visit_no: Integers
    speaks: Flags
    """(rows, languages): whether a language is stated as spoken there."""
    languages: tuple[str, ...]
    referral: Integers
    places_left: Integers
    waiting_list: Integers
    intensity: Integers
    verified_day: Integers
    provider: Integers
    """Equal numbers are the same provider; ``NOT_STATED`` is none."""
    has_theme: Flags
    """(rows, themes)."""
    concessions: Mapping[str, tuple[Integers, Floats]]
    """For whom (lower case) → the rows that state a reduced price for them, and that price."""
    sessions: SessionColumns
    text_language: Integers
    text_languages: tuple[str, ...]
    providers: tuple[str, ...] = ()
    """The names that ``provider`` numbers, in one case; needed to add others (``join_columns``)."""
    themes: tuple[tuple[str, str], ...] = ()
    """Scheme and code of each theme of ``has_theme``; likewise."""

    def __len__(self) -> int:
        return len(self.lat)

    def take(self, rows: npt.NDArray[np.intp]) -> Columns:
        """The facts of these rows, in this order."""
        place = np.full(len(self), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        concessions = {}
        for for_whom, (stating, amounts) in self.concessions.items():
            kept = place[stating] >= 0
            concessions[for_whom] = (place[stating[kept]].astype(np.int32), amounts[kept])
        by_row = {
            one.name: getattr(self, one.name)[rows]
            for one in fields(self)
            if isinstance(getattr(self, one.name), np.ndarray)
        }
        return replace(self, **by_row, concessions=concessions, sessions=self.sessions.take(rows))

    def money(self, row: int, amount: float) -> tuple[float, str | None, str | None]:
        """An amount with the currency and period that a row states for its price."""
        currency, per = int(self.currency[row]), int(self.price_per[row])
        return (
            amount,
            None if currency == NOT_STATED else self.currencies[currency],
            None if per == NOT_STATED else PERIODS[per],
        )


def build_columns(activities: Sequence[Activity], find_place: FindPlace | None = None) -> Columns:
    """The columns of activities, in their order; ``find_place`` places an address by its postcode."""
    rows = activities
    placed = [_placed(row.place, find_place) for row in rows]
    costs = [row.cost for row in rows]
    currencies = tuple(sorted({cost.currency for cost in costs if cost and cost.currency}))
    languages = tuple(sorted({code for row in rows for code in row.languages}))
    providers = tuple(
        sorted({row.provider.name.casefold() for row in rows if row.provider and row.provider.name})
    )
    provider_number = {name: number for number, name in enumerate(providers)}
    text_languages = tuple(sorted({row.text_language for row in rows if row.text_language}))
    themes = tuple(sorted({(theme.scheme, theme.code) for row in rows for theme in row.themes}))

    speaks = np.zeros((len(rows), len(languages)), dtype=np.bool_)
    has_theme = np.zeros((len(rows), len(themes)), dtype=np.bool_)
    language_number = {code: number for number, code in enumerate(languages)}
    theme_number = {theme: number for number, theme in enumerate(themes)}
    for i, row in enumerate(rows):
        for code in row.languages:
            speaks[i, language_number[code]] = True
        for theme in row.themes:
            has_theme[i, theme_number[theme.scheme, theme.code]] = True

    access = [_masks(row.access, _bits(ACCESS_KEYS)) for row in rows]
    first_visit = [_masks(row.first_visit, _bits(FIRST_VISIT_KEYS)) for row in rows]
    return Columns(
        **_places(placed),
        located=np.array([_is_located(row.place) for row in rows], dtype=np.bool_),
        delivery=_codes((row.delivery for row in rows), DELIVERIES),
        price=_floats(cost.amount if cost else None for cost in costs),
        price_per=_codes((cost.per if cost else None for cost in costs), PERIODS),
        currency=_codes((cost.currency if cost else None for cost in costs), currencies),
        currencies=currencies,
        age_min=_floats(row.ages.min if row.ages else None for row in rows),
        age_max=_floats(row.ages.max if row.ages else None for row in rows),
        gender=_codes((row.gender for row in rows), GENDERS),
        access_yes=_integers(yes for yes, _ in access),
        access_no=_integers(no for _, no in access),
        first_visit_yes=_integers(yes for yes, _ in first_visit),
        first_visit_no=_integers(no for _, no in first_visit),
        speaks=speaks,
        languages=languages,
        referral=_codes((row.referral for row in rows), REFERRALS),
        places_left=_integers(
            row.capacity.places_left
            if row.capacity and row.capacity.places_left is not None
            else NOT_STATED
            for row in rows
        ),
        waiting_list=_integers(
            int(row.capacity.waiting_list)
            if row.capacity and row.capacity.waiting_list is not None
            else NOT_STATED
            for row in rows
        ),
        intensity=_codes((row.intensity for row in rows), INTENSITIES),
        verified_day=_integers(
            row.verified_on.toordinal() if row.verified_on else NOT_STATED for row in rows
        ),
        provider=_integers(
            provider_number[row.provider.name.casefold()]
            if row.provider and row.provider.name
            else NOT_STATED
            for row in rows
        ),
        has_theme=has_theme,
        concessions=_build_concessions(rows),
        sessions=_build_sessions(rows),
        text_language=_codes((row.text_language for row in rows), text_languages),
        text_languages=text_languages,
        providers=providers,
        themes=themes,
    )


def place_again(
    columns: Columns, activities: Sequence[Activity], find_place: FindPlace | None
) -> Columns:
    """The same facts, addresses without coordinates placed by another ``find_place``."""
    others = np.flatnonzero(~columns.located)
    found = _places([_placed(activities[row].place, find_place) for row in others.tolist()])
    changed = {}
    for name, values in found.items():
        changed[name] = getattr(columns, name).copy()
        changed[name][others] = values
    return replace(columns, **changed)


def mask_of(keys: Sequence[str], among: Sequence[str]) -> int:
    """A bit mask with the bit of each key set."""
    return sum(1 << among.index(key) for key in set(keys))


def _placed(place: Place | None, find_place: FindPlace | None) -> Placed | None:
    if place is None:
        return None
    if place.lat is not None and place.lon is not None:
        return Placed(Point(place.lat, place.lon), certain=True)
    return find_place(place) if find_place else None


def _is_located(place: Place | None) -> bool:
    return place is not None and place.lat is not None and place.lon is not None


def _places(placed: Sequence[Placed | None]) -> dict[str, Any]:
    """The columns that say where activities are."""
    return {
        "lat": _floats(where.point.lat if where else None for where in placed),
        "lon": _floats(where.point.lon if where else None for where in placed),
        "margin_km": _floats(where.point.radius_km if where else None for where in placed),
        "vague": np.array(
            [where is not None and not where.certain for where in placed], dtype=np.bool_
        ),
    }


def _build_sessions(rows: Sequence[Activity]) -> SessionColumns:
    counts = [len(row.sessions) for row in rows]
    sessions = [session for row in rows for session in row.sessions]
    return SessionColumns(
        offsets=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
        activity=np.repeat(np.arange(len(rows), dtype=np.int32), counts),
        day=_codes((session.day for session in sessions), DAYS),
        start_minute=_integers(minutes_of(s.start) if s.start else NOT_STATED for s in sessions),
        end_minute=_integers(minutes_of(s.end) if s.end else NOT_STATED for s in sessions),
        rhythm=_codes((session.every for session in sessions), RHYTHMS),
        first_day=_integers(s.from_date.toordinal() if s.from_date else FAR_PAST for s in sessions),
        last_day=_integers(s.until.toordinal() if s.until else FAR_FUTURE for s in sessions),
    )


def _build_concessions(rows: Sequence[Activity]) -> dict[str, tuple[Integers, Floats]]:
    stated: dict[str, list[tuple[int, float]]] = {}
    for i, row in enumerate(rows):
        for concession in row.cost.concessions if row.cost else ():
            stated.setdefault(concession.for_whom.casefold(), []).append((i, concession.amount))
    return {
        for_whom: (_integers(i for i, _ in found), _floats(amount for _, amount in found))
        for for_whom, found in sorted(stated.items())
    }


def _masks(facts: Access | FirstVisit | None, bits: Mapping[str, int]) -> tuple[int, int]:
    yes = no = 0
    # What is not among the fields that were set is not stated.
    for key in facts.model_fields_set if facts else ():
        value = getattr(facts, key)
        if value is not None:
            yes, no = (yes | bits[key], no) if value else (yes, no | bits[key])
    return yes, no


@cache
def _bits(keys: Sequence[str]) -> Mapping[str, int]:
    return {key: 1 << bit for bit, key in enumerate(keys)}


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _integers(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int32)


def _codes(values: Iterable[str | None], among: Sequence[str]) -> Integers:
    number = {value: code for code, value in enumerate(among)}
    return np.array([NOT_STATED if v is None else number[v] for v in values], dtype=np.int32)
