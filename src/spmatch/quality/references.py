"""The reference limits: a small, fixed set that stands for what people ask.

Each is judged by the rules of the engine (``spmatch.constraints``); nothing is decided here. Whether
a limit can be *decided* hardly depends on its number, only on what is stated, so one number a limit
is enough; times, which may be stated in part, are asked in three ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import ACCESS_KEYS, FIRST_VISIT_KEYS, Columns
from spmatch.config import LimitSettings
from spmatch.constraints import Judgement, Person, judge, judge_from_activity
from spmatch.geography import Point, great_circle_km
from spmatch.profile import CostLimit, Limits, Slot
from spmatch.wording import wording
from spmatch.words import Day

DISTANCE_KM = 5.0
COST_A_SESSION = 50.0
AGE = 70
WEEKDAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
WEEKEND: tuple[Day, ...] = ("sat", "sun")
SLOTS: dict[str, tuple[Slot, ...]] = {
    "weekdays": tuple(Slot(day=day, start="09:00", end="15:00") for day in WEEKDAYS),
    "evenings": tuple(Slot(day=day, start="17:00", end="22:00") for day in WEEKDAYS),
    "weekend": tuple(Slot(day=day, start="10:00", end="16:00") for day in WEEKEND),
}
NO_LIMITS = Limits()
_SLOT_TITLES = {
    "weekdays": "Monday to Friday, 09:00–15:00",
    "evenings": "Monday to Friday, 17:00–22:00",
    "weekend": "Saturday or Sunday, 10:00–16:00",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What of a source the reference limits need to know."""

    centre: Point | None
    """The median of the known latitudes and of the known longitudes."""
    currency: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One limit. ``field`` is the fact that decides it: the limit of a person that it stands for."""

    key: str
    field: str
    limit: str
    title: str
    limits: Limits = NO_LIMITS
    asks_by_row: bool = False
    """Whether what is to be asked differs between activities."""


def setting_of(activities: Sequence[Activity], columns: Columns) -> Setting:
    """The centre, the usual currency and the usual language of activities."""
    known = ~np.isnan(columns.lat)
    centre = None
    if known.any():
        centre = Point(float(np.median(columns.lat[known])), float(np.median(columns.lon[known])))
    currency = most_common(one.cost.currency for one in activities if one.cost)
    language = most_common(one.text_language for one in activities)
    return Setting(centre, currency, language or "en")


def most_common(values: Iterable[str | None]) -> str | None:
    """The most frequent of the stated values, the first in the alphabet where several are."""
    found = Counter(value for value in values if value)
    return min(found, key=lambda value: (-found[value], value)) if found else None


def references(setting: Setting) -> tuple[Reference, ...]:
    """All reference limits, in a fixed order."""
    words = wording("en")
    money = f"{COST_A_SESSION:g} {setting.currency or ''}".strip()
    cost = CostLimit(amount=COST_A_SESSION, currency=setting.currency, per="session")
    spoken = words.term("language", setting.language)

    def fact(limit: str, key: str) -> Reference:
        title = words.term(limit, key)
        return Reference(
            f"{limit}.{key}",
            f"{limit}.{key}",
            limit,
            title[0].upper() + title[1:],
            Limits.model_validate({limit: [key]}),
        )

    return (
        Reference(
            "distance",
            "distance",
            "distance",
            f"Within {DISTANCE_KM:g} km of the centre",
            Limits(distance_km=DISTANCE_KM),
            asks_by_row=True,
        ),
        Reference("cost", "cost", "cost", f"At most {money} a session", Limits(cost=cost)),
        *(
            Reference(
                f"available.{name}",
                "available",
                "available",
                _SLOT_TITLES[name],
                Limits(available=slots),
            )
            for name, slots in SLOTS.items()
        ),
        Reference(
            "delivery",
            "delivery",
            "delivery",
            "Held in person",
            Limits(delivery=("in_person",)),
        ),
        Reference(
            "referral",
            "referral",
            "referral",
            "Without a referral",
            Limits(referral=("open", "self")),
        ),
        Reference(
            "intensity_max",
            "intensity_max",
            "intensity_max",
            "Low effort at most",
            Limits(intensity_max="low"),
        ),
        Reference("age", "age", "age", f"For a person of {AGE}"),
        Reference("gender", "gender", "gender", "For a woman"),
        Reference("language", "language", "language", f"{spoken} is spoken"),
        Reference("capacity", "capacity", "capacity", "Room for one more"),
        *(fact("first_visit", key) for key in FIRST_VISIT_KEYS),
        *(fact("access", key) for key in ACCESS_KEYS),
    )


def judge_references(
    columns: Columns, setting: Setting, on: date, settings: LimitSettings
) -> list[tuple[Reference, Judgement]]:
    """How every reference limit comes out for every row, by the engine's own rules."""
    distances_km = np.full(len(columns), np.nan)
    if setting.centre is not None:
        distances_km = great_circle_km(setting.centre, columns.lat, columns.lon)
    person = Person(
        today=on,
        distances_km=distances_km,
        margins_km=columns.margin_km,
        vague=columns.vague,
        age=AGE,
        gender="woman",
        languages=(setting.language,),
    )
    from_activity = {one.limit: one for one in judge_from_activity(columns, person)}
    found = []
    for reference in references(setting):
        judged = from_activity.get(reference.limit)
        if judged is None:
            (judged,) = judge(columns, person, reference.limits, "must", settings)
        found.append((reference, judged))
    return found
