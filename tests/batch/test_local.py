"""Worker processes of this machine: the same answers, whatever befalls them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crews import (
    BAD,
    MANNER,
    SECRET,
    asked_of,
    people,
    told,
    town_snapshot,
)
from stand_ins import dying_worker, stillborn_worker

from making import TODAY
from serving import PATIENCE_SECONDS
from spmatch import __version__
from spmatch.batch import Answer, BatchError, Manner, local, match_all, part, sweep
from spmatch.batch.answering import Answerer, same_identity
from spmatch.batch.local import ProcessCrew
from spmatch.batch.part import Asked, Source
from spmatch.batch.streaming import stream
from spmatch.config import Config
from spmatch.errors import PlaceError, ProfileError, SnapshotError
from spmatch.matcher import Matcher
from spmatch.profile import Profile

COUNT = 40


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town_snapshot(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def matcher(snapshot: Path) -> Matcher:
    return Matcher.load(snapshot)


@pytest.fixture(scope="module")
def one_by_one(matcher: Matcher) -> list[Answer]:
    """What ``match`` answers to each."""
    return Answerer(Source(""), [MANNER], matcher).answer(list(asked_of(people(COUNT))))


@pytest.fixture(scope="module")
def of_two(snapshot: Path) -> list[Answer]:
    """What two processes answer, of which one is killed when half is done."""
    crew = ProcessCrew(Source(str(snapshot)), [MANNER], 2)
    before = set(crew.process_ids)
    found: list[Answer] = []
    for one in stream(crew, asked_of(people(COUNT)), part=3, window=12):
        found.append(one)
        if len(found) == COUNT // 2:
            os.kill(crew.process_ids[0], signal.SIGKILL)
        if len(found) > COUNT // 2:
            before |= set(crew.process_ids)
    assert len(before) == 3
    return found


def test_two_processes_answer_what_match_answers(
    of_two: list[Answer], one_by_one: list[Answer]
) -> None:
    assert told(of_two) == told(one_by_one)


def test_a_profile_that_is_bad_keeps_no_other_from_its_answer(of_two: list[Answer]) -> None:
    assert [one.number for one in of_two if one.error] == [*BAD]


def test_an_error_is_of_its_kind_in_this_process_too(of_two: list[Answer]) -> None:
    assert [type(of_two[place].error) for place in BAD] == [ProfileError, PlaceError]


def test_a_snapshot_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = match_all(tmp_path, people(5), processes=2)
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        next(found)


def test_a_part_that_kills_its_workers_is_named(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "serve_parts", dying_worker)
    monkeypatch.setattr(part, "TRIES", 1)
    crew = ProcessCrew(Source(str(snapshot)), [MANNER], 1)
    with pytest.raises(BatchError, match="people, line 1 to people, line 2"):
        list(stream(crew, asked_of(people(2))))


def test_a_worker_that_cannot_begin_ends_the_batch(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "serve_parts", stillborn_worker)
    crew = ProcessCrew(Source(str(snapshot)), [MANNER], 1)
    with pytest.raises(BatchError, match="exit code 7"):
        list(stream(crew, asked_of(people(2))))


# Ends

BUSY = """
import itertools, multiprocessing, signal

from stand_ins import echo_worker
from spmatch.batch import local, match_all

local.serve_parts = echo_worker

if __name__ == "__main__":
    # As a terminal starts it; where tests run in the background they hear no interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for _ in match_all("town", itertools.repeat({"needs": "To sing."}), processes=2):
        print(*(one.pid for one in multiprocessing.active_children()), flush=True)
