"""Points on the earth, kilometres between them, and the gazetteer that names them."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spmatch.activity import Place
from spmatch.errors import PlaceError
from spmatch.material import material
from spmatch.profile import Origin

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

AGREEMENT_KM = 30.0
"""A postcode and a town given together are taken as one place when they lie within this."""

ABBREVIATIONS = {
    "gl": "gammel",
    "gml": "gammel",
    "kgs": "kongens",
    "nr": "nørre",
    "sdr": "sønder",
}
"""Short forms of Danish place names that are written with or without a full stop."""


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east (WGS 84); the true place lies within ``radius_km`` of it."""

    lat: float
    lon: float
    radius_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an address lies, within the radius of ``point``; ``certain`` unless only a town says so."""

    point: Point
    certain: bool


def great_circle_km(
    origin: Point, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Kilometres from ``origin`` to each point in degrees; NaN where a coordinate is NaN.

    The haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984), exact at short distances.
    """
    from_lat, to_lat = np.radians(origin.lat), np.radians(lat)
    half_lat = (to_lat - from_lat) / 2
    half_lon = np.radians(lon - origin.lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(from_lat) * np.cos(to_lat) * np.sin(half_lon) ** 2
    angle = 2 * np.arcsin(np.sqrt(np.minimum(chord, 1)))
    kilometres: npt.NDArray[np.float64] = EARTH_RADIUS_KM * angle
    return kilometres


class Gazetteer:
    """Postcodes and towns with coordinates, from CSV files.

    A file has the columns ``kind`` (postcode or town), ``code``, ``name``, ``lat``, ``lon`` and
    ``radius_km`` (how far the true place may be from the point); others are ignored. The first
    file that names a town keeps it. Raises ``PlaceError`` when two files give one postcode.
    """

    def __init__(self, *paths: Path) -> None:
        self._postcodes: dict[str, tuple[str, Point]] = {}
        self._towns: dict[str, tuple[str, Point]] = {}
        districts: dict[str, tuple[str, Point]] = {}
        for path in paths:
            with path.open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    point = Point(float(row["lat"]), float(row["lon"]), float(row["radius_km"]))
                    entry = (row["name"], point)
                    if row["kind"] == "town":
                        self._towns.setdefault(plain_name(row["name"]), entry)
                        continue
                    if row["code"] in self._postcodes:
                        raise PlaceError(f"{path.name}: postcode {row['code']} is given twice.")
                    self._postcodes[row["code"]] = entry
                    districts.setdefault(plain_name(row["name"]), entry)
        # A postcode's name, such as "Aalborg SV", is a place too, unless a town has that name.
        for key, entry in districts.items():
            self._towns.setdefault(key, entry)
        self._codes = {_plain_code(code): code for code in self._postcodes}
        self._without_marks: dict[str, list[str]] = defaultdict(list)
        for key in self._towns:
            self._without_marks[_without_marks(key)].append(key)

    def postcode(self, code: str) -> Point:
        """The centre of a postcode. Raises ``PlaceError`` with near ones when it is not known."""
        wanted = code.strip()
        # "DK-9000" is how a postcode is written from abroad.
        for form in (wanted, re.sub(r"^[A-Za-z]{1,2}[- ]\s*", "", wanted)):
            if known := self._codes.get(_plain_code(form)):
                return self._postcodes[known][1]
        near = sorted(self._postcodes, key=lambda known: _apart(known, wanted))[:3]
        names = [f"{known} {self._postcodes[known][0]}" for known in near]
        raise PlaceError(_unknown("This postcode is not known.", names), near)

    def town(self, name: str) -> Point:
        """The centre of a town. Raises ``PlaceError`` with near spellings when it is not known.

        Takes a district (``Nørrebro``), a postcode with its town (``8000 Aarhus C``) and a town
        with where it lies (``Viby, Roskilde``) too.
        """
        known = self._known_town(name)
        if known:
            return known
        first, _, rest = name.strip().partition(" ")
        if first in self._postcodes:
            return self._postcode_in_town(first, rest)
        place, _, region = (part.strip() for part in name.partition(","))
        inside = self._known_town(f"{place} ({region})")
        if inside:
            return inside
        known, around = self._known_town(place), self._known_town(region)
        if known and around and _apart_km(known, around) <= AGREEMENT_KM:
            return known
        near = self._near_spellings(plain_name(name))
        raise PlaceError(_unknown("This place is not known.", near), near)

    def place(self, place: Place) -> Placed | None:
        """Where an address without coordinates is, by its postcode, else by its town.

        A postcode counts when the town that is stated beside it, if any, agrees; ``None`` when
        nothing is known. A town alone is not certain: other countries have towns of its name.
        """
        if place.postcode:
            try:
                known = f"{place.postcode} {place.town}" if place.town else place.postcode
                return Placed(self.town(known), certain=True)
            except PlaceError:
                return None
        if place.town:
            try:
                return Placed(self.town(place.town), certain=False)
            except PlaceError:
                return None
        return None

    def locate(self, origin: Origin) -> Point:
        """The point of an origin: its coordinates, else its postcode, else its place name."""
        if origin.lat is not None and origin.lon is not None:
            return Point(origin.lat, origin.lon)
        if origin.postcode:
            return self.postcode(origin.postcode)
        return self.town(origin.place or "")

    def _known_town(self, name: str) -> Point | None:
        key = plain_name(name)
        if key not in self._towns:
            # "Arhus" or "Norrebro" from a keyboard without Danish letters, if only one town fits.
            alike = self._without_marks.get(_without_marks(key), [])
            if len(alike) != 1:
                return None
            key = alike[0]
        return self._towns[key][1]

    def _near_spellings(self, key: str) -> list[str]:
        """Three known names: longer forms of the same name first, then those spelt much alike."""
        longer = [known for known in self._towns if key and known.startswith(f"{key} ")]
        alike = difflib.get_close_matches(key, self._towns, 3, 0.6)
        return [self._towns[known][0] for known in dict.fromkeys([*longer, *alike])][:3]

    def _postcode_in_town(self, code: str, town: str) -> Point:
        """The centre of a postcode that was given with a town, when the two agree."""
        name, point = self._postcodes[code]
        around = self._known_town(town)
        if plain_name(name).startswith(plain_name(town)) or (
            around and _apart_km(point, around) <= AGREEMENT_KM
        ):
            return point
        near = [f"{code} {name}"]
        raise PlaceError(_unknown("This postcode belongs to another town.", near), near)


@lru_cache(maxsize=1)
def shipped_gazetteer() -> Gazetteer:
    """The gazetteer that comes with spmatch: every country file in ``catalogue/places``.

    A country file is known by its first column, ``kind``; other tables only serve to build one.
    """
    files = sorted(material("catalogue", "places").glob("*.csv"))
    return Gazetteer(*(path for path in files if _is_country_file(path)))


def plain_name(name: str) -> str:
    """One spelling for the several ways a place is written: Århus and Aarhus, Köge and Køge."""
    text = unicodedata.normalize("NFC", name).casefold()
    words = text.replace("-", " ").replace(",", " ").split()
    words = [ABBREVIATIONS.get(word.rstrip("."), word.rstrip(".")) for word in words]
    text = " ".join(words).replace("aa", "å").replace("ae", "æ").replace("oe", "ø")
    text = text.replace("ä", "æ").replace("ö", "ø").replace("å", "aa")
    bare = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _plain_code(code: str) -> str:
    """One spelling for a postcode: SW1A 1AA, sw1a1aa; a hyphen counts (10001-4356 is not 100014356)."""
    return "".join(code.split()).upper()


def _without_marks(key: str) -> str:
    """A plain name as typed without Danish letters: ``koebenhavn``, ``kobenhavn`` and so on."""
    return key.replace("aa", "a").replace("ø", "o").replace("æ", "ae")


def _is_country_file(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        return lines.readline().startswith("kind,")


def _apart_km(one: Point, other: Point) -> float:
    return float(great_circle_km(one, np.array([other.lat]), np.array([other.lon]))[0])


def _apart(known: str, wanted: str) -> tuple[float, str]:
    likeness = difflib.SequenceMatcher(None, known, wanted).ratio()
    gap = abs(int(known) - int(wanted)) if known.isdigit() and wanted.isdecimal() else 0
    return (-round(likeness, 1), f"{gap:09d}{known}")


def _unknown(what: str, near: list[str]) -> str:
    hint = f" Near ones: {', '.join(near)}." if near else ""
    return f"{what}{hint} Or give lat and lon."
