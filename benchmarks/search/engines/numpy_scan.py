"""Careful numpy: what somebody who knows it well writes in an afternoon. The honest rival.

The bounding box is tried on all rows as 16-bit numbers into buffers that are kept; every yes/no limit is one
bit mask of what must not be, tried at once; the others only on the rows that the last one left, the most
telling first; then exact distance, then the dot products of what is left. ``NumpySorted`` adds the next thing
such a person tries: rows in the order of their latitude, so that the box is a slice found by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from benchmarks.search.protocol import Engine, K
from benchmarks.search.table import Table, Wanted, flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.columns import ACCESS_KEYS, FIRST_VISIT_KEYS, INTENSITIES
from spmatch.geography import EARTH_RADIUS_KM
from spmatch.profile import Profile

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_STEPS = 65_000
_NOWHERE = 65_500
"""The place of rows that are anywhere: no box reaches it."""

# Bits of what must not be, from the lowest: a fact sets its bit, a person asks for those that exclude.
_FIRST_VISIT = len(ACCESS_KEYS)
_GENDER = _FIRST_VISIT + len(FIRST_VISIT_KEYS)
_INTENSITY = _GENDER + 2
_DELIVERY = _INTENSITY + len(INTENSITIES) - 1
_CLOSED = _DELIVERY + 5
_EVERY_DELIVERY = 0x1F


class Limits:
    """Everything that is asked but distance, for a set of rows."""

    def __init__(self, table: Table, rows: Rows) -> None:
        column = {name: values[rows] for name, values in table.arrays().items()}
        bits = column["access_no"].astype(np.uint32)
        bits |= column["first_visit_no"].astype(np.uint32) << _FIRST_VISIT
        bits |= (column["gender"].astype(np.uint32) << _GENDER) & (3 << _GENDER)
        for step in range(len(INTENSITIES) - 1):
            bits |= (column["intensity"] > step).astype(np.uint32) << (_INTENSITY + step)
        delivery = np.where(column["delivery"] == _EVERY_DELIVERY, 0, column["delivery"])
        bits |= delivery.astype(np.uint32) << _DELIVERY
        bits |= column["closed"].astype(np.uint32) << _CLOSED
        self.bits = bits
        kept = ("age_min", "age_max", "speaks", "price", "anytime")
        self.column: dict[str, npt.NDArray[Any]] = {name: column[name] for name in kept}
        self.times = [
            tuple(column[f"{name}_{number}"] for name in ("day", "start", "end"))
            for number in (1, 2)
        ]

    def keep(self, wanted: Wanted, rows: Rows | None = None) -> Rows:
        """Those of ``rows``, or of all, that break no limit but distance."""
        bad = self._bad(wanted)
        allowed = ((self.bits if rows is None else self.bits[rows]) & bad) == 0
        rows = np.flatnonzero(allowed) if rows is None else rows[allowed]
        of = self.column
        if wanted.slots:
            fits = of["anytime"][rows]
            for days, starts, ends in self.times:
                day, start, end = days[rows], starts[rows], ends[rows]
                for slot in wanted.slots:
                    fits |= (day == slot.day) & (start <= slot.start_most) & (end >= slot.end_least)
            rows = rows[fits]
        rows = rows[(of["age_min"][rows] <= wanted.age) & (of["age_max"][rows] >= wanted.age)]
        rows = rows[(of["speaks"][rows] & wanted.speaks) != 0]
        if wanted.price_most < 1e9:
            rows = rows[of["price"][rows] <= wanted.price_most]
        return rows

    def _bad(self, wanted: Wanted) -> np.uint32:
        bad = wanted.access | wanted.first_visit << _FIRST_VISIT | 1 << _CLOSED
        if wanted.gender_not < 3:
            bad |= wanted.gender_not << _GENDER
        if wanted.intensity_most < len(INTENSITIES) - 1:
            bad |= 1 << (_INTENSITY + wanted.intensity_most)
        bad |= (_EVERY_DELIVERY & ~wanted.delivery) << _DELIVERY
        return np.uint32(bad)


class Filter:
    """The rows that keep every limit, found with numpy; other engines that need them use it too."""

    def __init__(self, table: Table) -> None:
        self.languages = table.languages
        self.limits = Limits(table, np.arange(len(table)))
        self.anywhere = np.flatnonzero(table.anywhere)
        self.limits_anywhere = Limits(table, self.anywhere)
        self.lat, self.lon = np.radians(table.lat), np.radians(table.lon)
        self.cos_lat = np.cos(self.lat)
        placed = ~table.anywhere
        self.north, self.east = (_Axis(values, placed) for values in (table.lat, table.lon))
        self._number = np.empty(len(table), dtype=np.uint16)
        self._inside = np.empty(len(table), dtype=np.bool_)
        self._also = np.empty(len(table), dtype=np.bool_)

    def find(self, profile: Profile) -> Rows:
        wanted = want(profile, self.languages)
        near = self.limits.keep(wanted, self.in_box(wanted))
        far = self.anywhere[self.limits_anywhere.keep(wanted)]
        return np.concatenate([near[self._within(near, wanted)], far])

    def among(self, rows: Rows, profile: Profile) -> Flags:
        """Which of a few rows keep every limit."""
        wanted = want(profile, self.languages)
        near = self._within(rows, wanted) | (self.north.steps[rows] == _NOWHERE)
        return near & np.isin(rows, self.limits.keep(wanted, rows[near]))

    def in_box(self, wanted: Wanted) -> Rows:
        """Placed rows in the bounding box: an unsigned number less the lower bound is at most the width."""
        south, north, west, east = wanted.box()
        low, width = self.north.between(south, north)
        np.subtract(self.north.steps, low, out=self._number)
        np.less_equal(self._number, width, out=self._inside)
        low, width = self.east.between(west, east)
        np.subtract(self.east.steps, low, out=self._number)
        np.less_equal(self._number, width, out=self._also)
        np.logical_and(self._inside, self._also, out=self._inside)
        return np.flatnonzero(self._inside)

    def _within(self, rows: Rows, wanted: Wanted) -> Flags:
        from_lat, from_lon = math.radians(wanted.lat), math.radians(wanted.lon)
        half = np.sin((self.lat[rows] - from_lat) / 2) ** 2
        across = np.sin((self.lon[rows] - from_lon) / 2) ** 2
        half += math.cos(from_lat) * self.cos_lat[rows] * across
        inside: Flags = half <= math.sin(wanted.radius_km / EARTH_RADIUS_KM / 2) ** 2
        return inside


class _Axis:
    """Degrees along one axis as 16-bit steps of some metres."""

    def __init__(self, degrees: npt.NDArray[np.float64], placed: Flags) -> None:
        self.low = float(degrees[placed].min())
        self.step = (float(degrees[placed].max()) - self.low) / _STEPS
        steps = np.where(placed, (degrees - self.low) / self.step, _NOWHERE)
        self.steps = steps.astype(np.uint16)

    def between(self, low: float, high: float) -> tuple[np.uint16, np.uint16]:
        """The first step of a span and how many more it has."""
        first = min(max(math.floor((low - self.low) / self.step), 0), _STEPS)
        last = min(max(math.ceil((high - self.low) / self.step), 0), _STEPS)
        return np.uint16(first), np.uint16(last - first)


def best(rows: Rows, likeness: npt.NDArray[np.floating]) -> Rows:
    """The ten most alike, best first, ties by row."""
    if len(rows) > K:
        top = np.argpartition(likeness, -K)[-K:]
        rows, likeness = rows[top], likeness[top]
    return rows[np.lexsort((rows, -likeness))]


class Numpy(Engine):
    memory_share: ClassVar[float] = 1.1
    how: ClassVar[str] = "box on all rows, limits on what is left, then dot products"

    def build(self, workload: Workload, directory: Path) -> None:
        self.filter = Filter(flatten(workload.columns))
        self.vectors = np.array(workload.vectors)

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        rows = self.filter.find(profile)
        return best(rows, self.vectors[rows] @ query).tolist()


class NumpySorted(Engine):
    memory_share: ClassVar[float] = 1.1
    how: ClassVar[str] = "the same, rows in order of latitude"

    def build(self, workload: Workload, directory: Path) -> None:
        table = flatten(workload.columns)
        self.order = np.lexsort((table.lat, table.anywhere))
        self.filter = _SortedFilter(table.take(self.order))
        self.vectors = np.array(workload.vectors[self.order])

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        rows = self.filter.find(profile)
        return best(self.order[rows], self.vectors[rows] @ query).tolist()


class _SortedFilter(Filter):
    """For rows in order of latitude, those that are anywhere last."""

    def in_box(self, wanted: Wanted) -> Rows:
        south, north, west, east = wanted.box()
        low, width = self.north.between(south, north)
        first, last = np.searchsorted(self.north.steps, [low, low + width + np.uint16(1)])
        low, width = self.east.between(west, east)
        return np.flatnonzero(self.east.steps[first:last] - low <= width) + first
