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

NEAR_ENOUGH = 1e-12
"""Of the radius of the earth (6 µm): a distance nearer than this to a limit is measured by the formula."""

RADIANS = math.pi / 180

Array = Any
"""An array of numpy; of which type is said in ``fast``. For a compiler, not for a reader of types."""


def sift(
    starts: Array,
    ends: Array,
    words: Array,
    asked: Array,
    masks: Array,
    kinds: Array,
    keeps: Array,
    keeps_from: Array,
    pairs: Array,
    more: Array,
    offsets: Array,
    number: Array,
    order: Array,
    meets: Array,
    unit: Array,
    latitude: float,
    longitude: float,
    km: float,
    about_from: int,
    anywhere_from: int,
    stated_only: bool,
) -> Any:
    """The rows at some runs of positions that pass, and the positions whose distance is to be measured.

    Those of ``words`` (words, positions) that are ``asked``, what excludes most first, must have none of
    the bits of their ``masks``; ``kinds`` (subjects, positions) are looked up in ``keeps`` from
    ``keeps_from`` on, -1 where nothing is asked; ``meets`` is looked up by session (empty: nothing is
    asked); ``unit`` lies within ``km`` of the origin (in degrees; NaN: likewise).
    Each step goes over what the last one left, without a branch that a processor would have to guess.
    """
    left = np.empty((ends - starts).sum() + 1, np.int64)
    count = 0
    for run in range(len(starts)):
        begin, end = starts[run], ends[run]
        if len(masks) == 0:
            for position in range(begin, end):
                left[count] = position
                count += 1
            continue
        word = words[asked[0], begin:end]
        for i in range(len(word)):
            left[count] = begin + i
            count += (word[i] & masks[0]) == 0
    for step in range(1, len(masks)):
        word, mask = words[asked[step]], masks[step]
        among, count = count, 0
        for i in range(among):
            position = left[i]
            left[count] = position
            count += (word[position] & mask) == 0
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
        among, count, some_more = count, 0, len(more) > 0
        for i in range(among):
            position = left[i]
            left[count] = position
            found = meets[pairs[position, 0]] | meets[pairs[position, 1]]
            if some_more and not found and more[position]:
                row = order[position]
                for session in range(offsets[row] + 2, offsets[row + 1]):
                    found |= meets[number[session]]
            count += found
    unsure = np.empty(0, np.int64)
    if not math.isnan(km):
        unsure = np.empty(count, np.int64)
        flat = math.cos(latitude * RADIANS)
        x, y = flat * math.cos(longitude * RADIANS), flat * math.sin(longitude * RADIANS)
        z = math.sin(latitude * RADIANS)
        inside, outside = math.inf, math.inf
        if km < math.pi * EARTH_RADIUS_KM:
            # As ``Circle`` of ``ground`` says.
            chord = 2 * math.sin(km / EARTH_RADIUS_KM / 2)
            inside, outside = max(chord - NEAR_ENOUGH, 0.0) ** 2, (chord + NEAR_ENOUGH) ** 2
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
                east = unit[position, 0] - x
                north = unit[position, 1] - y
                up = unit[position, 2] - z
                away = east * east + north * north + up * up
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

    All are scanned in single precision, straight from the vectors, eight at a time, so that their memory
    is fetched together. Whatever is at most ``slack`` below the last place is added up in double precision
    and rounded; it is not sure where the order of adding up could turn the last decimal.
    """
    count, dimensions = len(rows), len(query)
    rough = np.empty(count, np.float32)
    whole = count - count % 8
    for i in range(0, whole, 8):
        one, two = vectors[rows[i]], vectors[rows[i + 1]]
        three, four = vectors[rows[i + 2]], vectors[rows[i + 3]]
        five, six = vectors[rows[i + 4]], vectors[rows[i + 5]]
        seven, eight = vectors[rows[i + 6]], vectors[rows[i + 7]]
        a = b = c = d = e = f = g = h = np.float32(0)
        for j in range(dimensions):
            value = query[j]
            a += one[j] * value
            b += two[j] * value
            c += three[j] * value
            d += four[j] * value
            e += five[j] * value
            f += six[j] * value
            g += seven[j] * value
            h += eight[j] * value
        for place, value in enumerate((a, b, c, d, e, f, g, h)):
            rough[i + place] = value
    for i in range(whole, count):
        one, a = vectors[rows[i]], np.float32(0)
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
    height: float,
    pad: float,
    other_starts: Array,
    other_ends: Array,
) -> Any:
    """The runs of ``key`` that a circle may reach in each band: ``Bands.around``, in a loop.

    ``sines``, ``cosines`` and ``bases`` are those of the edges of all bands, which are ``height`` high.
    Longitude is in degrees, all else in radians. Other runs follow as they are given.
    """
    quarter = math.pi / 2
    south, north = latitude - radius, latitude + radius
    holds_pole = south <= -quarter or north >= quarter
    first = int((max(south, -quarter) + quarter) / height)
    bands = int((min(north, quarter) + quarter) / height) - first + 1
    sine, cosine, far = math.sin(latitude), math.cos(latitude), math.cos(radius)
    widest_band, widest = 0, math.inf
    if not holds_pole:
        pad /= cosine
        at = math.asin(min(max(sine / far, -1.0), 1.0))
        widest_band = min(max(int((at + quarter) / height) - first, 0), bands - 1)
        widest = math.asin(min(math.sin(radius) / cosine, 1.0))
    others = len(other_starts)
    starts = np.empty(3 * bands + others, np.int64)
    ends = np.empty(3 * bands + others, np.int64)
    count = 0
    middle, south, north = longitude + 180.0, 0.0, 0.0
    for edge in range(bands + 1):
        if widest < math.inf:
            turn = (far - sine * sines[first + edge]) / (cosine * cosines[first + edge])
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
                    wanted, low, high = bases[first + band] + bound, 0, len(key)
                    while low < high:
                        half_way = (low + high) // 2
                        if key[half_way] < wanted:
                            low = half_way + 1
                        else:
                            high = half_way
                    found[count] = low
                count += ends[count] > starts[count]
    for other in range(others):
        starts[count], ends[count] = other_starts[other], other_ends[other]
        count += 1
    return starts[:count], ends[:count]


BY_KIND, LIMIT, MEETING, DISTANCE, TIMING, NEARNESS = range(6)
"""What a term of ``weigh`` goes by."""


def weigh(
    rows: Array,
    given: Array,
    terms: Array,
    settings: Array,
    tables: Any,
    codes: Array,
    costs: Array,
    where: Array,
    words: Array,
    wide: Array,
    place: Array,
    pairs: Array,
    more: Array,
    offsets: Array,
    number: Array,
    waits: Array,
    unclear: float,
    lat: Array,
    lon: Array,
    margin_km: Array,
    vague: Array,
    at_home: Array,
    comes_home: Array,
    decimals: int,
) -> Any:
    """The contributions of some rows, rounded: (contributions, rows); whether any of the last two is not
    zero, and whether the decimals are sure.

    The factors, those that are ``given`` first, then what is not stated and what is not preferred.
    ``settings`` begin with the share of each, then the origin in degrees. A term is four numbers: what it
    goes by, its subject, its contribution (of a limit: which of ``costs``), and where its table begins:
    in ``tables`` for a factor, in ``codes`` for a limit, in ``settings`` for the rest (the limit; or what
    counts one half, what is not stated, and what comes home). ``where`` holds the word, the shift and the
    bits of each subject.
    """
    scale = 10.0**decimals
    not_stated = len(given)
    for term in range(0, len(terms), 4):
        by = terms[term]
        not_stated += by in (BY_KIND, TIMING, NEARNESS)
    preferred = not_stated + 1
    # Powers may be off by a rounding, and costs are added in another order than in numpy.
    exact = np.ones(preferred + 1, np.bool_)
    exact[not_stated:] = False
    found = np.zeros((preferred + 1, len(rows)))
    origin_lat, origin_lon = settings[not_stated] * RADIANS, settings[not_stated + 1]
    sure = True
    for i in range(len(rows)):
        row = rows[i]
        position = place[row]
        at_lat = lat[row] * RADIANS
        half_lat, half_lon = (at_lat - origin_lat) / 2, (lon[row] - origin_lon) * RADIANS / 2
        chord = (
            math.sin(half_lat) ** 2
            + math.cos(origin_lat) * math.cos(at_lat) * math.sin(half_lon) ** 2
        )
        km = 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))
        nearest, farthest = km - margin_km[row], km + margin_km[row]
        further = range(0)
        if len(more) and more[position]:
            further = range(offsets[row] + 2, offsets[row + 1])
        for factor in range(len(given)):
            found[factor, i] = settings[factor] * given[factor, i]
        for term in range(0, len(terms), 4):
            by, subject, target, begin = terms[term : term + 4]
            kind = 0
            if by in (BY_KIND, LIMIT):
                source, shift = where[subject, 0], np.uint64(where[subject, 1])
                if source < len(words):
                    one = (words[source, position] >> shift) & np.uint64(where[subject, 2])
                    kind = int(math.log2(float(one)))
                else:
                    kind = int(wide[source - len(words), position])
            code = -1
            if by == BY_KIND:
                found[target, i] = settings[target] * tables[begin][kind]
            elif by == LIMIT:
                code = codes[begin + kind]
            elif by == MEETING:
                code = max(codes[begin + pairs[position, 0]], codes[begin + pairs[position, 1]])
                for session in further:
                    code = max(code, codes[begin + number[session]])
            elif by == DISTANCE:
                limit = settings[begin]
                code = 1
                if at_home[row] or (farthest <= limit and not vague[row]):
                    code = 2
                elif nearest > limit and not vague[row]:
                    code = 0
                sure &= not (abs(farthest - limit) < 1e-9 or abs(nearest - limit) < 1e-9)
                sure &= not chord > 0.9
            elif by == TIMING:
                wait = min(waits[pairs[position, 0]], waits[pairs[position, 1]])
                for session in further:
                    wait = min(wait, waits[number[session]])
                value = settings[begin + 1]
                if wait != unclear:
                    value = 2.0 ** (-wait / settings[begin])
                    exact[target] = False
                found[target, i] = settings[target] * value
            else:
                value = settings[begin + 1]
                if comes_home[row]:
                    value = settings[begin + 2]
                elif not math.isnan(farthest):
                    value = 2.0 ** (-farthest / settings[begin])
                    exact[target] = False
                    # On the other side of the earth the formula is off by more than rounding.
                    sure &= not chord > 0.9
                found[target, i] = settings[target] * value
            if code >= 0:
                found[preferred if target == 2 else not_stated, i] -= costs[target, code]
    for part in range(len(found)):
        for i in range(len(rows)):
            scaled = found[part, i] * scale
            sure &= exact[part] or abs(scaled - math.floor(scaled) - 0.5) > 1e-12 * scale
            found[part, i] = np.rint(scaled) / scale
            if part >= not_stated:
                # Turns -0.0 into 0.0.
                found[part, i] += 0.0
    unstated, unkept = False, False
    for i in range(len(rows)):
        unstated |= found[not_stated, i] != 0
        unkept |= found[preferred, i] != 0
    return found, unstated, unkept, sure
