"""A service over a database: in step with it, and answering while it is away."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from stores import OwnServer, town
from test_store_following import until

from making import make_activity
from serving import real_service
from spmatch import Catalogue, Matcher
from spmatch.building import build_snapshot
from spmatch.cli import main
from spmatch.cli.store import ADDRESS
from spmatch.config import Config
from spmatch.snapshot import Snapshot
from spmatch.store import Store, amend, publish
from spmatch.web.app import create_app
from spmatch.web.settings import ServiceSettings


@pytest.fixture(scope="module")
def fitted() -> Snapshot:
    """By an encoder that the store holds whole."""
    return build_snapshot(Catalogue(town(), id="town"), "baseline", Config.default())


@contextmanager
def client_of(store: Store) -> Iterator[TestClient]:
    settings = ServiceSettings(database=store.url, database_schema=store.schema)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        yield client


def ready(client: TestClient) -> dict[str, Any]:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def server(own_server: OwnServer) -> Iterator[OwnServer]:
    yield own_server
    own_server.start()


def test_a_service_takes_what_changes_in_the_database(store: Store, fitted: Snapshot) -> None:
    publish(store, fitted)
    with client_of(store) as client:
        assert (ready(client)["activities"], ready(client)["database"]["revision"]) == (3, 1)
        amend(store, [make_activity("d", title="Dans")])
        until(lambda: ready(client)["database"]["revision"] == 2)
        assert client.get("/v1/activities/d").json()["title"] == "Dans"


def test_a_service_answers_while_the_database_is_away_and_says_how_old_it_is(
    own_store: Store, server: OwnServer, fitted: Snapshot
) -> None:
    publish(own_store, fitted)
    with client_of(own_store) as client:
        assert ready(client)["snapshot"] == "newest"
        server.kill()
        until(lambda: ready(client)["snapshot"] == "older")
        until(lambda: ready(client)["database"]["checked_seconds_ago"] > 0.2)
        answer = client.post("/v1/match", json={"needs": "Jeg vil gerne synge i kor."})
        assert (answer.status_code, answer.json()["catalogue"]["activities"]) == (200, 3)
        assert not ready(client)["database"]["in_step"]
        server.start()
        until(lambda: ready(client)["database"]["in_step"])
        assert ready(client)["snapshot"] == "newest"


def test_how_old_the_data_is_can_be_watched(store: Store, fitted: Snapshot) -> None:
    publish(store, fitted)
    with client_of(store) as client:
        text = client.get("/metrics").text
    labels = f'{{schema="{store.schema}"}}'
    assert f"spmatch_store_revision{labels} 1.0" in text
    found = re.search(
        rf"^spmatch_store_confirmed_timestamp_seconds{re.escape(labels)} (\S+)$", text, re.MULTILINE
    )
    assert found is not None
    assert abs(time.time() - float(found[1])) < 60


def test_the_command_serves_what_the_environment_names(
    own_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Matcher.build(town(), encoder="baseline").save(tmp_path)
    where = ["--database", own_store.url, "--schema", own_store.schema]
    assert main(["store", "publish", "--snapshot", str(tmp_path), *where]) == 0
    with (
        real_service(
            None,
            *("--database", "--schema", own_store.schema),
            environment={ADDRESS: own_store.url},
            folder=tmp_path,
        ) as service,
        urllib.request.urlopen(service.address + "/readyz", timeout=60) as answer,
    ):
        told = json.load(answer)
    assert (told["activities"], told["database"]["in_step"]) == (3, True)
    assert b"serves the catalogue in the database" in service.output
    assert b"postgresql" not in service.output + service.log


def test_a_database_without_a_catalogue_is_not_served(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--database", store.url, "--schema", store.schema]
    assert main(["serve", "--port", "0", *where]) == 3
    assert "spmatch store publish" in capsys.readouterr().err


def test_a_database_that_is_away_is_not_served(capsys: pytest.CaptureFixture[str]) -> None:
    away = "postgresql://me:secret@127.0.0.1:1/db"
    assert main(["serve", "--port", "0", "--database", away]) == 3
    said = capsys.readouterr()
    assert "cannot be reached" in said.err
    assert "secret" not in said.err + said.out


def test_the_source_on_the_command_line_takes_the_place_of_that_in_the_file(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "service.toml"
    file.write_text('snapshot = "nowhere"\n')
    where = ["--database", store.url, "--schema", store.schema]
    assert main(["serve", "--port", "0", "--settings", str(file), *where]) == 3
    assert "no catalogue in the database" in capsys.readouterr().err


def test_a_snapshot_and_a_database_are_not_both_served() -> None:
    with pytest.raises(ValueError, match="either from a snapshot or from a database"):
        ServiceSettings(snapshot=Path("s"), database="postgresql://")


def test_the_address_is_not_shown() -> None:
    assert "secret" not in repr(ServiceSettings(database="postgresql://me:secret@host/db"))


def test_the_documented_example_runs(store: Store, fitted: Snapshot) -> None:
    publish(store, fitted)
    text = (Path(__file__).parents[2] / "docs" / "database.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    named = '"postgresql://spmatch_reader@db.example/spmatch"'
    assert named in code
    given: dict[str, Any] = {}
    exec(code.replace(named, f"{store.url!r}, {store.schema!r}"), given)
    assert given["follower"].freshness.in_step
