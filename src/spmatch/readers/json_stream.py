"""JSON piece by piece: the items of a long list one by one, however large the file is.

The standard library reads a document as a whole, which takes many times its size in memory. Here
one value at a time is decoded out of a buffer that grows until the value is complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmatch.errors import Problem
from spmatch.readers.text_files import read_lines

LARGEST_VALUE = 2**25
"""Characters of one value, or of all values of an object together. No real record comes near."""

_PIECE = 2**16
# So far before the end of the buffer a fault may only mean that the rest has not been read yet.
_UNSURE = 32
_SPACE = re.compile(r"[ \t\n\r]*+")
# Whole numbers of more digits are read as infinite, which is no number in any field.
_LONGEST_NUMBER = 300

DECODER = json.JSONDecoder(
    parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)
)


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a document.

    ``key`` is the member of the outermost object that it belongs to, ``None`` where that is no
    object. ``number`` counts the items of a list from 1; 0 is the list itself, before its items,
    and ``None`` a value that was read as a whole.
    """

    key: str | None
    number: int | None
    value: Any


class BrokenJson(ValueError):  # noqa: N818 - it says what the text is
    """A text that is no JSON: what is wrong, and in which line."""

    def __init__(self, fault: str, line: int) -> None:
        self.fault = fault
        self.line = line
        super().__init__(f"line {line}: {fault}")

    def problem(self, name: str) -> Problem:
        """The same as a problem of a file of this name."""
        return Problem(
            f"{name}, line {self.line}",
            "",
            f"this is not JSON: {self.fault}.",
            "Check commas, quotes and brackets.",
        )


def read_parts(file: Path, spoiled: list[int], lists: Container[str]) -> Iterator[Part]:
    """The parts of a JSON file, as ``parts_of``. Lines that are not UTF-8 go to ``spoiled``.

    Raises ``OSError``, and ``BrokenJson`` once all parts before the fault were given.
    """
    return parts_of(read_lines(file, spoiled, longest=_PIECE), lists)


def parts_of(pieces: Iterator[str], lists: Container[str]) -> Iterator[Part]:
    """The parts of a JSON text: the items of a list; the members of an object, of which those
    named in ``lists`` come item by item when they are lists; anything else as one part.

    Holds no more than one part at a time. Raises ``BrokenJson`` where the text is no JSON.
    """
    text = _Text(pieces)
    first = text.peek()
    if first == "[":
        yield from _items(text, None)
    elif first == "{":
        yield from _members(text, lists)
    else:
        yield Part(None, None, text.value())
    if text.peek():
        raise text.broken("something follows its end")


def decoded(text: str, line: int = 1) -> Any:
    """The one value of a text that begins in this line of a file. Raises ``BrokenJson``."""
    if len(text) > LARGEST_VALUE:
        raise BrokenJson("a value is too long", line)
    whole = _Text(iter((text,)), line)
    whole.peek()
    value = whole.value()
    if whole.peek():
        raise whole.broken("something follows its end")
    return value


def _items(text: _Text, key: str | None) -> Iterator[Part]:
    text.skip()
    yield Part(key, 0, None)
    if text.peek() == "]":
        text.skip()
        return
    number = 0
    while True:
        number += 1
        yield Part(key, number, text.value())
        if text.either(",", "]") == "]":
            return
        text.peek()


def _members(text: _Text, lists: Container[str]) -> Iterator[Part]:
    text.skip()
    if text.peek() == "}":
        text.skip()
        return
    length = 0
    while True:
        if text.peek() != '"':
            raise text.broken()
        key = text.value()
        text.either(":")
        if text.peek() == "[" and key in lists:
            yield from _items(text, key)
        else:
            before = text.taken
            yield Part(key, None, text.value())
            length += text.taken - before
            if length > LARGEST_VALUE:
                raise text.broken("an object is too long")
        if text.either(",", "}") == "}":
            return


class _Text:
    """The part of a text that is at hand, and where it stands in the whole."""

    def __init__(self, pieces: Iterator[str], line: int = 1) -> None:
        self._pieces = pieces
        self._buffer = ""
        self._at = 0
        self._line = line
        self._column = 0
        self._dropped = 0

    @property
    def taken(self) -> int:
        """How many characters were read."""
        return self._dropped + self._at

    def peek(self) -> str:
        """The next character that is no white space; nothing at the end."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._grow():
                return ""

    def skip(self) -> None:
        """Go past the character that was seen."""
        self._at += 1

    def either(self, *marks: str) -> str:
        """Go past one of these marks, which has to be next. Raises ``BrokenJson``."""
        mark = self.peek()
        if mark not in marks:
            raise self.broken()
        self.skip()
        return mark

    def value(self) -> Any:
        """The value that begins here. Raises ``BrokenJson``."""
        while True:
            try:
                value, end = DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._may_go_on(error) and self._grow():
                    continue
                raise self._broken_by(error) from None
            except RecursionError:
                raise self.broken("it is nested too deeply") from None
            # A number near the end of the buffer may go on.
            unsure = isinstance(value, int | float) and end > len(self._buffer) - _UNSURE
            if not (unsure and self._grow()):
                self._at = end
                return value

    def broken(self, fault: str = "") -> BrokenJson:
        """What to raise for a fault right here."""
        return self._fault_at(self._at, fault)

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos > len(self._buffer) - _UNSURE

    def _broken_by(self, error: json.JSONDecodeError) -> BrokenJson:
        early = error.msg.startswith("Unterminated") or not self._buffer[error.pos :].strip()
        return self._fault_at(error.pos, "it ends too early" if early else "")

    def _fault_at(self, position: int, fault: str) -> BrokenJson:
        before = self._buffer[:position]
        lines = before.count("\n")
        column = position - before.rfind("\n") if lines else self._column + position + 1
        if not fault:
            at_end = position >= len(self._buffer)
            fault = "it ends too early" if at_end else f"it breaks at column {column}"
        return BrokenJson(fault, self._line + lines)

    def _grow(self) -> bool:
        """Read on, at least as much again: so each character is decoded a few times at most."""
        held = len(self._buffer) - self._at
        if held > LARGEST_VALUE:
            raise self.broken("a value is too long")
        wanted = max(held, _PIECE)
        more: list[str] = []
        for piece in self._pieces:
            more.append(piece)
            wanted -= len(piece)
            if wanted <= 0:
                break
        if not more:
            return False
        self._drop()
        self._buffer += "".join(more)
        return True

    def _drop(self) -> None:
        done = self._buffer[: self._at]
        lines = done.count("\n")
        self._line += lines
        self._column = len(done) - done.rfind("\n") - 1 if lines else self._column + len(done)
        self._dropped += len(done)
        self._buffer = self._buffer[self._at :]
        self._at = 0
