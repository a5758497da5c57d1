"""HSDS 3.0: which facts are taken, which are left out, and what is said about it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds import HsdsReader

TABLES = Path(__file__).parents[1] / "fixtures" / "hsds" / "tables"


def read(path: Path) -> list[Activity | Problem]:
    return list(HsdsReader().read(path))


def read_services(folder: Path, *services: object) -> list[Activity | Problem]:
    file = folder / "services.json"
    file.write_text(json.dumps(services), encoding="utf-8")
    return read(file)


class Reading:
    """The one activity and the problems of a service with these fields."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def __call__(self, **fields: Any) -> Activity:
        service = {"id": "s", "name": "Club", "status": "active", **fields}
        items = read_services(self.folder, service)
        self.problems = [item for item in items if isinstance(item, Problem)]
        (activity,) = (item for item in items if isinstance(item, Activity))
        return activity

    def at(self, location: dict[str, Any], **link: Any) -> Activity:
        link = {"id": "l", "location": {"id": "p", **location}, **link}
        return self(service_at_locations=[link])

    @property
    def mended(self) -> list[str]:
        return [problem.field for problem in self.problems if problem.effect == "mended"]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


def times(activity: Activity) -> list[tuple[str | None, str | None, str | None]]:
    return [(session.day, session.start, session.end) for session in activity.sessions]


# Records


def test_a_service_that_states_nothing_more_gives_no_more_facts(reading: Reading) -> None:
    assert reading().model_dump(exclude_defaults=True) == {
        "id": "s",
        "title": "Club",
        "source": {"name": "HSDS", "record_id": "s"},
    }


def test_all_faults_of_a_service_come_at_once(tmp_path: Path) -> None:
    items = read_services(tmp_path, {"status": "active", "maximum_age": 200})
    assert [item.field for item in items if isinstance(item, Problem)] == [
        "maximum_age",
        "id",
        "name",
    ]


@pytest.mark.parametrize(
    "status", ["inactive", "defunct", "temporarily closed", "Temporarily_Closed"]
)
def test_a_closed_service_is_a_note_and_no_activity(tmp_path: Path, status: str) -> None:
    items = read_services(tmp_path, {"id": "s", "name": "Club", "status": status})
    assert [item.effect if isinstance(item, Problem) else item.id for item in items] == ["note"]


def test_an_item_that_is_no_object_is_rejected_alone(tmp_path: Path) -> None:
    good = {"id": "s", "name": "Club", "status": "active"}
    items = read_services(tmp_path, good, 7, {**good, "id": "t"})
    assert [item.where if isinstance(item, Problem) else item.id for item in items] == [
        "s",
        "services.json, record 2",
        "t",
    ]


def test_a_value_of_the_wrong_kind_is_left_out_and_told(reading: Reading) -> None:
    reading(url=["https://example.org"])
    assert reading.mended == ["url"]


def test_half_a_character_is_no_text(reading: Reading) -> None:
    assert (reading(description="\ud83d").description, reading.mended) == ("", ["description"])


def test_numbers_too_large_for_any_fact_are_told(reading: Reading) -> None:
    reading(minimum_age=10**400)
    assert reading.mended == ["minimum_age"]


def test_lists_that_are_null_are_not_stated(reading: Reading) -> None:
    assert reading(schedules=None, languages=None, cost_options=None).sessions == ()


