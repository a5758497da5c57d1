"""Notices danger in what is written about a person, by explicit rules and nothing else.

The rules lie in ``rules/{da,en}.toml``: written to be read and edited by clinicians, in the small
language of ``patterns``. A file holds, beside word lists,

``[harmless]``
    expressions in another meaning (killing time); they are read as if they were not there;
``[denial]``
    what calls off any match: ``before`` it in the same clause, ``after`` it, or anywhere in its
    ``sentence``;
``[elsewhere]``
    what calls off mentions, in the same sentence: long past, grief, work, fiction; and in
    ``past_next`` what does so at the head of the next sentence ("That is twenty years ago");
``[distant]``
    what calls off signs of the ``topics`` it names, unless they are ``still`` there: a life ago;
``[topics.*.signs]``
    named patterns for danger now, which only a denial or a life ago calls off;
``[topics.*.mentions]``
    named patterns for words that stand for danger unless it is denied or lies elsewhere;
``[topics.*.hints]``
    named patterns that each mean little: two of different names in a text make a danger.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, get_args

from spmatch.anchors import Anchors, Seen
from spmatch.safety.patterns import NEIGHBOURS, Pattern, PatternError, PatternReader, fold
from spmatch.safety.spelling import Spelling
from spmatch.safety.texts import MASKED, Sentence, read_sentences

Topic = Literal[
    "acute_illness",
    "suicide",
    "child_at_risk",
    "violence",
    "abuse",
    "self_harm",
    "eating_disorder",
]
TOPICS: tuple[Topic, ...] = get_args(Topic)
"""Most urgent first."""

LANGUAGES = ("da", "en")
MIXED_FROM = 3
"""So many different everyday words of the other language make a text mixed."""


_HARMLESS = "harmless"
HINTS_FROM = 2
"""So many different hints make a danger."""


@dataclass(frozen=True, slots=True)
class Danger:
    """One topic that a text speaks of. Holds nothing of the text itself.

    ``urgency`` counts from 1, the most urgent; ``rules`` names the rules that spoke, such as
    ``en.signs.wish_to_die``.
    """

    topic: Topic
    urgency: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of a named rule."""

    kind: str
    name: str
    subject: str
    pattern: Pattern


class RuleFile:
    """The rules of one file, compiled."""

    def __init__(self, language: str, source: str, *, where: str) -> None:
        """``source`` is TOML. Raises ``ValueError`` that names the pattern that cannot be read."""
        content: dict[str, Any] = tomllib.loads(source)
        reader = PatternReader(content.get("lists", {}), _words(content["negations"]))

        def compiled(texts: Iterable[str], place: str) -> list[Pattern]:
            return [_compiled(reader, text, f"{where}, {place}") for text in texts]

        self.typical = _words(content["typical"])
        self.breaks = _words(content["breaks"])
        harmless = content.get("harmless", {}).get("phrases", [])
        self.rules = [
            Rule(_HARMLESS, f"{language}.{_HARMLESS}", "", pattern)
            for pattern in compiled(harmless, _HARMLESS)
        ]
        self.rules += [
            Rule(kind, f"{language}.{kind}.{name}", subject, pattern)
            for subject, kinds in content["topics"].items()
            for kind, named in kinds.items()
            for name, texts in named.items()
            for pattern in compiled(texts, f"{subject}.{kind}.{name}")
        ]
        denial, elsewhere = content["denial"], content["elsewhere"]
        distant = content.get("distant", {})
        guards = {
            "before": denial["before"],
            "after": denial["after"],
            "denied": denial["sentence"],
            "elsewhere": [
                one for name, those in elsewhere.items() if name != "past_next" for one in those
            ],
            "past": elsewhere["past"],
            "past_next": elsewhere["past_next"],
            "distant": distant.get("patterns", []),
            "distant_next": distant.get("next", []),
            "still": distant.get("still", []),
        }
        self.guards = {
            name: [reader.source(text) for text in texts] for name, texts in guards.items()
        }
        self.distant_topics = frozenset(distant.get("topics", ()))
        self.words = frozenset(reader.words)
        self.slips: dict[str, str] = content.get("slips", {})


