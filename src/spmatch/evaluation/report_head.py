"""The head of the report: the quoted numbers, and how a reader is to take them."""

from __future__ import annotations

from spmatch.evaluation.markup import Html, element
from spmatch.evaluation.report_parts import number, section
from spmatch.evaluation.results import Results
from spmatch.evaluation.shown_numbers import (
    UNDEFINED,
    decimals,
    info_of,
    shown,
    shown_interval,
    slice_label,
    title_of,
)


def headline(results: Results) -> Html:
    """Every quoted number with the worst slice beside it, in the same size."""
    cards = []
    for one in results.headline:
        info = info_of(results, one.measure)
        places = decimals(info)
        mean = element(
            "div",
            element("p", f"{info.title}, all profiles", class_="what"),
            element("p", number(one.value.mean, shown(one.value.mean, places)), class_="big"),
            element(
                "p", f"{shown_interval(one.value.interval, places)}; {one.value.profiles} profiles"
            ),
        )
        if one.worst is None:
            worst = element("div", element("p", "Worst slice: none is large enough to be shown."))
        else:
            worst = element(
                "div",
                element(
                    "p",
                    f"Worst slice, {slice_label(one.worst.dimension, one.worst.group)}",
                    class_="what",
                ),
                element("p", number(one.worst.mean, shown(one.worst.mean, places)), class_="big"),
                element(
                    "p",
                    f"{shown_interval(one.worst.interval, places)}; {one.worst.profiles} profiles",
                ),
            )
        heading = element("h3", f"{title_of(results, one.system)}: {one.measure}")
        cards.append(
            element("div", heading, element("div", mean, worst, class_="pair"), class_="card")
        )
    return section("headline", "Headline", *cards)


def how_to_read(results: Results) -> Html:
    """A page for readers who did not make the report."""
    made = results.provenance
    lines = [
        "Every number is first computed for each profile and then averaged over profiles. "
        "A profile that a system gave no suggestion counts as 0 wherever 0 is the worst value.",
        f"Numbers in brackets are {made.level:.0%} percentile bootstrap intervals over profiles "
        f"({made.resamples} resamples, seed {made.seed}). They hold the chance in who was asked, "
        "not the chance in who judged.",
        f"A number is over all {results.collection.profiles} profiles unless n says otherwise.",
        f"{UNDEFINED} means undefined: there was no profile to average over. It is not zero.",
        "Relevance is that of meaning alone, graded 0 to 3. Limits such as distance, price and "
        "access are judged apart, by the facts that an activity states.",
        "An activity that nobody judged counts as not relevant. Judged@10 says how often that "
        "happens; a system that did not add to the pool is at a disadvantage there.",
        "The mean hides who is served worst: read the worst slice beside it.",
        "The profiles are synthetic. The numbers compare systems; they are no clinical evidence "
        "and say nothing on whether a person goes, or is helped.",
    ]
    return section(
        "reading", "How to read this", element("ul", *(element("li", one) for one in lines))
    )
