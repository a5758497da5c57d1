"""A service in a thread of this process, on a free port of the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from spmatch.matcher import Matcher
from spmatch.web.app import create_app
from spmatch.web.live import FixedMatcher
from spmatch.web.settings import ServiceSettings


@contextmanager
def serving(matcher: Matcher, **settings: object) -> Iterator[str]:
    """The address of a service over a matcher, until the block ends."""
    given = ServiceSettings.model_validate({"snapshot": "none", **settings})
    with running(create_app(given, live=FixedMatcher(matcher))) as address:
        yield address


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """The address of any application, until the block ends."""
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The service did not start.")
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
