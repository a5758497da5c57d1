"""One click that loosens one limit: the form with that limit set as was proposed."""

from __future__ import annotations

import json
from typing import Any

from spmatch.suggestion import Relaxation
from spmatch.web.page.form import cells_of
from spmatch.web.page.values import DELIVERIES, INTENSITIES, KEYED, PERIODS, REFERRALS, FormValues


def click_of(relaxation: Relaxation) -> str:
    """What the button of a relaxation sends."""
    return json.dumps({"limit": relaxation.limit, "to": relaxation.to_value})


def loosened(values: FormValues) -> FormValues:
    """The form with what was clicked on; unchanged where that is nothing that the form has."""
    try:
        click = json.loads(values.one("loosen") or "{}")
    except (ValueError, RecursionError):
        return values
    if not isinstance(click, dict):
        return values
    return _with(values, click.get("limit"), click.get("to"))


def _with(values: FormValues, limit: object, to: Any) -> FormValues:
    match limit:
        case "distance":
            return values.put(distance=_typed(to, values) if _is_number(to) else "")
        case "cost":
            return _with_cost(values, to)
        case "available":
            slots = [slot for slot in to if isinstance(slot, dict)] if isinstance(to, list) else []
            return values.put(available=cells_of(slots))
        case "intensity_max":
            return values.put(intensity_max=to if to in INTENSITIES else "")
        case "delivery" | "referral":
            allowed = DELIVERIES if limit == "delivery" else REFERRALS
            wanted = to if isinstance(to, list) else []
            return values.put(**{limit: [one for one in wanted if one in allowed]})
        case "access" | "first_visit":
            return _with_keys(values, limit, to if isinstance(to, list) else [])
        case "unknown":
            return values.put(stated_only="")
        case _:
            return values


def _with_cost(values: FormValues, to: Any) -> FormValues:
    if not isinstance(to, dict) or not _is_number(to.get("amount")):
        return values.put(cost="")
    per = to.get("per")
    per = per if per in PERIODS else values.one("per")
    return values.put(cost=_typed(to["amount"], values), per=per)


def _with_keys(values: FormValues, limit: str, kept: list[Any]) -> FormValues:
    """Only what must be there is let go of; wishes stay."""
    dropped = [
        f"{limit}_{key}"
        for key in KEYED[limit]
        if values.one(f"{limit}_{key}") == "must" and key not in kept
    ]
    return values.put(**dict.fromkeys(dropped, "none"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6


def _typed(number: float, values: FormValues) -> str:
    """A number as the reader would have typed it."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if values.one("language") == "da" else text
