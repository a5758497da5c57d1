"""The inner loops of a search, for numba to compile (``fast``): plain functions of numbers and arrays.

They decide nothing that the numpy way does not: what is looked up and compared in whole numbers is the
same in both, and what a rounding could turn (a distance at its limit, the last place of a list) is handed
back to be decided there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any
"""An array of numpy; of which type is said in ``fast``. For a compiler, not for a reader of types."""

BLOCK = 2048
"""Positions that are looked at together: what is noted of them stays in the processor's cache."""


def sift(
    starts: Array,
    ends: Array,
    words: Array,
    masks: Array,
    kinds: Array,
    keeps: Array,
    keeps_from: Array,
    first: Array,
    second: Array,
    more: Array,
    offsets: Array,
    number: Array,
    order: Array,
    meets: Array,
    unit: Array,
    centre: Array,
    inside: float,
    outside: float,
    about_from: int,
    anywhere_from: int,
    stated_only: bool,
) -> Any:
    """The rows at some runs of positions that pass, and the positions whose distance is to be measured.

    ``words`` (words, positions) must have none of the bits of ``masks``; ``kinds`` (subjects, positions)
    are looked up in ``keeps`` from ``keeps_from`` on, -1 where nothing is asked; ``meets`` is looked up by
    session (empty: nothing is asked); ``unit`` lies from ``centre`` (empty: likewise) no farther than
    ``inside`` and ``outside`` say. Each step goes over what the last one left, without a branch that
    a processor would have to guess.
    """
    total = 0
    for run in range(len(starts)):
        total += ends[run] - starts[run]
    left = np.empty(total + 1, np.int64)
    bad = np.empty(BLOCK, np.uint64)
    count = 0
    for run in range(len(starts)):
        for begin in range(starts[run], ends[run], BLOCK):
            size = min(BLOCK, ends[run] - begin)
            bad[:size] = 0
            for number_of in range(len(masks)):
                mask = masks[number_of]
                if mask != 0:
                    word = words[number_of, begin : begin + size]
                    for i in range(size):
                        bad[i] |= word[i] & mask
            for i in range(size):
                left[count] = begin + i
                count += bad[i] == 0
    for subject in range(len(keeps_from)):
        shift = keeps_from[subject]
        if shift >= 0:
            of_subject = kinds[subject]
            among, count = count, 0
            for i in range(among):
                position = left[i]
                left[count] = position
                count += keeps[shift + of_subject[position]]
    if len(meets):
        among, count = count, 0
        for i in range(among):
            position = left[i]
            left[count] = position
            found = meets[first[position]] | meets[second[position]]
            if not found and len(more) and more[position]:
                row = order[position]
                for session in range(offsets[row] + 2, offsets[row + 1]):
                    found |= meets[number[session]]
            count += found
    unsure = np.empty(0, np.int64)
    if len(centre):
        unsure = np.empty(count, np.int64)
        x, y, z = centre[0], centre[1], centre[2]
        among, count, open_ones = count, 0, 0
        for i in range(among):
            position = left[i]
            if position >= about_from:
                decided = position >= anywhere_from and not stated_only
                left[count] = position
                unsure[open_ones] = position
                count += decided
                open_ones += not decided
            else:
                away = (
                    (unit[position, 0] - x) ** 2
                    + (unit[position, 1] - y) ** 2
                    + (unit[position, 2] - z) ** 2
                )
                near = away < inside
                left[count] = position
                unsure[open_ones] = position
                count += near
                open_ones += (not near) & (away <= outside)
        unsure = unsure[:open_ones]
    rows = np.empty(count, np.int64)
    for i in range(count):
        rows[i] = order[left[i]]
    return rows, unsure


def may_be_best(vectors: Array, query: Array, rows: Array, k: int, slack: float) -> Any:
    """Of more than ``k`` rows those whose similarity is at most ``slack`` below the last of the best ``k``.

    In single precision, straight from the vectors: four rows at a time, so that their memory is
    fetched together.
    """
    count, dimensions = len(rows), len(query)
    rough = np.empty(count, np.float32)
    whole = count - count % 4
    for i in range(0, whole, 4):
        one, two = vectors[rows[i]], vectors[rows[i + 1]]
        three, four = vectors[rows[i + 2]], vectors[rows[i + 3]]
        a = b = c = d = np.float32(0)
        for j in range(dimensions):
            value = query[j]
            a += one[j] * value
            b += two[j] * value
            c += three[j] * value
            d += four[j] * value
        rough[i], rough[i + 1], rough[i + 2], rough[i + 3] = a, b, c, d
    for i in range(whole, count):
        one = vectors[rows[i]]
        a = np.float32(0)
        for j in range(dimensions):
            a += one[j] * query[j]
        rough[i] = a
    best = rough[:k].copy()
    least = np.argmin(best)
    for i in range(k, count):
        if rough[i] > best[least]:
            best[least] = rough[i]
            least = np.argmin(best)
    bound = np.float64(best[least]) - slack
    kept = np.empty(count, np.int64)
    found = 0
    for i in range(count):
        kept[found] = rows[i]
        found += np.float64(rough[i]) >= bound
    return kept[:found]
