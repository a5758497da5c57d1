"""A service in step with the store: told of changes, asking for those it was not told of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from stores import Make, town
from test_store_changing import OtherEncoder, assert_same

from making import WordEncoder, make_activity
from spmatch import Activity, Catalogue, Matcher
from spmatch.building import build_snapshot
from spmatch.config import Config
from spmatch.snapshot import Snapshot
from spmatch.store import Follower, Store, StoreError, amend, publish, withdraw

WORDS = WordEncoder()
LONG = 30.0
"""Seconds after which something has clearly not happened; nothing waits as long."""


def until(holds: Callable[[], Any]) -> None:
    """Wait for something to come true."""
    give_up = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.01)


@contextmanager
def following(store: Store, **options: Any) -> Iterator[Follower]:
    follower = Follower(store, encoder=WORDS, **options)
    follower.watch()
    try:
        yield follower
    finally:
        follower.close()


def listening(store: Store) -> bool:
    """Whether a follower waits to be told."""
    with store.connect() as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE %s", [f"%{store.channel}%"]
        ).fetchall()
        idle = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle' AND pid <> pg_backend_pid()"
        ).fetchone()
    return bool(found) or bool(idle and idle[0])


def snapshot_in(follower: Follower) -> Snapshot:
    return follower.matcher._snapshot


def ids(matcher: Matcher) -> list[str]:
    return [one.id for one in matcher.catalogue]


def test_it_begins_with_the_whole_catalogue(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    assert ids(follower.matcher) == ["a", "b", "c"]
    assert follower.problem is None
    assert (follower.freshness.revision, follower.freshness.in_step) == (1, True)


def test_there_must_be_something_to_begin_with(store: Store) -> None:
    with pytest.raises(StoreError, match="spmatch store publish"):
        Follower(store, encoder=WORDS)


def test_it_is_told_of_a_change(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    # It would not ask by itself while this test runs.
    with following(store, poll_seconds=600) as follower:
        until(lambda: listening(store))
        amend(store, [make_activity("d")], ["a"], encoder=WORDS)
        until(lambda: ids(follower.matcher) == ["b", "c", "d"])
        assert follower.freshness.revision == 2


class Deaf(Store):
    """Listens where nobody speaks."""

    @property
    def channel(self) -> str:
        return "nobody"


def test_a_notification_that_is_lost_loses_nothing(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    with following(Deaf(store.url, store.schema), poll_seconds=0.05) as follower:
        amend(store, [make_activity("d")], encoder=WORDS)
        amend(store, [], ["a"], encoder=WORDS)
        until(lambda: ids(follower.matcher) == ["b", "c", "d"])


def test_what_it_holds_after_many_changes_is_what_a_new_one_reads(
    store: Store, snapshot_of: Make
) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    amend(
        store, [make_activity("aa", title="Dans"), make_activity("c", title="Løb")], encoder=WORDS
    )
    assert follower.refresh()
    amend(store, [make_activity("b", title="Film. Vi ser film sammen.")], ["a"], encoder=WORDS)
    amend(store, [make_activity("a", title="Kor")], ["aa"], encoder=WORDS)
    assert follower.refresh()
    assert_same(snapshot_in(follower), snapshot_in(Follower(store, encoder=WORDS)))


def test_only_what_changed_is_read(
    store: Store, snapshot_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    amend(store, [make_activity("b", title="Film")], encoder=WORDS)
    read: list[str] = []
    validate = Activity.model_validate_json
    monkeypatch.setattr(
        Activity, "model_validate_json", lambda text: read.append(text) or validate(text)
    )
    follower.refresh()
    assert len(read) == 1


def test_a_store_that_was_restored_is_read_anew(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    amend(store, [make_activity("d")], encoder=WORDS)
    follower = Follower(store, encoder=WORDS)
    with store.connect() as connection:
        # As it was before the last change, and then changed in another way.
        connection.execute("DELETE FROM activity WHERE id = 'd'")
        connection.execute("DELETE FROM revision WHERE number = 2")
    withdraw(store, ["a"])
    withdraw(store, ["b"])
    assert follower.refresh()
    assert ids(follower.matcher) == ["c"]


def test_what_cannot_be_taken_leaves_the_last_one_answering(
    store: Store, snapshot_of: Make
) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    before = follower.matcher
    other = build_snapshot(Catalogue(town(), id="town"), OtherEncoder(), Config.default())
    publish(store, other)
    assert not follower.refresh()
    assert follower.matcher is before
    assert follower.problem is not None
    assert "encoded by others" in follower.problem
    assert not follower.freshness.in_step


def test_what_follows_mends_it(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    other = build_snapshot(Catalogue(town(), id="town"), OtherEncoder(), Config.default())
    publish(store, other)
    follower.refresh()
    publish(store, snapshot_of(town()[:1]))
    assert follower.refresh()
    assert follower.problem is None
    assert ids(follower.matcher) == ["a"]


def test_tables_of_another_version_leave_the_last_one_answering(
    store: Store, snapshot_of: Make
) -> None:
    publish(store, snapshot_of(town()))
    follower = Follower(store, encoder=WORDS)
    with store.connect() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        assert not follower.refresh()
    finally:
        with store.connect() as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert follower.problem is not None
    assert "9999" in follower.problem
    assert len(follower.matcher.catalogue) == 3


def test_a_matcher_is_prepared_before_it_answers(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    prepared: list[Matcher] = []
    answering: list[Matcher | None] = []

    def prepare(matcher: Matcher) -> None:
        prepared.append(matcher)
        answering.append(getattr(follower, "matcher", None) if len(prepared) > 1 else None)

    follower = Follower(store, encoder=WORDS, prepare=prepare)
    first = follower.matcher
    withdraw(store, ["a"])
    follower.refresh()
    assert prepared == [first, follower.matcher]
    assert answering == [None, first]


def test_an_empty_catalogue_is_followed(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of([]))
    follower = Follower(store, encoder=WORDS)
    amend(store, town(), encoder=WORDS)
    follower.refresh()
    assert ids(follower.matcher) == ["a", "b", "c"]
    withdraw(store, ["a", "b", "c"])
    follower.refresh()
    assert (ids(follower.matcher), follower.problem) == ([], None)


def test_events_are_said_once(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    said: list[tuple[str, dict[str, Any]]] = []

    def says(event: str, *, error: BaseException | None = None, **facts: Any) -> None:
        said.append((event, facts))

    follower = Follower(store, encoder=WORDS, says=says)
    follower._store = Store("postgresql://127.0.0.1:1/db")
    follower.refresh()
    follower.refresh()
    follower._store = store
    follower.refresh()
    assert [event for event, _ in said] == ["store.taken", "store.lost", "store.in_step"]
    assert said[0][1] == {"revision": 1, "activities": 3}
