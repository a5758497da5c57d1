"""How much a decision of each limit counts: by how often the example persons need it.

For each person, a limit that must be kept weighs what the engine takes off a score when it is not
stated (``penalties.must_not_stated``), a wish ``prefer_not_stated``, and a limit that activities set
themselves ``implied_not_stated``. The weight is the mean over all persons, as a share of the largest
of the three: 1 would be a limit that everybody needs. So the weights come from the same settings as
the scores.

The example persons are few, and that none of them needs a hearing loop does not say that nobody does:
one more person is counted who wishes for everything, so that no limit of a person weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from spmatch.columns import ACCESS_KEYS, FIRST_VISIT_KEYS
from spmatch.config import Penalties
from spmatch.material import material
from spmatch.profile import Limits, Profile
from spmatch.quality.records import LimitUse, Usage
from spmatch.wording import wording

UsageKind = Literal["profiles", "equal"]

ADDED = 1
"""How many persons who wish for everything are counted beside the example persons."""

_FROM_ACTIVITY = ("age", "gender", "language", "capacity")

FIELDS: tuple[str, ...] = (
    *("distance", "cost", "available", "delivery", "referral", "intensity_max"),
    *_FROM_ACTIVITY,
    *(f"first_visit.{key}" for key in FIRST_VISIT_KEYS),
    *(f"access.{key}" for key in ACCESS_KEYS),
)
"""What limits use: one fact each."""

_TITLES = {
    "distance": "Place",
    "cost": "Price",
    "available": "Times",
    "delivery": "How it is held",
    "referral": "Referral",
    "intensity_max": "Effort",
    "age": "Ages",
    "gender": "Gender",
    "language": "Languages",
    "capacity": "Room for more people",
}


def title_of(field: str) -> str:
    """The name of a fact in English."""
    vocabulary, _, key = field.partition(".")
    if not key:
        return _TITLES[field]
    name = wording("en").term(vocabulary, key)
    return name[0].upper() + name[1:]


def usage_of(
    persons: Sequence[Profile], penalties: Penalties, kind: UsageKind = "profiles"
) -> Usage:
    """The weights of all limits by their use in ``persons``; with ``equal`` each weighs 1."""
    musts = [_fields_of(one.must) for one in persons]
    wishes = [_fields_of(one.prefer) for one in persons]
    implied = [_implied(one) for one in persons]
    most = max(penalties.must_not_stated, penalties.prefer_not_stated, penalties.implied_not_stated)
    uses = []
    for field in FIELDS:
        must = sum(field in one for one in musts)
        prefer = sum(
            field in wish and field not in need for wish, need in zip(wishes, musts, strict=True)
        )
        from_activity = sum(field in one for one in implied)
        everything = ADDED if field not in _FROM_ACTIVITY else 0
        off = (
            must * penalties.must_not_stated
            + (prefer + everything) * penalties.prefer_not_stated
            + from_activity * penalties.implied_not_stated
        )
        weight = off / (most * (len(persons) + ADDED)) if most else 0.0
        uses.append(
            LimitUse(
                field=field,
                title=title_of(field),
                must=must,
                prefer=prefer,
                implied=from_activity,
                weight=1.0 if kind == "equal" else weight,
            )
        )
    return Usage(kind=kind, persons=len(persons), added=ADDED, limits=tuple(uses))


def example_persons() -> tuple[Profile, ...]:
    """The example persons that come with spmatch, in the order of their names."""
    files = sorted(material("catalogue", "profiles").glob("*.json"))
    return tuple(Profile.read(path.read_bytes(), where=path.name) for path in files)


def _fields_of(limits: Limits) -> frozenset[str]:
    set_ones: dict[str, object] = {
        "distance": limits.distance_km is not None,
        "cost": limits.cost,
        "available": limits.available,
        "delivery": limits.delivery,
        "referral": limits.referral,
        "intensity_max": limits.intensity_max,
    }
    facts: Iterable[str] = (
        *(f"first_visit.{key}" for key in limits.first_visit),
        *(f"access.{key}" for key in limits.access),
    )
    return frozenset([*(field for field, value in set_ones.items() if value), *facts])


def _implied(person: Profile) -> frozenset[str]:
    """The limits that come with activities, where the person states what they are compared with."""
    stated: dict[str, object] = {
        "age": person.age is not None,
        "gender": person.gender,
        "language": person.languages,
        "capacity": True,
    }
    return frozenset(field for field, value in stated.items() if value)
