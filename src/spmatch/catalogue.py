"""A catalogue: a validated, ordered and hashed set of activities."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spmatch.activity import Activity
from spmatch.contracts import Progress, Reader
from spmatch.errors import CatalogueError, Problem, UnknownActivityError
from spmatch.gathering import gather, read_one
from spmatch.geography import Gazetteer
from spmatch.records import Records
from spmatch.sources import name_of


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
        digest = hashlib.sha256()
        for activity in self.activities:
            # What was never added leaves no trace: a catalogue that nothing was folded in keeps its hash.
            unused = {name for name in ("evidence", "folded") if not getattr(activity, name)}
            digest.update(activity.model_dump_json(exclude_none=True, exclude=unused).encode())
            digest.update(b"\n")
        self.hash = digest.hexdigest()
        self.id = id or self.hash[:12]

    @classmethod
    def kept(cls, records: Records, *, id: str, hash: str) -> Catalogue:
        """One that stays on disk: it was validated, ordered and hashed before it was saved."""
        catalogue = cls.__new__(cls)
        catalogue.activities = records
        catalogue.problems = ()
        catalogue._rows = None
        catalogue.id, catalogue.hash = id, hash
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
        place = bisect_left(range(len(self)), id, key=self.id_of)
        return place if place < len(self) and self.id_of(place) == id else None

    def __repr__(self) -> str:
        return f"Catalogue(id={self.id!r}, activities={len(self)}, hash={self.hash[:12]!r})"
