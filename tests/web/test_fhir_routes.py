"""The FHIR door over HTTP: resources in and out, and an OperationOutcome whatever goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from starlette.testclient import TestClient

from asking_fhir import fixture, in_parameters, service_request
from making import TODAY
from serving import TOWN, make_client, town_matcher
from spmatch.errors import EncoderError
from spmatch.matcher import Matcher
from spmatch.web.fhir.service import resource_id
from spmatch.web.keys import KeyRing

MATCH = "/fhir/ServiceRequest/$match"
MARK = "Xanthippe"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return town_matcher()


@pytest.fixture(scope="module")
def client(matcher: Matcher) -> Iterator[TestClient]:
    with make_client(matcher) as client:
        yield client


def ask(client: TestClient, resource: object, query: str = "", kind: str = "fhir+json") -> Any:
    body = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return client.post(MATCH + query, content=body, headers={"Content-Type": f"application/{kind}"})


def outcome(answer: Any) -> OperationOutcome:
    assert answer.headers["content-type"] == "application/fhir+json; charset=utf-8"
    return OperationOutcome.model_validate(answer.json())


def singer(**elements: Any) -> dict[str, Any]:
    address = {"postalCode": "9000", "city": "Aalborg"}
    reason = [{"text": "Singing songs together with neighbours."}]
    return service_request({"address": [address]}, reasonCode=reason, language="en", **elements)


# Answers


@pytest.mark.parametrize("kind", ["fhir+json", "json", "fhir+json; charset=utf-8"])
def test_a_request_is_answered_with_a_bundle(client: TestClient, kind: str) -> None:
    answer = ask(client, singer(), f"?on={TODAY}", kind)
    assert answer.status_code == 200
    bundle = Bundle.model_validate(answer.json())
    assert bundle.entry[1].resource.name == "Choir for all"


@pytest.mark.parametrize("name", ["henvisning", "referral"])
def test_the_examples_are_answered(client: TestClient, name: str) -> None:
    answer = ask(client, fixture(name), f"?on={TODAY}")
    assert Bundle.model_validate(answer.json()).type == "searchset"


def test_the_answer_is_that_of_the_matcher(client: TestClient, matcher: Matcher) -> None:
    entries = ask(client, singer(), f"?on={TODAY}").json()["entry"][1:]
    profile = {
        "needs": "Singing songs together with neighbours.",
        "text_language": "en",
        "origin": {"postcode": "9000"},
    }
    own = matcher.match(profile, on=TODAY)
    scores = [entry["search"]["extension"][1]["valueDecimal"] for entry in entries]
    assert scores == [one.score for one in own.suggestions]


def test_parameters_are_answered_as_the_request_alone(client: TestClient) -> None:
    alone = ask(client, singer(), f"?on={TODAY}&k=1&language=da").json()
    within = ask(client, in_parameters(singer(), k=1, language="da", on=str(TODAY))).json()
    assert within["entry"] == alone["entry"]


def test_the_language_of_the_texts_is_that_of_the_answer(client: TestClient) -> None:
    issues = ask(client, {**singer(), "language": "da"}).json()["entry"][0]["resource"]["issue"]
    assert issues[0]["details"]["text"] in ("Godt match.", "Svagt match: vurdér nøje.")


def test_the_self_link_holds_nothing_of_the_person(client: TestClient) -> None:
    link = ask(client, singer(), "?k=1").json()["link"]
    assert link == [{"relation": "self", "url": f"http://localhost{MATCH}?k=1"}]


@pytest.mark.parametrize("activity", TOWN, ids=lambda one: one.id)
def test_every_activity_is_where_an_answer_says(client: TestClient, activity: Any) -> None:
    answer = client.get(f"/fhir/HealthcareService/{resource_id(activity.id)}")
    assert answer.json()["identifier"][0]["value"] == activity.id


def test_an_entry_is_the_resource_at_its_address(client: TestClient) -> None:
    entry = ask(client, singer(), "?language=en").json()["entry"][1]
    path = entry["fullUrl"].removeprefix("http://localhost")
    assert client.get(f"{path}?language=en").json() == entry["resource"]


def test_the_door_says_what_it_can_do(client: TestClient) -> None:
    statement = client.get("/fhir/metadata").json()
    definition = statement["rest"][0]["resource"][0]["operation"][0]["definition"]
    assert client.get(definition).json()["code"] == "match"


def test_a_path_of_a_proxy_is_part_of_addresses(client: TestClient) -> None:
    behind = TestClient(client.app, base_url="http://localhost", root_path="/town")
    url = behind.get("/fhir/metadata").json()["implementation"]["url"]
    assert url == "http://localhost/town/fhir"


# Refusals


def test_all_mistakes_come_at_once(client: TestClient) -> None:
    answer = ask(client, singer(intent=None, doNotPerform=True))
    assert answer.status_code == 400
    assert [issue.code for issue in outcome(answer).issue] == ["required", "business-rule"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?k=0", 422, "processing"),
        ("?language=sv", 422, "processing"),
        (f"?{MARK}=1", 422, "processing"),
        ("?_format=xml", 406, "not-supported"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(
    client: TestClient, query: str, status: int, code: str
) -> None:
    answer = ask(client, singer(), query)
    assert (answer.status_code, outcome(answer).issue[0].code) == (status, code)


@pytest.mark.parametrize(
    "query", ["?_format=json", "?_format=application/fhir%2Bjson&_pretty=true"]
)
def test_parameters_that_fhir_clients_add_are_taken(client: TestClient, query: str) -> None:
    assert ask(client, singer(), query).status_code == 200


@pytest.mark.parametrize("kind", ["fhir+xml", "xml", "x-www-form-urlencoded"])
def test_other_kinds_of_content_are_refused(client: TestClient, kind: str) -> None:
    answer = ask(client, singer(), kind=kind)
    assert (answer.status_code, outcome(answer).issue[0].code) == (415, "not-supported")


def test_a_place_that_is_not_known_is_told_at_its_address(client: TestClient) -> None:
    request = service_request({"address": [{"postalCode": f"{MARK}-9"}]})
    answer = ask(client, request)
    issue = outcome(answer).issue[0]
    assert (answer.status_code, issue.code) == (422, "not-found")
    assert issue.expression == ["ServiceRequest.contained[0].address[0]"]


def test_an_activity_that_is_not_there_is_not_found(client: TestClient) -> None:
    answer = client.get("/fhir/HealthcareService/nobody")
    assert (answer.status_code, outcome(answer).issue[0].code) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType": "' + MARK.encode() + b'"}',
        b'{"Xanthippe": ',
        json.dumps(service_request(reasonCode=[{"text": f"{MARK} \ud800"}])).encode(),
        json.dumps(service_request({"gender": MARK, "birthDate": MARK})).encode(),
        json.dumps(service_request(status=MARK, subject={"reference": f"#{MARK}"})).encode(),
        json.dumps(service_request(rest={MARK: MARK, "origin": {"postcode": MARK}})).encode(),
        json.dumps(service_request(rest={"origin": {"place": MARK}})).encode(),
        json.dumps(in_parameters(service_request(), k=MARK)).encode(),
        json.dumps({"resourceType": "Parameters", "parameter": [{"name": MARK}]}).encode(),
    ],
)
def test_a_refusal_never_repeats_what_was_sent(client: TestClient, body: bytes) -> None:
    answer = ask(client, body)
    assert answer.status_code in (400, 422)
    assert MARK not in answer.text
    assert outcome(answer).issue


def test_an_error_of_the_engine_is_an_outcome_that_says_nothing_of_it(
    client: TestClient, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EncoderError(f"Cannot encode {MARK}.")

    monkeypatch.setattr(matcher, "match", fail)
    answer = ask(client, singer())
    assert (answer.status_code, outcome(answer).issue[0].code) == (500, "exception")
    assert MARK not in answer.text


def test_a_body_that_is_too_large_is_an_outcome(matcher: Matcher) -> None:
    with make_client(matcher, body_bytes_max=200) as client:
        answer = ask(client, singer())
    assert (answer.status_code, outcome(answer).issue[0].code) == (413, "too-long")


def test_a_missing_key_is_an_outcome(matcher: Matcher, tmp_path: Any) -> None:
    keys = tmp_path / "keys.json"
    KeyRing(keys, create=True).add("record system", ["match"])
    with make_client(matcher, keys=keys) as client:
        answer = ask(client, singer())
    assert (answer.status_code, outcome(answer).issue[0].code) == (401, "login")
    assert answer.headers["www-authenticate"].startswith("Bearer")
