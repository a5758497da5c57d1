"""FHIR Bundles and exports: what refers to what, and which facts are taken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from making import make_activity
from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.fhir import FhirReader

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fhir_bundle"
CAPACITY = (
    "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/"
    "SDOHCC-ExtensionHealthcareServiceCapacityStatus"
)
PROVISION = "http://terminology.hl7.org/CodeSystem/service-provision-conditions"


def read(path: Path) -> list[Activity | Problem]:
    return list(FhirReader().read(path))


def activities(items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in items if isinstance(item, Activity)}


def problems(items: list[Activity | Problem], effect: str) -> list[tuple[str, str]]:
    return [
        (item.where, item.field)
        for item in items
        if isinstance(item, Problem) and item.effect == effect
    ]


class Reading:
    """The one activity and the problems of a service with these elements, in a Bundle with others."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "bundle.json"
        self.items: list[Activity | Problem] = []

    def all(self, *others: dict[str, Any], **elements: Any) -> dict[str, Activity]:
        service = {"resourceType": "HealthcareService", "id": "s", "name": "Club", **elements}
        entries = [{"resource": one} for one in (service, *others)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        self.file.write_text(json.dumps(bundle), encoding="utf-8")
        self.items = read(self.file)
        return activities(self.items)

    def __call__(self, *others: dict[str, Any], **elements: Any) -> Activity:
        (activity,) = self.all(*others, **elements).values()
        return activity

    def told(self, effect: str) -> list[str]:
        return [field for _, field in problems(self.items, effect)]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


@pytest.fixture(scope="module")
def searchset() -> list[Activity | Problem]:
    return read(FIXTURES / "searchset.json")


@pytest.fixture(scope="module")
def cafe(searchset: list[Activity | Problem]) -> Activity:
    return activities(searchset)["cafe@north"]


# Bundles and exports


def test_one_activity_for_each_location(searchset: list[Activity | Problem]) -> None:
    assert list(activities(searchset)) == ["cafe@north", "cafe@south"]


def test_a_service_that_is_not_active_gives_a_note(searchset: list[Activity | Problem]) -> None:
    assert ("searchset.json, entry 2", "active") in problems(searchset, "note")


def test_a_service_without_a_name_is_told(searchset: list[Activity | Problem]) -> None:
    assert problems(searchset, "rejected") == [("searchset.json, entry 3", "name")]


def test_a_next_page_that_was_not_given_is_told(searchset: list[Activity | Problem]) -> None:
    assert ("searchset.json", "link") in problems(searchset, "note")


def test_a_next_page_that_was_given_is_not_told() -> None:
    assert problems(read(FIXTURES / "pages"), "note") == []


def test_pages_refer_to_each_other() -> None:
    (activity,) = activities(read(FIXTURES / "pages")).values()
    assert (activity.coordinates, activity.provider and activity.provider.name) == (
        (53.5, -1.5),
        "Green Hands",
    )


def test_entries_that_are_no_objects_are_told() -> None:
    assert problems(read(FIXTURES / "pages"), "rejected") == [
        ("1.json, entry 2", "resource"),
        ("1.json, entry 3", ""),
    ]


def test_an_export_is_read_line_by_line() -> None:
    items = read(FIXTURES / "export.ndjson")
    assert (list(activities(items)), problems(items, "rejected")) == (
        ["choir", "lunch"],
        [("export.ndjson, line 3", "")],
    )


def test_an_absolute_reference_finds_what_an_export_names(tmp_path: Path) -> None:
    place = activities(read(FIXTURES / "export.ndjson"))["choir"].place
    assert place is not None
    assert place.town == "Otherton"


def test_a_reference_in_words_is_a_name() -> None:
    lunch = activities(read(FIXTURES / "export.ndjson"))["lunch"]
    assert (lunch.place and lunch.place.name, lunch.provider and lunch.provider.name) == (
        "Church rooms",
        "St Anne's",
    )


def test_a_contained_resource_is_found(reading: Reading) -> None:
    hall = {"resourceType": "Location", "id": "x", "name": "Hall"}
    place = reading(contained=[hall], location=[{"reference": "#x"}]).place
    assert place is not None
    assert place.name == "Hall"


def test_a_location_that_is_not_there_is_told(reading: Reading) -> None:
    assert reading(location=[{"reference": "Location/9"}]).place is None
    assert reading.told("mended") == ["location.reference"]


def test_of_two_servers_the_own_one_is_meant(tmp_path: Path) -> None:
    def entry(base: str, kind: str, id: str, **elements: Any) -> dict[str, Any]:
        resource = {"resourceType": kind, "id": id, **elements}
        return {"fullUrl": f"https://{base}.example.org/fhir/{kind}/{id}", "resource": resource}

    service = {"name": "Club", "location": [{"reference": "Location/1"}]}
    entries = [entry("b", "HealthcareService", "s", **service)]
    entries += [entry(base, "Location", "1", name=base) for base in "abc"]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}), encoding="utf-8")
    (activity,) = activities(read(file)).values()
    assert activity.place is not None
    assert activity.place.name == "b"


