"""Addresses: what is told of them, what is kept, and where they may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.sources.addresses import (
    Address,
    identity_of,
    is_address,
    mask,
    next_page,
    page_of,
    redirected,
    with_page,
    with_secrets,
    without_secrets,
)


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("http://x.dk/feed", True),
        ("HTTPS://x.dk", True),
        ("feed.json", False),
        ("-", False),
        ("file:///etc/passwd", False),
        ("ftp://x.dk", False),
        ("http:/x", False),
    ],
)
def test_an_address_is_known_by_its_start(source: str, is_one: bool) -> None:
    assert is_address(source) is is_one


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://anna:x@x.dk/feed", "https://x.dk/feed"),
        ("https://x.dk/feed?key=abc", "https://x.dk/feed?key=***"),
        (
            "https://x.dk/feed?page=2&per_page=50&token=abc",
            "https://x.dk/feed?page=2&per_page=50&token=***",
        ),
        ("https://x.dk/feed?PAGE=2#abc", "https://x.dk/feed?PAGE=2"),
        ("https://x.dk/feed?flag", "https://x.dk/feed?flag"),
        ("https://a:b@c@x.dk:8443/", "https://x.dk:8443/"),
        ("http://[", "an address that cannot be read"),
    ],
)
def test_what_is_told_of_an_address(url: str, told: str) -> None:
    assert mask(url) == told


WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=4, max_size=12)


@given(user=WORDS, password=WORDS, name=WORDS, value=WORDS)
def test_no_secret_is_told(user: str, password: str, name: str, value: str) -> None:
    given = {part: f"zz{part}zz" for part in (user, password, value)}
    url = f"https://{given[user]}:{given[password]}@x.dk/feed?{name}zz={given[value]}"
    told = mask(url) + repr(Address.of(url)) + Address.of(url).name
    assert not [secret for secret in given.values() if secret in told]


def test_what_is_secret_is_put_back() -> None:
    source = "https://x.dk/feed?key=abc&area=0461&page=1"
    kept = without_secrets("https://x.dk/feed?key=abc&area=0461&page=7", source)
    assert kept == "https://x.dk/feed?page=7"
    assert identity_of(with_secrets(kept, source)) == identity_of(
        "https://x.dk/feed?page=7&area=0461&key=abc"
    )


def test_a_value_that_a_feed_gave_itself_is_kept() -> None:
    kept = without_secrets("https://x.dk/feed?cursor=q1&key=abc", "https://x.dk/feed?key=abc")
    assert kept == "https://x.dk/feed?cursor=q1"


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://x.dk/?page=3", 3),
        ("https://x.dk/?a=1&pageNumber=0", 0),
        ("https://x.dk/?page=last", None),
        ("https://x.dk/?page=²", None),
        ("https://x.dk/?per_page=3", None),
    ],
)
def test_the_page_that_an_address_asks_for(url: str, number: int | None) -> None:
    assert page_of(url) == number


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://x.dk/feed", "https://x.dk/feed?page=4"),
        ("https://x.dk/feed?a=%20b", "https://x.dk/feed?a=%20b&page=4"),
        ("https://x.dk/feed?page=1&a=b", "https://x.dk/feed?page=4&a=b"),
        ("https://x.dk/feed?a&Page=1", "https://x.dk/feed?a&Page=4"),
    ],
)
def test_the_address_of_another_page(url: str, other: str) -> None:
    assert with_page(url, 4) == other


@pytest.mark.parametrize(
    ("named", "there"),
    [
        ("https://x.dk/feed?a=2", "https://x.dk/feed?a=2"),
        ("?a=2", "https://x.dk/feed?a=2"),
        ("/other", "https://x.dk/other"),
        ("https://anna:x@x.dk/feed#end", "https://x.dk/feed"),
        ("http://x.dk/feed?a=2", "https://x.dk/feed?a=2"),
        ("http://x.dk:80/feed?a=2", "https://x.dk/feed?a=2"),
        ("https://x.dk:443/feed", "https://x.dk:443/feed"),
        ("http://x.dk:8080/feed", None),
        ("https://y.dk/feed", None),
        ("https://x.dk:8443/feed", None),
        ("file:///feed", None),
        ("https://[", None),
    ],
)
def test_a_next_page_lies_on_the_same_host_and_is_asked_for_as_safely(
    named: str, there: str | None
) -> None:
    assert next_page("https://x.dk/feed", named) == there


@pytest.mark.parametrize(
    ("url", "location", "there"),
    [
        ("http://x.dk/a", "/b", "http://x.dk/b"),
        ("http://x.dk/a", "https://x.dk/a", "https://x.dk/a"),
        ("https://x.dk/a", "https://y.dk/a", "https://y.dk/a"),
        ("https://x.dk/a", "http://x.dk/a", None),
        ("https://x.dk/a", "file:///a", None),
        ("http://x.dk/a", "http://127.0.0.1/a", None),
        ("http://x.dk/a", "http://169.254.169.254/a", None),
        ("http://x.dk/a", "http://[::1]/a", None),
        ("http://x.dk/a", "http://localhost/a", None),
        ("http://x.dk/a", "http://intra.local/a", None),
        ("http://10.0.0.1/a", "http://10.0.0.2/a", "http://10.0.0.2/a"),
    ],
)
def test_where_a_redirect_may_lead(url: str, location: str, there: str | None) -> None:
    assert redirected(url, location) == there


def test_the_order_of_parameters_means_nothing() -> None:
    assert identity_of("http://x.dk:80?a=1&b=2") == identity_of("http://x.dk/?b=2&a=1")


def test_an_address_of_another_key_is_another_source() -> None:
    one, other = (Address.of(f"https://x.dk/feed?area={area}").digest for area in (1, 2))
    assert one != other
