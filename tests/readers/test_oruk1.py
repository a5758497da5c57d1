"""Open Referral UK 1.0: older names for the facts of HSDS, and a few of its own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader

PAGE = Path(__file__).parents[1] / "fixtures" / "oruk1" / "page.json"


def read(path: Path) -> list[Activity | Problem]:
    return list(Oruk1Reader().read(path))


@pytest.fixture(scope="module")
def items() -> list[Activity | Problem]:
    return read(PAGE)


@pytest.fixture(scope="module")
def page(items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in items if isinstance(item, Activity)}


class Reading:
    """The one activity, and the problems, of a service with these fields."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "services.json"
        self.problems: list[Problem] = []

    def __call__(self, **fields: Any) -> Activity:
        self.file.write_text(json.dumps([{"id": "s", "name": "Club", **fields}]), encoding="utf-8")
        items = read(self.file)
        self.problems = [item for item in items if isinstance(item, Problem)]
        (activity,) = (item for item in items if isinstance(item, Activity))
        return activity


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


# The page


def test_a_service_is_one_activity_a_location(page: dict[str, Activity]) -> None:
    assert list(page) == ["w-walk@park", "w-walk@wood", "w-advice"]


def test_bad_records_are_told(items: list[Activity | Problem]) -> None:
    told = [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)]
    assert told == [
        ("page.json, record 1", "cost_option.currency", "note"),
        ("page.json, record 3", "name", "rejected"),
        ("page.json, record 4", "status", "note"),
    ]


def test_schedules_belong_to_the_location_they_name(page: dict[str, Activity]) -> None:
    assert [[(s.day, s.start, s.end, s.every) for s in a.sessions] for a in page.values()] == [
        [("mon", "10:00", "11:30", "week")],
        [("thu", "14:00", "15:00", "two_weeks")],
        [("wed", "09:00", "12:00", "week")],
    ]


def test_physical_addresses_are_places(page: dict[str, Activity]) -> None:
    place = page["w-walk@park"].place
    assert place is not None
    assert place.model_dump(exclude_none=True) == {
        "name": "Invented park",
        "address": "Gate 3",
        "postcode": "ZZ1 1ZZ",
        "town": "Nowhere",
        "lat": 51.5,
        "lon": -1.2,
    }


def test_prices_are_in_pounds(page: dict[str, Activity]) -> None:
    cost = page["w-walk@park"].cost
    assert cost is not None
    assert cost.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "amount": 2.0,
        "currency": "GBP",
        "per": "session",
        "concessions": [{"for": "Over 75s", "amount": 1.0}],
        "note": "Two pounds for tea",
    }


def test_codes_of_accessibility_are_facts(page: dict[str, Activity]) -> None:
    access = page["w-walk@park"].access
    assert access is not None
    assert access.model_dump(exclude_none=True) == {"wheelchair": True}


def test_access_to_one_location_says_nothing_of_another(page: dict[str, Activity]) -> None:
    assert page["w-walk@wood"].access is None


def test_taxonomies_are_themes(page: dict[str, Activity]) -> None:
    assert [(t.scheme, t.code, t.label) for t in page["w-walk@park"].themes] == [
        ("Invented types", "ns:12", "Walking")
    ]


def test_languages_are_names_or_codes(page: dict[str, Activity]) -> None:
    assert page["w-walk@park"].languages == ("en", "cy")


def test_the_provider_is_the_organization(page: dict[str, Activity]) -> None:
    provider = page["w-walk@park"].provider
    assert provider is not None
    assert (provider.name, provider.phone) == ("Invented Walkers", "01632 960456")


def test_assured_date_is_when_it_was_verified(page: dict[str, Activity]) -> None:
    assert page["w-walk@park"].verified_on == date(2024, 5, 6)


def test_an_eligibility_states_ages(page: dict[str, Activity]) -> None:
    ages = page["w-walk@park"].ages
    assert ages is not None
    assert (ages.min, ages.max) == (55, None)


def test_words_of_eligibility_are_in_the_description(page: dict[str, Activity]) -> None:
    assert page["w-advice"].description == "adult, family"


def test_an_organization_on_another_page_is_found_by_its_id(tmp_path: Path) -> None:
    pages = {
        "organizations": [{"id": "o", "name": "House", "description": "x", "logo": "", "uri": "u"}],
        "services": [{"id": "s", "name": "Club", "status": "active", "organization_id": "o"}],
    }
    for name, content in pages.items():
        page = {"content": content, "totalElements": 1, "totalPages": 1, "last": True}
        (tmp_path / f"{name}.json").write_text(json.dumps(page), encoding="utf-8")
    (activity,) = (item for item in read(tmp_path) if isinstance(item, Activity))
    assert activity.provider is not None
    assert activity.provider.name == "House"


