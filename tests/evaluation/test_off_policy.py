"""Estimates from logs: against hand-worked numbers, and against simulations whose truth is known."""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spmatch.errors import InputError, SpmatchError
from spmatch.evaluation.off_policy import (
    OffPolicyResult,
    OffPolicySettings,
    OverlapError,
    PolicyEstimate,
    effective_size,
    estimate_value,
    evaluate_log,
    summarise,
)
from spmatch.evaluation.policy_log import PolicyLog, read_log

FEW = OffPolicySettings(resamples=100)
UNBOUNDED = OffPolicySettings(
    resamples=100, effective_share_min=0, effective_requests_min=0, unseen_share_max=math.inf
)

# Three kinds of request, four activities. The truth: mean outcome, both policies, and how common
# each kind is.
OUTCOMES = np.array([[0.9, 0.2, 0.4, 0.1], [0.1, 0.8, 0.3, 0.5], [0.3, 0.3, 0.6, 0.2]])
LOGGING = np.array([[0.4, 0.3, 0.2, 0.1], [0.3, 0.2, 0.3, 0.2], [0.25, 0.25, 0.25, 0.25]])
TARGET = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.6, 0.1, 0.2], [0.1, 0.2, 0.6, 0.1]])
KINDS = np.array([0.5, 0.3, 0.2])
TRUTH = float(KINDS @ (TARGET * OUTCOMES).sum(axis=1))
LOGGED_TRUTH = float(KINDS @ (LOGGING * OUTCOMES).sum(axis=1))
# Propensities stated wrongly, yet such that the mean weight stays near 1 and nothing is refused.
MISSTATED = LOGGING * np.where(TARGET >= 0.6, 1.15, 0.7)
LOGS = 300
WRONG_MODEL = np.array([[0.1, 0.9, 0.5, 0.5], [0.8, 0.0, 0.9, 0.1], [0.6, 0.5, 0.0, 0.9]])


def simulate(
    seed: int,
    requests: int,
    *,
    model: np.ndarray | None = None,
    stated: np.ndarray = LOGGING,
    offset: float = 0.0,
) -> PolicyLog:
    """A log of one recommendation a request; ``stated`` is what it says of its own propensities."""
    generator = np.random.default_rng(seed)
    kind = generator.choice(3, requests, p=KINDS)
    ends = np.cumsum(LOGGING, axis=1)[kind]
    shown = (generator.random(requests)[:, None] > ends).sum(axis=1)
    outcome = (generator.random(requests) < OUTCOMES[kind, shown]) + offset
    return PolicyLog(
        request=np.arange(requests),
        propensity=stated[kind, shown],
        target_propensity=TARGET[kind, shown],
        outcome=outcome.astype(float),
        predicted=None if model is None else model[kind, shown],
        predicted_target=None if model is None else (TARGET * model).sum(axis=1)[kind],
    )


def log_of(
    weights: list[float], outcomes: list[float], requests: list[int] | None = None
) -> PolicyLog:
    """A log with these weights, all with logging propensity 0.1."""
    return PolicyLog(
        request=np.array(requests or range(len(weights))),
        propensity=np.full(len(weights), 0.1),
        target_propensity=0.1 * np.array(weights),
        outcome=np.array(outcomes, dtype=float),
        predicted=None,
        predicted_target=None,
    )


@cache
def simulated(model: str, misstated: bool = False) -> tuple[dict[str, PolicyEstimate], ...]:
    """The estimates of many logs, by name."""
    models = {"right": OUTCOMES, "wrong": WRONG_MODEL}
    stated = MISSTATED if misstated else LOGGING
    return tuple(
        {
            one.name: one
            for one in estimate_value(
                simulate(seed, 300, model=models[model], stated=stated),
                OffPolicySettings(resamples=300, seed=seed),
            ).estimates
        }
        for seed in range(LOGS)
    )


