"""Where the service has keys: which key opens which door of the whole service, and what is open to all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from marked import PAGES
from serving import make_client
from spmatch.web.keys import SCOPES, KeyRing

DOORS = {
    "match": [
        *("POST /v1/match", "POST /v1/match/batch", "POST /v1/why"),
        *("POST /fhir/ServiceRequest/$match", "GET /", *(f"POST {page}" for page in PAGES)),
    ],
    "read": [
        *("GET /v1/activities", "GET /v1/activities/{activity_id}", "GET /v1/catalogue"),
        "GET /fhir/HealthcareService/{id}",
    ],
    "admin": ["GET /metrics"],
}
OPEN = [
    *("GET /livez", "GET /readyz", "GET /fhir/metadata", "GET /fhir/OperationDefinition/match"),
]
NEEDED = [(door, scope) for scope, doors in DOORS.items() for door in doors]

House = tuple[TestClient, dict[str, str]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A client, and the secret of a key for each scope."""
    ring = KeyRing(tmp_path_factory.mktemp("keys") / "keys.json", create=True)
    secrets = {scope: ring.add(scope, [scope], 100_000)[1] for scope in SCOPES}
    with make_client(keys=str(ring._path)) as client:
        yield client, secrets


def status(client: TestClient, door: str, secret: str | None = None) -> int:
    method, path = door.split()
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return int(client.request(method, path, headers=headers).status_code)


def test_every_door_is_listed_here(house: House) -> None:
    described: dict[str, Any] = house[0].get("/openapi.json").json()["paths"]
    there = {
        f"{method.upper()} {path}" for path, methods in described.items() for method in methods
    }
    listed = {*OPEN, *(door for door, _ in NEEDED)}
    pages = {"GET /", *(f"POST {page}" for page in PAGES)}
    assert listed == there | pages


@pytest.mark.parametrize("door", OPEN)
def test_what_tells_nothing_of_anybody_is_open(house: House, door: str) -> None:
    assert status(house[0], door) == 200


@pytest.mark.parametrize("door", [door for door, _ in NEEDED])
def test_without_a_key_a_door_is_closed(house: House, door: str) -> None:
    assert status(house[0], door) == 401


@pytest.mark.parametrize("had", SCOPES)
@pytest.mark.parametrize(("door", "needed"), NEEDED)
def test_a_key_opens_the_doors_of_its_scope_alone(
    house: House, door: str, needed: str, had: str
) -> None:
    client, secrets = house
    assert (status(client, door, secrets[had]) == 403) == (had != needed)
