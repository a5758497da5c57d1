"""Fetching again: nothing is asked for twice that did not change, and nothing is missed that did."""

from __future__ import annotations

from pathlib import Path

import pytest
from feed_server import Asked, FeedServer, Reply, as_json, hsds_page, ids, rpde_page, serving
from fetched import QUICK, fetched, ids_in, refusal

from spmatch.errors import CatalogueError
from spmatch.sources import FetchState, LocalSource


class Feed:
    """A feed that a test changes between two fetches; it knows pages that are as they were."""

    def __init__(self, kind: str, count: int = 12) -> None:
        self.kind = kind
        self.ids = ids(1, count)
        self.fault: Reply | None = None
        self.forgotten: set[int] = set()

    def __call__(self, asked: Asked, number: int) -> Reply:
        if self.fault:
            return self.fault
        if self.kind == "rpde":
            after = int(asked.query.get("afterChangeNumber", 0))
            if after in self.forgotten:
                return Reply(b"", 410)
            return as_json(rpde_page(self.ids, after, 5))
        good = as_json(hsds_page(self.ids, asked.page(1), 5))
        tag = f'"{hash(good.body)}"'
        if asked.headers.get("if-none-match") == tag:
            return Reply(b"", 304)
        good.headers["ETag"] = tag
        return good


def again(server: FeedServer, first: LocalSource, work: Path) -> LocalSource:
    """Fetch once more with the state of the first time, as it comes back from disk."""
    assert first.state is not None
    server.asked.clear()
    state = FetchState.model_validate_json(first.state.model_dump_json())
    return fetched(f"{server.address}/feed", work, QUICK, state)


# Pages and documents


def test_pages_that_are_as_they_were_are_not_fetched(tmp_path: Path) -> None:
    with serving(Feed("hsds")) as server:
        second = again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path)
    assert (second.unchanged, second.path) == (True, None)


def test_every_page_is_asked_whether_it_is_as_it_was(tmp_path: Path) -> None:
    with serving(Feed("hsds")) as server:
        again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path)
    assert server.paths == ["/feed", "/feed?page=2", "/feed?page=3"]


def test_the_state_of_what_is_unchanged_serves_again(tmp_path: Path) -> None:
    with serving(Feed("hsds")) as server:
        second = again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path)
        assert again(server, second, tmp_path).unchanged


@pytest.mark.parametrize("place", [0, 6, 11])
def test_a_change_on_any_page_fetches_all_of_them(place: int, tmp_path: Path) -> None:
    feed = Feed("hsds")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.ids[place] = "new"
        second = again(server, first, tmp_path)
    assert ids_in(second) == feed.ids
    assert (second.unchanged, second.partial) == (False, False)


def test_a_page_more_is_fetched(tmp_path: Path) -> None:
    feed = Feed("hsds")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.ids = ids(1, 17)
        assert ids_in(again(server, first, tmp_path)) == ids(1, 17)


def test_a_page_less_is_seen(tmp_path: Path) -> None:
    feed = Feed("hsds")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.ids = ids(1, 4)
        assert ids_in(again(server, first, tmp_path)) == ids(1, 4)


def test_a_document_is_asked_for_by_the_time_of_its_last_change(tmp_path: Path) -> None:
    when = "Mon, 03 Nov 2025 10:00:00 GMT"

    def answer(asked: Asked, number: int) -> Reply:
        if asked.headers.get("if-modified-since") == when:
            return Reply(b"", 304)
        return as_json([{"id": "a"}], Last_Modified=when)

    with serving(answer) as server:
        assert again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path).unchanged


def test_a_document_without_a_mark_is_fetched_again(tmp_path: Path) -> None:
    with serving(lambda asked, number: as_json([{"id": "a"}])) as server:
        second = again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path)
    assert ids_in(second) == ["a"]


def test_the_state_of_one_source_is_not_used_for_another(tmp_path: Path) -> None:
    with serving(Feed("hsds")) as server:
        first = fetched(f"{server.address}/other", tmp_path)
        assert not again(server, first, tmp_path).unchanged


