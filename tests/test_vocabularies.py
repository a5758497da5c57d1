"""The vocabulary of themes: codes, names, and terms of public vocabularies written as they should be."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from spmatch.material import material

FIELDS = ("code", "kind", "group", "en", "da")
MAPPED = ("openactive", "service_kinds", "fsiii")
FSIII = re.compile(r"(I([1-9]|1[0-2])|J[1-5])\.[1-9]")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_themes() -> list[dict[str, Any]]:
    path = material("catalogue", "vocabularies", "themes.toml")
    themes: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["theme"]
    return themes


THEMES = read_themes()


def codes_where(wrong: Any) -> list[str]:
    return [theme["code"] for theme in THEMES if wrong(theme)]


def terms(field: str) -> list[tuple[str, Any]]:
    return [(theme["code"], term) for theme in THEMES for term in theme.get(field, [])]


def twice(values: list[Any]) -> list[Any]:
    return sorted({value for value in values if values.count(value) > 1})


# Themes


def test_there_are_at_least_two_hundred_themes() -> None:
    assert len(THEMES) >= 200


def test_codes_are_unique() -> None:
    assert twice([theme["code"] for theme in THEMES]) == []


def test_codes_are_small_letters_and_underscores() -> None:
    assert codes_where(lambda theme: not re.fullmatch(r"[a-z]+(_[a-z]+)*", theme["code"])) == []


def test_a_theme_is_a_need_or_an_activity() -> None:
    assert codes_where(lambda theme: theme["kind"] not in ("need", "activity")) == []


def test_a_group_holds_one_kind() -> None:
    kinds = {(theme["group"], theme["kind"]) for theme in THEMES}
    assert twice([group for group, _ in kinds]) == []


def test_a_theme_has_no_unknown_keys() -> None:
    assert codes_where(lambda theme: not set(theme) <= {*FIELDS, *MAPPED}) == []


def test_a_theme_has_every_field_that_it_must_have() -> None:
    assert codes_where(lambda theme: not set(theme) >= set(FIELDS)) == []


# Names


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_theme_has_a_name(language: str) -> None:
    assert codes_where(lambda theme: not theme[language].strip()) == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_no_two_themes_share_a_name(language: str) -> None:
    assert twice([theme[language] for theme in THEMES]) == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_name_ends_as_the_middle_of_a_sentence(language: str) -> None:
    assert codes_where(lambda theme: theme[language][-1] in ".,;:!?") == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_name_begins_small_unless_it_is_a_name_of_its_own(language: str) -> None:
    # Abbreviations (COPD, IT) begin large as well, but are not followed by a small letter.
    begins_large = codes_where(lambda theme: re.match(r"[A-ZÆØÅ][a-zæøå]", theme[language]))
    assert begins_large == ["parkinsons"]


# Terms of public vocabularies


@pytest.mark.parametrize("field", MAPPED)
def test_a_list_of_terms_is_left_out_rather_than_empty(field: str) -> None:
    assert codes_where(lambda theme: theme.get(field) == []) == []


@pytest.mark.parametrize("field", MAPPED)
def test_a_theme_names_a_term_once(field: str) -> None:
    assert codes_where(lambda theme: twice([str(term) for term in theme.get(field, [])])) == []


def test_an_openactive_term_is_a_label_or_a_label_with_its_id() -> None:
    odd = [
        code
        for code, term in terms("openactive")
        if not isinstance(term, str) and set(term) != {"label", "id"}
    ]
    assert odd == []


def test_an_openactive_id_is_a_uuid() -> None:
    odd = [
        code
        for code, term in terms("openactive")
        if not isinstance(term, str) and not UUID.fullmatch(term["id"])
    ]
    assert odd == []


def test_an_openactive_label_has_one_id() -> None:
    pairs = {
        (term["label"], term["id"]) for _, term in terms("openactive") if not isinstance(term, str)
    }
    assert twice([label for label, _ in pairs]) == []


def test_running_is_the_running_of_openactive() -> None:
    running = next(theme for theme in THEMES if theme["code"] == "running")
    assert running["openactive"][0] == {
        "label": "Running",
        "id": "72ddb2dc-7d75-424e-880a-d90eabe91381",
    }


def test_only_activities_have_terms_of_physical_activities() -> None:
    assert codes_where(lambda theme: "openactive" in theme and theme["kind"] != "activity") == []


def test_a_service_kind_is_written_with_words() -> None:
    odd = [code for code, term in terms("service_kinds") if term != term.strip() or not term]
    assert odd == []


def test_fsiii_codes_are_conditions_of_health_or_of_function() -> None:
    assert [(code, term) for code, term in terms("fsiii") if not FSIII.fullmatch(term)] == []


def test_only_needs_have_conditions() -> None:
    assert codes_where(lambda theme: "fsiii" in theme and theme["kind"] != "need") == []


def test_loneliness_is_a_problem_with_social_contact() -> None:
    loneliness = next(theme for theme in THEMES if theme["code"] == "loneliness")
    assert loneliness["fsiii"] == ["I6.1"]
