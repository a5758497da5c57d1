"""Folding records into one activity, and unfolding them: the same out as in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from itertools import groupby

from spmatch.activity import Activity
from spmatch.duplicates.features import Features, features_of
from spmatch.duplicates.groups import groups_of
from spmatch.duplicates.merging import merged
from spmatch.duplicates.rule import likeness
from spmatch.errors import Problem

_NOT_OF_THE_ACTIVITY = frozenset(("id", "source", "verified_on", "evidence", "folded"))
_FACTS = tuple(name for name in Activity.model_fields if name not in _NOT_OF_THE_ACTIVITY)


@dataclass(frozen=True, slots=True)
class FoldedGroup:
    """Records that were folded into one: the id that is kept and those that were folded into it.

    ``told_by``: the id of the record whose words and facts the activity has. ``filled``: the fields
    that it did not state, each with the id that it was taken from. ``contradicted``: the fields of
    which another record states something else, with its id.
    """

    kept: str
    folded: tuple[str, ...]
    told_by: str
    filled: tuple[tuple[str, str], ...] = ()
    contradicted: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is told of it: each record that was folded, and each contradiction."""
        told = [
            Problem(
                self.kept,
                "",
                f"duplicate: {other} tells of the same activity as {self.kept} and was folded into it.",
                "Nothing to do; leave one out if this is wanted nowhere.",
                "note",
            )
            for other in self.folded
        ]
        told += [
            Problem(
                self.kept,
                field,
                f"duplicate: {other} states something else than {self.told_by}.",
                "Ask the provider which is right.",
                "note",
            )
            for field, other in self.contradicted
        ]
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Folding:
    """The activities that are left, in the order of their ids, and how records were folded."""

    activities: tuple[Activity, ...]
    groups: tuple[FoldedGroup, ...]
    undecided: tuple[Problem, ...] = ()
    """Records that may tell of the same activity as either of two others: left as they are."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is told, as notes; nothing that was folded is lost."""
        return (*(p for group in self.groups for p in group.problems), *self.undecided)


def source_of(activity: Activity) -> str:
    """The source that a record names; records that name none count as of one source."""
    source = activity.source
    return (source.name or source.url or "") if source else ""


def fold(
    activities: Iterable[Activity],
    source: Callable[[Activity], str] = source_of,
    *,
    known: Container[str] = (),
) -> Folding:
    """Folds the records of all sources that tell of one activity.

    Records of one ``source`` are folded only when all their facts are equal. What was folded before
    is unfolded first, so folding again changes nothing, and the order of the records never matters.

    The activity has the first id of its records, whichever of them tells of it best: a record that is
    checked or written anew moves no link. ``known`` ids, those that answered before, go first, so that
    a record that joins moves none either.
    """
    records = unfold(activities)
    features = [features_of(record) for record in records]
    equal = _equal(records, features)
    sources = [frozenset(source(records[row]) for row in rows) for rows in equal]
    found = groups_of([features[rows[0]] for rows in equal], sources)
    together = [tuple(sorted(row for at in group for row in equal[at])) for group in found.joined]
    in_groups = {at for group in found.joined for at in group}
    together += [rows for at, rows in enumerate(equal) if len(rows) > 1 and at not in in_groups]
    left: dict[int, Activity] = dict(enumerate(records))
    groups = []
    for rows in sorted(together):
        kept_row, activity, group = _folded(records, rows, known)
        for row in rows:
            del left[row]
        left[kept_row] = activity
        groups.append(group)
    undecided = tuple(
        _either(records[equal[at][0]].id, [records[equal[other][0]].id for other in others])
        for at, others in found.undecided
    )
    kept = tuple(activity for _, activity in sorted(left.items(), key=lambda item: item[0]))
    return Folding(kept, tuple(groups), undecided)


def unfold(activities: Iterable[Activity]) -> tuple[Activity, ...]:
    """The records as they were before any was folded, in the order of their ids."""
    records: list[Activity] = []
    for activity in activities:
        if not activity.folded:
            records.append(activity)
            continue
        # The kept record is among the folded ones only if it is no longer as it was.
        if all(record.id != activity.id for record in activity.folded):
            records.append(activity.model_copy(update={"folded": ()}))
        records += unfold(activity.folded)
    return tuple(_in_order(records))


def _in_order(records: Iterable[Activity]) -> Iterable[Activity]:
    """By id; where two sources use one id, by all that the records state."""
    by_id = sorted(records, key=lambda record: record.id)
    for _, same in groupby(by_id, key=lambda record: record.id):
        those = list(same)
        yield from those if len(those) == 1 else sorted(those, key=_json)


def _json(record: Activity) -> str:
    return record.model_dump_json()


def _equal(records: tuple[Activity, ...], features: list[Features]) -> list[tuple[int, ...]]:
    """Rows whose facts are all equal, together; a row that is like no other alone.

    The rule holds for them as well: where no place is stated, two branches may say the same.
    """
    rows_of: dict[object, list[int]] = defaultdict(list)
    for row, record in enumerate(records):
        facts = tuple(getattr(record, name) for name in _FACTS)
        rows_of[facts].append(row)
    equal: list[tuple[int, ...]] = []
    for rows in rows_of.values():
        like_itself = len(rows) > 1 and likeness(features[rows[0]], features[rows[0]]) is not None
        equal += [tuple(rows)] if like_itself else [(row,) for row in rows]
    return sorted(equal)


def _folded(
    records: tuple[Activity, ...], rows: tuple[int, ...], known: Container[str]
) -> tuple[int, Activity, FoldedGroup]:
    those = [records[row] for row in rows]
    one = merged(those)
    kept = one.best
    # The rows are in the order of their ids.
    its_id = those[min(range(len(those)), key=lambda at: (those[at].id not in known, at))].id
    others = [record for record in those if record is not kept]
    # Unfolding must tell whether the kept record is as it was: by its id among the folded.
    if one.filled or any(record.id in (kept.id, its_id) for record in others):
        others = [kept, *others]
    ids = [record.id for record in those]
    ids.remove(its_id)
    group = FoldedGroup(
        its_id,
        tuple(ids),
        kept.id,
        tuple((field, those[at].id) for field, at in one.filled),
        tuple((field, those[at].id) for field, at in one.contradicted),
    )
    row = rows[next(at for at, record in enumerate(those) if record.id == its_id)]
    activity = one.activity.model_copy(update={"id": its_id, "folded": tuple(others)})
    return row, activity, group


def _either(id: str, others: list[str]) -> Problem:
    return Problem(
        id,
        "",
        f"duplicate: it may tell of the same activity as one of {', '.join(others)}; none was folded.",
        "State the times of each, so that they can be told apart.",
        "note",
    )