def test_truncated_json_names_the_line_where_it_broke(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_text(
        '{"contents": [\n{"id": "s", "name": "Club",\n"assured_date": "2024-', encoding="utf-8"
    )
    assert [item.where for item in read(file) if isinstance(item, Problem)] == ["feed.json, line 3"]


def test_a_truncated_file_is_still_recognised(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_text('{"id": "s", "name": "Club", "assured_date": "2024-', encoding="utf-8")
    assert HsdsReader().recognises(file)


def test_a_damaged_page_leaves_the_other_pages(tmp_path: Path) -> None:
    page = {"total_pages": 2, "contents": [{"id": "s", "name": "Club", "status": "active"}]}
    (tmp_path / "1.json").write_text('{"total_pages": 2, "contents": [', encoding="utf-8")
    (tmp_path / "2.json").write_text(json.dumps(page), encoding="utf-8")
    assert [item.where if isinstance(item, Problem) else item.id for item in read(tmp_path)] == [
        "1.json, line 1",
        "s",
    ]


def test_a_single_page_of_many_says_that_others_are_missing(tmp_path: Path) -> None:
    page = {
        "total_pages": 9,
        "last_page": False,
        "contents": [{"id": "s", "name": "Club", "status": "x"}],
    }
    file = tmp_path / "1.json"
    file.write_text(json.dumps(page), encoding="utf-8")
    assert [item.field for item in read(file) if isinstance(item, Problem)] == ["last_page"]


def test_endless_nesting_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "feed.jsonl"
    file.write_text("[" * 200_000 + "\n", encoding="utf-8")
    assert [item.where for item in read(file) if isinstance(item, Problem)] == [
        "feed.jsonl, line 1"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "feed.json"
    file.write_text('{"id": "s", "name": "Kør selv", "status": "active"}', encoding=encoding)
    assert [item.title for item in read(file) if isinstance(item, Activity)] == ["Kør selv"]


def test_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_bytes('{"id": "s", "status": "active",\n"name": "Kør selv"}'.encode("cp1252"))
    assert [item.where if isinstance(item, Problem) else item.title for item in read(file)] == [
        "Kør selv",
        "feed.json, line 2",
    ]


def test_lines_are_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    lines = [{"id": name, "name": "Club", "status": "active"} for name in "ab"]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert [item.id for item in read(file) if isinstance(item, Activity)] == ["a", "b"]


def test_records_before_a_fault_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_text('[{"id": "s", "name": "Club", "status": "active"},\n{"id": ', encoding="utf-8")
    assert [item.where if isinstance(item, Problem) else item.id for item in read(file)] == [
        "s",
        "feed.json, line 2",
    ]


def test_the_fields_of_a_page_may_come_after_its_services(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    services = [{"id": f"s{number}", "name": "Club", "status": "active"} for number in range(40)]
    file.write_text(json.dumps({"contents": services, "total_items": 40}), encoding="utf-8")
    assert HsdsReader().recognises(file)
    assert len(read(file)) == 40


def test_a_location_in_a_list_is_no_service(tmp_path: Path) -> None:
    location = {"id": "p", "name": "Hall", "location_type": "physical", "schedules": []}
    assert [item.field for item in read_services(tmp_path, location) if isinstance(item, Problem)]
    assert not any(isinstance(item, Activity) for item in read_services(tmp_path, location))


def test_tables_in_one_json_document_are_joined(tmp_path: Path) -> None:
    file = tmp_path / "tabular.json"
    document = {
        "services.csv": [{"id": 1, "organization_id": "o", "name": "Walk"}, "odd"],
        "schedules.csv": [{"service_id": "1", "freq": "WEEKLY", "byday": "FR", "notes": ["x"]}],
    }
    file.write_text(json.dumps(document), encoding="utf-8")
    items = read(file)
    assert [[s.day for s in a.sessions] for a in items if isinstance(a, Activity)] == [["fri"]]
    assert [(p.where, p.effect) for p in items if isinstance(p, Problem)] == [
        ("tabular.json, schedules.csv, row 1", "mended"),
        ("tabular.json, services.csv, row 2", "rejected"),
    ]


# Places


def test_a_service_at_one_location_keeps_its_id(reading: Reading) -> None:
    assert reading.at({}).id == "s"


def test_a_service_at_two_locations_is_two_activities(tmp_path: Path) -> None:
    links = [{"id": "1", "location": {"id": "p"}}, {"id": "2", "location": {"id": "q"}}]
    service = {"id": "s", "name": "Club", "status": "active", "service_at_locations": links}
    assert [a.id for a in read_services(tmp_path, service) if isinstance(a, Activity)] == [
        "s@p",
        "s@q",
    ]


def test_twice_at_one_location_has_two_ids(tmp_path: Path) -> None:
    links = [{"id": "1", "location": {"id": "p"}}, {"id": "2", "location": {"id": "p"}}]
    service = {"id": "s", "name": "Club", "status": "active", "service_at_locations": links}
    assert [a.id for a in read_services(tmp_path, service) if isinstance(a, Activity)] == [
        "s@p",
        "s@p@2",
    ]


def test_the_locations_of_an_organization_are_not_those_of_its_services(tmp_path: Path) -> None:
    service = {"id": "s", "name": "Club", "status": "active"}
    organization = {"id": "o", "name": "House", "locations": [{"id": "p", "name": "Office"}]}
    items = read_services(tmp_path, {**organization, "services": [service]})
    assert [item.place for item in items if isinstance(item, Activity)] == [None]


@pytest.mark.parametrize(
    ("lat", "lon", "field"),
    [
        (100, 10, "location.latitude"),
        (55, 181, "location.longitude"),
        (55, None, "location.longitude"),
        (None, 10, "location.latitude"),
        (0, 0, "location.latitude"),
        ("north", 10, "location.latitude"),
        ("55,7", 12.5, "location.latitude"),
    ],
)
def test_impossible_coordinates_are_told(
    reading: Reading, lat: object, lon: object, field: str
) -> None:
    reading.at({"name": "Hall", "latitude": lat, "longitude": lon})
    assert reading.mended == [field]


def test_impossible_coordinates_leave_the_rest_of_the_place(reading: Reading) -> None:
    activity = reading.at({"name": "Hall", "latitude": 100, "longitude": 10})
    assert activity.place is not None
    assert activity.place.model_dump(exclude_none=True) == {"name": "Hall"}


def test_coordinates_written_as_text_are_numbers(reading: Reading) -> None:
    assert reading.at({"latitude": "55.7", "longitude": "-12.5"}).coordinates == (55.7, -12.5)


def test_the_physical_address_goes_before_the_postal_one(reading: Reading) -> None:
    postal = {"address_type": "postal", "address_1": "Letters 1"}
    physical = {"address_type": "physical", "address_1": "Door 2"}
    place = reading.at({"addresses": [postal, physical]}).place
    assert place is not None
    assert place.address == "Door 2"


def test_a_lone_postal_address_is_taken_with_a_note(reading: Reading) -> None:
    reading.at({"addresses": [{"address_type": "postal", "address_1": "Street 1"}]})
    assert [(p.field, p.effect) for p in reading.problems] == [("address.address_type", "note")]


def test_a_post_office_box_is_no_place(reading: Reading) -> None:
    assert (
        reading.at({"addresses": [{"address_type": "postal", "address_1": "P.O. Box 7"}]}).place
        is None
    )


def test_a_postcode_keeps_its_leading_zero(reading: Reading) -> None:
    place = reading.at({"addresses": [{"address_type": "physical", "postal_code": "0800"}]}).place
    assert place is not None
    assert place.postcode == "0800"


def test_a_virtual_location_is_no_place(reading: Reading) -> None:
    assert reading.at({"location_type": "virtual", "name": "Video room"}).place is None


# Sessions


def schedule(**fields: object) -> dict[str, object]:
    return {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "11:00", **fields}


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("10:00:00", "10:00"),
        ("9:00", "09:00"),
        ("09:00Z", "09:00"),
        ("09:00-05:00", "09:00"),
        ("09:30:00.000Z", "09:30"),
        ("9.30", "09:30"),
        ("9 am", "09:00"),
        ("8:15 a.m.", "08:15"),
        ("12:00 AM", "00:00"),
    ],
)
def test_times_are_read_as_written(reading: Reading, written: str, clock: str) -> None:
    activity = reading(schedules=[schedule(opens_at=written, closes_at="13:00")])
    assert times(activity) == [("mon", clock, "13:00")]


@pytest.mark.parametrize("written", ["soon", "25:00", "10:75", "9", "24:01"])
def test_an_unusable_time_leaves_the_day(reading: Reading, written: str) -> None:
    activity = reading(schedules=[schedule(opens_at=written)])
    assert (times(activity), reading.mended) == ([("mon", None, "11:00")], ["schedule.opens_at"])


def test_closing_before_opening_drops_both_times(reading: Reading) -> None:
    activity = reading(schedules=[schedule(opens_at="10:00", closes_at="4:00")])
    assert (times(activity), reading.mended) == ([("mon", None, None)], ["schedule.closes_at"])


def test_closing_at_midnight_is_the_end_of_the_day(reading: Reading) -> None:
    assert times(reading(schedules=[schedule(opens_at="18:00", closes_at="00:00")])) == [
        ("mon", "18:00", "24:00")
    ]


@pytest.mark.parametrize(
    ("byday", "days"),
    [
        ("TU,FR", ["tue", "fri"]),
        ("su", ["sun"]),
        ("Monday, Thursdays", ["mon", "thu"]),
        ("Wed", ["wed"]),
        ("SA,SA", ["sat"]),
    ],
)
def test_days_are_read_in_their_order(reading: Reading, byday: str, days: list[str]) -> None:
    assert [s.day for s in reading(schedules=[schedule(byday=byday)]).sessions] == days


def test_an_unknown_day_is_told(reading: Reading) -> None:
    reading(schedules=[schedule(byday="MO,Blursday")])
    assert reading.mended == ["schedule.byday"]


@pytest.mark.parametrize(
    ("freq", "interval", "every"),
    [
        ("WEEKLY", None, "week"),
        ("weekly", 1, "week"),
        (None, None, "week"),
        ("WEEKLY", "2", "two_weeks"),
        ("MONTHLY", 1, "month"),
    ],
)
def test_rhythms(reading: Reading, freq: object, interval: object, every: str) -> None:
    activity = reading(schedules=[schedule(freq=freq, interval=interval)])
    assert [session.every for session in activity.sessions] == [every]


@pytest.mark.parametrize(("freq", "interval"), [("WEEKLY", 3), ("MONTHLY", 2), ("YEARLY", 1)])
def test_a_rhythm_that_cannot_be_kept_is_told(reading: Reading, freq: str, interval: int) -> None:
    activity = reading(schedules=[schedule(freq=freq, interval=interval)])
    assert (activity.sessions, reading.mended) == ((), ["schedule.freq"])


def test_the_week_of_the_month_is_told_to_be_lost(reading: Reading) -> None:
    activity = reading(schedules=[schedule(freq="MONTHLY", byday="2TU")])
    assert ([s.day for s in activity.sessions], reading.mended) == (["tue"], ["schedule.byday"])


def test_without_byday_the_first_date_states_the_weekday(reading: Reading) -> None:
    activity = reading(schedules=[schedule(byday=None, dtstart="2024-09-05")])
    assert [session.day for session in activity.sessions] == ["thu"]


def test_dtstart_goes_before_valid_from(reading: Reading) -> None:
    (session,) = reading(
        schedules=[schedule(valid_from="2024-01-01", dtstart="2024-01-08")]
    ).sessions
    assert session.from_date == date(2024, 1, 8)


def test_the_earlier_end_counts(reading: Reading) -> None:
    (session,) = reading(schedules=[schedule(valid_to="2024-12-31", until="2024-06-30")]).sessions
    assert session.until == date(2024, 6, 30)


def test_an_end_before_the_beginning_drops_both_dates(reading: Reading) -> None:
    (session,) = reading(schedules=[schedule(dtstart="2024-12-31", until="2024-06-30")]).sessions
    assert (session.from_date, session.until) == (None, None)


def test_a_number_of_times_is_told_to_be_lost(reading: Reading) -> None:
    reading(schedules=[schedule(count=6)])
    assert reading.mended == ["schedule.count"]


def test_prose_alone_is_no_session(reading: Reading) -> None:
    assert reading(schedules=[{"description": "In term time"}]).sessions == ()


def test_times_at_the_location_win_over_those_of_the_service(tmp_path: Path) -> None:
    link = {"id": "l", "location": {"id": "p"}, "schedules": [schedule(byday="TU")]}
    service = {"id": "s", "name": "Club", "schedules": [schedule()], "service_at_locations": [link]}
    (activity,) = read_services(tmp_path, {**service, "status": "active"})
    assert isinstance(activity, Activity)
    assert [session.day for session in activity.sessions] == ["tue"]


def test_times_of_the_service_win_over_opening_hours(reading: Reading) -> None:
    link = {"id": "l", "location": {"id": "p", "schedules": [schedule(byday="SU")]}}
    activity = reading(schedules=[schedule()], service_at_locations=[link])
    assert [session.day for session in activity.sessions] == ["mon"]


# Delivery


@pytest.mark.parametrize(
    ("attending", "delivery"),
    [
        (["online"], "online"),
        (["In-person"], "in_person"),
        (["online", "in person"], "hybrid"),
        (["Telephone"], "phone"),
        (["home visit"], "home_visit"),
        (["You may come in or dial in from home"], None),
        (["online", "ask at reception"], None),
    ],
)
def test_only_clear_attending_types_state_the_delivery(
    reading: Reading, attending: list[str], delivery: str | None
) -> None:
    assert (
        reading(schedules=[schedule(attending_type=text) for text in attending]).delivery
        == delivery
    )


def test_a_virtual_location_is_online(reading: Reading) -> None:
    assert reading.at({"location_type": "virtual"}).delivery == "online"


def test_a_physical_location_does_not_state_the_delivery(reading: Reading) -> None:
    assert reading.at({"location_type": "physical", "name": "Hall"}).delivery is None


def test_contradiction_states_no_delivery(reading: Reading) -> None:
    activity = reading.at(
        {"location_type": "virtual"}, schedules=[schedule(attending_type="in person")]
    )
    assert activity.delivery is None


# Cost


def option(amount: object, words: str | None = None, **fields: object) -> dict[str, object]:
    return {"amount": amount, "currency": "gbp", "amount_description": words, **fields}


def cost(activity: Activity) -> dict[str, Any]:
    assert activity.cost is not None
    return activity.cost.model_dump(exclude_none=True, exclude_defaults=True)


def test_an_amount_of_zero_is_free(reading: Reading) -> None:
    assert cost(reading(cost_options=[{"amount": 0}])) == {"amount": 0}


def test_a_price_for_everyone(reading: Reading) -> None:
    assert cost(reading(cost_options=[option(5, "per session")])) == {
        "amount": 5,
        "currency": "GBP",
        "per": "session",
    }


@pytest.mark.parametrize(
    ("words", "per"),
    [
        ("per session", "session"),
        ("per 1 hour session", "session"),
        ("Per class.", "session"),
        ("a week", "week"),
        ("monthly", "month"),
        ("per quarter", "quarter"),
        ("per year", "year"),
        ("one-off fee", "once"),
        ("per hour", None),
        ("per term", None),
        ("per session or per month", None),
    ],
)
def test_only_clear_words_state_the_period(reading: Reading, words: str, per: str | None) -> None:
    assert cost(reading(cost_options=[option(5, words)])).get("per") == per


def test_words_that_state_no_period_go_to_the_note(reading: Reading) -> None:
    assert cost(reading(cost_options=[option(5, "per hour")]))["note"] == "5 GBP per hour"


def test_a_lower_price_for_a_group_is_a_concession(reading: Reading) -> None:
    options = [option(5, "per session"), option(3, "per session", option="Under 18s")]
    assert cost(reading(cost_options=options))["concessions"] == (
        {"for": "Under 18s", "amount": 3},
    )


def test_a_price_for_a_group_alone_is_no_price_for_everyone(reading: Reading) -> None:
    assert cost(reading(cost_options=[option(3, option="Under 18s")])) == {
        "note": "Under 18s: 3 GBP"
    }


def test_a_higher_price_for_a_group_is_no_concession(reading: Reading) -> None:
    assert "concessions" not in cost(
        reading(cost_options=[option(5), option(12, option="Families")])
    )


def test_prices_that_differ_without_a_reason_are_only_noted(reading: Reading) -> None:
    options = [option(5, "per session"), option(15, "per month")]
    assert cost(reading(cost_options=options)) == {"note": "5 GBP per session\n15 GBP per month"}


def test_of_two_prices_in_turn_the_later_holds(reading: Reading) -> None:
    options = [option(5, valid_to="2023-12-31"), option(6, valid_from="2024-01-01")]
    assert cost(reading(cost_options=options))["amount"] == 6


def test_the_dates_of_a_price_stay_in_the_note(reading: Reading) -> None:
    assert (
        cost(reading(cost_options=[option(6, valid_to="2024-12-31")]))["note"]
        == "6 GBP until 2024-12-31"
    )


@pytest.mark.parametrize("prose", ["Free to everyone", "About £50 an hour"])
def test_fees_in_prose_are_a_note_without_amount(reading: Reading, prose: str) -> None:
    assert cost(reading(fees_description=prose)) == {"note": prose}


def test_fees_description_goes_before_the_older_fees(reading: Reading) -> None:
    assert cost(reading(fees_description="New words", fees="Old words")) == {"note": "New words"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": -1}, "cost_option.amount"),
        ({"amount": "£5"}, "cost_option.amount"),
        ({"amount": 5, "currency": "pounds"}, "cost_option.currency"),
        ({"amount": 5, "valid_to": "next year"}, "cost_option.valid_to"),
    ],
)
def test_unusable_parts_of_a_price_are_told(
    reading: Reading, fields: dict[str, object], field: str
) -> None:
    reading(cost_options=[{"option": "Fee", **fields}])
    assert reading.mended == [field]


# Ages, languages, access, themes


@pytest.mark.parametrize(
    ("low", "high", "ages"),
    [
        (12, 100, (12, 100)),
        ("18", None, (18, None)),
        (None, 25.0, (None, 25)),
        (0.5, 3.5, (1, 3)),
        (30, 20, None),
        (0, 0, None),
        (-1, 999, None),
        (None, None, None),
    ],
)
def test_ages(
    reading: Reading, low: object, high: object, ages: tuple[int | None, int | None] | None
) -> None:
    stated = reading(minimum_age=low, maximum_age=high).ages
    assert (stated and (stated.min, stated.max)) == ages


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ({"code": "UR"}, "ur"),
        ({"code": "eng"}, "en"),
        ({"code": "en-GB"}, "en"),
        ({"name": "Polish"}, "pl"),
        ({"name": "Arabisk"}, "ar"),
        ({"code": "xx", "name": "Danish"}, "da"),
    ],
)
def test_languages(reading: Reading, language: dict[str, str], code: str) -> None:
    assert reading(languages=[language]).languages == (code,)


