"""HSDS 3.0: nested JSON, API pages, JSON Lines, and tables in a folder of CSV files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds1 import is_hsds1
from spmatch.readers.hsds_activity import activities_of
from spmatch.readers.hsds_tables import Dialect, Tables, find_tables, read_header, read_tables
from spmatch.readers.stated import Findings, Record, record_of, records_of, text_of
from spmatch.readers.text_files import encoding_problem, read_lines

_DIALECT = Dialect(
    names={
        "services": ("services", "service"),
        "organizations": ("organizations", "organization"),
        "locations": ("locations", "location"),
        "service_at_locations": (
            "service_at_locations",
            "service_at_location",
            "services_at_location",
        ),
        "addresses": ("addresses", "address"),
        "schedules": ("schedules", "schedule"),
        "accessibility": ("accessibility", "accessibilities"),
        "languages": ("languages", "language"),
        "phones": ("phones", "phone"),
        "cost_options": ("cost_options", "cost_option"),
        "attributes": ("attributes", "attribute"),
        "taxonomy_terms": ("taxonomy_terms", "taxonomy_term"),
        "taxonomies": ("taxonomies", "taxonomy"),
    }
)
_TABLE_COLUMNS = frozenset(("id", "name", "organization_id"))

_SERVICE_FIELDS = frozenset(
    "organization organization_id status service_at_locations eligibility_description fees_description "
    "minimum_age maximum_age cost_options schedules assured_date interpretation_services "
    "application_process program program_id service_areas required_documents".split()
)
_ORGANIZATION_FIELDS = frozenset(
    "website legal_status tax_status year_incorporated organization_identifiers locations "
    "parent_organization_id".split()
)
_LOCATION_FIELDS = frozenset("location_type latitude longitude transportation addresses".split())
_TERM_FIELDS = frozenset(
    "taxonomy taxonomy_id taxonomy_detail term_uri parent_id uri version".split()
)
# Fields by which other formats say what they are.
_FOREIGN_FIELDS = frozenset("title @type @context resourceType totalElements items".split())
# Names that stand in a damaged file which was HSDS.
_TELLING_NAMES = (
    '"service_at_locations"',
    '"cost_options"',
    '"fees_description"',
    '"eligibility_description"',
    '"assured_date"',
    '"organization_id"',
    '"total_items"',
)
_LOOKED_AT_FILES = 20
_LOOKED_AT_CHARACTERS = 65_536

_Kind = Literal["service", "service_at_location", "organization", "other"]


@dataclass(frozen=True, slots=True)
class _Found:
    """A service in a document: with the location it was found at, or with its organization."""

    service: Record
    where: str
    link: Record | None = None
    organization: Record | None = None


class HsdsReader:
    """Reads HSDS 3.0 in each of its layouts."""

    name = "HSDS 3.0"

    def recognises(self, path: Path) -> bool:
        """A folder of HSDS tables, or JSON that holds HSDS services, organizations or pages."""
        if _has_tables(path):
            return True
        return any(_is_hsds(file) for file in islice(_json_files(path), _LOOKED_AT_FILES))

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        if _has_tables(path):
            yield from read_tables(
                Tables(path, _DIALECT), ("description", "eligibility_description")
            )
            return
        told: set[Problem] = set()
        locations = _locations_by_service(path)
        for found in _services(path):
            for item in [found] if isinstance(found, Problem) else _activities(found, locations):
                if not isinstance(item, Problem):
                    yield item
                elif item not in told:
                    told.add(item)
                    yield item


def _has_tables(path: Path) -> bool:
    if not path.is_dir() or is_hsds1(path):
        return False
    services = find_tables(path, _DIALECT).get("services")
    return services is not None and set(read_header(services)) >= _TABLE_COLUMNS


def _json_files(path: Path) -> Iterator[Path]:
    """The JSON files of a source: itself, or those in a folder and in the folders inside it."""
    files = sorted({*path.glob("*"), *path.glob("*/*")}) if path.is_dir() else [path]
    for file in files:
        # A data package describes tables; it holds no services.
        if (
            file.suffix.lower() in (".json", ".jsonl", ".ndjson")
            and file.name != "datapackage.json"
        ):
            yield file


def _is_lines(file: Path) -> bool:
    return file.suffix.lower() in (".jsonl", ".ndjson")


def _is_hsds(file: Path) -> bool:
    try:
        lines = read_lines(file, [])
        text = next(filter(str.strip, lines), "") if _is_lines(file) else "".join(lines)
    except OSError:
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return any(name in text[:_LOOKED_AT_CHARACTERS] for name in _TELLING_NAMES)
    if isinstance(document, list):
        return any(isinstance(item, Mapping) and _kind(item) != "other" for item in document[:1])
    return isinstance(document, Mapping) and (_is_page(document) or _kind(document) != "other")


def _is_page(document: Mapping[str, Any]) -> bool:
    return "contents" in document and bool(
        {"total_items", "total_pages", "page_number"} & set(document)
    )


def _is_first_of_many(document: object) -> bool:
    return (
        isinstance(document, Mapping) and _is_page(document) and document.get("last_page") is False
    )


def _kind(record: Record) -> _Kind:
    """What an object of HSDS is; ``other`` also for what is not HSDS, or holds no services."""
    fields = set(record)
    if fields & _FOREIGN_FIELDS:
        return "other"
    if isinstance(record.get("service"), Mapping) or {"service_id", "location"} <= fields:
        return "service_at_location"
    if isinstance(record.get("services"), list) and "name" in fields:
        return "organization"
    if "name" in fields and fields & _SERVICE_FIELDS and "location_type" not in fields:
        return "service"
    return "other"


def _holds_no_service(record: Record) -> bool:
    """Whether an item of a list is surely not a service: an organization, a location or a term."""
    fields = set(record)
    return (
        bool(fields & (_ORGANIZATION_FIELDS | _LOCATION_FIELDS | _TERM_FIELDS))
        and not fields & _SERVICE_FIELDS
    )


def _locations_by_service(path: Path) -> dict[str, set[str]]:
    """At which locations each service is, as far as service_at_location objects say.

    They stand apart, often on different pages, so that one pass over the source has to come first.
    """
    locations: dict[str, set[str]] = defaultdict(set)
    for found in _services(path):
        if isinstance(found, _Found) and found.link is not None:
            service_id, location_id = _ids(found)
            locations[service_id].add(location_id)
    return locations


def _ids(found: _Found) -> tuple[str, str]:
    silent = Findings(found.where)
    link = found.link or {}
    location = record_of(link, "location", silent) or {}
    location_id = text_of(location, "id", silent) or text_of(link, "location_id", silent)
    return text_of(found.service, "id", silent) or "", location_id or text_of(
        link, "id", silent
    ) or ""


def _activities(found: _Found, locations: Mapping[str, set[str]]) -> Iterator[Activity | Problem]:
    findings = Findings(found.where)
    if found.link is not None:
        links = [found.link]
        several = len(locations[_ids(found)[0]]) > 1
    else:
        links = records_of(found.service, "service_at_locations", findings)
        several = len(links) > 1
    organization = record_of(found.service, "organization", findings) or found.organization
    yield from findings.problems
    yield from activities_of(
        found.service, links, organization=organization, several=several, where=found.where
    )


def _services(path: Path) -> Iterator[_Found | Problem]:
    """Every service of all JSON files of a source, in order, and what is wrong with the files."""
    for file in _json_files(path):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        spoiled: list[int] = []
        try:
            yield from (
                _lines(file, name, spoiled)
                if _is_lines(file)
                else _document(file, name, spoiled, path)
            )
        except OSError:
            yield Problem(name, "", "the file cannot be opened.", "Check its permissions.")
        if spoiled:
            yield encoding_problem(name, spoiled)


def _lines(file: Path, name: str, spoiled: list[int]) -> Iterator[_Found | Problem]:
    for number, line in enumerate(read_lines(file, spoiled), start=1):
        if line.strip():
            where = f"{name}, line {number}"
            record = _parsed(line.rstrip(), where, first_line=number)
            yield from [record] if isinstance(record, Problem) else _item(record, where)


def _document(file: Path, name: str, spoiled: list[int], path: Path) -> Iterator[_Found | Problem]:
    document = _parsed("".join(read_lines(file, spoiled)), name, first_line=1)
    if isinstance(document, Problem):
        yield document
        return
    items: object = [document]
    if isinstance(document, list):
        items = document
    elif isinstance(document, Mapping) and _is_page(document):
        items = document["contents"]
    elif isinstance(document, Mapping) and _kind(document) == "other":
        items = []
    if not isinstance(items, list):
        yield Problem(
            name, "contents", "this is not a list.", "Write the services in square brackets."
        )
        return
    held = False
    for number, item in enumerate(items, start=1):
        for found in _item(item, f"{name}, record {number}"):
            held = True
            yield found
    if not held:
        yield Problem(
            name,
            "",
            "there are no services in it.",
            "Give services with their details inside.",
            "note",
        )
    elif _is_first_of_many(document) and not path.is_dir():
        yield Problem(
            name,
            "last_page",
            "this page is not the last one; the others were not given.",
            "Put all pages in a folder and give the folder.",
            "note",
        )


def _parsed(text: str, where: str, *, first_line: int) -> Any:
    """The JSON value of a text, or the problem that it is none, with the line where it broke."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        place = where if f"line {line}" in where else f"{where}, line {line}"
        whole = (
            "it ends too early"
            if error.pos >= len(text.rstrip())
            else f"it breaks at column {error.colno}"
        )
        return Problem(
            place, "", f"this is not JSON: {whole}.", "Check commas, quotes and brackets."
        )
    except (ValueError, RecursionError):
        return Problem(where, "", "this is not JSON that can be read.", "Check the file.")


def _item(item: object, where: str) -> Iterator[_Found | Problem]:
    if not isinstance(item, Mapping):
        yield Problem(where, "", "this is not an object.", "Write each service in braces.")
        return
    kind = _kind(item)
    if kind == "service_at_location":
        if isinstance(item.get("service"), Mapping):
            yield _Found(item["service"], where, link=item)
        else:
            yield Problem(
                where, "service", "the service is not inside.", "Give it with full details."
            )
    elif kind == "organization":
        organization = {key: value for key, value in item.items() if key != "services"}
        for number, service in enumerate(item["services"], start=1):
            inside = f"{where}, service {number}"
            if isinstance(service, Mapping):
                yield _Found(service, inside, organization=organization)
            else:
                yield Problem(inside, "", "this is not an object.", "Write each service in braces.")
    elif kind == "service" or not _holds_no_service(item):
        yield _Found(item, where)