def test_entries_that_remove_are_counted(tmp_path: Path) -> None:
    entry = {"request": {"method": "DELETE", "url": "HealthcareService/1"}}
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "entry": [entry]}), encoding="utf-8")
    assert ("bundle.json", "entry.request") in problems(read(file), "note")


def test_other_resources_are_counted_and_not_repeated(reading: Reading) -> None:
    reading({"resourceType": "Patient", "name": [{"family": "Secret"}]})
    told = [str(item) for item in reading.items if isinstance(item, Problem)]
    assert told == [
        "bundle.json, entry: resources that are no services were passed over: 1. Nothing to mend."
    ]


# Facts


def test_a_service_that_states_nothing_more_gives_no_more_facts(reading: Reading) -> None:
    assert reading().model_dump(exclude_defaults=True) == {
        "id": "s",
        "title": "Club",
        "source": {"name": "FHIR", "record_id": "s"},
    }


def test_texts_are_the_description(cafe: Activity) -> None:
    assert cafe.description.split("\n\n") == [
        "Kaffe og samtale for dig, der passer en syg ægtefælle.",
        "Tag gerne en ven med.",
        "Pårørende",
        "Fra 18 år.",
        "Lukket i juli.",
    ]


def test_the_provider_has_the_contacts_of_the_service_first(cafe: Activity) -> None:
    assert cafe.provider is not None
    assert cafe.provider.model_dump(exclude_none=True) == {
        "name": "Frivilligcenter Nordby",
        "url": "https://frivillig.example.org",
        "phone": "11 22 33 44",
        "email": "cafe@example.org",
    }


def test_a_postcode_keeps_its_zero(cafe: Activity) -> None:
    assert cafe.place is not None
    assert cafe.place.model_dump(exclude_none=True) == {
        "name": "Nordhuset",
        "address": "Nørregade 1, 1. sal",
        "postcode": "0999",
        "town": "Nordby",
        "lat": 56.5,
        "lon": 9.5,
    }


def test_the_hours_of_a_building_are_not_those_of_the_service(cafe: Activity) -> None:
    assert [(s.day, s.start, s.end) for s in cafe.sessions] == [
        ("tue", "14:00", "16:00"),
        ("thu", "14:00", "16:00"),
    ]


def test_categories_and_types_are_themes(cafe: Activity) -> None:
    assert [(t.scheme, t.code, t.label) for t in cafe.themes] == [
        ("http://example.org/kinds", "9", "Community"),
        ("FHIR", "Caregiver support", "Caregiver support"),
    ]


def test_languages_by_code_and_by_name(cafe: Activity) -> None:
    assert (cafe.text_language, cafe.languages) == ("da", ("da", "en"))


def test_a_characteristic_that_states_access(cafe: Activity) -> None:
    assert cafe.access is not None
    assert cafe.access.model_dump(exclude_none=True) == {"wheelchair": True}


@pytest.mark.parametrize(
    ("stated", "referral"),
    [("Self-referral", "self"), ("GP referral", "gp"), ("Phone", None), ("Fax", None)],
)
def test_who_may_refer(reading: Reading, stated: str, referral: str | None) -> None:
    assert reading(referralMethod=[{"text": stated}]).referral == referral


