"""OpenActive offers to a cost.

The public price of an adult becomes the amount. What members pay is not a public price, and a lower
price is a concession only where its name says for whom. Everything else stays in the note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spmatch.activity import Concession, Cost
from spmatch.readers.prose import one_line
from spmatch.readers.stated import Findings, Record, number_of, record_of, records_of, text_of
from spmatch.words import Per

_OUTSIDE = re.compile(r"\b(?:non|not(?: a)?)[- ]?members?\b", re.IGNORECASE)
_INSIDE = re.compile(
    r"\b(?:members?|membership|subscri\w+|season ticket|\w+ card ?holders?|leisure card|residents?)\b",
    re.IGNORECASE,
)
_ADULT = re.compile(
    r"\b(?:adults?|standard|general|full price|regular|everyone|public|pay as you go|payg)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:under|over|aged?|\d+ ?\+|\d+s|years?|child(?:ren)?|kids?|juniors?|youths?|teen\w*|infants?"
    r"|bab(?:y|ies)|toddlers?|students?|seniors?|older|pension\w*|retired|oaps?|concession\w*"
    r"|unemployed|unwaged|low[ -]income|benefits?|universal credit|carers?|companions?|disab\w+"
    r"|veterans?|armed forces|nhs|famil(?:y|ies)|refugees?|couples?|groups?|volunteers?)\b",
    re.IGNORECASE,
)
_GROWN_UP = 25
"""An offer with ages is for adults when all from this age to the next are in it."""
_STILL_WORKING = 55


@dataclass(frozen=True, slots=True)
class _Offer:
    name: str
    amount: float | None
    currency: str | None
    low: float | None
    high: float | None

    @property
    def is_for_members(self) -> bool:
        return bool(_INSIDE.search(_OUTSIDE.sub(" ", self.name)))

    @property
    def is_for_some(self) -> bool:
        young = self.high is not None and self.high < _STILL_WORKING
        old = self.low is not None and self.low > _GROWN_UP
        named = _GROUP.search(self.name) is not None and not _ADULT.search(self.name)
        return young or old or named

    @property
    def is_for_adults(self) -> bool:
        return bool(_ADULT.search(self.name) or _OUTSIDE.search(self.name))

    def __str__(self) -> str:
        price = "" if self.amount is None else f"{self.amount:g} {self.currency or ''}".strip()
        return ": ".join(filter(None, (self.name, price)))


def cost_of(record: Record, per: Per | None, findings: Findings) -> Cost | None:
    """What it costs; ``None`` when neither prices nor that it is free are stated."""
    offers = [
        _offer(offer, findings.within(offer, "offers"))
        for offer in records_of(record, "offers", findings)
    ]
    offers = [offer for offer in offers if str(offer)]
    is_free = record.get("isAccessibleForFree")
    if is_free is not None and not isinstance(is_free, bool):
        findings.mended(
            "isAccessibleForFree", "this is not true or false and was left out.", "Write true."
        )
        is_free = None
    general = _general(offers, findings)
    if is_free is not None and general is not None and is_free != (general.amount == 0):
        findings.mended(
            "isAccessibleForFree",
            "the offers say otherwise; no price was taken.",
            "Make both say the same.",
        )
        general, is_free = None, None
    if is_free and general is None and not any(offer.amount for offer in offers):
        general = _Offer("", 0.0, None, None, None)
    concessions = [offer for offer in offers if general and _is_concession(offer, general)]
    # An offer that says no more than the price that was taken needs no note.
    told = [
        str(offer)
        for offer in offers
        if offer not in concessions
        and not (general and not offer.is_for_members and _same_price(offer, general))
    ]
    note = "\n".join(dict.fromkeys(told)) or None
    if general is None and note is None:
        return None
    return Cost(
        amount=general.amount if general else None,
        currency=general.currency if general else None,
        per=per if general else None,
        concessions=tuple(
            Concession.model_validate({"for": offer.name, "amount": offer.amount})
            for offer in concessions
        ),
        note=note,
    )


def _offer(offer: Record, findings: Findings) -> _Offer:
    amount = number_of(offer, "price", findings)
    if amount is not None and amount < 0:
        findings.mended("price", "a price is not below 0; it was left out.", "Correct the price.")
        amount = None
    currency = text_of(offer, "priceCurrency", findings)
    if currency and not re.fullmatch(r"[A-Za-z]{3}", currency):
        findings.mended(
            "priceCurrency",
            "this is not a currency code and was left out.",
            "Write three letters, for example GBP.",
        )
        currency = None
    key = "ageRestriction" if offer.get("ageRestriction") is not None else "ageRange"
    ages = record_of(offer, key, findings) or {}
    inside = findings.within(ages, key)
    name = one_line(text_of(offer, "name", findings) or "")
    return _Offer(
        name=name,
        amount=amount,
        currency=currency.upper() if currency else None,
        low=number_of(ages, "minValue", inside),
        high=number_of(ages, "maxValue", inside),
    )


def _general(offers: list[_Offer], findings: Findings) -> _Offer | None:
    """The public price of an adult, or ``None`` when none is stated, or it is not clear which."""
    public = [
        offer
        for offer in offers
        if offer.amount is not None and not offer.is_for_members and not offer.is_for_some
    ]
    candidates = [offer for offer in public if offer.is_for_adults] or public
    if not candidates:
        return None
    lowest = min(candidates, key=lambda offer: (offer.amount or 0.0, offer.currency or ""))
    if all(_same_price(offer, lowest) for offer in candidates):
        return lowest
    if len({offer.currency for offer in candidates}) > 1 or not lowest.is_for_adults:
        findings.mended(
            "offers",
            "several prices are stated and it is not clear whose they are; no price was taken.",
            "Name each offer by whom it is for.",
        )
        return None
    findings.note(
        "offers",
        "several prices for adults are stated; the lowest was taken, all are in the note.",
        "Name each offer by whom it is for.",
    )
    return lowest


def _same_price(offer: _Offer, other: _Offer) -> bool:
    return offer.amount == other.amount and (offer.currency == other.currency or not offer.amount)


def _is_concession(offer: _Offer, general: _Offer) -> bool:
    return (
        offer.amount is not None
        and general.amount is not None
        and offer.amount < general.amount
        and (offer.currency or general.currency) == general.currency
        and _GROUP.search(offer.name) is not None
        and not offer.is_for_members
    )
