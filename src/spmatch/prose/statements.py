"""Statements by phrase: a thing is there, is not there, or nothing certain is said of it.

A rule names a thing. Whether it is there depends on the words around: a denial turns the value, and
a hope, a condition, a question, a request or the past silences it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from spmatch.prose.fact import Fact, Value
from spmatch.prose.passages import Sentence, TextLanguage, holds_any

_REACH = 60
"""Letters before and after a phrase in which its denial is looked for."""

_DENIED_BEFORE = {
    "da": re.compile(
        r"\b(?:ingen|intet|ikke|uden|mangler|hverken|aldrig)\b(?!\s+(?:kun"
        r"|bare\s+en\b))(?:[ -]+[\w-]+){0,3}[ -]*$"
    ),
    "en": re.compile(
        r"\b(?:no(?!-)|not|without|lacks?|neither|nor|never|isn't|aren't|don't|doesn't"
        r"|hasn't|haven't|can't|cannot|"
        r"unfortunately no)\b(?!\s+(?:only|just\s+a\b))(?:[ -]+[\w'-]+){0,3}[ -]*$"
    ),
}
_DENIED_AFTER = {
    "da": re.compile(
        r"^[\w-]*(?:\s(?:er|findes|har|kan|må|tilbydes))?(?:\s(?:der|vi|man"
        r"|du))?(?:\s(?:desværre|endnu))?\s(?:ikke|ingen|mangler)\b"
    ),
    "en": re.compile(
        r"^[\w-]*(?:\s(?:is|are|can|access|may))?(?:\s(?:unfortunately|sadly"
        r"|currently))?(?:\snot\b|n't\b|\scannot\b"
        r"|\sunavailable\b|\simpossible\b)"
    ),
}
_ANSWERED_NO = re.compile(r"^\s?[:(=-]\s?(?:nej|no|ingen|none)\b")
_SADLY = re.compile(r"\b(?:desværre|beklager|unfortunately|sadly|sorry|afraid)\b")
_OTHER_DENIAL = {
    "da": re.compile(r"^[^.,;:!?]{0,40}\b(?:ikke|mangler)\b"),
    "en": re.compile(r"^[^.,;:!?]{0,40}\b(?:not|missing|lacking|cannot|\w+n't)\b"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase that states a fact. ``needs`` are letters of which any text with the phrase has one."""

    field: str
    value: Value
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    denial: Literal["turns", "silence", "part"] = "turns"
    """What a denial around the phrase does to the value; ``part`` where the phrase itself holds it."""


def rule(field: str, value: Value, needs: str, pattern: str, *, can_be_denied: bool = True) -> Rule:
    """A rule of a table; ``needs`` are written with ``|`` between them, and so are the phrases."""
    expression = re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)")
    return Rule(
        field,
        value,
        tuple(needs.split("|")),
        expression,
        denial="turns" if can_be_denied else "part",
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that a sentence states, and where in it."""

    field: str
    value: Value
    sentence: Sentence
    start: int
    end: int


def read_statements(
    sentences: Sequence[Sentence],
    rules: Iterable[Rule],
    language: TextLanguage,
    silenced_by: re.Pattern[str],
) -> Iterator[Reading]:
    """Every statement of the sentences by these rules; none from a sentence that is silenced."""
    heard: dict[int, bool] = {}
    whole = "\n".join(sentence.folded for sentence in sentences)
    for one in rules:
        # Most texts have no word of a rule, and that is seen soonest in all of the text at once.
        if not holds_any(whole, one.needs):
            continue
        for sentence in sentences:
            folded = sentence.folded
            found = one.pattern.search(folded) if holds_any(folded, one.needs) else None
            if found is None:
                continue
            if sentence.start not in heard:
                heard[sentence.start] = not silenced_by.search(folded)
            if not heard[sentence.start]:
                continue
            value = _value(one, folded, found, language)
            if value is not None:
                yield Reading(one.field, value, sentence, found.start(), found.end())


def _value(one: Rule, folded: str, found: re.Match[str], language: TextLanguage) -> Value | None:
    if one.denial == "part":
        return one.value
    before = re.split(r"[.,;:!?()]| - ", folded[max(0, found.start() - _REACH) : found.start()])[-1]
    after = folded[found.end() : found.end() + _REACH]
    if _ANSWERED_NO.match(after):
        return (not one.value) if isinstance(one.value, bool) and one.denial == "turns" else None
    denials = bool(_DENIED_BEFORE[language].search(before)) + bool(
        _DENIED_AFTER[language].search(after)
    )
    if denials == 0:
        # "The lift is sadly …": whatever follows, it is not that there is one.
        if _SADLY.search(before) or _SADLY.search(re.split(r"[.,;:!?()]", after)[0]):
            return None
        return None if _OTHER_DENIAL[language].search(after) else one.value
    turned = denials == 1 and one.denial == "turns" and isinstance(one.value, bool)
    return (not one.value) if turned else None


def agreed(readings: Iterable[Reading]) -> Iterator[Fact]:
    """One fact for each field of which the readings agree; two values for one field are no fact."""
    by_field: dict[str, list[Reading]] = {}
    for reading in readings:
        by_field.setdefault(reading.field, []).append(reading)
    for field, found in by_field.items():
        if len({reading.value for reading in found}) == 1:
            first = min(found, key=lambda one: (one.sentence.start, one.start))
            yield Fact(field, first.value, first.sentence.quote(first.start, first.end))
