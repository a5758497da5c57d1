"""Which questions would settle most, and whom to ask them."""

from __future__ import annotations

import pytest
from reported import EQUAL, HALL, TOWN, quality_of, question

from making import make_activity
from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.profile import Profile
from spmatch.quality import Usage, example_persons, usage_of
from spmatch.quality.providers import providers_of

PENALTIES = Config.default().penalties


def weighted(**weights: float) -> Usage:
    """Only these limits count; ``access__lift`` is ``access.lift``."""
    by_field = {name.replace("__", "."): weight for name, weight in weights.items()}
    limits = (
        one.model_copy(update={"weight": by_field.get(one.field, 0.0)}) for one in EQUAL.limits
    )
    return EQUAL.model_copy(update={"limits": tuple(limits)})


def test_a_question_is_open_where_the_verdict_is_unknown() -> None:
    one = quality_of(*TOWN, usage=weighted(cost=1))
    assert (question(one, "cost").activities.count, question(one, "cost").decisions) == (2, 2)


def test_an_answer_about_times_settles_all_three_limits() -> None:
    found = question(quality_of(*TOWN, usage=weighted(available=1)), "available")
    # Garden and phone leave all three open, yoga the evenings alone.
    assert (found.activities.count, found.decisions) == (3, 7)


def test_the_limits_of_one_question_share_its_weight() -> None:
    found = question(quality_of(*TOWN, usage=weighted(available=0.6)), "available")
    assert found.worth == pytest.approx(7 * 0.2)


def test_questions_are_in_the_order_of_their_worth() -> None:
    one = quality_of(*TOWN, usage=weighted(cost=1, access__lift=0.5, referral=0.4))
    assert [(asked.key, asked.worth) for asked in one.questions] == [
        ("cost", 2.0),
        ("referral", 1.6),
        ("access.lift", 1.0),
    ]


def test_shares_are_of_all_that_is_open() -> None:
    one = quality_of(*TOWN, usage=weighted(cost=1, access__lift=0.5))
    assert [asked.share for asked in one.questions] == pytest.approx([2 / 3, 1 / 3])


def test_there_are_ten_questions_at_most() -> None:
    assert len(quality_of(*TOWN).questions) == 10


def test_the_share_of_a_question_counts_what_is_not_among_the_ten() -> None:
    one = quality_of(make_activity("a"))
    # 30 facts are open and weigh the same; the ten shown are a third of them.
    assert sum(asked.share or 0 for asked in one.questions) == pytest.approx(1 / 3)


def test_what_nobody_uses_is_not_asked() -> None:
    assert quality_of(*TOWN, usage=weighted()).questions == ()


def test_where_it_meets_and_where_exactly_are_two_questions() -> None:
    town, silent = TOWN[2], make_activity("silent")
    one = quality_of(town, silent, usage=weighted(distance=1))
    assert {asked.key: asked.activities.count for asked in one.questions} == {
        "distance.exact_place": 1,
        "distance.place": 1,
    }


@pytest.mark.parametrize(
    ("key", "english", "danish"),
    [
        (
            "cost",
            "The price is not clearly stated: ask what it costs.",
            "Prisen er ikke klart oplyst: spørg, hvad det koster.",
        ),
        (
            "access.lift",
            "Not stated: a lift. Ask the provider.",
            "Ikke oplyst: elevator. Spørg arrangøren.",
        ),
    ],
)
def test_a_question_is_asked_in_the_words_of_the_engine(
    key: str, english: str, danish: str
) -> None:
    usage = weighted(**{key.replace(".", "__"): 1})
    found = question(quality_of(*TOWN, usage=usage), key)
    assert (found.english, found.danish) == (english, danish)


# Whom to ask


def make_provided(
    id: str, name: str | None, phone: str | None = None, email: str | None = None
) -> Activity:
    return make_activity(id, provider={"name": name, "phone": phone, "email": email})


def test_a_question_names_the_providers_of_most_activities() -> None:
    one = quality_of(
        make_provided("a", "One", "11"),
        make_provided("b", "Two", "22"),
        make_provided("c", "Two", "22"),
        usage=weighted(cost=1),
    )
    providers = [(who.name, who.activities) for who in question(one, "cost").providers]
    assert providers == [("Two", 2), ("One", 1)]


def test_a_provider_without_phone_and_email_cannot_be_reached() -> None:
    found = question(quality_of(*TOWN, usage=weighted(referral=1)), "referral")
    assert (found.reachable.count, found.reachable.of) == (2, 4)


def test_a_call_settles_all_that_is_open_at_one_provider() -> None:
    (call,) = quality_of(*TOWN, usage=weighted(referral=1, delivery=0.5)).calls
    # Of 2 times 32 pairs the choir decides 9 and yoga 5. Both leave the referral open, yoga also how
    # it is held.
    assert (call.name, call.open, call.activities, call.decisions) == (
        "The Hall",
        2,
        2,
        50,
    )
    assert call.worth == pytest.approx(2.5)


def test_a_call_names_the_questions_that_settle_most_there() -> None:
    (call,) = quality_of(*TOWN, usage=weighted(referral=1, delivery=0.5)).calls
    assert call.questions == ("Whether a referral is needed", "How it is held")


