"""Prices as cells write them: ``35,00 kr.``, ``kr. 50,-``, ``gratis``, ``£3 per session``.

A price is read only when the whole cell is one: "fra 50 kr.", "50 kr. + materialer" and "gratis for
medlemmer" state no price that holds for everyone, and stay words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spmatch.readers.cells import Cell, Style, number_of_cell, plain, text_of_cell
from spmatch.words import Per

_KRONER = frozenset(("DKK", "NOK", "SEK"))
_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD"))
_SIGNS = {
    "£": "GBP", "gbp": "GBP", "€": "EUR", "eur": "EUR", "euro": "EUR", "usd": "USD",
    "dkk": "DKK", "nok": "NOK", "sek": "SEK",
}  # fmt: skip
_FREE = frozenset(
    ("gratis", "free", "free of charge", "no charge", "det er gratis", "gratis deltagelse")
)
_LONGEST = 200
_SIGN = r"kr\b\.?|kroner\b|dkk\b|nok\b|sek\b|gbp\b|eur\b|euro\b|usd\b|[£€$]"
_PRICE = re.compile(
    rf"(?P<before>{_SIGN})?\s*(?P<number>\d[\d.,]*?)(?:[.,]-{{1,2}})?\s*(?P<after>{_SIGN})?\s*(?P<unit>[^\d£€$]*)"
)
_A_PERSON = re.compile(r"(?:pr\.?|per|/)\s*(?:person|deltager|participant|head)\.?|pp\.?|p/p")
_UNITS: tuple[tuple[Per, str], ...] = (
    ("session", r"(?:pr\.?|per|hver|/|each|a)\s*(?:gang|mødegang|session|class|visit|time)|gangen"),
    ("week", r"(?:pr\.?|per|/|a)\s*(?:uge|week)|om ugen|ugentligt?|weekly"),
    ("month", r"(?:pr\.?|per|/|a)\s*(?:måned|mdr?\.?|month)|om måneden|månedligt?|monthly"),
    ("quarter", r"(?:pr\.?|per|/|a)\s*(?:kvartal|quarter)|kvartalsvist?|quarterly"),
    ("year", r"(?:pr\.?|per|/|a)\s*(?:år|year|annum)|om året|årligt?|yearly|annual(?:ly)?"),
    ("once", r"engangsbeløb|one[- ]off|once"),
)
_PERS = tuple((per, re.compile(pattern)) for per, pattern in _UNITS)


@dataclass(frozen=True, slots=True)
class Price:
    """An amount for everyone; ``amount`` 0 is free. Currency and unit only where they are stated."""

    amount: float
    currency: str | None = None
    per: Per | None = None


def price_of_cell(cell: Cell, style: Style, currency: str | None) -> Price | None:
    """The price that a cell states, or ``None`` when its words say something else, or more.

    ``currency`` is that of the table, if known: it tells which kroner or dollars are meant.
    """
    text = plain(text_of_cell(cell)).rstrip("! ")
    if text.rstrip(".") in _FREE:
        return Price(0.0, currency)
    if isinstance(cell, int | float):
        amount = number_of_cell(cell, style)
        return Price(amount, currency) if amount is not None and amount >= 0 else None
    found = _PRICE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or (found["before"] and found["after"]):
        return None
    amount = number_of_cell(found["number"], style)
    unit = " ".join(_A_PERSON.sub(" ", found["unit"]).split()).strip(" .,")
    per = next((per for per, pattern in _PERS if pattern.fullmatch(unit)), None)
    if amount is None or (unit and per is None):
        return None
    return Price(amount, _currency(found["before"] or found["after"], currency), per)


def _currency(sign: str | None, currency: str | None) -> str | None:
    if sign is None:
        return currency
    if sign.startswith("kr"):
        return currency if currency in _KRONER else None
    if sign == "$":
        return currency if currency in _DOLLARS else None
    return _SIGNS[sign]
