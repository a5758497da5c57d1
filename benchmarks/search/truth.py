"""The referee: the exact answer to every search, by the plain reading of the limits, in float64.

A stated fact that breaks a limit excludes; what is not stated stays. It is written against the published
meaning of the limits alone and shares no code with any engine. Equal likeness goes by row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from benchmarks.search.workload import Workload

from spmatch.columns import (
    ACCESS_KEYS,
    DAYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    GENDERS,
    INTENSITIES,
    PERIODS,
    Columns,
)
from spmatch.profile import Profile

K = 10
EARTH_RADIUS_KM = 6371.0088
OVERLAP_MINUTES = 45
SESSIONS_A = {"session": 1, "week": 1, "month": 4, "quarter": 12, "year": 40, "once": 10}

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Truth:
    """One entry a profile."""

    rows: tuple[Rows, ...]
    """The best ten, or as many as there are, best first."""
    eligible: tuple[Rows, ...]
    """All rows that break no limit, ascending."""


def find_truth(workload: Workload) -> Truth:
    best, eligible = [], []
    for profile, query in zip(workload.profiles, workload.queries, strict=True):
        rows = np.flatnonzero(is_eligible(workload.columns, profile))
        likeness = workload.vectors[rows].astype(np.float64) @ query.astype(np.float64)
        best.append(rows[np.lexsort((rows, -likeness))[:K]])
        eligible.append(rows)
    return Truth(tuple(best), tuple(eligible))


def is_eligible(columns: Columns, profile: Profile) -> Flags:
    """(rows,): whether nothing that is stated breaks a limit of this person or of the activity."""
    return (
        _near(columns, profile)
        & _welcome(columns, profile)
        & _room(columns)
        & _affordable(columns, profile)
        & _fitting(columns, profile)
        & _on_time(columns, profile)
    )


def _near(columns: Columns, profile: Profile) -> Flags:
    limit = profile.must.distance_km
    if limit is None or profile.origin is None:
        return np.ones(len(columns), dtype=np.bool_)
    assert profile.origin.lat is not None
    assert profile.origin.lon is not None
    lat, lon = np.radians(columns.lat), np.radians(columns.lon)
    from_lat, from_lon = np.radians(profile.origin.lat), np.radians(profile.origin.lon)
    half = (
        np.sin((lat - from_lat) / 2) ** 2
        + np.cos(from_lat) * np.cos(lat) * np.sin((lon - from_lon) / 2) ** 2
    )
    too_far = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)) > limit
    from_home = np.isin(columns.delivery, [DELIVERIES.index("online"), DELIVERIES.index("phone")])
    return ~too_far | from_home


def _welcome(columns: Columns, profile: Profile) -> Flags:
    fits = np.ones(len(columns), dtype=np.bool_)
    if profile.age is not None:
        fits &= ~(columns.age_min > profile.age) & ~(columns.age_max < profile.age)
    if profile.gender == "woman":
        fits &= columns.gender != GENDERS.index("men")
    if profile.gender == "man":
        fits &= columns.gender != GENDERS.index("women")
    if profile.languages:
        common = np.zeros(len(columns), dtype=np.bool_)
        for code in set(profile.languages) & set(columns.languages):
            common |= columns.speaks[:, columns.languages.index(code)]
        fits &= common | ~columns.speaks.any(axis=1)
    return fits


def _room(columns: Columns) -> Flags:
    return ~((columns.places_left == 0) & (columns.waiting_list == 0))


def _affordable(columns: Columns, profile: Profile) -> Flags:
    limit = profile.must.cost
    if limit is None:
        return np.ones(len(columns), dtype=np.bool_)
    assert columns.currencies == (limit.currency,)
    spread = np.array([*(SESSIONS_A[per] for per in PERIODS), np.nan])[columns.price_per]
    in_period = np.where(columns.price == 0, 0, columns.price / spread * SESSIONS_A[limit.per])
    return ~(in_period > limit.amount + 1e-9)


def _fitting(columns: Columns, profile: Profile) -> Flags:
    must = profile.must
    fits = np.ones(len(columns), dtype=np.bool_)
    for key in must.access:
        fits &= columns.access_no & (1 << ACCESS_KEYS.index(key)) == 0
    for wish in must.first_visit:
        fits &= columns.first_visit_no & (1 << FIRST_VISIT_KEYS.index(wish)) == 0
    if must.intensity_max is not None:
        fits &= columns.intensity <= INTENSITIES.index(must.intensity_max)
    if must.delivery:
        ways = {*must.delivery, *(["hybrid"] if {"in_person", "online"} & {*must.delivery} else [])}
        fits &= np.isin(columns.delivery, [-1, *(DELIVERIES.index(way) for way in ways)])
    return fits


def _on_time(columns: Columns, profile: Profile) -> Flags:
    """Slots of these profiles neither touch nor overlap, and every session still meets."""
    fits = np.diff(columns.sessions.offsets) == 0
    if not profile.must.available:
        return np.ones(len(columns), dtype=np.bool_)
    sessions = columns.sessions
    end = np.where(sessions.end_minute < 0, 24 * 60, sessions.end_minute)
    for slot in profile.must.available:
        opens, closes = (int(at[:2]) * 60 + int(at[3:]) for at in (slot.start, slot.end))
        shared = np.minimum(end, closes) - np.maximum(sessions.start_minute, opens)
        meets = (sessions.day == DAYS.index(slot.day)) & (shared >= OVERLAP_MINUTES)
        fits[sessions.activity[meets]] = True
    return fits
