"""What lies within a radius, found by bands of latitude: never one too few, anywhere on earth."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from making import HOME, make_activity, north
from spmatch.columns import Columns, build_columns
from spmatch.constraints import MET, NOT_MET, UNKNOWN
from spmatch.geography import Point, great_circle_km
from spmatch.ground import Ground

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
RADII_KM = st.one_of(st.floats(0, 60), st.floats(0, 20_100))


@cache
def scattered() -> tuple[Columns, Ground]:
    """Points all over the earth, many of them near the date line, the poles and Denmark."""
    draw = Random(7)
    points = [
        *((draw.uniform(-90, 90), draw.uniform(-180, 180)) for _ in range(300)),
        *((draw.uniform(-90, 90), draw.choice([-180, -179.99, 179.99, 180])) for _ in range(100)),
        *((draw.choice([-90, -89.99, 89.99, 90]), draw.uniform(-180, 180)) for _ in range(50)),
        *((draw.gauss(56, 0.3), draw.gauss(10, 0.5)) for _ in range(300)),
    ]
    columns = build_columns(
        [
            make_activity(f"a{number:03}", place={"lat": lat, "lon": lon})
            for number, (lat, lon) in enumerate(points)
        ]
    )
    return columns, Ground(columns)


@given(LATITUDES, LONGITUDES, RADII_KM)
def test_everything_within_a_radius_is_found(lat: float, lon: float, km: float) -> None:
    columns, ground = scattered()
    centre = Point(lat, lon)
    inside = np.flatnonzero(great_circle_km(centre, columns.lat, columns.lon) <= km)
    assert set(inside) <= set(ground.order[ground.within(centre, km).positions()])


@given(LATITUDES, LONGITUDES, RADII_KM)
def test_nothing_is_found_twice(lat: float, lon: float, km: float) -> None:
    _, ground = scattered()
    found = ground.within(Point(lat, lon), km).positions()
    assert len(set(found)) == len(found)


@given(LATITUDES, LONGITUDES, RADII_KM)
def test_those_within_a_radius_are_counted(lat: float, lon: float, km: float) -> None:
    columns, ground = scattered()
    centre = Point(lat, lon)
    inside = int((great_circle_km(centre, columns.lat, columns.lon) <= km).sum())
    assert ground.count(centre, km)[MET] == inside


def test_a_small_circle_touches_few_of_many() -> None:
    columns, ground = scattered()
    assert len(ground.within(Point(56.0, 10.0), 5.0)) < len(columns) / 10


def ground_of(*facts: dict[str, object]) -> Ground:
    return Ground(build_columns([make_activity(f"a{i}", **one) for i, one in enumerate(facts)]))


def test_offers_that_come_home_meet_every_limit() -> None:
    ground = ground_of({"delivery": "online", "place": north(900)}, {"delivery": "phone"})
    assert ground.count(Point(**HOME), 1.0) == {MET: 2, UNKNOWN: 0, NOT_MET: 0}


def test_offers_without_a_place_are_open() -> None:
    assert ground_of({}).count(Point(**HOME), 1.0) == {MET: 0, UNKNOWN: 1, NOT_MET: 0}


def test_offers_beyond_it_break_it() -> None:
    ground = ground_of({"place": north(0.9)}, {"place": north(1.1)})
    assert ground.count(Point(**HOME), 1.0) == {MET: 1, UNKNOWN: 0, NOT_MET: 1}
