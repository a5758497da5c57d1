"""FHIR availableTime to sessions."""

from __future__ import annotations

import re

from spmatch.activity import Session
from spmatch.readers.fhir_values import boolean_of
from spmatch.readers.stated import Findings, Record, records_of, text_of
from spmatch.words import Day, minutes_of

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


def sessions_of(service: Record, findings: Findings) -> tuple[Session, ...]:
    """The weekly times of a service, in their order, each once."""
    sessions: dict[Session, None] = {}
    start: str | None
    end: str | None
    for available in records_of(service, "availableTime", findings):
        inside = findings.within(available, "availableTime")
        if boolean_of(available, "allDay", inside):
            start, end = "00:00", "24:00"
        else:
            start = _clock(available, "availableStartTime", inside)
            end = _clock(available, "availableEndTime", inside)
            if end == "00:00" and start and start != end:
                end = "24:00"
            if start and end and minutes_of(end) <= minutes_of(start):
                inside.mended(
                    "availableEndTime",
                    "it ends before it starts, or at once; both times were left out.",
                    "Correct the times.",
                )
                start = end = None
        days: list[Day | None] = [*_days(available, inside)]
        if not (days or start or end):
            continue
        for day in days or [None]:
            sessions[Session(day=day, start=start, end=end)] = None
    return tuple(sessions)


def _days(available: Record, findings: Findings) -> list[Day]:
    stated = available.get("daysOfWeek")
    days: list[Day] = []
    for name in stated if isinstance(stated, list) else [stated] if stated is not None else []:
        day = name.strip().casefold() if isinstance(name, str) else None
        if day not in _DAYS:
            findings.mended(
                "daysOfWeek", "a day is not known and was left out.", "Write mon, tue … sun."
            )
        elif day not in days:
            days.append(day)
    return days


def _clock(available: Record, key: str, findings: Findings) -> str | None:
    text = text_of(available, key, findings)
    if text is None:
        return None
    found = _TIME.fullmatch(text)
    if found:
        hour, minute = int(found[1]), int(found[2])
        # FHIR has no 24:00: the last second of a day is its end.
        if (hour, minute, found[3]) == (23, 59, "59"):
            return "24:00"
        if minute < 60 and (hour < 24 or (hour, minute) == (24, 0)):
            return f"{hour:02d}:{minute:02d}"
    findings.mended(key, "this is not a time and was left out.", "Write it as HH:MM:SS.")
    return None
