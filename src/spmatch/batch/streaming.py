"""From a stream of profiles to a stream of answers in the same order, with bounded memory.

Profiles are read a window at a time. Inside a window those who live near each other are put into the
same parts: their searches touch the same rows, which are then still in the processor's cache. At the
most two windows are held, of which one is being answered while the other is given back.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from spmatch.batch.part import Answer, Asked, Crew, Part
from spmatch.contracts import Progress

PART = 32
"""Profiles that are given to a worker at once: a quarter of a second of work with the default encoder."""
WINDOW = 1024
"""Profiles that are read ahead and sorted. A response of five suggestions is some 10 KB."""
FIRST_WINDOW = 16
"""The first is small, and each has twice the size of the one before: the first answers come soon."""
_CELL_KM = 2.0
_KM_A_DEGREE = 111.2


def stream(
    crew: Crew,
    asked: Iterable[Asked],
    *,
    part: int = PART,
    window: int = WINDOW,
    progress: Progress | None = None,
    total: int | None = None,
) -> Iterator[Answer]:
    """Answers in the order of what is asked. ``crew`` is closed at the end, whatever happens."""
    source = iter(asked)
    waiting: deque[Part] = deque()
    finished: dict[int, Answer] = {}
    read = given = 0
    size = min(FIRST_WINDOW, window)
    at_end = False
    try:
        while not at_end or given < read:
            while waiting and crew.has_room():
                crew.begin(waiting.popleft())
            before = given
            while given in finished:
                yield finished.pop(given)
                given += 1
                if progress:
                    progress("match", given, total)
            if given > before:
                continue
            # Read ahead while the crew is busy; not while there is something to give back.
            if not waiting and not at_end and read - given + size <= 2 * window:
                some = list(islice(source, size))
                at_end = len(some) < size
                read += len(some)
                size = min(2 * size, window)
                waiting.extend(parts_of(some, part))
            elif given < read:
                finished.update((one.number, one) for one in crew.wait())
    finally:
        crew.close()


def parts_of(asked: Sequence[Asked], size: int) -> Iterator[Part]:
    """Parts of at most ``size``, neighbours together; never of two manners."""
    keys = {one.number: (one.manner, *neighbourhood(one.text), one.number) for one in asked}
    by_place = sorted(asked, key=lambda one: keys[one.number])
    begin = 0
    while begin < len(by_place):
        manner = by_place[begin].manner
        some = [one for one in by_place[begin : begin + size] if one.manner == manner]
        yield Part(some)
        begin += len(some)


def neighbourhood(text: str | bytes) -> tuple[int, str]:
    """A key by which profiles sort by where people live: a cell of about 2 km, or the words for it.

    Postcodes near each other have numbers near each other, so that nothing is looked up. What is wrong
    with a profile is for the worker to say.
    """
    try:
        origin = json.loads(text).get("origin") or {}
        if origin.get("lat") is not None:
            return _along_the_curve(float(origin["lat"]), float(origin["lon"])), ""
        return -1, str(origin.get("postcode") or origin.get("place") or "").casefold()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return -2, ""


def _along_the_curve(lat: float, lon: float) -> int:
    """The place of a cell on a curve through all cells (Morton, 1966): near ones are mostly near."""
    cells_a_degree = _KM_A_DEGREE / _CELL_KM
    key = 0
    for shift, degrees in ((0, lat + 90), (1, lon + 180)):
        cell = int(min(max(degrees, 0.0), 360.0) * cells_a_degree)
        for bit in range(15):
            key |= (cell >> bit & 1) << (2 * bit + shift)
    return key
