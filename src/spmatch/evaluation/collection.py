"""A judged collection on disk: profiles, the groups they belong to, and grades of relevance.

A folder holds ``profiles*.jsonl`` (one profile a line), ``groups*.jsonl`` (one ``Group`` a line) and
``qrels.txt`` (TREC: ``profile_id 0 activity_id grade``). Optional are ``qrels_first.txt`` and
``qrels_second.txt`` (the two independent passes that were settled into ``qrels.txt``; the first may
be left out where it is ``qrels.txt`` itself) and ``collection.toml`` (``name``, and ``on``: the day
to match for). Grades 0 to 3 are of meaning alone; limits are judged apart, from stated facts.

Every fault in every file is found before anything is refused.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from spmatch.errors import InputError, PlaceError, Problem, ProfileError
from spmatch.geography import Gazetteer
from spmatch.profile import Profile
from spmatch.validation import problems_of
from spmatch.words import AccessKey, Language, Record

Split = Literal["development", "test", "all"]
Qrels = Mapping[str, Mapping[str, int]]
"""Profile id → activity id → grade."""

GRADE_MAX = 3
SUITABLE_FROM = 2
"""The grade from which an activity suits in meaning."""


class Group(Record):
    """What slices a profile belongs to. ``None`` is not stated, and stands in no slice."""

    id: str
    split: Literal["development", "test"]
    language: Language
    rural: bool | None = None
    access_need: tuple[AccessKey, ...] = ()
    budget: Literal["none", "tight", "ample", "not_stated"] = "not_stated"
    tightness: Literal["none", "loose", "tight"] | None = None
    age_band: str | None = None
    gender: str | None = None
    style: Literal["needs_only", "full"] | None = None
    note: str | None = None


class _Description(Record):
    name: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Profiles in the order of their ids, each with its group and its grades."""

    name: str
    profiles: Mapping[str, Profile]
    groups: Mapping[str, Group]
    qrels: Qrels
    first: Qrels
    """The first of two independent passes; empty when ``qrels`` is that pass."""
    second: Qrels
    """The second pass; empty when there is none."""
    on: date | None
    hash: str
    """Of profiles, groups and grades."""
    profiles_hash: str
    """Of the profiles alone: what a run depends on."""

    def of_split(self, split: Split) -> Collection:
        """The profiles of one split, with what belongs to them. The hashes stay those of the whole."""
        kept = [i for i in self.profiles if split == "all" or self.groups[i].split == split]
        return Collection(
            self.name,
            {i: self.profiles[i] for i in kept},
            {i: self.groups[i] for i in kept},
            {i: self.qrels.get(i, {}) for i in kept},
            {i: self.first[i] for i in kept if i in self.first},
            {i: self.second[i] for i in kept if i in self.second},
            self.on,
            self.hash,
            self.profiles_hash,
        )


def load_collection(
    directory: Path | str,
    *,
    activity_ids: Container[str] | None = None,
    gazetteer: Gazetteer | None = None,
    judged: bool = True,
) -> Collection:
    """Read a collection. Raises ``InputError`` listing every problem with file, line and remedy.

    ``activity_ids`` are those that grades may name (any when not given); with a ``gazetteer`` every
    origin must be in it; ``judged=False`` reads one whose grades are not written yet.
    """
    directory = Path(directory)
    problems: list[Problem] = []
    profiles = _read_profiles(directory, gazetteer, problems)
    groups = _read_groups(directory, profiles, problems)
    qrels: dict[str, dict[str, int]] = {}
    if judged:
        path = directory / "qrels.txt"
        if path.is_file():
            qrels = read_qrels(path, problems, profiles=profiles, activity_ids=activity_ids)
        else:
            problems.append(_missing("qrels.txt", "Judge the pool, or copy the grades there."))
    passes: dict[str, Qrels] = {"first": {}, "second": {}}
    for name in passes:
        path = directory / f"qrels_{name}.txt"
        if judged and path.is_file():
            passes[name] = read_qrels(path, problems, profiles=profiles, activity_ids=activity_ids)
    description = _read_description(directory / "collection.toml", problems)
    if judged and qrels:
        problems += [
            Problem("qrels.txt", i, "this profile has no grades.", "Judge its part of the pool.")
            for i in sorted(profiles)
            if i not in qrels
        ]
    if problems:
        raise InputError(f"The collection {directory.name} cannot be read:", problems)
    ordered = sorted(profiles)
    return Collection(
        name=description.name or directory.resolve().name,
        profiles={i: profiles[i] for i in ordered},
        groups={i: groups[i] for i in ordered},
        qrels={i: qrels.get(i, {}) for i in ordered},
        first=passes["first"],
        second=passes["second"],
        on=description.on,
        hash=_hash(_lines(ordered, profiles, groups, qrels)),
        profiles_hash=_hash(_lines(ordered, profiles, {}, {})),
    )


