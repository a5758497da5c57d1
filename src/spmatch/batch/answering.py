"""What a worker does: it holds one snapshot and answers parts from it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from spmatch import __version__
from spmatch.batch.part import Answer, Asked, Manner, Matches, Source
from spmatch.config import Config
from spmatch.errors import BatchError, PlaceError, Problem, ProfileError, SpmatchError
from spmatch.matcher import Matcher
from spmatch.profile import Profile

_OURS = f"spmatch {__version__}, "
_CHANGED = (
    "The snapshot was built again while a batch was being answered from it. Start the batch again."
)


class Answerer:
    """Answers parts from one snapshot. The matcher of the last settings is kept."""

    def __init__(
        self, source: Source, manners: Sequence[Manner], matcher: Matches | None = None
    ) -> None:
        self._source = source
        self._manners = manners
        self._matcher = matcher
        self._identity = ""

    def identity(self) -> str:
        """What the snapshot was answered from and with. Workers of one batch must have the same.

        Raises ``SnapshotError`` when the snapshot cannot be read.
        """
        self._matcher_of(self._manners[0].config)
        return self._identity

    def answer(self, asked: Sequence[Asked]) -> list[Answer]:
        """One answer for each profile, in order.

        A profile that cannot be read or placed has its error as its answer. Any other fault ends the
        batch with a ``BatchError`` that tells where in the program it happened and nothing of the
        profile.
        """
        return [self._one(one) for one in asked]

    def _one(self, asked: Asked) -> Answer:
        manner = self._manners[asked.manner]
        matcher = self._matcher_of(manner.config)
        try:
            response = matcher.match(
                read_profile(asked),
                k=manner.k,
                language=manner.language,
                unknown=manner.unknown,
                on=manner.on,
                plan=manner.plan,
                budget=manner.budget,
            )
            return Answer(asked.number, asked.where, response.to_json())
        except (ProfileError, PlaceError) as error:
            return Answer(asked.number, asked.where, error=error)
        except SpmatchError:
            raise
        except Exception as error:
            # Its message may hold what the person wrote, so that it goes no further than here.
            at = traceback.extract_tb(error.__traceback__)[-1]
            raise BatchError(
                f"{asked.where} cannot be answered, by a fault of the program: "
                f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}."
            ) from None

    def _matcher_of(self, config: Config) -> Matches:
        if self._matcher is None or self._matcher.config.hash != config.hash:
            source = self._source
            # The one before is let go first: two need not be held at once.
            self._matcher = None
            self._matcher = matcher = Matcher.load(
                source.directory,
                config=config,
                gazetteer=source.gazetteer,
                threads=source.threads,
            )
            self._identity = same_identity(identity(matcher), self._identity)
        return self._matcher


def identity(matcher: Matcher) -> str:
    """The version of spmatch, the catalogue and the encoder, in one line."""
    return f"{_OURS}{matcher.catalogue.hash}, {matcher.encoder.sha256}"


def same_identity(found: str, before: str) -> str:
    """What was found, when it is what the others have (``before``, empty for the first one).

    Raises ``BatchError`` when it is not: its answers would not be those that the others give.
    """
    if not found.startswith(_OURS):
        raise BatchError(f"A worker has {found.split(',')[0]}, and this is spmatch {__version__}.")
    if found != (before or found):
        raise BatchError(_CHANGED)
    return found


def read_profile(asked: Asked) -> Profile:
    """Raises ``ProfileError``."""
    text = asked.text
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            problem = Problem(asked.where, "", "it is not UTF-8 text.", "Save it as UTF-8.")
            raise ProfileError("The profile cannot be read:", [problem]) from None
    return Profile.read(text, where=asked.where)
