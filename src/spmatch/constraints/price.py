"""What an activity certainly costs a person, as stated and for one session."""

from __future__ import annotations

import re

import numpy as np

from spmatch.columns import PERIODS, Columns, Flags, Floats
from spmatch.config import LimitSettings
from spmatch.constraints.judgement import Person


def reductions(columns: Columns, person: Person) -> tuple[str, ...]:
    """Those of the reductions that activities give which the person certainly has."""
    return tuple(one for one in columns.concessions if _certainly(one, person))


def session_price(
    columns: Columns, person: Person, settings: LimitSettings
) -> tuple[Floats, Floats, Flags]:
    """What the person certainly pays: as stated, per session, and whether reduced.

    Price per session is NaN when the amount or its period is not stated; free is 0 whatever the
    period. A reduced price counts only where the person certainly has the reduction.
    """
    price = columns.price.copy()
    for for_whom in reductions(columns, person):
        # One activity may state two prices for the same people: the lower counts.
        np.fmin.at(price, *columns.concessions[for_whom])
    reduced = (price < columns.price) | (np.isnan(columns.price) & ~np.isnan(price))
    spread = np.array([settings.sessions_per(per) for per in PERIODS] + [np.nan])[columns.price_per]
    return price, np.where(price == 0, 0.0, price / spread), reduced


_UNDER = re.compile(r"(?:under|below|u\.?)\s*(\d{1,3})(?:\s*(?:år|years?))?")
_FROM = re.compile(
    r"(?:fra\s+|from\s+)?(\d{1,3})\s*(?:år\s*)?\+|(?:fra|from)\s+(\d{1,3})(?:\s*(?:år|years?))?"
)
_OVER = re.compile(r"(?:over|above)\s*(\d{1,3})(?:\s*(?:år|years?))?")


def _certainly(for_whom: str, person: Person) -> bool:
    if for_whom in {held.casefold() for held in person.concessions}:
        return True
    if person.age is None:
        return False
    if under := _UNDER.fullmatch(for_whom):
        return person.age < int(under[1])
    if at_least := _FROM.fullmatch(for_whom):
        return person.age >= int(at_least[1] or at_least[2])
    if over := _OVER.fullmatch(for_whom):
        return person.age > int(over[1])
    return False
