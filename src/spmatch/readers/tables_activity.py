"""One row of a table, and what is joined to it, to an activity.

What a column says and its field cannot hold is never dropped: it stays as a paragraph of the
description, after the name of its column, or in the note of the cost.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.cells import plain, text_of_cell
from spmatch.readers.joined import Joined
from spmatch.readers.mapping import TableMapping
from spmatch.readers.mapping_fields import TARGETS, put
from spmatch.readers.prose import one_line, plain_text
from spmatch.readers.tables_costs import cost_of
from spmatch.readers.tables_facts import Facts
from spmatch.readers.tables_sessions import sessions_of
from spmatch.validation import problems_of

_LONGEST_DESCRIPTION = 50_000
_LONGEST_ID = 200
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})


def activity_of(
    joined: Joined, mapping: TableMapping, used: dict[str, str]
) -> Iterator[Activity | Problem]:
    """The activity of a row, after the problems found in it; or the problems that kept it out.

    ``used`` holds the ids given so far, with the places of their rows; this one is added.
    """
    facts = Facts(joined, mapping)
    findings = facts.findings
    record: dict[str, Any] = {}
    title = _title(facts)
    activity_id = _id(facts, used) if title else None
    if title and activity_id:
        record = {"id": activity_id, "title": title}
        for target, kind in TARGETS.items():
            if target.partition(".")[0] in ("id", "title", "description", "cost"):
                continue
            value = facts.value(target, kind)
            if value is not None:
                put(record, target, value)
        _coordinates(record, facts)
        _ages(record, facts)
        cost = cost_of(facts)
        if cost:
            record["cost"] = cost
        sessions = sessions_of(facts)
        if sessions:
            record["sessions"] = sessions
        record["description"] = _description(facts)
    yield from findings.problems
    if not record:
        return
    try:
        activity = Activity.model_validate(record)
    except ValidationError as error:
        yield from problems_of(error, joined.main.where)
        return
    used[activity.id] = joined.main.where
    yield activity


def _title(facts: Facts) -> str | None:
    stated = facts.find("title")
    title = one_line(stated.text) if stated else ""
    if not title:
        facts.findings.rejected(facts.asked("title"), "the row has no title.", "Name the activity.")
    return title or None


def _id(facts: Facts, used: dict[str, str]) -> str | None:
    (way, *_) = facts.mapping.fields["id"]
    if way.columns:
        return _made_id(facts, used)
    stated = facts.find("id")
    if stated is None or not stated.text:
        facts.findings.rejected(
            facts.asked("id"), "the row has no id.", "Give it one that no other row has."
        )
        return None
    activity_id = f"{stated.way.prefix}{stated.text}"
    if activity_id in used:
        facts.reject(stated, f"{used[activity_id]} has the same id.", "Give each its own.")
        return None
    if len(activity_id) > _LONGEST_ID:
        facts.reject(stated, "the id is too long.", f"Use at most {_LONGEST_ID} characters.")
        return None
    return activity_id


def _made_id(facts: Facts, used: dict[str, str]) -> str | None:
    """An id out of the words of several columns: it stays while they do, in whatever row they are."""
    (way, *_) = facts.mapping.fields["id"]
    cells = [facts.joined.cell(name) for name in way.columns]
    # Only what is filled in counts, so that a column of another spelling makes no other id.
    words = [plain(text_of_cell(cell[0])) for cell in cells if cell]
    if not any(words):
        facts.findings.rejected(
            facts.asked("id"), "the row has nothing to make an id of.", "Fill in one of them."
        )
        return None
    digest = hashlib.sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()[:8]
    made = activity_id = f"{way.prefix}{_slug(words)}-{digest}"[-_LONGEST_ID:]
    number = 1
    while activity_id in used:
        number += 1
        activity_id = f"{made}-{number}"
    if number > 1:
        facts.findings.note(
            facts.asked("id"),
            f"{used[made]} has the same words here; this activity got the id {activity_id}.",
            "Name a further column under fields.id in the mapping, or remove the row if it is the same.",
        )
    return activity_id


def _slug(words: list[str]) -> str:
    """A short name of plain letters, so that an id can be read and stand in an address."""
    word = next(word for word in words if word).translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-") or "row"


def _description(facts: Facts) -> str:
    told: list[str] = []
    stated = facts.find("description", join="\n\n")
    words = [stated.text] if stated else []
    words += [f"{column}: {text}" if column else text for column, text in facts.kept]
    for text in map(plain_text, words):
        if text and not any(text in earlier for earlier in told):
            told.append(text)
    description = "\n\n".join(told)
    if len(description) > _LONGEST_DESCRIPTION:
        facts.findings.mended(
            "description",
            f"it is longer than {_LONGEST_DESCRIPTION} characters; the rest was left out.",
            "Shorten it.",
        )
        description = description[:_LONGEST_DESCRIPTION]
    return description


def _coordinates(record: dict[str, Any], facts: Facts) -> None:
    place = record.get("place", {})
    lat, lon = place.get("lat"), place.get("lon")
    if lat is None and lon is None:
        return
    if lat is None or lon is None:
        missing, other = ("place.lat", "place.lon") if lat is None else ("place.lon", "place.lat")
        reason = f"it is not stated but {other} is; both were left out."
        facts.findings.mended(facts.column(missing), reason, "State both.")
    elif lat == 0 and lon == 0:
        facts.findings.mended(
            facts.column("place.lat"),
            "latitude and longitude 0 mean that nobody filled them in; they were left out.",
            "State where it is, or leave them empty.",
        )
    else:
        return
    del record["place"]["lat" if lat is not None else "lon"]
    record["place"].pop("lon", None)
    if not record["place"]:
        del record["place"]


def _ages(record: dict[str, Any], facts: Facts) -> None:
    ages = record.get("ages", {})
    if not ages:
        record.pop("ages", None)  # "Alle" states that there is no bound.
    elif None not in (low := ages.get("min"), high := ages.get("max")) and high < low:
        facts.findings.mended(
            facts.column("ages.max"),
            "the highest age is below the lowest; both were left out.",
            "Correct the ages.",
        )
        del record["ages"]
