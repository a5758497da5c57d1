"""Runs the service: one parent that listens, and worker processes that answer from the same catalogue.

The parent makes a folder for what the workers share (counters, rates; nothing of any request) and
removes it when it ends. A worker that dies is started again; the others go on meanwhile.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from spmatch.config import Config
from spmatch.errors import ConfigError, Problem
from spmatch.geography import Gazetteer
from spmatch.web.keys import KeyRing
from spmatch.web.live import check_source
from spmatch.web.log import setup_logging
from spmatch.web.metrics import SHARED
from spmatch.web.settings import ServiceSettings

_SETTINGS = "SPMATCH_SERVICE"


def run_service(settings: ServiceSettings) -> None:
    """Serve until told to stop (SIGINT, SIGTERM): then finish what is running, within its time.

    Raises ``SnapshotError``, ``StoreError``, ``ConfigError`` or ``PlaceError`` at once where nothing
    could be served.
    """
    check_source(settings)
    if settings.config:
        Config.load(settings.config)
    Gazetteer(*settings.places)
    if settings.keys:
        KeyRing(settings.keys)
    _try_to_listen(settings.host, settings.port)
    setup_logging()
    # When it has stopped, the server lets the signal that stopped it do its usual work. That must not be
    # to end at once: the folders are still there.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="spmatch-") as folder:
        shared = settings.model_copy(update={"shared": Path(folder)})
        # Read by workers, which are fresh processes; set before the counters are first loaded. Only this
        # user can see it, which matters where the address of a database holds a password.
        os.environ[_SETTINGS] = shared.model_dump_json()
        if settings.workers > 1:
            os.environ[SHARED] = folder
        uvicorn.run(
            "spmatch.web.serve:application",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            root_path=settings.root_path,
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=settings.stop_seconds,
            # A worker that loads a large snapshot must not be taken for one that hangs.
            timeout_worker_healthcheck=60,
        )


def _try_to_listen(host: str, port: int) -> None:
    """Raise ``ConfigError`` where nobody could: said now, and not by each worker in its log."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trying.bind((host, port))
    except OSError as error:
        remedy = "Give another --port or --host, or end what listens there."
        problem = Problem(f"{host}, port {port}", "", f"{error.strerror}.", remedy)
        raise ConfigError("The service cannot listen:", [problem]) from None


def application() -> FastAPI:
    """The application of one worker process."""
    from spmatch.web.app import create_app

    setup_logging()
    return create_app(ServiceSettings.model_validate_json(os.environ[_SETTINGS]))
