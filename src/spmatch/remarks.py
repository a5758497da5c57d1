"""What activities say of traits that somebody may avoid, and of risks: read once, and kept as bits.

What an activity says does not depend on who asks. It is read when a catalogue is built; where it was
not, of those activities and of those traits alone that are asked about.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.aversions import asserted, known_traits
from spmatch.contracts import Progress, Rows
from spmatch.meaning import activity_text
from spmatch.safety import held_risks, known_risks, told_harms, touching
from spmatch.splicing import Splice

Bits = npt.NDArray[np.uint8]
"""(rows, bytes): those of a row side by side, the first in the lowest bit of the first byte."""

_TOLD_EVERY = 1000
_RULES = (
    *("aversions_da.toml", "aversions_en.toml", "aversions.py", "phrases.py", "remarks.py"),
    "anchors.py",
    *("safety/rules/risks_da.toml", "safety/rules/risks_en.toml", "safety/harms.py"),
    *("safety/patterns.py", "safety/rules.py", "safety/texts.py"),
)
_READ = (
    *("title", "description", "themes", "text_language", "gender", "intensity", "delivery"),
    *("ages", "access", "first_visit"),
)
"""Fields that a remark may come from."""


@cache
def rules_digest() -> str:
    """Names the rules that activities are read by: the phrases, and the code that reads them."""
    digest = hashlib.sha256()
    for name in _RULES:
        file = Path(__file__).parent / name
        digest.update(file.read_bytes() if file.is_file() else b"")
        digest.update(b"\0")
    return digest.hexdigest()


@cache
def remark_names() -> tuple[str, ...]:
    """What each bit stands for: the traits, then the risks."""
    return (
        *(f"trait.{name}" for name in _trait_names()),
        *(f"risk.{name}" for name in known_risks()),
    )


class Remarks:
    """The remarks of a catalogue's activities. Safe to ask from many threads."""

    def __init__(self, activities: Sequence[Activity], bits: Bits | None = None) -> None:
        """``bits`` holds the remarks of all of them; without, each is read when it is asked for."""
        self._activities = activities
        self._lock = threading.Lock()
        shape = (len(activities), -(-len(remark_names()) // 8))
        if bits is not None and bits.shape != shape:
            raise ValueError("these are the remarks of another catalogue, or of other rules")
        self._bits = np.zeros(shape, dtype=np.uint8) if bits is None else bits
        # Where nothing is left to read, there is nothing to keep count of.
        self._known = np.zeros(shape, dtype=np.uint8) if bits is None else None

    def spliced(
        self, splice: Splice, activities: Sequence[Activity], same_as: Sequence[int]
    ) -> Remarks:
        """Those of ``activities``: rows that stay keep theirs; what is added is read when it is asked for.

        ``same_as`` names for each added one the row before that reads the same, or is -1.
        """
        rows = np.array(same_as, dtype=np.intp)
        known_before = rows >= 0

        def of(before: Bits) -> Bits:
            added = np.zeros((len(rows), before.shape[1]), dtype=np.uint8)
            added[known_before] = before[rows[known_before]]
            return splice.rows(before, added)

        known = None
        if self._known is not None:
            # Before the bits, which may be read meanwhile: what is known is there.
            known = of(self._known)
        elif not known_before.all():
            known = of(np.full(self._bits.shape, 255, dtype=np.uint8))
        remarks = Remarks(activities, of(self._bits))
        remarks._known = known
        return remarks

    def traits(self, rows: Rows, wanted: frozenset[str]) -> dict[int, tuple[str, ...]]:
        """Which of some traits each row has, in alphabetical order; rows that have none left out."""
        return self._those(rows, wanted & _trait_numbers().keys(), _trait_numbers(), tuple)

    def harms(self, rows: Rows, risks: frozenset[str]) -> dict[int, tuple[str, ...]]:
        """Which of a person's risks each row touches, likewise; see ``safety.harmful``."""
        wanted = touching(risks) & _risk_numbers().keys()
        return self._those(rows, wanted, _risk_numbers(), told_harms)

    def all(self) -> Bits:
        """The remarks of every row, for ``Remarks`` to be made of again."""
        if self._known is not None:
            self._learn(np.arange(len(self._bits)), np.full(self._bits.shape[1], 255, np.uint8))
        return self._bits

    def _those(
        self,
        rows: Rows,
        wanted: frozenset[str],
        numbers: dict[str, int],
        told: Callable[[list[str]], tuple[str, ...]],
    ) -> dict[int, tuple[str, ...]]:
        if not wanted or not len(rows):
            return {}
        mask = _mask(numbers[name] for name in wanted)
        looked_at = np.flatnonzero(mask)
        if self._known is not None:
            known = self._known[rows[:, None], looked_at]
            missing = ((known & mask[looked_at]) != mask[looked_at]).any(axis=1)
            if missing.any():
                self._learn(rows[missing], mask)
        found = self._bits[rows[:, None], looked_at] & mask[looked_at]
        hits = np.flatnonzero(found.any(axis=1))
        # Many rows have the same few.
        names: dict[bytes, tuple[str, ...]] = {}
        those = {}
        for row, bits in zip(rows[hits].tolist(), found[hits], strict=True):
            key = bits.tobytes()
            if key not in names:
                has = np.zeros_like(mask)
                has[looked_at] = bits
                names[key] = told([name for name in sorted(wanted) if _holds(has, numbers[name])])
            those[row] = names[key]
        return those

    def _learn(self, rows: Rows, mask: Bits) -> None:
        """Read what a mask asks for of some rows."""
        assert self._known is not None
        for row in rows.tolist():
            bits = _read(self._activities[row], mask)
            with self._lock:
                # In this order: who sees that it is known finds it there.
                self._bits[row] |= bits
                self._known[row] |= mask


def read_remarks(
    activities: Sequence[Activity],
    *,
    known: tuple[Sequence[Activity], Remarks] | None = None,
    progress: Progress | None = None,
) -> Remarks:
    """Read all activities, in the order of their ids; what is the same in those that are known is kept.

    ``known`` are activities in the order of their ids, with their remarks.
    """
    count = len(activities)
    bits = np.zeros((count, -(-len(remark_names()) // 8)), dtype=np.uint8)
    everything = np.full(bits.shape[1], 255, dtype=np.uint8)
    before = _same(activities, known[0]) if known else iter([-1] * count)
    held = known[1].all() if known else bits
    for row, (activity, same) in enumerate(zip(activities, before, strict=True)):
        bits[row] = _read(activity, everything) if same < 0 else held[same]
        if progress and ((row + 1) % _TOLD_EVERY == 0 or row + 1 == count):
            progress("note", row + 1, count)
    return Remarks(activities, bits)


def _same(activities: Sequence[Activity], known: Sequence[Activity]) -> Iterator[int]:
    """For each activity the place of the one of this id that reads the same, or -1; both are in order."""
    others = enumerate(known)
    place, other = next(others, (-1, None))
    for one in activities:
        while other is not None and other.id < one.id:
            place, other = next(others, (-1, None))
        same = other is not None and other.id == one.id and reads_same(one, other)
        yield place if same else -1


def reads_same(one: Activity, other: Activity) -> bool:
    """Whether the same remarks are read of both."""
    return all(getattr(one, name) == getattr(other, name) for name in _READ)


def _read(activity: Activity, mask: Bits) -> Bits:
    """The remarks of an activity, as far as a mask asks for them."""
    text = activity_text(activity)
    traits, risks = _trait_numbers(), _risk_numbers()
    wanted = [name for name, number in traits.items() if _holds(mask, number)]
    found = [traits[name] for name in asserted(activity, text, wanted)] if wanted else []
    if any(_holds(mask, number) for number in risks.values()):
        held = held_risks(text, activity.intensity, activity.gender)
        found += [risks[name] for name in held]
    return _mask(found) & mask


def _mask(numbers: Iterator[int] | Sequence[int]) -> Bits:
    mask = np.zeros(-(-len(remark_names()) // 8), dtype=np.uint8)
    for number in numbers:
        mask[number // 8] |= np.uint8(1 << number % 8)
    return mask


def _holds(mask: Bits, number: int) -> bool:
    return bool(mask[number // 8] >> (number % 8) & 1)


@cache
def _trait_names() -> tuple[str, ...]:
    return tuple(sorted(known_traits()))


@cache
def _trait_numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(_trait_names())}


@cache
def _risk_numbers() -> dict[str, int]:
    first = len(_trait_names())
    return {name: first + number for number, name in enumerate(known_risks())}
