"""The limits of one search as SQL conditions over the flat table, the same for every database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from benchmarks.search.table import Table, Wanted

from spmatch.geography import EARTH_RADIUS_KM

Kind = Literal["int", "float"]
Mark = Callable[[str, Kind], str]
"""How a database writes the parameter of a name."""
AnyBit = Callable[[str, str], str]

FACTS = (
    "closed",
    "age_min",
    "age_max",
    "gender",
    "speaks",
    "price",
    "access_no",
    "first_visit_no",
    "intensity",
    "delivery",
    "anytime",
    "day_1",
    "start_1",
    "end_1",
    "day_2",
    "start_2",
    "end_2",
)
"""The columns that ``limits`` looks at, in the order in which tables hold them."""


def values_of(wanted: Wanted) -> dict[str, int | float]:
    """The parameters of ``limits``, ``boxed`` and ``within``."""
    south, north, west, east = wanted.box()
    values: dict[str, int | float] = {
        "age": wanted.age,
        "gender_not": wanted.gender_not,
        "spoken": wanted.speaks,
        "price_most": wanted.price_most,
        "access": wanted.access,
        "first_visit": wanted.first_visit,
        "intensity_most": wanted.intensity_most,
        "ways": wanted.delivery,
        "south": south,
        "north": north,
        "west": west,
        "east": east,
        "lat": wanted.lat,
        "lon": wanted.lon,
        "radius_km": wanted.radius_km,
    }
    for number, slot in enumerate(wanted.slots):
        values |= {
            f"day{number}": slot.day,
            f"start{number}": slot.start_most,
            f"end{number}": slot.end_least,
        }
    return values


def limits(slots: int, mark: Mark, any_bit: AnyBit | None = None) -> str:
    """Every limit but distance. The text depends on the number of slots alone, so that it can be prepared.

    ``any_bit`` says that a column of bits has any of those of a parameter, where ``&`` is not known.
    """
    has = any_bit or (lambda column, name: f"{column} & {mark(name, 'int')} <> 0")
    found = [
        "closed = 0",
        f"age_min <= {mark('age', 'int')}",
        f"age_max >= {mark('age', 'int')}",
        f"not ({has('access_no', 'access')})",
        f"({has('delivery', 'ways')})",
        f"({has('speaks', 'spoken')})",
        f"price <= {mark('price_most', 'float')}",
        f"intensity <= {mark('intensity_most', 'int')}",
        f"gender <> {mark('gender_not', 'int')}",
        f"not ({has('first_visit_no', 'first_visit')})",
    ]
    if slots:
        fits = ["anytime = 1"]
        for slot in range(slots):
            day, start, end = (mark(f"{name}{slot}", "int") for name in ("day", "start", "end"))
            fits += [
                f"(day_{n} = {day} and start_{n} <= {start} and end_{n} >= {end})" for n in (1, 2)
            ]
        found.append(f"({' or '.join(fits)})")
    return " and ".join(found)


def within(mark: Mark, lat: str = "lat", lon: str = "lon") -> str:
    """Great-circle distance at most the radius, by the haversine formula in double precision."""
    from_lat, from_lon = mark("lat", "float"), mark("lon", "float")
    half_lat = f"sin(radians({lat} - {from_lat}) / 2)"
    half_lon = f"sin(radians({lon} - {from_lon}) / 2)"
    half = (
        f"{half_lat} * {half_lat} + cos(radians({from_lat})) * cos(radians({lat}))"
        f" * {half_lon} * {half_lon}"
    )
    return f"2 * {EARTH_RADIUS_KM} * asin(sqrt({half})) <= {mark('radius_km', 'float')}"


def boxed(mark: Mark) -> str:
    """Inside the bounding box."""
    south, north, west, east = (mark(side, "float") for side in ("south", "north", "west", "east"))
    return f"lat between {south} and {north} and lon between {west} and {east}"


def fact_columns(table: Table) -> Mapping[str, list[int] | list[float]]:
    """``FACTS`` as Python numbers."""
    arrays = table.arrays()
    return {
        name: arrays[name].tolist() if name == "price" else arrays[name].astype("int64").tolist()
        for name in FACTS
    }
