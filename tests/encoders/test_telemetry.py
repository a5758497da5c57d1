"""The library that runs the model reports its use to its maker unless it is told not to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOAD = """
import os
from spmatch.encoders import build_encoder
build_encoder("da-en-minilm", (), threads=1).encode(["Han savner sin kone."], role="need")
print(os.environ["ORT_DISABLE_TELEMETRY"])
"""


def loaded(home: Path, **environment: str) -> str:
    """What the variable says after a text was encoded in a fresh process, whose home is ``home``."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        env={**given, "HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_it_is_told_not_to(tmp_path: Path) -> None:
    assert loaded(tmp_path) == "1"


def test_it_leaves_nothing_in_the_home_of_the_user(tmp_path: Path) -> None:
    loaded(tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_whoever_decided_otherwise_is_heeded(tmp_path: Path) -> None:
    assert loaded(tmp_path, ORT_DISABLE_TELEMETRY="true") == "true"
