"""What a catalogue offers to choose from: currencies, reductions, languages, titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from markupsafe import Markup

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.errors import UnknownActivityError

TITLES_AT_MOST = 1_000
"""A larger catalogue is searched on the server alone: its list of titles would weigh more than the page."""
FOUND_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class CatalogueChoices:
    """The most common first. ``titles`` are the options of a datalist, empty for a large catalogue."""

    currencies: tuple[str, ...]
    concessions: tuple[str, ...]
    languages: tuple[str, ...]
    titles: Markup
    folded: tuple[str, ...]


_KNOWN: WeakKeyDictionary[Catalogue, CatalogueChoices] = WeakKeyDictionary()


def choices_of(catalogue: Catalogue) -> CatalogueChoices:
    """Worked out once for a catalogue, and forgotten with it."""
    if catalogue not in _KNOWN:
        _KNOWN[catalogue] = _choices(catalogue.activities)
    return _KNOWN[catalogue]


def titled(catalogue: Catalogue, wanted: str) -> tuple[Activity, ...]:
    """The activities that somebody means by a title: those of just this title (or id), else those that hold
    every word of it, at most ``FOUND_AT_MOST``."""
    folded = _fold(wanted)
    words = folded.split()
    if not words:
        return ()
    titles = choices_of(catalogue).folded
    pairs = list(zip(catalogue.activities, titles, strict=True))
    exact = [one for one, title in pairs if title == folded or one.id == wanted]
    found = exact or [one for one, title in pairs if all(word in title for word in words)]
    return tuple(found[:FOUND_AT_MOST])


def held(catalogue: Catalogue, ids: Iterable[str]) -> list[str]:
    """Those ids that the catalogue still holds: it may have been renewed since they were picked."""
    found = []
    for one in ids:
        with suppress(UnknownActivityError):
            catalogue.row(one)
            found.append(one)
    return found


def _choices(activities: Sequence[Activity]) -> CatalogueChoices:
    costs = [one.cost for one in activities if one.cost is not None]
    titles = sorted({one.title for one in activities}, key=str.casefold)
    options = Markup("").join(
        Markup('<option value="{}"></option>').format(title) for title in titles
    )
    return CatalogueChoices(
        currencies=_common(cost.currency for cost in costs if cost.currency) or ("DKK",),
        concessions=_common(one.for_whom for cost in costs for one in cost.concessions),
        languages=_common(language for one in activities for language in one.languages),
        titles=options if len(activities) <= TITLES_AT_MOST else Markup(""),
        folded=tuple(_fold(one.title) for one in activities),
    )


def _common(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(values).most_common())


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
