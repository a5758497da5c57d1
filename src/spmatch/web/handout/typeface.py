"""The letters of the PDF: which fonts hold them, and what becomes of those that no font holds."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF

from spmatch.web.templating import STATIC

FAMILY = "Atkinson"
SPARE = "DejaVu"
"""For letters that Atkinson lacks: Greek, Cyrillic, the rarer Latin ones."""
GAP = "[…]"
"""Stands for words in a script that neither font holds."""

_FILES = {
    (FAMILY, ""): "AtkinsonHyperlegibleNext-Regular.ttf",
    (FAMILY, "B"): "AtkinsonHyperlegibleNext-Bold.ttf",
    (SPARE, ""): "DejaVuSans-Subset-Regular.ttf",
    (SPARE, "B"): "DejaVuSans-Subset-Bold.ttf",
}


def add_fonts(pdf: FPDF, text: str) -> None:
    """Give a document the fonts that a text needs; the spare one only where it does."""
    own = _letters(FAMILY)
    families = (FAMILY,) if all(ord(sign) in own for sign in text) else (FAMILY, SPARE)
    for (family, style), name in _FILES.items():
        if family in families:
            pdf.add_font(family, style, STATIC / "fonts" / name)
    if SPARE in families:
        pdf.set_fallback_fonts([SPARE], exact_match=True)


def printable(text: str) -> str:
    """A text as the fonts can set it.

    Signs that have a plain form take it, pictures are left out, and words in a script that the fonts
    do not hold become ``[…]``: a gap that is seen, rather than boxes or nothing.
    """
    text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    if all(_known(sign) for sign in text):
        return text
    signs = "".join(sign if _known(sign) else _nearest(sign) for sign in text)
    parts = [
        "".join(run) if known else GAP
        for known, run in groupby(signs, key=lambda sign: _known(sign))
    ]
    # Words of one script with blanks between them are one gap.
    text = re.sub(rf"{re.escape(GAP)}(?:[\s.,:;!?-]*{re.escape(GAP)})*", GAP, "".join(parts))
    return re.sub(r" {2,}", " ", text).strip()


def _nearest(sign: str) -> str:
    """The sign in a plain form; nothing for a picture; itself where it is a letter we lack."""
    plain = unicodedata.normalize("NFKC", sign)
    if plain and all(_known(one) for one in plain):
        return plain
    if sign.isspace():
        return " "
    # So, Sk, Sm, Cf, Cc, Mn …: pictures, joiners and marks; letters and digits stay, to be seen as a gap.
    return sign if unicodedata.category(sign)[0] in "LN" else ""


_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        **dict.fromkeys("\u2012\u2015", "–"),
        **dict.fromkeys("\u2028\u2029", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufe0e\ufe0f", None),
    }
)
"""Kinds of dash, break and joiner that look like a plain one, or like nothing."""


def _known(sign: str) -> bool:
    return any(ord(sign) in _letters(family) for family in (FAMILY, SPARE))


@cache
def _letters(family: str) -> frozenset[int]:
    """The characters that a family holds in both its weights."""
    found = [
        set(TTFont(STATIC / "fonts" / name).getBestCmap())
        for (one, _), name in _FILES.items()
        if one == family
    ]
    return frozenset(set.intersection(*found))
