"""Comparisons, slices and ablations: values worked by hand on the small collection."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from collected import (
    make_lists,
    small_collection,
    small_snapshot,
    small_task,
    small_truth,
)

from making import TODAY, WordEncoder
from spmatch.batch import sweep
from spmatch.building import build_snapshot
from spmatch.config import Config, Weights
from spmatch.evaluation.ablations import ABLATED, ablate, variants_of
from spmatch.evaluation.comparison import COMPARED, Sampling, compare, first_five, most_changed
from spmatch.evaluation.measures import MEASURES, measure
from spmatch.evaluation.results import Interval, Slice
from spmatch.evaluation.runs import Run, make_run
from spmatch.evaluation.slices import parts_of, slice_scores, slice_texts, too_small, worst_of
from spmatch.evaluation.systems import MatcherSystem
from spmatch.matcher import Matcher
from spmatch.snapshot import save_snapshot

SAMPLING = Sampling(level=0.95, resamples=500, seed=1)
NDCG = next(info for info in MEASURES if info.name == "nDCG@10")
VIOLATION = next(info for info in MEASURES if info.name == "violation@5")


def scores_of(**by_profile: float | None) -> dict[str, dict[str, float | None]]:
    """The same values for every measure that is compared or sliced."""
    return {name: dict(by_profile) for name in {*COMPARED, "violation@5"}}


def measured(run: Run) -> dict[str, dict[str, float | None]]:
    return measure(run, small_truth(), small_task())


def test_a_difference_is_the_mean_over_profiles_where_both_are_defined() -> None:
    ours = scores_of(p1=0.5, p2=1.0, p3=None, p4=0.2)
    theirs = scores_of(p1=0.1, p2=0.8, p3=0.9, p4=None)
    one = compare("a", ours, {"b": theirs}, SAMPLING)[0]
    assert (one.profiles, one.difference) == (2, pytest.approx(0.3))


def test_wins_ties_and_losses_are_counted_by_profile() -> None:
    ours = scores_of(p1=0.5, p2=1.0, p3=0.4, p4=0.2)
    theirs = scores_of(p1=0.1, p2=0.8, p3=0.4, p4=0.9)
    one = compare("a", ours, {"b": theirs}, SAMPLING)[0]
    assert (one.wins, one.ties, one.losses) == (2, 1, 1)


def test_two_systems_that_are_equal_differ_by_nothing_and_p_is_one() -> None:
    ours = scores_of(p1=0.5, p2=1.0)
    one = compare("a", ours, {"b": ours}, SAMPLING)[0]
    assert (one.difference, one.interval, one.p) == (0, Interval(low=0, high=0), 1)


def test_p_values_are_corrected_over_every_comparison() -> None:
    gained = scores_of(**{f"p{i}": 1.0 for i in range(12)})
    lost = scores_of(**{f"p{i}": 0.0 for i in range(12)})
    found = compare("a", gained, {"b": lost, "c": lost}, SAMPLING)
    assert len(found) == 2 * len(COMPARED)
    assert found[0].p == pytest.approx(2 / 2**12)
    assert found[0].p_holm == pytest.approx(2 / 2**12 * len(found))


def test_the_profiles_that_changed_most_come_with_both_lists() -> None:
    ours = make_lists({"p1": ["choir", "phone"], "p2": ["phone"], "p4": ["walk"]}, "a")
    theirs = make_lists({"p1": ["swim"], "p2": ["sorg"], "p4": ["walk"]}, "b")
    found = most_changed(
        ours, measured(ours), theirs, measured(theirs), small_collection(), small_task()
    )
    assert [one.profile_id for one in found] == ["p1", "p2"]
    assert [one.activity_id for one in found[0].suggestions] == ["choir", "phone"]
    assert [one.activity_id for one in found[0].against_suggestions] == ["swim"]
    assert found[0].value > found[0].against_value
    assert found[1].value < found[1].against_value


def test_only_so_many_changes_are_shown_each_way() -> None:
    ours = make_lists({"p1": ["choir"], "p2": ["sorg"], "p4": ["grief"]}, "a")
    theirs = make_lists({}, "b")
    found = most_changed(
        ours, measured(ours), theirs, measured(theirs), small_collection(), small_task(), each_way=2
    )
    assert len(found) == 2


def test_a_shown_place_says_its_grade_and_the_limits_that_it_breaks() -> None:
    run = make_lists({"p3": ["swim", "sorg"]})
    swim, sorg = first_five(run, "p3", small_collection(), small_task())
    assert (swim.grade, swim.broken_limits) == (3, ("cost",))
    assert (sorg.grade, sorg.unknown_limits) == (None, ("cost", "access"))


def test_a_profile_stands_in_the_slice_of_each_of_its_needs() -> None:
    parts = {
        (part.dimension, part.group): part.profile_ids for part in parts_of(small_collection())
    }
    assert parts["access_need", "any"] == ("p3",)
    assert parts["access_need", "step_free"] == ("p3",)
    assert parts["access_need", "none"] == ("p1", "p2", "p4", "p5", "p6")


def test_what_a_group_does_not_state_puts_a_profile_in_no_slice() -> None:
    parts = {
        (part.dimension, part.group): part.profile_ids for part in parts_of(small_collection())
    }
    assert parts["gender", "man"] == ("p1", "p6")
    assert parts["rural", "rural"] == ("p3", "p5")
    assert ("gender", "None") not in parts


def test_a_slice_is_the_mean_inside_beside_the_rest() -> None:
    scores = scores_of(p1=1.0, p2=0.5, p3=0.0, p4=0.2, p5=None, p6=0.3)
    found = slice_scores("a", scores, parts_of(small_collection()), SAMPLING, minimum=2)
    danish = next(
        one
        for one in found
        if (one.group, one.dimension, one.measure) == ("da", "language", "nDCG@10")
    )
    assert (danish.profiles, danish.mean, danish.rest) == (3, 0.5, 0.25)


def test_a_slice_that_is_too_small_is_named_and_not_shown() -> None:
    parts = parts_of(small_collection())
    shown = slice_scores("a", scores_of(p1=1.0, p6=0.5), parts, SAMPLING, minimum=3)
    assert not shown
    assert ("gender", "man", 2) in {
        (one.dimension, one.group, one.profiles) for one in too_small(parts, 3)
    }


def test_a_slice_by_language_of_text_holds_lists_and_grades_to_it() -> None:
    # The only Danish text of use to p6 is the choir; that English ones come before it is no fault.
    run = make_lists({"p6": ["walk", "garden", "choir", "choir-men"]})
    shown, _ = slice_texts(
        run, small_truth(), small_collection(), small_task(), SAMPLING, minimum=1
    )
    pair = next(one for one in shown if one.group == "en profile, da text")
    assert (pair.profiles, pair.mean) == (1, pytest.approx(1.0))


def test_text_slices_that_are_too_small_are_named() -> None:
    run = make_lists({})
    shown, withheld = slice_texts(
        run, small_truth(), small_collection(), small_task(), SAMPLING, minimum=9
    )
    assert not shown
    assert {one.dimension for one in withheld} == {"text_language", "language_pair"}


def _slice(group: str, mean: float, measure: str = "nDCG@10", profiles: int = 9) -> Slice:
    return Slice(
        system="a",
        dimension="gender",
        group=group,
        measure=measure,
        profiles=profiles,
        mean=mean,
        interval=Interval(low=mean, high=mean),
    )


def test_the_worst_slice_is_the_lowest_where_more_is_better() -> None:
    worst = worst_of([_slice("man", 0.4), _slice("woman", 0.3)], "a", NDCG)
    assert worst is not None
    assert worst.group == "woman"


def test_the_worst_slice_is_the_highest_where_less_is_better() -> None:
    slices = [_slice("man", 0.4, "violation@5"), _slice("woman", 0.3, "violation@5")]
    worst = worst_of(slices, "a", VIOLATION)
    assert worst is not None
    assert worst.group == "man"


def test_of_two_slices_that_are_equally_bad_the_larger_is_the_worst() -> None:
    worst = worst_of([_slice("man", 0.3), _slice("woman", 0.3, profiles=20)], "a", NDCG)
    assert worst is not None
    assert worst.group == "woman"


def test_without_a_slice_there_is_no_worst() -> None:
    assert worst_of([], "a", NDCG) is None


def test_every_factor_is_turned_off_halved_and_raised() -> None:
    variants = {one.name: one.config for one in variants_of(Config.default())}
    for name in Weights.model_fields:
        weight = getattr(Config.default().weights, name)
        assert getattr(variants[f"without {name}"].weights, name) == 0
        assert getattr(variants[f"{name} ×0.5"].weights, name) == pytest.approx(weight / 2)
        assert getattr(variants[f"{name} ×1.5"].weights, name) == pytest.approx(weight * 1.5)


def test_unknown_and_encoders_are_varied_too() -> None:
    variants = {one.name: one for one in variants_of(Config.default(), ("other",))}
    assert variants["unknown excluded"].unknown == "exclude"
    assert variants["encoder other"].encoder == "other"


def test_no_two_variants_have_one_name() -> None:
    names = [one.name for one in variants_of(Config.default())]
    assert len(names) == len(set(names))


def test_an_ablation_says_how_far_each_measure_moves() -> None:
    config = Config.default()
    system = MatcherSystem("default", "", "", "default", Matcher(small_snapshot(), config), TODAY)
    scores = measured(make_run(system, small_collection().profiles, 10))
    found = ablate(
        scores,
        small_snapshot(),
        config,
        {"same": build_snapshot(small_snapshot().catalogue, WordEncoder(), config)},
        small_truth(),
        small_task(),
        SAMPLING,
    )
    by_name = {one.name: one for one in found}
    for measure_name in ABLATED:
        assert by_name["encoder same"].differences[measure_name].mean in (0, None)
    unknown = by_name["unknown excluded"].measures["unknown@5"].mean
    assert unknown == 0


def test_an_ablation_is_the_same_whoever_answers(tmp_path: Path) -> None:
    config = Config.default()
    snapshot = build_snapshot(small_snapshot().catalogue, "baseline", config)
    save_snapshot(snapshot, tmp_path, config)
    system = MatcherSystem("default", "", "", "default", Matcher(snapshot, config), TODAY)
    scores = measured(make_run(system, small_collection().profiles, 10))
    here, elsewhere = (
        ablate(
            *(scores, snapshot, config, {}, small_truth(), small_task(), SAMPLING),
            engine=engine,
        )
        for engine in (None, partial(sweep, tmp_path, processes=1))
    )
    assert here == elsewhere


def test_excluding_the_unknown_is_named_as_such() -> None:
    kinds = {one.name: one.kind for one in variants_of(Config.default(), ("other",))}
    assert {kinds["without access"], kinds["access ×0.5"]} == {"factor_off", "weight"}
    assert (kinds["unknown excluded"], kinds["encoder other"]) == ("unknown", "encoder")
