"""Everything that a handout says, settled once: its forms (page, PDF, message, calendar) only lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from spmatch.activity import Activity, Cost, Provider
from spmatch.constraints import AT_HOME
from spmatch.geography import Gazetteer, Point
from spmatch.suggestion import Suggestion
from spmatch.web.dates import Occurrence, occurrences_of
from spmatch.web.handout.easy import easy_words, tied
from spmatch.web.handout.times import listed, times_in_words
from spmatch.web.links import mail_link, phone_link, web_link
from spmatch.web.sketch import Sketch, Spot, km_words, sketch_of, spots_of
from spmatch.web.sketch_layout import LETTERING
from spmatch.web.words import PageWords, page_words
from spmatch.wording import ReaderLanguage, wording
from spmatch.words import AccessKey

MOST = 6
"""As many activities as one page holds in letters that can be read."""
QUESTIONS_MOST = 3
GROWN_UP = 18
NEAR_KM, NEAR_KM_ABOUT = 0.1, 1.0
"""Nearer than this a number says more than is known, the second where only a postcode is known."""

_OF_A_BUILDING: tuple[AccessKey, ...] = (
    *("wheelchair", "step_free", "lift", "accessible_toilet", "accessible_parking"),
    *("hearing_loop", "public_transport_nearby"),
)
"""Access that means nothing where there is no place to come to."""

_ASKABLE = ("language", "referral", "intensity_max", "delivery", "first_visit")
"""Limits whose being open is worth a question that says nothing of the person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity as the handout says it. Empty where there is nothing to say.

    ``text_language`` is that of ``title`` and ``description``, the provider's own words; the rest is
    in the language of the handout. ``place`` is the address alone, ``where`` all that is said of it.
    """

    number: int
    id: str
    title: str
    provider: str
    text_language: str | None
    description: str
    when: tuple[str, ...]
    where: tuple[str, ...]
    place: tuple[str, ...]
    price: str
    phone: str
    email: str
    url: str
    good_to_know: tuple[str, ...]
    questions: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]

    def what(self, characters: int) -> str:
        """What it is, in the provider's easiest sentences, in at most so many characters."""
        return easy_words(self.description, characters)

    @property
    def call(self) -> str:
        """The number to dial, as a link; nothing where the provider wrote no number, or several."""
        return phone_link(self.phone) or ""

    @property
    def write(self) -> str:
        """The address to write to, as a link."""
        return mail_link(self.email) or ""

    @property
    def web(self) -> str:
        """The address of the web page as one reads it out."""
        return self.url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


@dataclass(frozen=True, slots=True)
class Handout:
    """One page for one person. ``missing`` counts picked activities that the catalogue no longer holds."""

    language: ReaderLanguage
    on: date
    offers: tuple[Offer, ...]
    missing: int = 0
    spots: tuple[Spot, ...] = ()
    origin: Point | None = field(default=None, repr=False)

    def sketch(self, lettering: float = LETTERING) -> Sketch:
        """The map, with letters so many units high (larger where it is drawn smaller)."""
        return sketch_of(self.origin, self.spots, lettering=lettering)

    @property
    def words(self) -> PageWords:
        return page_words("handout", self.language)

    @property
    def date(self) -> str:
        """The day it was made, in words."""
        return wording(self.language).moment(self.on.isoformat())

    @property
    def missing_words(self) -> str:
        if not self.missing:
            return ""
        return self.words.say("missing_one" if self.missing == 1 else "missing", count=self.missing)

    @property
    def map_words(self) -> str:
        """What the map shows, and which offers are not on it."""
        sketch = self.sketch()
        said = [self.words.say("map.home" if sketch.home else "map.no_home")]
        if sketch.unplaced:
            numbers = listed([str(number) for number in sketch.unplaced], self.language)
            said.append(self.words.say("map.unplaced", numbers=numbers))
        return " ".join(said)


