"""Records as they should not be: dropped, retyped, nested, cut, garbled or huge.

Whatever a feed holds, a reader ends, with activities and problems, and with nothing else. That it ends
in time is what the huge texts are for: a pattern or a loop that looks at each character more often than
a few times does not come back from them.
"""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutating import changed, changes, places

from spmatch.activity import Activity
from spmatch.contracts import Reader
from spmatch.errors import Problem
from spmatch.readers.hsds import HsdsReader
from spmatch.readers.hsds1 import Hsds1Reader
from spmatch.readers.native import NativeReader
from spmatch.readers.oruk import OrukReader
from spmatch.readers.oruk1 import Oruk1Reader

FIXTURES = Path(__file__).parents[1] / "fixtures"
HSDS_SERVICE: dict[str, Any] = {
    "id": "s",
    "name": "Club",
    "description": "<p>Made up.</p>",
    "status": "active",
    "url": "https://club.example",
    "minimum_age": 18,
    "maximum_age": 99,
    "assured_date": "2024-01-01",
    "licenses": "CC BY 4.0",
    "fees_description": "Pay what you can",
    "organization": {"id": "o", "name": "House", "phones": [{"number": "1", "type": "voice"}]},
    "contacts": [{"name": "A. Nobody", "phones": [{"number": "2"}]}],
    "additional_urls": [{"url": "https://more.example"}],
    "capacities": [{"available": 4, "maximum": 9, "unit": {"name": "places"}}],
    "cost_options": [
        {"amount": "3", "currency": "gbp", "amount_description": "per session", "option": ""},
        {
            "amount": 1,
            "currency": "gbp",
            "amount_description": "per session",
            "option": "Under 18s",
        },
    ],
    "languages": [{"code": "da", "name": "Danish"}],
    "attributes": [
        {"taxonomy_term": {"code": "x", "name": "X", "taxonomy_detail": {"name": "Own list"}}}
    ],
    "schedules": [
        {
            "freq": "WEEKLY",
            "interval": 1,
            "byday": "MO,TU",
            "opens_at": "10:00",
            "closes_at": "11:00",
            "dtstart": "2024-01-01",
            "until": "2024-12-31",
            "attending_type": "in person",
        }
    ],
    "service_at_locations": [
        {
            "id": "l",
            "schedules": [{"freq": "MONTHLY", "byday": "2TU", "opens_at": "9 am"}],
            "location": {
                "id": "p",
                "location_type": "physical",
                "name": "Hall",
                "latitude": 55.7,
                "longitude": "12.5",
                "addresses": [{"address_1": "Street 1", "postal_code": "0800", "city": "Town"}],
                "accessibility": [{"description": "There is a lift.", "details": "Step-free."}],
                "languages": [{"name": "English"}],
            },
        },
        {"id": "m", "location": {"id": "q", "name": "Church"}},
    ],
}
ORUK1_SERVICE: dict[str, Any] = json.loads(
    (FIXTURES / "oruk1" / "page.json").read_text(encoding="utf-8")
)["content"][0]
NATIVE: dict[str, Any] = json.loads(
    (FIXTURES / "native" / "activities.jsonl").read_text(encoding="utf-8").splitlines()[0]
)
RECORDS: list[tuple[Reader, dict[str, Any]]] = [
    (HsdsReader(), HSDS_SERVICE),
    (HsdsReader(), {"id": "l", "service": HSDS_SERVICE, "location": {"id": "p", "name": "Hall"}}),
    (HsdsReader(), {"id": "o", "name": "House", "services": [HSDS_SERVICE]}),
    (OrukReader(), HSDS_SERVICE),
    (Oruk1Reader(), ORUK1_SERVICE),
    (NativeReader(), NATIVE),
]
MOST_PROBLEMS = 500


