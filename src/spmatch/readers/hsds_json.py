"""The services in JSON files of HSDS and its dialects: nested, in lists, in pages and in lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds_activity import Usage, activities_of
from spmatch.readers.hsds_files import PAGE_FIELDS, PAGE_LISTS, hsds_files, is_lines, is_tabular
from spmatch.readers.hsds_kinds import holds_no_service, is_companion, kind_of
from spmatch.readers.hsds_tables import json_tables
from spmatch.readers.json_files import json_lines
from spmatch.readers.json_stream import BrokenJson, read_parts
from spmatch.readers.listing import named
from spmatch.readers.stated import Findings, Record, Row, record_of, records_of, text_of
from spmatch.readers.text_files import encoding_problem

_APART = re.compile(rb'"service"\s*:|"organization_id"\s*:')
_SCANNED = 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a document: a service, with the location it was found at or with its
    organization; or an organization alone, which is no service."""

    service: Record | None
    where: str
    link: Record | None = None
    organization: Record | None = None


Translated = tuple[Found, Mapping[str, Any], list[Problem]]
"""What was found in the shape of HSDS 3.0, further facts of its activities, and its problems."""


@dataclass
class Apart:
    """What stands apart from the services that it belongs to, often on other pages: at which
    locations a service is, and the organizations that services name by id."""

    locations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    organizations: dict[str, Record] = field(default_factory=dict)


def services_in(path: Path) -> Iterator[Found | Problem]:
    """Every service of all JSON files of a source, in order, and what is wrong with the files."""
    for file in hsds_files(path):
        name = named(file, path)
        spoiled: list[int] = []
        try:
            yield from (
                _lines(file, name, spoiled)
                if is_lines(file)
                else _document(file, name, spoiled, path)
            )
        except OSError:
            yield Problem(name, "", "the file cannot be opened.", "Check its permissions.")
        if spoiled:
            yield encoding_problem(name, spoiled)


def stands_apart(path: Path) -> Apart:
    """What has to be known before the services are read. A source is read twice only when a quick
    look at its bytes finds that there may be such things."""
    apart = Apart()
    if not any(_mentions_apart(file) for file in hsds_files(path)):
        return apart
    for found in services_in(path):
        if isinstance(found, Problem):
            continue
        silent = Findings(found.where)
        if found.service is None:
            organization_id = text_of(found.organization or {}, "id", silent)
            if organization_id and found.organization:
                apart.organizations.setdefault(organization_id, found.organization)
        elif found.link is not None:
            service_id, location_id = ids_of(found)
            apart.locations[service_id].add(location_id)
    return apart


def ids_of(found: Found) -> tuple[str, str]:
    """The ids of a service and of the location that it was found at."""
    silent = Findings(found.where)
    link = found.link or {}
    location = record_of(link, "location", silent) or {}
    location_id = text_of(location, "id", silent) or text_of(link, "location_id", silent)
    link_id = text_of(link, "id", silent)
    return text_of(found.service or {}, "id", silent) or "", location_id or link_id or ""


def read_json(
    path: Path, usage: Usage, translate: Callable[[Found], Translated] | None = None
) -> Iterator[Activity | Problem]:
    """The activities of all JSON files of a source, each after the problems found in it.

    ``translate`` turns what was found in a dialect into the shape of HSDS 3.0.
    """
    apart = stands_apart(path)
    told: set[Problem] = set()
    for found in services_in(path):
        if isinstance(found, Problem):
            yield found
        elif found.service is not None:
            own: set[Problem] = set()
            for item in _activities(found, apart, usage, translate):
                if not isinstance(item, Problem):
                    yield item
                    continue
                # Rows of tables may be shared; what is wrong in a record itself comes only with it.
                earlier = own if item.where == found.where else told
                if item not in earlier:
                    earlier.add(item)
                    yield item


