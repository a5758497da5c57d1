"""A weekly plan: what is chosen, what it costs, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from making import make_activity, make_profile
from planning import DKK, LIMITS, at, candidate, ids, make_settings, plan_of
from spmatch.activity import Session
from spmatch.messages import Money
from spmatch.plan import Facet, build_candidates, facets_of_texts, facets_of_themes
from spmatch.plan.times import weekly_cost
from spmatch.profile import Budget, Slot
from spmatch.wording import wording
from standing import standing


def week(amount: float, currency: str | None = DKK) -> Budget:
    return Budget(amount=amount, currency=currency)


# What is chosen


def test_activities_that_answer_different_things_go_together() -> None:
    plan = plan_of(
        candidate("a", [0.9, 0.0], at("mon"), score=0.9),
        candidate("b", [0.8, 0.0], at("tue"), score=0.8),
        candidate("c", [0.0, 0.7], at("wed"), score=0.3),
    )
    assert ids(plan) == ["a", "c"]


def test_an_activity_that_adds_nothing_is_left_out() -> None:
    plan = plan_of(candidate("a", [0.9], at("mon")), candidate("b", [0.9], at("tue")))
    assert ids(plan) == ["a"]


def test_an_activity_that_adds_less_than_is_asked_is_left_out() -> None:
    pair = (candidate("a", [0.9, 0.0], at("mon")), candidate("b", [0.0, 0.3], at("tue")))
    assert ids(plan_of(*pair, gain_min=0.15)) == ["a", "b"]
    assert ids(plan_of(*pair, gain_min=0.16)) == ["a"]


def test_an_activity_must_add_to_those_chosen_later_too() -> None:
    # b and c together cover all of what a answers.
    plan = plan_of(
        candidate("a", [0.5, 0.5], at("mon"), score=0.9),
        candidate("b", [0.9, 0.0], at("tue")),
        candidate("c", [0.0, 0.9], at("wed")),
    )
    assert ids(plan) == ["b", "c"]


def test_a_weak_answer_counts_as_none() -> None:
    weak = candidate("a", [0.24], at("mon"))
    assert ids(plan_of(weak)) == []
    assert ids(plan_of(weak, covers_from=0.24)) == ["a"]


def test_what_counts_more_is_answered_first() -> None:
    pair = (candidate("a", [0.9, 0.0], at("mon")), candidate("b", [0.0, 0.9], at("tue")))
    facets = [Facet("one", 1.0), Facet("two", 2.0)]
    assert ids(plan_of(*pair, facets=facets, activities=1)) == ["b"]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_plan_has_at_most_so_many_activities(most: int) -> None:
    four = [
        candidate("abcd"[i], np.eye(4)[i].tolist(), at("mon tue wed thu".split()[i]))
        for i in range(4)
    ]
    assert len(ids(plan_of(*four, activities=most))) == most


def test_of_equals_the_better_score_is_chosen() -> None:
    pair = (
        candidate("a", [0.9], at("mon"), score=0.5),
        candidate("b", [0.9], at("tue"), score=0.6),
    )
    assert ids(plan_of(*pair)) == ["b"]


def test_of_equals_with_equal_scores_the_first_row_is_chosen() -> None:
    pair = (candidate("b", [0.9], at("tue")), candidate("a", [0.9], at("mon")))
    assert ids(plan_of(*pair)) == ["a"]


def test_a_lesser_need_is_answered_although_many_score_above_it() -> None:
    alike = [candidate("a", [0.9, 0.0], at("mon"), row=i, score=0.9) for i in range(40)]
    other = candidate("z", [0.0, 0.9], at("tue"), row=99, score=0.1)
    assert ids(plan_of(*alike, other, candidates=4)) == ["a", "z"]


def test_what_cannot_be_taken_takes_no_place_among_the_candidates() -> None:
    dear = [candidate("a", [0.9], at("mon"), row=i, score=0.9, price=500) for i in range(40)]
    cheap = candidate("z", [0.5], at("tue"), row=99, score=0.1, price=10)
    assert ids(plan_of(*dear, cheap, budget=week(50), candidates=2)) == ["z"]


def test_without_candidates_the_plan_is_empty() -> None:
    plan = plan_of(facets=[Facet("one")])
    assert plan.items == ()
    assert plan.uncovered == ("one",)


def test_items_stand_by_day_and_those_without_a_day_last() -> None:
    plan = plan_of(
        candidate("a", [0.9, 0.0, 0.0]),
        candidate("b", [0.0, 0.9, 0.0], at("thu")),
        candidate("c", [0.0, 0.0, 0.9], at("mon")),
    )
    assert ids(plan) == ["c", "b", "a"]


# Sessions


def two(first: dict[str, str], second: dict[str, str], **facts: str) -> list[str]:
    return ids(
        plan_of(
            candidate("a", [0.9, 0.0], first, **facts), candidate("b", [0.0, 0.8], second, **facts)
        )
    )


def test_sessions_that_overlap_are_not_both_taken() -> None:
    assert two(at("mon", "10:00", "12:00"), at("mon", "11:00", "13:00")) == ["a"]


def test_less_than_the_way_between_two_sessions_is_too_little() -> None:
    assert two(at("mon", "10:00", "12:00"), at("mon", "12:29", "13:00")) == ["a"]


def test_the_way_between_two_sessions_is_enough() -> None:
    assert two(at("mon", "10:00", "12:00"), at("mon", "12:30", "13:00")) == ["a", "b"]


def test_no_way_is_needed_between_two_sessions_at_home() -> None:
    close = (at("mon", "10:00", "12:00"), at("mon", "12:00", "13:00"))
    assert two(*close, delivery="online") == ["a", "b"]
    assert two(*close, delivery="in_person") == ["a"]


def test_another_session_is_taken_where_the_first_clashes() -> None:
    plan = plan_of(
        candidate("a", [0.9, 0.0], at("mon")),
        candidate("b", [0.0, 0.9], at("mon"), at("fri")),
    )
    assert [item.session and item.session.day for item in plan.items] == ["mon", "fri"]


def test_a_session_clashes_with_none_of_the_others() -> None:
    # The earlier session of c meets oftener, but clashes with a.
    plan = plan_of(
        candidate("a", [0.9, 0.0, 0.0], at("mon")),
        candidate("b", [0.0, 0.9, 0.0], at("tue")),
        candidate("c", [0.0, 0.0, 0.9], at("mon"), at("mon", "15:00", "16:00", every="month")),
    )
    assert [item.session and item.session.start for item in plan.items] == [
        "10:00",
        "15:00",
        "10:00",
    ]


def test_two_on_one_day_are_taken_on_two_days_where_they_can_be() -> None:
    plan = plan_of(
        candidate("a", [0.9, 0.0], at("mon", "09:00", "10:00")),
        candidate("b", [0.0, 0.9], at("mon", "15:00", "16:00"), at("fri")),
    )
    assert [item.session and item.session.day for item in plan.items] == ["mon", "fri"]


def test_two_on_one_day_are_taken_where_there_is_no_other() -> None:
    assert two(at("mon", "09:00", "10:00"), at("mon", "15:00", "16:00")) == ["a", "b"]


def test_two_on_one_day_can_be_ruled_out() -> None:
    pair = (
        candidate("a", [0.9, 0.0], at("mon", "09:00", "10:00")),
        candidate("b", [0.0, 0.8], at("mon", "15:00", "16:00")),
    )
    assert ids(plan_of(*pair, same_day=1.0)) == ["a"]


def test_a_session_must_fit_the_free_time() -> None:
    one = candidate("a", [0.9], at("mon", "10:00", "12:00"))
    assert ids(plan_of(one, free=[Slot(day="mon", start="11:15")])) == ["a"]
    assert ids(plan_of(one, free=[Slot(day="mon", start="11:16")])) == []


def test_the_session_taken_is_one_that_fits_the_free_time() -> None:
    one = candidate("a", [0.9], at("mon"), at("fri"))
    (item,) = plan_of(one, free=[Slot(day="fri")]).items
    assert item.session is not None
    assert item.session.day == "fri"


def test_a_session_that_has_ended_is_not_taken() -> None:
    one = candidate("a", [0.9], at("mon", until="2026-11-22"), at("fri"))
    (item,) = plan_of(one).items
    assert item.session is not None
    assert item.session.day == "fri"


def test_an_activity_all_of_whose_sessions_have_ended_is_left_out() -> None:
    assert ids(plan_of(candidate("a", [0.9], at("mon", until="2026-11-22")))) == []


def test_an_activity_without_stated_sessions_is_in_the_plan_without_a_time() -> None:
    (item,) = plan_of(candidate("a", [0.9]), free=[Slot(day="fri")]).items
    assert item.session is None
    assert item.unknown == ("The times are not fully stated: ask when it meets.",)


def test_a_session_that_is_fully_stated_is_taken_before_one_that_is_not() -> None:
    (item,) = plan_of(candidate("a", [0.9], at("mon", end=None), at("fri"))).items
    assert item.session is not None
    assert item.session.day == "fri"
    assert item.unknown == ()


def test_a_session_without_an_end_is_taken_to_last_a_while() -> None:
    assert two(at("mon", "10:00", None), at("mon", "12:29", "14:00")) == ["a"]
    assert two(at("mon", "10:00", None), at("mon", "12:30", "14:00")) == ["a", "b"]


def test_a_session_without_a_start_has_its_day_to_itself() -> None:
    assert two(at("mon", None, None), at("mon", "20:00", "21:00")) == ["a"]


def test_a_session_that_meets_oftener_is_taken_first() -> None:
    one = candidate("a", [0.9], at("mon", every="month"), at("fri"))
    (item,) = plan_of(one).items
    assert item.session is not None
    assert item.session.every == "week"


def test_a_session_yet_to_begin_says_when() -> None:
    plan = plan_of(candidate("a", [0.9], at("mon", **{"from": "2027-01-04"})))
    assert plan.items[0].session is not None
    assert plan.items[0].session.model_dump()["from"].isoformat() == "2027-01-04"
    assert "Activity a begins on Monday 4 January 2027." in plan.notes


# Costs


@pytest.mark.parametrize(
    ("amount", "per", "every", "weekly", "estimate"),
    [
        (40, "session", "week", 40, False),
        (40, "session", "two_weeks", 20, False),
        (40, "session", "month", 10, True),
        (40, "week", "week", 40, False),
        (40, "week", "two_weeks", 40, False),
        (200, "month", "week", 50, True),
        (200, "month", "month", 50, True),
        (600, "quarter", "week", 50, True),
        (1000, "year", "week", 25, True),
        (500, "once", "week", 50, True),
        (500, "once", "two_weeks", 25, True),
        (100, "quarter", "week", 8.33, True),
        (0, None, "week", 0, False),
    ],
)
def test_a_price_is_converted_to_a_week(
    amount: float, per: str | None, every: str, weekly: float, estimate: bool
) -> None:
    session = Session.model_validate(at("mon", every=every))
    assert weekly_cost(Money(amount, DKK, per), session, LIMITS) == (weekly, estimate)


def test_a_price_each_session_is_an_estimate_where_no_session_is_stated() -> None:
    assert weekly_cost(Money(40, DKK, "session"), None, LIMITS) == (40, True)


def test_a_price_without_a_period_is_not_known() -> None:
    assert weekly_cost(Money(40, DKK, None), None, LIMITS) == (None, False)


PAIR = (
    candidate("a", [0.9, 0.0], at("mon"), price=30),
    candidate("b", [0.0, 0.8], at("tue"), price=30),
)


def test_a_plan_may_cost_what_the_budget_is() -> None:
    plan = plan_of(*PAIR, budget=week(60))
    assert ids(plan) == ["a", "b"]
    assert plan.total.amount == 60


def test_a_plan_costs_no_more_than_the_budget() -> None:
    plan = plan_of(*PAIR, budget=week(59))
    assert ids(plan) == ["a"]
    assert plan.total.amount == 30


def test_a_budget_a_month_is_for_four_weeks() -> None:
    assert ids(plan_of(*PAIR, budget=Budget(amount=240, currency=DKK, per="month"))) == ["a", "b"]
    assert ids(plan_of(*PAIR, budget=Budget(amount=239, currency=DKK, per="month"))) == ["a"]


def test_a_session_that_the_budget_allows_is_taken() -> None:
    one = candidate("a", [0.9], at("mon"), at("fri", every="two_weeks"), price=40)
    (item,) = plan_of(one, budget=week(20)).items
    assert item.session is not None
    assert item.session.day == "fri"


def test_a_price_that_is_not_stated_is_kept_and_asked_for() -> None:
    plan = plan_of(candidate("a", [0.9], at("mon"), price=None), budget=week(10))
    assert plan.items[0].price is None
    assert plan.items[0].unknown == ("The price is not clearly stated: ask what it costs.",)


def test_a_total_without_a_price_that_is_not_stated_is_at_least_that() -> None:
    plan = plan_of(PAIR[0], candidate("b", [0.0, 0.9], at("tue"), price=None))
    assert plan.total.amount == 30
    assert plan.total.at_least


def test_a_total_of_stated_prices_is_exact() -> None:
    total = plan_of(*PAIR).total
    assert (total.amount, total.currency, total.per) == (60, "DKK", "week")
    assert not total.at_least
    assert not total.estimate


def test_currencies_are_not_added() -> None:
    plan = plan_of(PAIR[0], candidate("b", [0.0, 0.9], at("tue"), price=50, currency="SEK"))
    assert (plan.total.amount, plan.total.currency, plan.total.at_least) == (30, "DKK", True)
    assert "A price in another currency, or without one, is not in the total." in plan.notes


def test_the_total_is_in_the_currency_of_the_budget() -> None:
    swedish = candidate("b", [0.0, 0.9], at("tue"), price=50, currency="SEK")
    plan = plan_of(PAIR[0], swedish, budget=week(60, "SEK"))
    assert (plan.total.amount, plan.total.currency) == (50, "SEK")


def test_a_budget_without_a_currency_holds_for_each() -> None:
    swedish = candidate("b", [0.0, 0.8], at("tue"), price=50, currency="SEK")
    assert ids(plan_of(PAIR[0], swedish, budget=week(50, None))) == ["a", "b"]
    assert ids(plan_of(PAIR[0], swedish, budget=week(49, None))) == ["a"]


def test_free_is_free_in_every_currency() -> None:
    free = candidate("b", [0.0, 0.9], at("tue"), price=0, currency=None, per=None)
    plan = plan_of(PAIR[0], free, budget=week(30))
    assert ids(plan) == ["a", "b"]
    assert not plan.total.at_least


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"budget": {"amount": 70}, "must": {"cost": {"amount": 50, "per": "week"}}}, 70),
        ({"must": {"cost": {"amount": 50, "per": "week"}}}, 50),
        ({"must": {"cost": {"amount": 50, "per": "month"}}}, 50),
        ({"must": {"cost": {"amount": 50, "per": "session"}}}, None),
        ({"must": {"cost": {"amount": 50, "per": "quarter"}}}, None),
        ({}, None),
    ],
)
def test_a_limit_of_cost_by_the_week_or_month_is_a_budget(
    facts: dict[str, object], expected: float | None
) -> None:
    budget = make_profile(**facts).plan_budget
    assert (budget and budget.amount) == expected


def test_a_budget_is_not_shown_by_repr() -> None:
    assert "<given>" in repr(make_profile(budget={"amount": 4711}))
    assert "4711" not in repr(make_profile(budget={"amount": 4711}))


def test_a_budget_by_the_year_is_refused() -> None:
    with pytest.raises(ValidationError):
        Budget.model_validate({"amount": 1, "per": "year"})


# What is said


def test_an_item_names_what_it_answers() -> None:
    (item,) = plan_of(candidate("a", [0.9, 0.1, 0.3], at("mon"))).items
    assert item.covers == ("one", "three")


def test_what_no_activity_of_the_plan_answers_is_named() -> None:
    plan = plan_of(candidate("a", [0.9, 0.1], at("mon")))
    assert plan.uncovered == ("two",)
    assert "No activity found clearly answers: two." in plan.notes


def test_what_found_no_place_is_told_from_what_was_not_found() -> None:
    plan = plan_of(*PAIR, activities=1)
    assert plan.uncovered == ("two",)
    assert plan.notes == (
        "There are activities for this too, but they found no place in this week: two.",
    )


def test_themes_are_named_in_the_language_of_the_reader() -> None:
    facets = [Facet("bereaved_child")]
    (english,) = plan_of(candidate("a", [0.9], at("mon")), facets=facets).items
    (danish,) = plan_of(candidate("a", [0.9], at("mon")), facets=facets, language="da").items
    assert english.covers == ("losing a child",)
    assert danish.covers == ("at miste et barn",)


def test_notes_are_in_the_language_of_the_reader() -> None:
    one = candidate("a", [0.9, 0.0], at("mon"), price=100, per="month")
    budget = Budget(amount=200, currency=DKK, per="month")
    assert plan_of(one, budget=budget).notes == (
        "No activity found clearly answers: two.",
        "It comes to 25 DKK a week; the budget is 200 DKK a month.",
        "The total is an estimate: prices are converted to a week.",
    )
    assert plan_of(one, budget=budget, language="da").notes == (
        "Ingen af de fundne aktiviteter svarer klart på: two.",
        "Det koster 25 DKK om ugen; budgettet er 200 DKK om måneden.",
        "Beløbet er et skøn: priserne er regnet om til en uge.",
    )


def test_a_price_outside_the_total_is_said() -> None:
    unpriced = candidate("b", [0.0, 0.9], at("tue"), price=None)
    assert plan_of(PAIR[0], unpriced, budget=week(50)).notes == (
        "It comes to at least 30 DKK a week; the budget is 50 DKK a week.",
        "A price that is not clearly stated is not in the total: ask before signing up.",
    )


def test_a_budget_is_not_compared_with_nothing() -> None:
    plan = plan_of(candidate("a", [0.9], at("mon"), price=None), budget=week(10))
    assert plan.notes == (
        "A price that is not clearly stated is not in the total: ask before signing up.",
    )


def test_an_empty_plan_says_so() -> None:
    assert plan_of(candidate("a", [0.1], at("mon"))).notes[0] == "No week could be put together."


def test_without_anything_asked_for_the_plan_is_empty_and_says_why() -> None:
    plan = plan_of(candidate("a", [], at("mon")), language="da")
    assert plan.items == ()
    assert plan.notes == (
        "Der blev ikke genkendt noget i det skrevne, som en uge kan planlægges efter.",
    )


def test_what_was_read_off_a_person_is_not_shown_by_repr() -> None:
    facets = [Facet("grief"), Facet("debt")]
    one = candidate("a", [0.9, 0.0], at("mon"))
    shown = repr((plan_of(one, facets=facets), facets, one))
    assert "grief" not in shown
    assert "debt" not in shown


# Facets and candidates


def test_themes_that_were_written_about_are_facets() -> None:
    covered = np.array([[0.0, 0.4, 0.0], [0.0, 0.1, 0.0]])
    facets, covers = facets_of_themes(["x", "y", "z"], np.array([0.0, 0.5, 0.8]), covered)
    assert facets == [Facet("y", 0.5), Facet("z", 0.8)]
    assert covers.tolist() == [[0.8, 0.0], [0.2, 0.0]]


def test_texts_are_facets_where_there_are_no_themes() -> None:
    fits = {"needs": np.array([0.2, 0.4]), "interests": np.array([0.6, 0.1])}
    facets, covers = facets_of_texts(fits, 0.6, wording("en"))
    assert facets == [Facet("the situation", 0.6), Facet("what matters to the person", 0.4)]
    assert covers.tolist() == [[0.2, 0.6], [0.4, 0.1]]


def test_a_candidate_costs_what_the_person_certainly_pays() -> None:
    cost = {
        "amount": 80,
        "currency": DKK,
        "per": "month",
        "concessions": [{"for": "65+", "amount": 40}],
    }
    activities = [make_activity("a"), make_activity("b", cost=cost)]
    built = build_candidates(
        np.array([0, 1]),
        np.array([0.5, 0.4]),
        np.ones((2, 1)),
        activities,
        standing(activities, age=70).prices(),
    )
    assert [one.price for one in built] == [None, Money(40.0, DKK, "month")]
    assert [(one.activity.id, one.row, one.score) for one in built] == [
        ("a", 0, 0.5),
        ("b", 1, 0.4),
    ]


def test_a_gain_of_nothing_cannot_be_set() -> None:
    with pytest.raises(ValidationError):
        make_settings(gain_min=0)


def test_a_stated_time_and_price_go_before_what_is_open() -> None:
    left_open = candidate("a", [0.8], price=None)
    stated = candidate("b", [0.8], at("mon"), price=20)
    assert ids(plan_of(left_open, stated, not_stated=0.06)) == ["b"]