def test_an_unknown_language_is_left_out_and_told(reading: Reading) -> None:
    assert (reading(languages=[{"name": "Klingon"}]).languages, reading.mended) == (
        (),
        ["language.code"],
    )


def test_languages_of_the_location_count_where_the_service_states_none(reading: Reading) -> None:
    assert reading.at({"languages": [{"code": "so"}]}).languages == ("so",)


@pytest.mark.parametrize(
    ("prose", "keys"),
    [
        ("Wheelchair access is possible on all levels.", {"wheelchair"}),
        ("The building has induction loops for hearing aids.", {"hearing_loop"}),
        ("Hearing loop fitted; lift to all floors.", {"hearing_loop", "lift"}),
        ("Elevator by the door.", {"lift"}),
        ("Wheelchair accessible toilet on the ground floor.", {"accessible_toilet"}),
        ("Accessible restrooms and disabled parking.", {"accessible_toilet", "accessible_parking"}),
        ("Step-free throughout.", {"step_free"}),
        ("<p>Wheelchair&nbsp;access</p>", {"wheelchair"}),
        ("No wheelchair access.", set()),
        ("There isn't a lift.", set()),
        ("Wheelchair access to the ground floor only.", set()),
        ("Wheelchair access. The upper floor has no wheelchair access.", set()),
        ("A lift will be fitted soon.", set()),
        ("We can arrange a lift to and from the hall.", set()),
        ("Come and lift weights with us.", set()),
        ("A friendly place.", set()),
    ],
)
def test_access_is_read_only_from_clear_sentences(
    reading: Reading, prose: str, keys: set[str]
) -> None:
    access = reading.at({"accessibility": [{"description": prose}]}).access
    assert (set() if access is None else set(access.model_dump(exclude_none=True))) == keys


