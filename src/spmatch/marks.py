"""Kinds as bits: whether activities are of any of several kinds, of several subjects, asked in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spmatch.columns import Flags
from spmatch.contracts import Rows
from spmatch.kinds import Kinds

BITS = 64

Word = npt.NDArray[np.uint64]
"""By position; one bit is set for each subject that it holds: that of the kind it is of."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The subjects that know few kinds, as bits of a few words."""

    words: tuple[Word, ...]
    place: Mapping[str, tuple[int, int]]
    """Of each subject that is held: in which word, and from which bit on."""


def build_marks(kinds: Mapping[str, Kinds], order: Rows) -> Marks:
    """``order`` is the row at each position. A subject with more kinds than a word has bits is left out."""
    words: list[Word] = []
    used: list[int] = []
    place = {}
    for subject, one in sorted(kinds.items(), key=lambda item: -len(item[1])):
        if len(one) > BITS:
            continue
        # Into the first word that has room, the widest first.
        number = next((i for i, bits in enumerate(used) if bits + len(one) <= BITS), len(words))
        if number == len(words):
            words.append(np.zeros(len(order), dtype=np.uint64))
            used.append(0)
        place[subject] = (number, used[number])
        bit = np.uint64(1) << (np.arange(len(one)) + used[number]).astype(np.uint64)
        words[number] |= bit[one.of_row[order]]
        used[number] += len(one)
    return Marks(tuple(words), place)


def bits_of(kinds: Flags) -> int:
    """The kinds that are marked as bits, the first the lowest."""
    return int.from_bytes(np.packbits(kinds, bitorder="little").tobytes(), "little")
