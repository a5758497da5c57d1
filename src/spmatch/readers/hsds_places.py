"""HSDS locations to places: addresses and coordinates."""

from __future__ import annotations

import re

from spmatch.activity import Place
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, number_of, records_of, text_of

_PO_BOX = re.compile(r"\bp\.?\s?o\.?\s?box\b|\bpostbo(?:ks|x)\b", re.IGNORECASE)


def place_of(location: Record, location_type: str | None, findings: Findings) -> Place | None:
    """Where it happens: not at a virtual location, nor where there is only a letter box."""
    if not location or location_type in ("virtual", "postal"):
        return None
    address, inside = _address(location, findings)
    lat, lon = _coordinates(location, findings)
    lines = [text_of(address, key, inside) for key in ("address_1", "address_2")]
    place = Place(
        name=one_line(text_of(location, "name", findings) or "") or None,
        address=one_line(", ".join(line for line in lines if line)) or None,
        postcode=text_of(address, "postal_code", inside),
        town=text_of(address, "city", inside),
        lat=lat,
        lon=lon,
    )
    return place if place != Place() else None


def _address(location: Record, findings: Findings) -> tuple[Record, Findings]:
    """The address of a location and its findings: a physical one, else one of no stated type.

    Many publishers call the one address of a building "postal". It is taken, with a note, unless
    it is a post office box.
    """
    addresses = records_of(location, "addresses", findings)
    for wanted in ("physical", "", "postal"):
        for address in addresses:
            inside = findings.within(address, "address")
            if (text_of(address, "address_type", inside) or "").casefold() != wanted:
                continue
            if wanted == "postal":
                if _PO_BOX.search(text_of(address, "address_1", inside) or ""):
                    continue
                inside.note(
                    "address_type",
                    "the location has only a postal address, which was taken as the place.",
                    "State address_type physical if that is where it happens.",
                )
            return address, inside
    return {}, findings


def _coordinates(location: Record, findings: Findings) -> tuple[float | None, float | None]:
    before = len(findings.problems)
    lat = number_of(location, "latitude", findings)
    lon = number_of(location, "longitude", findings)
    if lat is None and lon is None:
        return None, None
    if lat is None or lon is None:
        if len(findings.problems) == before:
            missing, other = ("latitude", "longitude") if lat is None else ("longitude", "latitude")
            findings.mended(
                missing, f"it is not stated but {other} is; both were left out.", "State both."
            )
        return None, None
    for key, value, limit in (("latitude", lat, 90), ("longitude", lon, 180)):
        if abs(value) > limit:
            findings.mended(
                key,
                f"it is not between -{limit} and {limit}; latitude and longitude were left out.",
                "Correct it, in decimal degrees, WGS 84.",
            )
    if abs(lat) > 90 or abs(lon) > 180:
        return None, None
    if lat == 0 and lon == 0:
        findings.mended(
            "latitude",
            "latitude and longitude 0 mean that nobody filled them in; they were left out.",
            "State where it is, or leave them empty.",
        )
        return None, None
    return lat, lon
