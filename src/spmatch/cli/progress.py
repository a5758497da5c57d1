"""Progress of long work, on standard error, and only when a person is looking at it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from spmatch.contracts import Progress

_NAMES = {
    "read": "Reading",
    "encode": "Encoding",
    "load": "Sending",
    "note": "Noting",
    "match": "Matching",
    "tune": "Tuning",
}


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A callback that draws a bar a task; ``None`` when standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    # What is printed meanwhile is an answer, and belongs on standard output, in lines as they are.
    with Bars(*columns, console=console, transient=True, redirect_stdout=False) as bars:
        tasks: dict[str, object] = {}

        def advance(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(_NAMES.get(what, what), total=total)
            bars.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        yield advance
