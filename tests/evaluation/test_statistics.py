"""Intervals and tests: values worked by hand, and what they promise checked in simulation."""

from __future__ import annotations

import numpy as np
import pytest

from spmatch.evaluation.statistics import (
    bootstrap_interval,
    holm,
    randomisation_p,
    summarise,
    weighted_kappa,
)


@pytest.mark.parametrize("n", [8, 20, 60])
def test_a_95_percent_interval_holds_the_true_mean_95_times_in_100(n: int) -> None:
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(1000):
        interval = bootstrap_interval(list(rng.normal(0.3, 1, n)), resamples=1000)
        held += interval.low <= 0.3 <= interval.high
    # The standard error of the share itself is 0.007.
    assert 0.925 <= held / 1000 <= 0.975


def test_the_interval_of_skewed_shares_holds_the_true_mean_nearly_as_often() -> None:
    # Like nDCG: between 0 and 1, many near 0. Mean of beta(0.5, 1.5) is 0.25.
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(1000):
        interval = bootstrap_interval(list(rng.beta(0.5, 1.5, 60)), resamples=1000)
        held += interval.low <= 0.25 <= interval.high
    assert 0.92 <= held / 1000 <= 0.98


def test_a_90_percent_interval_holds_the_true_mean_90_times_in_100() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        interval = bootstrap_interval(list(rng.normal(0, 1, 40)), level=0.9, resamples=1000)
        held += interval.low <= 0 <= interval.high
    assert 0.87 <= held / 1000 <= 0.93


def test_the_same_values_give_the_same_interval() -> None:
    values = list(np.random.default_rng(1).random(50))
    assert bootstrap_interval(values) == bootstrap_interval(values)


def test_an_interval_holds_its_mean() -> None:
    interval = bootstrap_interval([0.0, 0.0, 0.1, 0.9, 1.0])
    assert interval.low < 0.4 < interval.high


def test_equal_values_give_an_interval_without_width() -> None:
    interval = bootstrap_interval([0.4] * 9)
    assert (interval.low, interval.high) == (0.4, 0.4)


def test_no_values_have_no_interval() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_interval([])


def test_undefined_values_are_left_out_of_a_mean_and_counted() -> None:
    value = summarise([None, 1.0, 0.0, None])
    assert (value.mean, value.profiles) == (0.5, 2)


def test_values_that_are_all_undefined_have_no_mean() -> None:
    value = summarise([None, None])
    assert (value.mean, value.interval, value.profiles) == (None, None, 0)


def test_p_of_three_equal_gains_is_two_in_eight() -> None:
    # Of the eight patterns of signs, only +++ and --- are as far from zero.
    assert randomisation_p([1, 1, 1]) == 0.25


def test_p_of_a_hand_worked_mixture() -> None:
    # The sum is 3; of ±1 ±2 ±4 those with |sum| of at least 3 are ±7, ±5, ±3: six of eight.
    assert randomisation_p([1, -2, 4]) == 0.75


def test_differences_of_nothing_have_p_one() -> None:
    assert randomisation_p([0.0, 0.0]) == 1.0


def test_equal_profiles_do_not_change_p() -> None:
    assert randomisation_p([1, 1, 1, 0, 0]) == randomisation_p([1, 1, 1])


def test_p_is_never_zero() -> None:
    assert randomisation_p([1.0] * 100, resamples=999) == pytest.approx(1 / 1000)


def test_p_drawn_at_random_is_near_the_exact_one() -> None:
    # 14 gains of 1 and 6 losses of 1: two-sided binomial, P(X >= 14) doubled is 0.1153.
    assert randomisation_p([1.0] * 14 + [-1.0] * 6) == pytest.approx(0.1153, abs=0.01)


def test_without_a_difference_p_falls_below_five_percent_five_times_in_100() -> None:
    rng = np.random.default_rng(9)
    low = sum(
        randomisation_p(list(rng.normal(0, 1, 30)), resamples=999) <= 0.05 for _ in range(1000)
    )
    assert 0.03 <= low / 1000 <= 0.07


def test_holm_of_a_hand_worked_family() -> None:
    # Sorted 0.01, 0.03, 0.04: times 3, 2, 1, and never falling.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_holm_never_passes_one() -> None:
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_holm_of_nothing_is_nothing() -> None:
    assert holm([]) == []


def test_perfect_agreement_has_kappa_one() -> None:
    assert weighted_kappa([0, 1, 2, 3], [0, 1, 2, 3]) == 1.0


def test_kappa_of_a_hand_worked_table() -> None:
    # Seen apart: 0, 1, 0, 1, summing to 2. By chance: all 16 squares of {0,0,3,3} against {0,1,3,2}:
    # twice 0+1+9+4 and twice 9+4+0+1, over 4 is 14.
    assert weighted_kappa([0, 0, 3, 3], [0, 1, 3, 2]) == pytest.approx(1 - 2 / 14)


def test_agreement_that_chance_alone_would_reach_has_no_kappa() -> None:
    assert weighted_kappa([2, 2], [2, 2]) is None


def test_no_pairs_have_no_kappa() -> None:
    assert weighted_kappa([], []) is None
