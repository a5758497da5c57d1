"""Verdicts, contributions and reasons of one activity, in the reader's words.

Everything said here is read off the judgements and factors that made the score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from spmatch.activity import Activity, Evidence
from spmatch.columns import FIRST_VISIT_KEYS
from spmatch.constraints import (
    AT_HOME,
    MET,
    NOT_ASKED,
    NOT_MET,
    OPEN_QUESTION,
    UNKNOWN,
    Person,
    Ruling,
)
from spmatch.factors import SoftTerm
from spmatch.ground import Away
from spmatch.judging import Prices
from spmatch.messages import Message, Moment, Terms
from spmatch.profile import Limits
from spmatch.suggestion import Contribution, Verdict, VerdictValue
from spmatch.themes import Answer
from spmatch.wording import Wording

STALE_DAYS = 540
"""A record not checked for longer than this is said to be so."""
AVOID_SAID_FROM = 0.3
"""Share of the most that ``avoid`` can take off, from which the likeness is pointed out."""

_LIMIT_OF = {"ages": "age", "sessions": "available"}
"""Limits that are called otherwise than the facts that they look at."""

_VALUES: dict[int, VerdictValue] = {NOT_MET: "not_met", UNKNOWN: "unknown", MET: "met"}


@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence of an activity that fits best, and which text of the profile it answers."""

    answers: str
    sentence: str
    fits: bool


def verdicts_of(
    row: int,
    judgements: Sequence[Ruling],
    words: Wording,
    evidence: Sequence[Evidence] = (),
) -> tuple[Verdict, ...]:
    """Every verdict on one activity, ``must`` first, with the words that its facts were read from."""
    quotes = _quotes(evidence)

    def detail(one: Ruling, code: int) -> str:
        said = words.say(one.explain(row))
        if code == UNKNOWN or one.limit not in quotes:
            return said
        return words.say(Message("verdict.read", {"detail": said, "quote": quotes[one.limit]}))

    return tuple(
        Verdict(
            limit=one.limit,
            kind=one.kind,
            verdict=_VALUES[code],
            detail=detail(one, code),
            estimate=one.estimated(row),
        )
        for one in judgements
        if (code := one.code(row)) != NOT_ASKED
    )


def _quotes(evidence: Sequence[Evidence]) -> dict[str, str]:
    """By limit, the words that facts were read from where the record states them in prose alone."""
    found: dict[str, list[str]] = {}
    for one in evidence:
        fact = one.field.partition(".")[0]
        found.setdefault(_LIMIT_OF.get(fact, fact), []).append(one.quote)
    return {limit: " … ".join(dict.fromkeys(quotes)) for limit, quotes in found.items()}


def questions_of(row: int, judgements: Sequence[Ruling], words: Wording) -> tuple[str, ...]:
    """What to ask, each once: limits of the person first, then what activities ask of a person."""
    ordered = sorted(judgements, key=lambda one: (one.from_activity, one.kind == "prefer"))
    asked = [message for one in ordered if one.code(row) == UNKNOWN for message in one.ask(row)]
    lines = [words.say(message) for message in asked if message.key != OPEN_QUESTION]
    # What most records leave open is one question, not three: the reader has a minute.
    left_open = tuple(
        key
        for message in asked
        if message.key == OPEN_QUESTION and isinstance(terms := message.values["limits"], Terms)
        for key in terms.keys
    )
    if left_open:
        lines.append(words.say(Message(OPEN_QUESTION, {"limits": Terms("limit", left_open)})))
    return tuple(dict.fromkeys(lines))


def contributions_of(
    row: int,
    parts: Mapping[str, float],
    factors: Sequence[SoftTerm],
    judgements: Sequence[Ruling],
    words: Wording,
) -> tuple[Contribution, ...]:
    """The parts of a score with what each came from; their values add up to the score."""
    details = {one.name: words.say(one.explain(row)) for one in factors if one.name in parts}
    if "not_stated" in parts:
        open_limits = [
            one.limit for one in judgements if one.kind == "must" and one.code(row) == UNKNOWN
        ]
        details["not_stated"] = _limits(open_limits, words)
    if "preferences" in parts:
        unkept = [
            one.limit
            for one in judgements
            if one.kind == "prefer" and one.code(row) in (UNKNOWN, NOT_MET)
        ]
        details["preferences"] = _limits(unkept, words)
    if "variety" in parts:
        details["variety"] = words.say(Message("factor.variety"))
    return tuple(
        Contribution(name=name, value=value, detail=details.get(name, ""))
        for name, value in parts.items()
    )


