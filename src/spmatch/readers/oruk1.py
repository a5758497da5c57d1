"""Open Referral UK 1.0: pages, lists and single services of its interface."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from spmatch.activity import Activity, FirstVisit
from spmatch.errors import Problem
from spmatch.readers.hsds_files import hsds_files, look_at
from spmatch.readers.hsds_json import Found, Translated, read_json
from spmatch.readers.oruk import POUNDS, assumed_once
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, record_of, records_of, text_of

_WAYS = frozenset(("phone", "online", "venue", "home visit"))
_WAYS_IN = frozenset(("referral", "appointment", "membership", "drop-in"))
_GENDERS = {"female": "women", "male": "men"}
_LISTS = re.compile(r"\s*[,;|]\s*")


class Oruk1Reader:
    """Reads Open Referral UK 1.0."""

    name = "Open Referral UK 1.0"

    def recognises(self, path: Path) -> bool:
        """Pages with ``totalElements``, or services with the fields of this version."""
        marks = look_at(path)
        return marks is not None and marks.dialect == "ORUK 1"

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        yield from assumed_once(read_json(path, POUNDS, _translated))

    def files(self, path: Path) -> list[Path]:
        return hsds_files(path)


def _translated(found: Found) -> Translated:
    """A service in the shape of HSDS 3.0. Of holiday schedules nothing is taken: they say when a
    service is closed, which sessions have no place for."""
    service = found.service or {}
    findings = Findings(found.where)
    eligibilities = _first(service, ("eligibilitys", "eligibilities", "eligibility"), findings)
    words = _eligible(eligibilities, findings)
    schedules = _first(service, ("regular_schedules", "regular_schedule", "schedules"), findings)
    translated = {
        key: value for key, value in service.items() if key not in ("eligibility", "eligibilities")
    }
    # A schedule of the service may be for one of its locations.
    here = {_place_of(schedule, findings): schedule for schedule in schedules}
    translated |= {
        "schedules": [
            _schedule(schedule) for schedule in schedules if not _place_of(schedule, findings)
        ],
        "languages": [_language(entry) for entry in records_of(service, "languages", findings)],
        "attributes": _attributes(service, findings),
        "eligibility_description": ", ".join(dict.fromkeys(words)) or None,
        "attending_types": [{"attending_type": way} for way in _ways(service, findings)],
        **_ages(service, eligibilities, findings),
    }
    link = found.link and _link(found.link, schedules, findings)
    links = records_of(service, "service_at_locations", findings)
    translated["service_at_locations"] = [_link(each, schedules, findings) for each in links]
    elsewhere = set(here) - {None} - {text_of(each, "id", findings) for each in links}
    if elsewhere and not found.link:
        findings.mended(
            "regular_schedules",
            "a schedule is for a location that is not there; it was left out.",
            "Give the location under service_at_locations.",
        )
    further = {**_ways_in(service, findings), "gender": _gender(words)}
    return (
        replace(found, service=translated, link=link),
        {key: value for key, value in further.items() if value is not None},
        findings.problems,
    )


def _first(record: Record, keys: Sequence[str], findings: Findings) -> list[Record]:
    """The first of several lists that is there: publishers form plurals in two ways."""
    for key in keys:
        if record.get(key) is not None:
            return records_of(record, key, findings)
    return []


def _link(link: Record, schedules: Sequence[Record], findings: Findings) -> dict[str, Any]:
    location = dict(record_of(link, "location", findings) or {})
    addresses = _first(location, ("physical_addresses", "addresses"), findings)
    if addresses:
        location["addresses"] = [{**address, "address_type": "physical"} for address in addresses]
    access = _first(location, ("accessibility_for_disabilities", "accessibility"), findings)
    location["accessibility"] = access
    own = _first(link, ("regular_schedules", "regular_schedule", "schedules"), findings)
    link_id = text_of(link, "id", findings)
    own += [each for each in schedules if link_id and _place_of(each, findings) == link_id]
    return {**link, "location": location, "schedules": [_schedule(schedule) for schedule in own]}


def _place_of(schedule: Record, findings: Findings) -> str | None:
    """The id of the service_at_location that a schedule is for, where it names one."""
    link = schedule.get("service_at_location")
    if isinstance(link, dict):
        return text_of(link, "id", findings)
    return text_of(schedule, "service_at_location_id", findings)


def _schedule(schedule: Record) -> dict[str, Any]:
    days = schedule.get("byday") or schedule.get("weekday")
    return {**schedule, "byday": days}


def _language(entry: Record) -> dict[str, Any]:
    return {**entry, "name": entry.get("language") or entry.get("name")}


def _attributes(service: Record, findings: Findings) -> list[dict[str, Any]]:
    attributes: list[dict[str, Any]] = []
    for entry in _first(service, ("service_taxonomys", "service_taxonomies"), findings):
        inside = findings.within(entry, "service_taxonomy")
        term = record_of(entry, "taxonomy", inside)
        if term:
            attributes.append(
                {
                    "taxonomy_term": {
                        "code": term.get("id"),
                        "name": term.get("name"),
                        "taxonomy": term.get("vocabulary"),
                    }
                }
            )
    return attributes


def _listed(service: Record, key: str, known: frozenset[str], findings: Findings) -> list[str]:
    """The words of a code list that a field states, one or several; others are told."""
    value = service.get(key)
    stated = (
        [text for text in value if isinstance(text, str)]
        if isinstance(value, list)
        else [text_of(service, key, findings) or ""]
    )
    words = [
        re.sub(r"[ _]", " ", word).strip().casefold().replace("drop in", "drop-in")
        for text in stated[:20]
        for word in _LISTS.split(text[:1_000])
    ]
    if any(word not in known for word in words if word):
        findings.mended(
            key,
            "a word is not known here and was left out.",
            f"Words that are read: {', '.join(sorted(known))}.",
        )
    return [word for word in dict.fromkeys(words) if word in known]


def _ways(service: Record, findings: Findings) -> list[str]:
    ways = _listed(service, "attending_type", _WAYS, findings)
    if len(ways) > 1 and set(ways) != {"online", "venue"}:
        findings.note(
            "attending_type",
            "several ways are stated that cannot be kept as one; it was left open.",
            "State each way as a service of its own.",
        )
    return ways


def _ways_in(service: Record, findings: Findings) -> dict[str, Any]:
    """How one comes to take part. Where there are several ways none of them is the only one."""
    ways = set(_listed(service, "attending_access", _WAYS_IN, findings))
    if "membership" in ways:
        findings.note(
            "attending_access",
            "that members attend is not kept.",
            "Say in the description who can become one.",
        )
    facts: dict[str, Any] = {}
    if "drop-in" in ways:
        facts["first_visit"] = FirstVisit(no_sign_up=True)
    elif ways == {"appointment"}:
        facts["first_visit"] = FirstVisit(no_sign_up=False)
    if ways and ways <= {"referral", "appointment"} and "referral" in ways:
        facts["referral"] = "professional"
    return facts


def _eligible(eligibilities: Sequence[Record], findings: Findings) -> list[str]:
    words = (
        text_of(entry, "eligibility", findings.within(entry, "eligibility"))
        for entry in eligibilities
    )
    return [one_line(text) for text in words if text]


def _gender(words: Sequence[str]) -> str | None:
    """Whom an activity is for, where all that is said of it is one of two words."""
    stated = {word.casefold() for word in words}
    return _GENDERS.get(stated.pop()) if len(stated) == 1 else None


def _ages(
    service: Record, eligibilities: Sequence[Record], findings: Findings
) -> dict[str, object]:
    """The ages of the one eligibility that states any, else those of the service itself."""
    stated: list[tuple[object, object]] = []
    for entry in eligibilities:
        ages = entry.get("minimum_age"), entry.get("maximum_age")
        if any(age not in (None, "") for age in ages) and ages not in stated:
            stated.append(ages)
    if not stated:
        return {key: service.get(key) for key in ("minimum_age", "maximum_age")}
    if len(stated) > 1:
        findings.mended(
            "eligibilitys",
            "several ranges of ages are stated; all were left out.",
            "State one range for each service.",
        )
        return {"minimum_age": None, "maximum_age": None}
    return dict(zip(("minimum_age", "maximum_age"), stated[0], strict=True))
