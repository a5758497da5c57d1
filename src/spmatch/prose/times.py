"""Weekly and monthly times out of prose: when it meets, not when the office answers or the bus goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from spmatch.activity import Session
from spmatch.prose.clocks import Span, spans_in
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage, holds_any
from spmatch.words import Day

_Every = Literal["week", "two_weeks", "month"]

DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SESSIONS = 7

_DAY = {
    "da": (
        r"(?:(?:mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)(?:e|en|ene)?|(?:man"
        r"|tirs?|ons|tors?|fre|lør|søn)\.)(?![\w])(?!-)"
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
    "da": r"(?:den )?(?P<ordinal>første|1\.|2\.|tredje|3\.|fjerde|4\.|sidste|næstsidste) ",
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
    short = rf"|(?P<short>{_ABBREVIATED_SPAN_DA})" if language == "da" else ""
    return re.compile(
        rf"(?<![\w-])(?:{_ORDINAL[language]}"
        rf"|{_OFTEN[language]})?(?:(?P<span>{first}{to}{day}){short}"
        rf"|(?P<days>{day}(?:{join}{day}){{0,6}}))"
    )


_PHRASE = {"da": _phrase("da"), "en": _phrase("en")}
_ONE_DAY = {language: re.compile(_DAY[language].split("(?!", 1)[0]) for language in _DAY}
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
_OTHER_RHYTHM = {
    "da": re.compile(
        r"\bhver (?:tredje|3\.|fjerde|4\.|6\.|sjette)|\b(?:1|2|3|4)\. (?:og|&"
        r"|eller) (?:1|2|3|4)\.|(?:første|anden|tredje) og (?:anden|tredje|fjerde"
        r"|sidste)"
        r"|\b(?:to|tre|2|3) gange (?:om måneden|om året)|\bkvartal\w*|hver anden måned"
        r"|\bden anden\b"
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
_MONTH = r"(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*"
_IN_MONTH = re.compile(rf"dage?n?e? i {_MONTH}|days? in {_MONTH}\b")
_DATED = re.compile(
    rf"^\w*,?\s?(?:aften|formiddag|eftermiddag|morning|evening|afternoon)?,? ?(?:(?:den"
    rf"|d\.?|the) ?)?(?:\d{{1,2}}(?:\.|st|nd|rd|th)? ?(?:of )?(?:/ ?\d|{_MONTH}\b)"
    rf"|{_MONTH} \d|den \d|d\. ?\d)"
)
_DATED_BEFORE = re.compile(rf"(?:\d{{1,2}}(?:\.|st|nd|rd|th)? ?{_MONTH}|\d/\d{{1,2}}),? ?\(?$")
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
# Hours of an office, a telephone, a bus or a building; what is not, was, or may be; and stories.
_ELSE = {
    "da": re.compile(
        r"\?|\"|\b(?:kontor\w*|personale\w*|\w*vagt\w*|\w*telefonen|mangler|søger"
        r"|marked\w*|telefon\w*|tlf\w*|ring|ringe|ringer|træffe\w*|træffes"
        r"|ekspedition\w*|sekretariat\w*|reception\w*|frist\w*|senest|inden"
        r"|henvend\w*|bus|bussen|busser|toget|afgår|afgang\w*|kører|lukket|lukker"
        r"|aflyst\w*|ferie\w*|undtagen|bortset"
        r"|(?<!behøver )(?<!koster )(?<!skal )ikke(?! nødvendig| påkrævet| noget)"
        r"|håber|hvis|arbejder på|planlægger"
        r"|var|plejede|tidligere|sidste år|koncert\w*|generalforsamling\w*|deadline"
        r"|ingen (?:møder?|træning|aktivitet\w*|undervisning|caf[eé]|hold|dans|yoga"
        r"|sang)|jeg|mig|hun|han|måske|overvejer|snart|billet\w*|bestil\w*"
        r"|køkken\w*|butik\w*|levering\w*|afhent\w*|skrald\w*|parkering\w*|lægevagt\w*"
        r"|biblioteket har åbent|museet har åbent|museets|bibliotekets|svømmehallen"
        r"|pedel\w*|(?:første|sidste|næste) (?:gang|møde|aften)|personlig henvendelse"
        r"|spørgsmål\w*|rettes|kontakt\w*|inviter\w*|kaffepause\w*|(?:kl\.?|klokken"
        r"|til) (?:halv )?(?:et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv)|sms"
        r"|mail|besvar\w*|betjent|bemandet|dørene|kaffe(?:n)? (?:er|serveres)|blev"
        r"|mødte|startede|opstart\w*|begynd(?:te|er)|starter"
        r"|(?<!ingen )(?<!uden )tilmeld(?:ing|e)?(?!\w)(?! (?:er )?(?:ikke"
        r"|unødvendig))|kor(?:et)? synger i|i stedet for|flytte\w*|rykket"
        r"|træner holdet"
        r"|gudstjeneste\w*)\b"
    ),
    "en": re.compile(
        r"\?|\"|\b(?:office\w*|staff|helpdesk|help desk|desk|shuttle|tutor|market"
        r"|needs?|needed|looking for|wanted|phone\w*|\w*calls?|most|telephone|line"
        r"|lines|reception"
        r"|helpline|enquir\w*|bus|buses|train|trains|closed|no meetings|no sessions"
        r"|hope|if|deadline"
        r"|book by|sign up by|register by|except|used to|was|were|went|holidays?"
        r"|deliver\w*|collect\w*|not(?! required| needed| necessary| essential)|n't"
        r"|don't(?! need| have to)|doesn't|i|i'm|i've|my|she|he|maybe"
        r"|perhaps"
        r"|thinking|planning|soon|last (?:bus|orders|year|week|summer)|tickets?"
        r"|box office|store|shop is|kitchen|bin|bins|parking|staffed|answered"
        r"|messages?"
        r"|museum is open|library is open|building|doors open|kettle goes on|concert"
        r"|agm|started|starts|starting|begins|beginning|moved|instead of|cancelled"
        r"|unless|by appointment"
        r"|caretaker|(?:first|last|next) (?:session|meeting|class|week)|next time"
        r"|registration (?:opens|closes|by)|enrol\w*|questions?|contact|invited|(?:at"
        r"|from) (?:half (?:past )?|quarter (?:past"
        r"|to) )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r"|email|text us|ring|voicemail|centre is open|center is open|service on"
        r"|church service|mass|worship)\b"
    ),
}
_OPEN = re.compile(r"\b(?:åben\w*|åbent|åbner|åbningstid\w*|open|opens|opening)\b")
_HEADING = re.compile(r":\s*$")
_MEETS = {
    "da": re.compile(
        r"\b(?:vi|mødes|mødetid\w*|møder|holdet|hold|klub\w*|kor|café|cafe|gruppe\w*"
        r"|træning\w*|træner|synger|spiller|strikker|danser|går|gåtur\w*|yoga|dans"
        r"|samles"
        r"|ses|kom|åbent|åben|holdes|afholdes|foregår|ligger|undervisning|gymnastik"
        r"|fællesspisning|motion|banko)\b"
    ),
    "en": re.compile(
        r"\b(?:we|meets?|meeting|group|club|choir|class|classes|session|sessions|run"
        r"|runs|held|takes? place|join|gather|natter|yoga|walk|walks|café|cafe|lunch"
        r"|craft|crafts"
        r"|knit|sing|singing|dance|dancing|play|open|drop-in|bingo|games|every|each|weekly)\b"
    ),
}
_FEW_WORDS, _PLAIN_WORDS = 9, 12


@dataclass(frozen=True, slots=True)
class _When:
    """A phrase of days: which, how often, whether it surely recurs, and where it stands."""

    start: int
    end: int
    days: tuple[Day, ...]
    every: _Every
    recurs: bool
    long_span: bool


def time_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The sessions that the sentences state; nothing when any of them may be read in two ways."""
    found: dict[Session, tuple[Sentence, int, int]] = {}
    for place, sentence in enumerate(sentences):
        if not holds_any(sentence.folded, _LETTERS[language]):
            continue
        heading = sentences[place - 1].folded if place else ""
        if _HEADING.search(heading) and _ELSE[language].search(heading):
            continue
        for session, start, end in _sessions_in(sentence, language):
            found.setdefault(session, (sentence, start, end))
    if not 0 < len(found) <= MOST_SESSIONS or _clash(list(found)):
        return
    in_order = sorted(found, key=lambda one: (DAYS.index(one.day or "mon"), one.start or ""))
    sentence, start, _ = next(iter(found.values()))
    last = max((end for other, _, end in found.values() if other is sentence), default=None)
    yield Fact("sessions", tuple(in_order), sentence.quote(start, last))


