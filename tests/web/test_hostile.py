"""Whatever is sent, it is answered or refused: nothing breaks, and nothing sent comes back as markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from serving import make_client

JSON = {"Content-Type": "application/json"}
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client() as client:
        yield client


def status(client: TestClient, profile: object) -> int:
    body = json.dumps(profile)
    return int(client.post("/v1/match", content=body, headers=JSON).status_code)


@pytest.mark.parametrize("field", ["needs", "interests", "avoid", "id"])
def test_a_script_in_a_text_is_only_text(client: TestClient, field: str) -> None:
    answer = client.post("/v1/match", json={field: SCRIPT[:200]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize("field", ["needs", "interests", "avoid", "id", "gender", "text_language"])
def test_a_field_of_a_megabyte_is_refused(client: TestClient, field: str) -> None:
    assert status(client, {field: "a" * 1_000_000}) == 413


def test_a_text_just_too_long_says_which(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"needs": "a" * 20_001})
    assert [error["field"] for error in answer.json()["errors"]] == ["needs"]


@pytest.mark.parametrize("opened", ["[", '{"must":'])
def test_json_nested_without_end_is_refused(client: TestClient, opened: str) -> None:
    answer = client.post("/v1/match", content=opened * 50_000, headers=JSON)
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b'{"needs": "\xff\xfe"}', b'{"needs": "\xed\xa0\x80"}', b"\x00"])
def test_bytes_that_are_no_text_are_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/v1/match", content=body, headers=JSON).status_code == 422


@pytest.mark.parametrize(
    "text", ["\ud800", "\u0000", "\u202e", "\U0001f9d1\u200d\U0001f9bd", "́" * 5000]
)
def test_odd_characters_are_answered_or_refused(client: TestClient, text: str) -> None:
    body = json.dumps({"needs": f"Singing {text}"})
    assert client.post("/v1/match", content=body, headers=JSON).status_code in (200, 422)


@pytest.mark.parametrize(
    ("lat", "lon"), [(90, 0), (-90, 0), (0, 180), (0, -180), (90, 180), (-90, -180)]
)
def test_the_ends_of_the_earth_can_be_started_from(
    client: TestClient, lat: float, lon: float
) -> None:
    profile = {"origin": {"lat": lat, "lon": lon}, "must": {"distance_km": 20_100}}
    assert status(client, profile) == 200


@pytest.mark.parametrize(
    "profile",
    [
        {"origin": {"lat": 90.1, "lon": 0}},
        {"origin": {"lat": 1e308, "lon": 0}},
        {"origin": {"lat": "57", "lon": []}},
        {"origin": {}},
        {"origin": None, "must": {"distance_km": 1}},
        {"age": 131},
        {"age": -1},
        {"age": 10**400},
        {"age": "old"},
        {"age": 40.5},
        {"must": {"distance_km": 1e400}},
        {"must": {"access": ["wings"]}},
        {"must": {"available": [{"day": "mon", "start": "25:00"}]}},
        {"must": []},
        {"must": "all"},
        {"languages": "da"},
        {"needs": {"text": "x"}},
        {"needs": ["x"]},
        {"needs": 1},
        {"__proto__": {}},
        {"budget": {"amount": -1}},
        {"origin": {"place": "x" * 100_000}},
    ],
)
def test_what_makes_no_sense_is_refused(client: TestClient, profile: dict[str, Any]) -> None:
    assert status(client, profile) == 422


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_any_day_of_the_calendar_can_be_matched_for(client: TestClient, on: str) -> None:
    assert client.post(f"/v1/match?on={on}&plan=true", json={}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../serve.py", "/static/%2e%2e/serve.py", "/static/..%2fserve.py", "/static/"]
)
def test_only_static_files_are_given_out(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["needs", "origin", "lat", "must", "cost", "amount", "day", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(profile=ANY_JSON)
@settings(max_examples=150, deadline=None)
def test_any_json_is_answered_or_refused(client: TestClient, profile: object) -> None:
    assert status(client, profile) in (200, 422)


# The page


FIELDS = [
    *("needs", "interests", "avoid", "origin", "where", "age", "gender", "languages"),
    *("concessions", "language", "picked", "why", "activity", "distance", "distance_km"),
]


def page(client: TestClient, path: str, form: dict[str, str]) -> Any:
    return client.post(path, data=form, headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/why", "/compare", "/handout"])
def test_a_script_in_every_field_comes_back_as_text(client: TestClient, path: str) -> None:
    answer = page(client, path, dict.fromkeys(FIELDS, SCRIPT))
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/why", "/compare", "/handout", "/handout.pdf", "/handout.txt", "/handout.ics"]
)
def test_no_form_breaks_a_page(client: TestClient, path: str) -> None:
    for value in (SCRIPT, "-1", "9" * 400, "\x00", "må", "a" * 21_000, "1e400", "2026-02-31"):
        assert page(client, path, dict.fromkeys(FIELDS, value)).status_code in (200, 400, 413, 422)


@pytest.mark.parametrize("path", ["/", "/why", "/compare", "/handout"])
def test_a_page_that_is_too_large_is_refused(client: TestClient, path: str) -> None:
    assert page(client, path, {"needs": "a" * 1_000_000}).status_code == 413


@pytest.mark.parametrize("content", [b"%", b"%ff%fe=%00", b"a" * 1000, b"&&&=", b"needs=" * 5000])
def test_a_form_that_is_none_is_answered_or_refused(client: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    assert client.post("/", content=content, headers=headers).status_code in (200, 400, 422)
