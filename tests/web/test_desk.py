"""The desk: so many at once, so many waiting, so long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from spmatch.web.desk import BusyError, Desk, TooSlowError

PATIENCE = 60
"""Seconds that no test waits, however slow the machine is."""


def test_work_is_answered() -> None:
    assert asyncio.run(Desk(1, 0, PATIENCE).run(lambda: 7)) == 7


def test_what_work_raises_is_raised() -> None:
    def work() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        asyncio.run(Desk(1, 0, PATIENCE).run(work))


def test_one_too_many_is_turned_away() -> None:
    held = threading.Event()

    async def scene() -> None:
        desk = Desk(1, 1, PATIENCE)
        inside = [asyncio.create_task(desk.run(held.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        try:
            await desk.run(lambda: None)
        finally:
            held.set()
            await asyncio.gather(*inside)

    with pytest.raises(BusyError):
        asyncio.run(scene())


def most_at_once(desk: Desk, count: int, *, patience: float) -> int:
    """How many of some works ran at once, where each waits so many seconds for another beside it."""
    lock, now, most = threading.Lock(), 0, 0
    together = threading.Barrier(2, timeout=patience)

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with suppress(threading.BrokenBarrierError):
            together.wait()
        with lock:
            now -= 1

    async def scene() -> None:
        await asyncio.gather(*(desk.run(work) for _ in range(count)))

    asyncio.run(scene())
    return most


def test_no_more_run_at_once_than_allowed() -> None:
    assert most_at_once(Desk(1, 10, PATIENCE), 6, patience=0.05) == 1


def test_as_many_run_at_once_as_allowed() -> None:
    assert most_at_once(Desk(2, 10, PATIENCE), 6, patience=PATIENCE) == 2


def test_work_that_takes_too_long_is_given_up() -> None:
    held = threading.Event()

    async def scene() -> None:
        try:
            await Desk(1, 0, 0.01).run(held.wait)
        finally:
            held.set()

    with pytest.raises(TooSlowError):
        asyncio.run(scene())


def test_work_that_is_given_up_still_takes_its_place() -> None:
    held, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        held.wait()

    async def scene() -> int:
        desk = Desk(1, 0, PATIENCE)
        task = asyncio.create_task(desk.run(work))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        inside = desk.inside
        held.set()
        return inside

    assert asyncio.run(scene()) == 1


def test_a_place_is_free_again_when_work_has_ended() -> None:
    async def scene() -> int:
        desk = Desk(1, 0, PATIENCE)
        for _ in range(3):
            await desk.run(lambda: None)
        return desk.inside

    assert asyncio.run(scene()) == 0


def test_work_given_up_while_it_waits_is_never_begun() -> None:
    held, begun = threading.Event(), []

    async def scene() -> None:
        with Desk(1, 5, PATIENCE) as desk:
            first = asyncio.create_task(desk.run(held.wait))
            await asyncio.sleep(0)
            second = asyncio.create_task(desk.run(lambda: begun.append(1)))
            await asyncio.sleep(0)
            second.cancel()
            with suppress(asyncio.CancelledError):
                await second
            held.set()
            await first
            # Whatever stood before this one has had its turn.
            await desk.run(lambda: None)

    asyncio.run(scene())
    assert begun == []


def test_full_says_that_the_next_would_be_turned_away() -> None:
    held = threading.Event()
    wait: Callable[[], bool] = held.wait

    async def scene() -> tuple[bool, bool]:
        desk = Desk(1, 0, PATIENCE)
        before = desk.full
        task = asyncio.create_task(desk.run(wait))
        await asyncio.sleep(0)
        during = desk.full
        held.set()
        await task
        return before, during

    assert asyncio.run(scene()) == (False, True)
