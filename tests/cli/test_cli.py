"""The command line as a person meets it: help, exit codes, tables, JSON, pipes."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from making import HOME, make_activity, north
from spmatch.cli import build_parser, main
from spmatch.profile import Profile
from spmatch.schemas import schema_of
from spmatch.suggestion import Response, WhyNot

ROOT = Path(__file__).parents[2]
PARSERS: dict[str, argparse.ArgumentParser] = next(
    action.choices
    for action in build_parser()._actions
    if isinstance(action, argparse._SubParsersAction)
)
COMMANDS = tuple(PARSERS)
DAY = ("--on", "2026-11-23")

SECRET = "Grædefærdig"
"""Stands for what a person said; no error may repeat it."""

TOWN = [
    make_activity(
        "choir",
        title="Choir [bold]for everyone[/bold] :smile:",
        description="We sing together every week. " + "Nobody has to sing well at all. " * 9,
        text_language="en",
        provider={"name": "The culture house by the harbour in the old town", "phone": "+45 00"},
        place=north(2.0, name="Culture house", address="Havnegade 1", town="Aalborg"),
        cost={"amount": 40, "currency": "DKK", "per": "session"},
        sessions=[{"day": "tue", "start": "10:00", "end": "12:00"}],
    ),
    make_activity(
        "garden",
        title="Havehold",
        description="Vi sår og lugter sammen i fælleshaven.",
        text_language="da",
        place=north(8.0),
        access={"lift": False},
        cost={"amount": 0},
    ),
]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process."""

    def command(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        written = capsys.readouterr()
        return Done(code, written.out, written.err)

    return command


def spmatch(*arguments: object, stdin: str = "") -> Done:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "spmatch", *map(str, arguments)]
    done = subprocess.run(
        command, input=stdin.encode(), capture_output=True, timeout=120, check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sources") / "town.jsonl"
    lines = [one.model_dump_json(exclude_none=True) for one in TOWN]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def snapshot(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("snapshots") / "town"
    done = spmatch("build", town, "--out", directory, "--encoder", "baseline")
    assert (done.code, done.out) == (0, "")
    return directory


@pytest.fixture
def person(tmp_path: Path) -> Callable[..., Path]:
    """A profile in a file."""

    def written(**facts: Any) -> Path:
        path = tmp_path / "person.json"
        path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        return path

    return written


def example(command: str) -> list[str]:
    """The first example of a command's help, as words; what comes from a file is left out."""
    line = PARSERS[command].format_help().partition("example:")[2].strip().splitlines()[0]
    return shlex.split(line.partition("<")[0])


# Help


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    assert all(f"\n    {command} " in shown.out for command in COMMANDS)


def test_help_states_the_exit_codes(run: Run) -> None:
    assert (
        "exit codes: 0 answered (also when nothing suits), 2 bad usage, 3 bad input"
        in run("--help").out
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_an_example(run: Run, command: str) -> None:
    shown = run(command, "--help")
    assert shown.code == 0
    assert f"example:\n  spmatch {command}" in shown.out


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_is_a_command_that_is_understood(command: str) -> None:
    build_parser().parse_args(example(command)[1:])


@pytest.mark.parametrize("command", COMMANDS)
def test_what_an_example_names_is_there(command: str) -> None:
    words = example(command)
    named = [word for word in words if word.startswith(("catalogue/", "evaluation/"))]
    if "--person" in words:
        named.append(f"catalogue/profiles/{words[words.index('--person') + 1]}.json")
    if command == "why":
        records = (ROOT / "catalogue" / "denmark").glob("*.jsonl")
        assert any(f'"{words[2]}"' in path.read_text(encoding="utf-8") for path in records)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"spmatch {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_version_is_said(run: Run) -> None:
    assert re.fullmatch(r"spmatch \d+\.\d+\.\d+\n", run("--version").out)


def test_the_module_is_the_command() -> None:
    assert spmatch("--version").out.startswith("spmatch ")


# Bad usage


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["match"],
        ["match", "--snapshot", "s"],
        ["match", "--snapshot", "s", "--catalogue", "c", "--profile", "p"],
        ["match", "--snapshot", "s", "--profile", "p", "--profiles", "q"],
        ["match", "--snapshot", "s", "--profile", "p", "-k", "0"],
        ["match", "--snapshot", "s", "--profile", "p", "-k", "few"],
        ["match", "--snapshot", "s", "--profile", "p", "--on", "23-11-2026"],
        ["match", "--snapshot", "s", "--profile", "p", "--language", "de"],
        ["match", "--snapshot", "s", "--profile", "p", "--unknown", "ask"],
        ["match", "--snapshot", "s", "--profile", "p", "--encoder", "baseline"],
        ["match", "--snapshot", "s", "--database", "u", "--profile", "p"],
        ["match", "--database", "u", "--profile", "p", "--encoder", "baseline"],
        ["match", "--database", "u", "--profiles", "p", "--processes", "2"],
        ["match", "--database", "u", "--profiles", "p", "--engine", "ray"],
        ["match", "--snapshot", "s", "--profile", "p", "--processes", "2"],
        ["match", "--snapshot", "s", "--profiles", "p", "--processes", "0"],
        ["match", "--snapshot", "s", "--profiles", "p", "--address", "auto"],
        ["evaluate", "--collection", "c", "--out", "o", "--engine", "ray"],
        ["serve", "--snapshot", "s", "--database", "u"],
        ["store", "publish"],
        ["why", "--snapshot", "s", "--profile", "p"],
        ["build", "c"],
        ["encode", "--encoder", "baseline"],
        ["schema", "person"],
    ],
    ids=" ".join,
)
def test_bad_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "usage: spmatch" in done.err


# Bad input


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["match", "--snapshot", "{none}", "--profile", "{person}"], "There is no snapshot"),
        (["match", "--snapshot", "{snapshot}", "--profile", "{none}"], "No such file"),
        (["match", "--snapshot", "{snapshot}", "--profile", "{folder}"], "cannot be read"),
        (["match", "--snapshot", "{snapshot}", "--profiles", "{none}"], "No such file"),
        (["match", "--catalogue", "{none}", "--profile", "{person}"], "no such file or folder"),
        (
            ["match", "--snapshot", "{snapshot}", "--profile", "{person}", "--config", "{none}"],
            "The settings cannot be read",
        ),
        (["why", "opera", "--snapshot", "{snapshot}", "--profile", "{person}"], "'opera'"),
        (["validate", "{none}"], "no such file or folder"),
        (["build", "{none}", "--out", "{folder}/new"], "no such file or folder"),
        (
            ["build", "{town}", "--out", "{person}/new", "--encoder", "baseline"],
            "cannot be written",
        ),
        (["demo", "--person", "nobody"], "There is no example person"),
    ],
)
def test_bad_input_ends_with_3_and_one_message(
    run: Run,
    person: Callable[..., Path],
    town: Path,
    snapshot: Path,
    tmp_path: Path,
    arguments: list[str],
    says: str,
) -> None:
    names = {
        "none": tmp_path / "none",
        "folder": tmp_path,
        "person": person(needs="To sing."),
        "town": town,
        "snapshot": snapshot,
    }
    done = run(*(argument.format(**names) for argument in arguments))
    assert done.code == 3
    assert done.err.startswith("spmatch: ")
    assert says in done.err
    assert done.out == ""


