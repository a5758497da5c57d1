"""Workbooks: the same rows as CSV, with dates, merged cells, hidden sheets and formulas."""

from __future__ import annotations

import builtins
import csv
import importlib
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from spmatch.activity import Activity
from spmatch.errors import MissingExtraError, Problem
from spmatch.readers import workbooks
from spmatch.readers.tables import TablesReader

openpyxl = pytest.importorskip("openpyxl", reason="the extra for workbooks is not installed")

DANISH = Path(__file__).parents[1] / "fixtures" / "tables" / "danish" / "aktiviteter.csv"
HEADER = ["Aktivitet", "Forening", "Ugedag", "Tidspunkt", "Pris", "Postnr.", "Sidst opdateret"]


def read(path: Path) -> list[Activity | Problem]:
    return list(TablesReader().read(path))


def activities(items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.title: item for item in items if isinstance(item, Activity)}


def told(items: list[Activity | Problem]) -> list[tuple[str, str, str]]:
    return [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)]


def save(folder: Path, *rows: list[Any], merged: str | None = None) -> Path:
    """A workbook of one sheet, ``Tilbud``, with the header above the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Tilbud"
    for row in (HEADER, *rows):
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(folder / "ark.xlsx")
    return folder / "ark.xlsx"


def test_a_workbook_gives_the_same_as_the_sheet_saved_as_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    with DANISH.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            book.active.append(row)
    book.save(tmp_path / "ark.xlsx")
    assert activities(read(tmp_path / "ark.xlsx")) == activities(read(DANISH))


def test_dates_times_and_numbers_are_read_as_such(tmp_path: Path) -> None:
    row = ["Kor", "AOF", "mandag", time(10, 30), 35.5, 999, datetime(2026, 11, 24)]
    kor = activities(read(save(tmp_path, row)))["Kor"]
    assert kor.cost is not None
    assert kor.place is not None
    assert (kor.sessions[0].start, kor.cost.amount, kor.place.postcode, str(kor.verified_on)) == (
        "10:30",
        35.5,
        "999",
        "2026-11-24",
    )


def test_a_price_with_decimals_is_not_taken_for_thousands(tmp_path: Path) -> None:
    kor = activities(read(save(tmp_path, ["Kor", "AOF", "mandag", "10-12", 1.234])))["Kor"]
    assert kor.cost is not None
    assert kor.cost.amount == 1.234


def test_a_duration_is_a_time_of_day(tmp_path: Path) -> None:
    kor = activities(read(save(tmp_path, ["Kor", "AOF", "mandag", timedelta(hours=19)])))["Kor"]
    assert kor.sessions[0].start == "19:00"


def test_a_merged_cell_counts_for_each_of_its_rows(tmp_path: Path) -> None:
    rows = [
        ["Kor", "AOF", "mandag", "10-12"],
        ["Spil", "AOF", None, "13-15"],
        ["Gang", "AOF", None, "9-10"],
    ]
    found = activities(read(save(tmp_path, *rows, merged="C2:C3")))
    assert {title: a.sessions[0].day for title, a in found.items()} == {
        "Kor": "mon",
        "Spil": "mon",
        "Gang": None,
    }


def test_problems_name_sheet_and_row(tmp_path: Path) -> None:
    items = read(save(tmp_path, ["Kor", "AOF", "mandag", "10-12", "5 kr.", "0999", "i går"]))
    assert told(items) == [("ark.xlsx, sheet Tilbud, row 2", "Sidst opdateret", "mended")]


def test_hidden_sheets_are_left_out_and_told(tmp_path: Path) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"])
    book = openpyxl.load_workbook(file)
    hidden = book.copy_worksheet(book.active)
    hidden.title, hidden.sheet_state, hidden["A2"] = "Kladde", "hidden", "Spil"
    book.save(file)
    items = read(file)
    assert list(activities(items)) == ["Kor"]
    assert ("ark.xlsx, sheet Kladde", "", "note") in told(items)


def test_every_sheet_with_the_columns_is_read(tmp_path: Path) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"])
    book = openpyxl.load_workbook(file)
    more = book.copy_worksheet(book.active)
    more.title, more["A2"] = "Sønderby", "Spil"
    book.create_sheet("Vejledning")["A1"] = "Sådan udfyldes arket"
    book.save(file)
    items = read(file)
    assert list(activities(items)) == ["Kor", "Spil"]
    assert told(items) == [("ark.xlsx, sheet Vejledning", "", "note")]


def test_a_formula_without_a_value_is_told(tmp_path: Path) -> None:
    items = read(save(tmp_path, ["Kor", "AOF", "mandag", "10-12", "=10+5"]))
    assert activities(items)["Kor"].cost is None
    assert told(items) == [("ark.xlsx, sheet Tilbud", "", "mended")]


def test_an_error_of_a_formula_is_told(tmp_path: Path) -> None:
    items = read(save(tmp_path, ["Kor", "AOF", "mandag", "10-12", "#REF!"]))
    assert activities(items)["Kor"].cost is None
    assert told(items) == [("ark.xlsx, sheet Tilbud, row 2", "column E", "mended")]


def test_remarks_beside_the_table_do_not_keep_a_row_out(tmp_path: Path) -> None:
    row = ["Kor", "AOF", "mandag", "10-12", None, None, None, None, "husk nøgle"]
    items = read(save(tmp_path, row))
    assert list(activities(items)) == ["Kor"]
    assert told(items) == [("ark.xlsx, sheet Tilbud, row 2", "", "mended")]


def test_a_workbook_is_known_whatever_its_name(tmp_path: Path) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"]).rename(tmp_path / "stdin")
    assert TablesReader().recognises(file)


# Faults


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<broken", b"\0" * 1000])
def test_a_damaged_workbook_breaks_nothing(tmp_path: Path, part: str, content: bytes) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"])
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    problems: list[Problem] = []
    workbooks.read_workbook(tmp_path / "bad.xlsx", problems)
    assert all(problem.reason and problem.remedy for problem in problems)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 100_000_001)
    problems: list[Problem] = []
    assert workbooks.read_workbook(file, problems) == []
    assert [problem.reason for problem in problems] == ["it holds more than 100 MB when unpacked."]


def test_rows_after_the_largest_number_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_ROWS_AT_MOST", 2)
    items = read(
        save(tmp_path, ["Kor", "AOF", "mandag", "10-12"], ["Spil", "AOF", "mandag", "10-12"])
    )
    assert list(activities(items)) == ["Kor"]
    assert told(items) == [("ark.xlsx, sheet Tilbud", "", "rejected")]


def test_columns_after_the_largest_number_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_COLUMNS_AT_MOST", 4)
    items = read(save(tmp_path, ["Kor", "AOF", "mandag", "10-12", "5 kr."]))
    assert activities(items)["Kor"].cost is None
    assert ("ark.xlsx, sheet Tilbud", "", "mended") in told(items)


def test_rows_before_the_damage_of_a_sheet_stay(tmp_path: Path) -> None:
    rows = [["Kor", "AOF", "mandag", "10-12"], ["Spil", "AOF", "mandag", "10-12"]]
    file = save(tmp_path, *rows)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            cut = content.find(b'<row r="3"') if name.endswith("sheet1.xml") else -1
            new.writestr(name, content[:cut] + b"<row <<" if cut > 0 else content)
    items = read(tmp_path / "bad.xlsx")
    assert list(activities(items)) == ["Kor"]
    assert told(items) == [("bad.xlsx, sheet Tilbud", "", "rejected")]


def test_without_the_package_reading_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = save(tmp_path, ["Kor", "AOF", "mandag", "10-12"])

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert TablesReader().recognises(file)
    with pytest.raises(MissingExtraError, match=r"pip install 'spmatch\[xlsx\]'"):
        read(file)


def test_reading_csv_does_not_load_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_workbooks(name: str, *rest: Any) -> Any:
        assert not name.startswith("openpyxl")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_workbooks)
    assert len(activities(read(DANISH))) == 22
