"""Every reader on real records that were made wrong, through all that a source goes through.

The files of ``shared/data/feeds`` where they lie beside the checkout; else, and for the formats of which
there are none, our own. Whatever is done to them, what comes of it are records or listed problems.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutating import changed, changed_table, changes, places

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.gathering import read_one
from spmatch.readers import FORMATS, reader_called

ROOT = Path(__file__).parents[2]
FEEDS = ROOT.parent / "shared" / "data" / "feeds"
FIXTURES = ROOT / "tests" / "fixtures"

JSON = [
    ("native", ROOT / "catalogue" / "denmark" / "lemvig.jsonl"),
    ("hsds-3.0", FEEDS / "hsds-3.0" / "examples" / "service_full.json"),
    ("hsds-3.0", FEEDS / "hsds-3.0" / "examples" / "service_at_location_full.json"),
    ("hsds-3.0", FEEDS / "hsds-3.0" / "examples" / "organization_full.json"),
    ("hsds-3.0", FEEDS / "hsds-3.0" / "examples" / "tabular.json"),
    ("hsds-3.1", FIXTURES / "hsds" / "page.json"),
    ("oruk-3.0", FEEDS / "oruk-3.0" / "examples" / "service_full.json"),
    ("oruk-3.0", FIXTURES / "oruk" / "page.json"),
    ("oruk-1.0", FIXTURES / "oruk1" / "page.json"),
    ("openactive", FEEDS / "openactive" / "event_example_1.json"),
    ("openactive", FEEDS / "openactive" / "scheduledsession_example_1.json"),
    ("openactive", FEEDS / "openactive" / "sessionseries_example_1.json"),
    ("openactive", FIXTURES / "openactive" / "page.json"),
    ("fhir", FIXTURES / "fhir_bundle" / "searchset.json"),
    ("fhir", FIXTURES / "fhir_bundle" / "pages" / "1.json"),
]
TABLES = [
    ("csv", FEEDS / "ohana-smc"),
    ("csv", FIXTURES / "tables" / "danish"),
    ("csv", FIXTURES / "tables" / "clubs"),
    ("hsds-1.1", FEEDS / "hsds-1.1-ilao"),
    ("hsds-1.1", FIXTURES / "hsds1"),
    ("hsds-3.0", FEEDS / "hsds-3.0" / "examples" / "csv"),
    ("oruk-3.0", FEEDS / "oruk-3.0" / "examples" / "csv"),
]
ROWS, LINES = 12, 3


def there(sources: list[tuple[str, Path]]) -> Any:
    found = [one for one in sources if one[1].exists()]
    return pytest.mark.parametrize(
        ("name", "source"), found, ids=[f"{name} {source.name}" for name, source in found]
    )


in_json, in_tables = there(JSON), there(TABLES)
some = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_every_format_is_among_them() -> None:
    assert {name for name, _ in (*JSON, *TABLES)} | {"xlsx"} == set(FORMATS)


def outcome(name: str | None, source: Path) -> list[Activity | Problem]:
    """What comes of a source that is read as this format; never nothing, and never anything else."""
    try:
        read = read_one(source, reader=reader_called(name) if name else None)
        found: list[Activity | Problem] = [*read.activities, *read.problems]
    except CatalogueError as error:
        found = list(error.problems)
    assert found
    assert all(one.reason and one.remedy for one in found if isinstance(one, Problem))
    return found


# JSON


def document_of(source: Path) -> tuple[Any, Callable[[Any], str]]:
    """What a file holds, and how that is written down again."""
    if source.suffix == ".jsonl":
        with source.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in islice(lines, LINES)], as_lines
    return json.loads(source.read_text(encoding="utf-8")), json.dumps


def as_lines(records: Any) -> str:
    records = records if isinstance(records, list) else [records]
    return "".join(f"{json.dumps(record)}\n" for record in records)


def written(folder: Path, source: Path, data: bytes) -> Path:
    file = folder / f"feed{source.suffix}"
    file.write_bytes(data)
    return file


@in_json
@given(how=changes)
@some
def test_a_changed_document_is_read_or_told(
    name: str, source: Path, how: Any, tmp_path: Path
) -> None:
    document, write = document_of(source)
    outcome(name, written(tmp_path, source, write(changed(document, how)).encode("ascii")))


@in_json
@given(data=st.data())
@some
def test_a_cut_or_garbled_document_is_read_or_told(
    name: str, source: Path, data: st.DataObject, tmp_path: Path
) -> None:
    document, write = document_of(source)
    raw = write(document).encode("ascii")
    at = data.draw(st.integers(0, len(raw)))
    until = data.draw(st.sampled_from([at, min(len(raw), at + 30), len(raw)]))
    put = data.draw(st.binary(max_size=8) | st.sampled_from([b'"', b"]", b"{", b"\0", b",", b"\n"]))
    outcome(name, written(tmp_path, source, raw[:at] + put + raw[until:]))


@in_json
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "cp1252", "cp037"])
def test_a_document_in_another_encoding_is_read_or_told(
    name: str, source: Path, encoding: str, tmp_path: Path
) -> None:
    document, write = document_of(source)
    document, *_ = [changed(document, [(0, "twice", None)])]
    text = write(document).replace("e", "é")
    outcome(name, written(tmp_path, source, text.encode(encoding, "replace")))


# Tables


def tables_of(source: Path) -> dict[str, list[list[str]]]:
    tables = {}
    for file in sorted(source.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            mark = max(",;", key=lines.readline().count)
            lines.seek(0)
            tables[file.name] = list(islice(csv.reader(lines, delimiter=mark), ROWS))
    return tables


@contextmanager
def folder_of(source: Path, **others: bytes) -> Iterator[Path]:
    """The tables of a source in a new folder, some of them with other content."""
    with tempfile.TemporaryDirectory() as folder:
        for file in source.iterdir():
            if file.suffix in (".toml", ".json"):
                (Path(folder) / file.name).write_bytes(file.read_bytes())
        for table, rows in tables_of(source).items():
            (Path(folder) / table).write_bytes(others.get(table, as_csv(rows)))
        yield Path(folder)


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding, "replace")


@in_tables
@given(data=st.data())
@some
def test_a_changed_table_is_read_or_told(name: str, source: Path, data: st.DataObject) -> None:
    tables = tables_of(source)
    table = data.draw(st.sampled_from(sorted(tables)))
    rows = changed_table(tables[table], data.draw(changes))
    with folder_of(source, **{table: as_csv(rows)}) as folder:
        outcome(name, folder)


@in_tables
@given(data=st.data())
@some
def test_a_cut_or_garbled_table_is_read_or_told(
    name: str, source: Path, data: st.DataObject
) -> None:
    tables = tables_of(source)
    table = data.draw(st.sampled_from(sorted(tables)))
    raw = as_csv(tables[table])
    at = data.draw(st.integers(0, len(raw)))
    until = data.draw(st.sampled_from([at, min(len(raw), at + 30), len(raw)]))
    put = data.draw(st.binary(max_size=8) | st.sampled_from([b'"', b",,,", b"\n", b"\0", b";"]))
    with folder_of(source, **{table: raw[:at] + put + raw[until:]}) as folder:
        outcome(name, folder)


@in_tables
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "cp1252", "cp037"])
def test_tables_in_another_encoding_are_read_or_told(
    name: str, source: Path, encoding: str
) -> None:
    coded = {table: as_csv(rows, encoding) for table, rows in tables_of(source).items()}
    with folder_of(source, **coded) as folder:
        outcome(name, folder)


# Workbooks

CLUBS = FIXTURES / "tables" / "clubs"


def workbook(folder: Path, rows: list[list[Any]]) -> Path:
    """The clubs as a workbook with its mapping beside it."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "clubs"
    for row in rows:
        book.active.append([_cell(value) for value in row])
    book.save(folder / "clubs.xlsx")
    (folder / "mapping.toml").write_bytes((CLUBS / "mapping.toml").read_bytes())
    return folder / "clubs.xlsx"


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(sign for sign in value if sign.isprintable())[:32_000]
    return value if isinstance(value, bool | float | None) else str(value)[:300]


