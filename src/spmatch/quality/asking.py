"""Which questions to providers would settle most: what is open, asked as the engine asks it.

A pair of a reference limit and an activity is *open* when the engine's verdict is unknown. One answer
about an activity settles every open pair of the fact that is asked for; each pair counts by the
weight of its limit. The same pairs, put together by provider, say what one conversation settles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from spmatch.columns import Flags
from spmatch.constraints import UNKNOWN, Judgement
from spmatch.messages import Message
from spmatch.quality.providers import Providers
from spmatch.quality.records import Call, Part, Provider, ProviderAsked, Question
from spmatch.quality.references import Reference
from spmatch.quality.usage import title_of
from spmatch.wording import wording

QUESTIONS = 10
CALLS = 10
PROVIDERS_A_QUESTION = 3
QUESTIONS_A_CALL = 3

_TITLES = {
    "distance.place": "Where it meets",
    "distance.exact_place": "Exactly where it meets",
    "distance.home_visit": "Whether they come to the person's home",
    "available": "When it meets",
    "cost": "What it costs",
    "age": "Which ages are welcome",
    "gender": "Which genders are welcome",
    "language": "Which languages are spoken",
    "capacity": "Whether there is room for more people",
    "intensity_max": "How strenuous it is",
    "referral": "Whether a referral is needed",
}

Counts = npt.NDArray[np.int64]
Worths = npt.NDArray[np.float64]


@dataclass(slots=True)
class Open:
    """What one question leaves open, by row: how many pairs, and what they are worth."""

    key: str
    title: str
    message: Message
    pairs: Counts
    worth: Worths
    limits: list[str] = field(default_factory=list)


def open_questions(
    judged: Sequence[tuple[Reference, Judgement]], weights: Mapping[str, float], rows: int
) -> list[Open]:
    """Every question that at least one row leaves open, in the order of the reference limits.

    ``weights`` are by the key of the reference.
    """
    found: dict[str, Open] = {}
    for reference, judgement in judged:
        unknown = np.flatnonzero(judgement.codes == UNKNOWN)
        for key, message, asked in _asked(reference, judgement, unknown):
            if key not in found:
                title = _TITLES.get(key) or title_of(reference.field)
                pairs, worth = np.zeros(rows, dtype=np.int64), np.zeros(rows)
                found[key] = Open(key, title, message, pairs, worth)
            one = found[key]
            one.pairs[asked] += 1
            one.worth[asked] += weights[reference.key]
            one.limits.append(reference.key)
    return list(found.values())


def best_questions(found: Sequence[Open], providers: Providers) -> tuple[Question, ...]:
    """The ten questions whose answers are worth most; those that are worth nothing are left out."""
    total = float(sum(one.worth.sum() for one in found))
    ranked = sorted(found, key=lambda one: (-_rounded(one.worth.sum()), -int(one.pairs.sum())))
    reached = providers.number >= 0
    questions = []
    for one in ranked[:QUESTIONS]:
        worth = float(one.worth.sum())
        if worth <= 0:
            break
        is_open: Flags = np.asarray(one.pairs > 0)
        count = int(is_open.sum())
        questions.append(
            Question(
                key=one.key,
                title=one.title,
                english=wording("en").say(one.message),
                danish=wording("da").say(one.message),
                limits=tuple(one.limits),
                activities=Part.make(count, len(is_open)),
                decisions=int(one.pairs.sum()),
                worth=worth,
                share=worth / total,
                reachable=Part.make(int((is_open & reached).sum()), count),
                providers=_most_asked(is_open & reached, providers),
            )
        )
    return tuple(questions)


def best_calls(found: Sequence[Open], providers: Providers) -> tuple[Call, ...]:
    """The ten providers with a contact whose answers to every question are worth most together."""
    many = len(providers.known)
    if not many or not found:
        return ()
    reached = providers.number >= 0
    number = providers.number[reached]
    worth = np.array([np.bincount(number, one.worth[reached], many) for one in found])
    pairs = sum(np.bincount(number, one.pairs[reached], many) for one in found)
    is_open = np.any([one.pairs > 0 for one in found], axis=0)
    held = np.bincount(number, minlength=many)
    leave_open = np.bincount(number, is_open[reached], many)
    total = float(sum(one.worth.sum() for one in found))
    calls = []
    order = sorted(
        range(many), key=lambda i: (-_rounded(worth[:, i].sum()), _alphabet(providers.known[i]))
    )
    for i in order[:CALLS]:
        value = float(worth[:, i].sum())
        if value <= 0:
            break
        best = sorted(range(len(found)), key=lambda q: -_rounded(worth[q, i]))[:QUESTIONS_A_CALL]
        calls.append(
            Call(
                **providers.known[i].model_dump(),
                activities=int(held[i]),
                open=int(leave_open[i]),
                decisions=int(np.asarray(pairs)[i]),
                worth=value,
                share=value / total,
                questions=tuple(found[q].title for q in best if worth[q, i] > 0),
            )
        )
    return tuple(calls)


def _asked(
    reference: Reference, judgement: Judgement, unknown: npt.NDArray[np.intp]
) -> list[tuple[str, Message, npt.NDArray[np.intp]]]:
    """What is to be asked of which rows: (key, message, rows)."""
    if not len(unknown):
        return []
    if not reference.asks_by_row:
        (message,) = judgement.ask(int(unknown[0]))
        return [(reference.field, message, unknown)]
    by_message: dict[str, tuple[Message, list[int]]] = {}
    for row in unknown:
        (message,) = judgement.ask(int(row))
        by_message.setdefault(message.key, (message, []))[1].append(int(row))
    return [
        (f"{reference.field}.{key.removeprefix('ask.')}", message, np.array(rows, dtype=np.intp))
        for key, (message, rows) in sorted(by_message.items())
    ]


def _most_asked(asked: Flags, providers: Providers) -> tuple[ProviderAsked, ...]:
    many = len(providers.known)
    counts = np.bincount(providers.number[asked], minlength=many)
    order = sorted(
        np.flatnonzero(counts), key=lambda i: (-counts[i], _alphabet(providers.known[i]))
    )
    return tuple(
        ProviderAsked(**providers.known[i].model_dump(), activities=int(counts[i]))
        for i in order[:PROVIDERS_A_QUESTION]
    )


def _rounded(worth: float) -> float:
    """Sums that are equal but for the order of adding must not change the order of the report."""
    return round(float(worth), 9)


def _alphabet(one: Provider) -> tuple[str, str, str]:
    return (one.name or "").casefold(), one.phone or "", one.email or ""
