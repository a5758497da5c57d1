"""``spmatch keys``: make, list and revoke, as a person or a script meets them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from spmatch.cli import build_parser, main
from spmatch.cli.keys import DEFAULT_SCOPES, SCOPES
from spmatch.web import keys
from spmatch.web.keys import KeyRing

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def run(line: str, file: Path) -> int:
    return main([*shlex.split(line), "--keys", str(file)])


def made(file: Path, shown: Shown, options: str = "") -> str:
    """A new key; returns its secret."""
    assert run(f"keys add journal {options}", file) == 0
    return shown.readouterr().out.strip()


def test_add_prints_the_secret_alone_so_that_it_can_be_piped(file: Path, capsys: Shown) -> None:
    assert run("keys add journal", file) == 0
    assert re.fullmatch(r"spm_[\w-]{43}\n", capsys.readouterr().out)


def test_add_says_beside_it_that_it_is_not_shown_again(file: Path, capsys: Shown) -> None:
    run("keys add journal", file)
    (key,) = KeyRing(file).list()
    assert capsys.readouterr().err == (
        f"Key {key.id} (journal) may match, read. Keep the secret now: it is not shown again.\n"
    )


def test_the_secret_is_the_key(file: Path, capsys: Shown) -> None:
    key = KeyRing(file, create=True).find(made(file, capsys))
    assert key is not None
    assert (key.name, key.scopes, key.rate_per_minute) == ("journal", DEFAULT_SCOPES, None)


def test_scopes_and_a_rate_are_kept(file: Path, capsys: Shown) -> None:
    made(file, capsys, "--scope admin --scope read --rate 30")
    (key,) = KeyRing(file).list()
    assert (key.scopes, key.rate_per_minute) == (("admin", "read"), 30)


def test_list_shows_every_key_and_no_secret(file: Path, capsys: Shown) -> None:
    secret = made(file, capsys)
    assert run("keys list", file) == 0
    out, (key,) = capsys.readouterr().out, KeyRing(file).list()
    assert key.id in out
    assert "journal" in out
    assert "match, read" in out
    assert secret not in out
    assert key.sha256 not in out


def test_list_shows_a_name_as_it_was_given(file: Path, capsys: Shown) -> None:
    run("keys add '[bold]A[/bold] [/]'", file)
    capsys.readouterr()
    run("keys list", file)
    assert "[bold]A[/bold] [/]" in capsys.readouterr().out


def test_list_as_json_has_no_hash(file: Path, capsys: Shown) -> None:
    made(file, capsys)
    assert run("keys list --format json", file) == 0
    (shown,) = json.loads(capsys.readouterr().out)
    assert set(shown) == {"id", "name", "scopes", "created", "revoked", "rate_per_minute"}


def test_revoke_stops_a_key(file: Path, capsys: Shown) -> None:
    secret = made(file, capsys)
    (key,) = KeyRing(file).list()
    assert run(f"keys revoke {key.id}", file) == 0
    assert KeyRing(file).find(secret) is None


def test_list_shows_when_a_key_was_stopped(file: Path, capsys: Shown) -> None:
    made(file, capsys)
    run(f"keys revoke {KeyRing(file).list()[0].id}", file)
    run("keys list --format json", file)
    (shown,) = json.loads(capsys.readouterr().out)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["revoked"])


@pytest.mark.parametrize("line", ["keys list", "keys revoke 3f9a2c1b"])
def test_a_file_that_is_not_there_is_bad_input(file: Path, capsys: Shown, line: str) -> None:
    assert run(line, file) == 3
    assert str(file) in capsys.readouterr().err


def test_an_id_that_is_not_there_is_bad_input(file: Path, capsys: Shown) -> None:
    made(file, capsys)
    assert run("keys revoke 00000000", file) == 3
    assert "It holds no key of this id." in capsys.readouterr().err


def test_a_rate_that_is_not_allowed_is_bad_input_and_makes_no_key(
    file: Path, capsys: Shown
) -> None:
    assert run("keys add journal --rate 0", file) == 3
    assert not file.exists()


@pytest.mark.parametrize("line", ["keys", "keys add", "keys add a --scope all", "keys revoke"])
def test_what_is_not_understood_is_bad_usage(file: Path, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(line, file)
    assert ended.value.code == 2


@pytest.mark.parametrize("action", ["add", "list", "revoke"])
def test_the_help_of_an_action_shows_an_example_that_is_understood(
    capsys: Shown, action: str
) -> None:
    with pytest.raises(SystemExit):
        main(["keys", action, "--help"])
    example = capsys.readouterr().out.partition("example:\n  spmatch ")[2].splitlines()[0]
    assert build_parser().parse_args(shlex.split(example)).action == action


def test_its_scopes_are_those_of_the_keys() -> None:
    assert SCOPES == keys.SCOPES


def test_two_shells_that_add_at_once_lose_no_key(file: Path) -> None:
    command = [sys.executable, "-m", "spmatch", "keys", "add", "one", "--keys", str(file)]
    shells = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    secrets = [shell.communicate()[0].strip() for shell in shells]
    assert [KeyRing(file).find(secret) is not None for secret in secrets] == [True, True]


def test_keys_need_no_web_framework(file: Path) -> None:
    code = f"""
import sys
from spmatch.cli import main
main(["keys", "add", "one", "--keys", {str(file)!r}])
sys.exit(sorted({{"fastapi", "starlette", "uvicorn"}} & set(sys.modules)) != [])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
