"""A suggestion as a card: every line of it in words, so that a template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from spmatch.activity import Activity
from spmatch.messages import Message
from spmatch.profile import Profile
from spmatch.suggestion import Suggestion, Verdict
from spmatch.web.dates import occurrences_of
from spmatch.web.links import mail_link, phone_link, web_link
from spmatch.web.page import phrasing
from spmatch.web.page.bars import Bars, bars_of, longest
from spmatch.web.words import PageWords
from spmatch.wording import Wording


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is, and one or several lines of it. ``open`` marks what is not stated."""

    name: str
    label: str
    lines: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it fits. ``quote`` is a sentence of the provider, in the language of the activity."""

    text: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact that was asked for: ``state`` is yes, open or no."""

    state: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class LimitLine:
    """How one limit came out."""

    limit: str
    kind: str
    verdict: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the provider; an address is ``None`` where there is none that is safe to link to."""

    phone: str | None
    phone_link: str | None
    email: str | None
    email_link: str | None
    web: str | None


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything that a card says."""

    id: str
    number: int
    title: str
    text_language: str | None
    provider: str
    description: str
    fit: str | None
    fit_said: str
    facts: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...]
    asked: tuple[AskedFact, ...]
    ask: tuple[str, ...]
    contact: Contact
    checked: str
    source: str
    limits: tuple[LimitLine, ...]
    bars: Bars
    picked: bool


def cards_of(
    suggestions: Sequence[Suggestion],
    profile: Profile,
    picked: Sequence[str],
    today: date,
    words: Wording,
    page: PageWords,
) -> tuple[CardView, ...]:
    """Cards in the order of the suggestions; their bars are drawn to one scale."""
    scale = longest(one.contributions for one in suggestions)
    return tuple(
        card_of(one, profile, one.activity.id in picked, today, scale, words, page)
        for one in suggestions
    )


def card_of(
    suggestion: Suggestion,
    profile: Profile,
    picked: bool,
    today: date,
    scale: float,
    words: Wording,
    page: PageWords,
) -> CardView:
    activity = suggestion.activity
    provider = activity.provider
    return CardView(
        id=activity.id,
        number=suggestion.rank,
        title=activity.title,
        text_language=activity.text_language,
        provider=provider.name if provider and provider.name else page.say("card.no_provider"),
        description=activity.description,
        fit=suggestion.fit,
        fit_said=page.say(f"fit.{suggestion.fit}") if suggestion.fit else "",
        facts=facts_of(suggestion, profile, today, words, page),
        reasons=reasons_of(suggestion.reasons, words),
        cautions=suggestion.cautions,
        asked=asked_of(activity, profile, words, page),
        ask=tuple(_question(line, words, page) for line in suggestion.ask),
        contact=contact_of(activity),
        checked=phrasing.freshness(activity.verified_on, today, page),
        source=source_of(activity, page),
        limits=tuple(limit_line(one, words, page) for one in suggestion.verdicts),
        bars=bars_of(suggestion.contributions, suggestion.score, scale, words),
        picked=picked,
    )


def facts_of(
    suggestion: Suggestion, profile: Profile, today: date, words: Wording, page: PageWords
) -> tuple[Fact, ...]:
    """Distance, price, next session, place and weekly times. What is not stated is said to be so."""
    activity = suggestion.activity
    facts = {
        "distance": (_distance(suggestion, words, page),),
        "price": phrasing.price(activity.cost, words, page),
        "next": (_next(suggestion, today, words, page),),
        "where": (phrasing.where(activity, words),),
        "times": phrasing.times(activity.sessions, today, words, page),
    }
    shown = []
    for name, said in facts.items():
        lines = tuple(line for line in said if line)
        if lines:
            shown.append(Fact(name, page.say(f"fact.{name}"), lines))
        elif name != "distance" or profile.origin is not None:
            shown.append(
                Fact(name, page.say(f"fact.{name}"), (page.say("fact.not_stated"),), open=True)
            )
    return tuple(shown)


NEAR_KM = 0.1
"""Nearer than this a figure would say more than is known."""
TENTHS_KM = 10
"""From here on nobody minds a few hundred metres."""


