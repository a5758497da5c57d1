"""Prose from feeds as plain text: descriptions may hold HTML."""

from __future__ import annotations

import html
import re

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table td th tr ul".split()
)
_INLINE = frozenset(
    "a abbr b big center code em font i img mark s small span strong sub sup u".split()
)
_HIDDEN = frozenset(("script", "style", "head", "template"))
# Only well-known tags make a text HTML: "under <5 years" and "<name@example.org>" are plain text.
_KNOWN_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE | _HIDDEN))})\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
# The parser of the standard library takes minutes over a few thousand tags that never close. Here
# nothing is ever tried twice: each part takes what it can and gives nothing back.
_MARKUP = re.compile(
    r"""<(?:(?P<comment>!--)
        |[!?][^<>]*+>
        |(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)
         (?=[\s/>])(?:[^<>"']|"[^"]{0,1000}+"|'[^']{0,1000}+'|["'])*+>)""",
    re.VERBOSE,
)


def plain_text(prose: str) -> str:
    """The words of a text without HTML; paragraphs stay apart, other white space is single."""
    # Some feeds escape their HTML once more; a third layer has not been seen.
    for _ in range(2):
        if "<" not in prose and "&" not in prose:
            break
        if not (_KNOWN_TAG.search(prose) or _ENTITY.search(prose)):
            break
        prose = _without_markup(prose)
    lines = [" ".join(line.split()) for line in prose.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(prose: str) -> str:
    """The same on one line, for names and titles."""
    return " ".join(plain_text(prose).split())


def _without_markup(prose: str) -> str:
    parts: list[str] = []
    hidden = ""  # The tag whose content is not shown.
    last_comment = prose.rfind("-->")
    at = 0
    while True:
        tag = _MARKUP.search(prose, at)
        if not hidden:
            parts.append(html.unescape(prose[at : tag.start() if tag else None]))
        if tag is None:
            return "".join(parts)
        at = tag.end()
        if tag["comment"]:
            if at <= last_comment:
                at = prose.index("-->", at) + 3
            continue
        name = (tag["name"] or "").casefold()
        if hidden:
            if tag["end"] and name == hidden:
                hidden = ""
        elif name in _HIDDEN and not tag["end"]:
            hidden = name
        elif name in _BLOCKS:
            parts.append("\n\n" if name == "p" else "\n")
