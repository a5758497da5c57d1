"""Any damage to any file is found, and the file is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spmatch import checksums
from spmatch.checksums import checksum, find_fault


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of no block, of one, and of several."""
    monkeypatch.setattr(checksums, "COLUMNS", 2)
    monkeypatch.setattr(checksums, "BLOCK_ROWS", 4)
    monkeypatch.setattr(checksums, "STEP_ROWS", 1)
    (tmp_path / "empty").touch()
    (tmp_path / "small").write_bytes(b"sang")
    (tmp_path / "large").write_bytes(bytes(range(256)))
    return tmp_path


def sums(folder: Path) -> dict[str, str]:
    return {file.name: checksum(file) for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("threads", [None, 1, 3])
def test_whole_files_have_no_fault(folder: Path, threads: int | None) -> None:
    assert find_fault(folder, sums(folder), threads=threads) is None


@pytest.mark.parametrize("place", range(0, 256, 15))
def test_a_changed_bit_is_found_wherever_it_is(folder: Path, place: int) -> None:
    stated, content = sums(folder), bytearray(range(256))
    content[place] ^= 4
    (folder / "large").write_bytes(content)
    assert find_fault(folder, stated) == ("large", "damaged")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(range(255)),
        bytes(range(192)),
        bytes([*range(256), 0]),
        bytes([*range(64, 128), *range(64), *range(128, 256)]),
    ],
    ids=["empty", "short", "a block less", "longer", "blocks exchanged"],
)
def test_another_content_is_found(folder: Path, content: bytes) -> None:
    stated = sums(folder)
    (folder / "large").write_bytes(content)
    assert find_fault(folder, stated) == ("large", "damaged")


def test_a_file_that_is_no_longer_empty_is_found(folder: Path) -> None:
    stated = sums(folder)
    (folder / "empty").write_bytes(b"\0")
    assert find_fault(folder, stated) == ("empty", "damaged")


def test_a_missing_file_is_named(folder: Path) -> None:
    stated = sums(folder)
    (folder / "small").unlink()
    assert find_fault(folder, stated) == ("small", "missing")


def test_the_size_of_a_step_makes_no_difference(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sums(folder)
    monkeypatch.setattr(checksums, "STEP_ROWS", 4)
    assert sums(folder) == before


@pytest.mark.parametrize("pages", [(0, 1), (0, 1988), (7, 1024), (990, 995)])
def test_exchanged_pages_of_one_block_are_found(tmp_path: Path, pages: tuple[int, int]) -> None:
    page, (one, other) = 4096, pages
    content = bytearray(
        np.random.default_rng(0).bytes(checksums.BLOCK_ROWS * checksums.COLUMNS * 8)
    )
    (tmp_path / "vectors").write_bytes(content)
    stated = sums(tmp_path)
    places = slice(one * page, one * page + page), slice(other * page, other * page + page)
    parts = [content[place] for place in places]
    for place, part in zip(places, reversed(parts), strict=True):
        content[place] = part
    (tmp_path / "vectors").write_bytes(content)
    assert find_fault(tmp_path, stated) == ("vectors", "damaged")
