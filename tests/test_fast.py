"""The compiled way of a search gives the same answers as that of numpy, to the last bit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import HOME, TODAY, WordEncoder
from spmatch import Matcher, Profile, fast
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.contracts import Rows
from spmatch.facts import Facts, build_facts
from spmatch.geography import Point, great_circle_km
from spmatch.ground import Reach
from spmatch.indexes.exact import ExactIndex
from spmatch.selecting import Sieve
from spmatch.weighing import Weigher
from test_ground import scattered
from test_properties import PEOPLE, Draw, profile_of

CONFIG = Config.default()


@pytest.fixture(autouse=True, scope="module")
def _installed() -> Iterator[None]:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    yield
    fast.leave()


def both_ways(answer: Callable[[], Any]) -> tuple[Any, Any]:
    """What numpy answers, and what the compiled loops do."""
    fast.leave()
    plain = answer()
    assert fast.prepare()
    return plain, answer()


class WideDraw(Draw):
    """Activities all over a country, by postcode or by town too, that meet up to five times."""

    def activity(self, id: str) -> Any:
        made = super().activity(id).model_dump(by_alias=True, exclude_none=True)
        places = [
            {"postcode": self.choice(["9000", "9220", "8000", "5000"])},
            {"lat": self.gauss(57.05, 0.05), "lon": self.gauss(9.92, 0.1)},
            {"lat": self.uniform(54.6, 57.7), "lon": self.uniform(8.1, 12.7)},
            {"lat": -HOME["lat"], "lon": HOME["lon"] - 180},
        ]
        if self.random() < 0.7:
            made["place"] = self.choice(places)
        made["sessions"] = [self.session() for _ in range(self.choice([0, 1, 2, 3, 5]))]
        return type(super().activity(id)).model_validate(made)


@cache
def matcher_of(catalogue: int) -> Matcher:
    draw = WideDraw(catalogue)
    activities = [draw.activity(f"a{number:03}") for number in range(20 * (catalogue + 1))]
    return Matcher.build(activities, encoder=WordEncoder())


def facts_of(catalogue: int) -> Facts:
    return matcher_of(catalogue)._facts


CATALOGUES = st.integers(0, 7)
FEW = settings(max_examples=60, deadline=None)


@given(CATALOGUES, PEOPLE, st.booleans())
@FEW
def test_the_same_activities_pass(catalogue: int, person: int, strict: bool) -> None:
    matcher = matcher_of(catalogue)

    def found() -> list[Any]:
        query = matcher._query(profile_of(person), TODAY)
        sieve = Sieve.of(matcher._facts, query.judgements, exclude_unknown=strict)
        return [
            sieve.rows().tolist(),
            sieve.too_far().tolist(),
            sieve.too_far(30.0).tolist(),
            {limit: rows.tolist() for limit, rows in sieve.near_misses().items()},
            sieve.excluded(),
            sieve.candidates(),
        ]

    plain, looped = both_ways(found)
    assert plain == looped


@given(CATALOGUES, PEOPLE, st.integers(0, 2**32 - 1))
@FEW
def test_they_are_weighed_the_same(catalogue: int, person: int, seed: int) -> None:
    matcher = matcher_of(catalogue)
    facts = matcher._facts
    draw = np.random.default_rng(seed)
    rows = draw.choice(len(facts), size=min(12, len(facts)), replace=False)
    meaning = draw.random(len(rows))

    def weighed() -> dict[str, bytes]:
        query = matcher._query(profile_of(person), TODAY)
        found = Weigher(facts, CONFIG).weigh(
            {"meaning": meaning}, query.factors, query.judgements, rows, query.reach
        )
        return {name: part.tobytes() for name, part in found.items()}

    plain, looped = both_ways(weighed)
    assert plain == looped
    assert list(plain) == list(looped)


def test_the_loop_weighs_what_a_person_asks_and_leaves_nothing_to_numpy() -> None:
    matcher, profile = matcher_of(3), profile_of(9_000)
    facts = matcher._facts
    query = matcher._query(profile, TODAY)
    assert fast.prepare()
    compiled = fast.compiled()
    assert compiled is not None
    # On the other side of the earth numpy measures.
    rows = np.flatnonzero(~(facts.ground.lat < 0))[:10]
    found = Weigher(facts, CONFIG)._looped(
        compiled, {"meaning": np.ones(10)}, query.factors, query.judgements, rows, query.reach
    )
    assert found is not None


@given(CATALOGUES, PEOPLE)
@FEW
def test_the_whole_answer_is_the_same(catalogue: int, person: int) -> None:
    matcher, profile = matcher_of(catalogue), profile_of(person)

    def answer() -> str:
        response = matcher.match(profile, k=10, on=TODAY)
        return response.model_copy(update={"timing_ms": {}}).model_dump_json()

    plain, looped = both_ways(answer)
    assert plain == looped


@given(st.integers(0, 159), st.sampled_from([0.0, 1e-12, -1e-12, 1e-9, -1e-9]))
@FEW
def test_a_limit_of_just_the_distance_is_decided_the_same(row: int, by: float) -> None:
    facts = facts_of(7)
    ground = facts.ground
    origin = Point(**HOME)
    km = float(great_circle_km(origin, ground.lat[row : row + 1], ground.lon[row : row + 1])[0])
    if not km + by >= 0:
        return

    def near() -> list[int]:
        limit = Reach(ground, origin).limit(km + by, "must")
        return Sieve.of(facts, [limit], exclude_unknown=False).rows().tolist()

    plain, looped = both_ways(near)
    judged = Reach(ground, origin).limit(km + by, "must").at(np.arange(len(facts)))
    assert plain == looped == np.flatnonzero(judged != 0).tolist()


LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
RADII_KM = st.one_of(st.floats(0, 60), st.floats(0, 20_100))


@given(LATITUDES, LONGITUDES, RADII_KM)
@settings(max_examples=200)
def test_everything_within_a_radius_is_found(lat: float, lon: float, km: float) -> None:
    ground, centre = scattered()[1], Point(lat, lon)
    assert fast.prepare()
    inside = np.flatnonzero(great_circle_km(centre, ground.lat, ground.lon) <= km)
    positions = ground.within(centre, km).positions()
    assert set(inside) <= set(ground.order[positions])
    assert len(set(positions)) == len(positions)


def unit_vectors(count: int, dimensions: int, seed: int) -> Any:
    drawn = np.random.default_rng(seed).standard_normal((count, dimensions))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def best(index: ExactIndex, query: Any, k: int, rows: Rows) -> tuple[list[int], bytes]:
    found, values = index.search(query, k, rows)
    return found.tolist(), values.tobytes()


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 60), st.booleans())
@settings(max_examples=150)
def test_the_best_are_the_same(seed: int, k: int, count: int, coarse: bool) -> None:
    vectors = unit_vectors(60, 24, seed)
    if coarse:
        # So that many tie, or nearly do.
        vectors = np.round(vectors * 4) / np.float32(4)
    index, query = ExactIndex(vectors), unit_vectors(1, 24, seed + 1)[0]
    rows = np.sort(np.random.default_rng(seed).choice(60, size=count, replace=False))
    plain, looped = both_ways(lambda: best(index, query, k, rows))
    assert plain == looped


def test_vectors_may_be_mapped_from_a_file(tmp_path: Any) -> None:
    np.save(tmp_path / "vectors.npy", unit_vectors(300, 48, 1))
    index = ExactIndex(np.load(tmp_path / "vectors.npy", mmap_mode="r"))
    query, rows = unit_vectors(1, 48, 2)[0], np.arange(0, 300, 3)
    plain, looped = both_ways(lambda: best(index, query, 10, rows))
    assert plain == looped


def test_rows_and_query_may_be_of_any_layout() -> None:
    index, query = ExactIndex(unit_vectors(300, 48, 1)), unit_vectors(2, 48, 2).T[:, 0]
    rows = np.arange(300, dtype=np.int32)[::2]
    rows.flags.writeable = False
    plain, looped = both_ways(lambda: best(index, query, 10, rows))
    assert plain == looped


def test_many_threads_get_the_same_answers() -> None:
    matcher = matcher_of(7)
    people = [profile_of(number * 311) for number in range(30)]

    def rows(profile: Profile) -> list[int]:
        query = matcher._query(profile, TODAY)
        return Sieve.of(matcher._facts, query.judgements, exclude_unknown=False).rows().tolist()

    assert fast.prepare()
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(rows, people)) == [rows(one) for one in people]


def test_without_numba_there_is_nothing_to_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    fast.leave()
    monkeypatch.setattr(fast, "_made", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert (fast.prepare(), fast.compiled()) == (False, None)


def test_where_nothing_can_be_kept_it_is_compiled_anew() -> None:
    class Numba:
        """As numba does where neither its own folder nor that of the user can be written to."""

        @staticmethod
        def njit(signatures: Any, *, cache: bool = False, **options: Any) -> Any:
            if cache:
                raise RuntimeError("cannot cache function: no locator available")
            return lambda kernel: kernel

    assert fast._jit(Numba, max, (), fastmath=False) is max


def test_columns_may_be_empty() -> None:
    facts = build_facts(build_columns([]))
    limit = Reach(facts.ground, Point(**HOME)).limit(5.0, "must")
    plain, looped = both_ways(
        lambda: Sieve.of(facts, [limit], exclude_unknown=False).rows().tolist()
    )
    assert plain == looped == []
