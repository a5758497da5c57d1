"""Activities that could harm a person, by what is written about both, on stated facts or words.

The risks of a person are found as dangers are, with the same guards. What shows that an activity
holds a risk, and what shows that it does not, stands in ``rules/risks_{da,en}.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from spmatch.messages import Message
from spmatch.safety.patterns import Pattern, PatternReader, fold
from spmatch.safety.rules import LANGUAGES, Anchored, Seen, languages_to_read, rule_set
from spmatch.safety.texts import Sentence, read_sentences

Risk = Literal[
    "alcohol",
    "gambling",
    "exertion",
    "mixed_gender",
    "food",
    "water",
    "allergy",
    "infection",
]
ASK_GENDER = "mixed_gender_ask"
"""Said instead of ``mixed_gender`` when nobody has stated whether men take part."""

_ALLERGY = "allergy"
_CACHED_TEXTS = 20_000
_HELD, _SILENT, _DENIED = 1, 0, -1


@dataclass(frozen=True, slots=True)
class _Signs:
    """What shows that an activity holds a risk, and what shows that it does not."""

    name: str
    touches: Anchored[Pattern]
    denies: Anchored[Pattern]


@dataclass(frozen=True, slots=True)
class _ActivityRules:
    breaks: frozenset[str]
    signs: tuple[_Signs, ...]
    allergens: tuple[tuple[str, Anchored[Pattern]], ...]
    """Words of the person for each allergen."""


def find_risks(texts: str | Iterable[str], language: str | None) -> frozenset[str]:
    """The risks that texts about a person tell of: ``alcohol``, ``exertion`` …

    An allergy is told as ``allergy`` and, where it is known to what, as ``allergy.nuts`` and the
    like. ``language`` is ISO 639-1; when it is ``None`` both languages' rules are applied.
    """
    found: set[str] = set()
    for text in [texts] if isinstance(texts, str) else texts:
        folded = fold(text)
        languages = languages_to_read(folded, language)
        risks = set(rule_set(languages, "risks").find(folded))
        if _ALLERGY in risks:
            for name in languages:
                rules = _activity_rules(name)
                sentences = list(read_sentences(folded, rules.breaks))
                risks |= {
                    f"{_ALLERGY}.{allergen}"
                    for allergen, words in rules.allergens
                    if _any(words, sentences)
                }
        found |= risks
    return frozenset(found)


def harmful(
    activity_text: str, intensity: str | None, gender: str | None, risks: Iterable[str]
) -> tuple[str, ...]:
    """The risks of a person that an activity holds, by name, in alphabetical order.

    ``intensity`` and ``gender`` are the stated facts of the activity, ``None`` not stated; they go
    before the words. Each name has a message ``harm.<name>``; ``mixed_gender_ask`` is a question.
    """
    wanted = set(risks)
    if not wanted:
        return ()
    touched, denied = _touched(activity_text, wanted)
    found = {risk for risk in wanted if risk in touched}
    if "exertion" in wanted:
        if intensity == "high":
            found.add("exertion")
        elif intensity in ("none", "low"):
            found.discard("exertion")
    if "mixed_gender" in wanted:
        found.discard("mixed_gender")
        found |= _company(gender, "mixed_gender" in touched, "mixed_gender" in denied)
    if any(risk.startswith(f"{_ALLERGY}.") for risk in found):
        found.add(_ALLERGY)
    return tuple(sorted(name for name in found if "." not in name))


def cautions_of_harms(harms: Iterable[str]) -> tuple[Message, ...]:
    """What to say of each harm that ``harmful`` named."""
    return tuple(Message(f"harm.{name}") for name in harms)


def _company(gender: str | None, men_told: bool, women_only_told: bool) -> set[str]:
    """What to say of men's company: nothing, that they take part, or to ask."""
    if gender == "women" or (women_only_told and gender is None):
        return set()
    if gender is not None or men_told:
        return {"mixed_gender"}
    return {ASK_GENDER}


def _touched(text: str, wanted: Iterable[str]) -> tuple[set[str], set[str]]:
    """The risks among ``wanted`` that the text of an activity holds, and those that it denies."""
    shown = {name: _shows(text, name) for name in wanted}
    return (
        {name for name, one in shown.items() if one == _HELD},
        {name for name, one in shown.items() if one == _DENIED},
    )


@lru_cache(maxsize=_CACHED_TEXTS)
def _shows(text: str, name: str) -> int:
    """What the text of an activity says of one risk. Activities are public: they may be remembered."""
    held = False
    for language in LANGUAGES:
        rules = _activity_rules(language)
        for signs in rules.signs:
            if signs.name == name:
                sentences = _sentences(text, language)
                if _any(signs.denies, sentences):
                    return _DENIED
                held = held or _any(signs.touches, sentences)
    return _HELD if held else _SILENT


@lru_cache(maxsize=_CACHED_TEXTS)
def _sentences(text: str, language: str) -> tuple[Sentence, ...]:
    return tuple(read_sentences(fold(text), _activity_rules(language).breaks))


def _any(patterns: Anchored[Pattern], sentences: Sequence[Sentence]) -> bool:
    seen: Seen = {}
    return any(_matches(one, at) for at in sentences for one in patterns.among(at, seen))


def _matches(pattern: Pattern, sentence: Sentence) -> bool:
    if not pattern.first.search(sentence.text):
        return False
    return pattern.beside is None or pattern.beside.search(sentence.text) is not None


@cache
def _activity_rules(language: str) -> _ActivityRules:
    path = Path(__file__).parent / "rules" / f"risks_{language}.toml"
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    reader = PatternReader(
        content["lists"], frozenset(fold(word) for word in content["negations"].split())
    )

    def patterns(texts: Iterable[str]) -> Anchored[Pattern]:
        compiled = [reader.read(text) for text in texts]
        return Anchored(zip(compiled, compiled, strict=True))

    named = [
        *content["activities"].items(),
        *((f"{_ALLERGY}.{name}", entry) for name, entry in content["allergens"].items()),
    ]
    return _ActivityRules(
        breaks=frozenset(fold(word) for word in content["breaks"].split()),
        signs=tuple(
            _Signs(name, patterns(entry["touches"]), patterns(entry["denies"]))
            for name, entry in named
        ),
        allergens=tuple(
            (name, patterns(entry["person"])) for name, entry in content["allergens"].items()
        ),
    )
