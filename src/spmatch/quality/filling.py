"""What activities state: field by field, where they are, when they were checked, what prose told."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import ACCESS_KEYS, DELIVERIES, FIRST_VISIT_KEYS, NOT_STATED, Columns, Flags
from spmatch.constraints import AT_HOME, NOT_MET, Judgement, Person, judge_from_activity
from spmatch.quality.records import FieldFill, FromProse, Part, Placing, ProseField, Staleness
from spmatch.quality.usage import title_of

Stated = Callable[[Activity], object]

_FACTS: tuple[tuple[str, str, Stated], ...] = (
    ("cost", "Price, as an amount", lambda a: a.cost is not None and a.cost.amount is not None),
    (
        "cost.note",
        "Price, in words alone",
        lambda a: a.cost is not None and a.cost.amount is None and a.cost.note,
    ),
    ("sessions", "A session", lambda a: a.sessions),
    (
        "sessions.complete",
        "A session with day, start and end",
        lambda a: any(one.day and one.start and one.end for one in a.sessions),
    ),
    ("delivery", "How it is held", lambda a: a.delivery),
    ("referral", "Referral", lambda a: a.referral),
    ("intensity", "Effort", lambda a: a.intensity),
    (
        "ages",
        "Ages",
        lambda a: a.ages is not None and (a.ages.min is not None or a.ages.max is not None),
    ),
    ("gender", "Gender", lambda a: a.gender),
    ("languages", "Languages", lambda a: a.languages),
    (
        "capacity",
        "Room for more people",
        lambda a: a.capacity is not None and a.capacity.places_left is not None,
    ),
    ("verified_on", "When it was last checked", lambda a: a.verified_on),
)

_CONTACT: tuple[tuple[str, str, Stated], ...] = (
    ("provider.phone", "Phone", lambda a: a.provider is not None and a.provider.phone),
    ("provider.email", "E-mail", lambda a: a.provider is not None and a.provider.email),
    ("provider.url", "Web page", lambda a: a.provider is not None and a.provider.url),
    (
        "provider.contact",
        "Any of the three",
        lambda a: (
            a.provider is not None and (a.provider.phone or a.provider.email or a.provider.url)
        ),
    ),
)


def fill_of(activities: Sequence[Activity]) -> tuple[FieldFill, ...]:
    """How many activities state each fact that limits use, and how the provider is reached."""
    return (
        *_stated(activities, "facts", _FACTS),
        *_yes_no(activities, "first_visit", FIRST_VISIT_KEYS),
        *_yes_no(activities, "access", ACCESS_KEYS),
        *_stated(activities, "contact", _CONTACT),
    )


def placing_of(activities: Sequence[Activity], columns: Columns) -> Placing:
    """What says where activities meet."""
    of = len(activities)
    exact = np.array([one.coordinates is not None for one in activities], dtype=np.bool_)
    placed = ~np.isnan(columns.lat)
    at_home = ~placed & np.isin(columns.delivery, [DELIVERIES.index(way) for way in AT_HOME])

    def part(found: Flags) -> Part:
        return Part.make(int(found.sum()), of)

    return Placing(
        coordinates=part(exact),
        postcode=part(placed & ~exact & ~columns.vague),
        town=part(placed & ~exact & columns.vague),
        at_home=part(at_home),
        not_placed=part(~placed & ~at_home),
    )


def staleness_of(columns: Columns, on: date) -> Staleness:
    """When records were last checked, as seen from the day ``on``."""
    days, of = columns.verified_day, len(columns)
    never = days == NOT_STATED
    ahead = days > on.toordinal()
    left = ~never & ~ahead
    bins = {}
    for months in (3, 6, 12, 24):
        inside = left & (days >= months_before(on, months).toordinal())
        bins[f"within_{months}_months"] = Part.make(int(inside.sum()), of)
        left &= ~inside
    has_sessions = np.diff(columns.sessions.offsets) > 0
    return Staleness(
        **bins,
        older=Part.make(int(left.sum()), of),
        never=Part.make(int(never.sum()), of),
        ahead=Part.make(int(ahead.sum()), of),
        ended=Part.make(
            int((_period(columns, on).codes == NOT_MET).sum()), int(has_sessions.sum())
        ),
    )


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last of a month that has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    if year < 1:
        return date.min
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def from_prose_of(activities: Sequence[Activity]) -> FromProse:
    """How many facts come from prose, by field, the most frequent first."""
    passages: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for one in activities:
        passages.update(evidence.field for evidence in one.evidence)
        holding.update({evidence.field for evidence in one.evidence})
    of = len(activities)
    return FromProse(
        activities=Part.make(sum(bool(one.evidence) for one in activities), of),
        fields=tuple(
            ProseField(
                field=field, activities=Part.make(holding[field], of), passages=passages[field]
            )
            for field in sorted(holding, key=lambda field: (-holding[field], field))
        ),
    )


def _period(columns: Columns, on: date) -> Judgement:
    judged = judge_from_activity(columns, Person(today=on))
    return next(one for one in judged if one.limit == "period")


def _stated(
    activities: Sequence[Activity],
    group: Literal["facts", "contact"],
    facts: Sequence[tuple[str, str, Stated]],
) -> list[FieldFill]:
    return [
        FieldFill(
            field=field,
            title=title,
            group=group,
            stated=Part.make(sum(bool(stated(one)) for one in activities), len(activities)),
        )
        for field, title, stated in facts
    ]


def _yes_no(
    activities: Sequence[Activity], group: Literal["access", "first_visit"], keys: Sequence[str]
) -> list[FieldFill]:
    held = [facts for one in activities if (facts := getattr(one, group)) is not None]
    found = []
    for key in keys:
        values = Counter(getattr(facts, key) for facts in held)
        yes, no = values[True], values[False]
        found.append(
            FieldFill(
                field=f"{group}.{key}",
                title=title_of(f"{group}.{key}"),
                group=group,
                stated=Part.make(yes + no, len(activities)),
                yes=yes,
                no=no,
            )
        )
    return found
