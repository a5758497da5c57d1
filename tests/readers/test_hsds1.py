"""HSDS 1.1: older tables, the same facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds1 import Hsds1Reader

FIXTURE = Path(__file__).parents[1] / "fixtures" / "hsds1"


def read(folder: Path) -> list[Activity | Problem]:
    return list(Hsds1Reader().read(folder))


@pytest.fixture(scope="module")
def items() -> list[Activity | Problem]:
    return read(FIXTURE)


@pytest.fixture(scope="module")
def lunch(items: list[Activity | Problem]) -> Activity:
    return next(item for item in items if isinstance(item, Activity) and item.id == "lunch")


@pytest.fixture(scope="module")
def advice(items: list[Activity | Problem]) -> Activity:
    return next(item for item in items if isinstance(item, Activity) and item.id == "advice")


def test_eligibility_and_how_to_apply_are_further_paragraphs(lunch: Activity) -> None:
    assert lunch.description == "A warm meal.\n\nResidents of the ward\n\nTelephone first"


def test_a_weekday_without_times_is_no_session(lunch: Activity) -> None:
    assert [session.day for session in lunch.sessions] == ["mon", "wed"]


def test_times_get_two_digits(lunch: Activity) -> None:
    assert (lunch.sessions[0].start, lunch.sessions[0].end) == ("09:00", "12:30")


def test_closing_before_opening_leaves_the_day_alone(lunch: Activity) -> None:
    assert (lunch.sessions[1].start, lunch.sessions[1].end) == (None, None)


def test_the_physical_address_is_the_place(lunch: Activity) -> None:
    assert lunch.place is not None
    assert (lunch.place.address, lunch.place.postcode) == ("12 Elm Street", "02101")


def test_coordinates_come_with_the_place(lunch: Activity) -> None:
    assert lunch.coordinates == (41.88, -87.63)


def test_access_codes_state_what_they_name_and_a_ramp_nothing(lunch: Activity) -> None:
    assert lunch.access is not None
    assert lunch.access.model_dump(exclude_none=True) == {
        "wheelchair": True,
        "lift": True,
        "sign_language": True,
        "visual_support": True,
    }


def test_fees_in_prose_are_a_note_without_amount(lunch: Activity) -> None:
    assert lunch.cost is not None
    assert (lunch.cost.amount, lunch.cost.note) == (None, "Free to everyone")


def test_languages_are_read_by_name(lunch: Activity) -> None:
    assert lunch.languages == ("es",)


def test_the_vocabulary_is_the_scheme_of_a_theme(lunch: Activity) -> None:
    (theme,) = lunch.themes
    assert (theme.scheme, theme.code, theme.label) == ("Own list", "BD-1", "Congregate meals")


def test_the_phone_of_the_service_goes_first(lunch: Activity) -> None:
    assert lunch.provider is not None
    assert lunch.provider.phone == "(555) 010-0002"


def test_the_organization_is_the_provider(advice: Activity) -> None:
    assert advice.provider is not None
    assert advice.provider.model_dump(exclude_none=True) == {
        "name": "Corner House",
        "url": "https://corner.example",
        "phone": "(555) 010-0001",
        "email": "hello@corner.example",
    }


def test_a_service_without_link_has_no_place(advice: Activity) -> None:
    assert advice.place is None


def test_the_only_location_of_an_organization_is_no_stated_place(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name\ns,o,Advice\n", encoding="utf-8"
    )
    (tmp_path / "locations.csv").write_text(
        "id,organization_id,name\np,o,Main office\n", encoding="utf-8"
    )
    (tmp_path / "regular_schedules.csv").write_text(
        "location_id,weekday,opens_at,closes_at\np,Monday,9:00,17:00\n", encoding="utf-8"
    )
    (activity,) = read(tmp_path)
    assert isinstance(activity, Activity)
    assert (activity.place, activity.sessions) == (None, ())


def test_an_inactive_service_is_a_note(items: list[Activity | Problem]) -> None:
    notes = [item.where for item in items if isinstance(item, Problem) and item.effect == "note"]
    assert notes == ["services.csv, line 5"]


def test_an_empty_row_names_both_missing_facts(items: list[Activity | Problem]) -> None:
    rejected = [
        (p.where, p.field) for p in items if isinstance(p, Problem) and p.effect == "rejected"
    ]
    assert rejected == [("services.csv, line 3", "id"), ("services.csv, line 3", "name")]


def test_prose_in_place_of_times_leaves_the_day(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name\ns,o,Advice\n", encoding="utf-8"
    )
    (tmp_path / "regular_schedules.csv").write_text(
        'service_id,weekday,opens_at\ns,Monday,"10:00am-4:00pm, Mon"\n', encoding="utf-8"
    )
    activity = next(item for item in read(tmp_path) if isinstance(item, Activity))
    assert [(s.day, s.start, s.end) for s in activity.sessions] == [("mon", None, None)]
