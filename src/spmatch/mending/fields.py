"""Which texts of an activity are mended. Ids, codes and quotes of evidence are never touched."""

from __future__ import annotations

import re
from typing import Any

from spmatch.activity import Activity, Concession, Cost, Theme
from spmatch.mending.texts import FAULTS, mended_text
from spmatch.readers.stated import Findings
from spmatch.words import Record

OF_ACTIVITY = ("title", "description")
OF_PARTS = {
    "provider": ("name", "phone", "email", "url"),
    "place": ("name", "address", "postcode", "town", "municipality"),
    "cost": ("note",),
    "source": ("name", "url", "licence"),
}
OF_SEVERAL_LINES = frozenset(("description", "note", "address"))
# Codes and addresses are mended as such (contacts.py, postcodes.py): here only what no code can hold.
CODES = frozenset(("phone", "email", "url", "postcode"))
_MUST_SAY_SOMETHING = frozenset(("title",))
# What a text must hold for anything of FAULTS to be in it: most texts are done with one look. A letter
# before a mark of typography may be what is left of another letter.
_LETTERS, _TYPOGRAPHY = (
    "\u00e6\u00f8\u00e5\u00c6\u00d8\u00c5\u00e9\u00c9\u00fc\u00dc\u00f6\u00d6\u00e4\u00c4",
    "\u2013\u2019\u201c\u201d\u00ab\u00bb\u2026",
)
_SUSPICIOUS = re.compile(
    f"[^\\x20-\\x7e\n{_LETTERS}{_TYPOGRAPHY}]|[{_LETTERS}][{_TYPOGRAPHY}]|[<&\\\\*_#]|]\\(|  | \n|^\\s|\\s$"
)
_LOST = "\ufffd"


def mended_texts(activity: Activity, findings: Findings) -> Activity:
    """The activity with every text put right; the same object when nothing was wrong."""
    changes: dict[str, Any] = _changes(activity, OF_ACTIVITY, findings)
    for name, fields in OF_PARTS.items():
        part: Record | None = getattr(activity, name)
        if part is not None:
            changed = _changes(part, fields, _within(findings, name))
            if changed:
                changes[name] = part.model_copy(update=changed)
    themes = tuple(
        _label(theme, _within(findings, f"themes.{at}")) for at, theme in enumerate(activity.themes)
    )
    if themes != activity.themes:
        changes["themes"] = themes
    cost: Cost | None = changes.get("cost", activity.cost)
    if cost is not None:
        concessions = tuple(
            _for_whom(concession, _within(findings, f"cost.concessions.{at}"))
            for at, concession in enumerate(cost.concessions)
        )
        if concessions != cost.concessions:
            changes["cost"] = cost.model_copy(update={"concessions": concessions})
    return activity.model_copy(update=changes) if changes else activity


def _within(findings: Findings, name: str) -> Findings:
    return Findings(findings.where, f"{name}.", findings.problems)


def _label(theme: Theme, findings: Findings) -> Theme:
    changed = _changes(theme, ("label",), findings)
    return theme.model_copy(update=changed) if changed else theme


def _for_whom(concession: Concession, findings: Findings) -> Concession:
    text = _mended(concession.for_whom, "for", findings)
    return concession.model_copy(update={"for_whom": text}) if text else concession


def _changes(record: Record, fields: tuple[str, ...], findings: Findings) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for field in fields:
        text: str | None = getattr(record, field)
        if text is None:
            continue
        if not text:
            # A description is empty when it is not stated; no other text of a record is.
            if field != "description":
                changes[field] = None
                findings.mended(
                    field, "this is empty and counts as not stated.", "Leave it out, or state it."
                )
            continue
        mended = _mended(text, field, findings)
        if mended is not None:
            empty = "" if field == "description" else None
            changes[field] = mended or empty
    return changes


def _mended(text: str, field: str, findings: Findings) -> str | None:
    """The text put right and told of; ``None`` when there is nothing to change."""
    if _LOST in text:
        findings.note(
            field,
            "letters were lost before it came here (they show as \ufffd).",
            "Save and send the source as UTF-8.",
        )
    if not _SUSPICIOUS.search(text) and (field in OF_SEVERAL_LINES or "\n" not in text):
        return None
    mended, faults = mended_text(text, lines=field in OF_SEVERAL_LINES)
    if field in CODES:
        mended, faults = _mended_code(text, mended, faults)
    if (
        mended == text
        or (not mended and field in _MUST_SAY_SOMETHING)
        or (not mended and field == "for")
    ):
        return None
    for fault in faults:
        findings.mended(field, *FAULTS[fault])
    return mended


def _mended_code(text: str, mended: str, faults: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    # "_x_" and "*" are signs of an address, and a backslash is a slip that only its owner can mend.
    if {"markdown", "escapes"} & set(faults):
        return text, ()
    return mended, faults
