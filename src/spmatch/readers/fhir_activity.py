"""One HealthcareService, with what it refers to, to activities: one for each location it is at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args

from pydantic import ValidationError

from spmatch.activity import (
    Access,
    Activity,
    Capacity,
    Cost,
    FirstVisit,
    Place,
    Provider,
    ProviderKind,
    Source,
)
from spmatch.errors import Problem
from spmatch.readers.fhir_places import is_virtual, place_of
from spmatch.readers.fhir_references import References, Resource
from spmatch.readers.fhir_times import sessions_of
from spmatch.readers.fhir_values import (
    boolean_of,
    codes_inside,
    codings_of,
    contact_of,
    extensions_of,
    own_codes,
    themes_of,
    words_of,
)
from spmatch.readers.hsds_access import access_keys
from spmatch.readers.json_files import shortened
from spmatch.readers.language_codes import language_code
from spmatch.readers.paragraphs import paragraphs_of
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, record_of, records_of, text_of
from spmatch.validation import problems_of
from spmatch.words import AccessKey, Delivery, FirstVisitKey, Intensity, Referral

RECORD = "urn:spmatch:fhir:activity"
"""The extension in which spmatch's own answers hold the whole record."""
_CAPACITY = "HealthcareServiceCapacityStatus"
_NO_ROOM = frozenset(("no-capacity", "waitlist", "no-capacity-has-waitlist"))
_WAITING = frozenset(("waitlist", "no-capacity-has-waitlist"))
_ROOM_UNCLEAR = frozenset(("capacity", "additional-assessment-required"))
_PROVISION = "service-provision-conditions"

# Who may refer, where the whole text says it. The codes of HL7 (fax, phone, elec, semail, mail) say
# how a referral is sent, not by whom.
_REFERRALS: dict[str, Referral] = {
    "open": "open",
    "open access": "open",
    "no referral required": "open",
    "no referral needed": "open",
    "self": "self",
    "self referral": "self",
    "self referrals": "self",
    "professional": "professional",
    "professional referral": "professional",
    "gp": "gp",
    "gp referral": "gp",
}


def activities_of(service: Resource, references: References) -> Iterator[Activity | Problem]:
    """The activities of a service, each after the problems found in it.

    One that is not active gives a note, one without id or name problems only.
    """
    body = service.body
    findings = Findings(service.where)
    if boolean_of(body, "active", findings) is False:
        findings.note(
            "active", "the service is not active and gives no activity.", "Nothing to mend."
        )
        yield from findings.problems
        return
    whole = _whole_record(body, findings)
    if whole is not None:
        yield from findings.problems
        yield whole
        return
    service_id = service.id or _identifier(body, findings)
    title = _title(body, findings)
    if not service_id:
        findings.rejected("id", "the service has no id.", "Give it one that no other service has.")
    if not title:
        findings.rejected("name", "the service has no name.", "State its name.")
    if not (service_id and title):
        yield from findings.problems
        return
    locations = list(_locations(service, references, findings))
    shared = _shared_facts(service, references, findings)
    source = record_of(body, "meta", findings) or {}
    shared["source"] = Source(
        name="FHIR", url=text_of(source, "source", findings), record_id=service_id
    )
    yield from findings.problems
    used: set[str] = set()
    for name, location in locations or [(None, {})]:
        found = Findings(service.where)
        within = found.within(location, "location")
        activity_id = service_id
        if len(locations) > 1:
            activity_id = f"{service_id}@{name or len(used) + 1}"
            if activity_id in used:
                activity_id = f"{activity_id}@{len(used) + 1}"
        used.add(activity_id)
        facts = {
            **shared,
            "id": shortened(activity_id),
            "title": title,
            "place": None if is_virtual(location) else _place(location, within),
            "delivery": shared["delivery"] or ("online" if is_virtual(location) else None),
        }
        try:
            activity = Activity(**facts)
        except ValidationError as error:
            yield from (*found.problems, *problems_of(error, service.where))
        else:
            yield from found.problems
            yield activity


def _whole_record(body: Record, findings: Findings) -> Activity | None:
    """The record that spmatch itself put into its answer, exactly as it was."""
    for extension in extensions_of(body, RECORD):
        text = text_of(extension, "valueString", findings)
        if text is None or extension.get("url") != RECORD:
            continue
        try:
            return Activity.model_validate_json(text)
        except ValidationError:
            findings.mended(
                "extension",
                "the record in it cannot be read; the elements of the service were read.",
                "Leave the extension out, or give the record as it came.",
            )
    return None