class RuleSet:
    """Rules of one language or more, ready to be applied. Safe to use from many threads.

    A text that may hold two languages is read by the rules and the guards of both.
    """

    def __init__(self, files: Sequence[RuleFile]) -> None:
        def any_of(guard: str, frame: str = "(?<![^ ])(?:{})") -> re.Pattern[str]:
            sources = [source for file in files for source in file.guards[guard]]
            return re.compile(frame.format("|".join(sources)) if sources else r"(?!)")

        self._breaks = frozenset().union(*(file.breaks for file in files))
        self._rules = Anchored((rule.pattern, rule) for file in files for rule in file.rules)
        self._before = any_of("before", "(?<![^ ])(?:{})(?:(?!and |og |men |but )[^ ]+ ){{0,3}}$")
        self._after = any_of("after", "^(?:[^ ]+ ){{0,3}}?(?:{})")
        self._past_next = any_of("past_next", "^(?:[^ ]+ )?(?:{})")
        self._distant_next = any_of("distant_next", "^(?:{})")
        self._denied = any_of("denied")
        self._elsewhere = any_of("elsewhere")
        self._past = any_of("past")
        self._distant = any_of("distant")
        self._still = any_of("still")
        self._distant_topics = frozenset().union(*(file.distant_topics for file in files))
        self._spelling = Spelling(
            (word for file in files for word in file.words),
            {slip: word for file in files for slip, word in file.slips.items()},
        )

    def find(self, folded: str) -> dict[str, list[str]]:
        """The subjects that a folded text speaks of, each with the names of the rules that spoke."""
        seen: Seen = {}
        sentences: list[Sentence] = []
        may_speak: list[list[Rule]] = []
        for written in read_sentences(folded, self._breaks):
            rules = self._rules.among(written, seen)
            sentence = self._spelling.mend(_without_harmless(written, rules))
            sentences.append(sentence)
            may_speak.append(rules if sentence is written else self._rules.among(sentence, seen))
        found: dict[str, list[str]] = {}
        for place, rules in enumerate(may_speak):
            for rule in rules:
                if rule.kind == _HARMLESS:
                    continue
                names = found.get(rule.subject, [])
                if rule.name not in names and self._speaks(rule, sentences, place):
                    found[rule.subject] = [*names, rule.name]
        return {subject: spoken for subject, names in found.items() if (spoken := _enough(names))}

    def _speaks(self, rule: Rule, sentences: Sequence[Sentence], place: int) -> bool:
        sentence, pattern = sentences[place], rule.pattern
        if pattern.beside and not pattern.beside.search(sentence.text):
            return False
        if pattern.nearby:
            near = sentences[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
            if not any(pattern.nearby.search(one.text) for one in near):
                return False
        following = sentences[place + 1].text if place + 1 < len(sentences) else ""
        return any(
            not self._called_off(rule, match, sentence, following)
            for match in pattern.first.finditer(sentence.text)
        )

    def _called_off(
        self, rule: Rule, match: re.Match[str], sentence: Sentence, following: str
    ) -> bool:
        clause = sentence.clause_of(match.start())
        if self._before.search(sentence.before(match.start(), clause)):
            return True
        if self._after.search(sentence.text[match.end() :]):
            return True
        if self._denied_before(sentence, match.start()):
            return True
        goes_on = self._still.search(sentence.text)
        if rule.kind == "signs":
            return (
                rule.subject in self._distant_topics
                and not goes_on
                and bool(
                    self._distant.search(sentence.text) or self._distant_next.search(following)
                )
            )
        if self._denied.search(sentence.text) or self._past_next.search(following):
            return True
        elsewhere = self._elsewhere.search(sentence.text)
        return bool(elsewhere) and not (goes_on and self._past.search(sentence.text))

    def _denied_before(self, sentence: Sentence, start: int) -> bool:
        """Whether something earlier in the sentence denies all that comes, up to a "but"."""
        denied = self._denied.search(sentence.text, 0, start)
        between = sentence.text[denied.end() : start].split() if denied else []
        return denied is not None and not self._breaks.intersection(between)


Thing = TypeVar("Thing")


class Anchored(Generic[Thing]):
    """Things by what their patterns need, so that few patterns are tried on a sentence."""

    def __init__(self, things: Iterable[tuple[Pattern, Thing]]) -> None:
        each = list(things)
        self._things = [thing for _, thing in each]
        self._anchors = Anchors(enumerate(pattern.needs for pattern, _ in each))

    def among(self, sentence: Sentence, seen: Seen) -> list[Thing]:
        """Those whose pattern may match, in their order."""
        may = self._anchors.may_be_in(sentence.text, seen)
        return [self._things[number] for number in sorted(may)]


def find_dangers(text: str, language: str | None) -> tuple[Danger, ...]:
    """The dangers that a text speaks of, most urgent first; empty when there is none.

    ``language`` is ISO 639-1. Both languages' rules are applied when it is ``None``, when it is
    neither Danish nor English, and when words of the other language stand in the text.
    """
    folded = fold(text)
    found = rule_set(languages_to_read(folded, language)).find(folded)
    return tuple(
        Danger(topic, urgency, tuple(found[topic]))
        for urgency, topic in enumerate(TOPICS, start=1)
        if topic in found
    )


def languages_to_read(folded: str, language: str | None) -> tuple[str, ...]:
    """The languages whose rules a folded text is read by."""
    if language not in LANGUAGES:
        return LANGUAGES
    words = set(re.findall(r"\w+", folded))
    return tuple(
        name
        for name in LANGUAGES
        if name == language or len(words & rule_file(name).typical) >= MIXED_FROM
    )


def _without_harmless(sentence: Sentence, rules: Iterable[Rule]) -> Sentence:
    text = sentence.text
    for rule in rules:
        if rule.kind == _HARMLESS:
            text = rule.pattern.first.sub(lambda match: f"{MASKED} " * match[0].count(" "), text)
    return sentence if text is sentence.text else Sentence(text, sentence.clauses)


def _enough(names: list[str]) -> list[str]:
    """The rules that spoke, or none when there is but a single hint."""
    hints = [name for name in names if ".hints." in name]
    return [name for name in names if len(hints) >= HINTS_FROM or name not in hints]


@cache
def rule_set(languages: tuple[str, ...], subject: str = "dangers") -> RuleSet:
    """The rules that spmatch comes with for these languages, made once."""
    return RuleSet([rule_file(language, subject) for language in languages])


@cache
def rule_file(language: str, subject: str = "dangers") -> RuleFile:
    """One file of rules that spmatch comes with, read once. ``subject``: ``dangers`` or ``risks``."""
    name = f"{language}.toml" if subject == "dangers" else f"{subject}_{language}.toml"
    path = Path(__file__).parent / "rules" / name
    return RuleFile(language, path.read_text(encoding="utf-8"), where=path.name)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


def _compiled(reader: PatternReader, text: str, place: str) -> Pattern:
    try:
        return reader.read(text)
    except PatternError as error:
        raise ValueError(f"{place}: {error}") from None
