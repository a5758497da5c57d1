"""Reading a collection: what is read, and every fault named with its line and its remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from collected import FOLDER, small_catalogue, small_collection

from spmatch.errors import InputError, Problem
from spmatch.evaluation.collection import load_collection
from spmatch.evaluation.judgement import agreement
from spmatch.geography import shipped_gazetteer

SECRET = "Grædefærdig"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small collection that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "collection"))


def add_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load_collection(
            folder,
            activity_ids={activity.id for activity in small_catalogue()},
            gazetteer=shipped_gazetteer(),
        )
    return caught.value.problems


def test_profiles_of_several_files_stand_in_the_order_of_their_ids() -> None:
    assert list(small_collection().profiles) == ["p1", "p2", "p3", "p4", "p5", "p6"]


def test_grades_are_read_by_profile_and_activity() -> None:
    assert small_collection().qrels["p2"] == {"grief": 3, "phone": 1, "sorg": 3}


def test_the_day_to_match_for_comes_from_the_description() -> None:
    assert str(small_collection().on) == "2026-11-23"


def test_a_split_keeps_its_own_profiles_alone() -> None:
    assert list(small_collection().of_split("test").qrels) == ["p2", "p4"]


def test_a_grade_that_changes_changes_the_hash_and_not_that_of_the_profiles(folder: Path) -> None:
    add_line(folder / "qrels.txt", "p6 0 swim 1")
    changed = load_collection(folder)
    assert changed.hash != small_collection().hash
    assert changed.profiles_hash == small_collection().profiles_hash


def test_a_collection_that_is_not_judged_yet_can_be_read(folder: Path) -> None:
    (folder / "qrels.txt").unlink()
    assert load_collection(folder, judged=False).qrels["p1"] == {}


def test_the_agreement_of_two_passes_is_that_of_the_pairs_both_judged() -> None:
    # Seen: (3,3) (2,1) (0,0) (3,3) (2,2): the squares apart sum to 1. By chance, each first
    # grade (0, 2, 2, 3, 3) against each second one (0, 1, 2, 3, 3): 23 + 7 + 7 + 14 + 14 = 65, over
    # the 5 pairs is 13.
    kappa, pairs = agreement(small_collection())
    assert pairs == 5
    assert kappa == pytest.approx(1 - 1 / 13, abs=1e-12)


@pytest.mark.parametrize(
    ("file", "line", "number", "field"),
    [
        ("qrels.txt", "p1 0 walk", 20, ""),
        ("qrels.txt", "p1 0 walk 4", 20, "grade"),
        ("qrels.txt", "p1 0 walk two", 20, "grade"),
        ("qrels.txt", "p9 0 walk 1", 20, "profile_id"),
        ("qrels.txt", "p1 0 nothing 1", 20, "activity_id"),
        ("qrels.txt", "p1 0 choir 1", 20, "activity_id"),
        ("qrels_second.txt", "p1 0 walk -1", 6, "grade"),
        ("profiles_da.jsonl", '{"id": "p7", "needs": ', 4, ""),
        ("profiles_da.jsonl", '{"id": "p7", "age": "old"}', 4, "age"),
        ("profiles_da.jsonl", '{"needs": "x"}', 4, "id"),
        ("profiles_da.jsonl", '{"id": "p 7"}', 4, "id"),
        ("profiles_en.jsonl", '{"id": "p1"}', 4, "id"),
        ("profiles_en.jsonl", '{"id": "p7", "origin": {"place": "Nowhereby"}}', 4, "origin"),
        ("groups.jsonl", '{"id": "p7", "split": "test", "language": "da"}', 7, "id"),
        ("groups.jsonl", '{"id": "p1", "split": "test", "language": "da"}', 7, "id"),
        ("groups.jsonl", '{"id": "p1", "split": "train", "language": "da"}', 7, "split"),
        ("groups.jsonl", "{", 7, ""),
    ],
)
def test_a_malformed_line_is_named_with_its_remedy(
    folder: Path, file: str, line: str, number: int, field: str
) -> None:
    add_line(folder / file, line)
    found = {(one.where, one.field): one for one in problems_of(folder)}
    assert found[f"{file}, line {number}", field].remedy


def test_faults_in_all_files_are_listed_at_once(folder: Path) -> None:
    add_line(folder / "profiles_da.jsonl", "{")
    add_line(folder / "groups.jsonl", "{")
    add_line(folder / "qrels.txt", "p1 0 walk")
    add_line(folder / "qrels.txt", "p1 0 walk 9")
    wheres = [problem.where for problem in problems_of(folder)]
    assert wheres == [
        "profiles_da.jsonl, line 4",
        "groups.jsonl, line 7",
        "qrels.txt, line 20",
        "qrels.txt, line 21",
    ]


def test_a_problem_never_repeats_what_a_profile_says(folder: Path) -> None:
    add_line(
        folder / "profiles_da.jsonl", f'{{"id": "p7", "needs": "{SECRET}", "age": "{SECRET}"}}'
    )
    assert SECRET not in " ".join(map(str, problems_of(folder)))


def test_a_profile_without_a_group_is_a_problem(folder: Path) -> None:
    lines = (folder / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "groups.jsonl").write_text("\n".join(lines[1:]), encoding="utf-8")
    assert [(one.where, one.field) for one in problems_of(folder)] == [("groups.jsonl", "p1")]


def test_a_profile_without_grades_is_a_problem(folder: Path) -> None:
    lines = (folder / "qrels.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("p5")]
    (folder / "qrels.txt").write_text("\n".join(kept), encoding="utf-8")
    assert [(one.where, one.field) for one in problems_of(folder)] == [("qrels.txt", "p5")]


def test_an_empty_folder_names_each_file_that_is_missing(tmp_path: Path) -> None:
    assert [one.where for one in problems_of(tmp_path)] == [
        "profiles.jsonl",
        "groups.jsonl",
        "qrels.txt",
    ]


def test_text_that_is_not_utf_8_is_a_problem_of_its_file(folder: Path) -> None:
    (folder / "qrels_second.txt").write_bytes("p1 0 choir 3 blåbær".encode("latin-1"))
    assert [one.where for one in problems_of(folder)] == ["qrels_second.txt"]


def test_a_line_separator_inside_a_text_ends_no_line(folder: Path) -> None:
    add_line(folder / "profiles_da.jsonl", '{"id": "p7", "needs": "a\u2028b"}')
    add_line(folder / "groups.jsonl", '{"id": "p7", "split": "test", "language": "da"}')
    add_line(folder / "qrels.txt", "p7 0 walk 1")
    assert load_collection(folder).profiles["p7"].needs == "a\u2028b"


def test_a_description_that_is_no_toml_is_a_problem(folder: Path) -> None:
    (folder / "collection.toml").write_text("name = ", encoding="utf-8")
    assert [one.where for one in problems_of(folder)] == ["collection.toml"]
