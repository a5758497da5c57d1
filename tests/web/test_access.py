"""Who may ask what, and what one is told who may not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import Depends, FastAPI, Request
from starlette.testclient import TestClient

from spmatch.web.access import allowed
from spmatch.web.handlers import add_handlers
from spmatch.web.keys import KeyRing
from spmatch.web.rates import Rates
from spmatch.web.settings import ServiceSettings

HOME = "http://localhost:8000"
UNKNOWN = "spm_" + "A" * 43


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys.json", create=True)


def client_of(ring: KeyRing | None, **settings: object) -> TestClient:
    """A client of an app with one route for each way of asking; each answers the id of the key."""
    app = FastAPI()
    add_handlers(app)
    app.state.service = SimpleNamespace(
        settings=ServiceSettings(snapshot=Path("none"), **settings),  # type: ignore[arg-type]
        keys=ring,
        # All requests of a test come in one moment, however slow the machine is.
        rates=SimpleNamespace(take=partial(Rates().take, now=1000.0)),
    )

    async def tell(request: Request) -> dict[str, str | None]:
        return {"key": request.state.key_id}

    for scope in ("match", "read", "admin"):
        app.get(f"/{scope}", dependencies=[Depends(allowed(scope))])(tell)  # type: ignore[arg-type]
    app.post("/match", dependencies=[Depends(allowed("match"))])(tell)
    page = [Depends(allowed("match", page=True))]
    app.api_route("/page", methods=["GET", "POST"], dependencies=page)(tell)
    return TestClient(app, base_url=HOME)


@pytest.fixture
def client(ring: KeyRing) -> Iterator[TestClient]:
    with client_of(ring) as client:
        yield client


@pytest.fixture
def free() -> Iterator[TestClient]:
    """Without keys."""
    with client_of(None) as client:
        yield client


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str, user: str = "") -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{secret}'.encode()).decode()}"}


# Without keys


@pytest.mark.parametrize("path", ["/match", "/read", "/admin", "/page"])
def test_without_keys_everybody_may_ask(free: TestClient, path: str) -> None:
    answer = free.get(path)
    assert (answer.status_code, answer.json()) == (200, {"key": None})


def test_without_keys_a_key_is_not_looked_at(free: TestClient) -> None:
    assert free.get("/match", headers=bearer(UNKNOWN)).status_code == 200


# With keys


def test_a_program_sends_its_key_as_bearer(client: TestClient, ring: KeyRing) -> None:
    key, secret = ring.add("journal", ["match"])
    assert client.get("/match", headers=bearer(secret)).json() == {"key": key.id}


def test_the_scheme_is_read_in_any_case(client: TestClient, ring: KeyRing) -> None:
    _, secret = ring.add("journal", ["match"])
    sent = {"Authorization": f"BEARER  {secret}"}
    assert client.get("/match", headers=sent).status_code == 200


@pytest.mark.parametrize("user", ["", "ane", "æøå"])
def test_a_browser_sends_it_as_a_password_with_any_user_name(
    client: TestClient, ring: KeyRing, user: str
) -> None:
    key, secret = ring.add("team", ["match"])
    assert client.get("/page", headers=basic(secret, user)).json() == {"key": key.id}


def refused(ring: KeyRing) -> dict[str, dict[str, str]]:
    """Every way of having no right to ask."""
    key, stopped = ring.add("stopped", ["match"])
    ring.revoke(key.id)
    return {
        "none": {},
        "empty": {"Authorization": ""},
        "no secret": {"Authorization": "Bearer"},
        "another scheme": {"Authorization": f"Digest {UNKNOWN}"},
        "no scheme": {"Authorization": UNKNOWN},
        "unknown": bearer(UNKNOWN),
        "revoked": bearer(stopped),
        "not base64": {"Authorization": "Basic %%%"},
        "not utf-8": {"Authorization": f"Basic {b64encode(bytes([255, 58, 255])).decode()}"},
        "no colon": {"Authorization": f"Basic {b64encode(b'nothing').decode()}"},
        "unknown password": basic(UNKNOWN),
    }


@pytest.mark.parametrize("path", ["/match", "/page"])
def test_whoever_has_no_key_is_told_the_same(client: TestClient, ring: KeyRing, path: str) -> None:
    answers = {
        (answer.status_code, answer.headers["www-authenticate"], answer.text)
        for headers in refused(ring).values()
        for answer in [client.get(path, headers=headers)]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_two_keys_at_once_are_none(client: TestClient, ring: KeyRing) -> None:
    _, secret = ring.add("journal", ["match"])
    both = [("Authorization", f"Bearer {secret}"), ("Authorization", f"Bearer {secret}")]
    assert client.get("/match", headers=both).status_code == 401


def test_a_program_is_asked_for_a_bearer(client: TestClient) -> None:
    assert client.get("/match").headers["www-authenticate"] == 'Bearer realm="spmatch"'


def test_a_browser_is_asked_for_a_password(client: TestClient) -> None:
    asked = client.get("/page").headers["www-authenticate"]
    assert asked == 'Basic realm="spmatch", charset="UTF-8"'


def test_a_refusal_does_not_repeat_the_key(client: TestClient) -> None:
    assert UNKNOWN not in client.get("/match", headers=bearer(UNKNOWN)).text


def test_a_key_is_refused_from_the_moment_it_is_revoked(client: TestClient, ring: KeyRing) -> None:
    key, secret = ring.add("journal", ["match"])
    assert client.get("/match", headers=bearer(secret)).status_code == 200
    ring.revoke(key.id)
    assert client.get("/match", headers=bearer(secret)).status_code == 401


@pytest.mark.parametrize("had", ["match", "read", "admin"])
@pytest.mark.parametrize("needed", ["match", "read", "admin"])
def test_a_key_may_do_what_its_scope_says(
    client: TestClient, ring: KeyRing, had: str, needed: str
) -> None:
    _, secret = ring.add("key", [had])
    status = client.get(f"/{needed}", headers=bearer(secret)).status_code
    assert status == (200 if had == needed else 403)


# Rates


def test_a_key_that_asks_too_often_is_told_when_to_come_back(
    client: TestClient, ring: KeyRing
) -> None:
    _, secret = ring.add("journal", ["match"], 2)
    answers = [client.get("/match", headers=bearer(secret)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "30"


def test_a_key_without_a_rate_has_that_of_the_service(ring: KeyRing) -> None:
    _, secret = ring.add("journal", ["match"])
    with client_of(ring, rate_per_minute=1) as client:
        assert client.get("/match", headers=bearer(secret)).status_code == 200
        assert client.get("/match", headers=bearer(secret)).status_code == 429


def test_what_a_key_may_not_do_counts_as_well(client: TestClient, ring: KeyRing) -> None:
    _, secret = ring.add("journal", ["match"], 1)
    assert client.get("/admin", headers=bearer(secret)).status_code == 403
    assert client.get("/match", headers=bearer(secret)).status_code == 429


# The page of another site


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        # Browsers of today say where a form was sent from.
        ({"Sec-Fetch-Site": "same-origin", "Origin": HOME}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HOME}, 403),
        # Older ones say whose page it was.
        ({"Origin": HOME}, 200),
        ({"Origin": HOME.upper()}, 200),
        ({"Origin": "https://match.example"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://match.example.evil.example"}, 403),
        ({"Origin": "http://localhost:9000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "file://"}, 403),
        ({"Origin": "https://[evil"}, 403),
        # Programs say nothing.
        ({}, 200),
    ],
)
def test_a_form_of_another_site_is_refused_also_without_keys(
    headers: dict[str, str], status: int
) -> None:
    with client_of(None, public_names=("match.example",)) as client:
        assert client.post("/page", headers=headers).status_code == status


def test_a_form_of_another_site_is_refused_whatever_key_the_browser_adds(
    client: TestClient, ring: KeyRing
) -> None:
    _, secret = ring.add("team", ["match"])
    headers = basic(secret) | {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/page", headers=headers).status_code == 403


def test_a_link_from_another_site_leads_to_the_page(free: TestClient) -> None:
    assert free.get("/page", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
