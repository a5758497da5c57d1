"""Words of codes: in both languages, and a danger is one in both."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import spmatch.web.fhir
from asking_fhir import read, service_request
from spmatch.safety import find_dangers
from spmatch.web.fhir.codes import look_up

FILE = Path(spmatch.web.fhir.__file__).with_name("codes.toml")
TABLES: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
CODES = [
    (f"{kind} {code}", words)
    for kind, table in TABLES.items()
    if kind != "systems"
    for code, words in table.items()
]


def test_every_system_has_a_table() -> None:
    assert set(TABLES["systems"].values()) - {"sks"} == set(TABLES) - {"systems"}


@pytest.mark.parametrize(("code", "words"), CODES, ids=[code for code, _ in CODES])
def test_a_code_has_words_in_both_languages(code: str, words: dict[str, Any]) -> None:
    assert set(words) - {"danger"} == {"da", "en"}
    assert not [said for said in (words["da"], words["en"]) if said.endswith(".") or not said]


@pytest.mark.parametrize(("code", "words"), CODES, ids=[code for code, _ in CODES])
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_notice_follows_from_a_danger_and_from_nothing_else(
    code: str, words: dict[str, Any], language: str
) -> None:
    assert bool(find_dangers(words[language], language)) is words.get("danger", False)


def test_codes_stand_in_order() -> None:
    for kind, table in TABLES.items():
        codes = [int(code) if code.isdecimal() else code for code in table]
        assert kind == "systems" or codes == sorted(codes)


def test_a_danger_is_said_beside_a_display_that_says_less() -> None:
    coding = {
        "system": "http://hl7.org/fhir/sid/icpc-2",
        "code": "Z25",
        "display": "Assault/harmful event",
    }
    profile = read(service_request(reasonCode=[{"coding": [coding]}])).profile
    assert profile.needs == "Assault/harmful event\nHas been exposed to violence or assault"


def test_the_finest_words_of_an_icd_code_count() -> None:
    words = look_up("http://hl7.org/fhir/sid/icd-10", "Z60.21")
    assert words is not None
    assert words.says["en"] == "Lives alone"
