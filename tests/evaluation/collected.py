"""The small collection of the fixtures, its task and its truth, for tests of evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from making import TODAY, WordEncoder
from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.evaluation.collection import Collection, load_collection
from spmatch.evaluation.judgement import Truth, join_limits
from spmatch.evaluation.runs import Run
from spmatch.evaluation.systems import RankedList, Task
from spmatch.snapshot import Snapshot

FOLDER = Path(__file__).parents[1] / "fixtures" / "collection"


@cache
def small_catalogue() -> Catalogue:
    return Catalogue.read(FOLDER / "activities.jsonl")


@cache
def small_collection() -> Collection:
    return load_collection(FOLDER)


@cache
def small_task() -> Task:
    return Task(small_catalogue(), small_collection().profiles, TODAY)


@cache
def small_truth() -> Truth:
    return join_limits(small_collection(), small_task())


@cache
def small_snapshot() -> Snapshot:
    return build_snapshot(small_catalogue(), WordEncoder(), Config.default())


def make_lists(lists: Mapping[str, Sequence[str]], name: str = "system") -> Run:
    """A run with these lists, scored by place."""
    return Run(
        name,
        name.title(),
        "",
        "run",
        {
            i: RankedList(tuple(ids), tuple(float(-place) for place in range(len(ids))))
            for i, ids in lists.items()
        },
    )
