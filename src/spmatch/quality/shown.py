"""Counts and shares as they are read: ``12 of 40``, ``30 %``."""

from __future__ import annotations

from spmatch.quality.records import Part, Provider


def percent(share: float | None) -> str:
    """A whole percentage. Some is never 0 % and not all is never 100 %; undefined is a dash."""
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def fine_percent(share: float | None) -> str:
    """A percentage with one decimal, for small shares that are compared with each other."""
    if share is None:
        return "–"
    return "< 0.1 %" if 0 < share < 0.001 else f"{share:.1%}".replace("%", " %")


def count_of(part: Part) -> str:
    """``12 of 40``."""
    return f"{part.count} of {part.of}"


def count_and_share(part: Part) -> str:
    """``12 of 40 (30 %)``; the count alone where there is nothing to share."""
    return count_of(part) + (f" ({percent(part.share)})" if part.of else "")


def contact(one: Provider) -> str:
    """The phone number, else the e-mail address."""
    return one.phone or one.email or ""


def name_of(one: Provider) -> str:
    return one.name or "A provider without a name"


def many(count: int, singular: str, plural: str) -> str:
    """``1 record`` or ``3 records``."""
    return f"{count} {singular if count == 1 else plural}"
