"""How the cost of a search grows is measured on right answers, and told in full. No time is asserted."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spmatch.columns import NOT_STATED
from spmatch.encoders.baseline import BaselineEncoder
from spmatch.profile import Limits

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 12


@pytest.fixture(scope="module", autouse=True)
def clone() -> Generator[None]:
    """The benchmarks belong to the clone, not to the package."""
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


def silent(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def by_activities(clone: None, tmp_path_factory):
    from benchmarks.growth.searching import along_activities

    return along_activities(
        [400, 200],
        ["ours", "numpy"],
        tmp_path_factory.mktemp("activities"),
        searches=PEOPLE,
        rounds=1,
        memory_gb=2,
        say=silent,
    )


@pytest.fixture(scope="module")
def by_radius(clone: None, tmp_path_factory):
    from benchmarks.growth.searching import along_radius

    return along_radius(
        [2, 50, None],
        ["ours", "numpy"],
        tmp_path_factory.mktemp("radius"),
        activities=2_000,
        searches=PEOPLE,
        rounds=1,
        memory_gb=2,
        say=silent,
    )


@pytest.fixture(scope="module")
def by_batch(clone: None, tmp_path_factory):
    from benchmarks.growth.together import along_batch

    return along_batch(
        [1, 30],
        tmp_path_factory.mktemp("batch"),
        activities=200,
        sizes_of_texts=[],
        rounds=1,
        say=silent,
    )


def test_sizes_are_told_from_the_smallest(by_activities):
    assert by_activities.places == ["200", "400"]


def test_every_engine_is_measured_at_every_size(by_activities):
    measured = {(one.way, one.at) for one in by_activities.points}
    assert measured == {(way, at) for way in ("ours", "numpy") for at in ("200", "400")}


def test_the_same_people_search_at_every_size(by_activities):
    assert {one.searches for one in by_activities.points} == {PEOPLE}


def test_answers_that_are_timed_are_right(by_activities, by_radius, by_batch):
    points = [*by_activities.points, *by_radius.points, *by_batch.points]
    assert [one for one in points if not one.all_right] == []


def test_a_wider_radius_leaves_more_to_search(by_radius):
    near = [by_radius.point("ours", at).near_mean for at in ("2", "50", "no limit")]
    left = [by_radius.point("ours", at).survivors_mean for at in ("2", "50", "no limit")]
    assert near == sorted(near)
    assert left == sorted(left)


def test_without_a_limit_everything_is_within_the_distance(by_radius):
    assert by_radius.point("numpy", "no limit").near_mean == 2_000


def test_the_radius_of_a_person_is_all_that_changes(clone: None):
    from benchmarks.growth.searching import with_radius
    from benchmarks.search.workload import make_workload

    (profile,) = make_workload(4, 1).profiles
    changed = with_radius(profile, 7)
    assert changed.must.distance_km == 7
    assert with_radius(changed, profile.must.distance_km) == profile


def test_what_a_distance_leaves_is_what_the_truth_leaves(clone: None):
    from benchmarks.growth.searching import near_means
    from benchmarks.search.truth import is_eligible
    from benchmarks.search.workload import make_workload

    workload = make_workload(2_000, 1)
    (profile,) = workload.profiles
    # Who sets no other limit keeps what the distance leaves, where no activity is full.
    alone = profile.model_copy(
        update={"must": Limits(distance_km=10), "age": None, "gender": None, "languages": ()}
    )
    none_full = np.full_like(workload.columns.places_left, NOT_STATED)
    columns = replace(workload.columns, places_left=none_full)
    assert near_means(workload, [lambda _: 10.0]) == [is_eligible(columns, alone).sum()]


def test_nobody_is_asked_for_twice_in_a_turn(clone: None):
    from benchmarks.growth.together import stretches

    asked = [number for stretch in stretches([1, 10, 300]) for number in stretch]
    assert len(asked) == len(set(asked)) == 100 + 100 + 300


def test_an_engine_that_answers_many_at_once_is_asked_so(clone: None):
    from benchmarks.growth.together import vectors_together

    class AtOnce:
        def search_many(self, profiles, queries):
            return [[number] for number, _ in enumerate(profiles)]

    assert vectors_together(AtOnce(), ["a", "b"], [None, None]) == [[0], [1]]


def test_a_text_is_encoded_once(clone: None):
    from benchmarks.growth.together import Remembering

    calls = []

    class Counting(BaselineEncoder):
        def encode(self, texts, **how):
            calls.append(list(texts))
            return super().encode(texts, **how)

    inner = Counting.fit(["Sang i kor om mandagen.", "Gåtur langs vandet.", "Strik og kaffe."])
    encoder = Remembering(inner)
    first = encoder.encode(["Sang.", "Gåtur."], role="need")
    again = encoder.encode(["Gåtur."], role="need")
    assert calls == [["Sang.", "Gåtur."]]
    assert np.array_equal(again, first[1:])


def test_a_process_that_fails_says_which_and_why(clone: None, tmp_path):
    from benchmarks.growth.seats import SeatError, seats
    from benchmarks.search.worker import run_engine

    works = [("ours, nowhere", run_engine, ("ours", tmp_path))]
    with pytest.raises(SeatError, match="ours, nowhere: FileNotFoundError"), seats(works):
        pass


def test_more_than_fits_into_memory_is_not_begun(clone: None, tmp_path):
    from benchmarks.growth.searching import along_activities
    from benchmarks.growth.seats import SeatError

    with pytest.raises(SeatError, match="--memory"):
        along_activities(
            [1_000_000], ["ours"], tmp_path, searches=1, rounds=1, memory_gb=1, say=silent
        )


@pytest.fixture
def written(by_activities, by_radius, by_batch, tmp_path) -> Path:
    from benchmarks.growth.report import write_report

    write_report([by_activities, by_radius, by_batch], tmp_path, "growth")
    return tmp_path


def test_the_table_tells_every_place_of_every_curve(written):
    text = (written / "growth.md").read_text(encoding="utf-8")
    for at in ("| 200 |", "| 400 |", "| 2 |", "| 50 |", "| no limit |", "| 1 |", "| 30 |"):
        assert at in text
    assert text.count("All answers were right.") == 3


def test_the_first_place_is_what_others_are_times_of(written):
    lines = (written / "growth.md").read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if line.startswith("| 200 |"))
    assert first.count("| 1.00 |") == 2


def test_the_record_holds_every_point(written):
    record = json.loads((written / "growth.json").read_text(encoding="utf-8"))
    assert [len(curve["points"]) for curve in record["curves"]] == [4, 6, 2]


def test_the_plot_has_a_line_for_every_way(written):
    drawing = ElementTree.parse(written / "growth.svg").getroot()
    lines = drawing.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 2 + 2 + 1
