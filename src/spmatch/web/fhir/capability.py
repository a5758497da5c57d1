"""What the FHIR door can do, as it says itself: a CapabilityStatement and the definition of ``$match``."""

from __future__ import annotations

from spmatch import __version__
from spmatch.web.fhir.issues import Json

FHIR_VERSION = "4.0.1"
CHANGED = "2026-11-22"
"""When what is stated here was last changed."""

_OPTIONS = (
    ("k", "integer", "How many suggestions, 1 to 50; 5 when not given."),
    ("language", "code", "Of the explanations: da or en; that of the texts when not given."),
    ("unknown", "code", "Activities that do not state what a limit asks: keep (usual) or exclude."),
    ("on", "date", "The day to match for; today when not given."),
)


def capability_statement(base: str) -> Json:
    """``base`` is the address of the FHIR door."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "spmatch", "version": __version__},
        "implementation": {
            "description": "Finds community activities that suit a person in social prescribing.",
            "url": base,
        },
        "fhirVersion": FHIR_VERSION,
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {
                        "type": "ServiceRequest",
                        "documentation": "Nothing that is sent is stored.",
                        "operation": [
                            {"name": "match", "definition": f"{base}/OperationDefinition/match"}
                        ],
                    },
                    {"type": "HealthcareService", "interaction": [{"code": "read"}]},
                    {"type": "OperationDefinition", "interaction": [{"code": "read"}]},
                ],
            }
        ],
    }


def operation_definition(base: str) -> Json:
    """``$match`` on the type ServiceRequest."""
    resource = {
        "name": "resource",
        "use": "in",
        "min": 1,
        "max": "1",
        "documentation": "The request, with the person as a contained Patient.",
        "type": "ServiceRequest",
    }
    options = [
        {"name": name, "use": "in", "min": 0, "max": "1", "documentation": text, "type": kind}
        for name, kind, text in _OPTIONS
    ]
    answer = {
        "name": "return",
        "use": "out",
        "min": 1,
        "max": "1",
        "documentation": "A searchset: an OperationOutcome first, then a HealthcareService each.",
        "type": "Bundle",
    }
    return {
        "resourceType": "OperationDefinition",
        "id": "match",
        "url": f"{base}/OperationDefinition/match",
        "name": "Match",
        "title": "Community activities that suit a person",
        "status": "active",
        "kind": "operation",
        "date": CHANGED,
        "affectsState": False,
        "code": "match",
        "resource": ["ServiceRequest"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [resource, *options, answer],
    }
