"""The fields of an activity that a mapping can fill, and what kind of value each takes."""

from __future__ import annotations

import difflib
from typing import Any, Literal, get_args

from spmatch.activity import Access, FirstVisit, ProviderKind
from spmatch.words import Delivery, Intensity, Per, Referral

Kind = Literal[
    "id", "line", "prose", "text", "email", "language", "languages", "choice", "yes_no", "flags",
    "price", "amount", "currency", "count", "ages", "age", "date", "degrees", "themes",
]  # fmt: skip

Every = Literal["week", "two_weeks", "month"]

_FLAGS = {"access": tuple(Access.model_fields), "first_visit": tuple(FirstVisit.model_fields)}

CHOICES: dict[str, tuple[str, ...]] = {
    "provider.kind": get_args(ProviderKind),
    "delivery": get_args(Delivery),
    "gender": ("any", "women", "men"),
    "referral": get_args(Referral),
    "intensity": get_args(Intensity),
    "cost.per": get_args(Per),
    **_FLAGS,
}
"""The words that a field allows."""

EVERY: tuple[Every, ...] = get_args(Every)
"""The rhythms of a session."""

TARGETS: dict[str, Kind] = {
    "id": "id",
    "title": "line",
    "description": "prose",
    "text_language": "language",
    "provider.name": "line",
    "provider.kind": "choice",
    "provider.url": "text",
    "provider.phone": "text",
    "provider.email": "email",
    "themes": "themes",
    "delivery": "choice",
    **dict.fromkeys(
        ("place.name", "place.address", "place.postcode", "place.town", "place.municipality"),
        "line",
    ),
    "place.lat": "degrees",
    "place.lon": "degrees",
    "cost": "price",
    "cost.amount": "amount",
    "cost.currency": "currency",
    "cost.per": "choice",
    "cost.note": "prose",
    "ages": "ages",
    "ages.min": "age",
    "ages.max": "age",
    "gender": "choice",
    "access": "flags",
    "first_visit": "flags",
    **{f"{part}.{key}": "yes_no" for part, keys in _FLAGS.items() for key in keys},
    "languages": "languages",
    "referral": "choice",
    "capacity.places_left": "count",
    "capacity.waiting_list": "yes_no",
    "intensity": "choice",
    "verified_on": "date",
    **dict.fromkeys(("source.name", "source.url", "source.licence", "source.record_id"), "line"),
}


def put(record: dict[str, Any], target: str, value: Any) -> None:
    """Put the value of a field where it belongs in the record of an activity."""
    first, _, rest = target.partition(".")
    if rest:
        # A column of its own says more of one fact than a list of codes.
        record.setdefault(first, {})[rest] = value
    else:
        record[first] = {**record.get(first, {}), **value} if isinstance(value, dict) else value


def constant_of(target: str, value: Any) -> Any:
    """A constant of a mapping as the value of its field: languages are a list of codes."""
    if target == "cost":
        return {"amount": value}
    if TARGETS[target] == "languages" and isinstance(value, str):
        return [code.strip() for code in value.split(",")]
    return value


def near(name: str, known: list[str]) -> str:
    """The remedy for a name that is not known: what it may have been, or what there is."""
    folded = {one.casefold(): one for one in known}
    likely = difflib.get_close_matches(name[:200].casefold(), list(folded), n=1, cutoff=0.7)
    if likely:
        return f"Did you mean {folded[likely[0]]!r}?"
    return f"There are: {', '.join(known[:60])}." if known else "There is none."
