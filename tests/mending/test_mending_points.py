"""Coordinates are seen against the address and against the other records of the source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import make_activity
from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.geography import shipped_gazetteer
from spmatch.mending import mend

AALBORG = (57.0488, 9.9217)
CHICAGO = (41.88, -87.63)


def at(point: tuple[float, float], id: str = "a", **place: Any) -> Activity:
    return make_activity(id, place={"lat": point[0], "lon": point[1], **place})


def around(centre: tuple[float, float], number: int = 24) -> list[Activity]:
    """Records some kilometres apart, without addresses."""
    return [
        at((centre[0] + row % 5 / 50, centre[1] + row % 7 / 50), f"near-{row:02}")
        for row in range(number)
    ]


def alone(activity: Activity) -> tuple[tuple[float, float] | None, list[str]]:
    (after,), found = mend([activity], shipped_gazetteer())
    return after.coordinates, [problem.effect for problem in found]


def among(
    activity: Activity, others: list[Activity]
) -> tuple[tuple[float, float] | None, list[str]]:
    after, found = mend([*others, activity], shipped_gazetteer())
    assert after[:-1] == others
    return after[-1].coordinates, [problem.effect for problem in found]


# By the address


@pytest.mark.parametrize(
    "wrong", [(9.9217, 57.0488), (-57.0488, 9.9217), (57.0488, -9.9217), (-57.0488, -9.9217)]
)
def test_coordinates_are_put_right_by_the_postcode(wrong: tuple[float, float]) -> None:
    assert alone(at(wrong, postcode="9000", town="Aalborg")) == (AALBORG, ["mended"])


def test_coordinates_are_put_right_by_the_town() -> None:
    assert alone(at((9.9217, 57.0488), town="Aalborg")) == (AALBORG, ["mended"])


def test_coordinates_near_their_address_stay() -> None:
    assert alone(at((57.2, 9.9), postcode="9000")) == ((57.2, 9.9), [])


def test_coordinates_far_from_a_sure_address_are_left_out() -> None:
    assert alone(at((10.0, 10.0), postcode="9000", town="Aalborg")) == (None, ["mended"])


def test_coordinates_in_another_part_of_the_country_stay_and_are_told() -> None:
    copenhagen = (55.68, 12.57)
    assert alone(at(copenhagen, postcode="9000", town="Aalborg")) == (copenhagen, ["note"])


def test_a_postcode_alone_proves_nothing_abroad() -> None:
    oslo_region = (60.2, 11.97)
    assert alone(at(oslo_region, postcode="2100"))[0] == oslo_region


def test_a_town_alone_proves_nothing_abroad() -> None:
    odense_minnesota = (45.24, -96.2)
    assert alone(at(odense_minnesota, town="Odense")) == (odense_minnesota, [])


def test_a_postcode_alone_counts_where_other_records_lie_at_theirs() -> None:
    others = [at(AALBORG, f"b{row}", postcode="9000") for row in range(3)]
    assert among(at((10.0, 10.0), postcode="9000"), others) == (None, ["mended"])


def test_nought_nought_is_left_out() -> None:
    assert alone(at((0.0, 0.0))) == (None, ["mended"])


def test_the_other_facts_of_the_place_stay() -> None:
    (after,), _ = mend([at((0.0, 0.0), name="Hallen", postcode="9000")])
    assert after.place is not None
    assert (after.place.name, after.place.postcode) == ("Hallen", "9000")


# By the source


@pytest.mark.parametrize("centre", [AALBORG, CHICAGO])
def test_exchanged_coordinates_are_put_right_by_the_source(centre: tuple[float, float]) -> None:
    lat, lon = centre
    if abs(lon) <= 90:
        assert among(at((lon, lat)), around(centre)) == (centre, ["mended"])


def test_a_lost_sign_is_put_back_by_the_source() -> None:
    assert among(at((41.88, 87.63)), around(CHICAGO)) == (CHICAGO, ["mended"])


def test_few_records_show_nothing() -> None:
    assert among(at((9.9217, 57.0488)), around(AALBORG, 18)) == ((9.9217, 57.0488), [])


def test_a_record_far_away_stays_and_is_told() -> None:
    assert among(at(CHICAGO), around(AALBORG)) == (CHICAGO, ["note"])


def test_a_record_in_the_next_region_stays() -> None:
    assert among(at((56.15, 10.2)), around(AALBORG)) == ((56.15, 10.2), [])


def test_a_source_over_a_whole_country_keeps_its_islands() -> None:
    country = [
        at((54.7 + row % 8 * 0.35, 8.2 + row % 9 * 0.5), f"dk-{row:02}") for row in range(40)
    ]
    bornholm = (55.1, 14.9)
    assert among(at(bornholm), country) == (bornholm, [])


def test_a_source_that_is_exchanged_throughout_is_put_right_by_its_addresses() -> None:
    exchanged = [
        at((9.9217 + row / 500, 57.0488), f"b{row:02}", postcode="9000") for row in range(20)
    ]
    after, _ = mend([*exchanged, at((9.93, 57.05), "z")], shipped_gazetteer())
    assert after[-1].coordinates == (57.05, 9.93)


# What holds for any source

PLACES = st.builds(
    lambda lat, lon, postcode, town: {"lat": lat, "lon": lon, "postcode": postcode, "town": town},
    st.sampled_from([57.05, 9.92, -57.05, 0.0, 55.68, 12.57, 41.9, 120.0, -9.92]).filter(
        lambda lat: abs(lat) <= 90
    ),
    st.sampled_from([57.05, 9.92, -9.92, 0.0, 12.57, 55.68, -87.6, 87.6]),
    st.sampled_from([None, "9000", "2100", "800", "DK-9000", "99999"]),
    st.sampled_from([None, "Aalborg", "Odense", "Høje Taastrup", "Paris"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PLACES, min_size=1, max_size=8), st.sampled_from([0, 24]))
def test_mending_twice_changes_nothing_more(places: list[dict[str, Any]], others: int) -> None:
    records = [make_activity(f"r{at}", place=place) for at, place in enumerate(places)]
    once, _ = mend([*around(AALBORG, others), *records], shipped_gazetteer())
    twice, found = mend(once, shipped_gazetteer())
    assert twice == once
    assert mending(found) == []


def mending(found: list[Problem]) -> list[str]:
    return [str(problem) for problem in found if problem.effect == "mended"]
