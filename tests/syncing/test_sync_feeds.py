"""A snapshot in step with feeds over HTTP that err, are slow, and break off: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from changing_feeds import KINDS, QUICK, Feed, Watcher, held, run

import spmatch.syncing.shelf
from sources.feed_server import Asked, FeedServer, Reply, serving
from spmatch.errors import CatalogueError

PAGES = {"hsds": 3, "oruk": 3, "rpde": 4}
"""Of twelve records; the last page of a feed of changes is empty."""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "snapshot"


@pytest.fixture(params=KINDS)
def feed(request: pytest.FixtureRequest) -> Feed:
    return Feed(request.param)


@pytest.fixture
def server(feed: Feed) -> Iterator[FeedServer]:
    with serving(feed) as server:
        yield server


@pytest.fixture
def source(server: FeedServer, out: Path) -> str:
    """The address of a feed that the snapshot is in step with."""
    run(out, f"{server.address}/feed")
    server.asked.clear()
    return f"{server.address}/feed"


@pytest.fixture
def changes() -> Feed:
    return Feed("rpde")


# In step


def test_every_record_of_every_page_answers_once(source: str, feed: Feed, out: Path) -> None:
    assert held(out) == feed.titles


def test_additions_changes_and_removals_are_followed(source: str, feed: Feed, out: Path) -> None:
    feed.put("s013", "Kor s013")
    feed.put("s002", "Skak")
    feed.remove("s007")
    report = run(out, source)
    assert held(out) == feed.titles
    assert (len(report.added), len(report.changed), len(report.withdrawn)) == (1, 1, 1)


def test_many_runs_lose_and_double_nothing(source: str, feed: Feed, out: Path) -> None:
    for number in range(1, 6):
        feed.put(f"n{number}", f"Nyt {number}")
        feed.put("s001", f"Kor for {number}. gang")
        feed.remove(f"s{number + 1:03d}")
        run(out, source)
        assert held(out) == feed.titles


def test_what_is_unchanged_is_not_sent_again(
    source: str, feed: Feed, server: FeedServer, out: Path
) -> None:
    feed.bodies = 0
    report = run(out, source)
    assert (report.rebuilt, report.added, report.changed, report.withdrawn) == (False, (), (), ())
    # A feed of changes says so with one page that is empty.
    assert feed.bodies == (1 if feed.kind == "rpde" else 0)
    assert len(server.asked) == (1 if feed.kind == "rpde" else PAGES[feed.kind])


def test_what_is_unchanged_is_not_sent_again_however_often(
    source: str, feed: Feed, server: FeedServer, out: Path
) -> None:
    run(out, source)
    feed.bodies = 0
    run(out, source)
    assert (feed.bodies, held(out)) == (1 if feed.kind == "rpde" else 0, feed.titles)


# Faults on the way


def test_faults_that_pass_lose_and_double_nothing(source: str, feed: Feed, out: Path) -> None:
    failed: set[str] = set()

    def fault(asked: Asked, good: Reply) -> Reply | None:
        if asked.path in failed:
            return None
        failed.add(asked.path)
        return [
            Reply(b"", 500),
            Reply(b"", 429, {"Retry-After": "0"}),
            Reply(good.body, cut=len(good.body) // 2),
            Reply(good.body, silent=5),
        ][len(failed) % 4]

    for one in list(feed.names):
        feed.put(one, f"Nyt {one}")
    feed.fault = fault
    run(out, source, settings=QUICK.model_copy(update={"read_seconds": 0.2}))
    assert held(out) == feed.titles
    assert len(failed) >= 3


def test_the_old_snapshot_answers_while_pages_come(source: str, feed: Feed, out: Path) -> None:
    before = held(out)
    for one in list(feed.names):
        feed.put(one, f"Nyt {one}")
    watcher = Watcher(out)
    feed.fault = watcher
    run(out, source)
    assert len(watcher.seen) >= 3
    assert all(titles == before for titles in watcher.seen)
    assert held(out) == feed.titles != before


@pytest.mark.parametrize("broken", range(4))
@pytest.mark.parametrize("kind_of_fault", ["cut", "headers", "error"])
def test_a_cut_at_any_page_leaves_what_answers_and_the_next_run_completes(
    source: str, feed: Feed, broken: int, kind_of_fault: str, out: Path
) -> None:
    before = held(out)
    for one in list(feed.names):
        feed.put(one, f"Nyt {one}")
    pages: list[str] = []

    def fault(asked: Asked, good: Reply) -> Reply | None:
        if asked.path not in pages:
            pages.append(asked.path)
        if pages.index(asked.path) != min(broken, PAGES[feed.kind] - 1):
            return None
        return {
            "cut": Reply(good.body, cut=len(good.body) * 2 // 3),
            "headers": Reply(b"", cut=0, claims=10),
            "error": Reply(b"", 500),
        }[kind_of_fault]

    feed.fault = fault
    with pytest.raises(CatalogueError):
        run(out, source)
    assert held(out) == before
    feed.fault = None
    report = run(out, source)
    assert held(out) == feed.titles
    assert (report.added, len(report.changed), report.withdrawn) == ((), 12, ())


def test_a_source_that_is_down_stays_and_the_others_go_on(
    source: str, feed: Feed, tmp_path: Path, out: Path
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": "x", "title": "Petanque"}\n', encoding="utf-8")
    feed.fault = lambda asked, good: Reply(b"", 503)
    report = run(out, source, str(other))
    assert (len(report.refused), report.withdrawn) == (1, ())
    assert held(out) == sorted([*feed.titles, "Petanque"])
    feed.fault = None
    feed.remove("s003")
    report = run(out, source, str(other))
    assert (report.refused, len(report.withdrawn), held(out)) == (
        (),
        1,
        sorted([*feed.titles, "Petanque"]),
    )


def test_the_key_of_a_source_is_neither_kept_nor_told(
    feed: Feed, server: FeedServer, out: Path
) -> None:
    source = f"{server.address}/feed?key=n0gle"
    run(out, source)
    feed.fault = lambda asked, good: Reply(b"", 401)
    with pytest.raises(CatalogueError) as caught:
        run(out, source)
    kept = "".join(one.read_text() for one in [out / "sync.json", *out.glob("kept/*.json*")])
    assert "n0gle" not in kept + str(caught.value)


# Not whole


def test_what_a_feed_that_breaks_off_does_not_send_stays(out: Path) -> None:
    feed = Feed("hsds")
    with serving(feed) as server:
        run(out, f"{server.address}/feed")
        feed.put("s001", "Skak")
        first = feed(Asked("/feed", {}, {}), 0)
        feed.fault = lambda asked, good: first  # Whichever page is asked for, the first one comes.
        report = run(out, f"{server.address}/feed")
    assert (len(report.changed), report.withdrawn, held(out)) == (1, (), feed.titles)
    assert any("was asked for" in problem.reason for problem in report.problems)


def test_half_a_feed_that_calls_itself_whole_is_refused(source: str, feed: Feed, out: Path) -> None:
    for one in list(feed.names)[5:]:
        feed.remove(one)
    with pytest.raises(CatalogueError, match="it held 12 records and now holds 5"):
        run(out, source)
    assert len(held(out)) == 12
    assert len(run(out, source, believe=[source]).withdrawn) == 7
    assert held(out) == feed.titles


# A feed of changes


def test_only_changes_are_asked_for(changes: Feed, out: Path) -> None:
    with serving(changes) as server:
        run(out, f"{server.address}/feed")
        server.asked.clear()
        changes.put("n1", "Nyt")
        run(out, f"{server.address}/feed")
    assert server.paths == ["/feed?afterChangeNumber=12", "/feed?afterChangeNumber=13"]


def test_pages_of_changes_are_numbered_on(changes: Feed, out: Path) -> None:
    with serving(changes) as server:
        run(out, f"{server.address}/feed")
        for number in range(3):
            changes.put("s001", f"Kor for {number}. gang")
            run(out, f"{server.address}/feed")
    (folder,) = (one for one in out.glob("kept/*") if one.is_dir())
    assert sorted(one.name for one in folder.iterdir()) == [
        f"page-{number:05d}.json" for number in range(1, 11)
    ]


def test_of_two_states_of_one_moment_the_later_one_stands(changes: Feed, out: Path) -> None:
    def always_of_one_moment(asked: Asked, good: Reply) -> Reply:
        body = good.body
        for number in range(1, 20):
            body = body.replace(f'"modified": {number},'.encode(), b'"modified": 1,')
        return Reply(body, headers=good.headers)

    changes.fault = always_of_one_moment
    with serving(changes) as server:
        for name in ("Kor", "Skak", "Yoga"):
            changes.put("s001", name)
            run(out, f"{server.address}/feed")
            assert held(out) == changes.titles


def test_changes_that_pile_up_to_more_than_the_whole_are_fetched_anew(
    changes: Feed, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spmatch.syncing.shelf, "_SPARE_BYTES", 0)
    whole = []
    with serving(changes) as server:
        for number in range(6):
            server.asked.clear()
            for one in list(changes.names):
                changes.put(one, f"Kor {one} for {number}. gang")
            run(out, f"{server.address}/feed")
            assert held(out) == changes.titles
            whole.append(server.paths[0] == "/feed")
    # As much again, twice: then the pages take more room than twice the whole.
    assert whole == [True, False, False] * 2


def test_a_feed_that_forgot_where_it_was_left_is_fetched_anew(changes: Feed, out: Path) -> None:
    with serving(changes) as server:
        run(out, f"{server.address}/feed")
        changes.remove("s001")
        changes.fault = lambda asked, good: (
            Reply(b"", 410) if asked.query.get("afterChangeNumber") == "12" else None
        )
        report = run(out, f"{server.address}/feed")
    assert (len(report.withdrawn), held(out)) == (1, changes.titles)
