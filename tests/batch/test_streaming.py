"""From a stream of profiles to answers in order: what is held, what goes together, what is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain

import pytest
from crews import EchoCrew
from hypothesis import given
from hypothesis import strategies as st

from spmatch.batch.part import TRIES, Asked, BatchError, Part
from spmatch.batch.streaming import neighbourhood, parts_of, stream


def plain(count: int) -> list[Asked]:
    return [Asked(number, f"line {number}", "{}") for number in range(count)]


def at(number: int, manner: int = 0, **origin: object) -> Asked:
    return Asked(number, "", json.dumps({"origin": origin}), manner)


@given(
    count=st.integers(0, 90),
    room=st.integers(1, 5),
    part=st.integers(1, 7),
    window=st.integers(1, 40),
)
def test_every_profile_is_answered_once_and_in_order(
    count: int, room: int, part: int, window: int
) -> None:
    found = stream(EchoCrew(room), plain(count), part=part, window=window)
    assert [one.number for one in found] == list(range(count))


def test_no_more_than_two_windows_are_held() -> None:
    read = given_back = most = 0

    def endless() -> Iterator[Asked]:
        nonlocal read, most
        for one in plain(2000):
            read += 1
            most = max(most, read - given_back)
            yield one

    for _ in stream(EchoCrew(), endless(), part=4, window=50):
        given_back += 1
    assert most <= 100


def test_the_first_answers_do_not_wait_for_a_whole_window() -> None:
    read: list[int] = []

    def noted() -> Iterator[Asked]:
        for one in plain(5000):
            read.append(one.number)
            yield one

    found = stream(EchoCrew(1), noted())
    next(found)
    assert len(read) <= 64


def test_a_crew_without_room_yet_is_waited_for() -> None:
    class Late(EchoCrew):
        ready = False

        def has_room(self) -> bool:
            return self.ready and super().has_room()

        def wait(self) -> list[object]:  # type: ignore[override]
            if not self.ready:
                self.ready = True
                return []
            return list(super().wait())

    assert len(list(stream(Late(), plain(5)))) == 5


def test_the_crew_is_closed_at_the_end() -> None:
    crew = EchoCrew()
    list(stream(crew, plain(3)))
    assert crew.closed == 1


def test_the_crew_is_closed_when_nobody_asks_any_more() -> None:
    crew = EchoCrew()
    found = stream(crew, plain(200), part=2)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert crew.closed == 1


def test_the_crew_is_closed_when_the_source_fails() -> None:
    def broken() -> Iterator[Asked]:
        yield from plain(1)
        raise OSError("gone")

    crew = EchoCrew()
    with pytest.raises(OSError, match="gone"):
        list(stream(crew, broken()))
    assert crew.closed == 1


def test_progress_counts_what_was_given_back() -> None:
    seen: list[tuple[str, int, int | None]] = []
    found = stream(EchoCrew(), plain(3), progress=lambda *one: seen.append(one), total=3)
    list(found)
    assert seen == [("match", 1, 3), ("match", 2, 3), ("match", 3, 3)]


# Who goes with whom


def numbers(parts: Iterator[Part]) -> list[list[int]]:
    return [[one.number for one in part.asked] for part in parts]


def test_those_who_live_near_each_other_are_in_one_part() -> None:
    north, south = {"lat": 57.05, "lon": 9.92}, {"lat": 55.4, "lon": 10.4}
    asked = [at(0, **north), at(1, **south), at(2, **north), at(3, **south)]
    assert sorted(numbers(parts_of(asked, 2))) == [[0, 2], [1, 3]]


def test_those_of_one_postcode_are_in_one_part() -> None:
    asked = [at(n, postcode=code) for n, code in enumerate(["9000", "5000", "9000", "5000"])]
    assert numbers(parts_of(asked, 2)) == [[1, 3], [0, 2]]


def test_no_part_holds_two_manners() -> None:
    asked = [at(0, 1), at(1, 0), at(2, 1), at(3, 0)]
    assert numbers(parts_of(asked, 3)) == [[1, 3], [0, 2]]


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 5))
def test_parts_hold_everyone_once_and_none_is_too_long(manners: list[int], size: int) -> None:
    parts = numbers(parts_of([at(n, one) for n, one in enumerate(manners)], size))
    assert sorted(chain.from_iterable(parts)) == list(range(len(manners)))
    assert all(len(part) <= size for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        *("", "no", b"\xff", "[]", "3", '{"origin": 3}', '{"origin": {"lat": 1}}', "[" * 99999),
        '{"origin": {"lat": NaN, "lon": 1}}',
        '{"origin": {"lat": 1e999, "lon": []}}',
    ],
)
def test_a_faulty_profile_has_a_place_too(text: str | bytes) -> None:
    assert neighbourhood(text) == (-2, "")


def test_two_sides_of_a_street_are_one_cell() -> None:
    assert neighbourhood('{"origin": {"lat": 57.0488, "lon": 9.9217}}') == neighbourhood(
        '{"origin": {"lat": 57.0489, "lon": 9.9218}}'
    )


# Parts that are lost


def test_a_part_is_given_out_three_times_at_the_most() -> None:
    part = Part(plain(2))
    for _ in range(TRIES):
        part.begun()
    with pytest.raises(BatchError, match="line 0 to line 1"):
        part.begun()


def test_what_was_asked_does_not_show_in_messages() -> None:
    assert "secret" not in repr(Asked(0, "line 1", "secret"))
