"""A snapshot is kept in step with its sources; what cannot be believed stays as it was.

Feeds over HTTP and runs that are killed: ``syncing/``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spmatch.errors import CatalogueError, SnapshotError
from spmatch.matcher import Matcher
from spmatch.syncing import SyncReport, sync


def write(file: Path, *ids: str, title: str = "Choir") -> str:
    lines = [json.dumps({"id": one, "title": f"{title} {one}"}) + "\n" for one in ids]
    file.write_text("".join(lines), encoding="utf-8")
    return str(file)


def run(directory: Path, *sources: str, **options: Any) -> SyncReport:
    return sync(sources, directory, encoder="baseline", **options)


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
    assert [one.records for one in report.sources] == [2, 1]


def test_a_source_that_is_given_twice_is_read_once(town: Path, out: Path) -> None:
    report = run(out, write(town, "a"), str(town.parent / "." / town.name))
    assert (len(report.sources), report.problems) == (1, ())


def test_a_source_that_is_named_no_more_is_withdrawn(town: Path, tmp_path: Path, out: Path) -> None:
    run(out, write(town, "a"), write(tmp_path / "other.jsonl", "x"))
    assert run(out, str(town)).withdrawn == ("x",)


def test_another_encoder_encodes_anew(town: Path, out: Path) -> None:
    run(out, write(town, "a", "b"))
    state = json.loads((out / "sync.json").read_text(encoding="utf-8"))
    (out / "sync.json").write_text(json.dumps({**state, "encoder": "other"}), encoding="utf-8")
    report = run(out, str(town))
    assert (report.rebuilt, report.added, report.changed) == (True, (), ())


def test_a_snapshot_that_can_be_used_no_more_still_tells_what_changed(
    town: Path, out: Path
) -> None:
    run(out, write(town, "a", "b"))
    (manifest,) = out.glob("versions/*/manifest.json")
    manifest.write_text("{", encoding="utf-8")
    report = run(out, write(town, "a", "b", "c"))
    assert (report.added, report.changed, held(out)) == (("c",), (), ["a", "b", "c"])


# The id of an activity that several sources tell of


def choir(file: Path, id: str, **facts: str) -> str:
    record = {
        "id": id,
        "title": "Byens Kor",
        "description": "Vi synger folkelige sange i tre stemmer, og der er kaffe i pausen.",
        "provider": {"name": "Byens Kor"},
        "place": {"address": "Vestergade 4", "postcode": "9000"},
        **facts,
    }
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return str(file)


def test_a_check_of_either_record_adds_and_withdraws_nothing(tmp_path: Path, out: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    run(out, choir(one, "b", verified_on="2026-01-01"), choir(other, "c"))
    report = run(out, str(one), choir(other, "c", verified_on="2026-11-01"))
    assert (report.added, report.changed, report.withdrawn) == ((), ("b",), ())


def test_a_record_that_joins_moves_no_link(tmp_path: Path, out: Path) -> None:
    run(out, choir(tmp_path / "one.jsonl", "b"))
    report = run(out, str(tmp_path / "one.jsonl"), choir(tmp_path / "other.jsonl", "a"))
    assert (held(out), report.added, report.withdrawn) == (["b"], (), ())


def test_a_record_that_leaves_withdraws_its_id(tmp_path: Path, out: Path) -> None:
    run(out, choir(tmp_path / "one.jsonl", "b"), choir(tmp_path / "other.jsonl", "c"))
    report = run(out, str(tmp_path / "other.jsonl"))
    assert (report.added, report.withdrawn) == (("c",), ("b",))


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


def test_a_loss_can_be_believed(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    assert len(run(out, write(town, "a"), believe=[str(town)]).withdrawn) == 9


def test_what_was_believed_is_what_the_next_time_is_seen_against(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    run(out, write(town, "a", "b"), believe=[str(town)])
    assert run(out, write(town, "a", "b")).refused == ()


def test_a_small_loss_is_believed(town: Path, out: Path) -> None:
    run(out, write(town, *"abcdefghij"))
    assert run(out, write(town, *"abcdefgh")).withdrawn == ("i", "j")


@pytest.fixture
def other(tmp_path: Path, town: Path, out: Path) -> Path:
    """Another source, after a run with both: five records in each."""
    other = tmp_path / "other.jsonl"
    run(out, write(town, *"abcde"), write(other, *"vwxyz"))
    return other


def test_a_source_cannot_hide_its_loss_behind_another(town: Path, other: Path, out: Path) -> None:
    report = run(out, write(town, *"abcdefghij"), write(other, "v"))
    (problem,) = report.refused
    assert problem.where == str(other)
    assert problem.reason == "it held 5 records and now holds 1."


def test_a_source_that_is_refused_stays_and_the_others_go_on(
    town: Path, other: Path, out: Path
) -> None:
    report = run(out, write(town, *"abcdef"), write(other, "v"))
    assert (report.added, report.withdrawn, held(out)) == (("f",), (), list("abcdefvwxyz"))
    assert [(one.records, bool(one.refused)) for one in report.sources] == [(6, False), (5, True)]


def test_a_source_stays_refused_until_it_is_believed(town: Path, other: Path, out: Path) -> None:
    for _ in range(2):
        assert len(run(out, write(town, *"abcdef"), write(other, "v")).refused) == 1
    assert run(out, str(town), str(other), believe=[str(other)]).withdrawn == tuple("wxyz")


def test_to_believe_one_source_is_not_to_believe_another(
    town: Path, other: Path, out: Path
) -> None:
    report = run(out, write(town, "a"), write(other, "v"), believe=[str(other)])
    assert (report.withdrawn, [one.where for one in report.refused]) == (
        tuple("wxyz"),
        [str(town)],
    )


def test_a_source_that_cannot_be_read_stays_and_the_others_go_on(
    town: Path, other: Path, out: Path
) -> None:
    other.unlink()
    report = run(out, write(town, *"abcdef"), str(other))
    assert (held(out), len(report.refused)) == (list("abcdefvwxyz"), 1)


def test_a_source_that_was_never_read_stops_the_run(town: Path, tmp_path: Path, out: Path) -> None:
    run(out, write(town, "a"))
    with pytest.raises(CatalogueError, match="no such file"):
        run(out, write(town, "a", "b"), str(tmp_path / "mistyped.jsonl"))
    assert held(out) == ["a"]


def test_where_nothing_is_kept_of_a_refused_source_the_run_stops(
    town: Path, other: Path, out: Path
) -> None:
    for file in (out / "kept").iterdir():
        file.write_text("{", encoding="utf-8")
    with pytest.raises(CatalogueError, match="held 5 records"):
        run(out, str(town), write(other, "v"))
    assert held(out) == list("abcdevwxyz")


# What is kept between two runs


def test_a_damaged_state_is_as_none(town: Path, out: Path) -> None:
    run(out, write(town, "a"))
    (out / "sync.json").write_text("{", encoding="utf-8")
    assert run(out, str(town)).rebuilt is False


def test_what_earlier_runs_kept_does_not_pile_up(town: Path, out: Path) -> None:
    for ids in ("ab", "abc", "abcd"):
        run(out, write(town, *ids))
    assert len(list((out / "kept").iterdir())) == 1
    assert sorted(one.name for one in out.iterdir()) == [
        "current",
        "kept",
        "lock",
        "sync.json",
        "sync.lock",
        "versions",
    ]


def test_where_nothing_can_be_written_it_is_said(town: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SnapshotError, match="Check the path"):
        run(tmp_path / "file", write(town, "a"))
