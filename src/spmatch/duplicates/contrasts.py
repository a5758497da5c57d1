"""Words that tell two activities apart though their texts are alike: beginners, men, Tuesday, spring."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

Answers = Mapping[str, frozenset[str]]
"""The answers that a text gives, by the question."""

_NUMBER = re.compile(r"\d+")
# "Hold II" is not "Hold I"; a single I or V is a word of its own.
_ROMAN = re.compile(r"\b(?:I{2,3}|I?V|VI{1,3}|IX)\b")


def answers_of(text: str) -> Answers:
    """What a text answers to each question of ``contrasts.toml``; questions it leaves open are absent."""
    pattern, meaning = _table()
    found: dict[str, set[str]] = defaultdict(set)
    for word in pattern.findall(text.casefold()):
        question, answer = meaning[word]
        found[question].add(answer)
    return {question: frozenset(answers) for question, answers in found.items()}


def answers_of_title(title: str) -> Answers:
    """The same for a title, where numbers tell activities apart too: Hold 1, Hold 2."""
    found = dict(answers_of(title))
    numbers = frozenset(_NUMBER.findall(title)) | frozenset(_ROMAN.findall(title))
    return {**found, "number": numbers} if numbers else found


def differ(one: Answers, other: Answers) -> bool:
    """Whether two texts answer some question with nothing in common."""
    return any(not one[question] & other[question] for question in one.keys() & other.keys())


def same_questions(one: Answers, other: Answers) -> bool:
    """Whether two titles answer the same questions, and in the same way."""
    return dict(one) == dict(other)


@lru_cache(maxsize=1)
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    with (Path(__file__).parent / "contrasts.toml").open("rb") as file:
        questions = tomllib.load(file)
    meaning = {
        word.casefold(): (question, answer)
        for question, answers in questions.items()
        for answer, words in answers.items()
        for word in words
    }
    longest_first = sorted(meaning, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return pattern, meaning
