"""Activities that could harm a person, and those that only look so."""

from __future__ import annotations

from typing import get_args

import pytest

from spmatch.safety import (
    Risk,
    cautions_of_harms,
    find_risks,
    harmful,
    held_risks,
    known_risks,
    told_harms,
    touching,
)
from spmatch.safety.harms import ASK_GENDER
from spmatch.wording import ReaderLanguage, wording


@pytest.mark.parametrize(
    ("text", "language", "risk"),
    [
        ("In recovery, nine months sober.", "en", "alcohol"),
        ("Hun drikker en flaske vin hver aften.", "da", "alcohol"),
        ("Ludoman i behandling.", "da", "gambling"),
        ("Has a gambling problem.", "en", "gambling"),
        ("Heart failure, gets puffed dressing.", "en", "exertion"),
        ("KOL i svær grad.", "da", "exertion"),
        ("Asks for women only.", "en", "mixed_gender"),
        ("Bange for mænd.", "da", "mixed_gender"),
        ("In treatment for anorexia.", "en", "food"),
        ("Kan ikke svømme.", "da", "water"),
        ("Severe nut allergy.", "en", "allergy"),
        ("Får kemo og har nedsat immunforsvar.", "da", "infection"),
    ],
)
def test_a_risk_is_read_from_what_is_written(text: str, language: str, risk: str) -> None:
    assert risk in find_risks(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Has never drunk and is not lonely.", "en"),
        ("Har aldrig haft problemer med alkohol.", "da"),
        ("No allergies.", "en"),
        ("Her late husband had epilepsy.", "en"),
        ("Hendes bror har et dårligt hjerte.", "da"),
    ],
)
def test_a_denial_or_another_person_is_no_risk(text: str, language: str) -> None:
    assert find_risks(text, language) == frozenset()


def test_an_allergy_is_known_by_what_it_is_to() -> None:
    assert find_risks("Allergisk over for heste.", "da") == {"allergy", "allergy.animals"}


def test_texts_are_read_together() -> None:
    assert find_risks(["Nine months sober.", "Cannot swim."], "en") == {"alcohol", "water"}


@pytest.mark.parametrize(
    ("activity", "risk"),
    [
        ("Wine circle: four bottles every month.", "alcohol"),
        ("Ølbryggerlauget smager på det, der blev færdigt.", "alcohol"),
        ("Banko med gavekort.", "gambling"),
        ("Boot camp with burpees.", "exertion"),
        ("Vi vejes hver uge.", "food"),
        ("Havsvømning langs kysten.", "water"),
        ("Four hundred visitors in the sports hall.", "infection"),
    ],
)
def test_an_activity_is_flagged_for_a_risk_that_it_holds(activity: str, risk: str) -> None:
    assert harmful(activity, None, None, {risk}) == (risk,)


@pytest.mark.parametrize(
    ("activity", "risk"),
    [
        ("An alcohol-free café with mocktails.", "alcohol"),
        ("Alkoholfri pub med kaffe og brætspil.", "alcohol"),
        ("Whist, nobody plays for money.", "gambling"),
        ("Gentle chair-based movement.", "exertion"),
        ("Begyndersvømning, hvor alle kan bunde.", "water"),
        ("Baking in a kitchen that is nut free.", "allergy.nuts"),
    ],
)
def test_a_denial_in_the_activity_calls_it_off(activity: str, risk: str) -> None:
    assert harmful(activity, None, None, {risk}) == ()


def test_only_the_risks_of_the_person_count() -> None:
    assert harmful("Wine circle with boot camp.", None, None, {"water"}) == ()


def test_stated_high_effort_counts_without_a_word() -> None:
    assert harmful("Tuesday club.", "high", None, {"exertion"}) == ("exertion",)


def test_stated_low_effort_goes_before_words() -> None:
    assert harmful("A boot camp for the mind.", "low", None, {"exertion"}) == ()


@pytest.mark.parametrize(
    ("gender", "activity", "said"),
    [
        ("women", "Open to all.", ()),
        ("men", "A workshop.", ("mixed_gender",)),
        ("any", "A workshop.", ("mixed_gender",)),
        (None, "A workshop.", (ASK_GENDER,)),
        (None, "Men and women cook together.", ("mixed_gender",)),
        (None, "Kun for kvinder.", ()),
    ],
)
def test_company_of_men_is_flagged_or_asked(
    gender: str | None, activity: str, said: tuple[str, ...]
) -> None:
    assert harmful(activity, None, gender, {"mixed_gender"}) == said


def test_an_allergy_is_flagged_by_what_it_is_to() -> None:
    risks = find_risks("Severe nut allergy.", "en")
    assert harmful("Almond and hazelnut cakes.", None, None, risks) == ("allergy",)
    assert harmful("A walk with dogs.", None, None, risks) == ()


def test_without_risks_nothing_is_flagged() -> None:
    assert harmful("Wine and poker.", "high", "men", ()) == ()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", [*get_args(Risk), ASK_GENDER])
def test_every_risk_can_be_said(name: str, language: ReaderLanguage) -> None:
    (message,) = cautions_of_harms([name])
    assert wording(language).say(message).endswith(".")


@pytest.mark.parametrize("risk", sorted({*get_args(Risk), "allergy.nuts"}))
def test_every_risk_is_among_those_that_are_known(risk: str) -> None:
    assert risk in known_risks()


def test_what_an_activity_holds_is_told_of_whoever_asks() -> None:
    assert held_risks("Wine and nuts.", "high", "any") >= {
        *("alcohol", "allergy.nuts", "exertion", "mixed_gender")
    }


def test_who_is_afraid_of_company_is_told_what_to_ask() -> None:
    assert touching({"mixed_gender", "food"}) == {"mixed_gender", ASK_GENDER, "food"}


def test_of_several_allergens_one_allergy_is_told() -> None:
    assert told_harms(["food", "allergy.nuts", "allergy.food"]) == ("allergy", "food")
