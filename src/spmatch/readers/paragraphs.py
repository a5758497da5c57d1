"""Several texts of a record as one description, each once, no longer than a description may be."""

from __future__ import annotations

from collections.abc import Iterable

from spmatch.readers.prose import plain_text
from spmatch.readers.stated import Findings

_LONGEST = 50_000
_LONGEST_RAW = 4 * _LONGEST
"""Texts are cut before their HTML is read: what comes later would be cut all the same."""


def paragraphs_of(texts: Iterable[str | None], findings: Findings) -> str:
    """The texts without HTML, one paragraph after another; one that was said already is left out.

    What is longer than a description may be is cut, and told.
    """
    told = ""
    is_cut = False
    for text in texts:
        if not text:
            continue
        words = plain_text(text[:_LONGEST_RAW])
        if words and words not in told:
            told = f"{told}\n\n{words}" if told else words
        is_cut = is_cut or len(text) > _LONGEST_RAW or len(told) > _LONGEST
        told = told[:_LONGEST]
    if is_cut:
        findings.mended(
            "description", f"it is longer than {_LONGEST} characters; it was cut.", "Shorten it."
        )
    return told.strip()
