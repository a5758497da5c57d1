"""From an activity to a HealthcareService: the same for every person.

Standard elements hold what FHIR has a place for; the extension ``urn:spmatch:fhir:activity`` holds the
whole record, so that nothing is lost. What an activity does not state is absent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date

from spmatch.activity import Activity, Cost, Session
from spmatch.catalogue import Catalogue
from spmatch.errors import UnknownActivityError
from spmatch.messages import Message, Money
from spmatch.web.fhir.issues import Json
from spmatch.web.words import PageWords, page_words
from spmatch.wording import ReaderLanguage, Wording, wording

ACTIVITY = "urn:spmatch:fhir:activity"
IDENTIFIER = "urn:spmatch:activity"
LANGUAGES = "urn:ietf:bcp:47"

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_DERIVED = "sha256-"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def resource_id(activity_id: str) -> str:
    """The FHIR id of an activity: its own where FHIR allows it, else one that is derived from it."""
    if _ID.fullmatch(activity_id) and not activity_id.startswith(_DERIVED):
        return activity_id
    return _DERIVED + hashlib.sha256(activity_id.encode()).hexdigest()[:40]


def activity_of(catalogue: Catalogue, id: str) -> Activity:
    """The activity of a FHIR id. Raises ``UnknownActivityError``."""
    if not id.startswith(_DERIVED):
        return catalogue[id]
    for activity in catalogue:
        if resource_id(activity.id) == id:
            return activity
    raise UnknownActivityError("No activity of this id is in the catalogue.")


def service_of(activity: Activity, language: ReaderLanguage, on: date) -> Json:
    """The HealthcareService of an activity. Sessions that are over on the day ``on`` are left out."""
    words, own = wording(language), page_words("fhir", language)
    sessions = [one for one in activity.sessions if not (one.until and one.until < on)]
    provider, source = activity.provider, activity.source
    service: Json = {
        "resourceType": "HealthcareService",
        "id": resource_id(activity.id),
        "meta": {"source": source.url} if source and _is_uri(source.url) else None,
        "language": activity.text_language,
        "contained": _location(activity),
        "extension": [
            {"url": ACTIVITY, "valueString": activity.model_dump_json(exclude_none=True)}
        ],
        "identifier": [{"system": IDENTIFIER, "value": activity.id}],
        "active": True,
        "providedBy": {"display": provider.name} if provider and provider.name else None,
        "category": [_concept("provider", provider.kind)] if provider and provider.kind else None,
        "type": [_theme(theme.scheme, theme.code, theme.label) for theme in activity.themes],
        "location": [{"reference": "#place"}] if activity.place else None,
        "name": activity.title,
        "comment": activity.description or None,
        "extraDetails": _details(activity, words, own),
        "telecom": _telecom(activity),
        "eligibility": _eligibility(activity, words, own),
        "characteristic": _characteristics(activity, words),
        "communication": [_spoken(code, words) for code in activity.languages],
        "referralMethod": [_concept("referral", activity.referral, words)]
        if activity.referral
        else None,
        "availableTime": [_hours(one) for one in sessions if _is_weekly(one)],
        "availabilityExceptions": _exceptions(sessions, words, own),
    }
    return {name: value for name, value in service.items() if value}


def _concept(vocabulary: str, code: str, words: Wording | None = None) -> Json:
    """A term of spmatch, named in the reader's language where it has a name there."""
    name = words.term(vocabulary, code) if words else code
    coding = {"system": f"urn:spmatch:{vocabulary}", "code": code}
    return {"coding": [coding | ({"display": name} if name != code else {})]}


def _theme(scheme: str, code: str, label: str | None) -> Json:
    system = scheme if _is_uri(scheme) else f"urn:spmatch:scheme:{_in_uri(scheme)}"
    coding = {"system": system, "code": " ".join(code.split()), "display": label}
    return {"coding": [{name: value for name, value in coding.items() if value}]}


def _spoken(code: str, words: Wording) -> Json:
    name = words.term("language", code)
    coding = {"system": LANGUAGES, "code": code}
    return {"coding": [coding | ({"display": name} if name != code else {})]}


