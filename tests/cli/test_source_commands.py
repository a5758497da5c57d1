"""Sources on the command line: kept in step, read by a mapping, placed by other gazetteers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from spmatch.cli import main

FIXTURES = Path(__file__).parents[1] / "fixtures"
CLUBS = FIXTURES / "tables" / "clubs"
GEONAMES = FIXTURES / "geonames" / "gb_made_up.txt"


def town(folder: Path, *ids: str) -> str:
    file = folder / "town.jsonl"
    lines = [json.dumps({"id": one, "title": f"Choir {one}"}) + "\n" for one in ids]
    file.write_text("".join(lines), encoding="utf-8")
    return str(file)


def synced(folder: Path, *ids: str, more: tuple[str, ...] = ()) -> int:
    out = str(folder / "snapshot")
    return main(["sync", town(folder, *ids), "--out", out, "--encoder", "baseline", *more])


def test_sync_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert synced(tmp_path, "a", "b") == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["2 added: a, b", "0 changed", "0 withdrawn"]


def test_sync_speaks_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synced(tmp_path, "a", more=("--json", "-"))
    assert json.loads(capsys.readouterr().out)["added"] == ["a"]


def test_sync_writes_json(tmp_path: Path) -> None:
    synced(tmp_path, "a", more=("--json", str(tmp_path / "found.json")))
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["added"] == ["a"]


def test_sync_refuses_a_source_that_shrank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    synced(tmp_path, *"abcdef")
    assert synced(tmp_path, "a") == 3
    assert "--accept-shrink" in capsys.readouterr().err


def test_sync_can_be_told_to_believe_it(tmp_path: Path) -> None:
    synced(tmp_path, *"abcdef")
    assert synced(tmp_path, "a", more=("--accept-shrink",)) == 0


def test_places_makes_a_gazetteer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["places", str(GEONAMES), "--out", str(tmp_path / "gb.csv")]) == 0
    assert capsys.readouterr().out.startswith("6 postcodes and ")


def matched(folder: Path, *more: str) -> int:
    profile = folder / "profile.json"
    profile.write_text('{"needs": "choir", "origin": {"postcode": "EX1 1AA"}}', encoding="utf-8")
    return main(
        [
            *("match", "--catalogue", town(folder, "a"), "--encoder", "baseline"),
            *("--profile", str(profile), *more),
        ]
    )


def test_a_postcode_of_another_country_is_known_by_its_gazetteer(tmp_path: Path) -> None:
    main(["places", str(GEONAMES), "--out", str(tmp_path / "gb.csv")])
    assert (matched(tmp_path), matched(tmp_path, "--places", str(tmp_path / "gb.csv"))) == (3, 0)


def test_what_is_no_gazetteer_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert matched(tmp_path, "--places", str(GEONAMES)) == 3
    assert "spmatch places" in capsys.readouterr().err


# Placed by a postcode


def verdict(
    folder: Path, limit_km: float, capsys: pytest.CaptureFixture[str], **place: str
) -> tuple[str, str]:
    """What comes of a distance limit for somebody at EX1 1AA, and the values that were compared."""
    main(["places", str(GEONAMES), "--out", str(folder / "gb.csv")])
    choir = {"id": "choir", "title": "Choir", "place": place}
    (folder / "town.jsonl").write_text(json.dumps(choir) + "\n", encoding="utf-8")
    limits = {"distance_km": limit_km}
    person = {"needs": "choir", "origin": {"postcode": "EX1 1AA"}, "must": limits}
    (folder / "profile.json").write_text(json.dumps(person), encoding="utf-8")
    capsys.readouterr()
    main(
        [
            *("why", "choir", "--catalogue", str(folder / "town.jsonl"), "--encoder", "baseline"),
            *("--profile", str(folder / "profile.json"), "--places", str(folder / "gb.csv")),
            *("--format", "json", "--language", "en"),
        ]
    )
    (one,) = (
        v for v in json.loads(capsys.readouterr().out)["verdicts"] if v["limit"] == "distance"
    )
    return one["verdict"], one["detail"]


# EX2 9ZZ lies 4.8 km from EX1 1AA, and its area reaches 4.8 km, to the next postcode.
@pytest.mark.parametrize(("limit_km", "expected"), [(20, "met"), (5, "unknown"), (2, "unknown")])
def test_a_limit_within_the_error_of_a_postcode_is_unknown(
    tmp_path: Path, limit_km: float, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(tmp_path, limit_km, capsys, postcode="EX2 9ZZ")[0] == expected


def test_a_limit_well_below_a_postcode_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(tmp_path, 20, capsys, postcode="TF9 1AA", town="Newport")[0] == "not_met"


def test_a_place_by_postcode_is_said_to_be_one_with_its_radius(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(tmp_path, 20, capsys, postcode="ex29zz", town="Great Moor")[1] == (
        "about 4.8 km (give or take 5 km: placed by its postcode or town) of 20 km"
    )


def test_a_postcode_and_a_known_town_far_away_place_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = verdict(tmp_path, 20, capsys, postcode="EX2 9ZZ", town="Newport (Shropland)")
    assert found[0] == "unknown"


# Formats


def test_tables_are_read_by_a_mapping_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clubs.csv").write_bytes((CLUBS / "clubs.csv").read_bytes())
    mapping = str(CLUBS / "mapping.toml")
    assert main(["validate", str(tmp_path), "--mapping", mapping]) == 0
    assert capsys.readouterr().out.startswith("2 activities read")


def test_a_mapping_beside_a_single_table_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(CLUBS / "clubs.csv")]) == 0
    assert capsys.readouterr().out.startswith("2 activities read")


SERVICE = {"id": "s", "name": "Choir", "status": "active", "cost_options": [{"amount": 3}]}


def service(folder: Path) -> str:
    file = folder / "service.json"
    file.write_text(json.dumps(SERVICE), encoding="utf-8")
    return str(file)


def prices(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Which currencies were assumed when a source was read."""
    assert main(["validate", *arguments, "--json", "-"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    return [p["reason"].partition("read as ")[2][:3] for p in problems if "currency" in p["field"]]


def test_a_format_that_is_named_goes_before_what_the_content_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "GBP" not in prices(service(tmp_path), capsys=capsys)
    assert "GBP" in prices(service(tmp_path), "--format", "oruk-3.0", capsys=capsys)


@pytest.mark.parametrize(
    "command",
    [
        ("build", "--out", "OUT", "--format"),
        ("sync", "--out", "OUT", "--format"),
        ("match", "--profile", "-", "--source-format"),
        ("why", "choir", "--profile", "-", "--source-format"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_that_reads_takes_a_format(
    command: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = [town(tmp_path, "a")]
    if "--profile" in command:
        source = ["--catalogue", *source]
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"needs": "choir"}')))
    words = [str(tmp_path / "out") if word == "OUT" else word for word in command]
    main([*words, "csv", *source, "--encoder", "baseline"])
    assert "town.jsonl: there is no table in it." in capsys.readouterr().err


def test_a_format_that_is_not_known_lists_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["validate", town(tmp_path, "a"), "--format", "hsds-9"])
    assert ended.value.code == 2
    assert (
        "native, csv, xlsx, hsds-1.1, oruk-1.0, oruk-3.0, hsds-3.0, hsds-3.1, openactive, fhir"
        in capsys.readouterr().err.replace("\n", " ")
    )


def test_a_mapping_goes_with_tables_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["validate", town(tmp_path, "a"), "--format", "fhir", "--mapping", "m.toml"])
    assert "--mapping is for tables" in capsys.readouterr().err


def test_a_table_that_no_mapping_fits_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clubs.csv").write_bytes((CLUBS / "clubs.csv").read_bytes())
    assert main(["validate", str(tmp_path / "clubs.csv")]) == 3
    said = capsys.readouterr().err
    assert "its columns, which seem to be: Code, Club, Run by, When, Cost." in said
    assert (
        "danish_municipality.toml, recognise: it was tried, and misses a column Aktivitet" in said
    )
    assert (
        "ohana.toml, recognise: it was tried, and misses a table services or service, a table"
        in said
    )
    assert "docs/mappings.md" in said


def test_the_quality_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    assert main(["validate", town(tmp_path, "a"), "--html", str(page)]) == 0
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
