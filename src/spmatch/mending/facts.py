"""Prices, ages, sessions and dates that cannot be, though each is of its type."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from spmatch.activity import Activity, Cost, Session
from spmatch.readers.stated import Findings
from spmatch.words import minutes_of

PRICE_AT_MOST = 100_000
"""A higher price of an activity is a slip, in any currency but those of ``SMALL_UNITS``."""

SMALL_UNITS = frozenset(
    "BIF CLP COP CRC GNF HUF IDR IQD IRR ISK JPY KHR KRW LAK LBP MGA MMK MNT MWK NGN PYG RWF SLL SOS "
    "SYP TZS UGX UZS VND XAF XOF YER".split()
)
"""Currencies in which a hundred thousand may be the price of a course."""

VERIFIED_FROM = date(1990, 1, 1)
"""A check before this day is what a table writes for an empty date (1900, 1970)."""

FROM_AT_LEAST = date(1950, 1, 1)
UNTIL_BEFORE = date(2100, 1, 1)
"""Dates of sessions beyond these are what a table writes for "always" (1900) and "no end" (9999)."""

_NIGHT = (minutes_of("00:30"), minutes_of("05:00"))
_MIDDAY = minutes_of("12:00")


def mended_facts(activity: Activity, today: date, findings: Findings) -> Activity:
    """The activity without the facts that cannot be; the same object when there are none."""
    changes: dict[str, Any] = {}
    if activity.cost is not None:
        cost = _cost(activity.cost, findings)
        if cost is not activity.cost:
            changes["cost"] = cost
    sessions = _sessions(activity.sessions, findings)
    if sessions != activity.sessions:
        changes["sessions"] = sessions
    checked = activity.verified_on
    # Where the record comes from, tomorrow may have begun.
    if checked and checked > today + timedelta(days=1):
        findings.mended(
            "verified_on",
            "this day lies in the future, and was left out.",
            "State the day of the check.",
        )
        changes["verified_on"] = None
    elif checked and checked < VERIFIED_FROM:
        findings.mended(
            "verified_on",
            f"this day lies before {VERIFIED_FROM.year}, and was left out.",
            "Leave it out when it is not known.",
        )
        changes["verified_on"] = None
    if activity.ages is not None and activity.ages.max == 0:
        findings.note(
            "ages.max",
            "nobody above the age of 0 is welcome.",
            "Leave it out if there is no limit.",
        )
    return activity.model_copy(update=changes) if changes else activity


def _cost(cost: Cost, findings: Findings) -> Cost | None:
    if cost.currency in SMALL_UNITS:
        return cost
    changes: dict[str, Any] = {}
    if cost.amount is not None and cost.amount > PRICE_AT_MOST:
        findings.mended(
            "cost.amount",
            f"this is more than {PRICE_AT_MOST}, and was left out.",
            "Check the decimal point.",
        )
        changes["amount"] = None
    concessions = tuple(c for c in cost.concessions if c.amount <= PRICE_AT_MOST)
    if len(concessions) < len(cost.concessions):
        findings.mended(
            "cost.concessions",
            f"one is more than {PRICE_AT_MOST}, and was left out.",
            "Check the decimal point.",
        )
        changes["concessions"] = concessions
    if not changes:
        return cost
    mended = cost.model_copy(update=changes)
    says_nothing = mended.amount is None and not mended.note and not mended.concessions
    return None if says_nothing else mended


def _sessions(sessions: tuple[Session, ...], findings: Findings) -> tuple[Session, ...]:
    kept: dict[Session, None] = {}
    for at, session in enumerate(sessions):
        field = f"sessions.{at}"
        mended = _session(session, field, findings)
        if mended == Session(every=mended.every):
            findings.mended(field, "it states no time, and was left out.", "State day and time.")
        elif mended in kept:
            findings.mended(field, "it is stated twice, and once is enough.", "Leave one out.")
        else:
            kept[mended] = None
    return tuple(kept)


def _session(session: Session, field: str, findings: Findings) -> Session:
    changes: dict[str, Any] = {}
    if session.from_date and session.from_date < FROM_AT_LEAST:
        findings.mended(
            f"{field}.from",
            f"this day lies before {FROM_AT_LEAST.year}, and was left out.",
            "Leave it out when it has no first day.",
        )
        changes["from_date"] = None
    if session.until and session.until >= UNTIL_BEFORE:
        findings.mended(
            f"{field}.until",
            "a day so far off means that there is no last day; it was left out.",
            "Leave it out when it has no last day.",
        )
        changes["until"] = None
    if session.start and session.end and _turns_night_into_day(session.start, session.end):
        findings.note(
            field,
            "it begins in the night and ends in the afternoon.",
            "Check whether twelve hours are missing from its beginning.",
        )
    return session.model_copy(update=changes) if changes else session


def _turns_night_into_day(start: str, end: str) -> bool:
    return _NIGHT[0] <= minutes_of(start) < _NIGHT[1] and _MIDDAY < minutes_of(end) < minutes_of(
        "19:00"
    )
