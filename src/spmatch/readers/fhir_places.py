"""FHIR Locations to places."""

from __future__ import annotations

from spmatch.activity import Place
from spmatch.readers.fhir_values import codings_of
from spmatch.readers.prose import one_line
from spmatch.readers.stated import (
    Findings,
    Record,
    coordinates_of,
    records_of,
    text_of,
)


def is_virtual(location: Record) -> bool:
    """Whether a location is no place on earth: a call, a chat, a web site."""
    codes = codings_of(location, "physicalType", Findings(""))
    return any(code == "vi" for _, code in codes)


def place_of(location: Record, findings: Findings) -> Place | None:
    """Where it happens. A location that is a kind of place (``mode`` kind) is nowhere."""
    if text_of(location, "mode", findings) == "kind":
        findings.note(
            "mode", "this is a kind of place, not a place; it was left out.", "Give an instance."
        )
        return None
    address, inside = _address(location, findings)
    lines = address.get("line")
    texts = [
        text
        for line in (lines if isinstance(lines, list) else [lines])
        if (text := text_of({"line": line}, "line", inside))
    ]
    lat, lon = coordinates_of(location, "position", findings)
    place = Place(
        name=one_line(text_of(location, "name", findings) or "") or None,
        address=one_line(", ".join(texts) or text_of(address, "text", inside) or "") or None,
        postcode=text_of(address, "postalCode", inside),
        town=text_of(address, "city", inside),
        lat=lat,
        lon=lon,
    )
    return place if place != Place() else None


def _address(location: Record, findings: Findings) -> tuple[Record, Findings]:
    """The address of a location, which some give as a list: none that is old or for letters."""
    for address in records_of(location, "address", findings):
        inside = findings.within(address, "address")
        if (
            text_of(address, "use", inside) not in ("old", "billing")
            and text_of(address, "type", inside) != "postal"
        ):
            return address, inside
    return {}, findings