_LETTERS = {
    "da": ("dag", "man.", "tir", "ons", "tor", "fre", "lør", "søn", "man-"),
    "en": ("day", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}


def _clash(sessions: Sequence[Session]) -> bool:
    """Whether a day is said both with and without a time, or in two rhythms."""
    days = [one.day for one in sessions]
    return any(
        days.count(one.day) > 1
        and any(
            other.day == one.day
            and (other.every != one.every or (other.start is None) != (one.start is None))
            for other in sessions
        )
        for one in sessions
    )


def _sessions_in(sentence: Sentence, language: TextLanguage) -> Iterator[tuple[Session, int, int]]:
    folded = sentence.folded
    if (
        _ELSE[language].search(folded)
        or _OTHER_RHYTHM[language].search(folded)
        or _IN_MONTH.search(folded)
    ):
        return
    whens = list(_whens(folded, language))
    if not whens:
        return
    spans = list(spans_in(folded, language))
    for place, when in enumerate(whens):
        until = whens[place + 1].start if place + 1 < len(whens) else len(folded)
        since = whens[place - 1].end if place else 0
        own = _first_alone([span for span in spans if when.end <= span.start < until], folded)
        if not own and place == 0:
            own = [span for span in spans if since <= span.start and span.end <= when.start]
        if len(own) > 1 or any(span.begins is None for span in own):
            return
        if when.long_span and (_OPEN.search(folded) or not own):
            return
        if own:
            span = own[0]
            # "Kl. 10 til ca. 12" would be half a time.
            if span.finish is None and _GOES_ON.match(folded, span.end):
                return
            gap = (
                folded[when.end : span.start]
                if span.start >= when.end
                else folded[span.end : when.start]
            )
            before = span.start < when.start
            near = _NEAR.fullmatch(gap) or (before and span.marked and len(gap) <= _SHORT_GAP)
            if (before or not when.recurs) and not near:
                return
        elif not when.recurs or not _meets(folded, when, language) or _UNREAD.search(folded):
            return
        start, end = own[0].clocks if own else (None, None)
        last = max(when.end, own[0].end) if own else when.end
        for day in when.days:
            yield Session(day=day, start=start, end=end, every=when.every), when.start, last


def _first_alone(spans: list[Span], folded: str) -> list[Span]:
    """Without later numbers that no word makes a time ("kl. 19-21, Nørregade 18-20")."""
    if len(spans) < 2 or not spans[0].marked:
        return spans
    joined = [
        span
        for before, span in pairwise(spans)
        if span.marked
        or re.fullmatch(r"\s*(?:og|and|or|eller|,|/|&|\+)\s*", folded[before.end : span.start])
    ]
    return [spans[0], *joined]


_GOES_ON = re.compile(
    r"\s*(?:-|til|og slutter|to|until|till|and (?:ends?|finish\w*)|for|i) ?(?:ca\.?"
    r"|about|around|at|kl\.?)? ?\d"
)
_SHORT_GAP = 40
_UNREAD = re.compile(r"\d[.:]\d\d|\b(?:from|at|fra|kl\.?|til|until) \d")
_NEAR = re.compile(
    r"[\s,:(-]*(?:(?:aften|aftener|formiddag|formiddage|eftermiddag|eftermiddage"
    r"|morgen|middag|evenings?|afternoons?|mornings?|nights?"
    r"|lunchtimes?)[\s,:(-]*)?(?:fra|from|ml\.?|mellem)?\s*"
)


def _meets(folded: str, when: _When, language: TextLanguage) -> bool:
    """Whether days without a time are surely those of the activity: a heading, or a plain sentence."""
    words = len(folded.split())
    if words <= _FEW_WORDS and not folded[: when.start].strip():
        return True
    return words <= _PLAIN_WORDS and bool(_MEETS[language].search(folded))


def _whens(folded: str, language: TextLanguage) -> Iterator[_When]:
    two_weeks = _TWO_WEEKS[language].search(folded)
    monthly = _MONTHLY[language].search(folded)
    for match in _PHRASE[language].finditer(folded):
        before, after = (
            folded[max(0, match.start() - 24) : match.start()],
            folded[match.end() : match.end() + 30],
        )
        often, ordinal = match["often"] or "", match["ordinal"] or ""
        if _DATED.search(after) or _DATED_BEFORE.search(before):
            return
        span = match["span"] or (match["short"] if language == "da" else None)
        names = _ONE_DAY[language].findall(span or match["days"])
        if span and len(names) != 2:
            names = re.findall(r"[a-zø]{3,}", span)
        days = tuple(_STARTS[name[:2]] for name in names if name[:2] in _STARTS)
        if span:
            if len(days) != 2 or DAYS.index(days[0]) >= DAYS.index(days[1]):
                return
            days = DAYS[DAYS.index(days[0]) : DAYS.index(days[1]) + 1]
        plural = any(name.rstrip(".").endswith(("dage", "days")) for name in names)
        definite = often == "om" and any(name.endswith("en") for name in names)
        recurs = plural or definite or often in _REGULAR or bool(two_weeks)
        every: _Every = "week"
        if ordinal:
            # "The last Friday" is one day, "the last Friday of the month" is twelve a year.
            if not monthly or len(days) > 1:
                return
            every, recurs = "month", True
        elif monthly:
            return
        elif two_weeks or often in _EVERY_OTHER:
            if len(days) > 1:
                return
            every = "two_weeks"
        if not recurs and _ONCE_BEFORE[language].search(before):
            return
        yield _When(
            match.start(),
            match.end(),
            tuple(dict.fromkeys(days)),
            every,
            recurs,
            len(days) > 2 and bool(span),
        )


_EVERY_OTHER = frozenset(("hver anden", "hver 2.", "every other", "every second", "alternate"))
_REGULAR = _EVERY_OTHER | {"hver", "alle", "each", "every"}
