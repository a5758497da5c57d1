"""What the command says of refused sources, and which losses it is told to believe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spmatch.cli import main


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """Two sources of five records, in step; then each holds one."""
    files = [tmp_path / "one.jsonl", tmp_path / "other.jsonl"]
    for ids in (["abcde", "vwxyz"], ["a", "v"]):
        for file, its in zip(files, ids, strict=True):
            lines = [json.dumps({"id": one, "title": f"Kor {one}"}) + "\n" for one in its]
            file.write_text("".join(lines), encoding="utf-8")
        if ids[0] == "abcde":
            assert synced(tmp_path, *map(str, files)) == 0
    return [str(file) for file in files]


def synced(folder: Path, *words: str) -> int:
    return main(["sync", *words, "--out", str(folder / "snapshot"), "--encoder", "baseline"])


def test_one_loss_may_be_accepted_and_the_other_is_told(
    sources: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert synced(tmp_path, *sources, "--accept-shrink", sources[0]) == 3
    said = capsys.readouterr()
    assert "4 withdrawn: b, c, d, e" in said.out
    assert said.err.startswith(f"spmatch: refused, it stays as it was: {sources[1]}: it held 5")


def test_each_of_several_losses_may_be_accepted(sources: list[str], tmp_path: Path) -> None:
    accepted = [word for source in sources for word in ("--accept-shrink", source)]
    assert synced(tmp_path, *sources, *accepted) == 0


def test_without_a_name_all_losses_are_accepted(sources: list[str], tmp_path: Path) -> None:
    assert synced(tmp_path, *sources, "--accept-shrink") == 0


def test_a_source_that_is_not_in_the_run_is_no_source_to_accept(
    sources: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synced(tmp_path, sources[0], "--accept-shrink", sources[1]) == 3
    assert "there is no such source in this run" in capsys.readouterr().err


def test_json_says_which_source_was_refused(
    sources: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert synced(tmp_path, *sources, "--accept-shrink", sources[0], "--json", "-") == 3
    one, other = json.loads(capsys.readouterr().out)["sources"]
    assert (one["records"], one["refused"]) == (1, [])
    assert (other["records"], other["refused"][0]["where"]) == (5, sources[1])
