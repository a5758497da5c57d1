"""One HSDS service, nested as HSDS 3.0 nests it, to activities: one for each location it is at."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from spmatch.activity import Activity, Ages, Provider, Source, Theme
from spmatch.errors import Problem
from spmatch.readers.hsds_access import access_of
from spmatch.readers.hsds_capacity import capacity_of
from spmatch.readers.hsds_costs import cost_of
from spmatch.readers.hsds_places import place_of
from spmatch.readers.hsds_schedules import delivery_of, sessions_of
from spmatch.readers.language_codes import language_code
from spmatch.readers.prose import one_line, plain_text
from spmatch.readers.stated import (
    Findings,
    Record,
    date_of,
    number_of,
    record_of,
    records_of,
    text_of,
)
from spmatch.validation import problems_of

_CLOSED = frozenset(("inactive", "defunct", "temporarily closed", "closed", "deleted"))
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 1_000, 50_000
_SILENT_PHONES = frozenset(("fax", "pager", "tty", "textphone", "sms", "text"))
# HSDS "licenses" are those that the service holds to operate; some publishers put the licence of
# the data there, and only that is a source's licence.
_DATA_LICENCE = re.compile(
    r"\b(?:creative commons|cc0|cc[ -]by|open (?:government|data|database) licen[cs]e|ogl|odbl|odc|pddl"
    r"|public domain)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the publishers of a dialect leave unsaid, because it always holds there.

    ``currency`` is meant where a price states none; ``paragraphs`` are the fields of a service that
    make the description.
    """

    source: str = "HSDS"
    currency: str | None = None
    paragraphs: tuple[str, ...] = ("description", "eligibility_description")


HSDS = Usage()


def activities_of(
    service: Record,
    links: Sequence[Record],
    *,
    organization: Record | None,
    several: bool,
    where: str,
    usage: Usage = HSDS,
    further: Mapping[str, Any] | None = None,
) -> Iterator[Activity | Problem]:
    """The activities of a service, each after the problems found in it.

    ``links`` are its service_at_location records (with ``location`` inside); without any, the
    service is one activity without a place. ``several`` says that the service has more locations
    than one, in these links or elsewhere in the source. ``further`` are facts of an activity that a
    dialect states where HSDS has no field. A service without id or name gives problems only, and
    one that is closed gives a note.
    """
    findings = Findings(where)
    status = (text_of(service, "status", findings) or "").casefold().replace("_", " ")
    if status in _CLOSED:
        findings.note(
            "status", f"the service is {status} and gives no activity.", "Nothing to mend."
        )
        yield from findings.problems
        return
    service_id = text_of(service, "id", findings)
    title = _short(one_line(text_of(service, "name", findings) or ""), "name", findings)
    shared: dict[str, Any] = {
        "title": title,
        "themes": _themes(service, findings),
        "cost": cost_of(service, findings, usage.currency),
        "ages": _ages(service, findings),
        "capacity": capacity_of(service, findings),
        "verified_on": date_of(service, "assured_date", findings),
        "source": _source(service, service_id, usage.source, findings),
        **(further or {}),
    }
    if not service_id:
        findings.rejected("id", "the service has no id.", "Give it one that no other service has.")
    if not title:
        findings.rejected("name", "the service has no name.", "State its name.")
    yield from findings.problems
    if not (service_id and title):
        return
    used: set[str] = set()
    for link in links or ({},):
        found = Findings(where)
        activity_id = _activity_id(service_id, link, several, used, found)
        facts = {
            "id": activity_id,
            "description": _description(service, link, usage.paragraphs, found),
            "provider": _provider(service, link, organization, found),
            **_facts_on_site(service, link, found),
            **shared,
        }
        try:
            activity = Activity(**facts)
        except ValidationError as error:
            yield from (*found.problems, *problems_of(error, where))
        else:
            yield from found.problems
            yield activity


def _activity_id(
    service_id: str, link: Record, several: bool, used: set[str], findings: Findings
) -> str:
    if not several:
        return service_id
    location = record_of(link, "location", findings) or {}
    link_id = text_of(link, "id", findings)
    place = text_of(location, "id", findings) or text_of(link, "location_id", findings) or link_id
    activity_id = f"{service_id}@{place or len(used) + 1}"
    if activity_id in used:
        activity_id = f"{activity_id}@{link_id or len(used) + 1}"
    used.add(activity_id)
    return activity_id


def _description(
    service: Record, link: Record, paragraphs: Sequence[str], findings: Findings
) -> str:
    told: list[str] = []
    for record, key in [(service, key) for key in paragraphs] + [(link, "description")]:
        words = plain_text(text_of(record, key, findings) or "")
        if words and not any(words in earlier for earlier in told):
            told.append(words)
    return _short("\n\n".join(told), "description", findings)


def _short(words: str, key: str, findings: Findings) -> str:
    longest = _LONGEST_DESCRIPTION if key == "description" else _LONGEST_TITLE
    if len(words) <= longest:
        return words
    findings.mended(
        key, f"what follows its first {longest:,} characters was left out.", "Shorten the text."
    )
    return words[:longest].rstrip()


def _provider(
    service: Record, link: Record, organization: Record | None, findings: Findings
) -> Provider | None:
    """Who runs it. The service's own web page, e-mail and phone go before those of the organization."""
    runs = organization or {}
    provider = Provider(
        name=one_line(text_of(runs, "name", findings) or "") or None,
        url=text_of(service, "url", findings)
        or _further_url(service, "additional_urls", findings)
        or text_of(runs, "website", findings)
        or text_of(runs, "url", findings)
        or _further_url(runs, "additional_websites", findings),
        email=text_of(service, "email", findings) or text_of(runs, "email", findings),
        phone=_phone(link, findings) or _phone(service, findings) or _phone(runs, findings),
    )
    return provider if provider != Provider() else None


