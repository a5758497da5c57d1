"""What the OpenAPI document says beyond the routes themselves: bodies, problems and examples."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from spmatch import __version__
from spmatch.profile import Profile
from spmatch.web.problems import KINDS, MEDIA_TYPE, ProblemDetails

_REF = "#/components/schemas/{model}"

ABOUT = """Finds community activities that suit a person in social prescribing, and says why.

A profile goes in as it is used everywhere in spmatch, a response comes out. What is not stated is absent
or `null`: never "no" and never "yes". Nothing about a person is stored or logged; send it in bodies only,
never in an address. It suggests, a person decides; it is not for emergencies, and no notice of danger
never means that there is none.

Where the service has keys, send one as `Authorization: Bearer KEY`.
"""

EXAMPLE_PROFILE: dict[str, Any] = {
    "needs": "Lost her husband in spring. Eats standing up, dreads the weekends, sleeps badly.",
    "interests": "Singing, walking with a dog, being of use to somebody.",
    "avoid": "Anything called therapy.",
    "text_language": "en",
    "origin": {"postcode": "9000"},
    "age": 71,
    "gender": "woman",
    "languages": ["da", "en"],
    "must": {
        "distance_km": 6,
        "cost": {"amount": 75, "currency": "DKK", "per": "session"},
        "access": ["step_free"],
    },
    "prefer": {"first_visit": ["bring_someone"], "available": [{"day": "sat"}, {"day": "sun"}]},
}
EXAMPLE_PROBLEM: dict[str, Any] = {
    "type": "urn:spmatch:problem:invalid",
    "title": "The request has mistakes",
    "status": 422,
    "detail": "",
    "instance": "urn:uuid:6b0f0d0e-3c1a-4a57-9d53-0a2f6f1f6f0c",
    "errors": [
        {
            "field": "must.distance_km",
            "reason": "Input should be greater than or equal to 0.",
            "remedy": "Correct it, or leave it out if not known.",
        }
    ],
}

BODY_PROFILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": _REF.format(model="Profile")},
                "examples": {
                    "bereaved": {"summary": "A person who is bereaved", "value": EXAMPLE_PROFILE}
                },
            }
        },
    }
}

BATCH: dict[str, Any] = {
    "request": {
        "requestBody": {
            "required": True,
            "description": "one profile (JSON) a line",
            "content": {
                "application/x-ndjson": {
                    "schema": {"type": "string"},
                    "example": '{"id": "a", "needs": "Misses company."}\n{"id": "b"}\n',
                }
            },
        }
    },
    "response": {
        "description": "one response, or one problem with its `line`, a line",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route can answer with; keys and limits are added to every one that has them."""
    return {
        status: {
            "description": KINDS[status][1],
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": _REF.format(model="ProblemDetails")},
                    **({"example": EXAMPLE_PROBLEM} if status == 422 else {}),
                }
            },
        }
        for status in statuses
    }


EVERYWHERE = problems(400, 401, 403, 408, 421, 429, 500)
"""What the guard and the keys answer, on any route."""


def describe(app: FastAPI) -> None:
    """Give ``app`` its OpenAPI document, made when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title="spmatch", version=__version__, description=ABOUT, routes=app.routes
            )
            _, definitions = models_json_schema(
                [(Profile, "validation"), (ProblemDetails, "serialization")], ref_template=_REF
            )
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            for name, schema in definitions["$defs"].items():
                schemas.setdefault(name, schema)
            made["components"]["securitySchemes"] = {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "made by `spmatch keys add`",
                }
            }
            made["security"] = [{}, {"key": []}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
