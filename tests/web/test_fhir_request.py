"""A ServiceRequest becomes a profile: what is stated, and nothing that is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.servicerequest import ServiceRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from asking_fhir import fixture, in_parameters, issues_of, notes_of, read, service_request
from spmatch.profile import Limits, Origin, Profile
from spmatch.web.asking import MatchOptions
from spmatch.web.fhir.elements import read_json
from spmatch.web.fhir.issues import FhirError
from spmatch.web.fhir.request import FhirOptions

DEEP = b'{"resourceType":' + b"[" * 200_000


# The examples


@pytest.mark.parametrize("name", ["henvisning", "referral"])
def test_the_examples_are_valid_fhir(name: str) -> None:
    assert ServiceRequest.model_validate(fixture(name)).status == "active"


def test_a_danish_referral_is_read() -> None:
    asked = read(fixture("henvisning"))
    assert asked.profile == Profile(
        needs="Mistede sin mand i foråret og spiser stående ved køkkenbordet.\nTab af partner\n"
        "Slidgigt i knæet\nFrygter weekenderne. Sover dårligt.\nBor alene",
        interests="Sang, og at gå tur med en hund",
        avoid="Alt, der hedder terapi",
        text_language="da",
        origin=Origin(postcode="9000"),
        age=71,
        gender="woman",
        languages=("da", "de"),
        must=Limits(distance_km=6),
        prefer=Limits(first_visit=("small_group",)),
    )


def test_an_english_referral_is_read() -> None:
    asked = read(fixture("referral"))
    assert asked.profile == Profile(
        needs="Moved here for a new job and knows nobody.\n"
        "Used to play chess with his brother every week.\n"
        "Finds it hard to settle in a new country and culture",
        text_language="en",
        origin=Origin(lat=57.0488, lon=9.9217),
        gender="man",
    )


def test_what_is_not_stated_stays_absent() -> None:
    assert read(service_request()).profile == Profile(needs="Is lonely.")


# Reasons


def needs(**elements: Any) -> str | None:
    return read(service_request(**elements)).profile.needs


def coded(code: str, system: str = "http://hl7.org/fhir/sid/icd-10", **more: str) -> dict[str, Any]:
    return {"reasonCode": [{"coding": [{"system": system, "code": code, **more}]}]}


def test_the_same_text_is_read_once() -> None:
    same = {"text": "Lonely", "coding": [{"display": "lonely"}]}
    assert needs(reasonCode=[same, same]) == "Lonely"


def test_what_is_asked_for_is_read_by_its_text() -> None:
    assert needs(code={"text": "A walking group"}) == "Is lonely.\nA walking group"


def test_the_codes_of_the_kind_of_paper_are_not_read() -> None:
    kind = {"coding": [{"display": "Referral to social prescribing service"}]}
    assert needs(code=kind, category=[kind]) == "Is lonely."


def test_a_code_with_a_display_is_read_by_its_display() -> None:
    assert needs(**coded("Z60.2", display="Social problem")) == "Social problem"


@pytest.mark.parametrize(
    ("system", "code", "said"),
    [
        ("http://hl7.org/fhir/sid/icd-10", "Z60.2", "Lives alone"),
        ("http://hl7.org/fhir/sid/icd-10", "Z60.8", "Has problems in their social life"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "Z59.02", "Is homeless"),
        ("urn:oid:1.2.208.176.2.4", "DZ602", "Lives alone"),
        ("urn:oid:1.2.208.176.2.4.12", "DF32", "Has depression"),
        ("http://hl7.org/fhir/sid/icpc-2", "p76", "Has depression"),
        ("http://snomed.info/sct", "422650009", "Is socially isolated"),
    ],
)
def test_a_known_code_is_put_into_words(system: str, code: str, said: str) -> None:
    assert needs(**coded(code, system)) == said


def test_the_words_of_a_code_are_in_the_language_of_the_texts() -> None:
    assert read(service_request(**coded("Z60.2")), "da").profile.needs == "Bor alene"


def test_without_texts_the_words_of_a_code_are_in_the_language_of_the_reader() -> None:
    request = in_parameters(service_request(**coded("Z60.2")), language="da")
    assert read(request, "en").profile.needs == "Bor alene"


def test_the_language_that_is_stated_counts_before_that_of_the_texts() -> None:
    request = service_request(**coded("Z60.2"), language="da-DK")
    assert read(request, "en").profile.needs == "Bor alene"


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("http://hl7.org/fhir/sid/icd-10", "A00"),
        ("http://hl7.org/fhir/sid/icd-10", "Z"),
        ("urn:oid:1.2.208.176.2.4", "ALCA00"),
        ("http://hl7.org/fhir/sid/icpc-2", "Z60.2"),
        ("urn:own", "Z60.2"),
    ],
)
def test_a_code_that_is_not_known_is_told_of(system: str, code: str) -> None:
    asked = read(service_request(**coded(code, system)))
    assert asked.profile.needs is None
    assert [(n.key, n.expression) for n in asked.notes] == [
        ("code_unknown", ("ServiceRequest.reasonCode[0].coding[0]",)),
        ("nothing_said", ()),
    ]


def condition(**elements: Any) -> dict[str, Any]:
    held = {"resourceType": "Condition", "id": "c", "code": {"text": "Arthritis"}, **elements}
    return service_request(
        reasonCode=None,
        reasonReference=[{"reference": "#c"}],
        contained=[{"resourceType": "Patient", "id": "p"}, held],
    )


def status(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def test_a_condition_that_came_along_is_read() -> None:
    assert read(condition(clinicalStatus=status("active"))).profile.needs == "Arthritis"


@pytest.mark.parametrize(
    ("states", "key"),
    [
        ({"verificationStatus": status("refuted")}, "reason_refuted"),
        ({"verificationStatus": status("entered-in-error")}, "reason_refuted"),
        ({"clinicalStatus": status("resolved")}, "reason_over"),
    ],
)
def test_a_condition_that_does_not_hold_is_left_out_and_told_of(
    states: dict[str, Any], key: str
) -> None:
    asked = read(condition(**states))
    assert asked.profile.needs is None
    assert asked.notes[0].key == key


def test_a_reason_elsewhere_is_read_by_its_display() -> None:
    reference = {"reference": "Condition/7", "display": "Long-term pain"}
    assert needs(reasonReference=[reference]) == "Is lonely.\nLong-term pain"


def test_a_reason_elsewhere_without_a_display_is_told_of() -> None:
    assert notes_of(service_request(reasonReference=[{"reference": "Condition/7"}])) == [
        "reason_elsewhere"
    ]


@pytest.mark.parametrize(
    "element",
    [
        {"patientInstruction": "Bring a friend."},
        {"supportingInfo": [{"reference": "Observation/1"}]},
    ],
)
def test_what_is_not_read_is_told_of(element: dict[str, Any]) -> None:
    asked = read(service_request(**element))
    assert asked.profile.needs == "Is lonely."
    assert [note.key for note in asked.notes] == ["element_unread"]


# Fields that FHIR has no element for


def test_fields_without_an_element_come_in_the_extension() -> None:
    rest = {"interests": "Chess", "concessions": ["pensioner"], "budget": {"amount": 100}}
    profile = read(service_request(rest=rest)).profile
    assert (profile.interests, profile.concessions) == ("Chess", ("pensioner",))


def test_null_in_the_extension_is_not_stated() -> None:
    assert read(service_request({"gender": "male"}, rest={"gender": None})).profile.gender == "man"


def test_what_is_stated_twice_alike_is_no_conflict() -> None:
    assert read(service_request({"gender": "male"}, rest={"gender": "man"})).profile.gender == "man"


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ({"gender": "woman"}, "ServiceRequest.contained[0].gender"),
        ({"age": 40}, "ServiceRequest.contained[0].birthDate"),
        ({"origin": {"postcode": "8000"}}, "ServiceRequest.contained[0].address[0]"),
        ({"needs": "Something else."}, "ServiceRequest.reasonCode[0].text"),
    ],
)
def test_what_is_stated_twice_otherwise_is_a_conflict_of_both(
    rest: dict[str, Any], path: str
) -> None:
    person = {"gender": "male", "birthDate": "1950-01-01", "address": [{"postalCode": "9000"}]}
    (issue,) = issues_of(service_request(person, rest=rest))
    assert issue.code == "conflict"
    assert issue.expression == (path, "ServiceRequest.extension[0].valueString")


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "", "[" * 100_000])
def test_an_extension_that_holds_no_object_is_a_mistake(text: str) -> None:
    assert issues_of(service_request(rest=text))[0].code == "structure"


def test_mistakes_of_a_profile_name_where_they_came_from() -> None:
    issues = issues_of(service_request(rest={"must": {"distance_km": -1}, "concessions": 3}))
    assert {issue.expression for issue in issues} == {("ServiceRequest.extension[0].valueString",)}
    assert [i.diagnostics.split(":")[0] for i in issues] == ["concessions", "must.distance_km"]


def test_a_distance_without_an_address_is_a_mistake() -> None:
    (issue,) = issues_of(service_request(rest={"must": {"distance_km": 5}}))
    assert "must.distance_km needs an origin" in issue.diagnostics


# What forbids to act


@pytest.mark.parametrize(
    ("elements", "code", "path"),
    [
        ({"status": None}, "required", "ServiceRequest.status"),
        ({"intent": None}, "required", "ServiceRequest.intent"),
        ({"subject": None}, "required", "ServiceRequest.subject"),
        ({"status": "revoked"}, "business-rule", "ServiceRequest.status"),
        ({"status": "entered-in-error"}, "business-rule", "ServiceRequest.status"),
        ({"status": "new"}, "code-invalid", "ServiceRequest.status"),
        ({"doNotPerform": True}, "business-rule", "ServiceRequest.doNotPerform"),
        ({"modifierExtension": [{}]}, "not-supported", "ServiceRequest.modifierExtension"),
        ({"subject": {"reference": "#q"}}, "structure", "ServiceRequest.subject.reference"),
        ({"reasonCode": "x"}, "structure", "ServiceRequest.reasonCode"),
        ({"note": ["x"]}, "structure", "ServiceRequest.note[0]"),
        ({"note": [{"text": 3}]}, "structure", "ServiceRequest.note[0].text"),
    ],
)
def test_a_mistake_names_its_element(elements: dict[str, Any], code: str, path: str) -> None:
    (issue,) = issues_of(service_request(**elements))
    assert (issue.code, issue.expression) == (code, (path,))


def test_all_mistakes_are_told_at_once() -> None:
    request = service_request(
        {"gender": "f", "birthDate": "14/3/1955"},
        rest={"must": {"distance": 3}},
        status=None,
        doNotPerform=True,
    )
    assert [issue.code for issue in issues_of(request)] == [
        "required",
        "business-rule",
        "code-invalid",
        "value",
        "business-rule",
    ]


@pytest.mark.parametrize(
    ("elements", "status"),
    [({"doNotPerform": True}, 422), ({"intent": None}, 400), ({"note": "x"}, 400)],
)
def test_what_is_no_fhir_is_400_and_what_cannot_be_done_is_422(
    elements: dict[str, Any], status: int
) -> None:
    with pytest.raises(FhirError) as error:
        read(service_request(**elements))
    assert error.value.status == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"resourceType": NaN}', b"\xff", DEEP])
def test_what_is_no_resource_is_refused(body: bytes) -> None:
    with pytest.raises(FhirError) as error:
        read_json(body)
    assert error.value.status == 400


def test_another_resource_is_refused() -> None:
    assert issues_of({"resourceType": "Patient"})[0].code == "invalid"


# Parameters


def test_parameters_hold_a_request_and_options() -> None:
    asked = read(in_parameters(service_request(), k=3, language="da", on="2026-12-01"))
    assert asked.profile.needs == "Is lonely."
    assert (asked.options.k, asked.options.language, str(asked.options.on)) == (
        3,
        "da",
        "2026-12-01",
    )


def test_options_of_the_address_count_beside_those_of_the_body() -> None:
    assert read(in_parameters(service_request(), k=3), language="da").options.k == 3


def test_an_option_that_is_stated_twice_otherwise_is_a_conflict() -> None:
    (issue,) = issues_of(in_parameters(service_request(), k=3), k=4)
    assert (issue.code, issue.expression) == ("conflict", ("Parameters.parameter[0].valueInteger",))


@pytest.mark.parametrize(("name", "value"), [("k", 0), ("k", 51), ("language", "sv"), ("on", "x")])
def test_an_option_out_of_bounds_is_a_mistake(name: str, value: object) -> None:
    (issue,) = issues_of(in_parameters(service_request(), **{name: value}))
    assert issue.code == "value"


def test_another_parameter_is_a_mistake() -> None:
    assert issues_of(in_parameters(service_request(), plan="true"))[0].code == "not-supported"


def test_paths_begin_at_the_parameters() -> None:
    (issue,) = issues_of(in_parameters(service_request(intent=None)))
    assert issue.expression == ("Parameters.parameter[0].resource.intent",)


def test_parameters_without_a_request_are_refused() -> None:
    assert issues_of({"resourceType": "Parameters"})[0].code == "invalid"


def test_as_many_suggestions_may_be_asked_for_as_elsewhere() -> None:
    bounds = [model.model_fields["k"].metadata for model in (FhirOptions, MatchOptions)]
    assert bounds[0] == bounds[1]


# Nothing that was written comes back

MARK = "Xanthippe"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(MARK),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["text", "coding", "code", "value", "valueString", "url", MARK]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
ELEMENTS = st.dictionaries(
    st.sampled_from(
        [
            "status",
            "subject",
            "reasonCode",
            "note",
            "contained",
            "extension",
            "code",
            "language",
            MARK,
        ]
    ),
    VALUES,
    max_size=4,
)


@settings(deadline=None)
@given(
    elements=ELEMENTS,
    person=st.dictionaries(
        st.sampled_from(["gender", "birthDate", "address", "communication", "extension"]), VALUES
    ),
)
def test_any_resource_is_read_or_refused_without_its_text(
    elements: dict[str, Any], person: dict[str, Any]
) -> None:
    request = {**service_request(person), **elements}
    try:
        asked = read(request)
        said = [note.key for note in asked.notes]
    except FhirError as error:
        said = [json.dumps(issue.resource()) for issue in error.issues] + [str(error)]
    assert MARK not in " ".join(said)


def test_names_in_the_extension_are_not_repeated() -> None:
    issues = issues_of(service_request(rest={MARK: 1, "must": {MARK: 2}, "gender": MARK}))
    assert MARK not in json.dumps([issue.resource() for issue in issues])
    assert len(issues) == 3
