"""Small catalogues and profiles for tests, and an encoder that costs nothing."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from spmatch.activity import Activity
from spmatch.contracts import EncoderIdentity, Progress, Role, Vectors
from spmatch.geography import EARTH_RADIUS_KM
from spmatch.profile import Profile

TODAY = date(2026, 11, 23)
"""A Monday."""

HOME = {"lat": 57.0488, "lon": 9.9217}
"""Aalborg."""


class WordEncoder:
    """Each word has a direction of its own, drawn from its hash: texts that share words are alike."""

    dimensions = 64

    def __init__(self) -> None:
        self.identity = EncoderIdentity(
            name="words", version="1", sha256="0" * 64, dimensions=self.dimensions
        )

    def save(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                vectors[row] += _direction(word, self.dimensions)
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
        return vectors


@cache
def _direction(word: str, dimensions: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimensions)


def make_activity(id: str = "a", **facts: Any) -> Activity:
    """An activity that states only what is given."""
    return Activity.model_validate({"id": id, "title": f"Activity {id}", **facts})


def make_profile(**facts: Any) -> Profile:
    """A profile that states only what is given."""
    return Profile.model_validate(facts)


def north(km: float, **place: Any) -> dict[str, Any]:
    """A place so many kilometres due north of ``HOME``."""
    return {"lat": HOME["lat"] + math.degrees(km / EARTH_RADIUS_KM), "lon": HOME["lon"], **place}
