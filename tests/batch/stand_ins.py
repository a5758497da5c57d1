"""Worker processes that begin quickly, for they load no snapshot, and then behave in one way."""

from __future__ import annotations

import os
from typing import Any

from spmatch import __version__
from spmatch.batch.part import Answer


def echo_worker(pipe: Any, source: object, manners: object) -> None:
    """A worker process that answers at once, without a snapshot."""
    pipe.send(f"spmatch {__version__}, none")
    try:
        while True:
            pipe.send([Answer(one.number, one.where, "{}") for one in pipe.recv()])
    except (EOFError, OSError):
        return


def dying_worker(pipe: Any, source: object, manners: object) -> None:
    """A worker process that dies over every part."""
    pipe.send(f"spmatch {__version__}, none")
    pipe.recv()
    os._exit(9)


def stillborn_worker(pipe: object, source: object, manners: object) -> None:
    """A worker process that never begins."""
    os._exit(7)
