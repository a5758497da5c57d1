"""Where the activities of a catalogue are: in an order in which a radius is a few runs of neighbours.

Activities with exact coordinates lie in bands of latitude, two kilometres high, and within a band from
west to east. A circle then covers one run of each band that it touches, found by bisection before any
activity is looked at. Those placed by a postcode follow in bands of their own, since their margin widens
the search for them; then those that no distance decides: offers that come home, and places not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.columns import DELIVERIES, Columns, Flags, Floats
from spmatch.constraints import (
    AT_HOME,
    MET,
    NOT_MET,
    UNKNOWN,
    Codes,
    Judgement,
    Kind,
    judge_distance,
)
from spmatch.contracts import Rows
from spmatch.geography import EARTH_RADIUS_KM, Point, great_circle_km
from spmatch.messages import Message

BAND_KM = 2.0

_BAND = BAND_KM / EARTH_RADIUS_KM
"""Height of a band in radians."""
_PAD = 1e-7
"""Radians (60 cm) by which a run is drawn wider, or narrower, than computed: more than rounding can err."""
_ROUND = 1024.0
"""Between the keys of two bands; more than the degrees of a circle."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Runs of positions, ``starts[i]`` up to ``ends[i]``."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int((self.ends - self.starts).sum())

    def positions(self) -> Rows:
        lengths = self.ends - self.starts
        shift = self.starts - np.cumsum(lengths) + lengths
        found: Rows = np.arange(lengths.sum()) + np.repeat(shift, lengths)
        return found

    def where(self, keeps: Flags, kinds: npt.NDArray[Any]) -> Rows:
        """The positions whose kind (``kinds``, by position) is one to keep."""
        runs = [
            kinds[begin:end]
            for begin, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        ]
        if not runs:
            return np.zeros(0, dtype=np.intp)
        kept = np.flatnonzero(keeps[np.concatenate(runs)])
        until = np.cumsum(self.ends - self.starts)
        return kept + (self.ends - until)[np.searchsorted(until, kept, side="right")]


class Bands:
    """Points in bands of latitude. A position is a place in their order."""

    def __init__(self, lat: Floats, lon: Floats) -> None:
        """Degrees, none of them NaN."""
        key = np.floor((np.radians(lat) + np.pi / 2) / _BAND) * _ROUND + (lon + 180.0) % 360.0
        self.order = np.argsort(key, kind="stable")
        self._key = key[self.order]

    def __len__(self) -> int:
        return len(self._key)

    def around(self, centre: Point, km: float) -> tuple[Spans, Spans]:
        """Runs that hold every point within ``km``; and within those, runs that hold no other."""
        bands, outer, inner = _half_widths(centre, km)
        lon = centre.lon + 180.0
        low, high = lon - outer, lon + outer
        # A circle over the date line is looked for on both sides of it; one around a pole, everywhere.
        inside_low, inside_high = lon - inner, lon + inner
        if (low < 0).any() or (high > 360).any():
            # No part of a band twice: one that is covered all round is one run, and has no other side.
            whole = outer >= 180.0
            low, high = np.where(whole, 0.0, low), np.where(whole, 360.0, high)
            turns = np.repeat([-360.0, 0.0, 360.0], len(bands))
            bands = np.tile(bands, 3)
            low, high = (np.clip(np.tile(bound, 3) + turns, 0, 360) for bound in (low, high))
            inside_low = inside_high = low
        base = bands * _ROUND
        found = np.searchsorted(
            self._key,
            np.concatenate([base + low, base + high, base + inside_low, base + inside_high]),
        ).reshape(4, -1)
        starts, ends, inside, until = found
        ends = np.maximum(starts, ends)
        inside = np.clip(inside, starts, ends)
        return Spans(starts, ends), Spans(inside, np.clip(until, inside, ends))


def _half_widths(centre: Point, km: float) -> tuple[Floats, Floats, Floats]:
    """The bands that a circle touches; how far it reaches east and west there at most, and at least.

    Half the angle of longitude, in degrees. On a circle of angular radius d around latitude p,
    cos d = sin p sin q + cos p cos q cos x holds at latitude q; x is greatest where sin q = sin p / cos d
    (spherical law of cosines, and its derivative).
    """
    latitude, reach = np.radians(centre.lat), km / EARTH_RADIUS_KM + _PAD
    south, north = latitude - reach, latitude + reach
    first = np.floor((max(south, -np.pi / 2) + np.pi / 2) / _BAND)
    last = np.floor((min(north, np.pi / 2) + np.pi / 2) / _BAND)
    bands = np.arange(first, last + 1)
    if south <= -np.pi / 2 or north >= np.pi / 2:
        return bands, np.full(len(bands), 360.0), np.zeros(len(bands))
    low = bands * _BAND - np.pi / 2
    high = low + _BAND

    def half(at: Floats, radius: float) -> Floats:
        cosine = (np.cos(radius) - np.sin(latitude) * np.sin(at)) / (np.cos(latitude) * np.cos(at))
        angle: Floats = np.arccos(np.clip(cosine, -1.0, 1.0))
        return angle

    widest = np.clip(np.arcsin(np.clip(np.sin(latitude) / np.cos(reach), -1, 1)), low, high)
    pad = _PAD / np.cos(latitude)
    outer = np.degrees(half(widest, reach) + pad)
    within = max(reach - 2 * _PAD, 0.0)
    inner = np.degrees(np.minimum(half(low, within), half(high, within)) - pad)
    return bands, np.minimum(outer, 360.0), np.maximum(inner, 0.0)


