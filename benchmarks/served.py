"""A service of its own for a measurement: ``spmatch serve`` on loopback, until the block ends."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

PATIENCE_SECONDS = 60


@contextmanager
def served(snapshot: Path, *options: str) -> Iterator[tuple[int, int]]:
    """The port of a service that answers, and the number of its first process."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "spmatch", "serve", "--snapshot", str(snapshot)]
    service = subprocess.Popen(
        [*command, "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, service)
        yield port, service.pid
    finally:
        service.terminate()
        service.wait(PATIENCE_SECONDS)


def _wait_for(port: int, service: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and service.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not begin to answer")
