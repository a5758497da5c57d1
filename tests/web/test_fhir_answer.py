"""A response becomes a Bundle that says the same: valid FHIR, with what FHIR has no element for beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.healthcareservice import HealthcareService
from fhir.resources.R4B.operationdefinition import OperationDefinition
from hypothesis import given, settings
from hypothesis import strategies as st

from making import HOME, TODAY, WordEncoder, make_activity, north
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.errors import UnknownActivityError
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.suggestion import CatalogueSummary, Contribution, Response, Suggestion
from spmatch.web.fhir.answer import bundle_of
from spmatch.web.fhir.capability import capability_statement, operation_definition
from spmatch.web.fhir.issues import Note
from spmatch.web.fhir.request import FhirOptions
from spmatch.web.fhir.service import activity_of, resource_id, service_of
from spmatch.wording import READER_LANGUAGES, ReaderLanguage

BASE = "https://matching.example/fhir"
CHOIR = make_activity(
    "choir",
    title="Choir for all",
    description="Singing songs together with neighbours.",
    text_language="en",
    provider={
        "name": "Culture house",
        "kind": "library",
        "phone": "+45 00 11 22 33",
        "email": "hello@culture.example",
        "url": "https://culture.example",
    },
    themes=[
        {"scheme": "urn:own", "code": "music", "label": "Music"},
        {"scheme": "our list", "code": "a  b"},
    ],
    delivery="in_person",
    place=north(2.0, name="Hall", address="Road 1", postcode="9000", town="Aalborg"),
    sessions=[
        {"day": "tue", "start": "10:00", "end": "12:00"},
        {"day": "fri", "start": "20:00", "end": "24:00", "from": "2026-12-01"},
        {"day": "mon", "start": "09:00", "every": "two_weeks"},
        {"day": "sun", "start": "09:00", "until": "2026-11-22"},
    ],
    cost={
        "amount": 30,
        "currency": "DKK",
        "per": "session",
        "concessions": [{"for": "students", "amount": 0}],
        "note": "Coffee is extra.",
    },
    ages={"min": 18},
    gender="women",
    access={"lift": True, "hearing_loop": False},
    first_visit={"taster": True},
    languages=["en", "da"],
    referral="self",
    intensity="low",
    verified_on="2026-11-01",
    source={"name": "Town list", "url": "https://town.example/list"},
)
BARE = make_activity("bare", title="Singing")
SINGER: dict[str, Any] = {
    "needs": "Singing songs with neighbours",
    "origin": HOME,
    "gender": "woman",
}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.build([CHOIR, BARE], encoder=WordEncoder())


def answered(matcher: Matcher, *notes: Note, **profile: Any) -> tuple[Response, dict[str, Any]]:
    response = matcher.match(Profile.read({**SINGER, **profile}), language="en", on=TODAY)
    return response, bundle_of(response, notes, language="en", on=TODAY, base=BASE)


def issues_in(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bundle["entry"][0]["resource"]["issue"]
    return found


def told(entry: dict[str, Any], name: str) -> list[Any]:
    """The values of the extensions of a name, at the search of an entry."""
    found = [e for e in entry["search"]["extension"] if e["url"] == f"urn:spmatch:fhir:{name}"]
    return [value for e in found for key, value in e.items() if key.startswith("value")]


def parts_of(extension: dict[str, Any]) -> dict[str, Any]:
    return {
        part["url"]: next(v for k, v in part.items() if k.startswith("value"))
        for part in extension["extension"]
    }


# The service


def test_an_activity_is_a_healthcare_service() -> None:
    service = service_of(CHOIR, "en", TODAY)
    record = service.pop("extension")
    assert record[0]["url"] == "urn:spmatch:fhir:activity"
    assert service == {
        "resourceType": "HealthcareService",
        "id": "choir",
        "meta": {"source": "https://town.example/list"},
        "language": "en",
        "contained": [
            {
                "resourceType": "Location",
                "id": "place",
                "name": "Hall",
                "address": {"line": ["Road 1"], "city": "Aalborg", "postalCode": "9000"},
                "position": {"longitude": 9.9217, "latitude": north(2.0)["lat"]},
            }
        ],
        "identifier": [{"system": "urn:spmatch:activity", "value": "choir"}],
        "active": True,
        "providedBy": {"display": "Culture house"},
        "category": [{"coding": [{"system": "urn:spmatch:provider", "code": "library"}]}],
        "type": [
            {"coding": [{"system": "urn:own", "code": "music", "display": "Music"}]},
            {"coding": [{"system": "urn:spmatch:scheme:our-list", "code": "a b"}]},
        ],
        "location": [{"reference": "#place"}],
        "name": "Choir for all",
        "comment": "Singing songs together with neighbours.",
        "extraDetails": "Price: 30 DKK a session.\n\nPrice for students: free.\n\n"
        "Coffee is extra.\n\nLast checked on Sunday 1 November 2026.",
        "telecom": [
            {"system": "phone", "value": "+45 00 11 22 33"},
            {"system": "email", "value": "hello@culture.example"},
            {"system": "url", "value": "https://culture.example"},
        ],
        "eligibility": [
            {
                "code": {
                    "coding": [{"system": "urn:spmatch:eligibility", "code": "ages"}],
                    "text": "18 years or older",
                }
            },
            {"code": term("gender", "women", "women")},
        ],
        "characteristic": [
            term("delivery", "in_person", "in person"),
            term("intensity", "low", "light effort"),
            term("access", "lift", "a lift"),
            term("first_visit", "taster", "try it first"),
        ],
        "communication": [spoken("en", "English"), spoken("da", "Danish")],
        "referralMethod": [term("referral", "self", "self-referral")],
        "availableTime": [
            {
                "daysOfWeek": ["tue"],
                "availableStartTime": "10:00:00",
                "availableEndTime": "12:00:00",
            },
            {
                "daysOfWeek": ["fri"],
                "availableStartTime": "20:00:00",
                "availableEndTime": "23:59:59",
            },
        ],
        "availabilityExceptions": "Friday 20:00–24:00, from Tuesday 1 December 2026; "
        "Monday 09:00 every second week",
    }


def term(vocabulary: str, code: str, name: str) -> dict[str, Any]:
    coding = {"system": f"urn:spmatch:{vocabulary}", "code": code}
    # A name that is the code says nothing more.
    return {"coding": [coding | ({"display": name} if name != code else {})]}


def spoken(code: str, name: str) -> dict[str, Any]:
    return {"coding": [{"system": "urn:ietf:bcp:47", "code": code, "display": name}]}


def test_what_is_not_stated_is_absent() -> None:
    assert set(service_of(BARE, "en", TODAY)) == {
        "resourceType",
        "id",
        "extension",
        "identifier",
        "active",
        "name",
    }


@pytest.mark.parametrize("activity", [CHOIR, BARE])
def test_the_whole_record_comes_back(activity: Activity) -> None:
    record = service_of(activity, "en", TODAY)["extension"][0]["valueString"]
    assert Activity.model_validate_json(record) == activity


@pytest.mark.parametrize("language", READER_LANGUAGES)
def test_a_service_is_valid_fhir(language: ReaderLanguage) -> None:
    service = service_of(CHOIR, language, TODAY)
    assert HealthcareService.model_validate(service).name == "Choir for all"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
SAID = st.none() | TEXT
CLOCKS = st.sampled_from([None, "00:00", "09:30"])
ACTIVITIES = st.fixed_dictionaries(
    {"id": TEXT.filter(lambda text: text.strip()), "title": st.just("Title")},
    optional={
        "description": TEXT,
        "text_language": st.sampled_from(["da", "so"]),
        "provider": st.fixed_dictionaries({"name": SAID, "url": SAID, "phone": SAID}),
        "themes": st.lists(
            st.fixed_dictionaries({"scheme": TEXT, "code": TEXT, "label": SAID}), max_size=2
        ),
        "place": st.fixed_dictionaries({"name": SAID, "town": SAID, "municipality": SAID}),
        "sessions": st.lists(
            st.fixed_dictionaries(
                {
                    "day": st.sampled_from([None, "mon"]),
                    "start": CLOCKS,
                    "end": st.sampled_from([None, "12:00", "24:00"]),
                    "every": st.sampled_from(["week", "month"]),
                    "from": st.sampled_from([None, "2026-12-01"]),
                }
            ),
            max_size=2,
        ),
        "cost": st.fixed_dictionaries({"amount": st.sampled_from([None, 0, 12.5]), "note": SAID}),
        "ages": st.fixed_dictionaries({"min": st.sampled_from([None, 0]), "max": st.none()}),
        "source": st.fixed_dictionaries({"url": SAID}),
    },
)


@settings(deadline=None)
@given(facts=ACTIVITIES, language=st.sampled_from(READER_LANGUAGES))
def test_any_activity_is_valid_fhir_and_comes_back_whole(
    facts: dict[str, Any], language: ReaderLanguage
) -> None:
    activity = Activity.model_validate(facts)
    service = service_of(activity, language, TODAY)
    HealthcareService.model_validate(service)
    assert Activity.model_validate_json(service["extension"][0]["valueString"]) == activity
    assert all(texts_in({k: v for k, v in service.items() if k != "extension"}))


def texts_in(value: object) -> Iterator[str]:
    """Every text of a resource."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def test_a_service_is_told_in_danish() -> None:
    service = service_of(CHOIR, "da", TODAY)
    assert service["extraDetails"].startswith(
        "Pris: 30 DKK pr. gang.\n\nPris for students: gratis."
    )
    assert service["availabilityExceptions"].endswith("mandag 09:00 hver anden uge")


