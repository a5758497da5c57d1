"""Activities that state the same of a subject are one kind, those that do not are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from making import make_activity
from spmatch.columns import build_columns
from spmatch.kinds import Kinds, build_kinds

MONDAY = {"day": "mon", "start": "10:00"}
TUESDAY = {"day": "tue", "start": "10:00"}


def kinds_of(subject: str, *facts: dict[str, Any]) -> Kinds:
    made = [make_activity(f"a{number}", **one) for number, one in enumerate(facts)]
    return build_kinds(build_columns(made))[subject]


@pytest.mark.parametrize(
    ("subject", "one", "other"),
    [
        ("cost", {"cost": {"amount": 20}}, {"cost": {"amount": 30}}),
        ("cost", {"cost": {"amount": 20, "per": "month"}}, {"cost": {"amount": 20}}),
        ("cost", {"cost": {"amount": 20, "currency": "DKK"}}, {"cost": {"amount": 20}}),
        (
            "cost",
            {"cost": {"amount": 20, "concessions": [{"for": "student", "amount": 5}]}},
            {"cost": {"amount": 20}},
        ),
        ("cost", {"cost": {"amount": 0}}, {}),
        ("access", {"access": {"lift": True}}, {"access": {"lift": False}}),
        ("access", {"access": {"lift": False}}, {}),
        ("ages", {"ages": {"min": 18}}, {"ages": {"max": 18}}),
        ("languages", {"languages": ["da"]}, {"languages": ["da", "en"]}),
        ("languages", {"languages": ["da"]}, {}),
        ("capacity", {"capacity": {"places_left": 0}}, {"capacity": {"places_left": 1}}),
    ],
)
def test_what_differs_is_of_two_kinds(
    subject: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = kinds_of(subject, one, other, one)
    assert (found.of_row[0] == found.of_row[2], found.of_row[0] != found.of_row[1]) == (True, True)


def test_what_is_not_stated_is_one_kind() -> None:
    assert {len(kinds_of(subject, {}, {})) for subject in build_kinds(build_columns([]))} == {1}


def test_kinds_are_counted() -> None:
    found = kinds_of("delivery", {"delivery": "online"}, {}, {"delivery": "online"})
    assert found.counts[found.of_row].tolist() == [2, 1, 2]


def test_a_kind_has_the_facts_of_its_activities() -> None:
    found = kinds_of("ages", {}, {"ages": {"min": 60}})
    assert float(found.columns.age_min[found.of_row[1]]) == 60


def test_kinds_are_numbered_in_the_smallest_type() -> None:
    assert kinds_of("gender", {"gender": "women"}, {}).of_row.dtype == np.uint8
