"""A run that is killed, whenever that is, leaves what answers; the next one completes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from changing_feeds import Feed, run

from sources.feed_server import serving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the system has no SIGKILL")

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def feed() -> Feed:
    return Feed("rpde")


@pytest.fixture(scope="module")
def told(feed: Feed, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What came of every run that was killed, with a feed of changes and a file as sources."""
    folder = tmp_path_factory.mktemp("killed")
    town = folder / "town.jsonl"
    town.write_text('{"id": "x", "title": "Petanque"}\n', encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment["PYTHONPATH"] = os.pathsep.join([str(HERE), str(HERE.parent)])
    with serving(feed) as server:
        sources = (f"{server.address}/feed", str(town))
        run(folder / "snapshot", *sources)
        feed.put("s001", "Skak")
        feed.put("s013", "Kor s013")
        feed.remove("s002")
        town.write_text('{"id": "x", "title": "Petanque for alle"}\n', encoding="utf-8")
        done = subprocess.run(
            [sys.executable, HERE / "killed_runs.py", folder / "snapshot", folder, *sources],
            capture_output=True,
            text=True,
            env=environment,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


OLD = sorted([*Feed("rpde").titles, "Petanque"])


def new(feed: Feed) -> list[str]:
    return sorted([*feed.titles, "Petanque for alle"])


def killed(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in told if one["signal"]]


def test_runs_were_killed_at_many_moments_and_while_they_wrote(told: list[dict[str, Any]]) -> None:
    moments = [one for one in told if one["signal"] == signal.SIGKILL]
    assert len(moments) >= 30
    assert len([one for one in told if one["signal"] == signal.SIGXFSZ]) >= 4


def test_what_was_killed_answers_as_before_or_as_after(
    told: list[dict[str, Any]], feed: Feed
) -> None:
    assert [one for one in killed(told) if one.get("answered") not in (OLD, new(feed))] == []


def test_once_the_new_snapshot_answers_it_goes_on_answering(
    told: list[dict[str, Any]], feed: Feed
) -> None:
    answered = [one["answered"] == new(feed) for one in told if one["moment"]]
    assert answered == sorted(answered)
    assert {False, True} == set(answered)


def test_the_next_run_completes(told: list[dict[str, Any]], feed: Feed) -> None:
    assert [one for one in told if (one.get("next"), one.get("refused")) != (new(feed), 0)] == []


def test_the_next_run_leaves_nothing_of_it(told: list[dict[str, Any]]) -> None:
    whole = ["current", "kept", "lock", "sync.json", "sync.lock", "versions"]
    assert {tuple(one["left"]) for one in told} == {tuple(whole)}
    # The records of both sources, and the pages of the feed.
    assert {one["kept"] for one in told} == {3}
    # A version that nothing points to is removed when the next one is written.
    assert {one["versions"] for one in told} <= {1, 2}