class Ground:
    """The places of a catalogue. Rows are those of the catalogue, positions those of ``order``."""

    def __init__(self, columns: Columns) -> None:
        self.lat, self.lon = columns.lat, columns.lon
        self.margin_km = np.nan_to_num(columns.margin_km)
        self.vague = columns.vague
        self.at_home: Flags = np.isin(columns.delivery, [DELIVERIES.index(way) for way in AT_HOME])
        self.home_visit: Flags = np.asarray(columns.delivery == DELIVERIES.index("home_visit"))
        anywhere = self.at_home | np.isnan(self.lat) | np.isnan(self.lon) | self.vague
        exact = np.flatnonzero(~anywhere & (self.margin_km == 0))
        about = np.flatnonzero(~anywhere & (self.margin_km != 0))
        self._exact = Bands(self.lat[exact], self.lon[exact])
        self._about = Bands(self.lat[about], self.lon[about])
        self._widest_km = float(self.margin_km[about].max(initial=0.0))
        self.order: Rows = np.concatenate(
            [exact[self._exact.order], about[self._about.order], np.flatnonzero(anywhere)]
        )
        self._home_count = int(self.at_home.sum())

    def __len__(self) -> int:
        return len(self.order)

    def everywhere(self) -> Spans:
        """All positions."""
        return Spans(np.array([0]), np.array([len(self)]))

    def within(self, centre: Point, km: float) -> Spans:
        """Positions of all that are not known to be farther than ``km``, and of some that are."""
        near, _ = self._exact.around(centre, km)
        about, _ = self._about.around(centre, km + self._widest_km)
        shift = len(self._exact)
        rest = shift + len(self._about)
        starts = np.concatenate([near.starts, about.starts + shift, [rest]])
        ends = np.concatenate([near.ends, about.ends + shift, [len(self)]])
        some = ends > starts
        return Spans(starts[some], ends[some])

    def count(self, centre: Point, km: float) -> dict[int, int]:
        """How many activities of the whole catalogue a distance limit is met by, open for, broken by."""
        near, inside = self._exact.around(centre, km)
        edge = Spans(
            np.concatenate([near.starts, inside.ends]), np.concatenate([inside.starts, near.ends])
        ).positions()
        met = len(inside) + int((self._km(centre, edge) <= km).sum())
        about, _ = self._about.around(centre, km + self._widest_km)
        positions = about.positions() + len(self._exact)
        away_km, margin_km = self._km(centre, positions), self.margin_km[self.order[positions]]
        certain = int((away_km + margin_km <= km).sum())
        possible = int((away_km - margin_km <= km).sum())
        anywhere = len(self) - len(self._exact) - len(self._about)
        met += certain + self._home_count
        unknown = possible - certain + anywhere - self._home_count
        return {MET: met, UNKNOWN: unknown, NOT_MET: len(self) - met - unknown}

    def _km(self, centre: Point, positions: Rows) -> Floats:
        rows = self.order[positions]
        return great_circle_km(centre, self.lat[rows], self.lon[rows])


@dataclass(frozen=True, slots=True)
class Reach:
    """A catalogue as it lies around a person's origin."""

    ground: Ground
    origin: Point

    def km(self, rows: Rows) -> Floats:
        """Distances (rows,); NaN where it is not known where an activity meets."""
        return great_circle_km(self.origin, self.ground.lat[rows], self.ground.lon[rows])

    def farthest_km(self, rows: Rows) -> Floats:
        """The most that each distance can be."""
        farthest: Floats = self.km(rows) + self.ground.margin_km[rows]
        return farthest

    def limit(self, km: float, kind: Kind) -> DistanceLimit:
        return DistanceLimit(kind, self, km)


@dataclass(frozen=True, slots=True)
class DistanceLimit:
    """A limit of distance, judged where it is asked for: never for a whole catalogue."""

    kind: Kind
    reach: Reach
    km: float
    limit: str = "distance"
    from_activity: bool = False
    set_by_person: bool = True

    def at(self, rows: Rows) -> Codes:
        return self._judged(rows).codes

    def code(self, row: int) -> int:
        return int(self.at(np.array([row]))[0])

    def explain(self, row: int) -> Message:
        return self._judged(np.array([row])).explain(0)

    def ask(self, row: int) -> tuple[Message, ...]:
        return self._judged(np.array([row])).ask(0)

    def estimated(self, row: int) -> bool:
        return False

    def _judged(self, rows: Rows) -> Judgement:
        ground = self.reach.ground
        return judge_distance(
            self.reach.km(rows),
            self.km,
            self.kind,
            at_home=ground.at_home[rows],
            home_visit=ground.home_visit[rows],
            margins_km=ground.margin_km[rows],
            vague=ground.vague[rows],
        )
