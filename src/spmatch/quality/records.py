"""What a quality report holds: counts with what they are counts of, so that every share can be checked.

The JSON of these records is a published format: its schema lies beside as ``report.schema.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.words import Record

Effect = Literal["rejected", "mended", "note"]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """One source as it was read: its activities after mending, and what was said of its records."""

    name: str
    activities: Sequence[Activity]
    problems: Sequence[Problem] = ()


class Part(Record):
    """``count`` of ``of``. ``share`` is their ratio, ``None`` where ``of`` is 0."""

    count: int
    of: int
    share: float | None

    @classmethod
    def make(cls, count: int, of: int) -> Part:
        return cls(count=count, of=of, share=count / of if of else None)


class FieldFill(Record):
    """How many activities state one fact. ``yes`` and ``no`` are counted where it is one or the other."""

    field: str
    title: str
    group: Literal["facts", "access", "first_visit", "contact"]
    stated: Part
    yes: int | None = None
    no: int | None = None


class Placing(Record):
    """What says where activities meet; the five counts add up to the activities."""

    coordinates: Part
    postcode: Part
    """Without coordinates, placed by the postcode, within its radius."""
    town: Part
    """Placed by the name of a town alone: too little to decide a distance by."""
    at_home: Part
    """Not placed, and held online or by phone: no place is needed."""
    not_placed: Part

    @property
    def placed(self) -> Part:
        """By coordinates or by a postcode: a distance can be decided, but for the margin."""
        return Part.make(self.coordinates.count + self.postcode.count, self.not_placed.of)


class LimitShare(Record):
    """What one reference limit finds: met and not met are decided, unknown is not."""

    key: str
    limit: str
    """The limit of the engine that was judged."""
    title: str
    decided: Part
    met: int
    not_met: int
    unknown: int
    weight: float
    """How much a decision of this limit counts, see ``Usage``."""


class Decided(Record):
    """All reference limits together: pairs of a limit and an activity that are decided."""

    pairs: Part
    weighted_share: float | None
    """The same with each pair counted by the weight of its limit; ``None`` without a weight."""


class Staleness(Record):
    """When records were last checked. The bins do not overlap and add up to the activities."""

    within_3_months: Part
    within_6_months: Part
    """More than three months ago, at most six; and so on."""
    within_12_months: Part
    within_24_months: Part
    older: Part
    never: Part
    """No date is stated."""
    ahead: Part
    """Dated after the day of the report."""
    ended: Part
    """Every stated session is over (counted beside the bins, of the activities with sessions)."""

    @property
    def within_a_year(self) -> Part:
        """The first three bins together."""
        bins = (self.within_3_months, self.within_6_months, self.within_12_months)
        return Part.make(sum(part.count for part in bins), self.never.of)


class DuplicateGroup(Record):
    """One activity and the records that were folded into it."""

    kept: str
    title: str
    folded: tuple[str, ...]
    """Ids of the other records."""


class Duplicates(Record):
    """Records that tell of the same activity. ``looked_for`` is false where nobody folded them."""

    looked_for: bool
    groups: int
    records: Part
    """Records that are in a group, of all records."""
    spare: int
    """Records that folding takes away: those of the groups less one a group."""
    largest: tuple[DuplicateGroup, ...]
    """The first ten groups, those with most records first."""


class ProseField(Record):
    """How many activities have one fact from prose alone, and from how many passages."""

    field: str
    activities: Part
    passages: int


class FromProse(Record):
    """Facts that were read out of prose because no field states them."""

    activities: Part
    fields: tuple[ProseField, ...]


class ProblemGroup(Record):
    """Problems that differ only in the values they name, shown as ``…``."""

    effect: Effect
    field: str
    reason: str
    remedy: str
    count: int
    first: tuple[str, ...]
    """The first places, in the order they were found."""


class EffectCount(Record):
    """How many problems had one effect, and in how many places (files, lines or records)."""

    effect: Effect
    problems: int
    places: int


class Problems(Record):
    """What was rejected, mended or noted; ``groups`` by effect, the most frequent first."""

    effects: tuple[EffectCount, ...]
    groups: tuple[ProblemGroup, ...]


class Provider(Record):
    """Who can be asked. Contacts are those that the provider publishes."""

    name: str | None
    phone: str | None
    email: str | None


class ProviderAsked(Provider):
    """One provider, and how many activities its answer to a question would be for."""

    activities: int


class Question(Record):
    """One question to providers, and what the answers would settle."""

    key: str
    title: str
    english: str
    danish: str
    limits: tuple[str, ...]
    """The reference limits that an answer decides."""
    activities: Part
    """Activities that leave it open."""
    decisions: int
    """Pairs of a reference limit and an activity that the answers would settle."""
    worth: float
    """The same, each pair counted by the weight of its limit."""
    share: float | None
    """``worth`` as a share of all that is open."""
    reachable: Part
    """Of those activities, the ones whose provider states a phone number or an e-mail address."""
    providers: tuple[ProviderAsked, ...]
    """The three providers whose one answer is for most activities."""


class Call(Provider):
    """One provider, and what one conversation about all its activities would settle."""

    activities: int
    open: int
    """How many of them leave a question open."""
    decisions: int
    worth: float
    share: float | None
    questions: tuple[str, ...]
    """Titles of the three questions that settle most there."""


class SourceQuality(Record):
    """All that is counted for one source, or for all sources together."""

    name: str
    activities: int
    currency: str | None
    """The currency that most prices are stated in."""
    language: str
    """The language that most texts are in; ``en`` where none is stated."""
    placing: Placing
    fields: tuple[FieldFill, ...]
    decided: Decided
    limits: tuple[LimitShare, ...]
    staleness: Staleness
    duplicates: Duplicates
    from_prose: FromProse
    problems: Problems
    questions: tuple[Question, ...]
    calls: tuple[Call, ...]

    def stated(self, field: str) -> Part:
        """How many activities state a field. Raises ``KeyError`` for one that is not counted."""
        return {one.field: one.stated for one in self.fields}[field]


class LimitUse(Record):
    """How many of the example persons use a limit, and what a decision of it counts."""

    field: str
    title: str
    must: int
    prefer: int
    implied: int
    """Set by the activity itself (age, gender, language, room) and judged for this many persons."""
    weight: float
    """At most 1: everybody needs it."""


class Usage(Record):
    """The weights of the limits. ``profiles``: by their use; ``equal``: every limit counts 1."""

    kind: Literal["profiles", "equal"]
    persons: int
    added: int
    """Persons who wish for everything, counted beside the others."""
    limits: tuple[LimitUse, ...]

    def weight(self, field: str) -> float:
        """The weight of a limit. Raises ``KeyError`` for one that is not there."""
        return {one.field: one.weight for one in self.limits}[field]


class QualityReport(Record):
    """How far sources let limits be decided. The same input gives the same bytes."""

    format: Literal["spmatch.quality/1"] = "spmatch.quality/1"
    on: date
    """The day that dates are compared with."""
    config_hash: str
    usage: Usage
    whole: SourceQuality
    """What a matcher would hold: each id once, duplicates folded where they were looked for."""
    sources: tuple[SourceQuality, ...]
