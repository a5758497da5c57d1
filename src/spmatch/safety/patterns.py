"""The small language that safety rules are written in, and its way to ``re``.

A pattern is words with blanks between them, read without regard to capitals, marks and accents:

====================  ============================================================
``word``              the word itself
``word*``, ``*word``  the word with any ending, with any beginning
``one|two|three``     one of these words
``(a b | c d e)``     one of these phrases
``[a b | c]``         the same, or nothing
``<list>``            one entry of a word list of the same file
``..``, ``...``       up to three, up to eight words in between, no negation among them
``!word``, ``!(a b)`` not followed by this
``a & b``             both in one sentence, in any order
``a + b``             the second at most two sentences away from the first
``a & b + c``         both
====================  ============================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from spmatch.anchors import Needs, Run

GAPS = {"..": 3, "...": 8}
NEIGHBOURS = 2
"""How many sentences away the second part of ``a + b`` may be."""

_FOLD = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "’": "'", "‘": "'", "´": "'"}
)
_MARKS = dict.fromkeys(range(0x300, 0x370))
_INNER_QUOTE = re.compile(r"(?<=\w)'(?=\w)")
_TOKEN = re.compile(r"<\w+>|[()\[\]!|]|\.{2,3}|[^\s()\[\]<>!|]+")
_STAR = "[^ ]*"


class PatternError(ValueError):
    """A pattern cannot be read. Says what is wrong with it."""


def fold(text: str) -> str:
    """Lower case; æ, ø, å as ae, oe, aa; other accents off; apostrophes inside words left out."""
    folded = text.lower()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).translate(_FOLD)
        folded = unicodedata.normalize("NFKD", folded).translate(_MARKS)
    return _INNER_QUOTE.sub("", folded)


class Expression:
    """A regular expression that is compiled when it is first searched for.

    Of thousands of patterns a text needs few: compiling all of them would take seconds.
    """

    __slots__ = ("_compiled", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._compiled: re.Pattern[str] | None = None

    def _ready(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled

    def search(self, text: str) -> re.Match[str] | None:
        return self._ready().search(text)

    def sub(self, put: Callable[[re.Match[str]], str], text: str) -> str:
        return self._ready().sub(put, text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._ready().finditer(text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern over text in which every word is followed by one blank."""

    first: Expression
    needs: Needs
    """What a sentence needs to hold for ``first`` and ``beside`` to match."""
    beside: Expression | None = None
    """A second part in the same sentence."""
    nearby: Expression | None = None
    """A second part in this sentence or a near one."""


@dataclass(frozen=True, slots=True)
class PatternReader:
    """Compiles patterns with the word lists and negations of one rule file."""

    lists: Mapping[str, str]
    negations: frozenset[str]
    words: set[str] = field(default_factory=set)
    """Every word read so far, without those that have a star."""
    _read: dict[str, tuple[str, Needs]] = field(default_factory=dict)

    def read(self, text: str) -> Pattern:
        """Compile a pattern. Raises ``PatternError``."""
        main, _, near = text.partition(" + ")
        first, _, beside = main.partition(" & ")
        regex, needs = self._compiled(first)
        also, needs_also = self._compiled(beside) if beside else (None, ())
        return Pattern(
            regex, (*needs, *needs_also), also, self._compiled(near)[0] if near else None
        )

    def source(self, text: str) -> str:
        """The regular expression of a pattern without ``&`` and ``+``."""
        return self._sequence(_Tokens(text), closing="")[0]

    def _compiled(self, text: str) -> tuple[Expression, Needs]:
        source, needs = self._sequence(_Tokens(text), closing="")
        if not needs:
            raise PatternError(f"{text!r} holds no word that it always needs")
        return Expression(f"(?<![^ ]){source}"), needs

    def _sequence(self, tokens: _Tokens, closing: str) -> tuple[str, Needs]:
        """Phrases up to ``closing`` as one expression, and what it needs."""
        phrases: list[str] = []
        needed: list[Needs] = []
        parts: list[str] = []
        needs: Needs = ()
        while (piece := tokens.take()) != closing:
            if piece == "|":
                phrases.append("".join(parts))
                needed.append(needs)
                parts, needs = [], ()
                continue
            source, more = self._item(piece, tokens)
            parts.append(source)
            needs += more
        if not phrases:
            return "".join(parts), needs
        phrases.append("".join(parts))
        needed.append(needs)
        # Of each phrase what is likely to be rare: any of them may be the one.
        together = frozenset().union(*(max(one, key=_weight) for one in needed if one))
        return f"(?:{'|'.join(phrases)})", (together,) if all(needed) else ()

    def _item(self, piece: str, tokens: _Tokens) -> tuple[str, Needs]:
        nothing: Needs = ()
        if piece == "(":
            return self._sequence(tokens, ")")
        if piece == "[":
            return f"(?:{self._sequence(tokens, ']')[0]})?", nothing
        if piece == "!":
            return f"(?!{self._item(tokens.take(), tokens)[0]})", nothing
        if piece in GAPS:
            barred = "|".join(sorted(map(re.escape, self.negations)))
            return f"(?:(?!(?:{barred}) )[^ ]+ ){{0,{GAPS[piece]}}}?", nothing
        if piece.startswith("<"):
            return self._list(piece[1:-1])
        if piece in ("", ")", "]"):
            raise PatternError("a bracket is not closed, or closed twice")
        word = fold(piece)
        if not re.fullmatch(r"\*?\w+\*?", word):
            raise PatternError(f"{piece!r} is not a word")
        if "*" not in word:
            self.words.add(word)
        run = Run(word.strip("*"), begins=word[0] != "*", ends=word[-1] != "*")
        return f"{word.replace('*', _STAR)} ", (frozenset([run]),)

    def _list(self, name: str) -> tuple[str, Needs]:
        if name not in self._read:
            if name not in self.lists:
                raise PatternError(f"there is no word list {name!r}")
            entries = " | ".join(filter(None, map(str.strip, self.lists[name].split(","))))
            self._read[name] = self._sequence(_Tokens(entries), closing="")
        return self._read[name]


class _Tokens:
    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(" ".join(_bracketed(text)))
        self._next = 0

    def take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1] if self._next <= len(self._tokens) else ""


def _bracketed(text: str) -> Iterator[str]:
    """The pieces of a pattern; words joined by strokes outside brackets get brackets."""
    depth = 0
    for piece in text.split():
        strokes = depth == 0 and re.fullmatch(r"[^()\[\]!|]+(\|[^()\[\]!|]+)+", piece)
        yield f"({piece})" if strokes else piece
        depth += sum(piece.count(sign) for sign in "([") - sum(piece.count(sign) for sign in ")]")


def _weight(runs: frozenset[Run]) -> float:
    """How rare these words are likely to be: long words are, and few of them."""
    return min(len(run.letters) for run in runs) - 0.02 * len(runs)
