"""Where the activities of a catalogue are: in an order in which a radius is a few runs of neighbours.

Activities with exact coordinates lie in bands of latitude, two kilometres high, and within a band from
west to east. A circle then covers one run of each band that it touches, found by bisection before any
activity is looked at. Those placed by a postcode follow in bands of their own, since their margin widens
the search for them; then those that no distance decides: offers that come home, and places not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from spmatch.bands import NONE, Bands, Spans
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
from spmatch.kernels import NEAR_ENOUGH
from spmatch.messages import Message
from spmatch.numbering import sort_nearly_sorted
from spmatch.splicing import Splice


def _unit_vectors(lat: Floats, lon: Floats) -> Floats:
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], axis=1)


class Ground:
    """The places of a catalogue. Rows are those of the catalogue, positions those of ``order``."""

    def __init__(self, columns: Columns, rows: Rows | None = None) -> None:
        """``rows``: all of them, in an order that is nearly that of the positions, where one is known."""
        if rows is None:
            rows = np.arange(len(columns))
        self.lat, self.lon = columns.lat, columns.lon
        self.margin_km = np.nan_to_num(columns.margin_km)
        self.vague = columns.vague
        self.at_home: Flags = np.isin(columns.delivery, [DELIVERIES.index(way) for way in AT_HOME])
        self.home_visit: Flags = np.asarray(columns.delivery == DELIVERIES.index("home_visit"))
        anywhere = self.at_home | np.isnan(self.lat) | np.isnan(self.lon) | self.vague
        self.exact: Flags = ~anywhere & (self.margin_km == 0)
        """Whose distance is known, and decides."""
        exact = rows[self.exact[rows]]
        about = rows[(~anywhere & (self.margin_km != 0))[rows]]
        self._exact = Bands(self.lat[exact], self.lon[exact], exact)
        self._about = Bands(self.lat[about], self.lon[about], about)
        self._widest_km = float(self.margin_km[about].max(initial=0.0))
        rest = rows[anywhere[rows]]
        way, begins = columns.delivery[rest], len(exact) + len(about)
        rest = rest[sort_nearly_sorted(way, rest)]
        self.order: Rows = np.concatenate(
            [exact[self._exact.order], about[self._about.order], rest]
        )
        _, first, count = np.unique(np.sort(way), return_index=True, return_counts=True)
        self.anywhere = Spans(first + begins, first + begins + count)
        """What no distance decides, a run for each way of delivery."""
        self.place = np.empty(len(self.order), dtype=np.uint32)
        """The position of each row."""
        self.place[self.order] = np.arange(len(self.order))
        self.anywhere_from = begins
        self._home_count = int(self.at_home.sum())
        self.unit = _unit_vectors(self.lat[self.order], self.lon[self.order])
        """(positions, 3): each place as a point of a sphere of radius 1; NaN where no distance decides."""
        self.unit[begins:] = np.nan

    def spliced(self, columns: Columns, splice: Splice) -> Ground:
        """The ground of ``columns``, which are these when some activities went and others were added."""
        now = splice.now_at()[self.order]
        return Ground(columns, np.concatenate([now[now >= 0], splice.added_at]))

    def __len__(self) -> int:
        return len(self.order)

    def everywhere(self) -> Spans:
        """All positions."""
        return Spans(np.array([0]), np.array([len(self)]))

    @property
    def about_from(self) -> int:
        """The first position of a place that is only about known."""
        return len(self._exact)

    def near(self, centre: Point, km: float, others: Spans = NONE) -> Spans:
        """Positions of all places that are not known to be farther than ``km``, and of some that are.

        Other runs that are given follow.
        """
        if not len(self._about):
            return self._exact.around(centre, km, others)
        about = self._about.around(centre, km + self._widest_km).moved(len(self._exact))
        return self._exact.around(centre, km, about + others)

    def within(self, centre: Point, km: float) -> Spans:
        """The same with all that no distance decides."""
        return self.near(centre, km, self.anywhere)

    def count(self, centre: Point, km: float) -> dict[int, int]:
        """How many activities of the whole catalogue a distance limit is met by, open for, broken by."""
        near, inside = self._exact.around(centre, km), self._exact.inside(centre, km)
        edge = np.setdiff1d(near.positions(), inside.positions(), assume_unique=True)
        met = len(inside) + int((self._km(centre, edge) <= km).sum())
        about = self._about.around(centre, km + self._widest_km)
        positions = about.positions() + len(self._exact)
        away_km, margin_km = self._km(centre, positions), self.margin_km[self.order[positions]]
        certain = int((away_km + margin_km <= km).sum())
        possible = int((away_km - margin_km <= km).sum())
        met += certain + self._home_count
        unknown = possible - certain + len(self.anywhere) - self._home_count
        return {MET: met, UNKNOWN: unknown, NOT_MET: len(self) - met - unknown}

    def _km(self, centre: Point, positions: Rows) -> Floats:
        rows = self.order[positions]
        return great_circle_km(centre, self.lat[rows], self.lon[rows])


@dataclass(frozen=True, slots=True)
class Away:
    """How far an activity is (NaN where it is not known), and whether that is but about so far."""

    km: float
    about: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """A catalogue as it lies around a person's origin."""

    ground: Ground
    origin: Point
    _last: list[tuple[Rows, Floats]] = field(default_factory=list, repr=False, compare=False)

    def km(self, rows: Rows) -> Floats:
        """Distances (rows,); NaN where it is not known where an activity meets."""
        # A limit and two factors ask for the same rows, one after the other.
        if self._last and self._last[0][0] is rows:
            return self._last[0][1]
        found = great_circle_km(self.origin, self.ground.lat[rows], self.ground.lon[rows])
        self._last[:] = [(rows, found)]
        return found

    def farthest_km(self, rows: Rows) -> Floats:
        """The most that each distance can be."""
        farthest: Floats = self.km(rows) + self.ground.margin_km[rows]
        return farthest

    def away(self, rows: Rows) -> list[Away]:
        """How far each is, as it is told."""
        kms, margins = self.km(rows).tolist(), self.ground.margin_km[rows].tolist()
        return [
            Away(km, bool(self.origin.radius_km or margin))
            for km, margin in zip(kms, margins, strict=True)
        ]

    def limit(self, km: float, kind: Kind) -> DistanceLimit:
        return DistanceLimit(kind, self, km)


