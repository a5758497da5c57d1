"""Where everything of a map sketch is drawn: pure geometry, without words.

Places are laid out in the azimuthal equidistant projection round home (Snyder, Map Projections, USGS
1987, p. 191): each lies at its true distance and direction from the middle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from spmatch.geography import Point, great_circle_km

FRAME = 400.0
"""Width and height of a sketch, in its own units; x goes right, y down."""
MIDDLE = FRAME / 2
LETTERING = 16.0
"""Height of the letters, unless others are asked for."""
_DISC = 14.0 / LETTERING
"""Radius of a numbered disc, in heights of a letter; so are the sizes of labels below."""
HOUSE = 11.0
"""Half the size of the house in the middle."""
STEPS_KM = (0.25, 0.5, 1.0, 2.0, 5.0, *(b * 10**e for e in (1, 2, 3) for b in (1.0, 2.5, 5.0)), 1e4)
"""Distances between rings. Each is at most 2.5 times the one before, so that 2 to 4 rings fit."""
RINGS_MAX = 4
FAR, FAR_KM = 4.0, 5.0
"""A place further away than so many times the lower median, and than so many km, is drawn at the rim."""

_RADIUS = 168.0
_RADIUS_INSIDE_RIM = 132.0
_RIM = 164.0
_BAR_KM_MIN = 0.1
_EDGE = 3.0
"""Kept free along the frame."""
_KM_HALF = (2.2, 0.6)
_RING_LABEL_HALF = (1.6, 0.6)


class Spot(NamedTuple):
    """A place to draw: its number in the list and degrees, ``None`` where it has no place on a map.

    ``approximate`` says that only its postcode or town is known.
    """

    number: int
    lat: float | None
    lon: float | None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a sketch.

    ``east_km``, ``north_km`` and ``distance_km`` are true, from home (or from the middle of the places
    where there is no home); ``bearing`` is degrees from north, clockwise, 0 to 360. ``x``, ``y`` is where
    it is drawn, ``label_x``, ``label_y`` the middle of its numbered disc and ``disc`` the radius of that,
    in units of ``FRAME``. ``beyond`` the last ring it stands at the rim, with an arrow and its kilometres
    at ``km_x``, ``km_y``.
    """

    number: int
    approximate: bool
    east_km: float
    north_km: float
    distance_km: float
    bearing: float
    beyond: bool
    x: float
    y: float
    label_x: float
    label_y: float
    disc: float
    km_x: float = 0.0
    km_y: float = 0.0

    @property
    def moved(self) -> bool:
        """Whether its disc had to move from the place, to which a line then leads."""
        return not self.beyond and math.hypot(self.x - self.label_x, self.y - self.label_y) > 1

    @property
    def arrow(self) -> tuple[tuple[float, float], ...]:
        """The corners of the arrow that a mark beyond the rings points its way with."""
        right, down = math.sin(math.radians(self.bearing)), -math.cos(math.radians(self.bearing))
        return tuple(
            (self.label_x + right * out - down * aside, self.label_y + down * out + right * aside)
            for out, aside in (
                (self.disc * 1.65, 0),
                (self.disc * 1.15, self.disc * 0.45),
                (self.disc * 1.15, self.disc * -0.45),
            )
        )


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle round home: its kilometres, its radius and where they are written (``FRAME`` units).

    Where rings lie close, not every one has room for its kilometres: then ``label`` is ``None``.
    """

    km: float
    radius: float
    label: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing of ``FRAME`` by ``FRAME`` units, north up; false when it has nothing to tell.

    ``home`` says whether home is known: it is then in the middle, else there are no rings but a bar
    of ``bar_km`` that is ``bar`` units long. ``about`` says that home itself is only known by its
    postcode or town. ``unplaced`` are the numbers of places that lie nowhere on a map. Letters are
    ``lettering`` units high.
    """

    home: bool
    about: bool
    marks: tuple[Mark, ...]
    rings: tuple[Ring, ...]
    bar_km: float
    bar: float
    unplaced: tuple[int, ...]
    lettering: float

    def __bool__(self) -> bool:
        return len(self.marks) > (0 if self.home else 1)


HOUSE_CORNERS = tuple(
    (MIDDLE + x * HOUSE, MIDDLE + y * HOUSE)
    for x, y in (
        (0, -1.1),
        (1.1, -0.1),
        (0.75, -0.1),
        (0.75, 0.9),
        (-0.75, 0.9),
        (-0.75, -0.1),
        (-1.1, -0.1),
    )
)
NORTH = (19.0, 8.0, 27.0)
"""The arrow north: its x, the y of its tip, and of the top of the letter below it."""
BAR = (16.0, 386.0)
"""Where the bar of the scale begins."""


