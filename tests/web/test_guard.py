"""What may pass the guard: whom a request is addressed to, its method, its size and its time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from guarding import MARK, answer, ask, deaf, echo, read
from spmatch.web.settings import ServiceSettings

# Hosts


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "localhost."),
        *("match.example", "Match.Example:443", "10.1.2.3:8000"),
    ],
)
def test_a_name_of_ours_is_answered(host: str) -> None:
    assert ask(echo, host=host, public_names=("match.example:443", "10.1.2.3")).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "match.example.evil.example", "localhost.evil.example", "10.1.2.4"]
)
def test_a_name_of_another_is_not(host: str) -> None:
    asked = ask(echo, host=host, public_names=("match.example",))
    assert (asked.status, asked.problem["type"]) == (421, "urn:spmatch:problem:host")


@pytest.mark.parametrize(
    ("host", "ours", "other"),
    [("10.1.2.3", "10.1.2.3:8000", "10.1.2.4:8000"), ("fd00::5", "[fd00::5]:8000", "[fd00::6]")],
)
def test_the_address_that_it_listens_on_is_a_name_of_ours(host: str, ours: str, other: str) -> None:
    settings = ServiceSettings(snapshot=Path("none"), host=host, keys=Path("none"))
    assert ask(echo, host=ours, settings=settings).status == 200
    assert ask(echo, host=other, settings=settings).status == 421


@pytest.mark.parametrize(
    "host", [None, "", "a b", "localhost/x", "user@localhost", "[::1", "a:b:c"]
)
def test_a_request_that_does_not_say_whom_it_is_for_cannot_be_read(host: str | None) -> None:
    assert ask(echo, host=host).status == 400


def test_two_names_are_none() -> None:
    assert ask(echo, headers=[("host", "localhost")]).status == 400


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_probe_may_use_any_name(path: str) -> None:
    assert ask(echo, method="GET", path=path, host="10.0.0.9:8000").status == 200


# Methods


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", MARK])
def test_a_method_that_nothing_here_needs_is_not_allowed(method: str) -> None:
    asked = ask(echo, method=method)
    assert (asked.status, asked.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_browser_may_ask_first_where_other_origins_are_allowed() -> None:
    assert ask(echo, method="OPTIONS", origins=("https://journal.example",)).status == 200


# Sizes


def test_a_body_of_the_size_allowed_is_taken() -> None:
    asked = ask(echo, body=[b"a" * 60, b"b" * 40], body_bytes_max=100)
    assert (asked.status, asked.body) == (200, b"a" * 60 + b"b" * 40)


def test_a_body_that_grows_too_large_is_not() -> None:
    asked = ask(echo, body=[b"a" * 60, b"b" * 41], body_bytes_max=100)
    assert (asked.status, asked.problem["detail"]) == (413, "At most 100 bytes are taken.")


def test_a_body_that_says_it_is_too_large_is_not_received() -> None:
    asked = ask(echo, headers=[("content-length", "101")], body=[60.0, b""], body_bytes_max=100)
    assert asked.status == 413


def test_a_body_that_lies_about_its_size_is_counted() -> None:
    asked = ask(
        echo, headers=[("content-length", "5")], body=[b"a" * 60, b"b" * 60], body_bytes_max=100
    )
    assert asked.status == 413


def test_the_connection_of_a_body_that_was_not_taken_is_closed() -> None:
    asked = ask(echo, body=[b"a" * 101, b""], body_bytes_max=100)
    assert asked.headers["connection"] == "close"


def test_the_connection_of_a_body_that_nobody_read_is_closed() -> None:
    assert ask(deaf, body=[b"a", b"b"]).headers["connection"] == "close"


def test_a_connection_is_kept_where_all_was_read() -> None:
    assert "connection" not in ask(echo, body=[b"a", b"b"]).headers


@pytest.mark.parametrize(
    ("path", "root_path"), [("/v1/match/batch", ""), ("/s/v1/match/batch", "/s")]
)
def test_a_batch_has_its_own_limit(path: str, root_path: str) -> None:
    sizes = {"body_bytes_max": 10, "batch_bytes_max": 100}
    body = [b"a" * 50, b"b" * 50]
    assert ask(echo, path=path, root_path=root_path, body=body, **sizes).status == 200
    assert ask(echo, path=path, root_path=root_path, body=[*body, b"c"], **sizes).status == 413


@pytest.mark.parametrize("path", ["/v1/match", "/v1/match/batch/", "/x/v1/match/batch"])
def test_another_path_has_not(path: str) -> None:
    asked = ask(echo, path=path, body=[b"a" * 11], body_bytes_max=10, batch_bytes_max=100)
    assert asked.status == 413


async def hides(scope: Scope, receive: Receive, send: Send) -> None:
    """Makes something else of a body that breaks off, as frameworks do."""
    try:
        await read(receive)
    except Exception:
        await answer(send, b"There was an error parsing the body", 400)


def test_what_a_framework_makes_of_it_is_not_what_is_answered() -> None:
    asked = ask(hides, body=[b"a" * 101], body_bytes_max=100)
    assert (asked.status, asked.problem["title"]) == (413, "The request is too large")


async def agrees(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await read(receive)
    except Exception:
        await answer(send, b"<p>Too large</p>", 413)


def test_an_answer_of_its_own_for_the_same_is_kept() -> None:
    assert ask(agrees, body=[b"a" * 101], body_bytes_max=100).body == b"<p>Too large</p>"


def test_a_refused_body_is_no_fault() -> None:
    asked = ask(echo, body=[b"a" * 101], body_bytes_max=100)
    assert [line["event"] for line in asked.lines] == ["answer"]


# Times


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    asked = ask(echo, body=[b"a", 20.1, b"b"])
    assert (asked.status, asked.problem["type"]) == (408, "urn:spmatch:problem:slow-request")


def test_a_body_that_comes_in_time_is_taken() -> None:
    assert ask(echo, body=[b"a", 19.9, b"b"]).status == 200


TRICKLE: list[bytes | float] = [piece for _ in range(5) for piece in (b"a", 4.1)]
"""Somewhat more than 20 seconds, a little at a time."""


def test_a_body_that_trickles_in_is_not_waited_for_either() -> None:
    assert ask(echo, body=[*TRICKLE, b"b"]).status == 408


def test_a_batch_may_take_its_time_as_long_as_it_goes_on() -> None:
    assert ask(echo, path="/v1/match/batch", body=[*TRICKLE, b"b"]).status == 200


def test_a_batch_that_stands_still_is_not_waited_for() -> None:
    assert ask(echo, path="/v1/match/batch", body=[*TRICKLE, 20.1, b"b"]).status == 408


async def leaves(scope: Scope, receive: Receive, send: Send) -> None:
    """Works for a minute after it has read all, then looks whether the client is still there."""
    await read(receive)
    await asyncio.sleep(60)
    await receive()
    await answer(send)


def test_to_wait_for_a_client_to_leave_is_not_to_wait_for_a_body() -> None:
    assert ask(leaves, body=[b"a"]).status == 200
