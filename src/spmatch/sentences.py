"""A text into its sentences."""

from __future__ import annotations

import re

# Danish and English abbreviations that a capital letter may follow without a new sentence.
_ABBREVIATIONS = frozenset(
    """
    bl.a ca dr e.g etc evt f.eks fx hr i.e inkl incl jf kl kr max mht min mr mrs ms mv nr no osv
    pga pr prof skt st tel tlf vedr vs
    """.split()
)
# Danish quotes open with » and close with «, other languages the other way round: both sides take both.
_END = re.compile(
    r"""(?P<mark>[.!?…]+["'»«”“)\]]*)\s+(?=["'»«„”“(\[]?[A-ZÆØÅÄÖÉ])"""
    r"""|\s*\n+\s*[-•*·–]?\s*|\s+[•·]\s+"""
)


def split_sentences(text: str, characters_min: int) -> list[str]:
    """The sentences of a text, in order; pieces shorter than ``characters_min`` join the one before.

    Splits at line breaks, bullets, and end marks before a capital letter, not after abbreviations.
    A text without content gives an empty list.
    """
    pieces: list[str] = []
    begin = 0
    for end in _END.finditer(text):
        word = text[begin : end.start()].rsplit(maxsplit=1)[-1:] or [""]
        if end[0].startswith(".") and word[0].casefold().strip("(\"'") in _ABBREVIATIONS:
            continue
        # The mark belongs to the sentence that it ends; a bullet belongs to none.
        pieces.append(text[begin : end.end("mark") if end["mark"] else end.start()].strip())
        begin = end.end()
    pieces.append(text[begin:].strip())

    joined: list[str] = []
    for piece in filter(None, pieces):
        if joined and min(len(piece), len(joined[-1])) < characters_min:
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined
