"""The inner loops of a search, for numba to compile (``fast``): plain functions of numbers and arrays.

They decide nothing that the numpy way does not: what is looked up and compared in whole numbers is the
same in both, and what a rounding could turn (a distance at its limit, the last place of a list) is handed
back to be decided there.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spmatch.geography import EARTH_RADIUS_KM

RADIANS = math.pi / 180

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


def nearest(vectors: Array, query: Array, rows: Array, k: int, slack: float, decimals: int) -> Any:
    """The ``k`` of ``rows`` most similar to ``query``, best first, ties by row; and whether that is sure.

    All are scanned in single precision, straight from the vectors, four at a time, so that their memory
    is fetched together. Whatever is at most ``slack`` below the last place is added up in double precision
    and rounded; it is not sure where the order of adding up could turn the last decimal.
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
    k = min(k, count)
    bound = -np.inf
    if k < count:
        top = rough[:k].copy()
        least = np.argmin(top)
        for i in range(k, count):
            if rough[i] > top[least]:
                top[least] = rough[i]
                least = np.argmin(top)
        bound = np.float64(top[least]) - slack
    found = np.empty(k, np.int64)
    values = np.empty(k, np.float64)
    scale, held, sure = 10.0**decimals, 0, True
    for i in range(count):
        if np.float64(rough[i]) < bound:
            continue
        one = vectors[rows[i]]
        exact = 0.0
        for j in range(dimensions):
            exact += np.float64(one[j]) * np.float64(query[j])
        scaled = exact * scale
        # In double precision the sum is off by less than 1e-13.
        sure &= abs(scaled - np.floor(scaled) - 0.5) > 1e-13 * scale
        value = np.rint(scaled) / scale
        row, place = rows[i], held
        while place and (
            value > values[place - 1] or (value == values[place - 1] and row < found[place - 1])
        ):
            place -= 1
        if place < k:
            held = min(held + 1, k)
            for j in range(held - 1, place, -1):
                values[j], found[j] = values[j - 1], found[j - 1]
            values[place], found[place] = value, row
    return found, values, sure


def around(
    key: Array,
    sines: Array,
    cosines: Array,
    bases: Array,
    latitude: float,
    longitude: float,
    radius: float,
    pad: float,
    widest_band: int,
    widest: float,
) -> Any:
    """The runs of ``key`` that a circle may reach in each band: ``Bands.around`` of ``ground``, in a loop.

    ``sines``, ``cosines`` and ``bases`` are those of the edges of the bands that it touches; ``widest`` is
    how far it reaches in ``widest_band``, infinite where it holds a pole. Longitude is in degrees, all
    else in radians.
    """
    bands = len(sines) - 1
    starts, ends = np.empty(3 * bands, np.int64), np.empty(3 * bands, np.int64)
    count = 0
    sine, cosine, far = math.sin(latitude), math.cos(latitude), math.cos(radius)
    middle, south, north = longitude + 180.0, 0.0, 0.0
    for edge in range(bands + 1):
        if widest < math.inf:
            turn = (far - sine * sines[edge]) / (cosine * cosines[edge])
            south, north = north, math.acos(min(max(turn, -1.0), 1.0))
        band = edge - 1
        if band < 0:
            continue
        half = widest if band == widest_band or widest == math.inf else max(south, north)
        width = min(math.degrees(half + pad), 360.0)
        for turn_round in (-360.0, 0.0, 360.0):
            west = min(max(middle - width + turn_round, 0.0), 360.0)
            east = min(max(middle + width + turn_round, 0.0), 360.0)
            if width >= 180.0:
                # Covered all round: one run, which has no other side.
                west, east = 0.0, 360.0 if turn_round == 0 else 0.0
            if east > west:
                for bound, found in ((west, starts), (east, ends)):
                    wanted, low, high = bases[band] + bound, 0, len(key)
                    while low < high:
                        half_way = (low + high) // 2
                        if key[half_way] < wanted:
                            low = half_way + 1
                        else:
                            high = half_way
                    found[count] = low
                count += ends[count] > starts[count]
    return starts[:count], ends[:count]


def weigh(
    rows: Array,
    given: Array,
    shares: Array,
    words: Array,
    wide: Array,
    place: Array,
    terms: Array,
    tables: Any,
    limits: Array,
    codes: Any,
    costs: Array,
    first: Array,
    second: Array,
    more: Array,
    offsets: Array,
    number: Array,
    meetings: Any,
    meeting_costs: Array,
    waits: Array,
    timing: Array,
    timing_at: int,
    lat: Array,
    lon: Array,
    margin_km: Array,
    vague: Array,
    at_home: Array,
    comes_home: Array,
    origin: Array,
    distances: Array,
    distance_costs: Array,
    nearness: Array,
    nearness_at: int,
    decimals: int,
) -> Any:
    """The contributions of some rows, rounded: factors, what is not stated, and what is not preferred.

    (contributions, rows), and whether it is sure of the last decimals. ``given`` holds the values of the
    first factors. ``terms`` say of each factor that goes by kind, and ``limits`` of each such limit, where
    its kind is looked up (word or wide subject, shift, bits) and which contribution it is, or which of
    ``costs``. ``meetings`` are limits looked up by session, ``distances`` those of distance. ``timing`` is
    the wait of one half, the value not stated, and the wait that stands for it; ``nearness`` the distance
    of one half, the value not stated, and that of what comes home.
    """
    scale = 10.0**decimals
    found = np.zeros((len(shares) + 2, len(rows)))
    not_stated, preferred = len(shares), len(shares) + 1
    sure = True
    for i in range(len(rows)):
        row = rows[i]
        position = place[row]
        for factor in range(len(given)):
            found[factor, i] = shares[factor] * given[factor, i]
        for term in range(len(terms)):
            source, shift, bits = terms[term, 0], terms[term, 1], terms[term, 2]
            if source < len(words):
                own = (words[source, position] >> np.uint64(shift)) & np.uint64(bits)
                kind = np.int64(math.log2(np.float64(own)))
            else:
                kind = np.int64(wide[source - len(words), position])
            factor = terms[term, 3]
            found[factor, i] = shares[factor] * tables[term][kind]
        for limit in range(len(limits)):
            source, shift, bits = limits[limit, 0], limits[limit, 1], limits[limit, 2]
            if source < len(words):
                own = (words[source, position] >> np.uint64(shift)) & np.uint64(bits)
                kind = np.int64(math.log2(np.float64(own)))
            else:
                kind = np.int64(wide[source - len(words), position])
            cost = limits[limit, 3]
            found[preferred if cost == 2 else not_stated, i] -= costs[cost, codes[limit][kind]]
        one, two = first[position], second[position]
        further = range(0)
        if len(more) and more[position]:
            further = range(offsets[row] + 2, offsets[row + 1])
        for meeting in range(len(meeting_costs)):
            by_session = meetings[meeting]
            best = max(by_session[one], by_session[two])
            for session in further:
                best = max(best, by_session[number[session]])
            cost = meeting_costs[meeting]
            found[preferred if cost == 2 else not_stated, i] -= costs[cost, best]
        if timing_at >= 0:
            soonest = min(waits[one], waits[two])
            for session in further:
                soonest = min(soonest, waits[number[session]])
            value = timing[1]
            if soonest != timing[2]:
                value = 2.0 ** (-soonest / timing[0])
            found[timing_at, i] = shares[timing_at] * value
        if len(origin):
            to_lat = lat[row] * RADIANS
            half_lat = (to_lat - origin[0] * RADIANS) / 2
            half_lon = (lon[row] - origin[1]) * RADIANS / 2
            chord = (
                math.sin(half_lat) ** 2
                + math.cos(origin[0] * RADIANS) * math.cos(to_lat) * math.sin(half_lon) ** 2
            )
            km = 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))
            # Near the other side of the earth the formula is off by more than rounding.
            sure &= not chord > 0.9
            nearest, farthest = km - margin_km[row], km + margin_km[row]
            for limit in range(len(distances)):
                code = 1
                if at_home[row] or farthest <= distances[limit]:
                    code = 2
                elif nearest > distances[limit]:
                    code = 0
                if vague[row] and not at_home[row]:
                    code = 1
                sure &= not abs(farthest - distances[limit]) < 1e-9
                sure &= not abs(nearest - distances[limit]) < 1e-9
                cost = distance_costs[limit]
                found[preferred if cost == 2 else not_stated, i] -= costs[cost, code]
            if nearness_at >= 0:
                value = nearness[1]
                if comes_home[row]:
                    value = nearness[2]
                elif not math.isnan(farthest):
                    value = 2.0 ** (-farthest / nearness[0])
                found[nearness_at, i] = shares[nearness_at] * value
    for part in range(len(found)):
        # Powers may be off by a rounding, and costs are added in another order than there.
        exact = part < not_stated and part != timing_at and part != nearness_at
        for i in range(len(rows)):
            scaled = found[part, i] * scale
            sure &= exact or abs(scaled - math.floor(scaled) - 0.5) > 1e-12 * scale
            found[part, i] = np.rint(scaled) / scale
            if part >= not_stated:
                # Turns -0.0 into 0.0.
                found[part, i] += 0.0
    return found, sure
