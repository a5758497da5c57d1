"""An activity as a row: its record, its vectors, and the facts that limits look at, each in a column.

What a column holds follows ``spmatch.columns`` and ``spmatch.sessions``: the statements of
``spmatch.store.limits`` must drop nothing that the engine would keep.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, get_args

from spmatch.activity import Access, Activity, FirstVisit, Session
from spmatch.contracts import Vectors
from spmatch.geography import EARTH_RADIUS_KM, Gazetteer, Placed, Point
from spmatch.meaning import Sentences, activity_text
from spmatch.stacked import AnyVectors
from spmatch.store.packing import JsonText, Vector, pack
from spmatch.words import Day, minutes_of

DAYS: tuple[Day, ...] = get_args(Day)
AT_HOME = ("online", "phone")
"""Deliveries that no distance excludes."""

COLUMNS: dict[str, str] = {
    "id": "text",
    "revision": "int8",
    "digest": "bytea",
    "mark": "int8",
    "text_digest": "bytea",
    "record": "jsonb",
    "vector": "vector",
    "sentences": "text[]",
    "sentence_vectors": "vector[]",
    "lat": "float8",
    "lon": "float8",
    "margin_km": "float8",
    "vague": "bool",
    "west": "float8",
    "south": "float8",
    "east": "float8",
    "north": "float8",
    "delivery": "text",
    "amount": "float8",
    "per": "text",
    "currency": "text",
    "concession_for": "text[]",
    "concession_amount": "float8[]",
    "age_min": "int2",
    "age_max": "int2",
    "gender": "text",
    "languages": "text[]",
    "access_yes": "text[]",
    "access_no": "text[]",
    "first_visit_yes": "text[]",
    "first_visit_no": "text[]",
    "referral": "text",
    "places_left": "int4",
    "waiting_list": "bool",
    "intensity": "text",
    "session_day": "int2[]",
    "session_start": "int2[]",
    "session_end": "int2[]",
    "session_last": "date[]",
    "ends": "date",
}
"""Name → type, in the order in which rows are sent."""

WORLD = (-180.0, -90.0, 180.0, 90.0)

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_STEP_DAYS = {"week": 7, "two_weeks": 14, "month": 7}
"""Four weeks are only about a month: any such weekday may be the next."""


@dataclass(frozen=True, slots=True)
class Row:
    """An activity that is ready to be sent, but for the number of its revision."""

    id: str
    record: str
    text_digest: bytes
    digest: bytes
    activity: Activity
    vector: Vector
    sentences: tuple[str, ...]
    sentence_vectors: Vectors

    @property
    def mark(self) -> int:
        return mark_of(self.digest)

    @property
    def holds_nul(self) -> bool:
        """Whether its record holds the one character that PostgreSQL cannot hold."""
        return _NUL.search(self.record) is not None

    def values(self, revision: int, gazetteer: Gazetteer) -> list[Any]:
        """In the order of ``COLUMNS``."""
        facts = facts_of(self.activity, gazetteer)
        sent = {
            "id": self.id,
            "revision": revision,
            "digest": self.digest,
            "mark": self.mark,
            "text_digest": self.text_digest,
            "record": JsonText(self.record),
            "vector": pack(self.vector),
            "sentences": list(self.sentences),
            "sentence_vectors": [pack(vector) for vector in self.sentence_vectors],
            **facts,
        }
        return [sent[name] for name in COLUMNS]


def rows_of(
    activities: Sequence[Activity],
    sentences: Sentences,
    vectors: AnyVectors,
    sentence_vectors: AnyVectors,
) -> Iterator[Row]:
    """The rows of activities that are encoded, in their order."""
    spans = pairwise(int(offset) for offset in sentences.offsets)
    for number, (activity, (begin, end)) in enumerate(zip(activities, spans, strict=True)):
        record = activity.model_dump_json(exclude_defaults=True)
        own, pieces = sentences.texts[begin:end], sentence_vectors[begin:end]
        digest = hashlib.sha256()
        for part in (
            record.encode(),
            vectors[number].tobytes(),
            *(piece.encode() for piece in own),
            pieces.tobytes(),
        ):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        yield Row(
            activity.id,
            record,
            text_digest(activity),
            digest.digest(),
            activity,
            vectors[number],
            own,
            pieces,
        )


def text_digest(activity: Activity) -> bytes:
    """Names what an encoder reads of an activity: equal digests have equal vectors of whole texts."""
    return hashlib.sha256(
        f"{activity.text_language or ''}\n{activity_text(activity)}".encode()
    ).digest()


def mark_of(digest: bytes) -> int:
    """A number for each digest; the sum of those of a catalogue tells it from any other."""
    return int.from_bytes(digest[:8], "big", signed=True)


def facts_of(activity: Activity, gazetteer: Gazetteer) -> dict[str, Any]:
    """The facts that limits look at, by column; ``None`` where a fact is not stated."""
    placed = _placed(activity, gazetteer)
    anywhere = placed is None or not placed.certain or activity.delivery in AT_HOME
    west, south, east, north = (
        WORLD if placed is None or anywhere else around(placed.point, placed.point.radius_km)
    )
    cost, capacity = activity.cost, activity.capacity
    lasts = [last_date(session) for session in activity.sessions]
    return {
        "lat": placed.point.lat if placed else None,
        "lon": placed.point.lon if placed else None,
        "margin_km": placed.point.radius_km if placed else None,
        "vague": placed is not None and not placed.certain,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "delivery": activity.delivery,
        "amount": cost.amount if cost else None,
        "per": cost.per if cost else None,
        "currency": cost.currency if cost else None,
        "concession_for": [one.for_whom.casefold() for one in cost.concessions] if cost else [],
        "concession_amount": [one.amount for one in cost.concessions] if cost else [],
        "age_min": activity.ages.min if activity.ages else None,
        "age_max": activity.ages.max if activity.ages else None,
        "gender": activity.gender,
        "languages": list(activity.languages),
        "access_yes": _stated(activity.access, True),
        "access_no": _stated(activity.access, False),
        "first_visit_yes": _stated(activity.first_visit, True),
        "first_visit_no": _stated(activity.first_visit, False),
        "referral": activity.referral,
        # A number of places that no such column holds is many.
        "places_left": min(capacity.places_left, 2**31 - 1)
        if capacity and capacity.places_left is not None
        else None,
        "waiting_list": capacity.waiting_list if capacity else None,
        "intensity": activity.intensity,
        "session_day": [DAYS.index(one.day) if one.day else None for one in activity.sessions],
        "session_start": [
            minutes_of(one.start) if one.start else None for one in activity.sessions
        ],
        "session_end": [minutes_of(one.end) if one.end else None for one in activity.sessions],
        "session_last": lasts,
        "ends": max((last for last in lasts if last), default=None) if all(lasts) else None,
    }


def last_date(session: Session) -> date | None:
    """The last date on which a session can meet; ``None`` without an end, the first day for never."""
    if session.until is None:
        return None
    last = session.until.toordinal()
    if session.day is not None:
        weekday = DAYS.index(session.day)
        step = _STEP_DAYS[session.every] if session.from_date else 7
        # date.toordinal() 1 is a Monday. Counted from the first such weekday, else from any.
        anchor = session.from_date.toordinal() if session.from_date else 1
        anchor += (weekday - (anchor - 1)) % 7
        last -= (last - anchor) % step
    if session.from_date and last < session.from_date.toordinal():
        return date.min
    return date.fromordinal(max(last, 1))


def around(point: Point, radius_km: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a circle, in degrees, a metre wider than computed.

    A circle that holds a pole or crosses the 180th meridian takes all longitudes.
    """
    angle = (radius_km + 0.001) / EARTH_RADIUS_KM
    height = math.degrees(angle)
    south, north = point.lat - height, point.lat + height
    if south <= -90 or north >= 90:
        return -180.0, max(south, -90.0), 180.0, min(north, 90.0)
    width = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(point.lat)))))
    west, east = point.lon - width, point.lon + width
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return west, south, east, north


def _placed(activity: Activity, gazetteer: Gazetteer) -> Placed | None:
    place = activity.place
    if place is None:
        return None
    if place.lat is not None and place.lon is not None:
        return Placed(Point(place.lat, place.lon), certain=True)
    return gazetteer.place(place)


def _stated(facts: Access | FirstVisit | None, value: bool) -> list[str]:
    if facts is None:
        return []
    return [name for name in type(facts).model_fields if getattr(facts, name) is value]
