"""``spmatch store``: what an operator types, and what a role needs for it."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import pytest
from stores import Make, psycopg, town

from making import HOME, WordEncoder, make_activity
from spmatch import Matcher
from spmatch.cli import main
from spmatch.cli.store import ADDRESS, add_store_options, database_matcher, run_store
from spmatch.config import Config
from spmatch.store import (
    Follower,
    Store,
    StoreError,
    amend,
    publish,
    read_latest,
    upgrade,
)


def run(store: Store, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_store_options(parser)
    given = [] if "--sql" in words else ["--database", store.url]
    return run_store(parser.parse_args([*words, *given, "--schema", store.schema]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot by the encoder that is fitted on its catalogue: the store must hold all of it."""
    path = tmp_path_factory.mktemp("snapshot")
    Matcher.build(town(), encoder="baseline").save(path)
    return path


def test_a_snapshot_is_published_and_shown(
    store: Store, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(store, "status") == 0
    assert run(store, "publish", "--snapshot", str(folder)) == 0
    assert run(store, "status") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "The store is empty. Put a catalogue there with: spmatch store publish"
    assert re.fullmatch(
        r"Revision 1 of [\d-]+ [\d:]+ UTC: 3 activities of \w+ \(3 added, 0 changed, 0 withdrawn\)\.",
        said[1],
    )
    assert said[2] == said[1]


def test_a_second_time_nothing_has_changed(
    store: Store, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, "publish", "--snapshot", str(folder))
    run(store, "publish", "--snapshot", str(folder))
    assert "Nothing has changed." in capsys.readouterr().err


def test_a_fitted_encoder_comes_with_the_catalogue(store: Store, folder: Path) -> None:
    run(store, "publish", "--snapshot", str(folder))
    there, here = Follower(store).matcher, Matcher.load(folder)
    profile = {"needs": "Jeg vil gerne synge i kor."}
    assert there.match(profile).to_json(timing=False) == here.match(profile).to_json(timing=False)


def test_a_match_is_answered_by_the_database(store: Store, folder: Path) -> None:
    run(store, "publish", "--snapshot", str(folder))
    arguments = argparse.Namespace(
        database=store.url, database_schema=store.schema, places=None, threads=None
    )
    matcher = database_matcher(arguments, Config.default())
    profile = {"needs": "Jeg vil gerne synge i kor.", "text_language": "da"}
    here = Matcher.load(folder)
    assert matcher.match(profile).suggestions == here.match(profile).suggestions
    assert matcher.reader_language(here_profile := profile_of(profile)) == "da"
    assert here_profile.text_language == "da"
    matcher.close()


def found(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without how long it took and what was looked at on the way to it."""
    return {name: value for name, value in answer.items() if name not in ("timing_ms", "search")}


def test_the_command_matches_one_inside_the_database(
    store: Store, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, "publish", "--snapshot", str(folder))
    person = tmp_path / "person.json"
    person.write_text('{"needs": "Jeg vil gerne synge i kor.", "must": {"delivery": ["phone"]}}')
    one = ["match", "--profile", str(person), "--format", "json", "--on", "2026-11-23"]
    capsys.readouterr()
    assert main([*one, "--snapshot", str(folder)]) == 0
    here = json.loads(capsys.readouterr().out)
    assert main([*one, "--database", store.url, "--schema", store.schema]) == 0
    there = json.loads(capsys.readouterr().out)
    assert found(there) == found(here)


def test_the_command_matches_many_inside_the_database(
    store: Store,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(store, "publish", "--snapshot", str(folder))
    people = tmp_path / "people.jsonl"
    lines = [json.dumps({"id": str(number), "age": number}) for number in range(70)]
    people.write_text("\n".join([*lines, '{"age": -1}']))
    many = ["match", "--profiles", str(people), "--on", "2026-11-23"]
    capsys.readouterr()
    assert main([*many, "--snapshot", str(folder)]) == 3
    here = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    monkeypatch.setenv(ADDRESS, store.url)
    assert main([*many, "--schema", store.schema, "--database"]) == 3
    there = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [found(one) for one in there] == [found(one) for one in here]


def test_a_table_names_what_a_looser_limit_brings(
    store: Store, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, "publish", "--snapshot", str(folder))
    person = tmp_path / "person.json"
    person.write_text(json.dumps({"origin": HOME, "must": {"distance_km": 1}}))
    where = ["--database", store.url, "--schema", store.schema]
    assert main(["match", "--profile", str(person), "--language", "en", *where]) == 0
    assert "Bog" in capsys.readouterr().out


def profile_of(record: dict[str, str]):  # type: ignore[no-untyped-def]
    from spmatch import Profile

    return Profile.read(record)


def test_an_activity_is_withdrawn(
    store: Store, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, "publish", "--snapshot", str(folder))
    assert run(store, "withdraw", "b") == 0
    assert "2 activities" in capsys.readouterr().out.splitlines()[-1]


def test_an_upgrade_says_the_version(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(store, "upgrade") == 0
    assert capsys.readouterr().out == f"The tables in schema {store.schema} are of version 0001.\n"


def test_statements_are_shown_without_a_database(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    assert run(store, "upgrade", "--sql") == 0
    assert "CREATE TABLE activity" in capsys.readouterr().out


def test_a_database_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    parser = argparse.ArgumentParser()
    add_store_options(parser)
    with pytest.raises(StoreError, match="--database URL, or set SPMATCH_DATABASE"):
        run_store(parser.parse_args(["status"]))


def test_the_environment_may_name_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ADDRESS, store.url)
    parser = argparse.ArgumentParser()
    add_store_options(parser)
    assert run_store(parser.parse_args(["status", "--schema", store.schema])) == 0
    assert "empty" in capsys.readouterr().out


GRANTS = re.search(
    r"```sql\n(CREATE ROLE spmatch_publisher.*?)```",
    (Path(__file__).parents[2] / "docs" / "database.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def test_the_documented_rights_are_enough_and_no_more(own_store: Store, snapshot_of: Make) -> None:
    assert GRANTS is not None
    with psycopg.connect(own_store.url, autocommit=True) as connection:
        for statement in (
            GRANTS[1].replace("SCHEMA spmatch", f"SCHEMA {own_store.schema}").split(";")
        ):
            if statement.strip():
                connection.execute(statement)
    as_role = psycopg.conninfo.make_conninfo
    publisher, reader = (
        Store(as_role(own_store.url, user=f"spmatch_{role}"), own_store.schema)
        for role in ("publisher", "reader")
    )
    try:
        publish(publisher, snapshot_of(town()))
        amend(publisher, [make_activity("d")], ["a"], encoder=WordEncoder())
        follower = Follower(reader, encoder=WordEncoder())
        assert len(follower.matcher.catalogue) == 3
        with pytest.raises(StoreError, match="has not the rights"):
            amend(reader, [make_activity("e")], encoder=WordEncoder())
        with pytest.raises(StoreError, match="has not the rights"):
            upgrade(Store(reader.url, "another"))
        latest = read_latest(reader)
        assert latest is not None
        assert latest.number == 2
    finally:
        with psycopg.connect(own_store.url, autocommit=True) as connection:
            connection.execute(
                "DROP OWNED BY spmatch_publisher, spmatch_reader; "
                "DROP ROLE spmatch_publisher, spmatch_reader"
            )
