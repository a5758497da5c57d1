"""Which of many patterns a text may hold, by the words that each of them needs.

Of thousands of patterns a sentence holds a few. Which ones are worth a search is seen from its words:
quickly, and never too few.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

_WORD = re.compile(r"\w+")
_NONE = frozenset[int]()
_HEAD = 4
"""Letters by which runs are found, where they have so many."""


class Run(NamedTuple):
    """Letters that a text must hold: at the begin of a word, at its end, both, or anywhere."""

    letters: str
    begins: bool
    ends: bool


Needs = tuple[frozenset[Run], ...]
"""Of a pattern: sets of runs, of each of which a text that holds the pattern holds one."""

Seen = dict[str, tuple[int, ...]]
"""What was found out of words, for as long as the caller keeps it: a person's no longer than a call."""

Name = TypeVar("Name")


class Anchors(Generic[Name]):
    """Patterns by name; several of them may be of one name. Safe to ask from many threads."""

    def __init__(self, patterns: Iterable[tuple[Name, Needs]]) -> None:
        needed = list(patterns)
        uses = Counter(run for _, needs in needed for runs in needs for run in runs)
        numbers = {run: number for number, run in enumerate(uses)}
        self._always = frozenset(name for name, needs in needed if not needs)
        # A pattern is looked at where the word of it is found that the fewest patterns need.
        self._patterns: dict[int, list[tuple[Name, tuple[frozenset[int], ...]]]] = defaultdict(list)
        for name, needs in needed:
            rarest = sorted(needs, key=lambda runs: sum(uses[run] for run in runs))
            rare, *others = [frozenset(numbers[run] for run in runs) for runs in rarest] or [_NONE]
            for number in rare:
                self._patterns[number].append((name, tuple(others)))
        self._whole: dict[str, int] = {}
        # What is not all of one word is looked for in the whole text.
        self._anywhere: list[tuple[str, int]] = []
        self._begins, self._ends, self._inside = _Table(), _Table(), _Table()
        for run, number in numbers.items():
            if not _WORD.fullmatch(run.letters):
                self._anywhere.append((run.letters, number))
            elif run.begins and run.ends:
                self._whole[run.letters] = number
            elif run.begins:
                self._begins.add(run.letters[:_HEAD], run.letters, number)
            elif run.ends:
                self._ends.add(run.letters[-_HEAD:], run.letters, number)
            else:
                self._inside.add(run.letters[:_HEAD], run.letters, number)

    def may_be_in(self, folded: str, seen: Seen) -> set[Name]:
        """The names of the patterns that a folded text may hold."""
        held = {number for letters, number in self._anywhere if letters in folded}
        for word in _WORD.findall(folded):
            of_word = seen.get(word)
            if of_word is None:
                of_word = seen[word] = self._runs_of(word)
            held.update(of_word)
        found = set(self._always)
        for run in held:
            for name, others in self._patterns.get(run, ()):
                for one in others:
                    if held.isdisjoint(one):
                        break
                else:
                    found.add(name)
        return found

    def _runs_of(self, word: str) -> tuple[int, ...]:
        whole = self._whole.get(word)
        found = [] if whole is None else [whole]
        for length in self._begins.lengths:
            for letters, run in self._begins.under.get(word[:length], ()):
                if word.startswith(letters):
                    found.append(run)
        for length in self._ends.lengths:
            for letters, run in self._ends.under.get(word[-length:], ()):
                if word.endswith(letters):
                    found.append(run)
        for length in self._inside.lengths:
            for at in range(len(word) - length + 1):
                for letters, run in self._inside.under.get(word[at : at + length], ()):
                    if word.startswith(letters, at):
                        found.append(run)
        return tuple(found)


class _Table:
    """Runs by a few letters of theirs, so that most words need no comparison."""

    def __init__(self) -> None:
        self.under: dict[str, list[tuple[str, int]]] = {}
        self.lengths: set[int] = set()

    def add(self, key: str, letters: str, run: int) -> None:
        self.under.setdefault(key, []).append((letters, run))
        self.lengths.add(len(key))
