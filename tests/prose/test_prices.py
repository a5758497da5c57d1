"""What an activity costs, out of prose."""

from __future__ import annotations

from typing import Any

import pytest

from spmatch.activity import Cost
from spmatch.prose import read_facts


def cost_in(text: str, language: str) -> dict[str, Any] | None:
    """The cost that a text states, without what it leaves open."""
    for fact in read_facts(text, language):
        if isinstance(fact.value, Cost):
            said = fact.value.model_dump(exclude_none=True, exclude_defaults=True)
            said["concessions"] = [
                (one["for"], one["amount"]) for one in said.get("concessions", ())
            ]
            return {key: value for key, value in said.items() if value != []}
    return None


@pytest.mark.parametrize(
    ("language", "text", "cost"),
    [
        ("da", "Det koster 35 kr. pr. gang.", {"amount": 35, "currency": "DKK", "per": "session"}),
        ("da", "pris 30,- pr gang", {"amount": 30, "currency": "DKK", "per": "session"}),
        ("da", "Pris: 150 kr. pr. md.", {"amount": 150, "currency": "DKK", "per": "month"}),
        (
            "da",
            "Pris 1.250,50 kr. i kvartalet",
            {"amount": 1250.5, "currency": "DKK", "per": "quarter"},
        ),
        ("da", "Deltagergebyr: 25 kr.", {"amount": 25, "currency": "DKK"}),
        (
            "da",
            "Pris: 450 kr. for hele forløbet",
            {"amount": 450, "currency": "DKK", "per": "once"},
        ),
        ("da", "Det koster ikke noget at deltage.", {"amount": 0}),
        ("da", "Kom og vær med, det er gratis.", {"amount": 0}),
        ("da", "Fri entré.", {"amount": 0}),
        ("en", "£5 per session", {"amount": 5, "currency": "GBP", "per": "session"}),
        ("en", "50p a session.", {"amount": 0.5, "currency": "GBP", "per": "session"}),
        ("en", "Only $3.50 a week.", {"amount": 3.5, "currency": "USD", "per": "week"}),
        ("en", "25 kr. a time", {"amount": 25, "currency": "DKK", "per": "session"}),
        ("en", "£30 for 6 weeks", {"amount": 30, "currency": "GBP", "per": "once"}),
        ("en", "There is no charge.", {"amount": 0}),
        ("en", "It's free, just turn up.", {"amount": 0}),
    ],
)
def test_a_plain_price_is_read(language: str, text: str, cost: dict[str, Any]) -> None:
    assert cost_in(text, language) == cost


@pytest.mark.parametrize(
    ("language", "text", "amount", "concessions"),
    [
        ("da", "Pris 60 kr. Studerende 30 kr.", 60, [("Studerende", 30)]),
        ("da", "Entré 40 kr., børn under 12 år gratis", 40, [("børn under 12 år", 0)]),
        ("da", "Medlemmer 20 kr., ikke-medlemmer 40 kr.", 40, [("Medlemmer", 20)]),
        ("da", "Gratis for under 18 år, ellers 30 kr.", 30, [("under 18 år", 0)]),
        ("en", "£3, concessions £1.50", 3, [("concessions", 1.5)]),
        ("en", "£20 a month, or £12 for students", 20, [("students", 12)]),
        ("en", "Adults £6, under 16s £3", 6, [("under 16s", 3)]),
    ],
)
def test_a_lower_price_for_a_named_group_is_a_concession(
    language: str, text: str, amount: float, concessions: list[tuple[str, float]]
) -> None:
    cost = cost_in(text, language)
    assert cost is not None
    assert (cost["amount"], cost["concessions"]) == (amount, concessions)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Kaffen koster 10 kr."),
        ("da", "Vi drikker kaffe, 20 kr."),
        ("da", "Materialer 50 kr."),
        ("da", "Medlemskab koster 200 kr. om året."),
        ("da", "Billetten koster 120 kr."),
        ("da", "Gratis kaffe og parkering."),
        ("da", "Kaffen er gratis."),
        ("en", "Tea and cake £2.50."),
        ("en", "Free parking."),
        ("en", "Hire of a racket is £1."),
        ("en", "We pay £10 towards travel."),
        ("en", "Learn to shop for 300 kroner a week."),
        ("en", "We raised £500 for the hospice."),
    ],
)
def test_the_price_of_something_else_is_no_price(language: str, text: str) -> None:
    assert cost_in(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Pris: fra 50 kr."),
        ("da", "Prisen er ca. 50 kr."),
        ("da", "Det koster 100 kr. eller 150 kr."),
        ("da", "Prisen er 30-50 kr. pr. gang"),
        ("da", "Pris: 600 kr. for en sæson"),
        ("da", "Det er ikke gratis."),
        ("da", "Gratis for medlemmer."),
        ("da", "Det er gratis, hvis du bor i kommunen."),
        ("da", "Tidligere kostede det 40 kr. pr. gang."),
        ("da", "Første gang er gratis."),
        ("da", "Holdet koster 60 kr. i timen"),
        ("en", "Vary according to income ($5-$90)."),
        ("en", "Prices from £6."),
        ("en", "£2 suggested donation."),
        ("en", "Last year we charged £4 a week."),
        ("en", "Free for over-60s."),
        ("en", "Feel free to pop in."),
        ("en", "Alcohol-free evenings."),
        ("en", "£4 per session or £35 for a term"),
        ("en", "C$5 per class"),
    ],
)
def test_a_price_that_may_be_read_in_two_ways_is_none(language: str, text: str) -> None:
    assert cost_in(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Pris 30 kr. pr. gang. Kontingentet er 200 kr. om året."),
        ("da", "Pris 30 kr. pr. gang. Du betaler 45 kr. ved indgangen."),
        ("en", "The class is free. Sessions cost £3."),
    ],
)
def test_two_prices_for_the_same_people_are_none(language: str, text: str) -> None:
    assert cost_in(text, language) is None


def test_the_price_of_something_else_beside_the_price_changes_nothing() -> None:
    assert cost_in("Pris 40 kr. pr. gang. Kaffe 10 kr.", "da") == {
        "amount": 40,
        "currency": "DKK",
        "per": "session",
    }


def test_donations_leave_what_is_free_free() -> None:
    assert cost_in("Free entry, but donations are welcome.", "en") == {"amount": 0}