def test_access_is_never_read_as_no(reading: Reading) -> None:
    assert (
        reading.at({"accessibility": [{"description": "No lift. Not step-free."}]}).access is None
    )


def test_themes_name_their_taxonomy(reading: Reading) -> None:
    term = {"id": "t", "code": "X1", "name": "Gardening", "taxonomy_detail": {"name": "Own list"}}
    (theme,) = reading(attributes=[{"taxonomy_term": term}]).themes
    assert (theme.scheme, theme.code, theme.label) == ("Own list", "X1", "Gardening")


# Capacity, which HSDS 3.1 adds


def capacity(available: object, unit: object = None) -> dict[str, object]:
    return {"id": "c", "available": available, "maximum": 12, "unit": unit, "updated": "2026-01-01"}


@pytest.mark.parametrize(
    ("available", "unit", "left"),
    [
        (3, {"name": "Places"}, 3),
        (0, {"name": "people"}, 0),
        ("4", {"name": "slot"}, 4),
        (5, None, 5),
        (2.9, {"name": "seats"}, 2),
        (5, {"name": "Bed"}, None),
        (5, {"name": "Kilogram", "identifier": "kgm"}, None),
        (-1, {"name": "Places"}, None),
        (None, {"name": "Places"}, None),
    ],
)
def test_places_left_are_counted_in_persons(
    reading: Reading, available: object, unit: object, left: int | None
) -> None:
    stated = reading(capacities=[capacity(available, unit)]).capacity
    assert (stated and stated.places_left) == left


