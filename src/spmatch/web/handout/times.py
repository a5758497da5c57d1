"""When sessions meet: the dates that are certain, and the times in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from spmatch.activity import Session
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage, wording
from spmatch.words import Day

DAYS: tuple[str, ...] = get_args(Day)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A session from its next date on.

    ``certain`` is false where only the weekday is known: one that meets every second week or every
    month, and does not say from when it counts.
    """

    session: Session
    first: date
    certain: bool


def occurrence_of(session: Session, on: date) -> Occurrence | None:
    """The next date of a session, ``on`` included; ``None`` when it has ended or states no day.

    Every month means the same weekday of the month as the first date has (its second Tuesday), as
    clubs meet. As months are sometimes counted by weeks instead, only the first date is certain.
    """
    if session.day is None:
        return None
    start = session.from_date
    begin = _on_or_after(max(start, on) if start else on, session.day)
    certain = True
    if session.every != "week":
        certain = start is not None
        if start is not None:
            anchor = _on_or_after(start, session.day)
            if session.every == "two_weeks":
                begin += WEEK * ((begin - anchor).days // 7 % 2)
            else:
                certain = anchor >= on
                while begin != anchor and week_of_month(begin) != week_of_month(anchor):
                    begin += WEEK
    if session.until is not None and begin > session.until:
        return None
    return Occurrence(session, begin, certain)


def week_of_month(day: date) -> int:
    """Which such weekday of its month a date is: 1 to 4, the fifth counts as the last (-1)."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else -1


def occurrences_of(sessions: Sequence[Session], on: date) -> tuple[Occurrence, ...]:
    """The next date of every session that still meets and states its day, soonest first."""
    found = filter(None, (occurrence_of(session, on) for session in sessions))
    return tuple(sorted(found, key=lambda one: (one.first, one.session.start or "")))


def times_in_words(
    sessions: Sequence[Session], next_session: str | None, on: date, language: ReaderLanguage
) -> tuple[str, ...]:
    """When an activity meets, a line each: its times of the week, then its next or its first date.

    ``next_session`` (``YYYY-MM-DDTHH:MM``) is said only where a session surely meets then.
    """
    words = page_words("handout", language)
    if not sessions:
        return (words.say("when.unknown"),)
    dated = occurrences_of(sessions, on)
    running = [one.session for one in dated] + [one for one in sessions if one.day is None]
    if not running:
        return (words.say("when.ended"),)
    lines = [_rhythm(group, language) for group in _alike(running)]
    if not dated:
        return tuple(lines)
    certain = [one for one in dated if one.certain]
    begins = [one.session.from_date for one in dated]
    if certain and all(begin is not None and begin > on for begin in begins):
        lines.append(_said("begins", certain[0].first.isoformat(), language))
    elif certain:
        fitting = next((one for one in certain if _iso(one) == next_session), certain[0])
        # Where there are several times, the next one says which.
        clocks = len({one.session.start for one in dated}) > 1
        lines.append(
            _said("next", _iso(fitting) if clocks else fitting.first.isoformat(), language)
        )
    else:
        lines.append(words.say("when.which_week"))
    ends = {one.session.until for one in dated}
    if len(ends) == 1 and (end := ends.pop()) is not None:
        lines.append(_said("ends", _last(dated[-1], end).isoformat(), language))
    return tuple(lines)


def _last(one: Occurrence, until: date) -> date:
    """The last date on or before ``until`` where every week counts, else ``until`` itself."""
    if one.session.every != "week":
        return until
    return until - timedelta(days=(until - one.first).days % 7)


def _said(what: str, iso: str, language: ReaderLanguage) -> str:
    moment = wording(language).moment(iso)
    if what == "next":
        # The next time is so near that its year only takes room.
        moment = moment.removesuffix(f" {iso[:4]}")
    return page_words("handout", language).say(f"when.{what}", moment=moment)


def _iso(one: Occurrence) -> str:
    start = one.session.start
    return one.first.isoformat() + (f"T{start}" if start else "")


def _on_or_after(day: date, weekday: str) -> date:
    return day + timedelta(days=(DAYS.index(weekday) - day.weekday()) % 7)


def _alike(sessions: Sequence[Session]) -> list[list[Session]]:
    """Sessions at the same time of different days together, in the order of the week."""
    groups: dict[tuple[object, ...], list[Session]] = {}
    for one in sorted(sessions, key=lambda one: (_place(one), one.start or "")):
        groups.setdefault((one.start, one.end, one.every), []).append(one)
    return list(groups.values())


def _place(session: Session) -> int:
    return DAYS.index(session.day) if session.day else len(DAYS)


def _rhythm(group: Sequence[Session], language: ReaderLanguage) -> str:
    words = page_words("handout", language)
    one = group[0]
    days = tuple(dict.fromkeys(each.day for each in group if each.day))
    names = [wording(language).term("day", day) for day in days]
    key = {"week": "every", "two_weeks": "two_weeks", "month": "month"}[one.every]
    if not names:
        key = "no_day" if one.every == "week" else f"no_day_{key}"
    clock = ""
    if one.start and one.end:
        clock = words.say("when.clock", start=one.start, end=one.end)
    elif one.start:
        clock = words.say("when.clock_from", start=one.start)
    elif one.end:
        clock = words.say("when.clock_until", end=one.end)
    said = words.say(
        f"when.{key}{'_clock' if clock else ''}", days=listed(names, language), clock=clock
    )
    return said[:1].upper() + said[1:]


def listed(names: Sequence[str], language: ReaderLanguage) -> str:
    """``one, two and three``."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + page_words("handout", language).say("list.and") + names[-1]
