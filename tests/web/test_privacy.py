"""A whole service keeps nothing and tells nobody: not in its log, its counters, or any file.

It runs as it does in use (``spmatch serve``, two worker processes), in folders of its own. Marked words
are sent to every door in every way that we could think of; then everything that it wrote is searched.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from marked import (
    BODY_BYTES_MAX,
    BODY_SECONDS,
    DOORS,
    MARK,
    MARKED_BYTES,
    TOWN,
    Service,
    send_everything,
)
from serving import real_service
from spmatch import Catalogue, Matcher
from spmatch.web.keys import KeyRing


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The service after it was sent everything, and has stopped."""
    made = tmp_path_factory.mktemp("made")
    own = tmp_path_factory.mktemp("own")
    snapshot, keys, settings = made / "snapshot", made / "keys.json", made / "service.toml"
    Matcher.build(Catalogue(TOWN), encoder="baseline").save(snapshot)
    _, secret = KeyRing(keys, create=True).add("test", ["match", "read", "admin"], 100_000)
    settings.write_text(
        f'keys = "{keys}"\nworkers = 2\n'
        f"body_bytes_max = {BODY_BYTES_MAX}\nbatch_bytes_max = {BODY_BYTES_MAX}\n"
        f"body_seconds = {BODY_SECONDS}\nbatch_lines_max = 5\n",
        encoding="utf-8",
    )
    folders = {name: own / name for name in ("home", "temporary", "here")}
    for folder in folders.values():
        folder.mkdir()
    environment = {
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folders["temporary"])),
        "HOME": str(folders["home"]),
        "XDG_CACHE_HOME": str(folders["home"] / ".cache"),
    }
    options = ("--settings", str(settings))
    with real_service(
        snapshot, *options, environment=environment, folder=folders["here"]
    ) as running:
        service = Service(urlsplit(running.address).port or 0, secret)
        send_everything(service)
        service.send("GET", "/metrics")
        # Also those that it removes when it ends.
        service.files = contents(own) | contents(snapshot)
    service.files |= {f"after/{name}": content for name, content in contents(own).items()}
    service.out, service.err = running.output, running.log
    return service


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