def sketch_of(
    origin: Point | None, places: Sequence[Spot], *, lettering: float = LETTERING
) -> Sketch:
    """Lay places out round ``origin`` (home), or round their middle where it is ``None``.

    ``lettering`` is the height of its letters in units of ``FRAME``: larger where it is drawn smaller.
    """
    known = [one for one in places if one.lat is not None and one.lon is not None]
    points = np.array([(one.lat, one.lon) for one in known], dtype=np.float64).reshape(-1, 2)
    centre = origin or _middle(points)
    distances = great_circle_km(centre, points[:, 0], points[:, 1])
    bearings = _bearings(centre, points)

    beyond = distances > _far_from(distances) if origin else np.zeros(len(known), dtype=np.bool_)
    near_km = float(distances[~beyond].max(initial=0.0))
    # A rounding in the last digit is not to call for one ring more.
    step = next((one for one in STEPS_KM if near_km <= RINGS_MAX * one * (1 + 1e-9)), STEPS_KM[-1])
    count = max(2, math.ceil(near_km / step * (1 - 1e-9)))
    reach_km = count * step if origin else max(near_km, STEPS_KM[0])
    radius = _RADIUS_INSIDE_RIM if beyond.any() else _RADIUS
    lengths = np.where(beyond, _RIM, distances / reach_km * radius)

    dots = [_towards(*one) for one in zip(bearings, lengths, strict=True)]
    placing = _Placing(origin is not None, dots, lettering)
    marks = []
    # Those at the rim can give way least, so they choose first.
    for at in sorted(range(len(known)), key=lambda at: (not beyond[at], known[at].number)):
        spot, km, angle = known[at], float(distances[at]), math.radians(bearings[at])
        place = placing.at_rim(bearings[at]) if beyond[at] else placing.near(at)
        marks.append(
            Mark(
                spot.number,
                spot.approximate,
                east_km=km * math.sin(angle),
                north_km=km * math.cos(angle),
                distance_km=km,
                bearing=float(bearings[at]),
                beyond=bool(beyond[at]),
                x=placing.dots[at][0],
                y=placing.dots[at][1],
                label_x=place[0],
                label_y=place[1],
                disc=lettering * _DISC,
                km_x=place[2],
                km_y=place[3],
            )
        )
    bar_km = max((one for one in STEPS_KM if one <= reach_km / 2), default=_BAR_KM_MIN)
    return Sketch(
        home=origin is not None,
        about=origin is not None and origin.radius_km > 0,
        marks=tuple(sorted(marks, key=lambda mark: mark.number)),
        rings=placing.rings(step, count, radius) if origin and known else (),
        bar_km=bar_km,
        bar=bar_km / reach_km * radius,
        unplaced=tuple(one.number for one in places if one.lat is None or one.lon is None),
        lettering=lettering,
    )