def mean_and_error(
    name: str, model: str = "wrong", misstated: bool = False, field: str = "value"
) -> tuple[float, float]:
    """Mean estimate over many simulated logs, and its Monte-Carlo standard error."""
    values = [getattr(one[name], field) for one in simulated(model, misstated)]
    return float(np.mean(values)), float(np.std(values, ddof=1) / math.sqrt(LOGS))


# --- hand-worked values


def test_ips_is_the_mean_of_weighted_outcomes() -> None:
    result = estimate_value(log_of([2, 0.5, 0.5], [1, 0, 4]), UNBOUNDED)
    assert result.estimate("ips").value == pytest.approx((2 * 1 + 0.5 * 4) / 3)


def test_snips_divides_by_the_sum_of_weights() -> None:
    result = estimate_value(log_of([2, 0.5, 1.5], [1, 0, 4]), UNBOUNDED)
    assert result.estimate("snips").value == pytest.approx((2 * 1 + 1.5 * 4) / 4)


def test_the_doubly_robust_estimate_corrects_the_model_by_its_weighted_error() -> None:
    log = PolicyLog(
        request=np.array([0, 1]),
        propensity=np.array([0.5, 0.25]),
        target_propensity=np.array([0.25, 0.5]),
        outcome=np.array([1.0, 0.0]),
        predicted=np.array([0.6, 0.3]),
        predicted_target=np.array([0.7, 0.4]),
    )
    expected = ((0.7 + 0.5 * (1 - 0.6)) + (0.4 + 2 * (0 - 0.3))) / 2
    assert estimate_value(log, UNBOUNDED).estimate("dr").value == pytest.approx(expected)


def test_the_logging_policy_has_the_mean_of_its_outcomes() -> None:
    result = estimate_value(log_of([2, 0.5, 0.5], [1, 0, 4]), UNBOUNDED)
    assert result.estimate("logged").value == pytest.approx(5 / 3)


def test_the_gain_is_the_difference_from_the_logging_policy() -> None:
    result = estimate_value(log_of([2, 0.5, 0.5], [1, 0, 4]), UNBOUNDED)
    assert result.estimate("ips").gain == pytest.approx(4 / 3 - 5 / 3)


def test_the_effective_size_of_equal_weights_is_their_number() -> None:
    assert effective_size(np.full(7, 0.3)) == pytest.approx(7)


def test_the_effective_size_by_hand() -> None:
    assert effective_size(np.array([3.0, 1.0, 0.0])) == pytest.approx(16 / 10)


def test_the_effective_size_of_no_weight_is_nothing() -> None:
    assert effective_size(np.zeros(4)) == 0


def test_recommendations_without_an_outcome_are_left_out() -> None:
    result = estimate_value(log_of([1, 1, 5], [1, 0, math.nan]), UNBOUNDED)
    assert result.estimate("ips").value == pytest.approx(0.5)


def test_recommendations_without_an_outcome_are_counted() -> None:
    assert estimate_value(log_of([1, 1, 5], [1, 0, math.nan]), UNBOUNDED).outcomes_missing == 1


def test_the_same_policy_gains_nothing() -> None:
    result = estimate_value(log_of([1.0] * 40, [0, 1] * 20))
    assert result.estimate("snips").gain_high == 0


