"""Measures against values worked by hand, and against ir-measures called on its own."""

from __future__ import annotations

import math

import ir_measures
import numpy as np
import pytest
from collected import make_lists, small_task, small_truth

from spmatch.evaluation.exposure import exposure
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.measures import MEASURES, catalogue_coverage, measure, ranking_measures
from spmatch.evaluation.results import Value
from spmatch.evaluation.runs import Run
from spmatch.evaluation.shown_confidence import calibrate_confidence
from spmatch.evaluation.statistics import summarise
from spmatch.evaluation.systems import RankedList


def scores_of(name: str, lists: dict[str, list[str]]) -> dict[str, float | None]:
    return measure(make_lists(lists), small_truth(), small_task())[name]


def test_the_grade_of_what_breaks_a_limit_counts_as_none() -> None:
    # p5 can go 1 km, and the garden lies 5 km away; p2 speaks no English, and the grief group no Danish.
    assert small_truth().grades["p5"] == {"garden": 0, "walk": 1}
    assert small_truth().grades["p2"] == {"grief": 0, "phone": 1, "sorg": 3}


def test_ndcg_of_a_hand_worked_list() -> None:
    # Grades 2, 0, 3 at ranks 1 to 3; the ideal order is 3, 3, 2, 2.
    gained = 2 / 1 + 0 + 3 / 2
    ideal = 3 / 1 + 3 / math.log2(3) + 2 / 2 + 2 / math.log2(5)
    found = scores_of("nDCG@10", {"p1": ["phone", "swim", "choir"]})["p1"]
    assert found == pytest.approx(gained / ideal, abs=1e-9)


def test_the_best_list_that_keeps_the_limits_has_ndcg_one() -> None:
    assert scores_of("nDCG@5", {"p2": ["sorg", "phone"]})["p2"] == pytest.approx(1, abs=1e-9)


def test_precision_divides_by_five_however_short_the_list() -> None:
    assert scores_of("P@5", {"p1": ["choir", "swim", "phone"]})["p1"] == pytest.approx(2 / 5)


def test_recall_counts_what_is_suitable_alone() -> None:
    # Suitable for p1: both choirs, the phone friend, the group.
    assert scores_of("R@50", {"p1": ["choir", "swim", "phone", "sorg"]})["p1"] == 0.75


def test_reciprocal_rank_is_that_of_the_first_suitable_one() -> None:
    # For p2 the phone friend has grade 1: not enough.
    assert scores_of("RR", {"p2": ["phone", "sorg"]})["p2"] == 0.5


def test_judged_is_the_share_of_the_first_ten_that_has_a_grade() -> None:
    assert scores_of("Judged@10", {"p1": ["choir", "walk", "garden", "phone"]})["p1"] == 0.5


def test_a_profile_without_results_counts_as_zero() -> None:
    found = measure(make_lists({"p2": ["sorg"]}), small_truth(), small_task())
    for name in ("nDCG@10", "nDCG@5", "P@5", "R@50", "RR", "suitable3@5"):
        assert found[name]["p1"] == 0.0, name


def test_a_run_without_any_results_counts_as_zero() -> None:
    assert scores_of("nDCG@10", {})["p1"] == 0.0


def test_where_nothing_is_relevant_the_order_has_no_measure() -> None:
    truth = Truth({"p1": {"choir": 0}}, {"p1": frozenset()})
    found = ranking_measures(make_lists({"p1": ["choir"]}), truth)
    assert (found["nDCG@10"]["p1"], found["RR"]["p1"]) == (None, None)


def test_where_nothing_is_suitable_but_something_is_relevant_ndcg_is_defined() -> None:
    found = measure(make_lists({"p5": ["walk"]}), small_truth(), small_task())
    assert (found["nDCG@10"]["p5"], found["P@5"]["p5"]) == (1.0, None)


