"""What is to be avoided, as traits, and which activities have them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import spmatch.aversions
import spmatch.wording
from making import make_activity
from spmatch.aversions import (
    ASSERTED,
    DENIED,
    SILENT,
    asserted,
    asserts,
    aversion_shares,
    known_traits,
    named,
    read_aversions,
)
from spmatch.messages import Message, Terms
from spmatch.wording import wording

FOLDER = Path(spmatch.aversions.__file__).parent


def lexicon(language: str) -> dict[str, dict[str, str]]:
    text = (FOLDER / f"aversions_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


# The lexicon


def test_both_languages_have_the_same_traits() -> None:
    assert list(lexicon("da")) == list(lexicon("en"))


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_trait_can_be_named_and_asserted(language: str) -> None:
    missing = [
        trait
        for trait in known_traits()
        if not (lexicon(language)[trait].get("names") and lexicon(language)[trait].get("asserts"))
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_trait_has_a_name_for_the_reader(language: str) -> None:
    path = Path(spmatch.wording.__file__).parent / f"{language}.toml"
    names = tomllib.loads(path.read_text(encoding="utf-8"))["terms"]["trait"]
    assert set(names) == set(known_traits())


def test_a_trait_is_said_in_the_words_of_the_reader() -> None:
    message = Message("caution.avoid_trait", {"traits": Terms("trait", ("dogs", "noise"))})
    assert "dogs and noise" in wording("en").say(message)
    assert "hunde og larm" in wording("da").say(message)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("trait", known_traits())
def test_every_list_can_be_read(language: str, trait: str) -> None:
    assert asserts("xyzzy", trait, language) == SILENT


# What a person names


@pytest.mark.parametrize(
    ("language", "text", "traits"),
    [
        ("en", "nothing competitive", {"competition"}),
        ("en", "no dogs, hates noise", {"dogs", "noise"}),
        ("en", "not sitting in a circle talking about feelings", {"circle", "feelings_talk"}),
        ("en", "no physical contact", {"physical_contact"}),
        ("en", "nothing like school", {"teaching"}),
        ("en", "no dancing, singing is fine", {"dancing"}),
        ("da", "kan ikke klare mange mennesker", {"crowds", "large_groups"}),
        ("da", "bange for hunde", {"dogs"}),
        ("da", "ikke noget kirkeligt", {"religion"}),
        ("da", "ikke i vand", {"water"}),
        ("da", "intet der minder om sygehus", {"clinical"}),
    ],
)
def test_what_is_avoided_is_read_as_traits(language: str, text: str, traits: set[str]) -> None:
    assert read_aversions(text, language).traits == traits


@pytest.mark.parametrize(
    ("language", "text"), [("en", "no early mornings"), ("da", "ikke tidligt om morgenen")]
)
def test_times_of_day_are_no_trait_and_leave_nothing(language: str, text: str) -> None:
    read = read_aversions(text, language)
    assert (read.traits, read.rest) == (frozenset(), "")


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("en", "nothing with bagpipe history", "bagpipe history"),
        ("en", "no dogs, nothing with stamps", "stamps"),
        ("da", "ikke noget med frimærker", "frimærker"),
        ("en", "no dogs", ""),
    ],
)
def test_the_rest_is_said_without_its_negation(language: str, text: str, rest: str) -> None:
    assert read_aversions(text, language).rest == rest


def test_what_is_shown_of_aversions_repeats_no_text() -> None:
    assert "stamps" not in repr(read_aversions("nothing with stamps", "en"))


# What an activity has


@pytest.mark.parametrize(
    ("language", "trait", "text", "says"),
    [
        ("en", "competition", "Matches every week with a ranking.", ASSERTED),
        ("en", "competition", "No competition, just play.", DENIED),
        ("en", "competition", "How to stand out in a competitive job market.", SILENT),
        ("en", "dogs", "Bring your puppy.", ASSERTED),
        ("en", "dogs", "Dogs are not allowed.", DENIED),
        ("en", "dogs", "Hot dog night.", SILENT),
        ("en", "dogs", "No dog? Come along, we walk the dogs of the shelter.", ASSERTED),
        ("en", "dancing", "Bring an instrument, nobody dances.", DENIED),
        ("en", "dancing", "Salsa. No dancing experience needed.", ASSERTED),
        ("en", "religion", "Weed the beds in Church Road.", SILENT),
        ("en", "singing", "A choir without solo singing, we sing in harmony.", ASSERTED),
        ("en", "crowds", "We are 150 people at the tables.", ASSERTED),
        ("en", "crowds", "We are 12 people at the table.", SILENT),
        ("en", "large_groups", "A hundred guests, in small groups.", DENIED),
        ("en", "large_groups", "Quiz night, at most six.", DENIED),
        ("en", "animals", "Sorry, no dogs in the hall.", DENIED),
        ("da", "large_groups", "Vi sidder i små hold, en til en.", DENIED),
        ("da", "alcohol", "Øl, snaps og tre retter.", ASSERTED),
        ("da", "alcohol", "En alkoholfri bar.", DENIED),
        ("da", "alcohol", "En vintertur.", SILENT),
        ("da", "dogs", "Hunde må ikke komme med.", DENIED),
        ("da", "dogs", "Vi går med vores hunde.", ASSERTED),
        ("da", "dogs", "Søhunde og sæler.", SILENT),
        ("da", "dancing", "Danske øer.", SILENT),
        ("da", "singing", "Ukulele uden sang.", DENIED),
        ("da", "singing", "Byens kor øver.", ASSERTED),
        ("da", "needlework", "Vi strikker tæpper.", ASSERTED),
    ],
)
def test_a_text_asserts_a_trait_or_denies_it(
    language: str, trait: str, text: str, says: int
) -> None:
    assert asserts(text, trait, language) == says


def test_a_trait_that_is_not_in_the_lexicon_is_an_error() -> None:
    with pytest.raises(KeyError):
        asserts("Bring your puppy.", "unicorns", "en")


@pytest.mark.parametrize(
    ("trait", "facts", "says"),
    [
        ("women_only", {"gender": "women"}, ASSERTED),
        ("women_only", {"gender": "any"}, DENIED),
        ("hard_exercise", {"intensity": "high"}, ASSERTED),
        ("hard_exercise", {"intensity": "low"}, DENIED),
        ("online", {"delivery": "online"}, ASSERTED),
        ("children", {"ages": {"min": 18}}, DENIED),
        ("old_people", {"ages": {"min": 65}}, ASSERTED),
        ("stairs", {"access": {"step_free": True}}, DENIED),
        ("crowds", {"first_visit": {"small_group": True}}, DENIED),
        ("dogs", {"gender": "women"}, SILENT),
    ],
)
def test_a_stated_fact_decides(trait: str, facts: dict[str, object], says: int) -> None:
    assert asserts("", trait, "en", make_activity(**facts)) == says


def test_shares_are_one_where_a_trait_is_there() -> None:
    texts = ["Byens kor", "Keramik", "Choir practice"]
    shares = aversion_shares(read_aversions("ikke synge", "da"), texts, ["da", "da", "en"])
    assert shares.tolist() == [1.0, 0.0, 1.0]


def test_the_traits_of_an_activity_are_named_in_order() -> None:
    avoided = read_aversions("no singing, no dogs, no water", "en")
    assert named(avoided, "A choir for people and their dogs", "en") == ("dogs", "singing")


def test_an_activity_without_a_language_is_read_in_both() -> None:
    assert asserts("Byens kor", "singing") == asserts("Community choir", "singing") == ASSERTED


@pytest.mark.parametrize("language", ["da", "en", None])
@pytest.mark.parametrize(
    "text",
    [
        "A choir, no dogs, and a tournament with prizes.",
        "Ingen konkurrence. Hunden må gerne komme med, og der er kaffe.",
        "Choir without solo singing; nobody counts, not just for fun.",
        "",
    ],
)
def test_traits_read_at_once_are_those_read_one_by_one(text: str, language: str | None) -> None:
    activity = make_activity(text_language=language, gender="women", ages={"min": 60})
    one_by_one = [
        trait for trait in known_traits() if asserts(text, trait, language, activity) == ASSERTED
    ]
    assert asserted(activity, text, known_traits()) == one_by_one
