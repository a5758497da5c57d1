"""OpenActive: pages of RPDE, folders of such pages, and single objects of JSON-LD.

A source is read twice. The first time only what decides is kept: which state of each item is the
newest, and the records that others refer to (places, series of events, courses, dates of series).
The second time each record that stands becomes an activity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.json_files import json_files
from spmatch.readers.openactive_activity import activity_of
from spmatch.readers.openactive_clocks import ASSUMED_ZONE
from spmatch.readers.openactive_items import Item, items_of, kind_of, seems_openactive
from spmatch.readers.openactive_shelf import ACTIVITIES, FACILITIES, SERIES, SILENT, Shelf
from spmatch.readers.stated import Findings, Record, records_of

_NOTES = (
    (
        "facilities",
        "@type",
        "facilities and their slots are no activities with company; so many were left out",
        "Nothing to mend.",
    ),
    (
        "assumed",
        "startDate",
        f"times in UTC without a stated zone were read as those of {ASSUMED_ZONE}",
        "State scheduleTimezone, or write the offset of the place.",
    ),
    ("beta", "", "fields whose name begins with beta: were not read", "Nothing to mend."),
    (
        "unread",
        "",
        "facts that have no place in an activity (isCoached, leader, maximumAttendeeCapacity) "
        "were not read",
        "Nothing to mend.",
    ),
)


class OpenActiveReader:
    """Reads OpenActive opportunity data."""

    name = "OpenActive"

    def recognises(self, path: Path) -> bool:
        """JSON that begins like a page of RPDE, or that names OpenActive as its vocabulary."""
        return seems_openactive(path)

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        shelf = Shelf()
        licences: dict[str, str] = {}
        for number, item in enumerate(items_of(path, licences)):
            if isinstance(item, Item):
                shelf.put(number, item)
        shelf.close()
        tally: Counter[str] = Counter()
        told: set[Problem] = set()
        for number, item in enumerate(items_of(path, licences)):
            found = [item] if isinstance(item, Problem) else _read(number, item, shelf, tally)
            for one in found:
                if not isinstance(one, Problem):
                    yield one
                elif one not in told:
                    told.add(one)
                    yield one
        yield from _told_once(path.name, tally)

    def files(self, path: Path) -> list[Path]:
        return json_files(path)


def _read(
    number: int, item: Item, shelf: Shelf, tally: Counter[str]
) -> Iterator[Activity | Problem]:
    if item.data is None or not shelf.stands(number, item):
        return
    kind = kind_of(item.data)
    if kind in FACILITIES:
        tally["facilities"] += 1
    elif shelf.is_date(number):
        yield from _dates(number, item, shelf, tally)
    elif kind in ACTIVITIES:
        if shelf.is_parent(item.data, item):
            return
        whole = shelf.whole(item.data)
        parts = _series_inside(item.data)
        for part in parts:
            named = replace(item, record_id=None)
            yield from activity_of(
                shelf.whole(part, whole), shelf.meetings_of(part, item), named, tally
            )
        if not parts:
            yield from activity_of(whole, shelf.meetings_of(item.data, item), item, tally)
    elif kind not in SILENT:
        yield Problem(
            item.where,
            "@type",
            "this type is not known." if kind else "the type is not stated.",
            f"Types that are read: {', '.join(sorted(ACTIVITIES))}, ScheduledSession.",
        )


def _dates(
    number: int, item: Item, shelf: Shelf, tally: Counter[str]
) -> Iterator[Activity | Problem]:
    """The activity of dates whose series is nowhere else; nothing for one that was joined."""
    group = shelf.group(number, item)
    if group is None:
        return
    record, meetings, named = group
    if record.get("name") is None and record.get("superEvent") is not None:
        yield Problem(
            item.where,
            "superEvent",
            f"the series of {len(meetings)} dates is not in the source, and they have no name.",
            "Give the feed of the series as well.",
        )
    else:
        yield from activity_of(record, meetings, named, tally)


def _series_inside(record: Record) -> list[Record]:
    """The series that a record holds, each of which is an activity of its own."""
    inside = records_of(record, "subEvent", Findings(""))
    return [one for one in inside if kind_of(one) in SERIES]


def _told_once(name: str, tally: Counter[str]) -> Iterator[Problem]:
    """Notes on the whole source, with counts."""
    for key, field, reason, remedy in _NOTES:
        if tally[key]:
            yield Problem(name, field, f"{reason}: {tally[key]}.", remedy, "note")
