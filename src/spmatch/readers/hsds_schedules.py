"""HSDS schedules to sessions, and attending types to delivery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from spmatch.activity import Session
from spmatch.readers.stated import Findings, Record, date_of, number_of, text_of
from spmatch.words import Day, Delivery, minutes_of

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RHYTHMS: dict[tuple[str, float], Literal["week", "two_weeks", "month"]] = {
    ("WEEKLY", 1): "week",
    ("WEEKLY", 2): "two_weeks",
    ("MONTHLY", 1): "month",
}
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.](\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(?:([ap])\.?m\.?)?\s*(?:z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_LONGEST_CLOCK = 60
_LONGEST_DAYS = 500
_DAY = re.compile(r"([+-]?\d{1,2})?\s*([a-z]+)\.?", re.IGNORECASE)

# Attending types are free text in HSDS 3.0. Only a text that says one of these, and no more, states
# how the activity is delivered; anything longer needs reading.
_DELIVERIES: dict[str, Delivery] = {
    "online": "online",
    "virtual": "online",
    "virtually": "online",
    "remote": "online",
    "remotely": "online",
    "video": "online",
    "video call": "online",
    "in person": "in_person",
    "in-person": "in_person",
    "face to face": "in_person",
    "face-to-face": "in_person",
    "venue": "in_person",
    "on site": "in_person",
    "hybrid": "hybrid",
    "in person or online": "hybrid",
    "in-person or online": "hybrid",
    "phone": "phone",
    "telephone": "phone",
    "by phone": "phone",
    "home visit": "home_visit",
    "home visits": "home_visit",
}


def sessions_of(schedules: Sequence[Record], findings: Findings) -> tuple[Session, ...]:
    """The sessions that schedules state, in their order, each once."""
    sessions: list[Session] = []
    for schedule in schedules:
        for session in _sessions(schedule, findings.within(schedule, "schedule")):
            if session not in sessions:
                sessions.append(session)
    return tuple(sessions)


def _sessions(schedule: Record, findings: Findings) -> Iterator[Session]:
    freq = (text_of(schedule, "freq", findings) or "").upper()
    start, end = _times(schedule, findings)
    dtstart, until = _dates(schedule, findings)
    days: list[Day | None] = [*_days(schedule, findings)]
    if not (freq or days or start or end):
        return  # Prose alone ("open in term time") states no session.
    interval = number_of(schedule, "interval", findings) or 1
    # Without a frequency a weekday with opening times is one of every week, as it is everywhere
    # in the tables of HSDS 1.1.
    every = _RHYTHMS.get((freq or "WEEKLY", interval))
    if every is None:
        findings.mended(
            "freq",
            "this rhythm cannot be kept; the schedule was left out.",
            "Rhythms that are read: WEEKLY with interval 1 or 2, MONTHLY with interval 1.",
        )
        return
    if not days and every != "month" and dtstart and not text_of(schedule, "byday", findings):
        # In iCalendar a weekly event without byday falls on the weekday of its first date.
        days = [_DAYS[dtstart.weekday()]]
    _narrowed(schedule, freq, until, findings)
    for day in days or [None]:
        yield Session.model_validate(
            {
                "day": day,
                "start": start,
                "end": end,
                "every": every,
                "from": dtstart,
                "until": until,
            }
        )


def _times(schedule: Record, findings: Findings) -> tuple[str | None, str | None]:
    opens = _clock(schedule, "opens_at", findings)
    closes = _clock(schedule, "closes_at", findings)
    if closes == "00:00" and opens and opens != "00:00":
        closes = "24:00"
    if opens and closes and minutes_of(closes) <= minutes_of(opens):
        findings.mended(
            "closes_at",
            "it closes before it opens, or at once; both times were left out.",
            "Correct the times, in 24 hours: 16:00, not 4:00.",
        )
        return None, None
    return opens, closes


def _clock(schedule: Record, key: str, findings: Findings) -> str | None:
    text = text_of(schedule, key, findings)
    if text is None:
        return None
    # White space inside is single: the pattern must not have two ways to share it out.
    found = _CLOCK.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST_CLOCK else None
    if found:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        # A bare "9" may be any hour; a zone after the time is left out, because publishers write
        # the hour on the door and append "Z" or an offset to please the schema.
        clear = found[2] is not None or half
        if clear and minute < 60 and (hour < 24 or (hour, minute) == (24, 0)):
            return f"{hour:02d}:{minute:02d}"
    findings.mended(key, "this is not a time and was left out.", "Write it as HH:MM, in 24 hours.")
    return None


def _dates(schedule: Record, findings: Findings) -> tuple[date | None, date | None]:
    """The first and the last date. ``valid_from`` and ``valid_to`` are not read: they say how long
    the information holds, not that the activity begins or ends then."""
    begins, ends = date_of(schedule, "dtstart", findings), date_of(schedule, "until", findings)
    if begins and ends and ends < begins:
        findings.mended(
            "until", "it ends before it begins; both dates were left out.", "Correct the dates."
        )
        return None, None
    return begins, ends


def _days(schedule: Record, findings: Findings) -> list[Day]:
    days: list[Day] = []
    stated = text_of(schedule, "byday", findings) or ""
    if len(stated) > _LONGEST_DAYS:
        findings.mended("byday", "this is no list of days; it was left out.", "Write MO,WE,FR.")
        return days
    for word in stated.split(","):
        if not word.strip():
            continue
        found = _DAY.fullmatch(word.strip())
        day = day_of(found[2]) if found else None
        if day is None or found is None:
            findings.mended(
                "byday",
                "a day is not known and was left out.",
                "Write MO, TU, WE, TH, FR, SA or SU.",
            )
            continue
        if found[1] and int(found[1]):
            findings.mended(
                "byday",
                "which week of the month it meets cannot be kept; only the weekday was.",
                "Nothing to mend in the feed.",
            )
        if day not in days:
            days.append(day)
    return days


def day_of(name: str) -> Day | None:
    """The day that an English name means: MO, Mon, Monday or Mondays."""
    name = (
        name.strip().casefold().removesuffix("s")
        if len(name.strip()) > 5
        else name.strip().casefold()
    )
    for day, full in zip(_DAYS, _DAY_NAMES, strict=True):
        if name in (full, day, full[:2]) or (len(name) in (4, 5) and full.startswith(name)):
            return day
    return None


def _narrowed(schedule: Record, freq: str, until: date | None, findings: Findings) -> None:
    """Report what narrows the dates of a schedule further than a session can say."""
    keys = {"MONTHLY": ["bymonthday"]}.get(freq, ["byweekno"]) + ([] if until else ["count"])
    for key in keys:
        if text_of(schedule, key, findings):
            findings.mended(
                key,
                "this narrows the dates in a way that cannot be kept; day and times were.",
                "Nothing to mend in the feed.",
            )


def delivery_of(attending_types: Iterable[str], location_type: str | None) -> Delivery | None:
    """How the activity is delivered, where attending types or a virtual location state it clearly."""
    ways = {
        _DELIVERIES.get(" ".join(text.casefold().rstrip(".").split())) for text in attending_types
    }
    if location_type == "virtual":
        return "online" if ways <= {"online"} else None
    if len(ways) == 1:
        return ways.pop()
    return (
        "hybrid" if ways in ({"in_person", "online"}, {"in_person", "online", "hybrid"}) else None
    )