def test_three_suitable_of_five_are_enough() -> None:
    found = scores_of(
        "suitable3@5", {"p1": ["swim", "choir", "walk", "phone", "sorg"], "p2": ["sorg"]}
    )
    assert (found["p1"], found["p2"]) == (1.0, 0.0)


def test_a_suitable_one_at_rank_six_comes_too_late() -> None:
    late = ["swim", "choir", "walk", "phone", "garden", "sorg"]
    assert scores_of("suitable3@5", {"p1": late})["p1"] == 0.0


def test_a_suggestion_that_breaks_a_limit_is_found_out() -> None:
    # For p5 the garden lies too far away, the walk does not.
    assert scores_of("violation@5", {"p5": ["garden", "walk"]})["p5"] == 0.5


def test_the_gender_of_an_activity_is_a_limit_too() -> None:
    assert scores_of("violation@5", {"p2": ["choir-men"]})["p2"] == 1.0


def test_what_is_not_stated_breaks_no_limit_and_is_counted_apart() -> None:
    # p3 asks for step-free access and a price: the sorrow group states neither.
    lists = {"p3": ["sorg", "choir"]}
    assert scores_of("violation@5", lists)["p3"] == 0.0
    assert scores_of("unknown@5", lists)["p3"] == 0.5


def test_providers_are_counted_once_and_one_without_a_name_as_its_own() -> None:
    assert scores_of("providers@5", {"p1": ["choir", "choir-men", "phone"]})["p1"] == 2.0


def test_shares_of_what_was_shown_are_undefined_where_nothing_was() -> None:
    found = measure(make_lists({}), small_truth(), small_task())
    for name in ("violation@5", "unknown@5", "providers@5", "Judged@10"):
        assert found[name]["p1"] is None, name


def test_an_empty_answer_is_right_where_nothing_is_suitable() -> None:
    # The pool costs p3 100 kr. a time, of 50, and the walk is in English; p5 cannot go so far.
    found = measure(make_lists({"p1": ["choir"]}), small_truth(), small_task())
    assert found["abstention precision"] == {
        "p1": None, "p2": 0.0, "p3": 1.0, "p4": 0.0, "p5": 1.0, "p6": 0.0
    }  # fmt: skip


def test_abstention_recall_asks_only_the_profiles_that_nothing_suits() -> None:
    found = scores_of("abstention recall", {"p5": ["walk"]})
    assert found == {"p1": None, "p2": None, "p3": 1.0, "p4": None, "p5": 0.0, "p6": None}


def test_coverage_is_the_share_of_the_catalogue_in_some_first_five() -> None:
    run = make_lists({"p1": ["choir", "phone"], "p2": ["phone", "sorg"]})
    assert catalogue_coverage(run, small_task()) == 3 / 8


def test_every_measure_is_computed_and_described() -> None:
    found = measure(make_lists({"p1": ["choir"]}), small_truth(), small_task())
    assert list(found) == [info.name for info in MEASURES]
    assert all(info.formula and info.source for info in MEASURES)


def test_ranking_measures_agree_with_ir_measures_called_on_its_own() -> None:
    rng = np.random.default_rng(7)
    activities = [f"a{number}" for number in range(120)]
    grades = {
        f"q{q}": {a: int(rng.integers(0, 4)) for a in rng.choice(activities, 40, replace=False)}
        for q in range(25)
    }
    suitable = {
        q: frozenset(a for a, g in graded.items() if g >= 2) for q, graded in grades.items()
    }
    lists = {
        q: list(rng.choice(activities, int(rng.integers(1, 100)), replace=False)) for q in grades
    }
    found = ranking_measures(make_lists(lists), Truth(grades, suitable))
    qrels = [ir_measures.Qrel(q, a, g) for q, graded in grades.items() for a, g in graded.items()]
    run = [
        ir_measures.ScoredDoc(q, a, 1000.0 - rank)
        for q, ids in lists.items()
        for rank, a in enumerate(ids)
    ]
    names = {
        "nDCG@10": "nDCG@10", "nDCG@5": "nDCG@5", "P@5": "P(rel=2)@5",
        "R@50": "R(rel=2)@50", "RR": "RR(rel=2)", "Judged@10": "Judged@10",
    }  # fmt: skip
    for name, definition in names.items():
        parsed = ir_measures.parse_measure(definition)
        theirs = {one.query_id: one.value for one in parsed.iter_calc(qrels, run)}
        for q, value in theirs.items():
            assert found[name][q] == pytest.approx(value, abs=1e-9), (name, q)


