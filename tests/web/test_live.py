"""A newer snapshot takes over without a request noticing; a bad one changes nothing."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from making import make_activity
from serving import CHOIR, GARDEN, PATIENCE_SECONDS, TOWN, real_service
from spmatch.activity import Activity
from spmatch.errors import SnapshotError
from spmatch.matcher import Matcher
from spmatch.snapshot import current_version
from spmatch.web.live import LiveMatcher


def build(folder: Path, *activities: Activity) -> Path:
    Matcher.build(activities or TOWN, encoder="baseline").save(folder)
    return folder


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return build(tmp_path / "snapshot")


def test_the_snapshot_answers(snapshot: Path) -> None:
    assert len(LiveMatcher(snapshot).matcher.catalogue) == 3


def test_without_a_snapshot_nothing_is_served(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        LiveMatcher(tmp_path)


def test_the_same_snapshot_is_not_read_again(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    before = live.matcher
    assert (live.refresh(), live.matcher is before) == (False, True)


def test_a_newer_snapshot_takes_over(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    build(snapshot, CHOIR, GARDEN)
    assert (live.refresh(), len(live.matcher.catalogue)) == (True, 2)


def test_a_matcher_that_was_taken_goes_on_answering(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    taken = live.matcher
    build(snapshot, CHOIR)
    live.refresh()
    assert taken.match({"needs": "rent"}).catalogue.activities == 3


def spoil(snapshot: Path) -> None:
    build(snapshot, CHOIR)
    vectors = snapshot / "versions" / current_version(snapshot) / "vectors.npy"
    vectors.write_bytes(b"damaged")


def test_a_damaged_snapshot_changes_nothing(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    spoil(snapshot)
    assert (live.refresh(), len(live.matcher.catalogue)) == (False, 3)


def test_a_damaged_snapshot_is_tried_once(snapshot: Path) -> None:
    tried = []

    def load(*given: Any, **options: Any) -> Matcher:
        tried.append(1)
        return Matcher.load(*given, **options)

    live = LiveMatcher(snapshot, load=load)
    spoil(snapshot)
    live.refresh()
    live.refresh()
    assert len(tried) == 2


def test_a_damaged_snapshot_is_said(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    spoil(snapshot)
    live.refresh()
    assert "damaged" in (live.problem or "")


def test_a_snapshot_that_vanishes_changes_nothing(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    (snapshot / "current").unlink()
    assert (live.refresh(), len(live.matcher.catalogue)) == (False, 3)


def test_a_good_snapshot_after_a_bad_one_takes_over(snapshot: Path) -> None:
    live = LiveMatcher(snapshot)
    spoil(snapshot)
    live.refresh()
    build(snapshot, CHOIR, GARDEN)
    assert (live.refresh(), live.problem, len(live.matcher.catalogue)) == (True, None, 2)


def test_a_watched_snapshot_is_taken_by_itself(snapshot: Path) -> None:
    live = LiveMatcher(snapshot, look_seconds=0.01)
    taken = threading.Event()
    read = live._read

    def reading() -> Matcher:
        matcher = read()
        taken.set()
        return matcher

    live._read = reading  # type: ignore[method-assign]
    live.watch()
    build(snapshot, CHOIR)
    assert taken.wait(PATIENCE_SECONDS)
    live.close()


# A real service


def ask(address: str) -> tuple[int, set[str]]:
    """How many activities the catalogue that answered had, and the ids it suggested."""
    request = urllib.request.Request(
        address + "/v1/match?k=50",
        json.dumps({"needs": "rent bills and songs"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        found: Any = json.load(answer)
    ids = {one["activity"]["id"] for one in found["suggestions"]}
    return found["catalogue"]["activities"], ids


def test_no_request_is_dropped_or_mixed_while_snapshots_are_swapped(snapshot: Path) -> None:
    many = [make_activity(f"n{number}", title=f"Rent songs {number}") for number in range(30)]
    states = {3: {one.id for one in TOWN}, 30: {one.id for one in many}}
    seen: list[tuple[int, set[str]]] = []
    failed: list[Exception] = []
    stop = threading.Event()

    def keep_asking(address: str) -> None:
        while not stop.is_set():
            try:
                seen.append(ask(address))
            except Exception as error:
                failed.append(error)

    with real_service(snapshot, "--workers", "2") as service:
        askers = [threading.Thread(target=keep_asking, args=(service.address,)) for _ in range(4)]
        for asker in askers:
            asker.start()
        build(snapshot, *many)
        last = time.monotonic() + PATIENCE_SECONDS
        while {size for size, _ in seen[-4:]} != {30} and not failed and time.monotonic() < last:
            stop.wait(0.05)
        stop.set()
        for asker in askers:
            asker.join()
    assert failed == []
    assert 30 in {size for size, _ in seen}
    assert all(ids <= states[size] for size, ids in seen)
