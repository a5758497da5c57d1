"""Weekdays and times as cells write them: ``Mandag og torsdag kl. 10-12 (lige uger)``, ``Mon-Fri 2-4pm``.

The whole text has to be understood. Words in brackets, and rhythms that a session cannot say in
full, leave the sessions and are told to be kept; anything else unknown leaves no session at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spmatch.readers.cells import Style, plain
from spmatch.readers.mapping_fields import Every
from spmatch.words import Day, minutes_of

Span = tuple[str, str | None]
"""When it begins and ends, ``HH:MM``; the end where stated."""

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = (
    "mandag|man|monday|mon", "tirsdag|tirs|tir|tuesday|tues|tue", "onsdag|ons|wednesday|wed",
    "torsdag|tors|tor|thursday|thurs|thur|thu", "fredag|fre|friday|fri", "lørdag|lør|saturday|sat",
    "søndag|søn|sunday|sun",
)  # fmt: skip
_DAY_OF = {
    name: day for day, names in zip(_DAYS, _DAY_NAMES, strict=True) for name in names.split("|")
}
_DAY = rf"(?:{'|'.join(sorted(_DAY_OF, key=len, reverse=True))})(?:s|e|en|ene)?\b\.?"
_MANY_DAYS: tuple[tuple[str, tuple[Day, ...]], ...] = (
    (r"(?:alle )?hverdage\b|(?:on )?weekdays\b", _DAYS[:5]),
    (
        r"alle (?:ugens )?dage\b|alle ugens 7 dage\b|hver dag\b|dagligt?\b|every day\b|daily\b",
        _DAYS,
    ),
    (r"weekend(?:en|er|s)?\b", _DAYS[5:]),
)
_TO = r"\s*(?:-|til|to|until|through)\s*"
_HALF = r"(?:\s*([ap])\.?m\b\.?)?"
_CLOCK = rf"(\d{{1,2}})(?:[:.](\d{{2}})(?::00)?)?(?![\d.:]\d){_HALF}"
_MONTH = (
    r"(?:i\s+(?:hver\s+|en\s+)?måned(?:en)?|(?:of|in)\s+(?:the|each|every)\s+month|hver\s+måned)\b"
)
_NTH = (
    r"(?:den\s+|the\s+)?(?:[1-5](?:\.|st|nd|rd|th)|første|anden|tredje|fjerde|sidste"
    r"|first|second|third|fourth|last)"
)
_TOKENS = re.compile(
    "|".join(
        (
            rf"(?P<monthly>{_NTH}\s+(?P<nth>{_DAY})\s+{_MONTH})",
            r"(?P<fortnight>(?:i\s+)?u?lige\s+uger\b|hver\s+(?:anden|2\.)(?:\s+uge)?\b|hver\s+14\.\s+dag\b"
            r"|(?:in\s+)?(?:even|odd)\s+weeks\b|every\s+(?:other|second|two)(?:\s+weeks?)?\b|fortnightly\b|hver\s+2\.\s*uge\b)",
            r"(?P<weekly>hver uge\b|ugentligt?\b|every week\b|weekly\b)",
            *(f"(?P<many{n}>{words})" for n, (words, _) in enumerate(_MANY_DAYS)),
            rf"(?P<first>{_DAY}){_TO}(?P<last>{_DAY})",
            rf"(?P<day>{_DAY})",
            rf"(?P<span>(?:kl\.?\s*|fra\s+|from\s+|at\s+)*{_CLOCK}{_TO}(?:kl\.?\s*)?{_CLOCK})",
            rf"(?P<start>(?P<clearly>kl\.?\s*|at\s+)?{_CLOCK})",
            r"(?P<filler>(?:hver|every|each|on|om|kl|fra|from|at)\b\.?|[.,:;/&+]|(?:og|and|samt)\b|-)",
        )
    )
)
_ASIDE = re.compile(r"\(([^()]*)\)")
_ENDED = re.compile(
    r"\b(?:aflyst|lukket|udgår|udgået|ophørt|ophører|pause|slut|cancell?ed|closed|suspended|ended|paused)\b"
)


@dataclass(slots=True)
class Times:
    """What a text states: groups of days with their times, and how often.

    ``in_full`` is false where the words say more than sessions can, and so should be kept.
    """

    groups: list[tuple[list[Day], list[Span]]] = field(default_factory=list)
    every: Every = "week"
    in_full: bool = True
    hours_first: bool = False

    @property
    def days(self) -> set[Day]:
        return {day for days, _ in self.groups for day in days}

    def slots(self) -> Iterator[tuple[Day | None, Span | None]]:
        """Each day with each of its times."""
        nothing = (None,)
        for days, spans in self.groups:
            for day in days or nothing:
                for span in spans or nothing:
                    yield day, span


def times_of(text: str, style: Style) -> Times | None:
    """The weekdays and times of a text, or ``None`` when it is not understood."""
    text = plain(text)
    if re.search(r"\bkl\b", text):
        style = "da"  # Hours after "kl." are Danish, whatever the rest of the sheet is.
    times = Times()
    asides = _ASIDE.findall(text)
    rest = _ASIDE.sub(" ", text)
    if _ENDED.search(text) or len(text) > 1_000:
        return None
    for aside in asides:
        _aside(aside.strip(), times)
    position = 0
    while position < len(rest):
        if rest[position].isspace():
            position += 1
            continue
        found = _TOKENS.match(rest, position)
        if found is None or not _take(found, times, style):
            return None
        position = found.end()
    for days, spans in times.groups:
        # Two days and two times may belong to each other crosswise, or one by one: nobody can tell.
        if len(days) > 1 and len(spans) > 1:
            spans.clear()
            times.in_full = False
        if days and not spans and any(other for _, other in times.groups):
            times.in_full = False
    return times if times.groups else None


def times_of_columns(day: str | None, hours: str | None, style: Style) -> Times | None:
    """The same of two cells, one for the days and one for the times; either may be empty.

    Days named again beside the times have to be those of the other cell.
    """
    if not (day and hours):
        return times_of(day or hours or "", style)
    on, at = times_of(day, style), times_of(hours, style)
    if on is None:
        return None
    if at is None:
        # The days stand, whatever the other cell says, unless it says that it is over.
        if _ENDED.search(plain(hours)) or not on.days:
            return None
        on.in_full = False
        return on
    if at.days:
        return at if at.days == on.days and not any(spans for _, spans in on.groups) else None
    return times_of(f"{day} {hours}", style)


def _aside(words: str, times: Times) -> None:
    found = _TOKENS.fullmatch(words)
    if found and found.lastgroup == "weekly":
        return
    if found and found["fortnight"]:
        times.every = "two_weeks"
    times.in_full = False


def _take(found: re.Match[str], times: Times, style: Style) -> bool:
    """Add one token to the times; false where it cannot be."""
    if found["filler"] or found["weekly"]:
        return True
    if found["fortnight"]:
        times.every, times.in_full = "two_weeks", False
        return True
    if found["span"] or found["start"]:
        span = _span(found, style)
        if span is None:
            return False
        if not times.groups:
            times.groups.append(([], []))
            times.hours_first = True
        elif times.hours_first and times.days:
            return False
        times.groups[-1][1].append(span)
        return True
    if found["monthly"]:
        times.every, times.in_full = "month", False
        days: tuple[Day, ...] = (_day(found["nth"]),)
    elif found["first"]:
        first, last = _DAYS.index(_day(found["first"])), _DAYS.index(_day(found["last"]))
        if last <= first:
            return False
        days = _DAYS[first : last + 1]
    elif found["day"]:
        days = (_day(found["day"]),)
    else:
        days = next(days for n, (_, days) in enumerate(_MANY_DAYS) if found[f"many{n}"])
    # A day after a time begins a new group, unless the times come first: "10-12 mandag og onsdag".
    if not times.groups or (times.groups[-1][1] and not times.hours_first):
        times.groups.append(([], []))
    group = times.groups[-1][0]
    group.extend(day for day in days if day not in group)
    return True


def _day(word: str) -> Day:
    word = word.rstrip(".")
    for ending in ("", "s", "e", "en", "ene"):
        if word.endswith(ending) and (name := word[: len(word) - len(ending)]) in _DAY_OF:
            return _DAY_OF[name]
    raise AssertionError("the pattern of days knows a day that the table does not")


# The numbered groups of the token pattern: hour, minute, half of each clock.
_SPAN_GROUPS = slice(0, 6)


def _span(found: re.Match[str], style: Style) -> Span | None:
    numbered = [found[index] for index in _NUMBERED]
    if found["start"]:
        hour, minute, half = numbered[6:9]
        clear = bool(found["clearly"] or minute or half)
        start = _clock(hour, minute, half, style) if clear else None
        return None if start is None else (start, None)
    hour, minute, half, to_hour, to_minute, to_half = numbered[_SPAN_GROUPS]
    end = _clock(to_hour, to_minute, to_half, style)
    if half is None and to_half is not None and int(hour) <= 12:
        # "2-4pm" and "10-2pm": the same half of the day where that is before the end, else the other.
        for half in (to_half, "a"):
            start = _clock(hour, minute, half, style)
            if start and end and minutes_of(start) < minutes_of(end):
                return start, end
        return None
    start = _clock(hour, minute, half, style)
    if start is None or end is None or minutes_of(end) <= minutes_of(start):
        return None
    return start, end


_NAMED = set(_TOKENS.groupindex.values())
_NUMBERED = [index for index in range(1, _TOKENS.groups + 1) if index not in _NAMED]


def clock_of_text(text: str, style: Style) -> str | None:
    """A single time of day as ``HH:MM``: ``10:00``, ``3pm``, ``kl. 19``; ``None`` if not clear."""
    times = times_of(text, style)
    if times is None or not times.in_full or times.days or times.every != "week":
        return None
    ((_, spans),) = times.groups
    return spans[0][0] if len(spans) == 1 and spans[0][1] is None else None


def _clock(hour: str, minute: str | None, half: str | None, style: Style) -> str | None:
    h, m = int(hour), int(minute or 0)
    if half:
        if not 1 <= h <= 12:
            return None
        h = h % 12 + (12 if half == "p" else 0)
    elif minute is None and not (7 <= h <= 24 if style == "da" else 13 <= h <= 24):
        return None  # "2-4" may be at night or in the afternoon; so may "10-12" in English.
    if m >= 60 or h > 24 or (h == 24 and m):
        return None
    return f"{h:02d}:{m:02d}"
