"""Zip archives: what they hold comes out, and nothing else, nowhere else."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from fetched import names_in
from hypothesis import given
from hypothesis import strategies as st

from spmatch.errors import CatalogueError
from spmatch.sources import FetchSettings, LocalSource, local_copy
from spmatch.sources.archives import safe_name

MEGABYTE = 1024 * 1024


def packed(*members: tuple[str | zipfile.ZipInfo, bytes | str], method: int = 8) -> bytes:
    """A zip archive; names are written as they are, even those that no program writes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def unpacked(archive: bytes, tmp_path: Path, **settings: object) -> LocalSource:
    file, work = tmp_path / "feed.zip", tmp_path / "work"
    file.write_bytes(archive)
    work.mkdir()
    local = local_copy(file, work, settings=FetchSettings.model_validate(settings))
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {
        "feed.zip",
        "work",
    }
    return local


def said_of(archive: bytes, tmp_path: Path, **settings: object) -> str:
    with pytest.raises(CatalogueError, match="cannot be unpacked") as caught:
        unpacked(archive, tmp_path, **settings)
    return str(caught.value)


def text_in(local: LocalSource, name: str) -> str:
    assert local.path is not None
    return (local.path / name).read_text(encoding="utf-8")


# What is in them


def test_files_are_unpacked_as_they_lie(tmp_path: Path) -> None:
    local = unpacked(packed(("a.csv", "x"), ("more/b.csv", "y")), tmp_path)
    assert (names_in(local), text_in(local, "more/b.csv")) == (["a.csv", "more/b.csv"], "y")


def test_the_archive_stays(tmp_path: Path) -> None:
    unpacked(packed(("a.csv", "x")), tmp_path)
    assert (tmp_path / "feed.zip").is_file()


def test_an_archive_of_one_file_is_that_file(tmp_path: Path) -> None:
    local = unpacked(packed(("feed/services.jsonl", "{}")), tmp_path)
    assert local.path is not None
    assert (local.path.name, local.path.read_text()) == ("services.jsonl", "{}")


def test_an_archive_of_one_folder_is_that_folder(tmp_path: Path) -> None:
    local = unpacked(packed(("feed/a.csv", "x"), ("feed/b.csv", "y")), tmp_path)
    assert names_in(local) == ["a.csv", "b.csv"]


def test_what_programs_leave_is_passed_over(tmp_path: Path) -> None:
    junk = [("__MACOSX/feed/._a.csv", "x"), ("feed/.DS_Store", "x"), ("feed/Thumbs.db", "x")]
    local = unpacked(packed(("feed/a.csv", "x"), ("feed/b.csv", "y"), *junk), tmp_path)
    assert (names_in(local), local.problems) == (["a.csv", "b.csv"], ())


def test_danish_names_are_kept(tmp_path: Path) -> None:
    local = unpacked(packed(("Tilbud på Ærø.csv", "x"), ("b.csv", "y")), tmp_path)
    assert names_in(local) == ["Tilbud på Ærø.csv", "b.csv"]


def test_an_archive_is_known_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_bytes(packed(("a.csv", "x")))
    local = local_copy(file, tmp_path)
    assert local.path is not None
    assert local.path.name == "a.csv"


@pytest.mark.parametrize("member", ["[Content_Types].xml", "mimetype"])
def test_a_spreadsheet_is_no_archive(member: str, tmp_path: Path) -> None:
    file = tmp_path / "tilbud.xlsx"
    file.write_bytes(packed(("xl/workbook.xml", "x" * 9000), (member, "x")))
    assert local_copy(file, tmp_path).path == file


def test_a_spreadsheet_in_an_archive_stays_whole(tmp_path: Path) -> None:
    sheet = packed(("xl/workbook.xml", "x"), ("[Content_Types].xml", "x"))
    local = unpacked(packed(("a.xlsx", sheet), ("b.csv", "y")), tmp_path)
    assert names_in(local) == ["a.xlsx", "b.csv"]


