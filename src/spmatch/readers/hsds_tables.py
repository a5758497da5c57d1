"""HSDS tables: a folder of CSV files, joined to services nested as HSDS 3.0 nests them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds_activity import activities_of
from spmatch.readers.stated import Row
from spmatch.readers.text_files import encoding_problem, read_lines


@dataclass(frozen=True)
class Dialect:
    """How one version of HSDS names its tables, and how their rows become those of HSDS 3.0.

    ``names`` gives for each table of HSDS 3.0 the file names to look for, without ``.csv``, first
    one wins. ``translations`` change a row in place; one that returns ``False`` states nothing.
    """

    names: Mapping[str, Sequence[str]]
    translations: Mapping[str, Callable[[Row], bool]] = field(default_factory=dict)


def find_tables(folder: Path, dialect: Dialect) -> dict[str, Path]:
    """The file of each table that is there. A ``datapackage.json`` may name other files."""
    there = {file.name.casefold(): file for file in sorted(folder.glob("*.[cC][sS][vV]"))}
    named = _package_files(folder)
    found: dict[str, Path] = {}
    for table, names in dialect.names.items():
        for file in (file for name in names for file in (named.get(name, ""), f"{name}.csv")):
            if file in there:
                found.setdefault(table, there[file])
    return found


class Tables:
    """The tables of one folder. All but the services are held in memory, grouped by their owner.

    ``problems`` holds what was found wrong in them.
    """

    def __init__(self, folder: Path, dialect: Dialect) -> None:
        self._files = find_tables(folder, dialect)
        self._dialect = dialect
        self.problems: list[Problem] = []
        self._by_id: dict[str, dict[str, Row]] = {}
        for table in ("organizations", "locations", "taxonomy_terms", "taxonomies"):
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
            self._add(organization, "organization_id", organization_id, "phones")

    def services(self) -> Iterator[Row | Problem]:
        """Each service, one by one, with its organization, service_at_locations and the rest inside."""
        seen: set[str] = set()
        for row in read_rows(self._files["services"]):
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
        if table not in self._files:
            return []
        translate = self._dialect.translations.get(table)
        rows: list[Row] = []
        for row in read_rows(self._files[table]):
            if isinstance(row, Problem):
                self.problems.append(row)
            elif translate is None or translate(row):
                rows.append(row)
        return rows

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
        own = ("phones", "schedules", "languages", "cost_options", "eligibility")
        self._add(service, "service_id", service_id, *own)
        self._add(service, "link_id", service_id, "attributes")
        for attribute in service.get("attributes", ()):
            self._add_term(attribute)
        self._add(service, "service_id", service_id, "service_at_locations")
        for link in service.get("service_at_locations", ()):
            self._add(link, "service_at_location_id", link.get("id") or "", "phones", "schedules")
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


_OWNERS = {
    "service_at_locations": ("service_id",),
    "phones": ("service_id", "organization_id", "service_at_location_id"),
    "schedules": ("service_id", "location_id", "service_at_location_id"),
    "languages": ("service_id", "location_id"),
    "addresses": ("location_id",),
    "accessibility": ("location_id",),
    "cost_options": ("service_id",),
    "attributes": ("link_id",),
    "eligibility": ("service_id",),
}


def read_tables(tables: Tables, paragraphs: tuple[str, ...]) -> Iterator[Activity | Problem]:
    """The activities of a folder of tables, in the order of its services.

    A fault in a row that many services share is told once.
    """
    told: set[Problem] = set()
    for service in tables.services():
        found: list[Activity | Problem] = [*tables.problems]
        tables.problems.clear()
        if isinstance(service, Problem):
            found.append(service)
        else:
            links = service.get("service_at_locations", [])
            found.extend(
                activities_of(
                    service,
                    links,
                    organization=service.get("organization"),
                    several=len(links) > 1,
                    where=service.where,
                    paragraphs=paragraphs,
                )
            )
        for item in found:
            if not isinstance(item, Problem):
                yield item
            elif item not in told:
                told.add(item)
                yield item
    yield from tables.problems


def _package_files(folder: Path) -> dict[str, str]:
    """The file of each resource of a tabular data package, as far as one can be read."""
    try:
        package = json.loads((folder / "datapackage.json").read_bytes())
        resources = package["resources"]
        return {str(r["name"]).casefold(): str(r["path"]).casefold() for r in resources}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # The package only describes the tables; they are there without it.
        return {}


def read_header(file: Path) -> list[str]:
    """The column names of a table, in lower case; none when the file cannot be read."""
    try:
        first = next(read_lines(file, []), "")
        return _names(next(csv.reader([first], delimiter=_delimiter(first)), []))
    except (OSError, csv.Error):
        return []


def read_rows(file: Path) -> Iterator[Row | Problem]:
    """Each row of a table, or the problem that kept it out, with the line on which it begins.

    Empty cells are left out, so that they are not stated; empty lines are skipped.
    """
    spoiled: list[int] = []
    lines = read_lines(file, spoiled)
    try:
        first = next(lines, "")
    except OSError:
        yield Problem(file.name, "", "the file cannot be opened.", "Check its permissions.")
        return
    header = _names(next(csv.reader([first], delimiter=_delimiter(first)), []))
    cells = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    while True:
        where = f"{file.name}, line {cells.line_num + 2}"
        try:
            values = next(cells)
        except StopIteration:
            break
        except csv.Error:
            yield Problem(
                where, "", "this row is not CSV: its quotes do not match.", "Correct the quotes."
            )
            continue
        if not any(value.strip() for value in values):
            continue
        if any(value.strip() for value in values[len(header) :]):
            yield Problem(
                where,
                "",
                f"this row has {len(values)} values for {len(header)} columns.",
                "Put values that hold a comma in quotes.",
            )
            continue
        filled = {
            name: value.strip()
            for name, value in zip(header, values, strict=False)
            if value.strip()
        }
        yield Row(filled, where)
    if spoiled:
        yield encoding_problem(file.name, spoiled)


def _names(header: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in header]


def _delimiter(header: str) -> str:
    """What stands between column names: spreadsheets of many countries write semicolons."""
    return max(",;\t", key=header.count)
