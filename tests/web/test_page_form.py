"""The form of the page: what it reads, what it refuses, and what it keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from making import make_profile
from spmatch.profile import MAX_TEXT_CHARACTERS
from spmatch.suggestion import Relaxation
from spmatch.web.page.form import PageForm, cells_of, is_empty, read_form, slots_of
from spmatch.web.page.loosening import click_of, loosened
from spmatch.web.page.values import CELLS, KNOWN, VALUED, FormValues


def values_of(**fields: Any) -> FormValues:
    pairs = [
        (name, value)
        for name, one in fields.items()
        for value in (one if isinstance(one, list) else [one])
    ]
    return FormValues.of(pairs)


def read(**fields: Any) -> PageForm:
    return read_form(values_of(**fields))


def profile_of(**fields: Any) -> dict[str, Any]:
    form = read(**fields)
    assert form.profile is not None, form.problems
    return form.profile.model_dump(mode="json", exclude_defaults=True)


def wrong(**fields: Any) -> tuple[str, str]:
    """The field that is wrong, and what is said of it."""
    form = read(**fields)
    assert form.profile is None
    (problem,) = form.problems
    return problem.field, problem.message


# What is read


def test_an_empty_form_is_an_empty_profile() -> None:
    assert profile_of() == {}


def test_texts_are_read_without_the_blanks_around_them() -> None:
    assert profile_of(needs="  Alone.\r\nSince spring. ", interests="", avoid=" ") == {
        "needs": "Alone.\nSince spring."
    }


@pytest.mark.parametrize(
    ("where", "origin"),
    [
        ("9000", {"postcode": "9000"}),
        (" DK-9000 ", {"postcode": "DK-9000"}),
        ("Aalborg", {"place": "Aalborg"}),
        ("9000 Aalborg", {"place": "9000 Aalborg"}),
        ("57.05, 9.92", {"lat": 57.05, "lon": 9.92}),
        ("57.05 9.92", {"lat": 57.05, "lon": 9.92}),
        ("57,05; 9,92", {"lat": 57.05, "lon": 9.92}),
        ("57,05, 9,92", {"lat": 57.05, "lon": 9.92}),
    ],
)
def test_one_field_takes_every_way_to_say_where(where: str, origin: dict[str, Any]) -> None:
    assert profile_of(where=where) == {"origin": origin}


@pytest.mark.parametrize("limit", VALUED)
@pytest.mark.parametrize(("kind", "part"), [("must", "must"), ("prefer", "prefer"), ("", "must")])
def test_a_limit_that_is_filled_in_is_a_must_unless_it_says_otherwise(
    limit: str, kind: str, part: str
) -> None:
    filled: dict[str, Any] = {
        "distance": "5",
        "cost": "50",
        "available": "mon-morning",
        "intensity_max": "low",
        "delivery": "online",
        "referral": "self",
    }
    name = "distance_km" if limit == "distance" else limit
    read = profile_of(where="9000", **{limit: filled[limit], f"{limit}_kind": kind})
    assert list(read[part]) == [name]


@pytest.mark.parametrize("limit", VALUED)
def test_a_limit_that_does_not_matter_is_left_out(limit: str) -> None:
    filled = {"distance": "5", "cost": "5", "available": "mon-morning", "intensity_max": "low"}
    filled |= {"delivery": "online", "referral": "self"}
    assert profile_of(**{limit: filled[limit], f"{limit}_kind": "none"}) == {}


def test_each_fact_has_a_choice_of_its_own() -> None:
    read = profile_of(access_lift="must", access_step_free="prefer", access_wheelchair="none")
    assert read == {"must": {"access": ["lift"]}, "prefer": {"access": ["step_free"]}}


def test_first_visit_has_choices_too() -> None:
    assert profile_of(first_visit_buddy="prefer") == {"prefer": {"first_visit": ["buddy"]}}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("50", 50), ("12,5", 12.5), ("12.5", 12.5), ("1.000", 1000), ("1,000", 1000)],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: float) -> None:
    assert profile_of(cost=typed, currency="DKK", per="month")["must"]["cost"] == {
        "amount": amount,
        "currency": "DKK",
        "per": "month",
    }


def test_a_distance_below_one_is_not_in_thousands() -> None:
    assert profile_of(distance="0,500", where="9000")["must"]["distance_km"] == 0.5


def test_free_is_an_amount() -> None:
    assert profile_of(cost="0")["must"]["cost"]["amount"] == 0


def test_parts_of_a_day_that_touch_are_one_time() -> None:
    assert slots_of(["mon-afternoon", "mon-morning", "tue-morning", "tue-evening"]) == [
        {"day": "mon", "start": "06:00", "end": "17:00"},
        {"day": "tue", "start": "06:00", "end": "12:00"},
        {"day": "tue", "start": "17:00", "end": "23:00"},
    ]


def test_a_day_that_is_ticked_throughout_is_the_whole_day() -> None:
    assert slots_of(["sun-morning", "sun-afternoon", "sun-evening"]) == [
        {"day": "sun", "start": "00:00", "end": "24:00"}
    ]


@given(st.lists(st.sampled_from(CELLS), unique=True))
def test_times_become_the_cells_that_they_were_read_from(cells: list[str]) -> None:
    assert sorted(cells_of(slots_of(cells))) == sorted(cells)


def test_reductions_may_be_ticked_and_written() -> None:
    read = profile_of(concessions=["student"], concessions_other="fritidspas, student ,")
    assert read["concessions"] == ["student", "fritidspas"]


def test_the_language_that_is_spoken_best_comes_first() -> None:
    assert profile_of(first_language="ar", languages=["da", "ar", "nonsense"])["languages"] == [
        "ar",
        "da",
    ]


def test_the_list_is_kept_once_each_and_without_what_was_removed() -> None:
    assert read(picked=["a", "b", "a", "c"], remove="b").picked == ("a", "c")


def test_fields_that_the_form_does_not_have_are_ignored() -> None:
    assert profile_of(needs="x", surprise="y", must="z") == {"needs": "x"}


def test_a_form_shows_nothing_of_a_person_when_it_is_printed() -> None:
    assert "widow" not in repr(read(needs="widow", where="widowville"))


# What is refused


@pytest.mark.parametrize("age", ["300", "-1", "old", "7.5", "１２"])
def test_an_age_that_is_none_is_said_beside_its_field(age: str) -> None:
    assert wrong(age=age, language="en") == ("age", "The age is a whole number from 0 to 130.")


def test_what_is_wrong_is_said_in_the_language_of_the_reader() -> None:
    assert wrong(age="300", language="da")[1] == "Alderen skal være et helt tal fra 0 til 130."


@pytest.mark.parametrize("km", ["far", "-3", "1e3", "99999"])
def test_a_distance_that_is_no_number_is_refused(km: str) -> None:
    assert wrong(distance=km, where="9000")[0] == "distance"


def test_a_distance_needs_a_place() -> None:
    assert wrong(distance="5")[0] == "where"


def test_a_distance_that_does_not_matter_needs_no_place() -> None:
    assert profile_of(distance="5", distance_kind="none") == {}


def test_coordinates_off_the_earth_are_refused() -> None:
    assert wrong(where="97.05, 9.92")[0] == "where"


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    field, message = wrong(avoid="x" * (MAX_TEXT_CHARACTERS + 7), language="en")
    assert (field, "at least 7" in message) == ("avoid", True)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    form = read(age="x", cost="y", distance="z")
    assert [one.field for one in form.problems] == ["age", "distance", "cost"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KNOWN)),
            st.one_of(
                st.text(max_size=30), st.sampled_from(["must", "prefer", "5", "9000", *CELLS])
            ),
        ),
        max_size=20,
    )
)
def test_no_form_is_beyond_reading(pairs: list[tuple[str, str]]) -> None:
    form = read_form(loosened(FormValues.of(pairs)))
    assert (form.profile is None) == bool(form.problems)


def test_a_picked_list_alone_asks_nothing() -> None:
    profile = read(picked="a", age="40").profile
    assert profile is not None
    assert is_empty(profile)


# One limit loosened by one click

FULL: dict[str, Any] = {
    "language": "da",
    "where": "9000",
    "distance": "5",
    "cost": "20",
    "currency": "DKK",
    "per": "session",
    "available": ["mon-morning"],
    "intensity_max": "low",
    "delivery": ["online"],
    "referral": ["self"],
    "access_lift": "must",
    "access_step_free": "must",
    "access_wheelchair": "prefer",
    "first_visit_buddy": "must",
}
WHOLE_MONDAY = [{"day": "mon", "start": "00:00", "end": "24:00"}]


@pytest.mark.parametrize(
    ("limit", "to"),
    [
        ("distance", 7.5),
        ("cost", {"amount": 45.0, "currency": "DKK", "per": "session"}),
        ("available", WHOLE_MONDAY),
        ("available", None),
        ("intensity_max", "moderate"),
        ("delivery", ["in_person", "online"]),
        ("referral", ["open", "self"]),
        ("access", ["lift"]),
        ("access", None),
        ("first_visit", None),
    ],
)
def test_a_click_loosens_the_form_as_the_relaxation_loosens_the_profile(
    limit: str, to: Any
) -> None:
    relaxation = Relaxation.model_validate({"limit": limit, "from": None, "to": to, "gains": 1})
    before = read(**FULL).profile
    after = read_form(loosened(values_of(**FULL, loosen=click_of(relaxation)))).profile
    assert before is not None
    assert after is not None
    expected = relaxation.apply(before)
    assert after.must.model_dump() != before.must.model_dump()
    for name in type(expected.must).model_fields:
        looser, same = getattr(after.must, name), getattr(expected.must, name)
        assert (
            sorted(map(str, looser)) == sorted(map(str, same))
            if isinstance(same, tuple)
            else looser == same
        )
    assert after.prefer == before.prefer


def test_a_loosened_number_is_written_as_the_reader_writes_it() -> None:
    click = click_of(
        Relaxation.model_validate({"limit": "distance", "from": 5, "to": 7.5, "gains": 1})
    )
    assert loosened(values_of(language="da", distance="5", loosen=click)).one("distance") == "7,5"


def test_offers_that_leave_things_open_come_back_by_a_click() -> None:
    click = click_of(
        Relaxation.model_validate({"limit": "unknown", "from": "exclude", "to": "keep", "gains": 1})
    )
    assert loosened(values_of(stated_only="yes", loosen=click)).one("stated_only") == ""


@pytest.mark.parametrize(
    "click",
    [
        *("", "{", "[]", "7", '{"limit": "needs", "to": "x"}', '{"limit": [], "to": 1}'),
        "[" * 100_000,
    ],
    ids=lambda click: click[:9],
)
def test_a_click_that_nobody_made_changes_nothing(click: str) -> None:
    form = read_form(loosened(values_of(**FULL, loosen=click)))
    assert form.profile == read(**FULL).profile
    assert make_profile() != form.profile


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["mon", "per"]),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(st.sampled_from(["day", "start", "end", "amount", "per"]), one)
    ),
    max_leaves=6,
)


@example("available", [{}])
@given(st.sampled_from([*FULL, "available", "access", "first_visit", "unknown"]), JSON)
def test_no_click_is_beyond_reading(limit: str, to: Any) -> None:
    click = json.dumps({"limit": limit, "to": to})
    form = read_form(loosened(values_of(**FULL, loosen=click)))
    assert (form.profile is None) == bool(form.problems)
