"""What a form holds, as it was typed, and the names of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from starlette.requests import Request

from spmatch.profile import MAX_TEXT_CHARACTERS
from spmatch.words import AccessKey, Day, Delivery, FirstVisitKey, Intensity, Per, Referral

DAYS: tuple[Day, ...] = get_args(Day)
ACCESS_KEYS: tuple[AccessKey, ...] = get_args(AccessKey)
FIRST_VISIT_KEYS: tuple[FirstVisitKey, ...] = get_args(FirstVisitKey)
DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)
REFERRALS: tuple[Referral, ...] = get_args(Referral)
INTENSITIES: tuple[Intensity, ...] = get_args(Intensity)
PERIODS: tuple[Per, ...] = get_args(Per)

TEXTS = ("needs", "interests", "avoid")
PARTS_OF_DAY = {
    "morning": ("06:00", "12:00"),
    "afternoon": ("12:00", "17:00"),
    "evening": ("17:00", "23:00"),
}
"""Name → from when to when. Parts that touch are read as one time."""
CELLS = tuple(f"{day}-{part}" for day in DAYS for part in PARTS_OF_DAY)

KEYED = {"access": ACCESS_KEYS, "first_visit": FIRST_VISIT_KEYS}
"""Limits that hold several facts, each of them with a choice of its own: ``access_lift`` and so on."""

VALUED = ("distance", "cost", "available", "intensity_max", "delivery", "referral")
"""Limits with one value, and one choice for all of it: ``distance_kind`` and so on."""

KINDS = ("none", "prefer", "must")

ONE_VALUE = (
    *(*TEXTS, "where", "age", "gender", "first_language", "concessions_other"),
    *("distance", "cost", "currency", "per", "intensity_max"),
    *(f"{limit}_kind" for limit in VALUED),
    *(f"{limit}_{key}" for limit, keys in KEYED.items() for key in keys),
    *("plan", "stated_only", "why", "language"),
)
SEVERAL_VALUES = (
    "languages",
    "concessions",
    "available",
    "delivery",
    "referral",
    "picked",
    "compare",
)
CLICKS = ("switch", "use_place", "loosen", "remove", "why_id")
"""Fields that a button sends. They are acted on once, and not kept."""

KNOWN = frozenset((*ONE_VALUE, *SEVERAL_VALUES, *CLICKS))

FIELDS_AT_MOST = 400
"""The form has some 120 fields, and one more for each activity that was picked."""


class FormValues:
    """The values of each field, in order. Fields that the form does not have are left out."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, tuple[str, ...]]) -> None:
        self._fields = dict(fields)

    @classmethod
    def of(cls, items: Iterable[tuple[str, object]]) -> FormValues:
        """Of pairs of a name and a value, as a browser sends them. A file is no value."""
        fields: dict[str, tuple[str, ...]] = {}
        for name, value in items:
            if name in KNOWN and isinstance(value, str):
                fields[name] = (*fields.get(name, ()), value)
        return cls(fields)

    def one(self, name: str) -> str:
        """The value of a field, without blanks around it; empty where there is none."""
        values = self._fields.get(name)
        return values[-1].strip() if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, each once."""
        return tuple(
            dict.fromkeys(value.strip() for value in self._fields.get(name, ()) if value.strip())
        )

    def put(self, **fields: str | Iterable[str]) -> FormValues:
        """The same form with these fields filled otherwise."""
        changed = {
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in fields.items()
        }
        return FormValues({**self._fields, **changed})

    def kept(self) -> FormValues:
        """The same form without what was clicked."""
        return FormValues({name: one for name, one in self._fields.items() if name not in CLICKS})

    def items(self) -> list[tuple[str, str]]:
        """Pairs of a name and a value, as a browser would send them."""
        return [(name, value) for name, values in self._fields.items() for value in values]

    def __repr__(self) -> str:
        # What was typed is about a person.
        return f"FormValues({len(self._fields)} fields)"


async def sent_form(request: Request) -> FormValues:
    """The form as it was sent; Starlette refuses one that is larger than any that the page makes."""
    # A letter takes up to twelve bytes as it is sent (%F0%9F%98%80); a text that is somewhat too long is
    # refused kindly by ``read_form`` and stays in the form.
    form = await request.form(max_fields=FIELDS_AT_MOST, max_part_size=16 * MAX_TEXT_CHARACTERS)
    return FormValues.of(form.multi_items())
