"""Text files as they come: byte order marks, wrong encodings and all line ends."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from spmatch.errors import Problem

LONGEST_LINE = 2**26
"""Characters of a line that are read at once: more than any record, and what a machine can hold."""


def read_lines(file: Path, spoiled: list[int], *, longest: int = LONGEST_LINE) -> Iterator[str]:
    """The lines of a file, line ends kept; numbers of the lines that are not UTF-8 go to ``spoiled``.

    A line of more than ``longest`` characters comes in parts of that length, so that no file is
    ever held as a whole.

    A byte order mark is left out, and UTF-16 is read where its mark says so. A line that is not
    UTF-8 is read as Windows-1252, which is what spreadsheets write where they do not write UTF-8.
    That is decided line by line: text that is good UTF-8 is hardly ever anything else, so a file
    that was pasted together from both comes out right. Raises ``OSError``.
    """
    with file.open("rb") as data:
        mark = data.read(2)
    encoding = "utf-16" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    escape = "replace" if encoding == "utf-16" else "surrogateescape"
    with file.open(encoding=encoding, errors=escape, newline="") as lines:
        number = 1
        while line := lines.readline(longest):
            try:
                line.encode("utf-8")
            except UnicodeEncodeError:
                if spoiled[-1:] != [number]:
                    spoiled.append(number)
                line = line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
            yield line
            number += line.endswith(("\n", "\r"))


def encoding_problem(name: str, spoiled: list[int]) -> Problem:
    """What to say of a file, some lines of which are not UTF-8."""
    return Problem(
        f"{name}, line {spoiled[0]}",
        "",
        f"this is not UTF-8 text ({len(spoiled)} such lines in all); it was read as Windows-1252.",
        "Save the file as UTF-8.",
        "mended",
    )
