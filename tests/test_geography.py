"""Distances on the earth, and the places that the gazetteer knows."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from spmatch.activity import Place
from spmatch.errors import PlaceError
from spmatch.geography import Gazetteer, Point, great_circle_km, plain_name, shipped_gazetteer
from spmatch.material import material
from spmatch.profile import Origin

AALBORG = Point(57.048, 9.919)
COPENHAGEN = Point(55.676, 12.566)


def kilometres(one: Point, other: Point) -> float:
    return float(great_circle_km(one, np.array([other.lat]), np.array([other.lon]))[0])


def gazetteer_file(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(["kind,code,name,lat,lon,radius_km", *rows]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return shipped_gazetteer()


# Distances


@pytest.mark.parametrize(
    ("one", "other", "known_km"),
    [
        # One degree of a meridian or of the equator is a 360th of the earth's girth.
        (Point(55.0, 10.0), Point(56.0, 10.0), 111.195),
        (Point(0.0, 10.0), Point(0.0, 11.0), 111.195),
        # At 60 degrees north a parallel is half as long; one degree of it is nearly straight.
        (Point(60.0, 10.0), Point(60.0, 11.0), 55.597),
        # A quarter and a half of the girth.
        (Point(0.0, 0.0), Point(90.0, 0.0), 10007.56),
        (Point(0.0, 0.0), Point(0.0, 180.0), 20015.11),
        # Airport to airport, as published for London Heathrow and New York Kennedy.
        (Point(51.4775, -0.4614), Point(40.6398, -73.7789), 5540.0),
    ],
)
def test_great_circle_agrees_with_known_distances(
    one: Point, other: Point, known_km: float
) -> None:
    assert kilometres(one, other) == pytest.approx(known_km, rel=0.005)


def test_great_circle_is_the_same_both_ways() -> None:
    there, back = kilometres(AALBORG, COPENHAGEN), kilometres(COPENHAGEN, AALBORG)

    assert there == pytest.approx(back, rel=1e-12)


def test_great_circle_to_the_same_point_is_zero() -> None:
    assert kilometres(AALBORG, AALBORG) == 0.0


def test_great_circle_tells_ten_metres_apart() -> None:
    assert kilometres(AALBORG, Point(57.04809, 9.919)) == pytest.approx(0.010, rel=0.005)


def test_great_circle_across_the_date_line_is_short() -> None:
    assert kilometres(Point(0.0, 179.5), Point(0.0, -179.5)) == pytest.approx(111.195, rel=0.005)


def test_great_circle_to_an_unknown_point_is_nan_and_leaves_the_others() -> None:
    lat = np.array([math.nan, 56.0, 56.0])
    lon = np.array([10.0, math.nan, 10.0])

    found = great_circle_km(Point(55.0, 10.0), lat, lon)

    assert np.isnan(found).tolist() == [True, True, False]
    assert found[2] == pytest.approx(111.195, rel=0.005)


# Postcodes


def test_equal_gazetteers_have_one_digest_and_others_another(tmp_path: Path) -> None:
    one, same, other = (
        Gazetteer(gazetteer_file(tmp_path, f"{number}.csv", row))
        for number, row in enumerate(
            (
                "postcode,9000,Aalborg,57.04,9.93,2",
                "postcode,9000,Aalborg,57.04,9.93,2",
                "postcode,9000,Aalborg,57.04,9.93,3",
            )
        )
    )
    assert one.digest == same.digest != other.digest


def test_a_postcode_has_its_centre(places: Gazetteer) -> None:
    assert kilometres(places.postcode("9000"), Point(57.05, 9.92)) < 1.0


def test_a_postcode_keeps_its_leading_zero(places: Gazetteer) -> None:
    assert kilometres(places.postcode("0800"), Point(55.65, 12.27)) < 2.0


def test_a_postcode_without_its_zero_is_not_guessed(places: Gazetteer) -> None:
    with pytest.raises(PlaceError) as caught:
        places.postcode("800")

    assert caught.value.suggestions[0] == "0800"


def test_a_postcode_may_be_written_as_from_abroad(places: Gazetteer) -> None:
    assert places.postcode(" DK-9000 ") == places.postcode("9000")


def test_an_unknown_postcode_offers_near_ones(places: Gazetteer) -> None:
    with pytest.raises(PlaceError, match="7680 Thyborøn") as caught:
        places.postcode("7681")

    assert caught.value.suggestions[0] == "7680"


def test_an_unknown_postcode_is_not_repeated(places: Gazetteer) -> None:
    with pytest.raises(PlaceError) as caught:
        places.postcode("Strandvejen 7")

    assert "Strandvejen" not in str(caught.value)


def test_a_postcode_has_a_radius(places: Gazetteer) -> None:
    assert places.postcode("2200").radius_km == 1.5


def test_equal_names_of_postcodes_lie_in_their_own_regions(places: Gazetteer) -> None:
    on_zealand, at_aarhus = places.postcode("4130"), places.postcode("8260")

    assert kilometres(on_zealand, Point(55.55, 12.02)) < 3.0
    assert kilometres(at_aarhus, Point(56.12, 10.15)) < 3.0


# Towns and districts


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("Nørrebro", Point(55.694, 12.549)),
        ("Vollsmose", Point(55.41, 10.43)),
        ("Lemvig", Point(56.549, 8.310)),
        ("Copenhagen", Point(55.676, 12.566)),
        ("København", Point(55.676, 12.566)),
        ("Aalborg SV", Point(57.017, 9.885)),
        ("Bedsted", Point(56.815, 8.41)),
    ],
)
def test_a_place_name_has_its_centre(places: Gazetteer, name: str, about: Point) -> None:
    assert kilometres(places.town(name), about) < 2.0


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Århus", "Aarhus"),
        ("AARHUS", "Aarhus"),
        ("A\N{COMBINING RING ABOVE}rhus", "Aarhus"),
        ("Arhus", "Aarhus"),
        ("Köge", "Køge"),
        ("Koege", "Køge"),
        ("Ålborg", "Aalborg"),
        ("Norrebro", "Nørrebro"),
        ("Kobenhavn", "København"),
        ("  nørre   broby ", "Nørre Broby"),
        ("Kgs. Lyngby", "Kongens Lyngby"),
        ("Nr. Nissum", "Nørre Nissum"),
        ("Kirke-Esbønderup", "Kirke Esbønderup"),
    ],
)
def test_other_spellings_name_the_same_place(places: Gazetteer, written: str, meant: str) -> None:
    assert places.town(written) == places.town(meant)


@pytest.mark.parametrize("written", ["8000 Aarhus C", "8000 Århus", "8000 Aarhus", "8000"])
def test_a_postcode_with_its_town_is_a_place(places: Gazetteer, written: str) -> None:
    assert places.town(written) == places.postcode("8000")


def test_a_postcode_with_another_town_is_refused(places: Gazetteer) -> None:
    with pytest.raises(PlaceError) as caught:
        places.town("9000 Odense")

    assert caught.value.suggestions == ("9000 Aalborg",)


def test_the_larger_of_two_namesakes_has_the_bare_name(places: Gazetteer) -> None:
    assert kilometres(places.town("Viby"), Point(56.12, 10.15)) < 2.0


@pytest.mark.parametrize("written", ["Viby (Roskilde)", "Viby, Roskilde"])
def test_the_lesser_namesake_is_named_with_its_municipality(
    places: Gazetteer, written: str
) -> None:
    assert kilometres(places.town(written), Point(55.55, 12.02)) < 2.0


def test_a_town_may_be_followed_by_a_larger_one_around_it(places: Gazetteer) -> None:
    assert places.town("Nørrebro, København") == places.town("Nørrebro")


def test_a_misspelt_town_offers_near_spellings(places: Gazetteer) -> None:
    with pytest.raises(PlaceError, match="Skagen") as caught:
        places.town("Skagenn")

    assert "Skagen" in caught.value.suggestions


def test_a_name_that_needs_more_offers_its_longer_forms(places: Gazetteer) -> None:
    with pytest.raises(PlaceError) as caught:
        places.town("Nykøbing")

    assert {name.split()[0] for name in caught.value.suggestions} == {"Nykøbing"}


def test_an_unknown_place_is_not_repeated(places: Gazetteer) -> None:
    with pytest.raises(PlaceError) as caught:
        places.town("hos min søster Birthe")

    assert "Birthe" not in str(caught.value)


def test_a_name_typed_without_marks_is_not_guessed_between_two(tmp_path: Path) -> None:
    known = Gazetteer(gazetteer_file(tmp_path, "two.csv", "town,,Åsø,55,10,2", "town,,Åso,56,10,2"))

    with pytest.raises(PlaceError):
        known.town("Aso")


# Finding without suggesting


@pytest.mark.parametrize(
    "place",
    [Place(postcode="7681"), Place(postcode="9000", town="Odense"), Place(town="Skagenn")],
)
def test_placing_an_address_looks_for_no_near_spellings(
    places: Gazetteer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks(*_: object) -> None:
        raise AssertionError("looked for near spellings")

    monkeypatch.setattr("difflib.get_close_matches", looks)
    monkeypatch.setattr("difflib.SequenceMatcher", looks)
    assert places.place(place) is None


@pytest.mark.parametrize("name", ["Nørrebro", "8000 Aarhus C", "Viby, Roskilde", "0800"])
def test_what_is_found_is_what_is_given(places: Gazetteer, name: str) -> None:
    assert places.find_town(name) == places.town(name)


@pytest.mark.parametrize("code", ["9000", "DK-9000", " 0800 "])
def test_a_postcode_that_is_found_is_the_one_that_is_given(places: Gazetteer, code: str) -> None:
    assert places.find_postcode(code) == places.postcode(code)


def test_what_is_not_known_is_not_found(places: Gazetteer) -> None:
    assert (places.find_postcode("7681"), places.find_town("Skagenn")) == (None, None)


# Origins


def test_coordinates_come_before_a_postcode(places: Gazetteer) -> None:
    assert places.locate(Origin(lat=55.0, lon=10.0, postcode="9000")) == Point(55.0, 10.0)


def test_a_postcode_comes_before_a_place(places: Gazetteer) -> None:
    found = places.locate(Origin(postcode="9000", place="Odense"))

    assert found == places.postcode("9000")


def test_a_place_alone_is_located(places: Gazetteer) -> None:
    assert places.locate(Origin(place="Thyborøn")) == places.town("Thyborøn")


# Files


def test_the_first_file_keeps_a_town(tmp_path: Path) -> None:
    one = gazetteer_file(tmp_path, "one.csv", "town,,Borg,55,10,2")
    other = gazetteer_file(tmp_path, "other.csv", "town,,Borg,60,10,2")

    assert Gazetteer(one, other).town("Borg").lat == 55.0


def test_a_postcode_of_two_files_is_refused(tmp_path: Path) -> None:
    one = gazetteer_file(tmp_path, "one.csv", "postcode,1000,Borg,55,10,2")
    other = gazetteer_file(tmp_path, "other.csv", "postcode,1000,By,60,10,2")

    with pytest.raises(PlaceError, match="1000"):
        Gazetteer(one, other)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"kind,code\ntown,1\n",
        b"kind,code,name,lat,lon,radius_km\ntown,,Borg,north,10,2\n",
        b"kind,code,name,lat,lon,radius_km\ntown,,Borg,nan,10,2\n",
        b"kind,code,name,lat,lon,radius_km\ntown,,Borg,55,10,-1\n",
        b"kind,code,name,lat,lon,radius_km\ntown,,B\xf8rg,55,10,1\n",
        b"kind,code,name,lat,lon,radius_km\ntown,," + b"x" * 200_000 + b",55,10,1\n",
    ],
    ids=["empty", "columns", "words", "nan", "radius", "encoding", "huge"],
)
def test_what_is_no_gazetteer_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(content)
    with pytest.raises(PlaceError, match="no gazetteer"):
        Gazetteer(path)


def test_a_gazetteer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="no gazetteer"):
        Gazetteer(tmp_path / "places.csv")


def test_a_town_comes_before_a_postcode_of_its_name(tmp_path: Path) -> None:
    rows = ["postcode,1000,Borg,55,10,2", "town,,Borg,60,10,2"]

    assert Gazetteer(gazetteer_file(tmp_path, "one.csv", *rows)).town("Borg").lat == 60.0


# The Danish file


@pytest.fixture(scope="module")
def danish_rows() -> list[dict[str, str]]:
    path = material("catalogue", "places", "denmark.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_danish_postcodes_are_four_digits_once_each(danish_rows: list[dict[str, str]]) -> None:
    codes = [row["code"] for row in danish_rows if row["kind"] == "postcode"]

    assert all(len(code) == 4 and code.isdecimal() for code in codes)
    assert codes == sorted(set(codes))


def test_danish_towns_have_one_row_a_name(danish_rows: list[dict[str, str]]) -> None:
    names = [plain_name(row["name"]) for row in danish_rows if row["kind"] == "town"]

    assert names == sorted(set(names))


def test_danish_places_lie_in_denmark(danish_rows: list[dict[str, str]]) -> None:
    outside = [
        row["name"]
        for row in danish_rows
        if not (54.5 < float(row["lat"]) < 57.8 and 8.0 < float(row["lon"]) < 15.2)
    ]

    assert outside == []


def test_catalogue_places_lie_where_their_postcode_does(places: Gazetteer) -> None:
    astray, checked = [], 0
    for path in sorted(material("catalogue", "denmark").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            place = record.get("place") or {}
            if place.get("postcode") is None or place.get("lat") is None:
                continue
            checked += 1
            centre = places.postcode(place["postcode"])
            apart_km = kilometres(centre, Point(place["lat"], place["lon"]))
            if apart_km > centre.radius_km + 6.0:
                astray.append((record["id"], place["postcode"], round(apart_km, 1)))

    assert checked > 300
    assert astray == []


# The digest


def gazetteer_of(folder: Path, *rows: str) -> Gazetteer:
    file = folder / f"{len(list(folder.iterdir()))}.csv"
    file.write_text("\n".join(["kind,code,name,lat,lon,radius_km", *rows]), encoding="utf-8")
    return Gazetteer(file)


ROW, OTHER_ROW = "postcode,9000,Aalborg,57.0,9.9,3", "postcode,5000,Odense,55.4,10.4,3"


def test_the_order_of_the_rows_does_not_change_the_digest(tmp_path: Path) -> None:
    one, other = gazetteer_of(tmp_path, ROW, OTHER_ROW), gazetteer_of(tmp_path, OTHER_ROW, ROW)
    assert one.digest == other.digest


@pytest.mark.parametrize(
    "row",
    [
        "postcode,9000,Aalborg,57.1,9.9,3",
        "postcode,9000,Aalborg,57.0,9.9,4",
        "postcode,9100,Aalborg,57.0,9.9,3",
        "postcode,9000,Aarhus,57.0,9.9,3",
        "town,,Aalborg,57.0,9.9,3",
    ],
)
def test_whatever_is_placed_elsewhere_changes_the_digest(tmp_path: Path, row: str) -> None:
    assert gazetteer_of(tmp_path, ROW).digest != gazetteer_of(tmp_path, row).digest
