"""Records on disk are as good as the tuple that they were written from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from making import make_activity
from spmatch.activity import Activity
from spmatch.errors import SnapshotError
from spmatch.records import Lines, Records, Texts, write_lines

ACTIVITIES = (
    make_activity("a", title="Kor – »sang« 🌱", cost={"amount": 0}),
    make_activity("b", title="Line\u2028separator", description="one\ntwo\x85three"),
    make_activity("c", title="Havehold", sessions=[{"day": "mon", "start": "10:00"}]),
    make_activity('d"', title="\\"),
)
GROUPS = (("Kor.", "Vi synger."), (), ("Line\u2028separator",), ("a", "b\nc", "d"))
TEXTS = tuple(text for group in GROUPS for text in group)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    lines = (one.model_dump_json(exclude_defaults=True) for one in ACTIVITIES)
    places = write_lines(tmp_path / "records", lines)
    return Records(Lines(tmp_path / "records", places))


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    lines = ['["Kor.", "Vi synger."]', "[]", '["Line\u2028separator"]', '["a", "b\\nc", "d"]']
    places = write_lines(tmp_path / "texts", lines)
    return Texts(Lines(tmp_path / "texts", places), np.array([0, 2, 2, 3, 6]))


@pytest.fixture(params=["records", "texts"])
def both(request: pytest.FixtureRequest) -> tuple[Sequence[Any], tuple[Any, ...]]:
    """A sequence on disk, and the tuple that it stands for."""
    kept = request.getfixturevalue(request.param)
    return kept, ACTIVITIES if request.param == "records" else TEXTS


# As a tuple


@pytest.mark.parametrize(
    "use",
    [
        len,
        list,
        tuple,
        bool,
        lambda those: list(reversed(those)),
        itemgetter(0),
        itemgetter(3),
        itemgetter(-1),
        itemgetter(np.int64(2)),
        itemgetter(slice(1, 3)),
        itemgetter(slice(None, None, -1)),
        itemgetter(slice(2, 2)),
        itemgetter(slice(-2, 100)),
        lambda those: those.index(those[2]),
        lambda those: those.count(those[1]),
        lambda those: those[1] in those,
        lambda those: "elsewhere" in those,
        lambda those: list(zip(those, those, strict=True)),
        lambda those: sorted(map(str, those)),
    ],
)
def test_it_gives_what_the_tuple_gives(
    both: tuple[Sequence[Any], tuple[Any, ...]], use: Callable[[Sequence[Any]], Any]
) -> None:
    kept, whole = both
    assert use(kept) == use(whole)


@pytest.mark.parametrize("place", [6, -7, 100])
def test_what_is_not_there_is_an_index_error(
    both: tuple[Sequence[Any], tuple[Any, ...]], place: int
) -> None:
    with pytest.raises(IndexError):
        both[0][place]


def test_a_part_of_it_is_a_tuple(both: tuple[Sequence[Any], tuple[Any, ...]]) -> None:
    assert isinstance(both[0][1:3], tuple)


def test_it_equals_the_tuple(both: tuple[Sequence[Any], tuple[Any, ...]]) -> None:
    assert both[0] == both[1]


def test_the_tuple_equals_it(both: tuple[Sequence[Any], tuple[Any, ...]]) -> None:
    assert both[1] == both[0]


def test_it_equals_no_other_tuple(both: tuple[Sequence[Any], tuple[Any, ...]]) -> None:
    assert both[0] != both[1][::-1]


def test_it_equals_no_shorter_tuple(both: tuple[Sequence[Any], tuple[Any, ...]]) -> None:
    assert both[0] != both[1][:-1]


def test_how_it_shows_itself_holds_no_text(records: Records) -> None:
    assert repr(records) == "Records(4 on disk)"


# On disk


def test_an_id_is_found_without_the_rest(records: Records) -> None:
    assert [records.id(row) for row in range(4)] == ["a", "b", "c", 'd"']


def test_a_record_that_was_asked_for_is_kept_at_hand(records: Records) -> None:
    assert records[1] is records[1]


def test_the_lines_are_those_that_were_written(records: Records) -> None:
    assert list(map(Activity.model_validate_json, records.lines())) == list(ACTIVITIES)


def test_the_groups_of_texts_are_those_that_were_written(texts: Texts) -> None:
    assert next(texts.lines()) == '["Kor.", "Vi synger."]'


def test_none_at_all_can_be_kept(tmp_path: Path) -> None:
    none = Records(Lines(tmp_path / "none", write_lines(tmp_path / "none", [])))
    assert none == ()


def test_they_are_read_also_when_their_file_was_removed(records: Records, tmp_path: Path) -> None:
    (tmp_path / "records").unlink()
    assert records == ACTIVITIES


@pytest.mark.parametrize("places", [[], [0, 5], [1, 4], [0, 4, 5]])
def test_the_places_of_another_file_are_refused(tmp_path: Path, places: list[int]) -> None:
    (tmp_path / "lines").write_text("abc\n")
    with pytest.raises(ValueError, match="another file"):
        Lines(tmp_path / "lines", np.array(places, dtype=np.int64))


def test_the_offsets_of_other_texts_are_refused(tmp_path: Path) -> None:
    lines = Lines(tmp_path / "texts", write_lines(tmp_path / "texts", ["[]"]))
    with pytest.raises(ValueError, match="other texts"):
        Texts(lines, np.array([0, 0, 0]))


def test_a_record_that_is_none_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    lines = Lines(tmp_path / "lines", write_lines(tmp_path / "lines", ["{}"]))
    with pytest.raises(SnapshotError, match="Build it again"):
        Records(lines)[0]
