"""From factors to an order: weights, penalties, ties, and variety, worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from making import make_activity
from spmatch.columns import Columns, build_columns
from spmatch.config import Config, VarietySettings
from spmatch.constraints import MET, NOT_ASKED, NOT_MET, UNKNOWN, Judgement
from spmatch.contracts import Rows
from spmatch.messages import Message
from spmatch.ranking import Ranked, contribute, penalise, rank, total

Likeness = Callable[[int, Rows], npt.NDArray[np.float64]]

WEIGHTS = Config.of(
    {"weights": {"meaning": 0.6, "nearness": 0.2, "access": 0.1, "timing": 0.1}}
).weights
PENALTIES = Config.of(
    {
        "penalties": {
            "must_not_stated": 0.02,
            "implied_not_stated": 0.004,
            "prefer_broken": 0.05,
            "prefer_not_stated": 0.015,
        }
    }
).penalties


def variety(**changed: float) -> VarietySettings:
    settings = {
        "among": 5,
        "same_provider": 0.06,
        "same_theme": 0.02,
        "same_need": 0.0,
        "same_text": 0.12,
        "same_text_from": 0.6,
    }
    return VarietySettings.model_validate({**settings, **changed})


def unlike(row: int, rows: Rows) -> npt.NDArray[np.float64]:
    return np.zeros(len(rows))


def like(pairs: Mapping[tuple[int, int], float]) -> Likeness:
    """The likeness of some pairs of rows, in both directions; all others are unlike."""

    def of(row: int, rows: Rows) -> npt.NDArray[np.float64]:
        return np.array([max(pairs.get((row, o), 0.0), pairs.get((o, row), 0.0)) for o in rows])

    return of


def columns_of(providers: Sequence[str | None], **facts: Sequence[Any]) -> Columns:
    return build_columns(
        [
            make_activity(
                f"{i:04d}",
                provider={"name": name} if name else None,
                **{field: values[i] for field, values in facts.items()},
            )
            for i, name in enumerate(providers)
        ]
    )


def ranked(
    scores: Sequence[float],
    k: int,
    columns: Columns | None = None,
    settings: VarietySettings | None = None,
    likeness: Likeness = unlike,
) -> list[Ranked]:
    return rank(
        np.arange(len(scores)),
        {"meaning": np.array(scores)},
        k,
        columns or columns_of([None] * len(scores)),
        settings or variety(),
        likeness,
    )


def order(found: Sequence[Ranked]) -> list[int]:
    return [one.row for one in found]


def scores(found: Sequence[Ranked]) -> list[float]:
    return [one.score for one in found]


# Weights


def test_weights_are_shares_of_those_that_apply() -> None:
    parts = contribute({"meaning": np.array([0.5]), "nearness": np.array([1.0])}, WEIGHTS)
    # 0.6 / 0.8 of one half, and 0.2 / 0.8 of one.
    assert parts["meaning"].tolist() == [0.375]
    assert parts["nearness"].tolist() == [0.25]


def test_an_activity_that_is_best_in_everything_scores_one() -> None:
    values = {name: np.ones(1) for name in ("meaning", "nearness", "access", "timing")}
    assert total(contribute(values, WEIGHTS)).tolist() == [1.0]


def test_a_single_factor_takes_the_whole_share() -> None:
    assert contribute({"access": np.array([0.7])}, WEIGHTS)["access"].tolist() == [0.7]


def test_contributions_are_rounded_to_a_millionth_before_they_are_added() -> None:
    thirds = contribute({"meaning": np.array([1 / 3]), "nearness": np.array([1 / 3])}, WEIGHTS)
    assert thirds["meaning"].tolist() == [0.25]
    assert thirds["nearness"].tolist() == [0.083333]
    assert total(thirds).tolist() == [0.333333]


def test_weights_that_are_all_zero_divide_by_nothing() -> None:
    weights = WEIGHTS.model_copy(update={"meaning": 0.0})
    assert contribute({"meaning": np.array([0.5])}, weights)["meaning"].tolist() == [0.0]


# Penalties


def judgement(kind: str, *codes: int, from_activity: bool = False) -> Judgement:
    return Judgement(
        "access",
        kind,  # type: ignore[arg-type]
        np.array(codes, dtype=np.int8),
        lambda row: Message("access"),
        lambda row: (),
        from_activity=from_activity,
    )


def test_a_limit_of_the_person_that_is_not_stated_takes_two_hundredths() -> None:
    parts = penalise([judgement("must", MET, UNKNOWN)], np.array([0, 1]), PENALTIES)
    assert parts["not_stated"].tolist() == [0.0, -0.02]


def test_two_limits_that_are_not_stated_take_twice_as_much() -> None:
    both = [judgement("must", UNKNOWN), judgement("must", UNKNOWN)]
    assert penalise(both, np.array([0]), PENALTIES)["not_stated"].tolist() == [-0.04]


def test_a_limit_of_the_activity_that_is_not_stated_takes_less() -> None:
    implied = [judgement("must", UNKNOWN, from_activity=True)]
    assert penalise(implied, np.array([0]), PENALTIES)["not_stated"].tolist() == [-0.004]


def test_a_wish_that_is_not_kept_takes_more_than_one_that_is_not_stated() -> None:
    parts = penalise([judgement("prefer", NOT_MET, UNKNOWN, MET)], np.arange(3), PENALTIES)
    assert parts["preferences"].tolist() == [-0.05, -0.015, 0.0]


def test_where_nothing_is_taken_off_there_is_no_such_part() -> None:
    assert penalise([judgement("must", MET, NOT_ASKED)], np.arange(2), PENALTIES) == {}


def test_penalties_are_those_of_the_rows_asked_for() -> None:
    parts = penalise([judgement("must", UNKNOWN, MET, UNKNOWN)], np.array([1, 2]), PENALTIES)
    assert parts["not_stated"].tolist() == [0.0, -0.02]


def test_a_penalty_of_nothing_is_no_negative_zero() -> None:
    parts = penalise([judgement("prefer", MET, UNKNOWN)], np.array([0, 1]), PENALTIES)
    assert not np.signbit(parts["preferences"][0])


# Order


def test_the_best_is_first() -> None:
    assert order(ranked([0.2, 0.9, 0.5], 3)) == [1, 2, 0]


def test_ties_are_by_row() -> None:
    assert order(ranked([0.5, 0.9, 0.5, 0.9, 0.5], 5)) == [1, 3, 0, 2, 4]


def test_no_more_than_k_are_ranked() -> None:
    assert order(ranked([0.2, 0.9, 0.5], 2)) == [1, 2]


def test_more_than_there_are_gives_all() -> None:
    assert order(ranked([0.2, 0.9], 10)) == [1, 0]


def test_nothing_to_rank_gives_nothing() -> None:
    assert ranked([], 5) == []


def test_rows_keep_their_numbers_in_the_catalogue() -> None:
    found = rank(
        np.array([1, 3]),
        {"meaning": np.array([0.4, 0.6])},
        5,
        columns_of([None] * 4),
        variety(),
        unlike,
    )
    assert order(found) == [3, 1]


def test_a_score_is_the_sum_of_all_contributions() -> None:
    parts = {"meaning": np.array([0.4, 0.3]), "nearness": np.array([0.1, 0.05])}
    parts["not_stated"] = np.array([-0.02, 0.0])
    found = rank(np.arange(2), parts, 2, columns_of([None] * 2), variety(), unlike)
    assert scores(found) == [0.48, 0.35]
    assert [sum(one.contributions.values()) for one in found] == pytest.approx(
        [0.48, 0.35], abs=1e-9
    )


# Variety


def test_five_of_one_provider_give_way_to_others() -> None:
    columns = columns_of(["A", "A", "A", "A", "A", "B", "C"])
    found = ranked([0.70, 0.69, 0.68, 0.67, 0.66, 0.60, 0.59], 5, columns)
    # The second of A stands at 0.63, the third at 0.56 once two of A are chosen.
    assert order(found) == [0, 1, 5, 6, 2]
    assert scores(found) == [0.7, 0.63, 0.6, 0.59, 0.56]


def test_what_was_taken_off_is_a_contribution_of_its_own() -> None:
    columns = columns_of(["A", "A", "A"])
    found = ranked([0.70, 0.69, 0.68], 3, columns)
    assert [one.contributions.get("variety") for one in found] == [None, -0.06, -0.12]


def test_a_provider_is_known_by_its_name_however_its_letters_are_written() -> None:
    found = ranked([0.7, 0.69], 2, columns_of(["Kirken", "KIRKEN"]))
    assert scores(found) == [0.7, 0.63]


def test_providers_that_are_not_stated_are_not_the_same() -> None:
    assert scores(ranked([0.7, 0.69], 2, columns_of([None, None]))) == [0.7, 0.69]


def test_a_shared_theme_takes_off_once_however_many_are_shared() -> None:
    music, song = {"scheme": "x", "code": "music"}, {"scheme": "x", "code": "song"}
    columns = columns_of([None] * 3, themes=[[music, song], [music, song], []])
    assert scores(ranked([0.7, 0.69, 0.68], 3, columns)) == [0.7, 0.68, 0.67]


def test_a_code_of_another_scheme_is_another_theme() -> None:
    themes = [[{"scheme": "x", "code": "1"}], [{"scheme": "y", "code": "1"}]]
    assert scores(ranked([0.7, 0.69], 2, columns_of([None] * 2, themes=themes))) == [0.7, 0.69]


def test_near_duplicates_give_way() -> None:
    found = ranked([0.70, 0.69, 0.60], 3, likeness=like({(0, 1): 1.0}))
    assert order(found) == [0, 2, 1]
    assert scores(found) == [0.7, 0.6, 0.57]


def test_likeness_counts_from_its_threshold_on() -> None:
    # 0.8 is half way from 0.6 to 1, so that half of 0.12 is taken off; 0.6 itself takes nothing.
    found = ranked([0.70, 0.69, 0.68], 3, likeness=like({(0, 1): 0.8, (0, 2): 0.6}))
    assert order(found) == [0, 2, 1]
    assert scores(found) == [0.7, 0.68, 0.63]


def test_texts_that_mean_the_opposite_gain_nothing_by_it() -> None:
    assert scores(ranked([0.7, 0.69], 2, likeness=like({(0, 1): -1.0}))) == [0.7, 0.69]


def test_provider_theme_and_text_add_up() -> None:
    theme = [{"scheme": "x", "code": "1"}]
    columns = columns_of(["A", "A"], themes=[theme, theme])
    found = ranked([0.7, 0.69], 2, columns, likeness=like({(0, 1): 1.0}))
    assert scores(found) == [0.7, 0.49]


def test_the_first_choice_is_untouched() -> None:
    columns = columns_of(["A"] * 10)
    found = ranked([0.5] * 10, 5, columns, likeness=lambda row, rows: np.ones(len(rows)))
    assert (found[0].row, found[0].score, "variety" in found[0].contributions) == (0, 0.5, False)


def test_ties_after_variety_are_by_row() -> None:
    # Row 2 falls from 0.66 to the 0.60 of row 1, and of row 3.
    found = ranked([0.7, 0.6, 0.66, 0.6], 4, columns_of(["A", None, "A", None]))
    assert order(found) == [0, 1, 2, 3]


def test_scores_never_rise_down_the_list() -> None:
    drawn = np.random.default_rng(1)
    columns = columns_of([str(name) for name in drawn.integers(0, 4, 60)])
    found = ranked(drawn.random(60).round(3).tolist(), 60, columns)
    assert scores(found) == sorted(scores(found), reverse=True)


def test_a_longer_list_begins_with_the_shorter_one() -> None:
    drawn = np.random.default_rng(2)
    base = drawn.random(40).round(3).tolist()
    columns = columns_of([str(name) for name in drawn.integers(0, 3, 40)])
    longest = order(ranked(base, 40, columns))
    assert [order(ranked(base, k, columns)) for k in (1, 3, 5, 6, 20)] == [
        longest[:k] for k in (1, 3, 5, 6, 20)
    ]


def test_places_after_the_varied_ones_stand_back_for_those_alone() -> None:
    # Two count. Rows 2 and 3 are both kin of row 0, and of each other, but each gives way once.
    columns = columns_of(["A", "B", "A", "A"])
    found = ranked([0.9, 0.85, 0.7, 0.69], 4, columns, variety(among=2))
    assert order(found) == [0, 1, 2, 3]
    assert scores(found) == [0.9, 0.85, 0.64, 0.63]


# The pool


def full_greedy(
    base: Sequence[float], k: int, columns: Columns, settings: VarietySettings, likeness: Likeness
) -> list[tuple[int, float]]:
    """The rule by itself, over all rows, in millionths: no pool, no arrays."""
    standing = {row: round(score * 1_000_000) for row, score in enumerate(base)}
    chosen: list[tuple[int, float]] = []
    while standing and len(chosen) < min(k, settings.among):
        best = min(standing, key=lambda row: (-standing[row], row))
        chosen.append((best, standing.pop(best) / 1_000_000))
        for row in standing:
            same = columns.provider[row] == columns.provider[best] != -1
            alike = float(likeness(best, np.array([row]))[0]) - settings.same_text_from
            near = min(max(alike / (1 - settings.same_text_from), 0.0), 1.0)
            off = settings.same_provider * same + settings.same_text * near
            standing[row] -= round(off * 1_000_000)
    return chosen


@pytest.mark.parametrize("seed", range(30))
def test_the_pool_gives_what_the_rule_over_all_rows_gives(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    count = 400
    # Hundredths, so that many rows tie, within and beyond the pool.
    base = (drawn.integers(70, 81, count) / 100).tolist()
    columns = columns_of([str(name) for name in drawn.integers(0, 2, count)])
    points = drawn.standard_normal((count, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)

    def likeness(row: int, rows: Rows) -> npt.NDArray[np.float64]:
        return np.asarray(points[rows] @ points[row])

    settings = variety(same_provider=0.05)
    found = ranked(base, 5, columns, settings, likeness)
    assert [(one.row, one.score) for one in found] == full_greedy(
        base, 5, columns, settings, likeness
    )


def test_a_row_beyond_the_first_pool_wins_when_all_in_it_give_way() -> None:
    # A hundred of one provider stand before the one of another.
    columns = columns_of(["A"] * 100 + ["B"])
    found = ranked([0.8] * 100 + [0.75], 2, columns)
    assert order(found) == [0, 100]


@pytest.mark.parametrize("best", [0.66, 0.8, 0.9])
def test_a_tie_across_the_edge_of_the_pool_is_by_row(best: float) -> None:
    # Row 0 has no kin, and all of A stand where it stands once the first of them is chosen. In
    # binary 0.66 - 0.06 is a little more than 0.6.
    columns = columns_of(["B"] + ["A"] * 64)
    found = ranked([round(best - 0.06, 2)] + [best] * 64, 2, columns)
    assert order(found) == [1, 0]
