"""When sessions meet, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from spmatch.activity import Session
from spmatch.web.dates import DAYS, WEEK, Occurrence, occurrences_of
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage, wording

DAY = timedelta(days=1)


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
        fitting = next((one for one in certain if one.moment == next_session), certain[0])
        # Where there are several times, the next one says which.
        clocks = len({one.session.start for one in dated}) > 1
        if fitting.first != on:
            lines.append(_said("next", _iso(fitting, clocks), language))
        else:
            # Its hour may be past already, and who takes the sheet home reads it later.
            later = [one for one in occurrences_of(sessions, on + DAY) if one.certain][:1]
            lines += [_said("today", _iso(one, clocks), language) for one in later]
            lines += [] if later else [words.say("when.today_alone")]
    else:
        lines.append(words.say("when.which_week"))
    ends = {one.session.until for one in dated}
    if len(ends) == 1 and (end := ends.pop()) is not None:
        weekly = all(one.session.every == "week" for one in dated)
        last = max(end - (end - one.first) % WEEK for one in dated) if weekly else end
        lines.append(_said("ends" if weekly else "until", last.isoformat(), language))
    return tuple(lines)


def _said(what: str, iso: str, language: ReaderLanguage) -> str:
    moment = wording(language).moment(iso)
    if what in ("next", "today"):
        # The next time is so near that its year only takes room.
        moment = moment.removesuffix(f" {iso[:4]}")
    return page_words("handout", language).say(f"when.{what}", moment=moment)


def _iso(one: Occurrence, clocks: bool) -> str:
    return one.moment if clocks else one.first.isoformat()


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