def _identifier(body: Record, findings: Findings) -> str | None:
    for identifier in records_of(body, "identifier", findings):
        value = text_of(identifier, "value", findings.within(identifier, "identifier"))
        if value:
            return value
    return None


def _title(body: Record, findings: Findings) -> str:
    """The name of a service; one that has none is called what kind of service it is."""
    name = one_line(text_of(body, "name", findings) or "")
    if name:
        return name
    for key in ("type", "specialty", "category"):
        for words in words_of(body, key, Findings("")):
            findings.mended(
                "name", f"it is not stated; the first {key} was taken.", "State the name."
            )
            return words
    return ""


def _locations(
    service: Resource, references: References, findings: Findings
) -> Iterator[tuple[str | None, Record]]:
    """The locations of a service with the id of each. One that is closed is left out."""
    for reference in records_of(service.body, "location", findings):
        inside = findings.within(reference, "location")
        name = text_of(reference, "reference", inside)
        display = one_line(text_of(reference, "display", inside) or "")
        location = references.find(name, service) if name else None
        if location is None:
            if name or not display:
                inside.mended(
                    "reference",
                    "the location is not in the source; the service is kept without its details.",
                    "Give the location as well.",
                )
            location = {"name": display} if display else {}
        status = text_of(location, "status", inside)
        if status in ("suspended", "inactive"):
            inside.note("status", f"the location is {status} and was left out.", "Nothing to mend.")
            continue
        own_id = text_of(location, "id", inside)
        yield own_id or (name.rpartition("/")[2].lstrip("#") if name else None), location


def _place(location: Record, findings: Findings) -> Place | None:
    return place_of(location, findings) if location else None


def _shared_facts(service: Resource, references: References, findings: Findings) -> dict[str, Any]:
    body = service.body
    language = text_of(body, "language", findings)
    delivery = own_codes(body, "characteristic", "delivery", findings)
    intensity = own_codes(body, "characteristic", "intensity", findings)
    gender = [
        code
        for one in records_of(body, "eligibility", findings)
        for code in own_codes(one, "code", "gender", findings)
    ]
    themes = [
        theme
        for key in ("category", "type", "specialty", "program")
        for theme in themes_of(body, key, findings)
        if theme.scheme != "urn:spmatch:provider"
    ]
    return {
        "description": _description(body, findings),
        "text_language": language_code(language) if language else None,
        "provider": _provider(service, references, findings),
        "themes": tuple(dict.fromkeys(themes)),
        "delivery": _one_of(delivery, Delivery),
        "intensity": _one_of(intensity, Intensity),
        "gender": _one_of(gender, Literal["any", "women", "men"]),
        "sessions": sessions_of(body, findings),
        "cost": _cost(body, findings),
        "access": _access(body, findings),
        "first_visit": _first_visit(body, findings),
        "languages": _languages(body, findings),
        "referral": _referral(body, findings),
        "capacity": _capacity(body, findings),
    }


def _one_of(codes: list[str], vocabulary: Any) -> Any:
    """The one code of a vocabulary, or ``None`` when there is none, or more than one."""
    known = {code for code in codes if code in get_args(vocabulary)}
    return known.pop() if len(known) == 1 else None


def _description(body: Record, findings: Findings) -> str:
    texts = [text_of(body, key, findings) for key in ("comment", "extraDetails")]
    for eligibility in records_of(body, "eligibility", findings):
        inside = findings.within(eligibility, "eligibility")
        texts += words_of(eligibility, "code", inside)
        texts.append(text_of(eligibility, "comment", inside))
    texts.append(text_of(body, "availabilityExceptions", findings))
    for absence in records_of(body, "notAvailable", findings):
        inside = findings.within(absence, "notAvailable")
        texts.append(text_of(absence, "description", inside))
        if absence.get("during") is not None:
            inside.note(
                "during",
                "dates on which there is nothing cannot be kept.",
                "Say them in availabilityExceptions as well.",
            )
    return paragraphs_of(texts, findings)


