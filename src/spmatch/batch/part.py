"""The words of this room: what is asked, how, in which parts, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from spmatch.config import Config
from spmatch.errors import BatchError, PlaceError, ProfileError
from spmatch.geography import Gazetteer
from spmatch.matcher import UnknownRule
from spmatch.profile import Budget, Profile
from spmatch.suggestion import Response
from spmatch.wording import ReaderLanguage

TRIES = 3
"""How often a part is given out before it counts as the cause of what befalls its workers."""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """One profile as it came in. ``where`` names it (``people.jsonl, line 3``)."""

    number: int
    """From 0, in the order of the answers."""
    where: str
    text: str | bytes
    """JSON."""
    manner: int = 0
    """Which of the manners it is to be answered in."""

    def __repr__(self) -> str:
        return f"Asked({self.where!r}: {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one profile: its response, or the error that it met."""

    number: int
    where: str
    line: str = field(default="", repr=False)
    """The response as JSON without line breaks; empty where there is an error."""
    error: ProfileError | PlaceError | None = None

    @property
    def response(self) -> Response:
        """The response. Raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return Response.model_validate_json(self.line)


@dataclass(frozen=True, slots=True)
class Manner:
    """How profiles are answered: the settings, and what ``Matcher.match`` is told."""

    config: Config
    on: date
    """Given once for all: a batch that runs past midnight is about one day."""
    k: int = 5
    language: ReaderLanguage | None = None
    unknown: UnknownRule = "keep"
    plan: bool = False
    budget: Budget | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where workers find what they answer from."""

    directory: str
    """A snapshot."""
    gazetteer: Gazetteer | None = field(default=None, repr=False)
    """``None`` for the one that comes with spmatch."""
    threads: int | None = 1
    """Of the encoder, in each worker; ``None`` for as many as it takes by itself."""


@dataclass(slots=True)
class Part:
    """Profiles that one worker answers in one go."""

    asked: Sequence[Asked]
    tries: int = 0

    def begun(self) -> None:
        """Count one more worker. Raises ``BatchError`` when too many have been lost over it."""
        self.tries += 1
        if self.tries > TRIES:
            raise BatchError(
                f"{TRIES} workers were lost while they answered {self.asked[0].where} to "
                f"{self.asked[-1].where}. Is there memory enough for so many workers? If so, answer "
                "these profiles alone to find the one that does it."
            )


class Matches(Protocol):
    """What answers profiles: a ``Matcher``, or one that leaves the catalogue in a database."""

    @property
    def config(self) -> Config: ...

    def match(
        self,
        profile: Profile,
        *,
        k: int,
        language: ReaderLanguage | None,
        unknown: UnknownRule,
        on: date | None,
        plan: bool,
        budget: Budget | None,
    ) -> Response:
        """As ``Matcher.match``."""
        ...


class Crew(Protocol):
    """Those who answer parts. What they hold is given back by ``close``, whatever happened."""

    def has_room(self) -> bool:
        """Whether another part can be given out now."""
        ...

    def begin(self, part: Part) -> None:
        """Give out a part. Only after ``has_room``."""
        ...

    def wait(self) -> Sequence[Answer]:
        """Wait for something to happen; the answers of the parts that were finished by it, if any.

        A part that was lost is given out again inside. Raises ``BatchError`` or ``SnapshotError``
        when nothing will be answered any more.
        """
        ...

    def close(self) -> None:
        """End the workers, also in the middle of their work. May be called twice."""
        ...
