"""Every limit: what it meets, what it breaks, what it leaves unknown, and how that is said.

Today is Monday 23 November 2026. Distances are from Aalborg.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from making import HOME, TODAY, make_activity, north
from spmatch.activity import Activity
from spmatch.columns import build_columns
from spmatch.config import Config, LimitSettings
from spmatch.constraints import (
    MET,
    NOT_MET,
    UNKNOWN,
    Judgement,
    Person,
    judge,
    judge_from_activity,
)
from spmatch.explanation import questions_of, verdicts_of
from spmatch.geography import Point, great_circle_km
from spmatch.profile import Limits
from spmatch.suggestion import Verdict
from spmatch.wording import ReaderLanguage, wording
from standing import standing

SETTINGS = Config.default().limits

DKK_50 = {"amount": 50, "currency": "DKK"}
"""A price limit: 50 DKK a session."""


def judgements(
    activities: Iterable[Activity],
    *,
    must: dict[str, Any] | None = None,
    prefer: dict[str, Any] | None = None,
    origin: bool = True,
    on: date = TODAY,
    settings: LimitSettings = SETTINGS,
    **person: Any,
) -> list[Judgement]:
    columns = build_columns(list(activities))
    distances_km = great_circle_km(Point(**HOME), columns.lat, columns.lon) if origin else None
    who = Person(today=on, distances_km=distances_km, **person)
    return [
        *judge(columns, who, Limits.model_validate(must or {}), "must", settings),
        *judge_from_activity(columns, who),
        *judge(columns, who, Limits.model_validate(prefer or {}), "prefer", settings),
    ]


def verdicts(
    facts: dict[str, Any], *, language: ReaderLanguage = "en", **request: Any
) -> dict[str, Verdict]:
    """The verdicts on one activity, by limit."""
    found = judgements([make_activity(**facts)], **request)
    return {one.limit: one for one in verdicts_of(0, found, wording(language))}


def questions(facts: dict[str, Any], **request: Any) -> tuple[str, ...]:
    return questions_of(0, judgements([make_activity(**facts)], **request), wording("en"))


def details(facts: dict[str, Any], limit: str, **request: Any) -> tuple[str, str]:
    """How a verdict is said, in English and in Danish."""
    return (
        verdicts(facts, **request)[limit].detail,
        verdicts(facts, language="da", **request)[limit].detail,
    )


# -- limits that are set and that are not -----------------------------------------------------


def test_without_limits_only_room_is_judged() -> None:
    assert set(verdicts({})) == {"capacity"}


def test_a_wish_is_judged_like_a_limit() -> None:
    verdict = verdicts({"place": north(8)}, prefer={"distance_km": 6})["distance"]
    assert (verdict.kind, verdict.verdict) == ("prefer", "not_met")


def test_a_limit_that_is_set_is_a_must() -> None:
    assert verdicts({"place": north(8)}, must={"distance_km": 6})["distance"].kind == "must"


def test_the_limits_of_an_activity_are_always_a_must() -> None:
    facts = {"ages": {"min": 18}, "gender": "women", "languages": ["da"]}
    found = verdicts(facts, age=30, gender="woman", languages=("da",))
    assert {one.kind for one in found.values()} == {"must"}


def test_all_activities_are_judged_at_once_in_their_order() -> None:
    activities = [make_activity(i, place=place) for i, place in (("a", north(9)), ("b", north(2)))]
    found = judgements([*activities, make_activity("c")], must={"distance_km": 6})
    assert found[0].codes.tolist() == [NOT_MET, MET, UNKNOWN]


# -- distance ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("km", "verdict"), [(5.999, "met"), (6.001, "not_met")])
def test_a_distance_limit_is_in_kilometres(km: float, verdict: str) -> None:
    assert verdicts({"place": north(km)}, must={"distance_km": 6})["distance"].verdict == verdict


@pytest.mark.parametrize("facts", [{}, {"place": {"town": "Aalborg"}}, {"delivery": "in_person"}])
def test_a_distance_without_coordinates_is_unknown(facts: dict[str, Any]) -> None:
    assert verdicts(facts, must={"distance_km": 6})["distance"].verdict == "unknown"


@pytest.mark.parametrize("delivery", ["online", "phone"])
@pytest.mark.parametrize("place", [None, north(300)])
def test_no_distance_is_too_far_online_or_by_phone(delivery: str, place: Any) -> None:
    facts = {"delivery": delivery, "place": place}
    assert verdicts(facts, must={"distance_km": 6})["distance"].verdict == "met"


@pytest.mark.parametrize("delivery", ["in_person", "hybrid", "home_visit"])
def test_every_other_delivery_is_judged_by_its_place(delivery: str) -> None:
    facts = {"delivery": delivery, "place": north(300)}
    assert verdicts(facts, must={"distance_km": 6})["distance"].verdict == "not_met"


def test_a_home_visit_without_a_place_is_unknown() -> None:
    facts = {"delivery": "home_visit"}
    assert verdicts(facts, must={"distance_km": 6})["distance"].verdict == "unknown"


def test_without_an_origin_no_distance_is_judged() -> None:
    assert "distance" not in verdicts({}, must={"distance_km": 6}, origin=False)


def test_a_distance_is_said_with_its_limit() -> None:
    assert details({"place": north(2.1)}, "distance", must={"distance_km": 6}) == (
        "2.1 km of 6 km",
        "2,1 km af 6 km",
    )


def test_a_distance_just_beyond_the_limit_does_not_read_as_the_limit() -> None:
    assert details({"place": north(6.01)}, "distance", must={"distance_km": 6})[0] == (
        "6.1 km of 6 km"
    )


def test_a_distance_well_beyond_the_limit_is_said_to_the_nearest_tenth() -> None:
    assert details({"place": north(8.01)}, "distance", must={"distance_km": 6})[0] == (
        "8 km of 6 km"
    )


def test_a_distance_just_within_a_fine_limit_does_not_read_as_beyond_it() -> None:
    assert details({"place": north(5.96)}, "distance", must={"distance_km": 5.97})[0] == (
        "5.9 km of 5.97 km"
    )


def test_an_unknown_distance_is_said_with_its_limit() -> None:
    assert details({}, "distance", must={"distance_km": 6}) == (
        "where it meets is not stated; the limit is 6 km",
        "mødestedet er ikke oplyst; grænsen er 6 km",
    )


def test_an_offer_without_travel_says_so() -> None:
    assert details({"delivery": "phone"}, "distance", must={"distance_km": 6}) == (
        "no travel needed",
        "ingen transport",
    )


# -- cost -------------------------------------------------------------------------------------

SESSIONS_IN = {"session": 1, "week": 1, "month": 4, "quarter": 12, "year": 40, "once": 10}


@pytest.mark.parametrize("limit_per", SESSIONS_IN)
@pytest.mark.parametrize("price_per", SESSIONS_IN)
def test_a_price_meets_a_limit_that_it_just_reaches(price_per: str, limit_per: str) -> None:
    in_limit_period = 120 / SESSIONS_IN[price_per] * SESSIONS_IN[limit_per]
    cost = {"amount": 120, "currency": "DKK", "per": price_per}
    limit = {"amount": in_limit_period, "currency": "DKK", "per": limit_per}
    assert verdicts({"cost": cost}, must={"cost": limit})["cost"].verdict == "met"


@pytest.mark.parametrize("limit_per", SESSIONS_IN)
@pytest.mark.parametrize("price_per", SESSIONS_IN)
def test_a_price_breaks_a_limit_a_little_below_it(price_per: str, limit_per: str) -> None:
    in_limit_period = 120 / SESSIONS_IN[price_per] * SESSIONS_IN[limit_per]
    cost = {"amount": 120, "currency": "DKK", "per": price_per}
    limit = {"amount": in_limit_period - 0.01, "currency": "DKK", "per": limit_per}
    assert verdicts({"cost": cost}, must={"cost": limit})["cost"].verdict == "not_met"


@pytest.mark.parametrize(
    ("amount", "per", "converted"),
    [
        (30, "week", "30 DKK a session"),
        (100, "month", "25 DKK a session"),
        (300, "quarter", "25 DKK a session"),
        (1000, "year", "25 DKK a session"),
        (375, "once", "37.5 DKK a session"),
    ],
)
def test_a_price_is_converted_to_a_session(amount: float, per: str, converted: str) -> None:
    cost = {"amount": amount, "currency": "DKK", "per": per}
    assert f"about {converted};" in details({"cost": cost}, "cost", must={"cost": DKK_50})[0]


def test_a_price_by_the_session_is_four_times_that_by_the_month() -> None:
    cost = {"amount": 25, "currency": "DKK", "per": "session"}
    limit = {"amount": 99, "currency": "DKK", "per": "month"}
    assert verdicts({"cost": cost}, must={"cost": limit})["cost"].verdict == "not_met"


@pytest.mark.parametrize("per", ["week", "month", "quarter", "year", "once"])
def test_a_converted_price_is_an_estimate(per: str) -> None:
    cost = {"amount": 10, "currency": "DKK", "per": per}
    assert verdicts({"cost": cost}, must={"cost": DKK_50})["cost"].estimate


def test_a_price_in_the_period_of_the_limit_is_no_estimate() -> None:
    cost = {"amount": 100, "currency": "DKK", "per": "month"}
    limit = {"amount": 200, "currency": "DKK", "per": "month"}
    assert not verdicts({"cost": cost}, must={"cost": limit})["cost"].estimate


def test_a_free_offer_is_no_estimate() -> None:
    cost = {"amount": 0, "per": "month"}
    assert not verdicts({"cost": cost}, must={"cost": DKK_50})["cost"].estimate


@pytest.mark.parametrize(
    "cost",
    [
        {"amount": 0},
        {"amount": 0, "per": "year"},
        {"amount": 0, "currency": "EUR", "per": "session"},
    ],
)
def test_a_free_offer_meets_every_price_limit(cost: dict[str, Any]) -> None:
    limit = {"amount": 0, "currency": "DKK"}
    assert verdicts({"cost": cost}, must={"cost": limit})["cost"].verdict == "met"


@pytest.mark.parametrize(
    "cost",
    [
        None,
        {"note": "efter aftale"},
        {"currency": "DKK", "per": "session"},
        {"amount": 10, "currency": "DKK"},
        {"amount": 10, "per": "session"},
        {"amount": 10, "currency": "EUR", "per": "session"},
        {"amount": 9000, "currency": "EUR", "per": "session"},
    ],
)
def test_a_price_that_is_not_stated_in_full_or_in_the_currency_is_unknown(cost: Any) -> None:
    assert verdicts({"cost": cost}, must={"cost": DKK_50})["cost"].verdict == "unknown"


@pytest.mark.parametrize("currency", ["DKK", "EUR", None])
def test_a_price_limit_without_a_currency_takes_prices_as_they_are(currency: str | None) -> None:
    cost = {"amount": 51, "currency": currency, "per": "session"}
    assert verdicts({"cost": cost}, must={"cost": {"amount": 50}})["cost"].verdict == "not_met"


def test_a_price_whose_conversion_rounds_badly_still_meets_its_limit() -> None:
    # 0.3 a month is 0.075 a session and 0.9 a quarter, though not in binary fractions.
    cost = {"amount": 0.3, "currency": "DKK", "per": "month"}
    limit = {"amount": 0.9, "currency": "DKK", "per": "quarter"}
    assert verdicts({"cost": cost}, must={"cost": limit})["cost"].verdict == "met"


def test_a_price_is_said_with_its_limit() -> None:
    cost = {"amount": 40, "currency": "DKK", "per": "session"}
    assert details({"cost": cost}, "cost", must={"cost": DKK_50}) == (
        "40 DKK a session; the limit is 50 DKK a session",
        "40 DKK pr. gang; grænsen er 50 DKK pr. gang",
    )


def test_a_converted_price_is_said_as_stated_and_as_converted() -> None:
    cost = {"amount": 150, "currency": "DKK", "per": "month"}
    assert details({"cost": cost}, "cost", must={"cost": DKK_50}) == (
        "150 DKK a month, about 37.5 DKK a session; the limit is 50 DKK a session",
        "150 DKK om måneden, cirka 37,5 DKK pr. gang; grænsen er 50 DKK pr. gang",
    )


def test_a_free_offer_is_said_with_the_limit() -> None:
    assert details({"cost": {"amount": 0}}, "cost", must={"cost": DKK_50}) == (
        "free; the limit is 50 DKK a session",
        "gratis; grænsen er 50 DKK pr. gang",
    )


def test_a_price_that_is_not_stated_is_said_with_the_limit() -> None:
    assert details({}, "cost", must={"cost": DKK_50}) == (
        "the price is not stated; the limit is 50 DKK a session",
        "prisen er ikke oplyst; grænsen er 50 DKK pr. gang",
    )


def test_a_price_in_another_currency_is_said_with_the_limit() -> None:
    cost = {"amount": 5, "currency": "EUR", "per": "session"}
    assert details({"cost": cost}, "cost", must={"cost": DKK_50}) == (
        "5 EUR a session cannot be compared with 50 DKK a session",
        "5 EUR pr. gang kan ikke sammenlignes med 50 DKK pr. gang",
    )


# -- concessions ------------------------------------------------------------------------------


def reduced(*concessions: tuple[str, float], amount: float | None = 100) -> dict[str, Any]:
    """A price of 100 DKK a session, reduced for some."""
    stated = [{"for": for_whom, "amount": price} for for_whom, price in concessions]
    return {"cost": {"amount": amount, "currency": "DKK", "per": "session", "concessions": stated}}


def pays_at_most_50(facts: dict[str, Any], **person: Any) -> str:
    return verdicts(facts, must={"cost": DKK_50}, **person)["cost"].verdict


@pytest.mark.parametrize("held", ["pensioner", "Pensioner", "PENSIONER"])
def test_a_reduction_that_the_person_has_counts(held: str) -> None:
    assert pays_at_most_50(reduced(("Pensioner", 40)), concessions=(held,)) == "met"


def test_a_reduction_that_the_person_does_not_have_does_not_count() -> None:
    assert pays_at_most_50(reduced(("student", 40)), concessions=("pensioner",)) == "not_met"


def test_nobody_is_taken_for_a_pensioner_by_age() -> None:
    assert pays_at_most_50(reduced(("pensioner", 40)), age=80) == "not_met"


@pytest.mark.parametrize(
    ("for_whom", "age", "verdict"),
    [
        ("under 25", 24, "met"),
        ("under 25", 25, "not_met"),
        ("Under 25 år", 24, "met"),
        ("u. 25", 24, "met"),
        ("below 25 years", 25, "not_met"),
        ("65+", 65, "met"),
        ("65+", 64, "not_met"),
        ("65 år+", 65, "met"),
        ("fra 65 år", 65, "met"),
        ("from 65", 64, "not_met"),
        ("over 65", 65, "not_met"),
        ("over 65", 66, "met"),
        ("18-25", 20, "not_met"),
        ("under 25 and students", 20, "not_met"),
    ],
)
def test_a_reduction_for_an_age_counts_when_it_is_certain(
    for_whom: str, age: int, verdict: str
) -> None:
    assert pays_at_most_50(reduced((for_whom, 40)), age=age) == verdict


def test_a_reduction_for_an_age_does_not_count_when_the_age_is_not_given() -> None:
    assert pays_at_most_50(reduced(("65+", 40))) == "not_met"


def test_the_best_of_the_reductions_that_the_person_has_counts() -> None:
    facts = reduced(("pensioner", 60), ("65+", 40), ("student", 0))
    assert pays_at_most_50(facts, age=70, concessions=("pensioner",)) == "met"


@pytest.mark.parametrize("prices", [(40, 60), (60, 40)])
def test_the_lower_of_two_prices_for_the_same_people_counts(prices: tuple[float, float]) -> None:
    facts = reduced(*(("student", price) for price in prices))
    assert pays_at_most_50(facts, concessions=("student",)) == "met"


def test_a_reduction_never_makes_an_offer_dearer() -> None:
    facts = reduced(("student", 60), amount=40)
    assert pays_at_most_50(facts, concessions=("student",)) == "met"


def test_a_price_stated_for_the_person_alone_is_a_stated_price() -> None:
    facts = reduced(("student", 60), amount=None)
    assert pays_at_most_50(facts, concessions=("student",)) == "not_met"


def test_a_price_stated_for_others_alone_is_not_stated() -> None:
    assert pays_at_most_50(reduced(("student", 40), amount=None)) == "unknown"


def test_an_offer_can_be_free_for_those_with_a_reduction() -> None:
    facts = reduced(("student", 0))
    assert details(facts, "cost", must={"cost": DKK_50}, concessions=("student",))[0] == (
        "free; the limit is 50 DKK a session"
    )


@pytest.mark.parametrize("amount", [100, None])
def test_a_reduced_price_is_said_to_be_so(amount: float | None) -> None:
    facts = reduced(("student", 40), amount=amount)
    assert details(facts, "cost", must={"cost": DKK_50}, concessions=("student",)) == (
        "40 DKK a session at the reduced price; the limit is 50 DKK a session",
        "40 DKK pr. gang til nedsat pris; grænsen er 50 DKK pr. gang",
    )


def test_a_reduced_price_is_converted_like_any_other() -> None:
    cost = {
        "amount": 400,
        "currency": "DKK",
        "per": "month",
        "concessions": [{"for": "student", "amount": 160}],
    }
    assert details({"cost": cost}, "cost", must={"cost": DKK_50}, concessions=("student",)) == (
        "160 DKK a month at the reduced price, about 40 DKK a session; the limit is 50 DKK a session",
        "160 DKK om måneden til nedsat pris, cirka 40 DKK pr. gang; grænsen er 50 DKK pr. gang",
    )


# -- access and first visit -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step_free", "lift", "verdict"),
    [
        (True, True, "met"),
        (True, None, "unknown"),
        (None, None, "unknown"),
        (True, False, "not_met"),
        (None, False, "not_met"),
        (False, False, "not_met"),
    ],
)
def test_every_access_key_asked_for_is_needed(
    step_free: bool | None, lift: bool | None, verdict: str
) -> None:
    facts = {"access": {"step_free": step_free, "lift": lift}}
    assert verdicts(facts, must={"access": ["step_free", "lift"]})["access"].verdict == verdict


def test_an_access_key_that_is_not_asked_for_does_not_matter() -> None:
    facts = {"access": {"step_free": True, "lift": False}}
    assert verdicts(facts, must={"access": ["step_free"]})["access"].verdict == "met"


def test_access_that_is_not_stated_at_all_is_unknown() -> None:
    assert verdicts({}, must={"access": ["step_free"]})["access"].verdict == "unknown"


def test_step_free_is_not_read_out_of_wheelchair() -> None:
    facts = {"access": {"wheelchair": True}}
    assert verdicts(facts, must={"access": ["step_free"]})["access"].verdict == "unknown"


def test_access_is_said_as_stated_denied_and_not_stated() -> None:
    facts = {"access": {"wheelchair": True, "lift": False}}
    must = {"access": ["wheelchair", "lift", "hearing_loop", "quiet_space"]}
    assert details(facts, "access", must=must) == (
        "stated: wheelchair access; not there: a lift; not stated: a hearing loop and a quiet space",
        "oplyst: adgang for kørestol; findes ikke: elevator; "
        "ikke oplyst: teleslynge og et roligt sted",
    )


@pytest.mark.parametrize(
    ("buddy", "verdict"), [(True, "met"), (None, "unknown"), (False, "not_met")]
)
def test_support_for_the_first_visit_is_judged_like_access(
    buddy: bool | None, verdict: str
) -> None:
    facts = {"first_visit": {"buddy": buddy}}
    assert verdicts(facts, must={"first_visit": ["buddy"]})["first_visit"].verdict == verdict


def test_support_for_the_first_visit_is_said_as_stated_and_not_stated() -> None:
    facts = {"first_visit": {"buddy": True}}
    assert details(facts, "first_visit", must={"first_visit": ["taster", "buddy"]}) == (
        "stated: somebody to meet you the first time; not stated: try it first",
        "oplyst: nogen tager imod første gang; ikke oplyst: prøv først",
    )


# -- availability -----------------------------------------------------------------------------

TEN_TO_TWELVE = {"day": "tue", "start": "10:00", "end": "12:00"}


def comes(session: dict[str, Any] | None, *slots: tuple[str, str, str], **request: Any) -> str:
    """The verdict on an activity of one session, or of none, for a person free at these times."""
    free = [{"day": day, "start": start, "end": end} for day, start, end in slots]
    facts = {"sessions": [] if session is None else [session]}
    return verdicts(facts, must={"available": free}, **request)["available"].verdict


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("09:00", "13:00", "met"),
        ("10:30", "11:30", "met"),
        ("08:00", "10:45", "met"),
        ("08:00", "10:44", "not_met"),
        ("11:15", "15:00", "met"),
        ("11:16", "15:00", "not_met"),
        ("12:00", "15:00", "not_met"),
        ("08:00", "10:00", "not_met"),
    ],
)
def test_forty_five_minutes_of_a_session_in_the_free_time_are_enough(
    start: str, end: str, verdict: str
) -> None:
    assert comes(TEN_TO_TWELVE, ("tue", start, end)) == verdict


@pytest.mark.parametrize(("end", "verdict"), [("10:30", "met"), ("10:29", "not_met")])
def test_how_many_minutes_are_enough_is_a_setting(end: str, verdict: str) -> None:
    settings = SETTINGS.model_copy(update={"overlap_minutes": 30})
    assert comes(TEN_TO_TWELVE, ("tue", "08:00", end), settings=settings) == verdict


def test_a_session_on_another_day_is_not_met() -> None:
    assert comes(TEN_TO_TWELVE, ("wed", "08:00", "16:00")) == "not_met"


def test_one_slot_of_several_is_enough() -> None:
    assert comes(TEN_TO_TWELVE, ("mon", "08:00", "16:00"), ("tue", "10:00", "11:00")) == "met"


def test_half_an_hour_in_each_of_two_slots_is_not_forty_five_minutes() -> None:
    slots = [("tue", "08:00", "10:30"), ("tue", "11:30", "15:00")]
    assert comes(TEN_TO_TWELVE, *slots) == "not_met"


def test_one_session_of_several_is_enough() -> None:
    facts = {"sessions": [{"day": "mon", "start": "10:00", "end": "12:00"}, TEN_TO_TWELVE]}
    must = {"available": [{"day": "tue"}]}
    assert verdicts(facts, must=must)["available"].verdict == "met"


def test_a_session_that_lasts_until_midnight_counts_to_midnight() -> None:
    session = {"day": "tue", "start": "23:00", "end": "24:00"}
    assert comes(session, ("tue", "23:15", "24:00")) == "met"


def test_without_free_times_given_any_time_will_do() -> None:
    assert "available" not in verdicts({"sessions": [TEN_TO_TWELVE]})


def test_without_a_session_stated_it_is_unknown() -> None:
    assert comes(None, ("tue", "08:00", "16:00")) == "unknown"


@pytest.mark.parametrize("missing", ["day", "start", "end"])
def test_a_session_that_is_not_stated_in_full_is_unknown_where_it_may_fit(missing: str) -> None:
    session = {name: value for name, value in TEN_TO_TWELVE.items() if name != missing}
    assert comes(session, ("tue", "08:00", "16:00")) == "unknown"


@pytest.mark.parametrize(
    ("session", "slot"),
    [
        ({"start": "10:00", "end": "12:00"}, ("tue", "13:00", "16:00")),
        ({"day": "tue"}, ("wed", "08:00", "16:00")),
        ({"day": "tue", "start": "10:00"}, ("tue", "08:00", "10:44")),
        ({"day": "tue", "end": "12:00"}, ("tue", "11:16", "16:00")),
        ({"day": "tue", "start": "23:16"}, ("tue", "20:00", "24:00")),
    ],
)
def test_a_session_that_cannot_fit_whatever_is_not_stated_is_not_met(
    session: dict[str, Any], slot: tuple[str, str, str]
) -> None:
    assert comes(session, slot) == "not_met"


def test_a_session_that_fits_outweighs_one_that_may() -> None:
    facts = {"sessions": [{"day": "tue"}, TEN_TO_TWELVE]}
    assert verdicts(facts, must={"available": [{"day": "tue"}]})["available"].verdict == "met"


@pytest.mark.parametrize("session", [TEN_TO_TWELVE, {"day": "tue"}, {}])
def test_a_session_that_has_ended_does_not_count(session: dict[str, Any]) -> None:
    assert comes({**session, "until": "2026-11-22"}, ("tue", "08:00", "16:00")) == "not_met"


def test_a_session_with_no_such_day_left_does_not_count() -> None:
    # Today, Wednesday, the next Tuesday is 1 December.
    session = {**TEN_TO_TWELVE, "until": "2026-11-30"}
    assert comes(session, ("tue", "08:00", "16:00"), on=date(2026, 11, 25)) == "not_met"


def test_a_session_that_begins_later_counts() -> None:
    assert comes({**TEN_TO_TWELVE, "from": "2027-03-01"}, ("tue", "08:00", "16:00")) == "met"


def test_a_session_is_said_with_the_free_time() -> None:
    must = {"available": [{"day": "tue", "start": "09:00", "end": "13:00"}, {"day": "fri"}]}
    assert details({"sessions": [TEN_TO_TWELVE]}, "available", must=must) == (
        "Tuesday 10:00–12:00; free: Tuesday 09:00–13:00 and Friday",
        "tirsdag 10:00–12:00; ledig tid: tirsdag 09:00–13:00 og fredag",
    )


def test_of_several_sessions_those_that_fit_are_said() -> None:
    facts = {"sessions": [{"day": "mon", "start": "10:00", "end": "12:00"}, TEN_TO_TWELVE]}
    assert details(facts, "available", must={"available": [{"day": "tue"}]})[0] == (
        "Tuesday 10:00–12:00; free: Tuesday"
    )


def test_where_no_session_fits_all_that_still_meet_are_said() -> None:
    ended = {"day": "fri", "start": "08:00", "end": "09:00", "until": "2026-11-01"}
    monday = {"day": "mon", "start": "10:00", "end": "12:00"}
    facts = {"sessions": [monday, ended, TEN_TO_TWELVE]}
    assert details(facts, "available", must={"available": [{"day": "fri"}]})[0] == (
        "Monday 10:00–12:00 and Tuesday 10:00–12:00; free: Friday"
    )


@pytest.mark.parametrize(
    ("session", "en", "da"),
    [
        ({"day": "tue"}, "Tuesday", "tirsdag"),
        ({"day": "tue", "start": "10:00"}, "Tuesday from 10:00", "tirsdag fra kl. 10:00"),
        ({"day": "tue", "end": "12:00"}, "Tuesday until 12:00", "tirsdag til kl. 12:00"),
        ({"start": "10:00", "end": "12:00"}, "10:00–12:00", "10:00–12:00"),
    ],
)
def test_a_session_that_is_not_stated_in_full_is_said_as_far_as_it_is(
    session: dict[str, Any], en: str, da: str
) -> None:
    facts = {"sessions": [session]}
    assert details(facts, "available", must={"available": [{"day": "tue"}]}) == (
        f"{en}, not fully stated; free: Tuesday",
        f"{da}, ikke fuldt oplyst; ledig tid: tirsdag",
    )


@pytest.mark.parametrize("sessions", [[], [{}]])
def test_times_that_are_not_stated_are_said_with_the_free_time(sessions: list[Any]) -> None:
    assert details({"sessions": sessions}, "available", must={"available": [{"day": "tue"}]}) == (
        "times are not stated; free: Tuesday",
        "tiderne er ikke oplyst; ledig tid: tirsdag",
    )


def test_sessions_that_have_all_ended_are_said_to_have() -> None:
    facts = {"sessions": [{**TEN_TO_TWELVE, "until": "2026-11-01"}]}
    assert details(facts, "available", must={"available": [{"day": "tue"}]}) == (
        "no session is left; free: Tuesday",
        "ingen mødegang er tilbage; ledig tid: tirsdag",
    )


# -- effort, delivery, referral ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ("none", "met"),
        ("low", "met"),
        ("moderate", "not_met"),
        ("high", "not_met"),
        (None, "unknown"),
    ],
)
def test_effort_up_to_the_limit_is_met(stated: str | None, verdict: str) -> None:
    found = verdicts({"intensity": stated}, must={"intensity_max": "low"})
    assert found["intensity_max"].verdict == verdict


def test_effort_none_is_a_limit_like_any_other() -> None:
    found = verdicts({"intensity": "low"}, must={"intensity_max": "none"})
    assert found["intensity_max"].verdict == "not_met"


def test_effort_is_said_with_its_limit() -> None:
    facts = {"intensity": "moderate"}
    assert details(facts, "intensity_max", must={"intensity_max": "low"}) == (
        "moderate effort; the limit is light effort",
        "nogen anstrengelse; grænsen er let anstrengelse",
    )


def test_effort_that_is_not_stated_is_said_with_the_limit() -> None:
    assert details({}, "intensity_max", must={"intensity_max": "low"}) == (
        "the effort is not stated; the limit is light effort",
        "anstrengelsen er ikke oplyst; grænsen er let anstrengelse",
    )


@pytest.mark.parametrize(
    ("stated", "wanted", "verdict"),
    [
        ("in_person", ["in_person"], "met"),
        ("in_person", ["online", "phone"], "not_met"),
        ("phone", ["online", "phone"], "met"),
        ("hybrid", ["in_person"], "met"),
        ("hybrid", ["online"], "met"),
        ("hybrid", ["hybrid"], "met"),
        ("hybrid", ["phone", "home_visit"], "not_met"),
        ("in_person", ["hybrid"], "not_met"),
        ("online", ["hybrid"], "not_met"),
        ("online", ["phone"], "not_met"),
        ("home_visit", ["in_person"], "not_met"),
        (None, ["in_person"], "unknown"),
    ],
)
def test_one_of_the_deliveries_wanted_will_do_and_hybrid_is_both(
    stated: str | None, wanted: list[str], verdict: str
) -> None:
    assert verdicts({"delivery": stated}, must={"delivery": wanted})["delivery"].verdict == verdict


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [("self", "met"), ("open", "met"), ("gp", "not_met"), (None, "unknown")],
)
def test_one_of_the_referrals_wanted_will_do(stated: str | None, verdict: str) -> None:
    found = verdicts({"referral": stated}, must={"referral": ["open", "self"]})
    assert found["referral"].verdict == verdict


def test_a_delivery_is_said_with_those_wanted() -> None:
    assert details(
        {"delivery": "phone"}, "delivery", must={"delivery": ["in_person", "online"]}
    ) == (
        "by phone; wanted: in person and online",
        "i telefonen; ønsket: med fremmøde og på nettet",
    )


def test_a_referral_that_is_not_stated_is_said_with_those_wanted() -> None:
    assert details({}, "referral", must={"referral": ["self"]}) == (
        "not stated; wanted: self-referral",
        "ikke oplyst; ønsket: egen henvendelse",
    )


# -- age --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ages", "age", "verdict"),
    [
        ({"min": 18, "max": 30}, 17, "not_met"),
        ({"min": 18, "max": 30}, 18, "met"),
        ({"min": 18, "max": 30}, 30, "met"),
        ({"min": 18, "max": 30}, 31, "not_met"),
        ({"min": 60}, 59, "not_met"),
        ({"min": 60}, 100, "met"),
        ({"max": 25}, 0, "met"),
        ({"max": 25}, 26, "not_met"),
        ({}, 40, "unknown"),
        (None, 40, "unknown"),
    ],
)
def test_an_age_is_welcome_within_the_bounds_stated(ages: Any, age: int, verdict: str) -> None:
    assert verdicts({"ages": ages}, age=age)["age"].verdict == verdict


def test_an_age_limit_is_unknown_when_the_age_is_not_given() -> None:
    assert verdicts({"ages": {"min": 60}})["age"].verdict == "unknown"


def test_without_an_age_and_without_ages_nothing_is_judged() -> None:
    assert "age" not in verdicts({})


@pytest.mark.parametrize(
    ("ages", "en", "da"),
    [
        ({"min": 60}, "from 60; the person is 44", "fra 60 år; personen er 44"),
        ({"max": 30}, "up to 30; the person is 44", "op til 30 år; personen er 44"),
        (
            {"min": 18, "max": 30},
            "18 to 30; the person is 44",
            "18 til 30 år; personen er 44",
        ),
        (None, "ages are not stated; the person is 44", "alder er ikke oplyst; personen er 44"),
    ],
)
def test_ages_are_said_with_the_age(ages: Any, en: str, da: str) -> None:
    assert details({"ages": ages}, "age", age=44) == (en, da)


# -- gender -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "gender", "verdict"),
    [
        ("any", "woman", "met"),
        ("any", "man", "met"),
        ("any", "other", "met"),
        ("women", "woman", "met"),
        ("women", "man", "not_met"),
        ("women", "other", "unknown"),
        ("men", "man", "met"),
        ("men", "woman", "not_met"),
        ("men", "other", "unknown"),
        (None, "woman", "unknown"),
        (None, "other", "unknown"),
        ("women", None, "unknown"),
        ("men", None, "unknown"),
    ],
)
def test_gender_is_judged_by_whom_the_offer_is_for(
    stated: str | None, gender: str | None, verdict: str
) -> None:
    assert verdicts({"gender": stated}, gender=gender)["gender"].verdict == verdict


@pytest.mark.parametrize("stated", [None, "any"])
def test_without_a_gender_only_an_offer_for_one_gender_is_judged(stated: str | None) -> None:
    assert "gender" not in verdicts({"gender": stated})


@pytest.mark.parametrize(
    ("stated", "gender", "en", "da"),
    [
        ("men", "woman", "for men; the person is a woman", "for mænd; personen er en kvinde"),
        (
            "women",
            None,
            "for women; the person's gender is not given",
            "for kvinder; personens køn er ikke angivet",
        ),
        (
            None,
            "man",
            "for whom is not stated; the person is a man",
            "hvem det er for, er ikke oplyst; personen er en mand",
        ),
    ],
)
def test_whom_an_offer_is_for_is_said_with_the_gender(
    stated: str | None, gender: str | None, en: str, da: str
) -> None:
    assert details({"gender": stated}, "gender", gender=gender) == (en, da)


# -- language ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "verdict"),
    [(["da"], "met"), (["en", "so"], "met"), (["de"], "not_met"), ([], "unknown")],
)
def test_one_language_in_common_is_enough(there: list[str], verdict: str) -> None:
    assert verdicts({"languages": there}, languages=("so", "da"))["language"].verdict == verdict


def test_without_languages_given_none_is_judged() -> None:
    assert "language" not in verdicts({"languages": ["da"]})


def test_languages_there_are_said_with_those_of_the_person() -> None:
    assert details({"languages": ["en", "da"]}, "language", languages=("so", "ar")) == (
        "spoken there: Danish and English; the person speaks Somali and Arabic",
        "der tales dansk og engelsk; personen taler somali og arabisk",
    )


def test_languages_that_are_not_stated_are_said_with_those_of_the_person() -> None:
    assert details({}, "language", languages=("so",)) == (
        "languages are not stated; the person speaks Somali",
        "sprog er ikke oplyst; personen taler somali",
    )


# -- room -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places_left", "waiting_list", "verdict"),
    [
        (1, None, "met"),
        (1, False, "met"),
        (0, True, "met"),
        (0, False, "not_met"),
        (0, None, "unknown"),
        (None, None, "unknown"),
        (None, False, "unknown"),
        (None, True, "unknown"),
    ],
)
def test_full_without_a_waiting_list_is_not_met(
    places_left: int | None, waiting_list: bool | None, verdict: str
) -> None:
    facts = {"capacity": {"places_left": places_left, "waiting_list": waiting_list}}
    assert verdicts(facts)["capacity"].verdict == verdict


@pytest.mark.parametrize(
    ("capacity", "en", "da"),
    [
        ({"places_left": 1}, "places left: 1", "ledige pladser: 1"),
        (
            {"places_left": 0, "waiting_list": False},
            "full, no waiting list",
            "fuldt, ingen venteliste",
        ),
        (
            {"places_left": 0, "waiting_list": True},
            "full, with a waiting list",
            "fuldt, med venteliste",
        ),
        (
            {"places_left": 0},
            "full; a waiting list is not stated",
            "fuldt; venteliste er ikke oplyst",
        ),
        (None, "room is not stated", "plads er ikke oplyst"),
    ],
)
def test_room_is_said_with_the_waiting_list(capacity: Any, en: str, da: str) -> None:
    assert details({"capacity": capacity}, "capacity") == (en, da)


# -- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [{}],
        [{"day": "tue"}],
        [{"day": "mon", "until": "2026-11-23"}],
        [{"until": "2026-11-23"}],
        [{"day": "tue", "from": "2027-03-01"}],
        [{"day": "mon", "until": "2026-01-01"}, {"day": "tue"}],
    ],
)
def test_an_offer_that_may_still_meet_has_no_verdict_on_its_dates(sessions: list[Any]) -> None:
    assert "period" not in verdicts({"sessions": sessions})


@pytest.mark.parametrize(
    "sessions",
    [
        [{"day": "mon", "until": "2026-11-22"}],
        [{"until": "2026-11-22"}],
        [{"day": "sun", "until": "2026-11-28"}],
        [{"day": "mon", "until": "2026-01-01"}, {"day": "tue", "until": "2026-06-01"}],
    ],
)
def test_an_offer_with_no_date_left_is_not_met(sessions: list[Any]) -> None:
    assert verdicts({"sessions": sessions})["period"].verdict == "not_met"


def test_dates_that_have_passed_are_said_with_the_last_one() -> None:
    sessions = [{"day": "mon", "until": "2026-06-01"}, {"day": "tue", "until": "2025-12-30"}]
    assert details({"sessions": sessions}, "period") == (
        "no session is left; its last date is Monday 1 June 2026",
        "ingen mødegang er tilbage; sidste dato er mandag 1. juni 2026",
    )


# -- what to ask ------------------------------------------------------------------------------

EVERYTHING_ASKED: dict[str, Any] = {
    "must": {
        "distance_km": 6,
        "cost": DKK_50,
        "access": ["step_free"],
        "available": [{"day": "tue"}],
        "first_visit": ["buddy"],
        "intensity_max": "low",
        "delivery": ["in_person"],
        "referral": ["self"],
    },
    "age": 71,
    "gender": "woman",
    "languages": ("da",),
}


def test_every_limit_is_unknown_of_an_activity_that_states_nothing() -> None:
    assert {limit: one.verdict for limit, one in verdicts({}, **EVERYTHING_ASKED).items()} == (
        dict.fromkeys(
            [
                *EVERYTHING_ASKED["must"].keys() - {"distance_km"},
                "distance",
                "age",
                "gender",
                "language",
                "capacity",
            ],
            "unknown",
        )
    )


def test_every_unknown_verdict_brings_a_question() -> None:
    found = judgements([make_activity()], **EVERYTHING_ASKED)
    assert [one.limit for one in found if one.codes[0] == UNKNOWN and not one.ask(0)] == []


def test_a_limit_that_is_met_or_broken_brings_no_question() -> None:
    facts = {"place": north(2), "capacity": {"places_left": 3}, "cost": {"amount": 0}}
    assert questions(facts, must={"distance_km": 1, "cost": DKK_50}) == ()


def test_access_that_is_not_stated_is_asked_about_by_name() -> None:
    facts = {"access": {"wheelchair": True}, "capacity": {"places_left": 1}}
    must = {"access": ["wheelchair", "step_free", "lift"]}
    assert questions(facts, must=must) == (
        "Not stated: step-free access and a lift. Ask the provider.",
    )


def test_a_question_is_asked_once_though_a_limit_and_a_wish_both_raise_it() -> None:
    facts = {"capacity": {"places_left": 1}}
    asked = questions(facts, must={"cost": DKK_50}, prefer={"cost": {**DKK_50, "amount": 10}})
    assert asked == ("The price is not clearly stated: ask what it costs.",)


def test_an_age_limit_without_an_age_is_asked_with_its_bounds() -> None:
    facts = {"ages": {"min": 60}, "capacity": {"places_left": 1}}
    assert questions(facts) == ("It is for people from 60: the person's age is not given.",)


# -- leaving out what is unknown --------------------------------------------------------------


def excluded(facts: dict[str, Any], **request: Any) -> set[str]:
    """The limits that leave an activity out when unknown ones do so as well."""
    asked = standing([make_activity(**facts)], **request)
    return set(asked.sieve(exclude_unknown=True).falls_to(0))


def test_unknown_limits_that_the_person_sets_leave_out_when_asked_to() -> None:
    assert excluded({}, **EVERYTHING_ASKED) == {
        *EVERYTHING_ASKED["must"].keys() - {"distance_km"},
        "distance",
        "age",
        "gender",
        "language",
    }


def test_unknown_limits_that_only_the_activity_sets_never_leave_out() -> None:
    assert excluded({"ages": {"min": 60}, "gender": "women"}) == set()


def test_an_unknown_wish_never_leaves_out() -> None:
    assert excluded({}, prefer={"distance_km": 6, "cost": DKK_50}) == set()


def test_two_slots_that_touch_are_one_free_time() -> None:
    session = {"day": "tue", "start": "11:30", "end": "12:30"}
    slots = [
        {"day": "tue", "start": "10:00", "end": "12:00"},
        {"day": "tue", "start": "12:00", "end": "14:00"},
    ]
    must = {"available": slots}
    assert verdicts({"sessions": [session]}, must=must)["available"].verdict == "met"
