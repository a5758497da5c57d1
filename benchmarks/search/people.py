"""The people who search: where they live, who they are, and the limits that they set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.search.places import Towns, scatter

from spmatch.columns import DAYS
from spmatch.profile import Profile

RURAL = 0.1
RADII_KM = (2, 3, 4, 5, 6, 8, 10, 15, 20)
RADIUS_SHARES = (0.14, 0.16, 0.15, 0.16, 0.11, 0.11, 0.09, 0.05, 0.03)
AGES = ((0.20, 18, 35), (0.35, 36, 64), (0.45, 65, 92))
LANGUAGES = (
    (0.80, ("da",)),
    (0.08, ("da", "en")),
    (0.04, ("en",)),
    (0.04, ("ar",)),
    (0.02, ("ar", "da")),
    (0.02, ("uk",)),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many of the people state what."""

    gender: float
    cost: float
    access: float
    available: float
    slots: tuple[float, ...]
    """Of those: with one slot, two, three, four."""
    intensity: float
    in_person: float
    first_visit: float


KINDS = {
    "narrow": Asked(
        gender=0.5,
        cost=0.5,
        access=0.4,
        available=1.0,
        slots=(0.5, 0.3, 0.1, 0.1),
        intensity=0.3,
        in_person=0.95,
        first_visit=0.15,
    ),
    "wide": Asked(
        gender=0.4,
        cost=0.5,
        access=0.35,
        available=0.5,
        slots=(0.3, 0.35, 0.2, 0.15),
        intensity=0.25,
        in_person=0.15,
        first_visit=0.1,
    ),
}
"""``narrow``: everyone says when they can come, and nearly everyone wants to meet people in person.
``wide``: only half say when, and few rule out online offers, which no distance excludes."""

COSTS = ((0, "session"), (20, "session"), (50, "session"), (100, "session"), (100, "month"))
ACCESS = (
    (0.30, ("wheelchair", "step_free", "accessible_toilet")),
    (0.20, ("step_free",)),
    (0.15, ("public_transport_nearby",)),
    (0.10, ("hearing_loop",)),
    (0.10, ("quiet_space",)),
    (0.08, ("dementia_friendly", "companion_welcome")),
    (0.07, ("lift", "step_free")),
)
FIRST_VISIT = (("bring_someone",), ("small_group",), ("taster",))
PARTS = (("09:00", "12:00"), ("12:30", "15:30"), ("16:00", "18:30"), ("18:00", "21:00"))


def make_profiles(
    number: int, towns: Towns, kind: str, random: np.random.Generator
) -> tuple[Profile, ...]:
    """So many people, near towns by population. Their texts are left out: a search is given a vector."""
    lat, lon = scatter(number, towns, RURAL, random)
    asked = KINDS[kind]
    return tuple(
        Profile.model_validate(
            {
                "id": f"person-{person:03d}",
                "origin": {"lat": float(lat[person]), "lon": float(lon[person])},
                **_self(asked, random),
                "must": _limits(asked, random),
            }
        )
        for person in range(number)
    )


def _self(asked: Asked, random: np.random.Generator) -> dict[str, Any]:
    low, high = _one(AGES, random)
    (languages,) = _one(LANGUAGES, random)
    facts: dict[str, Any] = {"age": int(random.integers(low, high + 1)), "languages": languages}
    if random.random() < asked.gender:
        facts["gender"] = "woman" if random.random() < 0.6 else "man"
    return facts


def _limits(asked: Asked, random: np.random.Generator) -> dict[str, Any]:
    limits: dict[str, Any] = {"distance_km": float(random.choice(RADII_KM, p=RADIUS_SHARES))}
    if random.random() < asked.cost:
        amount, per = COSTS[random.integers(len(COSTS))]
        limits["cost"] = {"amount": float(amount), "currency": "DKK", "per": per}
    if random.random() < asked.access:
        (limits["access"],) = _one(ACCESS, random)
    if random.random() < asked.available:
        limits["available"] = _slots(asked, random)
    if random.random() < asked.intensity:
        limits["intensity_max"] = "low" if random.random() < 0.7 else "moderate"
    if random.random() < asked.in_person:
        limits["delivery"] = ("in_person",)
    if random.random() < asked.first_visit:
        limits["first_visit"] = FIRST_VISIT[random.integers(len(FIRST_VISIT))]
    return limits


def _slots(asked: Asked, random: np.random.Generator) -> list[dict[str, str]]:
    """One part of the day on so many days."""
    days = random.choice(len(DAYS), size=1 + random.choice(4, p=asked.slots), replace=False)
    found = []
    for day in sorted(days):
        start, end = PARTS[random.integers(len(PARTS))]
        found.append({"day": DAYS[day], "start": start, "end": end})
    return found


def _one(choices: tuple[tuple[Any, ...], ...], random: np.random.Generator) -> tuple[Any, ...]:
    """One of several, by the share that stands first in each; the rest of it."""
    shares = np.array([choice[0] for choice in choices])
    return choices[int(random.choice(len(choices), p=shares / shares.sum()))][1:]
