"""Real and official feeds, where they lie beside the checkout. Expected values were counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.contracts import Reader
from spmatch.errors import Problem
from spmatch.readers import find_reader, read_source
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds"
ILAO = FEEDS / "hsds-1.1-ilao"
EXAMPLES = FEEDS / "hsds-3.0" / "examples"
UK_EXAMPLES = FEEDS / "oruk-3.0" / "examples"

pytestmark = pytest.mark.skipif(
    not FEEDS.is_dir(), reason="the shared feeds are not beside the checkout"
)


# HSDS 1.1: a legal aid directory


@pytest.fixture(scope="module")
def ilao_items() -> list[Activity | Problem]:
    return list(read_source(ILAO))


@pytest.fixture(scope="module")
def ilao(ilao_items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in ilao_items if isinstance(item, Activity)}


def test_ilao_is_recognised() -> None:
    assert find_reader(ILAO).name == "HSDS 1.1"


def test_ilao_has_429_services(ilao: dict[str, Activity]) -> None:
    assert len(ilao) == 429


def test_ilao_has_one_row_without_id_and_name(ilao_items: list[Activity | Problem]) -> None:
    problems = [(p.where, p.field, p.effect) for p in ilao_items if isinstance(p, Problem)]
    assert problems == [
        ("services.csv, line 651", "id", "rejected"),
        ("services.csv, line 651", "name", "rejected"),
    ]


def test_ilao_links_no_service_to_a_location(ilao: dict[str, Activity]) -> None:
    assert {activity.place for activity in ilao.values()} == {None}


def test_ilao_states_times_of_locations_only(ilao: dict[str, Activity]) -> None:
    assert {activity.sessions for activity in ilao.values()} == {()}


def test_ilao_fees_are_prose(ilao: dict[str, Activity]) -> None:
    assert {(a.cost.amount, a.cost.note) for a in ilao.values() if a.cost} == {
        (None, "Free to everyone"),
        (None, "Free to eligible persons/entities"),
        (None, "Sliding scale based on income"),
        (None, "Flat fee regardless of income"),
    }


def test_ilao_states_the_organization_of_89_services(ilao: dict[str, Activity]) -> None:
    assert sum(a.provider is not None and a.provider.name is not None for a in ilao.values()) == 89


def test_ilao_keeps_its_languages_open(ilao: dict[str, Activity]) -> None:
    assert {activity.languages for activity in ilao.values()} == {()}


def test_ilao_says_how_to_apply(ilao: dict[str, Activity]) -> None:
    assert ilao["28501"].description.startswith(
        "Direct representation\n\nOnlineAnswer a few questions"
    )


# HSDS 3.0: the official examples, all of one service

LAYOUTS = [
    "service_full.json",
    "service_at_location_full.json",
    "organization_full.json",
    "csv",
]


@pytest.fixture(scope="module", params=LAYOUTS)
def items(request: pytest.FixtureRequest) -> list[Activity | Problem]:
    return list(read_source(EXAMPLES / request.param))


@pytest.fixture(scope="module")
def counselling(items: list[Activity | Problem]) -> Activity:
    (activity,) = (item for item in items if isinstance(item, Activity))
    return activity


def test_example_title(counselling: Activity) -> None:
    assert counselling.title == "Community Counselling"


def test_example_id(counselling: Activity) -> None:
    assert counselling.id == "ac148810-d857-441c-9679-408f346de14b"


def test_example_provider(counselling: Activity) -> None:
    assert counselling.provider is not None
    assert counselling.provider.name == "Example Organization Inc."


def test_example_phone(counselling: Activity) -> None:
    assert counselling.provider is not None
    assert counselling.provider.phone == "+44 1234 234567 ext. 100"


def test_example_ages(counselling: Activity) -> None:
    assert counselling.ages is not None
    assert (counselling.ages.min, counselling.ages.max) == (12, 100)


def test_example_sessions(counselling: Activity) -> None:
    assert [(s.day, s.start, s.end) for s in counselling.sessions] == [
        ("thu", "10:00", "18:00"),
        ("fri", "10:00", "18:00"),
    ]


def test_example_sessions_end_with_the_validity_of_the_schedule(counselling: Activity) -> None:
    assert {(s.from_date, s.until) for s in counselling.sessions} == {
        (date(2005, 1, 1), date(2005, 1, 1))
    }


def test_example_price_is_for_groups_only(counselling: Activity) -> None:
    assert counselling.cost is not None
    assert counselling.cost.amount is None


def test_example_price_stands_in_the_note(counselling: Activity) -> None:
    assert counselling.cost is not None
    assert counselling.cost.note is not None
    assert counselling.cost.note.startswith("Under 18s and Over 60s: 35 GBP per 1 hour session")


def test_example_place(counselling: Activity) -> None:
    assert counselling.place is not None
    assert (counselling.place.name, counselling.place.town) == ("MyCity Civic Center", "MyCity")


def test_example_latitude_of_100_is_dropped(counselling: Activity) -> None:
    assert counselling.coordinates is None


def test_example_latitude_of_100_is_told(items: list[Activity | Problem]) -> None:
    found = [(p.field, p.effect) for p in items if isinstance(p, Problem)]
    assert ("location.latitude", "mended") in found


def test_example_access(counselling: Activity) -> None:
    assert counselling.access is not None
    assert counselling.access.model_dump(exclude_none=True) == {
        "wheelchair": True,
        "hearing_loop": True,
    }


def test_example_languages(counselling: Activity) -> None:
    assert counselling.languages == ("ur",)


def test_example_delivery_is_prose_and_stays_open(counselling: Activity) -> None:
    assert counselling.delivery is None


def test_example_was_verified(counselling: Activity) -> None:
    assert counselling.verified_on == date(2005, 1, 1)


def test_example_licence_is_none_of_data(counselling: Activity) -> None:
    assert counselling.source is not None
    assert counselling.source.licence is None


@pytest.mark.parametrize("page", ["service_list.json", "service_at_location_list.json"])
def test_example_pages_hold_the_service(page: str) -> None:
    activities = [item.title for item in read_source(EXAMPLES / page) if isinstance(item, Activity)]
    assert activities == ["Community Counselling"]


def test_the_whole_example_folder_is_one_catalogue() -> None:
    assert [activity.title for activity in Catalogue.read(FEEDS / "hsds-3.0")] == [
        "Community Counselling"
    ]


# Every file of the HSDS family. Counted in the files with an editor: each holds one service or none; a
# service_list has no locations inside; the one price of 35 is for "Under 18s and Over 60s", so that it is
# stated in the note and is nobody else's; one schedule with two days makes two sessions.

FILES = {
    # name: activities, places, sessions, prices stated in notes
    "base.json": (0, 0, 0, 0),
    "location.json": (0, 0, 0, 0),
    "organization_full.json": (1, 1, 2, 1),
    "organization_list.json": (0, 0, 0, 0),
    "service_at_location_full.json": (1, 1, 2, 1),
    "service_at_location_list.json": (1, 1, 0, 0),
    "service_full.json": (1, 1, 2, 1),
    "service_list.json": (1, 0, 0, 0),
    "tabular.json": (1, 1, 2, 1),
    "taxonomy.json": (0, 0, 0, 0),
    "taxonomy_list.json": (0, 0, 0, 0),
    "taxonomy_term.json": (0, 0, 0, 0),
    "taxonomy_term_list.json": (0, 0, 0, 0),
    "csv": (1, 1, 2, 1),
}
HSDS_FILES = sorted(FILES)
# The UK standard gives no base, location or tabular example.
ORUK_FILES = sorted(FILES.keys() - {"base.json", "location.json", "tabular.json"})
SEVERAL = [(HsdsReader(), EXAMPLES, name) for name in HSDS_FILES] + [
    (OrukReader(), UK_EXAMPLES, name) for name in ORUK_FILES
]


@pytest.mark.parametrize(
    ("reader", "folder", "name"),
    SEVERAL,
    ids=[f"{folder.parent.name} {name}" for _, folder, name in SEVERAL],
)
def test_each_example_holds_what_was_counted_in_it(reader: Reader, folder: Path, name: str) -> None:
    activities = [item for item in reader.read(folder / name) if isinstance(item, Activity)]
    counted = (
        len(activities),
        sum(activity.place is not None for activity in activities),
        sum(len(activity.sessions) for activity in activities),
        sum("35 GBP" in (a.cost.note or "") for a in activities if a.cost),
    )
    assert counted == FILES[name]


@pytest.mark.parametrize("name", HSDS_FILES)
def test_each_example_of_hsds_is_recognised(name: str) -> None:
    assert HsdsReader().recognises(EXAMPLES / name)
    assert not OrukReader().recognises(EXAMPLES / name)
    assert not Oruk1Reader().recognises(EXAMPLES / name)


def test_the_examples_list_every_file() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir()) == HSDS_FILES
    assert sorted(path.name for path in UK_EXAMPLES.iterdir()) == ORUK_FILES


# Open Referral UK 3.0: the official examples, of the same service


# What these two hold is the same in both standards, so that nothing tells which is meant.
@pytest.mark.parametrize(
    "name", [n for n in ORUK_FILES if n not in ("organization_list.json", "taxonomy_list.json")]
)
def test_each_example_of_the_uk_is_recognised(name: str) -> None:
    assert OrukReader().recognises(UK_EXAMPLES / name)
    assert not HsdsReader().recognises(UK_EXAMPLES / name)
    assert not Oruk1Reader().recognises(UK_EXAMPLES / name)


def test_the_whole_example_folder_of_the_uk_is_recognised() -> None:
    assert OrukReader().recognises(FEEDS / "oruk-3.0")
    assert not HsdsReader().recognises(FEEDS / "oruk-3.0")


UK_LAYOUTS = ["service_full.json", "service_at_location_full.json", "organization_full.json", "csv"]


@pytest.fixture(scope="module", params=UK_LAYOUTS)
def uk_items(request: pytest.FixtureRequest) -> list[Activity | Problem]:
    return list(OrukReader().read(UK_EXAMPLES / request.param))


@pytest.fixture(scope="module")
def uk_counselling(uk_items: list[Activity | Problem]) -> Activity:
    (activity,) = (item for item in uk_items if isinstance(item, Activity))
    return activity


def test_uk_price_is_in_pounds_and_keeps_its_dates(uk_counselling: Activity) -> None:
    assert uk_counselling.cost is not None
    assert uk_counselling.cost.note == (
        "Under 18s and Over 60s: 35 GBP per 1 hour session from 2020-01-01 until 2022-12-31"
        "\nfees_description"
    )


def test_uk_currency_is_told_to_be_assumed(uk_items: list[Activity | Problem]) -> None:
    found = [p.field for p in uk_items if isinstance(p, Problem) and "GBP" in p.reason]
    assert found == ["cost_option.currency"]


def test_uk_sessions_have_no_end(uk_counselling: Activity) -> None:
    assert [(s.day, s.start, s.end, s.from_date, s.until) for s in uk_counselling.sessions] == [
        ("thu", "10:00", "18:00", date(2005, 1, 1), None),
        ("fri", "10:00", "18:00", date(2005, 1, 1), None),
    ]


def test_uk_access_is_that_of_the_profile(uk_counselling: Activity) -> None:
    assert uk_counselling.access is not None
    assert uk_counselling.access.model_dump(exclude_none=True) == {
        "wheelchair": True,
        "hearing_loop": True,
    }


def test_uk_languages_without_a_name_state_none(uk_counselling: Activity) -> None:
    assert uk_counselling.languages == ()


def test_uk_tables_that_are_there_twice_are_read_once_and_told() -> None:
    items = OrukReader().read(UK_EXAMPLES / "csv")
    told = [p.where for p in items if isinstance(p, Problem) and "same table" in p.reason]
    assert told == ["addresses.csv", "schedules.csv", "taxonomies.csv"]


@pytest.mark.parametrize(
    "page", ["taxonomy_list.json", "taxonomy_term_list.json", "organization_list.json"]
)
def test_example_pages_of_other_things_hold_no_services(page: str) -> None:
    items = list(HsdsReader().read(EXAMPLES / page))
    assert [item.effect if isinstance(item, Problem) else item.id for item in items] == ["note"]
