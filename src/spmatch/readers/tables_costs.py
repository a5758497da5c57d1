"""What a row says of its price to a cost; words that are no clear price become its note."""

from __future__ import annotations

from typing import Any

from spmatch.readers.cell_prices import price_of_cell
from spmatch.readers.prose import plain_text
from spmatch.readers.tables_facts import Facts


def cost_of(facts: Facts) -> dict[str, Any] | None:
    """The cost of a row, or ``None`` when it states nothing about one."""
    currency = facts.value("cost.currency", "currency")
    amount = facts.value("cost.amount", "amount")
    per = facts.value("cost.per", "choice")
    notes: list[str] = []
    stated = facts.find("cost")
    if stated and stated.text:
        price = price_of_cell(stated.cell, facts.style, currency)
        if price is None:
            notes.append(plain_text(stated.text))
        elif amount is None:
            amount, currency, per = price.amount, price.currency, price.per or per
    elif amount is None:
        amount = facts.mapping.head.constants.get("cost")
    note = facts.value("cost.note", "prose")
    notes += [note] if note else []
    concessions = []
    for column in facts.mapping.concessions:
        stated = facts.joined.find(column.amount)
        if stated is None or not stated.text:
            continue
        price = price_of_cell(stated.cell, facts.style, currency)
        # A price of another kind than the full one cannot stand beside it.
        if price and amount is not None and price.currency == currency and price.per in (None, per):
            concessions.append({"for": column.for_whom, "amount": price.amount})
        else:
            notes.append(f"{stated.column}: {plain_text(stated.text)}")
    if amount is None and not notes:
        return None
    return {
        "amount": amount,
        "currency": currency if amount is not None else None,
        "per": per if amount is not None else None,
        "concessions": concessions,
        "note": "\n".join(dict.fromkeys(notes)) or None,
    }
