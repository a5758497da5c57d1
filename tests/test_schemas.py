"""The published JSON Schemas are those of the records."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from spmatch.schemas import RECORDS, RecordName, schema_of


def committed(name: str) -> str:
    return (resources.files("spmatch.schemas") / f"{name}.schema.json").read_text("utf-8")


@pytest.mark.parametrize("name", RECORDS)
def test_the_file_of_a_schema_is_what_its_record_makes(name: RecordName) -> None:
    made = json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
    assert committed(name) == made, "write the files anew: python -m spmatch.schemas"


def test_there_is_no_schema_file_without_a_record() -> None:
    files = [file.name for file in resources.files("spmatch.schemas").iterdir()]
    assert sorted(name for name in files if name.endswith(".json")) == sorted(
        f"{name}.schema.json" for name in RECORDS
    )


def definition(name: str, part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(committed(name))["$defs"][part]
    return found


def test_a_schema_names_fields_as_they_are_published() -> None:
    assert {"day", "start", "end", "every", "from", "until"} == set(
        definition("activity", "Session")["properties"]
    )


def test_a_schema_refuses_fields_that_are_not_known() -> None:
    assert definition("profile", "Limits")["additionalProperties"] is False


def test_a_schema_asks_for_an_id_and_a_title_alone() -> None:
    assert definition("activity", "Activity")["required"] == ["id", "title"]


def test_a_schema_asks_for_nothing_of_a_profile() -> None:
    assert "required" not in json.loads(committed("profile"))


def test_a_schema_says_which_version_of_json_schema_it_is() -> None:
    assert json.loads(committed("response"))["$schema"] == (
        "https://json-schema.org/draft/2020-12/schema"
    )
