"""OpenActive: feeds and their states, what belongs together, and which facts are taken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.openactive import OpenActiveReader

FIXTURES = Path(__file__).parents[1] / "fixtures" / "openactive"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def read(path: Path) -> list[Activity | Problem]:
    return list(OpenActiveReader().read(path))


def activities(items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in items if isinstance(item, Activity)}


def problems(items: list[Activity | Problem], effect: str) -> list[tuple[str, str]]:
    return [
        (item.where, item.field)
        for item in items
        if isinstance(item, Problem) and item.effect == effect
    ]


def updated(id: Any, modified: Any = 1, **data: Any) -> dict[str, Any]:
    data = {"@type": "Event", "name": f"Event {id}", **data}
    kind = str(data["@type"])
    return {"state": "updated", "kind": kind, "id": id, "modified": modified, "data": data}


def deleted(id: Any, modified: Any = 1, kind: str = "Event") -> dict[str, Any]:
    return {"state": "deleted", "kind": kind, "id": id, "modified": modified}


def pages(folder: Path, *pages: list[dict[str, Any]]) -> Path:
    """A folder of pages that hold these items."""
    for number, items in enumerate(pages, start=1):
        file = folder / f"page-{number:05}.json"
        file.write_text(
            json.dumps({"next": "https://example.org", "items": items, "license": LICENCE}),
            encoding="utf-8",
        )
    return folder


# Feeds


@pytest.fixture(scope="module")
def feed() -> list[Activity | Problem]:
    return read(FIXTURES / "feed")


def test_a_feed_in_parts_gives_what_stands(feed: list[Activity | Problem]) -> None:
    assert list(activities(feed)) == [
        "https://example.org/series/3",
        "https://example.org/series/1",
        "https://example.org/sessions/4",
    ]


def test_the_newest_state_of_an_item_holds(feed: list[Activity | Problem]) -> None:
    assert activities(feed)["https://example.org/series/1"].title == "Walk and talk"


def test_dates_of_another_feed_join_their_series(feed: list[Activity | Problem]) -> None:
    (session,) = activities(feed)["https://example.org/series/3"].sessions
    assert (session.day, session.from_date, session.until) == (
        "wed",
        date(2027, 6, 2),
        date(2027, 6, 9),
    )


def test_times_in_utc_are_told_as_the_clock_in_london_shows_them(
    feed: list[Activity | Problem],
) -> None:
    (session,) = activities(feed)["https://example.org/series/3"].sessions
    assert (session.start, session.end) == ("18:00", "19:00")


def test_that_a_zone_was_assumed_is_told(feed: list[Activity | Problem]) -> None:
    assert ("feed", "startDate") in problems(feed, "note")


def test_a_place_of_another_feed_is_found(feed: list[Activity | Problem]) -> None:
    place = activities(feed)["https://example.org/series/3"].place
    assert place is not None
    assert (place.name, place.postcode) == ("Otherton Baths", "ZZ1 2BB")


def test_there_is_room_where_one_date_has_room(feed: list[Activity | Problem]) -> None:
    capacity = activities(feed)["https://example.org/series/3"].capacity
    assert capacity is not None
    assert capacity.places_left == 7


def test_a_date_without_series_stands_alone(feed: list[Activity | Problem]) -> None:
    (session,) = activities(feed)["https://example.org/sessions/4"].sessions
    assert (session.start, session.end, session.from_date) == ("14:00", "16:00", date(2027, 5, 1))


def test_a_date_whose_series_is_missing_is_told(feed: list[Activity | Problem]) -> None:
    assert ("sessions/page-00001.json, item 5", "superEvent") in problems(feed, "rejected")


def test_an_updated_item_without_data_is_told(feed: list[Activity | Problem]) -> None:
    assert ("series/page-00001.json, item 4", "data") in problems(feed, "rejected")


def test_cancelled_dates_are_counted(feed: list[Activity | Problem]) -> None:
    told = [str(item) for item in feed if isinstance(item, Problem) and "cancelled" in item.reason]
    assert told == [
        "series/page-00001.json, item 3, subEvent.eventStatus: 1 of 3 dates are cancelled or "
        "postponed and were left out. Nothing to mend."
    ]


def test_the_licence_of_the_page_is_that_of_its_items(feed: list[Activity | Problem]) -> None:
    assert {a.source.licence for a in activities(feed).values() if a.source} == {LICENCE}


@pytest.mark.parametrize(
    ("first", "second"), [(1, 2), ("1", 2), (9, 10), ("2027-01-01T09:00", "2027-01-02T09:00")]
)
def test_newer_is_what_was_modified_later_wherever_it_stands(
    tmp_path: Path, first: object, second: object
) -> None:
    folder = pages(tmp_path, [updated("a", second, name="New")], [updated("a", first, name="Old")])
    assert [a.title for a in activities(read(folder)).values()] == ["New"]


def test_of_two_states_of_one_time_the_later_one_holds(tmp_path: Path) -> None:
    folder = pages(tmp_path, [updated("a", 5, name="First")], [updated("a", 5, name="Second")])
    assert [a.title for a in activities(read(folder)).values()] == ["Second"]


def test_what_was_removed_is_gone(tmp_path: Path) -> None:
    assert activities(read(pages(tmp_path, [updated("a", 1)], [deleted("a", 2)]))) == {}


def test_what_was_put_back_is_there(tmp_path: Path) -> None:
    folder = pages(tmp_path, [updated("a", 3)], [deleted("a", 2)])
    assert list(activities(read(folder))) == ["a"]


def test_removing_what_is_unknown_changes_nothing(tmp_path: Path) -> None:
    items = read(pages(tmp_path, [deleted("b"), updated("a")]))
    assert (list(activities(items)), problems(items, "rejected")) == (["a"], [])


def test_one_id_in_two_feeds_is_two_things(tmp_path: Path) -> None:
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        pages(tmp_path / name, [updated(1, **{"@id": f"https://example.org/{name}"})])
    assert len(activities(read(tmp_path))) == 2


def test_a_broken_page_leaves_the_others(tmp_path: Path) -> None:
    pages(tmp_path, [updated("a")], [updated("b")])
    (tmp_path / "page-00003.json").write_text('{"items": [', encoding="utf-8")
    assert list(activities(read(tmp_path))) == ["a", "b"]


def test_what_stands_before_the_end_of_a_cut_page_is_kept(tmp_path: Path) -> None:
    file = pages(tmp_path, [updated("a"), updated("b")]) / "page-00001.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("Event b")], encoding="utf-8")
    items = read(file)
    assert (list(activities(items)), len(problems(items, "rejected"))) == (["a"], 1)


def test_a_page_that_is_not_the_last_is_told() -> None:
    assert ("page.json", "next") in problems(read(FIXTURES / "page.json"), "note")


def test_the_empty_last_page_of_a_feed_is_recognised(tmp_path: Path) -> None:
    assert OpenActiveReader().recognises(pages(tmp_path, []))


def test_items_line_by_line_are_read(tmp_path: Path) -> None:
    file = tmp_path / "items.ndjson"
    lines = [updated("a"), updated("b"), deleted("a", 2)]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert list(activities(read(file))) == ["b"]


def test_a_list_of_objects_is_read(tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    events = [{"type": "Event", "id": f"https://example.org/{n}", "name": "E"} for n in "ab"]
    file.write_text(json.dumps(events), encoding="utf-8")
    assert list(activities(read(file))) == ["https://example.org/a", "https://example.org/b"]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    pages(outside, [updated("a")])
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "page.json").symlink_to(outside / "page-00001.json")
    assert read(inside) == []


# What belongs together


def test_a_series_without_a_name_has_that_of_the_series_above(tmp_path: Path) -> None:
    above = {"@type": "EventSeries", "name": "Yoga", "description": "For all.", "offers": []}
    items = [updated("s", **{"@type": "SessionSeries", "name": None, "superEvent": above})]
    (activity,) = activities(read(pages(tmp_path, items))).values()
    assert (activity.title, activity.description) == ("Yoga", "For all.")


def test_a_series_of_which_others_are_parts_is_no_activity_itself(tmp_path: Path) -> None:
    address = "https://example.org/yoga"
    above = updated("y", **{"@type": "EventSeries", "@id": address, "description": "For all."})
    part = updated("s", **{"@type": "SessionSeries", "superEvent": address})
    (activity,) = activities(read(pages(tmp_path, [above, part]))).values()
    assert (activity.id, activity.description) == ("s", "For all.")


def test_prices_are_not_inherited_from_a_course(tmp_path: Path) -> None:
    course = {"@type": "Course", "name": "Ukulele", "offers": [{"price": 90}]}
    item = updated("c", **{"@type": "CourseInstance", "instanceOfCourse": course})
    (activity,) = activities(read(pages(tmp_path, [item]))).values()
    assert activity.cost is None


def test_series_inside_a_series_are_activities_of_their_own(tmp_path: Path) -> None:
    parts = [{"@type": "SessionSeries", "@id": f"https://example.org/{n}", "name": n} for n in "ab"]
    item = updated("y", **{"@type": "EventSeries", "subEvent": parts, "description": "For all."})
    found = activities(read(pages(tmp_path, [item])))
    assert [(a.title, a.description) for a in found.values()] == [
        ("a", "For all."),
        ("b", "For all."),
    ]


def test_dates_of_one_series_that_each_hold_it_are_one_activity(tmp_path: Path) -> None:
    series = {"@type": "SessionSeries", "@id": "https://example.org/s", "name": "Yoga"}
    items = [
        updated(n, **{"@type": "ScheduledSession", "superEvent": series, "startDate": day})
        for n, day in enumerate(("2027-01-04T10:00:00", "2027-01-11T10:00:00"))
    ]
    (activity,) = activities(read(pages(tmp_path, items))).values()
    assert [(s.from_date, s.until) for s in activity.sessions] == [
        (date(2027, 1, 4), date(2027, 1, 11))
    ]


def test_an_event_of_a_course_is_one_of_its_dates(tmp_path: Path) -> None:
    course = updated("c", **{"@type": "CourseInstance", "@id": "https://example.org/c"})
    event = updated("e", superEvent="https://example.org/c", startDate="2027-01-04T10:00:00")
    found = activities(read(pages(tmp_path, [course, event])))
    assert [(name, len(a.sessions)) for name, a in found.items()] == [("https://example.org/c", 1)]


def test_two_series_of_one_identifier_get_no_dates_by_it(tmp_path: Path) -> None:
    series = [
        updated(n, **{"@type": "SessionSeries", "@id": f"https://example.org/{n}", "identifier": 7})
        for n in (1, 2)
    ]
    session = updated(3, **{"@type": "ScheduledSession", "superEvent": {"identifier": 7}})
    found = activities(read(pages(tmp_path, [*series, session])))
    assert {a.sessions for a in found.values()} == {()}


def test_a_cancelled_series_gives_a_note_and_no_activity(tmp_path: Path) -> None:
    items = read(pages(tmp_path, [updated("a", eventStatus="https://schema.org/EventCancelled")]))
    assert (activities(items), problems(items, "note")) == (
        {},
        [("page-00001.json, item 1", "eventStatus")],
    )


def test_facilities_are_counted() -> None:
    told = [p.reason for p in read(FIXTURES / "page.json") if isinstance(p, Problem)]
    assert (
        "facilities and their slots are no activities with company; so many were left out: 1."
        in told
    )


def test_fields_of_the_beta_are_counted() -> None:
    told = [p.reason for p in read(FIXTURES / "page.json") if isinstance(p, Problem)]
    assert "fields whose name begins with beta: were not read: 1." in told


# Facts


class Reading:
    """The one activity and the problems of an object with these fields."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "event.json"
        self.items: list[Activity | Problem] = []

    def __call__(self, **fields: Any) -> Activity:
        event = {"@context": "https://openactive.io/", "@type": "Event", "@id": "e", "name": "E"}
        self.file.write_text(json.dumps({**event, **fields}), encoding="utf-8")
        self.items = read(self.file)
        (activity,) = activities(self.items).values()
        return activity

    @property
    def mended(self) -> list[str]:
        return [field for _, field in problems(self.items, "mended")]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


