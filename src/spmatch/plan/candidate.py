"""What a plan chooses from: activities, with how well each answers each thing that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import Floats
from spmatch.contracts import Rows
from spmatch.judging import Prices
from spmatch.messages import Message, Money
from spmatch.wording import Wording


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that a person asks for: a theme's code, or words of its own, and how much it counts."""

    name: str = field(repr=False)
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An activity that suits a person, with what a plan needs to know of it."""

    activity: Activity
    row: int
    score: float
    covers: Floats = field(repr=False)
    """(facets,): how well it answers each, 0 to 1."""
    price: Money | None
    """What the person certainly pays, as stated; ``None`` when it is not stated."""


def build_candidates(
    rows: Rows,
    scores: Floats,
    covers: Floats,
    activities: Sequence[Activity],
    prices: Prices,
) -> list[Candidate]:
    """Candidates of rows of a catalogue; ``scores`` (rows,) and ``covers`` (rows, facets) are theirs."""
    return [
        Candidate(
            activity=activities[row],
            row=int(row),
            score=float(score),
            covers=cover,
            price=prices.of(int(row))[0],
        )
        for row, score, cover in zip(rows, scores, covers, strict=True)
    ]


def facets_of_themes(
    codes: Sequence[str], wanted: Floats, covered: Floats
) -> tuple[list[Facet], Floats]:
    """The themes that were written about, with how well each row answers them (rows, facets).

    ``wanted`` (themes,) is how surely each was written about; ``covered`` (rows, themes) counts that
    in, 0 for a theme that does not count. A theme that nothing at all answers is a facet too.
    """
    asked = np.flatnonzero(wanted > 0)
    facets = [Facet(codes[i], float(wanted[i])) for i in asked.tolist()]
    return facets, np.clip(covered[:, asked] / wanted[asked], 0.0, 1.0)


def facets_of_texts(
    fits: Mapping[str, Floats], needs_share: float, words: Wording
) -> tuple[list[Facet], Floats]:
    """The texts of a profile as facets, for an encoder without themes: fits (rows,) by text."""
    if not fits:
        return [], np.zeros((0, 0))
    shares = {"needs": needs_share, "interests": 1 - needs_share}
    facets = [Facet(words.say(Message(f"plan.text_{text}")), shares[text]) for text in fits]
    return facets, np.stack(list(fits.values()), axis=1)
