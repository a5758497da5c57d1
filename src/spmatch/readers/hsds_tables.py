"""HSDS tables: CSV files, or rows in JSON, joined to services nested as HSDS 3.0 nests them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds_activity import Usage, activities_of
from spmatch.readers.hsds_table_rows import Rows, read_rows, rows_in_json
from spmatch.readers.listing import files_with
from spmatch.readers.stated import Row

_LARGEST_PACKAGE = 2**24
_SUFFIX = (".csv",)


@dataclass(frozen=True)
class Dialect:
    """How one version of HSDS names its tables, and how their rows become those of HSDS 3.0.

    ``names`` gives for each table of HSDS 3.0 the file names to look for, without ``.csv``, first
    one wins. ``translations`` change a row in place; one that returns ``False`` states nothing.
    """

    names: Mapping[str, Sequence[str]]
    translations: Mapping[str, Callable[[Row], bool]] = field(default_factory=dict)


HSDS_TABLES = Dialect(
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
        "contacts": ("contacts", "contact"),
        "phones": ("phones", "phone"),
        "cost_options": ("cost_options", "cost_option"),
        "attributes": ("attributes", "attribute"),
        "taxonomy_terms": ("taxonomy_terms", "taxonomy_term"),
        "taxonomies": ("taxonomies", "taxonomy"),
        "capacities": ("service_capacity", "service_capacities"),
        "units": ("units", "unit"),
        "additional_urls": ("url", "urls"),
    }
)
"""The tables of HSDS 3.0, and those that 3.1 adds."""


def table_files(folder: Path) -> list[Path]:
    """The CSV files of a folder: tables are known by their names, so those of one folder only."""
    return [file for file in files_with(folder, _SUFFIX, deep=1) if file.suffix.lower() in _SUFFIX]


def files_of_tables(folder: Path, dialect: Dialect) -> dict[str, list[Path]]:
    """The files of each table that is there; where there are several, the first one counts.

    A ``datapackage.json`` may name other files.
    """
    there = {file.name.casefold(): file for file in table_files(folder)}
    named = _package_files(folder)
    found: dict[str, list[Path]] = {}
    for table, names in dialect.names.items():
        candidates = [file for name in names for file in (named.get(name, ""), f"{name}.csv")]
        files = [there[file] for file in dict.fromkeys(candidates) if file in there]
        if files:
            found[table] = files
    return found


def folder_tables(folder: Path, dialect: Dialect) -> Tables:
    """The tables of a folder of CSV files."""
    files = files_of_tables(folder, dialect)
    tables = Tables(
        {table: partial(read_rows, several[0]) for table, several in files.items()}, dialect
    )
    if "services" not in files:
        reason = "there is no table of services in it."
        tables.problems.append(
            Problem(folder.name, "", reason, "Give services.csv and the others.")
        )
    for several in files.values():
        for other in several[1:]:
            tables.problems.append(
                Problem(
                    other.name,
                    "",
                    f"it holds the same table as {several[0].name} and was not read.",
                    "Keep one of the two.",
                    "note",
                )
            )
    return tables


def json_tables(document: Mapping[str, object], name: str) -> Tables:
    """The tables of a JSON object whose members are named as the files of tables would be."""
    there = {key.casefold().removesuffix(".csv"): key for key in document}
    return Tables(
        {
            table: partial(rows_in_json, document[there[stem]], f"{name}, {there[stem]}")
            for table, names in HSDS_TABLES.names.items()
            for stem in names[::-1]
            if stem in there
        },
        HSDS_TABLES,
    )


class Tables:
    """Tables by their names. All but the services are held in memory, grouped by their owner.

    ``problems`` holds what was found wrong in them.
    """

    def __init__(self, tables: Mapping[str, Rows], dialect: Dialect) -> None:
        self._tables = tables
        self._dialect = dialect
        self.problems: list[Problem] = []
        self._by_id: dict[str, dict[str, Row]] = {}
        for table in ("organizations", "locations", "taxonomy_terms", "taxonomies", "units"):
            # Reversed, so that the first of two rows with one id is kept.
            self._by_id[table] = {
                row["id"]: row for row in reversed(self._rows(table)) if row.get("id")
            }
        self._owned: dict[tuple[str, str], dict[str, list[Row]]] = {}
        for table, owners in _OWNERS.items():
            rows = self._rows(table)
            for owner in owners:
                grouped = self._owned[table, owner] = defaultdict(list)
                for row in rows:
                    if row.get(owner):
                        grouped[row[owner]].append(row)
        for contact in self._owned_rows("contacts"):
            self._add(contact, "contact_id", contact.get("id") or "", "phones")
        for capacity in self._owned_rows("capacities"):
            unit = self._by_id["units"].get(capacity.get("unit_id") or "")
            if unit:
                capacity["unit"] = unit
        for location_id, location in self._by_id["locations"].items():
            self._add(
                location,
                "location_id",
                location_id,
                "addresses",
                "accessibility",
                "languages",
                "schedules",
            )
        for organization_id, organization in self._by_id["organizations"].items():
            self._add(organization, "organization_id", organization_id, "phones", "contacts")

    def services(self) -> Iterator[Row | Problem]:
        """Each service, one by one, with its organization, service_at_locations and the rest inside."""
        seen: set[str] = set()
        for row in self._tables.get("services", lambda: iter(()))():
            if isinstance(row, Row):
                seen.add(row.get("id", ""))
                yield self._nested(row)
            else:
                yield row
        for service_id, links in self._owned["service_at_locations", "service_id"].items():
            if service_id not in seen:
                for link in links:
                    yield Problem(
                        link.where,
                        "service_id",
                        "there is no service of this id.",
                        "Correct it, or add the service.",
                    )

    def _rows(self, table: str) -> list[Row]:
        if table not in self._tables:
            return []
        translate = self._dialect.translations.get(table)
        rows: list[Row] = []
        for row in self._tables[table]():
            if isinstance(row, Problem):
                self.problems.append(row)
            elif translate is None or translate(row):
                rows.append(row)
        return rows

    def _owned_rows(self, table: str) -> Iterator[Row]:
        for owner in _OWNERS[table]:
            for rows in self._owned[table, owner].values():
                yield from rows

    def _add(self, record: Row, owner: str, owner_id: str, *tables: str) -> None:
        for table in tables:
            rows = self._owned[table, owner].get(owner_id)
            if rows:
                record[table] = rows

    def _nested(self, service: Row) -> Row:
        service_id = service.get("id") or ""
        organization = self._by_id["organizations"].get(service.get("organization_id") or "")
        if organization:
            service["organization"] = organization
        self._add(service, "service_id", service_id, *_OF_SERVICES)
        self._add(service, "link_id", service_id, "attributes")
        for attribute in service.get("attributes", ()):
            self._add_term(attribute)
        self._add(service, "service_id", service_id, "service_at_locations")
        for link in service.get("service_at_locations", ()):
            self._add(link, "service_at_location_id", link.get("id") or "", *_OF_LINKS)
            location = self._by_id["locations"].get(link.get("location_id") or "")
            if location:
                link["location"] = location
            else:
                self.problems.append(
                    Problem(
                        link.where,
                        "location_id",
                        "there is no location of this id; the service is kept without a place.",
                        "Correct it, or add the location.",
                        "mended",
                    )
                )
        translate = self._dialect.translations.get("services")
        if translate:
            translate(service)
        return service

    def _add_term(self, attribute: Row) -> None:
        term = self._by_id["taxonomy_terms"].get(attribute.get("taxonomy_term_id") or "")
        if term:
            attribute["taxonomy_term"] = term
            taxonomy = self._by_id["taxonomies"].get(term.get("taxonomy_id") or "")
            if taxonomy:
                term["taxonomy_detail"] = taxonomy


_OF_SERVICES = (
    *("phones", "contacts", "schedules", "languages", "cost_options", "eligibility"),
    *("capacities", "additional_urls"),
)
_OF_LINKS = ("phones", "contacts", "schedules")
_OWNERS = {
    "service_at_locations": ("service_id",),
    "phones": ("service_id", "organization_id", "service_at_location_id", "contact_id"),
    "contacts": ("service_id", "organization_id", "service_at_location_id"),
    "schedules": ("service_id", "location_id", "service_at_location_id"),
    "languages": ("service_id", "location_id"),
    "addresses": ("location_id",),
    "accessibility": ("location_id",),
    "cost_options": ("service_id",),
    "attributes": ("link_id",),
    "eligibility": ("service_id",),
    "capacities": ("service_id",),
    "additional_urls": ("service_id",),
}


def read_tables(tables: Tables, usage: Usage) -> Iterator[Activity | Problem]:
    """The activities of tables, in the order of the services.

    A fault in a row that many services share is told once.
    """
    told: set[Problem] = set()
    for service in tables.services():
        found: list[Activity | Problem] = [*tables.problems]
        tables.problems.clear()
        where = ""
        if isinstance(service, Problem):
            found.append(service)
        else:
            where = service.where
            links = service.get("service_at_locations", [])
            found.extend(
                activities_of(
                    service,
                    links,
                    organization=service.get("organization"),
                    several=len(links) > 1,
                    where=where,
                    usage=usage,
                )
            )
        own: set[Problem] = set()
        for item in found:
            if not isinstance(item, Problem):
                yield item
                continue
            # Those of a service itself need not be remembered once it is done.
            earlier = own if item.where == where else told
            if item not in earlier:
                earlier.add(item)
                yield item
    yield from tables.problems


def package_of(folder: Path) -> Mapping[str, Any]:
    """What a tabular data package says of itself; nothing where there is none that can be read."""
    file = folder / "datapackage.json"
    if file not in files_with(folder, (".json",), deep=1):
        return {}
    try:
        with file.open("rb") as data:
            package = json.loads(data.read(_LARGEST_PACKAGE))
    except (OSError, ValueError, RecursionError):
        # The package only describes the tables; they are there without it.
        return {}
    return package if isinstance(package, dict) else {}


def _package_files(folder: Path) -> dict[str, str]:
    """The file of each resource of a tabular data package, as far as one can be read."""
    try:
        resources = package_of(folder)["resources"]
        return {str(r["name"]).casefold(): str(r["path"]).casefold() for r in resources}
    except (KeyError, TypeError):
        return {}
