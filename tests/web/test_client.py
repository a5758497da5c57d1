"""The client asks as it is told, comes back when it is told, and reads what a newer service adds."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response as HttpResponse

import spmatch.client
from loopback import running, serving
from making import TODAY
from serving import SINGER, TOWN, town_matcher
from spmatch.client import CatalogueFacts, Client, FieldProblem, ServiceError, ServiceProblem
from spmatch.errors import SpmatchError
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.suggestion import Response
from spmatch.web import listing, problems
from spmatch.web.keys import KeyRing
from spmatch.words import Record

MARK = "Xanthippe"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return town_matcher()


@pytest.fixture(scope="module")
def client(matcher: Matcher) -> Iterator[Client]:
    with serving(matcher) as address:
        yield Client(address)


# A real service


@pytest.mark.parametrize("person", [SINGER, Profile.read(SINGER)], ids=["mapping", "profile"])
def test_a_match_is_that_of_the_matcher(client: Client, matcher: Matcher, person: Any) -> None:
    answer = client.match(person, k=2, language="da", on=TODAY)
    own = matcher.match(Profile.read(SINGER), k=2, language="da", on=TODAY)
    assert answer.to_json(timing=False) == own.to_json(timing=False)


def test_a_plan_can_be_asked_for(client: Client) -> None:
    assert client.match(SINGER).plan is None
    assert client.match(SINGER, plan=True).plan is not None


def test_unknown_can_be_excluded(client: Client) -> None:
    person = {**SINGER, "must": {"access": ["step_free"]}}
    assert client.match(person, unknown="keep").suggestions
    assert not client.match(person, unknown="exclude").suggestions


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_many_are_answered_in_their_order(client: Client, batch: int) -> None:
    people = [{**SINGER, "id": str(number)} for number in range(5)]
    answers = list(client.match_many(people, k=1, batch=batch))
    assert [one.profile_id for one in answers if isinstance(one, Response)] == list("01234")


def test_one_that_cannot_be_answered_does_not_stop_the_others(client: Client) -> None:
    people = [SINGER, {**SINGER, "age": -1}, SINGER]
    first, wrong, last = client.match_many(people, batch=2)
    assert isinstance(first, Response)
    assert isinstance(last, Response)
    assert isinstance(wrong, ServiceProblem)
    assert (wrong.line, wrong.errors[0].field) == (2, "age")


def test_lines_are_counted_through_all_batches(client: Client) -> None:
    people = [SINGER, SINGER, {**SINGER, "age": -1}]
    assert list(client.match_many(people, batch=2))[2].line == 3  # type: ignore[union-attr]


def test_profiles_are_taken_only_as_they_are_needed(client: Client) -> None:
    taken = []

    def people() -> Iterator[dict[str, Any]]:
        while True:
            taken.append(1)
            yield SINGER

    answers = client.match_many(people(), batch=3)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert len(taken) == 3


def test_nobody_is_answered_with_nothing(client: Client) -> None:
    assert list(client.match_many([])) == []


def test_why_is_that_of_the_matcher(client: Client, matcher: Matcher) -> None:
    answer = client.why("debt/advice", SINGER, language="en", on=TODAY)
    assert answer == matcher.why("debt/advice", SINGER, language="en", on=TODAY)


@pytest.mark.parametrize("activity", TOWN, ids=lambda one: one.id)
def test_an_activity_is_read_back_whole(client: Client, activity: Any) -> None:
    assert client.activity(activity.id) == activity


def test_all_pages_of_activities_are_read(client: Client) -> None:
    assert [one.id for one in client.activities(page=1)] == ["choir", "debt/advice", "garden"]


def test_activities_can_be_filtered(client: Client) -> None:
    assert [one.id for one in client.activities(provider="Green club")] == ["garden"]


def test_the_catalogue_is_told(client: Client, matcher: Matcher) -> None:
    facts = client.catalogue()
    assert (facts.hash, facts.activities) == (matcher.catalogue.hash, 3)


def test_a_service_that_answers_is_ready(client: Client) -> None:
    assert client.ready()


def test_nobody_there_is_not_ready() -> None:
    with socket.socket() as taken:
        # Bound, so that nobody else can listen there; and nobody does.
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert not Client(f"http://127.0.0.1:{port}").ready()


def test_an_unknown_activity_is_an_error_with_its_status(client: Client) -> None:
    with pytest.raises(ServiceError) as error:
        client.activity("nobody")
    assert error.value.status == 404
    assert isinstance(error.value, SpmatchError)


def test_a_mistake_in_a_profile_names_its_field(client: Client) -> None:
    with pytest.raises(ServiceError, match="age:") as error:
        client.match({**SINGER, "age": -1})
    assert error.value.problem is not None
    assert error.value.problem.errors[0].field == "age"


def test_an_error_never_repeats_the_text(client: Client) -> None:
    with pytest.raises(ServiceError) as error:
        client.match({"needs": MARK, "age": MARK, "origin": {"place": MARK}})
    assert MARK not in f"{error.value} {error.value.problem!r}"


def test_a_key_opens_the_service(matcher: Matcher, tmp_path: Any) -> None:
    keys = tmp_path / "keys.json"
    _, secret = KeyRing(keys, create=True).add("record system", ["match"])
    with serving(matcher, keys=keys) as address:
        assert Client(address, secret).match(SINGER).suggestions
        with pytest.raises(ServiceError, match="401"):
            Client(address).match(SINGER)


# A service that is played


@contextmanager
def played(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[Client, list[Request]]]:
    """A service that gives these answers in turn, and what it was asked."""
    left, asked = list(answers), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            await request.body()
            asked.append(request)
            status, headers, body = left.pop(0)
            await HttpResponse(body, status, headers)(scope, receive, send)

    with running(app) as address:
        yield Client(f"{address}/town/", "spm_secret"), asked


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have waited."""
    found: list[float] = []
    monkeypatch.setattr(spmatch.client, "sleep", found.append)
    return found


