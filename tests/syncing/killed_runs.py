"""Kills a run at each of its moments, and looks at what is left: a program of its own, without threads.

    python killed_runs.py SNAPSHOT WORK SOURCE...

The snapshot is in step with an earlier state of the sources. A first run writes down what it does with
files: opening, naming, linking, making and removing them. Then a copy of the snapshot is brought in step
by a process that ends itself just before it does one of these: each one that names a file, and every
eighth of the others. Then by one that the system ends while it writes past a size of file. Prints a JSON
line for each: what ended it, what answered then, and what the next run made of it.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from changing_feeds import held, run

from spmatch.errors import SpmatchError

EVENTS = ("open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
SIZES = (1, 100, 500, 2_000, 10_000, 50_000)


def main() -> None:
    snapshot, work, *sources = sys.argv[1:]
    done = work_of(Path(snapshot), Path(work) / "whole", sources)
    named = {
        at + after for at, event in enumerate(done) if event == "os.rename" for after in (0, 1)
    }
    for moment in sorted({*range(1, len(done), 8), *named}):
        survive(Path(snapshot), Path(work) / str(moment), sources, moment=moment)
    for size in SIZES:
        survive(Path(snapshot), Path(work) / f"to-{size}", sources, size=size)


def work_of(snapshot: Path, copy: Path, sources: list[str]) -> list[str]:
    """What a run does with files, in order; a process of its own, for nobody stops listening again."""
    shutil.copytree(snapshot, copy)
    child = os.fork()
    if not child:
        done: list[str] = []
        listen(copy, done.append)
        run(copy, *sources)
        (copy / "done.json").write_text(json.dumps(done), encoding="utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    found: list[str] = json.loads((copy / "done.json").read_text(encoding="utf-8"))
    return found


def survive(
    snapshot: Path, copy: Path, sources: list[str], *, moment: int = 0, size: int = 0
) -> None:
    """Bring a copy in step by a run that is killed, and say what came of it."""
    shutil.copytree(snapshot, copy)
    child = os.fork()
    if not child:
        try:
            if moment:
                kill_at(moment, copy)
            if size:
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            run(copy, *sources)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    told: dict[str, Any] = {"moment": moment, "size": size, "signal": ended}
    try:
        told["answered"] = held(copy)
        report = run(copy, *sources)
        told["next"] = held(copy)
        told["refused"] = len(report.refused)
        told["left"] = sorted(one.name for one in copy.iterdir())
        told["versions"] = len(list((copy / "versions").iterdir()))
        told["kept"] = len(list((copy / "kept").iterdir()))
    except SpmatchError as error:
        told["error"] = str(error)
    shutil.rmtree(copy)
    sys.stdout.write(json.dumps(told) + "\n")


def kill_at(moment: int, folder: Path) -> None:
    """End this process for good just before it does this many things with files of a folder."""
    left = moment + 1

    def count(event: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    listen(folder, count)


def listen(folder: Path, told: Callable[[str], None]) -> None:
    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event in EVENTS and any(str(one).startswith(str(folder)) for one in given[:2]):
            told(event)

    sys.addaudithook(hear)


if __name__ == "__main__":
    main()
