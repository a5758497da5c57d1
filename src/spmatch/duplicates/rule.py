"""The stated rule: when two records of different sources tell of the same activity.

Same provider, same place, same time where both state one, near-same text, and nothing that tells
them apart. docs/mending.md states it in words; the numbers were chosen on tests/fixtures/duplicates.
"""

from __future__ import annotations

import math

from rapidfuzz.fuzz import ratio, token_set_ratio

from spmatch.duplicates.contrasts import differ, same_questions
from spmatch.duplicates.features import Features
from spmatch.geography import EARTH_RADIUS_KM

TITLE_AT_LEAST = 85.0
"""``token_set_ratio`` of the titles, of 100."""

SPELT_ALIKE_AT_LEAST = 80.0
"""``ratio`` of two words that may be one, spelt in two ways."""

DESCRIPTION_AT_LEAST = 82.0
"""The same of the descriptions, where both have one of some length."""

TITLE_ALONE_AT_LEAST = 95.0
"""Of the titles, where one record has next to no description: then both must state a time too."""

WORDS_OF_A_DESCRIPTION = 5
NEAR_KM = 0.1
START_WITHIN_MINUTES = 30


def likeness(one: Features, other: Features) -> float | None:
    """How alike the texts of two records of one activity are, 0 to 100; ``None`` when they are not."""
    if not one.providers & other.providers or not same_place(one, other) or contradict(one, other):
        return None
    both_timed = one.timed and other.timed
    # "Yoga" may be the name of all groups of a house: only the time tells that this one is meant.
    if not both_timed and not same_questions(one.title_answers, other.title_answers):
        return None
    title = _title_likeness(one.title, other.title)
    if _has_words(one.description) and _has_words(other.description):
        description = token_set_ratio(
            one.description, other.description, score_cutoff=DESCRIPTION_AT_LEAST
        )
        if title >= TITLE_AT_LEAST and description >= DESCRIPTION_AT_LEAST:
            return float(title + description) / 2
    elif both_timed and title >= TITLE_ALONE_AT_LEAST:
        return float(title)
    return None


def _title_likeness(one: str, other: str) -> float:
    """``token_set_ratio``; 0 when each title has a word for which the other has none like it.

    "Open workshop: clay" and "Open workshop: glass" share most of their letters.
    """
    shared = float(token_set_ratio(one, other, score_cutoff=TITLE_AT_LEAST))
    if not 0 < shared < 100:
        return shared
    words, others = set(one.split()), set(other.split())
    fewer, more = sorted((words - others, others - words), key=len)
    spelt_alike = all(
        any(ratio(word, another) >= SPELT_ALIKE_AT_LEAST for another in more) for word in fewer
    )
    return shared if spelt_alike else 0.0


def contradict(one: Features, other: Features) -> bool:
    """Whether two records state what no single activity can be."""
    return (
        _states_another(one.gender, other.gender)
        or {one.delivery, other.delivery} == {"in_person", "online"}
        or _never_together(one.ages, other.ages)
        or (one.timed and other.timed and not _same_time(one, other))
        or _other_season(one, other)
        or differ(one.title_answers, other.title_answers)
        or differ(one.answers, other.answers)
    )


def same_place(one: Features, other: Features) -> bool:
    """One address, one venue in a postcode, or within a hundred metres; or both have none.

    Two records without a place are of one place only when they state the same delivery. Two
    addresses that differ are two places however near: coordinates may be those of the postcode.
    """
    if not one.placed and not other.placed:
        return one.delivery is not None and one.delivery == other.delivery
    if one.streets and other.streets and not one.streets & other.streets:
        return False
    if one.postcode and one.postcode == other.postcode:
        if one.streets & other.streets:
            return True
        if one.venue and one.venue == other.venue:
            return True
    return (
        one.point is not None
        and other.point is not None
        and _apart_km(one.point, other.point) <= NEAR_KM
    )


def _same_time(one: Features, other: Features) -> bool:
    return any(
        day == other_day and abs(start - other_start) <= START_WITHIN_MINUTES
        for day, start in one.times
        for other_day, other_start in other.times
    )


def _other_season(one: Features, other: Features) -> bool:
    """Whether both say from when until when, and no day belongs to both."""
    return bool(one.seasons and other.seasons) and not any(
        begin <= other_end and other_begin <= end
        for begin, end in one.seasons
        for other_begin, other_end in other.seasons
    )


def _states_another(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _never_together(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def _has_words(description: str) -> bool:
    return description.count(" ") + 1 >= WORDS_OF_A_DESCRIPTION


def _apart_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two near points, on a plane: exact enough for a hundred metres."""
    north = math.radians(one[0] - other[0])
    east = math.radians((one[1] - other[1] + 180) % 360 - 180) * math.cos(math.radians(one[0]))
    return EARTH_RADIUS_KM * math.hypot(north, east)
