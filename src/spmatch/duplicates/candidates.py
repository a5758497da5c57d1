"""Which pairs of records are worth comparing: those that share a provider and a place.

Every pair that the rule can join is among them, but for one thing: where more than ``PAIRS_AT_MOST``
pairs share one provider and one place, only those are compared whose titles share a telling word.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence

from spmatch.duplicates.features import Features
from spmatch.duplicates.rule import NEAR_KM
from spmatch.geography import EARTH_RADIUS_KM

PAIRS_AT_MOST = 2_000
NEIGHBOURS = 50
"""Among records whose titles share a telling word too, each is compared with so many next to it."""

_CELL_DEGREES = 0.01
_REACH_DEGREES = 1.01 * math.degrees(NEAR_KM / EARTH_RADIUS_KM)

Pair = tuple[int, int]


def pairs(features: Sequence[Features], sources: Sequence[frozenset[str]]) -> Iterator[Pair]:
    """Pairs of rows to compare, the lower row first, each once, none within one source."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for row, record in enumerate(features):
        where = list(_places(record))
        for provider in record.providers:
            for place in where:
                blocks[provider, place].append(row)
    seen: set[Pair] = set()
    for rows in blocks.values():
        if len(rows) < 2 or len({sources[row] for row in rows}) == 1:
            continue
        for pair in _of_block(rows, features):
            if pair not in seen and sources[pair[0]].isdisjoint(sources[pair[1]]):
                seen.add(pair)
                yield pair


def _places(record: Features) -> Iterator[Hashable]:
    if not record.placed:
        yield "nowhere", record.delivery
        return
    if record.postcode:
        yield "postcode", record.postcode
    if record.point is not None:
        yield from _cells(*record.point)


def _cells(lat: float, lon: float) -> Iterator[Hashable]:
    """Every cell of the grid that lies within reach of a point: two near points share one."""
    across = _REACH_DEGREES / max(math.cos(math.radians(lat)), 0.01)
    round_the_world = round(360 / _CELL_DEGREES)
    for north in range(_cell(lat - _REACH_DEGREES), _cell(lat + _REACH_DEGREES) + 1):
        for east in range(_cell(lon - across), _cell(lon + across) + 1):
            yield "cell", north, east % round_the_world


def _cell(degrees: float) -> int:
    return math.floor(degrees / _CELL_DEGREES)


def _of_block(rows: Sequence[int], features: Sequence[Features]) -> Iterator[Pair]:
    if len(rows) * (len(rows) - 1) // 2 <= PAIRS_AT_MOST:
        for at, one in enumerate(rows):
            for other in rows[at + 1 :]:
                yield one, other
        return
    words = {row: frozenset(features[row].title.split()) for row in rows}
    often = Counter(word for row in rows for word in words[row])
    having: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (features[row].title, features[row].description, row)):
        for word in words[row]:
            having[word].append(row)
    at_in = {word: {row: at for at, row in enumerate(those)} for word, those in having.items()}
    for row in rows:
        if not words[row]:
            continue
        telling = min(words[row], key=lambda word: (often[word], word))
        those, at = having[telling], at_in[telling][row]
        for other in those[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]:
            if other != row:
                yield min(row, other), max(row, other)
