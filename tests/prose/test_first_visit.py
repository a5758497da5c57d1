"""First visits out of prose."""

from __future__ import annotations

import pytest

from spmatch.prose import read_facts


def first_visit_in(text: str, language: str) -> dict[str, object]:
    """The keys of first visits that a text states."""
    return {
        fact.field.removeprefix("first_visit."): fact.value
        for fact in read_facts(text, language)
        if fact.field.startswith("first_visit.")
    }


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("da", "Tag gerne en ven med.", "bring_someone"),
        ("da", "Du er velkommen til at tage en pårørende med.", "bring_someone"),
        ("da", "En af de frivillige tager imod dig første gang.", "buddy"),
        ("da", "Første gang er gratis.", "taster"),
        ("da", "Kom til en prøvetime.", "taster"),
        ("da", "Holdet er lille.", "small_group"),
        ("da", "Drop-in hver onsdag.", "no_sign_up"),
        ("da", "Bare mød op!", "no_sign_up"),
        ("da", "Tilmelding er ikke nødvendig.", "no_sign_up"),
        ("en", "Bring a friend!", "bring_someone"),
        ("en", "Feel free to bring a family member along.", "bring_someone"),
        ("en", "We'll meet you at the door.", "buddy"),
        ("en", "Free taster session.", "taster"),
        ("en", "Your first class is free.", "taster"),
        ("en", "A small, friendly group.", "small_group"),
        ("en", "No booking required.", "no_sign_up"),
        ("en", "No need to book - just drop in.", "no_sign_up"),
    ],
)
def test_support_for_a_first_visit_is_read(language: str, text: str, key: str) -> None:
    assert first_visit_in(text, language) == {key: True}


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("da", "Man kan ikke bare møde op.", "no_sign_up"),
        ("da", "Tilmelding er nødvendig.", "no_sign_up"),
        ("en", "You can't just turn up.", "no_sign_up"),
        ("en", "Booking is essential.", "no_sign_up"),
        ("en", "By appointment only.", "no_sign_up"),
        ("en", "Please don't bring friends.", "bring_someone"),
    ],
)
def test_a_stated_no_is_read(language: str, text: str, key: str) -> None:
    assert first_visit_in(text, language) == {key: False}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Tag gerne en hund med."),
        ("da", "Tag gerne kaffe med."),
        ("da", "Tilmelding til Bo på hjemmesiden."),
        ("da", "Du er velkommen til at komme alene."),
        ("da", "Kommer der snart drop-in?"),
        ("en", "Bring your dog!"),
        ("en", "Bring a packed lunch."),
        ("en", "Booking recommended."),
        ("en", "A drop in temperature is expected."),
        ("en", "Max 30 people."),
    ],
)
def test_other_words_say_nothing_of_it(language: str, text: str) -> None:
    assert first_visit_in(text, language) == {}
