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

from spmatch.anchors import Seen
from spmatch.messages import Message
from spmatch.safety.patterns import Pattern, PatternReader, fold
from spmatch.safety.rules import LANGUAGES, Anchored, languages_to_read, rule_set
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
_REMEMBERED_WORDS = 100_000
_EXERTION, _COMPANY = "exertion", "mixed_gender"


@dataclass(frozen=True, slots=True)
class _Sign:
    """What shows that an activity holds a risk, or that it does not."""

    risk: str
    denies: bool
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class _ActivityRules:
    breaks: frozenset[str]
    risks: frozenset[str]
    signs: Anchored[_Sign]
    seen: Seen
    """What ``signs`` remembers of words, from one text to the next."""
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
    wanted = touching(risks)
    held = held_risks(activity_text, intensity, gender) if wanted else frozenset()
    return told_harms(held & wanted)


def held_risks(activity_text: str, intensity: str | None, gender: str | None) -> frozenset[str]:
    """Everything that an activity holds of ``known_risks``, whoever asks; arguments as in ``harmful``."""
    touched, denied = _shown(activity_text)
    found = set(touched - {_COMPANY})
    if intensity == "high":
        found.add(_EXERTION)
    elif intensity in ("none", "low"):
        found.discard(_EXERTION)
    return frozenset(found | _company(gender, _COMPANY in touched, _COMPANY in denied))


@cache
def known_risks() -> tuple[str, ...]:
    """All that an activity can hold, in alphabetical order: risks, single allergens, and what to ask."""
    risks = frozenset().union(*(_activity_rules(language).risks for language in LANGUAGES))
    return tuple(sorted(risks | {_EXERTION, _COMPANY, ASK_GENDER}))


def touching(risks: Iterable[str]) -> frozenset[str]:
    """What an activity may hold that concerns somebody with these risks."""
    wanted = frozenset(risks)
    return wanted | {ASK_GENDER} if _COMPANY in wanted else wanted


def told_harms(held: Iterable[str]) -> tuple[str, ...]:
    """What is told of risks that an activity holds, in alphabetical order: of an allergen, the allergy."""
    allergy = f"{_ALLERGY}."
    return tuple(sorted({_ALLERGY if name.startswith(allergy) else name for name in held}))


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


@lru_cache(maxsize=_CACHED_TEXTS)
def _shown(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The risks that the text of an activity holds, and those that it denies.

    Activities are public: they may be remembered.
    """
    touched: set[str] = set()
    denied: set[str] = set()
    folded = fold(text)
    for language in LANGUAGES:
        rules = _activity_rules(language)
        if len(rules.seen) > _REMEMBERED_WORDS:
            rules.seen.clear()
        for sentence in read_sentences(folded, rules.breaks):
            for sign in rules.signs.among(sentence, rules.seen):
                found = denied if sign.denies else touched
                if sign.risk not in found and _matches(sign.pattern, sentence):
                    found.add(sign.risk)
    return frozenset(touched - denied), frozenset(denied)


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

    named = {
        **content["activities"],
        **{f"{_ALLERGY}.{name}": entry for name, entry in content["allergens"].items()},
    }
    signs = [
        _Sign(risk, kind == "denies", reader.read(text))
        for risk, entry in named.items()
        for kind in ("touches", "denies")
        for text in entry[kind]
    ]
    return _ActivityRules(
        breaks=frozenset(fold(word) for word in content["breaks"].split()),
        risks=frozenset(named),
        signs=Anchored((sign.pattern, sign) for sign in signs),
        seen={},
        allergens=tuple(
            (name, patterns(entry["person"])) for name, entry in content["allergens"].items()
        ),
    )
