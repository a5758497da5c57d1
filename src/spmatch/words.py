"""The base of all records, and the short vocabularies that they share."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen record whose JSON names are those of the published formats.

    Unknown fields are refused, so that a mistyped name is reported rather than silently read as
    "not stated". Validation errors never show the input: it may be what a patient said.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Delivery = Literal["in_person", "online", "hybrid", "home_visit", "phone"]
Intensity = Literal["none", "low", "moderate", "high"]
Referral = Literal["open", "self", "professional", "gp"]
Per = Literal["session", "week", "month", "quarter", "year", "once"]

AccessKey = Literal[
    "wheelchair",
    "step_free",
    "lift",
    "accessible_toilet",
    "accessible_parking",
    "hearing_loop",
    "sign_language",
    "visual_support",
    "cognitive_support",
    "dementia_friendly",
    "quiet_space",
    "easy_read",
    "allergy_aware",
    "public_transport_nearby",
    "companion_welcome",
]
FirstVisitKey = Literal["bring_someone", "buddy", "taster", "small_group", "no_sign_up"]

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


def _clock(value: str) -> str:
    if not _CLOCK.fullmatch(value):
        raise ValueError("a time is written HH:MM, from 00:00 to 24:00, for example 09:30")
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        raise ValueError(
            "a language is its two-letter ISO 639-1 code in lower case, for example da"
        )
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(
            "a currency is its three-letter ISO 4217 code in upper case, for example DKK"
        )
    return value


Clock = Annotated[str, AfterValidator(_clock), Field(description="local time, HH:MM")]
Language = Annotated[str, AfterValidator(_language), Field(description="ISO 639-1")]
Currency = Annotated[str, AfterValidator(_currency), Field(description="ISO 4217")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="degrees north, WGS 84")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="degrees east, WGS 84")]


def minutes_of(clock: str) -> int:
    """Minutes since midnight of a time written ``HH:MM`` (0 to 1440)."""
    return int(clock[:2]) * 60 + int(clock[3:])


def clock_of(minutes: int) -> str:
    """The time ``HH:MM`` of minutes since midnight (0 to 1440)."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
