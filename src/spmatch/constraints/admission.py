"""The limits that activities set themselves: age, gender, language, room and dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from spmatch.columns import GENDERS, NOT_STATED, Columns, Flags
from spmatch.constraints.judgement import (
    NOT_ASKED,
    NOT_MET,
    UNKNOWN,
    Judgement,
    Person,
    codes_of,
    one,
    open_question,
)
from spmatch.messages import Message, Moment, Terms
from spmatch.sessions import still_meets
from spmatch.weeks import Weeks, build_weeks


def judge_from_activity(columns: Columns, person: Person) -> list[Judgement]:
    """The limits that activities set themselves, in the order of ``ADMISSIONS``."""
    judged = (judge_admission(limit, columns, person) for limit in ADMISSIONS)
    return [one for one in judged if one is not None]


ADMISSIONS = ("age", "gender", "language", "capacity", "period")


def judge_admission(limit: str, columns: Columns, person: Person) -> Judgement | None:
    """The judgement of one of ``ADMISSIONS``; ``None`` when it does not apply to the person."""
    if limit == "age":
        return _age(columns, person.age)
    if limit == "gender":
        return _gender(columns, person.gender)
    if limit == "language":
        return _language(columns, person.languages) if person.languages else None
    if limit == "capacity":
        return _capacity(columns)
    return _period(columns, person.today)


def _age(columns: Columns, age: int | None) -> Judgement:
    limited = ~(np.isnan(columns.age_min) & np.isnan(columns.age_max))
    if age is None:
        codes = np.where(limited, UNKNOWN, NOT_ASKED).astype(np.int8)
    else:
        welcome = ~(columns.age_min > age) & ~(columns.age_max < age)
        codes = codes_of(welcome, ~limited)

    def explain(row: int) -> Message:
        values: dict[str, int] = {} if age is None else {"age": age}
        if not limited[row]:
            return Message("age.unknown", values)
        low, high = columns.age_min[row], columns.age_max[row]
        bounds = {name: int(v) for name, v in (("low", low), ("high", high)) if not np.isnan(v)}
        of_whom = "person_unknown" if age is None else "compared"
        return Message(f"age.{of_whom}_{'_'.join(bounds)}", {**values, **bounds})

    def ask(row: int) -> tuple[Message, ...]:
        return one(explain(row)) if limited[row] else open_question("age")

    return Judgement(
        "age", "must", codes, explain, ask, from_activity=True, set_by_person=age is not None
    )


def _gender(columns: Columns, gender: str | None) -> Judgement:
    """Women-only and men-only offers. Where the person is neither, the provider decides: ask."""
    any_one = columns.gender == GENDERS.index("any")
    for_one = columns.gender > GENDERS.index("any")
    if gender is None:
        codes = np.where(for_one, UNKNOWN, NOT_ASKED).astype(np.int8)
    else:
        own = {"woman": GENDERS.index("women"), "man": GENDERS.index("men")}.get(gender)
        unknown: Flags = np.asarray(columns.gender == NOT_STATED)
        if own is None:
            unknown = unknown | for_one
        codes = codes_of(any_one | np.isin(columns.gender, [own or NOT_STATED]), unknown)

    def explain(row: int) -> Message:
        person = {} if gender is None else {"person": Terms("person", (gender,))}
        if columns.gender[row] == NOT_STATED:
            return Message("gender.unknown", person)
        whom = Terms("gender", (GENDERS[columns.gender[row]],))
        name = "gender.compared" if person else "gender.person_unknown"
        return Message(name, {"whom": whom, **person})

    def ask(row: int) -> tuple[Message, ...]:
        return one(Message("ask.gender")) if for_one[row] else open_question("gender")

    return Judgement(
        "gender", "must", codes, explain, ask, from_activity=True, set_by_person=gender is not None
    )


def _language(columns: Columns, spoken: Sequence[str]) -> Judgement:
    common = np.zeros(len(columns), dtype=np.bool_)
    for code in spoken:
        if code in columns.languages:
            common |= columns.speaks[:, columns.languages.index(code)]
    silent: Flags = np.logical_not(columns.speaks.any(axis=1))
    codes = codes_of(common, silent)

    def explain(row: int) -> Message:
        values = {"spoken": Terms("language", tuple(spoken))}
        if silent[row]:
            return Message("language.unknown", values)
        there = tuple(
            code for code, on in zip(columns.languages, columns.speaks[row], strict=True) if on
        )
        return Message("language.compared", {**values, "there": Terms("language", there)})

    return Judgement(
        "language",
        "must",
        codes,
        explain,
        lambda row: one(Message("ask.language", {"spoken": Terms("language", tuple(spoken))})),
        from_activity=True,
    )


def _capacity(columns: Columns) -> Judgement:
    """Full without a waiting list is not met; full with nothing said of a list is a question."""
    left, waiting = columns.places_left, columns.waiting_list
    full = left == 0
    codes = codes_of(
        (left > 0) | (full & (waiting == 1)),
        (left == NOT_STATED) | (full & (waiting == NOT_STATED)),
    )

    def explain(row: int) -> Message:
        if left[row] == NOT_STATED:
            return Message("capacity.unknown")
        if left[row] > 0:
            return Message("capacity.room", {"places": int(left[row])})
        return Message(f"capacity.full_{('no_list', 'list', 'list_unknown')[waiting[row]]}")

    return Judgement(
        "capacity",
        "must",
        codes,
        explain,
        lambda row: open_question("capacity"),
        from_activity=True,
        set_by_person=False,
    )


def _period(columns: Columns, today: date) -> Judgement:
    """Not met once no stated session has a date left; no verdict otherwise."""
    weeks = build_weeks(columns.sessions)
    return judge_period(weeks, still_meets(weeks.each, today))


def judge_period(weeks: Weeks, running: Flags) -> Judgement:
    """The limit of dates, where it is known which sessions (``weeks.each``) still meet."""
    left = np.where(running, NOT_ASKED, NOT_MET).astype(np.int8)
    codes = weeks.most(left, np.arange(len(weeks)), without=NOT_ASKED)

    def explain(row: int) -> Message:
        last = date.fromordinal(max(int(weeks.each.last_day[i]) for i in weeks.of(row)))
        return Message("period.ended", {"last": Moment(last.isoformat())})

    return Judgement(
        "period",
        "must",
        codes,
        explain,
        lambda row: (),
        from_activity=True,
        set_by_person=False,
    )