@pytest.fixture(scope="module")
def response(matcher: Matcher) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(matcher.match(SINGER, language="en", on=TODAY).to_json())
    return found


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_nothing_of_a_person_and_no_key_is_in_an_address(response: dict[str, Any]) -> None:
    with played((200, {}, body(response)), (200, {}, body(response) + b"\n")) as (client, asked):
        client.match({"needs": MARK}, k=3, language="da", on=TODAY)
        list(client.match_many([{"needs": MARK}]))
    assert [str(one.url.path) for one in asked] == ["/town/v1/match", "/town/v1/match/batch"]
    assert asked[0].url.query == "k=3&language=da&unknown=keep&on=2026-11-23"
    assert asked[0].headers["authorization"] == "Bearer spm_secret"


@pytest.mark.parametrize("status", [429, 503])
def test_it_comes_back_when_it_is_told(
    status: int, response: dict[str, Any], waits: list[float]
) -> None:
    with played((status, {"Retry-After": "7"}, b""), (200, {}, body(response))) as (client, _):
        assert client.match(SINGER).suggestions
    assert waits == [7.0]


def test_it_gives_up_after_so_many_times(waits: list[float]) -> None:
    busy = (503, {"Retry-After": "1"}, body({"title": "The service is busy", "status": 503}))
    with (
        played(busy, busy, busy) as (client, _),
        pytest.raises(ServiceError, match="busy") as error,
    ):
        client.match(SINGER)
    assert (waits, error.value.retry_after) == ([1.0, 1.0], 1.0)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "3600"}, {"Retry-After": "soon"}])
def test_it_does_not_wait_for_what_is_not_told_or_too_long(
    headers: dict[str, str], waits: list[float]
) -> None:
    with played((503, headers, b"")) as (client, _), pytest.raises(ServiceError):
        client.match(SINGER)
    assert waits == []


def test_a_date_to_come_back_is_read(response: dict[str, Any], waits: list[float]) -> None:
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    with played((503, {"Retry-After": past}, b""), (200, {}, body(response))) as (client, _):
        client.match(SINGER)
    assert waits == [0.0]


def newer(found: dict[str, Any]) -> dict[str, Any]:
    """An answer with fields of a newer service, at the top and deep inside."""
    text = json.loads(json.dumps(found))
    text["weather"] = {"rain": True}
    for suggestion in text["suggestions"]:
        suggestion["colour"] = "blue"
        suggestion["activity"]["parking"] = 3
        suggestion["contributions"][0]["share"] = 0.2
    return text


def test_fields_of_a_newer_service_are_left_out(response: dict[str, Any]) -> None:
    with played((200, {}, body(newer(response)))) as (client, _):
        assert client.match(SINGER) == Response.model_validate(response)