def test_ndcg_agrees_with_its_formula() -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        graded = {f"a{n}": int(rng.integers(0, 4)) for n in range(30)} | {"a0": 3}
        ids = [f"a{n}" for n in rng.permutation(40)]
        discounts = 1 / np.log2(np.arange(2, 12))
        gained = sum(graded.get(a, 0) * d for a, d in zip(ids[:10], discounts, strict=True))
        best = sorted(graded.values(), reverse=True)[:10]
        ideal = sum(g * d for g, d in zip(best, discounts, strict=True))
        found = ranking_measures(make_lists({"q": ids}), Truth({"q": graded}, {"q": frozenset()}))
        assert found["nDCG@10"]["q"] == pytest.approx(gained / ideal, abs=1e-9)


def test_exposure_of_a_group_is_its_share_of_discounted_places() -> None:
    # Parish House and Green Yard and Sanghuset offer two each; Svømmeklubben and the phone friend
    # one. The place of the phone friend gives 1, that of the choir 1/log2(3).
    run = make_lists({"p1": ["phone", "choir"]})
    groups = {(one.dimension, one.group): one for one in exposure(run, small_truth(), small_task())}
    small = groups["provider_size", "1 activity"]
    assert small.activities == 2
    assert small.exposure_share == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_exposure_stands_beside_what_would_be_merited() -> None:
    # The phone friend is one of four that suit p1. Nothing else of a small provider suits anybody,
    # and four profiles (p1, p2, p4, p6) have something that suits.
    groups = exposure(make_lists({"p1": ["phone"]}), small_truth(), small_task())
    small = next(one for one in groups if one.group == "1 activity")
    assert small.suitable_share == pytest.approx((1 / 4) / 4)
    assert small.ratio == pytest.approx(16)


def test_shares_of_exposure_add_up_in_each_dimension() -> None:
    run = make_lists({"p1": ["phone", "choir", "swim"], "p4": ["grief", "walk"]})
    for dimension in ("provider_size", "description_length"):
        groups = [
            one for one in exposure(run, small_truth(), small_task()) if one.dimension == dimension
        ]
        assert sum(one.exposure_share or 0 for one in groups) == pytest.approx(1)
        assert sum(one.activities for one in groups) == 8


def test_without_any_suggestion_exposure_is_undefined() -> None:
    groups = exposure(make_lists({}), small_truth(), small_task())
    assert {one.exposure_share for one in groups} == {None}


def _summary(values: list[float | None]) -> Value:
    return summarise(values, resamples=200)


def test_each_shown_confidence_stands_with_what_came_of_it() -> None:
    lists = {
        "p1": RankedList(("choir", "swim"), (1.0, 0.5), "good"),
        "p2": RankedList(("sorg",), (1.0,), "good"),
        "p4": RankedList(("garden",), (1.0,), "weak"),
        "p5": RankedList((), (), "none"),
    }
    run = Run("x", "", "", "default", lists)
    levels = {one.confidence: one for one in calibrate_confidence(run, small_truth(), _summary)}
    assert [levels[name].profiles for name in ("good", "weak", "none")] == [2, 1, 1]
    assert levels["good"].suitable_in_top_five.mean == 0.75
    assert levels["weak"].suitable_in_top_five.mean == 0.0
    assert levels["none"].any_suitable_exists.mean == 0.0


def test_a_system_that_shows_no_confidence_has_no_table_of_it() -> None:
    assert calibrate_confidence(make_lists({"p1": ["choir"]}), small_truth(), _summary) == ()
