"""The OpenAPI document says what the service does; drawn requests find nothing that it does not say."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from serving import make_client
from spmatch.profile import Profile
from spmatch.web.openapi import EXAMPLE_PROBLEM, EXAMPLE_PROFILE
from spmatch.web.problems import ProblemDetails

CLIENT = make_client(public_names=["testserver"])
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", CLIENT.app)
DRAWN_CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@schemathesis.serializer("application/x-ndjson")
def _lines(_: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@cache
def document() -> dict[str, Any]:
    return dict(CLIENT.get("/openapi.json").json())


@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_drawn_request_gets_an_answer_that_is_not_documented(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=list(DRAWN_CHECKS))


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/v1/match", "post"),
        ("/v1/match/batch", "post"),
        ("/v1/why", "post"),
        ("/v1/activities", "get"),
        ("/v1/activities/{activity_id}", "get"),
        ("/v1/catalogue", "get"),
        ("/livez", "get"),
        ("/readyz", "get"),
        ("/metrics", "get"),
        ("/fhir/ServiceRequest/$match", "post"),
        ("/fhir/metadata", "get"),
    ],
)
def test_every_route_is_described(path: str, method: str) -> None:
    assert document()["paths"][path][method]["description"]


def test_the_pages_are_no_part_of_the_interface() -> None:
    assert not {"/", "/why", "/handout"} & set(document()["paths"])


def test_the_example_profile_is_one() -> None:
    assert Profile.read(json.dumps(EXAMPLE_PROFILE)).age == 71


def test_the_example_problem_is_one() -> None:
    assert ProblemDetails.model_validate(EXAMPLE_PROBLEM).status == 422


def test_the_example_profile_is_answered() -> None:
    with make_client() as client:
        assert client.post("/v1/match", json=EXAMPLE_PROFILE).status_code == 200


def test_a_limit_of_a_profile_is_described_with_its_bounds() -> None:
    limits = document()["components"]["schemas"]["Limits"]["properties"]
    assert "maximum" in json.dumps(limits["distance_km"])


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    known = document()["components"]["schemas"]
    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted - set(known) == set()