@pytest.fixture(scope="module")
def dance() -> Activity:
    return activities(read(FIXTURES / "page.json"))["https://example.org/events/1"]


def test_an_event_that_states_nothing_more_gives_no_more_facts(reading: Reading) -> None:
    assert reading().model_dump(exclude_defaults=True) == {
        "id": "e",
        "title": "E",
        "source": {"name": "OpenActive", "record_id": "e"},
    }


def test_the_title_is_without_markup(dance: Activity) -> None:
    assert dance.title == "Seated dance at the Corn Hall"


def test_instructions_and_accessibility_are_part_of_the_description(dance: Activity) -> None:
    assert dance.description == (
        "Dance to the songs you know, on a chair.\n\nWear soft shoes.\n\n"
        "The hall has a ramp at the side door."
    )


def test_activities_are_themes(dance: Activity) -> None:
    theme = dance.themes[0]
    assert (theme.scheme, theme.code, theme.label) == ("openactive", "aaaa", "Dance")


def test_support_that_means_one_thing_is_an_access_fact(dance: Activity) -> None:
    assert dance.access is not None
    assert (dance.access.visual_support, dance.access.hearing_loop, dance.access.sign_language) == (
        True,
        None,
        None,
    )


def test_support_that_may_mean_several_things_stays_a_theme(dance: Activity) -> None:
    assert "Hearing impairment" in [theme.label for theme in dance.themes]


