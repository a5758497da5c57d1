"""The time of one search, along the number of activities and along the radius."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.growth.curve import Curve, Point
from benchmarks.growth.seats import Seat, SeatError, seats
from benchmarks.search.engines import find_engine
from benchmarks.search.truth import Truth, find_truth
from benchmarks.search.worker import Round, run_engine, store_workload
from benchmarks.search.workload import DIMENSIONS, Workload, make_workload

from spmatch.columns import DELIVERIES
from spmatch.geography import Point as Place
from spmatch.geography import great_circle_km
from spmatch.profile import Profile

Say = Callable[[str], None]

RADII_KM: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, None)
"""``None`` is no limit of distance."""

ALL_OF_IT_KM = 2_000.0
"""Excludes nothing of the workload: for engines that cannot search without a radius."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One place of an axis: the searches there, what is true, and which of a round are its own."""

    at: str
    truth: Truth
    near_mean: float | None
    own: slice
    directories: dict[str, Path]
    """Engine → where its workload is stored."""


def along_activities(
    sizes: Sequence[int],
    engines: Sequence[str],
    folder: Path,
    *,
    searches: int,
    rounds: int,
    memory_gb: float,
    say: Say,
) -> Curve:
    """The same people over catalogues of these sizes. All engines of all sizes take turns."""
    _check_memory(sizes, engines, memory_gb)
    cases = []
    for size in sorted(sizes):
        say(f"{size:,} activities: making the workload")
        directory = folder / f"activities-{size}"
        directory.mkdir()
        workload = make_workload(size, searches, vectors_at=directory / "vectors.npy")
        store_workload(workload, directory)
        (near,) = near_means(workload, [_stated_radius])
        cases.append(
            _Case(
                at=f"{size:,}",
                truth=find_truth(workload),
                near_mean=near,
                own=slice(0, searches),
                directories=dict.fromkeys(engines, directory),
            )
        )
        del workload
    return Curve(
        key="activities",
        title="Time of a search by the number of activities",
        axis="activities",
        about=f"{searches} people with a radius of 2 to 20 km and usual limits",
        rounds=rounds,
        points=tuple(_measure(cases, engines, rounds, say)),
    )


def along_radius(
    radii_km: Sequence[float | None],
    engines: Sequence[str],
    folder: Path,
    *,
    activities: int,
    searches: int,
    rounds: int,
    memory_gb: float,
    say: Say,
) -> Curve:
    """The same people over one catalogue, each with every radius; each round asks all of them."""
    _check_memory([activities], engines, memory_gb)
    say(f"{activities:,} activities: making the workload for radii")
    stated, widest = folder / "radius", folder / "radius-widest"
    for directory in (stated, widest):
        directory.mkdir()
    workload = make_workload(activities, searches, vectors_at=stated / "vectors.npy")
    os.symlink(stated / "vectors.npy", widest / "vectors.npy")
    # One radius after the other: what an engine keeps of one person is not asked for again at once.
    asked = [with_radius(one, km) for km in radii_km for one in workload.profiles]
    queries = np.tile(workload.queries, (len(radii_km), 1))
    everything = replace(workload, profiles=tuple(asked), queries=queries)
    truth = find_truth(everything)
    store_workload(everything, stated)
    limited = tuple(
        with_radius(one, ALL_OF_IT_KM) if one.must.distance_km is None else one for one in asked
    )
    store_workload(replace(everything, profiles=limited), widest)
    means = near_means(workload, [_always(km) for km in radii_km])
    cases = []
    for number, km in enumerate(radii_km):
        own = slice(number * searches, (number + 1) * searches)
        cases.append(
            _Case(
                at="no limit" if km is None else f"{km:g}",
                truth=Truth(truth.rows[own], truth.eligible[own]),
                near_mean=means[number],
                own=own,
                directories={name: stated if name == "ours" else widest for name in engines},
            )
        )
    del workload, everything
    return Curve(
        key="radius",
        title="Time of a search by the radius",
        axis="radius in km",
        about=f"{activities:,} activities; {searches} people with usual limits, their radius replaced",
        rounds=rounds,
        points=tuple(_measure(cases, engines, rounds, say)),
    )


