"""An answer as the page says it: what was found, what fell away, what would help, and a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spmatch.messages import Message, Money
from spmatch.plan_record import Plan, PlannedActivity, WeeklyPrice
from spmatch.suggestion import Confidence, Notice, Response
from spmatch.web.links import phone_link, web_link
from spmatch.web.page.loosening import click_of
from spmatch.web.page.phrasing import listed
from spmatch.web.words import PageWords
from spmatch.wording import Wording


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Somebody to call in danger."""

    name: str
    phone: str | None
    phone_link: str | None
    web: str | None
    web_name: str
    hours: str
    who: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One danger: what it may be, what to do first, whom to call."""

    title: str
    first: str
    contacts: tuple[ContactLine, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A limit that can be loosened by one click: what is said, and what the button sends."""

    said: str
    click: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One activity of a week."""

    day: str
    time: str
    title: str
    provider: str
    price: str
    covers: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A week as a table, with what to know and what to ask."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    total: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What is said around the cards."""

    heading: str
    confidence: Confidence
    confidence_said: str
    advice: str
    excluded: str
    notices: tuple[NoticeView, ...]
    steps: tuple[Step, ...]
    plan: PlanView | None


def answer_view(response: Response, words: Wording, page: PageWords) -> AnswerView:
    found = len(response.suggestions)
    key = {0: "answer.none", 1: "answer.one"}.get(found, "answer.many")
    written = not found or any(one.fit for one in response.suggestions)
    return AnswerView(
        heading=page.say(key, n=found),
        confidence=response.confidence,
        confidence_said=words.say_confidence(response.confidence),
        advice=page.say(f"advice.{response.confidence}" if written else "advice.unwritten"),
        excluded=excluded_said(response.excluded, response.catalogue.activities, page),
        notices=tuple(_notice(one) for one in response.notices),
        steps=tuple(Step(one.text, click_of(one)) for one in response.relaxations),
        plan=plan_view(response.plan, words, page) if response.plan else None,
    )


def excluded_said(excluded: dict[str, int], of: int, page: PageWords) -> str:
    """How many fell away and why, the commonest reason first. One can fall away for several reasons."""
    if not excluded:
        return page.say("excluded.nothing", of=of)
    ordered: Sequence[tuple[str, int]] = sorted(excluded.items(), key=lambda one: -one[1])
    counts = [page.say(f"excluded.{limit}", n=count) for limit, count in ordered]
    return page.say("excluded.some", of=of, counts=listed(counts, page))


def _notice(notice: Notice) -> NoticeView:
    contacts = tuple(
        ContactLine(
            name=one.name,
            phone=one.phone,
            phone_link=phone_link(one.phone),
            web=web_link(one.url),
            web_name=(one.url or "").removeprefix("https://").rstrip("/"),
            hours=one.hours,
            who=one.who,
        )
        for one in notice.contacts
    )
    return NoticeView(notice.title, notice.first, contacts)


def plan_view(plan: Plan, words: Wording, page: PageWords) -> PlanView:
    """The week, one activity a row; then what it costs, what to know and what to ask."""
    asks = tuple(f"{item.title}: {line}" for item in plan.items for line in item.unknown)
    return PlanView(
        heading=words.say(Message("plan.heading")),
        columns=tuple(
            words.say(Message(f"plan.column_{name}"))
            for name in ("day", "time", "activity", "price", "covers")
        ),
        rows=tuple(_plan_row(item, words, page) for item in plan.items),
        total=_total(plan, words) if plan.items else "",
        notes=(*plan.notes, *asks),
    )


def _plan_row(item: PlannedActivity, words: Wording, page: PageWords) -> PlanRow:
    day, time = words.say(Message("plan.no_day")), ""
    if (one := item.session) is not None:
        day = words.term("day", one.day)
        time = "–".join(filter(None, [one.start, one.end])) or words.say(Message("plan.no_time"))
        if one.every != "week":
            time = f"{time}, {words.say(Message(f'plan.{one.every}'))}"
    covers = listed(item.covers, page)
    return PlanRow(day, time, item.title, item.provider or "", _price(item.price, words), covers)


def _price(price: WeeklyPrice | None, words: Wording) -> str:
    if price is None:
        return words.say(Message("plan.no_price"))
    if price.amount == 0:
        return words.say(Message("plan.free"))
    about = "_about" if price.estimate else ""
    return words.say(
        Message(f"plan.price{about}", {"price": Money(price.amount, price.currency, None)})
    )


def _total(plan: Plan, words: Wording) -> str:
    total = plan.total
    if total.amount == 0:
        return "" if total.at_least else words.say(Message("plan.total_free"))
    how = "_at_least" if total.at_least else "_about" if total.estimate else ""
    money = Money(total.amount, total.currency, total.per)
    return words.say(Message(f"plan.total{how}", {"total": money}))
