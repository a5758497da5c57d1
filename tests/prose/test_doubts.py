"""What is no fact: prices, ages, times and access of something else, for some, once, or perhaps."""

from __future__ import annotations

import pytest

from spmatch.prose import read_facts
from spmatch.prose.activities import does
from spmatch.prose.doubts import doubts
from spmatch.prose.numbers import loose_numbers

SILENT = [
    ("da", "cost", "Garderobe 5 kr."),
    ("da", "cost", "Børnepasning 20 kr. pr. gang."),
    ("da", "cost", "Vi samler ind til en ny fløjte, der koster 1.200 kr."),
    ("da", "cost", "Holdet er gratis i efteråret, men koster 200 kr. fra januar."),
    ("da", "cost", "Pris 90 kr. pr. måned, studerende og folk på kontanthjælp 45."),
    ("da", "cost", "200 kr. i kvartalet for medlemmer."),
    ("da", "cost", "Deltagelse er gratis for sognets beboere."),
    ("da", "cost", "Bowling 80 kr., resten af aftenen er gratis."),
    ("en", "cost", "Lockers are £1 per visit."),
    ("en", "cost", "Minibus to the lake: £9 each."),
    ("en", "cost", "£5 (single visit) or £45 for a block of ten."),
    ("en", "cost", "We ask for 20p a week towards the electricity."),
    ("en", "cost", "The tour itself is free but you'll need a museum ticket."),
    ("en", "cost", "Support workers attend free."),
    ("da", "ages", "Holdet er for alle mellem 8 og 80 år."),
    ("da", "ages", "Sange fra 50'erne sunget af folk på over 70."),
    ("da", "ages", "Filmen er tilladt for alle over 11 år."),
    ("da", "ages", "Vi søger frivillige over 18 år til caféen."),
    ("en", "ages", "Kids' corner (ages 3 to 9) runs alongside the adult class."),
    ("en", "ages", "You need to be over 18 to volunteer."),
    ("en", "ages", "Over 200 members aged 16 to 70."),
    ("da", "sessions", "Badmintonhallen er optaget hver onsdag 18-20."),
    ("da", "sessions", "Caféen lukker kl. 16 på fredage."),
    ("da", "sessions", "Den første og den tredje mandag i måneden kl. 14-16"),
    ("da", "sessions", "Undtagelsesvis mødes vi denne uge om torsdagen."),
    ("da", "sessions", "Onsdage eller torsdage, alt efter vejret."),
    ("en", "sessions", "The fire alarm is tested every Tuesday at 10am."),
    ("en", "sessions", "The baker comes Tuesdays 9-10am."),
    ("en", "sessions", "Call 630 555 0109 between 9am and 4pm, Monday through Friday."),
    ("en", "sessions", "Talk on bats, Tuesday at 7.30pm."),
    ("da", "access", "Museet har handicaptoilet, men det har vores værksted ikke."),
    ("da", "access", "Bed om tegnsprogstolk ved tilmelding."),
    ("en", "access", "Our minibus is wheelchair accessible."),
    ("en", "access", "The café next door has an accessible toilet."),
    ("en", "access", "The ground floor is wheelchair accessible but the upstairs room isn't."),
    ("da", "first_visit", "Tilmelding er kun nødvendig til fællesspisningen."),
    ("en", "first_visit", "Prices drop in January."),
    ("en", "first_visit", "Advance booking essential for wheelchair spaces."),
    ("da", "delivery", "Vores café foregår både online og i Kulturhuset."),
    ("en", "delivery", "Our online group runs alongside the face-to-face one."),
    ("en", "delivery", "Classes were online but are now in person."),
]
SAID = [
    ("da", "cost", "Torsdagscaféen er gratis, og alle er velkomne."),
    ("da", "cost", "25 kr. for medlemmer, 40 kr. for gæster"),
    ("en", "cost", "It costs £4 to join in and the tea is free."),
    ("en", "cost", "All our activities are free thanks to the lottery."),
    ("da", "ages", "Ungdomskor (14-19 år)"),
    ("en", "ages", "Open to 16 year olds and above who live nearby."),
    ("da", "sessions", "Alle hverdage fra 9 til 15 kan du bruge værkstedet."),
    ("en", "sessions", "Weekly on Wednesdays from 6pm until 7.30pm"),
    ("en", "sessions", "Our Tuesday group meets 10.30am-12pm."),
    ("da", "access", "Man kommer ind uden at møde et eneste trin."),
    ("en", "access", "Studio on the third floor; I'm sorry, there's no elevator."),
    ("da", "first_visit", "Bindende tilmelding senest dagen før."),
    ("en", "first_visit", "Newcomers are paired with a regular."),
    ("en", "delivery", "We meet in person and on Zoom."),
]


def kinds(text: str, language: str) -> set[str]:
    """The kinds of facts that a text states."""
    return {fact.field.partition(".")[0] for fact in read_facts(text, language)}


@pytest.mark.parametrize(("language", "kind", "text"), SILENT)
def test_what_is_of_something_else_or_doubtful_is_no_fact(
    language: str, kind: str, text: str
) -> None:
    assert kind not in kinds(text, language)


@pytest.mark.parametrize(("language", "kind", "text"), SAID)
def test_what_is_plainly_said_is_a_fact(language: str, kind: str, text: str) -> None:
    assert kind in kinds(text, language)


def test_a_second_number_without_a_role_is_loose() -> None:
    assert loose_numbers("pris 90 kr., studerende 45.", "da", ((5, 11),), 11)


@pytest.mark.parametrize(
    "text",
    [
        "30 kr., ring på 86 12 00 00",
        "30 kr., 12 pladser",
        "30 kr., kl. 10-12",
        "30 kr., nørregade 14",
        "30 kr., siden 1998",
    ],
)
def test_a_number_with_a_role_is_not_loose(text: str) -> None:
    assert not loose_numbers(text, "da", ((0, 6),), 6)


@pytest.mark.parametrize(
    ("text", "language", "is_one"),
    [
        ("mandagscaféen", "da", True),
        ("hovedindgangen", "da", False),
        ("woodcarving", "en", True),
        ("the building", "en", False),
    ],
)
def test_an_activity_is_known_by_its_word(text: str, language: str, is_one: bool) -> None:
    assert does(text, "da" if language == "da" else "en") is is_one


def test_a_question_is_a_doubt() -> None:
    assert doubts("en", "past").search("is there a lift?")


def test_a_question_is_no_doubt_where_it_may_be_asked() -> None:
    assert not doubts("en", "past", asked=False).search("over 18?")
