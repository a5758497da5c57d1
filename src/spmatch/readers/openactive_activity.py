"""One OpenActive record, with the dates that belong to it, to an activity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from spmatch.activity import Activity, Ages, Capacity, Provider, Source, Theme
from spmatch.errors import Problem
from spmatch.readers.json_files import shortened
from spmatch.readers.openactive_clocks import Clocks
from spmatch.readers.openactive_items import Item, address_of, identifier_of, kind_of, term_of
from spmatch.readers.openactive_offers import cost_of
from spmatch.readers.openactive_places import (
    SUPPORT_SCHEME,
    access_of,
    concepts_of,
    country_of,
    merged,
    place_of,
)
from spmatch.readers.openactive_times import (
    Meeting,
    meeting_of,
    places_left,
    sessions_of,
    status_of,
)
from spmatch.readers.paragraphs import paragraphs_of
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, number_of, record_of, records_of, text_of
from spmatch.validation import problems_of
from spmatch.words import Delivery, Intensity, Per

_GENDERS: dict[str, Literal["any", "women", "men"]] = {
    "norestriction": "any",
    "femaleonly": "women",
    "maleonly": "men",
}
_MODES: dict[str, Delivery] = {
    "offlineeventattendancemode": "in_person",
    "onlineeventattendancemode": "online",
    "mixedeventattendancemode": "hybrid",
}
_INTENSITIES: dict[str, Intensity] = {
    "low intensity": "low",
    "moderate intensity": "moderate",
    "medium intensity": "moderate",
    "high intensity": "high",
}
# What a price is for: one date of a series, or the whole of a course. Of other kinds it is not said.
_PRICED: dict[str, Per] = {
    "SessionSeries": "session",
    "ScheduledSession": "session",
    "Event": "session",
    "Course": "once",
    "CourseInstance": "once",
}
_PARAGRAPHS = (
    "description",
    "schedulingNote",
    "attendeeInstructions",
    "meetingPoint",
    "accessibilityInformation",
)
_NOT_INHERITED = frozenset(
    "@id id @type type @context identifier url subEvent superEvent eventSchedule startDate endDate duration "
    "eventStatus remainingAttendeeCapacity maximumAttendeeCapacity offers isAccessibleForFree "
    "license".split()
)
_UNREAD = ("isCoached", "leader", "maximumAttendeeCapacity")


def inherited(child: Record, parent: Record | None) -> Record:
    """A record with what it leaves to the record above it: all but names, dates, state and prices."""
    if not parent:
        return child
    above = {key: value for key, value in parent.items() if key not in _NOT_INHERITED}
    return {**above, **{key: value for key, value in child.items() if value is not None}}


def id_of(record: Record, record_id: str | None) -> str | None:
    """The id of the activity: the address of the record, else what its own system calls it."""
    named = address_of(record) or identifier_of(record) or record_id
    return named and shortened(named)


def activity_of(
    record: Record, meetings: Sequence[Meeting], item: Item, tally: Counter[str]
) -> Iterator[Activity | Problem]:
    """The activity of a record, after the problems found in it.

    ``meetings`` are dates of it from elsewhere in the source; those inside it are added. One that is
    cancelled or put off gives a note, one without id or name problems only. ``tally`` counts what is
    told once for the whole source.
    """
    findings = Findings(item.where)
    status = status_of(record)
    if status in ("eventcancelled", "eventpostponed"):
        word = "cancelled" if status == "eventcancelled" else "postponed"
        findings.note("eventStatus", f"it is {word} and gives no activity.", "Nothing to mend.")
        yield from findings.problems
        return
    activity_id = id_of(record, item.record_id)
    title = one_line(text_of(record, "name", findings) or "")
    if not activity_id:
        findings.rejected("@id", "it has no address and no identifier.", "Give it an @id.")
    if not title:
        findings.rejected("name", "it has no name.", "State its name.")
    if not (activity_id and title):
        yield from findings.problems
        return
    facts = {
        "id": activity_id,
        "title": title,
        **_facts(record, _all_meetings(record, meetings, item.where, findings), findings, tally),
        "source": Source(
            name="OpenActive",
            url=text_of(record, "url", findings),
            licence=item.licence or text_of(record, "license", findings),
            record_id=item.record_id or identifier_of(record) or activity_id,
        ),
    }
    tally["beta"] += sum(key.startswith("beta:") for key in record if isinstance(key, str))
    tally["unread"] += sum(record.get(key) is not None for key in _UNREAD)
    try:
        activity = Activity(**facts)
    except ValidationError as error:
        yield from (*findings.problems, *problems_of(error, item.where))
    else:
        yield from findings.problems
        yield activity


def _all_meetings(
    record: Record, meetings: Sequence[Meeting], where: str, findings: Findings
) -> list[Meeting]:
    """The dates inside a record and those from elsewhere, which are newer, each once."""
    inside = [meeting_of(one, where) for one in records_of(record, "subEvent", findings)]
    elsewhere = {one.id for one in meetings if one.id}
    found = [one for one in inside if one.id is None or one.id not in elsewhere] + [*meetings]
    off = sum(one.is_off for one in found)
    if off:
        findings.note(
            "subEvent.eventStatus",
            f"{off} of {len(found)} dates are cancelled or postponed and were left out.",
            "Nothing to mend.",
        )
    return found


def _facts(
    record: Record, meetings: Sequence[Meeting], findings: Findings, tally: Counter[str]
) -> dict[str, Any]:
    location = location_of(record, findings)
    within = findings.within(location, "location")
    delivery = _delivery(record, location, findings)
    clocks = Clocks(record, country_of(location), findings)
    sessions = sessions_of(record, meetings, clocks, findings)
    tally["assumed"] += clocks.assumed
    categories = concepts_of(record, "category", "openactive-category", findings)
    left = places_left(record, meetings, findings)
    return {
        "description": _description(record, findings),
        "provider": _provider(record, findings),
        "themes": merged(
            concepts_of(record, "activity", "openactive", findings),
            categories,
            concepts_of(record, "level", "openactive-level", findings),
            concepts_of(record, "accessibilitySupport", SUPPORT_SCHEME, findings),
            concepts_of(_programme(record), "programme", "openactive-programme", findings),
        ),
        "delivery": delivery,
        "place": None if delivery == "online" else place_of(location, within),
        "sessions": sessions,
        "cost": cost_of(record, _PRICED.get(kind_of(record)), findings),
        "ages": _ages(record, findings),
        "gender": _gender(record, findings),
        "intensity": _intensity(categories),
        "access": access_of(record, location, within),
        "capacity": None if left is None else Capacity(places_left=left),
    }


def location_of(record: Record, findings: Findings) -> Record:
    """The place of a record; a place that is only named in words has no more than a name."""
    stated = record.get("location")
    if isinstance(stated, str) and stated.strip():
        if stated.startswith(("http://", "https://")):
            findings.mended(
                "location", "the place is not in the source; it was left out.", "Give its feed too."
            )
            return {}
        return {"name": stated}
    if isinstance(stated, list):
        stated = next((one for one in stated if isinstance(one, Mapping)), None)
    if stated is None:
        return {}
    return record_of({"location": stated}, "location", findings) or {}


def _delivery(record: Record, location: Record, findings: Findings) -> Delivery | None:
    stated = text_of(record, "eventAttendanceMode", findings)
    if stated is not None:
        mode = term_of(stated).casefold()
        delivery = _MODES.get(mode) or _MODES.get(f"{mode}eventattendancemode")
        if delivery is None:
            findings.mended(
                "eventAttendanceMode",
                "this is not known and was left out.",
                "Write https://schema.org/OfflineEventAttendanceMode, Online… or Mixed….",
            )
        return delivery
    if kind_of(record) == "OnDemandEvent" or kind_of(location) == "VirtualLocation":
        return "online"
    return None


def _description(record: Record, findings: Findings) -> str:
    return paragraphs_of((text_of(record, key, findings) for key in _PARAGRAPHS), findings)


def _provider(record: Record, findings: Findings) -> Provider | None:
    runs: Record = next(iter(records_of(record, "organizer", findings)), {})
    inside = findings.within(runs, "organizer")
    provider = Provider(
        name=one_line(text_of(runs, "name", inside) or "") or None,
        url=text_of(runs, "url", inside),
        phone=text_of(runs, "telephone", inside),
        email=text_of(runs, "email", inside),
    )
    return provider if provider != Provider() else None


def _programme(record: Record) -> Record:
    """The programme that a record belongs to, as a term."""
    brand = record.get("programme")
    if not isinstance(brand, Mapping):
        return {"programme": brand}
    code = identifier_of(brand) or address_of(brand)
    return {"programme": {"prefLabel": brand.get("name"), "@id": code}}


def _ages(record: Record, findings: Findings) -> Ages | None:
    stated = record_of(record, "ageRange", findings) or {}
    inside = findings.within(stated, "ageRange")
    # A single age is the lowest.
    low = number_of(stated, "minValue", inside)
    low = number_of(stated, "value", inside) if low is None else low
    high = number_of(stated, "maxValue", inside)
    if (low is not None and not 0 <= low <= 150) or (high is not None and not 0 <= high <= 150):
        inside.mended(
            "minValue", "these are not ages in years; they were left out.", "Correct the ages."
        )
        return None
    if high == 0 and not low:
        inside.mended("maxValue", "an upper age of 0 was read as not stated.", "Leave it empty.")
        high = None
    # Half years are rounded so that nobody is let in who is not stated to be.
    lowest = None if low is None else math.ceil(low)
    highest = None if high is None else math.floor(high)
    if lowest is not None and highest is not None and highest < lowest:
        inside.mended("maxValue", "it is below minValue; both were left out.", "Correct the ages.")
        return None
    return None if lowest is None and highest is None else Ages(min=lowest, max=highest)


def _intensity(categories: Sequence[Theme]) -> Intensity | None:
    """The one intensity that a category states. The level says who it is for, not how hard it is."""
    stated = {_INTENSITIES.get((theme.label or "").casefold()) for theme in categories} - {None}
    return stated.pop() if len(stated) == 1 else None


def _gender(record: Record, findings: Findings) -> Literal["any", "women", "men"] | None:
    stated = text_of(record, "genderRestriction", findings)
    if stated is None:
        return None
    gender = _GENDERS.get(term_of(stated).casefold())
    if gender is None:
        findings.mended(
            "genderRestriction",
            "this is not known and was left out.",
            "Write https://openactive.io/NoRestriction, FemaleOnly or MaleOnly.",
        )
    return gender
