"""What a fact out of prose is: a value, where it belongs, and the words it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from spmatch.activity import Ages, Cost, Session
from spmatch.words import Delivery

Value = Cost | Ages | tuple[Session, ...] | bool | Delivery


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: ``field`` is its dotted path in an activity, ``quote`` stands so in its text.

    ========================  =====================================================================
    ``cost``                  :class:`Cost`; ``amount`` 0 is free
    ``ages``                  :class:`Ages`
    ``sessions``              tuple of :class:`Session`, by weekday
    ``access.…``              ``True`` or ``False``, for each key of accessibility
    ``first_visit.…``         ``True`` or ``False``, for each key of first visits
    ``delivery``              ``online``, ``phone``, ``home_visit`` or ``hybrid``
    ========================  =====================================================================
    """

    field: str
    value: Value
    quote: str
