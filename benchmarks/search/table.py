"""The workload as peers are given it: one flat table of small numbers, and each search in the same terms.

The three-valued rule is worked into the table once: a fact that is not stated takes the value that no limit
excludes (no lowest age, every language, a price of nothing). So every engine can say every limit with
comparisons and bit masks, and none pays for what its language lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

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
    Columns,
    mask_of,
)
from spmatch.geography import EARTH_RADIUS_KM
from spmatch.profile import Profile
from spmatch.words import minutes_of

OVERLAP_MINUTES = 45
SESSIONS_A = {"session": 1, "week": 1, "month": 4, "quarter": 12, "year": 40, "once": 10}
SESSIONS_MOST = 2

ANY_AGE_MAX = 200
NO_DAY = 7
ALL_DAY = 24 * 60

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """(rows,) arrays, in the smallest types that hold them."""

    lat: Array
    """Degrees, float64; 0 where nothing is stated. Only those that are not ``anywhere`` are looked at."""
    lon: Array
    anywhere: Array
    """bool: no distance limit excludes it, because it is online or says nothing of where it is."""
    closed: Array
    """bool: full and without a waiting list."""
    age_min: Array
    age_max: Array
    gender: Array
    """0 any or not stated, 1 women, 2 men."""
    speaks: Array
    """Bits of ``languages``; all of them where none is stated."""
    price: Array
    """Kroner a session, float64; 0 where not known."""
    access_no: Array
    first_visit_no: Array
    intensity: Array
    delivery: Array
    """The bit of the delivery; all bits where it is not stated."""
    anytime: Array
    """bool: no session is stated."""
    day_1: Array
    start_1: Array
    end_1: Array
    day_2: Array
    start_2: Array
    end_2: Array
    languages: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lat)

    def arrays(self) -> dict[str, Array]:
        return {one.name: getattr(self, one.name) for one in fields(self)[:-1]}

    def take(self, rows: npt.NDArray[np.intp]) -> Table:
        return replace(self, **{name: values[rows] for name, values in self.arrays().items()})


class Slot(NamedTuple):
    """A session fits that is on this day, starts by then and does not end before."""

    day: int
    start_most: int
    end_least: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The limits of one person, neutral where there is none."""

    lat: float
    lon: float
    radius_km: float
    age: int
    gender_not: int
    speaks: int
    price_most: float
    access: int
    first_visit: int
    intensity_most: int
    delivery: int
    slots: tuple[Slot, ...]

    def box(self) -> tuple[float, float, float, float]:
        """South, north, west and east of everything within the radius, a little more."""
        reach = np.degrees(self.radius_km / EARTH_RADIUS_KM) * 1.0001
        farther = max(abs(self.lat - reach), abs(self.lat + reach))
        across = reach / np.cos(np.radians(farther))
        return (
            float(self.lat - reach),
            float(self.lat + reach),
            float(self.lon - across),
            float(self.lon + across),
        )


def flatten(columns: Columns) -> Table:
    """Raises ``ValueError`` where the workload states what this table has no room for."""
    sessions = columns.sessions
    counts = np.diff(sessions.offsets)
    if counts.max(initial=0) > SESSIONS_MOST or columns.concessions:
        raise ValueError("the flat table holds two sessions an activity and no reduced prices")
    end = np.where(sessions.end_minute == NOT_STATED, ALL_DAY, sessions.end_minute)
    if (end - sessions.start_minute).min(initial=ALL_DAY) < OVERLAP_MINUTES:
        raise ValueError("a session is shorter than what must overlap")
    times = {}
    for number in range(SESSIONS_MOST):
        has = counts > number
        at = sessions.offsets[:-1][has] + number
        for name, values, other in (
            ("day", sessions.day, NO_DAY),
            ("start", sessions.start_minute, ALL_DAY),
            ("end", end, 0),
        ):
            column = np.full(len(columns), other, dtype=np.int16)
            column[has] = values[at]
            times[f"{name}_{number + 1}"] = column.astype(np.uint8 if name == "day" else np.int16)
    unplaced = np.isnan(columns.lat)
    from_home = np.isin(columns.delivery, [DELIVERIES.index("online"), DELIVERIES.index("phone")])
    spread = np.array([*(SESSIONS_A[per] for per in PERIODS), np.nan])[columns.price_per]
    price = np.where(columns.price == 0, 0, columns.price / spread)
    bits = 1 << np.arange(len(columns.languages))
    speaks = np.where(columns.speaks.any(axis=1), columns.speaks @ bits, bits.sum())
    return Table(
        lat=np.where(unplaced, 0, columns.lat),
        lon=np.where(unplaced, 0, columns.lon),
        anywhere=unplaced | from_home,
        closed=(columns.places_left == 0) & (columns.waiting_list == 0),
        age_min=np.nan_to_num(columns.age_min, nan=0).astype(np.uint8),
        age_max=np.nan_to_num(columns.age_max, nan=ANY_AGE_MAX).astype(np.uint8),
        gender=np.maximum(columns.gender, 0).astype(np.uint8),
        speaks=speaks.astype(np.uint8),
        price=np.nan_to_num(price, nan=0),
        access_no=columns.access_no.astype(np.uint16),
        first_visit_no=columns.first_visit_no.astype(np.uint8),
        intensity=columns.intensity.astype(np.int8),
        delivery=np.where(
            columns.delivery == NOT_STATED, 0x1F, 1 << np.maximum(columns.delivery, 0)
        ).astype(np.uint8),
        anytime=counts == 0,
        languages=columns.languages,
        **times,
    )


def want(profile: Profile, languages: tuple[str, ...]) -> Wanted:
    """The limits of a profile of this workload: each has an origin, a radius, an age and languages."""
    must, origin = profile.must, profile.origin
    assert origin is not None
    assert origin.lat is not None
    assert origin.lon is not None
    assert must.distance_km is not None
    assert profile.age is not None
    cost = must.cost
    ways = set(must.delivery)
    if ways & {"in_person", "online"}:
        ways.add("hybrid")
    return Wanted(
        lat=origin.lat,
        lon=origin.lon,
        radius_km=must.distance_km,
        age=profile.age,
        gender_not=GENDERS.index({"woman": "men", "man": "women"}[profile.gender])
        if profile.gender in ("woman", "man")
        else len(GENDERS),
        speaks=mask_of([code for code in profile.languages if code in languages], languages),
        price_most=1e9 if cost is None else (cost.amount + 1e-9) / SESSIONS_A[cost.per],
        access=mask_of(must.access, ACCESS_KEYS),
        first_visit=mask_of(must.first_visit, FIRST_VISIT_KEYS),
        intensity_most=len(INTENSITIES)
        if must.intensity_max is None
        else INTENSITIES.index(must.intensity_max),
        delivery=mask_of(list(ways), DELIVERIES) or 0x1F,
        slots=tuple(
            Slot(
                DAYS.index(slot.day),
                minutes_of(slot.end) - OVERLAP_MINUTES,
                minutes_of(slot.start) + OVERLAP_MINUTES,
            )
            for slot in must.available
        ),
    )
