"""When each candidate can be taken, and what that costs a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from spmatch.activity import Session
from spmatch.columns import DAYS, RHYTHMS, build_columns
from spmatch.config import LimitSettings
from spmatch.constraints import AT_HOME, session_fits
from spmatch.messages import Money
from spmatch.plan.candidate import Candidate
from spmatch.plan_settings import PlanSettings
from spmatch.profile import Slot
from spmatch.sessions import still_meets
from spmatch.words import Per, minutes_of

NO_DAY = -1
_DAY_ENDS = 1440


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take an activity: a session of it, or no time at all where none is stated.

    ``start`` and ``end`` are minutes of the day, taken wide where they are not stated.
    """

    day: int
    start: int
    end: int
    rhythm: int
    """Place in ``RHYTHMS``: the smaller, the oftener."""
    session: Session | None
    travel_minutes: int
    """What is needed before and after it, unless the other needs none either."""
    cost: float | None
    """A week, in the currency of the price; ``None`` when it is not known."""
    estimate: bool

    @property
    def stated(self) -> bool:
        """Whether day, start and end are all stated."""
        one = self.session
        return bool(one and one.day and one.start and one.end)

    def clashes(self, other: Option) -> bool:
        """Whether nobody can take both: they overlap, or too little time lies between them."""
        if self.day != other.day or self.day == NO_DAY:
            return False
        between = max(self.travel_minutes, other.travel_minutes)
        return self.start < other.end + between and other.start < self.end + between


def options_of(
    candidates: Sequence[Candidate],
    free: Sequence[Slot],
    today: date,
    settings: PlanSettings,
    limits: LimitSettings,
) -> list[list[Option]]:
    """For each candidate the sessions that the person can come to, in the order of the week.

    A session fits free time (none given: any) by the rule of the limit ``available``. One that is
    fully stated goes before one that is not; where no session is stated there is one option without
    a time. An empty list means that no session fits.
    """
    columns = build_columns([one.activity for one in candidates])
    offsets = columns.sessions.offsets
    fits = still_meets(columns.sessions, today)
    if free:
        meets, may_meet = session_fits(columns.sessions, today, free, limits)
        fits = meets | may_meet
    found = []
    for place, one in enumerate(candidates):
        sessions = one.activity.sessions
        if not sessions:
            found.append([_option(one, None, settings, limits)])
            continue
        fitting = [
            _option(one, session, settings, limits)
            for session, fit in zip(
                sessions, fits[offsets[place] : offsets[place + 1]], strict=True
            )
            if fit
        ]
        stated = [option for option in fitting if option.stated]
        found.append(_each_once(stated or fitting))
    return found


def weekly_cost(
    price: Money | None, session: Session | None, limits: LimitSettings
) -> tuple[float | None, bool]:
    """What a price comes to a week with one weekly session, and whether that is an estimate.

    Converted with the constants of the limit ``cost``. A price for each session, or paid once for a
    number of them, counts by how often the session meets. Rounded to hundredths, so that what is shown
    adds up.
    """
    if price is None:
        return None, False
    if price.amount == 0:
        return 0.0, False
    if price.per not in get_args(Per):
        return None, False
    per: Per = price.per  # type: ignore[assignment]
    every = session.every if session else "week"
    share = {"week": 1.0, "two_weeks": 0.5, "month": 1 / limits.sessions_per_month}[every]
    a_week = price.amount / limits.sessions_per(per) * limits.sessions_per_week
    by_session = per in ("session", "once")
    exact = per == "week" or (per == "session" and session is not None and every != "month")
    return round(a_week * (share if by_session else 1.0), 2), not exact


def _option(
    one: Candidate, session: Session | None, settings: PlanSettings, limits: LimitSettings
) -> Option:
    cost, estimate = weekly_cost(one.price, session, limits)
    at_home = one.activity.delivery in (*AT_HOME, "home_visit")
    day, start, end = NO_DAY, 0, _DAY_ENDS
    if session is not None and session.day is not None:
        day = DAYS.index(session.day)
        # A session without a start may be at any hour: it has the day to itself.
        if session.start is not None:
            start = minutes_of(session.start)
            end = min(_DAY_ENDS, start + settings.assumed_minutes)
        if session.end is not None:
            end = minutes_of(session.end)
    return Option(
        day=day,
        start=start,
        end=end,
        rhythm=RHYTHMS.index(session.every) if session else 0,
        session=session,
        travel_minutes=0 if at_home else settings.travel_minutes,
        cost=cost,
        estimate=estimate,
    )


def _each_once(options: Sequence[Option]) -> list[Option]:
    """In the order of the week; of several at the same time the one that meets oftenest."""
    ordered = sorted(options, key=lambda one: (one.day, one.start, one.end, one.rhythm))
    kept: dict[tuple[int, int, int, float | None], Option] = {}
    for option in ordered:
        kept.setdefault((option.day, option.start, option.end, option.cost), option)
    return list(kept.values())
