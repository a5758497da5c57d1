"""The sentences of the handout: the same in both languages, and none that nobody says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import spmatch.web

WEB = Path(spmatch.web.__file__).parent
FILES = {
    language: tomllib.loads(
        (WEB / "wording" / f"handout_{language}.toml").read_text(encoding="utf-8")
    )
    for language in ("da", "en")
}
KEYS = sorted(FILES["en"])
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("handout/*.py", "sketch.py", "templates/handout*.html")
    for path in sorted(WEB.glob(pattern))
)
PUT_TOGETHER = (
    "compass when where price per whom first ages gender referral access ask none gone many no_times"
).split()
"""Kinds of sentences whose keys are put together of a fact and its value."""


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert FILES["da"].keys() == FILES["en"].keys()


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_mentions_the_same_values_in_both_languages(key: str) -> None:
    assert names(FILES["da"][key]) == names(FILES["en"][key])


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_is_said_somewhere(key: str) -> None:
    said = re.search(rf"""["']{re.escape(key)}["']""", SOURCE)
    assert said or key.partition(".")[0] in PUT_TOGETHER
