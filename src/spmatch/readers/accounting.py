"""Every source accounted for: what came of it, what was not looked at, and when nothing came at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from spmatch.activity import Activity
from spmatch.contracts import Reader
from spmatch.errors import Problem
from spmatch.readers.listing import files_with, named

_DATA = (".csv", ".json", ".jsonl", ".jsonld", ".ndjson", ".tsv", ".xlsm", ".xlsx")
_DESCRIBES = frozenset(("datapackage.json",))
_LISTED_IN_A_ROW, _READ_IN_A_ROW = 1_000, 100_000
"""So many rejections without a good record between them are listed, and then read, at most: a file of
something else may be rejected at each of a million lines."""


class FileReader(Reader, Protocol):
    """A reader that says which files of a source it reads."""

    def files(self, path: Path) -> list[Path]: ...


class AccountingReader:
    """A reader that also says what is silent: files not read, no activities, rejections without end."""

    def __init__(self, reader: FileReader) -> None:
        self.reader = reader
        self.name = reader.name

    def recognises(self, path: Path) -> bool:
        return self.reader.recognises(path)

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        silent = nothing = True
        rejected = 0
        last: Problem | None = None
        for item in self.reader.read(path):
            silent = False
            if isinstance(item, Activity):
                nothing = False
                if last:
                    yield _not_listed(last, rejected)
                rejected, last = 0, None
            elif item.effect == "rejected":
                rejected += 1
                if rejected > _READ_IN_A_ROW:
                    break
                if rejected > _LISTED_IN_A_ROW:
                    last = item
                    continue
            yield item
        if last:
            yield _not_listed(last, rejected)
        if nothing and not self.recognises(path):
            yield Problem(
                path.name,
                "",
                f"this does not look like {self.name}, and gives no activity.",
                "Name no format, so that it is recognised, or another one.",
            )
        elif silent:
            yield Problem(path.name, "", "there are no activities in it.", "Check it.", "note")
        if path.is_dir():
            yield from self._not_read(path)

    def _not_read(self, path: Path) -> Iterator[Problem]:
        read = set(self.reader.files(path))
        others = [f for f in files_with(path, _DATA) if f not in read and f.name not in _DESCRIBES]
        if others:
            yield Problem(
                path.name,
                "",
                f"files that {self.name} does not take in were not read: {len(others)}, "
                f"the first is {named(others[0], path)}.",
                "Give them as sources of their own.",
                "note",
            )


def _not_listed(last: Problem, rejected: int) -> Problem:
    more = min(rejected, _READ_IN_A_ROW) - _LISTED_IN_A_ROW
    reason = (
        f"up to here {more} more problems came without a good record between; they are not listed."
    )
    if rejected > _READ_IN_A_ROW:
        reason += " What follows was not read."
    return Problem(last.where, "", reason, "Mend those before them first.")
