"""What docs/batch.md shows is run, in this process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from crews import people, town_snapshot

from spmatch.profile import Profile

DOCS = Path(__file__).parents[2] / "docs" / "batch.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("code", BLOCKS)
def test_an_example_runs(
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    town_snapshot(tmp_path / "snapshot")
    (tmp_path / "a.toml").write_text("[confidence]\nfloor = 0.0\n")
    (tmp_path / "b.toml").write_text("[confidence]\ngood = 0.9\n")
    monkeypatch.chdir(tmp_path)
    here = code.replace("processes=4", "processes=1").replace(
        'engine="ray", address="auto"', "processes=1"
    )
    some = people(5)
    given = {
        "__name__": "__main__",
        "profiles": some,
        "profiles_by_id": {"a": Profile.model_validate(some[0])},
    }
    exec(compile(here, "docs/batch.md", "exec"), given)
    assert capsys.readouterr().out
