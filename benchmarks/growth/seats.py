"""Processes that wait their turn: what is compared is all there at once, and one of them works at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from benchmarks.search.run import BUILD_SECONDS_MOST
from benchmarks.search.worker import Failed

END_SECONDS = 30

Work = Callable[..., None]
"""Speaks as ``benchmarks.search.worker.run_engine`` does over the pipe that is its last argument: sends one
thing when it is ready, then one for every ``True`` that comes."""


class SeatError(Exception):
    """A process could not do its work."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One process, ready for its turns."""

    name: str
    process: BaseProcess
    pipe: Connection
    ready: Any
    """What it sent when it was ready."""

    def turn(self) -> Any:
        """Let it work once; what it sends. Raises ``SeatError``."""
        self.pipe.send(True)
        return _receive(self.name, self.pipe)

    def close(self) -> None:
        _end(self.process, self.pipe)


@contextmanager
def seats(works: Sequence[tuple[str, Work, tuple[Any, ...]]]) -> Generator[list[Seat]]:
    """One process for each (name, work, arguments), started one after the other; ended with the block.

    Raises ``SeatError`` when one does not become ready.
    """
    taken: list[Seat] = []
    try:
        for name, work, arguments in works:
            taken.append(_take(name, work, arguments))
        yield taken
    finally:
        for seat in taken:
            seat.close()


def _take(name: str, work: Work, arguments: tuple[Any, ...]) -> Seat:
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=work, args=(*arguments, theirs))
    process.start()
    # Only the process may hold its end: that it has died is known by its end being closed.
    theirs.close()
    try:
        return Seat(name, process, pipe, _receive(name, pipe))
    except SeatError:
        _end(process, pipe)
        raise


def _receive(name: str, pipe: Connection) -> Any:
    if not pipe.poll(BUILD_SECONDS_MOST):
        raise SeatError(f"{name}: no answer in {BUILD_SECONDS_MOST} s")
    try:
        answer = pipe.recv()
    except EOFError:
        raise SeatError(f"{name}: its process ended") from None
    if isinstance(answer, Failed):
        raise SeatError(f"{name}: {answer.reason}")
    return answer


def _end(process: BaseProcess, pipe: Connection) -> None:
    with suppress(OSError):
        pipe.send(False)
    process.join(END_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    pipe.close()
