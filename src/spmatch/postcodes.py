"""Gazetteers of any country from GeoNames' postcode files, in one step.

GeoNames publishes a file for each country (``https://download.geonames.org/export/zip/``, CC BY 4.0): a
tab-separated table without a header, one line for each postcode and place, of twelve columns: country,
postcode, place, three pairs of (region, its code), latitude, longitude, accuracy.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spmatch.errors import PlaceError, Problem
from spmatch.geography import EARTH_RADIUS_KM, Point, great_circle_km, plain_name

COLUMNS = ("kind", "code", "name", "municipality", "lat", "lon", "radius_km")
SAME_PLACE_KM = 15.0
"""Places of one name that lie within this are one place; others are told apart by their region."""
RADIUS_MIN_KM, RADIUS_MAX_KM = 0.5, 50.0
_COLUMNS_STATED = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a GeoNames file: a place that has a postcode."""

    country: str
    code: str
    name: str
    region: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a gazetteer: a postcode or a town, with how far the true place may be."""

    kind: str
    code: str
    name: str
    point: Point


def read_geonames(path: Path, country: str | None = None) -> tuple[list[Line], list[Problem]]:
    """The lines of a GeoNames postcode file, of ``country`` (ISO 3166, two letters) if one is named.

    ``path`` is the table, or the zip file that holds it as it is published. A line that cannot be used is
    listed among the problems and left out. Raises ``PlaceError`` when the file cannot be read, or when it
    holds several countries and none is named: their postcodes would be taken for each other.
    """
    kept: list[Line] = []
    problems: list[Problem] = []
    for number, columns in enumerate(_table(path), start=1):
        if country and columns and columns[0] != country.upper():
            continue
        line = _line(columns)
        if line is not None:
            kept.append(line)
        elif columns:
            problems.append(
                Problem(
                    f"{path.name}, line {number}",
                    "",
                    "this is not a line of a GeoNames postcode file.",
                    "It has twelve columns: country, postcode, place, … latitude, longitude, accuracy.",
                )
            )
    countries = sorted({line.country for line in kept})
    if len(countries) > 1:
        named = ", ".join(countries[:8])
        raise PlaceError(f"{path.name} holds several countries ({named} …): name one of them.")
    if not kept:
        raise PlaceError(
            f"{path.name} holds no postcodes{f' of {country.upper()}' if country else ''}. Give a file "
            "from https://download.geonames.org/export/zip/."
        )
    return kept, problems


def gazetteer_of(lines: Iterable[Line]) -> list[Place]:
    """The rows of a gazetteer: every postcode at the middle of its places, and every town.

    The radius of a postcode reaches to the farthest of its own places, and to the nearest other postcode
    where that is farther: the files do not say how large its area is, and an error on the wide side only
    makes a question of what would otherwise be claimed.
    """
    by_code: dict[str, list[Line]] = defaultdict(list)
    by_name: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_code[line.code].append(line)
        by_name[plain_name(line.name)].append(line)
    codes = sorted(by_code)
    middles = [_middle(by_code[code]) for code in codes]
    nexts_km = _nearest_km(middles)
    places = []
    for code, middle, next_km in zip(codes, middles, nexts_km, strict=True):
        members = by_code[code]
        reach = max(float(next_km), _farthest_km(middle, members))
        name = min({one.name for one in members}, key=lambda name: (len(name), name))
        places.append(Place("postcode", code, name, _within(middle, reach)))
    for _, members in sorted(by_name.items()):
        places += _towns(members)
    return places


def write_gazetteer(places: Iterable[Place], path: Path) -> None:
    """Write the CSV file that ``Gazetteer`` reads; it takes over from an older one at once."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in places:
        lat, lon = f"{one.point.lat:.5f}", f"{one.point.lon:.5f}"
        rows.writerow([one.kind, one.code, one.name, "", lat, lon, f"{one.point.radius_km:.1f}"])
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text.getvalue(), encoding="utf-8")
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise PlaceError(f"{path} cannot be written ({error.strerror}). Check the path.") from None


def _table(path: Path) -> Iterator[list[str]]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                names = [n for n in packed.namelist() if n.endswith(".txt") and n != "readme.txt"]
                for name in names[:1]:
                    with packed.open(name) as raw:
                        yield from _columns(
                            io.TextIOWrapper(raw, encoding="utf-8", errors="replace")
                        )
        else:
            with path.open(encoding="utf-8", errors="replace") as lines:
                yield from _columns(lines)
    except (OSError, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise PlaceError(f"{path} cannot be read ({reason}). Check the path.") from None


def _columns(lines: Iterable[str]) -> Iterator[list[str]]:
    # Not a CSV: a quotation mark in a name is only a quotation mark.
    for line in lines:
        text = line.rstrip("\r\n")
        yield text.split("\t") if text.strip() else []


def _line(columns: list[str]) -> Line | None:
    if len(columns) != _COLUMNS_STATED:
        return None
    country, code, name = (part.strip() for part in columns[:3])
    region = (columns[5] or columns[3]).strip()
    try:
        lat, lon = float(columns[9]), float(columns[10])
    except ValueError:
        return None
    if not (code and name and -90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Line(country, code, name, region, lat, lon)


def _middle(members: list[Line]) -> Point:
    # On the sphere, so that places on both sides of 180° do not meet at 0°.
    lat, lon = np.radians([one.lat for one in members]), np.radians([one.lon for one in members])
    x, y = float((np.cos(lat) * np.cos(lon)).mean()), float((np.cos(lat) * np.sin(lon)).mean())
    z = float(np.sin(lat).mean())
    return Point(
        float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))
    )


def _farthest_km(middle: Point, members: list[Line]) -> float:
    lats, lons = np.array([one.lat for one in members]), np.array([one.lon for one in members])
    return float(great_circle_km(middle, lats, lons).max())


def _nearest_km(points: list[Point]) -> np.ndarray:
    """Kilometres from each point to the nearest that lies elsewhere; 0 where there is none."""
    from scipy.spatial import cKDTree

    lat, lon = np.radians([p.lat for p in points]), np.radians([p.lon for p in points])
    ball = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    # Postcodes of one street or house share a point: asked for among those that differ.
    apart = np.unique(np.round(ball, 9), axis=0)
    if len(apart) < 2:
        return np.zeros(len(points))
    chords, _ = cKDTree(apart).query(np.round(ball, 9), k=2)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords[:, 1] / 2, 1)))


def _towns(members: list[Line]) -> Iterator[Place]:
    """One town for a name; where places far apart share it, each with its region: ``Newport (Gwent)``."""
    middle = _middle(members)
    if _farthest_km(middle, members) <= SAME_PLACE_KM:
        yield Place("town", "", members[0].name, _within(middle, _farthest_km(middle, members)))
        return
    regions: dict[str, list[Line]] = defaultdict(list)
    for one in members:
        regions[one.region].append(one)
    for region, inside in sorted(regions.items()):
        centre = _middle(inside)
        # A name that several places of one region share names none of them.
        if region and _farthest_km(centre, inside) <= SAME_PLACE_KM:
            name = f"{inside[0].name} ({region})"
            yield Place("town", "", name, _within(centre, _farthest_km(centre, inside)))


def _within(point: Point, radius_km: float) -> Point:
    return Point(point.lat, point.lon, float(np.clip(radius_km, RADIUS_MIN_KM, RADIUS_MAX_KM)))
