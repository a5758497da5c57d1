"""The person of a request: what a contained Patient states of age, gender, address and languages."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from spmatch.web.fhir.elements import Element

AGE = "urn:spmatch:fhir:age"
GEOLOCATION = "http://hl7.org/fhir/StructureDefinition/geolocation"

GENDERS = {"female": "woman", "male": "man", "other": "other", "unknown": None}

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_USES = ("home", None, "temp")
"""Where the person lives comes first; a stay elsewhere last. Other uses say nothing of where they are."""


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages that a person may have: one, or two where the date of birth is not whole."""

    low: int
    high: int
    path: str


@dataclass(frozen=True, slots=True)
class Person:
    """What is stated of a person: fields of a profile, each with the path it was read from."""

    facts: dict[str, tuple[Any, str]]
    ages: Ages | None


def read_patient(patient: Element, on: date) -> Person:
    """The facts of a Patient on a day. Reports its mistakes in the findings of the element."""
    patient.refuse_modifiers()
    if patient.flag("deceasedBoolean") or patient.text("deceasedDateTime"):
        patient.findings.wrong(
            "business-rule", "The patient is recorded as deceased.", patient.at("deceased")
        )
    if patient.flag("active") is False:
        problem = "The record of the patient is not in use."
        patient.findings.wrong("business-rule", problem, patient.at("active"))
    facts: dict[str, tuple[Any, str]] = {}
    gender = patient.text("gender")
    if gender is not None:
        if gender not in GENDERS:
            problem = "This is to be one of male, female, other and unknown."
            patient.findings.wrong("code-invalid", problem, patient.at("gender"))
        elif GENDERS[gender]:
            facts["gender"] = (GENDERS[gender], patient.at("gender"))
    origin = _origin(patient, on)
    if origin:
        facts["origin"] = origin
    languages = _languages(patient)
    if languages:
        facts["languages"] = (languages, patient.at("communication"))
    return Person(facts, _ages(patient, on))


def _ages(patient: Element, on: date) -> Ages | None:
    """The age that is stated, else those that the date of birth leaves open."""
    born = _ages_by_birth(patient, on)
    stated = patient.extensions(AGE)
    if len(stated) > 1:
        problem = "This extension is to stand once."
        patient.findings.wrong("structure", problem, *(one.path for one in stated))
    for extension in stated[:1]:
        value = extension.value()
        years = value[1] if value else None
        if isinstance(years, bool) or not isinstance(years, int):
            problem = "This extension is to hold whole years as valueUnsignedInt."
            patient.findings.wrong("structure", problem, extension.path)
        elif born and not born.low <= years <= born.high:
            problem = "The age and the date of birth do not agree: correct one, or leave it out."
            patient.findings.wrong("conflict", problem, extension.path, born.path)
        else:
            return Ages(years, years, extension.path)
    return born


def _ages_by_birth(patient: Element, on: date) -> Ages | None:
    text = patient.text("birthDate")
    if text is None:
        return None
    path = patient.at("birthDate")
    stated = _DATE.fullmatch(text)
    try:
        if stated is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in stated.groups())
        assert year is not None
        earliest = date(year, month or 1, day or 1)
        last_month = month or 12
        latest = date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError:
        problem = "This is to be a date, YYYY-MM-DD, or as much of one as is known."
        patient.findings.wrong("value", problem, path)
        return None
    if earliest > on:
        patient.findings.wrong("business-rule", "The date of birth has yet to come.", path)
        return None
    return Ages(_years(min(latest, on), on), _years(earliest, on), path)


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _origin(patient: Element, on: date) -> tuple[dict[str, Any], str] | None:
    """Where the person is: the coordinates of the address, else its postcode, else its town."""
    for use in _USES:
        current = [
            address
            for address in patient.many("address")
            if address.text("use") == use and _holds(address.one("period"), on)
        ]
        placed = [(origin, address.path) for address in current if (origin := _place(address))]
        if len({str(origin) for origin, _ in placed}) > 1:
            patient.findings.note("address_first", *(path for _, path in placed))
        if placed:
            return placed[0]
    if patient.many("address"):
        patient.findings.note("address_unread", patient.at("address"))
    return None


def _place(address: Element) -> dict[str, Any] | None:
    for location in address.extensions(GEOLOCATION):
        degrees = {
            str(part.text("url")): part.number("valueDecimal")
            for part in location.many("extension")
        }
        lat, lon = degrees.get("latitude"), degrees.get("longitude")
        if lat is None or lon is None:
            problem = "This is to hold latitude and longitude, each as valueDecimal."
            address.findings.wrong("structure", problem, location.path)
            return None
        return {"lat": lat, "lon": lon}
    postcode, town = address.text("postalCode"), address.text("city")
    if postcode:
        return {"postcode": postcode}
    return {"place": town} if town else None


def _holds(period: Element | None, on: date) -> bool:
    """Whether a day lies within a period. A date without day or month counts whole."""
    if period is None:
        return True
    start, end = (period.text("start") or "")[:10], (period.text("end") or "")[:10]
    day = on.isoformat()
    return start <= day[: len(start)] and (not end or day[: len(end)] <= end)


def _languages(patient: Element) -> list[str]:
    """Codes of two letters. Languages that have none, or that are only named, are noted."""
    found: list[str] = []
    for spoken in patient.many("communication"):
        language = spoken.one("language")
        codes = [c.text("code") or "" for c in language.many("coding")] if language else []
        # BCP 47: the language itself comes first, a region or script after it.
        short = [code.replace("_", "-").split("-")[0].casefold() for code in codes]
        read = [code for code in short if re.fullmatch(r"[a-z]{2}", code)]
        if not read:
            patient.findings.note("language_unread", spoken.path)
        found += [code for code in read[:1] if code not in found]
    return found
