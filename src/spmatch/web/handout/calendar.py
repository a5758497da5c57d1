"""The sessions of a handout as a calendar file (iCalendar, RFC 5545).

Times are local times without a zone ("floating", section 3.3.5, form 1). A catalogue states the time
on the clock at the place, and no zone; so the clock is what a telephone should show, on both sides of
the change to summer time, in whichever country the catalogue lies.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from spmatch.web.dates import Occurrence
from spmatch.web.handout.content import Handout, Offer
from spmatch.web.handout.easy import untied
from spmatch.words import minutes_of

LINE_OCTETS = 75
WHAT_CHARACTERS = 200

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:spmatch:session")


def has_times(handout: Handout) -> bool:
    """Whether there is anything to put into a calendar."""
    return any(offer.occurrences for offer in handout.offers)


def calendar_of(handout: Handout) -> bytes:
    """A calendar file with one repeating event a session, from its next date on.

    A session of which it is not known in which week it meets is tentative, and its title says to call
    first. The same session has the same UID in every file, so that a second import changes it and
    does not double it. Says nothing of the person.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//spmatch//handout//EN", "METHOD:PUBLISH"]
    for offer in handout.offers:
        for occurrence in offer.occurrences:
            lines += _event(offer, occurrence, handout)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(offer: Offer, occurrence: Occurrence, handout: Handout) -> Iterator[str]:
    session = occurrence.session
    parts = (offer.id, session.day, session.start, session.end, session.every)
    uid = uuid.uuid5(_NAMESPACE, "\n".join(map(str, parts)))
    summary = offer.title
    if not occurrence.certain:
        summary = handout.words.say("calendar.call_first", title=offer.title)
    # An event that began years ago would fill the past of the calendar: it begins at its next date.
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@spmatch"
    yield f"DTSTAMP:{handout.on:%Y%m%d}T000000Z"
    yield from _span(occurrence)
    yield f"RRULE:{_rule(occurrence)}"
    yield f"SUMMARY:{_escaped(summary)}"
    yield f"STATUS:{'CONFIRMED' if occurrence.certain else 'TENTATIVE'}"
    yield f"DESCRIPTION:{_escaped(_description(offer, occurrence, handout))}"
    if place := ", ".join(offer.place):
        yield f"LOCATION:{_escaped(place)}"
    if offer.url:
        yield f"URL:{_escaped_uri(offer.url)}"
    yield "END:VEVENT"


def _span(occurrence: Occurrence) -> Iterator[str]:
    session, day = occurrence.session, occurrence.first
    if session.start is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        return
    yield f"DTSTART:{_local(day, session.start)}"
    if session.end is not None:
        yield f"DTEND:{_local(day, session.end)}"


def _rule(occurrence: Occurrence) -> str:
    session, day = occurrence.session, occurrence.first
    weekday = "MO TU WE TH FR SA SU".split()[day.weekday()]
    match session.every:
        case "week":
            rule = f"FREQ=WEEKLY;BYDAY={weekday}"
        case "two_weeks":
            rule = f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"
        case _:
            rule = f"FREQ=MONTHLY;BYDAY={occurrence.week}{weekday}"
    if session.until is None:
        return rule
    # UNTIL is of the kind of DTSTART: a date for a day, a local time for a time (section 3.3.10).
    last = _local(session.until, "23:59") if session.start else f"{session.until:%Y%m%d}"
    return f"{rule};UNTIL={last}"


def _description(offer: Offer, occurrence: Occurrence, handout: Handout) -> str:
    say = handout.words.say
    lines = [
        "" if occurrence.certain else say("calendar.check"),
        offer.provider,
        f"{say('label.phone')}: {offer.phone}" if offer.phone else "",
        f"{say('label.price')}: {offer.price}",
        offer.what(WHAT_CHARACTERS),
    ]
    return "\n".join(filter(None, lines))


def _local(day: date, clock: str) -> str:
    """A local time; 24:00 is the midnight after."""
    moment = datetime.combine(day, time()) + timedelta(minutes=minutes_of(clock))
    return f"{moment:%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    """A text value (section 3.3.11). Control characters are not allowed in one, and left out."""
    text = untied(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\n", "\\n").replace("\t", " ")
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cc")


def _escaped_uri(url: str) -> str:
    return "".join(sign for sign in url if sign.isprintable() and not sign.isspace())


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of them ending inside a character (section 3.1)."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LINE_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + sign, octets + size
    return "\r\n".join([*pieces, piece])
