"""From a ServiceRequest, alone or in Parameters, to a profile. What is not stated stays absent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field, ValidationError

from spmatch.errors import Problem, ProfileError
from spmatch.profile import Budget, CostLimit, Limits, Origin, Profile, Slot
from spmatch.validation import problems_of
from spmatch.web.asking import WhyOptions
from spmatch.web.fhir.elements import Element
from spmatch.web.fhir.issues import FhirError, Findings, Issue, Note
from spmatch.web.fhir.patient import Ages, Person, read_patient
from spmatch.web.fhir.reasons import LanguageOf, read_reasons
from spmatch.wording import READER_LANGUAGES, ReaderLanguage

PROFILE = "urn:spmatch:fhir:profile"

_NOT_IN_FORCE = {
    "revoked": "The request was revoked.",
    "entered-in-error": "The request was entered in error.",
    "completed": "The request is completed.",
}
_STATUSES = {"draft", "active", "on-hold", "unknown", *_NOT_IN_FORCE}
_RECORDS = (Profile, Limits, Origin, CostLimit, Budget, Slot)
_NAMES = {name for record in _RECORDS for name in record.model_fields}

Facts = dict[str, tuple[Any, tuple[str, ...]]]
"""Field of a profile → what is stated, and the elements that state it."""


class FhirOptions(WhyOptions):
    """How a request is to be answered: the parameters of ``$match`` besides the resource."""

    k: int = Field(5, ge=1, le=50, description="how many suggestions")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for. ``notes`` say what of it was not read, or is not certain.

    ``paths`` says which elements a field of the profile came from.
    """

    profile: Profile
    options: FhirOptions
    notes: tuple[Note, ...]
    paths: Mapping[str, tuple[str, ...]]


def read_request(
    resource: Mapping[str, Any], options: FhirOptions, language_of: LanguageOf, today: date
) -> Asked:
    """The profile and options in a ServiceRequest, or in Parameters that hold one.

    ``options`` are those of the address; one that the body states otherwise is a conflict. Raises
    ``FhirError`` with every mistake at once.
    """
    findings = Findings()
    kind = resource["resourceType"]
    root = Element(resource, kind if kind in ("Parameters", "ServiceRequest") else "", findings)
    request: Element | None = root
    if kind == "Parameters":
        request, options = _read_parameters(root, options)
        kind = request.text("resourceType") if request else None
    if kind != "ServiceRequest" or request is None:
        problem = "Send a ServiceRequest, or Parameters with one as the parameter `resource`."
        findings.wrong("invalid", problem, *([request.path] if request and request.path else []))
        raise FhirError(findings.issues)
    _check_status(request)
    contained = {str(one.text("id")): one for one in request.many("contained") if one.text("id")}
    facts: Facts = {}
    stated_language = request.text("language")
    if stated_language and re.match(r"[a-z]{2}(?:-|$)", stated_language):
        facts["text_language"] = (stated_language[:2], (request.at("language"),))

    def text_language(text: str) -> ReaderLanguage:
        stated = (stated_language or "")[:2]
        if stated in READER_LANGUAGES:
            return "da" if stated == "da" else "en"
        # Where there is no text to tell it from, it is that of the reader.
        return options.language if options.language and not text else language_of(text)

    reasons = read_reasons(request, contained, text_language)
    if reasons.texts:
        facts["needs"] = ("\n".join(reasons.texts), tuple(reasons.paths))
    person = _read_subject(request, contained, options.on or today)
    for name, (value, path) in person.facts.items():
        facts[name] = (value, (path,))
    _add_rest(request, facts, person.ages)
    profile = _profile_of(facts, findings)
    findings.stop_if_wrong()
    assert profile is not None
    if not (profile.needs or profile.interests):
        findings.note("nothing_said")
    return Asked(
        profile, options, tuple(findings.notes), {name: paths for name, (_, paths) in facts.items()}
    )


def _read_parameters(root: Element, options: FhirOptions) -> tuple[Element | None, FhirOptions]:
    """The resource among parameters, and the options with those of the address."""
    resources: list[Element] = []
    stated: dict[str, Any] = {}
    paths: dict[str, str] = {}
    for parameter in root.many("parameter"):
        name, value = parameter.text("name"), parameter.value()
        if name == "resource":
            resources += [found] if (found := parameter.one("resource")) else []
        elif name not in FhirOptions.model_fields or value is None or name in stated:
            problem = (
                "Parameters are resource, k, language, unknown and on, each once with its value."
            )
            root.findings.wrong("not-supported", problem, parameter.path)
        else:
            stated[name], paths[name] = value[1], parameter.at(value[0])
    try:
        given = FhirOptions.model_validate(stated)
    except ValidationError as error:
        for fault in problems_of(error, "parameters"):
            problem = f"{fault.reason} {fault.remedy}"
            root.findings.wrong("value", problem, paths[fault.field.split(".")[0]])
        given = FhirOptions()
    asked = {name: getattr(options, name) for name in options.model_fields_set}
    for name in given.model_fields_set & asked.keys():
        if getattr(given, name) != asked[name]:
            problem = f"{name} is stated in the address and here, each with another value."
            root.findings.wrong("conflict", problem, paths[name])
    if len(resources) > 1:
        problem = "Send one ServiceRequest at a time."
        root.findings.wrong("structure", problem, *(one.path for one in resources))
    body = {name: getattr(given, name) for name in given.model_fields_set}
    return (resources[0] if resources else None), FhirOptions(**(body | asked))


