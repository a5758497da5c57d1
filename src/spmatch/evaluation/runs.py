"""A run: the ranked lists that one system gave to many profiles, in memory and as a TREC run file."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from spmatch.contracts import Progress
from spmatch.errors import InputError, Problem
from spmatch.evaluation.collection import pair_faults, text_lines
from spmatch.evaluation.results import SystemKind
from spmatch.evaluation.systems import RankedList, System
from spmatch.profile import Profile

CANDIDATES = 100
"""How many activities of each list a run keeps."""

TIE_STEP = 1e-6
"""How far a written score is lowered below the one before, where the two are equal."""

_NO_LIST = RankedList((), ())


@dataclass(frozen=True, slots=True)
class Run:
    """One system and its lists by profile id. A profile that is absent got nothing."""

    name: str
    title: str
    description: str
    kind: SystemKind
    lists: Mapping[str, RankedList]

    def __getitem__(self, profile_id: str) -> RankedList:
        return self.lists.get(profile_id, _NO_LIST)

    def of_profiles(self, profile_ids: Iterable[str]) -> Run:
        """The same run with these profiles alone."""
        kept = {i: self.lists[i] for i in profile_ids if i in self.lists}
        return Run(self.name, self.title, self.description, self.kind, kept)


def make_run(
    system: System,
    profiles: Mapping[str, Profile],
    k: int = CANDIDATES,
    progress: Progress | None = None,
) -> Run:
    """Ask a system for the best ``k`` for each profile."""
    lists = {}
    for done, (i, profile) in enumerate(profiles.items(), start=1):
        lists[i] = system(profile, k)
        if progress:
            progress(f"run {system.name}", done, len(profiles))
    return Run(system.name, system.title, system.description, system.kind, lists)


def write_run(run: Run, path: Path) -> None:
    """Write ``profile_id Q0 activity_id rank score name``, six fields to a line.

    Other tools order by score and break ties in their own way, so that equal scores are lowered by
    ``TIE_STEP`` from one place to the next: every tool then reads the order of the run.
    """
    lines = []
    for profile_id, one in run.lists.items():
        before = math.inf
        for rank, (activity, score) in enumerate(zip(one.ids, one.scores, strict=True), start=1):
            before = min(round(score, 6), before - TIE_STEP)
            lines.append(f"{profile_id} Q0 {activity} {rank} {before:.6f} {run.name}\n")
    path.write_text("".join(lines), encoding="utf-8")


def read_run(
    path: Path,
    *,
    profile_ids: Container[str] | None = None,
    activity_ids: Container[str] | None = None,
    kind: SystemKind = "run",
) -> Run:
    """Read a TREC run file; places go by score, equal scores by the rank that is stated.

    Raises ``InputError`` listing every faulty line, with its remedy.
    """
    problems: list[Problem] = []
    found: dict[str, dict[str, tuple[float, int]]] = {}
    name = path.stem
    for where, line in text_lines(path, problems):
        fields = line.split()
        if len(fields) != 6:
            problems.append(
                Problem(
                    where,
                    "",
                    f"it has {len(fields)} fields, not 6.",
                    "Write: profile_id Q0 activity_id rank score name.",
                )
            )
            continue
        profile_id, _, activity_id, rank, score, name = fields
        faults = []
        if not rank.isdecimal():
            faults.append(
                ("rank", "the rank is not a whole number.", "Write the place in the list.")
            )
        if not _is_number(score):
            faults.append(("score", "the score is not a number.", "Write a number, higher better."))
        faults += pair_faults(profile_id, activity_id, profile_ids, activity_ids)
        if activity_id in found.get(profile_id, {}):
            faults.append(
                ("activity_id", "this pair is listed above already.", "Keep one of the lines.")
            )
        if faults:
            problems += [Problem(where, *fault) for fault in faults]
        else:
            found.setdefault(profile_id, {})[activity_id] = (float(score), int(rank))
    if problems:
        raise InputError(f"The run {path.name} cannot be read:", problems)
    lists = {}
    for profile_id, scored in found.items():
        order = sorted(scored, key=lambda one: (-scored[one][0], scored[one][1], one))
        lists[profile_id] = RankedList(tuple(order), tuple(scored[one][0] for one in order))
    return Run(name, name, f"Read from {path.name}.", kind, lists)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
