"""How often a key may ask: never more than its rate, whoever counts and whoever dies."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmatch.web.rates import FILE, Rates

NOW = 1000.0

gaps = st.lists(
    st.one_of(st.just(0.0), st.floats(0, 5), st.floats(0, 200)), min_size=1, max_size=150
)


def passed(rates: Rates, moments: list[float], per_minute: int, key: str = "key") -> list[float]:
    """The moments at which the key was let through."""
    return [moment for moment in moments if rates.take(key, per_minute, moment) == 0.0]


def the_most(moments: list[float], per_minute: int) -> float:
    """By how many the fullest window of time is over what a bucket may let through in it."""
    return max(
        (last - first + 1) - per_minute - per_minute * (moments[last] - moments[first]) / 60
        for first in range(len(moments))
        for last in range(first, len(moments))
    )


@settings(deadline=None)
@given(gaps=gaps, per_minute=st.integers(1, 40))
def test_no_window_of_time_holds_more_than_a_burst_and_the_rate(
    gaps: list[float], per_minute: int
) -> None:
    through = passed(Rates(), list(accumulate(gaps, initial=NOW)), per_minute)
    assert the_most(through, per_minute) <= 1e-6


@settings(deadline=None)
@given(gaps=gaps, per_minute=st.integers(1, 40), first=st.lists(st.booleans(), min_size=151))
def test_two_workers_let_through_no_more_than_one(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[float], per_minute: int, first: list[bool]
) -> None:
    folder = tmp_path_factory.mktemp("rates")
    workers = Rates(folder), Rates(folder)
    moments = list(accumulate(gaps, initial=NOW))
    through = [
        moment
        for moment, one in zip(moments, first, strict=False)
        if workers[one].take("key", per_minute, moment) == 0.0
    ]
    for worker in workers:
        worker.close()
    assert through == passed(Rates(), moments[: len(first)], per_minute)


@settings(deadline=None)
@given(gaps=gaps, per_minute=st.integers(1, 600))
def test_the_wait_is_enough_and_no_longer_than_needed(gaps: list[float], per_minute: int) -> None:
    rates = Rates()
    for moment in accumulate(gaps, initial=NOW):
        wait = rates.take("key", per_minute, moment)
        if wait:
            assert rates.take("key", per_minute, moment + wait * 0.99 - 1e-6) > 0
            assert rates.take("key", per_minute, moment + wait + 1e-6) == 0.0
            return


def test_after_a_rest_a_minute_of_requests_may_come_at_once() -> None:
    assert len(passed(Rates(), [NOW] * 50, per_minute=30)) == 30


def test_then_one_may_come_every_two_seconds() -> None:
    rates = Rates()
    passed(rates, [NOW] * 30, per_minute=30)
    assert rates.take("key", 30, NOW) == pytest.approx(2.0)
    assert rates.take("key", 30, NOW + 2.0) == 0.0


def test_keys_do_not_count_for_each_other() -> None:
    rates = Rates()
    passed(rates, [NOW] * 30, per_minute=30)
    assert rates.take("other", 30, NOW) == 0.0


def test_more_keys_than_there_is_room_for_share_which_is_stricter() -> None:
    rates = Rates(slots=2)
    through = sum(len(passed(rates, [NOW] * 9, 5, key=f"key {number}")) for number in range(6))
    assert through == 10


def test_the_room_of_a_key_that_rested_a_minute_is_given_to_another() -> None:
    rates = Rates(slots=2)
    for number in range(40):
        moment = NOW + 61 * number
        assert len(passed(rates, [moment] * 9, 5, key=f"key {number}")) == 5


def test_a_key_is_found_behind_one_that_has_rested() -> None:
    # One slot each, in whatever order they fall: what stands between them must not hide the others.
    rates = Rates(slots=8)
    for number in range(8):
        assert rates.take(f"key {number}", 1, NOW + number) == 0.0
    later = NOW + 60.5
    assert [rates.take(f"key {number}", 1, later) > 0 for number in range(1, 8)] == [True] * 7


def test_what_an_earlier_boot_left_holds_nobody_up_for_long(tmp_path: Path) -> None:
    late = Rates(tmp_path)
    passed(late, [1e9] * 30, per_minute=30)
    late.close()
    rates = Rates(tmp_path)
    assert rates.take("key", 30, NOW) == pytest.approx(2.0)
    rates.close()


def test_workers_that_are_processes_let_through_exactly_the_burst(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from spmatch.web.rates import Rates
rates = Rates(Path(sys.argv[1]))
children = 3
for _ in range(children):
    if os.fork() == 0:
        through = sum(rates.take("key", 60, 1000.0) == 0.0 for _ in range(60))
        os.write(1, f"{through} ".encode())
        os._exit(0)
for _ in range(children):
    os.wait()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    counts = [int(count) for count in done.stdout.split()]
    assert (len(counts), sum(counts)) == (3, 60)


def test_a_worker_that_is_killed_while_it_counts_holds_nobody_up(tmp_path: Path) -> None:
    code = """
import fcntl, os, signal, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(file, fcntl.LOCK_EX)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / FILE)], check=False)
    rates = Rates(tmp_path)
    assert rates.take("key", 30, NOW) == 0.0
    rates.close()


def test_a_worker_that_stands_still_while_it_counts_lets_nobody_through_uncounted(
    tmp_path: Path,
) -> None:
    rates = Rates(tmp_path)
    with (tmp_path / FILE).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert rates.take("key", 30, NOW) == 1.0
    assert rates.take("key", 30, NOW) == 0.0
    rates.close()


def test_the_clock_is_one_that_workers_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    rates = Rates()
    passed(rates, [5.0] * 30, per_minute=30)
    assert rates.take("key", 30) == pytest.approx(2.0)


def test_the_file_names_no_key(tmp_path: Path) -> None:
    rates = Rates(tmp_path)
    rates.take("3f9a2c1b", 30)
    rates.close()
    assert b"3f9a2c1b" not in (tmp_path / FILE).read_bytes()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Rates(tmp_path).close()
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
