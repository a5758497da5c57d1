"""Runs: made by systems, written and read as TREC files, refused with every faulty line."""

from __future__ import annotations

from pathlib import Path

import pytest
from collected import make_lists, small_collection, small_snapshot, small_task

from making import TODAY
from spmatch.config import Config
from spmatch.errors import InputError
from spmatch.evaluation.runs import Run, make_run, read_run, write_run
from spmatch.evaluation.stored_runs import MANIFEST, RunsMadeFrom, load_runs, store_runs
from spmatch.evaluation.systems import MatcherSystem, RankedList
from spmatch.matcher import Matcher

MADE_FROM = RunsMadeFrom(
    catalogue_hash="c", profiles_hash="p", config_hash="s", on="2026-11-23", seed=1, candidates=100
)


def read_text(path: Path, text: str) -> Run:
    path.write_text(text, encoding="utf-8")
    return read_run(path, profile_ids={"p1", "p2"}, activity_ids={"a", "b", "c"})


def test_a_written_run_reads_back_in_the_same_order(tmp_path: Path) -> None:
    run = make_lists({"p1": ["b", "a"], "p2": ["c"]})
    write_run(run, tmp_path / "x.run")
    again = read_run(tmp_path / "x.run")
    assert {i: one.ids for i, one in again.lists.items()} == {"p1": ("b", "a"), "p2": ("c",)}


def test_equal_scores_are_written_apart_so_that_every_tool_reads_one_order(tmp_path: Path) -> None:
    run = Run("x", "", "", "run", {"p1": RankedList(("c", "a", "b"), (0.5, 0.5, 0.5))})
    write_run(run, tmp_path / "x.run")
    scores = [float(line.split()[4]) for line in (tmp_path / "x.run").read_text().splitlines()]
    assert scores == [0.5, 0.499999, 0.499998]


def test_a_higher_score_comes_first_whatever_rank_is_stated(tmp_path: Path) -> None:
    run = read_text(tmp_path / "x.run", "p1 Q0 a 1 0.1 x\np1 Q0 b 2 0.9 x\n")
    assert run["p1"].ids == ("b", "a")


def test_equal_scores_stand_by_the_stated_rank(tmp_path: Path) -> None:
    run = read_text(tmp_path / "x.run", "p1 Q0 a 2 0.5 x\np1 Q0 b 1 0.5 x\n")
    assert run["p1"].ids == ("b", "a")


def test_a_run_is_named_by_its_last_field(tmp_path: Path) -> None:
    assert read_text(tmp_path / "x.run", "p1 Q0 a 1 0.1 mine\n").name == "mine"


def test_a_profile_that_is_absent_got_nothing(tmp_path: Path) -> None:
    assert read_text(tmp_path / "x.run", "p1 Q0 a 1 0.1 x\n")["p2"].ids == ()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("p1 Q0 b 2 0.4", ""),
        ("p1 Q0 b two 0.4 x", "rank"),
        ("p1 Q0 b 2 high x", "score"),
        ("p1 Q0 b 2 nan x", "score"),
        ("p9 Q0 b 2 0.4 x", "profile_id"),
        ("p1 Q0 z 2 0.4 x", "activity_id"),
        ("p1 Q0 a 2 0.4 x", "activity_id"),
    ],
)
def test_a_malformed_line_of_a_run_is_named_with_its_remedy(
    tmp_path: Path, line: str, field: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path / "x.run", f"p1 Q0 a 1 0.5 x\n\n{line}\n")
    (problem,) = caught.value.problems
    assert (problem.where, problem.field) == ("x.run, line 3", field)
    assert problem.remedy


def test_every_malformed_line_of_a_run_is_listed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path / "x.run", "p1\np9 Q0 a one 0.5 x\n")
    assert [one.where for one in caught.value.problems] == [
        "x.run, line 1",
        "x.run, line 2",
        "x.run, line 2",
    ]


def test_a_run_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_run(tmp_path / "none.run")


def test_a_run_of_a_matcher_holds_what_it_answers() -> None:
    matcher = Matcher(small_snapshot(), Config.default())
    system = MatcherSystem("default", "", "", "default", matcher, TODAY)
    run = make_run(system, small_collection().profiles)
    for i, profile in small_collection().profiles.items():
        response = matcher.match(profile, k=100, on=TODAY)
        assert run[i].ids == tuple(one.activity.id for one in response.suggestions)
        assert run[i].confidence == response.confidence


def test_stored_runs_come_back_when_they_were_made_from_the_same(tmp_path: Path) -> None:
    run = make_lists({"p1": ["b", "a"]}, "bm25")
    kept = Run(run.name, run.title, run.description, "baseline", run.lists)
    store_runs(tmp_path, [kept], MADE_FROM)
    (again,) = load_runs(tmp_path, MADE_FROM) or ()
    assert (again.name, again.kind, again["p1"].ids) == ("bm25", "baseline", ("b", "a"))


def test_stored_runs_of_another_catalogue_are_not_taken(tmp_path: Path) -> None:
    store_runs(tmp_path, [make_lists({"p1": ["a"]})], MADE_FROM)
    assert load_runs(tmp_path, MADE_FROM.model_copy(update={"catalogue_hash": "d"})) is None


def test_a_damaged_manifest_of_stored_runs_means_that_there_are_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{", encoding="utf-8")
    assert load_runs(tmp_path, MADE_FROM) is None


def test_the_task_judges_limits_without_any_text() -> None:
    assert small_task().limits["p2"].broken(small_task().ids.index("garden")) == ("distance",)