def test_a_newer_problem_is_read(response: dict[str, Any]) -> None:
    problem = {"title": "Busy", "status": 503, "load": 3, "errors": [{"field": "a", "code": 9}]}
    with played((503, {}, body(problem))) as (client, _), pytest.raises(ServiceError) as error:
        client.match(SINGER)
    assert error.value.problem == ServiceProblem(
        title="Busy", status=503, errors=(FieldProblem(field="a"),)
    )


@pytest.mark.parametrize("text", [b"<html>", b"[]", b"3", b"{}"])
def test_what_is_no_answer_of_spmatch_is_an_error(text: bytes) -> None:
    with (
        played((200, {}, text)) as (client, _),
        pytest.raises(ServiceError, match="cannot be read"),
    ):
        client.match(SINGER)


@pytest.mark.parametrize("text", [b"<html>\n", b"[1]\n", b"null\n"])
def test_a_line_that_is_no_answer_is_an_error(text: bytes) -> None:
    with (
        played((200, {}, text)) as (client, _),
        pytest.raises(ServiceError, match="cannot be read"),
    ):
        list(client.match_many([SINGER]))


def test_a_page_that_is_none_is_an_error() -> None:
    with (
        played((200, {}, b"{}")) as (client, _),
        pytest.raises(ServiceError, match="cannot be read"),
    ):
        list(client.activities())


@pytest.mark.parametrize("text", [b"<html>", b"[1]", b"null", b""])
def test_a_refusal_in_other_words_keeps_its_status(text: bytes) -> None:
    with played((502, {}, text)) as (client, _), pytest.raises(ServiceError, match="502") as error:
        client.match(SINGER)
    assert error.value.problem is None


def test_a_redirect_is_not_followed() -> None:
    elsewhere = (307, {"Location": "http://127.0.0.1:9/"}, b"")
    with played(elsewhere) as (client, _), pytest.raises(ServiceError, match="307"):
        client.match(SINGER)


def test_answers_that_end_early_are_an_error(response: dict[str, Any]) -> None:
    with played((200, {}, body(response) + b"\n")) as (client, _):
        answers = client.match_many([SINGER, SINGER])
        next(answers)
        with pytest.raises(ServiceError, match="before every profile"):
            next(answers)


def test_a_service_that_is_starting_is_not_ready() -> None:
    with played((503, {}, b"")) as (client, _):
        assert not client.ready()


def test_a_service_that_is_something_else_is_an_error() -> None:
    with played((404, {}, b"")) as (client, _), pytest.raises(ServiceError, match="404"):
        client.ready()


# The client itself


@pytest.mark.parametrize(
    "address",
    [
        "matching.example",
        "ftp://matching.example",
        "http://",
        "https://key@a.example",
        "http://a/?k=1",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Client(address)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://[::1]", "::1", 80),
        ("http://[::1]:8000", "::1", 8000),
        ("https://a.example/town", "a.example", 443),
    ],
)
def test_an_address_leads_where_it_says(address: str, host: str, port: int) -> None:
    connection = Client(address)._connection()
    assert (connection.host, connection.port) == (host, port)


def test_a_key_may_come_with_the_end_of_its_line(response: dict[str, Any]) -> None:
    with played((200, {}, body(response))) as (client, asked):
        Client(client._address, "spm_secret\n").match(SINGER)
    assert asked[0].headers["authorization"] == "Bearer spm_secret"


def test_a_key_is_never_shown() -> None:
    shown = repr(Client("https://matching.example/town/", "spm_secret"))
    assert shown == "Client(https://matching.example/town)"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (CatalogueFacts, listing.CatalogueFacts),
        (ServiceProblem, problems.ProblemDetails),
        (FieldProblem, problems.FieldProblem),
    ],
)
def test_records_of_the_client_hold_all_that_the_service_sends(
    ours: type[Record], theirs: type[Record]
) -> None:
    assert set(ours.model_fields) - {"line"} == set(theirs.model_fields)


def test_importing_the_client_loads_no_engine_and_no_service() -> None:
    show = "import sys, spmatch.client; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    heavy = {"numpy", "onnxruntime", "scipy", "sklearn", "tokenizers", "fastapi", "starlette"}
    assert not heavy & set(done.stdout.split())