def test_two_ways_of_referral_leave_it_open(reading: Reading) -> None:
    methods = [{"text": "Self-referral"}, {"text": "GP referral"}]
    assert reading(referralMethod=methods).referral is None


@pytest.mark.parametrize(
    ("appointment", "method", "no_sign_up"),
    [
        (True, None, False),
        (False, None, True),
        (False, [{"text": "GP referral"}], None),
        ("no", None, None),
    ],
)
def test_an_appointment_is_a_sign_up(
    reading: Reading, appointment: object, method: object, no_sign_up: bool | None
) -> None:
    found = reading(appointmentRequired=appointment, referralMethod=method).first_visit
    assert (found and found.no_sign_up) == no_sign_up


@pytest.mark.parametrize(
    ("available", "session"),
    [
        ({"daysOfWeek": ["mon"], "allDay": True}, ("mon", "00:00", "24:00")),
        ({"daysOfWeek": ["sun"], "availableStartTime": "09:00:00"}, ("sun", "09:00", None)),
        (
            {
                "daysOfWeek": ["sat"],
                "availableStartTime": "18:00:00",
                "availableEndTime": "23:59:59",
            },
            ("sat", "18:00", "24:00"),
        ),
        (
            {"availableStartTime": "10:00:00", "availableEndTime": "12:00:00"},
            (None, "10:00", "12:00"),
        ),
    ],
)
def test_available_times(reading: Reading, available: object, session: tuple[str, ...]) -> None:
    (found,) = reading(availableTime=[available]).sessions
    assert (found.day, found.start, found.end) == session


@pytest.mark.parametrize(
    ("available", "field"),
    [
        ({"daysOfWeek": ["holiday"]}, "daysOfWeek"),
        ({"daysOfWeek": ["mon"], "availableStartTime": "9 am"}, "availableStartTime"),
        (
            {
                "daysOfWeek": ["mon"],
                "availableStartTime": "16:00:00",
                "availableEndTime": "09:00:00",
            },
            "availableEndTime",
        ),
        ({"daysOfWeek": ["mon"], "allDay": "yes"}, "allDay"),
    ],
)
def test_times_that_cannot_be_are_told(reading: Reading, available: object, field: str) -> None:
    reading(availableTime=[available])
    assert reading.told("mended") == [f"availableTime.{field}"]


def test_closed_days_are_in_the_description_and_told(reading: Reading) -> None:
    closed = {"description": "Closed at Easter", "during": {"start": "2027-03-26"}}
    assert reading(notAvailable=[closed]).description == "Closed at Easter"
    assert reading.told("note") == ["notAvailable.during"]


@pytest.mark.parametrize(("code", "amount"), [("free", 0), ("disc", None), ("cost", None)])
def test_free_is_only_what_says_so(reading: Reading, code: str, amount: float | None) -> None:
    concept = {"coding": [{"system": PROVISION, "code": code, "display": code}]}
    cost = reading(serviceProvisionCode=[concept]).cost
    assert cost is not None
    assert cost.amount == amount


@pytest.mark.parametrize(
    ("code", "places_left", "waiting_list"),
    [("no-capacity", 0, None), ("waitlist", 0, True), ("no-capacity-has-waitlist", 0, True)],
)
@pytest.mark.parametrize("is_nested", [False, True])
def test_no_room(
    reading: Reading, code: str, places_left: int, waiting_list: bool | None, is_nested: bool
) -> None:
    value: dict[str, Any] = {"valueCodeableConcept": {"coding": [{"code": code}]}}
    if is_nested:
        value = {"extension": [{"url": "capacityStatus", **value}]}
    capacity = reading(extension=[{"url": CAPACITY, **value}]).capacity
    assert capacity is not None
    assert (capacity.places_left, capacity.waiting_list) == (places_left, waiting_list)


@pytest.mark.parametrize("code", ["capacity", "additional-assessment-required"])
def test_that_there_may_be_room_is_no_number(reading: Reading, code: str) -> None:
    extension = {"url": CAPACITY, "valueCodeableConcept": {"coding": [{"code": code}]}}
    assert reading(extension=[extension]).capacity is None
    assert reading.told("note") == ["extension.capacityStatus"]


