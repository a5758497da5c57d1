"""Open Referral UK 3.0: told from HSDS by what it adds and leaves out; prices are in pounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.hsds1 import Hsds1Reader
from spmatch.readers.native import NativeReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader

PAGE = Path(__file__).parents[1] / "fixtures" / "oruk" / "page.json"
READERS = (NativeReader(), Hsds1Reader(), Oruk1Reader(), OrukReader(), HsdsReader())
SERVICE = {"id": "s", "name": "Club", "status": "active"}


def dialects(path: Path) -> list[str]:
    return [reader.name for reader in READERS if reader.recognises(path)]


def written(folder: Path, document: object, name: str = "feed.json") -> Path:
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder / name


def tables(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def read(path: Path) -> tuple[list[Activity], list[Problem]]:
    items = list(OrukReader().read(path))
    return (
        [item for item in items if isinstance(item, Activity)],
        [item for item in items if isinstance(item, Problem)],
    )


@pytest.fixture(scope="module")
def choir() -> Activity:
    (activity,), _ = read(PAGE)
    return activity


# Facts


def test_a_price_without_currency_is_in_pounds(choir: Activity) -> None:
    assert choir.cost is not None
    assert (choir.cost.amount, choir.cost.currency, choir.cost.per) == (4, "GBP", "session")


def test_fees_in_prose_stay_a_note(choir: Activity) -> None:
    assert choir.cost is not None
    assert choir.cost.note == "Pay at the door"


def test_the_assumed_currency_is_told_once(tmp_path: Path) -> None:
    priced = [
        {**SERVICE, "id": letter, "fees": "x", "cost_options": [{"amount": 3}, {"amount": 3}]}
        for letter in "ab"
    ]
    _, problems = read(written(tmp_path, priced))
    assert [(p.where, p.field, p.effect) for p in problems] == [
        ("feed.json, record 1", "cost_option.currency", "note")
    ]


def test_no_currency_is_assumed_where_no_amount_is_stated(tmp_path: Path) -> None:
    activities, problems = read(
        written(tmp_path, {**SERVICE, "fees": "x", "cost_options": [{"option": "Members"}]})
    )
    assert [(a.cost and a.cost.currency) for a in activities] == [None]
    assert problems == []


def test_a_currency_that_is_stated_stays(tmp_path: Path) -> None:
    option = {"amount": 3, "currency": "eur"}
    (activity,), _ = read(written(tmp_path, {**SERVICE, "cost_options": [option]}))
    assert activity.cost is not None
    assert activity.cost.currency == "EUR"


def test_the_phone_of_a_contact_is_the_phone(choir: Activity) -> None:
    assert choir.provider is not None
    assert choir.provider.phone == "01632 960123"


def test_the_name_of_a_contact_is_nowhere(choir: Activity) -> None:
    assert "Nobody" not in choir.model_dump_json()


def test_accessibility_of_the_profile_is_read(choir: Activity) -> None:
    assert choir.access is not None
    assert choir.access.model_dump(exclude_none=True) == {"lift": True}


def test_terms_of_the_profile_are_themes(choir: Activity) -> None:
    assert [(t.scheme, t.code, t.label) for t in choir.themes] == [
        ("Invented terms", "term-1", "Singing")
    ]


def test_languages_without_name_or_code_state_none(choir: Activity) -> None:
    assert choir.languages == ()


def test_the_source_says_which_standard(choir: Activity) -> None:
    assert choir.source is not None
    assert choir.source.name == "Open Referral UK"


def test_good_records_stay_beside_bad_ones() -> None:
    activities, problems = read(PAGE)
    assert [a.id for a in activities] == ["u-choir"]
    assert [(p.where, p.field) for p in problems if p.effect == "rejected"] == [
        ("page.json, record 2", "name")
    ]


# Recognised apart from HSDS


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"fees": "Two pounds"}, "Open Referral UK 3.0"),
        ({"service_areas": [{"service_area": "All"}]}, "Open Referral UK 3.0"),
        ({"attributes": [{"taxonomy_term": {"term": "x"}}]}, "Open Referral UK 3.0"),
        ({}, "HSDS 3.0"),
        ({"fees_description": "Two pounds"}, "HSDS 3.0"),
        ({"fees": "Old words", "fees_description": "New words"}, "HSDS 3.0"),
        ({"fees": "x", "cost_options": [{"amount": 3, "currency": "USD"}]}, "HSDS 3.0"),
        ({"fees": "x", "languages": [{"code": "es"}]}, "HSDS 3.0"),
        ({"fees": ""}, "HSDS 3.0"),
        ({"fees": "x", "fees_description": None}, "Open Referral UK 3.0"),
        ({"service_areas": [{"service_area": "All"}], "wait_time": "long"}, "HSDS 3.0"),
    ],
)
def test_stated_facts_tell_the_dialect(tmp_path: Path, facts: dict[str, Any], name: str) -> None:
    assert dialects(written(tmp_path, {**SERVICE, **facts})) == [name]


@pytest.mark.parametrize(("country", "name"), [("US", "HSDS 3.0"), ("GB", "Open Referral UK 3.0")])
def test_fees_alone_do_not_make_pounds_abroad(tmp_path: Path, country: str, name: str) -> None:
    link = {"id": "l", "location": {"id": "p", "addresses": [{"country": country}]}}
    service = {**SERVICE, "fees": "Five", "service_at_locations": [link]}
    assert dialects(written(tmp_path, [service])) == [name]


def test_the_name_of_the_profile_tells_the_dialect(tmp_path: Path) -> None:
    about = {"version": "HSDS-UK-3.0", "profile": "https://uk.example", "openapi_url": "https://x"}
    written(tmp_path, about, "about.json")
    written(tmp_path, {**SERVICE, "fees_description": "Two pounds"}, "services.json")
    assert dialects(tmp_path) == ["Open Referral UK 3.0"]


def test_a_service_that_is_named_after_the_standard_is_only_that(tmp_path: Path) -> None:
    assert dialects(written(tmp_path, {**SERVICE, "name": "Open Referral UK"})) == ["HSDS 3.0"]


def test_the_package_of_tables_tells_the_dialect(tmp_path: Path) -> None:
    tables(tmp_path, services="id,organization_id,name\ns,o,Club\n")
    written(tmp_path, {"homepage": "https://openreferraluk.org"}, "datapackage.json")
    assert dialects(tmp_path) == ["Open Referral UK 3.0"]


def test_tables_tell_the_dialect_by_their_columns(tmp_path: Path) -> None:
    tables(tmp_path, services="id,organization_id,name,fees\ns,o,Club,Free\n")
    assert dialects(tmp_path) == ["Open Referral UK 3.0"]


def test_tables_with_a_currency_are_hsds(tmp_path: Path) -> None:
    tables(
        tmp_path,
        services="id,organization_id,name,fees\ns,o,Club,Free\n",
        cost_options="id,service_id,amount,currency\nk,s,3,dkk\n",
    )
    assert dialects(tmp_path) == ["HSDS 3.0"]


def test_of_two_files_of_one_table_the_one_of_the_profile_is_read(tmp_path: Path) -> None:
    tables(
        tmp_path,
        services="id,organization_id,name,fees\ns,o,Club,Free\n",
        schedules="id,service_id,freq,byday\nt,s,WEEKLY,MO\n",
        schedule="id,service_id,freq,byday\nt,s,WEEKLY,TU\n",
    )
    (activity,), problems = read(tmp_path)
    assert [session.day for session in activity.sessions] == ["tue"]
    assert [(p.where, p.effect) for p in problems] == [("schedules.csv", "note")]


def test_a_fixture_belongs_to_one_reader() -> None:
    assert dialects(PAGE) == ["Open Referral UK 3.0"]
