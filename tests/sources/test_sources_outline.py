"""The outline of a JSON document: the same as the document says, wherever its pieces fall."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.sources import outline as outlines
from spmatch.sources.outline import outline_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text(max_size=6), JSON, max_size=5)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outline") / "page.json"


def outlined(file: Path, text: str | bytes, chunk: int = 65_536):
    """The outline of a text that is read in pieces of so many bytes."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "_CHUNK_BYTES", chunk)
        return outline_of(file)


def shortened(value: object) -> object:
    """What the outline keeps of a member."""
    if isinstance(value, dict):
        return {}
    if isinstance(value, list):
        return [sum(isinstance(part, dict | list) for part in value) or 1] if value else []
    return value


@given(value=OBJECTS, chunk=st.integers(1, 40), indent=st.sampled_from([None, 0, 2]))
def test_the_members_at_the_top_are_those_of_the_document(
    file: Path, value: dict[str, object], chunk: int, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    outline = outlined(file, text, chunk)
    assert outline is not None
    assert outline.members == {name: shortened(part) for name, part in value.items()}
    assert (outline.whole, outline.lines) == (True, False)


@given(value=OBJECTS | st.lists(JSON, max_size=4), chunk=st.integers(1, 40), data=st.data())
def test_a_document_that_was_cut_is_not_whole(
    file: Path, value: object, chunk: int, data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    kept = data.draw(st.integers(1, len(text) - 1))
    outline = outlined(file, text[:kept], chunk)
    assert outline is not None
    assert not outline.whole


@given(values=st.lists(OBJECTS, min_size=2, max_size=5), chunk=st.integers(1, 40))
def test_lines_are_known_as_lines(file: Path, values: list[dict[str, object]], chunk: int) -> None:
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    outline = outlined(file, text, chunk)
    assert outline is not None
    assert (outline.lines, outline.whole) == (True, True)


@given(st.binary(max_size=200), st.integers(1, 40))
def test_any_bytes_have_an_outline_or_none(file: Path, content: bytes, chunk: int) -> None:
    outline = outlined(file, content, chunk)
    assert outline is None or outline.members is None or isinstance(outline.members, dict)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('{"id": "a"}\n{"id": "b"}\n', True),
        ('{"id": "a"}\n{"id": "b', False),
        ('{"id": "a"}\n{"id": "b"\n{"id": "c"}', True),
        ('{"id": "a"}\n{"id": "open}\n{"id": "c"}', True),
    ],
)
def test_of_lines_only_the_last_can_be_cut(file: Path, text: str, whole: bool) -> None:
    outline = outlined(file, text)
    assert outline is not None
    assert outline.whole is whole


@pytest.mark.parametrize("text", ["", "  ", "id,name", '"text"', "7", "\ufeffid"])
def test_what_is_no_object_and_no_list_has_no_outline(file: Path, text: str) -> None:
    assert outlined(file, text) is None


def test_a_top_that_is_too_large_for_a_page_has_no_members(file: Path) -> None:
    outline = outlined(file, json.dumps({"description": "x" * 100_000, "items": []}))
    assert outline is not None
    assert (outline.members, outline.whole) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        '{"contents": [' + '{"id": "a", "name": "b\\\\"},' * 100_000 + '{"id": "z"}], "page": 1}',
        '{"contents": ["' + "x" * 8_000_000 + '"], "page": 1}',
        '{"contents": ' + "[" * 200_000 + "]" * 200_000 + ', "page": 1}',
        '{"contents": ["' + '\\"' * 2_000_000 + '"], "page": 1}',
    ],
    ids=["many", "long", "deep", "escaped"],
)
def test_a_large_document_needs_little_memory(file: Path, text: str) -> None:
    file.write_text(text)
    tracemalloc.start()
    outline = outline_of(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert outline is not None
    assert outline.members is not None
    assert outline.members["page"] == 1
    assert peak < 4_000_000


def test_a_text_that_no_pattern_fits_is_passed_over_in_one_go(file: Path) -> None:
    # Patterns that could divide a text in many ways would try them all, and never come back.
    outline = outlined(file, '{"contents": [[["a", ' + '1, "b", ' * 20_000 + '["c"')
    assert outline is not None
    assert not outline.whole


def test_a_scan_ends_when_the_time_is_over(file: Path) -> None:
    file.write_text("[]")
    with pytest.raises(TimeoutError):
        outline_of(file, until=0)
