"""What the service writes: one JSON object a line, and nothing of what anybody wrote."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spmatch.errors import ConfigError, ProfileError
from spmatch.web.log import log_event, reduced, setup_logging

MARK = "Graedefaerdig"
"""Stands for what a person said; ASCII, so that no way of writing it hides it."""

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Log to memory; afterwards everything that logging takes over is given back."""
    root = logging.root
    loggers = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [
        (one, one.handlers[:], one.level, one.propagate, one.disabled) for one in (root, *loggers)
    ]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    stream = io.StringIO()
    setup_logging(stream)

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    for logger in ("spmatch", "uvicorn", "uvicorn.access", "uvicorn.error", "library"):
        one = logging.getLogger(logger)
        one.setLevel(logging.NOTSET)
        one.propagate, one.disabled = True, False
    for one, handlers, level, propagate, disabled in before:
        one.handlers[:], one.propagate, one.disabled = handlers, propagate, disabled
        one.setLevel(level)


def raised(error: BaseException) -> BaseException:
    """The error with a trace, as it is when it is caught."""
    try:
        raise error
    except BaseException as caught:
        return caught


# Our own events


def test_an_event_is_a_line_with_its_facts(lines: Lines) -> None:
    log_event("answer", status=200, duration_ms=1.5, route="/v1/match")
    (line,) = lines()
    assert {name: line[name] for name in ("level", "event", "status", "duration_ms", "route")} == {
        "level": "info",
        "event": "answer",
        "status": 200,
        "duration_ms": 1.5,
        "route": "/v1/match",
    }


def test_its_time_is_utc(lines: Lines) -> None:
    log_event("answer")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines()[0]["time"])


def test_its_process_is_named(lines: Lines) -> None:
    import os

    log_event("answer")
    assert lines()[0]["pid"] == os.getpid()


def test_a_fact_that_is_not_known_is_left_out(lines: Lines) -> None:
    log_event("answer", key=None)
    assert "key" not in lines()[0]


def test_a_fact_stays_on_its_line(lines: Lines) -> None:
    log_event("answer", route='/a\nb"\u2028')
    assert [line["route"] for line in lines()] == ['/a\nb"\u2028']


# Errors


def test_an_error_is_its_type_and_places_alone() -> None:
    told = reduced(raised(ValueError(MARK)))
    assert told["type"] == "ValueError"
    assert re.fullmatch(r"test_log:\d+ raised", told["places"][-1].rpartition("web.")[2])
    assert MARK not in repr(told)


def test_its_causes_are_told_in_the_same_way() -> None:
    try:
        try:
            raise KeyError(MARK)
        except KeyError as cause:
            raise ValueError(MARK) from cause
    except ValueError as error:
        told = reduced(error)
    assert [cause["type"] for cause in told["causes"]] == ["KeyError"]
    assert MARK not in repr(told)


def test_a_group_tells_its_parts() -> None:
    told = reduced(ExceptionGroup(MARK, [ValueError(MARK), TypeError(MARK)]))
    assert [cause["type"] for cause in told["causes"]] == ["ValueError", "TypeError"]
    assert MARK not in repr(told)


def test_a_chain_that_bites_its_tail_ends() -> None:
    one, other = ValueError(), TypeError()
    one.__cause__, other.__cause__ = other, one
    assert [cause["type"] for cause in reduced(one)["causes"]] == ["TypeError"]


def test_an_error_of_the_system_is_named() -> None:
    assert reduced(OSError(98, MARK))["system"] == "EADDRINUSE"


def test_an_operator_is_told_what_is_wrong_with_a_file() -> None:
    assert reduced(ConfigError("keys.json cannot be read."))["says"] == "keys.json cannot be read."


def test_what_is_wrong_with_a_profile_is_not_told() -> None:
    assert "says" not in reduced(ProfileError(MARK))


# What others log


def test_a_message_of_another_package_is_its_place_alone(lines: Lines) -> None:
    logging.getLogger("library").warning(f"cannot read {MARK}")
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("library", "library")
    assert re.fullmatch(r"tests/web/test_log\.py:\d+", line["place"])
    assert MARK not in repr(line)


def test_what_is_put_into_it_is_not_told_either(lines: Lines) -> None:
    logging.getLogger("library").error("cannot read %s", MARK)
    assert MARK not in repr(lines())


def test_its_errors_are_reduced(lines: Lines) -> None:
    try:
        raise ValueError(MARK)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    (line,) = lines()
    assert line["error"]["type"] == "ValueError"
    assert MARK not in repr(line)


def test_an_error_that_is_the_message_is_reduced(lines: Lines) -> None:
    # As uvicorn logs an address that is in use.
    logging.getLogger("uvicorn.error").error(OSError(98, MARK))
    assert lines()[0]["error"]["system"] == "EADDRINUSE"
    assert MARK not in repr(lines())


def test_what_a_server_says_of_itself_is_told(lines: Lines) -> None:
    server = logging.getLogger("uvicorn.error")
    server.info("Uvicorn running on %s://%s:%d (Press CTRL+C to quit)", "http", "127.0.0.1", 8000)
    assert lines()[0]["message"].startswith("Uvicorn running on http://127.0.0.1:8000")


def test_a_message_that_is_not_known_is_not(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning(f"Invalid header {MARK}")
    assert "message" not in lines()[0]
    assert MARK not in repr(lines())


def test_a_server_logs_no_addresses(lines: Lines) -> None:
    logging.getLogger("uvicorn.access").info('"GET /%s HTTP/1.1" 200', MARK)
    assert lines() == []


def test_a_handler_that_was_there_is_gone() -> None:
    code = f"""
import logging, sys
logging.basicConfig()
logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
from spmatch.web.log import setup_logging
setup_logging()
logging.getLogger("uvicorn.error").error("{MARK}")
"""
    assert MARK not in shown_by(code)


# What Python itself would print


def shown_by(code: str) -> str:
    """All that a fresh interpreter writes."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def in_service(code: str) -> str:
    return shown_by(f"from spmatch.web.log import setup_logging\nsetup_logging()\n{code}")


FAULTS = {
    "nobody caught it": f"raise ValueError('{MARK}')",
    "in a thread": f"""
import threading
def work():
    raise ValueError('{MARK}')
thread = threading.Thread(target=work)
thread.start()
thread.join()
""",
    "while something is thrown away": f"""
class Thing:
    def __del__(self):
        raise ValueError('{MARK}')
thing = Thing()
del thing
""",
    "in a task that nobody waits for": f"""
import asyncio, gc
async def work():
    raise ValueError('{MARK}')
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
asyncio.run(main())
""",
    "a warning": f"import warnings\nwarnings.warn('{MARK}')",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_python_would_print_is_a_line_without_a_word_of_it(fault: str) -> None:
    shown = in_service(FAULTS[fault])
    assert MARK not in shown
    assert [json.loads(line)["event"] for line in shown.splitlines()] != []


def test_a_message_that_cannot_be_put_together_is_passed_over() -> None:
    # Logging would print it, and what was to be put into it.
    code = f"import logging\nlogging.getLogger('uvicorn.error').error('Shutting down %d', '{MARK}')"
    assert in_service(code) == ""
