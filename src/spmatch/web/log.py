"""What the service writes about itself: one JSON object a line, and never what anybody wrote.

An event has a fixed name and a few facts that hold no text of a person: ids, counts, times, the template
of a route. Of an error only its types and places are kept, for its message may quote what it met. Other
packages' messages are kept where they are known to say nothing but what a server does.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from itertools import islice
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

from spmatch.errors import ConfigError, MissingExtraError, SnapshotError, StoreError

Fact = str | int | float | bool | None

_LOGGER = logging.getLogger("spmatch.service")
_FACTS = "spmatch_facts"
_CHARACTERS_MAX = 200
_PLACES_MAX = 12
_CAUSES_MAX = 4

# What an operator is told in words, because it is about things of the operator: see ``spmatch.errors``.
_ABOUT_FILES = (ConfigError, SnapshotError, StoreError, MissingExtraError)

# Beginnings of uvicorn's messages (as templates), with what is put into them: numbers, our own address.
_SAFE_MESSAGES = (
    "Started server process",
    "Started parent process",
    "Stopping parent process",
    "Finished server process",
    "Child process",
    "New child process",
    "Waiting for",
    "Terminated child process",
    "Application startup",
    "Application shutdown",
    "Shutting down",
    "Uvicorn running on",
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "Cancel ",
    "Received SIG",
    "ASGI callable returned without completing response.",
)


def log_event(
    event: str, *, level: int = logging.INFO, error: BaseException | None = None, **facts: Fact
) -> None:
    """Write one line: an event by its fixed name, with facts that hold no text of a person."""
    given: dict[str, Any] = {name: value for name, value in facts.items() if value is not None}
    if error is not None:
        given["error"] = reduced(error)
    _LOGGER.log(level, event, extra={_FACTS: given})


def setup_logging(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all that this process logs to ``stream`` (standard error) as JSON lines.

    It takes over whatever would write to the terminal: every logger, warnings, and errors that nobody
    caught. Call it first in every worker process; give uvicorn ``log_config=None, access_log=False``.
    """
    handler = _JsonLines(stream or sys.stderr)
    for logger in _all_loggers():
        for old in list(logger.handlers):
            logger.removeHandler(old)
        logger.propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in ("spmatch", "uvicorn"):
        logging.getLogger(name).setLevel(level)
    # Its lines hold addresses, and those may hold anything: the guard writes its own.
    access = logging.getLogger("uvicorn.access")
    access.propagate = False
    access.disabled = True
    _catch_the_rest()


def reduced(error: BaseException) -> dict[str, Any]:
    """What may be said of an error: its type, where it was, and those that led to it."""
    found: dict[str, Any] = {"type": _type_name(type(error))}
    if isinstance(error, _ABOUT_FILES):
        found["says"] = str(error)
    if isinstance(error, OSError) and error.errno is not None:
        found["system"] = errno.errorcode.get(error.errno, str(error.errno))
    found["places"] = _places(error.__traceback__)
    causes = [
        {"type": _type_name(type(cause)), "places": _places(cause.__traceback__)}
        for cause in islice(_causes(error), _CAUSES_MAX)
    ]
    if causes:
        found["causes"] = causes
    return found


class _JsonLines(logging.StreamHandler[TextIO]):
    """Writes a record as one line, in one piece: several workers write to the same stream."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            **_said(record),
            "pid": record.process,
        }
        return json.dumps(line)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Nothing: logging would print the record, with all that is in it."""


def _said(record: logging.LogRecord) -> dict[str, Any]:
    facts = getattr(record, _FACTS, None)
    if record.name == _LOGGER.name and isinstance(facts, dict):
        return {"event": str(record.msg), **{name: _short(fact) for name, fact in facts.items()}}
    said: dict[str, Any] = {"event": "server" if _is_of_server(record) else "library"}
    said["logger"] = record.name
    if _is_of_server(record) and str(record.msg).startswith(_SAFE_MESSAGES):
        said["message"] = _short(record.getMessage())
    error = record.exc_info[1] if record.exc_info else record.msg
    if isinstance(error, BaseException):
        said["error"] = reduced(error)
    if "message" not in said:
        said["place"] = _place(record.pathname, record.lineno)
    return said


def _is_of_server(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "uvicorn"


def _short(fact: Any) -> Any:
    return fact[:_CHARACTERS_MAX] if isinstance(fact, str) else fact


def _type_name(kind: type[BaseException]) -> str:
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _places(trace: TracebackType | None) -> list[str]:
    """``module:line function``, the place of the error last."""
    frames = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
    ]
    return frames[-_PLACES_MAX:]


def _place(path: str, line: int | None) -> str:
    return f"{'/'.join(path.split(os.sep)[-3:])}:{line}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The errors of a group, or the chain that led to an error."""
    if isinstance(error, BaseExceptionGroup):
        yield from error.exceptions
        return
    seen = {id(error)}
    cause: BaseException | None = error
    while cause is not None:
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        if cause is None or id(cause) in seen:
            return
        seen.add(id(cause))
        yield cause


def _all_loggers() -> Iterator[logging.Logger]:
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            yield logger


def _catch_the_rest() -> None:
    """Errors that nobody caught, and warnings: Python would print them with their messages."""

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log_event("uncaught", level=logging.CRITICAL, error=error.with_traceback(trace))

    def in_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            log_event("uncaught", level=logging.ERROR, error=hook.exc_value)

    def unraisable(hook: sys.UnraisableHookArgs) -> None:
        if hook.exc_value is not None:
            log_event("uncaught", level=logging.ERROR, error=hook.exc_value)

    def warning(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        log_event(
            "warning",
            level=logging.WARNING,
            type=_type_name(category),
            place=_place(filename, lineno),
        )

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
    warnings.showwarning = warning