def read_qrels(
    path: Path,
    problems: list[Problem],
    *,
    profiles: Container[str] | None = None,
    activity_ids: Container[str] | None = None,
) -> dict[str, dict[str, int]]:
    """Grades of a TREC qrels file; every fault is added to ``problems`` and its line left out."""
    found: dict[str, dict[str, int]] = {}
    for where, line in text_lines(path, problems):
        fields = line.split()
        if len(fields) != 4:
            problems.append(
                Problem(
                    where,
                    "",
                    f"it has {len(fields)} fields, not 4.",
                    "Write: profile_id 0 activity_id grade.",
                )
            )
            continue
        profile_id, _, activity_id, written = fields
        faults = []
        if not (written.isdecimal() and int(written) <= GRADE_MAX):
            faults.append(("grade", "the grade is not 0, 1, 2 or 3.", "Correct the grade."))
        faults += pair_faults(profile_id, activity_id, profiles, activity_ids)
        if activity_id in found.get(profile_id, {}):
            faults.append(
                ("activity_id", "this pair is graded above already.", "Keep one of the lines.")
            )
        if faults:
            problems += [Problem(where, *fault) for fault in faults]
        else:
            found.setdefault(profile_id, {})[activity_id] = int(written)
    return found


def pair_faults(
    profile_id: str,
    activity_id: str,
    profile_ids: Container[str] | None,
    activity_ids: Container[str] | None,
) -> list[tuple[str, str, str]]:
    """Field, reason and remedy of each id that is not known; ``None`` knows all."""
    faults = []
    if profile_ids is not None and profile_id not in profile_ids:
        faults.append(
            (
                "profile_id",
                f"{profile_id} is no profile of the collection.",
                "Correct the id, or leave the line out.",
            )
        )
    if activity_ids is not None and activity_id not in activity_ids:
        faults.append(
            (
                "activity_id",
                f"{activity_id} is not in the catalogue.",
                "Correct the id, or give the catalogue that it was made for.",
            )
        )
    return faults


def text_lines(path: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Each line that is not blank, with ``FILE, line N``. A file that cannot be read is a problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(
            Problem(path.name, "", f"it cannot be read ({error.strerror}).", "Check the path.")
        )
        return
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "", "it is not UTF-8 text.", "Save it as UTF-8."))
        return
    # Not splitlines(): free text may hold U+2028 and its like, which end no line of JSON Lines.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path.name}, line {number}", line.strip()


def _read_profiles(
    directory: Path, gazetteer: Gazetteer | None, problems: list[Problem]
) -> dict[str, Profile]:
    paths = sorted(directory.glob("profiles*.jsonl"))
    if not paths:
        problems.append(_missing("profiles.jsonl", "Check the path of the collection."))
    found: dict[str, Profile] = {}
    seen_at: dict[str, str] = {}
    for path in paths:
        for where, line in text_lines(path, problems):
            try:
                profile = Profile.read(line, where=where)
            except ProfileError as error:
                problems += error.problems
                continue
            if not profile.id or profile.id.split() != [profile.id]:
                problems.append(
                    Problem(where, "id", "it has no id of one word.", "Give it one, such as p001.")
                )
                continue
            if profile.id in found:
                problems.append(_twice(where, profile.id, seen_at[profile.id]))
                continue
            if gazetteer and profile.origin:
                try:
                    gazetteer.locate(profile.origin)
                except PlaceError:
                    problems.append(
                        Problem(
                            where,
                            "origin",
                            "its origin is not in the gazetteer.",
                            "Correct the postcode or place, or give lat and lon.",
                        )
                    )
            found[profile.id], seen_at[profile.id] = profile, where
    return found


def _read_groups(
    directory: Path, profiles: Mapping[str, Profile], problems: list[Problem]
) -> dict[str, Group]:
    paths = sorted(directory.glob("groups*.jsonl"))
    if not paths:
        problems.append(_missing("groups.jsonl", "Write one line for each profile."))
        return {}
    found: dict[str, Group] = {}
    seen_at: dict[str, str] = {}
    for path in paths:
        for where, line in text_lines(path, problems):
            try:
                group = Group.model_validate_json(line)
            except ValidationError as error:
                problems += problems_of(error, where)
                continue
            if group.id in found:
                problems.append(_twice(where, group.id, seen_at[group.id]))
            elif group.id not in profiles:
                problems.append(
                    Problem(
                        where,
                        "id",
                        f"{group.id} is no profile that could be read.",
                        "Correct the id, or mend the profile.",
                    )
                )
            found[group.id], seen_at[group.id] = group, where
    problems += [
        Problem(paths[0].name, i, "this profile has no group.", "Add a line with this id.")
        for i in sorted(profiles)
        if i not in found
    ]
    return found


def _read_description(path: Path, problems: list[Problem]) -> _Description:
    if not path.is_file():
        return _Description()
    try:
        return _Description.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        problems += problems_of(error, path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(Problem(path.name, "", f"{reason}.", "Give a readable TOML file."))
    return _Description()


def _lines(
    ordered: list[str],
    profiles: Mapping[str, Profile],
    groups: Mapping[str, Group],
    qrels: Qrels,
) -> Iterator[str]:
    for i in ordered:
        yield profiles[i].model_dump_json(exclude_defaults=True)
        if i in groups:
            yield groups[i].model_dump_json(exclude={"note"})
        for activity, grade in sorted(qrels.get(i, {}).items()):
            yield f"{activity} {grade}"


def _hash(lines: Iterator[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _missing(name: str, remedy: str) -> Problem:
    return Problem(name, "", "there is no such file in the collection.", remedy)


def _twice(where: str, id: str, first: str) -> Problem:
    return Problem(where, "id", f"{id} is used in {first} already.", "Give each its own id.")
