"""What the README shows is run: its Python as it stands, its commands on a small snapshot."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from spmatch.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [
    line.split("#")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith("spmatch ")
]
PLAIN = [
    command
    for command in COMMANDS
    if "<" not in command
    and "--profiles" not in command
    and "evaluate" not in command
    # A hub cannot be reached here; the encoder contract runs on a model that is at hand.
    and "intfloat" not in command
    # Serves until it is stopped; the tests of the service start it.
    and "serve" not in command
    # Nor a database; the tests of the store run these.
    and "store" not in command
    and "--database" not in command
    # A file of GeoNames is not at hand.
    and "GB.zip" not in command
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what a clone holds, so that examples may write beside it."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "catalogue", folder / "catalogue")
    return folder


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_example_prints_the_best_activity(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code, "README.md", "exec"), {})
    assert "Slow walks" in capsys.readouterr().out


def test_the_commands_answer_in_the_order_shown(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(clone)
    assert [main(shlex.split(command)[1:]) for command in PLAIN] == [0] * len(PLAIN)


@pytest.mark.parametrize("target", re.findall(r"\]\((?!#|http)([^)#]+)", README))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
