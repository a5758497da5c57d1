"""From candidates to a plan, and the plan into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmatch.columns import DAYS, Flags, Floats
from spmatch.config import LimitSettings
from spmatch.messages import Message, Moment, Money, Terms
from spmatch.plan.candidate import Candidate, Facet
from spmatch.plan.search import COST_TOLERANCE, NOT_COUNTED, Task, best_week
from spmatch.plan.times import NO_DAY, Option, options_of
from spmatch.plan_record import Plan, PlannedActivity, PlannedSession, PlanTotal, WeeklyPrice
from spmatch.plan_settings import PlanSettings
from spmatch.profile import Budget, Slot
from spmatch.wording import Wording


@dataclass(frozen=True, slots=True)
class _Taken:
    """An activity of the plan and the session of it that is taken."""

    candidate: Candidate
    option: Option
    covers: tuple[str, ...]

    @property
    def currency(self) -> str | None:
        return self.candidate.price.currency if self.candidate.price else None


def propose_plan(
    candidates: Sequence[Candidate],
    facets: Sequence[Facet],
    *,
    free: Sequence[Slot],
    budget: Budget | None,
    today: date,
    settings: PlanSettings,
    limits: LimitSettings,
    words: Wording,
) -> Plan:
    """The best week of a few activities, in the reader's language; empty when nothing suits.

    ``candidates`` already keep every limit of the person; each has one value for each of
    ``facets``. ``free`` is the free time (none given: any); ``budget`` is for all activities
    together. What a price or a session does not state is never taken as free of charge or of
    clashes with what is known: such an activity is kept, and says what to ask.
    """
    asked = _shares(facets)
    covers = np.array([one.covers for one in candidates], dtype=np.float64)
    covers = covers.reshape(len(candidates), len(facets))
    covers = np.where(covers >= settings.covers_from, covers, 0.0)
    options = options_of(candidates, free, today, settings, limits)
    weekly = None if budget is None else _a_week(budget, limits)
    possible = [
        place
        for place in range(len(candidates))
        if covers[place].any() and _affordable(candidates[place], options[place], budget, weekly)
    ]
    short = _shortlist([candidates[i] for i in possible], covers[possible] * asked, settings)
    # In the order of rows, which ties go by.
    places = sorted((possible[i] for i in short), key=lambda place: candidates[place].row)
    week = best_week(
        Task(
            covers=covers[places] * asked,
            scores=np.array([candidates[place].score for place in places]),
            not_stated=np.array(
                [
                    (not candidates[place].activity.sessions) + (candidates[place].price is None)
                    for place in places
                ],
                dtype=np.float64,
            ),
            options=[options[place] for place in places],
            purses=_purses([candidates[place] for place in places], budget),
            budget=weekly,
            settings=settings,
        )
    )
    taken = [
        _Taken(
            candidate=candidates[places[i]],
            option=option,
            covers=_named(facets, np.asarray(covers[places[i]] > 0)),
        )
        for i, option in week
    ]
    taken.sort(
        key=lambda one: (
            one.option.day if one.option.day != NO_DAY else len(DAYS),
            one.option.start,
            -one.candidate.score,
            one.candidate.row,
        )
    )
    covered = {name for one in taken for name in one.covers}
    answered = set(_named(facets, np.asarray(covers.any(axis=0))))
    uncovered = [facet.name for facet in facets if facet.name not in covered]
    total = _total(taken, budget)
    notes = _notes(
        taken,
        total,
        facets,
        nothing=tuple(name for name in uncovered if name not in answered),
        no_room=tuple(name for name in uncovered if name in answered),
        budget=budget,
        today=today,
    )
    return Plan(
        items=tuple(_item(one, words, today) for one in taken),
        total=total,
        uncovered=tuple(words.term("theme", name) for name in uncovered),
        notes=tuple(words.say(note) for note in notes),
    )


def _shares(facets: Sequence[Facet]) -> Floats:
    weights = np.array([facet.weight for facet in facets], dtype=np.float64)
    return weights / (weights.sum() or 1.0)


def _a_week(budget: Budget, limits: LimitSettings) -> float:
    return budget.amount / limits.sessions_per(budget.per) * limits.sessions_per_week


def _shortlist(
    candidates: Sequence[Candidate], shares: Floats, settings: PlanSettings
) -> list[int]:
    """Half of them the best by score, then in turn the best answers to each facet.

    By score alone, the few that answer a lesser facet would stand below many alike for the main one.
    """
    by_score = sorted(range(len(candidates)), key=lambda i: _standing(candidates[i]))
    chosen = dict.fromkeys(by_score[: (settings.candidates + 1) // 2])
    by_facet = [
        [i for i in sorted(by_score, key=lambda i: -shares[i, facet]) if shares[i, facet] > 0]
        for facet in range(shares.shape[1])
    ]
    for depth in range(len(candidates)):
        for answers in by_facet:
            if depth < len(answers) and len(chosen) < settings.candidates:
                chosen.setdefault(answers[depth])
    return list(chosen)


def _standing(candidate: Candidate) -> tuple[float, int]:
    return (-candidate.score, candidate.row)


def _counts(candidate: Candidate, budget: Budget | None) -> bool:
    """Whether a price is in a currency that the budget is in, or the budget names none."""
    return (
        candidate.price is not None
        and budget is not None
        and budget.currency in (None, candidate.price.currency)
    )


def _affordable(
    candidate: Candidate,
    options: Sequence[Option],
    budget: Budget | None,
    weekly: float | None,
) -> bool:
    """Whether it can be taken at all: some session fits, and alone it keeps the budget."""
    if weekly is None or not _counts(candidate, budget):
        return bool(options)
    return any(option.cost is None or option.cost <= weekly + COST_TOLERANCE for option in options)


def _purses(candidates: Sequence[Candidate], budget: Budget | None) -> list[int]:
    """One number for each currency that is added up."""
    numbers: dict[str | None, int] = {}
    return [
        numbers.setdefault(one.price.currency, len(numbers))
        if one.price and _counts(one, budget)
        else NOT_COUNTED
        for one in candidates
    ]


def _named(facets: Sequence[Facet], marked: Flags) -> tuple[str, ...]:
    return tuple(facet.name for facet, mark in zip(facets, marked, strict=True) if mark)


def _item(one: _Taken, words: Wording, today: date) -> PlannedActivity:
    activity, option = one.candidate.activity, one.option
    unknown = []
    if option.cost is None:
        unknown.append(words.say(Message("ask.cost")))
    if not option.stated:
        unknown.append(words.say(Message("ask.available")))
    price = None
    if option.cost is not None:
        price = WeeklyPrice(amount=option.cost, currency=one.currency, estimate=option.estimate)
    return PlannedActivity(
        id=activity.id,
        title=activity.title,
        provider=activity.provider.name if activity.provider else None,
        session=_session(option, today),
        price=price,
        covers=tuple(words.term("theme", name) for name in one.covers),
        unknown=tuple(unknown),
    )


def _session(option: Option, today: date) -> PlannedSession | None:
    session = option.session
    if session is None or session.day is None:
        return None
    return PlannedSession(
        day=session.day,
        start=session.start,
        end=session.end,
        every=session.every,
        from_date=_begins(option, today),
    )


def _begins(option: Option, today: date) -> date | None:
    begins = option.session.from_date if option.session else None
    return begins if begins and begins > today else None


def _total(taken: Sequence[_Taken], budget: Budget | None) -> PlanTotal:
    """The sum of what is known in one currency: that of the budget, else that of most activities."""
    priced = [one for one in taken if one.option.cost]
    currency = budget.currency if budget else None
    if currency is None and priced:
        stated = [one.currency for one in priced]
        currency = max(stated, key=stated.count)
    in_it = [one for one in priced if one.currency == currency]
    return PlanTotal(
        amount=round(sum(one.option.cost or 0.0 for one in in_it), 2),
        currency=currency,
        estimate=any(one.option.estimate for one in in_it),
        at_least=len(in_it) < len(priced) or any(one.option.cost is None for one in taken),
    )


def _notes(
    taken: Sequence[_Taken],
    total: PlanTotal,
    facets: Sequence[Facet],
    *,
    nothing: tuple[str, ...],
    no_room: tuple[str, ...],
    budget: Budget | None,
    today: date,
) -> list[Message]:
    if not facets:
        return [Message("plan.nothing_written")]
    said = []
    if not taken:
        said.append(Message("plan.empty"))
    if nothing:
        said.append(Message("plan.uncovered", {"facets": Terms("theme", nothing)}))
    if no_room:
        said.append(Message("plan.no_room", {"facets": Terms("theme", no_room)}))
    if total.amount > 0 and budget is not None:
        spent = Money(total.amount, total.currency, "week")
        given = Money(budget.amount, budget.currency or total.currency, budget.per)
        said.append(
            Message(
                "plan.budget_at_least" if total.at_least else "plan.budget",
                {"total": spent, "budget": given},
            )
        )
    if any(one.option.cost and one.currency != total.currency for one in taken):
        said.append(Message("plan.other_currency"))
    if any(one.option.cost is None for one in taken):
        said.append(Message("plan.not_stated"))
    if total.estimate:
        said.append(Message("plan.estimate"))
    for one in taken:
        if begins := _begins(one.option, today):
            title = one.candidate.activity.title
            moment = Moment(begins.isoformat())
            said.append(Message("plan.begins", {"title": title, "moment": moment}))
    return said
