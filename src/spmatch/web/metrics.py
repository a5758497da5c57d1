"""What the service counts about itself, for Prometheus: how many, how long, how sure; never what was said.

With several worker processes each counts for itself into a folder that they share, and any of them adds
them up when asked (``PROMETHEUS_MULTIPROC_DIR``, set before this module is loaded).
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spmatch.store import Freshness
from spmatch.suggestion import Response

SHARED = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CLIENT_LEFT = 499
"""Not sent to anybody: what is said of an answer that the client did not wait for."""
_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.3, 0.6, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "spmatch_requests",
            "Requests answered.",
            ["route", "method", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "spmatch_request_seconds",
            "From a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.stages = Histogram(
            "spmatch_stage_seconds",
            "The stages of a match: encode, search, explain.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.answers = Counter(
            "spmatch_answers", "Matches by how sure they are.", ["confidence"], registry=registry
        )
        self.suggestions = Counter(
            "spmatch_suggestions", "Activities suggested.", registry=registry
        )
        self.excluded = Counter(
            "spmatch_excluded_activities",
            "Activities left out, by the limit that they break.",
            ["limit"],
            registry=registry,
        )
        self.limited = Counter(
            "spmatch_limited_answers",
            "Matches in which a limit left something out.",
            ["limit"],
            registry=registry,
        )
        self.inside = Gauge(
            "spmatch_matches_inside",
            "Matches, and lists of activities, running or waiting.",
            registry=registry,
            multiprocess_mode="livesum",
        )

        self.revision = Gauge(
            "spmatch_store_revision",
            "The revision of the database that answers.",
            ["schema"],
            registry=registry,
            multiprocess_mode="livemin",
        )
        self.confirmed = Gauge(
            "spmatch_store_confirmed_timestamp_seconds",
            "When the database last said that there is no newer revision.",
            ["schema"],
            registry=registry,
            multiprocess_mode="livemin",
        )

    def in_step(self, schema: str, freshness: Freshness) -> None:
        """Note that a database has confirmed what is in hand."""
        self.revision.labels(schema).set(freshness.revision)
        self.confirmed.labels(schema).set_to_current_time()

    def count(self, answer: Response) -> None:
        """Count one answered match."""
        self.answers.labels(answer.confidence).inc()
        self.suggestions.inc(len(answer.suggestions))
        for limit, activities in answer.excluded.items():
            self.excluded.labels(limit).inc(activities)
            self.limited.labels(limit).inc()
        for stage, milliseconds in (answer.timing_ms or {}).items():
            self.stages.labels(stage).observe(milliseconds / 1000)

    def text(self) -> bytes:
        """All of it in the text format, for all worker processes where there are several."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        _forget_the_dead(Path(os.environ[SHARED]))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class Measured:
    """Counts and times every request, by the template of its route: an address may hold anything."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        # Every fault has its answer from the guard: where there is none, nobody waited for it.
        status = CLIENT_LEFT

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            route = route_of(scope)
            self._metrics.requests.labels(route, _method(scope), str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)


def _forget_the_dead(folder: Path) -> None:
    """Remove what workers that were killed had running: it runs no longer. Their counts stay."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        if not _lives(process):
            file.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if os.name == "nt":  # There, to ask would be to end it.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def route_of(scope: Scope) -> str:
    """The template of the route that answered (``/v1/activities/{activity_id}``), or ``other``."""
    route = scope.get("route")
    return str(getattr(route, "path", "other"))


def _method(scope: Scope) -> str:
    known = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"}
    return scope["method"] if scope["method"] in known else "OTHER"
