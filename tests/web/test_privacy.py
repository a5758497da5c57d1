"""A whole service keeps nothing and tells nobody: not in its log, its counters, or any file.

It runs as it does in use (``spmatch serve``, two worker processes), in folders of its own. Marked words
are sent to every door in every way that we could think of; then everything that it wrote is searched.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from marked import (
    BODY_BYTES_MAX,
    DOORS,
    MARK,
    MARKED_BYTES,
    PATIENCE_SECONDS,
    TOWN,
    Service,
    send_everything,
)
from spmatch import Catalogue, Matcher
from spmatch.web.keys import KeyRing


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The service after it was sent everything, and has stopped."""
    made = tmp_path_factory.mktemp("made")
    own = tmp_path_factory.mktemp("own")
    Matcher.build(Catalogue(TOWN), encoder="baseline").save(made / "snapshot")
    _, secret = KeyRing(made / "keys.json", create=True).add(
        "test", ["match", "read", "admin"], 100_000
    )
    service = Service(free_port(), secret)
    (made / "service.toml").write_text(
        f'snapshot = "{made / "snapshot"}"\nkeys = "{made / "keys.json"}"\nport = {service.port}\n'
        f"workers = 2\nbody_bytes_max = {BODY_BYTES_MAX}\nbatch_bytes_max = {BODY_BYTES_MAX}\n"
        "body_seconds = 1.0\nbatch_lines_max = 5\n",
        encoding="utf-8",
    )
    folders = {name: own / name for name in ("home", "temporary", "here")}
    for folder in folders.values():
        folder.mkdir()
    environment = {
        **os.environ,
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folders["temporary"])),
        "HOME": str(folders["home"]),
        "XDG_CACHE_HOME": str(folders["home"] / ".cache"),
        "SPMATCH_THREADS": "1",
    }
    command = [sys.executable, "-m", "spmatch", "serve", "--settings", str(made / "service.toml")]
    with (made / "out").open("wb") as out, (made / "err").open("wb") as err:
        running = subprocess.Popen(
            command, cwd=folders["here"], env=environment, stdout=out, stderr=err
        )
    try:
        wait_until_ready(service, running)
        send_everything(service)
        service.send("GET", "/metrics")
        # Also those that it removes when it ends.
        service.files = contents(own) | contents(made / "snapshot")
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE_SECONDS)
    finally:
        running.kill()
        running.wait()
    after = {f"after/{name}": content for name, content in contents(own).items()}
    service.files |= after
    service.out, service.err = (made / "out").read_bytes(), (made / "err").read_bytes()
    return service


def wait_until_ready(service: Service, running: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < last and running.poll() is None:
        connection = HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the service did not start")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, and every name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(folder))] = str(path).encode() + content
    return found


def lines(service: Service) -> list[dict[str, object]]:
    return [json.loads(line) for line in service.err.decode().splitlines()]


# What was sent came in: else there would be nothing to find


def test_every_door_was_asked_and_opened(service: Service) -> None:
    answers = [line for line in lines(service) if line["event"] == "answer"]
    opened = {line["route"] for line in answers if line["status"] == 200}
    assert sorted(set(DOORS) - opened) == []


def test_errors_of_every_kind_were_met(service: Service) -> None:
    met = set(service.statuses)
    assert met >= {200, 400, 401, 403, 404, 405, 408, 413, 415, 421, 422}


def test_each_answer_has_its_line(service: Service) -> None:
    told = [line["status"] for line in lines(service) if line["event"] == "answer"]
    assert len(told) >= len(service.statuses)


def test_nothing_went_wrong_here(service: Service) -> None:
    faults = [line for line in lines(service) if line["event"] in ("fault", "uncaught", "library")]
    assert faults == []


def test_counters_and_rates_were_written(service: Service) -> None:
    names = {name.rpartition("/")[2] for name in service.files}
    assert "rates" in names
    assert any(name.endswith(".db") for name in names)


# Nothing of it is anywhere


def test_the_log_holds_nothing_of_it(service: Service) -> None:
    told = [line for line in service.err.splitlines() if MARKED_BYTES in line.lower()]
    assert told == []


def test_standard_output_holds_nothing_of_it(service: Service) -> None:
    assert MARKED_BYTES not in service.out.lower()


def test_the_counters_hold_nothing_of_it(service: Service) -> None:
    assert "spmatch_requests" in service.counters
    assert MARK not in service.counters.lower()


def test_no_file_holds_anything_of_it(service: Service) -> None:
    holding = [name for name, content in service.files.items() if MARKED_BYTES in content.lower()]
    assert holding == []


def test_no_key_is_told(service: Service) -> None:
    secret = service.secret.encode()
    everything = [service.out, service.err, service.counters.encode(), *service.files.values()]
    assert [one for one in everything if secret in one] == []


def test_nothing_is_left_when_it_ends(service: Service) -> None:
    left = [name for name in service.files if name.startswith("after/temporary/")]
    assert left == []


def test_the_log_is_one_object_a_line(service: Service) -> None:
    assert {"time", "level", "event", "pid"} <= set.intersection(*map(set, lines(service)))
