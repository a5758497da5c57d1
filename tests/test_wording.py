"""Messages in Danish and English: the same keys, the same values, written as each language does."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import spmatch.wording
from spmatch.columns import (
    ACCESS_KEYS,
    DAYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    GENDERS,
    INTENSITIES,
    PERIODS,
    REFERRALS,
)
from spmatch.config import Weights
from spmatch.messages import Message, Moment, Money, Terms
from spmatch.profile import Limits
from spmatch.wording import READER_LANGUAGES, wording

FOLDER = Path(spmatch.wording.__file__).parent
SOURCE = FOLDER.parent
FILES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")
}


def keys_below(table: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_below(value, f"{path}{name}/")
        else:
            yield f"{path}{name}"


def values_named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# The files


def test_there_is_a_file_for_each_reader_language() -> None:
    assert set(FILES) == set(READER_LANGUAGES)


def test_both_files_have_the_same_keys() -> None:
    assert set(keys_below(FILES["da"])) == set(keys_below(FILES["en"]))


@pytest.mark.parametrize("key", FILES["en"]["messages"])
def test_a_message_names_the_same_values_in_both_languages(key: str) -> None:
    danish, english = FILES["da"]["messages"][key], FILES["en"]["messages"][key]
    assert values_named(danish) == values_named(english)


@pytest.mark.parametrize(
    ("vocabulary", "keys"),
    [
        ("day", DAYS),
        ("per", PERIODS),
        ("access", ACCESS_KEYS),
        ("first_visit", FIRST_VISIT_KEYS),
        ("intensity", INTENSITIES),
        ("delivery", DELIVERIES),
        ("referral", REFERRALS),
        ("gender", GENDERS),
    ],
)
def test_every_term_of_a_vocabulary_has_a_name(vocabulary: str, keys: tuple[str, ...]) -> None:
    assert set(FILES["en"]["terms"][vocabulary]) == set(keys)


def test_every_limit_has_a_name() -> None:
    of_person = {name.removesuffix("_km") for name in Limits.model_fields}
    of_activity = {"age", "gender", "language", "capacity", "period"}
    assert set(FILES["en"]["terms"]["limit"]) >= of_person | of_activity | {"meaning"}


def test_every_part_of_a_score_has_a_name() -> None:
    taken_off = {"far", "avoid", "harm", "not_stated", "preferences", "variety"}
    assert set(FILES["en"]["terms"]["contribution"]) == set(Weights.model_fields) | taken_off


# Keys in the source


ELSEWHERE = ("web", "quality", "mending", "prose", "duplicates", "sources")


def message_patterns(*, everywhere: bool = True) -> dict[str, str]:
    """Every string of the source that looks like the key of a message, as a pattern: where it is.

    Not ``everywhere``: the service has sentences of its own besides, in files of its own, and where
    feeds are dealt with such strings are paths of fields.
    """
    left_out = {"readers"} if everywhere else {"readers", *ELSEWHERE}
    families = {key.partition(".")[0] for key in FILES["en"]["messages"]}
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        if left_out & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in inside:
                    continue
                pattern = re.escape(node.value)
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else None for part in node.values
                ]
                pattern = "".join("[a-z_]*" if part is None else re.escape(part) for part in parts)
                text = "".join("x" if part is None else part for part in parts)
            else:
                continue
            # "facts." is joined with what follows it.
            if re.fullmatch(r"[a-z_]+\.[a-z_]*", text) and text.partition(".")[0] in families:
                found[pattern + ("[a-z_]+" if text.endswith(".") else "")] = f"{path.name}: {text}"
    return found


def test_every_message_of_the_source_is_in_the_files() -> None:
    keys = list(FILES["en"]["messages"])
    unknown = [
        where
        for pattern, where in message_patterns(everywhere=False).items()
        if not any(re.fullmatch(pattern, key) for key in keys)
    ]
    assert unknown == []


def test_every_message_of_the_files_is_said_somewhere() -> None:
    patterns = message_patterns()
    unsaid = [
        key
        for key in FILES["en"]["messages"]
        if not any(re.fullmatch(pattern, key) for pattern in patterns)
    ]
    assert unsaid == []


# Numbers and money


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (2.5, "2,5", "2.5"),
        (100.0, "100", "100"),
        (0.0, "0", "0"),
        (0.333, "0,33", "0.33"),
        (7, "7", "7"),
    ],
)
def test_a_number_has_the_decimal_mark_of_the_language(
    value: float, danish: str, english: str
) -> None:
    assert wording("da").number(value) == danish
    assert wording("en").number(value) == english


def test_money_is_said_with_its_currency_and_period() -> None:
    price = Message("reason.price", {"price": Money(37.5, "DKK", "month")})
    assert wording("da").say(price) == "Det koster 37,5 DKK om måneden."
    assert wording("en").say(price) == "It costs 37.5 DKK a month."


def test_money_is_said_without_what_is_not_stated() -> None:
    assert (
        wording("en").say(Message("reason.price", {"price": Money(50, None, None)}))
        == "It costs 50."
    )


# Dates


def test_a_time_is_said_with_its_weekday() -> None:
    assert wording("en").moment("2026-11-24T10:00") == "Tuesday 24 November at 10:00"
    assert wording("da").moment("2026-11-24T10:00") == "tirsdag 24. november kl. 10:00"


def test_a_date_alone_is_said_with_its_year() -> None:
    assert wording("en").moment("2024-02-29") == "Thursday 29 February 2024"
    assert wording("da").moment("2024-02-29") == "torsdag 29. februar 2024"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_a_name(month: int) -> None:
    said = wording("da").moment(f"2026-{month:02d}-01")
    assert FILES["da"]["months"][str(month)] in said


@pytest.mark.parametrize("place", range(7))
def test_weekdays_are_in_their_order(place: int) -> None:
    # 23 November 2026 is a Monday.
    said = wording("en").moment(f"2026-11-{23 + place}")
    assert said.startswith(FILES["en"]["terms"]["day"][DAYS[place]])


# Lists of terms


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("lift",), "It states: a lift."),
        (("lift", "hearing_loop"), "It states: a lift and a hearing loop."),
        (
            ("lift", "hearing_loop", "quiet_space"),
            "It states: a lift, a hearing loop and a quiet space.",
        ),
    ],
)
def test_terms_are_listed_as_people_do(keys: tuple[str, ...], said: str) -> None:
    assert wording("en").say(Message("reason.access", {"facts": Terms("access", keys)})) == said


def test_danish_lists_end_with_og() -> None:
    facts = Terms("access", ("lift", "hearing_loop"))
    said = wording("da").say(Message("reason.access", {"facts": facts}))
    assert said == "Det er oplyst: elevator og teleslynge."


def test_a_language_without_a_name_is_said_by_its_code() -> None:
    assert wording("en").term("language", "xx") == "xx"


def test_a_moment_in_a_message_is_said_in_words() -> None:
    message = Message("reason.session", {"moment": Moment("2026-11-24T10:00")})
    assert wording("da").say(message) == "Næste gang er tirsdag 24. november kl. 10:00."


def test_a_text_with_braces_is_said_as_it_is() -> None:
    message = Message("reason.sentence_needs", {"sentence": "Kom {alle} {0}"})
    assert "Kom {alle} {0}" in wording("en").say(message)


@pytest.mark.parametrize("confidence", ["good", "weak", "none"])
def test_every_confidence_can_be_said(confidence: str) -> None:
    assert wording("da").say_confidence(confidence).endswith(".")
