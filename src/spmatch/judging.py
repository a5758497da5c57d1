"""Limits, factors and prices over the kinds of a catalogue: each worked out once, for every request alike.

What a limit of a certain value says of each kind depends on the catalogue and that value alone. It is
kept for the next request that asks the same (a price, an age, a set of access facts; never a text, and
nothing of who asked).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from spmatch.columns import Flags, Floats
from spmatch.config import Config
from spmatch.constraints import (
    ADMISSIONS,
    LIMITS,
    Judgement,
    Kind,
    Person,
    fitting_days,
    judge_admission,
    judge_one,
    session_price,
)
from spmatch.contracts import Rows
from spmatch.factors import FACTORS, Factor, build_factor
from spmatch.kinds import Kinds
from spmatch.messages import Money
from spmatch.profile import Limits, Slot
from spmatch.sessions import days_until, next_session

KEPT = 512
"""How many of each are kept."""

SUBJECTS = {
    "cost": "cost",
    "access": "access",
    "available": "sessions",
    "first_visit": "first_visit",
    "intensity_max": "intensity",
    "delivery": "delivery",
    "referral": "referral",
    "age": "ages",
    "gender": "gender",
    "language": "languages",
    "capacity": "capacity",
    "period": "sessions",
    "affordability": "cost",
    "timing": "sessions",
    "freshness": "verified",
}
"""What each limit and each factor looks at."""

_Made = TypeVar("_Made")


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
    """When the sessions of each kind of week meet next."""

    kinds: Kinds
    days: Floats
    """Days to the next date of each session."""
    fitting: Floats
    """The same, inf for those outside the free time that is given."""

    def next_for(self, row: int, person: Person) -> str | None:
        """The next session that the person can come to; where none fits, the next one there is."""
        columns, kind = self.kinds.columns, int(self.kinds.of_row[row])
        fits = next_session(columns, kind, self.fitting, person.today)
        return fits or next_session(columns, kind, self.days, person.today)


class Kept:
    """What was made last, by what it was made for. Safe to use from many threads."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._made: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """The one kept for ``key``, else a new one."""
        if key in self._made:
            found: _Made = self._made[key]
            return found
        made = make()
        with self._lock:
            while len(self._made) >= self._at_most:
                self._made.pop(next(iter(self._made)))
            self._made[key] = made
        return made


class Judge:
    """Judges persons against the kinds of one catalogue. Safe to call from many threads."""

    def __init__(self, kinds: Mapping[str, Kinds], config: Config) -> None:
        self._kinds = kinds
        self._config = config
        self._kept = Kept(KEPT)

    def judgements(self, person: Person, limits: Limits, kind: Kind) -> list[Judgement]:
        """Those of the limits that a person sets, distance excepted."""
        found = (self.judgement(limit, person, limits, kind) for limit in LIMITS)
        return [one for one in found if one is not None]

    def judgement(self, limit: str, person: Person, limits: Limits, kind: Kind) -> Judgement | None:
        """One of ``LIMITS``; ``None`` when it is not set."""
        asked = getattr(limits, limit)
        if not asked:
            return None
        kinds = self.kinds_of(limit)

        def judged() -> Judgement | None:
            one = judge_one(limit, kinds.columns, person, limits, kind, self._config.limits)
            return one and one.over(kinds.of_row)

        return self._kept.get((limit, kind, asked, *_of_person(limit, person)), judged)

    def admissions(self, person: Person) -> list[Judgement]:
        """Those of the limits that activities set themselves."""
        found = (self._admission(limit, person) for limit in ADMISSIONS)
        return [one for one in found if one is not None]

    def factors(self, person: Person, must: Limits, prefer: Limits) -> list[Factor]:
        """The factors that apply, nearness and meaning excepted."""
        found = (self._factor(name, person, must, prefer) for name in FACTORS)
        return [one for one in found if one is not None]

    def prices(self, person: Person) -> Prices:
        """What activities certainly cost a person."""
        kinds = self.kinds_of("cost")
        return self._kept.get(
            ("prices", *_of_person("cost", person)),
            lambda: Prices(kinds, *session_price(kinds.columns, person, self._config.limits)),
        )

    def meetings(self, person: Person, slots: tuple[Slot, ...]) -> Meetings:
        """When sessions are next, and when those in the free time that is given."""
        kinds = self.kinds_of("timing")

        def met() -> Meetings:
            days = days_until(kinds.columns.sessions, person.today)
            settings = self._config.limits
            return Meetings(
                kinds, days, fitting_days(kinds.columns, person.today, slots, days, settings)
            )

        return self._kept.get(("meetings", slots, person.today), met)

    def concessions(self, held: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a person's reductions that some activity gives, in the words of the catalogue."""
        given = self.kinds_of("cost").columns.concessions
        return tuple(sorted({one.casefold() for one in held} & given.keys()))

    def kinds_of(self, name: str) -> Kinds:
        """What a limit or a factor looks at."""
        return self._kinds[SUBJECTS.get(name, name)]

    def _admission(self, limit: str, person: Person) -> Judgement | None:
        kinds = self.kinds_of(limit)

        def judged() -> Judgement | None:
            one = judge_admission(limit, kinds.columns, person)
            return one and one.over(kinds.of_row)

        return self._kept.get((limit, *_of_person(limit, person)), judged)

    def _factor(self, name: str, person: Person, must: Limits, prefer: Limits) -> Factor | None:
        kinds = self.kinds_of(name)
        asked = {
            "access": (must.access, prefer.access),
            "timing": (must.available, prefer.available),
            "first_visit": (must.first_visit, prefer.first_visit),
        }.get(name)

        def valued() -> Factor | None:
            days = self.meetings(person, ()).days
            one = build_factor(name, kinds.columns, person, must, prefer, days, self._config)
            return one and one.over(kinds.of_row)

        return self._kept.get(("factor", name, asked, *_of_person(name, person)), valued)


def _of_person(name: str, person: Person) -> tuple[Hashable, ...]:
    """What of the person a limit or a factor looks at."""
    if name in ("cost", "affordability"):
        return person.age, person.concessions
    if name in ("available", "timing", "period", "freshness"):
        return (person.today,)
    if name in ("age", "gender"):
        return (getattr(person, name),)
    return person.languages if name == "language" else ()
