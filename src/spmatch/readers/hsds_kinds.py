"""What the objects of HSDS are, and by which facts its dialects are told from each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from spmatch.readers.stated import Record

Kind = Literal["service", "service_at_location", "organization", "other"]
Name = Literal["HSDS", "ORUK", "ORUK 1"]

SERVICE_FIELDS = frozenset(
    "organization organization_id status service_at_locations eligibility_description fees_description "
    "minimum_age maximum_age cost_options schedules assured_date interpretation_services "
    "application_process program program_id service_areas required_documents fees capacities".split()
)
_ORGANIZATION_FIELDS = frozenset(
    "website legal_status tax_status year_incorporated organization_identifiers locations "
    "parent_organization_id logo".split()
)
_LOCATION_FIELDS = frozenset("location_type latitude longitude transportation addresses".split())
_TERM_FIELDS = frozenset(
    "taxonomy taxonomy_id taxonomy_detail term_uri parent_id uri version".split()
)
_TAXONOMY_FIELDS = frozenset("id name description uri version metadata taxonomy_terms".split())
# Fields by which other formats say what they are.
_FOREIGN_FIELDS = frozenset("title @type @context resourceType items".split())

_ORUK1_SERVICE_FIELDS = frozenset(
    "service_taxonomys service_taxonomies eligibilitys eligibilities attending_access "
    "deliverable_type".split()
)
_ORUK1_FIELDS = _ORUK1_SERVICE_FIELDS | frozenset(
    "regular_schedules regular_schedule holiday_schedules physical_addresses attending_type "
    "link_taxonomies accessibility_for_disabilities".split()
)
# Facts, with the list or object that they stand in. Open Referral UK 3.0 adds the first to HSDS
# and leaves out the second.
_ADDED = frozenset(
    (
        ("accessibility", "accessibility"),
        ("taxonomy_term", "term"),
        ("taxonomy_terms", "term"),
        ("service_areas", "service_area"),
    )
)
_DROPPED = frozenset(
    (owner, field)
    for owner, fields in {
        "services": "alternate_name program program_id fees_description interpretation_services wait_time "
        "application_process eligibility_description licenses phones capacities additional_urls",
        "cost_options": "currency",
        "locations": "alternate_name transportation url",
        "languages": "name code",
        "schedules": "timezone count wkst byweekno byyearday",
    }.items()
    for field in fields.split()
)
_OWNERS = {
    "service": "services",
    "location": "locations",
    "organization": "organizations",
    "cost_option": "cost_options",
    "language": "languages",
    "schedule": "schedules",
}
_UNITED_KINGDOM = frozenset(
    (
        *("gb", "gbr", "uk", "united kingdom", "great britain"),
        *("england", "scotland", "wales", "cymru", "northern ireland", ""),
    )
)
_NAMED = re.compile(r"open\W{0,3}referral\W{0,3}uk|hsds-uk|\boruk\b|uk-profile", re.IGNORECASE)
_NAMING_FIELDS = ("version", "profile", "openapi_url", "homepage")
_DEEPEST = 8
_MOST_FACTS = 2_000


def kind_of(record: Record) -> Kind:
    """What an object of HSDS is; ``other`` also for what is not HSDS, or holds no services."""
    fields = set(record)
    if fields & _FOREIGN_FIELDS:
        return "other"
    if isinstance(record.get("service"), Mapping) or {"service_id", "location"} <= fields:
        return "service_at_location"
    if isinstance(record.get("services"), list) and "name" in fields:
        return "organization"
    known = SERVICE_FIELDS | _ORUK1_SERVICE_FIELDS
    if "name" in fields and fields & known and "location_type" not in fields:
        return "service"
    return "other"


def holds_no_service(record: Record) -> bool:
    """Whether an item of a list is surely not a service: an organization, a location or a term."""
    fields = set(record)
    return is_companion(record) or (
        bool(fields & (_ORGANIZATION_FIELDS | _LOCATION_FIELDS | _TERM_FIELDS))
        and not fields & (SERVICE_FIELDS | _ORUK1_FIELDS)
    )


def is_companion(record: Record) -> bool:
    """Whether this is an object that comes with HSDS services and is none: what an interface says
    of itself, a location, a taxonomy or a term of one."""
    fields = set(record)
    if fields & _FOREIGN_FIELDS:
        return False
    return (
        {"version", "openapi_url"} <= fields
        or {"id", "location_type"} <= fields
        or {"id", "name", "term_uri"} <= fields
        or {"id", "name", "taxonomy_detail"} <= fields
        or ({"id", "name", "uri", "version"} <= fields <= _TAXONOMY_FIELDS)
    )


class Marks:
    """What was seen of a source that tells its dialect. Only stated facts count."""

    def __init__(self) -> None:
        self._facts: set[tuple[str, str]] = set()
        self._named = False
        self._abroad = False
        self._older = False

    def see(self, record: Record, owner: str = "services") -> None:
        """Take an object into account; ``owner`` is the list that it stands in."""
        for place, field, value in _stated(record, owner):
            self._facts.add((place, field))
            self._older |= field in _ORUK1_FIELDS and (place, field) != (
                "schedules",
                "attending_type",
            )
            if field == "country" and isinstance(value, str):
                self._abroad |= value.strip().casefold() not in _UNITED_KINGDOM

    def see_older(self) -> None:
        """Take into account that something was seen which only Open Referral UK 1.0 has."""
        self._older = True

    def see_table(self, table: str, columns: Iterable[str]) -> None:
        """Take the columns of a table into account."""
        self._facts.update((table, column) for column in columns)

    def see_name(self, record: Record) -> None:
        """Take into account which standard a source says that it keeps to."""
        said = (record.get(field) for field in _NAMING_FIELDS)
        self._named |= any(isinstance(text, str) and bool(_NAMED.search(text)) for text in said)

    @property
    def dialect(self) -> Name:
        """The dialect that the facts are those of.

        Where a fact was seen that Open Referral UK leaves out it is HSDS, even beside one that only
        Open Referral UK has: then no currency is assumed, which is the safe side.
        """
        if self._older:
            return "ORUK 1"
        if self._named:
            return "ORUK"
        if self._facts & _DROPPED:
            return "HSDS"
        added = bool(self._facts & _ADDED)
        return (
            "ORUK"
            if added or (("services", "fees") in self._facts and not self._abroad)
            else "HSDS"
        )


def _stated(record: Record, owner: str) -> Iterator[tuple[str, str, Any]]:
    """Every stated fact of a record: where it stands, its name and its value; bounded."""
    left = _MOST_FACTS
    ahead: list[tuple[Record, str, int]] = [(record, owner, 0)]
    while ahead:
        part, place, depth = ahead.pop()
        for field, value in part.items():
            if value is None or value in ("", [], {}):
                continue
            left -= 1
            if left < 0:
                return
            yield place, field, value
            name = field.casefold().removesuffix(".csv")
            inside = _OWNERS.get(name, name)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping) and depth < _DEEPEST:
                    ahead.append((item, inside, depth + 1))
