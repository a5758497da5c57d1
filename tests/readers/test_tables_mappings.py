"""Mappings: found, extended, joined over tables; and all mistakes in one told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.activity import Activity
from spmatch.errors import CatalogueError, Problem
from spmatch.readers.mapping_file import load_mapping, ready_mappings
from spmatch.readers.tables import TablesReader

HEAD = 'name = "x"\nstyle = "en"\n'
ID_AND_TITLE = '[fields]\nid = "Nr"\ntitle = "Club"\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, mapping: str, **tables: str) -> list[Activity | Problem]:
    files = {"mapping.toml": mapping, **{f"{name}.csv": text for name, text in tables.items()}}
    return list(TablesReader().read(write(folder, files)))


def one(items: list[Activity | Problem]) -> Activity:
    (activity,) = (item for item in items if isinstance(item, Activity))
    return activity


def mistakes(folder: Path, mapping: str, **tables: str) -> list[tuple[str, str]]:
    with pytest.raises(CatalogueError) as caught:
        read(folder, mapping, **tables or {"clubs": "Nr,Club\n1,Chess\n"})
    return [(problem.field, problem.remedy) for problem in caught.value.problems]


# Found


def test_the_mapping_beside_the_tables_is_used(tmp_path: Path) -> None:
    assert one(read(tmp_path, HEAD + ID_AND_TITLE, clubs="Nr,Club\n1,Chess\n")).id == "1"


def test_a_mapping_that_is_given_goes_before(tmp_path: Path) -> None:
    write(tmp_path, {"mapping.toml": "broken", "clubs.csv": "Nr,Club\n1,Chess\n"})
    own = tmp_path / "own"
    own.mkdir()
    write(own, {"mine.toml": HEAD + ID_AND_TITLE})
    assert one(list(TablesReader(own / "mine.toml").read(tmp_path))).title == "Chess"


def test_a_folder_of_a_mapping_without_tables_is_not_recognised(tmp_path: Path) -> None:
    assert not TablesReader().recognises(write(tmp_path, {"mapping.toml": HEAD + ID_AND_TITLE}))


@pytest.mark.parametrize("file", ready_mappings(), ids=lambda file: file.stem)
def test_every_ready_mapping_can_be_recognised_by_columns(file: Path) -> None:
    assert load_mapping(file).head.recognise


def test_a_ready_mapping_can_be_extended(tmp_path: Path) -> None:
    mapping = 'extends = "danish_municipality"\nfill_down = ["Ugedag"]\n[fields]\n"place.name" = "Lokale"\n'
    sheet = "Aktivitet;Ugedag;Tidspunkt;Lokale;Pris\nKor;mandag;10-12;B1;5 kr.\nSpil;;13-15;B2;\n"
    _, spil = (item for item in read(tmp_path, mapping, ark=sheet) if isinstance(item, Activity))
    assert spil.place is not None
    assert (spil.sessions[0].day, spil.place.name) == ("mon", "B2")


# Values


def test_a_text_with_columns_is_not_stated_while_one_is_empty(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + '"provider.phone" = ["{Tel} ext. {Ext}", "Tel"]\n'
    items = read(tmp_path, mapping, clubs="Nr,Club,Tel,Ext\n1,Chess,001,7\n2,Bowls,002,\n")
    phones = [i.provider.phone for i in items if isinstance(i, Activity) and i.provider]
    assert phones == ["001 ext. 7", "002"]


def test_joined_columns_leave_out_the_empty_ones(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + 'description = { columns = ["About", "For: {Who}"] }\n'
    assert one(read(tmp_path, mapping, clubs="Nr,Club,About,Who\n1,Chess,,All\n")).description == (
        "For: All"
    )


def test_a_list_of_codes_with_a_value_map(tmp_path: Path) -> None:
    mapping = (
        HEAD
        + ID_AND_TITLE
        + 'access = { column = "Access", split = ",", values = { ramp = "", lift = "lift" } }\n'
    )
    activity = one(
        read(tmp_path, mapping, clubs='Nr,Club,Access\n1,Chess,"Ramp, lift, wheelchair"\n')
    )
    assert activity.access is not None
    assert activity.access.model_dump(exclude_none=True) == {"lift": True, "wheelchair": True}


def test_a_code_that_the_map_does_not_know_is_told_and_kept(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + 'delivery = { column = "How", values = { web = "online" } }\n'
    items = read(tmp_path, mapping, clubs="Nr,Club,How\n1,Chess,by pigeon\n")
    assert one(items).description == "How: by pigeon"
    assert [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)] == [
        ("clubs.csv, line 2", "How", "mended")
    ]


def test_a_pattern_takes_a_part_of_a_cell(tmp_path: Path) -> None:
    mapping = (
        HEAD + ID_AND_TITLE + """"place.town" = { column = "Town", pattern = '^\\d+ (.+)' }\n"""
    )
    activity = one(read(tmp_path, mapping, clubs="Nr,Club,Town\n1,Chess,0999 Elm\n"))
    assert activity.place is not None
    assert activity.place.town == "Elm"


def test_a_default_stands_where_a_cell_is_empty(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + 'gender = { column = "Sex", default = "any" }\n'
    assert one(read(tmp_path, mapping, clubs="Nr,Club,Sex\n1,Chess,\n")).gender == "any"


def test_a_currency_alone_is_no_cost(tmp_path: Path) -> None:
    mapping = HEAD + '[constants]\n"cost.currency" = "GBP"\n' + ID_AND_TITLE
    assert one(read(tmp_path, mapping, clubs="Nr,Club\n1,Chess\n")).cost is None


def test_a_constant_holds_for_every_row(tmp_path: Path) -> None:
    mapping = HEAD + '[constants]\nlanguages = "da, en"\n"access.lift" = true\n' + ID_AND_TITLE
    activity = one(read(tmp_path, mapping, clubs="Nr,Club\n1,Chess\n"))
    assert activity.access is not None
    assert (activity.languages, activity.access.lift) == (("da", "en"), True)


def test_a_constant_gives_way_to_a_column(tmp_path: Path) -> None:
    mapping = HEAD + '[constants]\ngender = "any"\n' + ID_AND_TITLE + 'gender = "Sex"\n'
    items = read(tmp_path, mapping, clubs="Nr,Club,Sex\n1,Chess,women\n2,Go,\n")
    assert [item.gender for item in items if isinstance(item, Activity)] == ["women", "any"]


def test_a_reduced_price(tmp_path: Path) -> None:
    mapping = (
        HEAD + ID_AND_TITLE + 'cost = "Cost"\n[[concessions]]\nfor = "students"\namount = "Less"\n'
    )
    cost = one(read(tmp_path, mapping, clubs="Nr,Club,Cost,Less\n1,Chess,£5,£2\n")).cost
    assert cost is not None
    assert [(c.for_whom, c.amount) for c in cost.concessions] == [("students", 2.0)]


def test_an_id_that_is_used_twice_is_told_with_both_rows(tmp_path: Path) -> None:
    items = read(tmp_path, HEAD + ID_AND_TITLE, clubs="Nr,Club\n1,Chess\n1,Bowls\n")
    assert one(items).title == "Chess"
    assert [(p.where, p.field, p.reason) for p in items if isinstance(p, Problem)] == [
        ("clubs.csv, line 3", "Nr", "clubs.csv, line 2 has the same id.")
    ]


def test_latitude_without_longitude_is_no_point(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + '"place.lat" = "Lat"\n"place.lon" = "Lon"\n'
    items = read(tmp_path, mapping, clubs="Nr,Club,Lat,Lon\n1,Chess,55.1,\n2,Bowls,,\n3,Go,155,9\n")
    assert [i.place for i in items if isinstance(i, Activity)] == [None, None, None]


@pytest.mark.parametrize(
    ("times", "sessions"),
    [
        ("Monday,10:00,12:00,,", [("mon", "10:00", "12:00")]),
        ("Monday,10am,3pm,,", [("mon", "10:00", "15:00")]),
        ("Monday,9am,03:00,,", [("mon", None, None)]),
        ("Monday,late,12:00,,", [("mon", None, "12:00")]),
        ("Monday,10:00,00:00,,", [("mon", "10:00", "24:00")]),
        (",,,24/11/2026,", [("tue", None, None)]),
        ("Monday,,,,now and then", []),
    ],
)
def test_days_and_times_in_columns_of_their_own(
    tmp_path: Path, times: str, sessions: list[object]
) -> None:
    mapping = (
        HEAD
        + ID_AND_TITLE
        + '[[sessions]]\nday = "Day"\nstart = "Start"\nend = "End"\ndate = "Date"\nevery = "Every"\n'
    )
    items = read(tmp_path, mapping, clubs=f"Nr,Club,Day,Start,End,Date,Every\n1,Chess,{times}\n")
    assert [(s.day, s.start, s.end) for s in one(items).sessions] == sessions


# Several tables

JOINED = (
    HEAD
    + 'rows = "clubs"\n[only]\nState = ["open"]\n'
    + ID_AND_TITLE
    + '"place.name" = "halls.name"\n"place.town" = "towns.name"\n'
    + '[[sessions]]\ntable = "times"\nday = "day"\n'
    + '[tables.halls]\nkey = "id"\nis = "hall"\n'
    + '[tables.towns]\nkey = "id"\nis = "halls.town"\n'
    + '[tables.times]\nkey = "club"\nis = "Nr"\n'
)
TABLES = {
    "clubs": "Nr,Club,State,hall\n1,Chess,open,7\n2,Bowls,shut,7\n3,Go,open,9\n",
    "halls": "id,name,town\n7,Old Hall,t\n",
    "towns": "id,name\nt,Elmtown\n",
    "times": "club,day\n1,mon\n1,fri\n2,tue\n",
}


def test_rows_of_other_tables_belong_to_an_activity_by_key(tmp_path: Path) -> None:
    chess = next(i for i in read(tmp_path, JOINED, **TABLES) if isinstance(i, Activity))
    assert chess.place is not None
    assert (chess.place.name, chess.place.town) == ("Old Hall", "Elmtown")
    assert [session.day for session in chess.sessions] == ["mon", "fri"]


def test_keys_that_lead_nowhere_rows_left_out_and_rows_not_used_are_told(tmp_path: Path) -> None:
    items = read(tmp_path, JOINED, **TABLES)
    assert [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)] == [
        ("clubs.csv, line 3", "State", "note"),
        ("clubs.csv, line 4", "hall", "mended"),
        ("times.csv, line 4", "", "note"),
    ]


def test_a_column_that_nothing_reads_is_told(tmp_path: Path) -> None:
    items = read(tmp_path, HEAD + ID_AND_TITLE, clubs="Nr,Club,Colour\n1,Chess,red\n")
    assert [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)] == [
        ("clubs.csv, line 1", "Colour", "note")
    ]


def test_a_column_that_is_left_out_on_purpose_is_not_told(tmp_path: Path) -> None:
    mapping = 'ignore = ["Colour"]\n' + HEAD + ID_AND_TITLE
    items = read(tmp_path, mapping, clubs="Nr,Club,Colour\n1,Chess,red\n")
    assert len(items) == 1


# Mistakes


def test_all_mistakes_of_a_mapping_are_told_at_once(tmp_path: Path) -> None:
    mapping = """
