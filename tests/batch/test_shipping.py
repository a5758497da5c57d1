"""A snapshot on another machine: found where it lies, or sent once and kept under its content."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from spmatch.batch import shipping
from spmatch.batch.part import BatchError
from spmatch.batch.shipping import Cargo, find, fingerprint, pack, unpack
from spmatch.errors import SnapshotError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the machine that receives."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "versions" / "a").mkdir(parents=True)
    (folder / "current").write_text("a\n")
    (folder / "versions" / "a" / "vectors.npy").write_bytes(bytes(range(256)) * 10)
    (folder / "versions" / "a" / "empty").write_bytes(b"")
    (folder / "lock").write_text("")
    return folder


@pytest.fixture
def away(home: Path) -> Cargo:
    """A snapshot whose folder the receiving machine does not see."""
    return Cargo("/nowhere/at/all", fingerprint(home))


def turn(home: Path) -> None:
    """Another version answers from now on."""
    (home / "versions" / "a").rename(home / "versions" / "b")
    (home / "current").write_text("b\n")


def sent(home: Path, away: Cargo) -> Path:
    return Path(unpack(away, pack(Cargo.of(str(home)))))


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in shipping.files_of(folder)}


def test_a_snapshot_on_a_shared_disk_is_used_where_it_is(home: Path) -> None:
    assert find(Cargo.of(str(home))) == str(home)


def test_another_snapshot_at_the_same_path_is_not_taken_for_it(home: Path) -> None:
    cargo = Cargo.of(str(home))
    turn(home)
    assert find(cargo) is None


def test_what_was_sent_is_what_was_there(
    home: Path, away: Cargo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "CHUNK_BYTES", 100)
    assert content(sent(home, away)) == content(home)


def test_what_was_sent_is_found_again(home: Path, away: Cargo) -> None:
    copy = sent(home, away)
    assert find(away) == str(copy)


def test_what_is_there_is_not_written_again(home: Path, away: Cargo) -> None:
    copy = sent(home, away)
    assert unpack(away, iter(())) == str(copy)


def test_the_folder_is_named_after_the_content(home: Path, away: Cargo) -> None:
    assert sent(home, away).name == away.fingerprint


def test_nobody_else_may_read_the_copies(home: Path, away: Cargo) -> None:
    assert stat.S_IMODE(sent(home, away).parent.stat().st_mode) == 0o700


def test_a_folder_that_is_open_to_others_is_not_trusted(
    home: Path, away: Cargo, elsewhere: Path
) -> None:
    sent(home, away).parent.chmod(0o777)
    with pytest.raises(BatchError, match="open to others"):
        find(away)


def test_what_did_not_arrive_whole_is_not_kept(home: Path, away: Cargo, elsewhere: Path) -> None:
    with pytest.raises(BatchError, match="did not arrive whole"):
        unpack(away, [("current", b"a\n")])
    assert [path.name for path in elsewhere.glob("*/*")] == ["lock"]


def test_a_snapshot_that_changes_while_it_is_sent_is_said(home: Path) -> None:
    chunks = pack(Cargo.of(str(home)))
    next(chunks)
    turn(home)
    with pytest.raises(BatchError, match="built again"):
        list(chunks)


def test_copies_that_nobody_uses_are_removed(home: Path, away: Cargo) -> None:
    old = sent(home, away)
    os.utime(old, (0, 0))
    turn(home)
    sent(home, Cargo("/nowhere/at/all", fingerprint(home)))
    assert not old.exists()


def test_using_a_copy_keeps_it(home: Path, away: Cargo) -> None:
    old = sent(home, away)
    os.utime(old, (0, 0))
    find(away)
    turn(home)
    sent(home, Cargo("/nowhere/at/all", fingerprint(home)))
    assert old.exists()


def test_what_was_fetched_of_the_sources_stays_at_home(home: Path) -> None:
    before = fingerprint(home)
    (home / "kept").mkdir()
    (home / "kept" / "pages").write_text("a telephone number")
    (home / "versions" / "b.unfinished").mkdir()
    (home / "versions" / "b.unfinished" / "vectors.npy").write_bytes(b"half")
    assert fingerprint(home) == before
    assert sorted({name for name, _ in pack(Cargo.of(str(home)))}) == [
        "current",
        "versions/a/empty",
        "versions/a/vectors.npy",
    ]


def test_where_no_snapshot_is_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="spmatch build"):
        Cargo.of(str(tmp_path / "none"))