@dataclass(frozen=True, slots=True)
class Circle:
    """What is certainly nearer than a limit, and what certainly farther, by the square of a straight line.

    Measured through a sphere of radius 1, which takes no sine of any place; between the two, the
    formula of distances decides.
    """

    centre: Floats
    """(3,)."""
    inside: float
    """Less than this is nearer."""
    outside: float
    """More than this is farther."""


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
        if self.reach.ground.exact[rows].all():
            # Nothing but the distance decides, which is most of what is asked.
            return np.where(self.reach.km(rows) <= self.km, MET, NOT_MET).astype(np.int8)
        return self._judged(rows).codes

    def among(self, rows: Rows) -> Judgement:
        """The same of these rows alone, which are its own first, second and so on."""
        return self._judged(rows)

    def code(self, row: int) -> int:
        return int(self.at(np.array([row]))[0])

    def excludes(self, positions: Rows, rows: Rows, exclude_unknown: bool) -> Flags:
        """Which of these positions, and the rows there, fall to it: the rule of ``at``, with less to do."""
        ground, circle = self.reach.ground, self.circle()
        away = ground.unit[positions]
        away -= circle.centre
        squared = np.einsum("ij,ij->i", away, away)
        # What no distance decides is no number here, and stays.
        found: Flags = squared > circle.outside
        unsure = (squared >= circle.inside) & ~found
        if exclude_unknown:
            unsure |= positions >= ground.about_from
        elif ground.about_from < ground.anywhere_from:
            unsure |= (positions >= ground.about_from) & (positions < ground.anywhere_from)
        if unsure.any():
            found[unsure] = self.falls_at(rows[unsure], exclude_unknown)
        return found

    def falls_at(self, rows: Rows, exclude_unknown: bool) -> Flags:
        """Which of these rows fall to it, by the rule of ``at`` itself."""
        codes = self.at(rows)
        broken: Flags = codes == NOT_MET
        return broken | (codes == UNKNOWN) if exclude_unknown else broken

    def circle(self) -> Circle:
        """The limit on a sphere of radius 1."""
        origin = self.reach.origin
        north, east = math.radians(origin.lat), math.radians(origin.lon)
        flat = math.cos(north)
        centre = np.array([flat * math.cos(east), flat * math.sin(east), math.sin(north)])
        if self.km >= math.pi * EARTH_RADIUS_KM:
            return Circle(centre, math.inf, math.inf)
        chord = 2 * math.sin(self.km / EARTH_RADIUS_KM / 2)
        return Circle(centre, max(chord - NEAR_ENOUGH, 0.0) ** 2, (chord + NEAR_ENOUGH) ** 2)

    def falls(self, exclude_unknown: bool) -> int:
        """How many activities of the whole catalogue it excludes."""
        counted = self.reach.ground.count(self.reach.origin, self.km)
        return counted[NOT_MET] + (counted[UNKNOWN] if exclude_unknown else 0)

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
