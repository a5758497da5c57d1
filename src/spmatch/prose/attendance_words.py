"""Phrases that state how one takes part: online, by telephone, at home, or in the room and online."""

from __future__ import annotations

from spmatch.prose.statements import rule

_MEETS_EN = (
    r"(?:held|meets?|meeting|runs?|running|takes? place|delivered|taught|gather|join(?: us)?"
    r"|happens?|together|chat)"
)
_GROUP_EN = (
    r"(?:groups?|class(?:es)?|chats?|natter|evening|sessions?|courses?|meetings?|workshops?|choir"
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
    r"(?:over the internet|by video(?: call| link)?|in a (?:private )?video room|(?:on|over|via"
    r"|through|by|using) (?:zoom|skype|(?:microsoft |ms )?teams"
    r"|google meet)(?! lens)|online|virtually)"
)
_ON_DA = (
    r"(?:på nettet|via video(?:opkald)?|i et (?:lukket )?videorum|(?:på|over|via|gennem"
    r"|med) (?:zoom|skype|(?:microsoft |ms )?teams"
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


DANISH = (
    rule(
        "delivery",
        "online",
        "zoom|teams|skype|meet",
        r"(?:på|over|via) (?:zoom|skype|(?:microsoft |ms )?teams|google meet)(?!-?linse)",
    ),
    rule(
        "delivery",
        "online",
        "online|virtuel|digital|nettet|video",
        rf"{_MEETS_DA}[^.;,!?]{{0,30}}\b{_ON_DA}",
    ),
    rule("delivery", "online", "online|virtuel", rf"(?:online|virtuel[lt]?e?)[ -]?{_GROUP_DA}"),
    rule(
        "delivery",
        "online",
        "online",
        rf"{_GROUP_DA} (?:er |foregår |kører |er kun )?(?:helt )?online",
    ),
    rule(
        "delivery",
        "online",
        "videorum|videoopkald",
        r"i et (?:lukket )?videorum|mødes (?:via|på) videoopkald",
    ),
    rule(
        "delivery",
        "phone",
        "telefon|ringer",
        r"taler sammen (?:i|på|over) telefon(?:en)?|(?:rådgivning(?:en)?|samtaler(?:ne)?) (?:er"
        r"|foregår) telefonisk\w*"
        r"|(?:snak|samtale|samtaler|samtalerne foregår|foregår|café|fællesskab|gruppe"
        r"|mødes|taler sammen"
        r"|rådgivning) (?:over|i|på|pr\.?|via) telefon(?:en)?|telefonfællesskab"
        r"|(?:en frivillig|vi|en ven) ringer (?:dig op|til dig) (?:en gang|hver"
        r"|et par gange|to gange|\d gange)",
    ),
    rule(
        "delivery",
        "home_visit",
        "hjem",
        r"(?:kører|tager) ud til dig (?:derhjemme|hjemme|i dit hjem)|(?:kommer|besøger dig"
        r"|kommer ud"
        r"|kommer på besøg)(?: \w+){0,3} (?:hjem til dig|hjemme hos dig"
        r"|i dit (?:eget )?hjem|derhjemme|hjemme)"
        r"|besøg(?:er)? (?:dig )?(?:i dit eget hjem|hjemme hos dig)"
        r"|foregår (?:hjemme hos dig|i dit (?:eget )?hjem)",
    ),
    rule(
        "delivery",
        "hybrid",
        "online|zoom|teams|hybrid|skærm",
        r"(?:som )?hybrid(?:hold|møde|t)?|(?:på|via|over) zoom,? eller (?:du kan )?(?:sidde|være"
        r"|komme|møde)[^.;!?]{0,30} i "
        r"(?:lokale|salen|huset)|"
        + _or(_HALL_DA, r"(?:online|zoom|teams|skærm)", "eller|og|samt|såvel som")
        + "|"
        + _or(r"(?:online|zoom|teams)", _HALL_DA, "eller|og|samt|såvel som"),
    ),
)
ENGLISH = (
    rule(
        "delivery",
        "online",
        "zoom|teams|skype|google meet",
        r"(?:on|over|via|through|by|using) (?:zoom|skype|(?:microsoft |ms )?teams"
        r"|google meet)(?! lens)",
    ),
    rule(
        "delivery",
        "online",
        "online|virtual|internet|video",
        rf"{_MEETS_EN}[^.;!?]{{0,25}}\b{_ON_EN}",
    ),
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
        "online",
        "video|virtual",
        r"by video call|in a private video room|^virtual only|(?:meets?|held) virtually",
    ),
    rule(
        "delivery",
        "phone",
        "phone|call",
        r"we (?:talk|chat) (?:on|over) the (?:tele)?phone|(?:counselling|support|sessions?"
        r"|chats?) (?:is|are) "
        r"(?:done |held |given )?(?:by|over the|on the) (?:tele)?phone|(?:chats?|conversations?"
        r"|groups?|support|befriending|natter|counselling"
        r"|sessions?|advice)[^.;!?]{0,25} (?:over|on|by) the (?:tele)?phone"
        r"|(?:tele)?phone befriending|telephone (?:group|support group|friendship)"
        r"|(?:we|a volunteer|our volunteers|volunteers|someone) (?:will )?(?:phones?"
        r"|rings?|calls?) you (?:up )?(?:once|twice|every|each|weekly|regularly)",
    ),
    rule(
        "delivery",
        "home_visit",
        "home|house",
        r"(?:will |to )?(?:see|visit) you at home"
        r"|drops? \w+ off at your home and stops? for a chat"
        r"|(?:visits?|visiting|comes?|come|come to see|see) (?:to )?you (?:\w+ )?(?:in"
        r"|at) (?:your )?(?:own )?home|(?:comes?|come) to your (?:own )?(?:home|house"
        r"|door)"
        r"|\b(?:visits?|support|help|lessons?|befriending|company"
        r"|volunteers?)\b[^.;!?]{0,30} (?:in|at) your own home(?! town)",
    ),
    rule(
        "delivery",
        "hybrid",
        "online|zoom|teams|hybrid|from home",
        r"hybrid (?:session|group|class|meeting|event|course)s?|(?:on|via"
        r"|over) zoom,? or (?:you can )?(?:sit|join|come)"
        r"[^.;!?]{0,25} (?:in|at) |(?:at|in) the \w+(?: \w+)? and (?:simultaneously|also"
        r"|at the same time) (?:on|via) "
        r"(?:zoom|teams)|"
        + _or(_HALL_EN, r"(?:online|zoom|teams|from home)", "or|and|as well as")
        + "|"
        + _or(r"(?:online|zoom|teams)", _HALL_EN, "or|and|as well as"),
    ),
)