def _activities(
    found: Found,
    apart: Apart,
    usage: Usage,
    translate: Callable[[Found], Translated] | None,
) -> Iterator[Activity | Problem]:
    several = found.link is not None and len(apart.locations[ids_of(found)[0]]) > 1
    further: Mapping[str, Any] = {}
    if translate:
        found, further, problems = translate(found)
        yield from problems
    service = found.service or {}
    findings = Findings(found.where)
    if found.link is not None:
        links = [found.link]
    else:
        links = records_of(service, "service_at_locations", findings)
        several = len(links) > 1
    organization = record_of(service, "organization", findings) or found.organization
    named = text_of(service, "organization_id", findings)
    yield from findings.problems
    yield from activities_of(
        service,
        links,
        organization=organization or apart.organizations.get(named or ""),
        several=several,
        where=found.where,
        usage=usage,
        further=further,
    )


def _mentions_apart(file: Path) -> bool:
    try:
        with file.open("rb") as data:
            before = b""
            while block := data.read(_SCANNED):
                # Half of the bytes of UTF-16 are none of the names.
                if b"\0" in block or _APART.search(before + block):
                    return True
                before = block[-64:]
    except OSError:
        pass
    return False


def _lines(file: Path, name: str, spoiled: list[int]) -> Iterator[Found | Problem]:
    for line in json_lines(file, name, spoiled):
        if isinstance(line, Problem):
            yield line
        else:
            number, record = line
            yield from _item(record, f"{name}, line {number}")


def _document(file: Path, name: str, spoiled: list[int], path: Path) -> Iterator[Found | Problem]:
    whole: dict[str, Any] = {}
    listed = held = False
    try:
        for part in read_parts(file, spoiled, PAGE_LISTS):
            listed |= part.number == 0
            if part.number:
                for found in _item(part.value, f"{name}, record {part.number}"):
                    held |= isinstance(found, Problem) or found.service is not None
                    yield found
            elif part.key is not None and part.number is None:
                whole[part.key] = part.value
            elif part.number is None:
                held = True
                yield from _item(part.value, f"{name}, record 1")
    except BrokenJson as broken:
        yield broken.problem(name)
        return
    for key in PAGE_LISTS & set(whole):
        if PAGE_FIELDS[key] & set(whole):
            remedy = "Write the services in square brackets."
            yield Problem(name, key, "this is not a list.", remedy)
            return
    if not listed:
        for found in _single(whole, name):
            held |= isinstance(found, Problem) or found.service is not None
            yield found
    if not held:
        reason = "there are no services in it."
        yield Problem(name, "", reason, "Give services with their details inside.", "note")
    for field_name in ("last_page", "last"):
        if held and listed and whole.get(field_name) is False and not path.is_dir():
            yield Problem(
                name,
                field_name,
                "this page is not the last one; the others were not given.",
                "Put all pages in a folder and give the folder.",
                "note",
            )


def _single(document: Record, name: str) -> Iterator[Found | Problem]:
    """What a document is that is neither a list nor a page."""
    if is_tabular(document):
        yield from _tables(document, name)
    elif kind_of(document) != "other" or holds_no_service(document):
        yield from _item(document, f"{name}, record 1")


def _tables(document: Record, name: str) -> Iterator[Found | Problem]:
    tables = json_tables(document, name)
    for service in tables.services():
        yield from tables.problems
        tables.problems.clear()
        yield Found(service, service.where) if isinstance(service, Row) else service
    yield from tables.problems


def _item(item: object, where: str) -> Iterator[Found | Problem]:
    if not isinstance(item, Mapping):
        yield Problem(where, "", "this is not an object.", "Write each service in braces.")
        return
    kind = kind_of(item)
    if kind == "service_at_location":
        if isinstance(item.get("service"), Mapping):
            yield Found(item["service"], where, link=item)
        else:
            yield Problem(
                where, "service", "the service is not inside.", "Give it with full details."
            )
    elif kind == "organization":
        organization = {key: value for key, value in item.items() if key != "services"}
        for number, service in enumerate(item["services"], start=1):
            inside = f"{where}, service {number}"
            if isinstance(service, Mapping):
                yield Found(service, inside, organization=organization)
            else:
                yield Problem(inside, "", "this is not an object.", "Write each service in braces.")
    elif kind == "service" or not holds_no_service(item):
        yield Found(item, where)
    elif not is_companion(item):
        yield Found(None, where, organization=item)
