"""Text files: lines of any length, in whichever encoding they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmatch.readers.text_files import read_lines


def test_a_long_line_comes_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("abcdefgh\nij\n", encoding="utf-8")
    assert list(read_lines(file, [], longest=3)) == ["abc", "def", "gh\n", "ij\n"]


@pytest.mark.parametrize("longest", [1, 2, 3, 1_000])
def test_a_letter_is_never_cut(tmp_path: Path, longest: int) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Kør på ål", encoding="utf-8")
    spoiled: list[int] = []
    assert "".join(read_lines(file, spoiled, longest=longest)) == "Kør på ål"
    assert spoiled == []


def test_a_spoiled_line_is_counted_once(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("æøå\nKør på ål\n".encode("cp1252"))
    spoiled: list[int] = []
    assert "".join(read_lines(file, spoiled, longest=2)) == "æøå\nKør på ål\n"
    assert spoiled == [1, 2]
