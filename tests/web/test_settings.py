"""How a service may run, and how it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from spmatch.web.settings import ServiceSettings, is_loopback


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


@pytest.mark.parametrize(
    ("host", "loopback"), [("localhost", True), ("127.9.9.9", True), ("localhost.evil", False)]
)
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback
