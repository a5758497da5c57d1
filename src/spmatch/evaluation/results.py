"""Everything that an evaluation found: the one record that every report is written from.

Nothing in it depends on when or where it was computed, apart from what ``Provenance`` states, so the
same inputs give the same record. ``None`` stands for *undefined* (no profile to average over), never
for zero. Shares and measures lie between 0 and 1 unless their ``MeasureInfo`` says otherwise.
"""

from __future__ import annotations

from typing import Literal

from spmatch.words import Record

SystemKind = Literal["default", "config", "baseline", "run"]
AblationKind = Literal["factor_off", "weight", "unknown", "encoder"]


class Interval(Record):
    """An expanded percentile bootstrap interval over profiles; its level is ``Provenance.level``."""

    low: float
    high: float


class MeasureInfo(Record):
    """What a measure is. ``headline`` marks those that a short table shows."""

    name: str
    """The key used in every table, such as ``nDCG@10``."""
    title: str
    formula: str
    source: str
    """Where the definition comes from."""
    higher_is_better: bool | None
    """``None``: neither; the value is only described."""
    headline: bool = False
    in_units: Literal["share", "count"] = "share"


class Value(Record):
    """One measure of one system: the mean over the profiles for which it is defined."""

    mean: float | None
    interval: Interval | None
    profiles: int


class ExposureGroup(Record):
    """How much of the top five goes to one group of activities.

    Exposure of a place is 1/log2(1 + rank); a group's share is its part of all that was given out.
    """

    dimension: Literal["provider_size", "description_length"]
    group: str
    activities: int
    """In the catalogue."""
    feasible_share: float | None
    """Its part of the activities that break no limit, mean over profiles: what a random feasible
    list would give it."""
    suitable_share: float | None
    """Its part of the suitable activities, mean over profiles: what a perfect list could give it."""
    exposure_share: float | None
    """Its part of the exposure that the system gave."""
    ratio: float | None
    """``exposure_share`` / ``suitable_share``; below 1 the group is shown less than it merits."""


class ConfidenceLevel(Record):
    """What came true of one shown confidence."""

    confidence: Literal["good", "weak", "none"]
    profiles: int
    suitable_in_top_five: Value
    """Share of the suggestions of the first five places that are suitable."""
    three_suitable: Value
    """Share of profiles with at least three suitable in the first five."""
    any_suitable_exists: Value
    """Share of profiles for which the catalogue holds a suitable activity."""


class SystemResult(Record):
    """One system. The first of ``Results.systems`` is the one that the others are compared with."""

    name: str
    """Short and unique: ``default``, ``bm25`` …"""
    title: str
    description: str
    kind: SystemKind
    config_hash: str | None = None
    encoder: str | None = None
    measures: dict[str, Value]
    """By ``MeasureInfo.name``, in the order of ``Results.measures``."""
    by_profile: dict[str, dict[str, float | None]]
    """Measure → profile id → value; ``None`` where it is undefined for that profile."""
    catalogue_coverage: float
    """Share of the catalogue that stands in some profile's first five."""
    exposure: tuple[ExposureGroup, ...] = ()
    calibration: tuple[ConfidenceLevel, ...] = ()
    """Empty for systems that show no confidence."""


class Comparison(Record):
    """``system`` minus ``against`` on one measure, paired by profile."""

    system: str
    against: str
    measure: str
    profiles: int
    difference: float
    """Mean of (system − against)."""
    interval: Interval
    p: float
    """Two-sided sign-flip randomisation."""
    p_holm: float
    """After Holm's correction over all comparisons of this record."""
    wins: int
    ties: int
    losses: int


class Placed(Record):
    """One place of a list that is shown to the reader of a report."""

    activity_id: str
    title: str
    grade: int | None
    """Relevance of meaning 0 to 3; ``None`` not judged."""
    broken_limits: tuple[str, ...] = ()
    unknown_limits: tuple[str, ...] = ()


class Change(Record):
    """One profile that differs much between two systems, with both first fives."""

    profile_id: str
    profile_text: str
    """Its needs and interests: the collection is synthetic, so it may be shown."""
    system: str
    against: str
    measure: str
    value: float
    against_value: float
    suggestions: tuple[Placed, ...]
    against_suggestions: tuple[Placed, ...]


class Slice(Record):
    """One system on one part of the profiles (or, by ``text_language`` and ``language_pair``, on the
    activities of one language). Parts smaller than ``Provenance.slice_min`` are not in the record.
    """

    system: str
    dimension: str
    """``language``, ``text_language``, ``language_pair``, ``age_band``, ``gender``, ``rural``,
    ``access_need``, ``budget``, ``tightness``, ``style``."""
    group: str
    measure: str
    profiles: int
    mean: float
    interval: Interval
    rest: float | None = None
    """Mean over the profiles outside it; ``None`` where there are none or it has no outside."""


class WithheldSlice(Record):
    """A part that is too small to be shown: named, without numbers."""

    dimension: str
    group: str
    profiles: int


class Ablation(Record):
    """The first system with one thing changed, and how each measure moves (changed − first)."""

    name: str
    """Such as ``without nearness``, ``meaning ×1.5``."""
    kind: AblationKind
    config_hash: str
    encoder: str
    measures: dict[str, Value]
    differences: dict[str, Value]


class CollectionSummary(Record):
    name: str
    hash: str
    """Over profiles, groups and judgements."""
    split: Literal["development", "test", "all"]
    profiles: int
    answerable: int
    """Profiles for which at least one suitable activity is judged."""
    judgements: int
    judgements_by_grade: dict[str, int]
    judgements_per_profile: float
    kappa: float | None = None
    """Quadratically weighted, between the two passes; ``None`` without a second pass."""
    kappa_pairs: int = 0


class Provenance(Record):
    """What has to be the same for the numbers to be the same, and when they were computed."""

    catalogue_id: str
    catalogue_hash: str
    activities: int
    config_hash: str
    """Of the first system."""
    encoder: str
    on: str
    """The day that was matched for, YYYY-MM-DD."""
    computed: str
    """The day of the computation, YYYY-MM-DD."""
    seed: int
    resamples: int
    level: float
    slice_min: int
    versions: dict[str, str]
    """Package → version."""
    command: str = ""


class Headline(Record):
    """The numbers that are quoted, never without the worst slice."""

    system: str
    measure: str
    value: Value
    worst: Slice | None


class Results(Record):
    """One evaluation, whole."""

    provenance: Provenance
    collection: CollectionSummary
    measures: tuple[MeasureInfo, ...]
    systems: tuple[SystemResult, ...]
    headline: tuple[Headline, ...]
    comparisons: tuple[Comparison, ...] = ()
    changes: tuple[Change, ...] = ()
    slices: tuple[Slice, ...] = ()
    withheld: tuple[WithheldSlice, ...] = ()
    ablations: tuple[Ablation, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know beside the numbers."""

    @property
    def first(self) -> SystemResult:
        """The system that the others are compared with."""
        return self.systems[0]
