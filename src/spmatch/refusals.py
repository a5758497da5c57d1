"""Finds what a person refuses in the middle of telling a need, and takes it out of the text.

Likeness of meaning does not hear "not": "likes music but not choirs" finds choirs. The clause that
refuses is therefore taken out of what meaning reads, and counts as something to be avoided. Most
negations refuse nothing ("cannot sleep", "has not been out since spring") and are left alone; in
doubt, nothing is refused. The phrases are in ``refusals.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spmatch.phrases import build_pattern, compose, fold

# Written languages near enough to Danish that its phrases serve them.
_AS_DANISH = frozenset({"da", "no", "nb", "nn"})
_BOTH = ("da", "en")
_MARK = re.compile(r"[.!?;:\n\r()–—•…]|,(?! *at )")
_SENTENCE_END = re.compile(r"[.!?\n\r]")
_NEAR_WORDS = 5
"""How far after its cue one of the ``things`` may stand."""
_SHORT = 6
"""Words of a clause that is set against a wish without a word like "but"."""
_FEW_WORDS = 12
"""A clause longer than this tells something else."""
_PHRASE_KINDS = (
    *(
        "anywhere",
        "at_start",
        "opening",
        "turns",
        "wishes",
        "after_wish",
        "of_things",
        "things",
        "whole",
        "ends",
        "dangling",
    ),
    *("leave_opening", "leave_anywhere", "alone", "facts"),
    *("verdicts", "of_things_after", "lost"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Split:
    """A text without what it refuses, and the refusing clauses as they were written."""

    kept: str
    refused: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Split(kept: {len(self.kept)} characters, refused: {len(self.refused)})"


def split_refusals(text: str, language: str | None = None) -> Split:
    """What a text refuses, and what is left of it.

    ``language`` is ISO 639-1; Danish and languages near to it are read as Danish, any other than
    English, or none, as both. A text that refuses nothing is kept as it is.
    """
    composed = compose(text)
    folded = _COMMA_WITHIN.sub(lambda one: f"{one[1]} ", fold(composed))
    found: list[tuple[int, int, int]] = []
    for cues in _cues_of(language):
        for span in cues.spans(folded):
            if not any(span[0] < end and begin < span[2] for begin, _, end in found):
                found.append(span)
    if not found:
        return Split(text, ())
    found.sort()
    kept, at = [], 0
    for left, _, end in found:
        kept.append(composed[at:left])
        after = _AFTERWORD.match(folded, end)
        at = after.end() if after else end
    kept.append(composed[at:])
    refused = tuple(composed[begin:end].strip() for _, begin, end in found)
    return Split(_tidy(kept), refused)


class _Cues:
    """The phrases of one language, compiled."""

    def __init__(self, table: Mapping[str, str], names: Mapping[str, str]) -> None:
        others = {**names, **table}
        self._patterns = {kind: build_pattern(table[kind], others) for kind in _PHRASE_KINDS}

    def spans(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """Refusals as (where what dangles before begins, where the refusal begins, its end)."""
        at = 0
        for begin, cue_end in sorted(self._begins(folded)):
            if begin < at:
                continue
            begin = _word_begin(folded, begin)
            end = self._end(folded, cue_end)
            # "… places, where people drink": what the comma cuts off belongs to it, unless too long.
            longer = _RELATIVE.match(folded, end)
            if longer and len(folded[begin : longer.end()].split()) <= _FEW_WORDS:
                end = self._end(folded, longer.end(1))
            if len(folded[begin:end].split()) > _FEW_WORDS:
                joined = [one.start() for one in _AND.finditer(folded, cue_end + 1, end)]
                end = joined[0] if joined else end
            if len(folded[begin:end].split()) > _FEW_WORDS:
                continue
            at = end
            yield self._dangles_from(folded, begin), begin, end

    def _begins(self, folded: str) -> Iterator[tuple[int, int]]:
        for one in self._find("anywhere", folded):
            if self._refuses(folded, one.end(), "leave_anywhere"):
                yield _past_pronoun(one), one.end()
        for one in self._find("at_start", folded):
            if self._starts(folded, one.start()):
                yield one.span()
        for one in self._find("opening", folded):
            if self._turned(folded, one.start()) and self._is_choice(folded, one):
                yield one.span()
        for one in self._find("after_wish", folded):
            if self._wished(folded, one.start()) and self._is_short_wish(folded, one):
                yield one.span()
        for one in self._find("of_things", folded):
            told = folded[one.end() : self._end(folded, one.end())]
            near = " ".join(told.split()[:_NEAR_WORDS])
            if any(self._find("things", near)) and self._may_open(folded, one, told):
                yield _past_pronoun(one), one.end()
        for one in self._find("whole", folded):
            begin = self._topic_begin(folded, one.start())
            if self._is_topic(folded[begin : one.start()]):
                yield begin, one.end()
        for one in self._find("of_things_after", folded):
            begin = self._topic_begin(folded, one.start())
            topic = folded[begin : one.start()]
            if self._is_topic(topic) and any(self._find("things", topic)):
                yield begin, one.end()
        for one in self._find("verdicts", folded):
            yield from self._judged(folded, one)

    def _find(self, kind: str, text: str) -> Iterator[re.Match[str]]:
        pattern = self._patterns[kind]
        return pattern.finditer(text) if pattern is not None else iter(())

    def _refuses(self, folded: str, end: int, leave: str) -> bool:
        """Whether something follows that can be refused."""
        following = folded[end : self._end(folded, end)].strip(" ,")
        left, alone = self._patterns[leave], self._patterns["alone"]
        spared = left is not None and left.match(following)
        return bool(following) and not spared and not (alone and alone.fullmatch(following))

    def _turned(self, folded: str, begin: int) -> bool:
        """Whether words stand before that a refusal may follow: "but", "just"."""
        words = folded[_clause_begin(folded, begin) : begin].split()
        tails = (" ".join(words[place:]) for place in range(max(0, len(words) - 5), len(words)))
        turns = self._patterns["turns"]
        # "But no car" is a fact; what is refused so is found among the things.
        if words and (words[-1], folded[begin:].split()[0]) in _FACTS:
            return False
        return turns is not None and any(turns.fullmatch(tail) for tail in tails)

    def _is_choice(self, folded: str, cue: re.Match[str]) -> bool:
        """Whether a refusal after "but" chooses: it follows a wish, or is of a thing."""
        told = folded[cue.end() : self._end(folded, cue.end())]
        chosen = self._wish_before(folded, cue.start()) or any(self._find("things", told))
        lost = cue[0] in _NONE and any(self._find("lost", told))
        return chosen and not lost and self._refuses(folded, cue.end(), "leave_opening")

    def _wished(self, folded: str, begin: int) -> bool:
        """Whether a clause begins here, and a wish stands before it in the same sentence."""
        if _clause_begin(folded, begin) != begin:
            return False
        return self._wish_before(folded, begin)

    def _wish_before(self, folded: str, begin: int) -> bool:
        ends = [one.end() for one in _SENTENCE_END.finditer(folded, 0, begin)]
        return any(self._find("wishes", folded[ends[-1] if ends else 0 : begin]))

    def _is_short_wish(self, folded: str, cue: re.Match[str]) -> bool:
        """Whether a clause that begins with a negation names a thing and tells no fact."""
        # What follows the first word, "not", is what may be a fact.
        first = cue.start() + len(cue[0].split()[0])
        end = self._end(folded, first)
        few = len(folded[first:end].split()) <= _SHORT or _POLITE.match(folded, end)
        told = any(self._find("facts", folded[first:end]))
        return bool(few) and not told and self._refuses(folded, first, "leave_opening")

    def _starts(self, folded: str, begin: int) -> bool:
        words = folded[_clause_begin(folded, begin) : begin].split()
        return not words or words[-1] in _JOINS or self._turned(folded, begin)

    def _topic_begin(self, folded: str, place: int) -> int:
        """Where what a clause is about begins: after a "but", or an "and" that a wish precedes."""
        begin = _clause_begin(folded, place)
        for one in _TURN.finditer(folded, begin, place):
            wished = one["and"] is None or any(self._find("wishes", folded[begin : one.start()]))
            if wished and self._is_topic(folded[one.end() : place]):
                begin = one.end()
        return begin

    def _is_topic(self, topic: str) -> bool:
        words = topic.split()
        return (
            bool(words) and words[0].strip(_QUOTES) not in _LOOKS_BACK and len(words) <= _FEW_WORDS
        )

    def _judged(self, folded: str, cue: re.Match[str]) -> Iterator[tuple[int, int]]:
        """The short clause before a clause that only says no: "Yoga? No thanks"."""
        mark = _JUDGED.search(folded, 0, cue.start())
        if mark is None or not _CLAUSE_OVER.match(folded, cue.end()):
            return
        begin = _clause_begin(folded, mark.start())
        topic = folded[begin : mark.start()]
        sure = mark["mark"] == "?" or any(self._find("things", topic))
        if (
            0 < len(topic.split()) <= _JUDGED_WORDS
            and sure
            and not any(self._find("wishes", topic))
        ):
            yield begin, cue.end()

    def _may_open(self, folded: str, cue: re.Match[str], told: str) -> bool:
        """Bare "no" and "not" refuse a thing only at the start of a clause, and tell no loss."""
        polite = _POLITE.match(folded, cue.end() + len(told)) is not None
        if any(self._find("lost", told)) and not polite:
            return False
        words = cue[0].split()
        if len(words) > 1 and words[0] in _ABOUT:
            return True
        if len(words) > 1 and words[0] not in _BARE:
            spared = self._patterns["leave_anywhere"]
            return not (spared and spared.match(told.strip()))
        opens = polite or cue[0] in _MIDWAY or self._starts(folded, cue.start())
        return opens and self._refuses(folded, cue.end(), "leave_opening")

    def _end(self, folded: str, begin: int) -> int:
        mark = _MARK.search(folded, begin)
        end = mark.start() if mark else len(folded)
        early = self._patterns["ends"]
        if early is not None and (found := early.search(folded, begin, end)):
            # The phrase may be all that stands there.
            end = found.start()
        return begin + len(folded[begin:end].rstrip(" ,"))

    def _dangles_from(self, folded: str, begin: int) -> int:
        """Where the words begin that would be left hanging before a refusal."""
        start = _clause_begin(folded, begin)
        dangling = self._patterns["dangling"]
        words = [(one.start() + start) for one in re.finditer(r"\S+", folded[start:begin])]
        for place in words:
            tail = folded[place:begin].strip()
            if dangling is not None and all(dangling.fullmatch(one) for one in tail.split()):
                return place
            if dangling is not None and dangling.fullmatch(tail):
                return place
        return begin


_COMMA_WITHIN = re.compile(
    r"\b(typen|vil|noget|steder|et sted|lyst til|alt|står af|siger fra),(?= (?:der|som|hvor|er|man|når) )"
)
"""Danish commas before a clause that belongs to the word before it."""
_QUOTES = "\"'«»“”"
_AND = re.compile(r" (?:and|og) ")
_RELATIVE = re.compile(r" *, *((?:hvor|der|som|where|who|that) +)[^.!?;:,\n\r()–—•…]*")
_TURN = re.compile(r" (?:but|men|though|although|because|fordi|så|so|(?P<and>and|og)) +")
_JUDGED = re.compile(r"(?P<mark>[?:,!–—…]) *$|(?P<dash> {2,})$")
_JUDGED_WORDS = 5
_CLAUSE_OVER = re.compile(r" *(?:[.!?,;:\n\r()–—…]|$| (?:but|men|og|and) )")
_JOINS = frozenset({"but", "men"})
_FACTS = frozenset(
    {("but", "no"), ("though", "no"), ("although", "no"), ("so", "no"), ("so", "not")}
    | {("so", "without")}
    | {("men", "ingen"), ("så", "ikke"), ("så", "ingen"), ("så", "uden"), ("og", "uden")}
)
_LOOKS_BACK = frozenset("og det den at for som der så and that it this which who so".split())
"""A clause that begins so says nothing of its own that could be refused."""
_PRONOUN = re.compile(
    r"(?:(?:that|which|who|der|som|hvor der|(?:as|so) long as (?:it|there|they)"
    r"|(?:så længe|bare|hvis bare) (?:det|der)) +)?"
)
_POLITE = re.compile(r" *,? *(?:please|thanks|thank you|though|tak|venligst)\b")
_AFTERWORD = re.compile(
    r" *,? *(?:though|please|thanks|thank you|either|tak|venligst|however)\b(?= *[.,;!?]|$)"
)
_ABOUT = frozenset("that which who where der som hvor as if".split())
_BARE = frozenset("no not ikke".split())
_NONE = frozenset({"no", "ingen", "intet"})
_MIDWAY = frozenset({"without", "uden", "foruden", "nobody"})


def _word_begin(folded: str, place: int) -> int:
    """Where the word begins of which a cue is the end: "'d rather" in "he'd rather"."""
    while folded[place : place + 1] == "'" and place > 0 and folded[place - 1].isalpha():
        while place > 0 and folded[place - 1].isalpha():
            place -= 1
    return place


def _past_pronoun(cue: re.Match[str]) -> int:
    """Where a cue begins without what only ties it to the words before: "that isn't"."""
    pronoun = _PRONOUN.match(cue[0])
    return cue.start() + (len(pronoun[0]) if pronoun else 0)


def _clause_begin(folded: str, place: int) -> int:
    ends = [one.end() for one in _MARK.finditer(folded, 0, place)]
    begin = ends[-1] if ends else 0
    return begin + len(folded[begin:place]) - len(folded[begin:place].lstrip())


def _tidy(pieces: list[str]) -> str:
    """The pieces that are kept as one text, without marks that are left over."""
    joined = ""
    for piece in pieces:
        part = piece.strip() if joined else piece.rstrip()
        if not joined:
            joined = part
        elif part[:1] in ".!?;,:)":
            joined = joined.rstrip(",;:– ")
            joined += part.lstrip(",;:. ") if joined.endswith((".", "!", "?")) else part
        else:
            joined = f"{joined} {part}"
    joined = re.sub(r"\s+([.,;!?])", r"\1", joined)
    joined = re.sub(r"([.!?])[.,;]+", r"\1", joined)
    joined = re.sub(r"[,;:–]+\s*([.!?])", r"\1", joined)
    return re.sub(r" {2,}", " ", joined).lstrip(" ,;:–.!?").rstrip(" ,;:–")


@cache
def _cues_of(language: str | None) -> tuple[_Cues, ...]:
    codes: tuple[str, ...] = _BOTH
    if language in _AS_DANISH:
        codes = ("da",)
    elif language == "en":
        codes = ("en",)
    tables = _read("refusals")
    return tuple(_Cues(tables[code], _names(code)) for code in codes)


def _names(code: str) -> dict[str, str]:
    """What each trait to be avoided is called: what people avoid, they also refuse."""
    return {
        trait: table["names"]
        for trait, table in _read(f"aversions_{code}").items()
        if "names" in table
    }


def _read(name: str) -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
