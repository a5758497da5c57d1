"""Single facts of a row: what a column states, read as its field takes it, or kept as words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from spmatch.readers.cells import (
    ages_of_cell,
    date_of_cell,
    degrees_of_cell,
    heading,
    number_of_cell,
    plain,
    yes_or_no,
)
from spmatch.readers.joined import Joined, Stated
from spmatch.readers.language_codes import language_code
from spmatch.readers.mapping import TableMapping
from spmatch.readers.mapping_fields import CHOICES, Kind, constant_of
from spmatch.readers.prose import one_line, plain_text
from spmatch.readers.stated import Findings

_EMAIL = re.compile(r"(?:mailto:)?([^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+)", re.IGNORECASE)
_LANGUAGE_LIST = re.compile(r"[,;/&+\n]|\b(?:og|and|samt)\b", re.IGNORECASE)
_OLDEST = 150


class Facts:
    """The facts of one row. ``kept`` are the words that no field could hold, with their columns."""

    def __init__(self, joined: Joined, mapping: TableMapping) -> None:
        self.joined = joined
        self.mapping = mapping
        self.style = mapping.head.style
        self.findings = Findings(joined.main.where)
        self.kept: list[tuple[str, str]] = []
        self._readers: dict[Kind, Callable[[str, Stated], Any]] = {
            "line": lambda _, stated: one_line(stated.text) or None,
            "prose": lambda _, stated: plain_text(stated.text) or None,
            "text": lambda _, stated: " ".join(stated.text.split()) or None,
            "email": self._email,
            "language": self._language,
            "languages": self._languages,
            "choice": self._choice,
            "yes_no": self._yes_no,
            "flags": self._flags,
            "currency": self._currency,
            "count": self._count,
            "ages": self._ages,
            "age": self._age,
            "date": self._date,
            "degrees": self._degrees,
            "themes": self._themes,
            "amount": self._amount,
        }

    def find(self, target: str, *, join: str | None = None) -> Stated | None:
        """What the row states of a field, or the constant that the mapping gives it."""
        ways = self.mapping.fields.get(target, ())
        if join is not None:
            ways = tuple(
                way if way.join is not None else way.model_copy(update={"join": join})
                for way in ways
            )
        return self.joined.find(ways)

    def value(self, target: str, kind: Kind) -> Any:
        """The value of a field; ``None`` where it is not stated, or not clearly."""
        if target not in self.mapping.fields:
            return self._constant(target)
        stated = self.find(target)
        # The value map may say of a word that it states nothing.
        if stated is not None and stated.text:
            value = self._readers[kind](target, stated)
            if value is not None:
                return value
        return self._constant(target)

    def _constant(self, target: str) -> Any:
        value = self.mapping.head.constants.get(target)
        return None if value is None else constant_of(target, value)

    def column(self, target: str) -> str:
        """The column of a field as it is written, for a problem."""
        stated = self.find(target)
        return stated.column if stated else target

    def asked(self, target: str) -> str:
        """The columns in which a field was looked for: those that the table has, or the first named."""
        names = [name for way in self.mapping.fields[target] for name in way.names()]
        there = [name for name in names if heading(name) in self.joined.main.columns]
        return " or ".join(there) or names[0]

    def keep(self, stated: Stated, reason: str, remedy: str) -> None:
        """Say that a cell was not understood, and keep its words in the description."""
        self.kept.append((stated.column, stated.text))
        self.mend(stated, f"{reason}; its words are kept in the description.", remedy)

    def mend(self, stated: Stated, reason: str, remedy: str) -> None:
        Findings(stated.where, "", self.findings.problems).mended(stated.column, reason, remedy)

    def note(self, stated: Stated, reason: str, remedy: str) -> None:
        Findings(stated.where, "", self.findings.problems).note(stated.column, reason, remedy)

    def reject(self, stated: Stated, reason: str, remedy: str) -> None:
        Findings(stated.where, "", self.findings.problems).rejected(stated.column, reason, remedy)

    def _email(self, _: str, stated: Stated) -> str | None:
        found = _EMAIL.fullmatch(stated.text)
        if not found:
            self.keep(stated, "this is not one e-mail address", "Write one address, and no more.")
        return found[1] if found else None

    def _language(self, _: str, stated: Stated) -> str | None:
        code = language_code(stated.text)
        if code is None:
            self.keep(stated, "the language is not known", "State its ISO 639-1 code.")
        return code

    def _languages(self, _: str, stated: Stated) -> list[str] | None:
        parts = stated.parts() if stated.way.split else _LANGUAGE_LIST.split(stated.text)
        codes: list[str] = []
        unknown = False
        for part in filter(None, (part.strip() for part in parts)):
            inside = re.fullmatch(r"(.+?)\s*\(.*\)", part)
            code = language_code(part) or (language_code(inside[1]) if inside else None)
            if code is None:
                unknown = True
            elif code not in codes:
                codes.append(code)
        if unknown:
            self.keep(
                stated, "a language is not known", "State its ISO 639-1 code, for example da."
            )
        return codes or None

    def _choice(self, target: str, stated: Stated) -> str | None:
        word = plain(stated.text)
        if word in CHOICES[target]:
            return word
        self.keep(
            stated,
            "the mapping does not say what this means",
            f"Add it to values under fields.{target} in the mapping.",
        )
        return None

    def _yes_no(self, target: str, stated: Stated) -> bool | None:
        answer = stated.cell if isinstance(stated.cell, bool) else yes_or_no(stated.cell)
        if answer is None:
            self.keep(stated, "this is neither yes nor no", "Write yes or no, or leave it empty.")
        return answer

    def _flags(self, target: str, stated: Stated) -> dict[str, bool] | None:
        flags: dict[str, bool] = {}
        unknown = False
        for part in stated.parts():
            if plain(part) in CHOICES[target]:
                flags[plain(part)] = True
            else:
                unknown = True
        if unknown:
            self.keep(
                stated,
                "the mapping does not say what a part of this means",
                f"Add it to values under fields.{target} in the mapping.",
            )
        return flags or None

    def _currency(self, _: str, stated: Stated) -> str | None:
        code = stated.text.upper()
        if re.fullmatch("[A-Z]{3}", code):
            return code
        self.mend(
            stated, "this is not a currency code and was left out.", "Write DKK, for example."
        )
        return None

    def _amount(self, _: str, stated: Stated) -> float | None:
        amount = number_of_cell(stated.cell, self.style)
        if amount is None or amount < 0:
            self.keep(stated, "this is not an amount", "Write a number, not below 0.")
            return None
        return amount

    def _count(self, _: str, stated: Stated) -> int | None:
        count = number_of_cell(stated.cell, self.style)
        if count is None or count < 0 or not count.is_integer():
            self.keep(stated, "this is not a whole number", "Write digits alone.")
            return None
        return int(count)

    def _ages(self, _: str, stated: Stated) -> dict[str, int] | None:
        bounds = ages_of_cell(stated.cell)
        if bounds is None:
            # Most such columns say for whom it is, in words: that is no fault.
            self.kept.append((stated.column, stated.text))
            return None
        return {
            key: age for key, age in zip(("min", "max"), bounds, strict=True) if age is not None
        }

    def _age(self, _: str, stated: Stated) -> int | None:
        age = number_of_cell(stated.cell, self.style)
        if age is None or not 0 <= age <= _OLDEST or not age.is_integer():
            self.keep(stated, "this is not an age in whole years", "Write digits alone.")
            return None
        return int(age)

    def _date(self, _: str, stated: Stated) -> Any:
        found = date_of_cell(stated.cell, self.style)
        if found is None:
            self.keep(stated, "this is not a whole date", "Write it as YYYY-MM-DD.")
        return found

    def _degrees(self, target: str, stated: Stated) -> float | None:
        degrees = degrees_of_cell(stated.cell)
        limit = 90 if target == "place.lat" else 180
        if degrees is None or abs(degrees) > limit:
            self.mend(
                stated,
                f"this is not a number between -{limit} and {limit}; it was left out.",
                "Write decimal degrees, WGS 84.",
            )
            return None
        return degrees

    def _themes(self, _: str, stated: Stated) -> list[dict[str, str]] | None:
        way = stated.way
        scheme = way.scheme or self.mapping.head.name
        themes: list[dict[str, str]] = []
        for code, label in self._terms(stated):
            theme = {"scheme": scheme, "code": code, **({"label": label} if label else {})}
            if theme not in themes:
                themes.append(theme)
        return themes or None

    def _terms(self, stated: Stated) -> list[tuple[str, str | None]]:
        """Code and label of each theme: of each row of a joined table, or of each part of a cell."""
        way = stated.way
        table, _ = self.mapping.locate(way.parts()[0]) if way.parts() else ("", "")
        if table not in self.mapping.tables:
            return [(one_line(part), one_line(part)) for part in stated.parts()]
        terms: list[tuple[str, str | None]] = []
        for row in self.joined.rows.get(table, []):
            inside = self.joined.within(table, row)
            code = inside.find((way,))
            label = inside.cell(way.label) if way.label else None
            if code:
                terms.append((code.text, one_line(str(label[0])) if label else None))
        return terms