def test_features_are_there_or_not_as_stated(dance: Activity) -> None:
    assert dance.access is not None
    assert (dance.access.lift, dance.access.accessible_toilet, dance.access.wheelchair) == (
        False,
        True,
        None,
    )


def test_the_organizer_is_the_provider(dance: Activity) -> None:
    assert dance.provider is not None
    assert dance.provider.model_dump(exclude_none=True) == {
        "name": "Otherton Dancers",
        "url": "https://dance.example.org",
        "phone": "01234 567890",
        "email": "hello@dance.example.org",
    }


@pytest.mark.parametrize(
    ("stated", "gender"),
    [
        ("https://openactive.io/FemaleOnly", "women"),
        ("MaleOnly", "men"),
        ("oa:NoRestriction", "any"),
    ],
)
def test_gender(reading: Reading, stated: str, gender: str) -> None:
    assert reading(genderRestriction=stated).gender == gender


def test_a_gender_that_is_not_known_is_left_out(reading: Reading) -> None:
    assert (reading(genderRestriction="Ladies").gender, reading.mended) == (
        None,
        ["genderRestriction"],
    )


@pytest.mark.parametrize(
    ("stated", "ages"),
    [
        ({"minValue": 16}, (16, None)),
        ({"minValue": 5.5, "maxValue": 10.5}, (6, 10)),
        ({"value": 18}, (18, None)),
        ({"maxValue": "12"}, (None, 12)),
    ],
)
def test_ages(reading: Reading, stated: object, ages: tuple[int | None, int | None]) -> None:
    found = reading(ageRange=stated).ages
    assert found is not None
    assert (found.min, found.max) == ages


