"""What is the matter: every text of a ServiceRequest that says why it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from spmatch.web.fhir.codes import PlainWords, look_up
from spmatch.web.fhir.elements import Element
from spmatch.wording import ReaderLanguage

LanguageOf = Callable[[str], ReaderLanguage]
"""The language that a text is written in, for the words of codes that have none."""

_NOT_READ = ("patientInstruction", "supportingInfo", "orderDetail")
_NO_LONGER = {"inactive", "remission", "resolved"}
_NOT_SO = {"refuted", "entered-in-error"}


@dataclass(slots=True)
class Reasons:
    """Texts in the order of the request, each once, and the elements that they stand in."""

    texts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    codes: list[tuple[PlainWords | None, str]] = field(default_factory=list)
    """What codings say that their display does not, or ``None`` for one that is not known; and where."""

    def add(self, text: str | None, path: str) -> None:
        if text and text.casefold() not in {known.casefold() for known in self.texts}:
            self.texts.append(text)
            self.paths.append(path)

    def add_concept(self, concept: Element) -> None:
        """The text of a concept and the display of each coding.

        The words of codes wait for a language: those of codings without a display, and of dangers.
        """
        self.add(concept.text("text"), concept.at("text"))
        for coding in concept.many("coding"):
            display, code = coding.text("display"), coding.text("code")
            self.add(display, coding.at("display"))
            words = look_up(coding.text("system"), code) if code else None
            if (code and not display) or (words and words.danger):
                self.codes.append((words, coding.path))


def read_reasons(
    request: Element, contained: Mapping[str, Element], language_of: LanguageOf
) -> Reasons:
    """The texts of reasons, notes and of what is asked for.

    Of ``code`` and ``category`` only the text is read: their codings say what kind of paper this is,
    the same for everybody.
    """
    reasons = Reasons()
    for concept in request.many("reasonCode"):
        reasons.add_concept(concept)
    for reference in request.many("reasonReference"):
        _read_reference(reference, contained, reasons)
    code = request.one("code")
    for concept in [*([code] if code else []), *request.many("category")]:
        reasons.add(concept.text("text"), concept.at("text"))
    for note in request.many("note"):
        reasons.add(note.text("text"), note.at("text"))
    language = language_of("\n".join(reasons.texts))
    for words, path in reasons.codes:
        if words is None:
            request.findings.note("code_unknown", path)
        else:
            reasons.add(words.says[language], path)
    for name in _NOT_READ:
        if name in request:
            request.findings.note("element_unread", request.at(name))
    return reasons


def _read_reference(reference: Element, contained: Mapping[str, Element], reasons: Reasons) -> None:
    """The code of a condition or observation that came along; else what the reference says itself."""
    target = reference.text("reference") or ""
    resource = contained.get(target.removeprefix("#")) if target.startswith("#") else None
    if resource is None:
        display = reference.text("display")
        reasons.add(display, reference.at("display"))
        if not display:
            reference.findings.note("reason_elsewhere", reference.path)
        return
    resource.refuse_modifiers()
    if _states(resource, "verificationStatus") & _NOT_SO:
        reference.findings.note("reason_refuted", reference.path)
    elif _states(resource, "clinicalStatus") & _NO_LONGER:
        reference.findings.note("reason_over", reference.path)
    elif concept := resource.one("code"):
        reasons.add_concept(concept)


def _states(resource: Element, name: str) -> set[str]:
    status = resource.one(name)
    return {coding.text("code") or "" for coding in status.many("coding")} if status else set()
