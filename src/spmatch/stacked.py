"""Rows of numbers that are not copied when some are added: those that were there, and a tail beside them.

Whoever held the rows before goes on reading the same memory: what is added is written behind what they
know of, and nothing that was written is ever changed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from spmatch.contracts import Rows, Vectors
from spmatch.splicing import Splice

Places = npt.NDArray[np.uint32]
"""Where rows lie: below the length of the base there, else so much further in the tail."""

_CHUNK_ROWS = 16_384


class Tail:
    """Rows that are added behind each other, in memory with room to spare."""

    def __init__(self, rows: Vectors, room: int = 0) -> None:
        self._lock = threading.Lock()
        self._memory = np.empty((len(rows) + room, *rows.shape[1:]), dtype=rows.dtype)
        self._memory[: len(rows)] = rows
        self._used = len(rows)

    def first(self, count: int) -> Vectors:
        return self._memory[:count]

    def add(self, known: int, rows: Vectors) -> Tail:
        """``known`` rows and these. This very tail, where nobody else added to it and there is room."""
        with self._lock:
            end = known + len(rows)
            if known == self._used and end <= len(self._memory):
                self._memory[known:end] = rows
                self._used = end
                return self
        # As much room again as there is: each row is copied a few times at most, ever.
        return Tail(np.concatenate([self.first(known), rows]), room=end)


class Stacked:
    """Rows (n, width) of which each lies somewhere in a base or in a tail. Read as an array is."""

    def __init__(self, base: Vectors, tail: Tail, tail_rows: int, place: Places) -> None:
        self.base = base
        self.place = place
        self.tail = tail.first(tail_rows)
        self._tail = tail

    @classmethod
    def of(cls, rows: Vectors | Stacked) -> Stacked:
        """Rows as they are, with nothing beside them yet."""
        if isinstance(rows, Stacked):
            return rows
        place = np.arange(len(rows), dtype=np.uint32)
        return cls(rows, Tail(rows[:0]), 0, place)

    def with_added(self, rows: Vectors) -> tuple[Stacked, Places]:
        """The same rows with more beside them, and the places of those."""
        known = len(self.tail)
        tail = self._tail.add(known, rows)
        first = len(self.base) + known
        places = np.arange(first, first + len(rows), dtype=np.uint32)
        return Stacked(self.base, tail, known + len(rows), self.place), places

    def spliced(self, splice: Splice, added: Places) -> Stacked:
        """Other rows of the same memory: those that stay, and added ones by their places."""
        place = splice.rows(self.place, added)
        return Stacked(self.base, self._tail, len(self.tail), place)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.place), self.base.shape[1]

    @property
    def dtype(self) -> np.dtype[np.float32]:
        return self.base.dtype

    @property
    def beside(self) -> float:
        """The part of all that is held that lies in the tail, or is no row any more."""
        held = len(self.base) + len(self.tail)
        in_base = int(np.count_nonzero(self.place < len(self.base)))
        return 1 - in_base / held if held else 0.0

    def __len__(self) -> int:
        return len(self.place)

    @overload
    def __getitem__(self, rows: int) -> npt.NDArray[np.float32]: ...
    @overload
    def __getitem__(self, rows: slice | Rows) -> Vectors: ...
    def __getitem__(self, rows: int | slice | Rows) -> npt.NDArray[np.float32]:
        return self.at(self.place[rows])

    def at(self, places: Any) -> npt.NDArray[np.float32]:
        """What lies at one place, or at some."""
        count = len(self.base)
        in_tail = np.asarray(places >= count)
        found: npt.NDArray[np.float32]
        if in_tail.all() or not in_tail.any():
            found = self.tail[places - count] if in_tail.any() else self.base[places]
            return found
        # Of those in the tail something else is put there first: to choose costs more.
        found = np.take(self.base, places, axis=0, mode="clip")
        found[in_tail] = self.tail[places[in_tail] - count]
        return found

    def __iter__(self) -> Iterator[npt.NDArray[np.float32]]:
        for part in self.parts():
            yield from part

    def parts(self) -> Iterator[Vectors]:
        """All rows in order, some at a time."""
        for begin in range(0, len(self), _CHUNK_ROWS):
            yield self[begin : begin + _CHUNK_ROWS]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """All rows in one array of their own. Raises ``ValueError`` where none may be made."""
        if copy is False:
            raise ValueError("stacked rows are one array only when they are copied")
        found = np.empty(self.shape, dtype=self.dtype)
        in_tail = self.place >= len(self.base)
        if len(self.base):
            np.take(self.base, self.place, axis=0, out=found, mode="clip")
        found[in_tail] = self.tail[self.place[in_tail] - len(self.base)]
        return found if dtype is None else found.astype(dtype, copy=False)


AnyVectors = Vectors | Stacked


def merge(rows: AnyVectors) -> Vectors:
    """The rows in one array: that which they are in already, or a new one."""
    if not isinstance(rows, Stacked):
        return rows
    return np.asarray(rows)


def save_rows(file: Path, rows: npt.NDArray[Any] | Stacked) -> None:
    """Write what ``numpy.load`` reads, with no more than a part of stacked rows copied at a time."""
    if not isinstance(rows, Stacked):
        np.save(file, rows)
        return
    header = {"descr": rows.dtype.str, "fortran_order": False, "shape": rows.shape}
    with file.open("wb") as out:
        np.lib.format.write_array_header_1_0(out, header)
        for part in rows.parts():
            out.write(np.ascontiguousarray(part).data)
