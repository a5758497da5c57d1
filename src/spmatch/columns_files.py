"""Columns on disk: a folder with an array for each fact, and ``names.json`` for what numbers stand for."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from spmatch.columns import Columns, SessionColumns

NAMES = "names.json"

_NAMES = ("currencies", "languages", "text_languages", "providers", "themes")
_OF_SESSIONS = "session_"
_CONCESSIONS = "concession_"


def save_columns(columns: Columns, folder: Path) -> None:
    """Write a folder that ``load_columns`` reads."""
    folder.mkdir()
    arrays: dict[str, Any] = {name: getattr(columns, name) for name in _array_names(Columns)}
    sessions = columns.sessions
    arrays |= {
        f"{_OF_SESSIONS}{name}": getattr(sessions, name) for name in _array_names(SessionColumns)
    }
    stated = columns.concessions.values()
    counts = [len(rows) for rows, _ in stated]
    arrays |= {
        f"{_CONCESSIONS}offsets": np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
        f"{_CONCESSIONS}rows": np.concatenate(
            [np.empty(0, dtype=np.int32), *(rows for rows, _ in stated)]
        ),
        f"{_CONCESSIONS}amounts": np.concatenate(
            [np.empty(0), *(amounts for _, amounts in stated)]
        ),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    names = {name: getattr(columns, name) for name in _NAMES}
    text = json.dumps({**names, "concessions": list(columns.concessions)}, ensure_ascii=False)
    (folder / NAMES).write_text(text, encoding="utf-8")


def load_columns(folder: Path) -> Columns:
    """The columns of a folder, mapped. Raises ``OSError``, ``ValueError`` or ``KeyError``."""
    names = json.loads((folder / NAMES).read_text(encoding="utf-8"))

    def array(name: str) -> Any:
        return load_array(folder / f"{name}.npy")

    offsets, rows, amounts = (
        array(f"{_CONCESSIONS}{part}") for part in ("offsets", "rows", "amounts")
    )
    facts: dict[str, Any] = {name: array(name) for name in _array_names(Columns)}
    facts |= {name: tuple(names[name]) for name in _NAMES}
    facts["themes"] = tuple((scheme, code) for scheme, code in names["themes"])
    return Columns(
        **facts,
        sessions=SessionColumns(
            **{name: array(f"{_OF_SESSIONS}{name}") for name in _array_names(SessionColumns)}
        ),
        concessions={
            for_whom: (rows[begin:end], amounts[begin:end])
            for for_whom, begin, end in zip(
                names["concessions"], offsets[:-1], offsets[1:], strict=True
            )
        },
    )


def load_array(file: Path) -> Any:
    """An array, mapped: processes that answer from one snapshot hold it once together.

    Raises ``OSError`` or ``ValueError``.
    """
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def _array_names(kind: type[Columns] | type[SessionColumns]) -> list[str]:
    others = {*_NAMES, "concessions", "sessions"}
    return [one.name for one in fields(kind) if one.name not in others]
