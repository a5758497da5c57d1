"""Pages of other sites: none may read an answer, but those of the origins that are set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from serving import SINGER, make_client

RECORDS = {"Origin": "https://records.example"}
STRANGER = {"Origin": "https://evil.example"}
BEFORE = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}
"""What a browser asks with, before it sends what a form could not send."""


@pytest.fixture(scope="module")
def closed() -> Iterator[TestClient]:
    with make_client() as client:
        yield client


@pytest.fixture(scope="module")
def opened() -> Iterator[TestClient]:
    with make_client(origins=["https://records.example"]) as client:
        yield client


def test_by_itself_no_page_of_another_site_may_ask(closed: TestClient) -> None:
    answer = closed.options("/v1/match", headers=RECORDS | BEFORE)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_by_itself_no_page_of_another_site_may_read_an_answer(closed: TestClient) -> None:
    answer = closed.get("/v1/catalogue", headers=RECORDS)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_page_of_an_origin_that_is_set_may_ask(opened: TestClient) -> None:
    answer = opened.options("/v1/match", headers=RECORDS | BEFORE)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (
        200,
        "https://records.example",
    )


@pytest.mark.parametrize("profile", [SINGER, {"age": -1}])
def test_it_may_read_answers_and_problems(opened: TestClient, profile: object) -> None:
    answer = opened.post("/v1/match", json=profile, headers=RECORDS)
    assert answer.headers["access-control-allow-origin"] == "https://records.example"


def test_a_browser_sends_no_key_of_its_own_accord(opened: TestClient) -> None:
    answer = opened.options("/v1/match", headers=RECORDS | BEFORE)
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_of_any_other_may_not(opened: TestClient) -> None:
    before = opened.options("/v1/match", headers=STRANGER | BEFORE)
    after = opened.post("/v1/match", json=SINGER, headers=STRANGER)
    allowed = "access-control-allow-origin"
    assert (before.status_code, allowed in before.headers, allowed in after.headers) == (
        400,
        False,
        False,
    )
