"""What the FHIR door says is there in both languages, all of it is used, and the guide knows all of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import spmatch.web
from spmatch.web.words import page_words

HERE = Path(spmatch.web.__file__).parent
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "fhir.md").read_text(encoding="utf-8")
SOURCE = "".join(path.read_text(encoding="utf-8") for path in (HERE / "fhir").glob("*.py"))
DANISH, ENGLISH = (page_words("fhir", language) for language in ("da", "en"))
TEXTS = {
    language: tomllib.loads((HERE / "wording" / f"fhir_{language}.toml").read_text("utf-8"))
    for language in ("da", "en")
}


def test_both_languages_say_the_same() -> None:
    assert DANISH.keys() == ENGLISH.keys()


@pytest.mark.parametrize("key", sorted(ENGLISH.keys()))
def test_both_languages_mention_the_same_values(key: str) -> None:
    named = [{name for _, name, *_ in Formatter().parse(TEXTS[one][key]) if name} for one in TEXTS]
    assert named[0] == named[1]


@pytest.mark.parametrize("key", sorted(ENGLISH.keys()))
def test_every_sentence_is_used(key: str) -> None:
    assert f'"{key}"' in SOURCE or re.match(r"every_", key)


@pytest.mark.parametrize("key", re.findall(r"note\(\s*\"(\w+)\"", SOURCE))
def test_every_note_can_be_said(key: str) -> None:
    assert DANISH.say(key).endswith(".")
    assert ENGLISH.say(key).endswith(".")


def test_the_guide_names_every_extension() -> None:
    names = set(re.findall(r"(?:_extension|_parts)\(\s*\"([\w-]+)\"", SOURCE))
    assert not {name for name in names if f"`{name}`" not in GUIDE}


def test_the_files_of_the_guides_are_there() -> None:
    for name in ("fhir.md", "client.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / "docs" / link).exists()