def test_an_interval_resamples_whole_requests() -> None:
    # Every request holds the same two outcomes: resampled whole, the mean never moves.
    requests = [number // 2 for number in range(80)]
    estimate = estimate_value(log_of([1.0] * 80, [0, 1] * 40, requests)).estimate("logged")
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_the_same_log_gives_the_same_interval() -> None:
    assert estimate_value(simulate(1, 300)) == estimate_value(simulate(1, 300))


def test_another_seed_gives_another_interval() -> None:
    other = OffPolicySettings(seed=1)
    first = estimate_value(simulate(1, 300)).estimate("ips")
    assert estimate_value(simulate(1, 300), other).estimate("ips").low != first.low


# --- simulation: bias


@pytest.mark.parametrize("name", ["ips", "snips", "dr"])
def test_the_mean_estimate_is_the_truth_within_the_monte_carlo_error(name: str) -> None:
    mean, error = mean_and_error(name)
    assert abs(mean - TRUTH) < 4 * error


def test_the_logged_mean_is_not_the_value_of_the_target() -> None:
    mean, error = mean_and_error("logged")
    assert abs(mean - TRUTH) > 20 * error


def test_the_gain_is_the_true_gain_within_the_monte_carlo_error() -> None:
    mean, error = mean_and_error("snips", field="gain")
    assert abs(mean - (TRUTH - LOGGED_TRUTH)) < 4 * error


def test_doubly_robust_is_right_with_right_propensities_and_a_wrong_model() -> None:
    mean, error = mean_and_error("dr", "wrong")
    assert abs(mean - TRUTH) < 4 * error


def test_doubly_robust_is_right_with_wrong_propensities_and_a_right_model() -> None:
    mean, error = mean_and_error("dr", "right", misstated=True)
    assert abs(mean - TRUTH) < 4 * error


def test_wrong_propensities_do_mislead_ips() -> None:
    mean, error = mean_and_error("ips", "right", misstated=True)
    assert abs(mean - TRUTH) > 4 * error


def test_a_right_model_narrows_the_interval() -> None:
    result = estimate_value(simulate(3, 2_000, model=OUTCOMES))
    width = {one.name: one.high - one.low for one in result.estimates}
    assert width["dr"] < width["ips"]


# --- simulation: intervals


@pytest.mark.parametrize("name", ["ips", "snips", "dr"])
def test_an_interval_covers_the_truth_as_often_as_it_says(name: str) -> None:
    covered = sum(one[name].low <= TRUTH <= one[name].high for one in simulated("wrong"))
    # 95 % stated; 300 logs give a standard error of 1.3 points.
    assert 0.91 <= covered / LOGS <= 0.985


# --- simulation: bounds


def test_snips_stays_within_the_outcomes_where_ips_does_not() -> None:
    # Outcomes from 10 to 11: IPS moves with the mean weight, SNIPS can not.
    estimates = [
        {
            one.name: one.value
            for one in estimate_value(simulate(seed, 60, offset=10), FEW).estimates
        }
        for seed in range(30)
    ]
    assert all(10 <= one["snips"] <= 11 for one in estimates)
    assert any(not 10 <= one["ips"] <= 11 for one in estimates)


def test_snips_moves_with_the_outcomes_when_they_are_shifted() -> None:
    plain = estimate_value(simulate(1, 300), FEW).estimate("snips").value
    shifted = estimate_value(simulate(1, 300, offset=5), FEW).estimate("snips").value
    assert shifted == pytest.approx(plain + 5)


# --- refusals


def test_a_small_effective_share_is_refused() -> None:
    with pytest.raises(OverlapError, match=r"effective sample size is 1\.0 of 100 .*5\.0%"):
        estimate_value(log_of([100, *[0.001] * 99], [1] * 100))


def test_the_bound_of_the_effective_share_can_be_set() -> None:
    log = simulate(1, 400)
    with pytest.raises(OverlapError, match=r"99\.0% is needed"):
        estimate_value(log, OffPolicySettings(effective_share_min=0.99))


def test_too_few_requests_are_refused() -> None:
    with pytest.raises(OverlapError, match=r"requests is 29\.0 of 29; at least 30 is needed"):
        estimate_value(log_of([1.0] * 29, [1] * 29))


def test_a_target_that_shows_what_could_not_be_logged_is_refused() -> None:
    # Half of what the target shows had no chance in the log: weights average a half.
    with pytest.raises(OverlapError, match=r"about 50\.0% of what .* no chance to be logged"):
        estimate_value(log_of([0.5] * 100, [0, 1] * 50))


def test_a_target_that_shows_nothing_of_the_log_is_refused() -> None:
    with pytest.raises(OverlapError, match=r"effective sample size is 0\.0"):
        estimate_value(log_of([0.0] * 100, [1] * 100))


def test_propensities_that_cannot_be_right_are_refused() -> None:
    with pytest.raises(OverlapError, match="propensities cannot be right"):
        estimate_value(log_of([1.5] * 100, [0, 1] * 50))


def test_a_refusal_lists_every_bound_that_is_missed() -> None:
    with pytest.raises(OverlapError) as caught:
        estimate_value(log_of([0.0] * 100, [1] * 100))
    assert len(caught.value.reasons) == 3


def test_a_log_with_overlap_is_not_refused() -> None:
    assert estimate_value(simulate(1, 100)).effective_share > 0.5


def test_a_log_without_any_outcome_is_refused() -> None:
    with pytest.raises(InputError, match="No outcome is known"):
        estimate_value(log_of([1, 1], [math.nan, math.nan]))


def test_settings_without_enough_resamples_are_refused() -> None:
    with pytest.raises(ValueError, match="resamples"):
        OffPolicySettings(resamples=10)


# --- files


def line(**changes: Any) -> dict[str, Any]:
    whole = {
        "request": "r1",
        "activity": "a1",
        "rank": 1,
        "propensity": 0.5,
        "target_propensity": 0.25,
        "outcome": 1,
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not ...}


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    text = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def problem(path: Path, *lines: dict[str, Any] | str) -> str:
    """The one problem of a log, as it is shown."""
    with pytest.raises(InputError) as caught:
        read_log(write(path / "log.jsonl", *lines))
    (only,) = caught.value.problems
    return str(only)


def test_a_log_is_read_as_columns(tmp_path: Path) -> None:
    second = line(request="r2", propensity=1, outcome=None)
    log = read_log(write(tmp_path / "log.jsonl", line(), "", second))
    assert log.request.tolist() == [0, 1]
    assert log.propensity.tolist() == [0.5, 1.0]
    assert log.target_propensity.tolist() == [0.25, 0.25]
    assert np.isnan(log.outcome).tolist() == [False, True]
    assert log.predicted is None


def test_recommendations_of_one_request_share_its_number(tmp_path: Path) -> None:
    second = line(activity="a2", rank=2)
    log = read_log(write(tmp_path / "log.jsonl", line(), line(request="r2"), second))
    assert log.request.tolist() == [0, 1, 0]


def test_predictions_are_read(tmp_path: Path) -> None:
    log = read_log(write(tmp_path / "log.jsonl", line(predicted=0.4, predicted_target=0.6)))
    assert log.predicted_target is not None
    assert log.predicted_target.tolist() == [0.6]


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"propensity": 0}, "propensity", "above 0"),
        ({"propensity": 1.5}, "propensity", "at most 1"),
        ({"propensity": ...}, "propensity", "probability"),
        ({"propensity": "0.5"}, "propensity", "probability"),
        ({"target_propensity": -0.1}, "target_propensity", "0 to 1"),
        ({"rank": 0}, "rank", "from 1"),
        ({"rank": 1.5}, "rank", "whole number"),
        ({"outcome": ...}, "outcome", "null when it is not known"),
        ({"outcome": True}, "outcome", "1 for yes"),
        ({"outcome": math.nan}, "outcome", "null when it is not known"),
        ({"request": ""}, "request", "1 to 200 characters"),
        ({"activity": 7}, "activity", "id"),
    ],
)
def test_a_malformed_field_is_named_with_its_remedy(
    tmp_path: Path, changes: dict[str, Any], field: str, remedy: str
) -> None:
    text = problem(tmp_path, line(request="r0"), line(**changes))
    assert text.startswith(f"log.jsonl, line 2, {field}: ")
    assert remedy in text


