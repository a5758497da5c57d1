"""What a reader is told when a text speaks of danger: what to do first, and whom to call."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from spmatch.errors import Problem, SafetyError
from spmatch.material import material
from spmatch.messages import Message
from spmatch.safety.rules import TOPICS, Topic, find_dangers
from spmatch.suggestion import Notice, NoticeContact
from spmatch.validation import problems_of
from spmatch.wording import Wording
from spmatch.words import Record


class Told(Record):
    """The same in every language of the readers."""

    da: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def to(self, language: str) -> str:
        return self.da if language == "da" else self.en


class Contact(Record):
    """Somebody to call. ``checked`` is the day on which ``source`` confirmed it, if it was confirmed."""

    name: str = Field(min_length=1)
    phone: str | None = Field(None, pattern=r"^[0-9][0-9 ()+]*$")
    url: str | None = Field(None, pattern=r"^https?://")
    hours: Told
    who: Told
    checked: date | None = None
    source: str = Field(pattern=r"^https?://")


class TopicAdvice(Record):
    """What to do first about a topic, and the names of the contacts, most urgent first."""

    first: Told
    contacts: tuple[str, ...] = Field(min_length=1)


class Contacts(Record):
    """Advice and contacts of a country for every topic."""

    country: str
    contacts: dict[str, Contact]
    topics: dict[Topic, TopicAdvice]

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The names of contacts that nobody has confirmed."""
        return tuple(name for name, one in self.contacts.items() if one.checked is None)


def load_contacts(path_or_name: Path | str) -> Contacts:
    """Contacts from a TOML file, or those that spmatch comes with, by name (``denmark``).

    Raises ``SafetyError`` listing every fault.
    """
    path = Path(path_or_name)
    if path.suffix != ".toml":
        path = material("catalogue", "safety", f"{path_or_name}.toml")
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in path.parent.glob("*.toml")))
            problem = Problem(str(path_or_name), "", "is not known.", f"Known: {known}.")
            raise SafetyError("The contacts cannot be read:", [problem])
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        problem = Problem(str(path), "", f"{reason}.", "Give a readable TOML file.")
        raise SafetyError("The contacts cannot be read:", [problem]) from None
    problems = [*_schema_problems(given, str(path)), *_loose_ends(given, str(path))]
    if problems:
        raise SafetyError("The contacts cannot be read:", problems)
    return Contacts.model_validate(given)


def notices_of(
    profile_texts: Mapping[str, str], language: str | None, contacts: Contacts, words: Wording
) -> tuple[Notice, ...]:
    """A notice for each danger in the texts of a profile, most urgent first.

    ``profile_texts`` by field (``needs`` …); ``language`` that of the texts, ``None`` not stated.
    """
    found = {
        danger.topic for text in profile_texts.values() for danger in find_dangers(text, language)
    }
    return tuple(_notice(topic, contacts, words) for topic in TOPICS if topic in found)


def _notice(topic: Topic, contacts: Contacts, words: Wording) -> Notice:
    advice = contacts.topics[topic]
    told = [contacts.contacts[name] for name in advice.contacts]
    return Notice(
        topic=topic,
        title=words.say(Message(f"notice.{topic}")),
        first=advice.first.to(words.language),
        contacts=tuple(
            NoticeContact(
                name=one.name,
                phone=one.phone,
                url=one.url,
                hours=one.hours.to(words.language),
                who=one.who.to(words.language),
            )
            for one in told
        ),
    )


def _schema_problems(given: dict[str, Any], where: str) -> tuple[Problem, ...]:
    try:
        Contacts.model_validate(given)
    except ValidationError as error:
        return problems_of(error, where)
    return ()


def _loose_ends(given: dict[str, Any], where: str) -> list[Problem]:
    """Topics that are missing, and contacts that are named but not there."""
    topics, known = given.get("topics"), given.get("contacts")
    if not isinstance(topics, dict) or not isinstance(known, dict):
        return []
    problems = [
        Problem(where, f"topics.{topic}", "is missing.", "State what to do first and whom to call.")
        for topic in TOPICS
        if topic not in topics
    ]
    for topic, advice in topics.items():
        names = advice.get("contacts") if isinstance(advice, dict) else None
        for name in names if isinstance(names, list) else ():
            if name not in known:
                reason = f"{name!r} is not among the contacts."
                field = f"topics.{topic}.contacts"
                problems.append(Problem(where, field, reason, "Correct the name, or add it."))
    return problems
