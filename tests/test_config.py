"""Settings: the defaults, a file over them, every fault at once, and the hash that names them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

import spmatch.config
from spmatch.config import Config
from spmatch.errors import ConfigError

DEFAULTS = Path(spmatch.config.__file__).with_name("default.toml").read_text(encoding="utf-8")


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fields_of(error: ConfigError) -> set[str]:
    return {problem.field for problem in error.problems}


# Defaults


def test_the_default_weights_are_shares_of_one() -> None:
    weights = Config.default().weights
    assert sum(weights.model_dump().values()) == pytest.approx(1.0, abs=1e-12)


def test_the_default_constants_convert_prices_as_the_formats_say() -> None:
    limits = Config.default().limits
    spread = [limits.sessions_per(per) for per in ("session", "week", "month", "quarter", "year")]
    assert spread == [1, 1, 4, 12, 40]
    assert limits.sessions_per("once") == 10


def test_a_session_must_overlap_by_forty_five_minutes() -> None:
    assert Config.default().limits.overlap_minutes == 45


def test_the_shipped_file_states_every_setting() -> None:
    assert Config.model_validate(tomllib.loads(DEFAULTS)) == Config.default()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Config.default().weights.meaning = 1.0  # type: ignore[misc]


# A file over the defaults


def test_a_file_replaces_what_it_states(tmp_path: Path) -> None:
    config = Config.load(settings_file(tmp_path, "[weights]\nmeaning = 0.5\n"))
    assert config.weights.meaning == 0.5


def test_what_a_file_leaves_out_keeps_its_default(tmp_path: Path) -> None:
    config = Config.load(settings_file(tmp_path, "[weights]\nmeaning = 0.5\n"))
    unchanged = Config.default().model_copy(update={"weights": config.weights})
    assert config == unchanged
    assert config.weights.nearness == Config.default().weights.nearness


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert Config.load(settings_file(tmp_path, "")) == Config.default()


def test_a_price_of_one_more_currency_leaves_the_others(tmp_path: Path) -> None:
    text = "[affordability.half_price]\nPLN = 30\n"
    half_price = Config.load(settings_file(tmp_path, text)).affordability.half_price
    assert half_price["PLN"] == 30
    assert half_price["DKK"] == 50


# Faults


def test_every_bad_value_is_reported_at_once(tmp_path: Path) -> None:
    text = """
        [weights]
        meaning = -1
        nearness = "near"
        [limits]
        overlap_minutes = 0
        [nearness]
        half_kilometres = 3
        [confidence]
        good = 1.5
    """
    with pytest.raises(ConfigError) as caught:
        Config.load(settings_file(tmp_path, text))
    assert fields_of(caught.value) == {
        "weights.meaning",
        "weights.nearness",
        "limits.overlap_minutes",
        "nearness.half_kilometres",
        "confidence.good",
    }


def test_a_section_that_is_not_known_is_reported() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.of({"wieghts": {"meaning": 1}})
    assert fields_of(caught.value) == {"wieghts"}


def test_a_value_in_place_of_a_section_is_reported() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.of({"weights": 3})
    assert fields_of(caught.value) == {"weights"}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_weight_is_a_finite_number(value: float) -> None:
    with pytest.raises(ConfigError):
        Config.of({"weights": {"meaning": value}})


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("meaning", "needs_share", 1.01),
        ("meaning", "avoid_from", 1),
        ("nearness", "half_km", 0),
        ("limits", "sessions_per_month", 0),
        ("variety", "among", 0),
        ("variety", "same_text_from", 1),
        ("text", "sentence_characters_min", 0),
        ("penalties", "prefer_broken", -0.01),
    ],
)
def test_a_value_that_would_break_a_formula_is_refused(
    section: str, name: str, value: float
) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.of({section: {name: value}})
    assert fields_of(caught.value) == {f"{section}.{name}"}


def test_the_far_distances_must_be_in_order() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.of({"nearness": {"far_from_km": 100, "far_at_km": 100}})
    assert "far_at_km is above far_from_km" in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.load(tmp_path / "none.toml")
    assert "none.toml: No such file or directory." in str(caught.value)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.load(settings_file(tmp_path, "[weights]\nmeaning =\n"))
    assert "line 2" in str(caught.value)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes("# næste\n".encode("latin-1"))
    with pytest.raises(ConfigError):
        Config.load(path)


# The hash


def test_the_hash_is_twelve_hexadecimal_digits() -> None:
    assert len(Config.default().hash) == 12
    assert set(Config.default().hash) <= set("0123456789abcdef")


def test_the_hash_changes_with_a_weight() -> None:
    assert Config.of({"weights": {"meaning": 0.5}}).hash != Config.default().hash


def test_the_hash_does_not_change_with_the_order_of_the_file(tmp_path: Path) -> None:
    one = "[weights]\nmeaning = 0.5\naccess = 0.1\n[timing]\nhalf_days = 7\n"
    other = "[timing]\nhalf_days = 7\n[weights]\naccess = 0.1\nmeaning = 0.5\n"
    first = Config.load(settings_file(tmp_path, one)).hash
    assert Config.load(settings_file(tmp_path, other)).hash == first


def test_the_hash_does_not_change_with_the_order_of_currencies() -> None:
    prices = {"DKK": 50, "AUD": 9, "PLN": 30}
    turned = dict(reversed(prices.items()))
    one = Config.of({"affordability": {"half_price": prices}})
    assert Config.of({"affordability": {"half_price": turned}}).hash == one.hash


def test_a_whole_number_and_its_decimal_are_one_setting() -> None:
    assert (
        Config.of({"nearness": {"half_km": 7}}).hash
        == Config.of({"nearness": {"half_km": 7.0}}).hash
    )


def test_a_file_that_states_the_defaults_has_their_hash(tmp_path: Path) -> None:
    assert Config.load(settings_file(tmp_path, DEFAULTS)).hash == Config.default().hash


def test_a_weight_asks_for_no_new_build() -> None:
    assert Config.of({"weights": {"meaning": 0.5}}).build_hash == Config.default().build_hash


@pytest.mark.parametrize(
    "changed",
    [{"text": {"sentence_characters_min": 30}}, {"meaning": {"sentence_share": 0.1}}],
    ids=["sentences", "calibration"],
)
def test_what_the_arrays_were_made_with_asks_for_a_new_build(
    changed: dict[str, dict[str, float]],
) -> None:
    assert Config.of(changed).build_hash != Config.default().build_hash
