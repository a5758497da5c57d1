"""A server that dies at the worst moment: nothing is lost, nothing is doubled, services answer on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from stores import Make, OwnServer
from test_store_changing import assert_same
from test_store_following import following, snapshot_in, until

from making import HOME, TODAY, WordEncoder, make_activity, make_profile, north
from spmatch import Activity
from spmatch.store import (
    DatabaseMatcher,
    Store,
    StoreError,
    amend,
    publish,
    read_latest,
    read_snapshot,
)

WORDS = WordEncoder()
MANY = 1_200


def many(title: str = "Kor") -> list[Activity]:
    return [
        make_activity(f"a{i:04}", title=f"{title} {i % 7}", place=north(i % 30))
        for i in range(MANY)
    ]


@pytest.fixture
def server(own_server: OwnServer) -> Iterator[OwnServer]:
    yield own_server
    own_server.start()


def killing(server: OwnServer) -> Callable[[str, int, int | None], None]:
    """A progress that kills the server once some rows are sent, and some are not."""

    def progress(what: str, done: int, of: int | None) -> None:
        if what == "load" and of is not None and 0 < done < of:
            server.kill()

    return progress


def test_a_first_load_that_is_cut_short_leaves_nothing_and_can_be_repeated(
    own_store: Store, server: OwnServer, snapshot_of: Make
) -> None:
    snapshot = snapshot_of(many())
    with pytest.raises(StoreError, match=r"cannot be reached|SQLSTATE 57"):
        publish(own_store, snapshot, progress=killing(server))
    server.start()
    assert read_latest(own_store) is None
    with own_store.connect() as connection:
        assert connection.execute("SELECT count(*) FROM activity").fetchone() == (0,)
    assert publish(own_store, snapshot).number == 1
    assert_same(read_snapshot(own_store, encoder=WORDS), snapshot)


def test_a_later_load_that_is_cut_short_leaves_what_was_there(
    own_store: Store, server: OwnServer, snapshot_of: Make
) -> None:
    before, after = snapshot_of(many()), snapshot_of(many("Sang")[100:])
    first = publish(own_store, before)
    with pytest.raises(StoreError):
        publish(own_store, after, progress=killing(server))
    server.start()
    assert read_latest(own_store) == first
    assert_same(read_snapshot(own_store, encoder=WORDS), before)
    second = publish(own_store, after)
    assert (second.number, second.changed, second.withdrawn) == (2, MANY - 100, 100)
    assert_same(read_snapshot(own_store, encoder=WORDS), after)


def test_a_follower_answers_while_the_server_is_away_says_how_old_and_catches_up(
    own_store: Store, server: OwnServer, snapshot_of: Make
) -> None:
    publish(own_store, snapshot_of(many()))
    profile = make_profile(needs="Sang", origin=HOME)
    with following(own_store, poll_seconds=0.1) as follower:
        with pytest.raises(StoreError):
            publish(own_store, snapshot_of(many("Sang")), progress=killing(server))
        until(lambda: follower.problem)
        assert "cannot be reached" in (follower.problem or "") or "SQLSTATE" in (
            follower.problem or ""
        )
        until(lambda: follower.freshness.checked_seconds_ago > 0.3)
        assert (follower.freshness.revision, follower.freshness.in_step) == (1, False)
        assert len(follower.matcher.catalogue) == MANY
        follower.matcher.match(profile, on=TODAY)

        server.start()
        until(lambda: follower.problem is None)
        assert follower.freshness.revision == 1
        publish(own_store, snapshot_of(many("Sang")))
        until(lambda: follower.freshness.revision == 2)
        assert_same(snapshot_in(follower), snapshot_of(many("Sang")))
        assert follower.matcher.match(profile, on=TODAY).suggestions


def test_a_server_that_dies_while_a_follower_reads_doubles_nothing(
    own_store: Store, server: OwnServer, snapshot_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(own_store, snapshot_of(many()))
    with following(own_store, poll_seconds=600) as follower:
        read, killed = [0], [False]
        validate = Activity.model_validate_json

        def counting(text: str) -> Activity:
            read[0] += 1
            if read[0] == 700 and not killed[0]:
                killed[0] = True
                server.kill()
            return validate(text)

        monkeypatch.setattr(Activity, "model_validate_json", counting)
        publish(own_store, snapshot_of(many("Sang")))
        until(lambda: killed[0])
        until(lambda: follower.problem or follower.freshness.revision == 2)
        server.start()
        until(lambda: follower.freshness.revision == 2 and follower.problem is None)
        monkeypatch.undo()
        assert_same(snapshot_in(follower), snapshot_of(many("Sang")))


def test_a_match_inside_the_database_goes_on_after_a_restart(
    own_store: Store, server: OwnServer, snapshot_of: Make
) -> None:
    publish(own_store, snapshot_of(many()))
    profile = make_profile(needs="Kor", origin=HOME, must={"distance_km": 3})
    with closing(DatabaseMatcher(own_store, encoder=WORDS)) as matcher:
        before = matcher.match(profile, on=TODAY)
        server.kill()
        with pytest.raises(StoreError, match="cannot be reached"):
            matcher.match(profile, on=TODAY)
        server.start()
        assert matcher.match(profile, on=TODAY).suggestions == before.suggestions


def test_an_amendment_whose_end_was_not_seen_can_be_repeated(
    own_store: Store, server: OwnServer, snapshot_of: Make
) -> None:
    """The server may die between keeping a change and saying so."""
    publish(own_store, snapshot_of(many()))
    kept = amend(own_store, [make_activity("new")], encoder=WORDS)
    server.kill()
    server.start()
    assert amend(own_store, [make_activity("new")], encoder=WORDS) == kept
