"""The outline of a JSON document, in little memory: is it whole, is it lines, what does its top say.

A document may be as large as a directory, and what says that it is one page of many may stand at
its very end. So it is scanned, not parsed: strings and what lies in brackets is skipped at the speed
of regular expressions, and only the members at the top are kept.
"""

from __future__ import annotations

import codecs
import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CHUNK_BYTES = 32_768
_KEPT_BYTES_MAX = 65_536

# Written so that no text can be divided in two ways: a pattern that fails must not try them all.
_PLAIN = rb'[^{}\[\]"]*'
_IN_STRING = rb'[^"\\]*(?:\\.[^"\\]*)*'
_STRING = rb'"' + _IN_STRING + rb'"'
_NO_BRACKETS = _PLAIN + rb"(?:" + _STRING + _PLAIN + rb")*"
# Brackets that hold no others are most of a record: they are passed over with what surrounds them.
_LEAF = rb"[\[{]" + _NO_BRACKETS + rb"[\]}]"
_INSIDE = re.compile(_IN_STRING, re.DOTALL)
_OUTSIDE = re.compile(_NO_BRACKETS, re.DOTALL)
_DEEP = re.compile(
    _PLAIN + rb"(?:(?:" + _STRING + rb"|" + _LEAF + rb")" + _PLAIN + rb")*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Outline:
    """``members`` are those of the object at the top: text, numbers and truth values as they are.

    A list in it is written as how many things it holds, in a list (``[25]``; ``[]`` when empty), an
    object as an empty one. ``None`` where the top is no object, or is too large to be a page of a feed.
    ``lines``: several values follow each other, each on its own line. ``whole``: nothing is cut off.
    """

    members: Mapping[str, Any] | None
    lines: bool
    whole: bool


def outline_of(file: Path, *, until: float = math.inf) -> Outline | None:
    """The outline of a file, or ``None`` when it does not begin as JSON in UTF-8.

    Raises ``OSError``; ``TimeoutError`` when it is not done ``until`` then, on the clock of
    ``time.monotonic``: a document of nothing but brackets takes long.
    """
    scan = _Scan()
    with file.open("rb") as data:
        chunk = data.read(_CHUNK_BYTES).removeprefix(codecs.BOM_UTF8)
        while chunk and not chunk.strip():
            chunk = data.read(_CHUNK_BYTES)
        if not chunk.lstrip().startswith((b"{", b"[")):
            return None
        left = b""
        while chunk:
            if time.monotonic() > until:
                raise TimeoutError
            left = scan.feed(left + chunk)
            chunk = data.read(_CHUNK_BYTES)
    return scan.outline()


class _Scan:
    """Follows brackets and strings; the state between two pieces of a document."""

    def __init__(self) -> None:
        self.depth = 0
        self.in_string = False
        self.first = True
        """Whether this is still the first value of the document."""
        self.broken = False
        """Whether a line end stands inside the first value."""
        self.more = False
        """Whether anything follows the first value."""
        self.kept: bytearray | None = bytearray()
        self.children = 0
        self.filled = False

    def feed(self, data: bytes) -> bytes:
        """Scan a piece; what is returned comes before the next one."""
        at = 0
        while at < len(data):
            if self._is_lines() and (end := data.rfind(b"\n", at)) >= 0:
                # Each line stands for itself: a fault in one says nothing of where the last ends.
                self.more = self.more or bool(data[at:end].strip())
                self.depth, self.in_string, at = 0, False, end + 1
                continue
            end = self._pattern().match(data, at).end()  # type: ignore[union-attr]
            self._text(data[at:end])
            sign = data[end : end + 1]
            if sign == b"\\":
                return data[end:]
            if sign == b'"':
                self.in_string = not self.in_string
                self._text(sign)
            elif sign in (b"{", b"["):
                self._open(sign)
            elif sign:
                self._close(sign)
            at = end + 1
        return b""

    def outline(self) -> Outline:
        members = None
        if self.kept is not None and not self.first:
            try:
                members = json.loads(self.kept)
            except ValueError:
                members = None
        return Outline(
            members if isinstance(members, dict) else None,
            lines=self._is_lines() and self.more,
            whole=not self.first and self.depth == 0 and not self.in_string,
        )

    def _is_lines(self) -> bool:
        return not self.first and not self.broken

    def _pattern(self) -> re.Pattern[bytes]:
        if self.in_string:
            return _INSIDE
        return _DEEP if self.depth > 2 else _OUTSIDE

    def _text(self, text: bytes) -> None:
        if not self.first:
            self.more = self.more or bool(text.strip())
            return
        if self.depth and not self.broken:
            self.broken = b"\n" in text
        if self.depth <= 1:
            self._keep(text)
        elif self.depth == 2:
            self.filled = self.filled or bool(text.strip())

    def _open(self, sign: bytes) -> None:
        self.depth += 1
        if not self.first:
            self.more = True
        elif self.depth == 1 and sign == b"[":
            self.kept = None
        elif self.depth <= 2:
            self._keep(sign)
            self.children, self.filled = 0, False
        elif self.depth == 3:
            self.children += 1

    def _close(self, sign: bytes) -> None:
        self.depth = max(0, self.depth - 1)
        if not self.first:
            return
        if self.depth == 1 and sign == b"]" and (self.children or self.filled):
            self._keep(str(self.children or 1).encode())
        if self.depth <= 1:
            self._keep(sign)
        self.first = self.depth > 0

    def _keep(self, text: bytes) -> None:
        if self.kept is not None:
            self.kept += text
            if len(self.kept) > _KEPT_BYTES_MAX:
                self.kept = None
