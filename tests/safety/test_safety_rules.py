"""Danger that is noticed, and the same words in another meaning."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmatch.safety import TOPICS, find_dangers
from spmatch.safety.rules import RuleFile, rule_file, rule_set
from spmatch.safety.spelling import Spelling

MEASURE = Path(__file__).parents[2] / "evaluation" / "safety" / "measure.py"


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("safety_measure", MEASURE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def topics(text: str, language: str | None = None) -> list[str]:
    return [danger.topic for danger in find_dangers(text, language)]


KNOWN = ["development", "test", "second_development"]


@pytest.mark.parametrize("half", KNOWN)
def test_dangerous_sentences_are_noticed(measure: ModuleType, half: str) -> None:
    missed, total = measure.missed_dangers(half), measure.rows_of(half, "danger")
    assert len(missed) <= 0.02 * len(total)


def test_as_many_unseen_dangers_are_noticed_as_were_measured(measure: ModuleType) -> None:
    missed, total = measure.missed_dangers("second_test"), measure.rows_of("second_test", "danger")
    assert len(missed) <= 0.22 * len(total)


def test_unseen_sentences_raise_no_more_false_alarms_than_were_measured(
    measure: ModuleType,
) -> None:
    alarms, total = measure.false_alarms("second_test"), measure.rows_of("second_test", "harmless")
    assert len(alarms) <= 0.074 * len(total)


@pytest.mark.parametrize("half", KNOWN)
def test_harmless_sentences_raise_few_false_alarms(measure: ModuleType, half: str) -> None:
    alarms, total = measure.false_alarms(half), measure.rows_of(half, "harmless")
    assert len(alarms) <= 0.05 * len(total)


@pytest.mark.parametrize("half", ["development", "test"])
def test_harmful_pairs_are_told_from_harmless_ones(measure: ModuleType, half: str) -> None:
    wrong, total = measure.misjudged_pairs(half), measure.rows_of(half, "harm_pairs")
    assert len(wrong) <= 0.02 * len(total)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("She wants to die.", "suicide"),
        ("Han har selvmordstanker.", "suicide"),
        ("He cuts himself when he is alone.", "self_harm"),
        ("Hun skærer i sig selv.", "self_harm"),
        ("My husband hit me last night.", "violence"),
        ("Hendes mand slår hende.", "violence"),
        ("She was raped last week.", "abuse"),
        ("Hun blev voldtaget i sidste uge.", "abuse"),
        ("She makes herself sick after every meal.", "eating_disorder"),
        ("Hun har anoreksi.", "eating_disorder"),
        ("He has crushing chest pain right now and is grey.", "acute_illness"),
        ("Hans mund hænger i den ene side.", "acute_illness"),
        ("Dad hits the children with a belt.", "child_at_risk"),
        ("Far slår drengen med et bælte.", "child_at_risk"),
    ],
)
def test_danger_in_plain_words_is_noticed(text: str, topic: str) -> None:
    assert topic in topics(text)


@pytest.mark.parametrize(
    "text",
    [
        "No thoughts of suicide.",
        "Har ikke tanker om selvmord.",
        "She denies thoughts of self-harm and wants company.",
        "Afkræfter selvskade og selvmordstanker.",
        "Ingen vold i hjemmet.",
    ],
)
def test_a_denial_calls_it_off(text: str) -> None:
    assert topics(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Lost her brother to suicide in 2009 and wants a grief group.",
        "Hans far tog sit eget liv, da han var barn.",
    ],
)
def test_grief_is_no_danger(text: str) -> None:
    assert topics(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Lost her brother to suicide in 2009 and wants to die herself.",
        "Hans far tog sit eget liv, da han var barn. Nu vil han selv dø.",
    ],
)
def test_a_mourner_who_shows_signs_is_in_danger(text: str) -> None:
    assert topics(text) == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Her first husband hit her. That was in the seventies.",
        "Had a stroke twelve years ago.",
        "Bulimi som ung, det er 30 år siden.",
    ],
)
def test_what_lies_long_back_is_no_danger(text: str) -> None:
    assert topics(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dør af grin, når de spiller kort.",
        "Just killing time, dying for a chat.",
        "Elsker krimiserier om mord og vold.",
        "Boxing coach who misses the gym.",
        "Volunteers at a suicide prevention helpline.",
    ],
)
def test_figures_of_speech_hobbies_work_and_fiction_are_no_danger(text: str) -> None:
    assert topics(text) == []


@pytest.mark.parametrize(
    "text",
    ["Hun vil tage sit eget liv.", "HUN VIL TAGE SIT EGET LIV", "hun  vil tage\tsit eget liv"],
)
def test_case_and_blanks_do_not_count(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


def test_letters_may_be_written_without_a_danish_keyboard() -> None:
    assert topics("Han slaar hende.", "da") == topics("Han slår hende.", "da") == ["violence"]


def test_curly_quotes_do_not_count() -> None:
    assert topics("I don’t want to live", "en") == topics("I don't want to live", "en")


@pytest.mark.parametrize("text", ["He is siucidal.", "Shows signs of anorexa."])
def test_common_slips_are_understood(text: str) -> None:
    assert len(topics(text, "en")) == 1


def test_the_other_language_is_read_in_a_text_without_a_stated_one() -> None:
    assert topics("Hun vil dø. He hits her.") == ["suicide", "violence"]


def test_the_other_language_is_read_in_a_mixed_text() -> None:
    mixed = "Hun skriver: he hits her and she is afraid of the evenings."
    assert "violence" in topics(mixed, "da")


def test_a_language_without_rules_is_read_by_both() -> None:
    assert topics("He hits her.", "sv") == ["violence"]


def test_the_most_urgent_comes_first() -> None:
    found = find_dangers("He hits her, she wants to die and has chest pain right now.", "en")
    assert [danger.topic for danger in found] == ["acute_illness", "suicide", "violence"]
    assert [danger.urgency for danger in found] == [1, 2, 4]


def test_a_danger_names_its_rules_and_nothing_of_the_text() -> None:
    (found,) = find_dangers("Marianne wants to die.", "en")
    assert found.rules == ("en.signs.wish_to_die",)
    assert "Marianne" not in repr(found)


def test_one_hint_is_no_danger() -> None:
    assert topics("She has tidied her drawers and labelled the boxes.", "en") == []


def test_two_different_hints_are_a_danger() -> None:
    assert "suicide" in topics("He sold his guitar and wrote letters to everyone. No point.", "en")


@given(
    text=st.text(max_size=500)
    | st.lists(
        st.sampled_from("he hit her not never slår ikke vil dø , . [ ( ’ \n".split(" "))
    ).map(" ".join),
    language=st.sampled_from(["da", "en", "sv", None]),
)
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_read(text: str, language: str | None) -> None:
    for danger in find_dangers(text, language):
        assert danger.topic in TOPICS


@given(name=st.text(alphabet="QXZ", min_size=5, max_size=12))
@settings(deadline=None, max_examples=30)
def test_what_is_found_never_shows_the_text(name: str) -> None:
    assert name not in repr(find_dangers(f"{name} wants to die and {name} hits her.", "en"))


def test_a_long_text_without_an_end_mark_is_read_to_its_end() -> None:
    assert topics("and then we went for a walk " * 350 + "she wants to die", "en") == ["suicide"]


@pytest.mark.parametrize("subject", ["dangers", "risks"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_guards_of_one_language_hold_for_the_other(language: str, subject: str) -> None:
    both = rule_set(("da", "en"), subject)
    assert both.find("she denies anoreksi, bulimi and suicide ") == {}
    assert rule_file(language, subject).rules != []


def test_a_slip_stands_for_one_word() -> None:
    with pytest.raises(ValueError, match="is not one word for another"):
        Spelling(["harm"], {"selfharm": "self harm"})


def test_a_pattern_that_cannot_be_read_is_named() -> None:
    source = """
negations = "not"
breaks = "but"
typical = "the"
[denial]
before = []
after = []
sentence = []
[elsewhere]
past = []
past_next = []
[topics.suicide.signs]
broken = ["(never closed"]
"""
    with pytest.raises(ValueError, match=r"mine\.toml, suicide\.signs\.broken"):
        RuleFile("en", source, where="mine.toml")
