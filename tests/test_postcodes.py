"""A gazetteer of any country from a GeoNames postcode file, in one step."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.errors import PlaceError
from spmatch.geography import Gazetteer, Point, great_circle_km
from spmatch.postcodes import Line, gazetteer_of, read_geonames, write_gazetteer

MADE_UP = Path(__file__).parent / "fixtures" / "geonames" / "gb_made_up.txt"


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "XX.txt"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def line(code: str, name: str, lat: float, lon: float, country: str = "XX") -> str:
    return "\t".join([country, code, name, "R", "r", "", "", "", "", str(lat), str(lon), "4"])


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    file = tmp_path_factory.mktemp("places") / "gb.csv"
    lines, _ = read_geonames(MADE_UP)
    write_gazetteer(gazetteer_of(lines), file)
    return Gazetteer(file)


def apart_km(one: Point, lat: float, lon: float) -> float:
    return float(great_circle_km(one, np.array([lat]), np.array([lon]))[0])


# Reading


def test_every_line_is_read() -> None:
    lines, problems = read_geonames(MADE_UP)
    assert (len(lines), problems) == (7, [])


def test_a_quotation_mark_in_a_name_is_only_that() -> None:
    lines, _ = read_geonames(MADE_UP)
    assert lines[-1].name == 'St. "Agnes"'


def test_a_line_that_cannot_be_used_is_listed_and_the_others_kept(tmp_path: Path) -> None:
    file = written(tmp_path, line("1", "A", 50, 1), "XX\t2\tB", line("3", "C", 95, 1), "")
    lines, problems = read_geonames(file)
    assert ([one.code for one in lines], [one.where for one in problems]) == (
        ["1"],
        ["XX.txt, line 2", "XX.txt, line 3"],
    )


def test_a_zip_is_read_as_it_is_published(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "GB.zip", "w") as packed:
        packed.writestr("readme.txt", "about")
        packed.write(MADE_UP, "GB.txt")
    assert len(read_geonames(tmp_path / "GB.zip")[0]) == 7


def test_one_country_is_taken_from_a_file_of_many(tmp_path: Path) -> None:
    file = written(tmp_path, line("1", "A", 50, 1, "DK"), line("1", "B", 60, 1, "NO"))
    assert [one.name for one in read_geonames(file, "no")[0]] == ["B"]


def test_several_countries_at_once_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, line("1", "A", 50, 1, "DK"), line("1", "B", 60, 1, "NO"))
    with pytest.raises(PlaceError, match=r"several countries \(DK, NO"):
        read_geonames(file)


@pytest.mark.parametrize("content", ["", "<html>", "a,b,c"])
def test_a_file_without_postcodes_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(PlaceError, match="no postcodes"):
        read_geonames(written(tmp_path, content))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="cannot be read"):
        read_geonames(tmp_path / "gone.txt")


# Postcodes


def test_a_postcode_lies_where_its_place_lies(gazetteer: Gazetteer) -> None:
    assert apart_km(gazetteer.postcode("EX1 1AA"), 50.7230, -3.5300) < 0.01


@pytest.mark.parametrize("spelt", ["EX1 1AA", "ex11aa", " Ex1  1aa ", "GB-EX1 1AA"])
def test_a_postcode_is_found_however_it_is_spelt(gazetteer: Gazetteer, spelt: str) -> None:
    assert apart_km(gazetteer.postcode(spelt), 50.7230, -3.5300) < 0.01


def test_a_postcode_of_two_places_lies_between_them(gazetteer: Gazetteer) -> None:
    assert apart_km(gazetteer.postcode("EX2 9ZZ"), 50.69, -3.575) < 0.01


def test_its_radius_holds_its_places(gazetteer: Gazetteer) -> None:
    middle = gazetteer.postcode("EX2 9ZZ")
    farthest = max(apart_km(middle, 50.68, -3.56), apart_km(middle, 50.70, -3.59))
    assert middle.radius_km >= round(farthest, 1)


def test_its_radius_reaches_to_the_next_postcode(tmp_path: Path) -> None:
    lines, _ = read_geonames(written(tmp_path, line("1", "A", 50, 1), line("2", "B", 50.36, 1)))
    radius = next(one.point.radius_km for one in gazetteer_of(lines) if one.code == "1")
    assert radius == pytest.approx(40.0, abs=0.1)


def test_its_radius_is_never_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.postcode("EX1 1AB").radius_km == 0.5


# Towns


def test_a_town_of_one_name_is_found(gazetteer: Gazetteer) -> None:
    assert apart_km(gazetteer.town("exmouth row"), 50.7235, -3.5305) < 0.1


def test_namesakes_are_told_apart_by_their_region(gazetteer: Gazetteer) -> None:
    assert apart_km(gazetteer.town("Newport (Gwentland)"), 51.5877, -2.9984) < 0.01


def test_a_name_that_several_share_names_none(gazetteer: Gazetteer, tmp_path: Path) -> None:
    lines, _ = read_geonames(MADE_UP)
    towns = {one.name for one in gazetteer_of(lines) if one.kind == "town"}
    assert "Newport" not in towns


# Writing


def test_the_file_has_the_columns_of_a_gazetteer(tmp_path: Path) -> None:
    lines, _ = read_geonames(MADE_UP)
    write_gazetteer(gazetteer_of(lines), tmp_path / "deep" / "gb.csv")
    with (tmp_path / "deep" / "gb.csv").open(encoding="utf-8", newline="") as rows:
        first = next(csv.DictReader(rows))
    assert (first["kind"], first["code"], first["radius_km"]) == ("postcode", "EX1 1AA", "0.5")


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "gb.csv").mkdir()
    with pytest.raises(PlaceError, match="cannot be written"):
        write_gazetteer([], tmp_path / "gb.csv")
    assert list(tmp_path.iterdir()) == [tmp_path / "gb.csv"]


@given(
    st.lists(
        st.tuples(st.floats(-80, 80), st.floats(-179, 179), st.sampled_from("123")), min_size=1
    )
)
def test_every_place_lies_within_the_radius_of_its_postcode(
    spots: list[tuple[float, float, str]],
) -> None:
    lines = [Line("XX", code, "A", "R", lat, lon) for lat, lon, code in spots]
    middles = {one.code: one.point for one in gazetteer_of(lines) if one.kind == "postcode"}
    for one in lines:
        km = apart_km(middles[one.code], one.lat, one.lon)
        assert km <= max(middles[one.code].radius_km, 0.5) + 1e-6 or km > 50