def test_an_archive_in_an_archive_is_a_folder(tmp_path: Path) -> None:
    inner = packed(("a.csv", "x"), ("b.csv", "y"))
    local = unpacked(packed(("one.zip", inner), ("c.csv", "z")), tmp_path)
    assert names_in(local) == ["c.csv", "one.zip/a.csv", "one.zip/b.csv"]


# What is left out of them


def link(name: str, kind: int = stat.S_IFLNK) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (kind | 0o777) << 16
    return member


def raw(name: str) -> zipfile.ZipInfo:
    """A member whose name is not tidied while it is packed."""
    member = zipfile.ZipInfo("x")
    member.filename = name
    return member


HOSTILE = [
    "../outside.csv",
    "a/../../outside.csv",
    "..",
    "/etc/outside.csv",
    "//host/share.csv",
    "C:/outside.csv",
    "C:outside.csv",
    "..\\outside.csv",
    "\\\\host\\share.csv",
    "a\nb.csv",
    "a\x1b[31m.csv",
    "a\u202egnp.csv",
    " a.csv",
    "a.csv.",
    "n" * 300,
    "d/" * 40 + "a.csv",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_could_lead_outside_is_left_out_and_told(name: str, tmp_path: Path) -> None:
    local = unpacked(packed((raw(name), "x"), ("a.csv", "good"), ("b.csv", "y")), tmp_path)
    assert names_in(local) == ["a.csv", "b.csv"]
    assert [str(problem) for problem in local.problems] == [
        "feed.zip: the name of a file in it is not safe. It was left out. Rename the file."
    ]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_left_out_and_told(kind: int, tmp_path: Path) -> None:
    members = (link("a.csv", kind), "/etc/passwd"), ("b.csv", "y"), ("c.csv", "z")
    local = unpacked(packed(*members), tmp_path)
    assert names_in(local) == ["b.csv", "c.csv"]
    assert [(p.where, p.reason, p.effect) for p in local.problems] == [
        ("feed.zip/a.csv", "this is a link or no file. It was left out.", "rejected")
    ]


def test_a_file_below_a_link_is_left_out_with_it(tmp_path: Path) -> None:
    members = (link("up"), ".."), ("up/a.csv", "x"), ("b.csv", "y")
    local = unpacked(packed(*members), tmp_path)
    assert names_in(local) == ["b.csv", "up/a.csv"]


@pytest.mark.parametrize(
    ("first", "second"), [("a.csv", "a.csv"), ("a", "a/b.csv"), ("a/b.csv", "a"), ("a", "./a")]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_told_and_the_first_kept(
    first: str, second: str, tmp_path: Path
) -> None:
    local = unpacked(packed((first, "1"), (second, "2"), ("z.csv", "y")), tmp_path)
    assert (names_in(local), text_in(local, first)) == ([first, "z.csv"], "1")
    assert "another file has this name." in str(local.problems[0])


def test_a_locked_file_is_told(tmp_path: Path) -> None:
    archive = bytearray(packed(("a.csv", "x"), ("b.csv", "y"), ("c.csv", "z")))
    entry = archive.index(b"PK\x01\x02")
    archive[entry + 8] |= 1
    local = unpacked(bytes(archive), tmp_path)
    assert names_in(local) == ["b.csv", "c.csv"]
    assert "the file is locked with a password." in str(local.problems[0])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_packed_in_a_costly_way_is_told(method: int, tmp_path: Path) -> None:
    assert "there is nothing in it" in said_of(packed(("a.csv", "x"), method=method), tmp_path)


# What refuses all of them


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = packed(("a.csv", b"\0" * (20 * MEGABYTE)), ("b.csv", "y"))
    assert "far larger than packed" in said_of(bomb, tmp_path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    bomb = bytearray(packed(("a.csv", b"\0" * (20 * MEGABYTE))))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", bomb, bomb.index(mark) + at, 1000)
    said_of(bytes(bomb), tmp_path)


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    bomb = packed(("a.csv", b"\0" * (50 * MEGABYTE)))
    tracemalloc.start()
    said_of(bomb, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


def test_a_bomb_inside_an_archive_is_refused(tmp_path: Path) -> None:
    bomb = packed(("a.csv", b"\0" * (20 * MEGABYTE)))
    assert "far larger than packed" in said_of(packed(("b.zip", bomb)), tmp_path)


def test_archives_share_the_size_that_they_may_have(tmp_path: Path) -> None:
    one = packed(("a.csv", b"x" * 1000), method=0)
    three = packed(*((f"{n}.zip", one) for n in range(3)), method=0)
    assert "larger than a source may be" in said_of(three, tmp_path, bytes_max=5000)


def test_archives_share_the_files_that_they_may_hold(tmp_path: Path) -> None:
    one = packed(*((f"{n}.csv", "x") for n in range(4)))
    two = packed(("1.zip", one), ("2.zip", one))
    assert "it holds more than 9 files." in said_of(two, tmp_path, files_max=9)


def test_archives_that_lie_too_deep_are_refused(tmp_path: Path) -> None:
    deep = packed(("a.csv", "x"))
    for _ in range(2):
        deep = packed(("in.zip", deep))
    assert "too deep in each other" in said_of(deep, tmp_path)


def test_a_list_of_files_that_is_too_long_is_not_even_read(tmp_path: Path) -> None:
    many = packed(*((f"{n:0200d}", "") for n in range(100)))
    assert "it holds more than 10 files." in said_of(many, tmp_path, files_max=10)


@pytest.mark.parametrize("keep", [4, 30, -1, -30])
def test_an_archive_that_was_cut_is_refused(keep: int, tmp_path: Path) -> None:
    said = said_of(packed(("a.csv", "x" * 100))[:keep], tmp_path)
    assert "the archive is damaged or cut off." in said


def test_an_archive_whose_content_was_damaged_is_refused(tmp_path: Path) -> None:
    archive = packed(("a.csv", "unharmed"), method=0).replace(b"unharmed", b"now harm")
    assert "the archive is damaged or cut off." in said_of(archive, tmp_path)


def test_nothing_of_a_refused_archive_is_left(tmp_path: Path) -> None:
    archive = packed(("a.csv", "good"), ("b.csv", "unharmed"), method=0)
    said_of(archive.replace(b"unharmed", b"now harm"), tmp_path)
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    assert "there is nothing in it that can be read." in said_of(packed(), tmp_path)


# Names of every kind

PIECES = st.sampled_from(["..", ".", "", "/", "\\", "a", "é", "C:", "\0", " ", "\n", "x" * 99])
NAMES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("/".join))


@given(NAMES)
def test_no_name_leads_outside(name: str) -> None:
    parts = safe_name(name)
    if parts is not None:
        inside = Path("/somewhere/in")
        assert inside in Path(inside, *parts).resolve().parents


@given(NAMES)
def test_a_name_is_kept_as_it_is_or_not_at_all(name: str) -> None:
    parts = safe_name(name)
    assert parts is None or [p for p in name.split("/") if p not in ("", ".")] == list(parts)


def copied(file: Path, work: Path) -> LocalSource | None:
    """What comes of an archive, or ``None`` where it is refused."""
    try:
        return local_copy(file, work)
    except CatalogueError:
        return None


@given(st.binary(max_size=300))
def test_any_bytes_end_in_files_or_in_a_refusal(tmp_path_factory, content: bytes) -> None:
    work = tmp_path_factory.mktemp("any")
    file = work / "feed.zip"
    file.write_bytes(b"PK\x03\x04" + content)
    local = copied(file, work)
    assert local is None or (local.path is not None and work in local.path.parents)


ARCHIVE = packed(("a/a.csv", "x" * 50), ("b.zip", packed(("c.csv", "y"))), ("d.csv", "z"))


@given(st.lists(st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive_ends_in_files_or_in_a_refusal(tmp_path_factory, changes) -> None:
    damaged = bytearray(ARCHIVE)
    for at, value in changes:
        damaged[at] = value
    work = tmp_path_factory.mktemp("damaged")
    file = work / "feed.zip"
    file.write_bytes(damaged)
    local = copied(file, work)
    assert local is None or (local.path is not None and work in local.path.parents)
