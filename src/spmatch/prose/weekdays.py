"""Phrases of weekdays in a sentence: which days, how often, and whether they surely come back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from spmatch.prose.doubts import MONTH
from spmatch.prose.passages import TextLanguage
from spmatch.words import Day

_Every = Literal["week", "two_weeks", "month"]

DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = {
    "da": (
        r"(?:(?:mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)(?:e|en|ene)?|(?:man"
        r"|tirs?|ons|tors?|fre|lør|søn)\.|(?:tirs|ons|tors|fre|lør|søn)(?= (?:kl\.? ?)?\d"
        r"| ?[+&/] ?\w)"
        r"|man(?= kl\.? ?\d| ?[+&] ?(?:tirs?|ons|tors?|fre)))(?![\w])(?!-)"
    ),
    "en": (
        r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|tues?|weds?|thur?s?|fri"
        r"|sat|sun)\b\.?)(?![\w'])(?!-[a-z])"
    ),
}
_ABBREVIATED_SPAN_DA = (
    r"(?:man|tirs?|ons|tors?|fre|lør|søn)\.? ?- ?(?:man|tirs?|ons|tors?|fre|lør"
    r"|søn)(?:dag)?\.?(?!\w)"
)
_ORDINAL = {
    "da": r"(?:den )?(?P<ordinal>første|anden|1\.|2\.|tredje|3\.|fjerde|4\.|sidste|næstsidste) ",
    "en": r"(?:the )?(?P<ordinal>first|1st|second|2nd|third|3rd|fourth|4th|last) ",
}
_JOIN = {
    "da": r"(?:\s?(?:,|/|&|\+)\s?(?:og\s)?|\s(?:og|eller|samt)\s)(?:hver\s)?",
    "en": r"(?:\s?(?:,|/|&|\+)\s?(?:and\s)?|\s(?:and|or)\s)(?:every\s|on\s)?",
}
_TO = {"da": r"\s?(?:-|til)\s?", "en": r"\s?(?:-|to|through|thru)\s?"}
_OFTEN = {
    "da": r"(?P<often>hver anden|hver 2\.|hver|alle|om) ",
    "en": r"(?P<often>every other|every second|alternate|each|every|on) ",
}


def _phrase(language: TextLanguage) -> re.Pattern[str]:
    day, join, to = _DAY[language], _JOIN[language], _TO[language]
    first = day.removesuffix("(?!-[a-z])").removesuffix("(?!-)")
    short = (
        rf"|(?P<short>{_ABBREVIATED_SPAN_DA}|hverdage)"
        if language == "da"
        else "|(?P<short>weekdays?)"
    )
    return re.compile(
        rf"(?<![\w-])(?:{_ORDINAL[language]}"
        rf"|{_OFTEN[language]})?(?:(?P<span>{first}{to}{day}){short}"
        rf"|(?P<days>{day}(?:{join}{day}){{0,6}}))"
    )


_WORKING_DAYS = ("hverdage", "weekday", "weekdays")
_PHRASE = {"da": _phrase("da"), "en": _phrase("en")}
_ONE_DAY = {
    "da": re.compile(r"(?<!\w)(?:man|tir|ons|tor|fre|lør|søn)[a-z]*\.?"),
    "en": re.compile(r"(?<!\w)(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"),
}
_STARTS: dict[str, Day] = {
    "ma": "mon",
    "ti": "tue",
    "on": "wed",
    "to": "thu",
    "fr": "fri",
    "lø": "sat",
    "sø": "sun",
    "mo": "mon",
    "tu": "tue",
    "we": "wed",
    "th": "thu",
    "sa": "sat",
    "su": "sun",
}
_TWO_WEEKS = {
    "da": re.compile(
        r"\b(?:i )?u?lige uger\b|\bhver 14\.? dage?\b|\bhver 2\. uge\b"
        r"|\bhveranden uge\b|\bhver fjortende dag\b"
        r"|\bhver anden uge\b|\bu?lige (?:\w+dage?)\b|\b(?:i )?u?lige uge(?:numre)?\b"
    ),
    "en": re.compile(
        r"\bfortnight(?:ly)?\b|\bevery (?:two|2|other|second) weeks?\b|\balternate weeks?\b"
    ),
}
_MONTHLY = {
    "da": re.compile(
        r"\bi (?:hver )?måned(?:en)?\b|\bhver måned\b|\bmånedlig\w*|\ben gang om måneden\b"
    ),
    "en": re.compile(
        r"\b(?:of|in|each|every) (?:the |each |every |a )?(?:calendar )?month\b"
        r"|\bmonthly\b|\bonce a month\b"
    ),
}
OTHER_RHYTHM = {
    "da": re.compile(
        r"\bhver (?:tredje|3\.|fjerde|4\.|6\.|sjette)|\b(?:1|2|3|4)\. (?:og|&"
        r"|eller) (?:1|2|3|4)\.|(?:første|anden|tredje)(?: \w+dag)? og (?:den )?(?:anden|tredje"
        r"|fjerde"
        r"|sidste)"
        r"|\b(?:to|tre|2|3) gange (?:om måneden|om året)|\bkvartal\w*|hver anden måned"
        r"|\bden ene\b"
    ),
    "en": re.compile(
        r"\bevery (?:third|3rd|fourth|4th|2nd|few|three|four|six)\b|\b(?:1st|2nd|3rd"
        r"|first|second|third)(?:,| and| &|/) ?(?:the )?(?:2nd|3rd|4th|5th|second"
        r"|third|fourth|fifth|last)"
        r"|\b(?:twice|two times|three times) a (?:month|year)|\bbi-?(?:weekly|monthly)"
        r"|\bevery other month\b|\bquarterly\b"
    ),
}
# A date makes it one meeting; so does "this Monday", and "see you Monday" is a greeting.
IN_MONTH = re.compile(
    rf"\b(?:i|in|from|since|during|until|of|til|fra) {MONTH}|\b(?:sommer|vinter)(?:halvår|ferie"
    rf"|en\b)"
    rf"|skoleferie|term[ -]time|(?:in|over|during) (?:the )?(?:summer|winter|holidays)\b"
)
_DATED = re.compile(
    rf"^\w*,?\s?(?:aften|formiddag|eftermiddag|morning|evening|afternoon)?,? ?(?:(?:den"
    rf"|d\.?|the) ?)?(?:\d{{1,2}}(?:\.|st|nd|rd|th)? ?(?:of )?(?:/ ?\d|{MONTH}\b)"
    rf"|{MONTH} \d|den \d|d\. ?\d)"
)
_DATED_BEFORE = re.compile(rf"(?:\d{{1,2}}(?:\.|st|nd|rd|th)? ?{MONTH}|\d/\d{{1,2}}),? ?\(?$")
_ONCE_BEFORE = {
    "da": re.compile(
        r"(?:\b(?:på|i|sidste|næste|denne|førstkommende|kommende|vi ses|ses|til|inden"
        r"|senest|siden|fra) |\")$"
    ),
    "en": re.compile(
        r"(?:\b(?:this|next|last|coming|see you|until|by|before|since|from|that|one"
        r"|bank holiday|good|easter|black|holiday) |\")$"
    ),
}


@dataclass(frozen=True, slots=True)
class When:
    """A phrase of days: which, how often, whether it surely recurs, and where it stands."""

    start: int
    end: int
    days: tuple[Day, ...]
    every: _Every
    recurs: bool
    long_span: bool


def whens_in(folded: str, language: TextLanguage) -> list[When]:
    """The phrases of days in a sentence; none as soon as one of them is no standing time."""
    found: list[When] = []
    two_weeks = _TWO_WEEKS[language].search(folded)
    monthly = _MONTHLY[language].search(folded)
    for match in _PHRASE[language].finditer(folded):
        before, after = (
            folded[max(0, match.start() - 24) : match.start()],
            folded[match.end() : match.end() + 30],
        )
        often, ordinal = match["often"] or "", match["ordinal"] or ""
        if _DATED.search(after) or _DATED_BEFORE.search(before):
            return []
        span = match["span"] or match["short"]
        working = match["short"] in _WORKING_DAYS
        names = _ONE_DAY[language].findall(span or match["days"])
        if span and len(names) != 2:
            names = re.findall(r"[a-zø]{3,}", span)
        days = tuple(_STARTS[name[:2]] for name in names if name[:2] in _STARTS)
        if working:
            days = DAYS[:5]
        elif span:
            if len(days) != 2 or DAYS.index(days[0]) >= DAYS.index(days[1]):
                return []
            days = DAYS[DAYS.index(days[0]) : DAYS.index(days[1]) + 1]
        plural = any(name.rstrip(".").endswith(("dage", "days")) for name in names)
        definite = often == "om" and any(name.endswith("en") for name in names)
        recurs = plural or definite or often in _REGULAR or bool(two_weeks) or working
        every: _Every = "week"
        if ordinal:
            # "The last Friday" is one day, "the last Friday of the month" is twelve a year.
            if not monthly or len(days) > 1:
                return []
            every, recurs = "month", True
        elif monthly:
            return []
        elif two_weeks or often in _EVERY_OTHER:
            if len(days) > 1:
                return []
            every = "two_weeks"
        if not recurs and _ONCE_BEFORE[language].search(before):
            return []
        found.append(
            When(
                match.start(),
                match.end(),
                tuple(dict.fromkeys(days)),
                every,
                recurs,
                len(days) > 2 and bool(span),
            )
        )
    return found


_EVERY_OTHER = frozenset(("hver anden", "hver 2.", "every other", "every second", "alternate"))
_REGULAR = _EVERY_OTHER | {"hver", "alle", "each", "every"}