def test_an_unknown_place_ends_with_3(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(origin={"postcode": "9001"})
    done = run("match", "--snapshot", snapshot, "--profile", profile)
    assert done.code == 3
    assert "Near ones" in done.err


BAD_PROFILES = {
    "not JSON": f'{{"needs": "{SECRET}"',
    "not an object": f'["{SECRET}"]',
    "unknown field": json.dumps({"needs": SECRET, "whishes": SECRET}),
    "wrong type": json.dumps({"needs": {"text": SECRET}}),
    "wrong age": json.dumps({"needs": SECRET, "age": SECRET}),
    "wrong gender": json.dumps({"needs": SECRET, "gender": SECRET}),
    "wrong language": json.dumps({"needs": SECRET, "text_language": SECRET}),
    "wrong limit": json.dumps({"needs": SECRET, "must": {"access": [SECRET]}}),
    "wrong time": json.dumps({"must": {"available": [{"day": "mon", "start": SECRET}]}}),
    "wrong cost": json.dumps({"must": {"cost": {"amount": SECRET, "currency": SECRET}}}),
    "limit without origin": json.dumps({"needs": SECRET, "must": {"distance_km": 3}}),
    "too long": json.dumps({"needs": SECRET * 3000}),
    "unknown postcode": json.dumps({"needs": SECRET, "origin": {"postcode": SECRET}}),
    "unknown place": json.dumps({"needs": SECRET, "origin": {"place": SECRET}}),
}


@pytest.mark.parametrize("text", BAD_PROFILES.values(), ids=list(BAD_PROFILES))
def test_an_error_never_repeats_what_was_written(run: Run, snapshot: Path, text: str) -> None:
    done = run("match", "--snapshot", snapshot, "--profile", "-", stdin=text)
    assert done.code == 3
    assert SECRET.casefold() not in (done.out + done.err).casefold()


@pytest.mark.parametrize("text", BAD_PROFILES.values(), ids=list(BAD_PROFILES))
def test_nor_does_the_error_of_one_among_many(run: Run, snapshot: Path, text: str) -> None:
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin=text + "\n")
    assert done.code == 3
    assert SECRET.casefold() not in (done.out + done.err).casefold()