def test_text_in_place_of_an_id_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = problem(tmp_path, line(request="Anna who lost her husband"))
    assert "no spaces" in text
    assert "Anna" not in text


def test_a_field_that_is_not_known_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = problem(tmp_path, line(**{"Anna needs": "company"}))
    assert "leave it out" in text
    assert "Anna" not in text


def test_a_line_that_is_not_json_is_refused(tmp_path: Path) -> None:
    assert problem(tmp_path, "{request: r1}").startswith(
        "log.jsonl, line 1: this is not valid JSON"
    )


def test_a_rank_that_is_filled_twice_is_refused(tmp_path: Path) -> None:
    assert "line 1 already fills this rank" in problem(tmp_path, line(), line(activity="a2"))


def test_an_activity_that_is_shown_twice_is_refused(tmp_path: Path) -> None:
    assert "line 1 already shows this activity" in problem(tmp_path, line(), line(rank=2))


def test_a_line_without_the_predictions_of_the_others_is_refused(tmp_path: Path) -> None:
    both = line(predicted=0.5, predicted_target=0.5)
    half = line(request="r2", predicted=0.5)
    text = problem(tmp_path, both, half)
    assert text.startswith("log.jsonl, line 2, predicted_target: not stated")


def test_every_problem_is_listed_in_the_order_of_the_lines(tmp_path: Path) -> None:
    lines = [line(propensity=0, rank=0), line(), line(), "nonsense"]
    with pytest.raises(InputError) as caught:
        read_log(write(tmp_path / "log.jsonl", *lines))
    assert [one.where.rsplit(" ", 1)[1] for one in caught.value.problems] == list("11334")


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_log(tmp_path / "none.jsonl")


