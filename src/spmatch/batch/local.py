"""Workers on this machine: this process itself, or processes of their own.

Each process is started afresh (``spawn``), loads the snapshot itself (its arrays are mapped, so that
the system holds them once for all) and answers one part at a time over a pipe of its own: when it is
lost, exactly that part is done again, and the others do not notice.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from spmatch.batch.answering import Answerer, same_identity
from spmatch.batch.part import Answer, Manner, Part, Source
from spmatch.errors import BatchError, SpmatchError

END_SECONDS = 5.0
"""How long an ended process may take to be gone before it is killed."""


class InProcessCrew:
    """This process, one part at a time."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._part: Part | None = None

    def has_room(self) -> bool:
        return self._part is None

    def begin(self, part: Part) -> None:
        self._part = part

    def wait(self) -> Sequence[Answer]:
        part, self._part = self._part, None
        return self._answerer.answer(part.asked) if part else ()

    def close(self) -> None:
        """Nothing to end."""


class ProcessCrew:
    """Worker processes. A process that dies is replaced, and its part is given to another."""

    def __init__(self, source: Source, manners: Sequence[Manner], processes: int) -> None:
        self._source = source
        self._manners = manners
        self._again: list[Part] = []
        self._identity = ""
        self._workers: list[_Worker] = []
        try:
            for _ in range(processes):
                self._workers.append(_Worker(source, manners))
        except BaseException:
            self.close()
            raise

    @property
    def process_ids(self) -> list[int]:
        """Of the workers that are alive, as far as is known."""
        return [worker.process.pid or 0 for worker in self._workers]

    def has_room(self) -> bool:
        return any(worker.is_idle for worker in self._workers)

    def begin(self, part: Part) -> None:
        part.begun()
        worker = next(worker for worker in self._workers if worker.is_idle)
        worker.part = part
        # Where it has died while it was idle, its pipe says so to ``wait`` as well.
        with suppress(OSError):
            worker.pipe.send(part.asked)

    def wait(self) -> Sequence[Answer]:
        answers: list[Answer] = []
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                found = worker.pipe.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(found, SpmatchError):
                raise found
            if isinstance(found, str):
                self._admit(worker, found)
            else:
                answers += found
                worker.part = None
        while self._again and self.has_room():
            self.begin(self._again.pop())
        return answers

    def close(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _admit(self, worker: _Worker, identity: str) -> None:
        """A worker has loaded the snapshot."""
        self._identity = same_identity(identity, self._identity)
        worker.is_ready = True

    def _replace(self, lost: _Worker) -> None:
        self._workers.remove(lost)
        code = lost.end()
        if not lost.is_ready:
            raise BatchError(
                f"A worker process ended before it could begin (exit code {code}). Is there memory "
                "for so many? In a script, the call must stand under: if __name__ == '__main__'"
            )
        if lost.part:
            self._again.append(lost.part)
        self._workers.append(_Worker(self._source, self._manners))


class _Worker:
    """A process, our end of its pipe, and the part that it has."""

    def __init__(self, source: Source, manners: Sequence[Manner]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.part: Part | None = None
        self.is_ready = False
        self.process: BaseProcess = context.Process(
            target=serve_parts, args=(theirs, source, manners), name="spmatch-batch", daemon=True
        )
        try:
            with _deaf_to_interrupts():
                self.process.start()
        finally:
            # Only the worker may hold it: that it has died is known by its end being closed.
            theirs.close()

    @property
    def is_idle(self) -> bool:
        return self.is_ready and self.part is None

    def end(self) -> int | None:
        """Make sure that it is gone; its exit code."""
        self.pipe.close()
        self.process.join(END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


def serve_parts(pipe: Connection, source: Source, manners: Sequence[Manner]) -> None:
    """The life of a worker process: it ends when the other end of its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It shares the cores with other workers: what it calls must not start threads for each of them.
    threads = source.threads or 1
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    from threadpoolctl import threadpool_limits

    try:
        answerer = Answerer(source, manners)
        try:
            pipe.send(answerer.identity())
            threadpool_limits(threads)
            while True:
                pipe.send(answerer.answer(pipe.recv()))
        except SpmatchError as error:
            pipe.send(error)
    except (EOFError, OSError):
        # Nobody waits for an answer any more.
        return


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started here does not hear Ctrl-C, which a terminal sends to all: its parent ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Where this is left to the start of the worker, it lets the interrupt through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
