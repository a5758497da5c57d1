"""How many matches run at once: the others wait their turn, and when too many wait they are turned away.

A match is arithmetic and keeps a core busy. More of them at once than there are cores would make all
of them late, so each worker process has a few threads and a line of bounded length before them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


class BusyError(Exception):
    """Too many requests are waiting already. ``retry_after_seconds`` is a fair time to come back."""

    retry_after_seconds = 2


class TooSlowError(Exception):
    """The answer was not there in time. What is running still occupies its thread until it ends."""

    retry_after_seconds = 5


class Desk:
    """Runs work in ``at_once`` threads; at most ``waiting`` more may stand in line.

    ``watch`` is told how many there are whenever that changes. On leaving its context what is running
    ends, and nothing new is begun.
    """

    def __init__(
        self,
        at_once: int,
        waiting: int,
        seconds: float,
        *,
        watch: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._at_once = at_once
        self._threads = self._hire()
        self._room = at_once + waiting
        self._seconds = seconds
        self._inside = 0
        self._watch = watch

    def __enter__(self) -> Desk:
        self._threads = self._hire()
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def inside(self) -> int:
        """How many are running or waiting now."""
        return self._inside

    @property
    def full(self) -> bool:
        """Whether the next one would be turned away."""
        return self._inside >= self._room

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """The answer of ``work``, from a thread. Raises ``BusyError``, ``TooSlowError``, or what it raises.

        Work that is given up on while it waits (the client went away, or the time is over) is never
        begun. Call from the event loop's thread alone.
        """
        if self.full:
            raise BusyError
        self._enter()
        task = self._threads.submit(work)
        # Counted until it has really ended: an answer that nobody waits for still takes a thread.
        loop = asyncio.get_running_loop()
        task.add_done_callback(lambda _: _in_loop(loop, self._leave))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(task), self._seconds)
        except TimeoutError:
            raise TooSlowError from None

    def _enter(self) -> None:
        self._inside += 1
        self._watch(self._inside)

    def _leave(self) -> None:
        self._inside -= 1
        self._watch(self._inside)

    def _hire(self) -> ThreadPoolExecutor:
        # Threads are begun with the first work.
        return ThreadPoolExecutor(self._at_once, thread_name_prefix="match")


def _in_loop(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
