"""Records of several sources that tell of one activity are folded into one, and can be unfolded.

``fixtures/duplicates`` holds pairs of our own writing: half are one activity with the differences that
lists show, half are two that look like one.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import make_activity
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.duplicates import Folding, fold, unfold
from spmatch.duplicates import candidates as candidates_of
from spmatch.material import material

FIXTURES = Path(__file__).parent / "fixtures" / "duplicates"
CONTRASTS = Path(candidates_of.__file__).parent / "contrasts.toml"
TEXT = "Vi synger folkelige sange i tre stemmer, og der er kaffe i pausen."
PLACE = {"address": "Vestergade 4", "postcode": "9000", "lat": 57.0488, "lon": 9.9217}


def pairs(file: str) -> list[Any]:
    lines = (FIXTURES / file).read_text(encoding="utf-8").splitlines()
    return [pytest.param(json.loads(line), id=json.loads(line)["what"]) for line in lines]


def folding_of(pair: dict[str, Any]) -> Folding:
    return fold([Activity.model_validate(pair[name]) for name in ("one", "other")])


def choir(id: str, source: str = "one", **facts: Any) -> Activity:
    """A record of one choir, as a source tells of it."""
    stated = {
        "title": "Byens Kor",
        "description": TEXT,
        "provider": {"name": "Byens Kor"},
        "place": PLACE,
        "source": {"name": source},
    }
    return make_activity(id, **{**stated, **facts})


def only(*records: Activity) -> Activity:
    (activity,) = fold(records).activities
    return activity


# The rule

NOT_FOUND = "no wording is shared"


@pytest.mark.parametrize("pair", pairs("same.jsonl"))
def test_records_of_one_activity_are_folded(pair: dict[str, Any]) -> None:
    assert bool(folding_of(pair).groups) == (NOT_FOUND not in pair["what"])


@pytest.mark.parametrize("pair", pairs("traps.jsonl"))
def test_records_that_only_look_alike_are_not(pair: dict[str, Any]) -> None:
    assert folding_of(pair).groups == ()


def test_the_written_pairs_are_half_and_half() -> None:
    assert (len(pairs("same.jsonl")), len(pairs("traps.jsonl"))) == (23, 22)


@pytest.mark.parametrize(("start", "groups"), [("19:30", 1), ("19:31", 0)])
def test_starts_up_to_half_an_hour_apart_are_one_time(start: str, groups: int) -> None:
    one = choir("a", sessions=[{"day": "tue", "start": "19:00"}])
    other = choir("b", "two", sessions=[{"day": "tue", "start": start}])
    assert len(fold([one, other]).groups) == groups


@pytest.mark.parametrize(("north", "groups"), [(0.00089, 1), (0.00091, 0)])
def test_points_up_to_a_hundred_metres_apart_are_one_place(north: float, groups: int) -> None:
    # A degree of latitude is 111.2 km: 0.00089 are 99 m.
    one = choir("a", place={"lat": 57.0, "lon": 9.9})
    other = choir("b", "two", place={"lat": 57.0 + north, "lon": 9.9})
    assert len(fold([one, other]).groups) == groups


@pytest.mark.parametrize("lat", [0.0, 57.0, 80.0, -89.0])
def test_near_points_are_compared_across_every_line_of_the_grid(lat: float) -> None:
    # The narrower a degree of longitude, the more of it lies within reach; a line runs at every 0.01.
    one = choir("a", place={"lat": lat + 0.0099, "lon": 9.9999})
    other = choir("b", "two", place={"lat": lat + 0.0101, "lon": 10.0001})
    assert len(fold([one, other]).groups) == 1


def test_records_of_one_source_are_not_folded() -> None:
    assert fold([choir("a"), choir("b", description=TEXT + " Kom!")]).groups == ()


def test_records_of_one_source_are_folded_when_all_facts_are_equal() -> None:
    assert [group.folded for group in fold([choir("a"), choir("b")]).groups] == [("b",)]


def test_the_day_of_a_check_is_no_fact_of_the_activity() -> None:
    assert len(fold([choir("a"), choir("b", verified_on="2026-11-01")]).groups) == 1


def test_records_that_name_no_source_count_as_of_one() -> None:
    one, other = choir("a", source=None), choir("b", source=None, cost={"amount": 0})
    assert fold([one, other]).groups == ()


def test_the_caller_may_say_which_source_a_record_is_of() -> None:
    one, other = choir("a", source=None), choir("b", source=None, cost={"amount": 0})
    assert len(fold([one, other], source=lambda record: record.id).groups) == 1


def test_three_sources_are_one_group() -> None:
    folding = fold([choir("c", "three"), choir("a"), choir("b", "two")])
    assert [(group.kept, group.folded) for group in folding.groups] == [("a", ("b", "c"))]


def test_a_record_without_time_does_not_join_two_that_differ() -> None:
    tuesday = choir("a", sessions=[{"day": "tue", "start": "19:00"}])
    friday = choir("b", "two", sessions=[{"day": "fri", "start": "19:00"}])
    folding = fold([tuesday, friday, choir("c", "three")])
    assert [(group.kept, group.folded) for group in folding.groups] == [("a", ("c",))]


def test_a_record_that_fits_two_of_a_source_is_folded_into_neither() -> None:
    tuesday = choir("a", sessions=[{"day": "tue", "start": "19:00"}])
    friday = choir("b", sessions=[{"day": "fri", "start": "19:00"}])
    folding = fold([tuesday, friday, choir("c", "two")])
    assert folding.groups == ()
    assert [(p.where, p.effect) for p in folding.undecided] == [("c", "note")]


def test_two_records_with_one_id_that_are_two_activities_stay() -> None:
    # Which of them is kept is for the catalogue to say.
    records = [choir("a"), choir("a", "two", title="Yogahold")]
    assert sorted(map(str, fold(records).activities)) == sorted(map(str, records))


def test_every_word_that_tells_activities_apart_stands_once() -> None:
    words = [
        word
        for answers in tomllib.loads(CONTRASTS.read_text(encoding="utf-8")).values()
        for those in answers.values()
        for word in those
    ]
    assert [word for word in words if words.count(word) > 1 or word != word.casefold()] == []


# The record that tells of it


def told_by(*records: Activity) -> str:
    """The source whose words and facts an activity of several records has."""
    activity = only(*records)
    assert activity.source is not None
    return str(activity.source.name)


def test_the_record_that_was_checked_last_tells_of_it() -> None:
    checked = choir("b", "two", verified_on="2026-11-01")
    assert told_by(choir("a", verified_on="2025-01-01", cost={"amount": 50}), checked) == "two"


def test_of_records_checked_on_one_day_the_one_that_states_most_tells_of_it() -> None:
    assert told_by(choir("a"), choir("b", "two", ages={"min": 18}, gender="any")) == "two"


def test_of_records_that_state_as_much_the_longest_text_tells_of_it() -> None:
    assert told_by(choir("a"), choir("b", "two", description=TEXT + " Alle er velkomne.")) == "two"


def test_of_records_that_are_as_good_the_one_of_the_first_id_tells_of_it() -> None:
    assert told_by(choir("b"), choir("a", "two")) == "two"


# The id that is kept


def test_the_first_id_is_kept_whichever_record_tells_of_it() -> None:
    checked = choir("b", "two", verified_on="2026-11-01")
    assert only(choir("a", verified_on="2025-01-01"), checked).id == "a"


def test_which_record_tells_of_it_is_told_where_another_contradicts() -> None:
    one = choir("a", ages={"min": 18})
    other = choir("b", "two", verified_on="2026-11-01", ages={"min": 60})
    (group,) = fold([one, other]).groups
    assert (group.kept, group.folded, group.told_by) == ("a", ("b",), "b")
    assert group.problems[1].reason == "duplicate: a states something else than b."


def test_a_record_that_joins_takes_no_id_that_is_known() -> None:
    records = [choir("b"), choir("a", "two")]
    assert [one.id for one in fold(records, known={"b", "c"}).activities] == ["b"]


def test_of_two_ids_that_are_known_the_first_is_kept() -> None:
    records = [choir("c"), choir("b", "two"), choir("a", "three")]
    assert [one.id for one in fold(records, known={"b", "c"}).activities] == ["b"]


def test_what_has_the_id_of_another_record_is_unfolded_as_it_was() -> None:
    records = (choir("a"), choir("b", "two", verified_on="2026-11-01"))
    assert unfold(fold(records).activities) == records


def test_a_fact_that_is_not_stated_is_taken_from_another() -> None:
    activity = only(
        choir("a", verified_on="2026-11-01"),
        choir("b", "two", cost={"amount": 50, "currency": "DKK"}),
    )
    assert activity.cost is not None
    assert (activity.id, activity.cost.amount) == ("a", 50)


def test_what_was_filled_is_told_with_where_it_is_from() -> None:
    (group,) = fold(
        [choir("a", verified_on="2026-11-01"), choir("b", "two", access={"lift": True})]
    ).groups
    assert group.filled == (("access.lift", "b"),)


def test_a_fact_inside_a_part_is_filled_beside_those_that_are_stated() -> None:
    one = choir("a", verified_on="2026-11-01", access={"lift": False})
    activity = only(one, choir("b", "two", access={"lift": True, "wheelchair": True}))
    assert activity.access is not None
    assert (activity.access.lift, activity.access.wheelchair) == (False, True)


def test_coordinates_are_filled_together() -> None:
    one = choir(
        "a", verified_on="2026-11-01", place={"address": "Vestergade 4", "postcode": "9000"}
    )
    assert only(one, choir("b", "two")).coordinates == (57.0488, 9.9217)


def test_what_two_others_state_differently_stays_not_stated() -> None:
    folding = fold(
        [
            choir("a", verified_on="2026-11-01"),
            choir("b", "two", cost={"amount": 50}),
            choir("c", "three", cost={"amount": 60}),
        ]
    )
    (group,) = folding.groups
    assert folding.activities[0].cost is None
    assert group.contradicted == (("cost", "b"), ("cost", "c"))


def test_the_quote_of_a_fact_comes_with_it() -> None:
    other = choir(
        "b",
        "two",
        cost={"amount": 50},
        evidence=[{"field": "cost", "quote": "50 kr."}, {"field": "ages", "quote": "voksne"}],
    )
    activity = only(choir("a", verified_on="2026-11-01"), other)
    assert [(e.field, e.quote) for e in activity.evidence] == [("cost", "50 kr.")]


def test_room_for_more_people_is_not_taken_from_another() -> None:
    one, other = (
        choir("a", verified_on="2026-11-01"),
        choir("b", "two", capacity={"places_left": 3}),
    )
    assert only(one, other).capacity is None


def test_a_fact_that_contradicts_stays_that_of_the_kept_record() -> None:
    one = choir("a", verified_on="2026-11-01", cost={"amount": 50, "currency": "DKK"})
    activity = only(one, choir("b", "two", cost={"amount": 60, "currency": "DKK"}))
    assert activity.cost is not None
    assert activity.cost.amount == 50


def test_a_contradiction_is_told_with_both_ids() -> None:
    one = choir("a", verified_on="2026-11-01", ages={"min": 18})
    problems = fold([one, choir("b", "two", ages={"min": 60})]).problems
    assert [(p.where, p.field, p.effect, p.reason) for p in problems] == [
        ("a", "", "note", "duplicate: b tells of the same activity as a and was folded into it."),
        ("a", "ages", "note", "duplicate: b states something else than a."),
    ]


# Unfolding


def test_the_kept_record_is_folded_too_when_something_was_filled() -> None:
    one, other = choir("a", verified_on="2026-11-01"), choir("b", "two", cost={"amount": 50})
    assert only(one, other).folded == (one, other)


def test_the_kept_record_is_not_folded_when_nothing_was_filled() -> None:
    one, other = choir("a", verified_on="2026-11-01"), choir("b", "two")
    assert only(one, other).folded == (other,)


def test_two_records_of_one_id_are_unfolded_as_two() -> None:
    records = (choir("a"), choir("a", "two"))
    assert unfold(fold(records).activities) == records


def test_the_example_catalogue_is_of_one_source_and_stays_as_it_is() -> None:
    catalogue = Catalogue.read(material("catalogue", "denmark"))
    assert fold(catalogue).activities == catalogue.activities


def test_of_all_example_activities_only_those_that_differ_by_a_price_would_be_folded() -> None:
    # The catalogue holds this dinner twice on purpose; all other 131,840 pairs are two activities.
    folding = fold(
        Catalogue.read(material("catalogue", "denmark")), source=lambda record: record.id
    )
    assert [(group.kept, group.folded, group.contradicted) for group in folding.groups] == [
        (
            "ode-faellesspisning-bellinge-30",
            ("ode-faellesspisning-bellinge-65",),
            (("cost", "ode-faellesspisning-bellinge-65"),),
        )
    ]


# What holds for any records

RECORDS = st.lists(
    st.builds(
        lambda its_id, source, day, cost, ages, text, name, checked: choir(
            its_id,
            source,
            title=name,
            description=text,
            sessions=[{"day": day, "start": "19:00"}] if day else [],
            cost=cost,
            ages=ages,
            verified_on=checked,
        ),
        st.sampled_from("abcdefgh"),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from([None, None, "mon", "tue"]),
        st.sampled_from([None, {"amount": 50, "currency": "DKK"}, {"amount": 60}]),
        st.sampled_from([None, {"min": 18}, {"min": 60}]),
        st.sampled_from([TEXT, TEXT + " Alle kan være med.", ""]),
        st.sampled_from(["Byens Kor", "Byens kor for alle", "Byens Kor: øvede"]),
        st.sampled_from([None, "2026-11-01", "2025-11-01"]),
    ),
    max_size=8,
)


def as_bytes(records: tuple[Activity, ...]) -> list[bytes]:
    return sorted(record.model_dump_json().encode() for record in records)


@settings(deadline=None)
@given(RECORDS)
def test_unfolding_gives_back_what_was_folded_byte_for_byte(records: list[Activity]) -> None:
    assert as_bytes(unfold(fold(records).activities)) == as_bytes(tuple(records))


@settings(deadline=None)
@given(RECORDS, st.randoms())
def test_the_order_of_the_records_never_matters(records: list[Activity], chance: Any) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(records)


@settings(deadline=None)
@given(RECORDS, st.sets(st.sampled_from("abcdefgh")))
def test_folding_again_with_the_ids_that_are_known_changes_nothing(
    records: list[Activity], known: set[str]
) -> None:
    once = fold(records, known=known)
    again = fold(once.activities, known={one.id for one in once.activities})
    assert again.activities == once.activities


@settings(deadline=None)
@given(RECORDS, st.lists(st.sampled_from([None, "2026-11-02", "2024-01-01"]), min_size=8))
def test_a_new_day_of_a_check_moves_no_id(records: list[Activity], days: list[str | None]) -> None:
    alone = list({one.id: one for one in records}.values())
    checked = [
        Activity.model_validate({**one.model_dump(), "verified_on": day})
        for one, day in zip(alone, days, strict=False)
    ]
    before = [one.id for one in fold(alone).activities]
    assert [one.id for one in fold(checked).activities] == before


@settings(deadline=None)
@given(RECORDS)
def test_folding_again_changes_nothing(records: list[Activity]) -> None:
    once = fold(records)
    assert fold(once.activities) == once


@settings(deadline=None)
@given(RECORDS)
def test_no_group_holds_two_differing_records_of_one_source(records: list[Activity]) -> None:
    for activity in fold(records).activities:
        group = unfold([activity])
        facts = {
            (
                record.source and record.source.name,
                record.model_copy(update={"id": "x", "verified_on": None}),
            )
            for record in group
        }
        assert len({source for source, _ in facts}) == len(facts)


@settings(deadline=None, max_examples=40)
@given(RECORDS)
def test_a_kept_record_is_valid(records: list[Activity]) -> None:
    for activity in fold(records).activities:
        assert Activity.model_validate(activity.model_dump()) == activity


def test_a_crowd_at_one_place_is_folded_as_a_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Kor", "Yoga", "Skak", "Madklub", "Tegning", "Vandring", "Petanque", "Strik"]
    texts = [f"{name} hver uge med kaffe og god tid til en snak." for name in names]
    records = [
        choir(f"{name}-{source}", source, title=name, description=text)
        for name, text in zip(names, texts, strict=True)
        for source in ("one", "two")
    ]
    few = fold(records)
    monkeypatch.setattr(candidates_of, "PAIRS_AT_MOST", 0)
    assert len(few.groups) == 8
    assert fold(records) == few
