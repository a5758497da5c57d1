"""Problem details (RFC 9457): what is wrong with a request, where, and how to mend it.

Every error that spmatch raises becomes one of these; none of them repeats a value that was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from spmatch.errors import InputError, PlaceError, Problem, SpmatchError, UnknownActivityError
from spmatch.web.desk import BusyError, TooSlowError
from spmatch.words import Record

MEDIA_TYPE = "application/problem+json"

KINDS = {
    400: ("unreadable", "The request cannot be read"),
    401: ("key", "A key is needed"),
    403: ("scope", "The key does not allow this"),
    404: ("not-found", "Not found"),
    405: ("method", "This method is not allowed here"),
    408: ("slow-request", "The request was not received in time"),
    413: ("too-large", "The request is too large"),
    415: ("content-type", "This kind of content is not read here"),
    421: ("host", "This service is not known by that name"),
    422: ("invalid", "The request has mistakes"),
    429: ("rate", "Too many requests"),
    500: ("fault", "Something went wrong here"),
    503: ("busy", "The service is busy"),
}
"""Status → the name of the problem, and its title."""


class FieldProblem(Record):
    """One mistake: ``field`` is a dotted path (empty when the whole request is meant)."""

    field: str
    reason: str
    remedy: str


class ProblemDetails(Record):
    """An answer that says what went wrong. ``instance`` names the request, for the operator's log."""

    type: str = Field(description="urn:spmatch:problem: and a short name")
    title: str
    status: int
    detail: str = ""
    instance: str | None = Field(None, description="urn:uuid: and the request id")
    errors: tuple[FieldProblem, ...] = Field((), description="every mistake that was found")


class ProblemError(Exception):
    """Raised by the service itself to answer with a problem."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        title: str | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        super().__init__(status)
        usual_name, usual_title = KINDS.get(status, KINDS[400 if status < 500 else 500])
        self.problem = ProblemDetails(
            type=f"urn:spmatch:problem:{name or usual_name}",
            title=title or usual_title,
            status=status,
            detail=detail,
            errors=tuple(errors),
        )
        self.headers = dict(headers or {})


def problem_of(error: Exception) -> ProblemError:
    """The problem that an error stands for. What is not known is a fault of ours and says nothing more."""
    match error:
        case ProblemError():
            return error
        case PlaceError():
            near = ", ".join(error.suggestions)
            remedy = f"Near ones: {near}." if near else "Give lat and lon, or another place."
            mistake = FieldProblem(field="origin", reason="this place is not known.", remedy=remedy)
            return ProblemError(422, name="place", errors=[mistake])
        case InputError():
            return ProblemError(422, errors=[_field(one) for one in error.problems])
        case UnknownActivityError():
            return ProblemError(404, "No activity of this id is in the catalogue.")
        case RequestValidationError():
            return ProblemError(422, errors=[_parameter(fault) for fault in error.errors()])
        case BusyError():
            again = {"Retry-After": str(error.retry_after_seconds)}
            return ProblemError(503, "Too many requests are waiting.", headers=again)
        case TooSlowError():
            again = {"Retry-After": str(error.retry_after_seconds)}
            return ProblemError(503, "The answer took too long.", name="slow", headers=again)
        case HTTPException():
            return ProblemError(error.status_code, headers=error.headers)
        case SpmatchError():
            return ProblemError(500, "The service cannot answer this: see its log.")
        case _:
            return ProblemError(500)


def answer_with(problem: ProblemError, request_id: str | None = None) -> Response:
    """The problem as an answer."""
    details = problem.problem
    if request_id is not None:
        details = details.model_copy(update={"instance": f"urn:uuid:{request_id}"})
    return Response(
        json.dumps(details.model_dump(exclude_none=True), ensure_ascii=False),
        details.status,
        problem.headers,
        MEDIA_TYPE,
    )


def _field(problem: Problem) -> FieldProblem:
    return FieldProblem(field=problem.field, reason=problem.reason, remedy=problem.remedy)


def _parameter(fault: Mapping[str, object]) -> FieldProblem:
    """A mistake in the address of a request; its value is not repeated."""
    place = fault.get("loc")
    parts = place if isinstance(place, tuple | list) else ()
    where = ".".join(str(part) for part in parts[1:]) or ".".join(map(str, parts))
    reason = f"{str(fault.get('msg', 'not valid')).rstrip('.')}."
    return FieldProblem(field=where, reason=reason, remedy="Correct it, or leave it out.")
