"""Lists of phrases, as data files write them, into one regular expression.

A list is phrases between commas, a phrase is words between blanks:

    ``danc*``       any word that begins so (``*kor`` ends so, ``*dans*`` holds it)
    ``a|b``         either word
    ``..``          up to three words of any kind
    ``_``           one word of any kind
    ``#``           a number of 25 or more
    ``?a|b``        either word, or neither
    ``<name>``      all phrases of another list, between commas; beside other words, any of its words;
                    of a list of another kind than what is usual, ``<name.kind>``

Phrases are compared with a text that ``fold`` made, and never reach over a punctuation mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from spmatch.anchors import Needs, Run

NUMBER = r"(?:2[5-9]|[3-9]\d|\d{3,}|\d{1,3}[.,]\d{3})"
ENDING_FROM = 5
"""Letters that a word has at least before an ending may be added to it."""
_ANY = r"[\w']*"
_NAMED = re.compile(r"<(\w+(?:\.\w+)?)>")
_SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "-": " ", "‑": " ", "\t": " "})


def compose(text: str) -> str:
    """The text with letters and their accents as one character each, which ``fold`` relies on."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """A composed text in small letters, hyphens as blanks: of the same length, place by place."""
    # Some capitals become two small letters; those stay, so that places are the same.
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    return lowered.translate(_SAME)


def build_pattern(
    lists: str, others: Mapping[str, str] | None = None, endings: str = ""
) -> re.Pattern[str] | None:
    """The phrases of a list as one expression, longest first; ``None`` for an empty list.

    ``endings`` is an expression for what the last word of a phrase may end in besides.

    Raises ``ValueError`` for a list named that cannot be read, is not among ``others``, or names itself.
    """
    phrases = list(_phrases(lists, others or {}, ()))
    if not phrases:
        return None
    ending = f"(?:(?<=\\w{{{ENDING_FROM}}})(?:{endings}))?" if endings else ""
    # A phrase may begin in the middle of a word at an apostrophe: "'d rather".
    return re.compile(rf"(?<!')(?<!\w(?!'))(?:{_grouped(phrases)}){ending}(?!\w)")


def anchors_of(
    lists: str, others: Mapping[str, str] | None = None, endings: str = ""
) -> Iterator[Needs]:
    """What each phrase of a list needs to be in a text; words that may be any word need nothing.

    Arguments and errors are those of ``build_pattern``.
    """
    for phrase in _phrases(lists, others or {}, ()):
        words = phrase.split()
        runs = [_runs(word, ended=word is not words[-1] or not endings) for word in words]
        yield tuple(filter(None, runs))


def _runs(word: str, *, ended: bool) -> frozenset[Run]:
    """One run for each choice of a word of a phrase; none where any word may stand."""
    if word.startswith("?") or word in ("..", "_", "#"):
        return frozenset()
    runs = set()
    for choice in word.split("|"):
        pieces = fold(choice).split("*")
        longest = max(range(len(pieces)), key=lambda at: len(pieces[at]))
        last = longest == len(pieces) - 1
        runs.add(Run(pieces[longest], begins=longest == 0, ends=last and ended))
    return frozenset() if any(not run.letters for run in runs) else frozenset(runs)


def _grouped(phrases: list[str]) -> str:
    """One choice of all phrases, longest first, those with the same first letters together.

    Together, because an expression tries its choices one by one at each word of a text.
    """
    groups: dict[str, list[str]] = {}
    for source in map(_source, sorted(_spread(phrases), key=len, reverse=True)):
        literal = re.match(r"\w{2}(?![*+?{|])", source)
        groups.setdefault(literal[0] if literal else "", []).append(source)
    endings = [one.removeprefix(_ANY) for one in groups.get("", []) if one.startswith(_ANY)]
    choices = [one for one in groups.pop("", []) if not one.startswith(_ANY)]
    if endings:
        choices.append(f"{_ANY}(?:{'|'.join(endings)})")
    firsts: dict[str, list[str]] = {}
    for letters, sources in groups.items():
        rest = "|".join(one[2:] for one in sources)
        firsts.setdefault(letters[0], []).append(f"{letters[1]}(?:{rest})")
    choices += [f"{first}(?:{'|'.join(inner)})" for first, inner in firsts.items()]
    return "|".join(choices)


def _spread(phrases: list[str]) -> set[str]:
    """The phrases with each choice of their first words written out."""
    spread = set()
    for phrase in phrases:
        first, _, rest = phrase.partition(" ")
        spread |= {f"{one} {rest}".strip() for one in first.split("|")}
    return spread


def _phrases(lists: str, others: Mapping[str, str], inside: tuple[str, ...]) -> dict[str, None]:
    found: dict[str, None] = {}
    for phrase in (" ".join(one.split()) for one in lists.split(",")):
        if alone := _NAMED.fullmatch(phrase):
            name = alone[1]
            if name in inside or name not in others:
                raise ValueError(f"no list of phrases is called {name!r} here, or it names itself")
            found.update(_phrases(others[name], others, (*inside, name)))
        elif phrase:
            named = _NAMED.sub(lambda one: _words(one[1], others), phrase)
            if "<" in named:
                raise ValueError(f"no list of phrases can be read in {phrase!r}")
            found[named] = None
    return found


def _words(name: str, others: Mapping[str, str]) -> str:
    """The words of another list as a choice."""
    if name not in others:
        raise ValueError(f"no list of words is called {name!r} here")
    return "|".join(others[name].replace(",", " ").split())


def _source(phrase: str) -> str:
    parts = []
    words = phrase.split()
    for place, word in enumerate(words):
        if word.startswith("?"):
            parts.append(f"(?:(?:{_choice(word[1:])}) +)?")
            continue
        if word == "..":
            parts.append(r"(?:[\w'&]+ +){0,3}?")
            continue
        if word == "_":
            source = r"[\w'&]+"
        elif word == "#":
            source = NUMBER
        else:
            source = _choice(word)
            source = f"(?:{source})" if "|" in source else source
        parts.append(source + (" +" if place < len(words) - 1 else ""))
    return "".join(parts)


def _choice(word: str) -> str:
    return "|".join(re.escape(fold(one)).replace(r"\*", _ANY) for one in word.split("|"))
