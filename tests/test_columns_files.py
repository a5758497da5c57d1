"""Columns come back from disk as they went."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from making import make_activity, north
from spmatch.columns import Columns, build_columns
from spmatch.columns_files import load_columns, save_columns

ACTIVITIES = [
    make_activity(
        "a",
        text_language="da",
        languages=["da", "en"],
        place=north(1.0),
        cost={
            "amount": 50,
            "currency": "DKK",
            "per": "month",
            "concessions": [{"for": "Førtidspensionist", "amount": 10}],
        },
        sessions=[{"day": "mon", "start": "10:00"}, {"day": "tue"}],
        themes=[{"scheme": "x", "code": "1"}],
    ),
    make_activity("b", provider={"name": "Kirken"}),
    make_activity(
        "c",
        cost={"amount": 20, "concessions": [{"for": "student", "amount": 0}]},
        text_language="en",
    ),
]


def flat(columns: Columns) -> dict[str, Any]:
    """Everything that columns hold, as lists; NaN as text, to be equal to itself."""
    found: dict[str, Any] = {}
    for of in (columns, columns.sessions):
        for one in fields(of):
            value = getattr(of, one.name)
            if isinstance(value, np.ndarray):
                found[f"{type(of).__name__}.{one.name}"] = (str(value.dtype), str(value.tolist()))
            elif isinstance(value, tuple):
                found[one.name] = value
    found["concessions"] = [
        (name, rows.tolist(), amounts.tolist())
        for name, (rows, amounts) in columns.concessions.items()
    ]
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_columns_come_back(tmp_path: Path, count: int) -> None:
    columns = build_columns(ACTIVITIES[:count])
    save_columns(columns, tmp_path / "columns")
    assert flat(load_columns(tmp_path / "columns")) == flat(columns)


def test_they_are_mapped_not_read(tmp_path: Path) -> None:
    save_columns(build_columns(ACTIVITIES), tmp_path / "columns")
    assert isinstance(load_columns(tmp_path / "columns").lat.base, np.memmap)


def test_an_array_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    save_columns(build_columns(ACTIVITIES), tmp_path / "columns")
    (tmp_path / "columns" / "price.npy").unlink()
    with pytest.raises(OSError, match=r"price\.npy"):
        load_columns(tmp_path / "columns")
