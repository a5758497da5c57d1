"""``spmatch tune`` as a person meets it: the table, the settings it writes, and its refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from making import make_activity, north
from spmatch.cli import main
from spmatch.config import Config
from spmatch.evaluation.tuning import Plan

WORDS = ("garden", "choir", "chess", "walking", "knitting", "cooking")
PEOPLE = 24
SECRET = "weeping"
QUICK = Plan(folds=3, repeats=1, inner_repeats=1, resamples=5, strengths=(0.1,))
FAR_FROM_MEANING = """
[weights]
meaning = 0.05
nearness = 0.9

[confidence]
floor = 0.0
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command with few folds: each test of it takes a moment."""
    import spmatch.cli.tune

    monkeypatch.setattr(spmatch.cli.tune, "Plan", lambda **asked: replace(QUICK, **asked))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The further an activity is away, the more suit it: nearness is worse than useless."""
    directory = tmp_path_factory.mktemp("tune")
    source = directory / "town.jsonl"
    activities = [
        make_activity(
            f"{word}-{km}",
            title=f"{word} together",
            description=f"We meet for {word} every week and talk about {word}.",
            place=north(float(km)),
        )
        for word in WORDS
        for km in (1, 6)
    ]
    lines = [one.model_dump_json(exclude_none=True) for one in activities]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = directory / "snapshot"
    assert main(["build", str(source), "--out", str(out), "--encoder", "baseline"]) == 0
    return out


def write_collection(folder: Path, people: int = PEOPLE, split: str = "development") -> Path:
    """Profiles that each want one word, and find it in both activities of that word."""
    profiles, groups, grades = [], [], []
    for number in range(people):
        word = WORDS[number % len(WORDS)]
        profile = {
            "id": f"p{number:02d}",
            "needs": f"Is {SECRET} and wants {word}.",
            "text_language": "en",
            "origin": north(0.0),
        }
        profiles.append(json.dumps(profile))
        language = ("da", "en")[number // len(WORDS) % 2]
        groups.append(json.dumps({"id": profile["id"], "split": split, "language": language}))
        grades += [f"{profile['id']} 0 {word}-1 2", f"{profile['id']} 0 {word}-6 3"]
    (folder / "profiles.jsonl").write_text("\n".join(profiles) + "\n", encoding="utf-8")
    (folder / "groups.jsonl").write_text("\n".join(groups) + "\n", encoding="utf-8")
    (folder / "qrels.txt").write_text("\n".join(grades) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    return write_collection(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(FAR_FROM_MEANING, encoding="utf-8")
    return path


def tune(*arguments: object) -> int:
    return main(["tune", *map(str, arguments), "--on", "2026-11-23"])


def test_settings_are_written_that_load_and_weigh_what_decides(
    collection: Path, settings: Path, snapshot: Path, tmp_path: Path
) -> None:
    out = tmp_path / "weights.toml"
    assert tune(collection, "--snapshot", snapshot, "--config", settings, "--out", out) == 0
    weights = Config.load(out).weights
    assert weights.meaning > weights.nearness


def test_settings_that_were_given_stay_in_what_is_written(
    collection: Path, settings: Path, snapshot: Path, tmp_path: Path
) -> None:
    out = tmp_path / "weights.toml"
    tune(collection, "--snapshot", snapshot, "--config", settings, "--out", out)
    assert Config.load(out).confidence.floor == 0.0


def test_no_weight_falls_below_the_share_that_is_asked_for(
    collection: Path, settings: Path, snapshot: Path, tmp_path: Path
) -> None:
    out = tmp_path / "weights.toml"
    arguments = ("--config", settings, "--out", out, "--least", 0.05)
    tune(collection, "--snapshot", snapshot, *arguments)
    assert min(Config.load(out).weights.model_dump().values()) >= 0.05 - 1e-9


def test_a_share_that_not_all_can_have_is_refused(
    collection: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tune(collection, "--snapshot", snapshot, "--least", 0.5) == 3
    assert "least" in capsys.readouterr().err


def test_a_table_and_the_figures_of_held_out_profiles_are_printed(
    collection: Path, settings: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tune(collection, "--snapshot", snapshot, "--config", settings)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["share", "in", "use", "fitted", "95%", "interval"]
    assert lines[-1].startswith("All: nDCG@10 of 24 held-out profiles")
    assert lines[-1].endswith("Fitted weights adopted.")


def test_a_report_holds_the_numbers_and_no_text(
    collection: Path, settings: Path, snapshot: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tune.json"
    tune(collection, "--snapshot", snapshot, "--config", settings, "--report", path)
    report = json.loads(path.read_text(encoding="utf-8"))
    assert (report["profiles"], report["adopted"], report["seed"]) == (24, True, 20261122)
    assert SECRET not in json.dumps(report)


def test_the_same_seed_writes_the_same_report(
    collection: Path, settings: Path, snapshot: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / "first.json", tmp_path / "second.json"]
    for path in paths:
        arguments = ("--config", settings, "--report", path, "--seed", 3)
        tune(collection, "--snapshot", snapshot, *arguments)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_small_collection_is_refused_without_its_texts(
    snapshot: Path, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = write_collection(tmp_path, people=12)
    assert tune(small, "--snapshot", snapshot, "--config", settings) == 3
    said = capsys.readouterr().err
    assert "12 profiles have an activity that is right for them" in said
    assert SECRET not in said


def test_a_collection_without_a_development_part_is_refused(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held_back = write_collection(tmp_path, split="test")
    assert tune(held_back, "--snapshot", snapshot) == 3
    assert "no profile in the split 'development'" in capsys.readouterr().err


def test_weights_cannot_be_learned_on_the_test_part_alone(collection: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        tune(collection, "--split", "test")
    assert stop.value.code == 2
