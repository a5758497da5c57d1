"""Keys: kept as hashes, compared without haste, stopped at once, and never lost."""

from __future__ import annotations

import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from spmatch.errors import ConfigError
from spmatch.web import keys as module
from spmatch.web.keys import KeyRing

UNKNOWN = "spm_" + "A" * 43


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def ring(file: Path) -> KeyRing:
    """A file with three keys, the second of them revoked."""
    ring = KeyRing(file, create=True)
    for name in ("first", "second", "third"):
        ring.add(name, ["match"])
    ring.revoke(ring.list()[1].id)
    return KeyRing(file)


def written(file: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return found


# Making


def test_a_secret_says_whose_it_is_and_holds_32_random_bytes(file: Path) -> None:
    _, secret = KeyRing(file, create=True).add("journal", ["match"])
    assert re.fullmatch(r"spm_[A-Za-z0-9_-]{43}", secret)


def test_two_secrets_differ(ring: KeyRing) -> None:
    assert ring.add("one", ["match"])[1] != ring.add("one", ["match"])[1]


def test_a_secret_is_kept_nowhere_but_its_hash_is(file: Path) -> None:
    key, secret = KeyRing(file, create=True).add("journal", ["match"])
    everything = "".join(path.read_text("utf-8") for path in file.parent.iterdir())
    assert secret.removeprefix("spm_") not in everything
    assert key.sha256 == sha256(secret.encode()).hexdigest()


def test_only_its_owner_may_read_the_file(ring: KeyRing, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_readers_that_the_owner_added_stay(ring: KeyRing, file: Path) -> None:
    file.chmod(0o640)
    ring.add("fourth", ["match"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_to_the_file_stays_a_link(ring: KeyRing, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(file)
    KeyRing(link).add("fourth", ["match"])
    assert link.is_symlink()
    assert len(KeyRing(file).list()) == 4


def test_scopes_are_kept(ring: KeyRing) -> None:
    key, _ = ring.add("monitor", ["admin", "read", "admin"])
    assert key.scopes == ("admin", "read")


@pytest.mark.parametrize(
    ("name", "scopes", "rate", "field"),
    [
        ("", ["match"], None, "name"),
        ("a", [], None, "scopes"),
        ("a", ["match", "write"], None, "scopes.1"),
        ("a", ["match"], 0, "rate_per_minute"),
    ],
)
def test_a_value_that_is_not_allowed_is_named(
    file: Path, name: str, scopes: list[str], rate: int | None, field: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        KeyRing(file, create=True).add(name, scopes, rate)
    assert [problem.field for problem in raised.value.problems] == [field]


def test_keys_made_at_the_same_time_are_all_kept(file: Path) -> None:
    def add(number: int) -> str:
        return KeyRing(file, create=True).add(f"key {number}", ["match"])[1]

    with ThreadPoolExecutor(8) as shells:
        made = list(shells.map(add, range(24)))
    ring = KeyRing(file)
    assert [secret for secret in made if ring.find(secret) is None] == []


def test_a_write_that_fails_leaves_the_old_file_alone(
    ring: KeyRing, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        ring.add("fourth", ["match"])
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["keys.json", "keys.json.lock"]


# Finding


def test_a_secret_finds_its_key(ring: KeyRing) -> None:
    key, secret = ring.add("fourth", ["match"])
    assert ring.find(secret) == key


@pytest.mark.parametrize("presented", ["", "spm_", UNKNOWN, "æøå", "\udcff", "x" * 10_000])
def test_what_is_no_secret_finds_nothing(ring: KeyRing, presented: str) -> None:
    assert ring.find(presented) is None


def test_a_hash_from_the_file_is_no_secret(ring: KeyRing) -> None:
    assert ring.find(ring.list()[0].sha256) is None


@pytest.mark.parametrize("which", [0, 1, 2, None])
def test_every_hash_is_compared_whichever_is_presented(
    file: Path, monkeypatch: pytest.MonkeyPatch, which: int | None
) -> None:
    ring = KeyRing(file, create=True)
    made = [ring.add(name, ["match"]) for name in ("first", "second", "third")]
    ring.revoke(made[1][0].id)
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr(module, "compare_digest", compare)
    ring.find(UNKNOWN if which is None else made[which][1])
    assert compared == [key.sha256 for key, _ in made]


def test_hashes_are_compared_in_constant_time() -> None:
    import hmac

    assert module.compare_digest is hmac.compare_digest


# Stopping


def test_a_revoked_key_is_not_found(ring: KeyRing) -> None:
    key, secret = ring.add("fourth", ["match"])
    ring.revoke(key.id)
    assert ring.find(secret) is None


def test_a_running_service_refuses_a_key_that_was_revoked_elsewhere(file: Path) -> None:
    key, secret = KeyRing(file, create=True).add("journal", ["match"])
    running = KeyRing(file)
    assert running.find(secret) is not None
    KeyRing(file).revoke(key.id)
    assert running.find(secret) is None


def test_a_running_service_knows_a_key_that_was_added_elsewhere(ring: KeyRing, file: Path) -> None:
    key, secret = KeyRing(file).add("fourth", ["match"])
    assert ring.find(secret) == key


def test_a_change_within_one_tick_of_the_clock_is_seen(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Edited in place: same file, same size, same time.
    monkeypatch.setattr(module.time, "time_ns", lambda: file.stat().st_mtime_ns)
    key, secret = KeyRing(file, create=True).add("journal", ["match"])
    running = KeyRing(file)
    assert running.find(secret) is not None
    before = file.stat()
    other = sha256(b"other").hexdigest()
    with file.open("r+", encoding="utf-8") as out:
        text = out.read().replace(key.sha256, other)
        out.seek(0)
        out.write(text)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert running.find(secret) is None


def test_a_file_that_has_settled_is_read_once(ring: KeyRing, file: Path) -> None:
    key, secret = ring.add("fourth", ["match"])
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert ring.find(secret) == key
    with file.open("r+", encoding="utf-8") as out:
        out.write("#")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert ring.find(secret) == key


def test_a_revoked_key_keeps_the_time_it_was_stopped(ring: KeyRing) -> None:
    stopped = ring.list()[1]
    assert ring.revoke(stopped.id) == stopped
    assert stopped.revoked is not None


def test_a_key_that_is_not_there_cannot_be_revoked(ring: KeyRing) -> None:
    with pytest.raises(ConfigError, match="no key of this id"):
        ring.revoke("0000")


# A file that cannot be read


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (b"{", "not valid JSON"),
        (b"\xff", "not text in UTF-8|not valid JSON"),
        (b'{"format": 2, "keys": []}', "format"),
        (b'{"format": 1, "keys": [{"id": "abcd"}]}', "keys.0.sha256"),
    ],
)
def test_a_damaged_file_stops_a_start(
    ring: KeyRing, file: Path, damage: bytes, reason: str
) -> None:
    file.write_bytes(damage)
    with pytest.raises(ConfigError, match=reason) as raised:
        KeyRing(file)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize("what", ["id", "sha256"])
def test_two_keys_that_cannot_be_told_apart_stop_a_start(
    ring: KeyRing, file: Path, what: str
) -> None:
    content = written(file)
    keys = content["keys"]
    assert isinstance(keys, list)
    keys[1][what] = keys[0][what]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"the same {what}"):
        KeyRing(file)


def test_a_missing_file_stops_a_start_and_says_how_to_make_one(file: Path) -> None:
    with pytest.raises(ConfigError, match="spmatch keys add"):
        KeyRing(file)


def test_a_file_that_anybody_may_write_is_not_trusted(ring: KeyRing, file: Path) -> None:
    file.chmod(0o602)
    with pytest.raises(ConfigError, match="chmod 600"):
        KeyRing(file)


def test_every_key_is_refused_while_the_file_is_damaged(ring: KeyRing, file: Path) -> None:
    _, secret = ring.add("fourth", ["match"])
    file.write_text("{", encoding="utf-8")
    assert ring.find(secret) is None


def test_every_key_is_refused_while_the_file_is_gone(ring: KeyRing, file: Path) -> None:
    _, secret = ring.add("fourth", ["match"])
    assert ring.find(secret) is not None
    file.unlink()
    assert ring.find(secret) is None


def test_a_mended_file_is_known_again(ring: KeyRing, file: Path) -> None:
    key, secret = ring.add("fourth", ["match"])
    whole = file.read_bytes()
    file.write_text("{", encoding="utf-8")
    ring.find(secret)
    file.write_bytes(whole)
    assert ring.find(secret) == key


def test_a_damaged_file_is_logged_once_not_at_every_request(
    ring: KeyRing, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text("{", encoding="utf-8")
    for _ in range(3):
        ring.find(UNKNOWN)
    assert [record.getMessage() for record in caplog.records] == ["keys-unreadable"]


def test_a_damaged_file_is_not_written_over(ring: KeyRing, file: Path) -> None:
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        ring.add("fourth", ["match"])
    assert file.read_text(encoding="utf-8") == "{"