def read(reader: Reader, data: bytes, name: str = "feed.json") -> list[Activity | Problem]:
    """What comes out of a file with these bytes, whether or not its format is recognised."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        reader.recognises(file)
        items = list(reader.read(file))
    assert {type(item) for item in items} <= {Activity, Problem}
    assert all(item.reason and item.remedy for item in items if isinstance(item, Problem))
    assert sum(isinstance(item, Problem) for item in items) < MOST_PROBLEMS
    return items


def as_json(record: object) -> bytes:
    return json.dumps(record).encode("ascii")


by_format = pytest.mark.parametrize(
    ("reader", "record"), RECORDS, ids=[f"{r.name} {len(x)}" for r, x in RECORDS]
)
many = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def named(reader: Reader) -> str:
    return "feed.jsonl" if isinstance(reader, NativeReader) else "feed.json"


@by_format
def test_the_record_is_good_as_it_is(reader: Reader, record: dict[str, Any]) -> None:
    items = read(reader, as_json(record), named(reader))
    assert any(isinstance(item, Activity) for item in items)


@by_format
@given(how=changes)
@many
def test_a_changed_record_is_read_or_told(
    reader: Reader, record: dict[str, Any], how: list[tuple[int, str, Any]]
) -> None:
    assert read(reader, as_json(changed(record, how)), named(reader))


@by_format
@given(how=changes)
@many
def test_the_good_record_beside_it_stays(
    reader: Reader, record: dict[str, Any], how: list[tuple[int, str, Any]]
) -> None:
    good = {"id": "good", "title" if isinstance(reader, NativeReader) else "name": "Good one"}
    if not isinstance(reader, NativeReader):
        good["status"] = "active"
    data = b"\n".join((as_json(changed(record, how)), as_json(good)))
    items = read(reader, data, "feed.jsonl")
    assert [item.id for item in items if isinstance(item, Activity)][-1] == "good"


@by_format
@given(cut=st.integers(0), at=st.integers(0), put=st.binary(max_size=4))
@many
def test_cut_and_garbled_bytes_are_read_or_told(
    reader: Reader, record: dict[str, Any], cut: int, at: int, put: bytes
) -> None:
    data = as_json([record, record])
    data = data[: cut % len(data)]
    at %= len(data) + 1
    assert (
        read(reader, data[:at] + put + data[at + len(put) :] + b" ", "feed.json")
        or put
        or (isinstance(reader, NativeReader))
    )


@by_format
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8-sig", "cp037"])
def test_any_encoding_is_read_or_told(
    reader: Reader, record: dict[str, Any], encoding: str
) -> None:
    text = json.dumps({**record, "id": "Kør selv"}, ensure_ascii=False)
    assert read(reader, text.encode(encoding), named(reader))


HUGE = 10 * 2**20
FILLINGS = [
    "a",
    " ",
    "\n",
    "9",
    ",",
    "MO,",
    "<p>",
    "<a ",
    "<!--",
    "&amp;",
    "lift ",
    "no step-free. ",
    "9 ",
    "per ",
]


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize(
    ("reader", "record"),
    [(HsdsReader(), HSDS_SERVICE), (Oruk1Reader(), ORUK1_SERVICE)],
    ids=["HSDS", "ORUK 1"],
)
def test_a_huge_text_in_every_field_ends(
    reader: Reader, record: dict[str, Any], filling: str
) -> None:
    record = copy.deepcopy(record)
    texts = [
        (holder, key) for holder, key in places(record) if not isinstance(holder[key], dict | list)
    ]
    huge = "9" + filling * (HUGE // len(filling) // len(texts)) + "x"
    for holder, key in texts:
        if key not in ("status", "name", "location_type"):
            holder[key] = huge
    assert read(reader, as_json({**record, "id": "s"}))


@pytest.mark.parametrize("field", ["description", "name", "id", "fees_description", "status"])
def test_one_text_of_ten_million_characters_ends(field: str) -> None:
    assert read(HsdsReader(), as_json({**HSDS_SERVICE, field: "words " * (HUGE // 6)}))


def test_a_description_that_is_too_long_is_cut_and_told() -> None:
    items = read(HsdsReader(), as_json({**HSDS_SERVICE, "description": "x" * 60_000}))
    assert ("description", "mended") in [
        (item.field, item.effect) for item in items if isinstance(item, Problem)
    ]
    assert {len(item.description) for item in items if isinstance(item, Activity)} == {50_000}


@pytest.mark.parametrize(
    "text",
    [
        '{"contents": ' + "[" * 50_000,
        '{"total_items": 1, "contents": ' + '{"a":' * 50_000,
        "[" + "{}," * 1_000 + "{}]",
        '{"a": 1' + ', "a": 1' * 100_000 + "}",
        '{"id": "s", "name": ' + "9" * 100_000 + ', "status": "active"}',
        '["' + "\\u0041" * 1_000_000,
        "null",
        "{}",
        "[]",
        "\ufeff\ufeff[]",
        " " * 1_000_000,
    ],
)
@pytest.mark.parametrize("reader", [HsdsReader(), OrukReader(), Oruk1Reader()])
def test_strange_documents_end(reader: Reader, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "feed.json"
        file.write_text(text, encoding="utf-8")
        reader.recognises(file)
        items = list(reader.read(file))
    assert {type(item) for item in items} == {Problem}


@pytest.mark.parametrize("text", ["[" * 200_000, '{"title":' * 200_000, '{"title": "', "\0", '"'])
@pytest.mark.parametrize(
    "reader", [NativeReader(), HsdsReader(), OrukReader(), Oruk1Reader()], ids=lambda r: r.name
)
def test_strange_lines_end(reader: Reader, text: str) -> None:
    items = read(reader, f"{text}\n\n{text}".encode(), "feed.jsonl")
    assert [item.where for item in items if isinstance(item, Problem)] == [
        "feed.jsonl, line 1",
        "feed.jsonl, line 3",
    ]


def test_a_folder_that_is_called_like_a_file_is_passed_over(tmp_path: Path) -> None:
    for name in ("feed.json", "feed.jsonl", "services.csv"):
        (tmp_path / name).mkdir()
    readers = (NativeReader(), HsdsReader(), Hsds1Reader(), OrukReader(), Oruk1Reader())
    assert [reader.name for reader in readers if reader.recognises(tmp_path)] == []


# Tables


tables = pytest.mark.parametrize(
    ("reader", "folder"),
    [
        (HsdsReader(), FIXTURES / "hsds" / "tables"),
        (OrukReader(), FIXTURES / "hsds" / "tables"),
        (Hsds1Reader(), FIXTURES / "hsds1"),
    ],
    ids=["HSDS 3", "ORUK 3", "HSDS 1.1"],
)


@tables
@given(data=st.data())
@many
def test_changed_tables_are_read_or_told(reader: Reader, folder: Path, data: st.DataObject) -> None:
    files = sorted(folder.glob("*.csv"))
    with tempfile.TemporaryDirectory() as copied:
        for file in files:
            (Path(copied) / file.name).write_bytes(file.read_bytes())
        changed_file = Path(copied) / data.draw(st.sampled_from([file.name for file in files]))
        text = changed_file.read_bytes()
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 40)))
        put = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b",,,", b"\n", b"\0", b""]))
        changed_file.write_bytes(text[:at] + put + text[until:])
        if reader.recognises(Path(copied)):
            items = list(reader.read(Path(copied)))
            assert {type(item) for item in items} <= {Activity, Problem}


@tables
def test_a_huge_cell_is_told_and_the_rest_stays(
    reader: Reader, folder: Path, tmp_path: Path
) -> None:
    for file in folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    services = tmp_path / "services.csv"
    columns = services.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = {"id": "huge", "organization_id": "o", "name": "x" * HUGE}
    with services.open("a", encoding="utf-8") as file:
        file.write(",".join(row.get(column, "") for column in columns) + "\n")
    before = [item.id for item in reader.read(folder) if isinstance(item, Activity)]
    items = list(reader.read(tmp_path))
    assert [item.id for item in items if isinstance(item, Activity)] == before
    assert "this row is not CSV: a value is too long." in [
        item.reason for item in items if isinstance(item, Problem)
    ]


# Folders


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "feed.json").write_bytes(as_json({**HSDS_SERVICE, "id": "outside"}))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "feed.json").write_bytes(as_json(HSDS_SERVICE))
    (inside / "link.json").symlink_to(outside / "feed.json")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    ids = [item.id for item in HsdsReader().read(inside) if isinstance(item, Activity)]
    assert ids == ["s@p", "s@q"]


def test_numbers_that_are_not_finite_are_left_out_and_told() -> None:
    text = as_json({**HSDS_SERVICE, "maximum_age": None}).replace(b"55.7", b"Infinity")
    items = read(HsdsReader(), text.replace(b'"minimum_age": 18', b'"minimum_age": NaN'))
    activity = next(item for item in items if isinstance(item, Activity))
    told = {item.field for item in items if isinstance(item, Problem)}
    assert (activity.ages, activity.coordinates) == (None, None)
    assert told >= {"minimum_age", "location.latitude"}
