"""Sources that are here already: files, folders, standard input and pipes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from spmatch.errors import CatalogueError
from spmatch.sources import FetchSettings, LocalSource, files_of, local_copy


def received(content: bytes, work: Path, monkeypatch: pytest.MonkeyPatch, **settings: object):
    """What comes of standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return local_copy("-", work, settings=FetchSettings.model_validate(settings))


def linked(at: Path, to: Path) -> None:
    try:
        at.symlink_to(to)
    except OSError:  # pragma: no cover
        pytest.skip("this system makes no links")


# Files and folders


@pytest.mark.parametrize("as_text", [True, False])
def test_a_file_stays_where_it_is(as_text: bool, tmp_path: Path) -> None:
    file, work = tmp_path / "town.jsonl", tmp_path / "work"
    file.write_text("{}")
    work.mkdir()
    local = local_copy(str(file) if as_text else file, work)
    assert local == LocalSource(file, "town.jsonl")
    assert list(work.iterdir()) == []


def test_a_folder_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    assert local_copy(tmp_path / "feed", tmp_path) == LocalSource(tmp_path / "feed", "feed")


def test_a_file_may_be_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "town.jsonl").write_text("{}")
    linked(tmp_path / "link.jsonl", tmp_path / "town.jsonl")
    assert local_copy(tmp_path / "link.jsonl", tmp_path).path == tmp_path / "link.jsonl"


@pytest.mark.parametrize("source", ["missing.json", "town.jsonl/inner", "a\0b"])
def test_what_is_not_there_is_refused(source: str, tmp_path: Path) -> None:
    (tmp_path / "town.jsonl").write_text("{}")
    with pytest.raises(CatalogueError, match=r"no such file or folder|not a path"):
        local_copy(tmp_path / source, tmp_path)


def test_a_link_in_a_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "a.json").write_text("{}")
    linked(folder / "b.json", tmp_path)
    assert [(p.where, p.reason, p.effect) for p in local_copy(folder, tmp_path).problems] == [
        ("b.json", "this is a link or no file. It was left out.", "rejected")
    ]


def test_an_archive_in_a_folder_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.csv", "x")
    assert [p.where for p in local_copy(tmp_path, tmp_path).problems] == ["b.zip"]


# Files of a source


def test_the_files_of_a_file_are_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    assert files_of(tmp_path / "a.json") == [tmp_path / "a.json"]


def test_the_files_of_what_is_not_there_are_none(tmp_path: Path) -> None:
    assert files_of(tmp_path / "a.json") == []


def test_the_files_of_a_folder_come_by_their_path(tmp_path: Path) -> None:
    for name in ("b/2.json", "b/1.json", "a.json", "b.json", "b/c/3.json"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    assert [file.relative_to(tmp_path).as_posix() for file in files_of(tmp_path)] == [
        "a.json",
        "b/1.json",
        "b/2.json",
        "b/c/3.json",
        "b.json",
    ]


@pytest.mark.parametrize(("deep", "names"), [(1, ["a.json"]), (2, ["a.json", "b.json"])])
def test_the_files_of_a_folder_may_be_those_of_so_many_folders(
    deep: int, names: list[str], tmp_path: Path
) -> None:
    for name in ("a.json", "b/b.json", "b/c/c.json"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    assert [file.name for file in files_of(tmp_path, deep=deep)] == names


def test_links_and_hidden_files_are_no_files_of_a_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "feed"
    for place in (outside, folder, folder / ".git", folder / "__MACOSX"):
        place.mkdir()
        (place / "x.json").write_text("{}")
    linked(folder / "out", outside)
    linked(folder / "link.json", outside / "x.json")
    linked(folder / "round", folder)
    linked(folder / "nowhere.json", folder / "missing")
    assert files_of(folder) == [folder / "x.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_of_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert files_of(tmp_path) == []


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.json").write_text("{}")
    with pytest.raises(CatalogueError, match="the folder holds more than 3 files"):
        files_of(tmp_path, settings=FetchSettings(files_max=3))


# Standard input and pipes


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b'{"id": "a"}', ".json"),
        (b'[{"id": "a"},\n{"id": "b"}]', ".json"),
        (b'{"id": "a"}\n{"id": "b"}', ".jsonl"),
        (b'\xef\xbb\xbf\n {"id": "a"}\r\n\r\n{"id": "b"}\r\n', ".jsonl"),
        (b'{"id": "a"}\nthis line is damaged', ".jsonl"),
        (b'{\n  "id": "a"\n}\n{\n  "id": "b"\n}', ".json"),
        ('{"id": "æ"}'.encode("utf-16"), ".json"),
        (b"id,name\n1,Kor\n", ".csv"),
        ("id;navn\n1;Kor på Ærø\n".encode("utf-16"), ".csv"),
        (b"<html>", ".html"),
        (b"\x00\x01\x02", ".bin"),
    ],
)
def test_what_is_received_is_named_by_its_content(
    content: bytes, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = received(content, tmp_path, monkeypatch)
    assert (local.path.suffix, local.path.read_bytes()) == (suffix, content)


def test_a_spreadsheet_that_is_received_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("[Content_Types].xml", "x")
    assert received(held.getvalue(), tmp_path, monkeypatch).path.suffix == ".xlsx"


def test_an_archive_that_is_received_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", "id,name\n")
    local = received(held.getvalue(), tmp_path, monkeypatch)
    assert (local.name, local.path.name) == ("standard input", "a.csv")


def test_nothing_received_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CatalogueError, match="standard input: nothing came"):
        received(b"", tmp_path, monkeypatch)


def test_too_much_received_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CatalogueError, match="standard input: it is larger than a source may be"):
        received(b"x" * 200_000, tmp_path, monkeypatch, bytes_max=100_000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_two_sources_share_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = received(b"id,name\n1,Kor\n", tmp_path, monkeypatch)
    second = received(b"id,name\n2,Kor\n", tmp_path, monkeypatch)
    assert first.path.read_bytes() != second.path.read_bytes()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    pipe, work = tmp_path / "pipe", tmp_path / "work"
    os.mkfifo(pipe)
    work.mkdir()
    writing = threading.Thread(target=pipe.write_bytes, args=(b'{"id": "a"}',))
    writing.start()
    local = local_copy(pipe, work)
    writing.join()
    assert local.path is not None
    assert (local.path.name, local.path.read_bytes()) == ("received.json", b'{"id": "a"}')


# What is loaded


def test_a_local_source_loads_nothing_for_fetching(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from spmatch.sources import local_copy
local_copy({str(tmp_path)!r}, Path({str(tmp_path)!r}))
sys.exit("urllib3" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
