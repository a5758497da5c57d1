"""FHIR data types as words and terms: CodeableConcept, ContactPoint, extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spmatch.activity import Theme
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, number_of, records_of, text_of

OWN = "urn:spmatch:"
"""The code systems in which spmatch itself answers (docs/fhir.md)."""
_OWN_SCHEME = f"{OWN}scheme:"
_UNSYSTEMATIC = "FHIR"
_DEEPEST = 5


def codings_of(record: Record, key: str, findings: Findings) -> Iterator[tuple[str, str]]:
    """(system, code) of every coding of a concept, or of a list of concepts."""
    for concept in records_of(record, key, findings):
        inside = findings.within(concept, key)
        for coding in records_of(concept, "coding", inside):
            code = text_of(coding, "code", inside)
            if code:
                yield text_of(coding, "system", inside) or "", code


def own_codes(record: Record, key: str, vocabulary: str, findings: Findings) -> list[str]:
    """The codes of one of spmatch's own vocabularies, in a concept or a list of them."""
    wanted = f"{OWN}{vocabulary}"
    return [code for system, code in codings_of(record, key, findings) if system == wanted]


def words_of(record: Record, key: str, findings: Findings) -> list[str]:
    """What each concept says in words: its text, else the display of its first coding that has one."""
    found = []
    for concept in records_of(record, key, findings):
        inside = findings.within(concept, key)
        said = text_of(concept, "text", inside) or next(
            (
                display
                for coding in records_of(concept, "coding", inside)
                if (display := text_of(coding, "display", inside))
            ),
            None,
        )
        if said:
            found.append(one_line(said))
    return found


def themes_of(record: Record, key: str, findings: Findings) -> list[Theme]:
    """Each coding as a term of its system; a concept in words alone is a term of no system."""
    themes = []
    for concept in records_of(record, key, findings):
        inside = findings.within(concept, key)
        text = one_line(text_of(concept, "text", inside) or "") or None
        codings = [
            coding
            for coding in records_of(concept, "coding", inside)
            if text_of(coding, "code", inside)
        ]
        for coding in codings:
            system = text_of(coding, "system", inside) or _UNSYSTEMATIC
            label = one_line(text_of(coding, "display", inside) or "") or text
            themes.append(
                Theme(
                    scheme=system.removeprefix(_OWN_SCHEME) or _UNSYSTEMATIC,
                    code=text_of(coding, "code", inside) or "",
                    label=label,
                )
            )
        displays = words_of({key: concept}, key, Findings(""))
        if not codings and displays:
            themes.append(Theme(scheme=_UNSYSTEMATIC, code=displays[0], label=displays[0]))
    return themes


def contact_of(record: Record, system: str, findings: Findings) -> str | None:
    """The first contact of a kind (``phone``, ``email``, ``url``) by rank; old ones never."""
    found = []
    for contact in records_of(record, "telecom", findings):
        inside = findings.within(contact, "telecom")
        value = text_of(contact, "value", inside)
        if (
            value
            and text_of(contact, "system", inside) == system
            and text_of(contact, "use", inside) != "old"
        ):
            found.append((number_of(contact, "rank", inside) or 1_000.0, value))
    return min(found, key=lambda one: one[0])[1] if found else None


def boolean_of(record: Record, key: str, findings: Findings) -> bool | None:
    """True or false; anything else is told, and read as not stated."""
    value = record.get(key)
    if value is None or isinstance(value, bool):
        return value
    findings.mended(key, "this is not true or false and was left out.", "Write true or false.")
    return None


def extensions_of(record: Record, ending: str) -> Iterator[Record]:
    """The extensions of a record whose address ends so."""
    stated = record.get("extension")
    for extension in stated if isinstance(stated, list) else []:
        if isinstance(extension, Mapping):
            url = extension.get("url")
            if isinstance(url, str) and url.endswith(ending):
                yield extension


def codes_inside(extension: Record, depth: int = 0) -> Iterator[str]:
    """Every code that an extension holds, in itself or in the extensions inside it."""
    for key in ("valueCode", "valueString"):
        if isinstance(extension.get(key), str):
            yield extension[key]
    coded: list[Any] = [extension.get("valueCoding")]
    concept = extension.get("valueCodeableConcept")
    if isinstance(concept, Mapping) and isinstance(concept.get("coding"), list):
        coded += concept["coding"]
    for coding in coded:
        if isinstance(coding, Mapping) and isinstance(coding.get("code"), str):
            yield coding["code"]
    inside = extension.get("extension")
    if isinstance(inside, list) and depth < _DEEPEST:
        for one in inside:
            if isinstance(one, Mapping):
                yield from codes_inside(one, depth + 1)
