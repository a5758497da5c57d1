"""The map sketch: true distances and directions, nothing outside, nothing covered, all of it in words."""

from __future__ import annotations

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import HOME, make_activity, north
from spmatch.geography import Point, shipped_gazetteer
from spmatch.web.sketch import (
    GROUND,
    INK,
    LINE,
    Sketch,
    Spot,
    km_words,
    sketch_lines,
    sketch_of,
    spots_of,
    svg_of,
)
from spmatch.web.sketch_layout import FRAME, MIDDLE, RINGS_MAX, Mark

AT_HOME = Point(HOME["lat"], HOME["lon"])
KM_A_DEGREE = 111.195


def spot(number: int, km: float, bearing: float, *, approximate: bool = False) -> Spot:
    """A place so far from home in a direction; exact enough within some kilometres."""
    angle = math.radians(bearing)
    lat = HOME["lat"] + km * math.cos(angle) / KM_A_DEGREE
    lon = HOME["lon"] + km * math.sin(angle) / KM_A_DEGREE / math.cos(math.radians(HOME["lat"]))
    return Spot(number, lat, lon, approximate)


def drawn(*spots: Spot) -> Sketch:
    return sketch_of(AT_HOME, spots)


distances = st.floats(0.05, 400)
bearings = st.floats(0, 359)
places = st.lists(st.tuples(distances, bearings), min_size=1, max_size=6)


def sketch_from(
    found: list[tuple[float, float]], *, home: bool = True, letters: float = 16
) -> Sketch:
    spots = [spot(number, *one) for number, one in enumerate(found, start=1)]
    return sketch_of(AT_HOME if home else None, spots, lettering=letters)


# Geometry


@given(distances, bearings)
def test_a_place_keeps_its_distance_and_direction(km: float, bearing: float) -> None:
    (mark,) = drawn(spot(1, min(km, 5), bearing)).marks
    assert mark.distance_km == pytest.approx(min(km, 5), rel=0.01)
    apart = (mark.bearing - bearing + 180) % 360 - 180
    assert abs(apart) < 0.5


@given(places)
def test_a_place_is_drawn_in_its_direction_and_to_scale(found: list[tuple[float, float]]) -> None:
    sketch = sketch_from(found)
    ring = sketch.rings[-1]
    for mark in sketch.marks:
        right, up = mark.x - MIDDLE, MIDDLE - mark.y
        assert math.hypot(mark.east_km, mark.north_km) == pytest.approx(mark.distance_km)
        apart = math.degrees(math.atan2(right, up)) - mark.bearing
        assert abs((apart + 180) % 360 - 180) < 1e-6
        if not mark.beyond:
            assert math.hypot(right, up) * ring.km == pytest.approx(mark.distance_km * ring.radius)


@given(places)
def test_every_ring_is_at_its_distance(found: list[tuple[float, float]]) -> None:
    rings = sketch_from(found).rings
    assert {round(ring.radius / ring.km, 6) for ring in rings} == {
        round(rings[0].radius / rings[0].km, 6)
    }


@given(places)
def test_two_to_four_rings_are_drawn(found: list[tuple[float, float]]) -> None:
    assert 2 <= len(sketch_from(found).rings) <= RINGS_MAX


@given(places, st.booleans(), st.sampled_from([16.0, 24.0, 32.0]))
def test_nothing_is_outside_the_frame(
    found: list[tuple[float, float]], home: bool, letters: float
) -> None:
    for mark in sketch_from(found, home=home, letters=letters).marks:
        for x, y in ((mark.x, mark.y), *(mark.arrow if mark.beyond else ())):
            assert 0 <= x <= FRAME
            assert 0 <= y <= FRAME
        for middle in (mark.label_x, mark.label_y):
            assert mark.disc <= middle <= FRAME - mark.disc


@given(places, st.booleans())
def test_discs_do_not_cover_each_other(found: list[tuple[float, float]], home: bool) -> None:
    for one, other in combinations(sketch_from(found, home=home).marks, 2):
        assert _apart(one, other) >= one.disc + other.disc


@given(places)
def test_no_disc_covers_home(found: list[tuple[float, float]]) -> None:
    for mark in sketch_from(found).marks:
        assert math.hypot(mark.label_x - MIDDLE, mark.label_y - MIDDLE) > mark.disc


@given(places)
def test_the_last_ring_says_its_kilometres(found: list[tuple[float, float]]) -> None:
    assert sketch_from(found).rings[-1].label is not None


def _apart(one: Mark, other: Mark) -> float:
    return math.hypot(one.label_x - other.label_x, one.label_y - other.label_y)


def test_rings_are_round_numbers() -> None:
    assert [ring.km for ring in drawn(spot(1, 9, 0)).rings] == [5, 10]


def test_rings_fit_what_is_near() -> None:
    assert [ring.km for ring in drawn(spot(1, 1.4, 0)).rings] == [0.5, 1, 1.5]


def test_a_place_far_beyond_the_others_stands_at_the_rim() -> None:
    near, far = drawn(spot(1, 2, 0), spot(2, 83, 90)).marks
    assert (near.beyond, far.beyond) == (False, True)


def test_a_place_at_the_rim_does_not_set_the_scale() -> None:
    assert drawn(spot(1, 1.9, 0), spot(2, 83, 90)).rings[-1].km == 2


def test_places_that_are_all_far_stand_inside_the_rings() -> None:
    assert not any(mark.beyond for mark in drawn(spot(1, 60, 0), spot(2, 83, 90)).marks)


def test_of_two_places_at_one_address_one_disc_moves_aside() -> None:
    assert [mark.moved for mark in drawn(spot(1, 2, 45), spot(2, 2, 45)).marks] == [False, True]