def test_a_closed_location_is_left_out(reading: Reading) -> None:
    hall = {"resourceType": "Location", "id": "x", "name": "Hall", "status": "inactive"}
    assert reading(hall, location=[{"reference": "Location/x"}]).place is None


def test_a_virtual_location_is_online(reading: Reading) -> None:
    call = {
        "resourceType": "Location",
        "id": "x",
        "name": "Video",
        "physicalType": {"coding": [{"code": "vi"}]},
    }
    activity = reading(call, location=[{"reference": "Location/x"}])
    assert (activity.delivery, activity.place) == ("online", None)


def test_a_location_that_is_named_twice_gives_two_ids(reading: Reading) -> None:
    hall = {"resourceType": "Location", "id": "x", "name": "Hall"}
    found = reading.all(hall, location=[{"reference": "Location/x"}] * 2)
    assert list(found) == ["s@x", "s@x@2"]


def test_a_name_that_is_missing_is_that_of_the_type(reading: Reading) -> None:
    assert reading(name=None, type=[{"text": "Lunch club"}]).title == "Lunch club"
    assert reading.told("mended") == ["name"]


def test_an_old_contact_is_left_out(reading: Reading) -> None:
    phones = [
        {"system": "phone", "value": "1", "use": "old"},
        {"system": "phone", "value": "2", "rank": 2},
        {"system": "phone", "value": "3", "rank": 1},
    ]
    provider = reading(telecom=phones).provider
    assert provider is not None
    assert provider.phone == "3"


# Answers of spmatch


def everything() -> Activity:
    return make_activity(
        "kor/1",
        description="Vi synger.\n\nAlle kan være med.",
        text_language="da",
        provider={"name": "Kirken", "kind": "church", "phone": "11223344"},
        themes=[{"scheme": "openactive", "code": "abc", "label": "Singing"}],
        delivery="in_person",
        place={"name": "Kirken", "postcode": "0999", "lat": 57.0, "lon": 9.9},
        sessions=[
            {"day": "mon", "start": "19:00", "end": "24:00", "every": "two_weeks"},
            {"day": "tue", "start": "10:00", "from": "2027-01-05", "until": "2027-06-01"},
        ],
        cost={
            "amount": 50,
            "currency": "DKK",
            "per": "month",
            "concessions": [{"for": "Pensionister", "amount": 0}],
        },
        ages={"min": 18},
        gender="any",
        access={"lift": False, "wheelchair": True},
        first_visit={"bring_someone": True},
        languages=["da"],
        referral="self",
        capacity={"places_left": 3},
        intensity="low",
        verified_on="2026-10-01",
        source={"name": "Kirken", "licence": "CC0"},
    )


def answer(activity: Activity) -> dict[str, Any]:
    service = pytest.importorskip("spmatch.web.fhir.service")
    resource: dict[str, Any] = service.service_of(activity, "da", date(2026, 11, 23))
    return resource


def bundle_file(folder: Path, resource: dict[str, Any]) -> Path:
    outcome = {"resource": {"resourceType": "OperationOutcome", "issue": []}}
    entries = [outcome, {"resource": resource, "search": {"mode": "match"}}]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": entries}
    file = folder / "answer.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    return file


def test_an_own_answer_is_read_back_without_loss(tmp_path: Path) -> None:
    items = read(bundle_file(tmp_path, answer(everything())))
    assert items == [everything()]


def test_an_own_answer_without_the_record_is_read_by_its_elements(tmp_path: Path) -> None:
    resource = {**answer(everything()), "extension": []}
    (activity,) = activities(read(bundle_file(tmp_path, resource))).values()
    wanted = everything()
    assert activity.access is not None
    # What is not there is in the record alone.
    assert activity.access.model_dump(exclude_none=True) == {"wheelchair": True}
    for name in ("delivery", "place", "gender", "first_visit", "languages", "referral"):
        assert getattr(activity, name) == getattr(wanted, name)
    for name in ("intensity", "provider", "themes", "text_language"):
        assert getattr(activity, name) == getattr(wanted, name)


def test_a_record_that_is_damaged_is_told(reading: Reading) -> None:
    extension = {"url": "urn:spmatch:fhir:activity", "valueString": '{"id": 3'}
    assert reading(extension=[extension]).title == "Club"
    assert reading.told("mended") == ["extension"]
