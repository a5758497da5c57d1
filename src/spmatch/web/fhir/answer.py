"""From a response to a Bundle: an OperationOutcome first, then a HealthcareService for each suggestion.

What is true of an activity stands in its resource; what is true of the match stands in
``entry.search``, so that the same activity is the same resource for everybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from spmatch.suggestion import (
    Contribution,
    Notice,
    NoticeContact,
    Relaxation,
    Response,
    Suggestion,
    Verdict,
)
from spmatch.web.fhir.issues import Json, Note, outcome_of
from spmatch.web.fhir.service import service_of
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage, wording

URN = "urn:spmatch:fhir:"


def bundle_of(
    response: Response, notes: Iterable[Note], *, language: ReaderLanguage, on: date, base: str
) -> Json:
    """The answer as a Bundle of type searchset. ``base`` is the address of the FHIR door."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(response.suggestions),
        "entry": [
            {
                "resource": _outcome(response, notes, language),
                "search": {"mode": "outcome"},
            },
            *(_entry(suggestion, language, on, base) for suggestion in response.suggestions),
        ],
    }


def _entry(suggestion: Suggestion, language: ReaderLanguage, on: date, base: str) -> Json:
    resource = service_of(suggestion.activity, language, on)
    # FHIR's score is 0 to 1; ours is a sum that may fall below 0, and is told as it is beside it.
    score = min(max(suggestion.score, 0.0), 1.0)
    return {
        "fullUrl": f"{base}/HealthcareService/{resource['id']}",
        "resource": resource,
        "search": {"extension": _match(suggestion), "mode": "match", "score": score},
    }


def _match(suggestion: Suggestion) -> list[Json]:
    """Why the activity is suggested, part by part."""
    found = [
        _extension("rank", "PositiveInt", suggestion.rank),
        _extension("score", "Decimal", suggestion.score),
    ]
    if suggestion.fit:
        found.append(_extension("fit", "Code", suggestion.fit))
    if suggestion.distance_km is not None:
        length = {"value": suggestion.distance_km, "unit": "km"}
        code = {"system": "http://unitsofmeasure.org", "code": "km"}
        found.append(_extension("distance", "Quantity", length | code))
    if suggestion.next_session:
        found.append(_extension("next-session", "String", suggestion.next_session))
    texts = (("reason", suggestion.reasons), ("caution", suggestion.cautions))
    for name, said in (*texts, ("ask", suggestion.ask)):
        found += [_extension(name, "String", text) for text in said]
    found += [_contribution(part) for part in suggestion.contributions]
    return found + [_verdict(verdict) for verdict in suggestion.verdicts]


def _contribution(part: Contribution) -> Json:
    return _parts(
        "contribution",
        name=("Code", part.name),
        value=("Decimal", part.value),
        detail=("String", part.detail or None),
    )


def _verdict(verdict: Verdict) -> Json:
    return _parts(
        "verdict",
        limit=("Code", verdict.limit),
        kind=("Code", verdict.kind),
        verdict=("Code", verdict.verdict),
        detail=("String", verdict.detail or None),
        estimate=("Boolean", verdict.estimate),
    )


def _outcome(response: Response, notes: Iterable[Note], language: ReaderLanguage) -> Json:
    """Dangers first, then how good the answer is, what would help, and what was not read."""
    own = page_words("fhir", language)
    issues = [_notice(notice, language) for notice in response.notices]
    sure = response.confidence == "good"
    excluded = [
        _parts("excluded", limit=("Code", limit), count=("UnsignedInt", count))
        for limit, count in response.excluded.items()
    ]
    issues.append(
        {
            "extension": excluded,
            "severity": "information" if sure else "warning",
            "code": "informational",
            "details": _details(
                "confidence",
                response.confidence,
                wording(language).say_confidence(response.confidence),
            ),
        }
    )
    issues += [_relaxation(relaxation) for relaxation in response.relaxations]
    for note in notes:
        issue = {
            "severity": "warning",
            "code": "incomplete",
            "details": _details("note", note.key.replace("_", "-"), own.say(note.key)),
            "expression": list(note.expression),
        }
        issues.append(issue)
    catalogue = response.catalogue
    provenance = _parts(
        "provenance",
        catalogue=("String", catalogue.id),
        catalogueHash=("String", catalogue.hash),
        activities=("UnsignedInt", catalogue.activities),
        configHash=("String", response.config_hash),
        encoder=("String", response.encoder or None),
    )
    outcome = outcome_of(
        {name: value for name, value in issue.items() if value} for issue in issues
    )
    return outcome | {"extension": [provenance]}


def _notice(notice: Notice, language: ReaderLanguage) -> Json:
    """A danger: everything to be read in one text, and each contact by itself for a system to show."""
    own = page_words("fhir", language)
    who = [
        own.say(
            "contact" if contact.phone else "contact_no_phone",
            name=contact.name,
            phone=contact.phone,
            who=contact.who,
            hours=contact.hours,
        )
        for contact in notice.contacts
    ]
    return {
        "extension": [_contact(contact) for contact in notice.contacts],
        "severity": "warning",
        "code": "informational",
        "details": _details("notice", notice.topic, "\n".join([notice.title, notice.first, *who])),
    }


def _contact(contact: NoticeContact) -> Json:
    ways = (("phone", contact.phone), ("url", contact.url))
    telecom = [{"system": system, "value": value} for system, value in ways if value]
    detail = {"name": contact.name} | ({"telecom": telecom} if telecom else {})
    return _parts(
        "contact",
        contact=("ContactDetail", detail),
        hours=("String", contact.hours),
        who=("String", contact.who),
    )


def _relaxation(relaxation: Relaxation) -> Json:
    """What would bring more. ``from`` and ``to`` are JSON: a number, a price, a list of times."""
    values = relaxation.model_dump(
        mode="json", include={"from_value", "to_value"}, exclude_none=True
    )
    json_of = {name: ("String", json.dumps(value)) for name, value in values.items()}
    parts = _parts("relaxation", gains=("UnsignedInt", relaxation.gains), **json_of)
    parts["extension"] += [_child("example", "String", one) for one in relaxation.examples]
    return {
        "extension": [parts],
        "severity": "information",
        "code": "informational",
        "details": _details("limit", relaxation.limit, relaxation.text),
    }


def _details(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": f"urn:spmatch:{system}", "code": code}], "text": text}


def _extension(name: str, kind: str, value: object) -> Json:
    return {"url": f"{URN}{name}", f"value{kind}": value}


def _child(name: str, kind: str, value: object) -> Json:
    # Inside an extension a name need not be an address.
    return {"url": name, f"value{kind}": value}


def _parts(name: str, /, **parts: tuple[str, object]) -> Json:
    """An extension of several parts. One without a value is left out."""
    children = [
        _child(part, kind, value) for part, (kind, value) in parts.items() if value is not None
    ]
    return {"url": f"{URN}{name}", "extension": children}
