"""The routes of version 1 answer as Python and the command line do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from making import HOME, TODAY
from serving import SINGER, make_client, town_matcher
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.suggestion import Response, WhyNot


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return town_matcher()


@pytest.fixture(scope="module")
def client(matcher: Matcher) -> Iterator[TestClient]:
    with make_client(matcher) as client:
        yield client


def post(client: TestClient, path: str, profile: object = SINGER) -> Any:
    return client.post(path, json=profile)


# Match


def test_a_match_is_that_of_the_matcher(client: TestClient, matcher: Matcher) -> None:
    answer = post(client, f"/v1/match?on={TODAY}&k=2&language=en")
    own = matcher.match(Profile.read(SINGER), k=2, language="en", on=TODAY)
    assert json.loads(own.to_json(timing=False)) == {
        name: value for name, value in answer.json().items() if name not in ("timing_ms", "search")
    }


def test_a_match_can_be_read_back_as_a_response(client: TestClient) -> None:
    answer = Response.model_validate_json(post(client, "/v1/match").content)
    assert answer.suggestions[0].activity.id == "choir"


@pytest.mark.parametrize("k", [1, 2])
def test_k_bounds_how_many_are_suggested(client: TestClient, k: int) -> None:
    assert len(post(client, f"/v1/match?k={k}").json()["suggestions"]) == k


def test_the_language_of_the_explanation_can_be_chosen(client: TestClient) -> None:
    answer = post(client, "/v1/match?language=da").json()["suggestions"][0]
    assert "Det er gratis." in answer["reasons"] or any("km" in r for r in answer["reasons"])


def test_unknown_exclude_leaves_out_what_is_not_stated(client: TestClient) -> None:
    profile = {"origin": HOME, "must": {"access": ["lift"]}}
    kept = post(client, "/v1/match", profile).json()["suggestions"]
    left = post(client, "/v1/match?unknown=exclude", profile).json()["suggestions"]
    assert (len(kept), len(left)) == (2, 1)


def test_a_plan_is_made_where_it_is_asked_for(client: TestClient) -> None:
    assert post(client, "/v1/match?plan=true").json()["plan"] is not None


def test_no_suitable_activity_is_an_answer(client: TestClient) -> None:
    profile = {**SINGER, "must": {"distance_km": 0}}
    answer = post(client, "/v1/match", profile)
    assert (answer.status_code, answer.json()["confidence"]) == (200, "none")


# Why


def test_why_is_that_of_the_matcher(client: TestClient, matcher: Matcher) -> None:
    answer = post(client, f"/v1/why?activity=debt/advice&on={TODAY}&language=en")
    own = matcher.why("debt/advice", SINGER, language="en", on=TODAY)
    assert WhyNot.model_validate_json(answer.content) == own


def test_why_of_an_unknown_activity_is_not_found(client: TestClient) -> None:
    assert post(client, "/v1/why?activity=gone").status_code == 404


def test_why_needs_an_activity(client: TestClient) -> None:
    answer = post(client, "/v1/why")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "activity")


# The catalogue


def test_an_activity_is_read_by_its_id(client: TestClient) -> None:
    assert client.get("/v1/activities/choir").json()["title"] == "Choir for all"


def test_an_id_may_hold_a_slash(client: TestClient) -> None:
    assert client.get("/v1/activities/debt/advice").json()["id"] == "debt/advice"


def test_an_unknown_activity_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/activities/gone").status_code == 404


def listed(client: TestClient, query: str) -> list[str]:
    return [one["id"] for one in client.get(f"/v1/activities?{query}").json()["activities"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["choir", "debt/advice", "garden"]),
        ("q=choir", ["choir"]),
        ("q=ALL+choir", ["choir"]),
        ("q=green", ["garden"]),
        ("provider=legal+aid", ["debt/advice"]),
        ("postcode=9000", ["choir"]),
        ("municipality=0851", ["choir"]),
        ("town=aalborg", ["choir", "garden"]),
        ("delivery=in_person", ["choir"]),
        ("theme=music", ["choir"]),
        ("language=da", ["garden"]),
        ("town=aalborg&language=da", ["garden"]),
        ("q=nothing", []),
    ],
)
def test_a_filter_lists_what_states_it(client: TestClient, query: str, found: list[str]) -> None:
    assert listed(client, query) == found


def test_a_page_names_the_next_one(client: TestClient) -> None:
    page = client.get("/v1/activities?limit=2").json()
    assert (len(page["activities"]), page["total"], page["next"]) == (2, 3, 2)


def test_the_last_page_names_none(client: TestClient) -> None:
    page = client.get("/v1/activities?limit=2&offset=2").json()
    assert ([one["id"] for one in page["activities"]], page["next"]) == (["garden"], None)


def test_a_mistyped_filter_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/activities?tonw=Aalborg")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "tonw")


def test_the_catalogue_says_which_it_is(client: TestClient, matcher: Matcher) -> None:
    facts = client.get("/v1/catalogue").json()
    assert (facts["hash"], facts["activities"]) == (matcher.catalogue.hash, 3)


def test_the_catalogue_counts_what_is_stated(client: TestClient) -> None:
    stated = client.get("/v1/catalogue").json()["stated"]
    assert (stated["cost"], stated["place"], stated["verified_on"]) == (2, 3, 1)


def test_the_catalogue_names_its_sources(client: TestClient) -> None:
    sources = client.get("/v1/catalogue").json()["sources"]
    assert {"name": "Town list", "licence": "CC-BY-4.0", "activities": 1} in sources
