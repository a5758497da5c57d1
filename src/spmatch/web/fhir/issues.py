"""What is wrong with a request, or worth knowing about it, as an OperationOutcome.

An issue names the place by its FHIRPath and never repeats what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_UNREADABLE = frozenset({"invalid", "structure", "required", "value"})
"""Issue types of a request that is not the FHIR it should be: 400. Of all others: 422."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake. ``code`` is a FHIR issue type; ``expression`` holds FHIRPaths."""

    code: str
    diagnostics: str
    expression: tuple[str, ...] = ()

    def resource(self) -> Json:
        found: Json = {"severity": "error", "code": self.code, "diagnostics": self.diagnostics}
        if self.expression:
            found["expression"] = list(self.expression)
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not read, or that is not certain: a key of ``wording/fhir_*.toml``."""

    key: str
    expression: tuple[str, ...] = ()


class FhirError(Exception):
    """A request that cannot be answered, with every mistake in it. Its message holds none of it."""

    def __init__(self, issues: Iterable[Issue], status: int | None = None) -> None:
        self.issues = tuple(issues)
        unreadable = any(issue.code in _UNREADABLE for issue in self.issues)
        self.status = status or (400 if unreadable else 422)
        super().__init__(f"{len(self.issues)} issues")


@dataclass(slots=True)
class Findings:
    """Collects mistakes and notes while a request is read, so that all can be told at once."""

    issues: list[Issue] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def wrong(self, code: str, diagnostics: str, *expression: str) -> None:
        found = Issue(code, diagnostics, expression)
        # An element may be looked at more than once.
        if found not in self.issues:
            self.issues.append(found)

    def note(self, key: str, *expression: str) -> None:
        found = Note(key, expression)
        if found not in self.notes:
            self.notes.append(found)

    def stop_if_wrong(self) -> None:
        """Raise ``FhirError`` with all mistakes, if there are any."""
        if self.issues:
            raise FhirError(self.issues)


def outcome_of(issues: Iterable[Json]) -> Json:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}
