"""A service over a small catalogue, for tests: in this process, or a real one on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from starlette.testclient import TestClient

from making import HOME, WordEncoder, make_activity, north
from spmatch.activity import Activity
from spmatch.matcher import Matcher
from spmatch.web.app import create_app
from spmatch.web.live import FixedMatcher
from spmatch.web.settings import ServiceSettings

CHOIR = make_activity(
    "choir",
    title="Choir for all",
    description="Singing songs together with neighbours. Nobody has to sing well.",
    text_language="en",
    provider={"name": "Culture house", "phone": "+45 00 11 22 33"},
    delivery="in_person",
    place=north(2.2, town="Aalborg", postcode="9000", municipality="0851"),
    cost={"amount": 30, "currency": "DKK", "per": "session"},
    access={"lift": True},
    sessions=[{"day": "tue", "start": "10:00", "end": "12:00"}],
    verified_on="2026-11-01",
    themes=[{"scheme": "own", "code": "music", "label": "Music"}],
    source={"name": "Town list", "licence": "CC-BY-4.0"},
)
GARDEN = make_activity(
    "garden",
    title="Garden",
    description="Growing vegetables outdoors with others.",
    text_language="en",
    provider={"name": "Green club"},
    place=north(8.0, town="Aalborg"),
    cost={"amount": 0},
    access={"lift": False},
    languages=["en", "da"],
)
DEBT = make_activity(
    "debt/advice",
    title="Debt advice",
    description="Help with rent bills and unpaid loans.",
    text_language="en",
    provider={"name": "Legal aid"},
    place=north(20.0),
)
TOWN = (CHOIR, GARDEN, DEBT)

SINGER: dict[str, Any] = {
    "needs": "Singing songs together with neighbours.",
    "text_language": "en",
    "origin": HOME,
}


def town_matcher(activities: Iterable[Activity] = TOWN) -> Matcher:
    return Matcher.build(activities, encoder=WordEncoder())


def make_client(
    matcher: Matcher | None = None, *, headers: Mapping[str, str] | None = None, **settings: Any
) -> TestClient:
    """A client of a service over ``matcher`` (the town); errors of ours are answers, not exceptions."""
    given = ServiceSettings.model_validate({"snapshot": "none", **settings})
    app = create_app(given, live=FixedMatcher(matcher or town_matcher()))
    return TestClient(
        app,
        base_url="http://localhost",
        raise_server_exceptions=False,
        headers=dict(headers or {}),
    )


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def real_service(
    snapshot: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[RealService]:
    """``spmatch serve`` as a user runs it, on a free port, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "spmatch", "serve", "--snapshot", str(snapshot)]
    # Files, not pipes: nobody reads while it runs, and a service whose pipe is full waits for its reader.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), *options],
            stdout=output,
            stderr=log,
            env={**os.environ, "SPMATCH_THREADS": "1", **(environment or {})},
        )
        service = RealService(process, f"http://127.0.0.1:{port}")
        try:
            if not service.answers():
                raise RuntimeError(f"the service did not start: {whole(log).decode()}")
            yield service
        finally:
            process.terminate()
            process.wait(timeout=30)
            service.output, service.log = whole(output), whole(log)


def whole(file: IO[bytes]) -> bytes:
    """What has been written to ``file`` so far, by whichever process."""
    file.seek(0)
    return file.read()


class RealService:
    """A service that runs: its process and address; what it wrote is there when it has ended."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process = process
        self.address = address
        self.output = b""
        self.log = b""

    def answers(self, seconds: float = 60) -> bool:
        """Wait until it can be asked; false when it has ended, or is not ready in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.address + "/readyz", timeout=2):
                    return True
            except OSError:
                time.sleep(0.05)
        return False
