"""ServiceRequests for tests: as small as FHIR allows, with what a test adds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from making import TODAY
from spmatch.web.fhir.issues import FhirError, Issue
from spmatch.web.fhir.request import PROFILE, Asked, FhirOptions, read_request
from spmatch.wording import ReaderLanguage

FOLDER = Path(__file__).parent / "fixtures" / "fhir"
GEOLOCATION = "http://hl7.org/fhir/StructureDefinition/geolocation"


def fixture(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def service_request(
    patient: dict[str, Any] | None = None, rest: object = None, **elements: Any
) -> dict[str, Any]:
    """A request for a person whose Patient states what is given; ``rest`` is the profile extension."""
    person = {"resourceType": "Patient", "id": "p", **(patient or {})}
    found = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "#p"},
        "reasonCode": [{"text": "Is lonely."}],
        "contained": [person],
        **elements,
    }
    if rest is not None:
        text = rest if isinstance(rest, str) else json.dumps(rest)
        found["extension"] = [{"url": PROFILE, "valueString": text}]
    return {name: value for name, value in found.items() if value is not None}


def in_parameters(resource: object, **options: Any) -> dict[str, Any]:
    kinds = {"k": "valueInteger", "on": "valueDate"}
    values = [
        {"name": name, kinds.get(name, "valueCode"): value} for name, value in options.items()
    ]
    return {
        "resourceType": "Parameters",
        "parameter": [*values, {"name": "resource", "resource": resource}],
    }


def read(resource: dict[str, Any], language: ReaderLanguage = "en", **options: Any) -> Asked:
    """What a resource asks for on ``TODAY``, its language being what no element says otherwise."""
    return read_request(resource, FhirOptions(**options), lambda _: language, TODAY)


def issues_of(resource: dict[str, Any], **options: Any) -> tuple[Issue, ...]:
    """The mistakes of a resource that cannot be read."""
    try:
        read(resource, **options)
    except FhirError as error:
        return error.issues
    raise AssertionError("it can be read")


def notes_of(resource: dict[str, Any]) -> list[str]:
    return [note.key for note in read(resource).notes]
