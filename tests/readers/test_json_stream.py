"""JSON piece by piece: the same values, and the same faults in the same lines, as read at once."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.readers import json_stream
from spmatch.readers.json_stream import BrokenJson, Part, decoded, parts_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=20,
)


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


def together(parts: list[Part]) -> Any:
    """The document that these parts are of."""
    whole: Any = {}
    for part in parts:
        if part.key is None and part.number is None:
            whole = part.value
        elif part.key is None:
            whole = [*whole, part.value] if part.number else []
        elif part.number is None:
            whole[part.key] = part.value
        else:
            whole[part.key] = [*whole[part.key], part.value] if part.number else []
    return whole


def outcome(parts: Iterator[Part]) -> object:
    """The document, or the line in which it breaks."""
    try:
        return together(list(parts))
    except BrokenJson as broken:
        return f"broken in line {broken.line}"


def outcome_at_once(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return f"broken in line {error.lineno}"


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_PIECE", 4)


@given(value=VALUES, size=st.integers(1, 9), indent=st.none() | st.just(1), plain=st.booleans())
def test_values_are_those_of_the_whole(
    value: Any, size: int, indent: int | None, plain: bool
) -> None:
    text = json.dumps(value, ensure_ascii=plain, indent=indent)
    assert together(list(parts_of(pieces(text, size), ("", "0", "a")))) == value


@given(
    value=VALUES,
    size=st.integers(1, 9),
    at=st.integers(0),
    put=st.sampled_from(["", *'{}[],:"\\ 1\n', None]),
)
def test_faults_are_found_where_they_are_in_the_whole(
    value: Any, size: int, at: int, put: str | None
) -> None:
    text = json.dumps(value, indent=1)
    at %= len(text)
    text = text[:at] if put is None else text[:at] + put + text[at + 1 :]
    assert outcome(parts_of(pieces(text, size), ())) == outcome_at_once(text)


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("", 1, "it ends too early"),
        ('{"a": [\n1,\n"two', 3, "it ends too early"),
        ('{"a": [\n1,\n2\n', 4, "it ends too early"),
        ("[1,\n  2 3]", 2, "it breaks at column 5"),
        ("[1,\n 2,]", 2, "it breaks at column 4"),
        ("{1: 2}", 1, "it breaks at column 2"),
        ('{"a" 1}', 1, "it breaks at column 6"),
        ("{} {}", 1, "something follows its end"),
        ("[" * 100_000, 1, "it is nested too deeply"),
    ],
)
def test_faults_in_words(text: str, line: int, fault: str) -> None:
    with pytest.raises(BrokenJson) as found:
        list(parts_of(pieces(text, 1_000), ("a",)))
    assert (found.value.line, found.value.fault) == (line, fault)


def test_items_before_a_fault_are_given() -> None:
    parts = parts_of(iter(['{"n": 1, "a": [{"id": 1}, {"id": 2}, {"id": ']), ("a",))
    assert [next(parts).value for _ in range(4)] == [1, None, {"id": 1}, {"id": 2}]
    with pytest.raises(BrokenJson):
        next(parts)


def test_items_come_one_by_one_before_the_end_is_read() -> None:
    def endless() -> Iterator[str]:
        yield "[0"
        while True:
            yield ", 1"

    parts = parts_of(endless(), ())
    assert [next(parts).value for _ in range(4)] == [None, 0, 1, 1]


def test_a_list_that_is_empty_is_said_to_be_there() -> None:
    assert list(parts_of(iter(['{"a": []}']), ("a",))) == [Part("a", 0, None)]


def test_a_member_that_is_no_list_comes_whole() -> None:
    assert list(parts_of(iter(['{"a": {"b": []}}']), ("a",))) == [Part("a", None, {"b": []})]


def test_a_value_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_VALUE", 1_000)
    endless = repeat("x" * 100)
    with pytest.raises(BrokenJson, match="too long"):
        list(parts_of(chain(['["'], endless), ()))


def test_an_object_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_VALUE", 1_000)
    endless = repeat('"a": 1111111111, ')
    with pytest.raises(BrokenJson, match="too long"):
        list(parts_of(chain(["{"], endless), ()))


def test_a_number_of_any_length_is_read() -> None:
    assert decoded("[" + "9" * 10_000 + "]") == [float("inf")]


def test_memory_is_that_of_one_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_PIECE", 2**12)
    item = json.dumps({"text": "x" * 1_000}) + ","

    def text() -> Iterator[str]:
        yield "["
        for _ in range(20_000):
            yield item
        yield "0]"

    tracemalloc.start()
    count = sum(1 for part in parts_of(text(), ()) if part.number)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_001
    assert peak < 200_000
