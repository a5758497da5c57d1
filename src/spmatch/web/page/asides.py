"""What can be asked beside the list: why an offer is not on it, and two offers side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spmatch.activity import Activity
from spmatch.suggestion import WhyNot
from spmatch.web.page import phrasing
from spmatch.web.page.bars import Bars, bars_of, longest
from spmatch.web.page.cards import CardView, LimitLine, limit_line
from spmatch.web.words import PageWords
from spmatch.wording import Wording


@dataclass(frozen=True, slots=True)
class Found:
    """One of several offers that somebody may have meant."""

    id: str
    title: str
    text_language: str | None
    where: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why one offer is, or is not, among the suggestions."""

    title: str
    text_language: str | None
    provider: str
    suits: bool
    verdict: str
    reasons: tuple[str, ...]
    limits: tuple[LimitLine, ...]
    bars: Bars


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """One answer, several offers to choose from, or neither where none has that title."""

    view: WhyView | None = None
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One fact of both offers."""

    label: str
    cells: tuple[tuple[str, ...], ...]
    same: bool


@dataclass(frozen=True, slots=True)
class CompareView:
    """Two offers side by side."""

    cards: tuple[CardView, ...]
    rows: tuple[CompareRow, ...]


def found(activities: Sequence[Activity], words: Wording) -> tuple[Found, ...]:
    """Offers to choose from, told apart by who holds them and where."""
    return tuple(
        Found(
            one.id,
            one.title,
            one.text_language,
            ", ".join(
                filter(
                    None, [one.provider.name if one.provider else "", phrasing.where(one, words)]
                )
            ),
        )
        for one in activities
    )


def why_view(why: WhyNot, words: Wording, page: PageWords) -> WhyView:
    provider = why.activity.provider
    if why.rank is None:
        verdict = page.say("why.not")
    else:
        verdict = page.say("why.first" if why.rank <= 5 else "why.rank", rank=why.rank)
    return WhyView(
        title=why.activity.title,
        text_language=why.activity.text_language,
        provider=provider.name if provider and provider.name else page.say("card.no_provider"),
        suits=why.suits,
        verdict=verdict,
        reasons=tuple(reason[:1].upper() + reason[1:] for reason in why.reasons),
        limits=tuple(limit_line(one, words, page) for one in why.verdicts),
        bars=bars_of(why.contributions, why.score, longest([why.contributions]), words),
    )


def compare_view(
    cards: Sequence[CardView], activities: Sequence[Activity], words: Wording, page: PageWords
) -> CompareView:
    """The facts of two cards, row by row; rows that say nothing of either are left out."""
    pairs = list(zip(cards, activities, strict=True))
    labels = dict.fromkeys(fact.label for card in cards for fact in card.facts)
    rows = [_row(page.say("compare.fit"), [(card.fit_said,) for card in cards])]
    rows += [
        _row(label, [next((f.lines for f in card.facts if f.label == label), ()) for card in cards])
        for label in labels
    ]
    plain: tuple[tuple[str, Callable[[Activity], str]], ...] = (
        (
            "compare.delivery",
            lambda one: words.term("delivery", one.delivery) if one.delivery else "",
        ),
        (
            "compare.intensity",
            lambda one: words.term("intensity", one.intensity) if one.intensity else "",
        ),
        (
            "compare.referral",
            lambda one: words.term("referral", one.referral) if one.referral else "",
        ),
        (
            "compare.languages",
            lambda one: phrasing.listed(
                [words.term("language", name) for name in one.languages], page
            ),
        ),
    )
    not_stated = page.say("fact.not_stated")
    for key, fact in plain:
        said = [fact(activity) for _, activity in pairs]
        if any(said):
            rows.append(_row(page.say(key), [(one or not_stated,) for one in said]))
    for asked in dict.fromkeys(fact.label for card in cards for fact in card.asked):
        cells = [tuple(f.said for f in card.asked if f.label == asked) for card in cards]
        rows.append(_row(asked[:1].upper() + asked[1:], cells))
    rows.append(_row(page.say("card.cautions"), [card.cautions for card in cards]))
    rows.append(_row(page.say("card.ask"), [card.ask for card in cards]))
    rows.append(_row(page.say("compare.checked"), [(card.checked,) for card in cards]))
    return CompareView(
        tuple(cards), tuple(row for row in rows if any(any(cell) for cell in row.cells))
    )


def _row(label: str, cells: Sequence[tuple[str, ...]]) -> CompareRow:
    return CompareRow(label, tuple(cells), same=len(set(cells)) == 1)
