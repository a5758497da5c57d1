"""OpenActive places: where it happens, and which access facts are stated of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spmatch.activity import Access, Place, Theme
from spmatch.readers.openactive_items import address_of, term_of
from spmatch.readers.prose import one_line
from spmatch.readers.stated import (
    Findings,
    Record,
    coordinates_of,
    record_of,
    records_of,
    text_of,
)
from spmatch.words import AccessKey

# Concepts of https://openactive.io/accessibility-support. Support for a hearing impairment may be a
# loop, an interpreter or neither, and support for a physical impairment may be a ramp or a coach:
# these, mental health and behaviour stay themes, which say what they say and no more.
_SUPPORT: dict[str, AccessKey] = {
    "1393f2dc-3fcc-4be9-a99f-f1e51f5ad277": "visual_support",
    "visual impairment": "visual_support",
    "67902468-fd49-4238-8650-20a22d7f0e40": "cognitive_support",
    "learning impairment": "cognitive_support",
}
SUPPORT_SCHEME = "openactive-accessibility-support"

# Whole names of features, in lower case without punctuation. Features are free text; only what can
# mean nothing else is here.
_FEATURES: dict[str, AccessKey] = {
    **dict.fromkeys(("lift", "lifts", "passenger lift", "elevator"), "lift"),
    **dict.fromkeys(("disabled toilet", "disabled toilets"), "accessible_toilet"),
    **dict.fromkeys(("accessible toilet", "accessible toilets"), "accessible_toilet"),
    **dict.fromkeys(
        ("wheelchair accessible toilet", "changing places toilet"), "accessible_toilet"
    ),
    **dict.fromkeys(
        ("accessible parking", "disabled parking", "disabled car parking", "blue badge parking"),
        "accessible_parking",
    ),
    **dict.fromkeys(
        ("adapted for wheelchairs", "wheelchair access", "wheelchair accessible"), "wheelchair"
    ),
    **dict.fromkeys(("step free access", "step free", "level access"), "step_free"),
    **dict.fromkeys(("hearing loop", "induction loop", "hearing induction loop"), "hearing_loop"),
    **dict.fromkeys(("quiet room", "quiet space"), "quiet_space"),
}


def place_of(location: Record, findings: Findings) -> Place | None:
    """Where it happens. The address may be an object or text, or stand in the place itself."""
    if not location:
        return None
    stated = location.get("address")
    address: Record = {}
    line = None
    if isinstance(stated, str):
        line = one_line(stated)
    else:
        address = record_of(location, "address", findings) or {}
    if not address and "streetAddress" in location:
        address = location
    inside = findings.within(address, "address")
    lat, lon = coordinates_of(location, "geo", findings)
    if line is None:
        line = one_line(text_of(address, "streetAddress", inside) or "").strip(", ")
    place = Place(
        name=one_line(text_of(location, "name", findings) or "") or None,
        address=line or None,
        postcode=text_of(address, "postalCode", inside),
        town=text_of(address, "addressLocality", inside),
        lat=lat,
        lon=lon,
    )
    return place if place != Place() else None


def country_of(location: Record) -> str | None:
    """The country of an address as stated, in words or as a code."""
    silent = Findings("")
    address = location.get("address")
    if not isinstance(address, dict):
        return None
    country = address.get("addressCountry")
    if isinstance(country, dict):
        return text_of(country, "name", silent) or text_of(country, "identifier", silent)
    return text_of(address, "addressCountry", silent)


def access_of(record: Record, location: Record, findings: Findings) -> Access | None:
    """The access facts that are certain: features of the place, and support at the activity.

    A feature that is listed as absent is stated to be absent; support that is not listed is not.
    """
    facts: dict[AccessKey, bool | None] = {}
    for feature in records_of(location, "amenityFeature", findings):
        inside = findings.within(feature, "amenityFeature")
        name = one_line(text_of(feature, "name", inside) or "").casefold()
        key = _FEATURES.get(" ".join(re.sub(r"[^a-z0-9]+", " ", name).split()))
        value = feature.get("value")
        if key is None or value is None:
            continue
        if not isinstance(value, bool):
            inside.mended("value", "this is not true or false and was left out.", "Write true.")
        elif facts.setdefault(key, value) != value:
            inside.mended(
                "value", "a feature is both there and not; it was left out.", "Correct it."
            )
            facts[key] = None
    for theme in concepts_of(record, "accessibilitySupport", SUPPORT_SCHEME, findings):
        found = _SUPPORT.get(theme.code.casefold()) or _SUPPORT.get((theme.label or "").casefold())
        if found:
            facts[found] = True
    access = Access.model_validate(facts)
    return access if access != Access() else None


def concepts_of(record: Record, key: str, scheme: str, findings: Findings) -> list[Theme]:
    """The terms of a list of concepts or texts, each once. The code is what follows the ``#``."""
    stated = record.get(key)
    themes: dict[Theme, None] = {}
    for one in stated if isinstance(stated, list) else [stated] if stated is not None else []:
        concept: Record = one if isinstance(one, dict) else {"prefLabel": one}
        inside = findings.within(concept, key)
        label = one_line(text_of(concept, "prefLabel", inside) or "") or None
        code = term_of(address_of(concept) or "") or label
        if isinstance(one, str) and one.startswith(("http://", "https://")):
            label, code = None, term_of(one)
        if code is None:
            continue
        themes[Theme(scheme=scheme, code=code, label=label)] = None
    return [*themes]


def merged(*lists: Sequence[Theme]) -> tuple[Theme, ...]:
    """The terms of several lists, each once, in their order."""
    return tuple(dict.fromkeys(theme for themes in lists for theme in themes))
