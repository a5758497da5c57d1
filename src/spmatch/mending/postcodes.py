"""Postcodes that lost a zero, or gained a country, a point or decimals, on their way."""

from __future__ import annotations

import re

from spmatch.activity import Activity, Place
from spmatch.mending.towns import Towns
from spmatch.readers.stated import Findings

_DECIMALS = re.compile(r"(\d{3,5})\.0+")
_THOUSANDS = re.compile(r"(\d{1,2})[., ](\d{3})")
_FROM_ABROAD = re.compile(r"dk[\s-]*(\d{3,4})", re.IGNORECASE)
_DIGITS = re.compile(r"\d{3,4}")


def mended_postcode(activity: Activity, towns: Towns, findings: Findings) -> Activity:
    """The activity with its postcode put right; the same object when nothing was to be done."""
    place = activity.place
    if place is None or not place.postcode:
        return activity
    mended = _mended(place, place.postcode, towns)
    if mended is None:
        return activity
    code, reason = mended
    findings.mended("place.postcode", reason, "Write it as text, as letters are addressed.")
    return activity.model_copy(update={"place": place.model_copy(update={"postcode": code})})


def _mended(place: Place, code: str, towns: Towns) -> tuple[str, str] | None:
    """The postcode that was meant and what had become of it; ``None`` when it stays."""
    decimals = _DECIMALS.fullmatch(code)
    if decimals:
        # A row number is no proof of a postcode, but no postcode has decimals that are zero.
        whole = decimals[1]
        with_zero = _with_its_zero(place, whole, towns)
        return with_zero or whole, "this was written as a number with decimals and was put right."
    thousands = _THOUSANDS.fullmatch(code)
    if thousands and not towns.knows_postcode(code):
        whole = thousands[1] + thousands[2]
        if _agrees(place, whole, towns):
            return whole, "this was written with a mark of thousands and was put right."
    abroad = _FROM_ABROAD.fullmatch(code)
    if abroad:
        whole = abroad[1]
        if _agrees(place, whole, towns):
            return whole, "the country was taken off."
        with_zero = _with_its_zero(place, whole, towns)
        if with_zero:
            return with_zero, "the country was taken off and a zero in front was put back."
    if _DIGITS.fullmatch(code):
        with_zero = _with_its_zero(place, code, towns)
        if with_zero:
            return with_zero, "a zero in front was lost and was put back."
    return None


def _with_its_zero(place: Place, code: str, towns: Towns) -> str | None:
    """The code with a zero in front, when only this is a postcode and the stated town agrees."""
    if not place.town or towns.knows_postcode(code):
        return None
    whole = f"0{code}"
    return whole if towns.knows_postcode(whole) and _agrees(place, whole, towns) else None


def _agrees(place: Place, code: str, towns: Towns) -> bool:
    """Whether this is a postcode and the town, where one is stated, is not another one."""
    placed = towns.placed(Place(postcode=code, town=place.town))
    return towns.knows_postcode(code) and placed is not None
