"""Whatever stands in a feed, it ends in activities and problems. OpenActive and FHIR alike."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmatch.activity import Activity
from spmatch.contracts import Reader
from spmatch.errors import Problem
from spmatch.readers.fhir import FhirReader
from spmatch.readers.openactive import OpenActiveReader

FIXTURES = Path(__file__).parents[1] / "fixtures"
SOURCES = [
    (OpenActiveReader(), "openactive/page.json"),
    (OpenActiveReader(), "openactive/feed/sessions/page-00001.json"),
    (OpenActiveReader(), "openactive/feed/series/page-00002.json"),
    (FhirReader(), "fhir_bundle/searchset.json"),
    (FhirReader(), "fhir_bundle/pages/1.json"),
]
sources = pytest.mark.parametrize(
    ("reader", "source"), SOURCES, ids=[source for _, source in SOURCES]
)
any_input = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\ud800", "2027-02-30", "P1W", "-1", "#", "urn:uuid:", "x" * 70_000, 10**40]),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.integers()), max_size=3),
    st.dictionaries(st.sampled_from(["@id", "id", "@type", "name", "value"]), st.none()),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of each value inside a document."""
    found = [path] if path else []
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inside:
        found += places(one, (*path, key))
    return found


def changed(document: Any, path: tuple[Any, ...], value: Any, how: str) -> Any:
    """A document in which one value is another, is gone, or is nested one deeper."""
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        at = at[key]
    if how == "drop":
        del at[path[-1]]
    else:
        at[path[-1]] = {"replace": value, "list": [at[path[-1]]], "nest": {"x": at[path[-1]]}}[how]
    return document


def outcome(reader: Reader, file: Path) -> set[type]:
    reader.recognises(file)
    return {type(item) for item in reader.read(file)}


@sources
@any_input
@given(data=st.data())
def test_a_changed_value_ends_in_activities_and_problems(
    tmp_path: Path, reader: Reader, source: str, data: st.DataObject
) -> None:
    document = json.loads((FIXTURES / source).read_text(encoding="utf-8"))
    path = data.draw(st.sampled_from(places(document)))
    how = data.draw(st.sampled_from(["replace", "drop", "list", "nest"]))
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(changed(document, path, data.draw(odd), how)), encoding="utf-8")
    assert outcome(reader, file) <= {Activity, Problem}


@sources
@any_input
@given(data=st.data())
def test_a_cut_file_ends_in_activities_and_problems(
    tmp_path: Path, reader: Reader, source: str, data: st.DataObject
) -> None:
    raw = (FIXTURES / source).read_bytes()
    cut = data.draw(st.integers(0, len(raw)))
    file = tmp_path / "feed.json"
    file.write_bytes(raw[:cut] + data.draw(st.binary(max_size=20)))
    assert outcome(reader, file) <= {Activity, Problem}


@sources
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig", "utf-32"])
def test_other_encodings_end_in_activities_and_problems(
    tmp_path: Path, reader: Reader, source: str, encoding: str
) -> None:
    text = (FIXTURES / source).read_text(encoding="utf-8")
    file = tmp_path / "feed.json"
    file.write_bytes(text.encode(encoding, "replace"))
    assert outcome(reader, file) <= {Activity, Problem}


@sources
def test_a_text_of_ten_million_characters_ends_in_activities_and_problems(
    tmp_path: Path, reader: Reader, source: str
) -> None:
    text = (FIXTURES / source).read_text(encoding="utf-8")
    file = tmp_path / "feed.json"
    for name in ("name", "description", "comment", "startDate", "@type", "reference", "id"):
        document = json.loads(text)
        for path in places(document):
            if path[-1] == name:
                document = changed(document, path, "<p a=" * 2_000_000, "replace")
                break
        file.write_text(json.dumps(document), encoding="utf-8")
        assert outcome(reader, file) <= {Activity, Problem}


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
