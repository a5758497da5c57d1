"""A text as its sentences, folded for comparison, each knowing where it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

TextLanguage = Literal["da", "en"]

LONGEST = 1_000
"""Letters of a sentence that is read: what has no end is a table or a fault, and is passed over."""
QUOTE_AT_MOST = 160
"""Letters of a quote; a longer sentence is quoted from pause to pause around what was read."""

# A capital letter straight after a full stop is a blank that was lost ("at ten.Bring a mat").
_END = re.compile(
    r"(?<=[^\W\d_]{3})[.!?](?=[^\W\d_])|[.!?…]+[\"'»«)\]]*\s+"
    r"|[\n\r\u2028\u2029]\s*|[•·●▪]\s*"
)
_TITLES = frozenset(
    "st skt dr mr mrs ms prof bl.a f.eks fx e.g i.e nr no ca approx evt inkl".split()
)
# A capital letter after these begins a new sentence ("35 kr. Kaffe …"), anything else does not.
_SHORT = frozenset(
    """
    kr kl pr ml conc concs tlf tel min max maks pers hr hrs md mdr mand gr jf osv mv m.m m.fl dvs d incl ekskl
    excl st pr.md vejl ekstra vol op etc vs p pp a.m p.m am pm yr yrs mins tues tue wed weds thu thur
    thurs fri sat sun mon man tir tirs ons tor tors fre lør søn jan feb mar apr jun jul aug sep sept
    okt oct nov dec
    """.split()
)
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("“”„»«", '"'),
        **dict.fromkeys("\t\u00a0\u202f\u2009", " "),
    }
)
_DIGIT = re.compile("[0-9]")
_PAUSES = ".,;:!?()\n"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``folded`` has small letters and plain dashes, letter for letter as the text."""

    whole: str
    start: int
    end: int
    folded: str

    def quote(self, start: int = 0, end: int | None = None) -> str:
        """The words of the text from ``start`` to ``end`` in the sentence, up to the pauses around.

        The whole sentence where that is short enough to be read at a glance.
        """
        if self.end - self.start <= QUOTE_AT_MOST:
            return self.whole[self.start : self.end].strip()
        first, last = self.start + start, self.end if end is None else self.start + end
        room = max(0, QUOTE_AT_MOST - (last - first)) // 2
        before = self.whole[max(self.start, first - room) : first]
        after = self.whole[last : min(self.end, last + room)]
        if len(before) == room:
            cuts = [at for at, letter in enumerate(before) if letter in _PAUSES]
            before = before[cuts[0] + 1 :] if cuts else before.partition(" ")[2]
        if len(after) == room:
            cuts = [at for at, letter in enumerate(after) if letter in _PAUSES]
            after = after[: cuts[-1]] if cuts else after.rpartition(" ")[0]
        return f"{before}{self.whole[first:last]}{after}".strip()[:QUOTE_AT_MOST]


def holds_any(folded: str, needs: tuple[str, ...]) -> bool:
    """Whether a folded text has any of these letters in a row."""
    for need in needs:  # noqa: SIM110 (a loop takes half the time of any())
        if need in folded:
            return True
    return False


def holds_digit(folded: str) -> bool:
    """Whether a text has a digit."""
    return _DIGIT.search(folded) is not None


def fold(text: str) -> str:
    """Small letters, plain dashes and quotes; of the same length, letter by letter."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    return lowered.translate(_FOLDED)


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; empty ones and endless ones are left out."""
    folded = fold(text)
    found = []
    for start, end in _cuts(text, folded):
        own = folded[start:end].rstrip()
        if own and len(own) <= LONGEST:
            found.append(Sentence(text, start, start + len(own), own))
    return tuple(found)


def _cuts(text: str, folded: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for mark in _END.finditer(folded):
        if mark[0] in ".!?" and not text[mark.end() : mark.end() + 1].isupper():
            continue
        if mark[0][0] == "." and not mark[0].startswith("..") and "\n" not in mark[0]:
            word = re.split(r"[\s(/]", folded[max(begin, mark.start() - 12) : mark.start()])[-1]
            following = text[mark.end() : mark.end() + 1]
            opens = following.isupper()
            if word in _TITLES and (word != "no" or following.isdigit()):
                continue
            if (word in _SHORT or word.isdigit() or len(word) == 1) and not opens:
                continue
        end = mark.end() if mark[0][0] in ".!?…" else mark.start()
        yield begin, end
        begin = mark.end()
    yield begin, len(text)


@cache
def _telling(language: TextLanguage) -> frozenset[str]:
    words = {
        "da": "og er vi til med på der det af som et en du hver kl kr ikke eller også kan gratis år alle",
        "en": "and the is we of with at to you in are for every our free from your or on each all",
    }
    return frozenset(words[language].split())


def language_of(text: str, stated: str | None) -> TextLanguage | None:
    """Which rules read a text; ``None`` for another language, or when nothing speaks for either."""
    if stated is not None:
        return "da" if stated == "da" else "en" if stated == "en" else None
    words = re.findall(r"[^\W\d_]+", fold(text[:2_000]))
    danish = sum(
        word in _telling("da") or "ø" in word or "æ" in word or "å" in word for word in words
    )
    english = sum(word in _telling("en") for word in words)
    if danish == english:
        return None
    return "da" if danish > english else "en"
