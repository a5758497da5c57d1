"""The page: every number is in a table, it loads nothing, and no text of a feed acts as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from reported import EQUAL, ON, TOWN, report_of

from making import make_activity
from spmatch.errors import Problem
from spmatch.quality import SourceResult, build_report, to_html
from spmatch.quality.bars import Share, bar, wide_bar
from spmatch.quality.records import Part
from spmatch.quality.shown import count_and_share, fine_percent, percent

HOSTILE = "<script>alert(1)</script>\"'&\x00"


class Page(HTMLParser):
    """Tags with their attributes, text, and tables as rows of text by their captions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._open: list[str] = []
        self._caption = ""
        self._rows: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag == "meta":
            return
        self._open.append(tag)
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "table":
            self.tables.setdefault(self._caption, self._rows)

    def handle_data(self, data: str) -> None:
        if "caption" in self._open:
            self._caption += data
        elif self._rows and ("td" in self._open or "th" in self._open):
            self._rows[-1][-1] += data

    def row(self, caption: str, head: str) -> list[str]:
        return next(row for row in self.tables[f"{caption} town"] if row[0] == head)


PAGE_TEXT = to_html(report_of(*TOWN))
PAGE = Page(PAGE_TEXT)


@pytest.mark.parametrize(
    ("caption", "row"),
    [
        (
            "How each reference limit comes out",
            ["At most 50 DKK a session", "", "50 %", "2 of 4", "1", "1", "2", "1.000"],
        ),
        ("Facts that limits use", ["Price, as an amount", "", "50 %", "2 of 4"]),
        ("Access", ["A lift", "", "50 %", "2 of 4", "1", "1"]),
        ("How the provider is reached", ["Phone", "", "50 %", "2 of 4"]),
        ("Placed by, in numbers", ["Coordinates", "2 of 4", "50 %"]),
    ],
)
def test_every_bar_stands_beside_its_numbers(caption: str, row: list[str]) -> None:
    assert PAGE.row(caption, row[0]) == row


def test_no_head_of_a_table_is_empty() -> None:
    assert all(all(rows[0]) for rows in PAGE.tables.values())


def test_a_page_needs_no_script_and_loads_nothing() -> None:
    assert not {tag for tag, _ in PAGE.tags} & {"script", "link", "img", "iframe"}
    assert not re.search(r"https?://|@import|url\((?!#)", PAGE_TEXT)


def test_a_page_forbids_itself_to_load_anything() -> None:
    policies = [held.get("content", "") for tag, held in PAGE.tags if tag == "meta"]
    assert any(policy.startswith("default-src 'none'") for policy in policies)


def test_headings_are_in_order() -> None:
    levels = [int(tag[1]) for tag, _ in PAGE.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[:3] == [1, 2, 3]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_no_id_is_used_twice() -> None:
    sources = [SourceResult("a", TOWN[:2]), SourceResult("b", TOWN[2:])]
    page = Page(to_html(build_report(sources, ON, usage=EQUAL)))
    ids = [held["id"] for _, held in page.tags if "id" in held]
    assert len(ids) == len(set(ids))


def test_no_two_tables_have_one_caption() -> None:
    sources = [SourceResult("a", TOWN[:2]), SourceResult("b", TOWN[2:])]
    page = Page(to_html(build_report(sources, ON, usage=EQUAL)))
    regions = [held["aria-label"] for _, held in page.tags if held.get("role") == "region"]
    assert len(regions) == len(set(regions))


def test_every_link_leads_somewhere() -> None:
    ids = {held.get("id") for _, held in PAGE.tags}
    assert {held["href"].removeprefix("#") for tag, held in PAGE.tags if tag == "a"} <= ids


def test_every_plot_is_named_or_stands_beside_its_numbers() -> None:
    plots = [held for tag, held in PAGE.tags if tag == "svg"]
    assert all(held.get("role") == "img" or held.get("aria-hidden") == "true" for held in plots)


def test_text_of_a_feed_is_never_markup() -> None:
    hostile = make_activity("a", title="x", provider={"name": HOSTILE, "phone": HOSTILE + "1"})
    problem = Problem(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    report = build_report([SourceResult(HOSTILE, [hostile], [problem])], ON, usage=EQUAL)
    page = Page(to_html(report))
    assert "script" not in {tag for tag, _ in page.tags}


def test_several_sources_stand_side_by_side() -> None:
    sources = [SourceResult("a", TOWN[:2]), SourceResult("b", TOWN[2:])]
    page = Page(to_html(build_report(sources, ON, usage=EQUAL)))
    rows = [row[:2] for row in page.tables["Sources side by side"]]
    assert rows == [["Source", "Activities"], ["a", "2"], ["b", "2"], ["All sources", "4"]]


def test_an_empty_source_makes_a_page() -> None:
    page = Page(to_html(report_of()))
    assert page.row("Facts that limits use", "Price, as an amount")[2:] == ["–", "0 of 0"]


def test_the_same_report_makes_the_same_page() -> None:
    assert to_html(report_of(*TOWN)) == PAGE_TEXT


def test_no_undefined_number_is_shown() -> None:
    for text in (PAGE_TEXT, to_html(report_of())):
        assert not re.search(r">\s*(nan|inf|None)\b|\b(nan|inf) ?%", text)


# Bars


def test_a_bar_is_as_long_as_its_share() -> None:
    drawn = bar([Share("met", 1, "solid")], 4).text
    assert 'width="50.0"' in drawn


def test_parts_of_a_bar_follow_each_other() -> None:
    drawn = bar([Share("met", 1, "solid"), Share("not met", 1, "hatch")], 4).text
    assert re.findall(r'x="([\d.]+)" y="1" width="50.0"', drawn) == ["1.0", "51.0"]


def test_a_bar_of_nothing_is_an_empty_frame() -> None:
    assert bar([Share("met", 0, "solid")], 0).text.count("<rect") == 1


def test_a_wide_bar_says_its_numbers() -> None:
    drawn = wide_bar([Share("Near", 3, "solid"), Share("Far", 1, "none")], key="k", title="Places")
    assert "Near 3, Far 1, of 4." in drawn.text


# Numbers as they are read


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (0.004, "< 1 %"), (0.5, "50 %"), (0.996, "> 99 %"), (1.0, "100 %"), (None, "–")],
)
def test_a_percentage(share: float | None, shown: str) -> None:
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.0216, "2.2 %"), (None, "–")]
)
def test_a_fine_percentage(share: float | None, shown: str) -> None:
    assert fine_percent(share) == shown


@pytest.mark.parametrize(
    ("part", "shown"), [(Part.make(0, 12), "0 of 12 (0 %)"), (Part.make(0, 0), "0 of 0")]
)
def test_a_count_with_its_share(part: Part, shown: str) -> None:
    assert count_and_share(part) == shown