@pytest.mark.parametrize(
    ("capacities", "field", "effect"),
    [
        ([capacity(5, {"name": "Bed"})], "capacity.unit", "note"),
        ([capacity(-1)], "capacity.available", "mended"),
        ([capacity("many")], "capacity.available", "mended"),
        ([capacity(1), capacity(2)], "capacities", "mended"),
    ],
)
def test_a_capacity_that_is_not_taken_is_told(
    reading: Reading, capacities: list[object], field: str, effect: str
) -> None:
    assert reading(capacities=capacities).capacity is None
    assert [(p.field, p.effect) for p in reading.problems] == [(field, effect)]


def test_capacities_are_joined_with_their_units(tmp_path: Path) -> None:
    rows = {
        "services": "id,organization_id,name\na,o,Walk\nb,o,Shelter\n",
        "service_capacity": "id,service_id,unit_id,available\n1,a,u,7\n2,b,v,7\n",
        "units": "id,name\nu,People\nv,Beds\n",
    }
    for name, text in rows.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    activities = [item for item in read(tmp_path) if isinstance(item, Activity)]
    assert [a.capacity and a.capacity.places_left for a in activities] == [7, None]


# Words and provider


def test_a_further_address_on_the_web_counts_where_there_is_no_other(reading: Reading) -> None:
    provider = reading(additional_urls=[{"label": "Sign up", "url": "https://x.example"}]).provider
    assert provider is not None
    assert provider.url == "https://x.example"


