"""The person of a request: age only where it is certain, the address where they live, languages by code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asking_fhir import GEOLOCATION, issues_of, notes_of, read, service_request
from spmatch.profile import Origin, Profile
from spmatch.web.fhir.patient import AGE


def person(**facts: Any) -> Profile:
    return read(service_request(facts)).profile


def mistakes(**facts: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.code, one.expression) for one in issues_of(service_request(facts))]


HERE = "ServiceRequest.contained[0]"


# Age, on 23 November 2026


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1955-11-23", 71),
        ("1955-11-24", 70),
        ("2000-02-29", 26),
        ("1955-10", 71),
        ("1955-12", 70),
        ("2026-11-23", 0),
    ],
)
def test_a_date_of_birth_gives_the_age_on_the_day(born: str, age: int) -> None:
    assert person(birthDate=born).age == age


@pytest.mark.parametrize("born", ["1955", "1955-11"])
def test_an_age_that_is_not_certain_is_not_stated(born: str) -> None:
    assert person(birthDate=born).age is None
    assert notes_of(service_request({"birthDate": born})) == ["age_uncertain"]


def test_the_age_is_that_of_the_day_that_is_asked_for() -> None:
    request = service_request({"birthDate": "1955"})
    assert read(request, on=date(2026, 12, 31)).profile.age == 71


def test_a_mistake_that_is_met_more_than_once_is_told_once() -> None:
    assert mistakes(address="Main street") == [("structure", (f"{HERE}.address",))]


def test_an_age_may_be_stated_by_itself() -> None:
    assert person(extension=[{"url": AGE, "valueUnsignedInt": 44}]).age == 44


def test_two_ages_are_none() -> None:
    stated = [{"url": AGE, "valueUnsignedInt": years} for years in (44, 45)]
    paths = (f"{HERE}.extension[0]", f"{HERE}.extension[1]")
    assert mistakes(extension=stated) == [("structure", paths)]


def test_a_stated_age_settles_a_year_of_birth() -> None:
    stated = [{"url": AGE, "valueUnsignedInt": 70}]
    assert person(birthDate="1955", extension=stated).age == 70


def test_an_age_in_the_profile_settles_a_year_of_birth() -> None:
    assert read(service_request({"birthDate": "1955"}, rest={"age": 71})).profile.age == 71


def test_an_age_that_no_date_of_birth_allows_is_a_conflict() -> None:
    stated = [{"url": AGE, "valueUnsignedInt": 69}]
    assert mistakes(birthDate="1955", extension=stated) == [
        ("conflict", (f"{HERE}.extension[0]", f"{HERE}.birthDate"))
    ]


@pytest.mark.parametrize("born", ["55", "1955-13", "1955-02-30", "14-03-1955", "0000"])
def test_what_is_no_date_is_a_mistake(born: str) -> None:
    assert mistakes(birthDate=born) == [("value", (f"{HERE}.birthDate",))]


def test_nobody_is_born_tomorrow() -> None:
    assert mistakes(birthDate="2026-11-24") == [("business-rule", (f"{HERE}.birthDate",))]


@settings(deadline=None)
@given(born=st.dates(date(1900, 1, 1), date(2026, 11, 23)))
def test_less_of_a_date_never_gives_another_age(born: date) -> None:
    whole = person(birthDate=born.isoformat()).age
    assert person(birthDate=born.isoformat()[:7]).age in (None, whole)
    assert person(birthDate=str(born.year)).age in (None, whole)


# Gender


@pytest.mark.parametrize(
    ("code", "gender"),
    [("female", "woman"), ("male", "man"), ("other", "other"), ("unknown", None)],
)
def test_gender_is_that_of_the_record(code: str, gender: str | None) -> None:
    assert person(gender=code).gender == gender


def test_another_gender_code_is_a_mistake() -> None:
    assert mistakes(gender="F") == [("code-invalid", (f"{HERE}.gender",))]


@pytest.mark.parametrize("state", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}])
def test_nothing_is_found_for_the_dead(state: dict[str, Any]) -> None:
    assert mistakes(**state) == [("business-rule", (f"{HERE}.deceased",))]


def test_a_record_that_is_not_in_use_is_not_used() -> None:
    assert mistakes(active=False) == [("business-rule", (f"{HERE}.active",))]


def test_somebody_who_is_stated_to_live_is_a_person() -> None:
    assert person(deceasedBoolean=False, active=True, gender="male").gender == "man"


# Address


def at(*degrees: float | None) -> dict[str, Any]:
    parts = [
        {"url": name, "valueDecimal": value}
        for name, value in zip(("latitude", "longitude"), degrees, strict=True)
        if value is not None
    ]
    return {"url": GEOLOCATION, "extension": parts}


ALL = {"extension": [at(57.05, 9.92)], "postalCode": "9000", "city": "Aalborg"}


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        (ALL, Origin(lat=57.05, lon=9.92)),
        ({"postalCode": "9000", "city": "Aalborg"}, Origin(postcode="9000")),
        ({"city": "Aalborg"}, Origin(place="Aalborg")),
    ],
)
def test_the_most_exact_of_an_address_counts(address: dict[str, Any], origin: Origin) -> None:
    assert person(address=[address]).origin == origin


def test_the_home_counts_before_other_addresses() -> None:
    addresses = [{"postalCode": "8000"}, {"use": "home", "postalCode": "9000"}]
    assert person(address=addresses).origin == Origin(postcode="9000")


@pytest.mark.parametrize(
    "address",
    [
        {"use": "old", "postalCode": "9000"},
        {"use": "work", "postalCode": "9000"},
        {"use": "home", "postalCode": "9000", "period": {"end": "2026-11-22"}},
        {"use": "home", "postalCode": "9000", "period": {"start": "2026-12"}},
        {"text": "Prøvegade 1, Aalborg"},
    ],
)
def test_an_address_that_does_not_say_where_they_are_is_told_of(address: dict[str, Any]) -> None:
    assert person(address=[address]).origin is None
    assert notes_of(service_request({"address": [address]})) == ["address_unread"]


@pytest.mark.parametrize("period", [{"end": "2026-11"}, {"start": "2026-11-23"}, {"start": "2020"}])
def test_an_address_holds_through_its_period(period: dict[str, str]) -> None:
    assert person(address=[{"postalCode": "9000", "period": period}]).origin


def test_of_two_homes_the_first_is_used_and_told_of() -> None:
    addresses = [{"postalCode": "9000"}, {"postalCode": "8000"}]
    assert person(address=addresses).origin == Origin(postcode="9000")
    assert notes_of(service_request({"address": addresses})) == ["address_first"]


@pytest.mark.parametrize("degrees", [(57.05, None), (None, 9.92)])
def test_half_a_point_is_a_mistake(degrees: tuple[float | None, float | None]) -> None:
    found = mistakes(address=[{"extension": [at(*degrees)]}])
    assert found == [("structure", (f"{HERE}.address[0].extension[0]",))]


def test_a_point_off_the_earth_is_a_mistake_of_the_address() -> None:
    found = mistakes(address=[{"extension": [at(91, 9.92)]}])
    assert found == [("business-rule", (f"{HERE}.address[0]",))]


# Languages


def spoken(*codes: str) -> list[dict[str, Any]]:
    return [{"language": {"coding": [{"code": code}]}} for code in codes]


def test_languages_are_read_without_their_region() -> None:
    assert person(communication=spoken("da-DK", "ar", "da")).languages == ("da", "ar")


@pytest.mark.parametrize(
    "language", [{"text": "Kurmanji"}, {"coding": [{"code": "kmr"}]}, {"coding": []}]
)
def test_a_language_without_a_short_code_is_told_of(language: dict[str, Any]) -> None:
    request = service_request({"communication": [{"language": language}]})
    assert read(request).profile.languages == ()
    assert notes_of(request) == ["language_unread"]


# A person who is not there


def test_a_person_elsewhere_is_matched_by_the_texts_alone() -> None:
    request = service_request(subject={"reference": "Patient/7"})
    assert read(request).profile == Profile(needs="Is lonely.")
    assert notes_of(request) == ["patient_elsewhere"]


def test_a_subject_that_is_no_person_is_a_mistake() -> None:
    group = {"resourceType": "Group", "id": "g"}
    request = service_request(contained=[group], subject={"reference": "#g"})
    (issue,) = issues_of(request)
    assert (issue.code, issue.expression) == (
        "business-rule",
        ("ServiceRequest.subject.reference",),
    )