def _telecom(activity: Activity) -> list[Json]:
    provider = activity.provider
    if provider is None:
        return []
    ways = (("phone", provider.phone), ("email", provider.email), ("url", provider.url))
    return [{"system": system, "value": value} for system, value in ways if value]


def _location(activity: Activity) -> list[Json] | None:
    place = activity.place
    if place is None:
        return None
    address = {
        "line": [place.address] if place.address else None,
        "city": place.town,
        "postalCode": place.postcode,
    }
    location: Json = {
        "resourceType": "Location",
        "id": "place",
        "name": place.name,
        "address": {name: value for name, value in address.items() if value},
    }
    if place.lat is not None:
        location["position"] = {"longitude": place.lon, "latitude": place.lat}
    return [{name: value for name, value in location.items() if value}]


def _eligibility(activity: Activity, words: Wording, own: PageWords) -> list[Json]:
    """Who is welcome: ages and gender, where they limit."""
    found = []
    if activity.ages and (activity.ages.min is not None or activity.ages.max is not None):
        low, high = activity.ages.min, activity.ages.max
        key = "ages_to" if low is None else "ages_from" if high is None else "ages_between"
        coding = {"system": "urn:spmatch:eligibility", "code": "ages"}
        found.append({"code": {"coding": [coding], "text": own.say(key, low=low, high=high)}})
    if activity.gender:
        found.append({"code": _concept("gender", activity.gender, words)})
    return found


def _characteristics(activity: Activity, words: Wording) -> list[Json]:
    """How it is held, how hard it is, and what it states that it has; what it has not is in the record."""
    found = []
    if activity.delivery:
        found.append(_concept("delivery", activity.delivery, words))
    if activity.intensity:
        found.append(_concept("intensity", activity.intensity, words))
    for vocabulary, facts in (("access", activity.access), ("first_visit", activity.first_visit)):
        found += [_concept(vocabulary, key, words) for key, value in facts or () if value]
    return found


def _details(activity: Activity, words: Wording, own: PageWords) -> str:
    """What it costs, and when somebody last checked the record."""
    said = _prices(activity.cost, words, own) if activity.cost else []
    if activity.verified_on:
        said.append(own.say("verified", day=words.moment(activity.verified_on.isoformat())))
    return "\n\n".join(said)


def _prices(cost: Cost, words: Wording, own: PageWords) -> list[str]:
    def price(amount: float) -> str:
        money = Money(amount, cost.currency, cost.per)
        return words.say(Message("plan.price", {"price": money}))

    said = []
    if cost.amount is not None:
        said.append(
            own.say("price", price=price(cost.amount)) if cost.amount else own.say("price_free")
        )
    for one in cost.concessions:
        key = "price_for" if one.amount else "price_free_for"
        said.append(own.say(key, whom=one.for_whom, price=price(one.amount)))
    return said + ([cost.note] if cost.note else [])


def _is_weekly(session: Session) -> bool:
    return session.every == "week" and session.day is not None


def _hours(session: Session) -> Json:
    """One weekly time. FHIR has no 24:00."""
    found: Json = {"daysOfWeek": [session.day]}
    if session.start:
        found["availableStartTime"] = f"{session.start}:00"
    if session.end:
        found["availableEndTime"] = "23:59:59" if session.end == "24:00" else f"{session.end}:00"
    return found


def _exceptions(sessions: Iterable[Session], words: Wording, own: PageWords) -> str:
    """In words, the times that are not every week, and the dates that times begin and end."""
    said = []
    for one in sessions:
        if _is_weekly(one) and not (one.from_date or one.until):
            continue
        day = words.term("day", one.day) if one.day else ""
        clocks = "–".join(filter(None, [one.start, one.end]))
        parts = [own.say(f"every_{one.every}", time=f"{day} {clocks}".strip())]
        for key, when in (("from_day", one.from_date), ("until_day", one.until)):
            if when:
                parts.append(own.say(key, day=words.moment(when.isoformat())))
        said.append(", ".join(filter(None, (part.strip() for part in parts))))
    return "; ".join(filter(None, said))


def _is_uri(text: str | None) -> bool:
    return text is not None and _URI.fullmatch(text) is not None


def _in_uri(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-") or "other"
