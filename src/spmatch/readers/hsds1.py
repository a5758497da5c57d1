"""HSDS 1.1: a folder of CSV tables, older names and shapes of what HSDS 3.0 holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds_activity import Usage
from spmatch.readers.hsds_table_rows import read_header
from spmatch.readers.hsds_tables import (
    Dialect,
    files_of_tables,
    folder_tables,
    read_tables,
    table_files,
)
from spmatch.readers.stated import Row

# Tables that only this version has, by which it is told from HSDS 3.0.
_OWN_TABLES = (
    "services_at_location",
    "physical_addresses",
    "postal_addresses",
    "regular_schedules",
    "holiday_schedules",
    "accessibility_for_disabilities",
    "eligibility",
    "service_taxonomy",
    "services_taxonomy",
)
_OWN_COLUMNS = frozenset(("id", "name", "organization_id"))


def _schedule(row: Row) -> bool:
    # All days of a week are often listed, the closed ones without times: such a row states nothing.
    if not (row.get("opens_at") or row.get("closes_at")):
        return False
    row["byday"] = row.get("weekday")
    row["freq"] = "WEEKLY"
    return True


def _address(row: Row) -> bool:
    row["address_type"] = "physical"
    return True


def _language(row: Row) -> bool:
    row["name"] = row.get("language")
    return True


def _term(row: Row) -> bool:
    row["code"] = row.get("id")
    row["taxonomy"] = row.get("vocabulary")
    return True


def _attribute(row: Row) -> bool:
    row["link_id"] = row.get("service_id")
    row["taxonomy_term_id"] = row.get("taxonomy_id")
    return True


def _service(row: Row) -> bool:
    eligible = [
        entry["eligibility"] for entry in row.get("eligibility", ()) if entry.get("eligibility")
    ]
    row["eligibility_description"] = "\n\n".join(eligible)
    return True


_DIALECT = Dialect(
    names={
        "services": ("services", "service"),
        "organizations": ("organizations", "organization"),
        "locations": ("locations", "location"),
        "service_at_locations": (
            "services_at_location",
            "services_at_locations",
            "service_at_location",
        ),
        # Postal addresses are left out: they are where letters go, not where it happens.
        "addresses": ("physical_addresses", "physical_address"),
        "schedules": ("regular_schedules", "regular_schedule"),
        "accessibility": ("accessibility_for_disabilities",),
        "languages": ("languages", "language"),
        "phones": ("phones", "phone"),
        "eligibility": ("eligibility", "eligibilities"),
        "attributes": ("service_taxonomy", "services_taxonomy"),
        "taxonomy_terms": ("taxonomy", "taxonomies"),
    },
    translations={
        "services": _service,
        "addresses": _address,
        "schedules": _schedule,
        "languages": _language,
        "attributes": _attribute,
        "taxonomy_terms": _term,
    },
)


class Hsds1Reader:
    """Reads a folder of HSDS 1.1 tables; any but the services may be missing."""

    name = "HSDS 1.1"

    def recognises(self, path: Path) -> bool:
        """A folder with HSDS services and at least one table that only HSDS 1.1 has."""
        return path.is_dir() and is_hsds1(path)

    def files(self, path: Path) -> list[Path]:
        return table_files(path)

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        # Without a services_at_location table nothing links a service to a location: that both name
        # one organization does not, even when it has a single location, for that may be its office.
        # Such services have no place, and the times of the locations are not theirs.
        yield from read_tables(
            folder_tables(path, _DIALECT),
            Usage(paragraphs=("description", "eligibility_description", "application_process")),
        )


def is_hsds1(folder: Path) -> bool:
    """Whether the tables of a folder are those of HSDS 1.1."""
    services = files_of_tables(folder, _DIALECT).get("services")
    there = {file.stem.casefold() for file in table_files(folder)}
    return (
        services is not None
        and there.intersection(_OWN_TABLES) != set()
        and set(read_header(services[0])) >= _OWN_COLUMNS
    )
