"""docs/service.md says what the service does: its lists are whole, its examples are asked as they stand."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

import spmatch
from making import make_activity
from serving import TOWN, make_client, town_matcher
from spmatch.cli import build_parser
from spmatch.web.keys import SCOPES, KeyRing
from spmatch.web.metrics import Metrics
from spmatch.web.problems import KINDS
from spmatch.web.settings import ServiceSettings

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
POTTERY = make_activity("aal-keramik-weekend", title="Pottery", description="Clay on Saturdays.")


def section(heading: str) -> str:
    """What stands under a heading, with everything below it."""
    marks = heading.partition(" ")[0]
    found = TEXT.split(f"\n{heading}\n")[1]
    return re.split(rf"\n#{{1,{len(marks)}}} ", found)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the first table of a text, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[2:]]


def names(text: str) -> list[str]:
    return [name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[0])]


# Lists


def test_every_option_of_serve_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["serve", "--help"])
    options = set(re.findall(r"^  (?:-h, )?(--[\w-]+)", capsys.readouterr().out, re.MULTILINE))
    assert set(names(section("## Run it"))) == options - {"--help"}


def test_every_setting_is_described_in_its_order() -> None:
    described = names(section("## Limits and settings"))
    assert described == list(ServiceSettings.model_fields)


@pytest.mark.parametrize("row", rows(section("## Limits and settings")), ids=lambda row: row[0])
def test_the_default_of_a_setting_is_the_one_stated(row: list[str]) -> None:
    field = ServiceSettings.model_fields[row[0].strip("`")]
    stated = row[1].strip("`")
    if stated in ("", "none", "made anew"):
        assert field.is_required() or field.default is None
    else:
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        assert tomllib.loads(f"value = {stated}")["value"] == default


def test_every_metric_is_described() -> None:
    kinds = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in Metrics()._registry.collect()
    }
    assert set(names(section("### Metrics"))) == kinds


def test_an_alert_is_about_a_metric_that_exists() -> None:
    used = set(re.findall(r"spmatch_\w+(?=\{|\[)", section("### Metrics")))
    known = set(names(section("### Metrics")))
    assert {one.removesuffix("_bucket") for one in used} <= known


def logged() -> Iterator[str]:
    """The name of every event that the source writes."""
    source = Path(spmatch.__file__).parent
    for file in [*(source / "web").rglob("*.py"), *(source / "store").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                if called in ("log_event", "_log", "_says"):
                    yield str(node.args[0].value)


def test_every_event_of_the_log_is_described() -> None:
    # The last two are what other packages say, and what is made of it.
    assert set(names(section("### Logs"))) == {*logged(), "server", "library"}


def test_every_problem_is_described() -> None:
    described = rows(section("### Problems"))
    stated = {int(row[0]): set(re.findall(r"`([\w-]+)`", row[1])) for row in described}
    assert set(stated) == set(KINDS)
    assert all(KINDS[status][0] in kinds for status, kinds in stated.items())


def test_every_scope_is_described() -> None:
    assert tuple(names(section("## Keys"))) == SCOPES


def test_every_path_that_is_named_is_a_route() -> None:
    with make_client() as client:
        described = client.get("/openapi.json").json()["paths"]
    named = set(re.findall(r"`(?:GET |POST )?(/(?:v1|fhir)/[\w/${}.-]+|/\w+z|/metrics)`", TEXT))
    assert named - set(described) == set()
    assert named >= {
        "/v1/match",
        "/v1/match/batch",
        "/v1/why",
        "/v1/catalogue",
        "/livez",
        "/readyz",
        "/metrics",
    }


# Examples


def examples() -> list[str]:
    """Every curl command, put on one line."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL):
        for command in re.split(r"^(?=curl )", block.replace("\\\n", " "), flags=re.MULTILINE):
            if command.startswith("curl "):
                found.append(command.strip())
    return found


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str]]:
    """A service with keys, whose catalogue holds what the examples ask for, and a key."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    _, secret = KeyRing(file, create=True).add("examples", ("match", "read"))
    with make_client(town_matcher([*TOWN, POTTERY]), keys=file) as made:
        yield made, secret


def ask(client: TestClient, key: str, command: str) -> Any:
    """Ask what a curl command asks."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, "#"
    words = list(lexer)[1:]
    headers, body, address = {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value.replace("$KEY", key)
        elif word in ("-d", "--data-binary"):
            body = words.pop(0).encode()
        elif not word.startswith("-"):
            address = word.replace("$SPMATCH", "")
    assert urlsplit(address).path.startswith("/v1/")
    return client.request(
        "POST" if body is not None else "GET", address, content=body, headers=headers
    )


@pytest.mark.parametrize("command", examples(), ids=lambda one: urlsplit(shlex.split(one)[1]).path)
def test_an_example_is_answered_as_it_says(client: tuple[TestClient, str], command: str) -> None:
    expected = 422 if command.endswith("# 422") else 200
    assert ask(*client, command).status_code == expected


def test_there_is_an_example_of_every_route_of_the_first_version(
    client: tuple[TestClient, str],
) -> None:
    routes = {
        path for path in client[0].get("/openapi.json").json()["paths"] if path.startswith("/v1/")
    }
    text = " ".join(examples())
    assert [one for one in routes if f"$SPMATCH{one.partition('{')[0]}" not in text] == []


def test_the_example_of_a_problem_is_what_comes(client: tuple[TestClient, str]) -> None:
    (shown,) = re.findall(r"```json\n(\{\"type\".*?)```", TEXT, re.DOTALL)
    (command,) = (one for one in examples() if one.endswith("# 422"))
    answer = ask(*client, command).json()
    assert {**json.loads(shown), "instance": answer["instance"]} == answer


def test_the_example_of_a_line_of_the_log_has_the_fields_of_its_event() -> None:
    (shown,) = re.findall(r"```json\n(\{\"time\".*?)```", TEXT, re.DOTALL)
    (described,) = (row[2] for row in rows(section("### Logs")) if row[0] == "`answer`")
    assert set(json.loads(shown)) == {
        "time",
        "level",
        "event",
        "pid",
        *re.findall(r"`(\w+)`", described),
    }