def test_a_place_across_the_date_line_is_near() -> None:
    (mark,) = sketch_of(Point(0.0, 179.9), [Spot(1, 0.0, -179.9)]).marks
    assert mark.distance_km == pytest.approx(22.2, abs=0.1)
    assert mark.bearing == pytest.approx(90)


def test_without_home_the_middle_of_the_places_is_the_middle() -> None:
    one, other = sketch_of(None, [spot(1, 3, 0), spot(2, 3, 180)]).marks
    assert (one.x + other.x) / 2 == pytest.approx(MIDDLE)
    assert (one.y + other.y) / 2 == pytest.approx(MIDDLE)


def test_without_home_a_bar_gives_the_scale() -> None:
    sketch = sketch_of(None, [spot(1, 3, 0), spot(2, 3, 180)])
    mark = sketch.marks[0]
    assert sketch.rings == ()
    assert sketch.bar_km == 1
    assert sketch.bar == pytest.approx((MIDDLE - mark.y) / mark.distance_km, rel=0.01)


def test_places_without_coordinates_are_named_apart() -> None:
    sketch = drawn(spot(1, 2, 0), Spot(2, None, None))
    assert [mark.number for mark in sketch.marks] == [1]
    assert sketch.unplaced == (2,)


@pytest.mark.parametrize("origin", [AT_HOME, None])
def test_without_any_place_there_is_nothing_to_draw(origin: Point | None) -> None:
    assert not sketch_of(origin, [Spot(1, None, None)])


def test_one_place_without_home_tells_nothing() -> None:
    assert not sketch_of(None, [spot(1, 2, 0)])


# Places


def test_an_activity_lies_where_its_coordinates_are() -> None:
    (found,) = spots_of([make_activity(place=north(2.0))])
    assert (found.lat, found.approximate) == (north(2.0)["lat"], False)


def test_a_postcode_stands_in_for_coordinates() -> None:
    (found,) = spots_of([make_activity(place={"postcode": "9000"})])
    assert found == Spot(
        1, shipped_gazetteer().postcode("9000").lat, shipped_gazetteer().postcode("9000").lon, True
    )


def test_a_town_that_may_lie_in_another_country_is_not_drawn() -> None:
    assert spots_of([make_activity(place={"town": "Aalborg"})]) == (Spot(1, None, None),)


@pytest.mark.parametrize("delivery", ["online", "phone", "home_visit"])
def test_what_comes_to_the_person_has_no_place(delivery: str) -> None:
    activity = make_activity(delivery=delivery, place=north(2.0))
    assert spots_of([activity]) == (Spot(1, None, None),)


# Words


def test_the_lines_say_where_each_place_lies() -> None:
    sketch = drawn(spot(1, 2.1, 45), spot(2, 3.4, 200, approximate=True), Spot(3, None, None))
    assert sketch_lines(sketch, "da") == (
        "1: 2,1 km nordøst for hjemmet",
        "2: cirka 3,4 km syd for hjemmet",
        "3: ikke på kortet",
    )
    assert sketch_lines(sketch, "en") == (
        "1: 2.1 km north-east of home",
        "2: about 3.4 km south of home",
        "3: not on the map",
    )


def test_where_home_is_only_known_by_its_postcode_distances_are_about() -> None:
    about = Point(AT_HOME.lat, AT_HOME.lon, radius_km=3)
    assert sketch_lines(sketch_of(about, [spot(1, 2.1, 45)]), "en") == (
        "1: about 2.1 km north-east of home",
    )


def test_nearer_than_is_known_no_direction_is_said() -> None:
    assert sketch_lines(drawn(spot(1, 0.5, 90, approximate=True)), "en") == ("1: close to home",)


@pytest.mark.parametrize(
    ("km", "said"), [(0.354, "350 m"), (0.996, "1 km"), (2.14, "2,1 km"), (12.6, "13 km")]
)
def test_a_distance_is_said_as_one_says_it(km: float, said: str) -> None:
    assert km_words(km, "da") == said


# SVG


def test_the_picture_has_a_name_and_a_description() -> None:
    svg = ElementTree.fromstring(str(svg_of(drawn(spot(1, 2.1, 45)), "en", id="m")))
    title, described = svg[0], svg[1]
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "m-title m-desc"
    assert title.text == "Map: where the places lie from home"
    assert described.text == "1: 2.1 km north-east of home."


@given(places, st.booleans())
def test_the_picture_is_well_formed_and_holds_no_style(
    found: list[tuple[float, float]], home: bool
) -> None:
    text = str(svg_of(sketch_from(found, home=home), "da"))
    if text:
        ElementTree.fromstring(text)
    assert "style" not in text


def test_the_picture_names_no_place() -> None:
    text = str(svg_of(drawn(spot(1, 2.1, 45)), "da"))
    assert f"{HOME['lat']:.2f}" not in text
    assert f"{HOME['lon']:.2f}" not in text


def test_nothing_to_draw_is_no_picture() -> None:
    assert svg_of(drawn(Spot(1, None, None)), "en") == ""


def test_an_id_cannot_break_out_of_the_picture() -> None:
    assert "<script" not in svg_of(drawn(spot(1, 2, 0)), "en", id='"><script>')


def test_numbers_of_the_places_are_written() -> None:
    text = str(svg_of(drawn(spot(1, 2, 0), spot(2, 83, 90)), "en"))
    assert re.findall(r'class="sketch-number"[^>]*>(\d)<', text) == ["1", "2"]
    assert ">83 km<" in text


@pytest.mark.parametrize(("colour", "least"), [(INK, 7.0), (LINE, 3.0)])
def test_colours_stand_out_from_the_ground(colour: str, least: float) -> None:
    assert _contrast(colour, GROUND) >= least


def _contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 for two colours ``#rrggbb``."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