@pytest.mark.parametrize("id", ["choir", "a.b-C9", "x" * 64])
def test_an_id_that_fhir_allows_is_kept(id: str) -> None:
    assert resource_id(id) == id


@pytest.mark.parametrize("id", ["debt/advice", "å", "x" * 65, "a b", "sha256-abc"])
def test_another_id_gets_one_of_its_own_that_leads_back(id: str) -> None:
    catalogue = Catalogue([make_activity(id), BARE])
    derived = resource_id(id)
    assert derived != id
    assert len(derived) == 47
    assert activity_of(catalogue, derived).id == id


@pytest.mark.parametrize("id", ["nobody", "sha256-" + "0" * 40])
def test_an_unknown_id_leads_nowhere(id: str) -> None:
    with pytest.raises(UnknownActivityError):
        activity_of(Catalogue([BARE]), id)


# The bundle


@pytest.mark.parametrize("language", READER_LANGUAGES)
def test_an_answer_is_valid_fhir(matcher: Matcher, language: ReaderLanguage) -> None:
    profile = Profile.read({**SINGER, "needs": "Vil ikke leve mere. I want to die.", "age": 12})
    response = matcher.match(profile, language=language, on=TODAY)
    notes = [Note("code_unknown", ("ServiceRequest.reasonCode[0]",)), Note("nothing_said")]
    bundle = bundle_of(response, notes, language=language, on=TODAY, base=BASE)
    assert Bundle.model_validate(bundle).type == "searchset"


