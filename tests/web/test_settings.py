"""How a service may run, and how it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from spmatch.web.hosts import is_loopback
from spmatch.web.settings import ServiceSettings


def settings(**given: Any) -> ServiceSettings:
    return ServiceSettings.model_validate({"snapshot": "s", **given})


def test_it_listens_on_this_machine_alone() -> None:
    assert settings().host == "127.0.0.1"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_loopback_needs_no_keys(host: str) -> None:
    assert settings(host=host).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "spmatch.example"])
def test_without_keys_nothing_else_is_listened_on(host: str) -> None:
    with pytest.raises(ValidationError, match="without keys"):
        settings(host=host)


def test_with_keys_any_address_may_be_listened_on() -> None:
    assert settings(host="0.0.0.0", keys="keys.json").host == "0.0.0.0"


@pytest.mark.parametrize("name", ["match.example", "match.example:443", "10.1.2.3", "fd00::5"])
def test_a_name_may_be_any_that_a_browser_sends(name: str) -> None:
    assert settings(public_names=[name]).public_names == (name,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("public_names", ["https://match.example"]),
        ("public_names", ["match.example/social"]),
        ("public_names", [""]),
        ("origins", ["records.example"]),
        ("origins", ["https://records.example/"]),
        ("root_path", "social"),
        ("root_path", "/social/"),
        ("root_path", "/"),
    ],
)
def test_what_would_never_fit_a_request_is_refused_at_the_start(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match="such as") as raised:
        settings(**{field: value})
    assert [error["loc"] for error in raised.value.errors()] == [(field,)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origins", ["*"]),
        ("origins", ["https://records.example:8443", "http://localhost:3000"]),
        ("root_path", "/a/b"),
    ],
)
def test_what_may_fit_one_is_taken(field: str, value: object) -> None:
    assert settings(**{field: value})


@pytest.mark.parametrize(
    ("host", "loopback"), [("localhost", True), ("127.9.9.9", True), ("localhost.evil", False)]
)
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback
