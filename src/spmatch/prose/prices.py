"""What it costs, out of prose: one price for everyone, lower ones for named groups, or free.

Every amount of a text must be understood: one that is not, or two for the same people, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from spmatch.activity import Concession, Cost
from spmatch.prose.activities import does, is_activity
from spmatch.prose.clocks import spans_in
from spmatch.prose.doubts import doubts
from spmatch.prose.fact import Fact
from spmatch.prose.free import CONDITION, find_free, may_be_free
from spmatch.prose.money import Money, amounts_in
from spmatch.prose.numbers import loose_numbers
from spmatch.prose.passages import QUOTE_AT_MOST, Sentence, TextLanguage, fold, holds_digit
from spmatch.prose.payers import EVERYONE_ELSE, NO_PAYER, group_at, is_whole, payer_in
from spmatch.prose.price_words import (
    ASKED,
    COURSE,
    DEAL,
    EACH_TIME,
    FLOOR,
    INCLUDED,
    KNOWN,
    MEMBERSHIP,
    PERS,
    SEVERAL,
    THING,
    VAGUE,
)
from spmatch.words import Per

_Kind = Literal["all", "group", "elsewhere", "unclear"]


@dataclass(frozen=True, slots=True)
class _Price:
    """One amount as read: for all, for a group (``whom``), for something else, or unclear."""

    kind: _Kind
    sentence: Sentence
    money: Money | None
    amount: float
    per: Per | None = None
    whom: str = ""


_PAST: dict[TextLanguage, re.Pattern[str]] = {
    "da": doubts("da", "past"),
    "en": doubts("en", "past"),
}
_DOUBTED = {
    "da": doubts("da", "future", "passing", "condition", "story"),
    "en": doubts("en", "future", "passing", "condition", "story"),
}
_NAME_OF_ACTIVITY = 4
"""Words before a price in its clause ("Yoga for begyndere 60 kr./gang"); more of them tell a story."""
_BARE = re.compile(
    r"[\s\W\d]*(?:(?:then|so|after that|derefter|herefter|så|only|just|kun|it's|it is"
    r"|det er)\b)?[\s\W\d]*(?:(?:pr\.?"
    r"|per|/) ?(?:person|pers|deltager|head)\W*|a head\W*|pp\W*|each\W*"
    r"|uanset hvad\W*|either way\W*)?"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_COMPANION = re.compile(r"ledsage|hjælper|carer|companion|volunteer|frivillig")
"""Those who come to help: whether theirs is a reduction of the price is open."""
_WHICH = re.compile(r"\s*(?:der|som|which|that|og som) (?:kun )?(?:koster|kostede|costs?)\b")
_OR = re.compile(r"\b(?:or|eller|alternativt|alternatively)\b")
_CASH = re.compile(r"\bcash or card\b|\bcard or cash\b|\bkort eller kontant\w*")
_OUTSIDE = {
    "da": re.compile(
        r"\b(?:rabat\w*|halv pris|halvdelen|halve|halv takst|betaler (?:ikke|intet|mindre)"
        r"|slipper)\b"
    ),
    "en": re.compile(
        r"\b(?:discount\w*|half[- ]price|reduced|pay nothing|pay (?:less|half|what)|don't pay"
        r"|reductions?)\b"
    ),
}
"""A reduction without its amount: what others pay is then not all that is said."""


def price_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """What taking part costs; at most one fact."""
    read: list[_Price] = []
    for place, sentence in enumerate(sentences):
        if not holds_digit(sentence.folded) and not may_be_free(sentence.folded, language):
            continue
        ahead = sentences[place - 1].folded if place else ""
        for price in _prices_in(sentence, ahead, language):
            if price.kind == "unclear":
                return
            read.append(price)
    plain = [price for price in read if price.kind == "all"]
    groups = [price for price in read if price.kind == "group"]
    if not plain:
        return
    # "Members pay 30 kr. each time, all others 50 kr.": the period is said once.
    pers = {price.per for price in read if price.kind in ("all", "group") and price.per}
    stated = {(price.amount, price.money.currency if price.money else None) for price in plain}
    if len(stated) != 1 or len(pers) > 1:
        return
    amount, currency = stated.pop()
    lower = [
        one
        for one in groups
        if one.amount < amount
        and (one.money is None or one.money.currency == currency)
        and (one.per is None or not pers or one.per in pers)
    ]
    if len(lower) != len(groups) or len({one.whom for one in lower}) != len(lower):
        return
    cost = Cost(
        amount=amount,
        currency=currency,
        per=next(iter(pers), None),
        concessions=tuple(Concession(for_whom=one.whom, amount=one.amount) for one in lower),
    )
    yield Fact("cost", cost, _quote([*plain, *lower]))


def _quote(prices: Sequence[_Price]) -> str:
    """The sentences of all the prices where they stand side by side, else that of the first."""
    first = min(prices, key=lambda one: one.sentence.start).sentence
    last = max(prices, key=lambda one: one.sentence.start).sentence
    together = first.whole[first.start : last.end].strip()
    if len(together) <= QUOTE_AT_MOST and "\n" not in together:
        return together
    main = prices[0]
    at = main.money
    return main.sentence.quote(at.start, at.end) if at else main.sentence.quote()


def _prices_in(sentence: Sentence, before: str, language: TextLanguage) -> Iterator[_Price]:
    folded = sentence.folded
    amounts = list(amounts_in(folded))
    if amounts and _PAST[language].search(folded):
        return
    taken = tuple((money.start, money.end) for money in amounts)
    if amounts and (
        CONDITION[language].search(folded)
        or _OUTSIDE[language].search(folded)
        or _DOUBTED[language].search(folded)
        or loose_numbers(folded, language, taken, amounts[0].end)
    ):
        yield _Price("unclear", sentence, None, 0.0)
        return
    for place, money in enumerate(amounts):
        one = _read(sentence, money, before, language)
        between = folded[amounts[place - 1].end : money.start] if place else ""
        # "£4 (single class) or £36 for ten" are two ways to pay.
        if one.kind != "group" and _OR.search(between):
            one = _Price("unclear", sentence, None, 0.0)
        yield one
    for whom, certain in find_free(sentence, language):
        if _PAST[language].search(folded):
            return
        if not certain or (
            whom and (_COMPANION.search(fold(whom)) or not is_whole(sentence, whom))
        ):
            yield _Price("unclear", sentence, None, 0.0)
        elif whom:
            yield _Price("group", sentence, None, 0.0, whom=whom)
        else:
            yield _Price("all", sentence, None, 0.0)


def _read(sentence: Sentence, money: Money, before: str, language: TextLanguage) -> _Price:
    """What one amount is the price of; ``before`` is the sentence ahead, for an amount on its own."""
    left, right = money.left, _CASH.sub("", INCLUDED[language].sub("", money.right))
    scope = f"{left} \u00a4 {right}"
    told = money.before if money.before.strip() or left.strip() else before

    def price(kind: _Kind, per: Per | None = None, whom: str = "") -> _Price:
        return _Price(kind, sentence, money, money.amount, per, whom)

    if MEMBERSHIP[language].search(scope) or MEMBERSHIP[language].search(money.before):
        return price("unclear")
    payer = payer_in(left, right, sentence, money.start, money.end, language)
    # "£20 a month, or £14 for students": the word before a reduced price is no second price for all.
    vague = f"{re.sub(r'^(?: ?or| ?eller) ', ' ', left) if payer != NO_PAYER else left}"
    if (
        VAGUE[language].search(vague)
        or FLOOR.search(vague)
        or VAGUE[language].search(re.sub(r"[,\s]*(?:or|eller)\s*$", "", right))
    ):
        thing = THING[language].search(scope)
        return price("elsewhere" if thing else "unclear")
    if THING[language].search(scope):
        return price("elsewhere")
    if _WHICH.match(left) or not money.exact or DEAL[language].search(sentence.folded):
        return price("unclear")
    pers = [per for per, pattern in PERS[language] if pattern.search(scope)]
    if len(pers) > 1 or not _is_known(scope, payer, language):
        return price("unclear")
    per = pers[0] if pers else None
    if (payer == NO_PAYER and group_at(scope, language)) or _COMPANION.search(fold(payer)):
        return price("unclear")
    if payer not in (NO_PAYER, EVERYONE_ELSE):
        if not is_whole(sentence, payer):
            return price("unclear")
        return price("group", per, payer)
    if payer == EVERYONE_ELSE:
        return price("all", per)
    bare = _BARE.fullmatch(left) and _BARE.fullmatch(right)
    if bare and THING[language].search(told):
        return price("elsewhere" if told is money.before else "unclear")
    if per is None and EACH_TIME[language].search(sentence.folded):
        per = "session"
    if per is None and (COURSE[language].search(left) or SEVERAL[language].search(sentence.folded)):
        return price("unclear")
    occasion = (
        does(told, language)
        or any(True for _ in spans_in(told, language))
        or group_at(sentence.folded, language) is not None
    )
    named = per and len(left.split()) <= _NAME_OF_ACTIVITY
    if named or ASKED[language].search(scope) or (bare and occasion):
        return price("all", per)
    return price("unclear")


def _is_known(scope: str, payer: str, language: TextLanguage) -> bool:
    """Whether the clause of a price has no word but those of prices, payers and activities."""
    known = KNOWN[language] | {*_WORD.findall(fold(payer))}
    return all(word in known or is_activity(word, language) for word in _WORD.findall(scope))
