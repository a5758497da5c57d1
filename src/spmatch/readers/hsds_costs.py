"""HSDS cost options and fees to a cost.

An option states a price for a condition in free words. Only a price that holds for everyone becomes
the amount; a lower one for a named group beside it becomes a concession; all else stays in the note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from spmatch.activity import Concession, Cost
from spmatch.readers.prose import plain_text
from spmatch.readers.stated import Findings, Record, date_of, number_of, records_of, text_of
from spmatch.words import Per

_GENERAL = re.compile(
    r"(?:standard|general|full|regular|normal|adults?|everyone|anyone|all|per person|cost|fee|price)"
    r"(?: (?:price|rate|fee|cost|charge|admission|ticket))?",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:under|over|aged?|ages|\d+s|\d+ ?\+|\d+ years?|child|children|kids?|juniors?|youths?|teen\w*|"
    r"infants?|bab(?:y|ies)|toddlers?|students?|seniors?|pension\w*|retired|oaps?|concession\w*|unemployed|unwaged|"
    r"low[ -]income|benefits?|universal credit|(?:non-?)?members?|carers?|companions?|disab\w+|veterans?|"
    r"famil(?:y|ies)|residents?|refugees?|couples?|groups?|volunteers?|siblings?)\b",
    re.IGNORECASE,
)
_WORDED: tuple[tuple[Per, str], ...] = (
    (
        "session",
        r"(?:(?:per|each|a|/) ?(?:person per )?)?"
        r"(?:\d+(?:[.,]\d+)?[ -]?(?:hours?|hrs?|minutes?|mins?)[ -])?(?:session|class|visit|lesson)",
    ),
    ("week", r"(?:(?:per|each|a|/) ?(?:person per )?)week|weekly"),
    ("month", r"(?:(?:per|each|a|/) ?(?:person per )?)month|monthly"),
    ("quarter", r"(?:(?:per|each|a|/) ?(?:person per )?)quarter|quarterly"),
    ("year", r"(?:(?:per|each|a|/) ?(?:person per )?)(?:year|annum)|yearly|annual|annually"),
    ("once", r"one[- ]off(?: (?:fee|payment|charge))?|once|single payment"),
)
_PERS = tuple((per, re.compile(pattern, re.IGNORECASE)) for per, pattern in _WORDED)


@dataclass(frozen=True, slots=True)
class _Option:
    """One price: ``condition`` and ``words`` as written, ``per`` where the words are clear."""

    condition: str
    amount: float | None
    currency: str | None
    words: str
    per: Per | None
    valid_from: date | None
    valid_to: date | None

    @property
    def price(self) -> tuple[float | None, str | None, Per | None]:
        return self.amount, self.currency, self.per

    def __str__(self) -> str:
        price = (
            ""
            if self.amount is None
            else " ".join(filter(None, (f"{self.amount:g}", self.currency)))
        )
        begins = f"from {self.valid_from}" if self.valid_from else ""
        ends = f"until {self.valid_to}" if self.valid_to else ""
        told = " ".join(filter(None, (price, self.words, begins, ends)))
        return f"{self.condition}: {told}" if self.condition and told else self.condition or told


ASSUMED = (
    "the price states no currency; it was read as {currency}, which is the usage of this format."
)


def cost_of(service: Record, findings: Findings, currency: str | None = None) -> Cost | None:
    """What a service costs; ``None`` when neither prices nor prose about them are stated.

    ``currency`` is the one that a dialect means where a price states none.
    """
    options = [
        _option(option, findings.within(option, "cost_option"), currency)
        for option in records_of(service, "cost_options", findings)
    ]
    options = [option for option in options if str(option)]
    general = _general(options)
    concessions = [option for option in options if general and _is_concession(option, general)]
    plain = [
        option
        for option in options
        if (option in concessions or (option is general and _is_general(option)))
        and not (option.valid_from or option.valid_to)
        and (option.per or not option.words)
    ]
    prose = text_of(service, "fees_description", findings) or text_of(service, "fees", findings)
    notes = [str(option) for option in options if option not in plain]
    if prose:
        notes.append(plain_text(prose))
    if not (general or notes):
        return None
    return Cost(
        amount=general.amount if general else None,
        currency=general.currency if general else None,
        per=general.per if general else None,
        concessions=tuple(
            Concession.model_validate({"for": option.condition, "amount": option.amount})
            for option in concessions
        ),
        note="\n".join(dict.fromkeys(notes)) or None,
    )


def _option(option: Record, findings: Findings, assumed: str | None) -> _Option:
    amount = number_of(option, "amount", findings)
    if amount is not None and amount < 0:
        findings.mended("amount", "a price is not below 0; it was left out.", "Correct the amount.")
        amount = None
    currency = text_of(option, "currency", findings)
    if currency and not re.fullmatch(r"[A-Za-z]{3}", currency):
        findings.mended(
            "currency",
            "this is not a currency code and was left out.",
            "Write three letters, for example GBP.",
        )
        currency = None
    if assumed and amount is not None and option.get("currency") in (None, ""):
        currency = assumed
        findings.note("currency", ASSUMED.format(currency=assumed), "State the currency.")
    words = plain_text(text_of(option, "amount_description", findings) or "")
    return _Option(
        condition=plain_text(text_of(option, "option", findings) or ""),
        amount=amount,
        currency=currency.upper() if currency else None,
        words=words,
        per=_per(words),
        valid_from=date_of(option, "valid_from", findings),
        valid_to=date_of(option, "valid_to", findings),
    )


def _per(words: str) -> Per | None:
    words = " ".join(words.rstrip(".").split())
    return next((per for per, pattern in _PERS if pattern.fullmatch(words)), None)


def _is_general(option: _Option) -> bool:
    return not option.condition or bool(_GENERAL.fullmatch(option.condition))


def _general(options: list[_Option]) -> _Option | None:
    """The one price for everyone, or ``None`` when several are stated, or none."""
    priced = [option for option in options if option.amount is not None]
    candidates = [option for option in priced if _is_general(option)] or [
        option for option in priced if not _GROUP.search(option.condition)
    ]
    # Of a price and its successor the later one holds.
    current = [
        option
        for option in candidates
        if not any(
            option.valid_to and other.valid_from and option.valid_to < other.valid_from
            for other in candidates
        )
    ]
    return current[0] if len({option.price for option in current}) == 1 else None


def _is_concession(option: _Option, general: _Option) -> bool:
    return (
        option is not general
        and bool(_GROUP.search(option.condition))
        and option.amount is not None
        and general.amount is not None
        and option.amount < general.amount
        and (option.currency or general.currency) == general.currency
        and (option.per or general.per) == general.per
    )
