"""What two records are compared by: each part read off a record once, in one spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from spmatch.activity import Activity, Place, Provider
from spmatch.duplicates.contrasts import Answers, answers_of, answers_of_title
from spmatch.geography import plain_name
from spmatch.words import minutes_of

SHARED_HOSTS = frozenset(
    "conventus.dk facebook.com google.com instagram.com linkedin.com linktr.ee meetup.com "
    "eventbrite.com eventbrite.co.uk foreningsportalen.dk nemtilmeld.dk place2book.com "
    "sites.google.com wixsite.com wordpress.com youtube.com".split()
)
"""Web hosts on which many providers have their page: the same host is no proof there."""

DESCRIPTION_AT_MOST = 4_000
"""Characters of a description that are compared."""

_NOT_A_WORD = re.compile(r"[^\w\s]|_")
_LEGAL_FORM = re.compile(
    r"\b(?:a/s|aps|i/s|f\.?m\.?b\.?a|ltd|limited|cic|cio|inc|llc|e\.?v|the|foreningen)\b\.?"
)
_DIGITS = re.compile(r"\D+")
_STREET_FIRST = re.compile(r"([^\W\d_][^\d]*?)\s+(\d+)(?:\s?-\s?\d+)?\s?([a-z]?)\b.*")
_NUMBER_FIRST = re.compile(r"(\d+)(?:\s?-\s?\d+)?([a-z]?)\s+([^\W\d_][^\d]*)")
_STREETS = {"st": "street", "rd": "road", "ave": "avenue", "sct": "sankt", "skt": "sankt"}


@dataclass(frozen=True)
class Features:
    """A record as it is compared. Sets that are empty stand for what is not stated."""

    providers: frozenset[str]
    """Its name, phone, e-mail address and web host, each in one spelling."""
    placed: bool
    postcode: str
    venue: str
    streets: frozenset[str]
    """Street and house number; a flat or a floor is not looked at."""
    point: tuple[float, float] | None
    delivery: str | None
    times: frozenset[tuple[str, int]]
    """Weekday and minutes of the start of each session that states both."""
    timed: bool
    seasons: tuple[tuple[int, int], ...]
    """First and last day of the sessions, as ordinals, where all of them state both."""
    gender: str | None
    ages: tuple[int, int] | None
    written_title: str
    written_description: str

    # Most records share provider and place with no other: their texts are never read.

    @cached_property
    def title(self) -> str:
        return _plain(self.written_title)

    @cached_property
    def description(self) -> str:
        return _words(self.written_description)

    @cached_property
    def title_answers(self) -> Answers:
        return answers_of_title(self.written_title)

    @cached_property
    def answers(self) -> Answers:
        return answers_of(f"{self.written_title}\n{self.written_description}")


def features_of(activity: Activity) -> Features:
    """The parts of a record that tell whether another one is of the same activity."""
    place = activity.place or Place()
    ages = activity.ages
    stated = [session for session in activity.sessions if session.day and session.start]
    return Features(
        providers=_providers(activity.provider),
        placed=any((place.name, place.address, place.postcode, place.town, place.lat is not None)),
        postcode=_code(place.postcode or ""),
        venue=_plain(place.name or "").removeprefix("the "),
        streets=_streets(place.address or ""),
        point=activity.coordinates,
        delivery=activity.delivery,
        times=frozenset((s.day or "", minutes_of(s.start or "00:00")) for s in stated),
        timed=bool(stated),
        seasons=_seasons(activity),
        gender=activity.gender,
        ages=(ages.min or 0, 150 if ages.max is None else ages.max) if ages else None,
        written_title=activity.title,
        written_description=activity.description[:DESCRIPTION_AT_MOST],
    )


def _providers(provider: Provider | None) -> frozenset[str]:
    if provider is None:
        return frozenset()
    name = _provider_name(provider.name or "")
    keys = [f"name {name}"] if name else []
    digits = _DIGITS.sub("", provider.phone or "")
    if len(digits) >= 8:
        # The country code may be written or not.
        keys.append(f"phone {digits[-8:]}")
    if "@" in (provider.email or ""):
        keys.append(f"email {(provider.email or '').casefold()}")
    host = _host(provider.url or "")
    if host and host not in SHARED_HOSTS:
        keys.append(f"host {host}")
    return frozenset(keys)


@lru_cache(maxsize=8192)
def _provider_name(name: str) -> str:
    return " ".join(_NOT_A_WORD.sub(" ", _LEGAL_FORM.sub(" ", plain_name(name))).split())


@lru_cache(maxsize=8192)
def _host(url: str) -> str:
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host else ""


@lru_cache(maxsize=8192)
def _code(postcode: str) -> str:
    return "".join(postcode.split()).casefold()


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(_NOT_A_WORD.sub(" ", plain_name(text)).split())


def _words(text: str) -> str:
    return " ".join(_NOT_A_WORD.sub(" ", text.casefold()).split())


@lru_cache(maxsize=8192)
def _streets(address: str) -> frozenset[str]:
    """``vestergade 4`` of "Vestergade 4, 1. sal", ``high street 12`` of "Unit 5, 12 High St."."""
    found = set()
    for part in re.split(r"[,\n;]", address):
        plain = plain_name(part)
        words = _STREET_FIRST.fullmatch(plain)
        if words:
            street, number = words[1], words[2] + words[3]
        else:
            words = _NUMBER_FIRST.fullmatch(plain)
            if not words:
                continue
            street, number = words[3], words[1] + words[2]
        name = " ".join(_STREETS.get(word, word) for word in _NOT_A_WORD.sub(" ", street).split())
        if name not in ("unit", "flat", "suite", "room", "floor", "sal", "th", "tv", "mf", "st"):
            found.add(f"{name} {number}")
    return frozenset(found)


def _seasons(activity: Activity) -> tuple[tuple[int, int], ...]:
    spans = [
        (session.from_date.toordinal(), session.until.toordinal())
        for session in activity.sessions
        if session.from_date and session.until
    ]
    return tuple(spans) if spans and len(spans) == len(activity.sessions) else ()
