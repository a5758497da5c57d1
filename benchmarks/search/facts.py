"""What the made-up activities state: the shares, and the one place that builds ``Columns`` of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from benchmarks.search.places import Towns, scatter

from spmatch.columns import (
    ACCESS_KEYS,
    DELIVERIES,
    FAR_FUTURE,
    FAR_PAST,
    FIRST_VISIT_KEYS,
    GENDERS,
    INTENSITIES,
    NOT_STATED,
    PERIODS,
    REFERRALS,
    RHYTHMS,
    Columns,
    SessionColumns,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

ACTIVITIES_A_VENUE = 4
RURAL = 0.2
NO_COORDINATES = 0.03
ACCESS_UNKNOWN = 0.30
FIRST_VISIT_UNKNOWN = 0.50
NO_SESSION = 0.03
TWO_SESSIONS = 0.35
NO_END = 0.03

# Shares of each value; what is left over is not stated.
DELIVERY = {"in_person": 0.88, "online": 0.05, "hybrid": 0.03, "home_visit": 0.01}
GENDER = {"any": 0.55, "women": 0.08, "men": 0.04}
INTENSITY = {"none": 0.20, "low": 0.25, "moderate": 0.20, "high": 0.10}
REFERRAL = {"open": 0.50, "self": 0.20, "professional": 0.10, "gp": 0.03}
RHYTHM = {"week": 0.90, "two_weeks": 0.07, "month": 0.03}
LANGUAGES = {"ar": 0.03, "da": 0.88, "de": 0.01, "en": 0.15, "so": 0.01, "tr": 0.02, "uk": 0.02}
NO_LANGUAGE = 0.10

# Whether an access fact is true where it is stated.
ACCESS_TRUE = {
    "wheelchair": 0.60,
    "step_free": 0.55,
    "lift": 0.35,
    "accessible_toilet": 0.55,
    "accessible_parking": 0.55,
    "hearing_loop": 0.25,
    "sign_language": 0.05,
    "visual_support": 0.10,
    "cognitive_support": 0.20,
    "dementia_friendly": 0.20,
    "quiet_space": 0.30,
    "easy_read": 0.15,
    "allergy_aware": 0.20,
    "public_transport_nearby": 0.80,
    "companion_welcome": 0.75,
}
FIRST_VISIT_TRUE = {
    "bring_someone": 0.70,
    "buddy": 0.30,
    "taster": 0.50,
    "small_group": 0.50,
    "no_sign_up": 0.50,
}

FREE, PRICE_NOT_STATED = 0.60, 0.08
PRICES: dict[str, tuple[float, Sequence[float]]] = {
    # Share of the paid ones, and usual amounts in kroner.
    "session": (0.40, (20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150)),
    "month": (0.22, (75, 100, 125, 150, 200, 250, 300, 400)),
    "quarter": (0.13, (200, 300, 400, 500, 600, 800)),
    "year": (0.15, (100, 150, 200, 300, 400, 500, 800, 1200)),
    "week": (0.03, (25, 40, 50, 75)),
    "once": (0.05, (50, 100, 200, 400, 600)),
}


class Ages(NamedTuple):
    share: float
    low: float
    high: float


AGES = (
    # For whom; the share left over states no ages.
    Ages(0.13, 18, np.nan),
    Ages(0.04, 16, np.nan),
    Ages(0.18, 60, np.nan),
    Ages(0.08, 65, np.nan),
    Ages(0.06, 50, np.nan),
    Ages(0.06, 18, 30),
    Ages(0.05, 18, 65),
    Ages(0.07, 13, 17),
    Ages(0.05, 15, 25),
    Ages(0.08, 6, 12),
    Ages(0.03, 0, 5),
)

ROOM_STATED = 0.45
FULL = 0.40
WAITING_LIST = (0.30, 0.45)
"""Of the full ones: with a list, without; the rest do not say."""

DAY_SHARES = (0.18, 0.19, 0.18, 0.17, 0.12, 0.10, 0.06)
STARTS = tuple(range(9 * 60, 20 * 60 + 1, 30))
LENGTHS = (60, 75, 90, 120, 150, 180)
LENGTH_SHARES = (0.25, 0.10, 0.30, 0.25, 0.06, 0.04)


def make_columns(
    activities: int, towns: Towns, today: date, random: np.random.Generator
) -> Columns:
    """The columns of so many activities; those of one venue follow each other, venues are in no order."""
    venues = -(-activities // ACTIVITIES_A_VENUE)
    venue = np.repeat(np.arange(venues), ACTIVITIES_A_VENUE)[:activities]
    lat, lon = scatter(venues, towns, RURAL, random)
    unplaced = random.random(venues) < NO_COORDINATES
    lat[unplaced] = lon[unplaced] = np.nan
    access_yes, access_no = _yes_no(venues, ACCESS_KEYS, ACCESS_TRUE, ACCESS_UNKNOWN, random)
    first_yes, first_no = _yes_no(
        activities, FIRST_VISIT_KEYS, FIRST_VISIT_TRUE, FIRST_VISIT_UNKNOWN, random
    )
    price, price_per = _prices(activities, random)
    age_min, age_max = _ages(activities, random)
    places_left, waiting_list = _room(activities, random)
    verified = today.toordinal() - random.exponential(200, activities).astype(np.int32)
    return Columns(
        lat=lat[venue],
        lon=lon[venue],
        margin_km=np.where(unplaced, np.nan, 0.0)[venue],
        vague=np.zeros(activities, dtype=np.bool_),
        located=~unplaced[venue],
        delivery=_codes(activities, DELIVERY, DELIVERIES, random),
        price=price,
        price_per=price_per,
        currency=np.where(price > 0, 0, NOT_STATED).astype(np.int32),
        currencies=("DKK",),
        age_min=age_min,
        age_max=age_max,
        gender=_codes(activities, GENDER, GENDERS, random),
        access_yes=access_yes[venue],
        access_no=access_no[venue],
        first_visit_yes=first_yes,
        first_visit_no=first_no,
        speaks=_speaks(activities, random),
        languages=tuple(LANGUAGES),
        referral=_codes(activities, REFERRAL, REFERRALS, random),
        places_left=places_left,
        waiting_list=waiting_list,
        intensity=_codes(activities, INTENSITY, INTENSITIES, random),
        verified_day=np.where(random.random(activities) < 0.15, NOT_STATED, verified).astype(
            np.int32
        ),
        provider=(venue // 2).astype(np.int32),
        has_theme=np.zeros((activities, 0), dtype=np.bool_),
        concessions={},
        sessions=_sessions(activities, today, random),
        text_language=np.zeros(activities, dtype=np.int32),
        text_languages=("da",),
    )


def _codes(
    rows: int, shares: Mapping[str, float], among: Sequence[str], random: np.random.Generator
) -> Integers:
    left_over = 1 - sum(shares.values())
    codes = [among.index(value) for value in shares]
    chosen = random.choice([*codes, NOT_STATED], size=rows, p=[*shares.values(), left_over])
    return chosen.astype(np.int32)


def _yes_no(
    rows: int,
    keys: Sequence[str],
    true: Mapping[str, float],
    unknown: float,
    random: np.random.Generator,
) -> tuple[Integers, Integers]:
    yes, no = np.zeros(rows, dtype=np.int32), np.zeros(rows, dtype=np.int32)
    for bit, key in enumerate(keys):
        stated = random.random(rows) >= unknown
        holds = random.random(rows) < true[key]
        yes |= (stated & holds).astype(np.int32) << bit
        no |= (stated & ~holds).astype(np.int32) << bit
    return yes, no


def _prices(rows: int, random: np.random.Generator) -> tuple[Floats, Integers]:
    kind = random.random(rows)
    price = np.where(kind < FREE, 0.0, np.nan)
    per = np.full(rows, NOT_STATED, dtype=np.int32)
    paid = np.flatnonzero(kind >= FREE + PRICE_NOT_STATED)
    left_over = 1 - sum(share for share, _ in PRICES.values())
    names = random.choice(
        len(PRICES) + 1, size=len(paid), p=[*(share for share, _ in PRICES.values()), left_over]
    )
    for number, (name, (_, amounts)) in enumerate(PRICES.items()):
        rows_of = paid[names == number]
        price[rows_of] = random.choice(amounts, size=len(rows_of))
        per[rows_of] = PERIODS.index(name)  # type: ignore[arg-type]
    # An amount without saying for what.
    rows_of = paid[names == len(PRICES)]
    price[rows_of] = random.choice([50.0, 100.0, 200.0], size=len(rows_of))
    return price, per


def _ages(rows: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    shares = [group.share for group in AGES]
    chosen = random.choice(len(AGES) + 1, size=rows, p=[*shares, 1 - sum(shares)])
    low = np.array([*(group.low for group in AGES), np.nan])[chosen]
    high = np.array([*(group.high for group in AGES), np.nan])[chosen]
    return low, high


def _room(rows: int, random: np.random.Generator) -> tuple[Integers, Integers]:
    stated = random.random(rows) < ROOM_STATED
    full = random.random(rows) < FULL
    left = np.where(stated, np.where(full, 0, random.integers(1, 15, rows)), NOT_STATED)
    listed = random.random(rows)
    with_list, without = WAITING_LIST
    waiting = np.where(listed < with_list, 1, np.where(listed < with_list + without, 0, NOT_STATED))
    waiting[~(stated & full)] = NOT_STATED
    return left.astype(np.int32), waiting.astype(np.int32)


def _speaks(rows: int, random: np.random.Generator) -> npt.NDArray[np.bool_]:
    spoken = random.random((rows, len(LANGUAGES))) < np.array(list(LANGUAGES.values()))
    spoken[random.random(rows) < NO_LANGUAGE] = False
    return spoken


def _sessions(rows: int, today: date, random: np.random.Generator) -> SessionColumns:
    kind = random.random(rows)
    counts = np.where(kind < NO_SESSION, 0, np.where(kind < NO_SESSION + TWO_SESSIONS, 2, 1))
    offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    activity = np.repeat(np.arange(rows, dtype=np.int32), counts)
    total = len(activity)
    day = random.choice(7, size=total, p=DAY_SHARES)
    # The second session of an activity is on another day.
    second = np.flatnonzero(np.arange(total) > offsets[activity])
    day[second] = (day[second - 1] + random.integers(1, 7, len(second))) % 7
    start = random.choice(STARTS, size=total)
    end = start + random.choice(LENGTHS, size=total, p=LENGTH_SHARES)
    end[random.random(total) < NO_END] = NOT_STATED
    season_end = (today + timedelta(days=110)).toordinal()
    return SessionColumns(
        offsets=offsets,
        activity=activity,
        day=day.astype(np.int32),
        start_minute=start.astype(np.int32),
        end_minute=end.astype(np.int32),
        rhythm=_codes(total, RHYTHM, RHYTHMS, random),
        first_day=np.full(total, FAR_PAST, dtype=np.int32),
        last_day=np.where(random.random(total) < 0.4, season_end, FAR_FUTURE).astype(np.int32),
    )
