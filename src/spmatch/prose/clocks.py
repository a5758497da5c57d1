"""Times of day in a sentence: "kl. 10-12", "6:30 - 9pm", "10am to noon"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spmatch.prose.passages import TextLanguage
from spmatch.words import clock_of


@dataclass(frozen=True, slots=True)
class Span:
    """A time of day: minutes since midnight, ``finish`` absent where only the start is said.

    Both are ``None`` where a time is written that can be read in two ways.
    """

    start: int
    end: int
    begins: int | None
    finish: int | None
    marked: bool = False
    """Whether a word makes it a time: "kl.", "at", "pm", "noon"."""

    @property
    def clocks(self) -> tuple[str | None, str | None]:
        """Start and end as ``HH:MM``."""
        return (
            None if self.begins is None else clock_of(self.begins),
            None if self.finish is None else clock_of(self.finish),
        )


_DA = r"(?P<{0}h>[01]?\d|2[0-4])(?:[.:](?P<{0}m>[0-5]\d))?(?![\d/]|[.,:]\d)"
_BETWEEN_DA = r"\s?(?:-|til|og)\s?(?:kl\.?\s?)?"
_NOT_COUNTED = (
    r"(?!\s?(?:år|kr|kroner|pers|personer|deltagere|km|kilometer|%|uger|gange|mdr"
    r"|måneder|min\b|minutter|timer|pladser|,-|\.-|[a-zæøå]*årige|\+|euro|[£$€]"
    r"|people|years|yrs|weeks|miles|sessions|places|mins?\b|minutes|hours|of us|pounds"
    r"|month|steps))"
)
_DANISH = re.compile(
    rf"(?:\b(?:fra|mellem|ml\.?|imellem)\s)?\b(?:kl\.?"
    rf"|klokken)\s?{_DA.format('a')}(?:{_BETWEEN_DA}{_DA.format('b')})?{_NOT_COUNTED}"
    rf"|\b(?:fra|mellem|ml\.?|imellem)\s{_DA.format('c')}\s?(?:-|til"
    rf"|og)\s?{_DA.format('d')}{_NOT_COUNTED}"
    rf"|(?<![\d.,:/-]){_DA.format('e')}\s?(?:-|til)\s?{_DA.format('f')}{_NOT_COUNTED}(?!-)"
)
_NOON = r"(?:12 ?)?(?:noon|midday|midnight)|noon"
_EN = (
    r"(?:(?P<{0}h>[01]?\d|2[0-3])(?:[.:](?P<{0}m>[0-5]\d))?(?![\d/]"
    r"|[.:]\d)(?:\s?(?P<{0}p>[ap])\.?m\b\.?|\s(?P<{0}n>noon|midday))?"
    r"|(?P<{0}w>noon|midday|midnight)\b)"
)
_ENGLISH = re.compile(
    rf"(?<![\d.,:/£$€-])(?:\b(?:from|between|at)\s)?\b{_EN.format('a')}\s?(?:-|to|until"
    rf"|till|til|and)\s?{_EN.format('b')}{_NOT_COUNTED}"
    rf"|\b(?:at|from)\s{_EN.format('c')}{_NOT_COUNTED}"
    rf"|(?<![\d.,:/£$€-])\b(?P<eh>1?\d)(?:[.:](?P<em>[0-5]\d))?\s?(?P<ep>[ap])\.?m\b\.?"
    r"|\b(?:12 )?(?P<gw>noon|midday)\b"
)
_TIME_OF_DAY = re.compile(r"evening|afternoon|night")
_LIKELIEST = range(9, 12)
"""Hours of a start without am or pm that nobody reads as an evening."""


def spans_in(folded: str, language: TextLanguage) -> Iterator[Span]:
    """Every time of day in a folded sentence, in order."""
    if language == "da":
        for match in _DANISH.finditer(folded):
            yield _marked(_danish(match), match)
        return
    time_of_day = _TIME_OF_DAY.search(folded)
    for match in _ENGLISH.finditer(folded):
        said = match.groupdict()
        if said["ep"]:
            yield Span(*match.span(), _minutes(said, "e", said["ep"]), None, True)
        elif said["gw"]:
            yield Span(*match.span(), 720, None, True)
        elif said["ch"] or said["cw"]:
            yield Span(*match.span(), _alone(said), None, True)
        else:
            yield _marked(_english_range(match, time_of_day[0] if time_of_day else ""), match)


def _marked(span: Span, match: re.Match[str]) -> Span:
    return replace(span, marked=bool(_MARK.search(match[0])))


_MARK = re.compile(r"k|at |[ap]\.?m\b|noon|midday")


def _danish(match: re.Match[str]) -> Span:
    said = match.groupdict()
    first, last = next(pair for pair in ("ab", "cd", "ef") if said[f"{pair[0]}h"])
    begins = _of_day(said, first)
    finish = _of_day(said, last) if said[f"{last}h"] else None
    # "kl. 2-4" is said of an afternoon as well as of a night.
    if (
        begins is None
        or begins < 6 * 60
        or (said[f"{last}h"] and (finish is None or finish <= begins))
    ):
        return Span(*match.span(), None, None)
    return Span(*match.span(), begins, finish)


def _of_day(said: dict[str, str | None], name: str) -> int | None:
    minutes = int(said[f"{name}h"] or 0) * 60 + int(said[f"{name}m"] or 0)
    return minutes if minutes <= 24 * 60 else None


def _minutes(said: dict[str, str | None], name: str, half: str | None) -> int | None:
    """Minutes of an English time; ``half`` is ``a``, ``p`` or ``None`` for a 24-hour clock."""
    word = said.get(f"{name}w") or said.get(f"{name}n")
    if word:
        return 24 * 60 if word == "midnight" else 12 * 60
    hour, minute = int(said[f"{name}h"] or 0), int(said[f"{name}m"] or 0)
    if half is None:
        return hour * 60 + minute
    if not 1 <= hour <= 12:
        return None
    return (hour % 12 + (12 if half == "p" else 0)) * 60 + minute


def _alone(said: dict[str, str | None]) -> int | None:
    if said["cw"] or said["cn"] or said["cp"]:
        return _minutes(said, "c", said["cp"])
    minutes = _minutes(said, "c", None)
    if minutes is None or (minutes >= 13 * 60 and not said["cm"]):
        return None
    return minutes if minutes >= 13 * 60 or minutes // 60 in _LIKELIEST else None


def _english_range(match: re.Match[str], time_of_day: str) -> Span:
    said = match.groupdict()
    halves = said["ap"], said["bp"]
    finish = _minutes(said, "b", halves[1])
    begins: int | None
    if said["aw"] or said["an"] or halves[0]:
        begins = _minutes(said, "a", halves[0])
        if not halves[1] and not (said["bw"] or said["bn"]) and begins is not None:
            # "10am-12" ends at noon, "10am-2" and "6pm-8" after it.
            tried = [_minutes(said, "b", half) for half in "ap"]
            later = [end for end in tried if end is not None and end > begins]
            plain = _minutes(said, "b", None)
            finish = plain if plain is not None and plain >= 13 * 60 else min(later, default=None)
    elif halves[1] or said["bw"] or said["bn"]:
        tried = [_minutes(said, "a", half) for half in "pa"]
        earlier = [one for one in tried if one is not None and finish is not None and one < finish]
        begins = max(earlier, default=None)
    elif time_of_day in ("evening", "night", "afternoon"):
        begins, finish = (_minutes(said, name, "p") for name in "ab")
        earliest = 12 if time_of_day == "afternoon" else 17
        if begins is not None and begins < earliest * 60:
            begins = None
    else:
        begins = _minutes(said, "a", None)
        clear = begins is not None and finish is not None
        hour = -1 if begins is None else begins // 60
        sure = (
            hour >= 13
            or (hour in _LIKELIEST and finish is not None and finish <= 16 * 60)
            or (
                bool(said["ah"])
                and len(said["ah"] or "") == 2
                and (said["ah"] or "").startswith("0")
            )
        )
        if not (clear and sure):
            return Span(*match.span(), None, None)
    if begins is None or finish is None or finish <= begins or finish - begins > 12 * 60:
        return Span(*match.span(), None, None)
    return Span(*match.span(), begins, finish)
