"""A weekly plan for one request, from what was scored for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spmatch.activity import Activity
from spmatch.config import LimitSettings
from spmatch.plan import build_candidates, facets_of_texts, facets_of_themes, propose_plan
from spmatch.plan_record import Plan
from spmatch.plan_settings import PlanSettings
from spmatch.profile import Budget
from spmatch.query import Query
from spmatch.ranking import total
from spmatch.scoring import Scored
from spmatch.themes import SAID_FROM, ThemeIndex
from spmatch.wording import Wording

CONSIDERED = 200
"""Of how many of the best suggestions free time and price are looked at for a plan."""


def plan_week(
    query: Query,
    suitable: Scored,
    activities: Sequence[Activity],
    themes: ThemeIndex | None,
    *,
    budget: Budget | None,
    settings: PlanSettings,
    limits: LimitSettings,
    needs_share: float,
    words: Wording,
) -> Plan:
    """The best week among ``suitable`` activities, in the reader's language.

    It answers the themes that were written about; where none was recognised, or the encoder has no
    themes, the texts of the profile as such. ``budget`` takes the place of that of the profile.
    """
    scores = total(suitable.parts) if suitable.parts else np.zeros(len(suitable.rows))
    best = np.sort(np.lexsort((suitable.rows, -scores))[:CONSIDERED])
    rows = suitable.rows[best]
    facets, covers = facets_of_texts(
        {text: fit[best] for text, fit in suitable.fits.items()}, needs_share, words
    )
    if themes is not None and query.wants is not None:
        about = np.where(query.wants.themes >= SAID_FROM, query.wants.themes, 0.0)
        if about.any():
            codes = [theme.code for theme in themes.model.themes]
            facets, covers = facets_of_themes(codes, about, themes.covered(query.wants, rows))
    if not facets:
        covers = np.zeros((len(rows), 0))
    profile = query.profile
    return propose_plan(
        build_candidates(rows, scores[best], covers, activities, query.prices),
        facets,
        free=profile.must.available or profile.prefer.available,
        budget=budget or profile.plan_budget,
        today=query.person.today,
        settings=settings,
        limits=limits,
        words=words,
    )
