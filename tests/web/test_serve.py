"""`spmatch serve` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from serving import PATIENCE_SECONDS, TOWN, RealService, real_service
from spmatch.cli import main
from spmatch.matcher import Matcher
from spmatch.web.keys import KeyRing

GEONAMES = Path(__file__).parents[1] / "fixtures" / "geonames" / "gb_made_up.txt"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "snapshot"
    Matcher.build(TOWN, encoder="baseline").save(folder)
    return folder


def says(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments]) == 3
    return capsys.readouterr().err


# How it may not be run


def test_without_keys_it_is_not_served_to_others(capsys: pytest.CaptureFixture[str]) -> None:
    said = says(capsys, "--snapshot", "s", "--host", "0.0.0.0")
    assert "spmatch keys add" in said


def test_without_a_snapshot_there_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "spmatch build" in says(capsys, "--snapshot", str(tmp_path))


def test_a_keys_file_that_is_not_there_is_an_error(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    assert "keys.json" in says(capsys, "--snapshot", str(snapshot), "--keys", str(keys))


def test_a_port_that_is_taken_is_an_error(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = says(capsys, "--snapshot", str(snapshot), "--port", port)
    assert (f"port {port}" in said, "--port" in said) == (True, True)


def test_a_host_that_is_none_of_this_machine_is_an_error(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    KeyRing(keys, create=True).add("test", ["match"])
    options = ("--keys", str(keys), "--host", "192.0.2.1", "--port", "0")
    said = says(capsys, "--snapshot", str(snapshot), *options)
    assert "192.0.2.1" in said


def test_settings_that_cannot_be_read_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "service.toml"
    file.write_text("snapshot = 's'\nport = 70000\nworkers = 0\n", encoding="utf-8")
    said = says(capsys, "--settings", str(file))
    assert ("port" in said, "workers" in said) == (True, True)


def test_without_its_packages_it_says_which_extra_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert "pip install 'spmatch[serve]'" in says(capsys)


def test_what_is_no_gazetteer_says_how_to_make_one(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = says(capsys, "--snapshot", str(snapshot), "--places", str(GEONAMES))
    assert "spmatch places" in said


def test_postcodes_of_another_country_are_known_by_its_gazetteer(
    snapshot: Path, tmp_path: Path
) -> None:
    main(["places", str(GEONAMES), "--out", str(tmp_path / "gb.csv")])
    profile = json.dumps({"needs": "choir", "origin": {"postcode": "EX1 1AA"}}).encode()
    with real_service(snapshot, "--places", str(tmp_path / "gb.csv")) as service:
        request = urllib.request.Request(
            service.address + "/v1/match", profile, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            found = json.load(answer)
    assert found["catalogue"]["activities"] == 3


# How it ends


def test_it_ends_cleanly_and_leaves_nothing(snapshot: Path, tmp_path: Path) -> None:
    with real_service(snapshot, environment={"TMPDIR": str(tmp_path)}) as service:
        pass
    assert (service.process.returncode, list(tmp_path.iterdir())) == (0, [])


def test_it_says_where_it_is_and_who_may_use_it(snapshot: Path) -> None:
    with real_service(snapshot) as service:
        pass
    said = service.output.decode()
    assert f"spmatch serves {snapshot} at http://127.0.0.1:" in said
    assert "No keys" in said


def test_every_line_of_its_log_is_an_object(snapshot: Path) -> None:
    with real_service(snapshot, "--workers", "2") as service:
        pass
    assert {type(json.loads(line)) for line in service.log.splitlines()} == {dict}


def test_under_a_path_its_pages_lead_there(snapshot: Path) -> None:
    with (
        real_service(snapshot, "--root-path", "/social") as service,
        urllib.request.urlopen(service.address + "/", timeout=PATIENCE_SECONDS) as page,
    ):
        text = page.read().decode()
    assert ('action="/social/"' in text, 'href="/social/static/' in text) == (True, True)


# A worker that dies


@pytest.fixture(scope="module")
def service(snapshot: Path) -> Iterator[RealService]:
    with real_service(snapshot, "--workers", "2") as service:
        yield service


def worker(service: RealService) -> int:
    """One of the processes that answer requests."""
    for entry in Path("/proc").glob("[0-9]*"):
        # Any other process of the machine may end while it is looked at.
        with suppress(OSError):
            parent = (entry / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
            command = (entry / "cmdline").read_bytes()
            if int(parent) == service.process.pid and b"spawn_main" in command:
                return int(entry.name)
    raise AssertionError("no worker runs")


def answers(service: RealService) -> bool:
    address = service.address + "/v1/catalogue"
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
        return bool(json.load(answer)["activities"] == 3)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_when_a_worker_is_killed_the_others_go_on(service: RealService) -> None:
    os.kill(worker(service), signal.SIGKILL)
    seen = []
    for _ in range(20):
        try:
            seen.append(answers(service))
        except (OSError, ValueError):
            # A connection that the dead worker had taken.
            seen.append(None)
        time.sleep(0.05)
    assert (set(seen) <= {True, None}, seen[-1]) == (True, True)
