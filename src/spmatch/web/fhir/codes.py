"""Codes of a reason that come without a text: what is said for them, from ``codes.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spmatch.wording import ReaderLanguage


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What a code says of a person, by reader language; ``danger`` where a notice is to follow from it."""

    says: Mapping[ReaderLanguage, str]
    danger: bool


def look_up(system: str | None, code: str) -> PlainWords | None:
    """The words of a code; ``None`` for a code or a system that is not known."""
    kind = _tables()["systems"].get(system)
    written = code.strip().upper()
    if kind == "sks":
        # SKS holds more than diagnoses; those are ICD-10 with a D before it and no point.
        if not written.startswith("D"):
            return None
        kind, written = "icd10", f"{written[1:4]}.{written[4:]}".rstrip(".")
    table = _tables()[kind] if kind else {}
    for form in _coarser(written) if kind == "icd10" else [written]:
        if form in table:
            found = table[form]
            return PlainWords({"da": found["da"], "en": found["en"]}, found.get("danger", False))
    return None


def _coarser(code: str) -> list[str]:
    """An ICD-10 code and those that it belongs to, finest first, down to its three signs."""
    return [code[:length].rstrip(".") for length in range(len(code), 2, -1)]
