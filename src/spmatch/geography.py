"""Points on the earth, kilometres between them, and the gazetteer that names them."""

from __future__ import annotations

import csv
import difflib
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
    file that names a town keeps it. Raises ``PlaceError`` for a file that is no gazetteer, and when
    two files give one postcode.

    ``find_postcode`` and ``find_town`` only say where something is; ``postcode`` and ``town`` also look
    for near spellings of what is not known, which takes a hundred times as long.
    """

    def __init__(self, *paths: Path) -> None:
        self._postcodes: dict[str, tuple[str, Point]] = {}
        self._towns: dict[str, tuple[str, Point]] = {}
        districts: dict[str, tuple[str, Point]] = {}
        for path in paths:
            for kind, code, name, point in _rows(path):
                if kind == "town":
                    self._towns.setdefault(plain_name(name), (name, point))
                    continue
                if code in self._postcodes:
                    raise PlaceError(f"{path.name}: postcode {code} is given twice.")
                self._postcodes[code] = (name, point)
                districts.setdefault(plain_name(name), (name, point))
        # A postcode's name, such as "Aalborg SV", is a place too, unless a town has that name.
        for key, entry in districts.items():
            self._towns.setdefault(key, entry)
        self._codes = {_plain_code(code): code for code in self._postcodes}
        self._without_marks: dict[str, list[str]] = defaultdict(list)
        for key in self._towns:
            self._without_marks[_without_marks(key)].append(key)

    @cached_property
    def digest(self) -> str:
        """Names what is placed where: gazetteers of equal digests place every address alike."""
        digest = hashlib.sha256()
        for entries in (self._postcodes, self._towns):
            for key, (name, at) in sorted(entries.items()):
                digest.update(f"{key}\t{name}\t{at.lat}\t{at.lon}\t{at.radius_km}\n".encode())
            digest.update(b"\n")
        return digest.hexdigest()

    def spelling_of(self, code: str) -> str | None:
        """A postcode as the gazetteer writes it; ``None`` when it is not known."""
        # "DK-9000" is how a postcode is written from abroad.
        abroad = re.sub(r"^\s*[A-Za-z]{1,2}[- ]\s*", "", code)
        return self._codes.get(_plain_code(code)) or self._codes.get(_plain_code(abroad))

    def find_postcode(self, code: str) -> Point | None:
        """The centre of a postcode; ``None`` when it is not known."""
        known = self.spelling_of(code)
        return self._postcodes[known][1] if known else None

    def find_town(self, name: str) -> Point | None:
        """The centre of a town, as ``town`` finds it; ``None`` when it is not known."""
        if known := self._known_town(name):
            return known
        code, rest = self._code_before(name)
        if code:
            return self._postcode_in_town(code, rest)
        place, _, region = (part.strip() for part in name.partition(","))
        if inside := self._known_town(f"{place} ({region})"):
            return inside
        known, around = self._known_town(place), self._known_town(region)
        agree = known and around and _apart_km(known, around) <= AGREEMENT_KM
        return known if agree else None

    def postcode(self, code: str) -> Point:
        """The centre of a postcode. Raises ``PlaceError`` with near ones when it is not known."""
        if known := self.find_postcode(code):
            return known
        wanted = code.strip()
        near = sorted(self._postcodes, key=lambda known: _apart(known, wanted))[:3]
        names = [f"{known} {self._postcodes[known][0]}" for known in near]
        raise PlaceError(_unknown("This postcode is not known.", names), near)

    def town(self, name: str) -> Point:
        """The centre of a town. Raises ``PlaceError`` with near spellings when it is not known.

        Takes a district (``Nørrebro``), a postcode with its town (``8000 Aarhus C``) and a town
        with where it lies (``Viby, Roskilde``) too.
        """
        if known := self.find_town(name):
            return known
        code, _ = self._code_before(name)
        if code:
            near = [f"{code} {self._postcodes[code][0]}"]
            raise PlaceError(_unknown("This postcode belongs to another town.", near), near)
        near = self._near_spellings(plain_name(name))
        raise PlaceError(_unknown("This place is not known.", near), near)

    def place(self, place: Place) -> Placed | None:
        """Where an address without coordinates is, by its postcode, else by its town.

        A postcode counts when the town that is stated beside it, if any, agrees; ``None`` when
        nothing is known. A town alone is not certain: other countries have towns of its name.
        """
        if place.postcode:
            code = self.spelling_of(place.postcode)
            point = self._postcode_in_town(code, place.town or "") if code else None
        else:
            point = self.find_town(place.town) if place.town else None
        return Placed(point, certain=bool(place.postcode)) if point else None

    def locate(self, origin: Origin) -> Point:
        """The point of an origin: its coordinates, else its postcode, else its place name."""
        if origin.lat is not None and origin.lon is not None:
            return Point(origin.lat, origin.lon)
        if origin.postcode:
            return self.postcode(origin.postcode)
        return self.town(origin.place or "")

    def _code_before(self, name: str) -> tuple[str | None, str]:
        """The postcode that a name begins with, if any, and the rest: ``8000 Aarhus``, ``EX1 1AA``."""
        words = name.split()
        for count in (2, 1):
            if code := self._codes.get(_plain_code(" ".join(words[:count]))):
                return code, " ".join(words[count:])
        return None, name

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

    def _postcode_in_town(self, code: str, town: str) -> Point | None:
        """The centre of a postcode that was given with a town, unless they may be of two countries."""
        name, point = self._postcodes[code]
        if plain_name(name).startswith(plain_name(town)):
            return point
        around = self._known_town(town)
        if around is None:
            # Many countries have postcodes of digits; one with letters is hardly ever of another.
            return point if re.search(r"[A-Za-z]", code) else None
        return point if _apart_km(point, around) <= AGREEMENT_KM else None


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


def _rows(path: Path) -> Iterator[tuple[str, str, str, Point]]:
    """Kind, code, name and point of each row of a gazetteer."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if table.fieldnames is None:
                raise ValueError
            for row in table:
                lat, lon, radius_km = (float(row[key]) for key in ("lat", "lon", "radius_km"))
                if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= radius_km < EARTH_RADIUS_KM):
                    raise ValueError
                yield row["kind"], row["code"], row["name"], Point(lat, lon, radius_km)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        raise PlaceError(
            f"{path}: this is no gazetteer. Make one with: spmatch places FILE --out FILE"
        ) from None


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
