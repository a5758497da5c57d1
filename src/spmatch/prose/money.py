"""Amounts of money in a sentence, each with the words that stand around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spmatch.prose.passages import holds_digit

_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+(?!\d)|\d{1,6})(?:[.,]\d{2}(?!\d))?"
_MONEY = re.compile(
    rf"(?P<sign>£|\$|€)\s?(?P<signed>{_NUMBER})(?P<cents>p\b)?"
    rf"|(?<![\d.,])(?P<named>{_NUMBER})(?:[.,]-{{1,2}})?\s?(?P<name>kr\b\.?|kroner\b"
    rf"|dkk\b|pounds?\b|quid\b|gbp\b|dollars?\b|"
    r"usd\b|euros?\b|eur\b|£|€)"
    rf"|\b(?P<code>kr\.?|dkk|gbp|usd|eur)\s?(?P<coded>{_NUMBER})(?:[.,]-{{1,2}})?"
    r"|(?<![\d.,])(?P<dashed>\d{1,5})[.,]-{1,2}(?![\w-])"
    r"|(?<![\d.,])(?P<pence>\d{1,2})p(?![\w.])"
)
_CODES = {
    "£": "GBP",
    "$": "USD",
    "€": "EUR",
    "kr": "DKK",
    "dkk": "DKK",
    "pound": "GBP",
    "quid": "GBP",
    "gbp": "GBP",
}
_CODES |= {"dollar": "USD", "usd": "USD", "euro": "EUR", "eur": "EUR", "kroner": "DKK"}
_OTHER_DOLLARS = re.compile(r"[a-z]\$|\b(?:cad|aud|nzd|sek|nok)\b")
_PART_OF_RANGE_AFTER = re.compile(r"^\s?(?:-|til\b|to\b|/)\s?(?:kr\.?\s?)?[£$€]?\d")
_PART_OF_RANGE_BEFORE = re.compile(r"\d\s?(?:-|til|to|og|and|eller|or|/)\s?(?:kr\.?\s?)?$")
_CLAUSE = re.compile(
    r"[,;:!?()]| - | (?:men|but|mens|while|derefter|herefter|og(?= den| du| vi| så| kaffen)"
    r"|and(?= the| your| you| we| it| tea| coffee)) "
)


@dataclass(frozen=True, slots=True)
class Money:
    """One amount: ``left`` and ``right`` are its clause, up to the amounts before and after it.

    ``before`` is what stands before that clause since the last amount. ``exact`` is false for one
    end of a range and for a currency that is not known for certain.
    """

    amount: float
    currency: str
    start: int
    end: int
    before: str
    left: str
    right: str
    exact: bool


def amounts_in(folded: str) -> Iterator[Money]:
    """Every amount of a folded sentence that has a currency, in order."""
    if not holds_digit(folded):
        return
    found = list(_MONEY.finditer(folded))
    for place, match in enumerate(found):
        begin = found[place - 1].end() if place else 0
        end = found[place + 1].start() if place + 1 < len(found) else len(folded)
        ahead, behind = folded[begin : match.start()], folded[match.end() : end]
        pauses = list(_CLAUSE.finditer(ahead))
        # "Pris: 35 kr." and "Entré (50 kr.)" are one statement each.
        if pauses and not ahead[pauses[-1].end() :].strip() and pauses[-1][0] in ":(":
            pauses.pop()
        cut = pauses[-1].end() if pauses else 0
        pause = _CLAUSE.search(behind)
        written = (
            match["signed"] or match["named"] or match["coded"] or match["dashed"] or match["pence"]
        )
        unit = match["sign"] or (match["name"] or match["code"] or "").rstrip(".s")
        amount = _amount_of(written)
        if match["pence"] or match["cents"]:
            amount, unit = amount / 100, "£"
        code = _CODES.get(unit) or (
            "DKK" if match["dashed"] else "DKK" if unit.startswith("kr") else None
        )
        around = folded[max(0, match.start() - 20) : match.end() + 20]
        vague = (
            _PART_OF_RANGE_AFTER.search(folded[match.end() : match.end() + 10])
            or _PART_OF_RANGE_BEFORE.search(folded[max(0, match.start() - 12) : match.start()])
            or _OTHER_DOLLARS.search(around)
        )
        yield Money(
            amount=amount,
            currency=code or "",
            start=match.start(),
            end=match.end(),
            before=ahead[:cut],
            left=ahead[cut:],
            right=behind[: pause.start()] if pause else behind,
            exact=not vague and code is not None,
        )


def _amount_of(written: str) -> float:
    """``1.950`` and ``1,950`` are thousands, ``4,50`` and ``4.50`` are not."""
    whole, mark, last = written.rpartition("." if written.rfind(".") > written.rfind(",") else ",")
    if mark and len(last) == 2:
        return float(f"{re.sub('[.,]', '', whole)}.{last}")
    return float(re.sub("[.,]", "", written))
