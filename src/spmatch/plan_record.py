"""A weekly plan: a few activities that together answer what a person asks for."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from spmatch.words import Clock, Currency, Day, Record


class PlannedSession(Record):
    """The weekly session that is taken. A clock that is absent is not stated.

    ``from`` is the first date of a session that has yet to begin.
    """

    day: Day
    start: Clock | None = None
    end: Clock | None = None
    every: Literal["week", "two_weeks", "month"] = "week"
    from_date: date | None = Field(None, alias="from")


class WeeklyPrice(Record):
    """What an activity costs a week on average. ``estimate`` marks a price that was converted."""

    amount: float = Field(ge=0)
    currency: Currency | None = None
    per: Literal["week"] = "week"
    estimate: bool = False


class PlanTotal(WeeklyPrice):
    """What all activities of a plan cost a week together.

    ``at_least``: a price is not stated, or stands in another currency, and is not in the sum.
    """

    at_least: bool = False


class PlannedActivity(Record):
    """One activity of a plan.

    ``session`` is ``None`` where no day is stated, ``price`` where it is not clear what it costs;
    ``unknown`` then says what to ask. ``covers`` names what of the person's wishes it answers.
    """

    id: str
    title: str
    provider: str | None = None
    session: PlannedSession | None = None
    price: WeeklyPrice | None = None
    covers: tuple[str, ...] = Field((), repr=False)
    unknown: tuple[str, ...] = ()


class Plan(Record):
    """A week: its activities by day, those without a day last. It may be empty.

    ``uncovered`` names what no activity of the plan answers. What was read off the words of a
    person is left out of ``repr``.
    """

    items: tuple[PlannedActivity, ...] = ()
    total: PlanTotal
    uncovered: tuple[str, ...] = Field((), repr=False)
    notes: tuple[str, ...] = Field((), repr=False)
