"""The report holds every number as it was found, loads nothing, and lets no text act as markup."""

from __future__ import annotations

import csv
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from reporting import HOSTILE, MEASURES, make_results

from spmatch.evaluation.charts import Row, SeriesRow, interval_chart, series_chart
from spmatch.evaluation.exports import write_tables
from spmatch.evaluation.markup import element, escape, table
from spmatch.evaluation.report import render_report, write_report
from spmatch.evaluation.results import Results
from spmatch.evaluation.shown_numbers import shown, shown_p, shown_signed
from spmatch.evaluation.summary import render_summary, write_summary


class Page(HTMLParser):
    """What a browser would see: tags with attributes, and tables as rows of text and data values."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.values: dict[str, list[list[list[float]]]] = {}
        self._open: list[str] = []
        self._caption = ""
        self._rows: list[list[str]] = []
        self._values: list[list[list[float]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "meta":
            return
        self._open.append(tag)
        if tag == "table":
            self._caption, self._rows, self._values = "", [], []
        elif tag == "tr":
            self._rows.append([])
            self._values.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
            self._values[-1].append([])
        elif tag == "data" and ("td" in self._open or "th" in self._open):
            self._values[-1][-1].append(float(attributes["value"]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "table":
            self.tables[self._caption] = self._rows
            self.values[self._caption] = self._values

    def handle_data(self, data: str) -> None:
        if "caption" in self._open:
            self._caption += data
        elif "td" in self._open or "th" in self._open:
            self._rows[-1][-1] += data

    def closed(self) -> bool:
        return not self._open

    def named(self, start: str) -> tuple[list[list[str]], list[list[list[float]]]]:
        """Text and data values of the one table whose caption starts so, without its heads."""
        (caption,) = [one for one in self.tables if one.startswith(start)]
        return self.tables[caption][1:], self.values[caption][1:]

    def cell(self, start: str, row: int, head: str) -> str:
        (caption,) = [one for one in self.tables if one.startswith(start)]
        heads, *rows = self.tables[caption]
        return rows[row][heads.index(head)]


@pytest.fixture(scope="module")
def results() -> Results:
    return make_results()


@pytest.fixture(scope="module")
def page(results: Results) -> Page:
    return Page(render_report(results))


@pytest.fixture(scope="module")
def hostile() -> str:
    whole = make_results(HOSTILE, notes=(HOSTILE,))
    change = whole.changes[0]
    placed = change.suggestions[0].model_copy(update={"title": HOSTILE, "activity_id": HOSTILE})
    changed = change.model_copy(update={"profile_text": HOSTILE, "suggestions": (placed,)})
    worst = whole.slices[0].model_copy(update={"group": HOSTILE})
    return render_report(whole.model_copy(update={"changes": (changed,), "slices": (worst,)}))


# --- numbers


def test_every_measure_of_every_system_has_all_its_digits(results: Results, page: Page) -> None:
    _, values = page.named("Every measure of every system")
    for row, info in enumerate(results.measures):
        means = [one.measures[info.name].mean for one in results.systems]
        assert [number for cell in values[row] for number in cell] == [
            mean for mean in means if mean is not None
        ]


def test_a_mean_is_shown_rounded_with_its_interval(page: Page) -> None:
    assert page.cell("Every measure", 0, "The default") == "0.612 (0.561 to 0.662)"


def test_a_count_is_shown_with_two_decimals(page: Page) -> None:
    assert page.cell("Every measure", 1, "BM25") == "3.46 (3.41 to 3.51)"


def test_an_undefined_value_is_a_dash_and_not_zero(page: Page) -> None:
    assert page.cell("Every measure", 2, "BM25").split(" ")[0] == "–"


def test_a_value_over_fewer_profiles_says_how_many(page: Page) -> None:
    assert page.cell("Every measure", 2, "BM25").endswith("n 0")


def test_the_short_table_holds_the_headline_measures(page: Page) -> None:
    (heads,) = [rows[0] for name, rows in page.tables.items() if name.startswith("Systems by")]
    assert heads == ["System", "nDCG@10", "Providers@5"]


def test_a_comparison_has_all_the_digits_of_its_difference_and_p(page: Page) -> None:
    _, values = page.named("Comparisons")
    assert [number for cell in values[0] for number in cell] == [0.1555565, 0.0001234, 0.0123456]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Difference", "+0.156"),
        ("Interval", "+0.081 to +0.230"),
        ("p", "< 0.001"),
        ("p (Holm)", "0.012"),
        ("Wins", "41"),
        ("Ties", "6"),
        ("Losses", "13"),
    ],
)
def test_a_comparison_shows(page: Page, head: str, text: str) -> None:
    assert page.cell("Comparisons", 0, head) == text


def test_a_slice_shows_its_number_of_profiles(page: Page) -> None:
    assert page.cell("Normalised gain (nDCG@10) by slice", 0, "Profiles") == "12"


def test_a_slice_shows_every_system_and_the_rest(page: Page) -> None:
    _, values = page.named("Normalised gain (nDCG@10) by slice")
    assert [number for cell in values[0] for number in cell] == [0.4123456, 0.3434343, 0.6412345]


def test_a_slice_that_is_too_small_is_named_without_a_number(page: Page) -> None:
    rows, values = page.named("Slices of fewer than 10")
    assert rows == [["gender: other", "3"]]
    assert values == [[[], []]]


def test_an_ablation_shows_its_value_and_its_difference(page: Page) -> None:
    _, values = page.named("One factor left out")
    assert [number for cell in values[0] for number in cell] == [0.5912345, -0.0211111]


def test_calibration_shows_what_came_true(page: Page) -> None:
    _, values = page.named("Calibration of the confidence")
    assert [number for cell in values[0] for number in cell] == [0.7654321, 0.8234567, 0.9123456]


def test_exposure_shows_shares_and_ratio(page: Page) -> None:
    _, values = page.named("Exposure that The default gives")
    expected = [0.2312345, 0.2098765, 0.1876543, 0.8941176]
    assert [number for cell in values[0] for number in cell] == expected


def test_both_lists_of_a_changed_profile_are_shown(page: Page) -> None:
    default, _ = page.named("The default, p002")
    other, _ = page.named("BM25, p002")
    assert default == [["1", "Choir a1", "3", "none", "cost"]]
    assert other == [["1", "Chess a2", "not judged", "none", "none"]]


def test_the_headline_has_the_worst_slice_in_the_same_size(results: Results) -> None:
    text = render_report(results)
    card = text[text.index('class="card"') : text.index("</section>")]
    big = re.findall(r'<p class="big"><data value="([0-9.]+)">', card)
    assert big == ["0.6123456", "0.4123456"]


@pytest.mark.parametrize("text", ["a" * 64, "b" * 64, "c" * 64, "2026-11-24", "0.4.3", "Seed"])
def test_what_the_numbers_rest_on_is_stated(page: Page, text: str) -> None:
    cells = {cell for rows in page.tables.values() for row in rows for cell in row}
    assert text in cells


def test_empty_parts_are_left_out() -> None:
    names = ("comparisons", "changes", "slices", "withheld", "ablations", "notes")
    empty = make_results(**dict.fromkeys(names, ()))
    assert 'id="comparisons"' not in render_report(empty)


# --- one file, the same every time


def test_the_same_results_give_the_same_bytes(tmp_path: Path, results: Results) -> None:
    write_report(results, tmp_path / "a.html")
    write_report(Results.model_validate_json(results.model_dump_json()), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_nothing_is_loaded_from_outside(page: Page) -> None:
    loading = {"src", "srcset", "data", "poster", "action", "xlink:href", "background"}
    assert not [tag for tag, attributes in page.tags if loading & set(attributes)]


def test_every_link_stays_in_the_page(page: Page) -> None:
    links = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
    ids = {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    assert links
    assert set(links) <= ids


def test_no_element_that_runs_or_loads_is_used(page: Page) -> None:
    assert not {"script", "link", "img", "iframe", "object", "embed"} & {
        tag for tag, _ in page.tags
    }


def test_the_style_loads_nothing(results: Results) -> None:
    assert not re.search(r"url\(|@import|https?://", render_report(results))


def test_the_page_forbids_loading(results: Results) -> None:
    assert "default-src 'none'" in render_report(results)


# --- hostile text


def test_hostile_text_makes_no_element(hostile: str) -> None:
    assert "script" not in {tag for tag, _ in Page(hostile).tags}


def test_hostile_text_makes_no_attribute(hostile: str) -> None:
    assert not [tag for tag, attributes in Page(hostile).tags if "src" in attributes]


def test_hostile_text_closes_nothing(hostile: str) -> None:
    assert Page(hostile).closed()


def test_hostile_text_is_shown_as_it_was_written(hostile: str) -> None:
    rows, _ = Page(hostile).named(f"{HOSTILE}, p002")
    assert rows[0][1] == f"{HOSTILE} {HOSTILE}"


def test_characters_that_html_forbids_are_replaced() -> None:
    assert escape("a\x00b\x1bc\td") == "a\ufffdb\ufffdc\td"


def test_an_attribute_is_escaped() -> None:
    assert element("p", title='"><b>').text == '<p title="&quot;&gt;&lt;b&gt;"></p>'


# --- accessible


def test_every_table_has_a_caption(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert tags.count("caption") == tags.count("table") > 8


def test_every_head_of_a_table_has_a_scope(page: Page) -> None:
    assert {attributes.get("scope") for tag, attributes in page.tags if tag == "th"} == {
        "col",
        "row",
    }


def test_every_plot_is_named_and_described(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    plots = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(plots) == 6
    assert all(set(one["aria-labelledby"].split()) <= set(ids) for one in plots)


def test_ids_are_unique(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_caption_with_a_number_names_its_region_in_plain_text() -> None:
    made = table(element("b", "a & b"), ["x"], []).text
    assert 'aria-label="a &amp; b"' in made


# --- plots


def plot(rows: list[Row], **how: object) -> ElementTree.Element:
    settings = {"key": "k", "title": "t", "description": "d", "axis": "a", **how}
    text = interval_chart(rows, **settings).text  # type: ignore[arg-type]
    return ElementTree.fromstring(text)


def test_marks_stand_in_the_order_of_their_values() -> None:
    drawn = plot([Row(str(value), value) for value in (0.1, 0.5, 0.9)])
    places = [float(one.attrib["cx"]) for one in drawn.iter("circle")]
    assert places == sorted(places)
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.15)


def test_an_interval_is_drawn_from_its_low_to_its_high_end() -> None:
    drawn = plot([Row("a", 0.4, 0.2, 0.6), Row("b", 0.2), Row("c", 0.6)])
    low, high = [float(one.attrib["cx"]) for one in drawn.iter("circle")][1:]
    whisker = next(one for one in drawn.iter("line") if one.attrib["class"] == "whisker")
    assert (float(whisker.attrib["x1"]), float(whisker.attrib["x2"])) == (low, high)


def test_a_bar_starts_at_the_reference() -> None:
    drawn = plot([Row("a", -0.2), Row("b", 0.3)], mark="bar", reference=0.0, signed=True)
    zero = next(
        float(one.attrib["x1"]) for one in drawn.iter("line") if one.attrib["class"] == "reference"
    )
    down, up = list(drawn.iter("rect"))
    end = float(down.attrib["x"]) + float(down.attrib["width"])
    assert end == pytest.approx(zero, abs=0.15)
    assert float(up.attrib["x"]) == zero


def test_an_undefined_value_has_no_mark() -> None:
    assert not list(plot([Row("a", None)]).iter("circle"))


def test_a_plot_of_equal_values_can_be_drawn() -> None:
    assert len(list(plot([Row("a", 0.0), Row("b", 0.0)]).iter("circle"))) == 2


def test_a_long_label_is_cut() -> None:
    texts = [one.text or "" for one in plot([Row("x" * 200, 0.5)]).iter("text")]
    assert max(len(text) for text in texts) <= 46


def test_series_differ_by_shape() -> None:
    made = series_chart(
        [SeriesRow("a", (0.1, 0.2, None)), SeriesRow("b", (0.1, 0.2, 0.3))],
        ["one", "two", "three"],
        key="k",
        title="t",
        description="d",
        axis="a",
    )
    drawn = ElementTree.fromstring(made.text)
    # The legend has one of each.
    counts = [len(list(drawn.iter(tag))) for tag in ("circle", "rect", "polygon")]
    assert counts == [3, 3, 2]


# --- how numbers are shown


@pytest.mark.parametrize(
    ("value", "text"), [(0.12345, "0.123"), (-0.5, "−0.500"), (-0.0001, "0.000"), (None, "–")]
)
def test_a_number_is_shown(value: float | None, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "+0.123"), (-0.5, "−0.500"), (0.0001, "0.000"), (-0.0001, "0.000")],
)
def test_a_difference_is_shown(value: float, text: str) -> None:
    assert shown_signed(value) == text


@pytest.mark.parametrize(("p", "text"), [(0.0004, "< 0.001"), (0.0005, "0.001"), (1.0, "1.000")])
def test_a_p_value_is_shown(p: float, text: str) -> None:
    assert shown_p(p) == text


# --- summary


def test_the_summary_has_the_worst_slice_beside_the_mean(results: Results) -> None:
    assert (
        "0.612 (0.561 to 0.662; 60 profiles); worst slice age band: 75+, "
        "0.412 (0.301 to 0.530; 12 profiles)" in render_summary(results)
    )


def test_the_summary_has_a_row_a_system(results: Results) -> None:
    row = "| BM25 | 0.457 (0.406 to 0.507) | 3.46 (3.41 to 3.51) |"
    assert row in render_summary(results).splitlines()


def test_the_summary_has_the_comparisons_of_its_first_measure(results: Results) -> None:
    row = "| The default − BM25 | +0.156 | +0.081 to +0.230 | \\< 0.001 | 0.012 | 41/6/13 |"
    assert row in render_summary(results).splitlines()


def test_hostile_text_stays_text_in_the_summary() -> None:
    text = render_summary(make_results(HOSTILE))
    assert not re.search(r"(?<!\\)[<>]", text)
    rows = [row for row in text.splitlines() if "evil" in row and row.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4, 7}


def test_the_summary_is_written_with_the_same_bytes(tmp_path: Path, results: Results) -> None:
    write_summary(results, tmp_path / "a.md")
    assert (tmp_path / "a.md").read_bytes() == render_summary(results).encode()


# --- JSON and CSV


@pytest.fixture(scope="module")
def tables(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(results, folder)
    return folder


def read(tables: Path, name: str) -> list[dict[str, str]]:
    with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_json_reads_back_as_the_same_results(tables: Path, results: Results) -> None:
    text = (tables / "results.json").read_text(encoding="utf-8")
    assert Results.model_validate_json(text) == results


def test_the_csv_of_systems_has_every_digit(tables: Path, results: Results) -> None:
    for row in read(tables, "systems"):
        (system,) = [one for one in results.systems if one.name == row["system"]]
        mean = system.measures[row["measure"]].mean
        assert row["mean"] == ("" if mean is None else repr(mean))


def test_the_csv_of_systems_has_a_row_a_measure_and_system(tables: Path) -> None:
    assert len(read(tables, "systems")) == 2 * len(MEASURES)


def test_an_undefined_value_of_a_profile_is_an_empty_cell(tables: Path) -> None:
    assert [row["value"] for row in read(tables, "profiles")] == ["0.6123456", "", "0.4567891", ""]


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("coverage", "catalogue_coverage", 0.2345678),
        ("headline", "worst_mean", 0.4123456),
        ("comparisons", "p_holm", 0.0123456),
        ("slices", "low", 0.3012345),
        ("withheld", "profiles", 3),
        ("ablations", "difference_mean", -0.0211111),
        ("calibration", "mean", 0.7654321),
        ("exposure", "ratio", 0.8941176),
        ("changes", "against_value", 0.0512345),
    ],
)
def test_a_table_holds_its_numbers(tables: Path, name: str, column: str, expected: float) -> None:
    assert float(read(tables, name)[0][column]) == expected


def test_the_provenance_is_a_table_too(tables: Path) -> None:
    rows = {row["what"]: row["value"] for row in read(tables, "provenance")}
    assert rows["provenance.catalogue_hash"] == "a" * 64
    assert rows["collection.judgements_by_grade.3"] == "345"


def test_the_tables_are_written_with_the_same_bytes(
    tables: Path, results: Results, tmp_path: Path
) -> None:
    write_tables(results, tmp_path)
    for file in tables.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_a_number_that_is_not_finite_is_refused(tmp_path: Path, results: Results) -> None:
    broken = results.systems[0].model_copy(update={"catalogue_coverage": math.nan})
    with pytest.raises(ValueError, match="JSON"):
        write_tables(results.model_copy(update={"systems": (broken,)}), tmp_path)
