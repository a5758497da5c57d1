"""The pool to be judged: where its pairs come from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from collected import small_collection, small_snapshot, small_task

from making import WordEncoder
from spmatch.config import Config
from spmatch.evaluation.pooling import Pool, make_pool, write_pool


@cache
def pool(depth: int = 2, at_random: int = 1) -> Pool:
    return make_pool(
        small_task(),
        small_snapshot(),
        Config.default(),
        WordEncoder(),
        depth=depth,
        at_random=at_random,
    )


def put_in(profile: str, system: str) -> set[str]:
    return {activity for activity, systems in pool()[profile].items() if system in systems}


def test_every_profile_has_a_part_of_the_pool() -> None:
    assert list(pool()) == list(small_collection().profiles)


def test_each_system_puts_in_its_first_ones_with_limits_and_without() -> None:
    for system in ("minilm", "bm25", "tfidf", "factors"):
        assert len(put_in("p1", system)) == 2, system
        assert len(put_in("p1", f"free:{system}")) == 2, system


def test_without_limits_the_pool_holds_what_breaks_one() -> None:
    assert "garden" in put_in("p5", "free:bm25")
    assert "garden" not in put_in("p5", "bm25")


def test_the_default_puts_in_what_it_would_answer_and_what_meaning_alone_would() -> None:
    assert put_in("p5", "default") <= {"walk", "grief"}
    assert "garden" in put_in("p5", "free:default")


def test_as_many_as_asked_are_drawn_at_random() -> None:
    assert len(put_in("p3", "random")) == 1


def test_no_more_are_drawn_than_there_are() -> None:
    assert len(pool(1, 20)["p1"]) == 8


def test_the_same_inputs_give_the_same_pool() -> None:
    again = make_pool(
        small_task(), small_snapshot(), Config.default(), WordEncoder(), depth=2, at_random=1
    )
    assert again == pool()


def test_a_line_names_the_pair_and_the_systems_that_put_it_in(tmp_path: Path) -> None:
    write_pool({"p1": {"choir": ("bm25", "random")}}, tmp_path / "pools.txt")
    assert (tmp_path / "pools.txt").read_text(encoding="utf-8") == "p1\tchoir\tbm25,random\n"
