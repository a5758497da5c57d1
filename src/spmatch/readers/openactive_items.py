"""What an OpenActive source holds: items of RPDE pages, and objects that stand alone."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmatch.errors import Problem
from spmatch.readers.json_files import Document, beginnings, documents
from spmatch.readers.stated import Findings, Record, text_of

Key = tuple[str, str, str]
"""What is one thing through all its states: the folder of its feed, its kind, and its id there."""

Modified = tuple[int, float, str]
"""When a state was given, in an order: not stated, numbers, texts."""

_LISTS = ("items", "@graph")
_PAGE_FIELDS = frozenset(("next", "license", "licence"))
_STATES = re.compile(r'"state"\s*:\s*"(?:updated|deleted)"')
_EMPTY_PAGE = re.compile(r'"items"\s*:\s*\[\s*\]')
_NEXT = re.compile(r'"next"\s*:\s*"')
_NAMED = re.compile(r"https?://(?:www\.)?openactive\.(?:io|org)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One state of one thing. ``data`` is ``None`` where it was deleted."""

    where: str
    key: Key | None
    modified: Modified
    data: Record | None
    record_id: str | None = None
    licence: str | None = None


def seems_openactive(path: Path) -> bool:
    """Whether one of the first files begins like a page of RPDE, or names OpenActive."""
    return any(
        '"resourceType"' not in text
        and (
            _STATES.search(text) is not None
            or (_EMPTY_PAGE.search(text) is not None and _NEXT.search(text) is not None)
            or _NAMED.search(text) is not None
        )
        for text in beginnings(path)
    )


def items_of(path: Path, licences: dict[str, str]) -> Iterator[Item | Problem]:
    """Every item of a source in order, and what is wrong with files, pages and items.

    ``licences`` takes up the licence of each page, which is mostly stated after its items: items
    have it when the source is read again. A source that is a single page which is not the last gives
    a note.
    """
    items: Counter[str] = Counter()
    for document in documents(path, _LISTS):
        if isinstance(document, Problem):
            yield document
        elif document.key == "items" and document.number is None:
            yield from _page_itself(document, licences)
            items[document.where] += 0
        elif document.key == "items":
            items[document.where] += 1
            licence = licences.get(document.where)
            where = f"{document.where}, item {document.number}"
            yield _item(document.value, where, document.folder, licence)
        elif document.key is not None and document.number is not None:
            yield _alone(document.value, f"{document.where}, record {document.number}")
        elif document.key is None:
            yield from _items(document)
    if len(items) == 1 and items.total() and not path.is_dir():
        yield Problem(
            path.name,
            "next",
            "this page is not the last one; the others were not given.",
            "Put all pages in a folder and give the folder.",
            "note",
        )


def is_page(value: object) -> bool:
    """Whether a value is a page of RPDE."""
    return isinstance(value, Mapping) and "items" in value and bool(_PAGE_FIELDS & set(value))


def kind_of(record: Record) -> str:
    """The type of an object without its namespace (``SessionSeries``); ``""`` when not stated."""
    stated = record.get("@type", record.get("type"))
    for name in stated if isinstance(stated, list) else [stated]:
        if isinstance(name, str) and name.strip():
            return term_of(name)
    return ""


def term_of(name: str) -> str:
    """The last part of an address or of a prefixed name: ``https://schema.org/Monday`` is Monday."""
    name = name.strip()
    return name[max(map(name.rfind, "/#:")) + 1 :]


def address_of(record: Record) -> str | None:
    """The address (``@id``) that names an object everywhere."""
    silent = Findings("")
    return text_of(record, "@id", silent) or text_of(record, "id", silent)


def identifier_of(record: Record) -> str | None:
    """What its own system calls an object: text, a number, or a PropertyValue that holds one."""
    silent = Findings("")
    stated = record.get("identifier")
    for one in stated if isinstance(stated, list) else [stated]:
        found = text_of(one if isinstance(one, Mapping) else {"value": one}, "value", silent)
        if found:
            return found
    return None


def _items(document: Document) -> Iterator[Item | Problem]:
    """The items of a value that was read as a whole: a page in a line, an item, or an object."""
    value, where = document.value, document.where
    if not isinstance(value, Mapping):
        yield Problem(where, "", "this is not an object.", "Write each item in braces.")
    elif is_page(value):
        licences: dict[str, str] = {}
        yield from _page_itself(document, licences)
        if not isinstance(value["items"], list):
            reason = "this is not a list."
            yield Problem(where, "items", reason, "Write the items in square brackets.")
            return
        for number, item in enumerate(value["items"], start=1):
            yield _item(item, f"{where}, item {number}", document.folder, licences.get(where))
    elif "state" in value and ("data" in value or "modified" in value):
        yield _item(value, where, document.folder, None)
    else:
        yield _alone(value, where)


def _page_itself(document: Document, licences: dict[str, str]) -> Iterator[Problem]:
    findings = Findings(document.where)
    page = document.value
    licence = text_of(page, "license", findings) or text_of(page, "licence", findings)
    if licence:
        licences[document.where] = licence
    yield from findings.problems


def _item(item: object, where: str, folder: str, licence: str | None) -> Item | Problem:
    if not isinstance(item, Mapping):
        return Problem(where, "", "this is not an object.", "Write each item in braces.")
    silent = Findings(where)
    name = text_of(item, "id", silent) or text_of(item, "@id", silent)
    state = (text_of(item, "state", silent) or "").casefold()
    data = item.get("data")
    if name is None:
        return Problem(where, "id", "the item has no id.", "Give it the id of its feed.")
    if state not in ("updated", "deleted"):
        return Problem(where, "state", "the state is not known.", "Write updated or deleted.")
    if state == "updated" and not isinstance(data, Mapping):
        return Problem(where, "data", "the item holds no object.", "Give the object as data.")
    # A kind may name what is embedded as well: SessionSeries.ScheduledSession.
    kind = term_of(text_of(item, "kind", silent) or "").partition(".")[0]
    key = (folder, kind.casefold(), name)
    if state == "deleted":
        return Item(where, key, _modified(item.get("modified")), None, name)
    if isinstance(data, Mapping) and not kind_of(data) and kind:
        data = {**data, "@type": kind}
    return Item(where, key, _modified(item.get("modified")), data, name, licence)


def _alone(record: object, where: str) -> Item | Problem:
    if not isinstance(record, Mapping):
        return Problem(where, "", "this is not an object.", "Write each item in braces.")
    licence = text_of(record, "license", Findings(where))
    return Item(where, None, (0, 0.0, ""), record, None, licence)


def _modified(stated: Any) -> Modified:
    """In the order of RPDE, whose times are numbers, or texts that sort as they are."""
    if isinstance(stated, str):
        stated = stated.strip()
        if re.fullmatch(r"\d{1,20}", stated):
            return (1, float(stated), stated.zfill(20))
        return (2, 0.0, stated[:100]) if stated else (0, 0.0, "")
    if isinstance(stated, int) and not isinstance(stated, bool):
        return (1, float(stated), str(stated).zfill(20)) if abs(stated) < 10**20 else (0, 0.0, "")
    if isinstance(stated, float) and math.isfinite(stated):
        return (1, stated, "")
    return (0, 0.0, "")
