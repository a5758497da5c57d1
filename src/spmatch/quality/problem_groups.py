"""Problems that say the same of many records, counted together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from spmatch.errors import Problem
from spmatch.quality.records import Effect, EffectCount, ProblemGroup, Problems

FIRST_PLACES = 3

_VALUE = re.compile(
    r"^\S+(?= is used more than once)"  # an id, which may look like any word
    r"|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)"  # what is quoted
    r"|\S*\d\S*?(?=[.,:;!?)]*(?:\s|$))"  # and every word with a digit in it
)
_INDEX = re.compile(r"\.\d+(?=\.|$)|\[\d+\]")


def group_problems(problems: Sequence[Problem]) -> Problems:
    """Problems by effect, field and reason; values in a reason are left out of the comparison.

    A group of one reason shows it as it is; else the values that differ are shown as ``…``.
    """
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for one in problems:
        key = (one.effect, _INDEX.sub("", one.field), _pattern(one.reason), _pattern(one.remedy))
        groups.setdefault(key, []).append(one)
    effects: tuple[Effect, ...] = get_args(Effect)
    made = [
        ProblemGroup(
            effect=found[0].effect,
            field=key[1],
            reason=_common([one.reason for one in found], key[2]),
            remedy=_common([one.remedy for one in found], key[3]),
            count=len(found),
            first=tuple(dict.fromkeys(one.where for one in found))[:FIRST_PLACES],
        )
        for key, found in groups.items()
    ]
    made.sort(key=lambda one: (effects.index(one.effect), -one.count, one.field, one.reason))
    return Problems(
        effects=tuple(
            EffectCount(
                effect=effect,
                problems=sum(one.effect == effect for one in problems),
                places=len({one.where for one in problems if one.effect == effect}),
            )
            for effect in effects
        ),
        groups=tuple(made),
    )


def _pattern(text: str) -> str:
    return _VALUE.sub("…", text)


def _common(texts: Sequence[str], pattern: str) -> str:
    return texts[0] if len(set(texts)) == 1 else pattern
