"""Ages out of prose: whom an activity is for, not who leads it, comes along or pays less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from spmatch.activity import Ages
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage, holds_digit

OLDEST = 110

_AGE = r"(?<![\d.,:/+£$€-])(?<!kl )(?<!kl\. )(?P<{}>\d{{1,3}})(?![\d/]|[.,:]\d)"
_AFTER_WORD = r"(?P<{}>\d{{1,3}})(?![\d/]|[.,:]\d)"
_OVER, _UNDER = (_AFTER_WORD.format(name) for name in ("min", "below"))
_LOW, _MIN, _BELOW, _MAX = (_AGE.format(name) for name in ("low", "min", "below", "max"))
_HIGH = r"(?P<high>\d{1,3})(?![\d/]|[.,:]\d)"
_ENDS_HERE = (
    r"(?=\s*$|[.,;:!?)]|\s-|\s(?:og|and|who|with|living|in|from|only|please|som|der|med"
    r"|fra|kan|can|are|er|is|welcome|to|til|i|på)\b)"
)

_PATTERNS: dict[TextLanguage, tuple[re.Pattern[str], ...]] = {
    "da": (
        re.compile(rf"{_LOW}\s?(?:-|til|og)\s?{_HIGH}[- ]?(?:årige?|års(?=[ -]?alder)|år)\b"),
        re.compile(
            rf"\b(?:(?:for|til|dig|jer|unge|voksne|mænd|kvinder|borgere|personer|alle"
            rf"|folk|er) (?:mellem|ml\.?|imellem)|i alderen|alder:?|aldersgruppen) "
            rf"{_LOW} ?(?:og|-|til) ?{_HIGH}(?: år)?{_ENDS_HERE}"
        ),
        re.compile(rf"\((?:alder:? )?{_LOW}-{_HIGH}(?: år)?\)"),
        re.compile(rf"{_MIN}(?: år)? ?\+(?! ?\d)"),
        re.compile(r"(?<![\w+])\+ ?(?P<min>\d{2})(?! ?\d)\b"),
        re.compile(
            rf"\b(?:over|fyldt|mindst|minimum|min\.?"
            rf"|fra) (?:de )?{_MIN} år\b(?: og (?:opefter|op|derover|over|ældre))?"
        ),
        re.compile(rf"\b(?:over|fyldt) (?:de )?{_MIN}{_ENDS_HERE}"),
        re.compile(rf"\baldersgrænsen?:?(?: er)? {_MIN}\b(?! ?(?:-|til))"),
        re.compile(rf"{_MIN} år (?:og|eller) (?:opefter|op\b|derover|over|ældre)"),
        re.compile(rf"\bunder {_BELOW}(?: år\b|{_ENDS_HERE})"),
        re.compile(rf"\b(?:op til|højst|til og med) {_MAX} år\b"),
    ),
    "en": (
        re.compile(
            rf"\b(?:aged?:?|ages:?|between(?: the ages of)?|age range:?|age group:?"
            rf"|the ages of) (?:from |between )?{_LOW} ?(?:-|to|and|through"
            rf"|until) ?{_HIGH}\b"
        ),
        re.compile(
            rf"{_LOW} ?(?:-|to) ?{_HIGH}[- ]?(?:year[- ]?olds?|yrs?(?: olds?)?"
            rf"|years?(?: old| of age)?|yos?)\b"
        ),
        re.compile(rf"\b(?:for|to|aged) {_LOW} ?(?:-|to) ?{_HIGH}s\b"),
        re.compile(rf"\({_LOW}-{_HIGH}(?: ?(?:yrs?|years))?\)"),
        re.compile(rf"{_MIN}(?: ?(?:yrs?|years))? ?\+(?! ?\d)"),
        re.compile(rf"\bover[- ]?(?:the age of |the )?{_OVER}(?:'?s\b|{_ENDS_HERE})"),
        re.compile(
            rf"{_MIN}(?: ?(?:yrs?|years?)(?: old| of age)?)?,? (?:and|or|&) (?:over"
            rf"|older|above|up|upwards)\b"
        ),
        re.compile(
            rf"\b(?:must be|minimum age:?(?: is)?|at least|from age"
            rf"|from the age of) {_MIN}\b(?! (?:people|weeks|days|hours|minutes))"
        ),
        re.compile(rf"\bunder[- ]?(?:the age of )?{_UNDER}(?:'?s\b|{_ENDS_HERE})"),
        re.compile(rf"\b(?:up to (?:the )?age(?: of)?) {_MAX}\b"),
    ),
}
_WHOM = {
    "da": re.compile(
        r"\b(?:for|til|målgruppe\w*|alder\w*|henvender|velkom\w*|skal være"
        r"|skal du være|være med|deltag\w*|mænd|kvinder|damer|herrer|unge|voksne"
        r"|senior\w*"
        r"|borgere|pensionister|åben\w*|målrettet|alle|dig|årige|folk)\b|^\W*(?:fra "
        r"|min\.? |mindst |over )?\+?\d|\b(?:ung|er du|ældre)\b"
    ),
    "en": re.compile(
        r"\b(?:for|aged?|ages|open to|welcome|must be|join|adults|men|men's|women"
        r"|women's|people|anyone|everyone|seniors?|young|youth|only|aimed|minimum"
        r"|club|group|class|singles|older|over-?\d+s|residents|participants|are you)\b"
        r"|^\W*(?:over )?\d"
    ),
}
# Who leads, who comes along, who pays less, how long it has been so, who happens to come.
_NOT_WHOM = {
    "da": re.compile(
        r"\b(?:kørsel\w*|kørslen|pårørende til|ledes|ledet|undervises|børnebørn\w*"
        r"|forældre\w*|mødre|fædre|baby\w*|småbørn\w*|børnebørn\w*|bedsteforældre"
        r"|med børn|siden|erfaring\w*|fylder|fyldte|eksisteret|jubilæum|kr|kroner"
        r"|gratis|pris\w*|rabat\w*|følge\w*|følges|ledsag\w*|instruktør\w*|leder\w*"
        r"|underviser\w*|formand\w*|han|hun|jeg|frivillige|bedst|vi er (?:mellem|fra"
        r"|over|under|\w+ mellem|\d+|\w+ \w+ mellem)|de fleste|mange"
        r"|nogle|ældste|yngste|typisk|primært|hovedsagelig\w*|især|gennemsnit\w*|mest"
        r"|betaler|entré|halv|tilladelse|samtykke|i \d+ år|gennem|pladser|dog|helst"
        r"|medlemmer er|besøgsvenner er|ikke kun|stk|km|kilometer|minutter"
        r"|deltagere er|var|som regel|ofte|omkring|ca)\b"
    ),
    "en": re.compile(
        r"\b(?:parents?|of people|of those|led by|run by|bring|mums?|dads?|baby|babies"
        r"|toddlers?|little ones|grand\w+"
        r"|accompan\w+|with an adult|free|price\w*|pays?|paying|concession\w*"
        r"|discount\w*|half|experience"
        r"|since|ago|anniversary|turned|turns|celebrat\w+|leader\w*|instructor\w*"
        r"|teacher\w*|he|she|i|i'm|my|is \d+|most of us|some of us|many|mostly|mainly"
        r"|usually|typically|average|oldest|youngest|consent|permission|supervis\w*"
        r"|priority|especially|preferably|not just|not only|minutes|miles|there are"
        r"|we have"
        r"|we are|we're|for over \d+ years|running|costs?|tickets?|entry|members are"
        r"|range from|families|family|volunteers?|were|was|children of|around|about"
        r"|but)\b|[£$€]"
    ),
}
# "Those under 25 get another offer" bounds a part of those who come.
_OF_ALL = {
    "da": re.compile(r"\b(?:for|til) (?:\w+ ){0,3}under\b|^\W*(?:\w+ )?under \d+(?: år)?\W*$"),
    "en": re.compile(
        r"\bfor (?:\w+ ){0,3}(?:aged )?under\b|^\W*(?:\w+ )?under[- ]?\d+s?(?: only)?\W*$"
    ),
}
_CLAUSE = re.compile(r",(?! (?:der|som|who) )|[;:!?]| - |\. *$")
# Whose age it is, is open as soon as a child or a companion is named beside.
_ALONG = {
    "da": re.compile(
        r"\b(?:forældre\w*|børnebørn\w*|bedsteforældre\w*|ledsag\w*|følges"
        r"|sammen med en voksen|far|mor)\b"
    ),
    "en": re.compile(
        r"\b(?:parents?|grand(?:child\w*|parents?|kids)|toddlers?|accompan\w+"
        r"|with an adult|their families)\b"
    ),
}
_IF = {"da": re.compile(r"\b(?:er du|hvis du)\b"), "en": re.compile(r"\b(?:if you|are you)\b")}
_REDUCED = {
    "da": re.compile(r"\b(?:rabat|gratis|halv|kr|billigere)\b"),
    "en": re.compile(r"\b(?:discount|free|half|cheaper|concession\w*)\b|[£$€]"),
}
_HEADING = re.compile(r"\s*(?:[^\W\d]+\s){0,3}\d+ ?\+\s*")
"""A few words and an age, as titles have it: "Yoga 60+"."""
_COUNTED = {
    "da": re.compile(r"^\s*(?:års? |\w+er\b|medlemmer|%|km|kr|minutter|personer)(?<!voksne)"),
    "en": re.compile(
        r"^\s*(?:years? of|\w+[^s\W]s\b|%|people|miles|minutes|year history)(?<!singles)"
    ),
}


def age_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """Whom the sentences say that it is for, by age; nothing where they say two things."""
    found: list[tuple[Ages, Sentence, int, int]] = []
    for sentence in sentences:
        if holds_digit(sentence.folded):
            found.extend(_ages_in(sentence, language))
    if found and len({ages for ages, *_ in found}) == 1:
        ages, sentence, start, end = found[0]
        yield Fact("ages", ages, sentence.quote(start, end))


def _ages_in(
    sentence: Sentence, language: TextLanguage
) -> Iterator[tuple[Ages, Sentence, int, int]]:
    folded = sentence.folded
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS[language]:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            pauses = [cut.end() for cut in _CLAUSE.finditer(folded[:start])]
            cut = _CLAUSE.search(folded, end)
            clause = folded[pauses[-1] if pauses else 0 : cut.start() if cut else len(folded)]
            heading = match[0].endswith("+") and _HEADING.fullmatch(clause)
            if not (heading or _WHOM[language].search(clause)) or _NOT_WHOM[language].search(
                clause
            ):
                continue
            if match[0].endswith("+") and _COUNTED[language].search(folded[end : end + 30]):
                continue
            if _ALONG[language].search(folded):
                continue
            if _IF[language].search(clause) and _REDUCED[language].search(folded):
                continue
            if match.groupdict().get("below") and not _OF_ALL[language].search(clause):
                continue
            if ages := _ages_of(match.groupdict()):
                yield ages, sentence, start, end


def _ages_of(said: dict[str, str | None]) -> Ages | None:
    low = said.get("low") or said.get("min")
    high = said.get("high") or said.get("max")
    below = said.get("below")
    try:
        ages = Ages(
            min=int(low) if low else None,
            max=int(high) if high else int(below) - 1 if below else None,
        )
    except ValidationError:
        return None
    told = [age for age in (ages.min, ages.max) if age is not None]
    adult_alone = len(told) == 1 and told[0] < 10
    return None if adult_alone or max(told) > OLDEST or ages.min == ages.max else ages