def test_the_phone_of_a_contact_counts_where_there_is_no_other(reading: Reading) -> None:
    provider = reading(contacts=[{"name": "A. Nobody", "phones": [{"number": "7"}]}]).provider
    assert provider is not None
    assert (provider.name, provider.phone) == (None, "7")


def test_an_organization_elsewhere_is_found_by_its_id(tmp_path: Path) -> None:
    service = {"id": "s", "name": "Club", "status": "active", "organization_id": "o"}
    page = {"total_pages": 1, "contents": [{"id": "o", "name": "House", "website": "https://h"}]}
    (tmp_path / "organizations.json").write_text(json.dumps(page), encoding="utf-8")
    (tmp_path / "services.json").write_text(json.dumps([service]), encoding="utf-8")
    (activity,) = (item for item in read(tmp_path) if isinstance(item, Activity))
    assert activity.provider is not None
    assert (activity.provider.name, activity.provider.url) == ("House", "https://h")


def test_html_becomes_text_with_paragraphs(reading: Reading) -> None:
    description = "<p>Tea &amp; <b>talk</b></p><ul><li>Every day</li></ul><script>x()</script>"
    assert reading(description=description).description == "Tea & talk\n\nEvery day"


def test_signs_that_are_no_html_stay(reading: Reading) -> None:
    description = "For those <5 years & their parents, write to <team@example.org>"
    assert reading(description=description).description == description