def test_an_empty_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        read_log(write(tmp_path / "log.jsonl", ""))


# --- what is written


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    log = simulate(5, 200, model=OUTCOMES)
    assert log.predicted is not None
    assert log.predicted_target is not None
    return write(
        tmp_path / "log.jsonl",
        *(
            line(
                request=f"r{number}",
                propensity=float(log.propensity[number]),
                target_propensity=float(log.target_propensity[number]),
                outcome=float(log.outcome[number]),
                predicted=float(log.predicted[number]),
                predicted_target=float(log.predicted_target[number]),
            )
            for number in range(len(log))
        ),
    )


@pytest.fixture
def written(log_file: Path, tmp_path: Path) -> tuple[OffPolicyResult, Path]:
    return evaluate_log(log_file, tmp_path / "out"), tmp_path / "out"


def test_a_log_on_disk_gives_the_estimates_of_its_columns(log_file: Path, tmp_path: Path) -> None:
    expected = estimate_value(simulate(5, 200, model=OUTCOMES)).estimates
    assert evaluate_log(log_file, tmp_path / "out").estimates == expected


def test_the_json_holds_every_number(written: tuple[OffPolicyResult, Path]) -> None:
    result, out = written
    read = json.loads((out / "off_policy.json").read_text(encoding="utf-8"))
    assert read["effective_size"] == result.effective_size
    assert [one["low"] for one in read["estimates"]] == [one.low for one in result.estimates]


def test_the_csv_holds_the_estimates(written: tuple[OffPolicyResult, Path]) -> None:
    result, out = written
    with (out / "off_policy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], float(row["value"])) for row in rows] == [
        (one.name, one.value) for one in result.estimates
    ]


def test_the_same_log_gives_the_same_bytes(
    written: tuple[OffPolicyResult, Path], log_file: Path, tmp_path: Path
) -> None:
    evaluate_log(log_file, tmp_path / "again")
    for file in written[1].iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_the_summary_says_when_there_is_no_doubly_robust_estimate() -> None:
    assert "No doubly robust estimate" in summarise(estimate_value(simulate(1, 100), FEW))


def test_nothing_is_written_when_the_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpmatchError):
        evaluate_log(write(tmp_path / "log.jsonl", line()), tmp_path / "out")
    assert not (tmp_path / "out").exists()
