"""Puts right what is certainly wrong in the records of a source, and tells of every change.

The records are valid already; what is mended here is what validation cannot see: texts that were
written in one encoding and read in another, coordinates in the sea, postcodes that lost a zero. What
is wrong in a way that could be two things stays as it is, and is told. The rules: docs/mending.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.geography import Gazetteer
from spmatch.mending.contacts import mended_contacts
from spmatch.mending.facts import mended_facts
from spmatch.mending.fields import mended_texts
from spmatch.mending.points import mended_points
from spmatch.mending.postcodes import mended_postcode
from spmatch.mending.towns import Towns
from spmatch.readers.stated import Findings

__all__ = ["mend"]


def _its_id(activity: Activity) -> str:
    return activity.id


def mend(
    activities: Sequence[Activity],
    gazetteer: Gazetteer | None = None,
    where: Callable[[Activity], str] = _its_id,
    *,
    today: date | None = None,
) -> tuple[list[Activity], list[Problem]]:
    """The activities of one source, mended, in their order; and what was mended or looks wrong.

    Give all of a source at once: what is usual in it shows which coordinates are not. ``where`` names
    a record for its problems (its id when not given); ``today`` is the day by which a date lies in the
    future (today when not given). A record that nothing is wrong with is given back as it is, the
    same object. Mending what was mended changes nothing more. Raises nothing.
    """
    day = today or date.today()
    towns = Towns(gazetteer)
    found = [Findings(where(activity)) for activity in activities]
    mended = []
    for activity, findings in zip(activities, found, strict=True):
        activity = mended_texts(activity, findings)
        activity = mended_contacts(activity, findings)
        activity = mended_postcode(activity, towns, findings)
        mended.append(mended_facts(activity, day, findings))
    mended = mended_points(mended, towns, found)
    return mended, [problem for findings in found for problem in findings.problems]
