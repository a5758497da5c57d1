"""OpenActive times to sessions: schedules that repeat, and single meetings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from spmatch.activity import Session
from spmatch.readers.openactive_clocks import Clocks
from spmatch.readers.openactive_items import address_of, identifier_of, term_of
from spmatch.readers.stated import Findings, Record, date_of, number_of, records_of, text_of
from spmatch.words import Day, clock_of, minutes_of

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_OF = {
    name: day for day, full in zip(_DAYS, _NAMES, strict=True) for name in (full, day, full[:2])
}
Every = Literal["week", "two_weeks", "month"]
Times = tuple[str | None, str | None]
"""Start and end of a meeting."""
_RHYTHMS: dict[str, tuple[Every, bool]] = {
    # Of a day that repeats every day, all days of the week are meant.
    "P1D": ("week", True),
    "P1W": ("week", False),
    "P7D": ("week", False),
    "P2W": ("two_weeks", False),
    "P14D": ("two_weeks", False),
    "P1M": ("month", False),
}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_DURATION = re.compile(
    r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d{1,6}(?:\.\d+)?S)?)?", re.IGNORECASE
)
_MOST_SCHEDULES = 500


@dataclass(frozen=True, slots=True)
class Meeting:
    """One dated session of a series, small enough that all those of a feed can be held."""

    where: str
    id: str | None
    start: Any
    end: Any
    duration: Any
    status: str
    places_left: Any

    @property
    def is_off(self) -> bool:
        return self.status in ("eventcancelled", "eventpostponed")


def meeting_of(record: Record, where: str) -> Meeting:
    """What an object says of one date."""
    return Meeting(
        where=where,
        id=address_of(record) or identifier_of(record),
        start=_small(record.get("startDate")),
        end=_small(record.get("endDate")),
        duration=_small(record.get("duration")),
        status=status_of(record),
        places_left=_small(record.get("remainingAttendeeCapacity")),
    )


def status_of(record: Record) -> str:
    """The state of an event without its namespace, in lower case."""
    return term_of(text_of(record, "eventStatus", Findings("")) or "").casefold()


def _small(value: Any) -> Any:
    """A value as it is if it can be a time or a number; else one that will be told as neither."""
    if (
        value is None
        or isinstance(value, int | float)
        or (isinstance(value, str) and len(value) <= 100)
    ):
        return value
    return ()


def sessions_of(
    record: Record, meetings: Sequence[Meeting], clocks: Clocks, findings: Findings
) -> tuple[Session, ...]:
    """The sessions of a record: those of its schedules, then the dates that no schedule covers."""
    repeated: dict[Session, None] = {}
    schedules = records_of(record, "eventSchedule", findings)
    if len(schedules) > _MOST_SCHEDULES:
        findings.mended(
            "eventSchedule",
            f"more than {_MOST_SCHEDULES} schedules are stated; the rest was left out.",
            "Give the dates as subEvent.",
        )
    for schedule in schedules[:_MOST_SCHEDULES]:
        inside = findings.within(schedule, "eventSchedule")
        repeated.update(dict.fromkeys(_repeated(schedule, inside)))
    dated: dict[Times, set[date]] = defaultdict(set)
    spans: set[tuple[date, date]] = set()
    for meeting in meetings:
        if not meeting.is_off:
            found = Findings(meeting.where, "subEvent.", findings.problems)
            _add_date(_record_of(meeting), clocks, found, dated, spans)
    # Of a series, its own dates are those of the first and last meeting.
    if not (repeated or dated or spans):
        _add_date(record, clocks, findings, dated, spans)
    known: dict[tuple[Day | None, str | None], list[Session]] = defaultdict(list)
    for session in repeated:
        known[session.day, session.start].append(session)
    sessions = [*repeated]
    for (start, end), days in dated.items():
        left = {day for day in days if not _is_within(day, known[_DAYS[day.weekday()], start])}
        sessions += _runs(start, end, left)
    sessions += (_session(None, None, None, "week", *span) for span in sorted(spans))
    return tuple(sessions)


def _record_of(meeting: Meeting) -> Record:
    return {"startDate": meeting.start, "endDate": meeting.end, "duration": meeting.duration}


def _repeated(schedule: Record, findings: Findings) -> Iterator[Session]:
    start = _clock(schedule, "startTime", findings)
    end = _clock(schedule, "endTime", findings)
    start, end = _in_order(start, end, schedule, "endTime", findings)
    begins, ends = date_of(schedule, "startDate", findings), date_of(schedule, "endDate", findings)
    if begins and ends and ends < begins:
        findings.mended(
            "endDate", "it ends before it begins; both dates were left out.", "Correct the dates."
        )
        begins = ends = None
    frequency = (text_of(schedule, "repeatFrequency", findings) or "P1W").upper()
    days: list[Day | None] = [*_days(schedule, findings)]
    if not (days or start or "repeatFrequency" in schedule):
        return  # Dates alone say when a schedule holds, not that it meets.
    if frequency not in _RHYTHMS:
        findings.mended(
            "repeatFrequency",
            "this rhythm cannot be kept; the schedule was left out.",
            "Rhythms that are read: P1D, P1W, P2W and P1M.",
        )
        return
    every, daily = _RHYTHMS[frequency]
    for key in ("byMonth", "byMonthDay", "exceptDate") + (() if ends else ("repeatCount",)):
        if schedule.get(key):
            findings.mended(
                key,
                "this narrows the dates in a way that cannot be kept; day and times were.",
                "Nothing to mend in the feed.",
            )
    if not days and daily:
        days = [*_days_between(begins, ends)]
    elif not days and begins and every != "month":
        days = [_DAYS[begins.weekday()]]
    for day in days or [None]:
        yield _session(day, start, end, every, begins, ends)


def _session(
    day: Day | None,
    start: str | None,
    end: str | None,
    every: Every,
    begins: date | None,
    ends: date | None,
) -> Session:
    return Session.model_validate(
        {"day": day, "start": start, "end": end, "every": every, "from": begins, "until": ends}
    )


def _days_between(begins: date | None, ends: date | None) -> Sequence[Day]:
    if begins is None or ends is None or (ends - begins).days >= 6:
        return _DAYS
    return [_DAYS[(begins.weekday() + step) % 7] for step in range((ends - begins).days + 1)]


def _days(schedule: Record, findings: Findings) -> list[Day]:
    stated = schedule.get("byDay")
    days: list[Day] = []
    for name in stated if isinstance(stated, list) else [stated] if stated is not None else []:
        day = _DAY_OF.get(term_of(name).casefold()) if isinstance(name, str) else None
        if day is None:
            findings.mended(
                "byDay", "a day is not known and was left out.", "Write https://schema.org/Monday."
            )
        elif day not in days:
            days.append(day)
    return days


def _clock(schedule: Record, key: str, findings: Findings) -> str | None:
    text = text_of(schedule, key, findings)
    if text is None:
        return None
    found = _CLOCK.fullmatch(text)
    if found:
        hour, minute = int(found[1]), int(found[2])
        if minute < 60 and (hour < 24 or (hour, minute) == (24, 0)):
            return f"{hour:02d}:{minute:02d}"
    findings.mended(key, "this is not a time and was left out.", "Write it as HH:MM, in 24 hours.")
    return None


def _in_order(
    start: str | None, end: str | None, record: Record, key: str, findings: Findings
) -> tuple[str | None, str | None]:
    """Both times of one day; an end that is not stated comes from the duration."""
    if start and end is None:
        length = _minutes(record, findings)
        if length and minutes_of(start) + length <= 24 * 60:
            end = clock_of(minutes_of(start) + length)
    if end == "00:00" and start and start != "00:00":
        end = "24:00"
    if start and end and minutes_of(end) <= minutes_of(start):
        findings.mended(
            key, "it ends before it starts, or at once; the end was left out.", "Correct the times."
        )
        end = None
    return start, end


def _minutes(record: Record, findings: Findings) -> int | None:
    text = text_of(record, "duration", findings)
    if text is None:
        return None
    found = _DURATION.fullmatch(text)
    if found is None:
        findings.mended("duration", "this is not a duration and was left out.", "Write it as PT1H.")
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return (days * 24 + hours) * 60 + minutes


def _add_date(
    record: Record,
    clocks: Clocks,
    findings: Findings,
    dated: Mapping[Times, set[date]],
    spans: set[tuple[date, date]],
) -> None:
    """Add the date of a single meeting under its start and end. A date alone has neither.

    What lasts several days meets on some day from the first to the last: on which, is not stated.
    """
    begins = clocks.local(record, "startDate", findings)
    ends = clocks.local(record, "endDate", findings)
    if begins is None:
        return
    start = f"{begins:%H:%M}" if isinstance(begins, datetime) else None
    day = begins.date() if isinstance(begins, datetime) else begins
    last = ends.date() if isinstance(ends, datetime) else ends
    end = f"{ends:%H:%M}" if isinstance(ends, datetime) else None
    overnight = last is not None and (last - day).days == 1 and end and start and end < start
    if last is not None and last > day and not overnight:
        spans.add((day, last))
        findings.note(
            "endDate",
            "it lasts several days; on which of them it meets is not stated.",
            "Give eventSchedule, or a subEvent for each day.",
        )
        return
    if last is not None and last < day:
        findings.mended(
            "endDate", "it ends before it starts; the end was left out.", "Correct the times."
        )
        end = None
    elif start:
        start, end = _in_order(start, end, record, "endDate", findings)
    dated[start, end if start else None].add(day)


def _is_within(day: date, sessions: Sequence[Session]) -> bool:
    """Whether a day is between the dates of one of these sessions."""
    return any(
        not (one.from_date and day < one.from_date) and not (one.until and day > one.until)
        for one in sessions
    )


def _runs(start: str | None, end: str | None, days: set[date]) -> Iterator[Session]:
    """Dates of one time of day as sessions: those that follow by one or two weeks are one."""
    for weekday in range(7):
        run: list[date] = []
        for day in sorted(day for day in days if day.weekday() == weekday):
            step = (day - run[-1]).days if run else 0
            fits = step in (7, 14) and (len(run) == 1 or step == (run[1] - run[0]).days)
            if run and not fits:
                yield _run(run, start, end)
                run = []
            run.append(day)
        if run:
            yield _run(run, start, end)


def _run(run: Sequence[date], start: str | None, end: str | None) -> Session:
    fortnightly = len(run) > 1 and (run[1] - run[0]).days == 14
    every: Every = "two_weeks" if fortnightly else "week"
    return _session(_DAYS[run[0].weekday()], start, end, every, run[0], run[-1])


def places_left(record: Record, meetings: Sequence[Meeting], findings: Findings) -> int | None:
    """How many can still come: to the date with most room, or, of a single event, to that.

    Full only where every date is stated to be full: one that does not say may have room.
    """
    stated = [
        _places({"remainingAttendeeCapacity": one.places_left}, findings)
        for one in meetings
        if not one.is_off
    ] or [_places(record, findings)]
    known = [places for places in stated if places is not None]
    return max(known) if known and (len(known) == len(stated) or max(known) > 0) else None


def _places(record: Record, findings: Findings) -> int | None:
    places = number_of(record, "remainingAttendeeCapacity", findings)
    if places is None:
        return None
    if not places.is_integer() or places > 1_000_000:
        findings.mended(
            "remainingAttendeeCapacity",
            "this is not a number of people and was left out.",
            "Write a whole number.",
        )
        return None
    # Where more people came than there was room for, some feeds count below 0.
    return max(int(places), 0)
