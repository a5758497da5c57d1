"""What those who run the service ask it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from making import HOME
from serving import SINGER, make_client
from spmatch.web.guard import Guard
from spmatch.web.metrics import Measured, Metrics
from spmatch.web.settings import ServiceSettings


@pytest.fixture
def client() -> Iterator[TestClient]:
    with make_client() as client:
        yield client


def test_it_is_alive(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "alive"}


def test_it_is_ready_with_its_catalogue(client: TestClient) -> None:
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["snapshot"], ready["activities"]) == ("ready", "newest", 3)


def test_it_is_not_ready_while_its_line_is_full() -> None:
    with make_client(at_once=1, waiting=0) as client:
        client.app.state.service.desk._inside = 1  # type: ignore[attr-defined]
        assert client.get("/readyz").status_code == 503


def test_an_older_snapshot_that_answers_is_said(client: TestClient) -> None:
    client.app.state.service.live.problem = "damaged"  # type: ignore[attr-defined]
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["snapshot"]) == (200, "older")


# Counters


def counted(client: TestClient, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_request_is_counted_by_its_route_and_status(client: TestClient) -> None:
    client.get("/v1/activities/gone")
    line = 'spmatch_requests_total{method="GET",route="/v1/activities/{activity_id:path}",status="404"}'
    assert counted(client, line) == 1


def test_an_address_that_is_not_ours_is_counted_without_it(client: TestClient) -> None:
    client.get("/weeps/at/night")
    assert "weeps" not in client.get("/metrics").text


def test_a_match_is_counted_by_its_confidence(client: TestClient) -> None:
    client.post("/v1/match", json=SINGER)
    assert counted(client, 'spmatch_answers_total{confidence="good"}') == 1


def test_what_a_limit_excludes_is_counted(client: TestClient) -> None:
    client.post("/v1/match", json={"origin": HOME, "must": {"distance_km": 5}})
    assert counted(client, 'spmatch_excluded_activities_total{limit="distance"}') == 2


def test_the_stages_of_a_match_are_timed(client: TestClient) -> None:
    client.post("/v1/match", json=SINGER)
    assert counted(client, 'spmatch_stage_seconds_count{stage="encode"}') == 1


def test_each_line_of_a_batch_is_counted(client: TestClient) -> None:
    body = '{"origin": {"lat": 57.0, "lon": 9.9}}\n' * 3
    client.post("/v1/match/batch", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert counted(client, 'spmatch_answers_total{confidence="weak"}') == 3


def test_suggestions_are_counted(client: TestClient) -> None:
    client.post("/v1/match?k=1", json=SINGER)
    assert counted(client, "spmatch_suggestions_total") == 1


def test_a_service_that_stops_lets_go_of_its_threads() -> None:
    with make_client() as client:
        desk = client.app.state.service.desk  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError):
        asyncio.run(desk.run(lambda: None))


def test_a_match_on_the_page_is_counted(client: TestClient) -> None:
    client.post("/", data={"needs": "Singing songs", "language": "en"})
    assert counted(client, 'spmatch_stage_seconds_count{stage="encode"}') == 1


async def leave(scope: Scope, receive: Receive, send: Send) -> None:
    raise ClientDisconnect


def test_a_client_that_leaves_is_not_counted_as_a_fault() -> None:
    metrics = Metrics()
    guard = Guard(leave, ServiceSettings(snapshot=Path("none")), log=lambda *_, **__: None)
    TestClient(Measured(guard, metrics), raise_server_exceptions=False).get("http://localhost/")
    assert b'status="499"} 1.0' in metrics.text()


def test_what_a_worker_had_running_when_it_was_killed_runs_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As several workers count: in files, each in its own.
    code = """
import os, sys
from spmatch.web.metrics import Metrics
metrics = Metrics()
if (child := os.fork()) == 0:
    metrics.inside.set(3)
    metrics.suggestions.inc(2)
    os._exit(0)
os.waitpid(child, 0)
metrics.inside.set(1)
sys.stdout.buffer.write(metrics.text())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert "spmatch_matches_inside 1.0" in told
    assert "spmatch_suggestions_total 2.0" in told


def test_what_runs_and_waits_is_told(client: TestClient) -> None:
    client.post("/v1/match", json=SINGER)
    assert "spmatch_matches_inside 0.0" in client.get("/metrics").text
