"""Catalogues that change, for tests: what is changed at each step, and what a build would come to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from making import TODAY, WordEncoder
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.columns import Columns, SessionColumns
from spmatch.contracts import EncoderIdentity, Vectors
from spmatch.matcher import Matcher
from spmatch.material import material
from spmatch.profile import Profile
from test_properties import Draw, profile_of

IDS = [f"a{number:02}" for number in range(24)]
"""Of these a catalogue is made."""


class ThemedEncoder(WordEncoder):
    """Passes for the encoder that the shipped theme model reads."""

    dimensions = 384

    def __init__(self) -> None:
        stated = json.loads(material("models", "themes", "manifest.json").read_text())
        self.identity = EncoderIdentity(
            name="themed", version="1", sha256=stated["encoder"], dimensions=self.dimensions
        )
        self.texts: list[str] = []
        """What it was given to encode."""

    def encode(self, texts: Sequence[str], **how: Any) -> Vectors:
        self.texts += texts
        return super().encode(texts, **how)


class Town:
    """A catalogue at random, and its changes."""

    def __init__(self, seed: int) -> None:
        self.draw = Draw(seed)
        chosen = self.draw.sample(IDS, self.draw.randint(0, 20))
        self.activities = {one: self.activity(one) for one in chosen}

    def activity(self, id: str) -> Activity:
        """One that may also be placed by its postcode alone."""
        one = self.draw.activity(id)
        if self.draw.random() < 0.2:
            place = {"postcode": self.draw.choice(["9000", "9220", "8000"])}
            return Activity.model_validate({**one.model_dump(by_alias=True), "place": place})
        return one

    def change(self) -> tuple[list[Activity], list[str]]:
        """Some that are new or changed, some of them in their facts alone, and some withdrawn."""
        ids = self.draw.sample(IDS, self.draw.randint(0, 8))
        split = self.draw.randint(0, len(ids))
        changed = []
        for one in ids[:split]:
            now, before = self.activity(one), self.activities.get(one)
            if before is not None and self.draw.random() < 0.4:
                now = before.model_copy(update={"cost": now.cost, "sessions": now.sessions})
            changed.append(now)
        self.activities |= {one.id: one for one in changed}
        for one in ids[split:]:
            self.activities.pop(one, None)
        return changed, ids[split:]


def built(activities: Iterable[Activity], before: Matcher) -> Matcher:
    """A matcher of these that is made from the beginning, with the encoder of another one."""
    return Matcher.build(
        Catalogue(activities), encoder=before._snapshot.encoder, gazetteer=before.gazetteer
    )


def answers(matcher: Matcher, seed: int) -> list[str]:
    """What it says to some persons, to the byte, however it is asked."""
    draw, found = Draw(seed), []
    for _ in range(3):
        profile: Profile = profile_of(draw.randint(0, 9_999))
        for unknown in ("keep", "exclude"):
            response = matcher.match(profile, k=4, on=TODAY, unknown=unknown, plan=True)
            found.append(response.to_json(timing=False))
        for one in draw.sample(IDS, 5):
            if matcher.catalogue.find([one])[0][1]:
                found.append(matcher.why(one, profile, on=TODAY).model_dump_json())
    return found


def difference(one: Columns, other: Columns) -> list[str]:
    """The columns in which two differ."""
    found = []
    for kind, this, that in (
        (Columns, one, other),
        (SessionColumns, one.sessions, other.sessions),
    ):
        for field in fields(kind):
            left, right = getattr(this, field.name), getattr(that, field.name)
            if isinstance(left, np.ndarray):
                same = left.dtype == right.dtype and np.array_equal(
                    left, right, equal_nan=left.dtype.kind == "f"
                )
            elif field.name == "concessions":
                as_lists = [
                    {
                        name: (rows.tolist(), amounts.tolist())
                        for name, (rows, amounts) in of.items()
                    }
                    for of in (left, right)
                ]
                same = as_lists[0] == as_lists[1] and list(left) == list(right)
            else:
                same = field.name == "sessions" or left == right
            if not same:
                found.append(field.name)
    return found
