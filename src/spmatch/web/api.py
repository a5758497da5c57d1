"""The routes of version 1. Their shapes are those of the command line and of Python."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response as HttpResponse

from spmatch.activity import Activity
from spmatch.suggestion import Response, WhyNot
from spmatch.web.access import allowed
from spmatch.web.asking import JSON, AskedMatch, WhyOptions, read_profile
from spmatch.web.listing import ActivityFilter, ActivityPage, CatalogueFacts, facts_of, page_of
from spmatch.web.openapi import BODY_PROFILE, problems
from spmatch.words import Record

router = APIRouter(prefix="/v1")

MATCH = [Depends(allowed("match"))]
READ = [Depends(allowed("read"))]


@router.post(
    "/match",
    response_model=Response,
    dependencies=MATCH,
    tags=["match"],
    openapi_extra=BODY_PROFILE,
    responses=problems(413, 415, 422, 503),
)
async def match(request: Request, asked: AskedMatch) -> HttpResponse:
    """Suggestions for one person, with reasons, questions and, when little fits, what to loosen.

    The body is a profile. No suitable activity is a valid answer: an empty list with confidence
    `none`.
    """
    service = request.app.state.service
    profile = await read_profile(request)
    matcher = service.live.matcher
    answer = await service.desk.run(lambda: matcher.match(profile, **asked.arguments()))
    service.metrics.count(answer)
    return HttpResponse(answer.to_json(), media_type=JSON)


class WhyAsked(WhyOptions):
    """Which activity is asked about, and how to answer."""

    activity: str


@router.post(
    "/why",
    response_model=WhyNot,
    dependencies=MATCH,
    tags=["match"],
    openapi_extra=BODY_PROFILE,
    responses=problems(404, 413, 415, 422, 503),
)
async def why(request: Request, asked: Annotated[WhyAsked, Query()]) -> HttpResponse:
    """Every limit that one activity fails for a person, and where it stands otherwise."""
    service = request.app.state.service
    profile = await read_profile(request)
    matcher = service.live.matcher
    options = asked.arguments()
    activity_id = options.pop("activity")
    answer = await service.desk.run(lambda: matcher.why(activity_id, profile, **options))
    return _json(answer)


@router.get(
    "/activities",
    response_model=ActivityPage,
    dependencies=READ,
    tags=["catalogue"],
    responses=problems(422, 503),
)
async def activities(request: Request, wanted: Annotated[ActivityFilter, Query()]) -> HttpResponse:
    """The activities of the catalogue that fit every filter given, in the order of the catalogue.

    For reading the catalogue, not for finding what suits a person: nothing about anybody belongs
    into an address.
    """
    service = request.app.state.service
    catalogue = service.live.matcher.catalogue
    return _json(await service.desk.run(lambda: page_of(catalogue, wanted)))


@router.get(
    "/activities/{activity_id:path}",
    response_model=Activity,
    dependencies=READ,
    tags=["catalogue"],
    responses=problems(404, 422),
)
async def activity(
    request: Request, activity_id: Annotated[str, Path(min_length=1, max_length=200)]
) -> HttpResponse:
    """One activity as its provider states it."""
    catalogue = request.app.state.service.live.matcher.catalogue
    return _json(catalogue.activities[catalogue.row(activity_id)])


@router.get(
    "/catalogue",
    response_model=CatalogueFacts,
    dependencies=READ,
    tags=["catalogue"],
    responses=problems(503),
)
async def catalogue(request: Request) -> HttpResponse:
    """Which catalogue answers, what its activities state, and where they came from."""
    service = request.app.state.service
    matcher = service.live.matcher
    return _json(await service.desk.run(lambda: facts_of(matcher)))


def _json(record: Record) -> HttpResponse:
    return HttpResponse(record.model_dump_json(), media_type=JSON)
