"""A catalogue: a validated, ordered and hashed set of activities."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.contracts import Progress, Reader
from spmatch.errors import CatalogueError, Problem, UnknownActivityError
from spmatch.gathering import gather, read_one
from spmatch.geography import Gazetteer
from spmatch.records import Records
from spmatch.sources import name_of
from spmatch.splicing import Splice

DIGEST_BYTES = 32

Digests = npt.NDArray[np.uint8]
"""(activities, 32): the SHA-256 of each, as JSON that leaves out what is not stated."""


class Catalogue:
    """Activities in the order of their ids, each id once. The order they came in never matters."""

    def __init__(
        self,
        activities: Iterable[Activity],
        *,
        id: str | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        """Raises ``CatalogueError`` listing every id that is used twice."""
        self.activities: Sequence[Activity] = tuple(
            sorted(activities, key=lambda activity: activity.id)
        )
        self.problems = tuple(problems)
        """What was found wrong in the sources; the activities above are what could be kept."""
        twice = sorted(
            {
                a.id
                for a, b in zip(self.activities, self.activities[1:], strict=False)
                if a.id == b.id
            }
        )
        if twice:
            raise CatalogueError(
                "Activities share an id:",
                [
                    Problem("catalogue", "id", f"{i} is used more than once.", "Give each its own.")
                    for i in twice
                ],
            )
        self._rows: dict[str, int] | None = {
            activity.id: row for row, activity in enumerate(self.activities)
        }
        self.digests = digests_of(self.activities)
        self.hash = _hash_of(self.digests)
        """Names what the catalogue holds. It is made of the digests, so that a change costs no more
        than the digests of what is changed: who comes to the same activities has the same hash."""
        self.id = id or self.hash[:12]

    @classmethod
    def kept(cls, records: Records, *, id: str, hash: str, digests: Digests) -> Catalogue:
        """One that stays on disk: it was validated, ordered and hashed before it was saved."""
        return cls._of(records, (), id, hash, digests)

    def spliced(
        self, splice: Splice, added: Sequence[Activity], digests: Digests, id: str | None = None
    ) -> Catalogue:
        """This one with activities gone and others added, in order, by their digests."""
        activities = self.activities
        amended = (
            activities.spliced(splice, added)
            if isinstance(activities, Records)
            else splice.items(activities, added)
        )
        every = splice.rows(self.digests, digests)
        named = _hash_of(every)
        # One that was never given an id goes by its hash.
        own = named[:12] if self.id == self.hash[:12] else self.id
        return self._of(amended, self.problems, id or own, named, every)

    @classmethod
    def _of(
        cls,
        activities: Sequence[Activity],
        problems: tuple[Problem, ...],
        id: str,
        hash: str,
        digests: Digests,
    ) -> Catalogue:
        catalogue = cls.__new__(cls)
        catalogue.activities, catalogue.problems = activities, problems
        catalogue._rows = None
        catalogue.id, catalogue.hash, catalogue.digests = id, hash, digests
        return catalogue

    @classmethod
    def read(
        cls,
        *sources: Path | str,
        strict: bool = False,
        id: str | None = None,
        reader: Reader | None = None,
        gazetteer: Gazetteer | None = None,
        facts_from_prose: bool = False,
        progress: Progress | None = None,
    ) -> Catalogue:
        """The activities of one or more sources: files, folders, zips, ``-``, http(s) addresses.

        Each format is recognised by content, unless a ``reader`` is given. A bad record is left out
        and listed in ``problems``; the good ones stay, mended where that is certain, those that
        several sources tell of folded into one. ``facts_from_prose`` also reads what records leave
        open out of their texts, with the words as evidence. With ``strict`` any record that is left
        out raises ``CatalogueError``; so does, always, a source that cannot be read, or that no
        reader recognises.
        """
        gathered = gather(
            [
                read_one(
                    source,
                    reader=reader,
                    gazetteer=gazetteer,
                    facts_from_prose=facts_from_prose,
                    progress=progress,
                )
                for source in sources
            ]
        )
        if strict and any(problem.effect == "rejected" for problem in gathered.problems):
            raise CatalogueError("Records cannot be read:", gathered.problems)
        return cls(
            gathered.activities,
            id=id or "+".join(Path(name_of(source)).stem for source in sources),
            problems=gathered.problems,
        )

    def __len__(self) -> int:
        return len(self.activities)

    def __iter__(self) -> Iterator[Activity]:
        return iter(self.activities)

    def __getitem__(self, id: str) -> Activity:
        return self.activities[self.row(id)]

    def row(self, id: str) -> int:
        """The row of an activity. Raises ``UnknownActivityError`` when the id is not there."""
        found = self._place(id)
        if found is None:
            raise UnknownActivityError(f"No activity {id!r} in catalogue {self.id}.")
        return found

    def id_of(self, row: int) -> str:
        """The id of the activity of a row."""
        if isinstance(self.activities, Records):
            return self.activities.id(row)
        return self.activities[row].id

    def _place(self, id: str) -> int | None:
        if self._rows is not None:
            return self._rows.get(id)
        ((place, there),) = self.find([id])
        return place if there else None

    def find(self, ids: Sequence[str]) -> list[tuple[int, bool]]:
        """For each id: the first row whose id is not below it, and whether it has this id."""
        # As many marks on the way as there are ids to find: each is then some steps from one.
        step = max(1, len(self) // max(1, len(ids)))
        id_of = self.activities.id if isinstance(self.activities, Records) else self.id_of
        marks = [id_of(row) for row in range(0, len(self), step)]
        found = []
        for one in ids:
            part = bisect_right(marks, one)
            low, high = max(0, part - 1) * step, min(part * step, len(self))
            place = bisect_left(range(len(self)), one, low, high, key=id_of)
            found.append((place, place < len(self) and id_of(place) == one))
        return found

    def __repr__(self) -> str:
        return f"Catalogue(id={self.id!r}, activities={len(self)}, hash={self.hash[:12]!r})"


def digests_of(activities: Iterable[Activity]) -> Digests:
    """The digest of each activity: the same for two that state the same."""
    found = bytearray()
    for activity in activities:
        # What was never added leaves no trace.
        unused = {name for name in ("evidence", "folded") if not getattr(activity, name)}
        line = activity.model_dump_json(exclude_none=True, exclude=unused)
        found += hashlib.sha256(line.encode()).digest()
    return np.frombuffer(bytes(found), dtype=np.uint8).reshape(-1, DIGEST_BYTES)


def _hash_of(digests: Digests) -> str:
    return hashlib.sha256(np.ascontiguousarray(digests).data).hexdigest()
