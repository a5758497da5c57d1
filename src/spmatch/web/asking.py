"""What a request of the API asks: its profile, and how it wants to be answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from spmatch.profile import Profile
from spmatch.web.problems import ProblemError
from spmatch.wording import ReaderLanguage
from spmatch.words import Record

JSON = "application/json"
NDJSON = "application/x-ndjson"


class WhyOptions(Record):
    """How a question is to be answered; the person is in the body, never in the address."""

    language: ReaderLanguage | None = Field(
        None, description="of the explanations; that of the profile when not given"
    )
    unknown: Literal["keep", "exclude"] = Field(
        "keep", description="activities that do not state what a limit asks"
    )
    on: date | None = Field(None, description="the day to match for; today when not given")

    def arguments(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class MatchOptions(WhyOptions):
    """How a match is to be answered."""

    k: int = Field(5, ge=1, le=50, description="how many suggestions")
    plan: bool = Field(False, description="also a small week of activities that go together")


AskedMatch = Annotated[MatchOptions, Query()]


async def read_profile(request: Request) -> Profile:
    """The profile in the body. Raises ``ProfileError``, or ``ProblemError`` for another kind of content."""
    expect(request, JSON)
    return Profile.read(await request.body(), where="body")


def expect(request: Request, media_type: str) -> None:
    """Raise ``ProblemError`` unless the content is said to be of this type."""
    stated = request.headers.get("content-type", "").split(";")[0].strip().casefold()
    if stated != media_type:
        raise ProblemError(415, f"Send {media_type} (header Content-Type).")
