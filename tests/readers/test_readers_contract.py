"""What every reader does, whatever its format: a new one is one more line in ``SOURCES``."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.readers import READERS, find_reader, read_source

FIXTURES = Path(__file__).parents[1] / "fixtures"

# Source, the reader that it belongs to, the ids of its good records, where its bad ones are.
SOURCES = [
    (
        "native",
        "native",
        ["choir", "walk"],
        ["activities.jsonl, line 2", "activities.jsonl, line 5"],
    ),
    ("hsds/page.json", "HSDS 3.0", ["s-choir"], ["page.json, record 2"]),
    ("hsds/pages", "HSDS 3.0", ["s-bingo@hall", "s-bingo@church"], ["page-2.json, record 2"]),
    ("hsds/services.jsonl", "HSDS 3.0", ["s-one", "s-three"], ["services.jsonl, line 2"]),
    ("hsds/organization.json", "HSDS 3.0", ["s-soup"], ["organization.json, record 1, service 2"]),
    (
        "hsds/tables",
        "HSDS 3.0",
        ["yoga@north", "yoga@south", "chess@north", "chess@nowhere"],
        ["services.csv, line 4", "service_at_location.csv, line 5"],
    ),
    ("hsds1", "HSDS 1.1", ["lunch", "advice"], ["services.csv, line 3"]),
    ("oruk/page.json", "Open Referral UK 3.0", ["u-choir"], ["page.json, record 2"]),
    (
        "oruk1/page.json",
        "Open Referral UK 1.0",
        ["w-walk@park", "w-walk@wood", "w-advice"],
        ["page.json, record 3"],
    ),
    ("tables/clubs", "tables", ["chess", "bowls"], ["clubs.csv, line 3"]),
    ("openactive/page.json", "OpenActive", ["https://example.org/events/1"], ["page.json, item 2"]),
    (
        "openactive/feed",
        "OpenActive",
        [
            "https://example.org/series/3",
            "https://example.org/series/1",
            "https://example.org/sessions/4",
        ],
        ["series/page-00001.json, item 4", "sessions/page-00001.json, item 5"],
    ),
    (
        "fhir_bundle/searchset.json",
        "FHIR R4",
        ["cafe@north", "cafe@south"],
        ["searchset.json, entry 3"],
    ),
    ("fhir_bundle/export.ndjson", "FHIR R4", ["choir", "lunch"], ["export.ndjson, line 3"]),
]
sources = pytest.mark.parametrize(
    ("source", "name", "good", "bad"), SOURCES, ids=[source for source, *_ in SOURCES]
)


def read(source: str) -> list[Activity | Problem]:
    return list(read_source(FIXTURES / source))


def test_every_reader_is_held_to_this_contract() -> None:
    assert {reader.name for reader in READERS} == {name for _, name, _, _ in SOURCES}


@sources
def test_only_activities_and_problems_come_out(
    source: str, name: str, good: object, bad: object
) -> None:
    assert {type(item) for item in read(source)} == {Activity, Problem}


@sources
def test_good_records_stay_beside_bad_ones(
    source: str, name: str, good: list[str], bad: object
) -> None:
    assert [item.id for item in read(source) if isinstance(item, Activity)] == good


@sources
def test_bad_records_are_named_by_place(
    source: str, name: str, good: object, bad: list[str]
) -> None:
    rejected = [p.where for p in read(source) if isinstance(p, Problem) and p.effect == "rejected"]
    assert list(dict.fromkeys(rejected)) == bad


@sources
def test_every_problem_has_a_reason_and_a_remedy(
    source: str, name: str, good: object, bad: object
) -> None:
    problems = [item for item in read(source) if isinstance(item, Problem)]
    assert all(problem.reason and problem.remedy for problem in problems)


@sources
def test_the_same_source_gives_the_same_twice(
    source: str, name: str, good: object, bad: object
) -> None:
    assert read(source) == read(source)


@sources
def test_it_is_recognised_by_its_own_reader(
    source: str, name: str, good: object, bad: object
) -> None:
    assert find_reader(FIXTURES / source).name == name


@sources
def test_it_is_recognised_by_no_other_reader(
    source: str, name: str, good: object, bad: object
) -> None:
    assert [reader.name for reader in READERS if reader.recognises(FIXTURES / source)] == [name]


def test_an_unknown_format_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Nothing to see here", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"native, tables, HSDS 1\.1, Open Referral UK 1\.0"):
        find_reader(file)


def test_a_missing_source_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such file or folder"):
        find_reader(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "1", "name": "An organization", "website": "https://example.org"}',
        '["words"]',
        "[]",
        "not JSON at all",
    ],
)
def test_json_of_other_formats_is_not_recognised(tmp_path: Path, text: str) -> None:
    file = tmp_path / "feed.json"
    file.write_text(text, encoding="utf-8")
    assert [reader.name for reader in READERS if reader.recognises(file)] == []


def test_tables_without_the_columns_of_hsds_are_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("id,location_id,name\n1,1,Club\n", encoding="utf-8")
    (tmp_path / "regular_schedules.csv").write_text("id,weekday\n", encoding="utf-8")
    assert [reader.name for reader in READERS if reader.recognises(tmp_path)] == []


def test_an_empty_folder_is_not_recognised(tmp_path: Path) -> None:
    assert [reader.name for reader in READERS if reader.recognises(tmp_path)] == []
