"""The hard limits of a person as SQL over the columns of ``activity``.

Three-valued as in the engine: a stated fact that breaks a limit excludes, what is not stated does not
(unless it is asked to). Each condition says the same as ``spmatch.constraints`` of the same name, but for
the distance: the database is told where the person starts from to about a kilometre only, so it answers
"surely beyond" and "near the edge", and those near the edge are judged on this side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import build_columns
from spmatch.config import LimitSettings
from spmatch.constraints import Person, session_price
from spmatch.geography import EARTH_RADIUS_KM, Gazetteer, Point, great_circle_km
from spmatch.profile import CostLimit, Profile, Slot
from spmatch.store.rows import AT_HOME, DAYS, WORLD, around
from spmatch.words import Intensity, Per, minutes_of

_GRID_DEGREES = 0.01
"""To what the origin of a person is rounded before the database is told: at most 800 m away."""

_SLACK_KM = 1e-6
"""More than the database and this side can differ by in one distance."""

_EVERYWHERE_KM = math.pi * EARTH_RADIUS_KM + 100

_EXTENT = "box(point(west, south), point(east, north))"
_AT_HOME = "coalesce(delivery = ANY(%(at_home)s), FALSE)"
_UNDECIDED = "(lat IS NULL OR vague)"


@dataclass(frozen=True, slots=True)
class Condition:
    """When one limit excludes an activity: an expression that is true or false, never null.

    ``broken``: what is stated breaks it. ``unknown``: nothing is stated that could decide it.
    ``set_by_person`` tells whether being unknown may exclude, where that is asked for.
    """

    limit: str
    broken: str
    unknown: str
    set_by_person: bool = True

    def excludes(self, exclude_unknown: bool) -> str:
        if exclude_unknown and self.set_by_person:
            return f"({self.broken} OR {self.unknown})"
        return self.broken


@dataclass(frozen=True, slots=True)
class Circle:
    """How far from where. ``at`` is rounded; the true origin lies within ``slack_km`` of it."""

    origin: Point
    at: Point
    slack_km: float
    limit_km: float

    @property
    def box(self) -> str:
        """What every activity within the limit touches, margins included."""
        return box_of(self.at, self.limit_km + self.slack_km)


@dataclass(frozen=True, slots=True)
class HardLimits:
    """All limits of one request, with the values that their statements name."""

    conditions: tuple[Condition, ...]
    circle: Circle | None
    exclude_unknown: bool
    given: dict[str, Any] = field(default_factory=dict)

    def excluding(self) -> dict[str, str]:
        """By limit, when it excludes."""
        return {one.limit: one.excludes(self.exclude_unknown) for one in self.conditions}

    @property
    def near(self) -> str:
        """A condition that an index answers, and that every activity within the distance meets."""
        return f"{_EXTENT} && %(box)s::box" if self.circle else "TRUE"

    @property
    def keeps(self) -> str:
        """When no limit excludes, or perhaps that of distance alone."""
        return " AND ".join([self.near, *(f"NOT {one}" for one in self.excluding().values())])

    @property
    def edge(self) -> str:
        """When the distance may or may not exclude, as far as the database can tell."""
        if self.circle is None:
            return "FALSE"
        margin = "+ margin_km" if self.exclude_unknown else "- margin_km"
        return (
            f"{_EXTENT} && %(wide_box)s::box AND NOT {_AT_HOME} AND NOT {_UNDECIDED} "
            f"AND abs({_KM} {margin} - %(limit_km)s) <= %(slack_km)s"
        )

    def beyond(self, radius_km: float) -> tuple[str, dict[str, Any]]:
        """When at most one limit excludes, and nothing is farther than ``radius_km``; with its values.

        What could come back if one limit were looser. Where what is unknown excludes, also all that is
        excluded by that alone.
        """
        excluding = self.excluding()
        one = " + ".join(f"({condition})::int" for condition in excluding.values()) or "0"
        which = f"({one}) <= 1"
        if self.exclude_unknown:
            stated = " AND ".join(f"NOT {condition.broken}" for condition in self.conditions)
            which = f"({which} OR ({stated or 'TRUE'}))"
        given = dict(self.given)
        if self.circle is not None:
            reach = radius_km + self.circle.slack_km
            given |= {"reach_box": box_of(self.circle.at, reach), "reach_km": reach}
            which += (
                f" AND {_EXTENT} && %(reach_box)s::box AND ({_AT_HOME} OR {_UNDECIDED} "
                f"OR {_KM} - margin_km <= %(reach_km)s)"
            )
        return which, given


_KM = (
    f"(2 * {EARTH_RADIUS_KM} * asin(sqrt(least(1, power(sin(radians(lat - %(lat)s) / 2), 2) "
    "+ cos(radians(%(lat)s)) * cos(radians(lat)) * power(sin(radians(lon - %(lon)s) / 2), 2)))))"
)


def hard_limits(
    profile: Profile,
    gazetteer: Gazetteer,
    settings: LimitSettings,
    today: date,
    known_concessions: Iterable[str],
    *,
    exclude_unknown: bool,
) -> HardLimits:
    """The limits of a profile. Raises ``PlaceError`` when its origin is not in the gazetteer.

    ``known_concessions`` are the words, in small letters, in which the catalogue says for whom prices
    are reduced. Nothing of the free text of the profile is in what comes back.
    """
    must = profile.must
    given: dict[str, Any] = {"today": today, "at_home": list(AT_HOME)}
    found: list[Condition] = []
    circle = None
    if must.distance_km is not None and profile.origin is not None:
        circle = _circle(gazetteer.locate(profile.origin), must.distance_km)
        wide = box_of(circle.at, circle.limit_km + 2 * circle.slack_km)
        given |= {
            "lat": circle.at.lat,
            "lon": circle.at.lon,
            "limit_km": circle.limit_km,
            "slack_km": circle.slack_km,
            "box": circle.box,
            "wide_box": wide,
        }
        found.append(_distance())
    if must.cost is not None:
        certain = certain_concessions(known_concessions, profile, settings, today)
        found.append(_cost(must.cost, certain, settings, given))
    if must.access:
        found.append(_yes_no("access", must.access, given))
    if must.available:
        found.append(_available(must.available, settings, given))
    if must.first_visit:
        found.append(_yes_no("first_visit", must.first_visit, given))
    if must.intensity_max is not None:
        levels: tuple[Intensity, ...] = get_args(Intensity)
        given["harder"] = list(levels[levels.index(must.intensity_max) + 1 :])
        found.append(_one_of("intensity_max", "intensity", "intensity = ANY(%(harder)s)"))
    if must.delivery:
        # A hybrid offer can be joined either way.
        either = "in_person" in must.delivery or "online" in must.delivery
        given["deliveries"] = [*must.delivery, *(["hybrid"] if either else [])]
        found.append(_one_of("delivery", "delivery", "delivery <> ALL(%(deliveries)s)"))
    if must.referral:
        given["referrals"] = list(must.referral)
        found.append(_one_of("referral", "referral", "referral <> ALL(%(referrals)s)"))
    found += _from_activity(profile, given)
    return HardLimits(tuple(found), circle, exclude_unknown, given)


def certain_concessions(
    known: Iterable[str], profile: Profile, settings: LimitSettings, today: date
) -> list[str]:
    """Those of the known reductions that the person certainly has, as the engine itself decides."""
    words = sorted(set(known))
    asked = [
        Activity.model_validate(
            {"id": str(i), "title": "-", "cost": {"concessions": [{"for": word, "amount": 1}]}}
        )
        for i, word in enumerate(words)
    ]
    person = Person(today=today, age=profile.age, concessions=profile.concessions)
    price, _, _ = session_price(build_columns(asked), person, settings)
    return [word for word, has in zip(words, np.asarray(price) == 1, strict=True) if has]


def edge_excludes(
    circle: Circle,
    lat: Sequence[float],
    lon: Sequence[float],
    margin_km: Sequence[float],
    unknown: bool,
) -> int:
    """How many of those near the edge the distance excludes, by the true origin."""
    away = great_circle_km(circle.origin, np.asarray(lat, float), np.asarray(lon, float))
    margins = np.asarray(margin_km, float)
    if unknown:
        return int((~(away + margins <= circle.limit_km)).sum())
    return int((away - margins > circle.limit_km).sum())


def box_of(at: Point, radius_km: float) -> str:
    """A box of PostgreSQL around a circle."""
    if radius_km >= _EVERYWHERE_KM / 2:
        west, south, east, north = WORLD
    else:
        west, south, east, north = around(at, radius_km)
    return f"(({west!r},{south!r}),({east!r},{north!r}))"


def _circle(origin: Point, limit_km: float) -> Circle:
    at = Point(
        round(round(origin.lat / _GRID_DEGREES) * _GRID_DEGREES, 6),
        round(round(origin.lon / _GRID_DEGREES) * _GRID_DEGREES, 6),
    )
    moved = float(great_circle_km(at, np.array([origin.lat]), np.array([origin.lon]))[0])
    return Circle(origin, at, moved + _SLACK_KM, limit_km)


def _distance() -> Condition:
    """True only where the activity is surely beyond; what is near the edge stays."""
    # CASE: the kilometres are worked out for what is inside the box alone.
    broken = (
        f"CASE WHEN {_AT_HOME} OR {_UNDECIDED} THEN FALSE "
        f"WHEN NOT {_EXTENT} && %(box)s::box THEN TRUE "
        f"ELSE {_KM} - margin_km - %(limit_km)s > %(slack_km)s END"
    )
    unknown = (
        f"CASE WHEN {_AT_HOME} THEN FALSE WHEN {_UNDECIDED} THEN TRUE "
        f"WHEN NOT {_EXTENT} && %(box)s::box THEN TRUE "
        f"ELSE {_KM} + margin_km - %(limit_km)s > %(slack_km)s END"
    )
    return Condition("distance", f"({broken})", f"({unknown})")


def _cost(
    limit: CostLimit, certain: Sequence[str], settings: LimitSettings, given: dict[str, Any]
) -> Condition:
    periods: tuple[Per, ...] = get_args(Per)
    given |= {
        "certain": list(certain),
        "amount_max": limit.amount + 1e-9,
        "sessions": settings.sessions_per(limit.per),
        "currency": limit.currency,
        **{f"sessions_per_{per}": settings.sessions_per(per) for per in periods},
    }
    # Looking into the reductions of a row takes longer than all the rest: only where one applies.
    price = (
        "CASE WHEN concession_for && %(certain)s::text[] THEN least(amount, "
        "(SELECT min(reduced.amount) FROM unnest(concession_for, concession_amount) "
        "AS reduced(for_whom, amount) WHERE reduced.for_whom = ANY(%(certain)s))) "
        "ELSE amount END"
    )
    spread = " ".join(
        f"WHEN '{per}' THEN %(sessions_per_{per})s::double precision" for per in periods
    )
    asked = (
        f"(SELECT CASE WHEN price = 0 THEN 0 ELSE price / (CASE per {spread} END) "  # noqa: S608
        f"* %(sessions)s::double precision END FROM (SELECT {price} AS price) AS paid"
    )
    if limit.currency is not None:
        asked += " WHERE price = 0 OR currency = %(currency)s"
    asked += ")"
    return Condition(
        "cost",
        f"coalesce({asked} > %(amount_max)s::double precision, FALSE)",
        f"({asked} IS NULL)",
    )


def _yes_no(limit: str, keys: Sequence[str], given: dict[str, Any]) -> Condition:
    given[f"{limit}_keys"] = list(keys)
    asked = f"%({limit}_keys)s::text[]"
    return Condition(
        limit,
        f"({limit}_no && {asked})",
        f"(NOT {limit}_no && {asked} AND NOT {limit}_yes @> {asked})",
    )


def _available(slots: Sequence[Slot], settings: LimitSettings, given: dict[str, Any]) -> Condition:
    joined = _joined(slots)
    given |= {
        "free_day": [day for day, _, _ in joined],
        "free_from": [opens for _, opens, _ in joined],
        "free_to": [closes for _, _, closes in joined],
        "overlap": settings.overlap_minutes,
    }
    fits = (
        "EXISTS (SELECT FROM unnest(session_day, session_start, session_end, session_last) "
        "AS session(day, start, stop, last), "
        "unnest(%(free_day)s::int[], %(free_from)s::int[], %(free_to)s::int[]) "
        "AS free(day, start, stop) "
        "WHERE (session.last IS NULL OR session.last >= %(today)s) "
        "AND (session.day IS NULL OR session.day = free.day) "
        "AND least(coalesce(session.stop, 1440), free.stop) "
        "- greatest(coalesce(session.start, 0), free.start) >= %(overlap)s"
    )
    certainly = "session.day IS NOT NULL AND session.start IS NOT NULL AND session.stop IS NOT NULL"
    return Condition(
        "available",
        f"(cardinality(session_day) > 0 AND NOT {fits}))",
        f"(NOT {fits} AND {certainly}))",
    )


def _joined(slots: Sequence[Slot]) -> list[tuple[int, int, int]]:
    """Free time as (day, from, to) in minutes, slots that touch or overlap made one."""
    joined: list[tuple[int, int, int]] = []
    for day, opens, closes in sorted(
        (DAYS.index(slot.day), minutes_of(slot.start), minutes_of(slot.end)) for slot in slots
    ):
        if joined and joined[-1][0] == day and opens <= joined[-1][2]:
            joined[-1] = (day, joined[-1][1], max(closes, joined[-1][2]))
        else:
            joined.append((day, opens, closes))
    return joined


def _one_of(limit: str, column: str, broken: str) -> Condition:
    return Condition(limit, f"coalesce({broken}, FALSE)", f"({column} IS NULL)")


def _from_activity(profile: Profile, given: dict[str, Any]) -> list[Condition]:
    """Those that activities set: age, gender, language, room and dates."""
    found = []
    if profile.age is not None:
        given["age"] = profile.age
        found.append(
            Condition(
                "age",
                "(coalesce(age_min > %(age)s, FALSE) OR coalesce(age_max < %(age)s, FALSE))",
                "(age_min IS NULL AND age_max IS NULL)",
            )
        )
    if profile.gender is not None:
        other = {"woman": "men", "man": "women"}.get(profile.gender)
        broken, unknown = "FALSE", "(coalesce(gender <> 'any', TRUE))"
        if other is not None:
            given["other_gender"] = other
            broken, unknown = "coalesce(gender = %(other_gender)s, FALSE)", "(gender IS NULL)"
        found.append(Condition("gender", broken, unknown))
    if profile.languages:
        given["spoken"] = list(profile.languages)
        found.append(
            Condition(
                "language",
                "(cardinality(languages) > 0 AND NOT languages && %(spoken)s::text[])",
                "(cardinality(languages) = 0)",
            )
        )
    full = "coalesce(places_left = 0 AND NOT waiting_list, FALSE)"
    ended = "coalesce(ends < %(today)s, FALSE)"
    return [
        *found,
        Condition("capacity", full, "FALSE", set_by_person=False),
        Condition("period", ended, "FALSE", set_by_person=False),
    ]
