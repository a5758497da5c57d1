"""The page about mappings: its example is run, and it names every key and field there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.mapping import ConcessionColumn, Head, SessionColumns, Way
from spmatch.readers.mapping_fields import TARGETS
from spmatch.readers.tables import TablesReader

PAGE = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> list[Activity | Problem]:
    folder = tmp_path_factory.mktemp("elmtown")
    (folder / "clubs.csv").write_text(block("csv"), encoding="utf-8")
    (folder / "mapping.toml").write_text(block("toml"), encoding="utf-8")
    return list(TablesReader().read(folder))


def told(activity: Activity) -> str:
    """The activity as the row of the page's table tells it."""
    sessions = ", ".join(f"{s.day} {s.start}-{s.end}" for s in activity.sessions)
    cost = activity.cost
    assert cost is not None
    price = f"{cost.amount:g} {cost.currency}" if cost.amount is not None else "not stated"
    price += f" per {cost.per}" if cost.per else ""
    price += f'; note "{cost.note}"' if cost.note else ""
    step_free = activity.access.step_free if activity.access else None
    words = {True: "yes", False: "no", None: "not stated"}
    checked = activity.verified_on or "not stated"
    return f"| {activity.title} | {sessions} | {price} | {words[step_free]} | {checked} |"


def test_the_example_gives_what_the_page_says(items: list[Activity | Problem]) -> None:
    rows = [told(item) for item in items if isinstance(item, Activity)]
    table = PAGE.split("What comes of it:")[1].split("\n\n")[1].splitlines()[2:]
    assert rows == table


def test_words_that_are_not_understood_are_kept_as_the_page_says(
    items: list[Activity | Problem],
) -> None:
    lunch = next(item for item in items if isinstance(item, Activity) and "Lunch" in item.title)
    assert lunch.description == (
        "A hot meal.\n\nStep-free?: partly\n\nWhen: Wed 12:00-13:30 (not in August)"
    )


def test_what_was_not_understood_is_told_by_line_and_column(
    items: list[Activity | Problem],
) -> None:
    problems = [(p.where, p.field, p.effect) for p in items if isinstance(p, Problem)]
    assert problems == [
        ("clubs.csv, line 6", "Step-free?", "mended"),
        ("clubs.csv, line 6", "When", "note"),
    ]


@pytest.mark.parametrize(
    "target", [t for t in TARGETS if t.split(".")[0] not in ("access", "first_visit")]
)
def test_every_field_is_on_the_page(target: str) -> None:
    assert f"`{target}`" in PAGE


@pytest.mark.parametrize("key", list(Head.model_fields))
def test_every_key_is_on_the_page(key: str) -> None:
    assert f"`{key}`" in PAGE or f"`[{key}]`" in PAGE


@pytest.mark.parametrize(
    "key",
    [info.alias or name for name, info in SessionColumns.model_fields.items()]
    + [info.alias or name for name, info in ConcessionColumn.model_fields.items()],
)
def test_every_key_of_sessions_and_concessions_is_on_the_page(key: str) -> None:
    assert re.search(rf"`{key}\b", PAGE)


@pytest.mark.parametrize("key", list(Way.model_fields))
def test_every_way_to_name_a_value_is_on_the_page(key: str) -> None:
    assert re.search(rf"\b{key} = |`{key}`", PAGE)
