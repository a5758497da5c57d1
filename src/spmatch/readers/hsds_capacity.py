"""HSDS 3.1 service capacities to the room that is left."""

from __future__ import annotations

from spmatch.activity import Capacity
from spmatch.readers.stated import Findings, Record, number_of, record_of, records_of, text_of

# Only these count persons: there may be two beds, or forty kilograms, and no place for one more.
_OF_PERSONS = frozenset(
    "person persons people place places slot slots space spaces seat seats spot spots "
    "participant participants individual individuals".split()
)
_MOST = 1_000_000


def capacity_of(service: Record, findings: Findings) -> Capacity | None:
    """The places that are left, where one capacity counts persons; otherwise ``None``.

    ``maximum`` is how many there can be at all, which says nothing of those that are left.
    """
    left: set[int] = set()
    for capacity in records_of(service, "capacities", findings):
        inside = findings.within(capacity, "capacity")
        available = number_of(capacity, "available", inside)
        unit = record_of(capacity, "unit", inside) or {}
        name = text_of(unit, "name", inside) or text_of(unit, "identifier", inside)
        if available is None:
            continue
        if name and name.casefold() not in _OF_PERSONS:
            inside.note(
                "unit",
                "what is available is not counted in persons, and was not taken as places left.",
                "State places or people if that is what is meant.",
            )
        elif not 0 <= available <= _MOST:
            inside.mended("available", "this is no number of places.", "Correct the number.")
        else:
            left.add(int(available))
    if len(left) > 1:
        findings.mended(
            "capacities",
            "several numbers of places are stated; all were left out.",
            "State one for each service.",
        )
    return Capacity(places_left=left.pop()) if len(left) == 1 else None
