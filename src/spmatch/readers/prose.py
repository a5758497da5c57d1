"""Prose from feeds as plain text: descriptions may hold HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table td th tr ul".split()
)
_INLINE = frozenset(
    "a abbr b big center code em font i img mark s small span strong sub sup u".split()
)
_HIDDEN = frozenset(("script", "style", "head", "template"))
# Only well-known tags make a text HTML: "under <5 years" and "<name@example.org>" are plain text.
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE | _HIDDEN))})\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain_text(prose: str) -> str:
    """The words of a text without HTML; paragraphs stay apart, other white space is single."""
    # Some feeds escape their HTML once more; a third layer has not been seen.
    for _ in range(2):
        if not (_TAG.search(prose) or _ENTITY.search(prose)):
            break
        words = _Words()
        words.feed(prose)
        words.close()
        prose = "".join(words.parts)
    lines = [" ".join(line.split()) for line in prose.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(prose: str) -> str:
    """The same on one line, for names and titles."""
    return " ".join(plain_text(prose).split())
