"""What is no feed of OpenActive or FHIR, and what is one of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmatch.contracts import Reader
from spmatch.errors import Problem
from spmatch.readers.fhir import FhirReader
from spmatch.readers.openactive import OpenActiveReader

FIXTURES = Path(__file__).parents[1] / "fixtures"


def outcome(reader: Reader, file: Path) -> set[type]:
    reader.recognises(file)
    return {type(item) for item in reader.read(file)}


@pytest.mark.parametrize("reader", [OpenActiveReader(), FhirReader()], ids=lambda one: one.name)
@pytest.mark.parametrize("text", ["[" * 100_000, '{"items":' * 50_000, "1e999", "nul", "", "\x00"])
def test_what_is_no_feed_ends_in_problems(tmp_path: Path, reader: Reader, text: str) -> None:
    file = tmp_path / "feed.json"
    file.write_text(text, encoding="utf-8")
    assert outcome(reader, file) <= {Problem}


@pytest.mark.parametrize("reader", [OpenActiveReader(), FhirReader()], ids=lambda one: one.name)
def test_the_feeds_of_others_are_not_recognised(reader: Reader) -> None:
    own = {"OpenActive": ["openactive"], "FHIR R4": ["fhir", "fhir_bundle"]}[reader.name]
    others = [
        path.relative_to(FIXTURES).as_posix()
        for path in FIXTURES.rglob("*.json*")
        if path.relative_to(FIXTURES).parts[0] not in own and reader.recognises(path)
    ]
    assert others == []
