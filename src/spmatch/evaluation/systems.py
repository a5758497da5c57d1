"""A system: something with a name that gives a profile a ranked list. And what every one is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from spmatch.catalogue import Catalogue
from spmatch.columns import Columns, Flags, Floats, build_columns
from spmatch.config import Config
from spmatch.constraints import (
    NOT_MET,
    UNKNOWN,
    Judgement,
    Person,
    judge,
    judge_from_activity,
)
from spmatch.contracts import Encoder, Progress, Role, Rows, Vectors
from spmatch.evaluation.results import SystemKind
from spmatch.geography import Gazetteer, great_circle_km, shipped_gazetteer
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Profile
from spmatch.suggestion import Confidence, Response


@dataclass(frozen=True, slots=True)
class RankedList:
    """What a system gives one profile: activity ids, best first, with falling scores."""

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    confidence: Confidence | None = None
    """The one shown; ``None`` for a system that shows none."""


class System(Protocol):
    """Named, described, and callable from a profile to a ranked list of at most ``k``."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def kind(self) -> SystemKind: ...

    def __call__(self, profile: Profile, k: int) -> RankedList: ...


@dataclass(frozen=True, slots=True)
class LimitsOf:
    """Every limit of one profile, judged for every row of the catalogue from its stated facts."""

    person: Person
    judgements: tuple[Judgement, ...]
    """Those of kind ``must``."""
    feasible: Flags
    """No limit is stated to be broken."""
    unknown: Flags
    """A limit that the person sets is not stated."""

    def broken(self, row: int) -> tuple[str, ...]:
        return tuple(one.limit for one in self.judgements if one.codes[row] == NOT_MET)

    def not_stated(self, row: int) -> tuple[str, ...]:
        return tuple(
            one.limit for one in self.judgements if one.set_by_person and one.codes[row] == UNKNOWN
        )


class Task:
    """The catalogue, the day, and for each profile what its limits say. The same for every system.

    Limits are judged here anew, from the records, and not taken from what a system answers: a run
    that another program made is held to them too.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        profiles: Mapping[str, Profile],
        on: date,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.profiles = profiles
        self.on = on
        self._config = config or Config.default()
        self._gazetteer = gazetteer or shipped_gazetteer()
        self.columns: Columns = build_columns(catalogue.activities, self._gazetteer.place)
        self.ids = tuple(activity.id for activity in catalogue)
        self.limits = {i: self._judge(profile) for i, profile in profiles.items()}

    def limits_of(self, profile: Profile) -> LimitsOf:
        """Those of a profile of the task, or of any other."""
        known = self.limits.get(profile.id or "")
        return (
            known if known and self.profiles[profile.id or ""] is profile else self._judge(profile)
        )

    def _judge(self, profile: Profile) -> LimitsOf:
        columns, distances_km = self.columns, None
        if profile.origin is not None:
            origin = self._gazetteer.locate(profile.origin)
            distances_km = great_circle_km(origin, columns.lat, columns.lon)
        person = Person(
            today=self.on,
            distances_km=distances_km,
            margins_km=columns.margin_km,
            vague=columns.vague,
            age=profile.age,
            gender=profile.gender,
            languages=profile.languages,
            concessions=profile.concessions,
        )
        judgements = (
            *judge(columns, person, profile.must, "must", self._config.limits),
            *judge_from_activity(columns, person),
        )
        broken = np.any([one.codes == NOT_MET for one in judgements], axis=0)
        asked = [one.codes == UNKNOWN for one in judgements if one.set_by_person]
        unknown = np.any(asked, axis=0) if asked else np.zeros(len(self.ids), dtype=np.bool_)
        return LimitsOf(person, judgements, np.logical_not(broken), unknown)


@dataclass(frozen=True, slots=True)
class MatcherSystem:
    """A ``Matcher`` as a system: what the product would answer, with its confidence."""

    name: str
    title: str
    description: str
    kind: SystemKind
    matcher: Matcher
    on: date
    unknown: UnknownRule = "keep"
    shows_confidence: bool = True

    def __call__(self, profile: Profile, k: int) -> RankedList:
        found = ranked_list(self.matcher.match(profile, k=k, on=self.on, unknown=self.unknown))
        return found if self.shows_confidence else replace(found, confidence=None)


def ranked_list(response: Response) -> RankedList:
    """What a response lists, with its confidence."""
    return RankedList(
        tuple(one.activity.id for one in response.suggestions),
        tuple(one.score for one in response.suggestions),
        response.confidence,
    )


Scorer = Callable[[Profile], Floats]
"""Scores for every row of the catalogue, higher better; -inf where it has nothing to say."""


@dataclass(frozen=True, slots=True)
class ScoringSystem:
    """Scores every row, keeps those that break no limit, and orders them; ties by row."""

    name: str
    title: str
    description: str
    kind: SystemKind
    task: Task
    scorer: Scorer
    keep_limits: bool = True

    def __call__(self, profile: Profile, k: int) -> RankedList:
        scores = self.scorer(profile)
        keep = np.isfinite(scores)
        if self.keep_limits:
            keep &= self.task.limits_of(profile).feasible
        rows: Rows = np.flatnonzero(keep)
        order = rows[np.lexsort((rows, -scores[rows]))][:k]
        return RankedList(
            tuple(self.task.ids[row] for row in order), tuple(float(scores[row]) for row in order)
        )


class RememberingEncoder:
    """Another encoder that encodes each text once, however many systems ask for it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, Role, str | None], Vectors] = {}
        self.identity = encoder.identity

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        keys = [
            (text, role, language)
            for text, language in zip(texts, languages or [None] * len(texts), strict=True)
        ]
        new = [key for key in dict.fromkeys(keys) if key not in self._known]
        if new:
            made = self._encoder.encode(
                [text for text, _, _ in new],
                role=role,
                languages=[language for _, _, language in new] if languages else None,
                progress=progress,
            )
            self._known.update(zip(new, made, strict=True))
        if not keys:
            return np.zeros((0, self.identity.dimensions), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def save(self, directory: Path) -> None:
        self._encoder.save(directory)
