"""A service over a small catalogue, for tests: in this process, or a real one on loopback."""

from __future__ import annotations

import os
import re
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

from making import HOME, WordEncoder
from spmatch.activity import Activity
from spmatch.matcher import Matcher
from spmatch.web.app import create_app
from spmatch.web.live import FixedMatcher
from spmatch.web.settings import ServiceSettings
from town import CHOIR as CHOIR
from town import DEBT as DEBT
from town import GARDEN as GARDEN
from town import TOWN as TOWN

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


PATIENCE_SECONDS = 180
"""How long a service may take to start or to end: far longer than a slow and busy machine needs."""


@contextmanager
def real_service(
    snapshot: Path | None,
    *options: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[RealService]:
    """``spmatch serve`` as a user runs it, on a free port and in a folder, until the block ends.

    Without a snapshot the options say what it serves.
    """
    command = [sys.executable, "-m", "spmatch", "serve"]
    if snapshot is not None:
        command += ["--snapshot", str(snapshot)]
    # Files, not pipes: nobody reads while it runs, and a service whose pipe is full waits for its reader.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            # It looks for a port itself: one that is found for it may be taken before it listens.
            [*command, "--port", "0", *options],
            stdout=output,
            stderr=log,
            cwd=folder,
            env={**os.environ, "SPMATCH_THREADS": "1", **(environment or {})},
        )
        service = RealService(process)
        try:
            if not service.answers(log):
                raise RuntimeError(f"the service did not start: {written(log).decode()}")
            yield service
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            finally:
                process.kill()
                service.output, service.log = written(output), written(log)


def written(file: IO[bytes]) -> bytes:
    """What is in ``file`` so far. Its writer goes on where it was: the place in the file is shared."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


class RealService:
    """A service that runs: its process and address; what it wrote is there when it has ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.address = ""
        self.output = b""
        self.log = b""

    def answers(self, log: IO[bytes]) -> bool:
        """Wait until it has logged its address and can be asked; false when it ended, or takes too long."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            said = re.search(rb"running on (http://127\.0\.0\.1:\d+)", written(log))
            try:
                if said:
                    self.address = said[1].decode()
                    with urllib.request.urlopen(self.address + "/readyz", timeout=PATIENCE_SECONDS):
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False