def test_html_escaped_twice_becomes_text(reading: Reading) -> None:
    assert reading(description="&lt;p&gt;Tea &amp;amp; talk&lt;/p&gt;").description == "Tea & talk"


def test_eligibility_is_a_further_paragraph(reading: Reading) -> None:
    activity = reading(description="Tea.", eligibility_description="For carers.")
    assert activity.description == "Tea.\n\nFor carers."


def test_an_alternate_name_is_left_out(reading: Reading) -> None:
    assert reading(alternate_name="The Gang").title == "Club"


def test_the_phone_of_the_service_goes_before_that_of_the_organization(reading: Reading) -> None:
    organization = {"name": "House", "phones": [{"number": "2"}]}
    provider = reading(organization=organization, phones=[{"number": "1"}]).provider
    assert provider is not None
    assert provider.phone == "1"


def test_a_fax_is_no_phone(reading: Reading) -> None:
    assert reading(phones=[{"number": "1", "type": "fax"}]).provider is None


def test_quotes_around_a_phone_number_are_dropped(reading: Reading) -> None:
    provider = reading(phones=[{"number": '"+44 1"', "extension": 100}]).provider
    assert provider is not None
    assert provider.phone == "+44 1 ext. 100"


def test_assured_date_is_when_it_was_verified(reading: Reading) -> None:
    assert reading(assured_date="2024-02-29", last_modified="2025-01-01").verified_on == date(
        2024, 2, 29
    )


def test_last_modified_does_not_verify(reading: Reading) -> None:
    assert reading(last_modified="2025-01-01T10:00:00Z").verified_on is None


@pytest.mark.parametrize(
    ("licenses", "licence"),
    [("CC BY 4.0", "CC BY 4.0"), ("licences", None), ("Permit no. 7", None)],
)
def test_only_the_licence_of_data_is_a_licence(
    reading: Reading, licenses: str, licence: str | None
) -> None:
    source = reading(licenses=licenses).source
    assert source is not None
    assert source.licence == licence


