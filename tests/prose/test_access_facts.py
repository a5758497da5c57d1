"""Accessibility out of prose."""

from __future__ import annotations

import pytest

from spmatch.prose import read_facts


def access_in(text: str, language: str) -> dict[str, object]:
    """The keys of accessibility that a text states."""
    return {
        fact.field.removeprefix("access."): fact.value
        for fact in read_facts(text, language)
        if fact.field.startswith("access.")
    }


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("da", "Der er elevator til 2. sal.", "lift"),
        ("da", "Niveaufri adgang fra gården.", "step_free"),
        ("da", "Adgang uden trin.", "step_free"),
        ("da", "Lokalet er tilgængeligt for kørestolsbrugere.", "wheelchair"),
        ("da", "Toiletterne er handicapvenlige.", "accessible_toilet"),
        ("da", "Der er handicapparkering ved døren.", "accessible_parking"),
        ("da", "Salen har teleslynge.", "hearing_loop"),
        ("da", "Der er tegnsprogstolk hver gang.", "sign_language"),
        ("da", "Teksterne fås med stor skrift.", "visual_support"),
        ("da", "En demensvenlig gåtur.", "dementia_friendly"),
        ("da", "Vi har et stillerum.", "quiet_space"),
        ("da", "Programmet fås i en letlæst udgave.", "easy_read"),
        ("da", "Huset er parfumefrit.", "allergy_aware"),
        ("da", "Bussen stopper lige ved døren.", "public_transport_nearby"),
        ("da", "Ledsagere er velkomne.", "companion_welcome"),
        ("en", "There's a lift to all floors.", "lift"),
        ("en", "Elevator available.", "lift"),
        ("en", "Step-free throughout.", "step_free"),
        ("en", "Wheelchair users welcome.", "wheelchair"),
        ("en", "A disabled toilet on the ground floor.", "accessible_toilet"),
        ("en", "Blue badge spaces by the door.", "accessible_parking"),
        ("en", "Hearing loop fitted.", "hearing_loop"),
        ("en", "BSL interpreted tours.", "sign_language"),
        ("en", "Songs in large print.", "visual_support"),
        ("en", "Dementia-friendly screenings.", "dementia_friendly"),
        ("en", "There is a quiet room.", "quiet_space"),
        ("en", "An easy-read leaflet.", "easy_read"),
        ("en", "We are a scent-free space.", "allergy_aware"),
        ("en", "The bus stops right outside.", "public_transport_nearby"),
        ("en", "Carers are very welcome.", "companion_welcome"),
    ],
)
def test_what_is_there_is_read(language: str, text: str, key: str) -> None:
    assert access_in(text, language) == {key: True}


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("da", "Der er desværre ikke elevator.", "lift"),
        ("da", "Uden elevator.", "lift"),
        ("da", "Der er tre trin op til døren.", "step_free"),
        ("da", "Kørestolsbrugere kan desværre ikke komme ind.", "wheelchair"),
        ("da", "Der mangler et handicaptoilet.", "accessible_toilet"),
        ("da", "Handicaptoilet mangler desværre.", "accessible_toilet"),
        ("en", "On the 3rd floor, no lift.", "lift"),
        ("en", "There are four steps up to the hall.", "step_free"),
        ("en", "Unfortunately there is no wheelchair access.", "wheelchair"),
        ("en", "The toilets are not accessible.", "accessible_toilet"),
        ("en", "We do not have a hearing loop.", "hearing_loop"),
    ],
)
def test_what_is_said_not_to_be_there_is_a_no(language: str, text: str, key: str) -> None:
    assert access_in(text, language) == {key: False}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Vi håber snart at få en elevator."),
        ("da", "Elevatorføreren fortæller om sit liv."),
        ("da", "Elevatoren går kun til 1. sal."),
        ("da", "Teleslyngen er i stykker."),
        ("da", "Har du brug for tegnsprogstolk, så skriv til os."),
        ("da", "Er der elevator?"),
        ("da", "Teksterne læses op, uden punktskrift."),
        ("da", "Parkering i gården."),
        ("en", "We can give you a lift home."),
        ("en", "We're fundraising for a lift."),
        ("en", "The lift is out of order."),
        ("en", "BSL interpreter on request."),
        ("en", "If you need a hearing loop, please tell us."),
        ("en", "There are no steps to remember."),
        ("en", "We used to have an elevator."),
        ("en", "We meet in a quiet part of town."),
    ],
)
def test_nothing_certain_is_nothing(language: str, text: str) -> None:
    assert access_in(text, language) == {}


def test_a_yes_and_a_no_in_one_sentence_stand_apart() -> None:
    assert access_in("Rummet har teleslynge, men ikke elevator.", "da") == {
        "hearing_loop": True,
        "lift": False,
    }


def test_a_yes_and_a_no_for_one_thing_are_nothing() -> None:
    assert access_in("Der er elevator. I baghuset er der ingen elevator.", "da") == {}