def club_rows() -> list[list[str]]:
    return tables_of(CLUBS)["clubs.csv"]


@given(how=changes)
@some
def test_a_changed_workbook_is_read_or_told(how: Any, tmp_path: Path) -> None:
    rows = changed_table(club_rows(), [(p, h, v) for p, h, v in how if h != "retype"])
    for pick, _, value in how:
        if rows and rows[pick % len(rows)]:
            rows[pick % len(rows)][pick // len(rows) % len(rows[pick % len(rows)])] = value
    outcome("xlsx", workbook(tmp_path, rows))


@given(at=st.integers(0), gone=st.sampled_from([0, 30, 10**6]), put=st.binary(max_size=8))
@some
def test_a_damaged_workbook_is_read_or_told(at: int, gone: int, put: bytes, tmp_path: Path) -> None:
    file = workbook(tmp_path, club_rows())
    raw = file.read_bytes()
    at %= len(raw)
    file.write_bytes(raw[:at] + put + raw[at + gone :])
    outcome("xlsx", file)


# Each as every format


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "other",
    [
        *("native/activities.jsonl", "hsds/page.json", "hsds/tables", "hsds1", "oruk1/page.json"),
        *("tables/clubs", "tables/clubs/clubs.csv", "openactive/feed", "fhir_bundle/export.ndjson"),
    ],
)
def test_a_source_that_is_read_as_another_format_is_read_or_told(name: str, other: str) -> None:
    outcome(name, FIXTURES / other)


