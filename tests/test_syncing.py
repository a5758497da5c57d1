"""A snapshot is kept in step with its sources, and answers whatever happens on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from spmatch.errors import CatalogueError
from spmatch.matcher import Matcher
from spmatch.sources import FetchSettings
from spmatch.syncing import SyncReport, sync

QUICK = FetchSettings(attempts=2, backoff_seconds=0)


def write(file: Path, *ids: str, title: str = "Choir") -> str:
    lines = [json.dumps({"id": one, "title": f"{title} {one}"}) + "\n" for one in ids]
    file.write_text("".join(lines), encoding="utf-8")
    return str(file)


def run(directory: Path, *sources: str, **options: Any) -> SyncReport:
    return sync(sources, directory, encoder="baseline", settings=QUICK, **options)


def held(directory: Path) -> list[str]:
    return [one.id for one in Matcher.load(directory).catalogue]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return tmp_path / "town.jsonl"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "snapshot"


# What changed


def test_the_first_time_everything_is_added(town: Path, out: Path) -> None:
    report = run(out, write(town, "a", "b"))
    assert (report.added, report.changed, report.withdrawn) == (("a", "b"), (), ())


def test_the_snapshot_holds_what_the_source_holds(town: Path, out: Path) -> None:
    run(out, write(town, "a", "b"))
    assert held(out) == ["a", "b"]


def test_nothing_new_builds_nothing(town: Path, out: Path) -> None:
    run(out, write(town, "a", "b"))
    report = run(out, str(town))
    assert (report.rebuilt, report.added, report.withdrawn) == (False, (), ())


def test_additions_changes_and_withdrawals_are_told(town: Path, out: Path) -> None:
    run(out, write(town, "a", "b", "c", "d", "e"))
    write(town, "a", "b", "c", "d", "f")
    text = town.read_text(encoding="utf-8").replace("Choir a", "Garden a")
    town.write_text(text, encoding="utf-8")
    report = run(out, str(town))
    assert (report.added, report.changed, report.withdrawn) == (("f",), ("a",), ("e",))


def test_records_are_counted_by_source(town: Path, tmp_path: Path, out: Path) -> None:
    other = write(tmp_path / "other.jsonl", "x")
    report = run(out, write(town, "a", "b"), other)
    assert list(report.sources.values()) == [2, 1]


# What is not believed


def test_a_source_that_lost_much_is_refused(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    write(town, *"abcdefg")
    with pytest.raises(CatalogueError, match="held 10 records and now holds 7"):
        run(out, str(town))


def test_after_a_refusal_the_old_snapshot_answers(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    write(town, "a")
    with pytest.raises(CatalogueError):
        run(out, str(town))
    assert len(held(out)) == 10


def test_a_loss_can_be_accepted(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    assert len(run(out, write(town, "a"), shrink_max=1.0).withdrawn) == 9


def test_a_small_loss_is_believed(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    assert run(out, write(town, *"abcdefgh")).withdrawn == ("i", "j")


def test_one_source_cannot_hide_behind_another(town: Path, tmp_path: Path, out: Path) -> None:
    other = tmp_path / "other.jsonl"
    run(out, write(town, *"abcde"), write(other, *"vwxyz"))
    write(town, *"abcdefghij")
    with pytest.raises(CatalogueError, match=r"other\.jsonl"):
        run(out, str(town), write(other, "v"))


# Interrupted


@pytest.mark.parametrize("moment", ["save", "_keep"])
def test_a_run_that_breaks_off_leaves_what_answers_and_the_next_completes(
    town: Path, out: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(out, write(town, "a", "b", "c"))
    write(town, "a", "b", "d")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        target = "spmatch.matcher.Matcher.save" if moment == "save" else "spmatch.syncing._keep"
        broken.setattr(target, die)
        with pytest.raises(KeyboardInterrupt):
            run(out, str(town), shrink_max=1.0)
    assert "a" in held(out)
    run(out, str(town), shrink_max=1.0)
    assert held(out) == ["a", "b", "d"]


def test_a_damaged_state_is_as_none(town: Path, out: Path) -> None:
    run(out, write(town, "a"))
    (out / "sync.json").write_text("{", encoding="utf-8")
    assert run(out, str(town)).rebuilt is False


# A feed of changes over HTTP


class Feed:
    """An RPDE feed: pages by address; each test changes what they hold."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, object]] = {}
        self.asked: list[str] = []

    def serve(self) -> ThreadingHTTPServer:
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feed.asked.append(self.path)
                page = feed.pages.get(self.path)
                body = json.dumps(page).encode()
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def item(
    id: str, modified: int, *, state: str = "updated", name: str = "Swim"
) -> dict[str, object]:
    data = {
        "@context": "https://openactive.io/",
        "type": "Event",
        "@id": f"https://example.org/{id}",
        "name": f"{name} {id}",
    }
    found: dict[str, object] = {"id": id, "state": state, "kind": "Event", "modified": modified}
    return {**found, "data": data} if state == "updated" else found


@pytest.fixture
def feed() -> Iterator[Feed]:
    feed = Feed()
    with feed.serve() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        feed.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        yield feed
        server.shutdown()
        thread.join()


def fill(feed: Any, path: str, nxt: str, *items: dict[str, object]) -> None:
    feed.pages[path] = {
        "next": feed.address + nxt,
        "items": list(items),
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }


def test_only_what_changed_is_fetched_and_the_rest_stays(feed: Any, out: Path) -> None:
    fill(feed, "/feed", "/feed?after=2", item("a", 1), item("b", 2))
    fill(feed, "/feed?after=2", "/feed?after=2")
    run(out, feed.address + "/feed")
    feed.asked.clear()
    fill(feed, "/feed?after=2", "/feed?after=3", item("c", 3))
    fill(feed, "/feed?after=3", "/feed?after=3")
    report = run(out, feed.address + "/feed")
    assert (len(report.added), report.withdrawn, "/feed" in feed.asked) == (1, (), False)
    assert len(held(out)) == 3


def test_a_removal_withdraws_and_a_change_changes(feed: Any, out: Path) -> None:
    items = [item(one, number) for number, one in enumerate("abcdefgh", start=1)]
    fill(feed, "/feed", "/feed?after=8", *items)
    fill(feed, "/feed?after=8", "/feed?after=8")
    run(out, feed.address + "/feed")
    fill(
        feed,
        "/feed?after=8",
        "/feed?after=10",
        item("a", 9, state="deleted"),
        item("b", 10, name="Dive"),
    )
    fill(feed, "/feed?after=10", "/feed?after=10")
    report = run(out, feed.address + "/feed")
    assert (len(report.withdrawn), len(report.changed), len(held(out))) == (1, 1, 7)


def test_pages_of_earlier_runs_do_not_pile_up(feed: Any, out: Path) -> None:
    fill(feed, "/feed", "/feed?after=1", item("a", 1))
    fill(feed, "/feed?after=1", "/feed?after=1")
    for _ in range(3):
        run(out, feed.address + "/feed")
    assert len(list((out / "fetched").iterdir())) == 1


def test_a_source_that_cannot_be_fetched_leaves_what_answers(feed: Any, out: Path) -> None:
    fill(feed, "/feed", "/feed?after=1", item("a", 1))
    fill(feed, "/feed?after=1", "/feed?after=1")
    run(out, feed.address + "/feed")
    with pytest.raises(CatalogueError):
        run(out, feed.address + "/gone")
    assert len(held(out)) == 1