def test_without_contacts_there_is_nobody_to_call() -> None:
    assert quality_of(make_activity("a")).calls == ()


def test_one_number_written_in_two_ways_is_one_provider() -> None:
    found = providers_of(
        [make_provided("a", "Hall", "+45 11 22"), make_provided("b", "hall", "+451122")]
    )
    assert [one.phone for one in found.known] == ["+45 11 22"]


def test_branches_with_a_number_each_are_called_one_by_one() -> None:
    found = providers_of([make_provided("a", "Red", "11"), make_provided("b", "Red", "22")])
    assert found.number.tolist() == [0, 1]


def test_a_record_without_a_number_goes_with_the_only_number_of_its_name() -> None:
    found = providers_of([make_provided("a", "Red", "11"), make_provided("b", "Red")])
    assert found.number.tolist() == [0, 0]


def test_a_record_without_a_number_belongs_to_no_branch_in_particular() -> None:
    rows = [make_provided("a", "Red", "11"), make_provided("b", "Red", "22")]
    assert providers_of([*rows, make_provided("c", "Red")]).number.tolist() == [0, 1, -1]


def test_records_without_a_name_do_not_share_a_contact() -> None:
    rows = [make_provided("a", None, "11"), make_provided("b", None), make_activity("c")]
    assert providers_of(rows).number.tolist() == [0, -1, -1]


def test_an_email_reaches_a_provider_without_a_phone() -> None:
    found = providers_of([make_provided("a", "Hall", None, "Mail@hall.example")])
    assert found.known[0].email == "Mail@hall.example"


# Weights


def person(**facts: object) -> Profile:
    return Profile.model_validate(facts)


def weight(usage: Usage, field: str) -> float:
    return usage.weight(field)


MUST, WISH = PENALTIES.must_not_stated, PENALTIES.prefer_not_stated


def test_a_limit_that_everybody_needs_weighs_nearly_1() -> None:
    usage = usage_of([person(must={"access": ["lift"]})] * 99, PENALTIES)
    assert weight(usage, "access.lift") == pytest.approx((99 * MUST + WISH) / (100 * MUST))


def test_a_wish_weighs_what_the_engine_takes_off_for_it() -> None:
    usage = usage_of([person(prefer={"access": ["lift"]})], PENALTIES)
    assert weight(usage, "access.lift") == pytest.approx(WISH / MUST)


def test_a_limit_of_the_activity_weighs_what_the_engine_takes_off_for_it() -> None:
    usage = usage_of([person(age=70)], PENALTIES)
    assert weight(usage, "age") == pytest.approx(PENALTIES.implied_not_stated / (2 * MUST))


def test_a_limit_that_none_of_a_few_uses_still_weighs() -> None:
    usage = usage_of([person(), person()], PENALTIES)
    assert weight(usage, "access.hearing_loop") == pytest.approx(WISH / (3 * MUST))


def test_a_limit_that_one_of_three_needs() -> None:
    usage = usage_of([person(must={"access": ["lift"]}), person(), person()], PENALTIES)
    assert weight(usage, "access.lift") == pytest.approx((MUST + WISH) / (4 * MUST))


def test_what_is_needed_and_wished_for_counts_as_needed() -> None:
    usage = usage_of(
        [person(must={"intensity_max": "low"}, prefer={"intensity_max": "none"})], PENALTIES
    )
    (found,) = (one for one in usage.limits if one.field == "intensity_max")
    assert (found.must, found.prefer) == (1, 0)


def test_a_price_of_nothing_is_a_limit() -> None:
    usage = usage_of([person(must={"cost": {"amount": 0}})], PENALTIES)
    assert weight(usage, "cost") == pytest.approx((MUST + WISH) / (2 * MUST))


def test_a_distance_of_nothing_is_a_limit() -> None:
    usage = usage_of([person(origin={"postcode": "9000"}, must={"distance_km": 0})], PENALTIES)
    assert weight(usage, "distance") == pytest.approx((MUST + WISH) / (2 * MUST))


def test_settings_that_take_nothing_off_leave_no_weights() -> None:
    nothing = dict.fromkeys(("must_not_stated", "prefer_not_stated", "implied_not_stated"), 0.0)
    usage = usage_of([person()], PENALTIES.model_copy(update=nothing))
    assert {one.weight for one in usage.limits} == {0.0}


def test_equal_weights_are_1() -> None:
    assert {one.weight for one in usage_of([person()], PENALTIES, "equal").limits} == {1.0}


def test_the_example_persons_use_these_limits() -> None:
    # Counted in catalogue/profiles, the files that hold it in "must" and those that hold it only in
    # "prefer": "distance_km" 6 and 7, "cost" 8 and 1, "available" 6 and 4.
    usage = usage_of(example_persons(), PENALTIES)
    found = {one.field: (one.must, one.prefer) for one in usage.limits}
    assert usage.persons == 14
    assert (found["distance"], found["cost"], found["available"]) == ((6, 7), (8, 1), (6, 4))


def test_the_hall_is_reached_by_phone() -> None:
    (call,) = quality_of(*TOWN).calls
    assert call.phone == HALL["phone"]