def handout_of(
    suggestions: Sequence[Suggestion],
    origin: Point | None,
    on: date,
    language: ReaderLanguage,
    *,
    asked: Sequence[AccessKey] = (),
    missing: int = 0,
    gazetteer: Gazetteer | None = None,
) -> Handout:
    """The handout of picked activities, in their order. Raises ``ValueError`` for more than ``MOST``.

    ``origin`` is where home is (it is drawn, never written); ``asked`` are the access facts that the
    person asked for: each is said or asked. Nothing else of the person comes in.
    """
    if len(suggestions) > MOST:
        raise ValueError(f"a handout holds at most {MOST} activities")
    return Handout(
        language,
        on,
        tuple(
            _offer(number, suggestion, origin, on, language, asked)
            for number, suggestion in enumerate(suggestions, start=1)
        ),
        missing,
        spots_of([one.activity for one in suggestions], gazetteer),
        origin,
    )


def _offer(
    number: int,
    suggestion: Suggestion,
    near: Point | None,
    on: date,
    language: ReaderLanguage,
    asked: Sequence[AccessKey],
) -> Offer:
    activity = suggestion.activity
    provider = activity.provider or Provider()
    if activity.delivery in (*AT_HOME, "home_visit"):
        asked = [key for key in asked if key not in _OF_A_BUILDING]
    has = partial(_keys, activity, asked)
    say = page_words("handout", language).say
    access = [
        say(f"access.{name}", facts=_facts(has(value), language))
        for name, value in (("yes", True), ("no", False))
        if has(value)
    ]
    return Offer(
        number=number,
        id=activity.id,
        title=_line(activity.title),
        provider=_line(provider.name or ""),
        text_language=activity.text_language,
        description=activity.description,
        when=tuple(
            tied(line)
            for line in times_in_words(activity.sessions, suggestion.next_session, on, language)
        ),
        where=tuple(tied(line) for line in _where(suggestion, near, language)),
        place=_place(activity),
        price=tied(_price(activity.cost, language)),
        phone=_line(provider.phone or ""),
        email=_line(provider.email or ""),
        url=web_link(provider.url) or "",
        good_to_know=(*_joining(suggestion, language), *access),
        questions=_questions(suggestion, _facts(has(None), language), on, language),
        occurrences=occurrences_of(activity.sessions, on),
    )


def _where(suggestion: Suggestion, near: Point | None, language: ReaderLanguage) -> tuple[str, ...]:
    activity, say = suggestion.activity, page_words("handout", language).say
    if activity.delivery in (*AT_HOME, "home_visit"):
        return (say(f"where.{activity.delivery}"),)
    provider = activity.provider.name if activity.provider else None
    # The name of the place says nothing new where it is that of the provider, just above.
    lines = [one for one in _place(activity) if one != provider] or [say("where.unknown")]
    if suggestion.distance_km is not None:
        about = not activity.coordinates or (near is not None and near.radius_km > 0)
        if suggestion.distance_km < (NEAR_KM_ABOUT if about else NEAR_KM):
            lines.append(say("where.near"))
        else:
            key = "where.distance_about" if about else "where.distance"
            lines.append(say(key, km=km_words(suggestion.distance_km, language)))
    if activity.delivery == "hybrid":
        lines.append(say("where.hybrid"))
    return tuple(lines)


def _place(activity: Activity) -> tuple[str, ...]:
    """The name and the address, as one writes them on an envelope; nothing for what has no place."""
    place = activity.place
    if place is None or activity.delivery in (*AT_HOME, "home_visit"):
        return ()
    town = " ".join(filter(None, [place.postcode, place.town]))
    address = ", ".join(filter(None, [place.address, town]))
    return tuple(_line(line) for line in (place.name, address) if line)


def _price(cost: Cost | None, language: ReaderLanguage) -> str:
    words = page_words("handout", language)
    say, known = words.say, words.keys()
    if cost is None or (cost.amount is None and not cost.note):
        return say("price.unknown")
    said = []
    if cost.amount == 0:
        said.append(say("price.free"))
    elif cost.amount is not None:
        price = _money(cost.amount, cost.currency, language)
        said.append(
            say("price.per", price=price, per=say(f"per.{cost.per}")) if cost.per else price
        )
        for one in cost.concessions:
            key = f"whom.{one.for_whom.casefold()}"
            whom = say(key) if key in known else one.for_whom
            reduced = "price.reduced" if one.amount else "price.reduced_free"
            said.append(say(reduced, price=_money(one.amount, cost.currency, language), whom=whom))
    if cost.note:
        said.append(_line(cost.note))
    return ", ".join(said)