@pytest.mark.parametrize(
    "stated", [{"minValue": 60, "maxValue": 50}, {"minValue": 900}, "adults", {}]
)
def test_ages_that_cannot_be_are_not_stated(reading: Reading, stated: object) -> None:
    assert reading(ageRange=stated).ages is None


@pytest.mark.parametrize(
    ("stated", "delivery"),
    [
        ("https://schema.org/OnlineEventAttendanceMode", "online"),
        ("https://schema.org/MixedEventAttendanceMode", "hybrid"),
        ("OfflineEventAttendanceMode", "in_person"),
    ],
)
def test_delivery(reading: Reading, stated: str, delivery: str) -> None:
    assert reading(eventAttendanceMode=stated).delivery == delivery


def test_a_place_alone_does_not_say_how_it_is_delivered(reading: Reading) -> None:
    assert reading(location={"name": "Hall"}).delivery is None


def test_what_is_online_has_no_place(reading: Reading) -> None:
    mode = "https://schema.org/OnlineEventAttendanceMode"
    assert reading(eventAttendanceMode=mode, location={"name": "Head office"}).place is None


def test_what_can_be_watched_any_time_is_online() -> None:
    (activity,) = activities(read(FIXTURES / "event.jsonld")).values()
    assert activity.delivery == "online"


def test_an_address_may_be_text(reading: Reading) -> None:
    place = reading(location={"name": "Hall", "address": "1 Market Street, Otherton"}).place
    assert place is not None
    assert place.address == "1 Market Street, Otherton"


def test_a_location_in_words_is_a_name(reading: Reading) -> None:
    place = reading(location="By the lake").place
    assert place is not None
    assert (place.name, place.lat) == ("By the lake", None)


@pytest.mark.parametrize(
    "geo", [{"latitude": 0, "longitude": 0}, {"latitude": 95, "longitude": 1}, {"latitude": 52}]
)
def test_coordinates_that_cannot_be_are_left_out(reading: Reading, geo: object) -> None:
    activity = reading(location={"name": "Hall", "geo": geo})
    assert (activity.coordinates, len(reading.mended)) == (None, 1)


@pytest.mark.parametrize(
    ("category", "intensity"),
    [("High Intensity", "high"), ("Low intensity", "low"), ("Intensive course", None)],
)
def test_intensity_is_what_a_category_says(
    reading: Reading, category: str, intensity: str | None
) -> None:
    assert reading(category=[category]).intensity == intensity


def test_a_level_is_no_intensity(reading: Reading) -> None:
    assert reading(level=["Advanced"]).intensity is None


@pytest.mark.parametrize(("stated", "left"), [(3, 3), (0, 0), (-2, 0), ("4", 4), (2.5, None)])
def test_places_left(reading: Reading, stated: object, left: int | None) -> None:
    capacity = reading(remainingAttendeeCapacity=stated).capacity
    assert (capacity and capacity.places_left) == left


@pytest.mark.parametrize(("stated", "left"), [([0, 0], 0), ([0, None], None), ([0, 2, None], 2)])
def test_a_series_is_full_where_every_date_is(
    reading: Reading, stated: list[int | None], left: int | None
) -> None:
    dates = [{"@type": "ScheduledSession", "remainingAttendeeCapacity": n} for n in stated]
    capacity = reading(subEvent=dates).capacity
    assert (capacity and capacity.places_left) == left


def test_a_text_of_millions_of_characters_is_cut_and_told(reading: Reading) -> None:
    activity = reading(description="word " * 2_000_000)
    assert (len(activity.description) <= 50_000, reading.mended) == (True, ["description"])


def test_a_long_address_is_shortened_to_an_id_of_its_own(reading: Reading) -> None:
    ids = {
        reading(**{"@id": f"https://example.org/{'a' * 300}{end}", "identifier": 1}).id
        for end in "xy"
    }
    assert {len(one) for one in ids} == {200}
