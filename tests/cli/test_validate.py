"""``spmatch validate``: what it prints, what it writes, and when it refuses."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from making import make_activity
from spmatch.cli.validate import add_validate_options, run_validate
from spmatch.errors import InputError
from spmatch.quality import QualityReport


@dataclass(frozen=True)
class Done:
    code: int
    out: str

    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    parser = argparse.ArgumentParser()
    add_validate_options(parser, date.fromisoformat)

    def once(*words: object) -> Done:
        code = run_validate(parser.parse_args([*map(str, words), "--on", "2026-11-23"]))
        return Done(code, capsys.readouterr().out)

    return once


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


CHOIR = make_activity(
    "choir",
    cost={"amount": 40, "currency": "DKK", "per": "session"},
    provider={"name": "The Hall", "phone": "+45 00 11"},
).model_dump_json(exclude_none=True)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write(tmp_path / "town.jsonl", CHOIR, '{"id": "dance", "title": "Dance"}')


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    return write(tmp_path / "dirty.jsonl", '{"id": "a", "title": "Kor"}', '{"id": "b"}')


def test_what_is_wrong_is_listed(run: Run, dirty: Path) -> None:
    done = run(dirty)
    assert done.code == 0
    assert "1 activities read, 1 problems." in done.out
    assert "dirty.jsonl, line 2, title: Field required. State it." in done.out.replace("\n  ", " ")


def test_what_is_stated_is_counted(run: Run, town: Path) -> None:
    line = next(line for line in run(town).out.splitlines() if line.startswith("Price, as an"))
    assert line.split()[-5:] == ["1", "of", "2", "50", "%"]


def test_questions_name_a_provider_to_call(run: Run, town: Path) -> None:
    out = run(town).out.replace("\n    ", " ")
    assert "Where it meets: settles" in out
    assert "1 activity in one call: The Hall, +45 00 11" in out


def test_several_sources_stand_side_by_side(run: Run, town: Path, dirty: Path) -> None:
    out = run(town, dirty).out
    rows = [line.split()[:2] for line in out.splitlines() if line.startswith(("town", "dirty"))]
    assert rows == [["town.jsonl", "2"], ["dirty.jsonl", "1"]]


def test_sources_of_one_name_are_told_apart_by_their_paths(run: Run, tmp_path: Path) -> None:
    paths = []
    for folder in "ab":
        (tmp_path / folder).mkdir()
        line = json.dumps({"id": folder, "title": "Kor"})
        paths.append(str(write(tmp_path / folder / "feed.jsonl", line)))
    names = [one["name"] for one in run(*paths, "--json", "-").json()["quality"]["sources"]]
    assert names == paths


def test_nothing_is_wider_than_80_columns(run: Run, town: Path, dirty: Path) -> None:
    assert max(map(len, run(town, dirty).out.splitlines())) <= 80


def test_marks_of_a_feed_are_shown_as_they_are(run: Run, tmp_path: Path) -> None:
    held = make_activity("a", provider={"name": "[bold]Hall[/bold]\x1b[31m", "phone": "1"})
    out = run(write(tmp_path / "a.jsonl", held.model_dump_json(exclude_none=True))).out
    assert "[bold]Hall[/bold]" in out
    assert "\x1b" not in out


def test_findings_come_as_json(run: Run, dirty: Path) -> None:
    found = run(dirty, "--json", "-").json()
    assert (found["activities"], len(found["problems"])) == (1, 1)
    assert found["problems"][0]["field"] == "title"


def test_the_report_in_the_json_can_be_read_back(run: Run, town: Path) -> None:
    report = QualityReport.model_validate(run(town, "--json", "-").json()["quality"], strict=False)
    assert (report.on, report.whole.activities) == (date(2026, 11, 23), 2)


def test_the_json_file_is_what_is_printed_as_json(run: Run, town: Path, tmp_path: Path) -> None:
    run(town, "--json", tmp_path / "q.json")
    assert (tmp_path / "q.json").read_text(encoding="utf-8") == run(town, "--json", "-").out


def test_the_page_is_written(run: Run, town: Path, tmp_path: Path) -> None:
    run(town, "--html", tmp_path / "q.html")
    assert (tmp_path / "q.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written_is_named(run: Run, town: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"q\.html cannot be written"):
        run(town, "--html", tmp_path / "none" / "q.html")


def test_equal_weights_can_be_asked_for(run: Run, town: Path) -> None:
    usage = run(town, "--weights", "equal", "--json", "-").json()["quality"]["usage"]
    assert (usage["kind"], {one["weight"] for one in usage["limits"]}) == ("equal", {1.0})


def test_strict_refuses_a_rejected_record(run: Run, dirty: Path) -> None:
    assert run(dirty, "--strict").code == 3


def test_strict_refuses_an_id_of_two_sources(run: Run, town: Path, tmp_path: Path) -> None:
    again = write(tmp_path / "again.jsonl", CHOIR)
    assert run(town, again, "--strict").code == 3


def test_strict_takes_a_source_without_a_fault(run: Run, town: Path) -> None:
    assert run(town, "--strict").code == 0
