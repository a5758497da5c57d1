"""An activity: one offer that a person can join, as its provider states it.

``None`` always means *not stated*, never "no" and never "yes".
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from spmatch.words import (
    Clock,
    Currency,
    Day,
    Delivery,
    Intensity,
    Language,
    Latitude,
    Longitude,
    Per,
    Record,
    Referral,
    minutes_of,
)

ProviderKind = Literal[
    "association",
    "municipality",
    "volunteer_centre",
    "housing",
    "library",
    "church",
    "health",
    "museum",
    "sports_club",
    "education",
    "other",
]


class Provider(Record):
    """Who runs the activity, and how to reach them."""

    name: str | None = None
    kind: ProviderKind | None = None
    url: str | None = None
    phone: str | None = None
    email: str | None = None


class Theme(Record):
    """A term of any taxonomy: ``scheme`` names the taxonomy, ``code`` the term in it."""

    scheme: str
    code: str
    label: str | None = None


class Place(Record):
    """Where the activity happens, not the provider's head office. Codes are text: zeros matter."""

    name: str | None = None
    address: str | None = None
    postcode: str | None = None
    town: str | None = None
    municipality: str | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Place:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon belong together: give both or neither")
        return self


class Session(Record):
    """A time at which the activity meets. ``every`` counts from ``from`` where that is stated."""

    day: Day | None = None
    start: Clock | None = None
    end: Clock | None = None
    every: Literal["week", "two_weeks", "month"] = "week"
    from_date: date | None = Field(None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Session:
        if self.start and self.end and minutes_of(self.end) <= minutes_of(self.start):
            raise ValueError(
                "a session ends after it starts, on the same day (24:00 at the latest)"
            )
        if self.from_date and self.until and self.until < self.from_date:
            raise ValueError("until is not before from")
        return self


class Concession(Record):
    """A reduced price and for whom."""

    for_whom: str = Field(alias="for")
    amount: float = Field(ge=0)


class Cost(Record):
    """What it costs. ``amount`` 0 is free; ``amount`` absent with a ``note`` is prose only."""

    amount: float | None = Field(None, ge=0)
    currency: Currency | None = None
    per: Per | None = None
    concessions: tuple[Concession, ...] = ()
    note: str | None = None


class Ages(Record):
    """Ages welcomed, in years, both ends included. A bound that is absent does not limit."""

    min: int | None = Field(None, ge=0, le=150)
    max: int | None = Field(None, ge=0, le=150)

    @model_validator(mode="after")
    def _in_order(self) -> Ages:
        if self.min is not None and self.max is not None and self.max < self.min:
            raise ValueError("max is not below min")
        return self


class Access(Record):
    """Accessibility facts: true, false, or not stated."""

    wheelchair: bool | None = None
    step_free: bool | None = None
    lift: bool | None = None
    accessible_toilet: bool | None = None
    accessible_parking: bool | None = None
    hearing_loop: bool | None = None
    sign_language: bool | None = None
    visual_support: bool | None = None
    cognitive_support: bool | None = None
    dementia_friendly: bool | None = None
    quiet_space: bool | None = None
    easy_read: bool | None = None
    allergy_aware: bool | None = None
    public_transport_nearby: bool | None = None
    companion_welcome: bool | None = None


class FirstVisit(Record):
    """What makes coming the first time easier: true, false, or not stated."""

    bring_someone: bool | None = None
    buddy: bool | None = None
    taster: bool | None = None
    small_group: bool | None = None
    no_sign_up: bool | None = None


class Capacity(Record):
    """Room for more people."""

    places_left: int | None = Field(None, ge=0)
    waiting_list: bool | None = None


class Source(Record):
    """Where the record came from, and under which licence."""

    name: str | None = None
    url: str | None = None
    licence: str | None = None
    record_id: str | None = None


class Evidence(Record):
    """The words that a fact was read from, where the source states it in prose alone.

    ``field`` is the path of the fact: ``cost``, ``ages``, ``sessions``, ``access.lift`` …
    """

    field: str = Field(min_length=1, max_length=100)
    quote: str = Field(min_length=1, max_length=1_000)


class Activity(Record):
    """One community activity, as its provider states it.

    ``evidence`` tells which facts were read out of its prose. ``folded`` holds, as they were, the
    records of other sources that tell of the same activity.
    """

    id: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=1_000)
    description: str = Field("", max_length=50_000)
    text_language: Language | None = None
    provider: Provider | None = None
    themes: tuple[Theme, ...] = ()
    delivery: Delivery | None = None
    place: Place | None = None
    sessions: tuple[Session, ...] = ()
    cost: Cost | None = None
    ages: Ages | None = None
    gender: Literal["any", "women", "men"] | None = None
    access: Access | None = None
    first_visit: FirstVisit | None = None
    languages: tuple[Language, ...] = ()
    referral: Referral | None = None
    capacity: Capacity | None = None
    intensity: Intensity | None = None
    verified_on: date | None = None
    source: Source | None = None
    evidence: tuple[Evidence, ...] = ()
    folded: tuple[Activity, ...] = ()

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or ``None`` when not stated."""
        if self.place is None or self.place.lat is None or self.place.lon is None:
            return None
        return self.place.lat, self.place.lon
