"""Puts the service together: what it holds, its routes, and what every request passes through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from spmatch import __version__
from spmatch.web import api, batch, health
from spmatch.web.desk import Desk
from spmatch.web.fhir.routes import router as fhir_router
from spmatch.web.guard import Guard
from spmatch.web.handlers import add_handlers
from spmatch.web.handout.routes import router as handout_router
from spmatch.web.keys import KeyRing
from spmatch.web.live import HoldsMatcher, WatchedMatcher, watched_matcher
from spmatch.web.metrics import Measured, Metrics
from spmatch.web.openapi import EVERYWHERE, describe
from spmatch.web.page.routes import router as page_router
from spmatch.web.rates import Rates
from spmatch.web.service import Service
from spmatch.web.settings import ServiceSettings
from spmatch.web.templating import STATIC, warm_templates

_A_YEAR = "public, max-age=31536000, immutable"


def create_app(settings: ServiceSettings, *, live: HoldsMatcher | None = None) -> FastAPI:
    """The service as an ASGI application.

    Reads the snapshot or the database at once and follows it while it runs, unless ``live`` says
    which matcher answers. Raises ``SnapshotError``, ``StoreError``, ``ConfigError``, ``PlaceError``
    or ``InputError`` (a keys file that cannot be read).
    """
    metrics = Metrics()
    watched: WatchedMatcher | None = None
    if live is None:
        live = watched = watched_matcher(
            settings, partial(metrics.in_step, settings.database_schema)
        )
    service = Service(
        settings=settings,
        live=live,
        desk=Desk(
            settings.at_once, settings.waiting, settings.request_seconds, watch=metrics.inside.set
        ),
        keys=KeyRing(settings.keys) if settings.keys else None,
        rates=Rates(settings.shared),
        metrics=metrics,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_templates()
        with ExitStack() as running:
            if watched:
                watched.watch()
                running.callback(watched.close)
            running.enter_context(service.desk)
            yield

    app = FastAPI(
        title="spmatch",
        version=__version__,
        lifespan=lifespan,
        # The usual pages about an interface load scripts from elsewhere: here nothing leaves the machine.
        docs_url=None,
        redoc_url=None,
        responses=EVERYWHERE,
        default_response_class=JSONResponse,
        redirect_slashes=False,
    )
    app.state.service = service
    for router in (api.router, batch.router, health.router, fhir_router):
        app.include_router(router)
    for router in (page_router, handout_router):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", _Static(directory=STATIC))
    describe(app)
    add_handlers(app)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Measured, metrics=service.metrics)
    return app


class _Static(StaticFiles):
    """Files of our own; their addresses change with them, so they may be kept."""

    async def get_response(self, path: str, scope: Scope) -> object:  # type: ignore[override]
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = _A_YEAR
        return answer
