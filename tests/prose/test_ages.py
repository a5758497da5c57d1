"""Whom an activity is for by age, out of prose."""

from __future__ import annotations

import pytest

from spmatch.activity import Ages
from spmatch.prose import read_facts


def ages_in(text: str, language: str) -> tuple[int | None, int | None] | None:
    """The lowest and highest age that a text states, or ``None`` for no ages."""
    for fact in read_facts(text, language):
        if isinstance(fact.value, Ages):
            return fact.value.min, fact.value.max
    return None


@pytest.mark.parametrize(
    ("language", "text", "ages"),
    [
        ("da", "For dig mellem 18 og 30.", (18, 30)),
        ("da", "Ung i byen (18-30 år)", (18, 30)),
        ("da", "Vi er åbne for 16-25-årige.", (16, 25)),
        ("da", "Motion for 60+", (60, None)),
        ("da", "Du skal være fyldt 18 år.", (18, None)),
        ("da", "Fra 50 år og opefter.", (50, None)),
        ("da", "Aldersgrænse 18 år.", (18, None)),
        ("da", "For unge under 30 år.", (None, 29)),
        ("da", "For unge op til 25 år.", (None, 25)),
        ("en", "Over 65s only.", (65, None)),
        ("en", "For ages 50 and over.", (50, None)),
        ("en", "Open to anyone aged 18 or over.", (18, None)),
        ("en", "Young people aged 11-17.", (11, 17)),
        ("en", "For 16 to 24 year olds", (16, 24)),
        ("en", "55+ walking football, Tuesdays", (55, None)),
        ("en", "Under 25s only.", (None, 24)),
    ],
)
def test_ages_are_read(language: str, text: str, ages: tuple[int | None, int | None]) -> None:
    assert ages_in(text, language) == ages


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Foreningen fylder 60 år."),
        ("da", "Vi har over 30 års erfaring."),
        ("da", "Instruktøren er fyldt 70 år."),
        ("da", "Børn under 12 år skal følges med en voksen."),
        ("da", "Pensionister over 65 år får rabat."),
        ("da", "Deltagerne er typisk mellem 40 og 60 år."),
        ("da", "Dans til 70'er-musik for alle."),
        ("da", "Ring på +45 60 11 22 33 for at høre mere."),
        ("da", "Kom forbi for en snak mellem 16 og 18 på Torvet 12-14."),
        ("da", "Frivillige skal være fyldt 18 år."),
        ("en", "We have over 60 members."),
        ("en", "Under 16s must be accompanied by an adult."),
        ("en", "Children under 5 go free."),
        ("en", "Our leader is over 70 and still swims."),
        ("en", "With over 30 years of experience for all."),
        ("en", "The group turned 40 this spring."),
        ("en", "40+ stalls!"),
        ("en", "Community Hub, 18-25 Mill Lane."),
        ("en", "For parents of children aged 0 to 4."),
    ],
)
def test_other_numbers_are_no_ages(language: str, text: str) -> None:
    assert ages_in(text, language) is None


def test_two_ages_are_none() -> None:
    assert ages_in("For voksne over 18 år. Seniorholdet er for alle over 60 år.", "da") is None
