"""A whole evaluation, by its function and by the command line."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from collected import (
    FOLDER,
    make_lists,
    small_catalogue,
    small_collection,
    small_snapshot,
    small_task,
    small_truth,
)

from making import TODAY
from spmatch.cli import main
from spmatch.config import Config
from spmatch.evaluation.baselines import SEED, build_baselines
from spmatch.evaluation.comparison import Sampling
from spmatch.evaluation.evaluate import Measured, Origin, evaluate, measure_run
from spmatch.evaluation.results import Results
from spmatch.evaluation.runs import CANDIDATES, make_run, write_run
from spmatch.evaluation.stored_runs import RunsMadeFrom, store_runs
from spmatch.evaluation.systems import MatcherSystem
from spmatch.matcher import Matcher


def measured() -> list[Measured]:
    config = Config.default()
    default = MatcherSystem(
        "default", "Default", "", "default", Matcher(small_snapshot(), config), TODAY
    )
    systems = [
        default,
        *build_baselines(small_task(), small_snapshot(), config, minilm=None),
    ]
    runs = [make_run(system, small_collection().profiles) for system in systems]
    return [measure_run(run, small_truth(), small_task()) for run in runs]


def results_of() -> Results:
    return evaluate(
        measured(),
        small_collection(),
        small_truth(),
        small_task(),
        Origin(
            config_hash=Config.default().hash,
            encoder="words",
            split="all",
            computed=date(2026, 11, 24),
        ),
        sampling=Sampling(level=0.95, resamples=300, seed=1),
        slice_min=2,
    )


@cache
def results() -> Results:
    return results_of()


def test_the_same_inputs_give_the_same_record() -> None:
    assert results_of() == results()


def test_the_first_system_is_compared_with_all_others() -> None:
    assert {one.system for one in results().comparisons} == {"default"}
    assert {one.against for one in results().comparisons} == {
        "random",
        "nearest",
        "bm25",
        "tfidf",
        "factors",
    }


def test_no_system_breaks_a_limit() -> None:
    assert {one.measures["violation@5"].mean for one in results().systems} == {0.0}


def test_every_mean_is_that_of_the_values_by_profile() -> None:
    for system in results().systems:
        for name, value in system.measures.items():
            defined = [one for one in system.by_profile[name].values() if one is not None]
            assert value.profiles == len(defined)
            if defined:
                assert value.mean == pytest.approx(sum(defined) / len(defined), abs=1e-9)


def test_the_headline_stands_beside_the_worst_slice() -> None:
    for one in results().headline:
        own = [
            s.mean for s in results().slices if (s.system, s.measure) == (one.system, one.measure)
        ]
        assert one.worst is not None
        assert one.worst.mean == (max(own) if one.measure == "violation@5" else min(own))


def test_no_slice_is_smaller_than_stated() -> None:
    assert min(one.profiles for one in results().slices) >= results().provenance.slice_min


def test_the_collection_is_summed_up() -> None:
    found = results().collection
    assert (found.profiles, found.answerable, found.judgements, found.kappa_pairs) == (6, 4, 19, 5)
    assert found.judgements_by_grade == {"0": 2, "1": 4, "2": 4, "3": 9}


def test_what_the_numbers_depend_on_is_stated() -> None:
    found = results().provenance
    assert found.catalogue_hash == small_catalogue().hash
    assert (found.on, found.computed, found.seed) == ("2026-11-23", "2026-11-24", 1)
    assert {"spmatch", "python", "numpy", "ir-measures"} <= set(found.versions)


def test_a_record_reads_back_from_its_json() -> None:
    assert Results.model_validate_json(results().model_dump_json()) == results()


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Stored baselines that fit the small collection, so that no large model is loaded."""
    made_from = RunsMadeFrom(
        catalogue_hash=small_catalogue().hash,
        profiles_hash=small_collection().profiles_hash,
        config_hash=Config.default().hash,
        on="2026-11-23",
        seed=SEED,
        candidates=CANDIDATES,
    )
    runs = [one.run for one in measured() if one.run.kind == "baseline"]
    store_runs(tmp_path / "baselines", runs, made_from)
    return tmp_path / "baselines"


def command(stored: Path, out: Path, *more: str) -> int:
    return main(
        [
            "evaluate",
            "--collection",
            str(FOLDER),
            "--split",
            "all",
            "--catalogue",
            str(FOLDER / "activities.jsonl"),
            "--encoder",
            "baseline",
            "--baselines",
            str(stored),
            "--out",
            str(out),
            *more,
        ]
    )


def test_the_command_writes_report_numbers_summary_and_runs(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(stored, tmp_path / "out") == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "results.json", "systems.csv", "summary.md", "runs"} <= written
    assert (tmp_path / "out" / "runs" / "default.run").is_file()
    assert "nDCG@10" in capsys.readouterr().out


def test_a_run_that_is_given_comes_first(stored: Path, tmp_path: Path) -> None:
    write_run(make_lists({"p1": ["choir"]}, "mine"), tmp_path / "mine.run")
    assert command(stored, tmp_path / "out", "--run", str(tmp_path / "mine.run")) == 0
    found = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in found["systems"][:2]] == ["mine", "default"]


def test_settings_that_are_given_are_compared_with_the_default(
    stored: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.toml").write_text("[weights]\nmeaning = 0.9\n", encoding="utf-8")
    assert command(stored, tmp_path / "out", "--config", str(tmp_path / "other.toml")) == 0
    found = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert found["systems"][0]["name"] == "other"
    assert found["systems"][0]["config_hash"] != found["systems"][1]["config_hash"]


def test_what_was_asked_is_stated_without_folders(stored: Path, tmp_path: Path) -> None:
    assert command(stored, tmp_path / "out") == 0
    found = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert str(tmp_path) not in json.dumps(found)


def test_a_malformed_run_is_bad_input_and_names_its_lines(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.run").write_text("p1 Q0 choir\n", encoding="utf-8")
    assert command(stored, tmp_path / "out", "--run", str(tmp_path / "bad.run")) == 3
    assert "bad.run, line 1" in capsys.readouterr().err


def test_a_split_without_profiles_is_bad_input(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "collection"
    folder.mkdir()
    for name in ("profiles_en.jsonl", "groups.jsonl", "qrels.txt"):
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if any(i in line for i in ("p5", "p6"))]
        (folder / name).write_text("\n".join(kept), encoding="utf-8")
    code = main(
        [
            "evaluate",
            "--collection",
            str(folder),
            "--split",
            "test",
            "--catalogue",
            str(FOLDER / "activities.jsonl"),
            "--encoder",
            "baseline",
            "--out",
            str(tmp_path / "out"),
        ]
    )
    assert code == 3
    assert "split" in capsys.readouterr().err
