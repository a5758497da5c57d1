"""Points in bands of latitude, so that a circle covers one run of each band that it touches.

A run is found by bisection, before any point is looked at; how many it holds is known from its ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch import fast
from spmatch.columns import Flags, Floats
from spmatch.contracts import Rows
from spmatch.geography import EARTH_RADIUS_KM, Point
from spmatch.numbering import sort_nearly_sorted

BAND_KM = 2.0

_BAND = BAND_KM / EARTH_RADIUS_KM
"""Height of a band in radians."""
_PAD = 1e-7
"""Radians (60 cm) by which a run is drawn wider, or narrower, than computed: more than rounding can err."""
_ROUND = 1024.0
"""Between the keys of two bands; more than the degrees of a circle."""

# The southern edge of every band from pole to pole, and the northern one of the last.
_EDGES = np.minimum(np.arange(math.ceil(math.pi / _BAND) + 1) * _BAND - math.pi / 2, math.pi / 2)
_SINES, _COSINES = np.sin(_EDGES), np.cos(_EDGES)
_BASES = np.arange(len(_EDGES)) * _ROUND


@dataclass(frozen=True, slots=True)
class Spans:
    """Runs of positions, ``starts[i]`` up to ``ends[i]``."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int((self.ends - self.starts).sum())

    def __add__(self, other: Spans) -> Spans:
        if not len(other.starts):
            return self
        return Spans(
            np.concatenate([self.starts, other.starts]), np.concatenate([self.ends, other.ends])
        )

    def only(self, keep: Flags) -> Spans:
        """The runs that are marked."""
        return Spans(self.starts[keep], self.ends[keep])

    def moved(self, by: int) -> Spans:
        """The same runs, so many positions later."""
        return Spans(self.starts + by, self.ends + by)

    def positions(self) -> Rows:
        lengths = self.ends - self.starts
        shift = self.starts - np.cumsum(lengths) + lengths
        found: Rows = np.arange(lengths.sum()) + np.repeat(shift, lengths)
        return found

    def take(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of values by position, those of these runs: neighbours are read in one go."""
        if not len(self.starts):
            return values[:0]
        bounds = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return np.concatenate([values[begin:end] for begin, end in bounds])

    def at(self, places: Rows) -> Rows:
        """The positions of some places in what ``take`` gives."""
        until = np.cumsum(self.ends - self.starts)
        found: Rows = places + (self.ends - until)[np.searchsorted(until, places, side="right")]
        return found


NONE = Spans(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class Bands:
    """Points in bands of latitude. A position is a place in their order."""

    def __init__(self, lat: Floats, lon: Floats, rows: Rows) -> None:
        """Degrees, none of them NaN; of points at one place the one of the lower row comes first."""
        key = np.floor((np.radians(lat) + np.pi / 2) / _BAND) * _ROUND + (lon + 180.0) % 360.0
        self.order = sort_nearly_sorted(key, rows)
        self._key = key[self.order]

    def __len__(self) -> int:
        return len(self._key)

    def around(self, centre: Point, km: float, others: Spans = NONE) -> Spans:
        """Runs that hold every point within ``km``, and others that are given."""
        compiled = fast.compiled()
        if compiled is None:
            bow = _Bow(centre, km)
            return self._runs(bow, centre.lon, bow.at_most()) + others
        return Spans(
            *compiled.around(
                self._key,
                _SINES,
                _COSINES,
                _BASES,
                math.radians(centre.lat),
                centre.lon,
                km / EARTH_RADIUS_KM + _PAD,
                _BAND,
                _PAD,
                others.starts,
                others.ends,
            )
        )

    def inside(self, centre: Point, km: float) -> Spans:
        """Runs that hold no point beyond ``km``: each within that of ``around``."""
        bow = _Bow(centre, km)
        width = bow.at_least()
        west, east = centre.lon + 180.0 - width, centre.lon + 180.0 + width
        if (west < 0).any() or (east > 360).any():
            # Over the date line every point is measured.
            width = np.zeros(len(width))
        return self._runs(bow, centre.lon, width)

    def _runs(self, bow: _Bow, lon: float, width: Floats) -> Spans:
        """One run of each band, so many degrees of longitude to either side."""
        base = _BASES[bow.edges][:-1]
        widest, count = float(width.max()), len(base)
        if lon + 180.0 - widest < 0 or lon + 180.0 + widest > 360:
            west, east = lon + 180.0 - width, lon + 180.0 + width
            # A circle over the date line is looked for on both sides of it. No part of a band twice:
            # one that is covered all round is one run, and has no other side.
            whole = width >= 180.0
            west, east = np.where(whole, 0.0, west), np.where(whole, 360.0, east)
            turns, count = np.repeat([-360.0, 0.0, 360.0], count), 3 * count
            base = np.tile(base, 3)
            west, east = (np.clip(np.tile(bound, 3) + turns, 0, 360) for bound in (west, east))
            bounds = np.concatenate([base + west, base + east])
        else:
            middle = base + (lon + 180.0)
            bounds = np.concatenate([middle - width, middle + width])
        found = np.searchsorted(self._key, bounds)
        starts, ends = found[:count], found[count:]
        some = ends > starts
        return Spans(starts[some], ends[some])


class _Bow:
    """The bands that a circle touches, and how far it reaches east and west in each.

    Half the angle of longitude, in degrees. On a circle of angular radius d around latitude p,
    cos d = sin p sin q + cos p cos q cos x holds at latitude q; x is greatest where sin q = sin p / cos d
    (spherical law of cosines, and its derivative).
    """

    def __init__(self, centre: Point, km: float) -> None:
        self.latitude, self.radius = math.radians(centre.lat), km / EARTH_RADIUS_KM + _PAD
        south, north = self.latitude - self.radius, self.latitude + self.radius
        self.holds_pole = south <= -math.pi / 2 or north >= math.pi / 2
        self.first = math.floor((max(south, -math.pi / 2) + math.pi / 2) / _BAND)
        self.last = math.floor((min(north, math.pi / 2) + math.pi / 2) / _BAND)
        self.edges = slice(self.first, self.last + 2)
        """Of its bands, from south to north."""
        self.pad = 0.0 if self.holds_pole else _PAD / math.cos(self.latitude)

    def __len__(self) -> int:
        return self.last + 1 - self.first

    def widest(self) -> tuple[int, float]:
        """In which band it reaches farthest, and how far in radians: all round where it holds a pole."""
        if self.holds_pole:
            return 0, math.inf
        sine = math.sin(self.latitude) / math.cos(self.radius)
        at = math.asin(min(max(sine, -1.0), 1.0))
        band = min(max(math.floor((at + math.pi / 2) / _BAND) - self.first, 0), len(self) - 1)
        return band, math.asin(min(math.sin(self.radius) / math.cos(self.latitude), 1.0))

    def at_most(self) -> Floats:
        """The most that it reaches within each band."""
        if self.holds_pole:
            return np.full(len(self), 360.0)
        half = self._half(self.radius)
        most = np.maximum(half[:-1], half[1:])
        # Between its edges a band is crossed wider only where the circle is widest.
        band, widest = self.widest()
        most[band] = widest
        most += self.pad
        return np.degrees(most, out=most)

    def at_least(self) -> Floats:
        """The least that it reaches within each band: at one of its edges."""
        if self.holds_pole:
            return np.zeros(len(self))
        half = self._half(max(self.radius - 2 * _PAD, 0.0))
        return np.maximum(np.degrees(np.minimum(half[:-1], half[1:]) - self.pad), 0.0)

    def _half(self, radius: float) -> Floats:
        """At the edges of the bands, from south to north."""
        sine, cosine = math.sin(self.latitude), math.cos(self.latitude)
        turn = (math.cos(radius) - sine * _SINES[self.edges]) / (cosine * _COSINES[self.edges])
        angle: Floats = np.arccos(np.minimum(np.maximum(turn, -1.0, out=turn), 1.0, out=turn))
        return angle
