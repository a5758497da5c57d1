"""The form of the page as a profile, with what is wrong in it said in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import ValidationError

from spmatch.profile import MAX_TEXT_CHARACTERS, Profile
from spmatch.web.page.values import (
    CELLS,
    DAYS,
    DELIVERIES,
    INTENSITIES,
    KEYED,
    PARTS_OF_DAY,
    PERIODS,
    REFERRALS,
    TEXTS,
    FormValues,
)
from spmatch.web.words import PageWords, page_words
from spmatch.wording import READER_LANGUAGES, ReaderLanguage

DEFAULT_LANGUAGE: ReaderLanguage = "da"
PICKED_AT_MOST = 20
AGE_AT_MOST = 130
DISTANCE_AT_MOST_KM = 20_100

_POSTCODE = re.compile(r"(?:[A-Za-z]{1,2}[- ]\s*)?\d{3,5}(?: \d{2})?")
_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
_COORDINATES = re.compile(rf"{_NUMBER}\s*[,;\s]\s*{_NUMBER}")
_DECIMAL_COMMAS = re.compile(r"(-?\d{1,3}),(\d+)\s*[;\s,]\s*(-?\d{1,3}),(\d+)")

_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+", re.ASCII)
"""``1.000`` in Danish and ``1,000`` in English; nobody writes a distance or a price with three decimals."""


class FormProblem(NamedTuple):
    """What is wrong in one field (by the name of the field), in the reader's language."""

    field: str
    message: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form that was read. ``profile`` is ``None`` exactly where there are ``problems``."""

    profile: Profile | None
    problems: tuple[FormProblem, ...]
    picked: tuple[str, ...]
    language: ReaderLanguage
    values: FormValues = field(repr=False)


def read_form(values: FormValues) -> PageForm:
    """The profile that a form describes, and the activities that were picked in it.

    Fields that the page does not have are ignored. Whatever is wrong stays in ``values``, so that
    the form can be shown again as it was filled.
    """
    language = language_of(values)
    reading = _Reading(values, page_words("page", language))
    record = reading.record()
    profile = None
    if not reading.problems:
        try:
            profile = Profile.model_validate(record)
        except ValidationError:
            # Every field was checked above; what is left says no more than that something is wrong.
            reading.wrong("needs", "problem.other")
    removed = set(values.all("remove"))
    picked = [one for one in values.all("picked") if one not in removed and len(one) <= 200]
    return PageForm(
        profile, tuple(reading.problems), tuple(picked[:PICKED_AT_MOST]), language, values
    )


def language_of(values: FormValues) -> ReaderLanguage:
    """The language of the page: the one just switched to, else that of the form."""
    for stated in (values.one("switch"), values.one("language")):
        for language in READER_LANGUAGES:
            if stated == language:
                return language
    return DEFAULT_LANGUAGE


def kind_of(values: FormValues, limit: str) -> str:
    """``must``, ``prefer`` or ``none``: a limit that was filled in is meant unless it says otherwise."""
    stated = values.one(f"{limit}_kind")
    return stated if stated in ("none", "prefer") else "must"


def spoken_of(values: FormValues) -> tuple[str, ...]:
    """The languages that the person speaks, the one spoken best first."""
    stated = (values.one("first_language"), *values.all("languages"))
    return tuple(dict.fromkeys(one for one in stated if re.fullmatch("[a-z]{2}", one)))


def concessions_of(values: FormValues) -> tuple[str, ...]:
    """The reductions that were ticked, and those written beside them with commas between."""
    written = (part.strip() for part in values.one("concessions_other").split(","))
    return tuple(dict.fromkeys((*values.all("concessions"), *filter(None, written))))


def is_empty(profile: Profile) -> bool:
    """Whether nothing was asked: no text and no limit."""
    asked = profile.model_dump(include={*TEXTS, "must", "prefer"}, exclude_defaults=True)
    return not any(asked.values())


class _Reading:
    """Reads one form, and notes what is wrong."""

    def __init__(self, values: FormValues, words: PageWords) -> None:
        self.values = values
        self.words = words
        self.problems: list[FormProblem] = []

    def wrong(self, name: str, key: str, **said: object) -> None:
        self.problems.append(FormProblem(name, self.words.say(key, **said)))

    def record(self) -> dict[str, Any]:
        """The profile in the shape of the published format."""
        values = self.values
        limits: dict[str, dict[str, Any]] = {"must": {}, "prefer": {}}
        record: dict[str, Any] = {name: self._text(name) for name in TEXTS}
        record["origin"] = self._origin()
        record["age"] = self._age()
        record["gender"] = _among(values.one("gender"), ("woman", "man", "other"))
        record["languages"] = spoken_of(values)
        record["concessions"] = [one[:100] for one in concessions_of(values)]
        for name, value in (
            ("distance_km", self._distance(record["origin"] is not None)),
            ("cost", self._cost()),
            ("available", slots_of(values.all("available"))),
            ("intensity_max", _among(values.one("intensity_max"), INTENSITIES)),
            ("delivery", [one for one in values.all("delivery") if one in DELIVERIES]),
            ("referral", [one for one in values.all("referral") if one in REFERRALS]),
        ):
            kind = kind_of(values, "distance" if name == "distance_km" else name)
            if kind in limits and value not in (None, []):
                limits[kind][name] = value
        for limit, keys in KEYED.items():
            for key in keys:
                if (kind := values.one(f"{limit}_{key}")) in limits:
                    limits[kind].setdefault(limit, []).append(key)
        return {**record, **limits}

    def _text(self, name: str) -> str | None:
        text = self.values.one(name).replace("\r\n", "\n")
        if len(text) > MAX_TEXT_CHARACTERS:
            said = {"most": MAX_TEXT_CHARACTERS, "over": len(text) - MAX_TEXT_CHARACTERS}
            self.wrong(name, "problem.text_long", **said)
            return None
        return text or None

    def _origin(self) -> dict[str, Any] | None:
        where = self.values.one("where")
        if not where:
            return None
        found = _COORDINATES.fullmatch(_DECIMAL_COMMAS.sub(r"\1.\2 \3.\4", where))
        if found and not _POSTCODE.fullmatch(where):
            lat, lon = map(float, found.groups())
            if abs(lat) > 90 or abs(lon) > 180:
                self.wrong("where", "problem.coordinates")
                return None
            return {"lat": lat, "lon": lon}
        return {"postcode" if _POSTCODE.fullmatch(where) else "place": where}

    def _age(self) -> int | None:
        stated = self.values.one("age")
        if not stated:
            return None
        if not re.fullmatch(r"\d{1,3}", stated, re.ASCII) or int(stated) > AGE_AT_MOST:
            self.wrong("age", "problem.age", most=AGE_AT_MOST)
            return None
        return int(stated)

    def _number(self, name: str, problem: str, most: float) -> float | None:
        stated = self.values.one(name)
        if not stated:
            return None
        if _THOUSANDS.fullmatch(stated):
            stated = re.sub("[.,]", "", stated)
        stated = stated.replace(",", ".")
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", stated, re.ASCII) or float(stated) > most:
            self.wrong(name, problem, most=most)
            return None
        return float(stated)

    def _distance(self, placed: bool) -> float | None:
        km = self._number("distance", "problem.distance", DISTANCE_AT_MOST_KM)
        if km is None or placed or kind_of(self.values, "distance") == "none":
            return km
        if not self.values.one("where"):
            self.wrong("where", "problem.where_missing")
        return None

    def _cost(self) -> dict[str, Any] | None:
        amount = self._number("cost", "problem.cost", 1_000_000)
        if amount is None:
            return None
        currency = self.values.one("currency")
        return {
            "amount": amount,
            "currency": currency if re.fullmatch("[A-Z]{3}", currency) else None,
            "per": _among(self.values.one("per"), PERIODS) or "session",
        }


def slots_of(cells: Iterable[str]) -> list[dict[str, str]]:
    """Ticked parts of days as times, in the order of the week; parts that touch are one time."""
    ticked = {cell for cell in cells if cell in CELLS}
    slots: list[dict[str, str]] = []
    for day in DAYS:
        parts = [part for part in PARTS_OF_DAY if f"{day}-{part}" in ticked]
        if len(parts) == len(PARTS_OF_DAY):
            slots.append({"day": day, "start": "00:00", "end": "24:00"})
            continue
        for part in parts:
            start, end = PARTS_OF_DAY[part]
            if slots and slots[-1]["day"] == day and slots[-1]["end"] == start:
                slots[-1]["end"] = end
            else:
                slots.append({"day": day, "start": start, "end": end})
    return slots


def cells_of(slots: Iterable[dict[str, Any]]) -> list[str]:
    """The parts of days that lie within some times."""
    return [
        f"{slot.get('day')}-{part}"
        for slot in slots
        for part, (start, end) in PARTS_OF_DAY.items()
        if str(slot.get("start", "00:00")) <= start and end <= str(slot.get("end", "24:00"))
    ]


def _among(value: str, allowed: Iterable[str]) -> str | None:
    return value if value in allowed else None
