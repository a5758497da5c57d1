"""Rows that stay and rows that are added, in one order: what a change does to whatever is kept by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_Item = TypeVar("_Item")

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """Where each row comes from. Those that stay keep their order."""

    before: int
    """How many rows there were."""
    origin: Places
    """(rows,): of one that stays, its row before; of an added one, ``before`` and its number."""
    added_at: Places
    """The rows of the added ones, ascending; their numbers ascend as well."""

    @classmethod
    def of(cls, before: int, gone: Sequence[int], added_before: Sequence[int]) -> Splice:
        """Rows that are gone, ascending; and the row before that each added one stands in front of."""
        places = np.array(added_before, dtype=np.intp)
        origin = np.insert(np.arange(before), places, before + np.arange(len(places)))
        left = np.array(gone, dtype=np.intp)
        origin = np.delete(origin, left + np.searchsorted(places, left, side="right"))
        return cls(before, origin, np.flatnonzero(origin >= before))

    def __len__(self) -> int:
        return len(self.origin)

    def rows(self, before: npt.NDArray[Any], added: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is kept by row, of rows before and of added ones; in the type that holds both."""
        kind = np.result_type(before, added)
        found = np.empty((len(self), *before.shape[1:]), dtype=kind)
        if len(before):
            # Of what is added something else is put there first: to choose costs more.
            np.take(before.astype(kind, copy=False), self.origin, axis=0, out=found, mode="clip")
        found[self.added_at] = added
        return found

    def stays(self) -> npt.NDArray[np.bool_]:
        """(rows before,): whether each is still there."""
        found = np.zeros(self.before + len(self.added_at), dtype=np.bool_)
        found[self.origin] = True
        return found[: self.before]

    def now_at(self) -> Places:
        """(rows before,): the row of each now; -1 where it is gone."""
        found = np.full(self.before + len(self.added_at), -1, dtype=np.intp)
        found[self.origin] = np.arange(len(self))
        return found[: self.before]

    def items(self, before: Sequence[_Item], added: Sequence[_Item]) -> tuple[_Item, ...]:
        """The same of things that are no numbers: neighbours are copied together."""
        whole = (*before, *added)
        breaks = np.flatnonzero(np.diff(self.origin) != 1) + 1
        firsts = self.origin[np.concatenate([[0], breaks])] if len(self) else self.origin
        lengths = np.diff(np.concatenate([[0], breaks, [len(self)]]))
        found: list[_Item] = []
        for first, length in zip(firsts.tolist(), lengths.tolist(), strict=False):
            found += whole[first : first + length]
        return tuple(found)

    def pieces(
        self, before: npt.NDArray[np.int64], added: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], Splice]:
        """Of what each row has several: the offsets now, and the splice of the pieces.

        ``before`` and ``added`` are offsets: the pieces of row ``i`` are ``offsets[i]:offsets[i+1]``.
        """
        begins = self.rows(before[:-1], before[-1] + added[:-1])
        counts = self.rows(np.diff(before), np.diff(added))
        offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        origin = np.repeat(begins - offsets[:-1], counts)
        origin += np.arange(offsets[-1])
        count = int(before[-1])
        return offsets, Splice(count, origin, np.flatnonzero(origin >= count))