def _check_status(request: Element) -> None:
    """What FHIR requires of a request, and what would forbid to act on it."""
    request.refuse_modifiers()
    status = request.text("status")
    for name in ("status", "intent"):
        if name not in request:
            request.findings.wrong("required", "This is required.", request.at(name))
    if status in _NOT_IN_FORCE:
        request.findings.wrong("business-rule", _NOT_IN_FORCE[status], request.at("status"))
    elif status is not None and status not in _STATUSES:
        problem = "This is no status of a request in FHIR R4."
        request.findings.wrong("code-invalid", problem, request.at("status"))
    if request.flag("doNotPerform"):
        problem = "The request says that this is not to be done."
        request.findings.wrong("business-rule", problem, request.at("doNotPerform"))


def _read_subject(request: Element, contained: Mapping[str, Element], on: date) -> Person:
    """The person, where their record came along."""
    subject = request.one("subject")
    nobody = Person({}, None)
    if subject is None:
        if "subject" not in request:
            request.findings.wrong("required", "This is required.", request.at("subject"))
        return nobody
    target = subject.text("reference") or ""
    if not target.startswith("#"):
        request.findings.note("patient_elsewhere", subject.path)
        return nobody
    patient = contained.get(target[1:])
    if patient is None:
        problem = "This names a contained resource that is not there."
        request.findings.wrong("structure", problem, subject.at("reference"))
        return nobody
    if patient.text("resourceType") != "Patient":
        problem = "The subject is to be a Patient."
        request.findings.wrong("business-rule", problem, subject.at("reference"))
        return nobody
    return read_patient(patient, on)


def _add_rest(request: Element, facts: Facts, ages: Ages | None) -> None:
    """Add the fields of a profile that FHIR has no element for; one stated twice must agree."""
    rest, path = _read_extension(request)
    for name, value in rest.items():
        if name in facts and facts[name][0] != value:
            problem = f"{name} is stated twice, each with another value: leave one of them out."
            request.findings.wrong("conflict", problem, *facts[name][1], path)
        else:
            facts[name] = (value, (path,))
    if ages is None:
        return
    stated = rest.get("age")
    if stated is None and ages.low == ages.high:
        facts["age"] = (ages.low, (ages.path,))
    elif stated is None:
        request.findings.note("age_uncertain", ages.path)
    elif isinstance(stated, int) and not ages.low <= stated <= ages.high:
        problem = "age is stated twice, each with another value: leave one of them out."
        request.findings.wrong("conflict", problem, ages.path, path)


def _read_extension(request: Element) -> tuple[dict[str, Any], str]:
    """The fields in the extension of the profile, those that state nothing left out, and its path."""
    found = request.extensions(PROFILE)
    if not found:
        return {}, ""
    path = found[0].at("valueString")
    try:
        fields = json.loads(found[0].text("valueString") or "")
        if not isinstance(fields, dict) or len(found) > 1:
            raise ValueError
    except (ValueError, RecursionError):
        problem = "This extension is to stand once and to hold a JSON object as valueString."
        request.findings.wrong("structure", problem, *(one.path for one in found))
        return {}, path
    return {name: value for name, value in fields.items() if value is not None}, path


def _profile_of(facts: Facts, findings: Findings) -> Profile | None:
    """The profile of all facts. Its mistakes are reported under the elements that they came from."""
    try:
        return Profile.read({name: value for name, (value, _) in facts.items()})
    except ProfileError as error:
        for problem in error.problems:
            findings.issues.append(_issue_of(problem, facts))
    return None


def _issue_of(problem: Problem, facts: Facts) -> Issue:
    parts = problem.field.split(".") if problem.field else []
    # A name that is not ours may be anything that was written: it is not repeated.
    known = [part for part in parts if part in _NAMES or part.isdecimal()]
    paths = facts[parts[0]][1] if parts and parts[0] in facts else ()
    where = f"{'.'.join(known)}: " if known else ""
    return Issue("business-rule", f"{where}{problem.reason} {problem.remedy}".rstrip(), paths)


def issues_of_place(paths: Mapping[str, tuple[str, ...]], near: tuple[str, ...]) -> tuple[Issue]:
    """The mistake of a place that the gazetteer does not know."""
    remedy = (
        f"Near ones: {', '.join(near)}." if near else "State its coordinates, or another place."
    )
    return (Issue("not-found", f"This place is not known. {remedy}", paths.get("origin", ())),)
