"""What the reference limits decide: the engine's own verdicts, counted by hand."""

from __future__ import annotations

import pytest
from reported import EQUAL, ON, TOWN, limit, quality_of, verdicts

from making import HOME, make_activity, north
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.constraints import UNKNOWN
from spmatch.geography import Point, shipped_gazetteer
from spmatch.quality.references import judge_references, references, setting_of

ONE = quality_of(*TOWN)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # The centre is the median of 0 km, 9 km and the middle of Aalborg. Calls need no place; a
        # town alone decides nothing.
        ("distance", (2, 1, 1)),
        ("cost", (1, 1, 2)),
        ("available.weekdays", (1, 1, 2)),
        # Yoga states no end: it may last until 18:45 and is open in the evening.
        ("available.evenings", (0, 1, 3)),
        ("available.weekend", (0, 2, 2)),
        ("delivery", (1, 1, 2)),
        ("referral", (0, 0, 4)),
        ("age", (1, 0, 3)),
        ("gender", (0, 0, 4)),
        ("language", (0, 0, 4)),
        ("capacity", (0, 0, 4)),
        ("access.lift", (1, 1, 2)),
        ("access.wheelchair", (0, 1, 3)),
        ("access.hearing_loop", (0, 0, 4)),
        ("first_visit.buddy", (0, 0, 4)),
    ],
)
def test_verdicts_of_a_limit(key: str, expected: tuple[int, int, int]) -> None:
    assert verdicts(ONE, key) == expected


def test_decided_is_met_or_not_met() -> None:
    assert (limit(ONE, "cost").decided.count, limit(ONE, "cost").decided.of) == (2, 4)


def test_every_verdict_is_counted_once() -> None:
    assert {one.met + one.not_met + one.unknown for one in ONE.limits} == {4}


def test_all_pairs_are_32_limits_for_each_of_4_activities() -> None:
    assert ONE.decided.pairs.of == 32 * 4


def test_decided_pairs_are_the_sum_of_the_limits() -> None:
    # Distance 3, cost 2, times 2 + 1 + 2, delivery 2, age 1, lift 2, wheelchair 1.
    assert ONE.decided.pairs.count == 16


def test_with_equal_weights_each_fact_counts_once_and_the_times_share_one() -> None:
    # 30 facts; the times decide (2 + 1 + 2) / 3 of their weight.
    assert ONE.decided.weighted_share == pytest.approx((11 + 5 / 3) / (30 * 4))


def test_a_limit_that_nobody_weighs_leaves_no_share() -> None:
    nothing = EQUAL.model_copy(
        update={"limits": tuple(one.model_copy(update={"weight": 0.0}) for one in EQUAL.limits)}
    )
    assert quality_of(*TOWN, usage=nothing).decided.weighted_share is None


def test_the_cost_limit_is_in_the_currency_of_most_prices() -> None:
    pounds = [
        make_activity(key, cost={"amount": 5, "currency": "GBP", "per": "session"}) for key in "ab"
    ]
    crowns = make_activity("c", cost={"amount": 5, "currency": "DKK", "per": "session"})
    one = quality_of(*pounds, crowns)
    assert (one.currency, verdicts(one, "cost")) == ("GBP", (2, 0, 1))


def test_without_a_currency_prices_are_taken_as_stated() -> None:
    one = quality_of(make_activity("a", cost={"amount": 5, "per": "session"}))
    assert (one.currency, verdicts(one, "cost")) == (None, (1, 0, 0))


def test_the_language_limit_is_that_of_most_texts() -> None:
    spoken = {"languages": ["en"], "text_language": "en"}
    one = quality_of(make_activity("a", **spoken), make_activity("b", **spoken), TOWN[0])
    assert (one.language, verdicts(one, "language")) == ("en", (2, 0, 1))


def test_a_source_without_places_can_decide_calls_alone() -> None:
    one = quality_of(make_activity("a"), make_activity("b", delivery="online"))
    assert verdicts(one, "distance") == (1, 0, 1)


def test_an_empty_source_decides_nothing_of_nothing() -> None:
    one = quality_of()
    assert (one.decided.pairs.count, one.decided.pairs.of, one.decided.pairs.share) == (0, 0, None)


def test_the_centre_is_the_median_of_the_places() -> None:
    activities = [make_activity("a", place=HOME), make_activity("b", place=north(2.0))]
    activities.append(make_activity("c", place=north(500.0)))
    setting = setting_of(activities, build_columns(activities))
    assert setting.centre == Point(north(2.0)["lat"], HOME["lon"])


def test_whether_a_limit_can_be_decided_is_the_verdict_of_the_engine() -> None:
    columns = build_columns(TOWN, shipped_gazetteer().place)
    judged = judge_references(columns, setting_of(TOWN, columns), ON, Config.default().limits)
    unknown = {reference.key: int((one.codes == UNKNOWN).sum()) for reference, one in judged}
    assert unknown == {one.key: one.unknown for one in ONE.limits}


def test_no_two_reference_limits_share_a_key() -> None:
    keys = [one.key for one in references(setting_of((), build_columns(())))]
    assert len(keys) == len(set(keys)) == 32