def _distance(suggestion: Suggestion, words: Wording, page: PageWords) -> str:
    if suggestion.activity.delivery in phrasing.AT_HOME:
        return page.say("fact.at_home")
    if suggestion.distance_km is None:
        return ""
    # A place known by its postcode or town alone is somewhere about there; the reason says which.
    about = any(
        phrasing.unsaid(words, "reason.distance_about", "km", one) for one in suggestion.reasons
    )
    if suggestion.distance_km < NEAR_KM:
        return page.say("fact.near")
    km = words.number(round(suggestion.distance_km, 1 if suggestion.distance_km < TENTHS_KM else 0))
    return page.say("fact.km_about" if about else "fact.km", km=km)


def _next(suggestion: Suggestion, today: date, words: Wording, page: PageWords) -> str:
    """The next date: "today" where it is (the hour may be past), and in doubt where the week is unknown."""
    moment = suggestion.next_session
    if moment is None:
        return ""
    day, _, clock = moment.partition("T")
    if day != today.isoformat():
        said = words.moment(moment)
    else:
        said = page.say("fact.today_at" if clock else "fact.today", clock=clock)
    dated = occurrences_of(suggestion.activity.sessions, today)
    certain = any(one.certain for one in dated if one.moment == moment)
    return said if certain else page.say("fact.perhaps", moment=said)


ELSEWHERE = (
    *(("reason.distance", "km"), ("reason.distance_about", "km")),
    *(("reason.price", "price"), ("reason.session", "moment"), ("reason.access", "facts")),
)
"""Reasons that a card shows among its facts; saying them twice would take a reader's time."""


def reasons_of(reasons: Sequence[str], words: Wording) -> tuple[Reason, ...]:
    """The reasons that the facts do not show, the quoted sentence apart from what leads to it."""
    free, home = (words.say(Message(f"reason.{name}")) for name in ("free", "home"))
    shown = []
    for reason in reasons:
        if reason in (free, home) or any(
            phrasing.unsaid(words, key, name, reason) is not None for key, name in ELSEWHERE
        ):
            continue
        shown.append(_reason(reason, words))
    return tuple(shown)


def _reason(reason: str, words: Wording) -> Reason:
    for text in ("needs", "interests"):
        quote = phrasing.unsaid(words, f"reason.sentence_{text}", "sentence", reason)
        if quote is not None:
            lead = reason[: reason.index(quote)].rstrip("»“\"' ").rstrip(":") + ":"
            return Reason(lead, quote)
    return Reason(reason)


def asked_of(
    activity: Activity, profile: Profile, words: Wording, page: PageWords
) -> tuple[AskedFact, ...]:
    """What was asked of access and the first visit: stated yes, not stated, or stated no."""
    asked = []
    for vocabulary, facts in (("access", activity.access), ("first_visit", activity.first_visit)):
        keys = (*getattr(profile.must, vocabulary), *getattr(profile.prefer, vocabulary))
        for key in dict.fromkeys(keys):
            stated = getattr(facts, key) if facts is not None else None
            state = {True: "yes", False: "no", None: "open"}[stated]
            asked.append(AskedFact(state, words.term(vocabulary, key), page.say(f"stated.{state}")))
    return tuple(asked)


def _question(line: str, words: Wording, page: PageWords) -> str:
    """What to ask; the reader of a list of questions need not be told at each to ask."""
    for key, name in (("ask.facts", "facts"), ("ask.not_stated", "limits")):
        if (facts := phrasing.unsaid(words, key, name, line)) is not None:
            return page.say("card.open", facts=facts[:1].upper() + facts[1:])
    return line


def limit_line(verdict: Verdict, words: Wording, page: PageWords) -> LimitLine:
    estimate = f" ({page.say('limits.estimate')})" if verdict.estimate else ""
    return LimitLine(
        limit=words.term("limit", verdict.limit),
        kind=page.say(f"kind.{verdict.kind}"),
        verdict=page.say(f"verdict.{verdict.verdict}"),
        state={"met": "yes", "not_met": "no", "unknown": "open"}[verdict.verdict],
        detail=verdict.detail + estimate,
    )


def contact_of(activity: Activity) -> Contact:
    provider = activity.provider
    if provider is None:
        return Contact(None, None, None, None, None)
    return Contact(
        phone=provider.phone,
        phone_link=phone_link(provider.phone),
        email=provider.email,
        email_link=mail_link(provider.email),
        web=web_link(provider.url),
    )


def source_of(activity: Activity, page: PageWords) -> str:
    """Where the record came from, and under which licence."""
    source = activity.source
    if source is None or not (source.name or source.url):
        return page.say("source.none")
    name = source.name or source.url
    return page.say(
        "source.licence" if source.licence else "source.name", name=name, licence=source.licence
    )