def with_radius(profile: Profile, km: float | None) -> Profile:
    """The same person with another limit of distance."""
    return profile.model_copy(update={"must": profile.must.model_copy(update={"distance_km": km})})


Radius = Callable[[Profile], float | None]


def near_means(workload: Workload, radii: Sequence[Radius]) -> list[float]:
    """For each radius: the mean number of activities that the distance does not exclude."""
    columns = workload.columns
    from_home = np.isin(columns.delivery, [DELIVERIES.index("online"), DELIVERIES.index("phone")])
    counts = np.zeros((len(radii), len(workload.profiles)))
    for number, profile in enumerate(workload.profiles):
        origin = profile.origin
        assert origin is not None
        assert origin.lat is not None
        assert origin.lon is not None
        away_km = great_circle_km(Place(origin.lat, origin.lon), columns.lat, columns.lon)
        away_km[from_home | np.isnan(away_km)] = 0.0
        ordered = np.sort(away_km)
        for place, radius in enumerate(radii):
            km = radius(profile)
            counts[place, number] = (
                len(ordered) if km is None else np.searchsorted(ordered, km, side="right")
            )
    return [float(mean) for mean in counts.mean(axis=1)]


def _stated_radius(profile: Profile) -> float | None:
    return profile.must.distance_km


def _always(km: float | None) -> Radius:
    return lambda _: km


def _measure(
    cases: Sequence[_Case], engines: Sequence[str], rounds: int, say: Say
) -> Iterator[Point]:
    """Every engine in every folder is a process of its own; in each round each has one turn."""
    wanted = list(
        dict.fromkeys((name, case.directories[name]) for case in cases for name in engines)
    )
    works = [
        (f"{name}, {directory.name}", run_engine, (name, directory)) for name, directory in wanted
    ]
    with seats(works) as taken:
        turns: dict[tuple[str, Path], list[Round]] = {key: [] for key in wanted}
        for number in range(rounds):
            for key, seat in zip(wanted, taken, strict=True):
                turns[key].append(_round_of(seat))
            say(f"  round {number + 1} of {rounds}")
    for case in cases:
        for name in engines:
            yield _point(case, name, turns[name, case.directories[name]])


def _round_of(seat: Seat) -> Round:
    answer = seat.turn()
    if not isinstance(answer, Round):
        raise SeatError(f"{seat.name}: it answered out of turn")
    return answer


def _point(case: _Case, name: str, turns: Sequence[Round]) -> Point:
    own = case.own
    # Of each search the middle one of its rounds, as where engines are compared with each other.
    times = np.median([turn.nanoseconds[own] for turn in turns], axis=0) / 1e6
    milliseconds: npt.NDArray[np.float64] = np.asarray(times)
    found = turns[-1].rows[own]
    return Point(
        way=name,
        at=case.at,
        mean_ms=float(milliseconds.mean()),
        p95_ms=float(np.percentile(milliseconds, 95)),
        searches=len(found),
        all_right=all(
            rows == best.tolist() for rows, best in zip(found, case.truth.rows, strict=True)
        ),
        near_mean=case.near_mean,
        survivors_mean=float(np.mean([len(rows) for rows in case.truth.eligible])),
    )


def _check_memory(sizes: Sequence[int], engines: Sequence[str], memory_gb: float) -> None:
    """Raises ``SeatError`` where engines that are to take turns do not fit into memory together."""
    needed = sum(
        find_engine(name).memory_share * size * DIMENSIONS * 4 / 1e9 + 0.15
        for size in sizes
        for name in engines
    )
    if needed > memory_gb:
        raise SeatError(
            f"All sizes are held at once, for which about {needed:.1f} GB are needed and {memory_gb:g}"
            " may be used. Give --memory more, or --sizes less."
        )
