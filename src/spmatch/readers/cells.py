"""Cells of tables to values: numbers, dates, yes and no, ages, as Danish and English sheets write them.

Nothing here guesses: a cell that does not clearly state a value gives ``None``, and the caller keeps
its words.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

Cell = str | int | float | date | time
"""What a cell holds; text in a CSV file, also numbers, dates and times in a workbook."""

Style = Literal["da", "en", "us"]
"""How numbers and dates are written: ``da`` 1.234,50 and 24-11-2026, ``en`` 1,234.50 and 24/11/2026,
``us`` 1,234.50 and 11/24/2026. A bare hour counts from 0 to 24 in ``da`` only."""

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
"""All the signs that stand for a hyphen."""

_YES = frozenset("ja j yes y true sand sandt x ✓ ✔ 1".split())
_NO = frozenset("nej n no false falsk 0".split())
_NUMBERS: dict[Style, re.Pattern[str]] = {
    "da": re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d{1,15})(?:,\d{1,9})?"),
    "en": re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?"),
}
_NUMBERS["us"] = _NUMBERS["en"]
# 12.5 can mean only one thing in a Danish sheet; 12.500 means twelve thousand five hundred.
_PLAIN: dict[Style, re.Pattern[str]] = {
    "da": re.compile(r"-?\d{1,15}\.\d{1,2}"),
    "en": re.compile(r"-?\d{1,15},\d{1,2}"),
}
_PLAIN["us"] = _PLAIN["en"]
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jan",
            "february februar feb",
            "march marts mar",
            "april apr",
            "may maj",
            "june juni jun",
            "july juli jul",
            "august aug",
            "september sep sept",
            "october oktober oct okt",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?", re.ASCII | re.DOTALL)
_FIGURES = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(?:d\.\s*|den\s+)?(\d{1,2})(?:\.|st|nd|rd|th)?\s+([a-z]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")

_YEARS = r"(?:\s*(?:år|års|years?(?: old)?|yrs?))?"
_FROM_TO = re.compile(
    rf"(?:ages? |aged |alder )?(\d{{1,3}}){_YEARS}\s*(?:-|til|to)\s*(\d{{1,3}}){_YEARS}\.?"
)
_FROM = re.compile(
    rf"(?:ages? |aged )?(\d{{1,3}}){_YEARS}\s*"
    r"(?:\+|og op(?:efter|ad)?|og ældre|and (?:over|older|above|up)|or (?:over|older))"
    rf"|(?:fra|from|min\.?|mindst)\s*(\d{{1,3}}){_YEARS}"
    r"|(\d{1,3})\s*\+\s*(?:år|years)"
)
_UP_TO = re.compile(
    rf"(?:op til|til og med|up to|maks?\.?|max\.?|højst)\s*(\d{{1,3}}){_YEARS}"
    rf"|(\d{{1,3}}){_YEARS}\s*(?:og yngre|and (?:under|younger)|or (?:under|younger))"
)
_LONGEST = 200
_ALL_AGES = frozenset(
    ("alle", "alle aldre", "alle aldersgrupper", "all", "all ages", "any age", "any")
)


def plain(text: str) -> str:
    """A text for comparing: lower case, white space single, hyphens alike."""
    return " ".join(text.translate(DASHES).casefold().split())


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """The name of a column for comparing: ``Postnr.`` and ``POSTNR:`` are one column."""
    return plain(text).strip(" .:*?\"'")


def text_of_cell(cell: Cell) -> str:
    """The cell as it would be read aloud: whole numbers without decimals, dates YYYY-MM-DD."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell).strip()


def number_of_cell(cell: Cell, style: Style) -> float | None:
    """A finite number, with thousands and decimals as the style writes them."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else None
    text = text_of_cell(cell).translate(DASHES).replace("\xa0", "")
    if not text.isascii():
        return None
    if _PLAIN[style].fullmatch(text):
        return float(text.replace(",", "."))
    if not _NUMBERS[style].fullmatch(text):
        return None
    grouped, decimal = (".", ",") if style == "da" else (",", ".")
    return float(text.replace(grouped, "").replace(decimal, "."))


def degrees_of_cell(cell: Cell) -> float | None:
    """A coordinate in decimal degrees. Nobody groups thousands there: one sign is the decimal sign."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else None
    text = text_of_cell(cell).translate(DASHES)
    found = re.fullmatch(r"-?\d{1,3}(?:[.,]\d{1,15})?", text, re.ASCII)
    return float(text.replace(",", ".")) if found else None


def yes_or_no(cell: Cell) -> bool | None:
    """Yes, no, or ``None`` for anything else: "delvist" is neither."""
    text = plain(text_of_cell(cell)).rstrip(".!")
    return True if text in _YES else False if text in _NO else None


def date_of_cell(cell: Cell, style: Style) -> date | None:
    """A whole date. Years of two digits and months without a day are not read."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(text_of_cell(cell))
    year = month = day = ""
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _FIGURES.fullmatch(text):
        day, _, month, year = found.groups()
        if style == "us":
            day, month = month, day
    elif (found := _DAY_FIRST.fullmatch(text)) and found[2] in _MONTHS:
        day, month, year = found[1], str(_MONTHS[found[2]]), found[3]
    elif (found := _MONTH_FIRST.fullmatch(text)) and found[1] in _MONTHS:
        month, day, year = str(_MONTHS[found[1]]), found[2], found[3]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def ages_of_cell(cell: Cell) -> tuple[int | None, int | None] | None:
    """The lowest and the highest age stated, both included; ``None`` when the words say neither.

    "Over 60" is not read: some mean 60, some 61. All ages are ``(None, None)``.
    """
    text = plain(text_of_cell(cell)).rstrip(".")
    if text in _ALL_AGES:
        return None, None
    low: str | None = None
    high: str | None = None
    if len(text) > _LONGEST:
        return None
    if found := _FROM_TO.fullmatch(text):
        low, high = found.groups()
    elif found := _FROM.fullmatch(text):
        low = found[1] or found[2] or found[3]
    elif found := _UP_TO.fullmatch(text):
        high = found[1] or found[2]
    else:
        return None
    bounds = (int(low) if low else None, int(high) if high else None)
    if any(bound is not None and bound > 150 for bound in bounds):
        return None
    if bounds[0] is not None and bounds[1] is not None and bounds[1] < bounds[0]:
        return None
    return bounds