# Tables


@pytest.fixture(scope="module")
def table_items() -> list[Activity | Problem]:
    return read(TABLES)


@pytest.fixture(scope="module")
def tables(table_items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in table_items if isinstance(item, Activity)}


def test_a_data_package_may_name_the_files(tables: dict[str, Activity]) -> None:
    assert times(tables["yoga@north"]) == [("mon", "10:00", "11:00")]


def test_times_at_the_location_win_in_tables_too(tables: dict[str, Activity]) -> None:
    assert [(s.day, s.every) for s in tables["yoga@south"].sessions] == [
        ("wed", "two_weeks"),
        ("fri", "two_weeks"),
    ]


def test_opening_hours_of_a_building_are_not_sessions(tables: dict[str, Activity]) -> None:
    assert times(tables["chess@north"]) == []


def test_addresses_are_joined(tables: dict[str, Activity]) -> None:
    place = tables["yoga@north"].place
    assert place is not None
    assert (place.address, place.postcode, place.town) == ("Nørregade 1", "0800", "Lille By")


def test_cost_options_are_joined(tables: dict[str, Activity]) -> None:
    assert cost(tables["yoga@north"]) == {
        "amount": 40,
        "currency": "DKK",
        "per": "session",
        "concessions": ({"for": "Over 75s", "amount": 20},),
    }


def test_terms_are_joined(tables: dict[str, Activity]) -> None:
    (theme,) = tables["yoga@north"].themes
    assert (theme.scheme, theme.code, theme.label) == ("Meadow terms", "EX-7", "Gentle exercise")


def test_phones_are_joined_to_the_closest_owner(tables: dict[str, Activity]) -> None:
    phones = {key: a.provider and a.provider.phone for key, a in tables.items()}
    assert phones == {
        "yoga@north": "01632 960010",
        "yoga@south": "01632 960012 ext. 4",
        "chess@north": "01632 960010",
        "chess@nowhere": "01632 960010",
    }


def test_an_unknown_location_leaves_the_place_open(tables: dict[str, Activity]) -> None:
    assert tables["chess@nowhere"].place is None


def test_a_fault_in_a_table_is_named_by_its_own_line(table_items: list[Activity | Problem]) -> None:
    mended = [p.where for p in table_items if isinstance(p, Problem) and p.effect == "mended"]
    assert mended == ["locations.csv, line 3", "service_at_location.csv, line 6"]


def services_csv(folder: Path, data: bytes) -> list[Activity | Problem]:
    (folder / "services.csv").write_bytes(data)
    return read(folder)


def test_a_row_with_too_many_values_is_rejected_alone(tmp_path: Path) -> None:
    items = services_csv(tmp_path, b"id,organization_id,name\na,o,Tea, talk\nb,o,Walk\n")
    assert [item.where if isinstance(item, Problem) else item.id for item in items] == [
        "services.csv, line 2",
        "b",
    ]


def test_a_quote_that_never_closes_is_told_with_its_line(tmp_path: Path) -> None:
    items = services_csv(tmp_path, b'id,organization_id,name\na,o,Walk\nb,o,"Tea\nc,o,Talk\n')
    assert [item.where if isinstance(item, Problem) else item.id for item in items] == [
        "a",
        "services.csv, line 3",
    ]


def test_lines_inside_quotes_are_counted(tmp_path: Path) -> None:
    items = services_csv(tmp_path, b'id,organization_id,name\na,o,"Tea\nand talk"\n,o,Walk\n')
    assert [item.where for item in items if isinstance(item, Problem)] == ["services.csv, line 4"]


def test_semicolons_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    items = services_csv(tmp_path, "\ufeffid;organization_id;name\r\na;o;Kør, selv\r\n".encode())
    assert [item.title for item in items if isinstance(item, Activity)] == ["Kør, selv"]


def test_lines_of_two_encodings_both_come_out_right(tmp_path: Path) -> None:
    data = "id,organization_id,name\na,o,Kør\n".encode() + "b,o,Gå\n".encode("cp1252")
    items = services_csv(tmp_path, data)
    assert [item.title for item in items if isinstance(item, Activity)] == ["Kør", "Gå"]


def test_a_header_alone_gives_nothing(tmp_path: Path) -> None:
    assert services_csv(tmp_path, b"id,organization_id,name\n") == []