def test_every_fault_of_a_profile_is_reported_at_once(run: Run, snapshot: Path) -> None:
    text = json.dumps({"age": -3, "gender": "x", "must": {"delivery": ["post"]}})
    done = run("match", "--snapshot", snapshot, "--profile", "-", stdin=text)
    assert all(field in done.err for field in ("age", "gender", "must.delivery.0"))


def test_a_profile_that_is_not_utf_8_is_said_to_be_so(
    run: Run, snapshot: Path, tmp_path: Path
) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes('{"needs": "Grædefærdig"}'.encode("latin-1"))
    done = run("match", "--snapshot", snapshot, "--profile", path)
    assert done.code == 3
    assert "it is not UTF-8 text" in done.err


# Match: JSON


def test_a_match_is_answered_as_json_of_the_published_shape(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(needs="To sing together.", origin=HOME, must={"access": ["lift"]})
    done = run("match", "--snapshot", snapshot, "--profile", profile, "--format", "json", *DAY)
    assert (done.code, done.err) == (0, "")
    response = Response.model_validate_json(done.out)
    assert json.loads(response.to_json()) == done.json()


@pytest.mark.parametrize("record", ["activity", "profile", "response"])
def test_the_schema_of_a_record_is_printed(run: Run, record: Any) -> None:
    assert run("schema", record).json() == schema_of(record)


def test_the_json_holds_what_the_formats_name(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(origin=HOME, must={"distance_km": 5})
    found = run("match", "--snapshot", snapshot, "--profile", profile, "--format", "json").json()
    assert set(found) >= {
        *("suggestions", "excluded", "relaxations", "confidence", "timing_ms", "catalogue"),
        "config_hash",
    }
    assert set(found["suggestions"][0]) >= {
        *("rank", "activity", "score", "contributions", "verdicts", "reasons", "ask"),
        *("distance_km", "next_session"),
    }
    assert set(found["relaxations"][0]) >= {"limit", "from", "to", "gains", "examples"}
    assert set(found["catalogue"]) >= {"id", "hash", "activities"}


def test_letters_are_written_as_they_are(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    done = run("match", "--snapshot", snapshot, "--profile", person(), "--format", "json")
    assert "Vi sår og lugter sammen" in done.out


def test_a_catalogue_is_read_as_well_as_a_snapshot(
    run: Run, person: Callable[..., Path], town: Path, snapshot: Path
) -> None:
    profile = person(needs="To sing together.", origin=HOME)
    options = ("--profile", profile, "--format", "json", *DAY)
    fresh = run("match", "--catalogue", town, "--encoder", "baseline", *options).json()
    stored = run("match", "--snapshot", snapshot, *options).json()
    assert fresh["suggestions"] == stored["suggestions"]


def test_no_more_than_k_are_answered(run: Run, person: Callable[..., Path], snapshot: Path) -> None:
    done = run("match", "--snapshot", snapshot, "--profile", person(), "-k", 1, "--format", "json")
    assert len(done.json()["suggestions"]) == 1


def test_nothing_that_suits_is_an_answer(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(origin=HOME, must={"distance_km": 0.1})
    done = run("match", "--snapshot", snapshot, "--profile", profile, "--format", "json")
    assert done.code == 0
    assert (done.json()["suggestions"], done.json()["confidence"]) == ([], "none")
    assert done.json()["excluded"] == {"distance": 2}


def test_what_is_not_stated_can_be_left_out(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(must={"access": ["lift"]})
    done = run(
        "match",
        "--snapshot",
        snapshot,
        "--profile",
        profile,
        "--unknown",
        "exclude",
        "--format",
        "json",
    )
    assert done.json()["suggestions"] == []


def test_settings_are_taken_from_a_file(
    run: Run, person: Callable[..., Path], snapshot: Path, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[weights]\nmeaning = 0.1\n", encoding="utf-8")
    options = ("match", "--snapshot", snapshot, "--profile", person(), "--format", "json")
    assert (
        run(*options, "--config", path).json()["config_hash"] != run(*options).json()["config_hash"]
    )


# Match: many


def test_many_profiles_are_answered_one_a_line_in_order(run: Run, snapshot: Path) -> None:
    lines = [json.dumps({"id": str(i), "needs": "To sing."}) for i in range(5)]
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin="\n".join(lines))
    assert (done.code, done.err) == (0, "")
    found = [Response.model_validate_json(line) for line in done.out.splitlines()]
    assert [one.profile_id for one in found] == ["0", "1", "2", "3", "4"]


def test_a_line_that_cannot_be_answered_gives_its_problems_and_the_others_are_answered(
    run: Run, snapshot: Path
) -> None:
    lines = ['{"id": "a"}', '{"age": -1}', '{"origin": {"postcode": "9001"}}', '{"id": "d"}']
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin="\n".join(lines))
    assert done.code == 3
    first, bad, nowhere, last = (json.loads(line) for line in done.out.splitlines())
    assert (first["profile_id"], last["profile_id"]) == ("a", "d")
    assert bad["error"]["where"] == "standard input, line 2"
    assert [problem["field"] for problem in bad["error"]["problems"]] == ["age"]
    assert "postcode" in nowhere["error"]["problems"][0]["reason"]
    assert "line 2" in done.err
    assert "line 3" in done.err


def test_empty_lines_between_profiles_are_passed_over(run: Run, snapshot: Path) -> None:
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin='\n{"id": "a"}\r\n\n')
    assert [json.loads(line)["profile_id"] for line in done.out.splitlines()] == ["a"]


def test_no_profiles_give_no_responses(run: Run, snapshot: Path) -> None:
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin="")
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"], ids=["LS", "PS", "NEL"])
def test_a_mark_inside_a_profile_ends_no_line(run: Run, snapshot: Path, mark: str) -> None:
    line = json.dumps({"id": "a", "needs": f"To sing{mark}together."}, ensure_ascii=False)
    done = run("match", "--snapshot", snapshot, "--profiles", "-", stdin=line + "\n")
    assert done.code == 0


# Match: tables


def match_table(run: Run, profile: Path, snapshot: Path, *options: object) -> str:
    done = run("match", "--snapshot", snapshot, "--profile", profile, *DAY, *options)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_a_table_is_at_most_80_columns_wide(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(needs="To sing together.", origin=HOME, must={"distance_km": 5})
    table = match_table(run, profile, snapshot)
    assert max(map(len, table.splitlines())) <= 80


def test_a_narrow_terminal_has_a_narrow_table(
    run: Run, person: Callable[..., Path], snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    table = match_table(run, person(origin=HOME), snapshot)
    assert max(map(len, table.splitlines())) <= 50


def test_a_table_shows_rank_title_reason_and_score(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    table = match_table(run, person(origin=HOME), snapshot)
    assert "1. Choir" in table
    assert "+ It is 2 km away." in table
    assert "+ It meets next on Tuesday 24 November at 10:00." in table
    assert re.search(r"Score \d\.\d{3} = ", table)


def test_marks_in_a_title_are_shown_as_they_are(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    assert "Choir [bold]for everyone[/bold] :smile:" in match_table(run, person(), snapshot)


def test_a_table_is_danish_where_that_is_asked(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    table = match_table(run, person(origin=HOME), snapshot, "--language", "da")
    assert "+ Der er 2 km derhen." in table
    assert "Point" in table


def test_a_table_is_danish_for_a_profile_in_danish(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    table = match_table(run, person(needs="At synge.", text_language="da", origin=HOME), snapshot)
    assert "Score" not in table


def test_a_table_without_suggestions_says_what_was_left_out_and_what_would_help(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    table = match_table(run, person(origin=HOME, must={"distance_km": 0.5}), snapshot)
    assert "Nothing suits this profile." in table
    assert "Left out (of 2 activities): distance 2" in table
    assert "Loosen one limit:" in table
    assert "instead of 0.5 km: 1 more." in table


def test_no_colours_are_written_to_a_pipe(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    assert "\x1b" not in match_table(run, person(), snapshot)


# Why


def test_why_lists_the_limits_that_fail(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    profile = person(origin=HOME, must={"distance_km": 5, "access": ["lift"]})
    done = run("why", "garden", "--snapshot", snapshot, "--profile", profile, *DAY)
    assert done.code == 0
    assert "- Distance: 8 km of 5 km." in done.out
    assert "- Access: not there: a lift." in done.out


def test_why_is_answered_as_json(run: Run, person: Callable[..., Path], snapshot: Path) -> None:
    profile = person(origin=HOME, must={"distance_km": 5})
    done = run("why", "garden", "--snapshot", snapshot, "--profile", profile, "--format", "json")
    answer = WhyNot.model_validate_json(done.out)
    assert [one.limit for one in answer.fails] == ["distance"]


def test_why_is_at_most_80_columns_wide(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    done = run("why", "choir", "--snapshot", snapshot, "--profile", person(needs="To sing."))
    assert max(map(len, done.out.splitlines())) <= 80


def test_why_shows_marks_in_a_title_as_they_are(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    done = run("why", "choir", "--snapshot", snapshot, "--profile", person())
    assert "[bold]for everyone[/bold] :smile:" in done.out


def test_why_says_where_an_activity_stands(
    run: Run, person: Callable[..., Path], snapshot: Path
) -> None:
    done = run("why", "garden", "--snapshot", snapshot, "--profile", person(origin=HOME))
    assert "It stands at number 2 of those that suit." in done.out


# Validate and build


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.jsonl"
    path.write_text('{"id": "a", "title": "Kor"}\n{"id": "b"}\n', encoding="utf-8")
    return path


def test_validate_lists_what_is_wrong(run: Run, dirty: Path) -> None:
    done = run("validate", dirty)
    assert done.code == 0
    assert "1 activities read, 1 problems." in done.out
    assert "dirty.jsonl, line 2, title: Field required. State it." in done.out.replace("\n  ", " ")


def test_validate_gives_its_findings_as_json(run: Run, dirty: Path) -> None:
    found = run("validate", dirty, "--json", "-").json()
    assert (found["activities"], len(found["problems"])) == (1, 1)
    assert found["problems"][0]["field"] == "title"


def test_validate_is_at_most_80_columns_wide(run: Run, dirty: Path) -> None:
    assert max(map(len, run("validate", dirty).out.splitlines())) <= 80


def test_strict_makes_a_bad_record_bad_input(run: Run, dirty: Path, tmp_path: Path) -> None:
    assert run("validate", dirty, "--strict").code == 3
    assert run("build", dirty, "--strict", "--out", tmp_path / "new").code == 3
    assert not (tmp_path / "new").exists()


def test_strict_takes_a_source_without_a_fault(run: Run, town: Path) -> None:
    assert run("validate", town, "--strict").code == 0


def test_a_build_says_what_it_wrote_beside_its_output(run: Run, town: Path, tmp_path: Path) -> None:
    done = run("build", town, "--out", tmp_path / "new", "--encoder", "baseline")
    assert (done.code, done.out) == (0, "")
    assert done.err == f"2 activities in {tmp_path / 'new'}.\n"


def test_a_build_of_a_source_with_faults_says_how_to_see_them(
    run: Run, dirty: Path, tmp_path: Path
) -> None:
    done = run("build", dirty, "--out", tmp_path / "new", "--encoder", "baseline")
    assert done.code == 0
    assert "spmatch validate" in done.err


def test_a_second_build_replaces_the_first(
    run: Run, town: Path, dirty: Path, tmp_path: Path
) -> None:
    for source in (town, dirty):
        run("build", source, "--out", tmp_path / "new", "--encoder", "baseline")
    done = run(
        *("match", "--snapshot", tmp_path / "new", "--profile", "-", "--format", "json"), stdin="{}"
    )
    assert done.json()["catalogue"]["activities"] == 1


# Demo


@pytest.fixture(scope="module")
def demo() -> Done:
    return spmatch("demo", "--encoder", "baseline", *DAY)


def test_the_demo_ends_with_five_explained_suggestions(demo: Done) -> None:
    assert demo.code == 0
    assert [f"\n{number}. " in demo.out for number in range(1, 6)] == [True] * 5
    assert demo.out.count("   + ") >= 5


def test_the_demo_is_at_most_80_columns_wide(demo: Done) -> None:
    assert max(map(len, demo.out.splitlines())) <= 80


def test_the_demo_begins_with_what_is_written_of_the_person(demo: Done) -> None:
    people = (ROOT / "catalogue" / "profiles").glob("*.json")
    needs = [Profile.read(path.read_text(encoding="utf-8")).needs or "" for path in people]
    assert any(" ".join(demo.out.split()).startswith(" ".join(text.split())) for text in needs)


def test_the_demo_lists_its_persons(run: Run) -> None:
    names = {path.stem for path in (ROOT / "catalogue" / "profiles").glob("*.json")}
    listed = run("demo", "--list")
    assert names <= set(listed.out.splitlines())
    assert max(map(len, listed.out.splitlines())) <= 80


# Pipes


def test_a_profile_is_read_from_standard_input(run: Run, snapshot: Path) -> None:
    text = json.dumps({"id": "from-stdin"})
    done = run("match", "--snapshot", snapshot, "--profile", "-", "--format", "json", stdin=text)
    assert done.json()["profile_id"] == "from-stdin"


def test_a_profile_with_a_byte_order_mark_is_read(run: Run, snapshot: Path) -> None:
    done = run("match", "--snapshot", snapshot, "--profile", "-", stdin="\ufeff{}")
    assert done.code == 0


@pytest.mark.parametrize("shape", ["table", "json", "help"])
def test_a_reader_that_goes_away_is_no_fault(town: Path, shape: str) -> None:
    options: dict[str, list[object]] = {
        "table": ["validate", town],
        "json": ["schema", "response"],
        "help": ["--help"],
    }
    command = [sys.executable, "-m", "spmatch", *map(str, options[shape])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as piped:
        assert piped.stdout is not None
        assert piped.stderr is not None
        piped.stdout.close()
        complaint = piped.stderr.read().decode()
    assert (piped.returncode, complaint) == (0, "")


def test_a_reader_that_goes_away_amid_many_answers_is_no_fault(snapshot: Path) -> None:
    command = [sys.executable, "-m", "spmatch", "match", "--snapshot", str(snapshot)]
    with subprocess.Popen(
        [*command, "--profiles", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as piped:
        assert piped.stdin is not None
        assert piped.stdout is not None
        assert piped.stderr is not None
        piped.stdin.write(b"{}\n" * 200)
        piped.stdin.close()
        piped.stdout.readline()
        piped.stdout.close()
        complaint = piped.stderr.read().decode()
    assert (piped.returncode, complaint) == (0, "")
