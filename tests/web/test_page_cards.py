"""What a card says of an activity, in few words and in both languages."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import TODAY, make_activity, make_profile
from spmatch.activity import Cost, Session
from spmatch.messages import Message, Moment, Money, Terms
from spmatch.suggestion import Contribution, Suggestion
from spmatch.web.page import phrasing
from spmatch.web.page.bars import bars_of, rounded_together
from spmatch.web.page.cards import CardView, card_of
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage, wording

EN, DA = wording("en"), wording("da")
PAGE_EN, PAGE_DA = page_words("page", "en"), page_words("page", "da")


def sessions(*facts: dict[str, object]) -> list[Session]:
    return [Session.model_validate(one) for one in facts]


# When


def test_days_that_share_a_time_share_a_line() -> None:
    told = phrasing.times(
        sessions(
            {"day": "tue", "start": "13:00", "end": "14:00"},
            {"day": "sat", "start": "11:00"},
            {"day": "thu", "start": "13:00", "end": "14:00"},
        ),
        TODAY,
        DA,
        PAGE_DA,
    )
    assert told == ("tirsdag og torsdag 13:00–14:00", "lørdag 11:00")


@pytest.mark.parametrize(
    ("every", "said"),
    [("two_weeks", "Monday, every other week"), ("month", "Monday, once a month")],
)
def test_a_rhythm_that_is_not_weekly_is_said(every: str, said: str) -> None:
    assert phrasing.times(sessions({"day": "mon", "every": every}), TODAY, EN, PAGE_EN) == (said,)


def test_a_first_and_a_last_date_that_are_to_come_are_said() -> None:
    one = {"day": "tue", "from": "2027-01-12", "until": "2027-04-20"}
    assert phrasing.times(sessions(one), TODAY, EN, PAGE_EN) == (
        "Tuesday, from Tuesday 12 January 2027 until Tuesday 20 April 2027",
    )


def test_sessions_that_are_over_are_left_out() -> None:
    assert phrasing.times(sessions({"day": "tue", "until": "2026-11-22"}), TODAY, EN, PAGE_EN) == ()


@pytest.mark.parametrize(
    ("days", "english", "danish"),
    [
        (0, "checked today", "tjekket i dag"),
        (1, "checked yesterday", "tjekket i går"),
        (13, "checked 13 days ago", "tjekket for 13 dage siden"),
        (14, "checked 2 weeks ago", "tjekket for 2 uger siden"),
        (75, "checked 10 weeks ago", "tjekket for 10 uger siden"),
        (84, "checked 3 months ago", "tjekket for 3 måneder siden"),
        (729, "checked 24 months ago", "tjekket for 24 måneder siden"),
        (800, "checked over 2 years ago", "tjekket for over 2 år siden"),
    ],
)
def test_how_fresh_a_record_is(days: int, english: str, danish: str) -> None:
    day = TODAY - timedelta(days=days)
    assert phrasing.freshness(day, TODAY, PAGE_EN) == english
    assert phrasing.freshness(day, TODAY, PAGE_DA) == danish


def test_a_record_that_was_never_checked_says_so() -> None:
    assert phrasing.freshness(None, TODAY, PAGE_EN) == "when it was last checked is not stated"


# How much


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (None, ()),
        ({}, ()),
        ({"amount": 0}, ("free",)),
        ({"note": "ask us"}, ("ask us",)),
        ({"amount": 45, "currency": "DKK", "per": "session"}, ("45 DKK a session",)),
        ({"amount": 12.5, "currency": "DKK"}, ("12.5 DKK",)),
        (
            {
                "amount": 60,
                "currency": "DKK",
                "per": "quarter",
                "concessions": [
                    {"for": "pensioner", "amount": 40},
                    {"for": "own word", "amount": 0},
                ],
            },
            ("60 DKK a quarter", "pensioner 40 DKK", "own word free"),
        ),
    ],
)
def test_a_price_is_said_with_its_reductions(
    cost: dict[str, object] | None, said: tuple[str, ...]
) -> None:
    stated = None if cost is None else Cost.model_validate(cost)
    assert phrasing.price(stated, EN, PAGE_EN) == said


# Bars


@given(st.lists(st.floats(-1, 1).map(lambda one: round(one, 6)), min_size=1, max_size=15))
def test_figures_are_rounded_so_that_they_still_add_up(values: list[float]) -> None:
    total = math.fsum(values)
    shown = rounded_together(values, total)
    assert round(sum(shown), 3) == round(total, 3)
    assert max(abs(one - value) for one, value in zip(shown, values, strict=True)) < 0.001 + 1e-9


def test_half_of_the_last_digit_is_rounded_as_the_sum_is() -> None:
    parts = [Contribution(name=name, value=0.27575) for name in ("meaning", "price")]
    drawn = bars_of(parts, 0.5515, 1, EN)
    assert ([one.value for one in drawn.bars], drawn.sum) == (["+0.276", "+0.275"], "0.551")


def test_what_speaks_against_is_drawn_to_the_left_of_the_axis() -> None:
    parts = (Contribution(name="meaning", value=0.4), Contribution(name="harm", value=-0.1))
    drawn = bars_of(parts, 0.3, 0.4, EN)
    good, bad = drawn.bars
    assert (good.x, good.width, good.against) == (drawn.axis, 100, False)
    assert (bad.x + bad.width, bad.width, bad.against) == (drawn.axis, 25, True)


def test_a_part_that_adds_nothing_has_no_bar() -> None:
    drawn = bars_of(
        (Contribution(name="meaning", value=0.4), Contribution(name="avoid", value=0.0)), 0.4, 1, EN
    )
    assert [one.name for one in drawn.bars] == ["meaning"]


def test_figures_are_written_as_the_language_writes_them() -> None:
    drawn = bars_of((Contribution(name="harm", value=-0.25),), -0.25, 1, DA)
    assert (drawn.bars[0].value, drawn.sum) == ("−0,250", "−0,250")


# Reasons, questions and facts


def card(
    language: ReaderLanguage = "en", asked: dict[str, object] | None = None, **facts: object
) -> CardView:
    of_activity = {k: v for k, v in facts.items() if k not in Suggestion.model_fields}
    of_suggestion = {k: v for k, v in facts.items() if k in Suggestion.model_fields}
    suggestion = Suggestion.model_validate(
        {
            "rank": 1,
            "score": 0,
            "contributions": [],
            **of_suggestion,
            "activity": make_activity(**of_activity),
        }
    )
    words, page = wording(language), page_words("page", language)
    return card_of(suggestion, make_profile(**(asked or {})), False, TODAY, 1.0, words, page)


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_the_facts_say_is_not_said_again(language: ReaderLanguage) -> None:
    words = wording(language)
    said = [
        Message("reason.distance", {"km": 2.5}),
        Message("reason.distance_about", {"km": 2.5}),
        Message("reason.free"),
        Message("reason.home"),
        Message("reason.price", {"price": Money(20, "DKK", "session")}),
        Message("reason.session", {"moment": Moment("2026-11-24T10:00")}),
        Message("reason.access", {"facts": Terms("access", ("lift",))}),
    ]
    kept = Message("reason.title_needs")
    reasons = [words.say(one) for one in (*said, kept)]
    assert [one.text for one in card(language, reasons=reasons).reasons] == [words.say(kept)]


@pytest.mark.parametrize(
    ("language", "lead"),
    [("en", "Fits what was written about the situation:"), ("da", "Passer til situationen:")],
)
def test_a_quoted_sentence_stands_apart_from_what_leads_to_it(
    language: ReaderLanguage, lead: str
) -> None:
    reason = wording(language).say(
        Message("reason.sentence_needs", {"sentence": "Say »hi«: we do."})
    )
    (one,) = card(language, reasons=[reason]).reasons
    assert (one.text, one.quote) == (lead, "Say »hi«: we do.")


def test_a_question_is_not_told_to_be_asked_each_time() -> None:
    lines = [
        "Not stated: a lift. Ask the provider.",
        "Ask whether they come to where the person lives.",
    ]
    assert card(ask=lines).ask == ("A lift: not stated", lines[1])


def test_what_is_not_stated_is_marked_as_open() -> None:
    facts = {one.name: one for one in card(asked={"origin": {"postcode": "9000"}}).facts}
    assert {name: one.open for name, one in facts.items()} == dict.fromkeys(
        ("distance", "price", "next", "where", "times"), True
    )


def test_without_a_place_to_start_from_there_is_no_distance() -> None:
    assert "distance" not in {one.name for one in card().facts}


@pytest.mark.parametrize(
    ("km", "reasons", "said"),
    [
        (2.44, [], "2.4 km"),
        (2.44, ["It is about 2.4 km away."], "about 2.4 km"),
        (219.42, ["It is about 219.4 km away."], "about 219 km"),
        (0.04, [], "close by"),
    ],
)
def test_a_distance_is_said_as_exactly_as_it_is_known(
    km: float, reasons: list[str], said: str
) -> None:
    facts = {one.name: one.lines for one in card(distance_km=km, reasons=reasons).facts}
    assert facts["distance"] == (said,)


TUESDAY = {"day": "tue", "start": "10:00"}


@pytest.mark.parametrize(
    ("session", "moment", "english", "danish"),
    [
        ({}, "2026-11-24T10:00", "Tuesday 24 November at 10:00", "tirsdag 24. november kl. 10:00"),
        ({"day": "mon"}, "2026-11-23T10:00", "today at 10:00", "i dag kl. 10:00"),
        ({"day": "mon", "start": None}, "2026-11-23", "today", "i dag"),
        (
            {"every": "two_weeks"},
            "2026-11-24T10:00",
            "perhaps Tuesday 24 November at 10:00 – ask",
            "måske tirsdag 24. november kl. 10:00 – spørg",
        ),
        (
            {"every": "two_weeks", "from": "2026-11-10"},
            "2026-11-24T10:00",
            "Tuesday 24 November at 10:00",
            "tirsdag 24. november kl. 10:00",
        ),
        (
            {"every": "month", "day": "mon"},
            "2026-11-23T10:00",
            "perhaps today at 10:00 – ask",
            "måske i dag kl. 10:00 – spørg",
        ),
    ],
)
def test_the_next_time_is_said_as_surely_as_it_is_known(
    session: dict[str, object], moment: str, english: str, danish: str
) -> None:
    for language, said in (("en", english), ("da", danish)):
        facts = {"sessions": [{**TUESDAY, **session}], "next_session": moment}
        lines = {one.name: one.lines for one in card(language, **facts).facts}
        assert lines["next"] == (said,)


def test_what_comes_to_the_person_needs_no_travel() -> None:
    facts = {one.name: one.lines for one in card(delivery="phone").facts}
    assert (facts["distance"], facts["where"]) == (("no travel",), ("by phone",))


@pytest.mark.parametrize(
    ("stated", "state", "said"),
    [(True, "yes", "ja"), (False, "no", "nej"), (None, "open", "ikke oplyst")],
)
def test_a_fact_that_was_asked_for_has_three_answers(
    stated: bool | None, state: str, said: str
) -> None:
    (fact,) = card("da", {"must": {"access": ["lift"]}}, access={"lift": stated}).asked
    assert (fact.state, fact.label, fact.said) == (state, "elevator", said)


def test_a_record_names_its_source() -> None:
    assert card(source={"name": "List", "licence": "CC0"}).source == "Source: List (CC0)."
    assert card(source={"name": "List"}).source == "Source: List."
    assert card().source == "The source is not stated."


def test_a_date_far_back_does_not_break_a_card() -> None:
    assert "over" in card(verified_on=date(1999, 1, 1)).checked
