"""Baselines: what each orders by, and that none of them leaves the limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from collected import small_collection, small_snapshot, small_task

from making import WordEncoder
from spmatch.config import Config
from spmatch.evaluation.baselines import (
    bm25_scorer,
    build_baselines,
    change_config,
    dense_scorer,
    nearest_scorer,
    random_scorer,
    tfidf_scorer,
    without_meaning,
)
from spmatch.evaluation.bm25 import BM25, words_of
from spmatch.evaluation.snapshots import remembering
from spmatch.evaluation.systems import RememberingEncoder, ScoringSystem, System

PROFILES = small_collection().profiles


def systems() -> dict[str, System]:
    built = build_baselines(small_task(), small_snapshot(), Config.default(), minilm=WordEncoder())
    return {system.name: system for system in built}


def test_there_are_six_baselines_beside_the_default() -> None:
    assert list(systems()) == ["random", "nearest", "bm25", "tfidf", "minilm", "factors"]


def test_without_all_minilm_l6_v2_that_baseline_alone_is_absent() -> None:
    built = build_baselines(small_task(), small_snapshot(), Config.default(), minilm=None)
    assert [one.name for one in built] == ["random", "nearest", "bm25", "tfidf", "factors"]


@pytest.mark.parametrize("name", ["random", "nearest", "bm25", "tfidf", "minilm", "factors"])
def test_no_baseline_suggests_what_breaks_a_limit(name: str) -> None:
    system, task = systems()[name], small_task()
    for i, profile in PROFILES.items():
        shown = set(system(profile, 100).ids)
        feasible = {task.ids[row] for row in np.flatnonzero(task.limits[i].feasible)}
        assert shown == feasible, i


@pytest.mark.parametrize("name", ["random", "nearest", "bm25", "tfidf", "minilm", "factors"])
def test_scores_never_rise_down_a_list(name: str) -> None:
    scores = systems()[name](PROFILES["p1"], 100).scores
    assert list(scores) == sorted(scores, reverse=True)


def test_no_baseline_shows_a_confidence() -> None:
    assert {one(PROFILES["p1"], 5).confidence for one in systems().values()} == {None}


def test_a_list_is_cut_at_k() -> None:
    assert len(systems()["bm25"](PROFILES["p1"], 2).ids) == 2


def test_the_same_seed_shuffles_alike_and_another_does_not() -> None:
    one, again, other = (random_scorer(small_task(), seed)(PROFILES["p1"]) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_each_profile_is_shuffled_on_its_own() -> None:
    score = random_scorer(small_task())
    assert not np.array_equal(score(PROFILES["p1"]), score(PROFILES["p2"]))


def test_the_nearest_comes_first_and_what_has_no_place_last() -> None:
    order = [
        small_task().ids[row] for row in np.argsort(-nearest_scorer(small_task())(PROFILES["p1"]))
    ]
    assert set(order[:4]) == {"choir", "grief", "sorg", "walk"}
    assert order[4:] == ["choir-men", "swim", "garden", "phone"]


def test_without_an_origin_nothing_is_near() -> None:
    profile = PROFILES["p1"].model_copy(update={"origin": None})
    score = nearest_scorer(small_task())(profile)
    assert np.array_equal(score, random_scorer(small_task())(profile))


def test_bm25_of_a_hand_worked_catalogue() -> None:
    # "tea" is in one text of two (idf ln(1 + 1.5/1.5) = ln 2), twice, in 4 words of a mean of 3.
    scores = BM25(["tea and more tea", "a walk"]).scores("Tea")
    long = 1.2 * (1 - 0.75 + 0.75 * 4 / 3)
    assert scores[0] == pytest.approx(math.log(2) * 2 * 2.2 / (2 + long), abs=1e-12)
    assert scores[1] == 0


def test_a_word_said_twice_in_a_query_counts_twice() -> None:
    index = BM25(["tea", "walk"])
    assert index.scores("tea tea")[0] == pytest.approx(2 * index.scores("tea")[0])


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    scores = BM25(["tea loss", "tea", "tea walk", "loss"]).scores("walk tea")
    assert np.argmax(scores) == 2


def test_words_are_read_in_lower_case_with_danish_letters() -> None:
    assert words_of("Sømandsviser, på Ærø!") == ["sømandsviser", "på", "ærø"]


def test_bm25_of_an_empty_text_is_zero_everywhere() -> None:
    assert not BM25(["tea", "walk"]).scores("").any()


def test_bm25_finds_the_activity_that_shares_rare_words() -> None:
    scores = bm25_scorer(small_task())(PROFILES["p5"])
    assert small_task().ids[int(np.argmax(scores))] == "garden"


def test_tf_idf_of_a_text_with_itself_is_one() -> None:
    profile = PROFILES["p1"].model_copy(
        update={
            "needs": "Sorggruppe For dig, der har mistet. Vi mødes otte gange og taler, eller tier stille.",
            "interests": None,
        }
    )
    scores = tfidf_scorer(small_task())(profile)
    assert scores[small_task().ids.index("sorg")] == pytest.approx(1)


def test_what_to_avoid_is_not_looked_for() -> None:
    profile = PROFILES["p5"].model_copy(update={"needs": None, "avoid": "dig, weed and tea"})
    assert not bm25_scorer(small_task())(profile).any()


def test_a_dense_baseline_scores_by_cosine_of_whole_texts() -> None:
    scores = dense_scorer(small_task(), WordEncoder())(PROFILES["p5"])
    assert small_task().ids[int(np.argmax(scores))] == "garden"


def test_the_sum_of_factors_reads_no_text() -> None:
    system = systems()["factors"]
    silent = PROFILES["p1"].model_copy(update={"needs": None, "interests": None})
    assert system(PROFILES["p1"], 100).ids == system(silent, 100).ids


def test_changed_settings_change_what_is_named_and_nothing_else() -> None:
    config = change_config(Config.default(), {"weights": {"meaning": 0.0}})
    given = Config.default().model_dump()
    given["weights"]["meaning"] = 0.0
    assert config.model_dump() == given


def test_without_meaning_every_other_weight_stays() -> None:
    weights = without_meaning(Config.default()).weights.model_dump()
    assert weights.pop("meaning") == 0
    assert weights.pop("themes") == 0
    before = Config.default().weights.model_dump()
    assert weights == {name: before[name] for name in weights}


def test_without_limits_every_activity_is_ranked() -> None:
    system = ScoringSystem(
        "x", "", "", "baseline", small_task(), bm25_scorer(small_task()), keep_limits=False
    )
    assert len(system(PROFILES["p2"], 100).ids) == 8


class CountingEncoder(WordEncoder):
    """Counts the texts that it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def encode(self, texts, **options):  # type: ignore[no-untyped-def]
        self.texts += len(texts)
        return super().encode(texts, **options)


def test_a_remembering_encoder_encodes_each_text_once() -> None:
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.encode(["a", "b", "a"], role="need")
    again = encoder.encode(["b", "a"], role="need")
    assert inner.texts == 2
    assert np.array_equal(again, WordEncoder().encode(["b", "a"], role="need"))


def test_a_text_in_another_role_or_language_is_another_text() -> None:
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.encode(["a"], role="need")
    encoder.encode(["a"], role="activity")
    encoder.encode(["a"], role="need", languages=["da"])
    assert inner.texts == 3


def test_a_remembering_encoder_given_nothing_gives_no_rows() -> None:
    assert RememberingEncoder(WordEncoder()).encode([], role="need").shape == (0, 64)


def test_a_snapshot_remembers_once() -> None:
    snapshot = remembering(small_snapshot())
    assert remembering(snapshot) is snapshot