name = "x"
style = "dansk"
colour = "red"
[constants]
"price" = 5
"access.lift" = "perhaps"
[fields]
titel = "Club"
cost = { column = "Cost", columns = ["Cost"] }
delivery = { column = "How", values = { web = "on-line" } }
"place.town" = { column = "Town", pattern = "(" }
description = 5
[[sessions]]
table = "nowhere"
daay = "Day"
[tables.halls]
key = "id"
is = "towns.id"
[tables.towns]
key = "id"
"""
    assert [field for field, _ in mistakes(tmp_path, mapping)] == [
        "style",
        "colour",
        "constants.price",
        "constants.access.lift",
        "fields.description",
        "tables.towns.is",
        "sessions.1.daay",
        "fields.titel",
        "fields.cost",
        "fields.delivery",
        "fields.place.town",
        "fields.id",
        "fields.title",
    ]


def test_a_mistyped_field_is_told_what_it_may_have_been(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + '"place.adress" = "Street"\n'
    assert mistakes(tmp_path, mapping) == [("fields.place.adress", "Did you mean 'place.address'?")]


def test_all_columns_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    mapping = HEAD + ID_AND_TITLE + 'cost = "Prize"\nages = ["Ages", "Age group"]\n'
    found = mistakes(tmp_path, mapping, clubs="Nr,Club,Price\n1,Chess,5\n")
    assert found == [
        ("fields.cost", "Did you mean 'Price'?"),
        ("fields.ages", "There are: Nr, Club, Price."),
    ]


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    tables = {name: text for name, text in TABLES.items() if name != "towns"}
    assert [field for field, _ in mistakes(tmp_path, JOINED, **tables)] == ["tables.towns"]


def test_a_table_is_joined_after_the_one_it_points_from(tmp_path: Path) -> None:
    mapping = (
        HEAD
        + ID_AND_TITLE
        + '[tables.a]\nkey = "id"\nis = "b.id"\n[tables.b]\nkey = "id"\nis = "Nr"\n'
    )
    assert mistakes(tmp_path, mapping) == [("tables.a.is", "Write [tables.b] before [tables.a].")]


def test_no_table_with_the_title_is_told_with_the_tables_there_are(tmp_path: Path) -> None:
    ((field, remedy),) = mistakes(tmp_path, HEAD + ID_AND_TITLE, clubs="a,b\n1,2\n")
    assert field == "fields.title"
    assert remedy.endswith("Tables: clubs.csv.")


@pytest.mark.parametrize(
    "text", ["name = ", "\x00", "[fields]\nid = 1\n[fields]\n", "x" * 2_000_000]
)
def test_what_is_not_toml_is_one_problem(tmp_path: Path, text: str) -> None:
    assert len(mistakes(tmp_path, text)) == 1


def test_a_ready_mapping_that_does_not_exist_cannot_be_extended(tmp_path: Path) -> None:
    found = mistakes(tmp_path, 'extends = "../secret"\n')
    assert found == [("extends", "There are: danish_municipality, ohana.")]


# Anything at all

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "Kor",
            "mandag",
            "10-12",
            "ja",
            "35 kr.",
            "60+",
            "2026-11-24",
            '"',
            "a@b.dk",
            "999999",
        ]
    ),
    st.text(max_size=12),
)


@given(
    rows=st.lists(st.lists(CELLS, max_size=12), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_no_table_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], encoding: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    header = "Aktivitet;Forening;Ugedag;Tidspunkt;Pris;Alder;Mail;Opdateret;Elevator;Latitude;Sprog"
    text = "\n".join([header, *(";".join(row) for row in rows)])
    (folder / "ark.csv").write_bytes(text.encode(encoding, "replace"))
    for item in TablesReader().read(folder):
        assert isinstance(item, Activity) or (item.reason and item.remedy and item.where)
