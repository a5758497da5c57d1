"""Tables of a Danish municipality and of Ohana, read with the mappings that come with spmatch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.readers.tables import TablesReader

FIXTURES = Path(__file__).parents[1] / "fixtures" / "tables"
DANISH = FIXTURES / "danish"
OHANA = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "ohana-smc"


def read(path: Path) -> list[Activity | Problem]:
    return list(TablesReader().read(path))


def activities(items: list[Activity | Problem]) -> dict[str, Activity]:
    """The activities by title."""
    return {item.title: item for item in items if isinstance(item, Activity)}


def problems(items: list[Activity | Problem], effect: str) -> list[tuple[str, str]]:
    return [(p.where, p.field) for p in items if isinstance(p, Problem) and p.effect == effect]


def sessions(activity: Activity) -> list[tuple[str | None, str | None, str | None]]:
    return [(s.day, s.start, s.end) for s in activity.sessions]


def stated(record: object) -> dict[str, object]:
    """What a part of an activity states, lists and defaults left out."""
    assert record is not None
    return {k: v for k, v in vars(record).items() if v is not None and v != ()}


# A Danish sheet: 23 rows of activities (one without a name), a heading, an empty line and the header
# once more; the header is on line 3.


@pytest.fixture(scope="module")
def items() -> list[Activity | Problem]:
    return read(DANISH)


@pytest.fixture(scope="module")
def sheet(items: list[Activity | Problem]) -> dict[str, Activity]:
    return activities(items)


def test_every_row_with_a_name_is_an_activity(sheet: dict[str, Activity]) -> None:
    assert len(sheet) == 22


def test_the_row_without_a_name_is_told(items: list[Activity | Problem]) -> None:
    assert problems(items, "rejected") == [("aktiviteter.csv, line 25", "Aktivitet")]


def test_a_heading_between_the_rows_is_told(items: list[Activity | Problem]) -> None:
    assert ("aktiviteter.csv, line 12", "") in problems(items, "note")


def test_no_column_is_left_unread(items: list[Activity | Problem]) -> None:
    assert not [p for p in items if isinstance(p, Problem) and "not read" in p.reason]


def test_what_was_not_understood_is_told_by_line_and_column(
    items: list[Activity | Problem],
) -> None:
    assert problems(items, "mended") == [
        ("aktiviteter.csv, line 11", "Niveaufri adgang"),
        ("aktiviteter.csv, line 15", "Mail"),
        ("aktiviteter.csv, line 15", "Tilmelding"),
        ("aktiviteter.csv, line 17", "Sidst opdateret"),
        ("aktiviteter.csv, line 18", "Tilmelding"),
        ("aktiviteter.csv, line 28", "Sidst opdateret"),
        ("aktiviteter.csv, line 28", "Ugedag"),
    ]


def test_a_plain_row(sheet: dict[str, Activity]) -> None:
    assert sheet["Stolegymnastik"].model_dump(exclude_none=True, exclude_defaults=True) == {
        "id": "stolegymnastik-ce4bdbc1",
        "title": "Stolegymnastik",
        "description": "Rolig gymnastik på stol med musik.",
        "text_language": "da",
        "provider": {
            "name": "Nordby Pensionistforening",
            "url": "www.nordby.example/stol",
            "phone": "00 11 22 33",
            "email": "stol@nordby.example",
        },
        "place": {"address": "Skolegade 4", "postcode": "0999", "town": "Nordby"},
        "sessions": ({"day": "mon", "start": "10:00", "end": "11:30"},),
        "cost": {"amount": 35.0, "currency": "DKK", "per": "session"},
        "ages": {"min": 60},
        "access": {"step_free": True, "accessible_toilet": True},
        "first_visit": {"no_sign_up": True},
        "verified_on": date(2026, 11, 24),
    }


def test_names_of_persons_are_left_out(sheet: dict[str, Activity]) -> None:
    assert not any("Inger Holm" in activity.model_dump_json() for activity in sheet.values())


def test_a_cell_of_two_lines(sheet: dict[str, Activity]) -> None:
    assert sheet["Kaffe og snak"].description == "Vi mødes om kaffen.\nAlle er velkomne."


def test_an_empty_day_is_not_guessed(sheet: dict[str, Activity]) -> None:
    assert sessions(sheet["Kortspil"]) == [(None, "13:00", "15:00")]


def test_even_weeks_are_every_two_weeks_and_stay_as_words(sheet: dict[str, Activity]) -> None:
    choir = sheet["Kor for begyndere"]
    assert [(s.day, s.start, s.every) for s in choir.sessions] == [
        ("mon", "10:00", "two_weeks"),
        ("thu", "10:00", "two_weeks"),
    ]
    assert choir.description.endswith("Tidspunkt: kl. 10-12 (lige uger)")


def test_two_times_for_three_days_leave_the_days(sheet: dict[str, Activity]) -> None:
    assert sessions(sheet["Krea-værksted"]) == [
        ("mon", None, None),
        ("wed", None, None),
        ("fri", None, None),
    ]


def test_by_appointment_is_no_session(sheet: dict[str, Activity]) -> None:
    assert sheet["Læsekreds"].sessions == ()


def test_partly_is_neither_yes_nor_no_and_stays_as_words(sheet: dict[str, Activity]) -> None:
    walk = sheet["Gåtur i skoven"]
    assert (walk.access, "Niveaufri adgang: delvist" in walk.description) == (None, True)


def test_a_damaged_address_stays_as_words(sheet: dict[str, Activity]) -> None:
    assert "Mail: sorg(a)sognet.example" in sheet["Café Sorgen"].description


@pytest.mark.parametrize(
    ("title", "cost"),
    [
        ("Kortspil", {"amount": 0.0, "currency": "DKK"}),
        ("Kaffe og snak", {"amount": 20.0, "currency": "DKK"}),
        ("Kor for begyndere", {"amount": 1234.5, "currency": "DKK"}),
        ("Cykelhold", {"amount": 150.0, "currency": "DKK", "per": "year"}),
        ("Krea-værksted", {"note": "fra 50 kr. + materialer"}),
        ("Strikkecafé", {"note": "gratis for medlemmer"}),
        ("Yin yoga", {"note": "1.200 kr. pr. sæson"}),
    ],
)
def test_prices(sheet: dict[str, Activity], title: str, cost: Mapping[str, object]) -> None:
    assert stated(sheet[title].cost) == cost


@pytest.mark.parametrize(
    ("title", "no_sign_up"),
    [("Mandetræf", True), ("Læsekreds", False), ("Gåtur i skoven", True)],
)
def test_signing_up(sheet: dict[str, Activity], title: str, no_sign_up: bool) -> None:
    first_visit = sheet[title].first_visit
    assert first_visit is not None
    assert first_visit.no_sign_up is no_sign_up


def test_for_whom_in_words_stays_as_words(sheet: dict[str, Activity]) -> None:
    men = sheet["Mandetræf"]
    assert (men.ages, "Målgruppe: Mænd over 50" in men.description) == (None, True)


def test_empty_cells_state_nothing(sheet: dict[str, Activity]) -> None:
    friend = sheet["Besøgsven"]
    assert set(friend.model_dump(exclude_none=True, exclude_defaults=True)) == {
        "id",
        "title",
        "description",
        "text_language",
        "provider",
    }


# The same in other words


def test_other_spellings_of_the_columns_are_read_too() -> None:
    dance = activities(read(FIXTURES / "other_spelling"))["Linedance"]
    assert dance.provider is not None
    assert dance.place is not None
    assert (dance.provider.phone, dance.place.postcode, dance.place.town) == (
        "00 11 11 11",
        "0999",
        "Nordby",
    )


def test_a_date_is_one_session_on_its_weekday() -> None:
    (lunch,) = activities(read(FIXTURES / "other_spelling"))["Julefrokost"].sessions
    day = date(2026, 12, 12)
    assert (lunch.day, lunch.start, lunch.from_date, lunch.until) == ("sat", "13:00", day, day)


def test_a_row_that_is_cancelled_is_left_out_and_told() -> None:
    items = read(FIXTURES / "other_spelling")
    assert "Zumba" not in activities(items)
    assert problems(items, "note") == [("oversigt.csv, line 4", "Status")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encodings_and_separators_make_no_difference(
    tmp_path: Path, sheet: dict[str, Activity], encoding: str, delimiter: str
) -> None:
    text = (DANISH / "aktiviteter.csv").read_text(encoding="utf-8-sig")
    text = text.replace('"Scene; lys og lyd"', '"Scene; lys og lyd"'.replace(";", "&"))
    text = text.replace(";", delimiter).replace("&", ";")
    (tmp_path / "ark.csv").write_bytes(text.encode(encoding))
    assert activities(read(tmp_path)) == sheet


def test_line_ends_of_windows_make_no_difference(
    tmp_path: Path, sheet: dict[str, Activity]
) -> None:
    text = (DANISH / "aktiviteter.csv").read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "ark.csv").write_bytes(text)
    assert activities(read(tmp_path)) == sheet


def test_a_file_without_a_telling_name_is_known_by_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "stdin"
    file.write_bytes((DANISH / "aktiviteter.csv").read_bytes())
    assert TablesReader().recognises(file)


# Faults in files


def with_rows(tmp_path: Path, *rows: str) -> list[Activity | Problem]:
    header = "Aktivitet;Forening;Ugedag;Tidspunkt;Pris"
    (tmp_path / "ark.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return read(tmp_path)


def test_an_open_quote_costs_one_row(tmp_path: Path) -> None:
    items = with_rows(tmp_path, 'Kor;"AOF;mandag;10-12;', "Bowling;IF;tirsdag;10-12;", "Spil;IF;;;")
    assert list(activities(items)) == ["Bowling", "Spil"]
    assert problems(items, "rejected") == [("ark.csv, line 2", "")]


def test_too_many_cells_keep_a_row_out(tmp_path: Path) -> None:
    items = with_rows(tmp_path, "Kor;AOF;mandag;10-12;5;6;7", "Bowling;IF;tirsdag;10-12;")
    assert list(activities(items)) == ["Bowling"]
    assert problems(items, "rejected") == [("ark.csv, line 2", "")]


def test_a_cell_without_end_is_told_and_the_next_rows_stay(tmp_path: Path) -> None:
    items = with_rows(tmp_path, f"Kor;{'a' * 1_000_000};;;", "Bowling;IF;tirsdag;10-12;")
    assert list(activities(items)) == ["Bowling"]


def test_two_rows_with_the_same_words_are_both_kept_and_told(tmp_path: Path) -> None:
    items = with_rows(tmp_path, "Kor;AOF;mandag;10-12;", "Kor;AOF;mandag;13-15;")
    first, second = (item.id for item in items if isinstance(item, Activity))
    assert second == f"{first}-2"
    assert problems(items, "note") == [("ark.csv, line 3", "Aktivitet or Forening or Ugedag")]


def test_a_made_id_does_not_depend_on_the_place_of_the_row(tmp_path: Path) -> None:
    rows = ["Kor;AOF;mandag;10-12;", "Bowling;IF;tirsdag;10-12;"]
    ids = {title: a.id for title, a in activities(with_rows(tmp_path, *rows)).items()}
    assert {t: a.id for t, a in activities(with_rows(tmp_path, *reversed(rows))).items()} == ids


def test_tables_that_nothing_fits_are_an_error_that_names_their_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Foo;Bar\n1;2\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"a\.csv: no mapping fits .*: Foo, Bar"):
        read(tmp_path)


def test_an_error_repeats_no_row_that_may_be_about_somebody(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Ida Holm;010203-1234;ida@x.example\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path)
    assert "Ida" not in str(caught.value)


@pytest.mark.parametrize("feed", ["hsds-1.1-ilao", "hsds-3.0/examples/csv", "openactive"])
def test_tables_of_other_dialects_are_not_recognised(feed: str) -> None:
    if not OHANA.is_dir():
        pytest.skip("the shared feeds are not beside the checkout")
    assert not TablesReader().recognises(OHANA.parent / feed)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0", b'{"title": "x"}', b"PK\x03\x04 no zip", b"<html>", b"\xff\xfe"]
)
def test_other_files_are_not_recognised(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    assert not TablesReader().recognises(tmp_path / "file.csv")


# Ohana: a real directory of San Mateo County, where it lies beside the checkout. Counted by hand in
# the files: 23 services, of which 20 is defunct and 21 inactive; each is at one of 22 locations.


@pytest.fixture(scope="module")
def ohana_items() -> list[Activity | Problem]:
    if not OHANA.is_dir():
        pytest.skip("the shared feeds are not beside the checkout")
    return read(OHANA)


@pytest.fixture(scope="module")
def ohana(ohana_items: list[Activity | Problem]) -> dict[str, Activity]:
    return {item.id: item for item in ohana_items if isinstance(item, Activity)}


def test_ohana_is_recognised() -> None:
    if not OHANA.is_dir():
        pytest.skip("the shared feeds are not beside the checkout")
    assert TablesReader().recognises(OHANA)


def test_ohana_has_21_active_services(ohana: dict[str, Activity]) -> None:
    assert len(ohana) == 21


def test_ohana_tells_the_two_that_are_not_active(ohana_items: list[Activity | Problem]) -> None:
    told = [where for where, field in problems(ohana_items, "note") if field == "status"]
    assert told == ["services.csv, line 21", "services.csv, line 22"]


def test_ohana_places_every_service(ohana: dict[str, Activity]) -> None:
    # The 21 active services are at locations 1 to 19 and, two of them, 22: all have coordinates.
    assert sum(a.coordinates is not None for a in ohana.values()) == 21


def test_ohana_states_three_sessions(ohana: dict[str, Activity]) -> None:
    # Of the 11 rows of regular_schedules.csv only 8, 9 and 10 name a service: 22.
    assert {key: sessions(a) for key, a in ohana.items() if a.sessions} == {
        "ohana-22": [
            ("mon", "08:00", "12:00"),
            ("mon", "14:00", "16:00"),
            ("wed", "10:00", "15:00"),
        ]
    }


def test_ohana_states_no_price_but_21_notes(ohana: dict[str, Activity]) -> None:
    # services.csv: fees is prose, filled in for all but services 20 and 21.
    costs = [a.cost for a in ohana.values() if a.cost]
    assert (len(costs), {cost.amount for cost in costs}) == (21, {None})


def test_ohana_states_access_of_16_services(ohana: dict[str, Activity]) -> None:
    # locations.csv: accessibility is filled in for 17; 21 is not active's, 11 has only a ramp, and 22
    # holds two services.
    assert sum(a.access is not None for a in ohana.values()) == 16


def test_ohana_access_codes(ohana: dict[str, Activity]) -> None:
    assert stated(ohana["ohana-10"].access) == dict.fromkeys(
        ("wheelchair", "lift", "accessible_toilet", "accessible_parking", "visual_support"), True
    )


def test_ohana_states_languages_of_17_services(ohana: dict[str, Activity]) -> None:
    # locations.csv: languages is filled in for 1 to 10, 14, 15, 16, 18, 19 and 22 (two services).
    assert sum(bool(a.languages) for a in ohana.values()) == 17


def test_ohana_languages_of_the_service_go_before_those_of_the_location(
    ohana: dict[str, Activity],
) -> None:
    assert (ohana["ohana-22"].languages, ohana["ohana-2"].languages) == (
        ("es",),
        ("zh", "tl", "it", "es"),
    )


def test_ohana_themes_have_labels(ohana: dict[str, Activity]) -> None:
    themes = ohana["ohana-22"].themes
    assert [theme.code for theme in themes] == [
        *("105", "108", "108-05", "108-05-01", "111", "111-05")
    ]
    assert all(theme.label for theme in themes)


def test_ohana_phones_are_no_fax(ohana: dict[str, Activity]) -> None:
    provider = ohana["ohana-2"].provider
    assert provider is not None
    assert (provider.name, provider.phone) == ("Peninsula Family Service", "650 403-4300 ext. 4385")


def test_ohana_tells_rows_that_belong_to_no_activity(
    ohana_items: list[Activity | Problem],
) -> None:
    reasons = [p.reason for p in ohana_items if isinstance(p, Problem)]
    assert any(reason.startswith("of schedules, 8 of 11 rows") for reason in reasons)


def test_ohana_loses_nothing_else(ohana_items: list[Activity | Problem]) -> None:
    # Location 22 names Taiwanese among its languages, which has no code.
    assert problems(ohana_items, "mended") == [("locations.csv, line 23", "languages")]
    assert problems(ohana_items, "rejected") == []
