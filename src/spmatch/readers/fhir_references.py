"""References between FHIR resources: inside a resource, inside a Bundle, and by absolute address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spmatch.readers.stated import Findings, Record, records_of, text_of

_VERSION = re.compile(r"/_history/[^/]*\Z")
_RELATIVE = re.compile(r"[A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_ABSOLUTE = re.compile(r"(?:https?|urn):", re.IGNORECASE)
_HEAVY = frozenset(("text", "hoursOfOperation", "contained"))

KEPT = ("Location", "Organization")
"""What a service refers to, and is held for it."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource and where it stands. ``address`` is the ``fullUrl`` of its entry, where stated."""

    where: str
    body: Record
    address: str | None = None

    @property
    def kind(self) -> str:
        stated = self.body.get("resourceType")
        return stated if isinstance(stated, str) else ""

    @property
    def id(self) -> str | None:
        """Its id; of one that was only just made up (``urn:uuid:…``) the id is in its address."""
        stated = text_of(self.body, "id", Findings(""))
        if stated is None and self.address and self.address.startswith("urn:"):
            return self.address.rpartition(":")[2] or None
        return stated


class References:
    """The locations and organizations of a source, found as services refer to them."""

    def __init__(self) -> None:
        self._by_address: dict[str, Record] = {}
        self._by_name: dict[str, list[tuple[str | None, Record]]] = {}
        self._contained: tuple[Record, dict[str, Record]] = ({}, {})

    def put(self, resource: Resource) -> None:
        """Take in what services may refer to. Of two with one address the later one holds."""
        if resource.kind not in KEPT:
            return
        body = {key: value for key, value in resource.body.items() if key not in _HEAVY}
        if resource.address:
            self._by_address[resource.address] = body
        if resource.id:
            named = self._by_name.setdefault(f"{resource.kind}/{resource.id}", [])
            named[:] = [one for one in named if one[0] != resource.address]
            named.append((resource.address, body))

    def find(self, reference: str, source: Resource) -> Record | None:
        """What a reference of a resource means, or ``None`` when it is not in the source.

        A relative reference is one of the same server, where the entry says which that is; otherwise
        there must be a single resource of that name.
        """
        if reference.startswith("#"):
            return self._inside(source.body).get(reference[1:])
        reference = _VERSION.sub("", reference)
        if _ABSOLUTE.match(reference):
            found = self._by_address.get(reference)
            if found is not None:
                return found
            # Exports without entries have no addresses, but their references may.
            name = "/".join(reference.split("/")[-2:])
            there = [body for address, body in self._by_name.get(name, ()) if address is None]
            return there[0] if len(there) == 1 else None
        if not _RELATIVE.fullmatch(reference):
            return None
        if source.address and _ABSOLUTE.match(source.address) and "/" in source.address:
            base = "/".join(source.address.split("/")[:-2])
            found = self._by_address.get(f"{base}/{reference}")
            if found is not None:
                return found
        there = [body for _, body in self._by_name.get(reference, ())]
        return there[0] if len(there) == 1 else None

    def _inside(self, body: Record) -> dict[str, Record]:
        """The contained resources of the resource that is being read, by their ids."""
        if self._contained[0] is not body:
            named: dict[str, Record] = {}
            for one in records_of(body, "contained", Findings("")):
                name = text_of(one, "id", Findings(""))
                if name:
                    named.setdefault(name.lstrip("#"), one)
            self._contained = body, named
        return self._contained[1]
