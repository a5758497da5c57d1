"""What a match answers: suggestions with their parts, and what would help when little fits."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from spmatch.activity import Activity
from spmatch.plan_record import Plan
from spmatch.profile import Limits, Profile
from spmatch.words import Record

VerdictValue = Literal["met", "not_met", "unknown"]
Confidence = Literal["good", "weak", "none"]
FitWord = Literal["good", "weak"]


class Verdict(Record):
    """How one limit came out for one activity, with the two values it compared in words.

    ``kind`` is ``must`` (a suggestion never breaks one) or ``prefer`` (breaking one costs score).
    ``estimate`` marks a comparison of a converted price.
    """

    limit: str
    kind: Literal["must", "prefer"]
    verdict: VerdictValue
    detail: str
    estimate: bool = False


class Contribution(Record):
    """One part of a score. The values of all parts add up to the score."""

    name: str
    value: float
    detail: str = ""


class Suggestion(Record):
    """One activity that suits, with everything that a reader needs to judge it."""

    rank: int
    activity: Activity
    score: float
    fit: FitWord | None = Field(None, description="how well it meets what was written, if anything")
    quote: str | None = Field(None, description="its own sentence that fits best what was written")
    contributions: tuple[Contribution, ...]
    verdicts: tuple[Verdict, ...] = ()
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = Field((), description="what speaks against it")
    ask: tuple[str, ...] = ()
    distance_km: float | None = None
    next_session: str | None = Field(None, description="local date and time, YYYY-MM-DDTHH:MM")


class Relaxation(Record):
    """One limit, loosened from one value to another, and how many more activities that brings.

    ``to`` is ``None`` when the limit is lifted. ``gains`` counts activities that suit the text and
    every other limit; ``examples`` names the best of them.
    """

    limit: str
    from_value: Any = Field(alias="from")
    to_value: Any = Field(alias="to")
    gains: int
    examples: tuple[str, ...] = ()
    text: str = ""

    def apply(self, profile: Profile) -> Profile:
        """The profile with this one limit loosened; unchanged where no limit of it is meant."""
        field = {"distance": "distance_km"}.get(self.limit, self.limit)
        if field not in Limits.model_fields:
            return profile
        limits = profile.must.model_dump(exclude_defaults=True)
        limits.pop(field, None)
        if self.to_value is not None:
            limits[field] = self.to_value
        return profile.model_copy(update={"must": Limits.model_validate(limits)})


class NoticeContact(Record):
    """Somebody to call, in the reader's language."""

    name: str
    phone: str | None = None
    url: str | None = None
    hours: str
    who: str


class Notice(Record):
    """One danger that the texts may tell of. Holds nothing of the texts."""

    topic: str = Field(description="suicide, violence …")
    title: str
    first: str = Field(description="what to do first")
    contacts: tuple[NoticeContact, ...]


class CatalogueSummary(Record):
    """Which catalogue answered."""

    id: str
    hash: str
    activities: int


class Search(Record):
    """How the activities that no limit excludes were found."""

    scan: Literal["runs", "all"] = Field(
        description='"runs": only neighbours that may be within the distance, and what no distance decides, '
        'were looked at; "all": no distance was asked for, so all activities were'
    )
    candidates: int = Field(description="activities looked at, known before any was")
    scored: int = Field(description="of those, what no limit excludes")


class Response(Record):
    """The answer to one profile. An empty list with ``confidence`` "none" is a valid answer."""

    profile_id: str | None = None
    suggestions: tuple[Suggestion, ...]
    excluded: dict[str, int]
    relaxations: tuple[Relaxation, ...]
    confidence: Confidence
    notices: tuple[Notice, ...] = Field((), description="dangers, most urgent first")
    plan: Plan | None = Field(None, description="a week of activities, where one was asked for")
    search: Search | None = Field(
        None, description="how the catalogue was searched; null where a database did it"
    )
    timing_ms: dict[str, float] | None = None
    catalogue: CatalogueSummary
    config_hash: str
    encoder: str = ""

    def to_json(self, *, timing: bool = True, indent: int | None = None) -> str:
        """The response as JSON. Without ``timing``, how it was found is left out: the same request gives
        the same bytes, in memory or in a database."""
        found_how = {"timing_ms", "search"}
        return self.model_dump_json(exclude=None if timing else found_how, indent=indent)


class WhyNot(Record):
    """For one activity: every limit that it fails, and where it stands otherwise.

    ``rank`` is its place among all activities that suit (from 1), ``None`` when it does not suit;
    ``score`` and ``contributions`` are given for every activity, also one that is excluded.
    """

    activity: Activity
    suits: bool
    fails: tuple[Verdict, ...]
    verdicts: tuple[Verdict, ...]
    reasons: tuple[str, ...]
    rank: int | None
    score: float
    contributions: tuple[Contribution, ...]
