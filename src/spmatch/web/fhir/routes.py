"""The routes of the FHIR door. Whatever goes wrong in them is answered with an OperationOutcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response as HttpResponse

from spmatch.errors import PlaceError, SpmatchError
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.web.access import allowed
from spmatch.web.fhir.answer import bundle_of
from spmatch.web.fhir.capability import capability_statement, operation_definition
from spmatch.web.fhir.elements import read_json
from spmatch.web.fhir.issues import FhirError, Issue, Json, outcome_of
from spmatch.web.fhir.request import FhirOptions, issues_of_place, read_request
from spmatch.web.fhir.service import activity_of, service_of
from spmatch.web.problems import FieldProblem, problem_of
from spmatch.wording import ReaderLanguage

FHIR_JSON = "application/fhir+json"
_ACCEPTED = (FHIR_JSON, "application/json")
_CODES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    413: "too-long",
    408: "timeout",
    429: "throttled",
    500: "exception",
    503: "transient",
}
"""Status → FHIR issue type; of all others ``processing``."""


class FhirRoute(APIRoute):
    """A route whose errors are OperationOutcomes, those of its keys and parameters too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, HttpResponse]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> HttpResponse:
            try:
                return await handle(request)
            except FhirError as error:
                return _refusal(error.issues, error.status)
            except Exception as error:
                problem = problem_of(error)
                # What nobody foresaw is for the log of the service, which lies further out.
                if problem.problem.status == 500 and not isinstance(error, SpmatchError):
                    raise
                details = problem.problem
                code = _CODES.get(details.status, "processing")
                issues = [_issue(code, one) for one in details.errors] or [
                    Issue(code, details.detail or f"{details.title}.")
                ]
                return _refusal(issues, details.status, problem.headers)

        return answer


def _outcomes(*statuses: int) -> dict[int | str, dict[str, Any]]:
    resource = {"content": {FHIR_JSON: {"schema": {"type": "object"}}}}
    return {status: {"description": "OperationOutcome", **resource} for status in statuses}


router = APIRouter(
    prefix="/fhir",
    route_class=FhirRoute,
    tags=["fhir"],
    responses=_outcomes(400, 401, 403, 408, 422, 429),
    default_response_class=HttpResponse,
)

_RESOURCE = {"schema": {"type": "object", "required": ["resourceType"]}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A FHIR resource", "content": {FHIR_JSON: {"schema": {"type": "object"}}}}
}


class FhirQuery(FhirOptions):
    """The parameters of an address; FHIR clients add two of their own."""

    format_: str | None = Field(None, alias="_format", max_length=100)
    pretty: str | None = Field(None, alias="_pretty", max_length=10)


@router.post(
    "/ServiceRequest/$match",
    dependencies=[Depends(allowed("match"))],
    responses=_ANSWER | _outcomes(406, 413, 415, 503),
    openapi_extra={
        "requestBody": {"required": True, "content": dict.fromkeys(_ACCEPTED, _RESOURCE)}
    },
)
async def match(request: Request, asked: Annotated[FhirQuery, Query()]) -> HttpResponse:
    """Activities for the person of a ServiceRequest, or of Parameters that hold one.

    The answer is a Bundle of type searchset: an OperationOutcome first, then a HealthcareService for
    each suggestion, best first.
    """
    _check_kinds(request, asked)
    service = request.app.state.service
    body = read_json(await request.body())
    matcher: Matcher = service.live.matcher
    today = date.today()
    base = _base(request)
    options = FhirOptions(
        **{
            name: getattr(asked, name)
            for name in FhirOptions.model_fields
            if name in asked.model_fields_set
        }
    )

    def work() -> tuple[object, Json]:
        return _matched(matcher, body, options, today, base)

    response, bundle = await service.desk.run(work)
    service.metrics.count(response)
    query = f"?{request.url.query}" if request.url.query else ""
    link = {"relation": "self", "url": f"{base}/ServiceRequest/$match{query}"}
    return _fhir({**bundle, "link": [link]})


@router.get(
    "/HealthcareService/{id}",
    dependencies=[Depends(allowed("read"))],
    responses=_ANSWER | _outcomes(404),
)
async def healthcare_service(
    request: Request, id: str, language: ReaderLanguage = "en"
) -> HttpResponse:
    """One activity of the catalogue, as in an answer of `$match`."""
    catalogue = request.app.state.service.live.matcher.catalogue
    return _fhir(service_of(activity_of(catalogue, id), language, date.today()))


@router.get("/metadata", responses=_ANSWER)
async def metadata(request: Request) -> HttpResponse:
    """What this door can do, as a CapabilityStatement."""
    return _fhir(capability_statement(_base(request)))


@router.get("/OperationDefinition/match", responses=_ANSWER)
async def definition(request: Request) -> HttpResponse:
    """The parameters of `$match`, as an OperationDefinition."""
    return _fhir(operation_definition(_base(request)))


def _matched(
    matcher: Matcher, body: Mapping[str, Any], options: FhirOptions, today: date, base: str
) -> tuple[object, Json]:
    """The response and its Bundle. Raises ``FhirError``."""

    def language_of(text: str) -> ReaderLanguage:
        return matcher.reader_language(Profile(needs=text[:2_000] or None))

    asked = read_request(body, options, language_of, today)
    wanted = asked.options
    language = wanted.language or matcher.reader_language(asked.profile)
    on = wanted.on or today
    try:
        response = matcher.match(
            asked.profile, k=wanted.k, language=language, unknown=wanted.unknown, on=on
        )
    except PlaceError as error:
        raise FhirError(issues_of_place(asked.paths, error.suggestions)) from None
    return response, bundle_of(response, asked.notes, language=language, on=on, base=base)


def _check_kinds(request: Request, asked: FhirQuery) -> None:
    """Only JSON is read and written."""
    stated = request.headers.get("content-type", "").split(";")[0].strip().casefold()
    if stated not in _ACCEPTED:
        problem = f"Send {FHIR_JSON} (header Content-Type)."
        raise FhirError([Issue("not-supported", problem)], 415)
    if asked.format_ and "json" not in asked.format_.casefold():
        raise FhirError([Issue("not-supported", f"Answers are {FHIR_JSON}.")], 406)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/fhir"


def _issue(code: str, mistake: FieldProblem) -> Issue:
    # A name that is not ours may be anything that was written: it is not repeated.
    where = f"{mistake.field}: " if mistake.field in FhirOptions.model_fields else ""
    return Issue(code, f"{where}{mistake.reason} {mistake.remedy}".strip())


def _refusal(
    issues: tuple[Issue, ...] | list[Issue], status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    return _fhir(outcome_of(issue.resource() for issue in issues), status, headers)


def _fhir(
    resource: Json, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    text = json.dumps(resource, ensure_ascii=False, allow_nan=False)
    return HttpResponse(text, status, headers, f"{FHIR_JSON}; charset=utf-8")
