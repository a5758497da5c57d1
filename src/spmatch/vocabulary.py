"""The vocabulary of themes, and the table that says which activities answer which need.

Both are files that people may read and edit: ``catalogue/vocabularies/themes.toml`` and ``answers.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.errors import ThemesError
from spmatch.material import material

Table = npt.NDArray[np.float64]
"""(themes, activity themes): how well the second answers the first, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its code, ``need`` or ``activity``, and its name by reader language."""

    code: str
    kind: str
    names: Mapping[str, str]


@cache
def load_themes() -> tuple[Theme, ...]:
    """The shipped vocabulary, in its order. Raises ``ThemesError`` when it cannot be read."""
    entries = _read_toml(material("catalogue", "vocabularies", "themes.toml")).get("theme", [])
    return tuple(
        Theme(one["code"], one["kind"], {"da": one["da"], "en": one["en"]}) for one in entries
    )


@cache
def theme_names(language: str) -> Mapping[str, str]:
    """The names of all themes in one language, by code."""
    return {theme.code: theme.names[language] for theme in load_themes()}


def load_answers(overrides: Mapping[str, Mapping[str, float]] | None = None) -> Table:
    """The shipped table, an answer that is not listed being 0, with ``overrides`` laid over it.

    Raises ``ThemesError`` naming every theme that the vocabulary does not hold.
    """
    themes = load_themes()
    table = _shipped_answers().copy()
    rows = {theme.code: row for row, theme in enumerate(themes)}
    columns = _columns_of(themes)
    unknown = sorted(
        {code for code in overrides or {} if code not in rows}
        | {
            code
            for answers in (overrides or {}).values()
            for code in answers
            if code not in columns
        }
    )
    if unknown:
        raise ThemesError(
            f"The answers name what is no theme (or no theme of an activity): {', '.join(unknown)}. "
            "Use the codes of catalogue/vocabularies/themes.toml."
        )
    for theme, answers in (overrides or {}).items():
        for activity, grade in answers.items():
            table[rows[theme], columns[activity]] = grade
    return table


def _columns_of(themes: tuple[Theme, ...]) -> dict[str, int]:
    offered = [theme.code for theme in themes if theme.kind == "activity"]
    return {code: column for column, code in enumerate(offered)}


@cache
def _shipped_answers() -> Table:
    themes = load_themes()
    columns = _columns_of(themes)
    listed = _read_toml(material("catalogue", "vocabularies", "answers.toml"))
    table = np.zeros((len(themes), len(columns)))
    for row, theme in enumerate(themes):
        for activity, grade in listed.get(theme.code, {}).items():
            if activity not in columns or not 0 <= grade <= 1:
                raise ThemesError(
                    f"answers.toml, {theme.code}: {activity} = {grade} is no activity theme with a "
                    "grade from 0 to 1. Mend that line."
                )
            table[row, columns[activity]] = grade
    return table


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ThemesError(f"{path} cannot be read: install spmatch again, or mend it.") from None
