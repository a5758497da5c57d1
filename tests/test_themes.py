"""Themes: what a text is about, what is wanted, and which activities answer it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.contracts import EncoderIdentity
from spmatch.errors import ThemesError
from spmatch.meaning import WrittenText
from spmatch.themes import Answer, ThemeIndex, ThemeModel, Wants, load_theme_model
from spmatch.vocabulary import Theme, load_answers, load_themes

GRIEF, HUNGER, GROUP, MEAL = 0, 1, 2, 3
THEMES = (
    Theme("grief", "need", {"da": "sorg", "en": "grief"}),
    Theme("hunger", "need", {"da": "sult", "en": "hunger"}),
    Theme("group", "activity", {"da": "en gruppe", "en": "a group"}),
    Theme("meal", "activity", {"da": "et måltid", "en": "a meal"}),
)
# One axis a theme: a vector along it is surely about it, and about nothing else.
SURE = np.vstack([20 * np.eye(4), -10 * np.ones(4)]).astype(np.float32)
TABLE = np.array([[0.8, 0.1], [0.0, 0.9], [0.9, 0.0], [0.0, 0.9]])


def model(table: np.ndarray = TABLE) -> ThemeModel:
    answer = np.vstack([20 * np.array([[1, 0], [0, 1], [1, 0], [0, 1]]), [[-10, -10]]])
    return ThemeModel(THEMES, SURE, SURE, answer.astype(np.float32), table)


def text(*axes: int) -> WrittenText:
    vectors = np.eye(4, dtype=np.float32)[list(axes)]
    return WrittenText(whole=vectors[:1], sentences=vectors)


def offers(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


def test_a_text_is_about_its_theme() -> None:
    assert model().themes_of_need(text(GRIEF))[GRIEF] == pytest.approx(1, abs=1e-4)


def test_a_text_is_not_about_other_themes() -> None:
    assert model().themes_of_need(text(GRIEF))[HUNGER] == pytest.approx(0, abs=1e-4)


def test_a_sentence_is_enough() -> None:
    assert model().themes_of_need(text(GRIEF, HUNGER))[HUNGER] == pytest.approx(1, abs=1e-4)


def test_no_text_is_about_nothing() -> None:
    silent = WrittenText(np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32))
    assert model().themes_of_need(silent).max() == 0


def test_themes_are_read_in_double_precision() -> None:
    # In single precision the last decimals depend on how many threads add up, and on what else is read.
    random = np.random.default_rng(7)
    weights = random.standard_normal((385, 4)).astype(np.float32)
    vector = random.standard_normal((1, 384)).astype(np.float32) / 20
    logits = vector[0].astype(np.float64) @ weights[:-1].astype(np.float64) + weights[-1]
    wide = ThemeModel(THEMES, weights, weights, weights[:, 2:], TABLE)
    found = wide.themes_of_need(WrittenText(vector, vector))
    assert found == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-14)


def test_no_text_wants_nothing() -> None:
    assert model().wants_of([]) is None


def test_what_is_wanted_is_the_geometric_mean_of_text_and_table() -> None:
    wanted = model().wants(text(GRIEF)).wanted
    assert wanted[0] == pytest.approx(np.sqrt(1 * 0.8), abs=1e-3)


def test_two_texts_want_what_either_wants() -> None:
    both = model().wants_of([text(GRIEF), text(HUNGER)])
    assert both is not None
    assert both.wanted == pytest.approx([np.sqrt(0.8), np.sqrt(0.9)], abs=1e-2)


def test_an_answer_of_zero_is_never_wanted() -> None:
    table = TABLE.copy()
    table[GRIEF, 0] = 0
    assert model(table).wants(text(GRIEF)).wanted[0] == pytest.approx(0, abs=0.02)


def test_the_activity_that_answers_is_nearer_than_the_one_that_does_not() -> None:
    wants = model().wants(text(GRIEF))
    nearness = model().affinity(wants, offers((0.5, 0, 0.9, 0), (0, 0.5, 0, 0.9)))
    assert nearness[0] > nearness[1]


def test_for_whom_decides_between_two_of_a_kind() -> None:
    wants = model().wants(text(GRIEF))
    nearness = model().affinity(wants, offers((0.9, 0, 0.9, 0), (0, 0.9, 0.9, 0)))
    assert nearness[0] > nearness[1]


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_affinity_is_a_share(offer: list[float]) -> None:
    wants = Wants(np.array([0.7, 0.2, 0.1, 0.0]), np.array([0.8, 0.3]))
    assert 0 <= model().affinity(wants, np.array([offer]))[0] <= 1


def test_the_best_answer_names_need_and_activity() -> None:
    wants = model().wants(text(GRIEF))
    assert model().best_answers(wants, offers((0, 0, 0.9, 0.3))) == [Answer("grief", "group")]


def test_an_unclear_offer_answers_nothing() -> None:
    wants = model().wants(text(GRIEF))
    assert model().best_answers(wants, offers((0, 0, 0.1, 0.1))) == [None]


def index() -> ThemeIndex:
    """A group, a second group, a meal."""
    return ThemeIndex(model(), np.eye(4, dtype=np.float32)[[GROUP, GROUP, MEAL]])


ROWS = np.arange(3)


def test_a_second_of_a_kind_repeats_while_another_need_is_open() -> None:
    wants = model().wants_of([text(GRIEF), text(HUNGER)])
    assert wants is not None
    assert index().repeats(wants)(0, ROWS)[1] > 0.3


def test_what_answers_the_other_need_repeats_little() -> None:
    wants = model().wants_of([text(GRIEF), text(HUNGER)])
    assert wants is not None
    repeated = index().repeats(wants)(0, ROWS)
    assert repeated[2] < repeated[1] / 2


def test_little_is_lost_by_repeating_where_one_need_is_all() -> None:
    wants = model().wants(text(GRIEF))
    assert index().repeats(wants)(0, ROWS)[1] < 0.25


def test_the_shipped_model_is_for_its_encoder_alone() -> None:
    other = EncoderIdentity(name="other", version="1", sha256="0", dimensions=384)
    assert load_theme_model(other) is None


def test_single_answers_may_be_replaced() -> None:
    row = [theme.code for theme in load_themes()].index("eating_alone")
    column = [t.code for t in load_themes() if t.kind == "activity"].index("choir")
    table = load_answers({"eating_alone": {"choir": 0.77}})
    assert table[row, column] == 0.77


def test_replacing_leaves_the_shipped_table_alone() -> None:
    before = load_answers().copy()
    load_answers({"eating_alone": {"choir": 0.77}})
    assert (load_answers() == before).all()


def test_an_unknown_theme_is_named() -> None:
    with pytest.raises(ThemesError, match="no_such_theme"):
        load_answers({"no_such_theme": {"choir": 0.5}})


def test_a_need_is_no_answer() -> None:
    with pytest.raises(ThemesError, match="loneliness"):
        load_answers({"eating_alone": {"loneliness": 0.5}})


def test_the_shipped_table_knows_who_eats_alone() -> None:
    codes = [theme.code for theme in load_themes()]
    offered = [theme.code for theme in load_themes() if theme.kind == "activity"]
    best = np.argsort(-load_answers()[codes.index("eating_alone")])[:3]
    assert "communal_dining" in [offered[i] for i in best]
