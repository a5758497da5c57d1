"""Every mistake is answered as a problem that says where, what and how to mend it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving import SINGER, make_client
from spmatch.errors import EncoderError
from spmatch.web.problems import KINDS, ProblemDetails

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client(body_bytes_max=200_000) as client:
        yield client


def problem(client: TestClient, profile: object, path: str = "/v1/match") -> dict[str, Any]:
    answer = client.post(path, json=profile)
    assert answer.headers["content-type"] == "application/problem+json"
    return dict(answer.json())


def test_a_problem_is_of_the_standard_shape(client: TestClient) -> None:
    given = problem(client, {"age": -1})
    assert ProblemDetails.model_validate(given).status == 422


def test_every_wrong_field_is_listed_at_once(client: TestClient) -> None:
    given = problem(client, {"age": -1, "gender": "x", "must": {"distance_km": -2}, "what": 1})
    fields = {error["field"] for error in given["errors"]}
    assert fields == {"age", "gender", "must.distance_km", "what"}


def test_a_mistake_says_how_to_mend_it(client: TestClient) -> None:
    (error,) = problem(client, {"need": "x"})["errors"]
    assert error["remedy"] == "Leave it out, or correct its name."


def test_a_mistake_does_not_repeat_what_was_sent(client: TestClient) -> None:
    assert "Weeps" not in str(problem(client, {"age": "Weeps at night", "gender": "Weeps"}))


def test_an_unknown_place_offers_near_ones(client: TestClient) -> None:
    (error,) = problem(client, {"origin": {"place": "Aalborgh"}})["errors"]
    assert (error["field"], "Aalborg" in error["remedy"]) == ("origin", True)


def test_a_mistake_in_the_address_is_named(client: TestClient) -> None:
    (error,) = problem(client, SINGER, "/v1/match?k=0")["errors"]
    assert error["field"] == "k"


def test_an_option_that_is_not_known_is_named(client: TestClient) -> None:
    (error,) = problem(client, SINGER, "/v1/match?top=3")["errors"]
    assert error["field"] == "top"


def test_a_problem_names_the_request_for_the_log(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"age": -1})
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", JSON, 422),
        (b"", JSON, 422),
        (b"[]", JSON, 422),
        (b'"text"', JSON, 422),
        (b"\xff\xfe{}", JSON, 422),
        (b'{"age": NaN}', JSON, 422),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {}, 415),
        (b'{"needs": "' + b"a" * 200_000 + b'"}', JSON, 413),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: TestClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert client.post("/v1/match", content=body, headers=headers).status_code == status


def test_json_may_say_its_character_set(client: TestClient) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert client.post("/v1/match", content=b"{}", headers=headers).status_code == 200


def test_an_address_that_is_not_there_is_not_found(client: TestClient) -> None:
    answer = client.get("/v1/nothing")
    assert (answer.status_code, answer.json()["title"]) == (404, KINDS[404][1])


def test_a_wrong_method_says_which_is_right(client: TestClient) -> None:
    answer = client.get("/v1/match")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def failing(error: Exception) -> TestClient:
    client = make_client()

    def match(*_: object, **__: object) -> None:
        raise error

    client.app.state.service.live.matcher.match = match  # type: ignore[attr-defined]
    return client


@pytest.mark.parametrize("error", [EncoderError("Weeps at night"), ValueError("Weeps at night")])
def test_a_fault_of_ours_says_nothing_more(error: Exception) -> None:
    with failing(error) as client:
        answer = client.post("/v1/match", json=SINGER)
    assert (answer.status_code, "Weeps" in answer.text) == (500, False)


def test_a_full_line_is_answered_busy_and_when_to_come_again() -> None:
    with make_client(at_once=1, waiting=0) as client:
        client.app.state.service.desk._inside = 1  # type: ignore[attr-defined]
        answer = client.post("/v1/match", json=SINGER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    given_up = threading.Event()
    with make_client(request_seconds=0.01) as client:
        client.app.state.service.live.matcher.match = lambda *_, **__: given_up.wait(10)  # type: ignore[attr-defined]
        answer = client.post("/v1/match", json=SINGER)
        given_up.set()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:spmatch:problem:slow")
