"""Messages into words, one TOML file a language. Nothing else in spmatch knows any language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from spmatch.messages import Message, Moment, Money, Terms, Times, Value
from spmatch.vocabulary import theme_names

ReaderLanguage = Literal["da", "en"]
READER_LANGUAGES: tuple[ReaderLanguage, ...] = ("da", "en")


class Wording:
    """Says messages in one language."""

    def __init__(self, language: ReaderLanguage) -> None:
        self.language = language
        file = _load(language)
        self._messages: Mapping[str, str] = file["messages"]
        self._terms: Mapping[str, Mapping[str, str]] = {
            **file["terms"],
            "theme": theme_names(language),
        }
        self._months: Mapping[str, str] = file["months"]
        self._format: Mapping[str, str] = file["format"]
        self._decimal = self._format["decimal"]

    def say(self, message: Message) -> str:
        """The message in words, with numbers, money and dates as the language writes them."""
        spoken = {name: self._value(value) for name, value in message.values.items()}
        return self._messages[message.key].format_map(spoken)

    def term(self, vocabulary: str, key: str) -> str:
        """The name of a term; the term itself where the language file has no name for it."""
        return self._terms.get(vocabulary, {}).get(key, key)

    def say_confidence(self, confidence: str) -> str:
        """How sure the answer as a whole is, as a sentence."""
        return self.say(Message(f"confidence.{confidence}"))

    def number(self, value: float) -> str:
        """At most two decimals, none that are zero."""
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return text.replace(".", self._decimal)

    def moment(self, iso: str) -> str:
        """``2026-11-24T10:00`` as "Tuesday 24 November at 10:00"; a date alone with its year."""
        day_text, _, clock = iso.partition("T")
        day = date.fromisoformat(day_text)
        names = list(self._terms["day"].values())
        form = self._format
        month = self._months[str(day.month)]
        values = {
            "day": names[day.weekday()],
            "date": form["date_order"].format(d=day.day, month=month),
            "clock": clock,
            "year": day.year,
        }
        return form["datetime" if clock else "date"].format(**values)

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return value
            case int():
                return str(value)
            case Terms():
                names = self._terms.get(value.vocabulary, {})
                return self._listed([names.get(key, key) for key in value.keys])
            case Money(amount, currency, per):
                per_words = self.term("per", per) if per else ""
                text = self._format["money"].format(
                    amount=self.number(amount), currency=currency or "", per=per_words
                )
                return " ".join(text.split())
            case Moment(iso):
                return self.moment(iso)
            case Times(spans):
                return self._listed([self._span(*span) for span in spans])
            case _:
                return self.number(value)

    def _span(self, day: str | None, start: str | None, end: str | None) -> str:
        """``Monday 10:00–12:00``, or as much of it as is stated; a whole day is its name."""
        form = self._format
        clocks = ""
        if start and end:
            clocks = "" if (start, end) == ("00:00", "24:00") else f"{start}–{end}"
        elif start or end:
            clocks = form["from" if start else "until"].format(clock=start or end)
        return " ".join(filter(None, [self.term("day", day) if day else "", clocks]))

    def _listed(self, names: list[str]) -> str:
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + self._format["list_and"] + names[-1]


@cache
def wording(language: ReaderLanguage) -> Wording:
    """The wording of a language, read once."""
    return Wording(language)


@cache
def _load(language: str) -> dict[str, Any]:
    text = (Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
