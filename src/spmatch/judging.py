"""Limits, factors and prices over the kinds of a catalogue: each worked out once, for every request alike.

What a limit of a certain value says of each kind depends on the catalogue and that value alone. It is
kept for the next request that asks the same: a price, an age, a set of access facts, each by itself. Never
a text, never several facts of one person together, and nothing of who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmatch.columns import Flags, Floats
from spmatch.config import Config
from spmatch.constraints import (
    ADMISSIONS,
    LIMITS,
    NOT_ASKED,
    NOT_MET,
    UNKNOWN,
    FreeTime,
    Judgement,
    Kind,
    Person,
    Ruling,
    fitting_days,
    judge_admission,
    judge_one,
    judge_period,
    reductions,
    session_price,
)
from spmatch.contracts import Rows
from spmatch.factors import (
    FACTORS,
    Factor,
    LateFactor,
    SoftTerm,
    Timing,
    build_factor,
    timing,
)
from spmatch.facts import Facts
from spmatch.keeping import NOTHING, Kept
from spmatch.kinds import Kinds
from spmatch.messages import Money
from spmatch.profile import Limits, Slot
from spmatch.ruled import KindLimit, RowLimit
from spmatch.sessions import days_until, still_meets
from spmatch.weeks import Weeks, next_session, waits

KEPT = 2048
"""How many of each are kept."""

_BY_PRICE = frozenset({"cost", "affordability"})
_LOOKS_AT: dict[str, Callable[[Person], tuple[Hashable, ...]]] = {
    "age": lambda person: (person.age,),
    "gender": lambda person: (person.gender,),
    "language": lambda person: person.languages,
    **{name: lambda person: (person.today,) for name in ("available", "period", "freshness")},
}
"""What of a person the limits and factors look at that look at one at all; those by price see below."""

SUBJECTS = {
    "cost": "cost",
    "access": "access",
    "first_visit": "first_visit",
    "intensity_max": "intensity",
    "delivery": "delivery",
    "referral": "referral",
    "age": "ages",
    "gender": "gender",
    "language": "languages",
    "capacity": "capacity",
    "affordability": "cost",
    "freshness": "verified",
}
"""What each limit and each factor that goes by kinds looks at."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a person certainly pays, by kind of price."""

    kinds: Kinds
    stated: Floats
    per_session: Floats
    reduced: Flags

    def of(self, row: int) -> tuple[Money | None, bool]:
        """The price as stated, and whether it is reduced for the person; ``None`` when not stated."""
        kind = int(self.kinds.of_row[row])
        amount = float(self.stated[kind])
        money = None if amount != amount else Money(*self.kinds.columns.money(kind, amount))
        return money, bool(self.reduced[kind])

    def per_session_of(self, rows: Rows) -> Floats:
        return self.per_session[self.kinds.of_row[rows]]


@dataclass(frozen=True, slots=True)
class Meetings:
    """When activities meet next."""

    weeks: Weeks
    days: Floats
    """Days to the next date of each different session (``weeks.each``)."""
    fitting: Floats
    """The same, inf for those outside the free time that is given."""
    timing: LateFactor
    """How soon the person can come."""

    def next_for(self, row: int, person: Person) -> str | None:
        """The next session that the person can come to; where none fits, the next one there is."""
        fits = next_session(self.weeks, row, self.fitting, person.today)
        return fits or next_session(self.weeks, row, self.days, person.today)


