"""Many profiles in one request: a line in, a line out."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from loopback import serving
from making import HOME
from serving import SINGER, make_client, town_matcher
from spmatch.web import batch
from spmatch.web.settings import ServiceSettings

NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client(batch_lines_max=20) as client:
        yield client


def lines_of(client: TestClient, *lines: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.post(f"/v1/match/batch{query}", content="\n".join(lines), headers=NDJSON)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def profile(id: str) -> str:
    return json.dumps({**SINGER, "id": id})


def test_each_profile_is_answered_in_its_order(client: TestClient) -> None:
    answers = lines_of(client, profile("one"), profile("two"), profile("three"))
    assert [one["profile_id"] for one in answers] == ["one", "two", "three"]


def test_a_line_is_answered_as_a_single_match(client: TestClient) -> None:
    (answer,) = lines_of(client, json.dumps(SINGER), query="?k=1")
    single = client.post("/v1/match?k=1", json=SINGER).json()
    assert {**answer, "timing_ms": 0} == {**single, "timing_ms": 0}


def test_a_last_line_without_a_break_is_answered(client: TestClient) -> None:
    assert len(lines_of(client, profile("one"), profile("two"))) == 2


def test_empty_lines_are_passed_over(client: TestClient) -> None:
    answers = lines_of(client, "", profile("one"), "  ", profile("two"), "")
    assert [one["profile_id"] for one in answers] == ["one", "two"]


def test_a_line_that_cannot_be_read_gives_its_problem_and_number(client: TestClient) -> None:
    problem = lines_of(client, profile("one"), "{", profile("two"))[1]
    assert (problem["line"], problem["status"]) == (2, 422)


def test_the_lines_after_a_bad_one_are_answered(client: TestClient) -> None:
    assert lines_of(client, '{"age": -1}', profile("two"))[1]["profile_id"] == "two"


def test_a_problem_does_not_repeat_the_line(client: TestClient) -> None:
    (problem,) = lines_of(client, json.dumps({"needs": ["Weeps at night"]}))
    assert "Weeps" not in json.dumps(problem)


def test_an_unknown_place_is_the_problem_of_its_line(client: TestClient) -> None:
    (problem,) = lines_of(client, json.dumps({"origin": {"place": "Atlantis"}}))
    assert problem["type"] == "urn:spmatch:problem:place"


def test_an_empty_batch_is_answered_by_nothing(client: TestClient) -> None:
    assert lines_of(client, "") == []


def test_more_lines_than_allowed_end_the_batch_with_a_problem(client: TestClient) -> None:
    answers = lines_of(client, *[json.dumps({"id": str(n)}) for n in range(25)])
    assert (len(answers), answers[-1]["status"], answers[-1]["line"]) == (21, 413, 21)


def test_a_line_that_is_too_long_is_refused_and_the_others_are_answered() -> None:
    with make_client(body_bytes_max=300) as client:
        answers = lines_of(client, profile("one"), " " * 301, profile("three"))
    assert [answers[0]["profile_id"], answers[2]["profile_id"]] == ["one", "three"]
    assert (answers[1]["line"], answers[1]["status"]) == (2, 413)


def test_a_line_that_goes_on_without_end_is_not_held_whole() -> None:
    settings = ServiceSettings(snapshot=Path("none"), body_bytes_max=10)
    lines = batch._Lines(settings)
    for _ in range(1000):
        lines.add(b"a" * 1000)
    assert len(lines._begun) == 11


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A service of which others hold all that may be held at once: 400 bytes."""
    monkeypatch.setattr(batch._Lines, "held", 400)
    with make_client(batch_bytes_max=100) as client:
        yield client


def test_a_batch_that_comes_to_more_than_can_be_held_breaks_off(small: TestClient) -> None:
    answers = lines_of(small, "{", profile("two")[:50])
    assert [one["status"] for one in answers] == [422, 503]
    assert batch._Lines.held == 400


def test_where_too_much_is_held_already_none_is_begun(small: TestClient) -> None:
    batch._Lines.held += 1
    answer = small.post("/v1/match/batch", content="{}", headers=NDJSON)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_nothing_is_held_when_a_batch_has_ended(client: TestClient) -> None:
    lines_of(client, *[json.dumps({"id": str(n)}) for n in range(25)])
    assert batch._Lines.held == 0


def test_other_content_is_refused(client: TestClient) -> None:
    assert client.post("/v1/match/batch", json=SINGER).status_code == 415


def test_marks_that_break_lines_elsewhere_may_stand_inside_a_profile(client: TestClient) -> None:
    line = json.dumps({"id": "one", "needs": "a\u2028b\u0085c"}, ensure_ascii=False)
    assert [one["profile_id"] for one in lines_of(client, line)] == ["one"]


# Over a real connection


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(town_matcher()) as address:
        yield address


def begin(address: str) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.putrequest("POST", "/v1/match/batch?k=1")
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    return connection


def send(connection: http.client.HTTPConnection, text: str) -> None:
    data = text.encode()
    connection.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def test_the_first_answer_comes_before_the_last_profile_is_sent(address: str) -> None:
    connection = begin(address)
    send(connection, profile("one") + "\n")
    answer = connection.getresponse()
    first = json.loads(answer.readline())
    send(connection, profile("two") + "\n")
    connection.send(b"0\r\n\r\n")
    second = json.loads(answer.readline())
    connection.close()
    assert (first["profile_id"], second["profile_id"]) == ("one", "two")


def test_a_caller_that_reads_nothing_until_it_has_sent_all_is_answered(address: str) -> None:
    connection = begin(address)
    for number in range(300):
        send(connection, json.dumps({"id": str(number), "origin": HOME}) + "\n")
    connection.send(b"0\r\n\r\n")
    lines = connection.getresponse().read().splitlines()
    connection.close()
    assert [json.loads(line)["profile_id"] for line in lines] == [str(n) for n in range(300)]
