"""The native catalogue: JSON Lines, one activity a line; a file, or a folder of such files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.listing import files_with, named
from spmatch.readers.text_files import LONGEST_LINE
from spmatch.validation import problems_of

_SUFFIXES = (".jsonl", ".ndjson")


class NativeReader:
    """Reads spmatch's own format."""

    name = "native"

    def recognises(self, path: Path) -> bool:
        """A ``.jsonl`` file, or a folder of them, whose first record has a title."""
        for file in self.files(path):
            first = _first_line(file) if file.suffix.lower() in _SUFFIXES else None
            if first:
                return isinstance(first, dict) and "title" in first
        return False

    def files(self, path: Path) -> list[Path]:
        return files_with(path, _SUFFIXES)

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        for file in self.files(path):
            name, number = named(file, path), 1
            try:
                with file.open("rb") as lines:
                    while line := lines.readline(LONGEST_LINE):
                        if line.strip():
                            yield from _record(line, f"{name}, line {number}")
                        number += line.endswith(b"\n")
            except OSError:
                yield Problem(name, "", "the file cannot be opened.", "Check its permissions.")


def _first_line(file: Path) -> object:
    try:
        with file.open("rb") as lines:
            while line := lines.readline(LONGEST_LINE):
                if line.strip():
                    try:
                        return json.loads(line.decode("utf-8-sig"))
                    except (ValueError, RecursionError):
                        return {"title": None} if b'"title"' in line else None
    except OSError:
        pass
    return None


def _record(line: bytes, where: str) -> Iterator[Activity | Problem]:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Problem(where, "", "this is not UTF-8 text.", "Save the file as UTF-8.")
        return
    try:
        yield Activity.model_validate_json(text)
    except ValidationError as error:
        yield from problems_of(error, where)
