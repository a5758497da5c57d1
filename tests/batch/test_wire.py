"""Profiles and answers arrive as they were sent."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from spmatch.batch.part import Answer, Asked
from spmatch.batch.wire import pack_answers, pack_asked, unpack_answers, unpack_asked
from spmatch.errors import PlaceError, Problem, ProfileError

TEXTS = st.one_of(st.binary(), st.text())


@given(st.lists(st.tuples(TEXTS, st.integers(0, 3)), max_size=6))
def test_what_is_asked_arrives_as_it_was(some: list[tuple[str | bytes, int]]) -> None:
    asked = [Asked(n, f"line {n}", text, manner) for n, (text, manner) in enumerate(some)]
    assert unpack_asked(pack_asked(asked)) == asked


@given(st.lists(st.text().map(lambda text: text.replace("\n", "")), min_size=1, max_size=6))
def test_answers_arrive_as_they_were(lines: list[str]) -> None:
    answers = [Answer(n, f"line {n}", line) for n, line in enumerate(lines)]
    asked = [Asked(n, f"line {n}", "") for n in range(len(lines))]
    assert unpack_answers(asked, pack_answers(answers)) == answers


def test_an_error_arrives_at_its_place() -> None:
    error = PlaceError("This postcode is not known.", ["9000"])
    answers = [Answer(0, "a", "{}"), Answer(1, "b", error=error), Answer(2, "c", "[]")]
    asked = [Asked(n, where, "") for n, where in enumerate("abc")]
    assert unpack_answers(asked, pack_answers(answers)) == answers


def test_the_problems_of_a_profile_outlive_the_way_between_processes() -> None:
    problem = Problem("line 1", "age", "it is below 0.", "Correct it.")
    error = pickle.loads(pickle.dumps(ProfileError("It cannot be read:", [problem])))
    assert (error.problems, str(error)) == (
        (problem,),
        "It cannot be read:\n  line 1, age: it is below 0. Correct it.",
    )
