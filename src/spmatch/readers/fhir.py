"""FHIR R4: Bundles of HealthcareService with Location and Organization, and NDJSON of resources.

A source is read twice: first what services refer to is gathered, which may stand on another page
or in another file; then each service becomes activities.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.fhir_activity import activities_of
from spmatch.readers.fhir_references import KEPT, References, Resource
from spmatch.readers.json_files import Document, beginnings, documents, json_files
from spmatch.readers.stated import Findings, record_of, records_of, text_of

_SERVICE = "HealthcareService"
_RESOURCE = re.compile(
    r'"resourceType"\s*:\s*"(?:Bundle|HealthcareService|Location|Organization|OperationOutcome)"'
)


class FhirReader:
    """Reads services of FHIR R4."""

    name = "FHIR R4"

    def recognises(self, path: Path) -> bool:
        """JSON that begins like a Bundle, or like a resource that a directory of services holds."""
        return any(_RESOURCE.search(text) for text in beginnings(path))

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        references = References()
        for resource in _resources(path, Counter()):
            if isinstance(resource, Resource):
                references.put(resource)
        tally: Counter[str] = Counter()
        told: set[Problem] = set()
        for resource in _resources(path, tally):
            if isinstance(resource, Problem):
                found: Iterator[Activity | Problem] = iter([resource])
            else:
                found = _read(resource, references, tally)
            for one in found:
                if not isinstance(one, Problem):
                    yield one
                elif one not in told:
                    told.add(one)
                    yield one
        yield from _told_once(path.name, tally)

    def files(self, path: Path) -> list[Path]:
        return json_files(path)


def _read(
    resource: Resource, references: References, tally: Counter[str]
) -> Iterator[Activity | Problem]:
    if resource.kind == _SERVICE:
        tally["services"] += 1
        yield from activities_of(resource, references)
    elif not resource.kind:
        yield Problem(
            resource.where, "resourceType", "it is not stated.", "State what the resource is."
        )
    elif resource.kind not in (*KEPT, "OperationOutcome"):
        tally["others"] += 1


def _told_once(name: str, tally: Counter[str]) -> Iterator[Problem]:
    """Notes on the whole source."""
    if tally["others"]:
        reason = f"resources that are no services were passed over: {tally['others']}."
        yield Problem(name, "entry", reason, "Nothing to mend.", "note")
    if tally["removed"]:
        reason = f"entries that remove something were passed over: {tally['removed']}."
        yield Problem(name, "entry.request", reason, "Nothing to mend.", "note")
    if tally["bundles"] and tally["bundles"] == tally["unfinished"]:
        yield Problem(
            name,
            "link",
            "a next page is named; it was not given.",
            "Put all pages in a folder and give the folder.",
            "note",
        )
    if not tally["services"]:
        yield Problem(
            name, "", "there are no services in it.", f"Give resources of {_SERVICE}.", "note"
        )


def _resources(path: Path, tally: Counter[str]) -> Iterator[Resource | Problem]:
    """Every resource of a source in order, and what is wrong with files, Bundles and entries."""
    for document in documents(path, ("entry",)):
        if isinstance(document, Problem):
            yield document
        elif document.number is not None:
            yield from _entry(document.value, f"{document.where}, entry {document.number}", tally)
        elif document.key is not None:
            yield from _bundle(document, tally)
        elif not isinstance(document.value, Mapping):
            reason = "this is not an object."
            yield Problem(document.where, "", reason, "Write each one in braces.")
        elif document.value.get("resourceType") == "Bundle":
            yield from _bundle(document, tally)
            entries = document.value.get("entry", [])
            if not isinstance(entries, list):
                reason = "this is not a list."
                remedy = "Write the entries in square brackets."
                yield Problem(document.where, "entry", reason, remedy)
                continue
            for number, entry in enumerate(entries, start=1):
                yield from _entry(entry, f"{document.where}, entry {number}", tally)
        else:
            yield Resource(document.where, document.value)


def _bundle(document: Document, tally: Counter[str]) -> Iterator[Problem]:
    """What a Bundle says of itself: whether there is a next page."""
    findings = Findings(document.where)
    links = records_of(document.value, "link", findings)
    tally["bundles"] += 1
    tally["unfinished"] += any(text_of(link, "relation", findings) == "next" for link in links)
    yield from findings.problems


def _entry(entry: object, where: str, tally: Counter[str]) -> Iterator[Resource | Problem]:
    if not isinstance(entry, Mapping):
        yield Problem(where, "", "this is not an object.", "Write each entry in braces.")
        return
    findings = Findings(where)
    request = record_of(entry, "request", findings) or {}
    removes = text_of(request, "method", findings) == "DELETE"
    resource = entry.get("resource")
    address = text_of(entry, "fullUrl", findings)
    yield from findings.problems
    if removes:
        tally["removed"] += 1
    elif isinstance(resource, Mapping):
        yield Resource(where, resource, address)
    elif resource is None:
        yield Problem(where, "resource", "the entry is empty.", "Nothing to mend.", "note")
    else:
        yield Problem(where, "resource", "this is not an object.", "Write it in braces.")