def _far_from(distances: npt.NDArray[np.float64]) -> float:
    """Kilometres from which a place would crowd the others into the middle."""
    if not len(distances):
        return 0.0
    median = float(np.sort(distances)[(len(distances) - 1) // 2])
    return max(FAR * median, FAR_KM)


def _middle(points: npt.NDArray[np.float64]) -> Point:
    """The middle of points on the globe, also where they lie on both sides of the date line."""
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    x = float((np.cos(lat) * np.cos(lon)).sum())
    y = float((np.cos(lat) * np.sin(lon)).sum())
    z = float(np.sin(lat).sum())
    return Point(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def _bearings(centre: Point, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The direction of each point at the centre, degrees from north, clockwise."""
    lat, other = math.radians(centre.lat), np.radians(points[:, 0])
    east = np.radians(points[:, 1] - centre.lon)
    across = np.sin(east) * np.cos(other)
    ahead = math.cos(lat) * np.sin(other) - math.sin(lat) * np.cos(other) * np.cos(east)
    degrees: npt.NDArray[np.float64] = np.degrees(np.arctan2(across, ahead)) % 360
    return degrees


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def _box(x: float, y: float, half_width: float, half_height: float) -> Box:
    return x - half_width, y - half_height, x + half_width, y + half_height


def _towards(bearing: float, length: float) -> tuple[float, float]:
    angle = math.radians(bearing)
    return MIDDLE + length * math.sin(angle), MIDDLE - length * math.cos(angle)


def _inside(x: float, y: float, half_width: float, half_height: float) -> tuple[float, float]:
    """The nearest middle of a box that does not stick out of the frame."""
    return (
        min(max(x, half_width + _EDGE), FRAME - half_width - _EDGE),
        min(max(y, half_height + _EDGE), FRAME - half_height - _EDGE),
    )


class _Placing:
    """Finds room for discs and labels, each where it covers least of those before it."""

    def __init__(self, home: bool, dots: list[tuple[float, float]], lettering: float) -> None:
        self.dots = dots
        self._disc = lettering * _DISC
        self._km_half = (_KM_HALF[0] * lettering, _KM_HALF[1] * lettering)
        self._ring_half = (_RING_LABEL_HALF[0] * lettering, _RING_LABEL_HALF[1] * lettering)
        self._taken: list[Box] = [(0, 0, NORTH[0] + lettering, NORTH[2] + lettering)]
        if home:
            self._taken.append(_box(MIDDLE, MIDDLE, HOUSE + 3, HOUSE + 3))
        else:
            self._taken.append((BAR[0] - 6, BAR[1] - 8 - lettering, FRAME / 2, FRAME))

    def near(self, at: int) -> tuple[float, float, float, float]:
        """The middle of the disc of a place: on it, else as near as covers nothing."""
        half = self._disc + 1
        options = (_inside(*one, half, half) for one in _spiral(*self.dots[at], self._disc))
        others = [dot for dot in self.dots if dot != self.dots[at]]

        def covered(option: tuple[float, float]) -> float:
            box = _box(*option, half, half)
            hidden = sum(box[0] < x < box[2] and box[1] < y < box[3] for x, y in others)
            # Standing on its own place it may hide the dot of another, which then moves aside.
            return self._covered(box) + (100.0 * hidden if option != self.dots[at] else 0.0)

        x, y = _least(options, covered)
        self._taken.append(_box(x, y, half, half))
        return x, y, 0.0, 0.0

    def at_rim(self, bearing: float) -> tuple[float, float, float, float]:
        """The middles of the disc and of the kilometres of a far place: its direction, or near it."""
        disc = self._disc * 1.7

        def boxes(option: tuple[float, float, float, float]) -> tuple[Box, Box]:
            return _box(*option[:2], disc, disc), _box(*option[2:], *self._km_half)

        def options() -> Iterator[tuple[float, float, float, float]]:
            for aside in sorted(range(-180, 180, 6), key=abs):
                x, y = _inside(*_towards(bearing + aside, _RIM), disc, disc)
                below = y + (disc + self._km_half[1]) * (-1 if y > MIDDLE else 1)
                yield x, y, *_inside(x, below, *self._km_half)

        found = _least(options(), lambda one: sum(self._covered(box) for box in boxes(one)))
        self._taken += boxes(found)
        return found

    def rings(self, step: float, count: int, radius: float) -> tuple[Ring, ...]:
        """Rings of ``step`` kilometres, their labels in the direction where most have room."""
        radii = [radius * (number + 1) / count for number in range(count)]
        turns = (22.5 * turn for turn in (*range(2, 16, 4), *range(1, 16, 2), *range(0, 16, 4)))
        labels = _least(
            (self._ring_labels(turn, radii) for turn in turns),
            lambda found: sum(label is None for label in found),
        )
        return tuple(
            Ring(step * (number + 1), radii[number], labels[number]) for number in range(count)
        )

    def _ring_labels(self, turn: float, radii: Sequence[float]) -> list[tuple[float, float] | None]:
        """The middles of the labels in one direction, from the last ring inwards as they have room."""
        labels: list[tuple[float, float] | None] = []
        boxes: list[Box] = []
        for ring in reversed(radii):
            middle = _inside(*_towards(turn, ring), *self._ring_half)
            box = _box(*middle, *self._ring_half)
            # The last one is always said: without it the rings mean nothing.
            room = not labels or not (self._covered(box) + _covered(box, boxes))
            labels.append(middle if room else None)
            boxes += [box] if room else []
        if self._covered(boxes[0]):
            labels.append(None)  # A direction without room for the last one is the worst.
        return [*reversed(labels[: len(radii)]), *labels[len(radii) :]]

    def _covered(self, box: Box) -> float:
        return _covered(box, self._taken)


def _covered(box: Box, others: Sequence[Box]) -> float:
    """How much of a box others cover, in square units."""
    return sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in others
    )


def _spiral(x: float, y: float, disc: float) -> Iterator[tuple[float, float]]:
    """A point, then points round it further and further away."""
    yield x, y
    for ring in range(24):
        away = 2 * disc + 3 + disc / 2 * ring
        for turn in range(16):
            angle = math.radians(45 + 22.5 * turn)
            yield x + away * math.sin(angle), y - away * math.cos(angle)


_Option = TypeVar("_Option")


def _least(options: Iterable[_Option], cost: Callable[[_Option], float]) -> _Option:
    """The first option that costs nothing, else the first of those that cost least."""
    best: tuple[float, _Option] | None = None
    for option in options:
        price = cost(option)
        if best is None or price < best[0]:
            best = (price, option)
        if price == 0:
            break
    assert best is not None, "there is always an option"
    return best[1]
