"""Sources on the command line: kept in step, read by a mapping, placed by other gazetteers."""

from __future__ import annotations

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
    synced(tmp_path, "a", more=("--format", "json"))
    assert json.loads(capsys.readouterr().out)["added"] == ["a"]


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


def test_tables_are_read_by_a_mapping_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clubs.csv").write_bytes((CLUBS / "clubs.csv").read_bytes())
    mapping = str(CLUBS / "mapping.toml")
    assert main(["validate", str(tmp_path), "--mapping", mapping]) == 0
    assert capsys.readouterr().out.startswith("2 activities read")


def test_the_quality_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    assert main(["validate", town(tmp_path, "a"), "--html", str(page)]) == 0
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
