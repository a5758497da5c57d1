"""``spmatch match --profiles`` on several cores: the same answers, in lines as they are."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from making import HOME
from serving import TOWN
from spmatch.cli import main
from spmatch.matcher import Matcher

DAY = ("--on", "2026-11-23")
BAD_AT = 40


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("snapshot")
    Matcher.build(TOWN, encoder="baseline").save(folder)
    return str(folder)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Seventy profiles, of which one is faulty; more than are answered without other processes."""
    file = tmp_path_factory.mktemp("people") / "people.jsonl"
    records: list[dict[str, Any]] = [
        {"id": str(number), "needs": f"Songs, {number} times", "origin": HOME}
        for number in range(70)
    ]
    records[BAD_AT] = {"age": -1}
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return str(file)


def untimed(output: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in output.splitlines()]
    for one in found:
        one.pop("timing_ms", None)
    return found


def test_several_processes_answer_what_one_does(
    snapshot: str, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for processes in ("1", "2"):
        command = ["match", "--snapshot", snapshot, "--profiles", people, "--processes", processes]
        assert main([*command, *DAY]) == 3
        told.append(capsys.readouterr())
    one, two = told
    assert untimed(one.out) == untimed(two.out)
    assert one.err == two.err
    assert f"people.jsonl, line {BAD_AT + 1}" in one.err


def test_a_catalogue_that_is_read_now_is_matched_by_several_processes(
    snapshot: str, people: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "town.jsonl"
    source.write_text("".join(one.model_dump_json() + "\n" for one in TOWN), encoding="utf-8")
    given = ["match", "--catalogue", str(source), "--encoder", "baseline", "--profiles", people]
    assert main([*given, "--processes", "2", *DAY]) == 3
    found = untimed(capsys.readouterr().out)
    assert main(["match", "--snapshot", snapshot, "--profiles", people, *DAY]) == 3
    expected = untimed(capsys.readouterr().out)
    assert [one.get("suggestions") for one in found] == [one.get("suggestions") for one in expected]


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
def test_progress_is_drawn_beside_the_answers_and_not_among_them(
    snapshot: str, people: str, tmp_path: Path
) -> None:
    import pty

    ours, theirs = pty.openpty()
    answers = tmp_path / "answers.jsonl"
    with answers.open("wb") as output:
        batch = subprocess.Popen(
            [
                *(sys.executable, "-m", "spmatch", "match", "--snapshot", snapshot),
                *("--profiles", people, "--processes", "1", *DAY),
            ],
            stdout=output,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        )
        os.close(theirs)
        drawn = b""
        while True:
            try:
                some = os.read(ours, 4096)
            except OSError:  # The other end is closed.
                break
            if not some:
                break
            drawn += some
        batch.wait()
    os.close(ours)
    assert len(untimed(answers.read_text(encoding="utf-8"))) == 70
    assert b"Matching" in drawn
    assert b"suggestions" not in drawn


def test_without_ray_the_line_that_installs_it_is_printed(
    snapshot: str,
    people: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ray" else find(name)
    )
    command = ["match", "--snapshot", snapshot, "--profiles", people, "--engine", "ray"]
    assert main(command) == 3
    assert "pip install 'spmatch[ray]'" in capsys.readouterr().err
