"""How one takes part, out of prose: online, by telephone, at home, or in the room and online."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import agreed, read_statements, rule
from spmatch.words import Delivery

_MEETS_EN = (
    r"(?:held|meets?|meeting|runs?|running|takes? place|delivered|gather|join(?: us)?"
    r"|happens?|together|chat)"
)
_GROUP_EN = (
    r"(?:groups?|class(?:es)?|chats?|sessions?|courses?|meetings?|workshops?|choir"
    r"|quiz(?:zes)?|caf[eé]|book club|meet-?ups?|yoga"
    r"|singing|bingo|support group|peer support|reading group|discussion"
    r"|coffee morning|webinars?|programme)"
)
_MEETS_DA = (
    r"(?:mødes|foregår|holdes|afholdes|afvikles|samles|ses|synger|træner|taler|deltag\w*"
    r"|undervises|finder sted)"
)
_GROUP_DA = (
    r"(?:gruppe[nr]?|hold(?:et)?|kursus|kurset|forløb(?:et)?|møde[rt]?|café(?:en)?"
    r"|cafe(?:en)?|samtale(?:r|gruppe\w*)?|træning(?:en)?"
    r"|netværk(?:et)?|fællesskab(?:et)?|læsekreds(?:en)?|webinar(?:er|et)?|kor(?:et)?"
    r"|aften(?:er)?|yoga|foredrag|quiz|undervisning(?:en)?)"
)
_ON_EN = (
    r"(?:(?:on|over|via|through|by|using) (?:zoom|skype|(?:microsoft |ms )?teams"
    r"|google meet)(?! lens)|online|virtually)"
)
_ON_DA = (
    r"(?:(?:på|over|via|gennem|med) (?:zoom|skype|(?:microsoft |ms )?teams"
    r"|google meet)(?!-?linse)|online|virtuelt|digitalt)"
)
_HALL_EN = (
    r"(?:in person|in-person|face to face|face-to-face|in the (?:room|hall|library|centre"
    r"|center)|at the (?:hall|library|centre|center))"
)
_HALL_DA = (
    r"(?:fysisk|fremmøde|i (?:lokalet|salen|huset|sognegården|sundhedshuset|kirken)"
    r"|på (?:biblioteket|stedet|adressen))"
)


def _or(here: str, there: str, between: str) -> str:
    return rf"{here}[^.;!?]{{0,40}}\b(?:{between})\b[^.;!?]{{0,40}}{there}"


_DANISH = (
    rule(
        "delivery",
        "online",
        "zoom|teams|skype|meet",
        r"(?:på|over|via) (?:zoom|skype|(?:microsoft |ms )?teams|google meet)(?!-?linse)",
    ),
    rule("delivery", "online", "online|virtuel|digital", rf"{_MEETS_DA}[^.;,!?]{{0,30}}\b{_ON_DA}"),
    rule("delivery", "online", "online|virtuel", rf"(?:online|virtuel[lt]?e?)[ -]?{_GROUP_DA}"),
    rule(
        "delivery",
        "online",
        "online",
        rf"{_GROUP_DA} (?:er |foregår |kører |er kun )?(?:helt )?online",
    ),
    rule(
        "delivery",
        "phone",
        "telefon|ringer",
        r"(?:snak|samtale|samtaler|samtalerne foregår|foregår|café|fællesskab|gruppe"
        r"|mødes|taler sammen"
        r"|rådgivning) (?:over|i|på|pr\.?|via) telefon(?:en)?|telefonfællesskab"
        r"|(?:en frivillig|vi|en ven) ringer (?:dig op|til dig) (?:en gang|hver"
        r"|et par gange|to gange|\d gange)",
    ),
    rule(
        "delivery",
        "home_visit",
        "hjem",
        r"(?:kommer|besøger dig|kommer ud"
        r"|kommer på besøg)(?: \w+){0,3} (?:hjem til dig|hjemme hos dig"
        r"|i dit (?:eget )?hjem|derhjemme|hjemme)"
        r"|besøg(?:er)? (?:dig )?(?:i dit eget hjem|hjemme hos dig)"
        r"|foregår (?:hjemme hos dig|i dit (?:eget )?hjem)",
    ),
    rule(
        "delivery",
        "hybrid",
        "online|zoom|teams|hybrid|skærm",
        r"(?:som )?hybrid(?:hold|møde|t)?|"
        + _or(_HALL_DA, r"(?:online|zoom|teams|skærm)", "eller|og|samt|såvel som")
        + "|"
        + _or(r"(?:online|zoom|teams)", _HALL_DA, "eller|og|samt|såvel som"),
    ),
)
_ENGLISH = (
    rule(
        "delivery",
        "online",
        "zoom|teams|skype|google meet",
        r"(?:on|over|via|through|by|using) (?:zoom|skype|(?:microsoft |ms )?teams"
        r"|google meet)(?! lens)",
    ),
    rule("delivery", "online", "online|virtual", rf"{_MEETS_EN}[^.;!?]{{0,25}}\b{_ON_EN}"),
    rule(
        "delivery",
        "online",
        "online|virtual|zoom",
        rf"(?:online|virtual|zoom) (?:weekly |monthly |support |peer |\w+ )?{_GROUP_EN}",
    ),
    rule(
        "delivery",
        "online",
        "online",
        rf"{_GROUP_EN} (?:is |are |runs? |held )?(?:all |entirely |fully |completely )?online",
    ),
    rule(
        "delivery",
        "phone",
        "phone|call",
        r"(?:chats?|conversations?|groups?|support|befriending|natter|counselling"
        r"|sessions?|advice)[^.;!?]{0,25} (?:over|on|by) the (?:tele)?phone"
        r"|(?:tele)?phone befriending|telephone (?:group|support group|friendship)"
        r"|(?:we|a volunteer|our volunteers|volunteers|someone) (?:will )?(?:phones?"
        r"|rings?|calls?) you (?:up )?(?:once|twice|every|each|weekly|regularly)",
    ),
    rule(
        "delivery",
        "home_visit",
        "home|house",
        r"(?:visits?|visiting|comes?|come|come to see|see) (?:to )?you (?:\w+ )?(?:in"
        r"|at) (?:your )?(?:own )?home|(?:comes?|come) to your (?:own )?(?:home|house"
        r"|door)"
        r"|\b(?:visits?|support|help|lessons?|befriending|company"
        r"|volunteers?)\b[^.;!?]{0,30} (?:in|at) your own home(?! town)",
    ),
    rule(
        "delivery",
        "hybrid",
        "online|zoom|teams|hybrid",
        r"hybrid (?:session|group|class|meeting|event|course)s?|"
        + _or(_HALL_EN, r"(?:online|zoom|teams|from home)", "or|and|as well as")
        + "|"
        + _or(r"(?:online|zoom|teams)", _HALL_EN, "or|and|as well as"),
    ),
)
_RULES = {"da": _DANISH, "en": _ENGLISH}

_SILENCED = {
    "da": re.compile(
        r"\?|\b(?:hjemmehjælp\w*|tilmeld\w*|billet\w*|book\w*|køb\w*|betal\w*|bestil\w*|optag\w*"
        r"|stream\w*|youtube|se(?:es)? (?:det|den|dem) (?:igen|senere)|læs mere|læs om"
        r"|find\w*|ansøg\w*|formular\w*|blanket\w*|linse\w*|lær|lære|lærer|hjælp\w*"
        r"|nogle gange|sommetider|enkelte|første (?:gang|møde)|sidste (?:gang|møde)"
        r"|under corona\w*|corona\w*|tidligere|sidste år|plejede|var|håber|planlæg\w*"
        r"|måske|eventuelt|evt|hvis|kan (?:også )?ses|bagefter"
        r"|webshop|bibliotekets|materiale\w*|hjemmeside\w*|spørg\w*|efter du)\b"
    ),
    "en": re.compile(
        r"\?|\b(?:sign[ -]?up|signing up|regist\w*|book(?! club)(?:s|ing|ings|ed)?"
        r"|tickets?|forms?|pay\w*|buy|shop|order|record\w*|stream\w*|youtube|watch"
        r"|catch up"
        r"|lens|learn|learning|teach\w*|help (?:with|using|to)|how to|appl(?:y"
        r"|ication)\w*|resources?|read more|find (?:out|us)|information|details"
        r"|sometimes"
        r"|occasional\w*|some (?:sessions|weeks|of)|first (?:session|meeting)"
        r"|last (?:session|meeting)|lockdown|pandemic|covid|previously|used to"
        r"|last year|was"
        r"|were|hope|plan\w*|maybe|perhaps|if|safety|safely|banking|scams?|dating"
        r"|shopping|online library|website|exercises? (?:to do|at)|practi[sc]e)\b"
    ),
}
_HYBRID_FIRST = "hybrid"


def attendance_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The way of taking part that the sentences state; in the room and online is one way."""
    found = list(read_statements(sentences, _RULES[language], language, _SILENCED[language]))
    both: list[Delivery] = ["online", "hybrid"]
    if any(one.value == _HYBRID_FIRST for one in found) and all(one.value in both for one in found):
        found = [one for one in found if one.value == _HYBRID_FIRST]
    return agreed(found)
