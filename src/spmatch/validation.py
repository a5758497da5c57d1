"""From pydantic's validation errors to problems that say how to mend them."""

from __future__ import annotations

from pydantic import ValidationError

from spmatch.errors import Problem

_REMEDIES = {
    "extra_forbidden": "Leave it out, or correct its name.",
    "missing": "State it.",
    "literal_error": "Use one of the values named.",
    "json_invalid": "Check commas, quotes and brackets.",
}


def problems_of(error: ValidationError, where: str) -> tuple[Problem, ...]:
    """Every fault in a validation error, without the values that caused them."""
    found = []
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        reason = str(fault["msg"]).removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            reason = "this field is not known"
        elif fault["type"] == "json_invalid":
            reason = "this is not valid JSON"
        found.append(
            Problem(
                where=where,
                field=".".join(str(part) for part in fault["loc"]),
                reason=reason.rstrip(".") + ".",
                remedy=_REMEDIES.get(
                    str(fault["type"]), "Correct it, or leave it out if not known."
                ),
            )
        )
    return tuple(found)
