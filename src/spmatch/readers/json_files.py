"""JSON files of a source, one value after another: pages, lists, single objects and JSON lines."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from spmatch.errors import Problem
from spmatch.readers.json_stream import LARGEST_VALUE, BrokenJson, decoded, read_parts
from spmatch.readers.listing import files_with
from spmatch.readers.text_files import encoding_problem, read_lines

_LINES = (".jsonl", ".ndjson")
_SUFFIXES = (".json", ".jsonld", *_LINES)
_LOOKED_AT_FILES = 20
_LOOKED_AT_CHARACTERS = 65_536
_LONGEST_ID = 200
_BROKEN_IN_A_ROW = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value, and the file and folder of a source that it stands in.

    ``where`` names it (``page-2.json``; ``feed.ndjson, line 3``; ``all.json, record 7``). ``key`` is
    the member of an object that is read item by item, and ``number`` counts its items from 1; after
    the last item comes the object without that member, whose ``number`` is ``None``. ``key`` is
    ``None`` for every other value. ``folder`` is relative to the source, ``""`` for its top.
    """

    where: str
    folder: str
    value: Any
    key: str | None = None
    number: int | None = None


def json_files(path: Path) -> list[Path]:
    """The JSON files of a source, in order of path: itself, or those in a folder, however deep."""
    return files_with(path, _SUFFIXES)


def beginnings(path: Path) -> Iterator[str]:
    """How the first files of a source begin, so that a format can be told without reading them.

    A file that cannot be opened, or is no JSON at first sight, is passed over.
    """
    for file in json_files(path)[:_LOOKED_AT_FILES]:
        try:
            with file.open("rb") as data:
                raw = data.read(_LOOKED_AT_CHARACTERS)
        except OSError:
            continue
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = raw.decode(encoding, "replace").lstrip()
        if text[:1] in ("{", "["):
            yield text


def documents(path: Path, lists: Container[str]) -> Iterator[Document | Problem]:
    """Every JSON value of a source, in order, and what is wrong with the files.

    Of an object, the members named in ``lists`` come item by item, so that a page may be of any
    length. What stands before a fault is given all the same.
    """
    for file in json_files(path):
        inside = file.relative_to(path) if path.is_dir() else Path(file.name)
        name, folder = inside.as_posix(), inside.parent.as_posix().removeprefix(".")
        spoiled: list[int] = []
        read = _lines if _is_lines(file) else _parts
        try:
            yield from read(file, name, folder, spoiled, lists)
        except OSError:
            yield Problem(name, "", "the file cannot be opened.", "Check its permissions.")
        except BrokenJson as error:
            yield error.problem(name)
        if spoiled:
            yield encoding_problem(name, spoiled)


def _is_lines(file: Path) -> bool:
    """Whether a file holds a JSON object in each line, whatever it is called."""
    if file.suffix.lower() in _LINES:
        return True
    try:
        lines = read_lines(file, [], longest=_LOOKED_AT_CHARACTERS)
        first, second = [*islice(filter(str.strip, lines), 2), "", ""][:2]
        return second.lstrip()[:1] == "{" and isinstance(decoded(first.strip()), dict)
    except (OSError, BrokenJson):
        return False


def _parts(
    file: Path, name: str, folder: str, spoiled: list[int], lists: Container[str]
) -> Iterator[Document]:
    whole: dict[str, Any] = {}
    listed: str | None = None
    for part in read_parts(file, spoiled, lists):
        if part.key is None and part.number is None:
            yield Document(name, folder, part.value)
            return
        if part.key is None:
            if part.number:
                yield Document(f"{name}, record {part.number}", folder, part.value)
            listed = listed or ""
        elif part.number is None:
            whole[part.key] = part.value
        else:
            listed = part.key
            if part.number:
                yield Document(name, folder, part.value, part.key, part.number)
    if listed is None or listed:
        yield Document(name, folder, whole, listed)


def _lines(
    file: Path, name: str, folder: str, spoiled: list[int], lists: Container[str]
) -> Iterator[Document | Problem]:
    for line in json_lines(file, name, spoiled):
        if isinstance(line, Problem):
            yield line
        else:
            number, value = line
            yield Document(f"{name}, line {number}", folder, value)


def json_lines(file: Path, name: str, spoiled: list[int]) -> Iterator[tuple[int, Any] | Problem]:
    """The value of each line with its number, or what is wrong in it. ``name`` is that of the file.

    A file of which a thousand lines in a row are no JSON is read no further. Raises ``OSError``.
    """
    number, cut, broken = 1, False, 0
    for line in read_lines(file, spoiled, longest=LARGEST_VALUE):
        ended = line.endswith(("\n", "\r"))
        if not cut and line.strip():
            try:
                cut = not ended and len(line) >= LARGEST_VALUE
                if cut:
                    raise BrokenJson("a value is too long", number)
                yield number, decoded(line.strip(), number)
                broken = 0
            except BrokenJson as error:
                broken += 1
                if broken == _BROKEN_IN_A_ROW:
                    reason = f"{broken} lines in a row are not JSON; what follows was not read."
                    yield Problem(
                        f"{name}, line {number}", "", reason, "Give a file of JSON lines."
                    )
                    return
                yield error.problem(name)
        if ended:
            number, cut = number + 1, False


def shortened(name: str) -> str:
    """A name as an id, which has a greatest length: what is longer ends in a digest of the whole."""
    if len(name) <= _LONGEST_ID:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{name[: _LONGEST_ID - 17]}~{digest}"
