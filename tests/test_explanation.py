"""What is said of one activity: verdicts, questions, parts of the score, reasons and cautions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from making import HOME, make_activity, north
from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.constraints import Ruling
from spmatch.explanation import (
    Quote,
    cautions_of,
    contributions_of,
    questions_of,
    reasons_of,
    verdicts_of,
)
from spmatch.factors import Factor
from spmatch.geography import Point
from spmatch.messages import Message
from spmatch.suggestion import Contribution, Verdict
from spmatch.wording import ReaderLanguage, wording
from standing import Standing, standing

SETTINGS = Config.default().limits


@dataclass(frozen=True)
class Case:
    """One activity and one person, with every limit judged."""

    activity: Activity
    asked: Standing

    @property
    def judgements(self) -> Sequence[Ruling]:
        return self.asked.rulings()

    def verdicts(self) -> dict[str, Verdict]:
        return {one.limit: one for one in verdicts_of(0, self.judgements, wording("en"))}

    def questions(self, language: ReaderLanguage = "en") -> tuple[str, ...]:
        return questions_of(0, self.judgements, wording(language))

    def reasons(
        self,
        quote: Quote | None = None,
        when: str | None = None,
        language: ReaderLanguage = "en",
    ) -> tuple[str, ...]:
        reach = self.asked.reach
        return reasons_of(
            0,
            self.activity,
            reach and reach.away(np.array([0]))[0],
            self.asked.judge.prices(self.asked.person),
            (self.asked.must, self.asked.prefer),
            quote,
            when,
            wording(language),
        )

    def cautions(
        self, avoid_share: float = 0.0, language: ReaderLanguage = "en"
    ) -> tuple[str, ...]:
        words = wording(language)
        return cautions_of(0, self.activity, self.asked.person, self.judgements, avoid_share, words)


def case(
    facts: dict[str, Any] | None = None,
    must: dict[str, Any] | None = None,
    prefer: dict[str, Any] | None = None,
    km: float | None = None,
    radius_km: float = 0.0,
    **person: Any,
) -> Case:
    stated = dict(facts or {})
    if km is not None:
        stated["place"] = north(km, **stated.get("place", {}))
    activity = make_activity(**stated)
    origin = None if km is None else Point(**HOME, radius_km=radius_km)
    return Case(activity, standing([activity], must, prefer, origin=origin, **person))


# Verdicts


def test_a_verdict_names_its_limit_and_the_two_values_compared() -> None:
    verdict = case(must={"distance_km": 6}, km=2.14).verdicts()["distance"]
    assert verdict == Verdict(limit="distance", kind="must", verdict="met", detail="2.1 km of 6 km")


def test_a_wish_is_judged_as_a_wish() -> None:
    verdict = case({"intensity": "high"}, prefer={"intensity_max": "low"}).verdicts()[
        "intensity_max"
    ]
    assert (verdict.kind, verdict.verdict) == ("prefer", "not_met")


def test_a_converted_price_is_marked_as_an_estimate() -> None:
    monthly = {"cost": {"amount": 100, "currency": "DKK", "per": "month"}}
    verdict = case(monthly, must={"cost": {"amount": 40, "currency": "DKK"}}).verdicts()["cost"]
    assert verdict.estimate
    assert "100 DKK a month, about 25 DKK a session" in verdict.detail


def test_a_price_in_the_period_of_the_limit_is_no_estimate() -> None:
    stated = {"cost": {"amount": 30, "currency": "DKK", "per": "session"}}
    verdict = case(stated, must={"cost": {"amount": 40, "currency": "DKK"}}).verdicts()["cost"]
    assert not verdict.estimate


def test_what_nobody_limits_has_no_verdict() -> None:
    assert "age" not in case().verdicts()


def test_limits_of_the_person_come_before_wishes() -> None:
    found = case(must={"access": ["lift"]}, prefer={"intensity_max": "low"}).verdicts()
    assert list(found).index("access") < list(found).index("intensity_max")


# Questions


def test_what_is_not_stated_is_asked() -> None:
    assert "Not stated: a lift. Ask the provider." in case(must={"access": ["lift"]}).questions()


def test_what_is_stated_is_not_asked() -> None:
    asked = case({"access": {"lift": True}}, must={"access": ["lift"]}).questions()
    assert not any("lift" in line for line in asked)


def test_what_two_limits_leave_open_is_asked_once() -> None:
    open_twice = case(must={"access": ["lift"]}, prefer={"access": ["lift"]})
    assert len([line for line in open_twice.questions() if "lift" in line]) == 1


def test_questions_of_the_persons_limits_come_first() -> None:
    asked = case(must={"access": ["lift"]}, prefer={"intensity_max": "low"}, age=40).questions()
    places = [
        next(i for i, line in enumerate(asked) if word in line)
        for word in ("a lift", "strenuous", "age and room")
    ]
    assert places == sorted(places)


def test_what_most_records_leave_open_is_one_question() -> None:
    assert case(age=40).questions() == ("Not stated: age and room. Ask the provider.",)


def test_questions_are_asked_in_the_readers_language() -> None:
    asked = case(must={"access": ["lift"]}).questions("da")
    assert "Ikke oplyst: elevator. Spørg arrangøren." in asked


# Parts of the score


def parts_said(parts: dict[str, float], one: Case, *factors: Factor) -> dict[str, Contribution]:
    found = contributions_of(0, parts, factors, one.judgements, wording("en"))
    return {part.name: part for part in found}


def test_every_part_keeps_its_value_and_its_place() -> None:
    parts = {"meaning": 0.4, "nearness": 0.1, "variety": -0.06}
    found = contributions_of(0, parts, (), case().judgements, wording("en"))
    assert [(part.name, part.value) for part in found] == list(parts.items())


def test_a_part_says_what_its_factor_came_from() -> None:
    near = Factor("nearness", np.array([0.5]), lambda row: Message("factor.km", {"km": 2.1}))
    assert parts_said({"nearness": 0.1}, case(), near)["nearness"].detail == "2.1 km away"


def test_what_is_not_stated_names_the_limits_left_open() -> None:
    one = case({"intensity": "low"}, must={"access": ["lift"], "intensity_max": "low"})
    assert "access" in parts_said({"not_stated": -0.02}, one)["not_stated"].detail
    assert "effort" not in parts_said({"not_stated": -0.02}, one)["not_stated"].detail


def test_wishes_that_are_not_kept_are_named() -> None:
    one = case({"intensity": "high"}, prefer={"intensity_max": "low"})
    assert parts_said({"preferences": -0.05}, one)["preferences"].detail == "effort"


def test_variety_says_that_it_is_like_what_stands_above() -> None:
    assert parts_said({"variety": -0.06}, case())["variety"].detail == "like suggestions above it"


# Reasons


def test_the_sentence_that_fits_is_quoted() -> None:
    quote = Quote("needs", "We sing together.", fits=True)
    assert case().reasons(quote) == (
        "Fits what was written about the situation: “We sing together.”",
    )


def test_a_sentence_for_the_interests_is_said_to_be_for_them() -> None:
    quote = Quote("interests", "Vi synger sammen.", fits=True)
    said = case().reasons(quote, language="da")
    assert said == ("Passer til det, der betyder noget for personen: »Vi synger sammen.«",)


def test_a_title_that_fits_is_not_quoted() -> None:
    (said,) = case().reasons(Quote("needs", "", fits=True))
    assert "what was written about the situation" in said
    assert "“" not in said


def test_a_sentence_that_does_not_fit_is_no_reason() -> None:
    assert case().reasons(Quote("needs", "We sing together.", fits=False)) == ()


def test_without_a_text_to_answer_there_is_no_quote() -> None:
    assert case().reasons() == ()


def test_the_distance_is_a_reason() -> None:
    assert case(km=2.14).reasons() == ("It is 2.1 km away.",)


def test_a_distance_from_a_place_name_is_about_so_far() -> None:
    assert case(km=2.14, radius_km=3.0).reasons() == ("It is about 2.1 km away.",)


@pytest.mark.parametrize("delivery", ["online", "phone", "home_visit"])
def test_what_comes_to_the_person_needs_no_travel(delivery: str) -> None:
    assert case({"delivery": delivery}, km=40.0).reasons() == ("No travel is needed.",)


def test_a_distance_that_is_not_known_is_no_reason() -> None:
    asked = standing([make_activity()])
    assert Case(make_activity(), asked).reasons() == ()


def test_a_free_activity_is_said_to_be_free() -> None:
    assert case({"cost": {"amount": 0}}).reasons() == ("It is free.",)


def test_a_price_is_said_as_it_is_stated() -> None:
    monthly = {"cost": {"amount": 100, "currency": "DKK", "per": "month"}}
    assert case(monthly).reasons() == ("It costs 100 DKK a month.",)


def test_a_reduced_price_is_said_to_be_so_where_the_person_has_it() -> None:
    cost = {
        "amount": 100,
        "currency": "DKK",
        "per": "month",
        "concessions": [{"for": "pensioner", "amount": 60}],
    }
    reduced = case({"cost": cost}, concessions=("pensioner",))
    assert reduced.reasons() == ("It costs 60 DKK a month at the reduced price.",)
    assert case({"cost": cost}).reasons() == ("It costs 100 DKK a month.",)


def test_a_price_in_prose_is_no_reason() -> None:
    assert case({"cost": {"note": "Ask us."}}).reasons() == ()


def test_the_next_session_is_a_reason() -> None:
    said = case().reasons(when="2026-11-24T10:00")
    assert said == ("It meets next on Tuesday 24 November at 10:00.",)


def test_stated_access_is_a_reason_where_it_is_asked_for() -> None:
    facts = {"access": {"lift": True, "quiet_space": True, "hearing_loop": False}}
    said = case(facts, must={"access": ["lift"]}, prefer={"access": ["hearing_loop"]}).reasons()
    assert said == ("It states: a lift.",)


def test_support_for_the_first_visit_is_always_a_reason() -> None:
    facts = {"first_visit": {"buddy": True, "taster": False, "small_group": True}}
    assert case(facts).reasons() == (
        "The first visit is made easier: somebody to meet you the first time and a small group.",
    )


def test_reasons_are_in_one_order() -> None:
    facts = {
        "cost": {"amount": 0},
        "access": {"lift": True},
        "first_visit": {"taster": True},
    }
    said = case(facts, must={"access": ["lift"]}, km=2.0).reasons(
        Quote("needs", "We sing.", fits=True), "2026-11-24"
    )
    assert [line.split()[1] for line in said] == ["what", "is", "is", "meets", "states:", "first"]


# Cautions


def test_an_activity_that_is_as_wished_has_no_caution() -> None:
    assert case({"intensity": "low"}, prefer={"intensity_max": "low"}).cautions() == ()


def test_a_full_activity_with_a_waiting_list_is_said_to_be_full() -> None:
    full = case({"capacity": {"places_left": 0, "waiting_list": True}})
    assert full.cautions() == ("It is full now, with a waiting list.",)


def test_an_activity_with_room_is_not_said_to_be_full() -> None:
    assert case({"capacity": {"places_left": 1, "waiting_list": True}}).cautions() == ()


def test_a_record_that_was_checked_long_ago_is_said_to_be_so() -> None:
    # 541 days before 23 November 2026.
    assert case({"verified_on": "2025-05-31"}).cautions() == (
        "The record was last checked on Saturday 31 May 2025.",
    )


def test_a_record_that_was_checked_540_days_ago_is_not() -> None:
    assert case({"verified_on": "2025-06-01"}).cautions() == ()


def test_a_wish_that_is_broken_is_said_with_what_was_compared() -> None:
    far = case({"intensity": "high"}, prefer={"intensity_max": "low"})
    assert far.cautions() == ("Against a wish: effort (hard effort; the limit is light effort).",)


def test_a_wish_that_is_not_stated_is_no_caution() -> None:
    assert case(prefer={"intensity_max": "low"}).cautions() == ()


@pytest.mark.parametrize(("share", "said"), [(0.29, 0), (0.3, 1), (1.0, 1)])
def test_likeness_to_what_should_be_avoided_is_said_from_three_tenths_on(
    share: float, said: int
) -> None:
    assert len(case().cautions(share)) == said


def test_cautions_are_said_in_the_readers_language() -> None:
    assert case().cautions(1.0, "da") == ("Bemærk: det ligner noget, der skal undgås.",)
