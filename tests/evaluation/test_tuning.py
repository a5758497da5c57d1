"""Weights learned from grades: the fit, what cross-validation makes of it, and the measure they go by."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from collected import small_collection, small_snapshot, small_task, small_truth
from hypothesis import given, settings
from hypothesis import strategies as st

from making import TODAY
from spmatch.config import Config, Weights
from spmatch.errors import InputError
from spmatch.evaluation.tuning import Found, Plan, choose, folds_of, tune
from spmatch.evaluation.tuning_features import (
    FACTORS,
    Example,
    as_matched,
    ideal_dcg,
    ndcg_of_list,
    read_examples,
)
from spmatch.evaluation.tuning_fit import Stack, bounded, fit, search
from spmatch.evaluation.tuning_report import settings_file
from spmatch.matcher import Matcher

IN_USE = Config.default().weights
START = np.array([getattr(IN_USE, name) for name in FACTORS])
START = START / START.sum()
LEAST = 0.01
QUICK = Plan(folds=3, repeats=1, inner_repeats=1, resamples=10, strengths=(10.0, 0.01))
NEARNESS = FACTORS.index("nearness")
NOISE = FACTORS.index("freshness")


def make_example(number: int, deciding: int, activities: int = 15) -> Example:
    """A profile whose three best activities are those with the highest value of one factor."""
    rng = np.random.default_rng([7, number])
    values = rng.random((activities, len(FACTORS)))
    grades = np.zeros(activities, dtype=np.int64)
    grades[np.argsort(-values[:, deciding])[:3]] = (3, 2, 1)
    return Example(
        id=f"p{number:02d}",
        language=("da", "en")[number % 2],
        values=values,
        applies=np.ones(len(FACTORS), dtype=np.bool_),
        taken_off=np.zeros(activities),
        grades=grades,
        ideal=ideal_dcg([3, 2, 1]),
    )


@cache
def decided_by_nearness() -> tuple[Example, ...]:
    return tuple(make_example(number, NEARNESS) for number in range(24))


@cache
def tuned() -> Found:
    return tune(decided_by_nearness(), IN_USE, QUICK)


def stack() -> Stack:
    return Stack.of(decided_by_nearness())


# The measure


@settings(max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_ndcg_is_that_of_ir_measures(grades: list[int], chance: object) -> None:
    ir = pytest.importorskip("ir_measures", reason="the extra evaluation is not installed")
    if not any(grades):
        return
    qrels = {f"a{number}": grade for number, grade in enumerate(grades)}
    listed = [f"a{number}" for number in range(0, len(grades) + 3, 2)]
    chance.shuffle(listed)  # type: ignore[attr-defined]
    run = {"p": {one: float(-rank) for rank, one in enumerate(listed)}}
    theirs = ir.calc_aggregate([ir.nDCG @ 10], {"p": qrels}, run)[ir.nDCG @ 10]
    assert ndcg_of_list(listed, qrels) == pytest.approx(theirs, abs=1e-12)


def test_a_profile_for_which_nothing_is_right_has_no_ndcg() -> None:
    assert ndcg_of_list(["a"], {"a": 0}) is None


def test_the_measure_of_a_stack_is_that_of_its_lists() -> None:
    found = stack().ndcg(START)
    for one, value in zip(decided_by_nearness(), found, strict=True):
        order = np.argsort(-(one.values @ START), kind="stable")
        grades = {str(row): int(grade) for row, grade in enumerate(one.grades)}
        assert value == pytest.approx(ndcg_of_list([str(row) for row in order], grades))


def test_activities_of_the_same_score_stand_in_the_order_of_the_catalogue() -> None:
    one = decided_by_nearness()[0]
    same = replace(one, values=np.zeros_like(one.values))
    assert Stack.of([same]).places(np.zeros(15)).tolist() == list(range(15))


# The features


def test_a_score_made_of_the_features_is_the_score_of_the_matcher() -> None:
    config = Config.default()
    examples = read_examples(small_snapshot(), small_collection(), small_truth(), TODAY, config)
    matcher = Matcher(small_snapshot(), config)
    compared = 0
    for one, profile in ((one, small_collection().profiles[one.id]) for one in examples):
        answer = matcher.match(profile, k=len(matcher.catalogue), on=TODAY)
        in_order = sorted(
            answer.suggestions, key=lambda each: matcher.catalogue.row(each.activity.id)
        )
        stated = [
            sum(part.value for part in each.contributions if part.name != "variety")
            for each in in_order
        ]
        assert Stack.of([one]).scores(START) == pytest.approx(stated, abs=2e-5)
        compared += len(stated)
    assert compared > 0


def test_values_lie_between_0_and_1() -> None:
    examples = read_examples(
        small_snapshot(), small_collection(), small_truth(), TODAY, Config.default()
    )
    every = np.concatenate([one.values.ravel() for one in examples])
    assert every.min() >= -1e-9
    assert every.max() <= 1 + 1e-5


def test_only_profiles_for_which_something_is_right_are_learned_from() -> None:
    examples = read_examples(
        small_snapshot(), small_collection(), small_truth(), TODAY, Config.default()
    )
    right = [i for i, graded in small_truth().grades.items() if any(graded.values())]
    assert [one.id for one in examples] == right


def test_held_out_profiles_are_measured_as_evaluate_measures_them() -> None:
    pytest.importorskip("ir_measures", reason="the extra evaluation is not installed")
    from spmatch.evaluation.measures import ranking_measures
    from spmatch.evaluation.runs import make_run
    from spmatch.evaluation.systems import MatcherSystem

    config = Config.default()
    system = MatcherSystem("a", "", "", "default", Matcher(small_snapshot(), config), TODAY)
    run = make_run(system, small_task().profiles, 10)
    theirs = ranking_measures(run, small_truth())["nDCG@10"]
    ids = [i for i, value in theirs.items() if value is not None]
    measured = as_matched(small_snapshot(), small_collection(), small_truth(), TODAY, config)
    ours = measured(dict(zip(FACTORS, START.tolist(), strict=True)), ids)
    assert ours == pytest.approx({i: theirs[i] for i in ids})


# The fit


@pytest.mark.parametrize("pairs", ["grades", "measure"])
def test_the_factor_that_decides_gets_the_highest_weight(pairs: str) -> None:
    shares = fit(stack(), START, pairs=pairs, strength=0.01, least=LEAST)  # type: ignore[arg-type]
    assert FACTORS[int(np.argmax(shares))] == "nearness"


@pytest.mark.parametrize("pairs", ["grades", "measure"])
def test_a_factor_that_says_nothing_falls_to_the_least(pairs: str) -> None:
    shares = fit(stack(), START, pairs=pairs, strength=0.001, least=LEAST)  # type: ignore[arg-type]
    assert shares[NOISE] == pytest.approx(LEAST, abs=5e-3)


def test_a_strong_tie_keeps_the_weights_in_use() -> None:
    shares = fit(stack(), START, pairs="grades", strength=1e6, least=LEAST)
    assert shares == pytest.approx(START, abs=1e-3)


def test_profiles_that_count_nothing_are_not_learned_from() -> None:
    others = [make_example(number, FACTORS.index("timing")) for number in range(30, 50)]
    both = Stack.of([*decided_by_nearness(), *others])
    counts = np.array([1.0] * 24 + [0.0] * 20)
    alone = fit(stack(), START, pairs="grades", strength=1.0, least=LEAST)
    shares = fit(both, START, pairs="grades", strength=1.0, least=LEAST, profiles=counts)
    assert shares == pytest.approx(alone, abs=1e-3)


def test_penalties_count_while_weights_are_fitted() -> None:
    # The penalty alone puts the right ones first: nothing is left for the weights to explain.
    solved = [
        replace(one, values=np.zeros_like(one.values), taken_off=one.grades - 3.0)
        for one in decided_by_nearness()
    ]
    shares = fit(Stack.of(solved), START, pairs="grades", strength=1.0, least=LEAST)
    assert shares == pytest.approx(START, abs=1e-3)


def test_a_search_never_lowers_the_measure() -> None:
    begun = stack().ndcg(bounded(START, LEAST)).mean()
    assert stack().ndcg(search(stack(), START, least=LEAST)).mean() > begun


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 5), min_size=len(FACTORS), max_size=len(FACTORS)).filter(
        lambda values: sum(values) > 0.01
    )
)
def test_shares_add_up_to_1_and_none_is_below_the_least(values: list[float]) -> None:
    shares = bounded(np.array(values), LEAST)
    assert shares.sum() == pytest.approx(1)
    assert shares.min() >= LEAST - 1e-12


# Cross-validation


def test_each_fold_has_as_many_of_a_language_as_the_others() -> None:
    folds = folds_of(decided_by_nearness(), 4, [1])
    danish = [one.language == "da" for one in decided_by_nearness()]
    assert np.bincount(folds[danish], minlength=4).tolist() == [3, 3, 3, 3]


def test_another_seed_deals_other_folds() -> None:
    folds = [folds_of(decided_by_nearness(), 4, [seed]).tolist() for seed in (1, 2)]
    assert folds[0] != folds[1]


def test_the_recipe_with_the_best_left_out_profiles_is_chosen() -> None:
    found = choose(decided_by_nearness(), START, QUICK, [1])
    assert max(found.tried, key=lambda one: one.ndcg).recipe == found.recipe


def test_weights_that_help_are_adopted() -> None:
    assert tuned().adopted
    assert max(tuned().weights, key=lambda name: tuned().weights[name]) == "nearness"


def test_held_out_profiles_gain_what_is_reported() -> None:
    held_out = tuned().held_out
    assert held_out.in_use.mean == pytest.approx(stack().ndcg(START).mean())
    gained = [after - before for before, after in tuned().by_profile.values()]
    assert held_out.difference.mean == pytest.approx(np.mean(gained))
    assert (held_out.difference.mean or 0) > 0.2


def test_a_search_follows_only_where_held_out_profiles_gain_by_it() -> None:
    gain = tuned().search_gain
    assert gain.interval is not None
    assert not (tuned().searched and (gain.mean or 0) <= 0)
    assert not (gain.interval.low > 0 and not tuned().searched)


def test_each_language_is_reported() -> None:
    assert {name: one.in_use.profiles for name, one in tuned().by_language.items()} == {
        "da": 12,
        "en": 12,
    }


def test_written_weights_add_up_to_1_and_keep_to_the_least() -> None:
    assert sum(tuned().weights.values()) == pytest.approx(1, abs=1e-9)
    assert min(tuned().weights.values()) >= LEAST


def test_a_weight_lies_in_its_interval_or_near() -> None:
    for one in tuned().fitted:
        assert one.interval is not None
        assert one.interval.low - 0.1 <= one.fitted <= one.interval.high + 0.1


def test_the_same_seed_gives_the_same_answer() -> None:
    assert tune(decided_by_nearness(), IN_USE, QUICK) == tuned()


def test_weights_in_use_stay_where_nothing_is_better() -> None:
    perfect = Weights(**{name: float(name == "nearness") for name in FACTORS})
    found = tune(decided_by_nearness(), perfect, QUICK)
    assert not found.adopted
    assert found.weights == perfect.model_dump()


def test_grades_that_follow_nothing_change_no_weight() -> None:
    shuffled = []
    for number, one in enumerate(decided_by_nearness()):
        rng = np.random.default_rng([11, number])
        shuffled.append(replace(one, grades=rng.permutation(one.grades)))
    found = tune(shuffled, IN_USE, QUICK)
    assert found.weights == IN_USE.model_dump()


def test_few_profiles_are_refused() -> None:
    with pytest.raises(InputError, match=r"19 profiles .* at least 20"):
        tune(decided_by_nearness()[:19], IN_USE, QUICK)


def test_weights_that_are_all_0_are_refused() -> None:
    nothing = Weights(**dict.fromkeys(FACTORS, 0.0))
    with pytest.raises(InputError, match="All weights in use are 0"):
        tune(decided_by_nearness(), nothing, QUICK)


# The settings file


def test_a_settings_file_states_what_differs_and_no_more() -> None:
    config = Config.of({"weights": {"nearness": 0.2}, "affordability": {"half_price": {"DKK": 60}}})
    assert settings_file(config, "Learned.\nTwice.") == (
        "# Learned.\n# Twice.\n\n[weights]\nnearness = 0.2\n\n"
        "[affordability.half_price]\nDKK = 60.0\n"
    )


def test_a_settings_file_without_changes_is_a_comment() -> None:
    assert settings_file(Config.default(), "Nothing.") == "# Nothing.\n"