def _provider(service: Resource, references: References, findings: Findings) -> Provider | None:
    """Who runs it. The service's own contacts go before those of the organization."""
    body = service.body
    stated = record_of(body, "providedBy", findings) or {}
    inside = findings.within(stated, "providedBy")
    name = text_of(stated, "reference", inside)
    display = text_of(stated, "display", inside)
    runs = (references.find(name, service) if name else None) or {}
    if name and not runs and not display:
        inside.mended(
            "reference", "the organization is not in the source.", "Give the organization as well."
        )

    def contact(system: str) -> str | None:
        return contact_of(body, system, findings) or contact_of(runs, system, inside)

    kinds = own_codes(body, "category", "provider", findings)
    provider = Provider(
        name=one_line(text_of(runs, "name", inside) or display or "") or None,
        kind=_one_of(kinds, ProviderKind),
        url=contact("url"),
        phone=contact("phone"),
        email=contact("email"),
    )
    return provider if provider != Provider() else None


def _cost(body: Record, findings: Findings) -> Cost | None:
    """Free where the conditions of provision say free and nothing else. FHIR has no price."""
    codes = {
        code
        for system, code in codings_of(body, "serviceProvisionCode", findings)
        if system.endswith(_PROVISION)
    }
    if codes == {"free"}:
        return Cost(amount=0)
    said = words_of(body, "serviceProvisionCode", findings) if codes else []
    return Cost(note="\n".join(said)) if said else None


def _access(body: Record, findings: Findings) -> Access | None:
    keys = {
        key
        for key in own_codes(body, "characteristic", "access", findings)
        if key in get_args(AccessKey)
    }
    keys.update(access_keys(words_of(body, "characteristic", findings)))
    return Access.model_validate(dict.fromkeys(keys, True)) if keys else None


def _first_visit(body: Record, findings: Findings) -> FirstVisit | None:
    """An appointment is a sign-up. That none is needed means that one can just come, unless
    somebody has to refer first."""
    facts: dict[str, bool] = {
        key: True
        for key in own_codes(body, "characteristic", "first_visit", findings)
        if key in get_args(FirstVisitKey)
    }
    appointment = boolean_of(body, "appointmentRequired", findings)
    if appointment:
        facts["no_sign_up"] = False
    elif appointment is False and not body.get("referralMethod"):
        facts["no_sign_up"] = True
    return FirstVisit.model_validate(facts) if facts else None


def _languages(body: Record, findings: Findings) -> tuple[str, ...]:
    codes: list[str] = []
    for concept in records_of(body, "communication", findings):
        inside = findings.within(concept, "communication")
        one = {"communication": concept}
        stated = [code for _, code in codings_of(one, "communication", findings)]
        stated += words_of(one, "communication", findings)
        code = next((known for text in stated if (known := language_code(text))), None)
        if code and code not in codes:
            codes.append(code)
        elif stated and not code:
            inside.mended(
                "coding",
                "the language is not known and was left out.",
                "State its ISO 639-1 code, for example da.",
            )
    return tuple(codes)


def _referral(body: Record, findings: Findings) -> Referral | None:
    """Who may refer, where one way is stated; several ways leave it open."""
    own: list[Any] = own_codes(body, "referralMethod", "referral", findings)
    found: set[Referral] = {code for code in own if code in get_args(Referral)}
    for words in words_of(body, "referralMethod", findings):
        known = _REFERRALS.get(" ".join(words.casefold().replace("-", " ").split()))
        found |= {known} if known else set()
    required = boolean_of(body, "referralRequired", findings)
    if required is False:
        found.add("open")
    elif required and not found:
        findings.note("referralRequired", "it is not said who may refer.", "State referralMethod.")
    return found.pop() if len(found) == 1 else None


def _capacity(body: Record, findings: Findings) -> Capacity | None:
    """Whether there is room, as the guide for social care of HL7 (SDOH Clinical Care) says it."""
    codes = {
        code
        for extension in extensions_of(body, _CAPACITY)
        for code in codes_inside(extension)
        if code in _NO_ROOM | _ROOM_UNCLEAR
    }
    if not codes:
        return None
    if codes <= _NO_ROOM:
        return Capacity(places_left=0, waiting_list=True if codes & _WAITING else None)
    reason = (
        "it says both that there is room and that there is none; it was left out."
        if codes & _NO_ROOM
        else "that there is room, or has to be asked for, is not a number of places."
    )
    findings.note("extension.capacityStatus", reason, "Nothing to mend.")
    return None