class Judge:
    """Judges persons against the facts of one catalogue. Safe to call from many threads."""

    def __init__(self, facts: Facts, config: Config) -> None:
        self._facts = facts
        self._config = config
        self._kept = Kept(KEPT)

    def judgements(self, person: Person, limits: Limits, kind: Kind) -> list[Ruling]:
        """Those of the limits that a person sets, distance excepted."""
        # Most persons set few: the others are passed over at once.
        asked = [limit for limit in LIMITS if getattr(limits, limit)]
        found = [self.judgement(limit, person, limits, kind) for limit in asked]
        return [one for one in found if one is not None]

    def judgement(self, limit: str, person: Person, limits: Limits, kind: Kind) -> Ruling | None:
        """One of ``LIMITS``; ``None`` when it is not set."""
        asked = getattr(limits, limit)
        if not asked:
            return None
        key = (limit, kind, asked, *self._of_person(limit, person))
        found: Ruling | None = self._kept.find(key)
        if found is not NOTHING:
            return found
        return self._kept.get(key, lambda: self._judged(limit, person, limits, kind))

    def admissions(self, person: Person) -> list[Ruling]:
        """Those of the limits that activities set themselves."""
        found = [self._admission(limit, person) for limit in ADMISSIONS]
        return [one for one in found if one is not None]

    def factors(self, person: Person, must: Limits, prefer: Limits) -> list[SoftTerm]:
        """The factors that apply, nearness and meaning excepted."""
        found = [self._factor(name, person, must, prefer) for name in FACTORS]
        return [one for one in found if one is not None]

    def prices(self, person: Person) -> Prices:
        """What activities certainly cost a person."""
        kinds = self.kinds_of("cost")
        return self._kept.get(
            ("prices", *self._of_person("cost", person)),
            lambda: Prices(kinds, *session_price(kinds.columns, person, self._config.limits)),
        )

    def meetings(self, person: Person, slots: tuple[Slot, ...]) -> Meetings:
        """When activities meet next, and when next in the free time that is given."""
        weeks = self._facts.weeks

        def met() -> Meetings:
            days = self._kept.get(
                ("days", person.today), lambda: days_until(weeks.each, person.today)
            )
            fitting = fitting_days(weeks, slots, days, self._config.limits)
            return Meetings(weeks, days, fitting, self._timing(waits(fitting)))

        return self._kept.get(("meetings", slots, person.today), met)

    def _timing(self, waiting: Floats) -> LateFactor:
        """By how long each different session is waited for, as ``weeks`` looks that up."""
        weeks, config = self._facts.weeks, self._config
        return LateFactor(
            "timing",
            lambda rows: timing(weeks.soonest_of(waiting, rows), config),
            Timing(config.timing.half_days, config.timing.not_stated, waiting),
        )

    def concessions(self, held: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a person's reductions that some activity gives, in the words of the catalogue."""
        if not held:
            return ()
        given = self.kinds_of("cost").columns.concessions
        return tuple(sorted({one.casefold() for one in held} & given.keys()))

    def kinds_of(self, name: str) -> Kinds:
        """What a limit or a factor looks at."""
        return self._facts.kinds[SUBJECTS.get(name, name)]

    def _judged(self, limit: str, person: Person, limits: Limits, kind: Kind) -> Ruling | None:
        settings = self._config.limits
        if limit == "available":
            weeks, running = self._facts.weeks, self._running(person.today)
            free = FreeTime.of(weeks, running, limits.available, kind, settings)
            return RowLimit(free, weeks, free.codes, without=UNKNOWN)
        kinds = self.kinds_of(limit)
        return self._by_kind(judge_one(limit, kinds.columns, person, limits, kind, settings))

    def _admission(self, limit: str, person: Person) -> Ruling | None:
        key = (limit, *self._of_person(limit, person))
        found: Ruling | None = self._kept.find(key)
        if found is not NOTHING:
            return found
        return self._kept.get(key, lambda: self._admitted(limit, person))

    def _admitted(self, limit: str, person: Person) -> Ruling | None:
        if limit == "period":
            weeks, running = self._facts.weeks, self._running(person.today)
            codes = np.where(running, NOT_ASKED, NOT_MET).astype(np.int8)
            return RowLimit(judge_period(weeks, running), weeks, codes, without=NOT_ASKED)
        return self._by_kind(judge_admission(limit, self.kinds_of(limit).columns, person))

    def _by_kind(self, judgement: Judgement | None) -> KindLimit | None:
        if judgement is None:
            return None
        subject = SUBJECTS[judgement.limit]
        facts = self._facts
        return KindLimit(judgement, subject, facts.kinds[subject], facts.kinds_in_order[subject])

    def _running(self, today: date) -> Flags:
        weeks = self._facts.weeks
        return self._kept.get(("running", today), lambda: still_meets(weeks.each, today))

    def _factor(self, name: str, person: Person, must: Limits, prefer: Limits) -> SoftTerm | None:
        if name == "timing":
            slots = (*must.available, *prefer.available)
            return self.meetings(person, slots).timing
        asked = None
        if name in ("access", "first_visit"):
            asked = (getattr(must, name), getattr(prefer, name))
        key = ("factor", name, asked, *self._of_person(name, person))
        found: SoftTerm | None = self._kept.find(key)
        if found is not NOTHING:
            return found
        return self._kept.get(key, lambda: self._valued(name, person, must, prefer))

    def _valued(self, name: str, person: Person, must: Limits, prefer: Limits) -> Factor | None:
        kinds = self.kinds_of(name)
        one = build_factor(name, kinds.columns, person, must, prefer, self._config)
        return one and one.over(kinds.of_row)

    def _of_person(self, name: str, person: Person) -> tuple[Hashable, ...]:
        """What of the person a limit or a factor looks at."""
        looks_at = _LOOKS_AT.get(name)
        if looks_at is not None:
            return looks_at(person)
        return self._reductions(person) if name in _BY_PRICE else ()

    def _reductions(self, person: Person) -> tuple[str, ...]:
        """The reductions that a person has, of those that some activity gives."""
        stated = self.kinds_of("cost").columns

        def by_age() -> tuple[str, ...]:
            return reductions(stated, Person(today=person.today, age=person.age))

        has = {
            *self._kept.get(("reductions", person.age), by_age),
            *[one.casefold() for one in person.concessions],
        }
        return tuple(one for one in stated.concessions if one in has)
