"""For those who run the service: is it alive, is it ready, what has it counted."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from spmatch.store import Freshness
from spmatch.web.access import allowed
from spmatch.web.metrics import CONTENT_TYPE
from spmatch.words import Record

router = APIRouter(tags=["operation"])


class Alive(Record):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Record):
    """Whether requests can be answered. A newer snapshot that was refused is no reason not to be.

    ``snapshot`` is ``older`` too while a database is away: there may be a newer revision.
    """

    status: Literal["ready", "busy"]
    snapshot: Literal["newest", "older"]
    activities: int
    catalogue_hash: str
    database: Freshness | None = None
    """How old the data is, where it comes from a database."""


@router.get("/livez", response_model=Alive)
async def livez() -> Alive:
    """Whether the process is alive. Looks at nothing else."""
    return Alive()


@router.get("/readyz", response_model=Ready, responses={503: {"model": Ready}})
async def readyz(request: Request) -> Response:
    """Whether it can take a request now: 503 while its line is full."""
    service = request.app.state.service
    catalogue = service.live.matcher.catalogue
    full = service.desk.full
    ready = Ready(
        status="busy" if full else "ready",
        snapshot="older" if service.live.problem else "newest",
        activities=len(catalogue),
        catalogue_hash=catalogue.hash,
        database=service.live.freshness,
    )
    return JSONResponse(ready.model_dump(mode="json"), 503 if full else 200)


@router.get(
    "/metrics",
    dependencies=[Depends(allowed("admin"))],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Counters and timings in Prometheus' text format; never what anybody wrote."""
    service = request.app.state.service
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)
