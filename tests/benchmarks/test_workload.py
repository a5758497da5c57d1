"""What the made-up catalogue of the search benchmark states, and who searches it."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from spmatch.columns import DELIVERIES, NOT_STATED, Columns
from spmatch.geography import Point, great_circle_km

ROOT = Path(__file__).resolve().parents[2]
ACTIVITIES, PEOPLE = 8_000, 40


@pytest.fixture(scope="module", autouse=True)
def clone() -> Generator[None]:
    """The benchmarks belong to the clone, not to the package."""
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def workload(clone: None):
    from benchmarks.search.workload import make_workload

    return make_workload(ACTIVITIES, PEOPLE)


@pytest.fixture(scope="module")
def columns(workload) -> Columns:
    return workload.columns


def test_the_same_seed_gives_the_same_workload(workload):
    from benchmarks.search.workload import make_workload

    again = make_workload(ACTIVITIES, PEOPLE)
    assert np.array_equal(again.vectors, workload.vectors)
    assert np.array_equal(again.queries, workload.queries)
    assert np.array_equal(again.columns.lat, workload.columns.lat, equal_nan=True)
    assert np.array_equal(again.columns.sessions.day, workload.columns.sessions.day)
    assert again.profiles == workload.profiles


def test_another_seed_gives_another_workload(workload):
    from benchmarks.search.workload import make_workload

    other = make_workload(ACTIVITIES, PEOPLE, seed=1)
    assert not np.array_equal(other.vectors, workload.vectors)
    assert other.profiles != workload.profiles


def test_vectors_have_unit_length_and_32_bits(workload):
    assert workload.vectors.dtype == np.float32
    assert workload.vectors.shape == (ACTIVITIES, 384)
    lengths = np.linalg.norm(workload.vectors.astype(np.float64), axis=1)
    assert lengths == pytest.approx(1, abs=1e-6)


def test_vectors_gather_around_topics(workload):
    from benchmarks.search.workload import make_topics

    nearest = (workload.vectors @ make_topics().T).max(axis=1)
    assert nearest.mean() == pytest.approx(0.75, abs=0.02)


def test_vectors_in_a_file_are_those_in_memory(workload, tmp_path):
    from benchmarks.search.workload import make_workload

    stored = make_workload(ACTIVITIES, PEOPLE, vectors_at=tmp_path / "vectors.npy")
    assert np.array_equal(stored.vectors, workload.vectors)


def test_four_activities_share_a_venue(columns):
    places = np.stack([columns.lat, columns.lon])
    venues = places.reshape(2, -1, 4)
    assert np.array_equal(venues, np.repeat(venues[:, :, :1], 4, axis=2), equal_nan=True)
    assert not np.array_equal(places[:, 3], places[:, 4], equal_nan=True)


@pytest.mark.parametrize(
    ("share", "wanted"),
    [
        (lambda of: (of.price == 0).mean(), 0.60),
        (lambda of: np.isnan(of.price).mean(), 0.08),
        (lambda of: (of.delivery == DELIVERIES.index("online")).mean(), 0.05),
        (lambda of: np.isnan(of.lat).mean(), 0.03),
        (lambda of: 1 - (np.bitwise_count(of.access_yes | of.access_no) / 15).mean(), 0.30),
        (lambda of: (np.diff(of.sessions.offsets) == 2).mean(), 0.35),
        (lambda of: (np.diff(of.sessions.offsets) == 0).mean(), 0.03),
    ],
    ids=["free", "no price", "online", "no place", "access unknown", "two sessions", "none"],
)
def test_facts_have_the_shares_that_are_documented(columns, share, wanted):
    assert share(columns) == pytest.approx(wanted, abs=0.02)


def test_no_access_fact_is_both_yes_and_no(columns):
    assert not (columns.access_yes & columns.access_no).any()


def test_more_lies_around_a_large_town_than_a_small_one(columns):
    near_aarhus = great_circle_km(Point(56.1567, 10.2108), columns.lat, columns.lon) < 5
    near_viborg = great_circle_km(Point(56.4532, 9.4020), columns.lat, columns.lon) < 5
    assert near_aarhus.sum() > 3 * near_viborg.sum() > 0


def test_sessions_last_from_one_hour_to_three(columns):
    sessions = columns.sessions
    stated = sessions.end_minute != NOT_STATED
    minutes = (sessions.end_minute - sessions.start_minute)[stated]
    assert (minutes.min(), minutes.max()) == (60, 180)


def test_everybody_has_a_radius_of_2_to_20_km(workload):
    radii = {profile.must.distance_km for profile in workload.profiles}
    assert radii <= {2, 3, 4, 5, 6, 8, 10, 15, 20}
    assert len(radii) > 4


def test_narrow_limits_leave_about_a_fifth_of_a_percent(workload):
    from benchmarks.search.truth import find_truth

    left = [len(rows) for rows in find_truth(workload).eligible]
    assert 0.0005 < np.mean(left) / ACTIVITIES < 0.005
