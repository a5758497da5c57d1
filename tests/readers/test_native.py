"""The native reader: one activity a line."""

from __future__ import annotations

from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.native import NativeReader

FIXTURE = Path(__file__).parents[1] / "fixtures" / "native"


def read(path: Path) -> list[Activity | Problem]:
    return list(NativeReader().read(path))


def written(folder: Path, data: bytes) -> Path:
    file = folder / "activities.jsonl"
    file.write_bytes(data)
    return file


def test_facts_are_kept_as_stated() -> None:
    walk = next(item for item in read(FIXTURE) if isinstance(item, Activity) and item.id == "walk")
    assert walk.sessions[0].model_dump(exclude_none=True) == {
        "day": "tue",
        "start": "10:00",
        "end": "11:30",
        "every": "week",
    }


def test_what_is_not_stated_is_none() -> None:
    walk = next(item for item in read(FIXTURE) if isinstance(item, Activity) and item.id == "walk")
    assert walk.cost is None


def test_an_unknown_field_is_named() -> None:
    assert [item.field for item in read(FIXTURE) if isinstance(item, Problem)] == ["", "prise"]


def test_lines_are_counted_with_empty_ones() -> None:
    assert [item.where for item in read(FIXTURE) if isinstance(item, Problem)] == [
        "activities.jsonl, line 2",
        "activities.jsonl, line 5",
    ]


def test_all_faults_of_a_record_come_at_once(tmp_path: Path) -> None:
    file = written(
        tmp_path, b'{"id": "x", "title": "", "gender": "all", "ages": {"min": 9, "max": 1}}\n'
    )
    assert [item.field for item in read(file) if isinstance(item, Problem)] == [
        "title",
        "ages",
        "gender",
    ]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = written(tmp_path, b'\xef\xbb\xbf{"id": "x", "title": "Kor"}\n')
    assert [item.id for item in read(file) if isinstance(item, Activity)] == ["x"]


def test_a_line_that_is_not_utf8_is_rejected_alone(tmp_path: Path) -> None:
    file = written(tmp_path, b'{"id": "a", "title": "K\xf8r"}\n{"id": "b", "title": "Kor"}\n')
    assert [item.where if isinstance(item, Problem) else item.id for item in read(file)] == [
        "activities.jsonl, line 1",
        "b",
    ]


def test_files_of_a_folder_are_read_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.jsonl").write_text(
            f'{{"id": "{name}", "title": "Kor"}}\n', encoding="utf-8"
        )
    assert [item.id for item in read(tmp_path) if isinstance(item, Activity)] == ["a", "b"]


def test_a_problem_never_repeats_what_was_written(tmp_path: Path) -> None:
    file = written(tmp_path, b'{"id": "x", "title": "Kor", "gender": "secret words"}\n')
    assert "secret words" not in str(read(file)[0])
