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

_ALWAYS = frozenset({"ages", "capacity", "gender", "languages"})
"""Asked in every request: they share words, so that those of the others are often not read at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The subjects that know few kinds, as bits of a few words."""

    words: npt.NDArray[np.uint64]
    """(words, positions): one bit is set for each subject that a word holds, that of its kind there."""
    place: Mapping[str, tuple[int, int]]
    """Of each subject that is held: in which word, and from which bit on."""
    wide: npt.NDArray[np.uint32]
    """(subjects, positions): the kinds of the subjects that know more of them than a word has bits."""
    wide_place: Mapping[str, int]
    """Of each of these: which it is."""
    number: Mapping[str, int]
    """Of every subject: its row in ``where``."""
    where: npt.NDArray[np.int64]
    """Its word, its first bit there, and all its bits from that on; or, counted on from the words,
    which of the wide ones it is."""


def build_marks(kinds: Mapping[str, Kinds], order: Rows) -> Marks:
    """``order`` is the row at each position. A subject with more kinds than a word has bits is left out."""
    words: list[npt.NDArray[np.uint64]] = []
    used: list[int] = []
    place = {}
    for subject, one in sorted(kinds.items(), key=lambda at: (at[0] not in _ALWAYS, -len(at[1]))):
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
    wide = [name for name in kinds if name not in place]
    # One after the other in one array each, so that a compiled loop is given both whole.
    each = np.empty((len(wide), len(order)), dtype=np.uint32)
    for number, name in enumerate(wide):
        each[number] = kinds[name].of_row[order]
    together = np.stack(words) if words else np.zeros((0, len(order)), dtype=np.uint64)
    where = np.zeros((len(kinds), 3), dtype=np.uint64)
    numbers = {name: number for number, name in enumerate(kinds)}
    for name, (word, shift) in place.items():
        where[numbers[name]] = word, shift, (1 << len(kinds[name])) - 1
    wide_place = {name: number for number, name in enumerate(wide)}
    for name, number in wide_place.items():
        where[numbers[name], 0] = len(words) + number
    # As bits, a full word is the same as a signed number.
    return Marks(together, place, each, wide_place, numbers, where.view(np.int64))


def bits_of(kinds: Flags) -> int:
    """The kinds that are marked as bits, the first the lowest."""
    return int.from_bytes(np.packbits(kinds, bitorder="little").tobytes(), "little")