def _further_url(record: Record, key: str, findings: Findings) -> str | None:
    urls = (text_of(url, "url", findings) for url in records_of(record, key, findings))
    return next(filter(None, urls), None)


def _phone(record: Record, findings: Findings) -> str | None:
    phones = records_of(record, "phones", findings)
    # Open Referral UK keeps the phones with the persons who answer them.
    for contact in records_of(record, "contacts", findings):
        phones += records_of(contact, "phones", findings.within(contact, "contact"))
    for phone in phones:
        inside = findings.within(phone, "phone")
        number = (text_of(phone, "number", inside) or "").strip("\"' ")
        if number and (text_of(phone, "type", inside) or "voice").casefold() not in _SILENT_PHONES:
            extension = text_of(phone, "extension", inside)
            return f"{number} ext. {extension}" if extension else number
    return None


def _facts_on_site(service: Record, link: Record, findings: Findings) -> dict[str, Any]:
    """The facts that depend on the location: place, sessions, delivery, access and languages."""
    location = record_of(link, "location", findings) or {}
    inside = findings.within(location, "location")
    location_type = (text_of(location, "location_type", inside) or "").casefold() or None
    # The times of the service at this very location go before its times anywhere. Opening hours of
    # the location are those of a building: they do not say when the service meets.
    schedules = records_of(link, "schedules", findings) or records_of(
        service, "schedules", findings
    )
    return {
        "place": place_of(location, location_type, inside),
        "sessions": sessions_of(schedules, findings),
        "delivery": delivery_of(_attending_types(service, schedules, findings), location_type),
        "access": access_of(records_of(location, "accessibility", inside), findings),
        "languages": _languages(
            records_of(service, "languages", findings) or records_of(location, "languages", inside),
            findings,
        ),
    }


def _attending_types(service: Record, schedules: Sequence[Record], findings: Findings) -> set[str]:
    stated = {
        text_of(record, "attending_type", findings.within(record, name))
        for name, records in (("schedule", schedules), ("attending", _attending(service, findings)))
        for record in records
    }
    return {text for text in stated if text}


def _attending(service: Record, findings: Findings) -> list[Record]:
    # Set by a dialect that states it for the service as a whole.
    return records_of(service, "attending_types", findings)


def _ages(service: Record, findings: Findings) -> Ages | None:
    bounds: dict[str, int | None] = {}
    # Half years are rounded so that nobody is let in who is not stated to be.
    for bound, key, whole in (
        ("min", "minimum_age", math.ceil),
        ("max", "maximum_age", math.floor),
    ):
        age = number_of(service, key, findings)
        if age is not None and not 0 <= age <= 150:
            findings.mended(
                key,
                "this is not an age in years and was left out.",
                "Leave it empty if there is no limit.",
            )
            age = None
        bounds[bound] = None if age is None else whole(age)
        if age is not None and age != bounds[bound]:
            findings.mended(
                key, f"ages are whole years; {bounds[bound]} was taken.", "Write whole years."
            )
    low, high = bounds["min"], bounds["max"]
    if high == 0 and not low:
        findings.mended(
            "maximum_age",
            "an upper age of 0 was read as not stated.",
            "Leave it empty if there is no limit.",
        )
        low = high = None
    if low is not None and high is not None and high < low:
        findings.mended(
            "maximum_age", "it is below minimum_age; both were left out.", "Correct the ages."
        )
        low = high = None
    return None if low is None and high is None else Ages(min=low, max=high)


def _languages(languages: Sequence[Record], findings: Findings) -> tuple[str, ...]:
    codes: list[str] = []
    for language in languages:
        inside = findings.within(language, "language")
        stated = [text for key in ("code", "name") if (text := text_of(language, key, inside))]
        code = next((code for text in stated if (code := language_code(text))), None)
        if code and code not in codes:
            codes.append(code)
        elif stated and not code:
            inside.mended(
                "code",
                "the language is not known and was left out.",
                "State its ISO 639-1 code, for example da.",
            )
    return tuple(codes)


def _themes(service: Record, findings: Findings) -> tuple[Theme, ...]:
    themes: list[Theme] = []
    for attribute in records_of(service, "attributes", findings):
        inside = findings.within(attribute, "attribute")
        term: Mapping[str, Any] = record_of(attribute, "taxonomy_term", inside) or {}
        taxonomy = record_of(term, "taxonomy_detail", inside) or {}
        code = (
            text_of(term, "code", inside)
            or text_of(term, "term_uri", inside)
            or text_of(term, "id", inside)
        )
        if code is None:
            continue
        scheme = text_of(taxonomy, "name", inside) or text_of(term, "taxonomy", inside)
        label = text_of(term, "name", inside) or text_of(attribute, "label", inside)
        theme = Theme(scheme=scheme or "HSDS", code=code, label=one_line(label or "") or None)
        if theme not in themes:
            themes.append(theme)
    return tuple(themes)


def _source(service: Record, service_id: str | None, name: str, findings: Findings) -> Source:
    licence = plain_text(text_of(service, "licenses", findings) or "")
    return Source(
        name=name,
        record_id=service_id,
        licence=licence if _DATA_LICENCE.search(licence) else None,
    )
