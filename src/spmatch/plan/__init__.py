"""A small week of activities that together answer what a person asks for.

Chosen by exact search among the best candidates: sessions do not clash, each fits the person's free
time, and what all of them cost together keeps a budget.
"""

from spmatch.plan.candidate import (
    Candidate,
    Facet,
    build_candidates,
    facets_of_texts,
    facets_of_themes,
)
from spmatch.plan.proposal import propose_plan

__all__ = [
    "Candidate",
    "Facet",
    "build_candidates",
    "facets_of_texts",
    "facets_of_themes",
    "propose_plan",
]
