"""One record of several: the best tells of the activity, and what it does not state the others do.

Only where the others agree: what two of them state differently stays not stated. Where another
record contradicts the one that is kept, the one that is kept stands, and the other is told of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from spmatch.activity import Access, Activity, Evidence, FirstVisit, Place, Provider
from spmatch.words import AccessKey, FirstVisitKey

_WHOLE = ("delivery", "sessions", "cost", "ages", "gender", "languages", "referral", "intensity")
_ACCESS: tuple[str, ...] = get_args(AccessKey)
_FIRST_VISIT: tuple[str, ...] = get_args(FirstVisitKey)

# Where a fact lies: whole facts of the activity, and facts inside its parts. Room for more people is of
# the day, and is never taken from another record.
FACTS: tuple[str, ...] = (
    *_WHOLE,
    *(f"access.{key}" for key in _ACCESS),
    *(f"first_visit.{key}" for key in _FIRST_VISIT),
)
"""The facts that decide a match: filled, and told of where records contradict each other."""

CONTACTS: tuple[str, ...] = (
    *(f"provider.{field}" for field in ("name", "kind", "phone", "email", "url")),
    *(f"place.{field}" for field in ("name", "address", "postcode", "town", "municipality")),
    "place.point",
    "themes",
)
"""The facts that are filled, but may well be written in two ways."""

_PARTS: dict[str, Callable[[], Any]] = {
    "access": Access,
    "first_visit": FirstVisit,
    "provider": Provider,
    "place": Place,
}


@dataclass(frozen=True, slots=True)
class Merged:
    """The one record, which fields were filled from which row, and where another row contradicts it."""

    best: Activity
    """The record that is kept, as it was."""
    activity: Activity
    filled: tuple[tuple[str, int], ...]
    contradicted: tuple[tuple[str, int], ...]


def by_worth(records: Sequence[Activity]) -> list[int]:
    """Rows, the best first: checked last, then most facts, then the longest text, then their order."""

    def worth(row: int) -> tuple[int, int, int, int]:
        record = records[row]
        checked = (record.verified_on or date.min).toordinal()
        facts = sum(_stated(record, field) is not None for field in (*FACTS, *CONTACTS))
        return (-checked, -facts, -len(record.description), row)

    return sorted(range(len(records)), key=worth)


def merged(records: Sequence[Activity]) -> Merged:
    """One record of those of one activity, two or more; ``folded`` is left as it is in the best."""
    best, *others = by_worth(records)
    kept = records[best]
    changes: dict[str, Any] = {}
    filled: list[tuple[str, int]] = []
    contradicted: list[tuple[str, int]] = []
    for field in (*FACTS, *CONTACTS):
        mine = _stated(kept, field)
        theirs = [
            (row, value) for row in others if (value := _stated(records[row], field)) is not None
        ]
        if mine is not None:
            if field in FACTS:
                contradicted += [
                    (field, row) for row, value in theirs if not _agree(field, mine, value)
                ]
        elif theirs:
            row, value = theirs[0]
            if all(_agree(field, value, another) for _, another in theirs):
                changes[field] = value
                filled.append((field, row))
            else:
                contradicted += [(field, row) for row, _ in theirs]
    if not kept.description:
        described = [row for row in others if records[row].description]
        if described:
            filled.append(("description", described[0]))
            changes["description"] = records[described[0]].description
            changes["text_language"] = records[described[0]].text_language
    evidence = tuple(
        quote for field, row in filled for quote in records[row].evidence if quote.field == field
    )
    activity = _with(kept, changes, evidence) if changes else kept
    return Merged(kept, activity, tuple(filled), tuple(contradicted))


def _stated(record: Activity, field: str) -> Any:
    """What a record states; ``None`` when it does not."""
    part, _, name = field.partition(".")
    value = getattr(record, part)
    if value is None:
        return None
    if field == "place.point":
        return record.coordinates
    if name:
        value = getattr(value, name)
    return None if value in ((), "") else value


def _agree(field: str, one: Any, other: Any) -> bool:
    if field == "cost":
        # A price in words is no other price; nor is one whose currency or period is left open.
        return all(
            a is None or b is None or a == b
            for a, b in (
                (one.amount, other.amount),
                (one.currency, other.currency),
                (one.per, other.per),
            )
        )
    if field == "sessions":
        return {(s.day, s.start) for s in one} == {(s.day, s.start) for s in other}
    if field == "languages":
        return set(one) == set(other)
    return bool(one == other)


def _with(kept: Activity, changes: dict[str, Any], evidence: tuple[Evidence, ...]) -> Activity:
    whole = {field: value for field, value in changes.items() if "." not in field}
    for name, make in _PARTS.items():
        inside = {
            field.partition(".")[2]: value
            for field, value in changes.items()
            if field.startswith(f"{name}.")
        }
        if "point" in inside:
            inside["lat"], inside["lon"] = inside.pop("point")
        if inside:
            whole[name] = (getattr(kept, name) or make()).model_copy(update=inside)
    return kept.model_copy(update={**whole, "evidence": kept.evidence + evidence})