def test_suggestions_come_in_their_order_behind_the_outcome(matcher: Matcher) -> None:
    response, bundle = answered(matcher)
    assert [entry["search"]["mode"] for entry in bundle["entry"]] == ["outcome", "match", "match"]
    assert bundle["total"] == 2
    assert [e["fullUrl"] for e in bundle["entry"][1:]] == [
        f"{BASE}/HealthcareService/{one.activity.id}" for one in response.suggestions
    ]


def test_everything_of_a_suggestion_is_told(matcher: Matcher) -> None:
    response, bundle = answered(matcher)
    first, entry = response.suggestions[0], bundle["entry"][1]
    assert told(entry, "rank") == [1]
    assert told(entry, "score") == [first.score]
    assert told(entry, "reason") == list(first.reasons)
    assert told(entry, "caution") == list(first.cautions)
    assert told(entry, "ask") == list(first.ask)
    assert told(entry, "next-session") == [first.next_session]
    assert told(entry, "distance")[0]["value"] == first.distance_km


def test_contributions_add_up_to_the_score(matcher: Matcher) -> None:
    _, bundle = answered(matcher)
    entry = bundle["entry"][1]
    parts = [
        parts_of(e)["value"]
        for e in entry["search"]["extension"]
        if e["url"].endswith(":contribution")
    ]
    assert sum(parts) == pytest.approx(told(entry, "score")[0], abs=1e-9)


def test_verdicts_are_told_with_both_values(matcher: Matcher) -> None:
    _, bundle = answered(matcher, must={"distance_km": 5})
    verdicts = [
        parts_of(e)
        for e in bundle["entry"][1]["search"]["extension"]
        if e["url"].endswith(":verdict")
    ]
    assert verdicts[0] == {
        "limit": "distance",
        "kind": "must",
        "verdict": "met",
        "detail": "2 km of 5 km",
        "estimate": False,
    }


