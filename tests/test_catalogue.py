"""A catalogue: one order, each id once, a hash of what it holds, and every fault reported."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from making import make_activity
from spmatch.catalogue import Catalogue
from spmatch.errors import CatalogueError, Problem, UnknownActivityError
from spmatch.records import Lines, Records, write_lines

SONG = {"id": "song", "title": "Kor", "description": "Vi synger."}
GARDEN = {"id": "garden", "title": "Havehold"}
NAMELESS = {"id": "nameless"}


def source(folder: Path, *records: dict[str, Any] | str, name: str = "town.jsonl") -> Path:
    path = folder / name
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ids(catalogue: Catalogue) -> list[str]:
    return [activity.id for activity in catalogue]


# Order and ids


def test_activities_are_in_the_order_of_their_ids() -> None:
    assert ids(Catalogue([make_activity("b"), make_activity("c"), make_activity("a")])) == list(
        "abc"
    )


def test_an_activity_is_found_by_its_id() -> None:
    catalogue = Catalogue([make_activity("b"), make_activity("a")])
    assert (catalogue["b"].id, catalogue.row("b")) == ("b", 1)


def test_an_id_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownActivityError, match="'c'"):
        Catalogue([make_activity("a")])["c"]


def test_every_id_that_is_used_twice_is_reported() -> None:
    twice = [make_activity(name) for name in ("a", "b", "a", "c", "b", "a")]
    with pytest.raises(CatalogueError) as caught:
        Catalogue(twice)
    assert [problem.reason for problem in caught.value.problems] == [
        "a is used more than once.",
        "b is used more than once.",
    ]


def test_a_catalogue_may_be_empty() -> None:
    assert len(Catalogue([])) == 0


# On disk


@pytest.fixture
def kept(tmp_path: Path) -> Catalogue:
    """A catalogue that was built, on disk; its ids are of every kind of letter."""
    town = Catalogue([make_activity(name) for name in ("å", "a", "Z", "🌱", 'b"', "ø")])
    lines = (one.model_dump_json(exclude_defaults=True) for one in town)
    places = write_lines(tmp_path / "kept", lines)
    records = Records(Lines(tmp_path / "kept", places))
    return Catalogue.kept(records, id="town", hash="1" * 64, digests=town.digests)


def test_every_id_on_disk_is_found(kept: Catalogue) -> None:
    assert [kept.row(one.id) for one in kept] == list(range(6))


def test_every_row_on_disk_has_its_id(kept: Catalogue) -> None:
    assert [kept.id_of(row) for row in range(6)] == ids(kept)


@pytest.mark.parametrize("id", ["", "A", "aa", "ö", "\U0010ffff"])
def test_an_id_that_is_not_on_disk_is_an_error(kept: Catalogue, id: str) -> None:
    with pytest.raises(UnknownActivityError, match="No activity"):
        kept.row(id)


def test_an_activity_on_disk_is_found_by_its_id(kept: Catalogue) -> None:
    assert kept["ø"].title == "Activity ø"


def test_what_was_kept_is_not_hashed_again(kept: Catalogue) -> None:
    assert (kept.id, kept.hash, kept.problems) == ("town", "1" * 64, ())


# The hash


def test_the_order_of_the_source_does_not_change_the_hash() -> None:
    some = [make_activity("a", description="x"), make_activity("b")]
    assert Catalogue(some).hash == Catalogue(reversed(some)).hash


def test_the_hash_is_made_of_the_digests() -> None:
    # So that who changes a few of a million need not go through all of them.
    catalogue = Catalogue([make_activity("b"), make_activity("a", languages=["da"])])
    lines = [
        '{"id":"a","title":"Activity a","description":"","themes":[],"sessions":[],"languages":["da"]}',
        '{"id":"b","title":"Activity b","description":"","themes":[],"sessions":[],"languages":[]}',
    ]
    digests = b"".join(hashlib.sha256(line.encode()).digest() for line in lines)
    assert catalogue.hash == hashlib.sha256(digests).hexdigest()


def test_one_changed_fact_changes_the_hash() -> None:
    free, unstated = make_activity("a", cost={"amount": 0}), make_activity("a")
    assert Catalogue([free]).hash != Catalogue([unstated]).hash


def test_a_missing_activity_changes_the_hash() -> None:
    assert Catalogue([make_activity("a")]).hash != Catalogue([]).hash


def test_a_catalogue_without_a_name_is_named_by_its_hash() -> None:
    catalogue = Catalogue([make_activity("a")])
    assert catalogue.id == catalogue.hash[:12]


def test_a_name_does_not_change_the_hash() -> None:
    named = Catalogue([make_activity("a")], id="town")
    assert (named.id, named.hash) == ("town", Catalogue([make_activity("a")]).hash)


# Reading


def test_a_source_is_read(tmp_path: Path) -> None:
    catalogue = Catalogue.read(source(tmp_path, SONG, GARDEN))
    assert ids(catalogue) == ["garden", "song"]
    assert catalogue["song"].description == "Vi synger."


def test_several_sources_are_one_catalogue(tmp_path: Path) -> None:
    one, other = source(tmp_path, SONG, name="a.jsonl"), source(tmp_path, GARDEN, name="b.jsonl")
    catalogue = Catalogue.read(one, other)
    assert (ids(catalogue), catalogue.id) == (["garden", "song"], "a+b")


def test_the_order_of_sources_does_not_change_the_hash(tmp_path: Path) -> None:
    one, other = source(tmp_path, SONG, name="a.jsonl"), source(tmp_path, GARDEN, name="b.jsonl")
    assert Catalogue.read(one, other).hash == Catalogue.read(other, one).hash


def test_a_bad_record_is_left_out_and_the_good_ones_stay(tmp_path: Path) -> None:
    catalogue = Catalogue.read(source(tmp_path, SONG, NAMELESS, "{not json", GARDEN))
    assert ids(catalogue) == ["garden", "song"]
    assert [problem.where for problem in catalogue.problems] == [
        "town.jsonl, line 2",
        "town.jsonl, line 3",
    ]


def test_a_problem_names_field_reason_and_remedy(tmp_path: Path) -> None:
    (problem,) = Catalogue.read(source(tmp_path, SONG, NAMELESS)).problems
    assert problem == Problem(
        "town.jsonl, line 2", "title", "Field required.", "State it.", "rejected"
    )


def test_all_problems_of_one_record_are_listed(tmp_path: Path) -> None:
    bad = {**SONG, "titel": "Kor", "delivery": "by post", "cost": {"amount": -5}}
    fields = [problem.field for problem in Catalogue.read(source(tmp_path, bad)).problems]
    assert sorted(fields) == ["cost.amount", "delivery", "titel"]


def test_strict_refuses_a_bad_record(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"town\.jsonl, line 2, title"):
        Catalogue.read(source(tmp_path, SONG, NAMELESS), strict=True)


def test_strict_takes_a_source_without_a_fault(tmp_path: Path) -> None:
    assert len(Catalogue.read(source(tmp_path, SONG, GARDEN), strict=True)) == 2


def test_the_first_of_two_records_with_one_id_is_kept(tmp_path: Path) -> None:
    catalogue = Catalogue.read(source(tmp_path, SONG, {**SONG, "title": "Et andet kor"}))
    assert catalogue["song"].title == "Kor"
    assert [problem.reason for problem in catalogue.problems] == ["song is used more than once."]


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such file or folder"):
        Catalogue.read(tmp_path / "none.jsonl")


def test_a_source_of_an_unknown_format_says_which_are_read(tmp_path: Path) -> None:
    path = tmp_path / "town.txt"
    path.write_text("Kor hver mandag", encoding="utf-8")
    with pytest.raises(CatalogueError, match="Formats that are read: native"):
        Catalogue.read(path)


def test_progress_counts_records_and_problems(tmp_path: Path) -> None:
    seen: list[int] = []
    path = source(tmp_path, SONG, NAMELESS, GARDEN)
    Catalogue.read(path, progress=lambda what, done, total: seen.append(done))
    assert seen == [1, 2, 3]


# Kept as it is


def test_a_catalogue_is_shown_by_what_it_is_not_by_what_it_holds() -> None:
    catalogue = Catalogue([make_activity("a", description="Vi synger.")], id="town")
    assert repr(catalogue) == f"Catalogue(id='town', activities=1, hash={catalogue.hash[:12]!r})"


def test_the_activities_of_a_catalogue_cannot_be_exchanged() -> None:
    assert isinstance(Catalogue([make_activity("a")]).activities, tuple)


def test_what_was_read_out_of_prose_changes_the_hash() -> None:
    plain = make_activity("a")
    told = make_activity("a", evidence=[{"field": "cost", "quote": "free"}])
    assert Catalogue([plain]).hash != Catalogue([told]).hash
