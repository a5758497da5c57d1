"""What is reached on the lines of ``evaluation/avoid``, so that it is not lost unseen."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "evaluation" / "avoid"


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("avoid_measure", FOLDER / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("half", "language", "push", "keep"),
    [
        ("development", "da", 1.0, 1.0),
        ("development", "en", 1.0, 1.0),
        ("test", "da", 0.8, 0.9),
        ("test", "en", 0.95, 0.9),
    ],
)
def test_what_is_avoided_is_pushed_and_the_rest_kept(
    measure: ModuleType, half: str, language: str, push: float, keep: float
) -> None:
    figures = measure.measure_avoid(half, language)
    assert figures["push"] >= push
    assert figures["keep"] >= keep


@pytest.mark.parametrize(
    ("half", "language", "precision", "recall"),
    [
        ("development", "da", 1.0, 1.0),
        ("development", "en", 1.0, 1.0),
        ("test", "da", 0.5, 0.25),
        ("test", "en", 0.5, 0.16),
    ],
)
def test_refusals_are_found_word_for_word(
    measure: ModuleType, half: str, language: str, precision: float, recall: float
) -> None:
    figures = measure.measure_refusals(half, language)
    assert figures["precision"] >= precision
    assert figures["recall"] >= recall