def test_a_page_that_is_not_the_last_says_so(tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    page = {"content": [{"id": "s", "name": "Club"}], "totalPages": 3, "last": False}
    file.write_text(json.dumps(page), encoding="utf-8")
    assert [item.field for item in read(file) if isinstance(item, Problem)] == ["last"]


# How one takes part


@pytest.mark.parametrize(
    ("stated", "no_sign_up", "referral"),
    [
        ("drop-in", True, None),
        ("Drop in", True, None),
        ("drop_in", True, None),
        ("referral", None, "professional"),
        ("appointment", False, None),
        ("referral, appointment", None, "professional"),
        (["referral", "drop-in"], True, None),
        ("membership", None, None),
        (None, None, None),
        ("", None, None),
    ],
)
def test_attending_access(
    reading: Reading, stated: object, no_sign_up: bool | None, referral: str | None
) -> None:
    activity = reading(status="active", attending_access=stated)
    first = activity.first_visit.no_sign_up if activity.first_visit else None
    assert (first, activity.referral) == (no_sign_up, referral)


@pytest.mark.parametrize(
    ("stated", "delivery"),
    [
        ("phone", "phone"),
        ("online", "online"),
        ("venue", "in_person"),
        ("home visit", "home_visit"),
        ("Home_Visit", "home_visit"),
        ("venue, online", "hybrid"),
        (["venue", "phone"], None),
        ("by owl", None),
    ],
)
def test_attending_type(reading: Reading, stated: object, delivery: str | None) -> None:
    assert reading(attending_access="drop-in", attending_type=stated).delivery == delivery


@pytest.mark.parametrize(
    ("fields", "field", "effect"),
    [
        ({"attending_type": "by owl"}, "attending_type", "mended"),
        ({"attending_type": ["venue", "phone"]}, "attending_type", "note"),
        ({"attending_access": "membership"}, "attending_access", "note"),
        ({"attending_access": "by magic"}, "attending_access", "mended"),
        (
            {"eligibilitys": [{"minimum_age": 5}, {"minimum_age": 18, "maximum_age": 30}]},
            "eligibilitys",
            "mended",
        ),
        (
            {"regular_schedules": [{"byday": "MO", "service_at_location": {"id": "gone"}}]},
            "regular_schedules",
            "mended",
        ),
    ],
)
def test_what_is_not_kept_is_told(
    reading: Reading, fields: dict[str, Any], field: str, effect: str
) -> None:
    reading(status="active", **fields)
    assert [(p.field, p.effect) for p in reading.problems] == [(field, effect)]


@pytest.mark.parametrize(
    ("words", "gender"),
    [(["female"], "women"), (["male"], "men"), (["female", "male"], None), (["adult"], None)],
)
def test_only_a_single_word_states_the_gender(
    reading: Reading, words: list[str], gender: str | None
) -> None:
    activity = reading(eligibilitys=[{"eligibility": word} for word in words])
    assert activity.gender == gender


def test_ages_that_agree_are_stated_once(reading: Reading) -> None:
    entry = {"minimum_age": "18", "maximum_age": "25"}
    ages = reading(eligibilitys=[entry, {**entry, "eligibility": "adult"}]).ages
    assert ages is not None
    assert (ages.min, ages.max) == (18, 25)


# Recognised


def names(path: Path) -> list[str]:
    readers = (Oruk1Reader(), OrukReader(), HsdsReader())
    return [reader.name for reader in readers if reader.recognises(path)]


def test_a_page_is_recognised() -> None:
    assert names(PAGE) == ["Open Referral UK 1.0"]


@pytest.mark.parametrize(
    "document",
    [
        {"totalElements": 1, "content": [{"id": "1", "name": "Club", "status": "active"}]},
        [{"id": "1", "name": "Club", "service_taxonomys": [{"id": "x"}]}],
        [{"id": "1", "name": "Club", "status": "active", "regular_schedules": [{"byday": "MO"}]}],
        {"id": "1", "name": "Club", "attending_access": "drop-in"},
    ],
)
def test_other_shapes_are_recognised(tmp_path: Path, document: object) -> None:
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert names(file) == ["Open Referral UK 1.0"]


@pytest.mark.parametrize(
    "document",
    [
        {"totalElements": 1, "content": [{"price": 3}]},
        {"totalElements": 1, "content": "nothing"},
        {"content": [{"id": "1", "name": "A post"}]},
    ],
)
def test_pages_of_other_things_are_not(tmp_path: Path, document: object) -> None:
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert names(file) == []
