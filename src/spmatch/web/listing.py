"""The catalogue as it is read by other systems: filtered, page by page, and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.matcher import Matcher
from spmatch.words import Delivery, Record


class ActivityFilter(Record):
    """What is asked of the activities that are listed. Text is compared without regard to case.

    An activity that does not state a fact does not pass a filter on it: this is a list of what is
    stated, not a match.
    """

    q: str | None = Field(None, max_length=200, description="words, all in its title or provider")
    provider: str | None = Field(None, max_length=200, description="name of the provider")
    municipality: str | None = Field(None, max_length=20, description="its code")
    postcode: str | None = Field(None, max_length=20)
    town: str | None = Field(None, max_length=200)
    delivery: Delivery | None = None
    theme: str | None = Field(None, max_length=200, description="code of a theme, of any scheme")
    language: str | None = Field(None, max_length=2, description="spoken there (ISO 639-1)")
    limit: int = Field(50, ge=1, le=500, description="how many on a page")
    offset: int = Field(0, ge=0, le=10_000_000, description="how many to pass over")

    @property
    def asks_nothing(self) -> bool:
        """Whether every activity passes."""
        return not self.model_dump(exclude={"limit", "offset"}, exclude_none=True)

    def passes(self, activity: Activity) -> bool:
        """Whether an activity states what is asked."""
        place, provider = activity.place, activity.provider
        stated: tuple[tuple[str | None, Iterable[str | None]], ...] = (
            (self.provider, [provider.name if provider else None]),
            (self.municipality, [place.municipality if place else None]),
            (self.postcode, [place.postcode if place else None]),
            (self.town, [place.town if place else None]),
            (self.delivery, [activity.delivery]),
            (self.theme, [theme.code for theme in activity.themes]),
            (self.language, activity.languages),
        )
        for wanted, facts in stated:
            if wanted is not None and wanted.casefold() not in {f.casefold() for f in facts if f}:
                return False
        named = f"{activity.title} {provider.name if provider and provider.name else ''}".casefold()
        return all(word in named for word in (self.q or "").casefold().split())


class ActivityPage(Record):
    """One page of a list. ``next`` is the offset of the page after it, ``None`` on the last."""

    activities: tuple[Activity, ...]
    total: int
    limit: int
    offset: int
    next: int | None


class SourceFacts(Record):
    """One source of the records."""

    name: str | None
    licence: str | None
    activities: int


class CatalogueFacts(Record):
    """Which catalogue answers. ``stated`` counts the activities that state each fact."""

    id: str
    hash: str
    activities: int
    encoder: str
    config_hash: str
    stated: dict[str, int]
    sources: tuple[SourceFacts, ...]


def page_of(catalogue: Catalogue, wanted: ActivityFilter) -> ActivityPage:
    """The page of the activities that pass, in the order of the catalogue."""
    end = wanted.offset + wanted.limit
    if wanted.asks_nothing:
        # Of records on disk no other is read.
        page, total = list(catalogue.activities[wanted.offset : end]), len(catalogue)
    else:
        page, total = [], 0
        for activity in filter(wanted.passes, catalogue):
            if wanted.offset <= total < end:
                page.append(activity)
            total += 1
    return ActivityPage(
        activities=tuple(page),
        total=total,
        limit=wanted.limit,
        offset=wanted.offset,
        next=end if end < total else None,
    )


def facts_of(matcher: Matcher) -> CatalogueFacts:
    """What a reader of answers needs to know of the catalogue behind them."""
    catalogue = matcher.catalogue
    stated = Counter(
        name
        for activity in catalogue
        for name, value in activity
        if name not in ("id", "title") and value not in (None, (), "")
    )
    sources = Counter(
        (one.source.name, one.source.licence) if one.source else (None, None) for one in catalogue
    )
    return CatalogueFacts(
        id=catalogue.id,
        hash=catalogue.hash,
        activities=len(catalogue),
        encoder=matcher.encoder.name,
        config_hash=matcher.config.hash,
        stated=dict(sorted(stated.items())),
        sources=tuple(
            SourceFacts(name=name, licence=licence, activities=count)
            for (name, licence), count in sources.most_common()
        ),
    )
