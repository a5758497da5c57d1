"""Coordinates that are exchanged, of a wrong sign, or nowhere, seen against all of a source.

Two things show where a record should lie: the postcode or town in its address, where the gazetteer
knows it, and the box in which nearly all other records of its source lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.activity import Activity
from spmatch.geography import AGREEMENT_KM, Placed, Point, great_circle_km
from spmatch.mending.towns import Towns
from spmatch.readers.stated import Findings

AGREES_KM = AGREEMENT_KM
"""Coordinates agree with an address within this, and how far the address itself may be off."""

FAR_KM = 2 * AGREEMENT_KM
"""Coordinates that lie further than this from their address are looked at."""

IMPOSSIBLE_KM = 500.0
"""Coordinates further than this from a sure address are wrong: the address places it better."""

OUTSIDE_KM = 100.0
"""Coordinates further than this outside the box of their source are looked at."""

STRANGE_KM = 1_000.0
"""Coordinates further than this outside the box are told of."""

PLACED_AT_LEAST = 20
"""So many records of a source must be placed before it has a box."""

NEARLY_ALL = 0.9
_BOX_STEPS = 3.0
_BOX_MARGIN_DEGREES = 0.5
_NOWHERE_DEGREES = 0.01
_KM_A_DEGREE = 111.2
_ROUNDS = 10
_REMEDY = "State latitude and longitude in degrees, each in its field."


@dataclass(frozen=True, slots=True)
class Box:
    """Where nearly all records of a source lie: degrees north and east."""

    south: float
    north: float
    west: float
    east: float

    def outside_km(self, lat: float, lon: float) -> float:
        """Kilometres to the nearest point of the box, 0 inside."""
        near = Point(min(max(lat, self.south), self.north), min(max(lon, self.west), self.east))
        return _apart_km(near, lat, lon)


def mended_points(
    activities: Sequence[Activity], towns: Towns, findings: Sequence[Findings]
) -> list[Activity]:
    """The activities with their coordinates put right or left out; problems go to ``findings``.

    Looks again until nothing changes, for a box is surer when what was wrong is gone from it.
    """
    mended = list(activities)
    for _ in range(_ROUNDS):
        placed = [towns.placed(activity.place) for activity in mended]
        trusted = _agree_with_addresses(mended, placed)
        box = _box(mended, placed)
        changed = False
        for at, activity in enumerate(mended):
            after = _mended(activity, placed[at], trusted, box, findings[at])
            changed |= after is not activity
            mended[at] = after
        if not changed:
            break
    for at, activity in enumerate(mended):
        _tell_what_is_strange(activity, placed[at], box, findings[at])
    return mended


def _mended(
    activity: Activity, placed: Placed | None, trusted: bool, box: Box | None, findings: Findings
) -> Activity:
    if activity.coordinates is None:
        return activity
    lat, lon = activity.coordinates
    if abs(lat) < _NOWHERE_DEGREES and abs(lon) < _NOWHERE_DEGREES:
        findings.mended(
            "place.lat",
            "0 north, 0 east lies in the sea, and was left out.",
            "Leave it out if not known.",
        )
        return _at(activity, None)
    if placed is not None:
        apart = _apart_km(placed.point, lat, lon)
        if apart > FAR_KM:
            near = [
                (other, what)
                for other, what in _other_ways(lat, lon)
                if _apart_km(placed.point, *other) <= AGREES_KM + placed.point.radius_km
            ]
            if len(near) == 1:
                (other, what), reason = near[0], "as its address shows"
                findings.mended("place.lat", f"{what}, {reason}; they were put right.", _REMEDY)
                return _at(activity, other)
            if apart > IMPOSSIBLE_KM and _is_sure(activity, placed, trusted):
                findings.mended(
                    "place.lat",
                    f"this is {apart:.0f} km from its address, and was left out.",
                    _REMEDY,
                )
                return _at(activity, None)
        return activity
    if box is not None and box.outside_km(lat, lon) > OUTSIDE_KM:
        inside = [way for way in _other_ways(lat, lon) if box.outside_km(*way[0]) == 0]
        if len(inside) == 1:
            (other, what), reason = inside[0], "as the other records of the source show"
            findings.mended("place.lat", f"{what}, {reason}; they were put right.", _REMEDY)
            return _at(activity, other)
    return activity


def _tell_what_is_strange(
    activity: Activity, placed: Placed | None, box: Box | None, findings: Findings
) -> None:
    if activity.coordinates is None:
        return
    lat, lon = activity.coordinates
    if placed is not None and placed.certain:
        apart = _apart_km(placed.point, lat, lon)
        if apart > FAR_KM + placed.point.radius_km:
            findings.note(
                "place.lat",
                f"this is {apart:.0f} km from its address; one of the two is wrong.",
                "Check both.",
            )
    elif box is not None and box.outside_km(lat, lon) > STRANGE_KM:
        findings.note(
            "place.lat",
            f"this is {box.outside_km(lat, lon):.0f} km from where nearly all of the source is.",
            "Check it.",
        )


def _other_ways(lat: float, lon: float) -> list[tuple[tuple[float, float], str]]:
    """The points that may have been meant, each with what would have happened to it."""
    ways = [
        ((-lat, lon), "the latitude had the wrong sign"),
        ((lat, -lon), "the longitude had the wrong sign"),
        ((-lat, -lon), "latitude and longitude had the wrong signs"),
    ]
    if abs(lon) <= 90:
        ways.append(((lon, lat), "latitude and longitude were exchanged"))
    return ways


def _is_sure(activity: Activity, placed: Placed, trusted: bool) -> bool:
    """Whether an address proves coordinates wrong: other countries have postcodes of four digits too.

    A postcode that its town agrees with is sure; one alone only where the gazetteer is shown to be
    of the country of the source, by other records; a town alone never.
    """
    if activity.place is None or not placed.certain:
        return False
    return trusted or bool(activity.place.postcode and activity.place.town)


def _agree_with_addresses(activities: Sequence[Activity], placed: Sequence[Placed | None]) -> bool:
    """Whether most records of a source, and no fewer than three, lie where their addresses are."""
    seen = agree = 0
    for activity, known in zip(activities, placed, strict=True):
        if known is not None and known.certain and activity.coordinates is not None:
            seen += 1
            agree += _apart_km(known.point, *activity.coordinates) <= FAR_KM
    return agree >= 3 and agree * 2 > seen


def _box(activities: Sequence[Activity], placed: Sequence[Placed | None]) -> Box | None:
    """Where nearly all of a source lies, three times the middle half wide; ``None`` if nowhere.

    Records that lie where their address is are the best witnesses; without enough of them, all are.
    """
    sure, every = [], []
    for activity, known in zip(activities, placed, strict=True):
        if activity.coordinates is None:
            continue
        every.append(activity.coordinates)
        if known is not None and _apart_km(known.point, *activity.coordinates) <= FAR_KM:
            sure.append(activity.coordinates)
    points = sure if len(sure) >= PLACED_AT_LEAST else every
    if len(points) < PLACED_AT_LEAST:
        return None
    degrees = np.array(points)
    low, high = np.quantile(degrees, [0.25, 0.75], axis=0)
    reach = _BOX_STEPS * (high - low) + _BOX_MARGIN_DEGREES
    south, west = low - reach
    north, east = high + reach
    inside = ((degrees >= [south, west]) & (degrees <= [north, east])).all(axis=1)
    if inside.mean() < NEARLY_ALL:
        return None
    return Box(
        max(float(south), -90.0),
        min(float(north), 90.0),
        max(float(west), -180.0),
        min(float(east), 180.0),
    )


def _at(activity: Activity, point: tuple[float, float] | None) -> Activity:
    assert activity.place is not None
    lat, lon = point if point else (None, None)
    place = activity.place.model_copy(update={"lat": lat, "lon": lon})
    return activity.model_copy(update={"place": place})


def _apart_km(one: Point, lat: float, lon: float) -> float:
    """Kilometres between two points (haversine); the one-point form of ``great_circle_km``."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return math.inf
    return float(great_circle_km(one, np.float64(lat), np.float64(lon)))  # type: ignore[arg-type]
