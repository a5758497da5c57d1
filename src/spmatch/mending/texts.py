"""One text at a time: what is certainly wrong in how it was written down is put right.

No word of a good text is changed, and no text becomes longer.
"""

from __future__ import annotations

import re

from spmatch.mending.encodings import decoded
from spmatch.mending.markdown import without_markdown
from spmatch.readers.prose import plain_text

FAULTS: dict[str, tuple[str, str]] = {
    "encoding": (
        "letters had been read in another encoding and were put right.",
        "Save and send the source as UTF-8.",
    ),
    "hidden": ("characters that cannot be seen were taken out.", "Paste it as plain text."),
    "html": ("HTML was turned into plain text.", "State it as plain text."),
    "escapes": (
        "line breaks or letters were written out as codes and were put right.",
        "Send it without escaping it twice.",
    ),
    "markdown": ("Markdown was turned into plain text.", "State it as plain text."),
    "spaces": ("spaces too many were taken out.", "Write one space between words."),
}
"""What can be wrong in a text: the reason and the remedy that are told."""

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Joiners of emoji and of Arabic letters, and marks of direction, belong to a text. A space of no width
# parts words in scripts that write no spaces (Thai, Lao, Burmese, Khmer).
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u2060\ufeff]"
    "|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b"
)
_RUN = re.compile("(?<=\\S)[ \t\u00a0]{2,}(?=\\S)")
_AT_END = re.compile("(?<![ \t\u00a0])[ \t\u00a0]+(?=\n)")
_ESCAPE = re.compile(r"\\(?:r\\n|[nrt]|[\"'/]|u(?!d[89a-f])[0-9a-f]{4})", re.IGNORECASE)
_PATH = re.compile(r"\b[A-Za-z]:\\|\\\\")
_SIGNS = {"\\t": " ", '\\"': '"', "\\'": "'", "\\/": "/"}
_ROUNDS = 12

LONGEST = 100_000
"""Characters of a text that is looked at; a longer one is no text of an activity, and stays."""


def mended_text(text: str, *, lines: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text put right, and the ``FAULTS`` that were found, in the order of their table.

    ``lines``: whether the text may have several lines. What was mended is looked at again, for
    faults lie in layers; a text that never comes to rest is left as it is.
    """
    if len(text) > LONGEST:
        return text, ()
    found: set[str] = set()
    now = text
    for _ in range(_ROUNDS):
        before = now
        for fault, put_right in _STEPS.items():
            after = put_right(now, lines)
            if after != now:
                found.add(fault)
                now = after
        if now == before:
            return now, tuple(fault for fault in FAULTS if fault in found)
    return text, ()


def _encoding(text: str, lines: bool) -> str:
    return decoded(text)


def _hidden(text: str, lines: bool) -> str:
    return _HIDDEN.sub("", text)


def _html(text: str, lines: bool) -> str:
    if "<" not in text and "&" not in text:
        return text
    plain = plain_text(text)
    # White space alone is no HTML, and is not judged here.
    return text if plain.split() == text.split() else plain


def _escapes(text: str, lines: bool) -> str:
    """``\\n``, ``\\t`` and ``\\u00f8`` written out, as a text shows that was escaped twice."""
    if "\\" not in text or _PATH.search(text) or "\\" in _ESCAPE.sub("", text):
        return text
    escapes = list(_ESCAPE.finditer(text))
    # "ja\nej" and "ude\til" may be meant as a choice between two words.
    if len(escapes) == 1 and _between_small_letters(text, escapes[0]):
        return text
    return _ESCAPE.sub(_sign_of, text)


def _between_small_letters(text: str, escape: re.Match[str]) -> bool:
    around = text[max(escape.start() - 1, 0) : escape.start()] + text[escape.end() :][:1]
    return escape[0] in ("\\n", "\\r", "\\t") and len(around) == 2 and around.islower()


def _sign_of(escape: re.Match[str]) -> str:
    written = escape[0]
    if written[1] in "uU" and len(written) == 6:
        return chr(int(written[2:], 16))
    return _SIGNS.get(written, "\n")


def _markdown(text: str, lines: bool) -> str:
    return without_markdown(text, lines=lines)


def _spaces(text: str, lines: bool) -> str:
    text = _LINE_ENDS.sub("\n", text).strip()
    if not lines and "\n" in text:
        return " ".join(text.split())
    return _AT_END.sub("", _RUN.sub(" ", text))


_STEPS = {
    "encoding": _encoding,
    "hidden": _hidden,
    "html": _html,
    "escapes": _escapes,
    "markdown": _markdown,
    "spaces": _spaces,
}
