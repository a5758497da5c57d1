"""The example of a record system runs, and shows what it says it shows."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from loopback import serving
from making import HOME, WordEncoder, make_activity
from spmatch.client import Client, ServiceProblem
from spmatch.matcher import Matcher
from spmatch.profile import Limits, Origin, Profile

FILE = Path(__file__).parents[2] / "examples" / "record_system.py"
CHESS = make_activity("chess", title="Skak i caféen", text_language="da", place=HOME)


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_system", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving(Matcher.build([CHESS], encoder=WordEncoder())) as address:
        yield Client(address)


def test_a_row_becomes_a_profile_of_what_it_states(example: ModuleType) -> None:
    row = next(example.referrals(StringIO(example.REFERRALS)))
    assert example.profile_of(row) == Profile(
        needs="Enlig efter en skilsmisse og kommer ikke ud.",
        interests="Skak, gamle biler",
        avoid="Store forsamlinger",
        text_language="da",
        origin=Origin(postcode="9000"),
        must=Limits(distance_km=8),
    )


def test_every_referral_is_answered_in_the_order_of_the_table(
    example: ModuleType, client: Client
) -> None:
    out = StringIO()
    example.run(client, StringIO(example.REFERRALS), out)
    cases = [line for line in out.getvalue().splitlines() if line.startswith("A-")]
    assert cases == ["A-17", "A-18", "A-19"]
    assert "  1. Skak i caféen\n" in out.getvalue()


def test_a_danger_is_shown_before_any_suggestion(example: ModuleType, client: Client) -> None:
    table = "case;language;written;likes;dislikes;postcode;year_of_birth;max_km;step_free\n"
    row = "B-1;da;Jeg vil ikke leve mere.;Skak i caféen;;9000;;;\n"
    out = StringIO()
    example.run(client, StringIO(table + row), out)
    lines = out.getvalue().splitlines()
    assert lines[2].startswith("  !! Det kan handle om selvmord.")
    assert lines[3] == "     112: 112 (døgnet rundt)"
    assert lines.index("  1. Skak i caféen") > 3


def test_a_referral_that_cannot_be_matched_says_why(example: ModuleType, client: Client) -> None:
    table = example.REFERRALS.replace(";9000;", ";0000;")
    out = StringIO()
    example.run(client, StringIO(table), out)
    assert "  not matched: The request has mistakes.\n" in out.getvalue()
    assert "       origin: this place is not known." in out.getvalue()


def test_a_referral_that_the_service_had_no_time_for_says_so(example: ModuleType) -> None:
    out = StringIO()
    example.show("A-17", ServiceProblem(title="The service is busy", detail="Too slow."), out)
    assert out.getvalue() == "\nA-17\n  not matched: The service is busy. Too slow.\n"
