"""What is said of a source as a whole: what was not looked at, what gave nothing, what went on too long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.readers import FORMATS, find_reader, read_source, reader_called

FIXTURES = Path(__file__).parents[1] / "fixtures"
GOOD = '{"id": "choir", "title": "Choir"}\n'


def problems(path: Path, name: str | None = None) -> list[Problem]:
    reader = reader_called(name) if name else find_reader(path)
    return [item for item in reader.read(path) if isinstance(item, Problem)]


def lines(folder: Path, text: str) -> Path:
    (folder / "town.jsonl").write_text(text, encoding="utf-8")
    return folder / "town.jsonl"


def test_files_of_another_kind_in_a_folder_are_told(tmp_path: Path) -> None:
    lines(tmp_path, GOOD)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "clubs.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / "read.me").write_text("Read me", encoding="utf-8")
    assert [(p.reason, p.effect) for p in problems(tmp_path)] == [
        (
            "files that native does not take in were not read: 1, the first is more/clubs.csv.",
            "note",
        )
    ]


def test_json_is_read_however_deep_it_lies(tmp_path: Path) -> None:
    deep = tmp_path / "2026" / "11" / "pages"
    deep.mkdir(parents=True)
    (deep / "page.json").write_bytes((FIXTURES / "hsds" / "page.json").read_bytes())
    items = list(read_source(tmp_path))
    assert [item.id for item in items if isinstance(item, Activity)] == ["s-choir"]
    assert {item.where for item in items if isinstance(item, Problem)} == {
        f"2026/11/pages/page.json, record {number}" for number in (2, 3)
    }


def test_a_source_without_activities_says_so(tmp_path: Path) -> None:
    concepts = {"@context": "https://openactive.io/", "@type": "ConceptScheme", "@graph": []}
    (tmp_path / "list.jsonld").write_text(json.dumps(concepts), encoding="utf-8")
    assert [(p.reason, p.effect) for p in problems(tmp_path / "list.jsonld")] == [
        ("there are no activities in it.", "note")
    ]


def test_a_source_of_another_format_says_so() -> None:
    told = problems(FIXTURES / "hsds" / "page.json", "fhir")[-1]
    assert (told.reason, told.effect) == (
        "this does not look like FHIR R4, and gives no activity.",
        "rejected",
    )


def test_hsds_1_is_not_read_without_services() -> None:
    reasons = [p.reason for p in problems(FIXTURES / "tables" / "clubs", "hsds-1.1")]
    assert "there is no table of services in it." in reasons


def test_a_table_of_services_alone_may_be_read_as_hsds() -> None:
    services = FIXTURES / "hsds1" / "services.csv"
    items = list(reader_called("hsds-1.1").read(services))
    assert [item.id for item in items if isinstance(item, Activity)] == ["lunch", "advice"]


def test_a_thousand_rejections_in_a_row_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    told = problems(lines(tmp_path, "{\n" * 5_000 + GOOD), "native")
    assert len(told) == 1_001
    assert (told[-1].where, told[-1].reason) == (
        "town.jsonl, line 5000",
        "up to here 4000 more problems came without a good record between; they are not listed.",
    )


def test_good_records_between_them_start_the_count_anew(tmp_path: Path) -> None:
    text = "".join("{\n" * 900 + GOOD.replace("choir", f"choir{n}") for n in range(3))
    assert len(problems(lines(tmp_path, text), "native")) == 2_700


def test_what_follows_a_hundred_thousand_rejections_is_not_read(tmp_path: Path) -> None:
    items = list(reader_called("native").read(lines(tmp_path, "{\n" * 100_001 + GOOD)))
    told = [item.reason for item in items if isinstance(item, Problem)]
    assert len(told) == len(items)
    assert any(reason.endswith("What follows was not read.") for reason in told)


def test_json_lines_that_are_none_are_left_after_a_thousand(tmp_path: Path) -> None:
    told = problems(lines(tmp_path, "{\n" * 5_000), "openactive")
    assert "1000 lines in a row are not JSON; what follows was not read." in [
        p.reason for p in told
    ]


@pytest.mark.parametrize("name", ["HSDS-3.0", " fhir "])
def test_names_of_formats_are_read_in_any_case(name: str) -> None:
    assert reader_called(name).name in ("HSDS 3.0", "FHIR R4")


def test_a_format_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(CatalogueError, match=", ".join(FORMATS)):
        reader_called("hsds")