def _limits(names: Sequence[str], words: Wording) -> str:
    terms = Terms("limit", tuple(dict.fromkeys(names)))
    return words.say(Message("factor.count_not_stated", {"limits": terms}))


def reasons_of(
    row: int,
    activity: Activity,
    away: Away | None,
    prices: Prices,
    limits: Sequence[Limits],
    quote: Quote | None,
    next_session: str | None,
    words: Wording,
    *,
    answer: Answer | None = None,
) -> tuple[str, ...]:
    """Why this activity: what fits, how far, what it costs, when next, and what makes it easier."""
    said = []
    if answer is not None:
        kind = "wish" if answer.theme == answer.by else "answer"
        about, by = Terms("theme", (answer.theme,)), Terms("theme", (answer.by,))
        said.append(Message(f"reason.{kind}", {"theme": about, "by": by}))
    if quote is not None and quote.fits:
        kind = "sentence" if quote.sentence else "title"
        said.append(Message(f"reason.{kind}_{quote.answers}", {"sentence": quote.sentence}))
    said += _place_reason(activity, away)
    said += _price_reason(row, prices)
    if next_session is not None:
        said.append(Message("reason.session", {"moment": Moment(next_session)}))
    asked = {key for one in limits for key in one.access}
    if stated := _true_keys(activity.access, sorted(asked)):
        said.append(Message("reason.access", {"facts": Terms("access", stated)}))
    if offered := _true_keys(activity.first_visit, FIRST_VISIT_KEYS):
        said.append(Message("reason.first_visit", {"facts": Terms("first_visit", offered)}))
    return tuple(words.say(message) for message in said)


def cautions_of(
    row: int,
    activity: Activity,
    person: Person,
    judgements: Sequence[Ruling],
    avoid_share: float,
    words: Wording,
    *,
    traits: Sequence[str] = (),
    harms: Sequence[str] = (),
) -> tuple[str, ...]:
    """What speaks against it: harm, no room for now, an old record, wishes not kept, ``avoid``."""
    said = [Message(f"harm.{name}") for name in harms]
    capacity = activity.capacity
    if capacity and capacity.places_left == 0 and capacity.waiting_list:
        said.append(Message("caution.waiting_list"))
    if activity.verified_on and (person.today - activity.verified_on).days > STALE_DAYS:
        said.append(Message("caution.stale", {"moment": Moment(_iso(activity.verified_on))}))
    for one in judgements:
        if one.kind == "prefer" and one.code(row) == NOT_MET:
            detail = words.say(one.explain(row))
            limit = Terms("limit", (one.limit,))
            said.append(Message("caution.prefer_broken", {"limit": limit, "detail": detail}))
    if traits:
        said.append(Message("caution.avoid_trait", {"traits": Terms("trait", tuple(traits))}))
    elif avoid_share >= AVOID_SAID_FROM:
        said.append(Message("caution.avoid"))
    return tuple(words.say(message) for message in said)


def _place_reason(activity: Activity, away: Away | None) -> list[Message]:
    if activity.delivery in (*AT_HOME, "home_visit"):
        return [Message("reason.home")]
    if away is None or math.isnan(away.km):
        return []
    about = "_about" if away.about else ""
    return [Message(f"reason.distance{about}", {"km": float(np.round(away.km, 1))})]


def _price_reason(row: int, prices: Prices) -> list[Message]:
    price, reduced = prices.of(row)
    if price is None:
        return []
    if price.amount == 0:
        return [Message("reason.free")]
    return [Message("reason.price_reduced" if reduced else "reason.price", {"price": price})]


def _true_keys(facts: object, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if facts is not None and getattr(facts, key) is True)


def _iso(day: date) -> str:
    return day.isoformat()
