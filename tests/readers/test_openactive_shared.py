"""The official OpenActive examples, where they lie beside the checkout. Counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.openactive import OpenActiveReader

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "openactive"
EVENT = "https://id.bookingsystem.example.com/events/158313"
SERIES = "https://example.com/api/session-series/1402CBP20150217"
DATED = "https://opensessions.io/api/session-series/1402CBP20150217"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared feeds are not beside the checkout"
)


def activities(path: Path) -> dict[str, Activity]:
    items = list(OpenActiveReader().read(path))
    assert not [p for p in items if isinstance(p, Problem) and p.effect != "note"]
    return {item.id: item for item in items if isinstance(item, Activity)}


@pytest.fixture(scope="module")
def all_of_them() -> dict[str, Activity]:
    return activities(FOLDER)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        # Each of the four pages has one item; a place is no activity, nor are the terms of a list.
        ("event_example_1.json", [EVENT]),
        ("sessionseries_example_1.json", [SERIES]),
        ("scheduledsession_example_1.json", [DATED]),
        ("place_example_1.json", []),
        ("activity-list.jsonld", []),
        ("accessibility-support.jsonld", []),
    ],
)
def test_activities_of_each_file(name: str, ids: list[str]) -> None:
    assert list(activities(FOLDER / name)) == ids


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*")), ids=lambda path: path.name)
def test_each_file_is_recognised(path: Path) -> None:
    assert OpenActiveReader().recognises(path)


def test_the_folder_is_recognised() -> None:
    assert OpenActiveReader().recognises(FOLDER)


def test_the_folder_holds_three_activities(all_of_them: dict[str, Activity]) -> None:
    # The series of the date has another address than the series: nothing says they are the same.
    assert list(all_of_them) == [EVENT, DATED, SERIES]


def test_all_three_have_a_place_with_coordinates(all_of_them: dict[str, Activity]) -> None:
    # All are at Middlesbrough Sports Village, whose geo is written in each file.
    assert {a.coordinates for a in all_of_them.values()} == {(54.543964, -1.20978500000001)}


def test_five_sessions_in_all(all_of_them: dict[str, Activity]) -> None:
    # The event: its date. The series: Tuesdays 20:15, of which both its subEvents are dates (19:15Z
    # in summer time). The date: Tuesdays and Sundays of its series, and itself, a Wednesday.
    assert {name: len(a.sessions) for name, a in all_of_them.items()} == {
        EVENT: 1,
        SERIES: 1,
        DATED: 3,
    }


def test_the_times_of_the_series(all_of_them: dict[str, Activity]) -> None:
    (session,) = all_of_them[SERIES].sessions
    assert (session.day, session.start, session.end, session.from_date, session.until) == (
        "tue",
        "20:15",
        "20:45",
        date(2018, 10, 2),
        date(2018, 11, 4),
    )


def test_the_date_that_its_series_does_not_have(all_of_them: dict[str, Activity]) -> None:
    session = all_of_them[DATED].sessions[-1]
    assert (session.day, session.start, session.from_date) == ("wed", "20:15", date(2018, 10, 3))


def test_all_three_state_a_price(all_of_them: dict[str, Activity]) -> None:
    # The event has one offer of 0 and is free; the others have 3.30 for adults and for seniors.
    found = {name: a.cost and (a.cost.amount, a.cost.currency) for name, a in all_of_them.items()}
    assert found == {EVENT: (0, None), SERIES: (3.3, "GBP"), DATED: (3.3, "GBP")}


def test_a_price_that_is_the_same_for_seniors_is_no_concession(
    all_of_them: dict[str, Activity],
) -> None:
    assert [a.cost.concessions for a in all_of_them.values() if a.cost] == [(), (), ()]


def test_places_left(all_of_them: dict[str, Activity]) -> None:
    # 21 of the event, 15 of the one date, 2 and 12 of the dates of the series.
    found = {name: a.capacity and a.capacity.places_left for name, a in all_of_them.items()}
    assert found == {EVENT: 21, DATED: 15, SERIES: 12}


def test_two_state_support_for_visual_impairment(all_of_them: dict[str, Activity]) -> None:
    found = {name for name, a in all_of_them.items() if a.access and a.access.visual_support}
    assert found == {SERIES, DATED}


def test_ages_from_16(all_of_them: dict[str, Activity]) -> None:
    assert [(a.ages.min, a.ages.max) for a in all_of_them.values() if a.ages] == [(16, None)] * 3


def test_the_terms_of_the_activity_list(all_of_them: dict[str, Activity]) -> None:
    found = [t.label for a in all_of_them.values() for t in a.themes if t.scheme == "openactive"]
    assert found == ["Road Cycling", "Bodypump™", "Bodypump™"]


def test_the_licence_of_the_pages(all_of_them: dict[str, Activity]) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert {a.source.licence for a in all_of_them.values() if a.source} == {licence}
