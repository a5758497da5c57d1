"""Facts of an activity in the few words that a card has room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spmatch.activity import Activity, Cost, Session
from spmatch.messages import Message, Money
from spmatch.web.words import PageWords
from spmatch.wording import Wording

AT_HOME = ("online", "phone", "home_visit")

_HOLE = "\0"


def unsaid(words: Wording, key: str, name: str, sentence: str) -> str | None:
    """What stands in the one gap of a message, if a sentence is that message; else ``None``.

    The reasons of a match are finished sentences. A card shows some of them in another place (a quoted
    sentence as a quote, the distance as a figure), and so has to know which is which.
    """
    before, _, after = words.say(Message(key, {name: _HOLE})).partition(_HOLE)
    fits = sentence.startswith(before) and sentence.endswith(after) and sentence != before + after
    return sentence[len(before) : len(sentence) - len(after)] if fits else None


def money(words: Wording, amount: float, currency: str | None, per: str | None) -> str:
    return words.say(Message("plan.price", {"price": Money(amount, currency, per)}))


def price(cost: Cost | None, words: Wording, page: PageWords) -> tuple[str, ...]:
    """The price as it is stated, then the reductions that there are; empty where it is not stated."""
    if cost is None or cost.amount is None:
        return (cost.note,) if cost and cost.note else ()
    free = words.say(Message("plan.free"))
    said = free if cost.amount == 0 else money(words, cost.amount, cost.currency, cost.per)
    reduced = []
    for one in cost.concessions:
        less = money(words, one.amount, cost.currency, None) if one.amount else free
        reduced.append(f"{concession(one.for_whom, page)} {less}")
    return (said, *reduced)


def concession(for_whom: str, page: PageWords) -> str:
    """Who a reduction is for; in the provider's own word where we have none."""
    key = f"concession.{for_whom}"
    return page.say(key) if key in page.keys() else for_whom  # noqa: SIM118 - not a mapping


def times(
    sessions: Sequence[Session], today: date, words: Wording, page: PageWords
) -> tuple[str, ...]:
    """When it meets, one line for the days that share a time: "Tuesday and Thursday 13:00–14:00"."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for one in sessions:
        if one.until is not None and one.until < today:
            continue
        clocks = "–".join(filter(None, [one.start, one.end]))
        rhythm = "" if one.every == "week" else words.say(Message(f"plan.{one.every}"))
        begins = one.from_date if one.from_date and one.from_date > today else None
        period = " ".join(
            page.say(key, day=words.moment(day.isoformat()))
            for key, day in (("fact.from", begins), ("fact.until", one.until))
            if day is not None
        )
        days = lines.setdefault((clocks, rhythm, period), [])
        if one.day is not None and (day := words.term("day", one.day)) not in days:
            days.append(day)
    return tuple(
        ", ".join(
            filter(None, [" ".join(filter(None, [listed(days, page), clocks])), rhythm, period])
        )
        for (clocks, rhythm, period), days in lines.items()
    )


def where(activity: Activity, words: Wording) -> str:
    """The address in one line; how it is held where it comes to the person."""
    if activity.delivery in AT_HOME:
        return words.term("delivery", str(activity.delivery))
    place = activity.place
    if place is None:
        return ""
    town = " ".join(filter(None, [place.postcode, place.town]))
    return ", ".join(filter(None, [place.name, place.address, town]))


def freshness(verified_on: date | None, today: date, page: PageWords) -> str:
    """How long ago somebody checked the record."""
    if verified_on is None:
        return page.say("checked.never")
    days = (today - verified_on).days
    if days < 1:
        return page.say("checked.today")
    if days < 14:
        return page.say("checked.day" if days == 1 else "checked.days", n=days)
    if days < 12 * 7:
        return page.say("checked.weeks", n=days // 7)
    if days < 730:
        return page.say("checked.months", n=round(days / 30.44))
    return page.say("checked.years", n=days // 365)


def listed(names: Sequence[str], page: PageWords) -> str:
    """Names with commas, and "and" before the last."""
    if len(names) < 2:
        return "".join(names)
    return page.say("listed", first=", ".join(names[:-1]), last=names[-1])
