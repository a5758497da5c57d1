"""A profile: one person, one request. Its free text is never shown by ``repr`` or in an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from spmatch.errors import ProfileError
from spmatch.validation import problems_of
from spmatch.words import (
    AccessKey,
    Clock,
    Currency,
    Day,
    Delivery,
    FirstVisitKey,
    Intensity,
    Language,
    Latitude,
    Longitude,
    Per,
    Record,
    Referral,
    minutes_of,
)

MAX_TEXT_CHARACTERS = 20_000

FreeText = Field(None, max_length=MAX_TEXT_CHARACTERS, repr=False)


class Origin(Record):
    """Where the person starts from: coordinates, or a postcode, or a place name."""

    lat: Latitude | None = Field(None, repr=False)
    lon: Longitude | None = Field(None, repr=False)
    postcode: str | None = Field(None, repr=False)
    place: str | None = Field(None, repr=False)

    @model_validator(mode="after")
    def _one_way(self) -> Origin:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon belong together: give both or neither")
        if self.lat is None and not self.postcode and not self.place:
            raise ValueError("give lat and lon, or a postcode, or a place")
        return self


class CostLimit(Record):
    """The most that the person can pay, ``amount`` of ``currency`` for each ``per``.

    Without a currency, prices are taken in whatever currency the activity states.
    """

    amount: float = Field(ge=0)
    currency: Currency | None = None
    per: Per = "session"


class Budget(Record):
    """The most that the person can pay for all activities together, ``amount`` for each ``per``.

    Without a currency, prices are taken in whatever currency the activities state.
    """

    amount: float = Field(ge=0)
    currency: Currency | None = None
    per: Literal["week", "month"] = "week"


class Slot(Record):
    """A time at which the person can come."""

    day: Day
    start: Clock = "00:00"
    end: Clock = "24:00"

    @model_validator(mode="after")
    def _in_order(self) -> Slot:
        if minutes_of(self.end) <= minutes_of(self.start):
            raise ValueError("a slot ends after it starts, on the same day (24:00 at the latest)")
        return self


class Limits(Record):
    """Limits that a suggestion must keep, or should. A limit that is absent does not limit.

    In ``access`` and ``first_visit`` every key listed is asked for; in ``delivery`` and
    ``referral`` any one of those listed will do; ``available`` lists times of which one will do.
    """

    distance_km: float | None = Field(None, ge=0, le=20_100)
    cost: CostLimit | None = None
    access: tuple[AccessKey, ...] = ()
    available: tuple[Slot, ...] = ()
    first_visit: tuple[FirstVisitKey, ...] = ()
    intensity_max: Intensity | None = None
    delivery: tuple[Delivery, ...] = ()
    referral: tuple[Referral, ...] = ()


class Profile(Record):
    """One person and one request.

    ``concessions`` names the reductions that the person certainly has (``pensioner``, ``student``,
    a local leisure pass …), in the words that providers use; others are never assumed. ``budget`` is
    for all activities of a plan together, ``must.cost`` for each.
    """

    id: str | None = Field(None, max_length=200)
    needs: str | None = FreeText
    interests: str | None = FreeText
    avoid: str | None = FreeText
    text_language: Language | None = None
    origin: Origin | None = None
    age: int | None = Field(None, ge=0, le=130)
    gender: Literal["woman", "man", "other"] | None = None
    languages: tuple[Language, ...] = ()
    concessions: tuple[str, ...] = ()
    must: Limits = Limits()
    prefer: Limits = Limits()
    budget: Budget | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Profile:
        for kind, limits in (("must", self.must), ("prefer", self.prefer)):
            if limits.distance_km is not None and self.origin is None:
                raise ValueError(f"{kind}.distance_km needs an origin to measure from")
        return self

    @property
    def plan_budget(self) -> Budget | None:
        """What a plan may cost in all: ``budget``, else ``must.cost`` by the week or the month."""
        cost = self.must.cost
        if self.budget is not None or cost is None:
            return self.budget
        if cost.per == "week" or cost.per == "month":
            return Budget(amount=cost.amount, currency=cost.currency, per=cost.per)
        return None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Health and social circumstances stay out of logs: only what was filled in is named.
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in ("needs", "interests", "avoid"):
                if value:
                    yield name, f"<{len(value)} characters>"
            elif name == "id":
                yield name, value
            elif value not in (None, (), Limits()):
                yield name, "<given>"

    @classmethod
    def read(cls, record: Mapping[str, Any] | str | bytes, *, where: str = "profile") -> Profile:
        """Make a profile of a JSON object or text.

        Raises ``ProfileError`` with every problem at once; ``where`` names the source in it.
        """
        try:
            if isinstance(record, str | bytes):
                return cls.model_validate_json(record)
            return cls.model_validate(record)
        except ValidationError as error:
            found = problems_of(error, where)
        raise ProfileError(f"{where} cannot be read:", found)
