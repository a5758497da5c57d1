"""Numbers that nothing explains: a second one beside a price or an age makes both doubtful."""

from __future__ import annotations

import re

from spmatch.prose.clocks import spans_in
from spmatch.prose.doubts import MONTH
from spmatch.prose.passages import TextLanguage

_NUMBER = re.compile(r"(?<![\w.,:/-])\d{1,4}(?:[.,]\d{1,2})?(?![\w:/]|[.,]\d)")
# A telephone, a year, an ordinal, an address, a week, a bus line, a time, a date.
_EXPLAINED = re.compile(
    r"\+?\(?\d[\d ()-]{6,}\d|\b(?:19|20)\d\d\b|\d+(?:st|nd|rd|th)\b|\d{1,2}\. (?:sal|"
    + MONTH
    + r")"
    r"|\b(?:\w+(?:vej|vejen|gade|gaden|allé|alle|stræde|plads|pladsen|torv|torvet|boulevard"
    r"|vænget|parken)"
    r"|lokale|rum|room|nr\.?|no\.|number|hal|bane|hall|uge|week|bus|buslinje|linje|line|route"
    r"|opgang|unit"
    r"|flat|studio|kl\.?|klokken|at|mobilepay|sal)(?: nr\.?)? \d+\w?(?:-\d+)?"
    r"|\b\d+\w? (?:\w+ ){1,2}(?:street|road|lane|avenue|ave|st|rd|close|way|drive|square"
    r"|terrace)\b"
    rf"|\b\d{{1,2}} {MONTH}\b|\b{MONTH} \d{{1,2}}\b|[£$€] ?\d[\d.,]*|\b\d[\d.,]*\s?(?:kr\b|,-"
    rf"|dkk|p\b|%)"
)
_COUNTED = re.compile(
    r"[ -]?(?:år\w*|years?|yrs?|kr|kroner|pers\w*|people|deltagere|pladser|places|spaces|seats"
    r"|medlemmer"
    r"|members|km|kilometer|miles?|meter|metres?|m|yards|min|minut\w*|minutes?|mins|timer?"
    r"|timers|hours?"
    r"|hrs?|uger|weeks?|months?|måneder|mdr|gange|times|mødegange|lektioner|aftener|sessions"
    r"|classes|dage"
    r"|days|%|trin|steps|stk|sprog|languages|of us|ad gangen|øvelser|hold|grupper|spillere"
    r"|players)\b"
)


def loose_numbers(
    folded: str, language: TextLanguage, taken: tuple[tuple[int, int], ...] = (), since: int = 0
) -> bool:
    """Whether a folded sentence has, from ``since``, a number outside ``taken`` that nothing explains."""
    found = [match.span() for match in _NUMBER.finditer(folded, since)]
    if not found:
        return False
    explained = [*taken, *(match.span() for match in _EXPLAINED.finditer(folded))]
    explained += [(span.start, span.end) for span in spans_in(folded, language)]
    return any(
        not _COUNTED.match(folded, end)
        and not any(start < last and first < end for first, last in explained)
        for start, end in found
    )
