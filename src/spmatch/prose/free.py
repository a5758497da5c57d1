"""What is free: taking part, for all or for a group; free coffee and feeling free are not that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spmatch.prose.activities import is_activity
from spmatch.prose.doubts import doubts
from spmatch.prose.passages import Sentence, TextLanguage, holds_any
from spmatch.prose.payers import group_at
from spmatch.prose.price_words import THING

_WORDS = {
    "da": re.compile(
        r"\bgratis\b(?!-)|\b(?:koster|kræver) (?:\w+ )?(?:ikke noget|ingenting|intet"
        r"|0 kr\b\.?)|\bomkostningsfri(?:t|e)?\b"
        r"|\bvederlagsfri(?:t|e)?\b|\b(?:uden|ingen) (?:egenbetaling|deltagerbetaling"
        r"|betaling|beregning)\b|\bfri (?:entr[eé]|adgang|deltagelse)\b|\bpenge op af lommen\b"
        r"|\bkoster (?:dig )?(?:ikke )?(?:en krone|en øre|nul kroner|0,-)(?!\w)"
    ),
    "en": re.compile(
        r"(?<![\w-])free(?: of charge)?\b(?!-)|\bno (?:charge|fee|cost|entry fee"
        r"|admission fee|admission charge)\b"
        r"|\bcosts? nothing\b|\bwithout charge\b|\b(?:won't|doesn't|will not"
        r"|does not) cost (?:you )?"
        r"(?:a penny|a cent|a thing|anything)\b|\bnothing to pay\b"
    ),
}
_NEEDS = {
    "da": (
        "gratis",
        "koster",
        "omkostningsfri",
        "vederlagsfri",
        "betaling",
        "beregning",
        "fri ",
        "af lommen",
    ),
    "en": (
        "free",
        "no charge",
        "no fee",
        "no cost",
        "nothing",
        "no entry",
        "no admission",
        "without charge",
        " cost ",
    ),
}
_CLAUSE = re.compile(r"[,;:.!?()]| - | (?:men|but|så|so|because|fordi|mens|og det|and it) ")
_NOT = {
    "da": doubts(
        "da",
        "future",
        "passing",
        "condition",
        "story",
        extra=r"ikke(?! (?:noget|have penge|en krone|en øre|tilmeld\w*|melde|nødvendig))"
        r"|sjældent|mod"
        r"|bliver|kun gratis|delvis\w*|visse|udvalgte|resten|ellers er|entr[eé] til|museets"
        r"|selve|(?:få|køb|tag"
        r"|vind)[^.]{0,30}gratis"
        r"|(?:skal|kræver|husk)[^.]{0,30}(?:billet|medlem|entr[eé])\w*|mandage|tirsdage|onsdage"
        r"|torsdage"
        r"|fredage|lørdage|søndage|når du|mindst|plejer|indtil|forudsat|undtaget|bortset|udover"
        r"|ud over",
    ),
    "en": doubts(
        "en",
        "future",
        "passing",
        "condition",
        "story",
        extra=r"not(?! (?:need|have|required|essential))|isn't|aren't|when you|previously"
        r"|unlimited|(?:admission|entry) to the|itself"
        r"|rest|otherwise|only free|partly|selected|on (?:mon|tues|wednes|thurs|fri|satur"
        r"|sun)days?"
        r"|(?:get|gets|win|buy|book|earn|claim)[^.]{0,25}free|(?:need|must"
        r"|requires?)[^.]{0,30}(?:tickets?"
        r"|member\w*|admission)|except|apart from|other than|after (?:it|the)|for the first",
    ),
}
_VAGUE = {
    "da": doubts("da", "vague", "rough", "part"),
    "en": doubts("en", "vague", "rough", "part"),
}
CONDITION = {
    "da": re.compile(
        r"^\W*(?:(?:er|har|kan|bor|kommer|går|tager|får) (?:du|man|i)|hvis|når"
        r"|såfremt)\b(?!.*\?)"
    ),
    "en": re.compile(r"^\W*(?:if|when|unless|once) "),
}
"""A sentence that begins so says what holds for some."""
_IDIOM = re.compile(
    r"\b(?:feel|set|break|roam|be|run|are you|is|get|if you're|you're|i'm|we're|when you're) $"
)
_FIRST = {
    "da": re.compile(r"\b(?:første|prøv\w*|en gang|to gange)\b"),
    "en": re.compile(r"\b(?:first|taster|trial|try)\b"),
}

# "X is free": X is taking part, or nothing at all is named.
_COPULA = {
    "da": re.compile(
        r"(?:\b(?:er|helt|ganske|altid|også|dog|naturligvis|selvfølgelig|fuldstændig"
        r"|100 ?%|begge|dermed|således)\b\s*)+$"
    ),
    "en": re.compile(
        r"(?:\b(?:is|are|completely|totally|absolutely|entirely|always|also|all|fully"
        r"|both|and|now|currently|offered|run|provided|100 ?%)\b\s*|'s\s*)+$"
    ),
}
_TAKING_PART = {
    "da": re.compile(
        r"\b(?:det|alt|deltagelse\w*|tilbud\w*|aktivitet\w*|arrangement\w*|kurs(?:us"
        r"|et|er|erne)|forløb\w*|træning\w*|undervisning\w*|rådgivning\w*|hold\w*"
        r"|kor(?:et)?|klub\w*|adgang\w*|entr[eé]\w*|caf[eé]\w*|fællesspisning\w*"
        r"|gruppe\w*|netværk\w*|workshop\w*|gåtur\w*|tur(?:en|ene)|motion\w*|yoga|dans"
        r"|fællessang\w*|læsekreds\w*|møde(?:t|r|rne)|samtale\w*|pris|at deltage"
        r"|være med|komme|deltage|aften(?:en|erne)|gangene|mødegange\w*|foredrag\w*"
        r"|samvær\w*)\b"
    ),
    "en": re.compile(
        r"\b(?:it|that|this|everything|sessions?|class(?:es)?|groups?|events?|courses?"
        r"|activit(?:y|ies)|entry|entrance|admission|attendance|attending|workshops?"
        r"|places"
        r"|programme|program|service|walks?|club|choir|caf[eé]|meetings?|support|cost"
        r"|price|fee|fees|taking part|joining|participation|to join|to attend|they)\b"
    ),
}
_OF = frozenset("to for of in at with på i til af for med hos".split())
_MOST_WORDS = 8
_TITLE_WORDS = 5
"""Words before "(free)" at most: in a longer sentence it is said of the last thing named."""
_NO_MORE = {
    "da": re.compile(
        r"^\W*$|^\s*(?:for (?:alle|dig|jer|deltagerne|os)\b(?! (?:under|over|der er"
        r"|medlemmer|med|på|som|i alderen|fyldt))"
        r"|at (?:deltage|være med|komme)\b|og (?:åben\w*|for alle|anonym\w*"
        r"|uforpligtende|frivillig\w*|uden|kræver|du|alle|foregår)|hver gang|(?:adgang|entr[eé]"
        r"|deltagelse)(?: for alle)?(?: og fri \w+)?\W*$"
        r"|og fri \w+\W*$)"
    ),
    "en": re.compile(
        r"^\W*$|^\s*(?:to (?:attend|join|all|everyone|anyone|come|participate"
        r"|take part|enter)\b(?! (?:members|residents|under|over|who|with|on|aged|in))"
        r"|for (?:all|everyone|everybody|anyone|participants|attendees)\b(?! (?:under"
        r"|over|aged|on|who|with|members|in))"
        r"|and (?:open|confidential|friendly|anonymous|you|no|there|all|everyone"
        r"|welcoming|informal|fun)|(?:entry|admission)(?: (?:for|to) (?:all|everyone|everybody"
        r"|anyone))?\W*$"
        r"|(?:to|for) you(?:\W*$| (?:because|as|thanks)\b)|(?:thanks to|because of|courtesy of) "
        r"|for (?:coming|taking part|attending|joining)(?: \w+)?\W*$"
        r"|at the point)"
    ),
}
# "A free course": what is free is the activity.
_ATTRIBUTE = {
    "da": re.compile(
        r"^\s*(?:og \w+ )?(?:tilbud|aktivitet(?:er)?|forløb|kursus|hold|træning"
        r"|undervisning|arrangement(?:er)?|fællesspisning|netværk|gruppe(?:forløb)?"
        r"|motion(?:shold)?"
        r"|yoga|dans|workshops?|gåture?|samtalegruppe\w*|fællessang|læsekreds|café"
        r"|\w+(?:hold|café|forløb|kursus|gruppe|træning|klub))\b"
    ),
    "en": re.compile(
        r"^\s*(?:weekly |friendly |monthly |local |community |online |drop-in |fun "
        r"|gentle |outdoor |\w+ing )?(?:event|events|class|classes|session|sessions"
        r"|course|courses|group|groups"
        r"|workshop|workshops|activity|activities|drop-in|walk|walks|club|choir"
        r"|programme|program|support group|exercise class\w*|art class\w*|yoga"
        r"|dance class\w*)\b"
    ),
}
# … but not all of it, or not for all.
_LIMITED = {
    "da": re.compile(
        r"\b(?:medlem\w*|nye|nytilkomne|bosat\w*|borgere i|indehavere|kun|for (?:børn|unge))\b"
    ),
    "en": re.compile(
        r"\b(?:members?|newcomers|new|residents?|holders?|students|unemployed|jobseekers|during"
        r"|throughout"
        r"|until|while|only|every|when|on \w+days?|in \w+|with)\b"
    ),
}
_OFFERED = {
    "da": re.compile(
        r"^\W*$|\b(?:et|en|er|vores|tilbyder|vi har|til|holder|som|byder på)\s*(?:helt\s*)?$"
    ),
    "en": re.compile(
        r"^\W*$|\b(?:a|is|are|our|this|offers?|offering|runs?|run|hold|holds|these|for"
        r"|the|weekly|friendly|local|with)\s*(?:completely\s*|totally\s*)?$"
    ),
}
_FOR = {
    "da": re.compile(r"^\s*(?:entr[eé] |adgang |deltagelse )?for "),
    "en": re.compile(r"^\s*(?:entry |admission )?(?:for|to) "),
}
_MOVES = re.compile(
    r"\s*(?:er|kommer|deltager|går|spiser|get in|go|goes|come|comes|attend|are|is|for"
    r"|ind)?\s*(?:in|med|for|ind)?\s*"
)


def may_be_free(folded: str, language: TextLanguage) -> bool:
    """Whether a folded text has the letters of any word for free."""
    return holds_any(folded, _NEEDS[language])


def find_free(sentence: Sentence, language: TextLanguage) -> Iterator[tuple[str, bool]]:
    """What of taking part is free: (group as written or empty for all, whether that is certain).

    What is free of something else, and a first visit that is free, are passed over.
    """
    folded = sentence.folded
    if not may_be_free(folded, language):
        return
    for found in _WORDS[language].finditer(folded):
        begin = max((cut.end() for cut in _CLAUSE.finditer(folded, 0, found.start())), default=0)
        cut = _CLAUSE.search(folded, found.end())
        end = cut.start() if cut else len(folded)
        left, right = folded[begin : found.start()], folded[found.end() : end]
        if folded[begin - 1 : begin] == "(" and len(folded[:begin].split()) > _TITLE_WORDS:
            continue
        if _FIRST[language].search(left) or _FIRST[language].search(right):
            continue
        doubtful = (
            _NOT[language].search(folded)
            or CONDITION[language].search(folded)
            or _VAGUE[language].search(f"{left} . {right}")
        )
        if re.match(r", (?:der|som|who) ", folded[end : end + 7]) and _FOR[language].search(right):
            yield "", False
        elif group := _group(sentence, begin, found, right, language):
            yield group, not doubtful
        elif _is_taking_part(left, found[0], right, language):
            yield "", not doubtful
        elif _FOR[language].search(right) and not _IDIOM.search(left):
            yield "", False


def _is_taking_part(left: str, word: str, right: str, language: TextLanguage) -> bool:
    """Whether what is free is the activity, by the words of the clause before and after."""
    if word.startswith(("penge", "nothing", "won't", "doesn't", "will not", "does not")):
        return bool(_NO_MORE[language].search(right))
    if word.startswith(("koster", "kræver", "cost")):
        return (
            bool(_TAKING_PART[language].search(left) and _NO_MORE[language].search(right))
            and len(left.split()) <= _MOST_WORDS
        )
    if _ATTRIBUTE[language].search(right):
        return bool(_OFFERED[language].search(left)) and not _LIMITED[language].search(right)
    if not _NO_MORE[language].search(right):
        return False
    if word.startswith(("uden", "ingen", "no ", "without")):
        return len(left.split()) <= _MOST_WORDS
    subject = _COPULA[language].sub("", left).strip(" \"'-*")
    if not subject:
        return True
    words = subject.split()
    if THING[language].search(subject) or group_at(subject, language):
        return False
    # "Feel free" and "be free to come" are about the person.
    if words[-1] in ("feel", "be", "you're", "set", "and", "or", "with", "og", "eller", "med"):
        return False
    heads = [words[-1], " ".join(words[-2:])]
    heads += [one for one, after in pairwise(words[:3]) if after in _OF]
    # What it is of stands last ("our weekly sessions"), or first where the rest tells more of it.
    return len(words) <= _MOST_WORDS and any(
        _TAKING_PART[language].fullmatch(one) or is_activity(one, language) for one in heads
    )


def _group(
    sentence: Sentence, begin: int, found: re.Match[str], right: str, language: TextLanguage
) -> str:
    """The group for which it is free: "children free", "gratis for medlemmer"."""
    folded = sentence.folded
    if _FOR[language].search(right) and (named := group_at(right[:80], language)):
        at = sentence.start + found.end() + named.start()
        return sentence.whole[at : at + len(named[0])].strip()
    left = folded[begin : found.start()]
    named = group_at(left, language)
    if named and _MOVES.fullmatch(left[named.end() :]):
        at = sentence.start + begin + named.start()
        return sentence.whole[at : at + len(named[0])].strip()
    return ""