@pytest.mark.parametrize("name", [*sorted(FORMATS), None])
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 3_000, bytes(range(256)) * 9, b"Some words.\n", b"<p>"]
)
def test_what_is_no_feed_at_all_is_told(name: str | None, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    assert {type(item) for item in outcome(name, tmp_path / "file")} == {Problem}


@pytest.mark.parametrize("name", [*sorted(FORMATS), None])
def test_an_empty_folder_is_told(name: str | None, tmp_path: Path) -> None:
    assert {type(item) for item in outcome(name, tmp_path)} == {Problem}


# Links, pipes and loops


def linked(folder: Path, outside: Path, suffix: str) -> None:
    """A folder with everything in it that must not be read."""
    (folder / f"link{suffix}").symlink_to(outside / f"secret{suffix}")
    (folder / f"loop{suffix}").symlink_to(folder / f"loop{suffix}")
    (folder / f"round{suffix}").symlink_to(folder)
    (folder / "mapping.toml").symlink_to(outside / "mapping.toml")
    (folder / "datapackage.json").symlink_to(outside / "datapackage.json")
    os.mkfifo(folder / f"pipe{suffix}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_links_and_pipes_in_a_folder_are_told_and_not_read(name: str, tmp_path: Path) -> None:
    suffix = {"csv": ".csv", "xlsx": ".xlsx", "hsds-1.1": ".csv", "native": ".jsonl"}.get(
        name, ".json"
    )
    folder, outside = tmp_path / "feed", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    for file in ("mapping.toml", "datapackage.json", f"secret{suffix}"):
        os.mkfifo(outside / file)
    linked(folder, outside, suffix)
    (folder / "sheet.csv").write_bytes((FIXTURES / "tables/danish/aktiviteter.csv").read_bytes())
    with child() as run:
        told = run(name, folder)
    left_out = {"datapackage.json", "mapping.toml"}
    left_out |= {f"{what}{suffix}" for what in ("link", "loop", "round", "pipe")}
    assert left_out <= set(told["where"])
    assert told["activities"] == (22 if name in ("csv", "xlsx") else 0)


# Huge and packed: in a process of its own, which has so much time and memory

CHILD = r"""
import json, re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
from spmatch.errors import CatalogueError
from spmatch.gathering import read_one
from spmatch.readers import reader_called
def peak_mb():
    # What the system counts for a process begins with the size of the one that started it; Linux also tells
    # that of the program alone.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1]) // 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20

for line in sys.stdin:
    name, source = json.loads(line)
    try:
        read = read_one(Path(source), reader=reader_called(name) if name else None)
        kept, problems = len(read.activities), read.problems
    except CatalogueError as error:
        kept, problems = 0, error.problems
    where = [problem.where for problem in problems]
    print(json.dumps({"activities": kept, "where": where, "peak_mb": peak_mb()}), flush=True)
"""
PEAK_MB = 900
"""Of a source of 10 MB: what it takes to hold one value of that size several times over."""
HUGE = 10 * 2**20


@contextmanager
def child() -> Iterator[Callable[[str | None, Path], Any]]:
    """Reads sources in a process that ends when it takes too long."""
    pytest.importorskip("resource")
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def run(name: str | None, source: Path) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps([name, str(source)]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.communicate()


def bounded(name: str | None, *sources: Path) -> list[Any]:
    with child() as run:
        found = [run(name, source) for source in sources]
    assert all(one["activities"] or one["where"] for one in found)
    assert found[-1]["peak_mb"] < PEAK_MB
    return found


ONE_EACH = list({name: (name, source) for name, source in reversed(JSON)}.values())


@pytest.mark.parametrize(("name", "source"), [one for one in ONE_EACH if one[1].exists()])
def test_ten_million_characters_in_any_text_end_in_time_and_memory(
    name: str, source: Path, tmp_path: Path
) -> None:
    document, write = document_of(source)
    texts = [(h, k) for h, k in places(document) if isinstance(h[k], str)]
    picked = {key: (holder, key) for holder, key in reversed(texts)}
    files = []
    for number, (holder, key) in enumerate(list(picked.values())[:: len(picked) // 4][:4]):
        before = holder[key]
        holder[key] = ("<p>35 kr. æ " * HUGE)[:HUGE]
        (tmp_path / str(number)).mkdir()
        files.append(written(tmp_path / str(number), source, write(document).encode("ascii")))
        holder[key] = before
    bounded(name, *files)


@in_tables
def test_ten_million_characters_in_a_cell_end_in_time_and_memory(name: str, source: Path) -> None:
    tables = tables_of(source)
    table = max(tables, key=lambda one: len(tables[one]))
    rows = tables[table]
    rows.append(["x" * HUGE if at == 2 else cell for at, cell in enumerate(rows[1])])
    with folder_of(source, **{table: as_csv(rows)}) as folder:
        bounded(name, folder)


REPEATED = {
    "brackets.json": "[",
    "objects.json": '{"a":',
    "numbers.json": "9",
    "lines.jsonl": "{\n",
    "quotes.csv": '"',
    "separators.csv": ";",
    "lines.csv": "a,b\n",
}


@pytest.mark.parametrize("name", [*sorted(FORMATS), None])
def test_ten_megabytes_of_one_mark_end_in_time_and_memory(name: str | None, tmp_path: Path) -> None:
    for file, mark in REPEATED.items():
        (tmp_path / file).write_text(mark * (HUGE // len(mark)), encoding="utf-8")
    assert {one["activities"] for one in bounded(name, *sorted(tmp_path.iterdir()))} == {0}


def packed(file: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


@pytest.mark.parametrize("name", ["csv", "xlsx", "hsds-3.0", None])
def test_a_bomb_is_told_in_time_and_memory(name: str | None, tmp_path: Path) -> None:
    bombs = [
        packed(tmp_path / "feed.zip", **{"feed.json": b"[" + b" " * 50_000_000}),
        packed(
            tmp_path / "sheet.xlsx",
            **{
                "[Content_Types].xml": b"<Types/>",
                "xl/workbook.xml": b"<workbook/>",
                "xl/worksheets/sheet1.xml": b"<a>" * 20_000_000,
            },
        ),
    ]
    assert {one["activities"] for one in bounded(name, *bombs)} == {0}


@pytest.mark.parametrize("mark", [b"<a/>", b"<a>", b"<!--a-->"])
def test_a_bomb_that_does_not_look_packed_is_told(mark: bytes, tmp_path: Path) -> None:
    file = workbook(tmp_path, club_rows())
    with zipfile.ZipFile(file) as book:
        members = {name: book.read(name) for name in book.namelist()}
    members["xl/worksheets/sheet1.xml"] += mark * 12_000_000
    members["padding"] = os.urandom(500_000)
    (told,) = bounded("xlsx", packed(file, **members))
    assert told["activities"] == 0
