"""Facts out of the prose of an activity, for what its record leaves open.

Silence is preferred: a fact is taken only where the text says it plainly, of the activity itself, for
now and for everyone; each keeps the words that it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from spmatch.activity import Access, Activity, Cost, Evidence, FirstVisit
from spmatch.prose.access import access_facts
from spmatch.prose.ages import age_facts
from spmatch.prose.attendance import attendance_facts
from spmatch.prose.fact import Fact
from spmatch.prose.first_visit import first_visit_facts
from spmatch.prose.passages import TextLanguage, language_of, sentences_of
from spmatch.prose.prices import price_facts
from spmatch.prose.times import time_facts

_BOTH: tuple[TextLanguage, TextLanguage] = ("da", "en")
_NO_FEE = re.compile(r"\s*(?:none|no fees?|ingen|intet)\s*\.?\s*", re.IGNORECASE)
_FROM_AFAR = ("online", "phone")


def read_facts(text: str, language: str | None = None) -> tuple[Fact, ...]:
    """The facts that a text states, at most one for each field.

    ``language`` is ISO 639-1; texts in another language than Danish and English state nothing here.
    When it is not given it goes by the words, and a text that speaks for neither is read as both.
    """
    which = language_of(text, language)
    if which is not None:
        return tuple(_read(text, which))
    if language is not None:
        return ()
    found = list(chain.from_iterable(_read(text, one) for one in _BOTH))
    values: dict[str, set[object]] = {}
    for fact in found:
        values.setdefault(fact.field, set()).add(fact.value)
    certain = {fact.field: fact for fact in reversed(found) if len(values[fact.field]) == 1}
    return tuple(fact for fact in found if certain.get(fact.field) is fact)


def _read(text: str, language: TextLanguage) -> Iterator[Fact]:
    sentences = sentences_of(text)
    yield from price_facts(sentences, language)
    yield from age_facts(sentences, language)
    yield from time_facts(sentences, language)
    yield from access_facts(sentences, language)
    yield from first_visit_facts(sentences, language)
    yield from attendance_facts(sentences, language)


def facts_of(activity: Activity) -> tuple[Fact, ...]:
    """What the title and description state of which the record says nothing.

    A price known only as prose (``cost.note``) is read in that prose.
    """
    found = read_facts(f"{activity.title}\n{activity.description}", activity.text_language)
    kept = [fact for fact in found if _is_open(activity, fact)]
    if _is_note(activity.cost) and activity.cost is not None and activity.cost.note:
        kept = [*_in_note(activity.cost.note, activity.text_language), *kept]
    return tuple(kept)


def _in_note(note: str, language: str | None) -> Iterator[Fact]:
    """The price in prose that is about nothing but the price: there, "none" alone means free."""
    if _NO_FEE.fullmatch(note):
        yield Fact("cost", Cost(amount=0.0), note)
    else:
        yield from (fact for fact in read_facts(note, language) if fact.field == "cost")


def with_facts(activity: Activity) -> Activity:
    """The activity with what its prose states where the record says nothing, and the evidence.

    The same activity when there is nothing to add. Doing it again changes nothing.
    """
    facts = facts_of(activity)
    if not facts:
        return activity
    update: dict[str, object] = {}
    parts: dict[str, dict[str, bool]] = {}
    for fact in facts:
        part, _, key = fact.field.partition(".")
        if key:
            parts.setdefault(part, {})[key] = bool(fact.value)
        elif isinstance(fact.value, Cost) and activity.cost is not None:
            update[part] = fact.value.model_copy(update={"note": activity.cost.note})
        else:
            update[part] = fact.value
    if keys := parts.get("access"):
        update["access"] = (activity.access or Access()).model_copy(update=keys)
    if keys := parts.get("first_visit"):
        update["first_visit"] = (activity.first_visit or FirstVisit()).model_copy(update=keys)
    quotes = tuple(Evidence(field=fact.field, quote=fact.quote) for fact in facts)
    update["evidence"] = (*activity.evidence, *quotes)
    return activity.model_copy(update=update)


def _is_note(cost: Cost | None) -> bool:
    """Whether a cost is nothing but prose."""
    return cost is not None and cost == Cost(note=cost.note)


def _is_open(activity: Activity, fact: Fact) -> bool:
    """Whether the record says nothing of what the fact is about."""
    part, _, key = fact.field.partition(".")
    if key:
        stated = getattr(activity, part)
        return stated is None or getattr(stated, key) is None
    if part == "delivery":
        # A record with an address does happen somewhere: "online" may be of a part of it alone.
        placed = activity.place is not None and (activity.place.address or activity.coordinates)
        return activity.delivery is None and not (placed and fact.value in _FROM_AFAR)
    return getattr(activity, part) in (None, ())
