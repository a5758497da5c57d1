"""What a person keeps away from, as traits; and whether the text of an activity has such a trait.

Likeness of meaning hears "no competition, just play" as competition, and does not hear a tournament.
So what is to be avoided is read as traits (competition, crowds, dogs …), and each activity is read
for what says that a trait is there, or is not. Both go by phrases: ``aversions_da.toml`` and
``aversions_en.toml``, which can be read and edited.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.anchors import Anchors, Seen
from spmatch.phrases import anchors_of, build_pattern, compose, fold

ASSERTED, SILENT, DENIED = 1, 0, -1

Shares = npt.NDArray[np.float64]
_Kind = Literal["names", "asserts", "denies", "unless"]
_Spans = list[tuple[int, int]]

DROPPED = frozenset({"time_of_day"})
"""Traits that a person may name and that no text is searched for: limits of time answer them."""
_NOT_TRAITS = frozenset({"negation", "any_trait"})
# Written languages near enough to Danish that its phrases serve them.
_AS_DANISH = frozenset({"da", "no", "nb", "nn"})
_BOTH = ("da", "en")

_ENDINGS = {"da": "e|n|r|t|s|en|et|er|es|ne|ens|ets|ers|nes|ene|erne|ernes", "en": "s|es|'s|s'"}
"""Of nouns: forms that the phrases need not write out."""
_READ = ("asserts", "denies")
"""The lists that a text is read by."""
_PAUSE = re.compile(r"[.!?;:,\n\r()–—•]")
_CLAUSE_END = re.compile(r"[.!?;:,\n\r()/•]| (?:and|or|nor|but|og|eller|men) ")
_WORD = re.compile(r"[^\W_][\w']*")
_REMEMBERED_WORDS = 100_000
_REACH = r"(?: +[\w'&]+){0,4} *$"
"""A negation reaches the words up to four after it."""
_WINDOW = 80
"""Letters before and after a word in which its negation is looked for."""


@dataclass(frozen=True, slots=True, repr=False)
class Aversions:
    """What is to be avoided: traits, and the words that no trait covers, for meaning to compare."""

    traits: frozenset[str]
    rest: str
    """Without its negations: likeness must be to the thing itself. Empty when nothing is left."""

    def __repr__(self) -> str:
        return f"Aversions({sorted(self.traits)}, rest: {len(self.rest)} characters)"


def read_aversions(text: str, language: str | None = None) -> Aversions:
    """The traits that a text names as what to avoid, and what else it says.

    ``language`` is ISO 639-1; any but Danish and English, or none, is read as both.
    """
    traits: set[str] = set()
    rest: list[str] = []
    text = compose(text)
    for clause in _clauses(text):
        found: set[str] = set()
        left = clause
        for code in _languages(language):
            lexicon = _lexicon(code)
            if lexicon.negation("fine").search(fold(clause)):
                found, left = set(), ""
                break
            found |= lexicon.named_in(fold(clause))
        traits |= found
        if not found and left and (bare := _bare(left, _languages(language))):
            rest.append(bare)
    return Aversions(frozenset(traits - DROPPED), ", ".join(rest))


def asserts(
    text: str, trait: str, language: str | None = None, activity: Activity | None = None
) -> int:
    """``ASSERTED``, ``SILENT`` or ``DENIED``: what the text of an activity says of a trait.

    Facts that the activity states come first where they decide; where it both says and denies a
    trait, the denial counts. Raises ``KeyError`` for a trait that is not in the lexicon.
    """
    if activity is not None and (stated := _stated(activity, trait)) != SILENT:
        return stated
    folded = fold(compose(text))
    said = [_lexicon(code).reads(folded, trait) for code in _languages(language)]
    return DENIED if DENIED in said else max(said)


def asserted(activity: Activity, text: str, traits: Iterable[str]) -> list[str]:
    """Those of some traits that ``asserts`` calls ``ASSERTED``, the text of an activity folded once."""
    folded = fold(compose(text))
    lexicons = [_lexicon(code) for code in _languages(activity.text_language)]
    # Of most traits a text has no word, and that is seen soonest.
    worded = [(lexicon, lexicon.may_hold(folded)) for lexicon in lexicons]
    yes, no = _facts(activity)
    found = []
    for trait in traits:
        said = _decided(trait, yes, no)
        if said == SILENT:
            each = [
                lexicon.reads(folded, trait, lists)
                for lexicon, lists in worded
                if any((trait, kind) in lists for kind in _READ)
            ]
            said = DENIED if DENIED in each else max(each, default=SILENT)
        if said == ASSERTED:
            found.append(trait)
    return found


def aversion_shares(
    aversions: Aversions,
    texts: Sequence[str],
    languages: Sequence[str | None],
    activities: Sequence[Activity | None] | None = None,
) -> Shares:
    """Shape (texts,): 1 where any trait to be avoided is asserted and not denied, else 0."""
    facts = activities or [None] * len(texts)
    found = [
        any(True for _ in _had(aversions, text, code, fact))
        for text, code, fact in zip(texts, languages, facts, strict=True)
    ]
    return np.array(found, dtype=np.float64)


def named(
    aversions: Aversions,
    text: str,
    language: str | None = None,
    activity: Activity | None = None,
) -> tuple[str, ...]:
    """The traits to be avoided that an activity has, in the order of the lexicon."""
    return tuple(_had(aversions, text, language, activity))


def _had(
    aversions: Aversions, text: str, language: str | None, activity: Activity | None
) -> Iterator[str]:
    folded = fold(compose(text))
    lexicons = [_lexicon(code) for code in _languages(language)]
    for trait in known_traits():
        if trait not in aversions.traits:
            continue
        stated = SILENT if activity is None else _stated(activity, trait)
        # Most texts have no word of a trait, and that is seen soonest.
        if stated == SILENT and any(one.may_assert(folded, trait) for one in lexicons):
            said = [one.reads(folded, trait) for one in lexicons]
            stated = DENIED if DENIED in said else max(said)
        if stated == ASSERTED:
            yield trait


@cache
def known_traits() -> tuple[str, ...]:
    """Every trait of the lexicon, in its order; those about time are not among them."""
    return tuple(name for name in _lexicon("en").tables if name not in DROPPED | _NOT_TRAITS)


class _Lexicon:
    """The phrases of one language, compiled when they are first used."""

    def __init__(self, language: str) -> None:
        path = Path(__file__).parent / f"aversions_{language}.toml"
        self.language = language
        self.tables: Mapping[str, Mapping[str, str]] = tomllib.loads(
            path.read_text(encoding="utf-8")
        )
        self._lists = {
            name if kind == "asserts" else f"{name}.{kind}": phrases
            for name, table in self.tables.items()
            for kind, phrases in table.items()
        }
        self._patterns: dict[tuple[str, str], re.Pattern[str] | None] = {}
        self._seen: Seen = {}

        negators = self.negation("before").pattern
        self._negated = re.compile(rf"(?P<no>{negators}){_REACH}")

    def pattern(self, trait: str, kind: _Kind | str) -> re.Pattern[str] | None:
        if (trait, kind) not in self._patterns:
            phrases = self.tables[trait].get(kind, "")
            endings = "" if trait == "negation" else _ENDINGS[self.language]
            self._patterns[trait, kind] = build_pattern(phrases, self._lists, endings)
        return self._patterns[trait, kind]

    def negation(self, kind: str) -> re.Pattern[str]:
        found = self.pattern("negation", kind)
        if found is None:
            raise ValueError(f"the lexicon has no negation.{kind}")
        return found

    def named_in(self, folded: str) -> set[str]:
        """The traits that a clause names; a name inside a longer name is not counted."""
        spans: list[tuple[int, int, str]] = []
        for trait, kind in self._named.may_be_in(folded, {}):
            if names := self.pattern(trait, kind):
                masked = self._mask(folded, trait, everywhere=False)
                spans += [(*one.span(), trait) for one in names.finditer(masked)]
        return {
            trait
            for begin, end, trait in spans
            if not any(b <= begin and end <= e and e - b > end - begin for b, e, _ in spans)
        }

    def may_hold(self, folded: str) -> set[tuple[str, str]]:
        """The lists (trait, kind) of which a text may hold a phrase; of all others it holds none."""
        # What activities say is public: words may be remembered.
        if len(self._seen) > _REMEMBERED_WORDS:
            self._seen.clear()
        return self._read.may_be_in(folded, self._seen)

    @cached_property
    def _read(self) -> Anchors[tuple[str, str]]:
        return self._anchors(_READ)

    @cached_property
    def _named(self) -> Anchors[tuple[str, str]]:
        return self._anchors(("names",))

    def _anchors(self, kinds: Sequence[str]) -> Anchors[tuple[str, str]]:
        endings = _ENDINGS[self.language]
        return Anchors(
            ((trait, kind), needs)
            for trait, table in self.tables.items()
            if trait not in _NOT_TRAITS
            for kind in kinds
            for needs in anchors_of(table.get(kind, ""), self._lists, endings)
        )

    def may_assert(self, folded: str, trait: str) -> bool:
        """Whether a text has any word of a trait, meant or not."""
        asserted = self.pattern(trait, "asserts")
        return asserted is not None and asserted.search(folded) is not None

    def reads(
        self, folded: str, trait: str, lists: Container[tuple[str, str]] | None = None
    ) -> int:
        """What a folded text says of a trait. ``lists`` is what ``may_hold`` says of it, if known."""
        asserted, denied = (self._searched(trait, kind, lists) for kind in _READ)
        masked, said = folded, list[int]()
        if asserted is not None and asserted.search(folded):
            masked = self._mask(folded, trait, everywhere=True)
            said = [self._meant(masked, *one.span()) for one in asserted.finditer(masked)]
        for one in denied.finditer(folded) if denied is not None else ():
            if not self.negation("before").match(folded, one.start()):
                return DENIED
            said.append(self._meant(folded, one.end(), one.end(), one.start()))
        # A choir without solo singing is a choir; a singer's tale without song is not.
        if DENIED in said and said.count(DENIED) >= said.count(ASSERTED):
            return DENIED
        return ASSERTED if ASSERTED in said else SILENT

    def _searched(
        self, trait: str, kind: str, lists: Container[tuple[str, str]] | None
    ) -> re.Pattern[str] | None:
        return self.pattern(trait, kind) if lists is None or (trait, kind) in lists else None

    def _mask(self, folded: str, trait: str, *, everywhere: bool) -> str:
        """The text with lines over what only looks like the trait."""
        for name in ("any_trait", trait) if everywhere else (trait,):
            if pattern := self.pattern(name, "unless"):
                folded = pattern.sub(lambda found: "_" * len(found[0]), folded)
        return folded

    def _meant(self, text: str, begin: int, end: int, no: int | None = None) -> int:
        """Whether words that assert a trait do so where they stand, or are taken back.

        ``no`` is where a negation begins that is known already.
        """
        left = max(0, begin - _WINDOW)
        head = _after(_PAUSE, text[left:begin])
        tail = _before(_PAUSE, text[end : end + _WINDOW])
        denied = tail.startswith(" ") and self.negation("after").match(tail.lstrip())
        found = self._negated.search(head)
        if no is None and not denied and found is None:
            return ASSERTED
        if no is None and found is not None and not denied:
            reached = head[found.start("no") :]
            breaks = self.negation("breaks").search(reached)
            if self.negation("no_refusal").match(reached) or breaks:
                return ASSERTED
        # "No dog? Come anyway."
        asks = text[end + len(tail) : end + len(tail) + 1] == "?"
        whole = f"{head}{text[begin:end]}{tail}"
        if asks or self.negation("unmoved").search(whole):
            return ASSERTED if no is None else SILENT
        return SILENT if self.negation("released").search(whole) else DENIED


@cache
def _lexicon(language: str) -> _Lexicon:
    return _Lexicon(language)


def _languages(language: str | None) -> tuple[str, ...]:
    if language in _AS_DANISH:
        return ("da",)
    return ("en",) if language == "en" else _BOTH


def _clauses(text: str) -> list[str]:
    return [piece.strip() for piece in _CLAUSE_END.split(text) if piece.strip()]


def _bare(clause: str, languages: Sequence[str]) -> str:
    """A clause without negations and the words around them; empty when no other word is left."""
    folded = fold(clause)
    for language in languages:
        for kind in ("fillers", "before"):
            folded = _lexicon(language).negation(kind).sub(lambda one: " " * len(one[0]), folded)
    return " ".join(clause[one.start() : one.end()] for one in _WORD.finditer(folded))


def _after(mark: re.Pattern[str], text: str) -> str:
    ends = [one.end() for one in mark.finditer(text)]
    return text[ends[-1] :] if ends else text


def _before(mark: re.Pattern[str], text: str) -> str:
    found = mark.search(text)
    return text[: found.start()] if found else text


def _stated(activity: Activity, trait: str) -> int:
    """What the facts of an activity say of a trait, where they decide it."""
    return _decided(trait, *_facts(activity))


def _decided(trait: str, yes: Mapping[str, bool], no: Mapping[str, bool]) -> int:
    if yes.get(trait):
        return ASSERTED
    return DENIED if no.get(trait) else SILENT


def _facts(activity: Activity) -> tuple[Mapping[str, bool], Mapping[str, bool]]:
    """Which traits the facts of an activity say that it has, and which that it has not."""
    low = activity.ages.min if activity.ages else None
    high = activity.ages.max if activity.ages else None
    access, first_visit = activity.access, activity.first_visit
    yes: Mapping[str, bool] = {
        "women_only": activity.gender == "women",
        "men_only": activity.gender == "men",
        "mixed_gender": activity.gender == "any",
        "hard_exercise": activity.intensity == "high",
        "online": activity.delivery == "online",
        "phone_calls": activity.delivery == "phone",
        "children": high is not None and high < 18,
        "young_people": high is not None and high <= 30,
        "old_people": low is not None and low >= 55,
    }
    at_home = activity.delivery in ("online", "phone", "home_visit")
    small = first_visit is not None and first_visit.small_group is True
    level = access is not None and True in (access.step_free, access.lift)
    no: Mapping[str, bool] = {
        "women_only": activity.gender in ("any", "men"),
        "men_only": activity.gender in ("any", "women"),
        "mixed_gender": activity.gender in ("women", "men"),
        "hard_exercise": activity.intensity in ("none", "low"),
        "children": low is not None and low >= 16,
        "young_people": low is not None and low >= 40,
        "old_people": high is not None and high <= 40,
        "travel_far": at_home,
        "stairs": at_home or level,
        "crowds": small or activity.delivery in ("phone", "home_visit"),
        "large_groups": small or activity.delivery in ("phone", "home_visit"),
    }
    return yes, no
