"""A limit that has been judged for every activity, and what of the person it was judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from spmatch.columns import Flags, Floats
from spmatch.contracts import Rows
from spmatch.messages import Message, Terms

Codes = npt.NDArray[np.int8]

NOT_MET, UNKNOWN, MET, NOT_ASKED = 0, 1, 2, 3
"""Codes of a verdict. ``NOT_ASKED``: neither the person nor the activity limits anything here."""

Kind = Literal["must", "prefer"]

OPEN_QUESTION = "ask.not_stated"


@dataclass(frozen=True, slots=True)
class Person:
    """What the limits need to know of the person; ``None`` and empty are not stated."""

    today: date
    distances_km: Floats | None = None
    """To every activity, NaN where it is not known where it meets; ``None`` without an origin."""
    margins_km: Floats | None = None
    """How far each activity may be from the point measured to; ``None`` when all are exact."""
    vague: Flags | None = None
    """Activities whose distance is too little known to decide by."""
    radius_km: float = 0.0
    """How far the true origin may be from the point that distances are measured from."""
    age: int | None = None
    gender: str | None = None
    languages: tuple[str, ...] = ()
    concessions: tuple[str, ...] = ()

    def farthest_km(self) -> Floats | None:
        """The most that each distance can be, NaN where it is not known."""
        if self.distances_km is None or self.margins_km is None:
            return self.distances_km
        return self.distances_km + self.margins_km


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one limit came out, for all rows.

    ``explain(row)`` gives the two values compared; ``ask(row)`` what to ask where it is unknown.
    ``set_by_person`` is false for limits that only the activity sets (room, dates).
    ``from_activity`` marks limits that come with the activity: always ``must``, never loosened.
    """

    limit: str
    kind: Kind
    codes: Codes
    explain: Callable[[int], Message]
    ask: Callable[[int], tuple[Message, ...]]
    from_activity: bool = False
    set_by_person: bool = True
    estimates: Flags | None = None

    def at(self, rows: Rows) -> Codes:
        """How it came out for these rows."""
        return self.codes[rows]

    def among(self, rows: npt.NDArray[np.integer[Any]]) -> Judgement:
        """The same of these rows alone, which are its own first, second and so on."""
        each: list[int] = rows.tolist()
        return replace(
            self,
            codes=self.codes[rows],
            explain=lambda i: self.explain(each[i]),
            ask=lambda i: self.ask(each[i]),
            estimates=None if self.estimates is None else self.estimates[rows],
        )

    def code(self, row: int) -> int:
        return int(self.codes[row])

    def estimated(self, row: int) -> bool:
        """Whether a value was converted before it was compared."""
        return self.estimates is not None and bool(self.estimates[row])


class Ruling(Protocol):
    """A limit as a match asks it: of any rows, judged beforehand or where it is asked."""

    @property
    def limit(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def from_activity(self) -> bool: ...

    @property
    def set_by_person(self) -> bool: ...

    @property
    def explain(self) -> Callable[[int], Message]: ...

    @property
    def ask(self) -> Callable[[int], tuple[Message, ...]]: ...

    def at(self, rows: Rows) -> Codes: ...

    def among(self, rows: Rows) -> Judgement: ...

    def code(self, row: int) -> int: ...

    def estimated(self, row: int) -> bool: ...


def codes_of(met: Flags, unknown: Flags) -> Codes:
    return np.where(unknown, UNKNOWN, np.where(met, MET, NOT_MET)).astype(np.int8)


def one(message: Message) -> tuple[Message, ...]:
    return (message,)


def open_question(limit: str) -> tuple[Message, ...]:
    """To ask about a limit of which nothing is stated; several of these are asked in one breath."""
    return (Message(OPEN_QUESTION, {"limits": Terms("limit", (limit,))}),)
