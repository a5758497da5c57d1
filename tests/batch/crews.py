"""Profiles of a small town, a snapshot of it, and workers that behave badly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from making import HOME, TODAY
from serving import TOWN
from spmatch.batch.part import Answer, Asked, Manner, Part
from spmatch.config import Config
from spmatch.matcher import Matcher

SECRET = "Grædefærdig"
"""Stands for what a person wrote."""

BAD = {3: {"age": -1}, 17: {"origin": {"postcode": "99999"}}}
"""Those who cannot be answered, by their place."""

MANNER = Manner(config=Config.default(), on=TODAY)


def town_snapshot(folder: Path) -> Path:
    """A snapshot that other processes can load."""
    Matcher.build(TOWN, encoder="baseline").save(folder)
    return folder


def people(count: int) -> list[dict[str, Any]]:
    """Profiles, each different; those at ``BAD`` are faulty."""
    texts = ("Singing songs together", "Growing vegetables", "Rent bills and unpaid loans", "Walks")
    return [
        BAD.get(
            number,
            {
                "id": str(number),
                "needs": f"{texts[number % 4]} with neighbours, {number} times. {SECRET}.",
                "origin": {**HOME, "lat": HOME["lat"] + (number * 7 % 10) / 10},
                "must": {"distance_km": 5 + number},
            },
        )
        for number in range(count)
    ]


def asked_of(profiles: Sequence[dict[str, Any]]) -> Iterator[Asked]:
    for number, one in enumerate(profiles):
        yield Asked(number, f"people, line {number + 1}", json.dumps(one))


def told(answers: Sequence[Answer]) -> list[tuple[int, str, str]]:
    """What must be equal, byte for byte, whoever answers: all but the times that it took."""
    return [
        (one.number, one.where, str(one.error) if one.error else one.response.to_json(timing=False))
        for one in answers
    ]


class EchoCrew:
    """Answers each profile with its text; the part that was given out last is finished first."""

    def __init__(self, room: int = 3) -> None:
        self._room = room
        self.parts: list[Part] = []
        self.seen: list[Part] = []
        self.closed = 0

    def has_room(self) -> bool:
        return len(self.parts) < self._room

    def begin(self, part: Part) -> None:
        assert self.has_room()
        self.parts.append(part)
        self.seen.append(part)

    def wait(self) -> Sequence[Answer]:
        return [Answer(one.number, one.where, str(one.text)) for one in self.parts.pop().asked]

    def close(self) -> None:
        self.closed += 1
