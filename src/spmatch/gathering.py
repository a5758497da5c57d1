"""From sources of any kind to the activities of one catalogue.

Each source by itself: made local, read, mended and, where that is asked for, its facts read out of prose.
Then all together: records of several sources that tell of one activity are folded into one. What is
found on the way is kept as problems, in that order.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from spmatch.activity import Activity
from spmatch.contracts import Progress, Reader
from spmatch.duplicates import FoldedGroup, fold
from spmatch.duplicates import source_of as stated_source
from spmatch.errors import CatalogueError, Problem
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.mending import mend
from spmatch.prose import with_facts
from spmatch.readers import find_reader
from spmatch.sources import local_copy


@dataclass(frozen=True, slots=True)
class ReadSource:
    """One source: what could be kept of it, and what was found wrong, in the order of the source."""

    name: str
    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The activities of all sources, each once, with everything that was found wrong."""

    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]
    groups: tuple[FoldedGroup, ...]


def read_one(
    source: str | Path,
    *,
    reader: Reader | None = None,
    gazetteer: Gazetteer | None = None,
    facts_from_prose: bool = False,
    progress: Progress | None = None,
) -> ReadSource:
    """Everything that can be kept of one source: a file, folder, zip, ``-`` or http(s) address.

    The format is recognised by content unless a ``reader`` is given. Of two records with one id the
    first is kept. Raises ``CatalogueError`` when the source cannot be read at all.
    """
    with TemporaryDirectory(prefix="spmatch-source-") as work:
        local = local_copy(source, Path(work), progress=progress)
        return read_local(
            local.path,
            local.name,
            local.problems,
            reader=reader,
            gazetteer=gazetteer,
            facts_from_prose=facts_from_prose,
            progress=progress,
        )


def read_local(
    path: Path | None,
    name: str,
    problems: Iterable[Problem] = (),
    *,
    reader: Reader | None = None,
    gazetteer: Gazetteer | None = None,
    facts_from_prose: bool = False,
    progress: Progress | None = None,
) -> ReadSource:
    """The same of a source that is local already; ``problems`` are those of getting it."""
    found = list(problems)
    kept: dict[str, Activity] = {}
    if path is not None:
        try:
            for item in (reader or find_reader(path)).read(path):
                if isinstance(item, Problem):
                    found.append(item)
                elif item.id in kept:
                    found.append(used_twice(item, Path(name).name))
                else:
                    kept[item.id] = item
                if progress:
                    progress("read", len(kept) + len(found), None)
        except CatalogueError as error:
            # What was left out on the way here may be why it cannot be read.
            raise CatalogueError(error.summary, [*error.problems, *found]) from None
    short = Path(name).name
    activities, mended = mend(
        list(kept.values()), gazetteer or shipped_gazetteer(), lambda one: f"{short}, {one.id}"
    )
    if facts_from_prose:
        activities = [with_facts(one) for one in activities]
    return ReadSource(name, tuple(activities), (*found, *mended))


def gather(read: Sequence[ReadSource], known: Container[str] = ()) -> Gathered:
    """All sources as one: duplicates folded; of other records with one id the first is kept.

    An activity of several records has an id that is ``known`` from before, where one of them is.
    """
    problems = [problem for one in read for problem in one.problems]
    if len(read) > 1:
        # A record that names no source is of the one that it was read from.
        came_from = {id(one): source.name for source in read for one in source.activities}
        everything = [one for source in read for one in source.activities]
        folding = fold(
            everything, lambda one: stated_source(one) or came_from.get(id(one), ""), known=known
        )
        activities: Iterable[Activity] = folding.activities
        groups, problems = folding.groups, [*problems, *folding.problems]
    else:
        activities, groups = (one for source in read for one in source.activities), ()
    kept: dict[str, Activity] = {}
    for one in activities:
        if one.id in kept:
            problems.append(used_twice(one, "sources"))
        else:
            kept[one.id] = one
    return Gathered(tuple(kept.values()), tuple(problems), groups)


def used_twice(activity: Activity, where: str) -> Problem:
    return Problem(where, "id", f"{activity.id} is used more than once.", "Give each its own id.")
