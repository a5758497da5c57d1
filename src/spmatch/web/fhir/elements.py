"""Reading a FHIR resource in JSON: each element knows its path, and reports what is not of its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from spmatch.web.fhir.issues import FhirError, Findings, Issue


class Element:
    """A JSON object with its FHIRPath. An element that is absent, or not of its type, reads as ``None``."""

    def __init__(self, value: Mapping[str, Any], path: str, findings: Findings) -> None:
        self._value = value
        self.path = path
        self.findings = findings

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def at(self, name: str) -> str:
        """The path of an element of this one."""
        return f"{self.path}.{name}"

    def text(self, name: str) -> str | None:
        """A string, code, uri or date without the space around it; ``None`` where nothing is left."""
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self._not_a("string", name)
            return None
        return value.strip() or None

    def flag(self, name: str) -> bool | None:
        value = self._value.get(name)
        if value is not None and not isinstance(value, bool):
            self._not_a("boolean", name)
            return None
        return value

    def number(self, name: str) -> float | None:
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._not_a("number", name)
            return None
        return value

    def one(self, name: str) -> Element | None:
        """An element that may stand once."""
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._not_a("object", name)
            return None
        return Element(value, self.at(name), self.findings)

    def many(self, name: str) -> list[Element]:
        """The elements of a list, in order."""
        value = self._value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self._not_a("list", name)
            return []
        found = []
        for number, item in enumerate(value):
            if isinstance(item, dict):
                found.append(Element(item, f"{self.at(name)}[{number}]", self.findings))
            else:
                self._not_a("object", f"{name}[{number}]")
        return found

    def value(self) -> tuple[str, Any] | None:
        """The name and content of ``value[x]``, of an extension or a parameter."""
        for name, content in self._value.items():
            if name.startswith("value"):
                return name, content
        return None

    def extensions(self, url: str) -> list[Element]:
        """The extensions of this address."""
        return [one for one in self.many("extension") if one.text("url") == url]

    def refuse_modifiers(self) -> None:
        """Report what would change the meaning of the whole in a way that is not known here."""
        for name in ("modifierExtension", "implicitRules"):
            if self._value.get(name):
                self.findings.wrong(
                    "not-supported",
                    "This can change what the resource means, and is not known here.",
                    self.at(name),
                )

    def _not_a(self, kind: str, name: str) -> None:
        article = "an" if kind == "object" else "a"
        self.findings.wrong("structure", f"This is to be {article} {kind}.", self.at(name))


def read_json(body: bytes) -> Mapping[str, Any]:
    """The resource in a body. Raises ``FhirError`` when it is not JSON, or no resource."""

    try:
        # As strict as the reader of profiles: text that cannot be written as UTF-8 is no text.
        found = from_json(body, allow_inf_nan=False)
    except ValueError:
        problem = "This is not valid JSON. Check commas, quotes and brackets."
        raise FhirError([Issue("invalid", problem)]) from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        problem = "This is no FHIR resource: it states no resourceType."
        raise FhirError([Issue("structure", problem)])
    return found
