"""Weekly and monthly times out of prose: when it meets, not when the office answers or the bus goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spmatch.activity import Session
from spmatch.prose.activities import does, is_activity
from spmatch.prose.clocks import Span, spans_in
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage, holds_any
from spmatch.prose.time_words import (
    ELSE,
    HEADING,
    LEFT_PAUSE,
    MEETS,
    NEVER,
    OPEN,
    PHONE,
    RIGHT_PAUSE,
    SINGLE,
    VERB,
    VERB_BESIDE,
)
from spmatch.prose.weekdays import DAYS, IN_MONTH, OTHER_RHYTHM, When, whens_in

MOST_SESSIONS = 7
_HEADING_WORDS = 2
_SHORT_NAME = 3
_FEW_WORDS, _PLAIN_WORDS = 9, 14


def time_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The sessions that the sentences state; nothing when any of them may be read in two ways."""
    found: dict[Session, tuple[Sentence, int, int]] = {}
    for place, sentence in enumerate(sentences):
        if not holds_any(sentence.folded, _LETTERS[language]):
            continue
        heading = sentences[place - 1].folded if place else ""
        if HEADING.search(heading) and not _is_plain(heading, language):
            continue
        for session, start, end in _sessions_in(sentence, language, alone=len(sentences) <= 2):
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


def _sessions_in(
    sentence: Sentence, language: TextLanguage, *, alone: bool
) -> list[tuple[Session, int, int]]:
    """The sessions of a sentence with their places in it; none as soon as one is doubtful."""
    folded = sentence.folded
    found: list[tuple[Session, int, int]] = []
    whens = whens_in(folded, language)
    if (
        not whens
        or OTHER_RHYTHM[language].search(folded)
        or IN_MONTH.search(folded)
        or NEVER[language].search(folded)
        or not _is_of_activity(folded, whens, language)
    ):
        return []
    if not all(when.recurs for when in whens) and SINGLE[language].search(folded):
        return []
    spans = list(spans_in(folded, language))
    used: list[Span] = []
    for place, when in enumerate(whens):
        until = whens[place + 1].start if place + 1 < len(whens) else len(folded)
        since = whens[place - 1].end if place else 0
        own = _first_alone([span for span in spans if when.end <= span.start < until], folded)
        if not own and place == 0:
            own = [span for span in spans if since <= span.start and span.end <= when.start]
        if len(own) > 1 or any(span.begins is None for span in own):
            return []
        if when.long_span and (OPEN.search(folded) or not own):
            return []
        if own:
            span = own[0]
            # "Kl. 10 til ca. 12" would be half a time.
            if span.finish is None and _GOES_ON.match(folded, span.end):
                return []
            gap = (
                folded[when.end : span.start]
                if span.start >= when.end
                else folded[span.end : when.start]
            )
            before = span.start < when.start
            near = (
                _NEAR.fullmatch(gap)
                or (not before and _names_activity(gap, language))
                or (before and span.marked and len(gap) <= _SHORT_GAP)
            )
            if (before or not when.recurs) and not near:
                return []
        elif (
            not when.recurs
            or (when.every == "month" and not alone)
            or not _meets(folded, when, language)
            or _UNREAD.search(folded)
        ):
            return []
        used += own
        start, end = own[0].clocks if own else (None, None)
        last = max(when.end, own[0].end) if own else when.end
        for day in when.days:
            found.append(
                (Session(day=day, start=start, end=end, every=when.every), when.start, last)
            )
    # "From 10 every Tuesday until noon": a time that belongs to no day makes the others doubtful.
    return [] if any(span.marked and span not in used for span in spans) else found


def _names_activity(gap: str, language: TextLanguage) -> bool:
    """Whether a weekday and its time have but a name between them: "Friday lunch club, 12-2pm"."""
    words = gap.strip(" ,:").split()
    return 0 < len(words) <= _SHORT_NAME and all(is_activity(word, language) for word in words)


def _is_plain(folded: str, language: TextLanguage) -> bool:
    return not (NEVER[language].search(folded) or ELSE[language].search(folded))


def _is_of_activity(folded: str, whens: Sequence[When], language: TextLanguage) -> bool:
    """Whether the days are those of something that people do together, or stand under a heading."""
    left = LEFT_PAUSE.split(folded[: whens[0].start])[-1]
    cut = RIGHT_PAUSE.search(folded, whens[-1].end)
    own = left + folded[whens[0].start : cut.start() if cut else len(folded)]
    if ELSE[language].search(own) or PHONE.search(own):
        return False
    if does(folded, language):
        return True
    before, after = VERB_BESIDE[language]
    ends = max((span.end for span in spans_in(folded, language)), default=whens[-1].end)
    return (
        len(re.split("[,:]", left)[-1].split()) <= _HEADING_WORDS
        and not VERB[language].search(own)
        and not before.search(left)
        and not after.match(folded, max(ends, whens[-1].end))
    )


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


def _meets(folded: str, when: When, language: TextLanguage) -> bool:
    """Whether days without a time are surely those of the activity: a heading, or a plain sentence."""
    words = len(folded.split())
    if words <= _FEW_WORDS and not folded[: when.start].strip():
        return True
    return words <= _PLAIN_WORDS and bool(MEETS[language].search(folded))