def _money(amount: float, currency: str | None, language: ReaderLanguage) -> str:
    words = page_words("handout", language)
    number = wording(language).number(amount)
    if amount != int(amount):
        # 37.50, not 37.5: money has two decimals or none.
        number = f"{amount:.2f}".replace(".", wording(language).number(0.5)[1])
    known = words.keys()
    key = f"price.{currency}" if f"price.{currency}" in known else "price.other"
    return words.say(key, amount=number, currency=currency or "").strip()


def _joining(suggestion: Suggestion, language: ReaderLanguage) -> list[str]:
    """Whom it is for, how one comes in, and what makes coming the first time easier."""
    activity, say = suggestion.activity, page_words("handout", language).say
    # Where age and gender are known to fit there is no need to say them.
    unknown = {one.limit for one in suggestion.verdicts if one.verdict == "unknown"}
    said = []
    if "age" in unknown and (ages := activity.ages):
        bounds = {"low": ages.min, "high": ages.max}
        stated = "_".join(name for name, age in bounds.items() if age is not None)
        # That children cannot come is hardly news to whoever is handed the page.
        if ages.max is not None or (ages.min or 0) > GROWN_UP:
            said.append(say(f"ages.{stated}", **bounds))
    if "gender" in unknown and activity.gender in ("women", "men"):
        said.append(say(f"gender.{activity.gender}"))
    capacity, first = activity.capacity, activity.first_visit
    if capacity and capacity.places_left == 0:
        said.append(say("capacity.waiting" if capacity.waiting_list else "capacity.full"))
    if activity.referral in ("self", "professional", "gp"):
        said.append(say(f"referral.{activity.referral}"))
    if first is None:
        return said
    if first.no_sign_up is False:
        said.append(say("first.sign_up"))
    elif first.no_sign_up and activity.delivery in (*AT_HOME, "home_visit"):
        said.append(say("first.no_sign_up_apart"))
    elif first.no_sign_up:
        said.append(say("first.no_sign_up"))
    for key in ("bring_someone", "buddy", "taster", "small_group"):
        if getattr(first, key):
            said.append(say(f"first.{key}"))
    return said


def _questions(
    suggestion: Suggestion, open_facts: str, on: date, language: ReaderLanguage
) -> tuple[str, ...]:
    """What to ask, most needed first: what stops one from going, then what the person wants to know."""
    activity, say = suggestion.activity, page_words("handout", language).say
    cost, first = activity.cost, activity.first_visit
    dated = occurrences_of(activity.sessions, on)
    asked = []
    if not activity.sessions:
        asked.append("available")
    elif not dated and all(one.day for one in activity.sessions):
        asked.append("again")
    elif dated and not any(one.certain for one in dated):
        asked.append("week")
    if activity.place is None and activity.delivery in (None, "in_person", "hybrid"):
        asked.append("distance")
    if open_facts:
        asked.append("access")
    if cost is None or (cost.amount is None and not cost.note):
        asked.append("cost")
    if first and first.no_sign_up is False and not activity.capacity:
        asked.append("capacity")
    unknown = {one.limit for one in suggestion.verdicts if one.verdict == "unknown"}
    asked += [limit for limit in _ASKABLE if limit in unknown]
    return tuple(say(f"ask.{key}", facts=open_facts) for key in asked[:QUESTIONS_MOST])


def _keys(activity: Activity, asked: Sequence[AccessKey], value: bool | None) -> list[AccessKey]:
    """Those of the access facts asked for that are stated so; ``None``: not stated."""
    return [key for key in dict.fromkeys(asked) if getattr(activity.access, key, None) is value]


def _facts(keys: Sequence[AccessKey], language: ReaderLanguage) -> str:
    return listed([wording(language).term("access", key) for key in keys], language)


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
