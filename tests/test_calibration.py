"""From cosines to fits: unrelated texts at 0, closely related ones at 1, in the order of cosines."""

from __future__ import annotations

import numpy as np
import pytest

from making import WordEncoder, make_activity
from spmatch.calibration import Calibration, Fit, calibrate, unrelated_levels
from spmatch.columns import build_columns
from spmatch.encoders.baseline import BaselineEncoder
from spmatch.indexes import build_index
from spmatch.meaning import TextIndex, WrittenText, write_texts

SHARE, CHARACTERS_MIN = 0.5, 12
ACTIVITIES = [
    make_activity("a", text_language="da"),
    make_activity("b", text_language="en"),
    make_activity("c", text_language="de"),
    make_activity("d"),
]


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return calibrate(WordEncoder(), SHARE, CHARACTERS_MIN)


@pytest.fixture(scope="module")
def fit(calibration: Calibration) -> Fit:
    return Fit(calibration, build_columns(ACTIVITIES), SHARE, CHARACTERS_MIN)


@pytest.fixture(scope="module")
def need() -> WrittenText:
    text = "Hun synger gerne og er alene. She sings and is alone with the children."
    return write_texts(WordEncoder(), [text], [None], CHARACTERS_MIN)[0]


def fits(fit: Fit, need: WrittenText, cosine: float) -> list[float]:
    rows = np.arange(len(ACTIVITIES))
    return fit([need], [np.full(len(rows), cosine)], rows)[0].tolist()


def test_a_higher_cosine_never_has_a_lower_fit(fit: Fit, need: WrittenText) -> None:
    scale = [fits(fit, need, cosine) for cosine in np.linspace(-1, 1, 41)]
    assert (np.diff(np.array(scale), axis=0) >= 0).all()


def test_a_fit_is_never_below_nothing(fit: Fit, need: WrittenText) -> None:
    assert fits(fit, need, -1.0) == [0.0] * 4


def test_a_fit_is_never_above_one(fit: Fit, need: WrittenText) -> None:
    assert fits(fit, need, 1.0) == [1.0] * 4


def test_no_rows_give_no_fits(fit: Fit, need: WrittenText) -> None:
    assert fit([need], [np.empty(0)], np.empty(0, dtype=np.intp))[0].tolist() == []


def test_an_activity_in_no_reference_language_is_taken_at_the_mean_level(
    fit: Fit, need: WrittenText
) -> None:
    danish, english, german, unstated = fits(fit, need, 0.3)
    assert german == unstated
    assert german == pytest.approx((danish + english) / 2, abs=1e-12)


def test_rows_are_taken_with_their_own_language(fit: Fit, need: WrittenText) -> None:
    danish, english, _, _ = fits(fit, need, 0.3)
    turned = fit([need], [np.full(2, 0.3)], np.array([1, 0]))[0].tolist()
    assert turned == [english, danish]


def test_the_level_of_unrelated_texts_is_the_median_over_the_references() -> None:
    # Danish references at 0.1, 0.2, 0.9; English ones at 0.3, 0.4, 0.5.
    cosines = [0.1, 0.2, 0.9, 0.3, 0.4, 0.5]
    whole = np.array([[c, np.sqrt(1 - c * c)] for c in cosines], dtype=np.float32)
    references = TextIndex(build_index(whole), build_index(whole), np.arange(7), 0.0)
    text = WrittenText(np.array([[1, 0]], np.float32), np.array([[1, 0]], np.float32))
    assert unrelated_levels(references, [text])[0] == pytest.approx([0.2, 0.4, 0.3], abs=1e-6)


def test_related_texts_stand_above_unrelated_ones(calibration: Calibration) -> None:
    assert calibration.related > 0


def test_a_measuring_gives_the_same_each_time(calibration: Calibration) -> None:
    again = calibrate(WordEncoder(), SHARE, CHARACTERS_MIN)
    assert (again.related, again.spread) == (calibration.related, calibration.spread)
    assert again.whole.tobytes() == calibration.whole.tobytes()


def test_an_encoder_that_knows_no_word_of_the_references_divides_by_nothing() -> None:
    calibration = calibrate(BaselineEncoder.fit(["ꙮꙮ ꙮꙮꙮ", "ꙮꙮ"]), SHARE, CHARACTERS_MIN)
    fit = Fit(calibration, build_columns(ACTIVITIES), SHARE, CHARACTERS_MIN)
    silent = np.zeros((1, calibration.whole.shape[1]), np.float32)
    assert fits(fit, WrittenText(silent, silent), 0.0) == [0.0] * 4
