"""Workers on a Ray cluster (extra ``ray``): one core each, on whichever nodes have one.

A worker finds the snapshot where it lies, when its machine sees that disk, else it is sent to that
machine once. It answers one part at a time. When it is lost, or its node is, its part is given to
another, and a new worker is asked for, which begins when some node has room for it.

Profiles and answers travel compressed as arguments and results of calls. Ray keeps those below 100 KB
in the memory of the two processes concerned; larger ones go through its object store.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from spmatch.batch.answering import Answerer, same_identity
from spmatch.batch.part import TRIES, Answer, Manner, Part, Source
from spmatch.batch.shipping import Cargo, find, pack, unpack
from spmatch.batch.wire import Answered, pack_answers, pack_asked, unpack_answers, unpack_asked
from spmatch.errors import BatchError, MissingExtraError, SpmatchError

START_SECONDS = 300.0
"""How long the cluster may take to find room for a worker while there is none."""
STORE_BYTES = 128 * 2**20
"""Object store of a cluster that is made for one batch: nearly nothing goes through it."""

Way = Literal["nearest", "sent"]
"""How a snapshot comes to a node: from its own disk where it is there, or sent in any case."""


def require_ray() -> None:
    """Raises ``MissingExtraError`` without Ray. It is not imported here: that takes a second."""
    if importlib.util.find_spec("ray") is None:
        raise MissingExtraError("The engine ray", "ray")


def _ray() -> Any:
    """Imported only where it is used. Without its types: they differ between its versions."""
    return importlib.import_module("ray")


class RayWorker:
    """What runs on a node, as a Ray actor. Faults are answers: Ray writes what is raised to its logs."""

    def __init__(self) -> None:
        self._answerer: Answerer | None = None

    def open(
        self, cargo: Cargo, source: Source, manners: Sequence[Manner], way: Way
    ) -> str | SpmatchError | None:
        """Load the snapshot; the identity of what was loaded, or ``None`` when it must be sent."""
        found = find(cargo) if way == "nearest" else None
        return self._load(found, source, manners) if found else None

    def receive(
        self,
        cargo: Cargo,
        source: Source,
        manners: Sequence[Manner],
        chunks: Sequence[tuple[str, Any]],
    ) -> str | SpmatchError:
        """Take the snapshot from the object store, once for all workers of a machine, and load it."""
        ray = _ray()

        def fetched() -> Iterator[tuple[str, bytes]]:
            for name, chunk in chunks:
                yield name, ray.get(chunk)

        try:
            return self._load(unpack(cargo, fetched()), source, manners)
        except SpmatchError as error:
            return error

    def _load(
        self, directory: str, source: Source, manners: Sequence[Manner]
    ) -> str | SpmatchError:
        try:
            self._answerer = Answerer(replace(source, directory=directory), manners)
            return self._answerer.identity()
        except SpmatchError as error:
            return error

    def answer(self, packed: bytes) -> Answered | SpmatchError:
        assert self._answerer is not None
        try:
            return pack_answers(self._answerer.answer(unpack_asked(packed)))
        except SpmatchError as error:
            return error


class RayCrew:
    """Workers of a cluster: the one at ``address``, the one joined already, or one made for the while.

    ``processes`` is the number of workers (the cores of the cluster). Raises ``BatchError`` when the
    cluster cannot be reached.
    """

    def __init__(
        self,
        source: Source,
        manners: Sequence[Manner],
        processes: int | None = None,
        *,
        address: str | None = None,
        way: Way = "nearest",
    ) -> None:
        self._cargo = Cargo.of(source.directory)
        self._joined = _Joined(address, processes)
        self._ray = ray = _ray()
        self._way: Way = way
        self._again: list[Part] = []
        self._identity = ""
        self._chunks: list[tuple[str, Any]] = []
        self._workers: list[_Worker] = []
        try:
            # Sent once, not with every call; gazetteers and settings hold nothing of any person.
            self._setup = (self._cargo, ray.put(source), ray.put(tuple(manners)))
            self._actor = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(RayWorker)
            for _ in range(processes or int(ray.cluster_resources().get("CPU", 1)) or 1):
                self._workers.append(self._started())
        except BaseException:
            self.close()
            raise

    def has_room(self) -> bool:
        return any(worker.is_idle for worker in self._workers)

    def begin(self, part: Part) -> None:
        part.begun()
        worker = next(worker for worker in self._workers if worker.is_idle)
        worker.part = part
        worker.waits_for = worker.actor.answer.remote(pack_asked(part.asked))

    def wait(self) -> Sequence[Answer]:
        answers: list[Answer] = []
        by_call = {w.waits_for: w for w in self._workers if w.waits_for is not None}
        patience = None if any(worker.is_ready for worker in self._workers) else START_SECONDS
        done, _ = self._ray.wait(list(by_call), num_returns=1, timeout=patience)
        if not done:
            raise BatchError(
                f"No node of the cluster had a free core within {START_SECONDS:.0f} seconds."
            )
        for call in done:
            worker = by_call[call]
            worker.waits_for = None
            try:
                found = self._ray.get(call)
            except self._ray.exceptions.RayTaskError as error:
                raise BatchError(
                    f"A worker on the cluster failed: {type(error.cause).__name__}. Is the same "
                    "version of spmatch installed on every node?"
                ) from None
            except self._ray.exceptions.RayError:
                self._replace(worker)
                continue
            if isinstance(found, SpmatchError):
                raise found
            answers += self._take(worker, found)
        while self._again and self.has_room():
            self.begin(self._again.pop())
        return answers

    def close(self) -> None:
        for worker in self._workers:
            with suppress(Exception):
                self._ray.kill(worker.actor)
        self._workers.clear()
        self._chunks.clear()
        self._joined.leave()

    def _take(self, worker: _Worker, found: Answered | str | None) -> list[Answer]:
        if found is None:
            worker.waits_for = worker.actor.receive.remote(*self._setup, self._sent())
        elif isinstance(found, str):
            self._identity = same_identity(found, self._identity)
            worker.is_ready = True
        elif worker.part is not None:
            part, worker.part = worker.part, None
            return unpack_answers(part.asked, found)
        return []

    def _sent(self) -> list[tuple[str, Any]]:
        """The snapshot in the object store, where it is put when a first node needs it."""
        if not self._chunks:
            self._chunks = [(name, self._ray.put(chunk)) for name, chunk in pack(self._cargo)]
        return self._chunks

    def _started(self, failed: int = 0) -> _Worker:
        actor = self._actor.remote()
        return _Worker(actor, actor.open.remote(*self._setup, self._way), failed)

    def _replace(self, lost: _Worker) -> None:
        failed = 0 if lost.is_ready else lost.failed + 1
        if failed >= TRIES:
            raise BatchError(
                "Workers on the cluster end before they can begin. Is there memory enough on its "
                "nodes for a worker a core, and the same version of spmatch?"
            )
        if lost.part:
            self._again.append(lost.part)
        # It may be alive beyond a broken network: what it answers now must not keep a core.
        with suppress(Exception):
            self._ray.kill(lost.actor)
        self._workers[self._workers.index(lost)] = self._started(failed)


class _Worker:
    """An actor, the call that it is busy with, and the part that it has."""

    def __init__(self, actor: Any, waits_for: Any, failed: int) -> None:
        self.actor = actor
        self.waits_for = waits_for
        self.failed = failed
        """How many before it in its place were lost before they could begin."""
        self.part: Part | None = None
        self.is_ready = False

    @property
    def is_idle(self) -> bool:
        return self.is_ready and self.waits_for is None


class _Joined:
    """A cluster that is joined, and left as it was found; one that was made here leaves nothing."""

    def __init__(self, address: str | None, processes: int | None) -> None:
        # Asked for before it is loaded: otherwise Ray reports its use to its makers over the network.
        # Whoever wants that can set the variable to 1.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self._ray = ray = _ray()
        self._folder: str | None = None
        self._ours = not ray.is_initialized()
        if not self._ours:
            return
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        try:
            if address is not None:
                ray.init(address=address, **quiet)
                return
            # The paths of its sockets must be short, and some systems have long temporary folders.
            short = "/tmp" if os.name == "posix" else None  # noqa: S108
            self._folder = tempfile.mkdtemp(prefix="spm", dir=short)
            ray.init(
                address="local",
                num_cpus=processes,
                include_dashboard=False,
                object_store_memory=STORE_BYTES,
                _temp_dir=self._folder,
                # What people wrote never goes to the disk.
                _system_config={"automatic_object_spilling_enabled": False},
                **quiet,
            )
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            self.leave()
            at = f" at {address}" if address else ""
            raise BatchError(
                f"No Ray cluster can be reached{at} ({type(error).__name__}). Start one with: "
                "ray start --head --disable-usage-stats --include-dashboard=false"
            ) from None
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        if self._ours:
            self._ours = False
            self._ray.shutdown()
        if self._folder:
            # Logs, which name files and no persons.
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
