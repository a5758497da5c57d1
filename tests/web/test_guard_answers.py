"""What the guard adds to every answer, what it makes of a fault, and its one line of log an answer."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from guarding import MARK, Route, answer, ask, deaf, echo
from spmatch.web.guard import SECURITY_HEADERS, Guard
from spmatch.web.settings import ServiceSettings

# Headers


@pytest.mark.parametrize("name", SECURITY_HEADERS)
@pytest.mark.parametrize("app", [echo, deaf])
def test_every_answer_has_every_header(app: Route, name: str) -> None:
    asked = ask(app, body=[b"a" * 101], body_bytes_max=100)
    assert asked.headers[name.lower()] == SECURITY_HEADERS[name]


def test_a_route_cannot_loosen_them() -> None:
    async def loose(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, content_security_policy="default-src *")

    assert ask(loose).headers["content-security-policy"].startswith("default-src 'none';")


def test_nothing_runs_on_a_page_but_our_own_files() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


def test_answers_are_kept_nowhere() -> None:
    assert ask(echo).headers["cache-control"] == "no-store"


def test_a_file_of_ours_may_say_that_it_is_kept() -> None:
    async def file(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, cache_control="public, max-age=60")

    assert ask(file, method="GET").headers["cache-control"] == "public, max-age=60"


# Names of requests


async def names(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, scope["state"]["request_id"].encode())


def test_a_request_has_one_id_everywhere() -> None:
    asked = ask(names)
    assert {asked.headers["x-request-id"], asked.body.decode()} == {asked.line["request_id"]}
    assert str(uuid.UUID(asked.body.decode())) == asked.body.decode()


def test_two_requests_have_two() -> None:
    assert ask(names).body != ask(names).body


def test_an_id_that_comes_with_it_is_kept() -> None:
    given = "5DF52B3B-E3E5-4A3C-8F09-6C2A14B6A3E1"
    assert ask(names, headers=[("X-Request-ID", given)]).body.decode() == given.lower()


@pytest.mark.parametrize(
    "given",
    [MARK, "", "1", "{5df52b3b-e3e5-4a3c-8f09-6c2a14b6a3e1}", "5df52b3be3e54a3c8f096c2a14b6a3e1"],
)
def test_but_not_a_text(given: str) -> None:
    asked = ask(names, headers=[("X-Request-ID", given)])
    assert asked.body.decode() != given
    assert len(asked.body) == 36


# Faults


async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError(MARK)


def test_a_fault_is_answered_without_a_word_of_it() -> None:
    asked = ask(breaks)
    assert (asked.status, asked.problem["type"]) == (500, "urn:spmatch:problem:fault")
    assert MARK.encode() not in asked.body


def test_its_answer_names_the_request() -> None:
    asked = ask(breaks)
    assert asked.problem["instance"] == f"urn:uuid:{asked.line['request_id']}"


def test_a_fault_is_logged_with_its_request() -> None:
    fault, about = ask(breaks).lines
    assert (fault["event"], type(fault["error"])) == ("fault", ValueError)
    assert fault["request_id"] == about["request_id"]


async def breaks_off(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise ValueError(MARK)


def test_an_answer_that_breaks_off_is_left_unfinished() -> None:
    # The server closes the connection then, so that half an answer is not taken for a whole one.
    asked = ask(breaks_off)
    assert asked.body == b"half"
    assert asked.sent[-1]["more_body"]


def test_an_answer_that_breaks_off_is_logged_as_a_fault() -> None:
    assert [line["event"] for line in ask(breaks_off).lines] == ["fault", "answer"]


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing at all."""


def test_no_answer_is_a_fault() -> None:
    assert ask(silent).status == 500


async def departs(scope: Scope, receive: Receive, send: Send) -> None:
    raise ClientDisconnect


def test_a_client_that_leaves_is_no_fault() -> None:
    asked = ask(departs)
    assert [line["event"] for line in asked.lines] == ["answer"]
    assert (asked.sent, asked.line["status"]) == ([], 499)


async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
    raise asyncio.CancelledError


def test_a_request_that_is_cancelled_stays_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        ask(cancelled)


# The log


def test_a_line_says_what_was_answered() -> None:
    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = type("Route", (), {"path": "/v1/activities/{activity_id}"})()
        scope["state"]["key_id"] = "3f9a2c1b"
        await answer(send, status=404)

    line = ask(known, method="GET", path=f"/v1/activities/{MARK}").line
    said = {name: line[name] for name in ("method", "route", "status", "key")}
    assert said == {
        "method": "GET",
        "route": "/v1/activities/{activity_id}",
        "status": 404,
        "key": "3f9a2c1b",
    }


@pytest.mark.parametrize("app", [echo, breaks, breaks_off, deaf])
def test_no_line_holds_anything_of_the_request(app: Route) -> None:
    asked = ask(
        app,
        method=MARK if app is deaf else "POST",
        path=f"/{MARK}",
        headers=[("X-Request-ID", MARK), ("User-Agent", MARK), ("Referer", MARK)],
        body=[MARK.encode()],
    )
    told = [{name: one for name, one in line.items() if name != "error"} for line in asked.lines]
    assert MARK not in repr(told)


# What is not a request


def test_a_web_socket_is_closed() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    guard = Guard(breaks, ServiceSettings(snapshot=Path("none")))
    asyncio.run(guard({"type": "websocket"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_the_start_and_end_of_the_service_pass() -> None:
    passed = []

    async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    async def nothing(*_: object) -> Any:
        return None

    guard = Guard(lifespan, ServiceSettings(snapshot=Path("none")))
    asyncio.run(guard({"type": "lifespan"}, nothing, nothing))
    assert passed == ["lifespan"]
