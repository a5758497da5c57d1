"""OpenActive offers: which price is the public one, and for whom there is a lower one."""

from __future__ import annotations

from typing import Any

import pytest

from spmatch.activity import Cost
from spmatch.readers.openactive_offers import cost_of
from spmatch.readers.stated import Findings


def offer(name: str | None, price: Any, currency: str | None = "GBP", **more: Any) -> object:
    return {"@type": "Offer", "name": name, "price": price, "priceCurrency": currency, **more}


class Pricing:
    """The cost of offers, and what was told of it."""

    def __init__(self) -> None:
        self.findings = Findings("record")

    def __call__(self, *offers: object, free: object = None) -> Cost | None:
        record = {"offers": list(offers), "isAccessibleForFree": free}
        return cost_of(record, "session", self.findings)

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(problem.field, problem.effect) for problem in self.findings.problems]


@pytest.fixture
def pricing() -> Pricing:
    return Pricing()


def amount(cost: Cost | None) -> float | None:
    return cost.amount if cost else None


def concessions(cost: Cost | None) -> list[tuple[str, float]]:
    return [(one.for_whom, one.amount) for one in cost.concessions] if cost else []


def test_no_offers_state_no_cost(pricing: Pricing) -> None:
    assert pricing() is None


def test_one_offer_is_the_price(pricing: Pricing) -> None:
    assert pricing(offer(None, 3.3)) == Cost(amount=3.3, currency="GBP", per="session")


def test_a_currency_in_lower_case_is_a_currency(pricing: Pricing) -> None:
    assert pricing(offer("Adult", "5", "gbp")) == Cost(amount=5, currency="GBP", per="session")


def test_a_lower_price_for_a_named_group_is_a_concession(pricing: Pricing) -> None:
    cost = pricing(offer("Adult", 6), offer("Concession", 4), offer("Under 16", 3))
    assert concessions(cost) == [("Concession", 4), ("Under 16", 3)]


def test_the_price_of_adults_is_the_price(pricing: Pricing) -> None:
    assert amount(pricing(offer("Junior", 3), offer("Oxygen - Adult", 6))) == 6


def test_the_same_price_for_a_group_needs_no_note(pricing: Pricing) -> None:
    cost = pricing(offer("Adult", 6), offer("Senior", 6, ageRestriction={"minValue": 50}))
    assert cost == Cost(amount=6, currency="GBP", per="session")


@pytest.mark.parametrize("name", ["Member", "Adult Member", "Residents", "Gold card holders"])
def test_what_members_pay_is_not_the_price(pricing: Pricing, name: str) -> None:
    cost = pricing(offer(name, 2), offer("Non-member", 5))
    assert (amount(cost), concessions(cost)) == (5, [])


def test_what_members_pay_stands_in_the_note(pricing: Pricing) -> None:
    assert pricing(offer("Member", 2)) == Cost(note="Member: 2 GBP")


def test_an_offer_for_an_age_is_no_price_for_all(pricing: Pricing) -> None:
    assert amount(pricing(offer("Ticket", 2, ageRange={"maxValue": 12}))) is None


def test_of_several_prices_for_adults_the_lowest_is_taken(pricing: Pricing) -> None:
    assert amount(pricing(offer("Adult peak", 7), offer("Adult off-peak", 5))) == 5


def test_that_there_are_several_prices_for_adults_is_told(pricing: Pricing) -> None:
    pricing(offer("Adult peak", 7), offer("Adult off-peak", 5))
    assert pricing.told == [("offers", "note")]


def test_of_several_prices_of_nobody_in_particular_none_is_taken(pricing: Pricing) -> None:
    cost = pricing(offer("Peak", 7), offer("Off-peak", 5))
    assert (cost, pricing.told) == (
        Cost(note="Peak: 7 GBP\nOff-peak: 5 GBP"),
        [("offers", "mended")],
    )


def test_two_currencies_are_two_prices(pricing: Pricing) -> None:
    assert amount(pricing(offer("Adult", 7), offer("Adult", 7, "EUR"))) is None


def test_what_is_stated_to_be_free_is_free(pricing: Pricing) -> None:
    assert pricing(free=True) == Cost(amount=0, per="session")


def test_what_is_stated_not_to_be_free_has_no_price_by_that(pricing: Pricing) -> None:
    assert pricing(free=False) is None


@pytest.mark.parametrize(("price", "free"), [(5, True), (0, False)])
def test_where_two_statements_differ_no_price_is_taken(
    pricing: Pricing, price: float, free: bool
) -> None:
    cost = pricing(offer("Adult", price), free=free)
    assert (amount(cost), pricing.told) == (None, [("isAccessibleForFree", "mended")])


@pytest.mark.parametrize("price", [-3, "Free", True, [3], float("nan")])
def test_a_price_that_cannot_be_is_left_out(pricing: Pricing, price: object) -> None:
    assert (amount(pricing(offer("Adult", price))), pricing.told) == (
        None,
        [("offers.price", "mended")],
    )


def test_a_truth_that_is_text_is_not_read(pricing: Pricing) -> None:
    assert (pricing(free="yes"), pricing.told) == (None, [("isAccessibleForFree", "mended")])
