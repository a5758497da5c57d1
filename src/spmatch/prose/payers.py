"""For whom a price is: members, students, under-18s; or everyone else, which is the plain price."""

from __future__ import annotations

import re

from spmatch.prose.passages import Sentence, TextLanguage, fold

NO_PAYER = ""
EVERYONE_ELSE = "*"
"""The price of those who have no reduction: adults, non-members, all others."""

_YEARS = r"(?: ?(?:under|over|op til|fra|up to|aged|from) \d{1,3}(?:-\d{1,3})?s?(?: år| years)?)?"
_GROUPS = {
    "da": (
        r"(?:\b(?:medlemmer(?: af [\wæøå]+(?: [\wæøå]+)?)?|børn|unge|studerende|elever"
        r"|pensionister|folkepensionister|førtidspensionister"
        r"|efterlønnere|efterlønsmodtagere|seniorer|arbejdsløse|ledige"
        r"|kontanthjælpsmodtagere|ledsagere?|handicaphjælpere|flygtninge|frivillige)\b"
        + _YEARS
        + r"|\b(?:under|over) \d{1,3}(?: år)?\b|\b\d{2} ?\+)"
    ),
    "en": (
        r"(?:\b(?:members|concessions?|concs?|students?|child|senior|pensioner|seniors|children"
        r"|kids|juniors|teens"
        r"|oaps?|pensioners|unwaged|unemployed|low[ -]income"
        r"|carers?|companions?|toddlers|babies|volunteers|refugees|veterans|residents"
        r"|the unwaged|senior citizens|benefit claimants|people on benefits"
        r"|those on benefits|anyone on benefits)\b"
        + _YEARS
        + r"|\b(?:under|over)[ -]?\d{1,3}s?\b|\b\d{2}s? ?\+|\b\d{2}s and over\b)"
    ),
}
_JOINED = {
    "da": rf"{_GROUPS['da']}(?:(?:,| og| &|/| eller)+ ?{_GROUPS['da']}){{0,3}}",
    "en": rf"{_GROUPS['en']}(?:(?:,| and| &|/| or)+ ?{_GROUPS['en']}){{0,3}}",
}
_LEFT = {language: re.compile(one) for language, one in _JOINED.items()}
_RIGHT = {
    "da": re.compile(rf"^ ?(?:\.|,)? ?(?:for|til) (?P<whom>{_JOINED['da']})"),
    "en": re.compile(rf"^ ?(?:for|if|\()? ?(?P<whom>{_JOINED['en']})"),
}
_OTHERS = {
    "da": re.compile(
        r"\b(?:voksne|voksen|ikke-? ?medlemmer|alle andre|andre|øvrige|gæster|ellers)\b"
    ),
    "en": re.compile(
        r"\b(?:adults?|non-? ?members|guests|visitors|everyone else|all others|others|full price"
        r"|waged"
        r"|standard|non-concessions?|otherwise)\b"
    ),
}
_OTHERS_RIGHT = {
    "da": re.compile(r"^ ?for (?:voksne|ikke-? ?medlemmer|alle andre|andre|øvrige|gæster)\b"),
    "en": re.compile(
        r"^ ?(?:for )?(?:adults?|non-? ?members|guests|visitors|everyone else|all others|others"
        r"|waged"
        r"|full|non-residents)\b"
    ),
}


def payer_in(
    left: str, right: str, sentence: Sentence, start: int, end: int, language: TextLanguage
) -> str:
    """The group as written, ``EVERYONE_ELSE``, or ``NO_PAYER`` where the price names nobody.

    ``left`` and ``right`` are the clause of the amount, which stands from ``start`` to ``end``.
    """
    if _OTHERS_RIGHT[language].search(right):
        return EVERYONE_ELSE
    if found := _RIGHT[language].search(right):
        at = sentence.start + end + found.start("whom")
        return sentence.whole[at : at + len(found["whom"])].strip()
    if _OTHERS[language].search(left):
        return EVERYONE_ELSE
    if named := _LEFT[language].search(left):
        at = sentence.start + start - len(left) + named.start()
        return sentence.whole[at : at + len(named[0])].strip()
    return NO_PAYER


# What may stand beside a group: with another word ("Leeds residents") it is a narrower one.
_BEFORE = re.compile(
    r"(?:^|[^\w\s]|\b(?:for|til|to|if|and|og|or|eller|but|men|then|så|is|er|in|kr|dkk))\s*$"
)
_AFTER = re.compile(
    r"\s*(?:$|[^\w\s]|\d|(?:pay|pays|paying|betaler|kun|only|just|free|gratis|go|goes|get|gets"
    r"|come|comes"
    r"|kommer|deltager|spiser|er|is|are|kan|can|no|og|and|or|kr|for|50p)\b)"
)


def is_whole(sentence: Sentence, whom: str) -> bool:
    """Whether the words that name a group stand alone, wherever they do in the sentence."""
    folded, named = sentence.folded, fold(whom)
    return any(
        _BEFORE.search(folded[: at.start()]) and _AFTER.match(folded, at.end())
        for at in re.finditer(re.escape(named), folded)
    )


def group_at(folded: str, language: TextLanguage) -> re.Match[str] | None:
    """The first group that a folded text names."""
    return _LEFT[language].search(folded)
