"""The errors that spmatch raises, and nothing else.

::

    SpmatchError                 every error of this package
    ├── InputError               something that was given cannot be read; lists every problem
    │   ├── CatalogueError       a catalogue source or a record in it
    │   ├── ProfileError         a profile; never repeats what was written in it
    │   ├── ConfigError          a settings file
    │   └── SafetyError          a file of contacts for notices of danger
    ├── PlaceError               a postcode or place that the gazetteer does not know
    ├── EncoderError             an encoder that cannot be loaded, or that is damaged
    ├── ThemesError              a vocabulary, table of answers or theme model that cannot be used
    ├── SnapshotError            a snapshot that is missing, damaged or made for something else
    ├── StoreError               a database that cannot be used; never repeats what was sent to it
    ├── BatchError               many profiles that cannot be answered together
    ├── UnknownActivityError     an activity id that the catalogue does not hold
    └── MissingExtraError        an optional package is not installed; says how to install it

Messages say where, what and how to mend it. They never hold the free text of a profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something that was given.

    ``where`` names the file, line or record (``feed.json, record 3``), ``field`` the field inside it
    (dotted path, empty when the whole record is meant), ``reason`` what is wrong and ``remedy`` how
    to mend it. ``effect`` says what became of the record: ``rejected`` (the record is left out),
    ``mended`` (the record is kept without, or with a corrected, fact) or ``note`` (nothing was changed).
    """

    where: str
    field: str
    reason: str
    remedy: str
    effect: Literal["rejected", "mended", "note"] = "rejected"

    def __str__(self) -> str:
        field = f", {self.field}" if self.field else ""
        return f"{self.where}{field}: {self.reason} {self.remedy}".rstrip()


class SpmatchError(Exception):
    """Base of every error of this package."""


class InputError(SpmatchError):
    """Something that was given cannot be read. ``problems`` holds all of them, in order."""

    def __init__(self, summary: str, problems: Sequence[Problem] = ()) -> None:
        self.summary = summary
        self.problems = tuple(problems)
        super().__init__("\n".join([summary, *(f"  {problem}" for problem in self.problems)]))


class CatalogueError(InputError):
    """A catalogue source, or a record in it, cannot be read."""


class ProfileError(InputError):
    """A profile cannot be read. Holds field names and reasons, never the text of the profile."""


class ConfigError(InputError):
    """A settings file cannot be read."""


class SafetyError(InputError):
    """A file of contacts for notices of danger cannot be read."""


class PlaceError(SpmatchError):
    """A postcode or place is not in the gazetteer. ``suggestions`` holds near spellings."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        self.suggestions = tuple(suggestions)
        super().__init__(message)


class EncoderError(SpmatchError):
    """An encoder cannot be loaded, is damaged, or was given something that it cannot encode."""


class ThemesError(SpmatchError):
    """A vocabulary of themes, a table of answers, or a theme model cannot be used."""


class SnapshotError(SpmatchError):
    """A snapshot is missing, damaged, or was made for another format, encoder or setting."""


class StoreError(SpmatchError):
    """A database cannot be used: it cannot be reached, lacks tables or rights, or holds another thing."""


class BatchError(SpmatchError):
    """Profiles cannot be answered together: workers that do not start, or are lost again and again."""


class UnknownActivityError(SpmatchError):
    """No activity of this id is in the catalogue."""


class MissingExtraError(SpmatchError):
    """An optional package is not installed. The message holds the pip line that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(
            f"{what} needs an extra package. Install it with: pip install 'spmatch[{extra}]'"
        )
