"""Texts that were written in one encoding and read in another: ``BÃ¸rn`` for ``Børn``."""

from __future__ import annotations

import re
from collections.abc import Iterable

import ftfy

# ftfy leaves these alone, for "Ã…" could be a Portuguese letter before dots; at the beginning of a
# word, with a letter right after it, it is Danish.
_DANISH_CAPITALS = {"Ã…": "Å", "Ã˜": "Ø", "Ã†": "Æ"}
_READ_AS = ("latin-1", "sloppy-windows-1252")
_LETTERS = re.compile("[À-ÖØ-öø-ÿ]{2,}")
_DANISH_CAPITAL = re.compile("(?<!\\w)(?:Ã…|Ã˜|Ã†)(?=[^\\W\\d_])")


def decoded(text: str) -> str:
    """The text as it was before it was read wrongly; as it is, unless that is certain."""
    if text.isascii():
        return text
    fixed, steps = ftfy.fix_encoding_and_explain(text)
    if fixed != text and not (_is_common(steps or ()) and _is_certain(text, fixed)):
        fixed = text
    return _DANISH_CAPITAL.sub(lambda found: _DANISH_CAPITALS[found[0]], fixed)


def _is_common(steps: Iterable[tuple[str, str]]) -> bool:
    """Whether it was read as Western European: from rarer encodings, "åÆÆ" could be a Chinese sign."""
    return all(name in _READ_AS for action, name in steps if action == "encode")


def _is_certain(text: str, fixed: str) -> bool:
    if fixed.count("\ufffd") > text.count("\ufffd"):
        return False
    # What is read wrongly has signs among its letters: letters alone ("ÅåÆÆ") are what was written.
    if any(fixed.count(run) < text.count(run) for run in set(_LETTERS.findall(text))):
        return False
    # "RÅ°" in capitals may well be a degree sign after a word: one rare letter is no proof.
    rare = [letter for letter in set(fixed) - set(text) if "\u0100" <= letter <= "\u024f"]
    return not (rare and len(text) - len(fixed) == 1)
