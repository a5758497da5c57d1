"""What it costs, out of prose: one price for everyone, lower ones for named groups, or free.

Every amount of a text must be understood: one that is not, or two for the same people, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from spmatch.activity import Concession, Cost
from spmatch.prose.fact import Fact
from spmatch.prose.free import CONDITION, find_free
from spmatch.prose.money import Money, amounts_in
from spmatch.prose.passages import QUOTE_AT_MOST, Sentence, TextLanguage
from spmatch.prose.payers import EVERYONE_ELSE, NO_PAYER, payer_in
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


_PAST = {
    "da": re.compile(r"\b(?:tidligere|sidste år|i fjor|kostede|var|før i tiden|plejede)\b"),
    "en": re.compile(r"\b(?:last year|used to|was|were|charged|previously|formerly|costed)\b"),
}
# A floor, a ceiling, a guess, a gift, a reduction, or a price that depends on something.
_VAGUE = {
    "da": re.compile(
        r"\b(?:stiger|hæves|sættes|bliver|nytår|næste år|til januar|mangler|normalt|ca"
        r"|cirka|omkring|op til|max|maks|højst|mindst|minimum|typisk|normalt"
        r"|gennemsnit\w*|donation\w*|frivilligt?"
        r"|afhæng\w*|indkomst\w*|indtægt\w*|varierer|tilskud|rabat\w*|spar|halv pris"
        r"|halvdelen|efter evne|lyst og evne|som regel"
        r"|hvis|såfremt|når du|i timen|pr\.? time|per time|halvår\w*|sæson\w*|semester"
        r"|forventet|måske|cirkapris|vi betaler|du får|bidrag|støtte\w*"
        r"|pr\.? (?:par|familie|husstand|gruppe|bord|hold|barn|dag|kilometer|km|stk"
        r"|styk)|hel \w+|alternativt|eller)\b"
        r"|\bfra (?:kun )?(?:kr\.? ?)?$"
    ),
    "en": re.compile(
        r"\b(?:going up|goes up|next year|will be|from (?:january|april|september|may"
        r"|june)|about|around|approx\w*|up to|roughly|at least|minimum|maximum|usually"
        r"|typically|normally|average|donat\w*"
        r"|we pay|you (?:get|earn|win)|we pay|you (?:get|earn|win)|suggested|voluntary"
        r"|contribut\w*|depend\w*|income|var(?:y|ies|ying)|sliding"
        r"|discount\w*|save|saving|off|half price"
        r"|if|when you|an hour|per hour|/hour|hourly|per term|a term|term|season"
        r"|semester|expected|perhaps|means|either"
        r"|per (?:couple|family|household|table|team|child|day|mile|item)|afford"
        r"|estimated|instead of|circa|or|for all (?:two|three|four|five|six|seven"
        r"|eight|nine|ten)(?= *$))\b"
        r"|\b(?:from|under|over) (?:just |only )?[£$€]?$"
    ),
}
# What else has a price. A membership also leaves open what taking part costs.
_MEMBERSHIP = {
    "da": re.compile(
        r"\b(?:medlemskab\w*|blive medlem|medlem af|kontingent\w*|indmeld\w*|depositum"
        r"|årskort\w*|medlems?gebyr)"
    ),
    "en": re.compile(
        r"\b(?:memberships?|to join (?:costs|is)|(?:become|becoming|to be) a member"
        r"|subscriptions?|joining"
        r"|deposit|dues|annual fee|registration)\b"
    ),
}
_THING = {
    "da": re.compile(
        r"\b(?:kaffe|kage|kager|the|te|brød|rundstykke\w*|øl|vin|vand|sodavand\w*"
        r"|frokost\w*|middag|måltid\w*|menu\w*|mad|maden|suppe\w*"
        r"|buffet\w*|smørrebrød|forplejning|fortæring|traktement|materiale\w*"
        r"|råvare\w*|garn|ler|bog|bogen|bøger|hæfte\w*|noder|udstyr\w*|leje\w*"
        r"|lån|låne|nøgle\w*|billet\w*|trøje\w*|t-shirt\w*|tøj|parkering\w*|bus\w*"
        r"|transport\w*|kørsel|værdi\w*|gave\w*|gavekort|præmie\w*"
        r"|gevinst\w*|indsaml\w*|bøde\w*|løn|timeløn|klip\w*|turskort|\d+-turskort"
        r"|\d+-turs\w*|sæsonkort|dagkort|lodseddel\w*|lodder|plade\w*"
        r"|bankoplade\w*|print|kopi\w*|kaffekasse\w*|kasse\w*|snacks?|is|slik|pizza"
        r"|håndklæde\w*|instrument\w*|kursusbog|sang\w*bog|omsætning"
        r"|legat\w*|fond\w*|budget\w*|tur til|udflugt\w*|museum\w*|koncert\w*"
        r"|biograf\w*|svømmehal\w*|fest|julefrokost|rejse|ekskursion|turen til|gebyr"
        r"|overskud\w*)(?:n|en|et|r|er|ne|erne|s)?\b"
    ),
    "en": re.compile(
        r"\b(?:application|intake|administrati\w+|processing|permits?|coffee|tea|teas"
        r"|cakes?|lunch\w*|dinner|meals?|food|snacks?|drinks?"
        r"|breakfast|soup|biscuits?|materials?|ingredients?|kits?|yarn|clay"
        r"|books?|equipment|hire|rental|tickets?|shirts?|parking|bus|fares?|taxi"
        r"|transport|travel|insurance|prizes?|raffle|raised|raise|grants?|worth"
        r"|value|vouchers?|reward|fine|fines|lockers?|pass|passes|keys?|bingo cards?"
        r"|wage|salary|budget|fund|funding|loans?|sandwich\w*|refreshments?"
        r"|trips?|party|christmas|holiday|outings?|concert|matinee|film|museum|pool"
        r"|petrol|mileage|towels?|racket|shoes?|supplies|textbook|cards?|pints?|beer"
        r"|wine|gift"
        r"|per mile|bags?|photocop\w*|printing|certificate|dbs|costumes?|uniform"
        r"|snacks|block of|for (?:10|ten|6|six|5|five) (?:classes|sessions))\b"
    ),
}
_INCLUDED = {
    "da": re.compile(r"\b(?:inkl\w*|(?<!være )med (?!til\b))\b.*$", re.DOTALL),
    "en": re.compile(r"\b(?:incl\w*|with)\b.*$", re.DOTALL),
}
_ASKED = {
    "da": re.compile(
        r"\b(?:(?:deltager|kursus)?pris\w*|kost(?:er|e)|entré|entre|deltagergebyr\w*"
        r"|deltagerbetaling\w*"
        r"|egenbetaling\w*|deltagelse|betal\w*|at (?:deltage|være med)|i døren"
        r"|ved indgangen|pr\.? pers\w*|per person|pr\.? deltager)\b"
    ),
    "en": re.compile(
        r"\b(?:price[sd]?|costs?|fees?|charges?|admission|entry|entrance|pay|pays|subs"
        r"|on the door|at the door|per person|per head|pp|each|to (?:join|attend)"
        r")\b"
    ),
}
_PERS: dict[TextLanguage, tuple[tuple[Per, re.Pattern[str]], ...]] = {
    "da": (
        (
            "session",
            re.compile(
                r"(?:(?:/|\bpr\.?|\bper|\bhver|\bfor hver) ?(?:gang(?:en)?|mødegang"
                r"|aften|besøg|lektion|træning|møde|session|fremmøde"
                r"|undervisningsgang)"
                r"|\b(?:ad gangen|gangen))\b"
            ),
        ),
        ("week", re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhver) ?uge|\bom ugen|\bugentligt?)\b")),
        (
            "month",
            re.compile(
                r"(?:(?:/|\bpr\.?|\bper|\bhver) ?(?:måned|md|mdr|mnd)|\bom måneden"
                r"|\bmånedligt?|\bi måneden)\b"
            ),
        ),
        (
            "quarter",
            re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhvert) ?kvartal|\bi kvartalet|\bkvartals\w+)\b"),
        ),
        ("year", re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhvert) ?år|\bom året|\bårligt?)\b")),
        (
            "once",
            re.compile(
                r"\b(?:for (?:hele )?(?:forløbet|kurset|kursusforløbet|rækken)"
                r"|for (?:de |alle )?(?:\d{1,2}|to|tre|fire|fem|seks|syv|otte|ni|ti"
                r"|tolv) "
                r"(?:gange|aftener|lektioner|mødegange|undervisningsgange|uger)"
                r"|for alle gange(?:ne)?|\d{1,2} gange koster|engangsbeløb|i alt)\b"
            ),
        ),
    ),
    "en": (
        (
            "session",
            re.compile(
                r"(?:(?:/|\bper|\ba|\beach|\bevery|\bfor each) ?(?:session|class|visit"
                r"|lesson|time|meeting|evening|workshop|go)"
                r"|\b(?:sessions|classes|lessons|workshops|meetings) (?:cost|are"
                r"|is)(?: just| only)?|\beach (?:session|class) (?:costs?|is))\b"
            ),
        ),
        ("week", re.compile(r"(?:(?:/|\bper|\ba|\beach|\bevery) ?(?:week|wk)|\bweekly|\bpw)\b")),
        ("month", re.compile(r"(?:(?:/|\bper|\ba|\beach|\bevery) ?(?:month|mth)|\bmonthly)\b")),
        ("quarter", re.compile(r"(?:(?:/|\bper|\ba) ?quarter|\bquarterly)\b")),
        (
            "year",
            re.compile(r"(?:(?:/|\bper|\ba|\beach) ?(?:year|yr|annum)|\byearly|\bannual(?:ly)?)\b"),
        ),
        (
            "once",
            re.compile(
                r"\bfor (?:the |a |all |this )?(?:whole |full |entire )?(?:(?:\d{1,2}"
                r"|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -])?"
                r"(?:weeks?|week|session|day|sessions)?[ -]?(?:course|programme"
                r"|program|series)\b|\bfor (?:all |the )?"
                r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve"
                r"|\d{1,2}) (?:weeks|sessions|classes|weekly sessions)\b|\bone-off\b"
            ),
        ),
    ),
}
_COURSE = {
    "da": re.compile(r"\b(?:kurset|kursus|forløbet|workshoppen|rækken|foredragsrækken)\b"),
    "en": re.compile(r"\b(?:course|programme|program|series)\b"),
}
# Elsewhere in the sentence: "30 kr., som betales hver gang"; "8 gange, 640 kr." is for all of them.
_EACH_TIME = {
    "da": re.compile(r"\b(?:hver|pr\.?|per) gang\b"),
    "en": re.compile(r"\b(?:each time|every time|per session|each session)\b"),
}
_SEVERAL = {
    "da": re.compile(
        r"\b(?:\d+|to|tre|fire|fem|seks|syv|otte|ni|ti) (?:gange|mødegange|aftener"
        r"|lektioner|uger)\b"
    ),
    "en": re.compile(
        r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten)[ -](?:weeks?|sessions"
        r"|classes|lessons)\b"
    ),
}
_NAME_OF_ACTIVITY = 3
"""Words before a price in its clause ("Yoga for begyndere 60 kr./gang"); more of them tell a story."""
_BARE = re.compile(
    r"[\s\W\d]*(?:(?:then|so|after that|derefter|herefter|så|only|just|kun|it's|it is"
    r"|det er)\b)?[\s\W\d]*(?:(?:pr\.?"
    r"|per|/) ?(?:person|pers|deltager|head)\W*|a head\W*|pp\W*|each\W*)?"
)


def price_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """What taking part costs; at most one fact."""
    read: list[_Price] = []
    for sentence in sentences:
        for price in _prices_in(sentence, language):
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


def _prices_in(sentence: Sentence, language: TextLanguage) -> Iterator[_Price]:
    folded = sentence.folded
    past = None
    for money in amounts_in(folded):
        past = past or bool(_PAST[language].search(folded))
        if past:
            return
        yield _read(sentence, money, language)
    for whom, certain in find_free(sentence, language):
        if _PAST[language].search(folded):
            return
        if not certain:
            yield _Price("unclear", sentence, None, 0.0)
        elif whom:
            yield _Price("group", sentence, None, 0.0, whom=whom)
        else:
            yield _Price("all", sentence, None, 0.0)


def _read(sentence: Sentence, money: Money, language: TextLanguage) -> _Price:
    """What one amount is the price of."""
    left, right = money.left, _INCLUDED[language].sub("", money.right)
    scope = f"{left} \u00a4 {right}"

    def price(kind: _Kind, per: Per | None = None, whom: str = "") -> _Price:
        return _Price(kind, sentence, money, money.amount, per, whom)

    if CONDITION[language].search(sentence.folded):
        return price("unclear")
    if _MEMBERSHIP[language].search(scope) or _MEMBERSHIP[language].search(money.before):
        return price("unclear")
    payer = payer_in(left, right, sentence, money.start, money.end, language)
    # "£20 a month, or £14 for students": the word before a reduced price is no second price for all.
    vague = f"{re.sub(r'^(?: ?or| ?eller) ', ' ', left) if payer != NO_PAYER else left}"
    if _VAGUE[language].search(vague) or _VAGUE[language].search(
        re.sub(r"[,\s]*(?:or|eller)\s*$", "", right)
    ):
        thing = _THING[language].search(scope)
        return price("elsewhere" if thing else "unclear")
    if _THING[language].search(scope):
        return price("elsewhere")
    if not money.exact:
        return price("unclear")
    per = next((per for per, pattern in _PERS[language] if pattern.search(scope)), None)
    if payer not in (NO_PAYER, EVERYONE_ELSE):
        return price("group", per, payer)
    if payer == EVERYONE_ELSE:
        return price("all", per)
    bare = _BARE.fullmatch(left) and _BARE.fullmatch(right)
    if bare and _THING[language].search(money.before):
        return price("elsewhere")
    if per is None and _EACH_TIME[language].search(sentence.folded):
        per = "session"
    if per is None and (
        _COURSE[language].search(left) or _SEVERAL[language].search(sentence.folded)
    ):
        return price("unclear")
    named = per and len(left.split()) <= _NAME_OF_ACTIVITY
    if named or bare or _ASKED[language].search(scope):
        return price("all", per)
    return price("unclear")
