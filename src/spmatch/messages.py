"""What is to be said, before it is put into words of a language.

The stages that judge and score hand out messages; only ``wording`` knows any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Terms:
    """Words of a vocabulary (``access``, ``day`` …) to be named in the reader's language."""

    vocabulary: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency (ISO 4217, ``None`` not stated) for each ``per`` (``None`` likewise)."""

    amount: float
    currency: str | None
    per: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and time, ``YYYY-MM-DDTHH:MM`` or the date alone."""

    iso: str


@dataclass(frozen=True, slots=True)
class Times:
    """Times of the week, each ``(day, start, end)``: ``mon`` … and ``HH:MM``, ``None`` not stated."""

    spans: tuple[tuple[str | None, str | None, str | None], ...]


Value = str | int | float | Terms | Money | Moment | Times


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its key in the wording files, with the values that it mentions."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