"""


def gone(process_id: int, seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether a process has ended, or does within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = Path(f"/proc/{process_id}/stat")
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are seen on Linux")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_batch(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "busy.py"
    script.write_text(BUSY)
    with subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as batch:
        assert batch.stdout is not None
        workers = [int(one) for one in batch.stdout.readline().split()]
        if how == signal.SIGINT:
            # As a terminal does it: to all at once.
            os.killpg(batch.pid, how)
        else:
            batch.kill()
        complaint = batch.communicate(timeout=PATIENCE_SECONDS)[1].decode()
    assert (len(workers), [gone(one) for one in workers]) == (2, [True, True])
    assert complaint.count("KeyboardInterrupt") == (how == signal.SIGINT)


# In this process


def test_a_few_are_answered_by_this_process(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.ProcessCrew, "__init__", lambda *_: pytest.fail("started"))
    assert len(list(match_all(matcher, people(30), on=TODAY))) == 30


@pytest.mark.parametrize("form", [dict, Profile.model_validate, None])
def test_a_profile_may_come_in_any_form(matcher: Matcher, form: object) -> None:
    (record,) = people(1)
    given = form(record) if callable(form) else Profile.model_validate(record).model_dump_json()
    (found,) = match_all(matcher, [given], on=TODAY, processes=1)
    answer = matcher.match(Profile.model_validate(record), on=TODAY)
    assert found.response.to_json(timing=False) == answer.to_json(timing=False)


def test_what_is_not_utf_8_is_said(matcher: Matcher) -> None:
    (found,) = match_all(matcher, [b'{"needs": "\xe6"}'])
    assert "it is not UTF-8 text" in str(found.error)


def test_the_response_of_an_error_is_the_error(matcher: Matcher) -> None:
    (found,) = match_all(matcher, [{"age": -1}])
    with pytest.raises(ProfileError, match="profile 1"):
        _ = found.response


def test_a_line_is_one_line(matcher: Matcher) -> None:
    (found,) = match_all(matcher, [{"id": "a\nb", "needs": "rent"}])
    assert "\n" not in found.line


def test_what_match_is_told_is_told(matcher: Matcher) -> None:
    (found,) = match_all(matcher, [{"needs": "rent and songs"}], k=1, language="da", on=TODAY)
    answer = matcher.match({"needs": "rent and songs"}, k=1, language="da", on=TODAY)
    assert found.response.to_json(timing=False) == answer.to_json(timing=False)


def test_a_fault_of_the_program_tells_nothing_of_the_profile(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(Matcher, "match", fail)
    with pytest.raises(BatchError, match=r"profile 1 .* KeyError in test_local\.py") as caught:
        list(match_all(matcher, [{"needs": SECRET}]))
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_k_below_one_is_refused_at_once(matcher: Matcher) -> None:
    with pytest.raises(ValueError, match="k is at least 1"):
        match_all(matcher, [], k=0)


def test_no_process_is_refused_at_once(matcher: Matcher) -> None:
    with pytest.raises(ValueError, match="processes is at least 1"):
        match_all(matcher, [], processes=0)


# One batch, one snapshot


def test_a_snapshot_that_was_built_again_meanwhile_ends_the_batch() -> None:
    ours = f"spmatch {__version__}, "
    with pytest.raises(BatchError, match="built again"):
        same_identity(ours + "one", ours + "other")


def test_another_version_of_spmatch_is_named() -> None:
    with pytest.raises(BatchError, match=r"spmatch 0\.0\.1, and this is"):
        same_identity("spmatch 0.0.1, one", "")


# Many settings


def test_a_sweep_answers_what_each_setting_answers(snapshot: Path) -> None:
    profiles = {str(n): Profile.model_validate(p) for n, p in enumerate(people(3))}
    other = Config.model_validate(
        {**Config.default().model_dump(), "confidence": {"floor": 0.0, "good": 0.9}}
    )
    manners = [MANNER, Manner(config=other, on=TODAY, k=2, unknown="exclude")]
    found = list(sweep(snapshot, profiles, manners, processes=1))
    expected = [
        {
            name: Matcher.load(snapshot, config=one.config)
            .match(profile, on=TODAY, k=one.k, unknown=one.unknown)
            .to_json(timing=False)
            for name, profile in profiles.items()
        }
        for one in manners
    ]
    assert [{n: r.to_json(timing=False) for n, r in one.items()} for one in found] == expected


def test_the_matcher_of_the_last_settings_is_kept(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    load = Matcher.load

    def noted(*given: object, **options: object) -> Matcher:
        loaded.append(options["config"])
        return load(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "load", noted)
    answerer = Answerer(Source(str(snapshot)), [MANNER])
    answerer.answer([Asked(0, "a", "{}"), Asked(1, "b", "{}")])
    assert len(loaded) == 1