def test_a_key_is_no_part_of_the_state_and_is_sent_again(tmp_path: Path) -> None:
    with serving(Feed("hsds")) as server:
        address = f"{server.address}/feed?key=n0gle"
        first = fetched(address, tmp_path)
        assert first.state is not None
        assert "n0gle" not in first.state.model_dump_json()
        server.asked.clear()
        assert fetched(address, tmp_path, state=first.state).unchanged
    assert all(asked.query["key"] == "n0gle" for asked in server.asked)


def test_a_feed_that_broke_off_is_fetched_again(tmp_path: Path) -> None:
    page = as_json(hsds_page(ids(1, 12), 1, 5), ETag='"a"')
    with serving(lambda asked, number: page) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
    assert first.state is not None
    assert first.state.pages == ()


# A feed of changes


def test_changes_go_on_where_they_were_left(tmp_path: Path) -> None:
    feed = Feed("rpde")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.ids += ["n1", "n2"]
        second = again(server, first, tmp_path)
    assert ids_in(second) == ["n1", "n2"]
    assert (second.partial, second.unchanged) == (True, False)


def test_only_what_changed_is_asked_for(tmp_path: Path) -> None:
    feed = Feed("rpde")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.ids += ["n1"]
        again(server, first, tmp_path)
    assert server.paths == ["/feed?afterChangeNumber=12", "/feed?afterChangeNumber=13"]


def test_a_feed_without_changes_is_unchanged(tmp_path: Path) -> None:
    with serving(Feed("rpde")) as server:
        second = again(server, fetched(f"{server.address}/feed", tmp_path), tmp_path)
    assert (second.unchanged, second.path, len(server.asked)) == (True, None, 1)


def test_many_rounds_lose_and_double_nothing(tmp_path: Path) -> None:
    feed = Feed("rpde")
    with serving(feed) as server:
        local = fetched(f"{server.address}/feed", tmp_path)
        found = ids_in(local)
        for added in (1, 0, 5, 6, 11, 0, 2):
            feed.ids += ids(len(feed.ids) + 1, len(feed.ids) + added)
            local = again(server, local, tmp_path)
            found += [] if local.unchanged else ids_in(local)
    assert found == feed.ids


def test_a_feed_that_forgot_where_it_was_left_is_fetched_anew(tmp_path: Path) -> None:
    feed = Feed("rpde")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.forgotten, feed.ids = {12}, ids(20, 23)
        second = again(server, first, tmp_path)
    assert (ids_in(second), second.partial) == (ids(20, 23), False)
    assert [problem.effect for problem in second.problems] == ["note"]


def test_a_server_that_is_down_is_not_taken_for_one_that_forgot(tmp_path: Path) -> None:
    feed = Feed("rpde")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.fault = Reply(b"", 503)
        with pytest.raises(CatalogueError, match="out of order"):
            again(server, first, tmp_path)
    assert {asked.path for asked in server.asked} == {"/feed?afterChangeNumber=12"}


def test_a_key_is_no_part_of_where_changes_go_on(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = rpde_page(ids(1, 7), int(asked.query.get("afterChangeNumber", 0)), 5)
        return as_json({**page, "next": f"{page['next']}&key=n0gle&shape=x"})

    with serving(answer) as server:
        first = fetched(f"{server.address}/feed?key=n0gle", tmp_path)
        assert first.state is not None
        assert first.state.next == f"{server.address}/feed?afterChangeNumber=7&shape=x"
        second = fetched(f"{server.address}/feed?key=n0gle", tmp_path, state=first.state)
    assert (second.unchanged, server.asked[-1].query["key"]) == (True, "n0gle")


def test_a_fetch_that_fails_leaves_the_earlier_one_alone(tmp_path: Path) -> None:
    feed = Feed("hsds")
    with serving(feed) as server:
        first = fetched(f"{server.address}/feed", tmp_path)
        feed.fault = Reply(b"", 500)
        work = tmp_path / "second"
        work.mkdir()
        refusal(f"{server.address}/feed", work)
    assert ids_in(first) == feed.ids