@pytest.mark.parametrize(("score", "shown"), [(-0.2, 0.0), (0.4, 0.4), (1.3, 1.0)])
def test_the_score_of_the_search_stays_between_0_and_1(score: float, shown: float) -> None:
    part = Contribution(name="meaning", value=score)
    suggestion = Suggestion(rank=1, activity=BARE, score=score, contributions=(part,))
    response = Response(
        suggestions=(suggestion,),
        excluded={},
        relaxations=(),
        confidence="weak",
        catalogue=CatalogueSummary(id="c", hash="h", activities=1),
        config_hash="x",
    )
    entry = bundle_of(response, (), language="en", on=TODAY, base=BASE)["entry"][1]
    assert (entry["search"]["score"], told(entry, "score")) == (shown, [score])


# The outcome


def test_a_danger_comes_first(matcher: Matcher) -> None:
    _, bundle = answered(matcher, needs="I want to kill myself. Singing songs.")
    first = issues_in(bundle)[0]
    assert first["details"]["coding"][0] == {"system": "urn:spmatch:notice", "code": "suicide"}
    assert first["details"]["text"].startswith("This may be about suicide.\n")
    assert first["severity"] == "warning"


def test_a_danger_names_whom_to_call_in_text_and_by_itself(matcher: Matcher) -> None:
    response, bundle = answered(matcher, needs="I want to kill myself. Singing songs.")
    contact, first = response.notices[0].contacts[0], issues_in(bundle)[0]
    assert parts_of(first["extension"][0])["contact"]["name"] == contact.name
    assert f"{contact.name}: {contact.phone}" in first["details"]["text"]


def test_confidence_and_exclusions_are_told(matcher: Matcher) -> None:
    _, bundle = answered(matcher, gender="man")
    issue = issues_in(bundle)[0]
    assert issue["details"]["coding"][0]["system"] == "urn:spmatch:confidence"
    assert parts_of(issue["extension"][0]) == {"limit": "gender", "count": 1}


def test_no_suggestion_is_a_valid_answer_that_says_what_would_help(matcher: Matcher) -> None:
    _, bundle = answered(matcher, must={"distance_km": 1, "delivery": ["in_person"]})
    assert bundle["total"] == len(bundle["entry"]) - 1
    helps = [
        i for i in issues_in(bundle) if i["details"]["coding"][0]["system"] == "urn:spmatch:limit"
    ]
    assert helps[0]["details"]["text"] == "Up to 2.5 km instead of 1 km: 1 more."
    assert json.loads(parts_of(helps[0]["extension"][0])["from"]) == 1
    assert parts_of(helps[0]["extension"][0])["example"] == "choir"


def test_what_was_not_read_is_told_last_with_its_element(matcher: Matcher) -> None:
    _, bundle = answered(matcher, Note("code_unknown", ("ServiceRequest.reasonCode[0].coding[0]",)))
    last = issues_in(bundle)[-1]
    assert last["expression"] == ["ServiceRequest.reasonCode[0].coding[0]"]
    assert last["details"]["coding"][0]["code"] == "code-unknown"


def test_the_outcome_says_what_answered(matcher: Matcher) -> None:
    response, bundle = answered(matcher)
    provenance = parts_of(bundle["entry"][0]["resource"]["extension"][0])
    assert provenance["catalogueHash"] == response.catalogue.hash
    assert provenance["configHash"] == response.config_hash


def test_an_answer_is_the_same_for_the_same_request(matcher: Matcher) -> None:
    assert answered(matcher)[1] == answered(matcher)[1]


# What the door says of itself


def test_the_capability_statement_is_valid_fhir() -> None:
    statement = CapabilityStatement.model_validate(capability_statement(BASE))
    assert statement.fhirVersion == "4.0.1"


def test_the_operation_is_defined_where_the_statement_says() -> None:
    operation = capability_statement(BASE)["rest"][0]["resource"][0]["operation"][0]
    definition = OperationDefinition.model_validate(operation_definition(BASE))
    assert (operation["definition"], operation["name"]) == (definition.url, definition.code)


def test_every_parameter_is_defined() -> None:
    parameters = operation_definition(BASE)["parameter"]
    assert {one["name"] for one in parameters} == {
        "resource",
        "return",
        *FhirOptions.model_fields,
    }


def test_a_session_that_is_over_is_no_time_to_come() -> None:
    sunday = service_of(CHOIR, "en", date(2026, 11, 22))["availableTime"]
    assert [one["daysOfWeek"] for one in sunday] == [["tue"], ["fri"], ["sun"]]
