"""Records that were folded into one activity, counted for a source or for all."""

from __future__ import annotations

from collections.abc import Sequence

from spmatch.activity import Activity
from spmatch.quality.records import DuplicateGroup, Duplicates, Part

LARGEST = 10


def groups_of(activities: Sequence[Activity]) -> tuple[DuplicateGroup, ...]:
    """One group for each activity into which other records were folded.

    An activity may also hold itself as it was before facts were filled in: that is no other record.
    """
    found = []
    for one in activities:
        others = tuple(dict.fromkeys(other.id for other in one.folded if other.id != one.id))
        if others:
            found.append(DuplicateGroup(kept=one.id, title=one.title, folded=others))
    return tuple(found)


def duplicates_in(
    activities: Sequence[Activity], groups: Sequence[DuplicateGroup], looked_for: bool
) -> Duplicates:
    """Of the records of a source, those that belong to ``groups`` (which may reach other sources)."""
    ids = {one.id for one in activities}
    ids.update(other.id for one in activities for other in one.folded)
    inside = [one for one in groups if not ids.isdisjoint((one.kept, *one.folded))]
    records = sum((one.kept in ids) + len(ids.intersection(one.folded)) for one in inside)
    return Duplicates(
        looked_for=looked_for,
        groups=len(inside),
        records=Part.make(records, len(ids)),
        spare=sum(len(ids.intersection(one.folded)) for one in inside),
        largest=tuple(sorted(inside, key=lambda one: (-len(one.folded), one.kept))[:LARGEST]),
    )
