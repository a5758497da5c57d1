"""Ages out of prose: whom an activity is for, not who leads it, comes along or pays less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from spmatch.activity import Ages
from spmatch.prose.activities import does
from spmatch.prose.doubts import doubts
from spmatch.prose.fact import Fact
from spmatch.prose.numbers import loose_numbers
from spmatch.prose.passages import Sentence, TextLanguage, holds_any, holds_digit

OLDEST = 110
WIDEST = 65
"""Years between two ages, at most, that are a limit and not a figure of speech."""

_AGE = r"(?<![\d.,:/+£$€-])(?<!kl )(?<!kl\. )(?P<{}>\d{{1,3}})(?![\d/]|[.,:]\d)"
_AFTER_WORD = r"(?P<{}>\d{{1,3}})(?![\d/]|[.,:]\d)"
_OVER, _UNDER = (_AFTER_WORD.format(name) for name in ("min", "below"))
_LOW, _MIN, _BELOW, _MAX = (_AGE.format(name) for name in ("low", "min", "below", "max"))
_HIGH = r"(?P<high>\d{1,3})(?![\d/]|[.,:]\d)"
_ENDS_HERE = (
    r"(?=\s*$|[.,;:!?)]|\s-|\s(?:og|and|who|with|living|in|from|only|please|som|der|med|new"
    r"|fra|kan|can|are|er|is|welcome|to|til|i|på)\b)"
)
_UP_DA = r"(?:opefter|op\b|derover|over|ældre)"
_UP_EN = r"(?:over|older|above|up(?:wards?)?|upwards)"
_YEARS = r"(?: ?(?:yrs?|years?)(?:[ -]olds?| of age)?)"

_PATTERNS: dict[TextLanguage, tuple[re.Pattern[str], ...]] = {
    "da": (
        re.compile(rf"{_LOW}\s?(?:-|til|og)\s?{_HIGH}[- ]?(?:årige?|års(?=[ -]?alder)|år)\b"),
        re.compile(
            rf"\b(?:(?:for|til|dig|jer|unge|voksne|mænd|kvinder|borgere|personer|alle"
            rf"|folk|er|du) (?:mellem|ml\.?|imellem)|i alderen|alder:?|aldersgruppen) "
            rf"{_LOW} ?(?:og|-|til) ?{_HIGH}(?: år)?{_ENDS_HERE}"
        ),
        re.compile(rf"\((?:alder:? )?{_LOW}-{_HIGH}(?: år)?\)"),
        re.compile(rf"{_MIN}(?: år)? ?\+(?! ?\d)"),
        re.compile(r"(?<![\w+])\+ ?(?P<min>\d{2})(?! ?\d)\b"),
        re.compile(
            rf"\b(?:over|fyldt|mindst|minimum|min\.?"
            rf"|fra) (?:de )?{_MIN} år\b(?: og {_UP_DA})?"
        ),
        re.compile(rf"\b(?:over|fyldt|rundet) (?:de )?{_MIN}{_ENDS_HERE}"),
        re.compile(
            rf"\b(?:nedre |minimums)?aldersgrænsen?:?(?: er)? {_MIN}\b(?! ?(?:-|til))(?: år)?"
        ),
        re.compile(rf"{_MIN} (?:år )?(?:og|eller) {_UP_DA}"),
        re.compile(rf"\bunder {_BELOW}(?: år\b|{_ENDS_HERE})"),
        re.compile(rf"\b(?:op til|højst|maks\.?|til og med) {_MAX} år\b"),
    ),
    "en": (
        re.compile(
            rf"\b(?:aged?:?|ages:?|between(?: the ages of)?|age range:?|age group:?|teens|youth"
            rf"|the ages of) (?:from |between )?{_LOW} ?(?:-|to|and|through"
            rf"|until) ?{_HIGH}\b"
        ),
        re.compile(
            rf"{_LOW} ?(?:-|to) ?{_HIGH}[- ]?(?:year[- ]?olds?|yrs?(?: olds?)?"
            rf"|years?(?: old| of age)?|yos?)\b"
        ),
        re.compile(rf"\b(?:for|to|aged) {_LOW} ?(?:-|to) ?{_HIGH}s\b"),
        re.compile(rf"\({_LOW}-{_HIGH}(?: ?(?:yrs?|years))?\)"),
        re.compile(
            rf"\b(?:women|men|adults|boys|girls|people) {_LOW} ?- ?{_HIGH}(?= welcome|[.,]|$)"
        ),
        re.compile(rf"{_MIN}(?: ?(?:yrs?|years))?(?: ?\+| plus\b)(?! ?\d)"),
        re.compile(rf"\bover[- ]?(?:the age of |the )?{_OVER}(?:'?s\b|{_ENDS_HERE})"),
        re.compile(rf"\bturned {_OVER}{_ENDS_HERE}"),
        re.compile(rf"{_MIN}(?:{_YEARS}|s)?,? (?:and|or|&) {_UP_EN}\b"),
        re.compile(rf"\bfrom {_MIN}{_YEARS} {_UP_EN}\b"),
        re.compile(rf"{_MIN} or more years\b"),
        re.compile(
            rf"\b(?:must be|minimum age:?(?: is)?|at least|from age|from the age of|have to be) "
            rf"(?:aged )?{_MIN}\b(?! (?:people|weeks|days|hours|minutes))"
        ),
        re.compile(rf"\bunder[- ]?(?:the age of )?{_UNDER}(?:'?s\b|{_ENDS_HERE})"),
        re.compile(rf"\b(?:up to (?:the )?age(?: of)?|no older than) {_MAX}\b"),
    ),
}
_WHOM = {
    "da": re.compile(
        r"\b(?:for|til|målgruppe\w*|\w*alder\w*|henvender|velkom\w*|skal være|skal du|du skal"
        r"|skal du være|være med|deltag\w*|mænd|kvinder|damer|herrer|unge|voksne"
        r"|senior\w*|er du|ung|ældre|\w*piger?|\w*drenge"
        r"|borgere|pensionister|åben\w*|målrettet|alle|dig|årige|folk)\b|^\W*(?:fra "
        r"|min\.? |mindst |over |højst )?\+?\d|\b\w*(?:piger|pige|drenge)\w*\b"
    ),
    "en": re.compile(
        r"\b(?:for|aged?|ages|open to|welcome\w*|must be|have to be|join|adults|men|men's|women"
        r"|women's|people|anyone|everyone|seniors?|young|youth|only|aimed|minimum|teens"
        r"|club|group|class|singles|older|over-?\d+s|residents|participants|are you|fancy)\b"
        r"|^\W*(?:over |from )?\d"
    ),
}
# Who leads, who comes along, who pays less, how long it has been so, who happens to come, what is watched.
_NOT_WHOM = {
    "da": doubts(
        "da",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "rough",
        asked=False,
        extra=r"kørsel\w*|kørslen|pårørende til|ledes|ledet|ledere?n?|undervises|børnebørn\w*"
        r"|\w*forældre\w*|mødre|fædre|mor|far|baby\w*|småbørn\w*|med børn|jeres børn|dine børn"
        r"|siden"
        r"|erfaring\w*|fylder|fyldte|eksisteret|kr|kroner|gratis|pris\w*|rabat\w*|billigere"
        r"|følge\w*"
        r"|ledsag\w*|\w*instruktør\w*|\w*leder\w*|træner|underviser\w*|formand\w*|dirigent\w*"
        r"|band\w*"
        r"|frivillige|bedst|vi er(?! åbne?)|de fleste|mange|nogle|ældste|yngste|mest|betaler"
        r"|entré|halv"
        r"|tilladelse|samtykke|i \d+ år|gennem|pladser|dog|medlemmer er|besøgsvenner er|stk"
        r"|km|kilometer|minutter|deltagere er|som regel|mens|imens|samtidig\w*|legehjørne\w*"
        r"|pasning\w*|ikke"
        r"|undtag\w*|ingen|film\w*|tilladt|musik\w*|hits|sange|klasse\w*|størrelse|grader"
        r"|hold på|øl|alkohol"
        r"|kørekort|børn skal|forbudt|\w*attest\w*|skal have|adgang forbudt|selskab af|naboer?"
        r"|plads til",
    ),
    "en": doubts(
        "en",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "rough",
        asked=False,
        extra=r"parents?|of people|of those|led by|run by|bring|mums?|dads?|moms?|mothers?"
        r"|fathers?|baby"
        r"|babies|toddlers?|little ones|grand\w+|accompan\w+|with an adult|with their|free"
        r"|donat\w*|fees?|price\w*|pays?"
        r"|paying|concession\w*|discount\w*|half|experience|since|ago|turns|celebrat\w+|leader\w*"
        r"|instructor\w*|teacher\w*|tutor\w*|coach\w*|(?<!age )is \d+|of us|many|oldest|youngest"
        r"|consent"
        r"|permission|supervis\w*|priority|especially|just|not|n't|minutes|there are|we have"
        r"|we are|we're|(?<!for )members aged|for over \d+ years|running|costs?|tickets?|entry"
        r"|members are|band|played|hits|music"
        r"|songs|range from|families|family|volunteers?|children of|but|alongside|while"
        r"|cr[eè]che|corner"
        r"|film|movie|rated|grade|grades|key stage|school years?|size|licen[cs]e|alcohol|bar"
        r"|drivers?"
        r"|staff|carers of|half-price|per|a team of|years of experience|excluding|except",
    ),
}
_MONEY = re.compile(r"[£$€]|\d,-|\d ?kr\b")
_LOWEST_NAMED = re.compile(r"\bno older than\b|\bno under[- ]|\bikke kun\b|\bnot just\b")
# By whom, with whom, among whom: the nearest word before an age says what part these people have.
_GOVERNED = {
    "da": re.compile(
        r"\b(?:af|med|hos|blandt|mod|fra)\b(?:(?! (?:for|til|dig)\b)[^.,;:!?()]){0,40}$"
    ),
    "en": re.compile(r"\b(?:by|with|among|against|of)\b(?:(?! (?:for|to)\b)[^.,;:!?()]){0,40}$"),
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
_HEADING = re.compile(r"\s*(?:[^\W\d]+\s){0,3}\d+ ?\+(?=\s*(?:$|på|i|at|in|on)\b|\s*$)")
"""A few words and an age, as titles have it: "Yoga 60+"."""
_COUNTED = {
    "da": re.compile(
        r"^\s*(?:års? |(?!(?:hver|er|her|eller|efter|under|damer|herrer|kvinder)\b)\w+er\b|hold"
        r"|deltagere|%|km|kr)"
    ),
    "en": re.compile(
        r"^\s*(?:years? of|year history|(?!(?:singles|adults|seniors|ladies|\w+days|is"
        r"|sessions)\b)\w+[^s\W]s\b"
        r"|%|people|members)"
    ),
}
_LETTERS: dict[TextLanguage, tuple[str, ...]] = {
    "da": tuple("år + alder mellem ml over under fyldt rundet ældre (".split()),
    "en": tuple(
        "age yr year yo + plus over under older up must have least teens turned between for"
        " people men (".split()
    ),
}
"""Letters of which every sentence with an age has some."""


def age_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """Whom the sentences say that it is for, by age; nothing where they say two things."""
    found: list[tuple[Ages, Sentence, int, int]] = []
    for sentence in sentences:
        if holds_digit(sentence.folded) and holds_any(sentence.folded, _LETTERS[language]):
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
            if not _is_limit(sentence, clause, match, language):
                continue
            if ages := _ages_of(match.groupdict()):
                yield ages, sentence, start, end


def _is_limit(
    sentence: Sentence, clause: str, match: re.Match[str], language: TextLanguage
) -> bool:
    """Whether an age is that of those for whom it is, by the words of its clause and sentence."""
    folded, (start, end) = sentence.folded, match.span()
    plus = match[0].endswith(("+", "plus"))
    heading = plus and _HEADING.match(clause)
    # "Youth choir (14-19)" is a name with its ages.
    named = folded[:start].endswith("(") and does(clause, language)
    if not (heading or named or _WHOM[language].search(clause)):
        return False
    if _MONEY.search(clause) or _NOT_WHOM[language].search(_LOWEST_NAMED.sub("", clause)):
        return False
    governed = _GOVERNED[language].search(folded[:start])
    if governed and not match[0].startswith(("fra", "med")) and "alder" not in governed[0]:
        return False
    if plus and _COUNTED[language].search(folded[end : end + 30]):
        return False
    if _ALONG[language].search(folded):
        return False
    if _IF[language].search(clause) and _REDUCED[language].search(folded):
        return False
    if match.groupdict().get("below") and not _OF_ALL[language].search(clause):
        return False
    return not loose_numbers(folded, language, (match.span(),))


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
    # "From 8 to 80" is everybody.
    anyone = len(told) == 2 and max(told) - min(told) > WIDEST
    return None if adult_alone or anyone or max(told) > OLDEST or ages.min == ages.max else ages
