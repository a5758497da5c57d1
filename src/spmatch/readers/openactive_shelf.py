"""What has to be known of a whole OpenActive source before any of it can be read.

Feeds come in pages, newer states after older ones, and split: series in one feed, their dates in a
second, their places in a third. Of each state only what decides is held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spmatch.readers.openactive_activity import inherited
from spmatch.readers.openactive_items import (
    Item,
    Key,
    Modified,
    address_of,
    identifier_of,
    kind_of,
)
from spmatch.readers.openactive_times import Meeting, meeting_of
from spmatch.readers.stated import Record

ACTIVITIES = frozenset(
    "SessionSeries Event EventSeries HeadlineEvent Course CourseInstance OnDemandEvent".split()
)
SERIES = frozenset(("SessionSeries", "CourseInstance"))
"""Kinds whose parts are dates, and which are activities wherever they stand."""
FACILITIES = frozenset("FacilityUse IndividualFacilityUse Slot IndividualSlot".split())
SILENT = frozenset(
    "Place Organization Person Brand Concept ConceptScheme Dataset DataCatalog DataDownload".split()
)
"""What others refer to, and vocabularies: no activities, and nothing is lost by passing them over."""

_ABOVE = ("superEvent", "instanceOfCourse")
_PARENTS = frozenset(("EventSeries", "HeadlineEvent", "Course"))
_FAMILY = {"Place": "place", "Organization": "organizer", "Person": "organizer"}
_HEAVY = frozenset("image logo beta:video containsPlace subEvent aggregateRating".split())
_DEEPEST = 3

Name = tuple[str, str]
"""How a record is named by others: ``@`` and its address, or its family and its identifier."""


@dataclass(frozen=True, slots=True)
class _Date:
    """One date of a series, and how its series is named."""

    number: int
    meeting: Meeting
    series: tuple[Name, ...]
    is_event: bool
    is_embedding: bool


class Shelf:
    """The states that stand, the records that others refer to, and the dates of series."""

    def __init__(self) -> None:
        self._newest: dict[Key, tuple[Modified, int]] = {}
        self._dates: dict[Key, _Date] = {}
        self._series: dict[Key, list[tuple[str, tuple[Name, ...]]]] = {}
        self._above: dict[Key, tuple[Name, ...]] = {}
        self._records: dict[Key, tuple[tuple[Name, ...], Record]] = {}
        self._by_name: dict[Name, Record | None] = {}
        self._joined: dict[Name, list[Meeting]] = defaultdict(list)
        self._led: dict[int, list[Meeting]] = {}
        self._date_numbers: set[int] = set()
        self._parents: set[Name] = set()

    def put(self, number: int, item: Item) -> None:
        """Take in one state; an older one of the same thing is forgotten."""
        key = _key(number, item)
        if key in self._newest and item.modified < self._newest[key][0]:
            return
        self._newest[key] = item.modified, number
        self._dates.pop(key, None)
        self._series.pop(key, None)
        self._above.pop(key, None)
        self._records.pop(key, None)
        data = item.data
        if data is None:
            return
        kind = kind_of(data)
        names = _names(data, _FAMILY.get(kind, "series"), item.record_id)
        if kind == "ScheduledSession" or (kind == "Event" and data.get("superEvent") is not None):
            above = data.get("superEvent")
            meeting = meeting_of(data, item.where)
            self._dates[key] = _Date(
                number,
                meeting,
                _referred(above, "series"),
                is_event=kind == "Event",
                is_embedding=isinstance(above, Mapping) and above.get("name") is not None,
            )
        if kind in ACTIVITIES:
            parts = [one for one in _list(data.get("subEvent")) if kind_of(one) in SERIES]
            self._series[key] = [
                (kind, names),
                *((kind_of(part), _names(part, "series")) for part in parts),
            ]
            self._above[key] = tuple(
                name for above in _ABOVE for name in _referred(data.get(above), "series")
            )
        if kind in _PARENTS or kind in _FAMILY:
            self._records[key] = names, {k: v for k, v in data.items() if k not in _HEAVY}

    def close(self) -> None:
        """Join the dates to their series, once every state was taken in."""
        for names, record in self._records.values():
            for name in names:
                # Two records of one identifier are told apart by nothing, unless by their address.
                self._by_name[name] = None if name in self._by_name else record
        self._parents = {name for names in self._above.values() for name in names}
        first: dict[Name, tuple[str, Name] | None] = {}
        for series in self._series.values():
            for kind, names in series:
                for name in names:
                    first[name] = None if name in first else (kind, names[0])
        leaders: dict[Name, int] = {}
        for date in sorted(
            self._dates.values(), key=lambda one: (not one.is_embedding, one.number)
        ):
            found = next((there for name in date.series if (there := first.get(name))), None)
            if date.is_event and (found is None or found[0] not in SERIES):
                continue
            self._date_numbers.add(date.number)
            if found is not None:
                self._joined[found[1]].append(date.meeting)
                continue
            leader = date.number
            if date.series:
                leader = leaders.setdefault(date.series[0], date.number)
            self._led.setdefault(leader, []).append(date.meeting)
        for held in (self._dates, self._series, self._above, self._records):
            held.clear()

    def stands(self, number: int, item: Item) -> bool:
        """Whether this state is the newest of its thing."""
        return self._newest[_key(number, item)][1] == number

    def is_date(self, number: int) -> bool:
        """Whether this item is one date of a series."""
        return number in self._date_numbers

    def is_parent(self, record: Record, item: Item) -> bool:
        """Whether other records of the source are the activities of which this one says more."""
        names = _names(record, "series", item.record_id)
        return kind_of(record) in _PARENTS and not self._parents.isdisjoint(names)

    def meetings_of(self, record: Record, item: Item) -> Sequence[Meeting]:
        """The dates of a series from elsewhere in the source."""
        record_id = item.record_id if record is item.data else None
        names = _names(record, "series", record_id)
        return self._joined.get(names[0], ()) if names else ()

    def group(self, number: int, item: Item) -> tuple[Record, Sequence[Meeting], Item] | None:
        """The series of a date, where it stands for all dates of a series that is nowhere else.

        The item is the one to name as the source of it. ``None`` for all other dates.
        """
        meetings, data = self._led.get(number), item.data
        if meetings is None or data is None:
            return None
        above = data.get("superEvent")
        if isinstance(above, Mapping) and above.get("name") is not None:
            series = inherited(above, data)
            for key in ("offers", "isAccessibleForFree"):
                if above.get(key) is None and data.get(key) is not None:
                    series = {**series, key: data[key]}
            named = bool(_names(series, "series"))
            return self.whole(series), meetings, replace(item, record_id=None) if named else item
        if all(one.is_off for one in meetings):
            return self.whole(data), meetings, item
        return self.whole({**data, "eventStatus": None}), meetings, item

    def whole(self, record: Record, above: Record | None = None) -> Record:
        """A record with what it leaves to the records above it, and with its place and organizer."""
        found, current = record, record
        for _ in range(_DEEPEST):
            parents = [self._found(current.get(key), "series") for key in _ABOVE]
            parent = next((one for one in parents if one), None)
            if parent is None:
                break
            found, current = inherited(found, parent), parent
        found = inherited(found, above)
        for key, family in (("location", "place"), ("organizer", "organizer")):
            there = self._found(found.get(key), family)
            if there:
                found = {**found, key: there}
        return found

    def _found(self, stated: object, family: str) -> Record | None:
        """What a reference means: the object that is given, with what the source says of it."""
        names = _referred(stated, family)
        there = next((one for name in names if (one := self._by_name.get(name))), None)
        if isinstance(stated, Mapping):
            return {**there, **stated} if there else stated
        return there


def _key(number: int, item: Item) -> Key:
    return item.key or ("", "#", str(number))


def _list(stated: object) -> list[Record]:
    found = stated if isinstance(stated, list) else [stated]
    return [one for one in found if isinstance(one, Mapping)]


def _names(record: Record, family: str, record_id: str | None = None) -> tuple[Name, ...]:
    """How others can name a record, the surest first."""
    address, identifier = address_of(record), identifier_of(record)
    names = [("@", address)] if address else []
    names += [(family, name) for name in (identifier, record_id) if name]
    return tuple(dict.fromkeys(names))


def _referred(stated: object, family: str) -> tuple[Name, ...]:
    """The names in a reference: an address or identifier as text, or an object that has them."""
    if isinstance(stated, Mapping):
        return _names(stated, family)
    if isinstance(stated, str) and stated.strip():
        return ("@", stated.strip()), (family, stated.strip())
    return ()
